/* Options with names similar to an unknown one. */
#include "option/table.h"

#include <string.h>

/* No option has a longer name, and none is similar to a longer one. */
#define LONGEST 48
#define DISTANCE_MAX 3

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The optimal string alignment distance: insertions, deletions, substitutions and transpositions of
 * adjacent letters. */
static unsigned alignment_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned rows[3][LONGEST + 1], *before = rows[0], *last = rows[1], *row = rows[2], *free;
    size_t i, k;

    for (k = 0; k <= b_size; k++)
        last[k] = (unsigned)k;
    for (i = 1; i <= a_size; i++) {
        row[0] = (unsigned)i;
        for (k = 1; k <= b_size; k++) {
            row[k] = least(last[k - 1] + (a[i - 1] != b[k - 1]), least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = least(row[k], before[k - 2] + 1);
        }
        free = before;
        before = last;
        last = row;
        row = free;
    }
    return last[b_size];
}

/* The distance of a name from text in capitals.  "NODELAY" is similar to TCP_NODELAY. */
static unsigned edit_distance(const char *text, size_t size, const char *name)
{
    size_t length = strlen(name);

    if (length > LONGEST)
        return DISTANCE_MAX;
    if (length > size + 1 && name[length - size - 1] == '_' &&
        strcmp(name + length - size, text) == 0)
        return 1;
    if (length > size + 2 || size > length + 2)
        return DISTANCE_MAX;
    return alignment_distance(text, size, name, length);
}

/* Insert an option into the list sorted by distance: the new number of options. */
static size_t insert(const struct csk_option **options, unsigned *distances, size_t count,
                     size_t size, const struct csk_option *option, unsigned distance)
{
    size_t at = count;

    for (; at > 0 && distances[at - 1] > distance; at--) {
        if (at < size) {
            distances[at] = distances[at - 1];
            options[at] = options[at - 1];
        }
    }
    if (at < size) {
        distances[at] = distance;
        options[at] = option;
    }
    return count < size ? count + 1 : size;
}

size_t csk_option_suggest(const char *name, const struct csk_option **options, size_t size)
{
    size_t length = name ? strlen(name) : 0, count = 0, i;
    unsigned distances[CSK_OPTION_SUGGESTIONS_MAX], distance;
    char text[LONGEST + 1];

    if (!options || length < 4 || length > LONGEST)
        return 0;
    size = size < CSK_OPTION_SUGGESTIONS_MAX ? size : CSK_OPTION_SUGGESTIONS_MAX;
    for (i = 0; i <= length; i++)
        text[i] = upper(name[i]);
    for (i = 0; i < cski_options_count; i++) {
        const struct csk_option *option = &cski_options[i];

        distance = edit_distance(text, length, option->name);
        /* A name that two levels share is listed once. */
        if (distance < DISTANCE_MAX && csk_option_find(option->name, AF_UNSPEC) == option)
            count = insert(options, distances, count, size, option, distance);
    }
    return count;
}

const char *cski_option_suggest_text(const char *name, char *text, size_t size)
{
    const struct csk_option *options[CSK_OPTION_SUGGESTIONS_MAX];
    size_t count = csk_option_suggest(name, options, CSK_OPTION_SUGGESTIONS_MAX), i;
    struct cski_out out;

    cski_out_init(&out, text, size);
    for (i = 0; i < count; i++)
        cski_out_format(&out, "%s%s", i == 0 ? "; did you mean " : " or ", options[i]->name);
    cski_out_text(&out, count > 0 ? "?" : "");
    return text;
}
