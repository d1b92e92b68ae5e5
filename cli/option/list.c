/* csocket options: the catalogue itself. */
#include "option/options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool options_in_level(const struct csk_option *option, const char *level)
{
    char *end;
    long number = strtol(level, &end, 0);
    const char *name = option->level_name;

    if (end != level && !*end)
        return option->level == number;
    return !strcasecmp(name, level) || (!strncmp(name, "SOL_", 4) && !strcasecmp(name + 4, level));
}

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (; *text; text++)
        if (!strncasecmp(text, word, length))
            return true;
    return length == 0;
}

static bool wanted(const struct options_arguments *a, const struct csk_option *option)
{
    const struct cli_kind *kind = &a->kind;

    if (option->flags & CSK_OPTION_ELSEWHERE && !a->all)
        return false;
    if (a->level && !options_in_level(option, a->level))
        return false;
    if ((kind->family || kind->type || kind->has_proto) &&
        !csk_option_fits(option, kind->family, kind->type, kind->has_proto ? kind->proto : -1))
        return false;
    for (size_t i = 0; i < a->word_count; i++)
        if (!contains(option->name, a->words[i]) && !contains(option->meaning, a->words[i]))
            return false;
    return true;
}

static const char *direction(const struct csk_option *option)
{
    static const char *const names[] = { "-", "get", "set", "both" };

    return names[option->flags & (CSK_OPTION_GET | CSK_OPTION_SET)];
}

static const char *kind_of(const struct csk_option *option)
{
    const struct csk_optlayout *layout = option->get ? option->get : option->set;

    return layout ? layout->name : NULL;
}

int options_list(const struct options_arguments *a)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT },  { "LEVEL", CLI_TEXT },    { "KIND", CLI_TEXT },
        { "DIR", CLI_TEXT },   { "FAMILIES", CLI_TEXT }, { "TYPES", CLI_TEXT },
        { "SINCE", CLI_TEXT }, { "MEANING", CLI_LONG },
    };
    struct libscols_table *table = cli_table(&a->format, "options", columns, 8);
    const struct csk_option *o;
    bool found = false;

    for (size_t i = 0; (o = csk_option_at(i)); i++) {
        const char *cells[] = { o->name,     o->level_name, kind_of(o), direction(o),
                                o->families, o->types,      o->since,   o->meaning };

        if (!wanted(a, o))
            continue;
        cli_row(table, cells);
        found = true;
    }
    if (found)
        return cli_table_print(table);
    cli_table_drop(table);
    return cli_error("no option is like that");
}

static void number_text(int number, char text[12])
{
    snprintf(text, 12, "%d", number);
}

/* A row a fact; the meaning last, as it is the longest. */
static int describe_one(const struct options_arguments *a, const struct csk_option *o)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT },       { "LEVEL", CLI_TEXT },     { "LEVEL_NUMBER", CLI_NUMBER },
        { "NUMBER", CLI_NUMBER },   { "DIRECTION", CLI_TEXT }, { "KIND", CLI_TEXT },
        { "ACCEPTS", CLI_TEXT },    { "FAMILIES", CLI_TEXT },  { "TYPES", CLI_TEXT },
        { "PRIVILEGES", CLI_TEXT }, { "SINCE", CLI_TEXT },     { "PLATFORM", CLI_TEXT },
        { "ALIAS", CLI_TEXT },      { "NOTES", CLI_TEXT },     { "MEANING", CLI_TEXT },
    };
    char level[12], number[12], accepts[1024];
    const char *cells[] = { o->name,    o->level_name, level,       number,   direction(o),
                            kind_of(o), accepts,       o->families, o->types, o->privileges,
                            o->since,   o->platform,   o->alias,    o->notes, o->meaning };
    const size_t count = sizeof columns / sizeof *columns;
    struct libscols_table *table;

    number_text(o->level, level);
    number_text(o->number, number);
    csk_option_accepts(o, CSK_OPTION_SET, accepts, sizeof accepts);
    if (a->format.json) {
        table = cli_table(&a->format, "options", columns, count);
        cli_row(table, cells);
        return cli_table_print(table);
    }
    for (size_t i = 0; i < count; i++) {
        char name[16];

        if (!cells[i] || !*cells[i] || !strcmp(cells[i], "-"))
            continue;
        /* It has no numbers here. */
        if (o->flags & CSK_OPTION_ELSEWHERE && columns[i].kind == CLI_NUMBER)
            continue;
        for (size_t c = 0; c <= strlen(columns[i].name); c++)
            name[c] = (char)(columns[i].name[c] == '_' ? ' ' : tolower(columns[i].name[c]));
        printf("%-14s%s\n", name, cells[i]);
    }
    return CLI_OK;
}

/* How a struct is put together, and the structs that it ends with. */
static void describe_fields(const struct csk_optlayout *layout)
{
    static const struct cli_format format = { .no_headings = false };
    static const struct cli_column columns[] = {
        { "FIELD", CLI_TEXT }, { "OFFSET", CLI_NUMBER }, { "BYTES", CLI_NUMBER },
        { "UNIT", CLI_TEXT },  { "SINCE", CLI_TEXT },    { "NAMES", CLI_LONG },
    };
    struct libscols_table *table = cli_table(&format, "fields", columns, 6);

    for (unsigned i = 0; i < layout->count; i++) {
        const struct csk_optfield *field = &layout->fields[i];
        char offset[12], size[12], names[512] = "";
        const char *cells[] = { field->name, offset, size, field->unit, field->since, names };
        size_t used = 0;

        if (field->flags & CSK_OPTF_HIDDEN)
            continue;
        number_text(field->offset, offset);
        number_text(field->size, size);
        for (unsigned k = 0; k < field->name_count && used < sizeof names; k++)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", k ? ", " : "",
                                     field->names[k].name);
        cli_row(table, cells);
    }
    putchar('\n');
    cli_table_print(table);
    for (unsigned i = 0; i < layout->count; i++) {
        if (!layout->fields[i].layout)
            continue;
        printf("\n%s, each:\n", layout->fields[i].name);
        describe_fields(layout->fields[i].layout);
    }
}

int options_describe(const struct options_arguments *a)
{
    const struct csk_option *option = csk_option_find(a->describe, a->kind.family);
    const struct csk_optlayout *layout = option->get ? option->get : option->set;
    int status = describe_one(a, option);

    if (!a->format.json && layout && layout->count > 1)
        describe_fields(layout);
    return cli_finish(status);
}
