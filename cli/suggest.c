/* Names that were probably meant. */
#include "cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 48, TOO_FAR = 3 };

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* How many letters must be inserted, removed, replaced or swapped with their neighbour
 * (Damerau-Levenshtein); at most TOO_FAR. */
static unsigned edit_distance(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];

    if (m > LONGEST || n > LONGEST || (m > n ? m - n : n - m) >= TOO_FAR)
        return TOO_FAR;
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
    return above[n] < TOO_FAR ? above[n] : TOO_FAR;
}

/* 0 is the same name; short words must resemble each other more. */
static unsigned distance_of(const char *word, const char *prefix, const char *name)
{
    size_t skip = strlen(prefix);
    unsigned distance = edit_distance(word, name);
    size_t length = strlen(word);

    if (skip && !strncmp(name, prefix, skip) && strlen(name) > skip) {
        unsigned rest = edit_distance(word, name + skip);

        distance = rest < distance ? rest : distance;
    }
    if (distance * (distance > 1 ? 3u : 2u) > length)
        distance = TOO_FAR;
    if (distance == TOO_FAR && length >= 3 && !strncasecmp(name, word, length))
        return TOO_FAR - 1; /* the beginning of a name */
    return distance;
}

void cli_suggest(struct cli_suggestions *near, const char *prefix, const char *name)
{
    unsigned distance = distance_of(near->word, prefix, name);
    size_t at = near->count;

    if (distance >= TOO_FAR)
        return;
    for (size_t i = 0; i < near->count; i++)
        if (!strcmp(near->best[i], name))
            return;
    while (at > 0 && near->distance[at - 1] > distance)
        at--;
    if (at == CLI_SUGGESTIONS)
        return;
    for (size_t i = near->count < CLI_SUGGESTIONS ? near->count : CLI_SUGGESTIONS - 1; i > at;
         i--) {
        memcpy(near->best[i], near->best[i - 1], sizeof near->best[i]);
        near->distance[i] = near->distance[i - 1];
    }
    snprintf(near->best[at], sizeof near->best[at], "%s", name);
    near->distance[at] = distance;
    near->count += near->count < CLI_SUGGESTIONS;
}

const char *cli_suggestions_text(struct cli_suggestions *near, const char *otherwise)
{
    size_t used = 0;

    near->text[0] = '\0';
    if (near->count == 0 && otherwise)
        snprintf(near->text, sizeof near->text, "; %s", otherwise);
    for (size_t i = 0; i < near->count && used < sizeof near->text; i++)
        used += (size_t)snprintf(near->text + used, sizeof near->text - used, "%s%s",
                                 i ? " or " : "; did you mean ", near->best[i]);
    if (used > 0 && used < sizeof near->text)
        snprintf(near->text + used, sizeof near->text - used, "?");
    return near->text;
}
