/* csocket constants: names and their numbers. */
#include "cli.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { KEY_GROUPS = 0x200 };

struct arguments {
    struct cli_format format;
    const char *group, *what;
    char capitals[64]; /* memory for group */
    bool groups;
};

#define ERRNO_GROUP "ERRNO"
#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO */

static bool is_group(const char *name)
{
    return csk_constant_at(name, 0) || !strcmp(name, ERRNO_GROUP);
}

/* The names of groups are in capitals. */
static void choose_group(struct arguments *a, const struct cli_state *state, const char *text)
{
    struct cli_suggestions suggestions = { .word = text };
    const struct csk_constant *c;
    size_t i;

    for (i = 0; text[i] && i < sizeof a->capitals - 1; i++)
        a->capitals[i] = (char)toupper((unsigned char)text[i]);
    a->capitals[i] = '\0';
    a->group = a->capitals;
    if (is_group(a->group))
        return;
    for (i = 0; (c = csk_constant_at(NULL, i)); i++)
        cli_suggest(&suggestions, "", c->group);
    cli_usage(state, "unknown group \"%s\"%s", text,
              cli_suggestions_text(&suggestions, "--groups lists them"));
}

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct arguments *a = input;

    if (key == 'g')
        choose_group(a, state, value);
    else
        a->groups = true;
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (a->what)
        cli_usage(state, "only one NAME or VALUE is accepted: \"%s\" is the second", word);
    a->what = word;
}

static const struct cli_arg args[] = {
    { "group", 'g', "GROUP", false, CLI_WORDS_GROUP, "Only constants of this group: AF, SO" },
    { "groups", KEY_GROUPS, NULL, false, CLI_WORDS_NONE, "List the groups" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Output:", cli_format_args, cli_format_parse, offsetof(struct arguments, format) },
    { 0 },
};

static const char *const usages[] = { "[NAME|PATTERN|VALUE]", NULL };

static const struct cli_example examples[] = {
    { "csocket constants SO_REUSEADDR", "Look up a number" },
    { "csocket constants --group=AF 16", "Look up names" },
    { "csocket constants --group=errno 111", "Look up an error number" },
    { "csocket constants 'TCP_KEEP*'", "Look up all names of a pattern" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Look up the number of a NAME, or the names of a number; without either, list all "
             "constants and error numbers.",
    .details = "NAME may be in lower case; a PATTERN contains \"*\" or \"?\". VALUE is decimal, "
               "or hexadecimal after 0x; a negative number follows \"--\". A number means "
               "something only inside a group. Error numbers are in the group ERRNO.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .words = { CLI_WORDS_CONSTANT },
};

/* Negative constants are ints, and shown in hexadecimal as unsigned ints. */
static uint64_t bits_of(const struct csk_constant *c)
{
    return c->value < 0 && c->value >= INT32_MIN ? (uint32_t)c->value : (uint64_t)c->value;
}

/* Whether a constant has this name, number or pattern. */
static bool is_selected(const struct csk_constant *c, const char *what)
{
    bool hexadecimal;
    struct csk_error error;
    int64_t number;

    if (!what)
        return true;
    hexadecimal = !strncasecmp(what, "0x", 2);
    if (csk_number_parse(what, &number, &error) == 0)
        return !c->text && (hexadecimal ? (uint64_t)number == bits_of(c) : number == c->value);
    return fnmatch(what, c->name, FNM_CASEFOLD) == 0;
}

/* In a table for people, a string replaces the number; JSON has a key for each. */
static void add(struct cli_table *table, const struct csk_constant *c, const char *meaning,
                bool json)
{
    char value[24], hex[24];
    const char *cells[] = { c->name, c->group, value, hex, meaning, c->text };

    snprintf(value, sizeof value, "%lld", (long long)c->value);
    snprintf(hex, sizeof hex, "0x%llx", (unsigned long long)bits_of(c));
    if (c->text) {
        cells[2] = json ? NULL : c->text;
        cells[3] = NULL;
    }
    cli_table_row(table, cells);
}

/* The error numbers, which the library names but does not list. */
static size_t add_errors(const struct arguments *a, struct cli_table *table)
{
    char meaning[CSK_ERROR_TEXT_MAX];
    size_t found = 0;

    for (int number = 1; number <= ERRNO_MAX; number++) {
        struct csk_constant c = { .group = ERRNO_GROUP, .value = number };
        const char *name = csk_error_name(-number);

        if (!name || *name != 'E')
            continue;
        snprintf(c.name, sizeof c.name, "%s", name);
        if (!is_selected(&c, a->what))
            continue;
        if (table)
            add(table, &c, csk_strerror(-number, meaning, sizeof meaning), a->format.json);
        found++;
    }
    return found;
}

static int list_groups(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "GROUP", CLI_TEXT },
        { "CONSTANTS", CLI_NUMBER },
        { "FIRST", CLI_TEXT },
    };
    struct cli_table *table = cli_table(&a->format, "groups", columns, 3);
    const struct arguments all = { 0 };
    const struct csk_constant *c;
    char count[24];

    for (size_t i = 0; (c = csk_constant_at(NULL, i)); i++) {
        const struct csk_constant *first = csk_constant_at(c->group, 0), *seen;
        const char *cells[] = { c->group, count, first->name };
        size_t n = 0, before = 0;

        /* A group is listed when its alphabetically first constant is found. */
        while (before < i && (seen = csk_constant_at(NULL, before)) &&
               strcmp(seen->group, c->group))
            before++;
        if (before < i)
            continue;
        while (csk_constant_at(c->group, n))
            n++;
        snprintf(count, sizeof count, "%zu", n);
        cli_table_row(table, cells);
    }
    snprintf(count, sizeof count, "%zu", add_errors(&all, NULL));
    cli_table_row(table, (const char *const[]){ ERRNO_GROUP, count, csk_error_name(-1) });
    return cli_table_print(table);
}

