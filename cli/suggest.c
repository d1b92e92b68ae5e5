/* Suggestions for misspelt names. */
#include "cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LENGTH_MAX = 48, DISTANCE_MAX = 3 };

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The number of letters to insert, remove, replace or swap with their neighbour
 * (Damerau-Levenshtein); at most DISTANCE_MAX. */
static unsigned edit_distance(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    unsigned rows[3][LENGTH_MAX + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];

    if (m > LENGTH_MAX || n > LENGTH_MAX || (m > n ? m - n : n - m) >= DISTANCE_MAX)
        return DISTANCE_MAX;
    for (size_t k = 0; k <= n; k++)
        above[k] = (unsigned)k;
    for (size_t i = 1; i <= m; i++) {
        unsigned *oldest = before;

        row[0] = (unsigned)i;
        for (size_t k = 1; k <= n; k++) {
            unsigned best = above[k - 1] + !same(a[i - 1], b[k - 1]);

            best = above[k] + 1 < best ? above[k] + 1 : best;
            best = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
            if (i > 1 && k > 1 && same(a[i - 1], b[k - 2]) && same(a[i - 2], b[k - 1]))
                best = before[k - 2] + 1 < best ? before[k - 2] + 1 : best;
            row[k] = best;
        }
        before = above;
        above = row;
        row = oldest;
    }
    return above[n] < DISTANCE_MAX ? above[n] : DISTANCE_MAX;
}

/* 0 is the same name; short words must be more similar. */
static unsigned name_distance(const char *word, const char *prefix, const char *name)
{
    size_t skip = strlen(prefix);
    unsigned distance = edit_distance(word, name);
    size_t length = strlen(word);

    if (skip && !strncmp(name, prefix, skip) && strlen(name) > skip) {
        unsigned rest = edit_distance(word, name + skip);

        distance = rest < distance ? rest : distance;
    }
    if (distance * (distance > 1 ? 3u : 2u) > length)
        distance = DISTANCE_MAX;
    if (distance == DISTANCE_MAX && length >= 3 && !strncasecmp(name, word, length))
        return DISTANCE_MAX - 1; /* the beginning of a name */
    return distance;
}

void cli_suggest(struct cli_suggestions *suggestions, const char *prefix, const char *name)
{
    unsigned distance = name_distance(suggestions->word, prefix, name);
    size_t at = suggestions->count;

    if (distance >= DISTANCE_MAX)
        return;
    for (size_t i = 0; i < suggestions->count; i++)
        if (!strcmp(suggestions->best[i], name))
            return;
    while (at > 0 && suggestions->distance[at - 1] > distance)
        at--;
    if (at == CLI_SUGGESTIONS)
        return;
    for (size_t i = suggestions->count < CLI_SUGGESTIONS ? suggestions->count : CLI_SUGGESTIONS - 1;
         i > at; i--) {
        memcpy(suggestions->best[i], suggestions->best[i - 1], sizeof suggestions->best[i]);
        suggestions->distance[i] = suggestions->distance[i - 1];
    }
    snprintf(suggestions->best[at], sizeof suggestions->best[at], "%s", name);
    suggestions->distance[at] = distance;
    suggestions->count += suggestions->count < CLI_SUGGESTIONS;
}

const char *cli_suggestions_text(struct cli_suggestions *suggestions, const char *otherwise)
{
    size_t used = 0;

    suggestions->text[0] = '\0';
    if (suggestions->count == 0 && otherwise)
        snprintf(suggestions->text, sizeof suggestions->text, "; %s", otherwise);
    for (size_t i = 0; i < suggestions->count && used < sizeof suggestions->text; i++)
        used += (size_t)snprintf(suggestions->text + used, sizeof suggestions->text - used, "%s%s",
                                 i ? " or " : "; did you mean ", suggestions->best[i]);
    if (used > 0 && used < sizeof suggestions->text)
        snprintf(suggestions->text + used, sizeof suggestions->text - used, "?");
    return suggestions->text;
}
