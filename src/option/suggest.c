/* Names of options that a text with a mistake in it may mean. */
#include "layout/codec.h"

#include <string.h>

/* No option has a longer name; what is longer resembles none. */
#define LONGEST 48
#define TOO_FAR 3

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be changed, added, taken away or swapped to make one text of the other. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
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

/* How far a name is from a text in capitals.  "NODELAY" is near to TCP_NODELAY. */
static unsigned farness(const char *text, size_t size, const char *name)
{
    size_t length = strlen(name);

    if (length > LONGEST)
        return TOO_FAR;
    if (length > size + 1 && name[length - size - 1] == '_' &&
        strcmp(name + length - size, text) == 0)
        return 1;
    if (length > size + 2 || size > length + 2)
        return TOO_FAR;
    return distance(text, size, name, length);
}

/* Put an option in its place among those that are as near or nearer; how many there are then. */
static size_t insert(const struct csk_option **near, unsigned *far, size_t count, size_t most,
                     const struct csk_option *option, unsigned here)
{
    size_t at = count;

    for (; at > 0 && far[at - 1] > here; at--) {
        if (at < most) {
            far[at] = far[at - 1];
            near[at] = near[at - 1];
        }
    }
    if (at < most) {
        far[at] = here;
        near[at] = option;
    }
    return count < most ? count + 1 : most;
}

size_t csk_option_near(const char *name, const struct csk_option **near, size_t most)
{
    size_t size = name == NULL ? 0 : strlen(name), count = 0, i;
    unsigned far[CSK_OPTION_NEAR_MAX], here;
    char text[LONGEST + 1];

    if (near == NULL || size < 4 || size > LONGEST)
        return 0;
    most = most < CSK_OPTION_NEAR_MAX ? most : CSK_OPTION_NEAR_MAX;
    for (i = 0; i <= size; i++)
        text[i] = upper(name[i]);
    for (i = 0; i < cski_options_count; i++) {
        const struct csk_option *option = &cski_options[i];

        here = farness(text, size, option->name);
        /* Of a name that two levels have, once. */
        if (here < TOO_FAR && csk_option_find(option->name, AF_UNSPEC) == option)
            count = insert(near, far, count, most, option, here);
    }
    return count;
}

const char *cski_option_meant(const char *name, char *text, size_t size)
{
    const struct csk_option *near[CSK_OPTION_NEAR_MAX];
    size_t count = csk_option_near(name, near, CSK_OPTION_NEAR_MAX), i;
    struct cski_out out;

    cski_out_init(&out, text, size);
    for (i = 0; i < count; i++)
        cski_out_format(&out, "%s%s", i == 0 ? "; did you mean " : " or ", near[i]->name);
    cski_out_text(&out, count > 0 ? "?" : "");
    return text;
}