static int not_found(const struct arguments *a)
{
    struct cli_suggestions suggestions = { .word = a->what };
    const struct csk_constant *c;

    for (size_t i = 0; (c = csk_constant_at(a->group, i)); i++)
        cli_suggest(&suggestions, "", c->name);
    for (int number = 1; number <= ERRNO_MAX; number++) {
        const char *name = csk_error_name(-number);

        if (name && *name == 'E' && (!a->group || !strcmp(a->group, ERRNO_GROUP)))
            cli_suggest(&suggestions, "", name);
    }
    return cli_error("%s: no constant%s%s has this name or number%s", a->what,
                     a->group ? " of group " : "", a->group ? a->group : "",
                     cli_suggestions_text(&suggestions, NULL));
}

static int run(int argc, char **argv)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT }, { "GROUP", CLI_TEXT },   { "VALUE", CLI_NUMBER },
        { "HEX", CLI_TEXT },  { "MEANING", CLI_LONG }, { "TEXT", CLI_TEXT },
    };
    const struct csk_constant *c;
    struct arguments a = { 0 };
    struct cli_table *table;
    size_t found = 0;

    cli_parse(&syntax, argc, argv, &a);
    if (a.groups)
        return list_groups(&a);
    table = cli_table(&a.format, "constants", columns, a.format.json ? 6 : 5);
    for (size_t i = 0; (c = csk_constant_at(a.group, i)); i++)
        if (is_selected(c, a.what)) {
            add(table, c, csk_constant_meaning(c), a.format.json);
            found++;
        }
    if (!a.group || !strcmp(a.group, ERRNO_GROUP))
        found += add_errors(&a, table);
    if (found > 0)
        return cli_table_print(table);
    cli_table_free(table);
    return not_found(&a);
}

const struct cli_command cli_constants = {
    "constants",
    "Look up constants and error numbers, by name or number",
    &syntax,
    run,
};
