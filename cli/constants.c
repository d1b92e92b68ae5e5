/* csocket constants: numbers and their names. */
#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { KEY_GROUPS = 0x200 };

struct arguments {
    struct cli_format format;
    const char *group, *what;
    char capitals[64]; /* what group points to */
    bool groups;
};

/* The table has names in capitals. */
static void choose_group(struct arguments *a, const struct argp_state *state, const char *text)
{
    size_t i;

    for (i = 0; text[i] && i < sizeof a->capitals - 1; i++)
        a->capitals[i] = (char)toupper((unsigned char)text[i]);
    a->capitals[i] = '\0';
    a->group = a->capitals;
    if (!csk_constant_at(a->group, 0))
        argp_error(state, "\"%s\" is no group; --groups lists them", text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;

    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->format; break;
    case 'g': choose_group(a, state, arg); break;
    case KEY_GROUPS: a->groups = true; break;
    case ARGP_KEY_ARG:
        if (a->what)
            argp_error(state, "one NAME or VALUE is enough: \"%s\"", arg);
        a->what = arg;
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option options[] = {
    { .name = "group", .key = 'g', .arg = "GROUP", .doc = "Only constants of this group: AF, SO" },
    { .name = "groups", .key = KEY_GROUPS, .doc = "List the groups" },
    { 0 },
};

static const struct argp_child children[] = { { .argp = &cli_format_argp }, { 0 } };

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[NAME|PATTERN|VALUE]",
    .doc =
        "Look up the number of a NAME, or the names of a number; without either, list all.\v"
        "NAME may be in lower case; a PATTERN has \"*\" or \"?\". VALUE is decimal, or "
        "hexadecimal after 0x, and what is negative comes after \"--\"; a number means something "
        "only inside a group.\n\n"
        "Examples:\n\n"
        "  csocket constants SO_REUSEADDR\n"
        "  csocket constants --group=AF 16\n"
        "  csocket constants 'TCP_KEEP*'",
    .children = children,
};

/* Negative constants are ints, and in hexadecimal what an int is. */
static uint64_t bits_of(const struct csk_constant *c)
{
    return c->value < 0 && c->value >= INT32_MIN ? (uint32_t)c->value : (uint64_t)c->value;
}

/* Whether a constant is what was asked for. */
static bool wanted(const struct csk_constant *c, const char *what)
{
    bool hexadecimal;
    char *end;

    if (!what)
        return true;
    hexadecimal = !strncasecmp(what, "0x", 2);
    errno = 0;
    if (hexadecimal && strtoull(what, &end, 16) == bits_of(c) && !*end)
        return !c->text && errno == 0;
    if (!hexadecimal && strtoll(what, &end, 10) == c->value && end != what && !*end)
        return !c->text && errno == 0;
    return fnmatch(what, c->name, FNM_CASEFOLD) == 0;
}

/* In a table for people, a text stands where the number would; programs get a column for each. */
static void add(struct libscols_table *table, const struct csk_constant *c, bool json)
{
    char value[24], hex[24];
    const char *cells[] = { c->name, c->group, value, hex, csk_constant_meaning(c), c->text };

    snprintf(value, sizeof value, "%lld", (long long)c->value);
    snprintf(hex, sizeof hex, "0x%llx", (unsigned long long)bits_of(c));
    if (c->text) {
        cells[2] = json ? NULL : c->text;
        cells[3] = NULL;
    }
    cli_row(table, cells);
}

static int list_groups(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "GROUP", CLI_TEXT },
        { "CONSTANTS", CLI_NUMBER },
        { "FIRST", CLI_TEXT },
    };
    struct libscols_table *table = cli_table(&a->format, "groups", columns, 3);
    const struct csk_constant *c;
    char count[24];

    for (size_t i = 0; (c = csk_constant_at(NULL, i)); i++) {
        const struct csk_constant *first = csk_constant_at(c->group, 0), *seen;
        const char *cells[] = { c->group, count, first->name };
        size_t n = 0, before = 0;

        /* A group is listed where its alphabetically first constant stands. */
        while (before < i && (seen = csk_constant_at(NULL, before)) &&
               strcmp(seen->group, c->group))
            before++;
        if (before < i)
            continue;
        while (csk_constant_at(c->group, n))
            n++;
        snprintf(count, sizeof count, "%zu", n);
        cli_row(table, cells);
    }
    return cli_table_print(table);
}

int cli_constants(int argc, char **argv)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT }, { "GROUP", CLI_TEXT },   { "VALUE", CLI_NUMBER },
        { "HEX", CLI_TEXT },  { "MEANING", CLI_LONG }, { "TEXT", CLI_TEXT },
    };
    const struct csk_constant *c;
    struct arguments a = { 0 };
    struct libscols_table *table;
    size_t found = 0;

    cli_parse(&argp, argc, argv, 0, &a);
    if (a.groups)
        return list_groups(&a);
    table = cli_table(&a.format, "constants", columns, a.format.json ? 6 : 5);
    for (size_t i = 0; (c = csk_constant_at(a.group, i)); i++)
        if (wanted(c, a.what)) {
            add(table, c, a.format.json);
            found++;
        }
    if (found > 0)
        return cli_table_print(table);
    cli_table_drop(table);
    return cli_error("%s: no constant%s%s has that name or number", a.what,
                     a.group ? " of group " : "", a.group ? a.group : "");
}
