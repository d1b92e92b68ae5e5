/* csocket options: the catalogue itself. */
#include "option/options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *options_text(const struct csk_option *option, enum csk_option_note note)
{
    const char *text = csk_option_note(option, note);

    return text ? text : "-";
}

bool options_in_level(const struct csk_option *option, const char *level)
{
    struct csk_error error;
    int64_t number;
    const char *name = options_text(option, CSK_OPTION_NOTE_LEVEL);

    if (csk_number_parse(level, &number, &error) == 0)
        return csk_option_level(option) == number;
    return !strcasecmp(name, level) || (!strncmp(name, "SOL_", 4) && !strcasecmp(name + 4, level));
}

void options_check_level(const struct cli_state *state, const char *level)
{
    struct cli_suggestions suggestions = { .word = level };
    const struct csk_option *option;

    for (size_t i = 0; (option = csk_option_at(i)); i++) {
        if (options_in_level(option, level))
            return;
        cli_suggest(&suggestions, "SOL_", options_text(option, CSK_OPTION_NOTE_LEVEL));
    }
    cli_usage(state, "unknown level \"%s\"%s", level, cli_suggestions_text(&suggestions, NULL));
}

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (; *text; text++)
        if (!strncasecmp(text, word, length))
            return true;
    return length == 0;
}

/* Whether a socket of the family can receive a control message: "inet,inet6", "any". */
static bool is_of_family(const struct csk_option *message, int family)
{
    const char *list = options_text(message, CSK_OPTION_NOTE_FAMILIES);
    char name[24];
    const char *word = cli_constant_name("AF", family, name, sizeof name);
    size_t size = strlen(word) > 3 ? strlen(word) - 3 : 0;

    if (!strcmp(list, "any") || family == 0)
        return true;
    for (; *list; list += strcspn(list, ","), list += *list == ',')
        if (strcspn(list, ",") == size && !strncasecmp(list, word + 3, size))
            return true;
    return false;
}

static bool is_selected(const struct options_arguments *a, const struct csk_option *option)
{
    const struct cli_kind *kind = &a->kind;

    if (csk_option_flags(option) & CSK_OPTION_UNAVAILABLE && !a->all)
        return false;
    if (a->level && !options_in_level(option, a->level))
        return false;
    if (a->messages && !is_of_family(option, kind->family))
        return false;
    if ((kind->family || kind->type || kind->has_proto) &&
        !csk_option_fits(option, kind->family, kind->type, kind->has_proto ? kind->proto : -1))
        return false;
    for (size_t i = 0; i < a->word_count; i++)
        if (!contains(csk_option_name(option), a->words[i]) &&
            !contains(options_text(option, CSK_OPTION_NOTE_MEANING), a->words[i]))
            return false;
    return true;
}

static const char *direction(const struct csk_option *option, bool is_message)
{
    static const char *const names[2][4] = { { "-", "get", "set", "both" },
                                             { "-", "receive", "send", "both" } };

    return names[is_message][csk_option_flags(option) & (CSK_OPTION_GET | CSK_OPTION_SET)];
}

/* Options or control messages by index; NULL after the last. */
static const struct csk_option *option_at(const struct options_arguments *a, size_t index)
{
    return a->messages ? csk_control_at(index) : csk_option_at(index);
}

const struct csk_option *options_described(const struct options_arguments *a)
{
    const struct csk_option *message = csk_control_find(a->describe, a->kind.family);
    const struct csk_option *option = csk_option_find(a->describe, a->kind.family);

    return a->messages || !option ? message : option;
}

/* The layout of the value read or, for options that cannot be read, of the value to set. */
static const struct csk_layout *usual_layout(const struct csk_option *option)
{
    const struct csk_layout *layout = csk_option_layout(option, CSK_OPTION_GET);

    return layout ? layout : csk_option_layout(option, CSK_OPTION_SET);
}

static const char *kind_of(const struct csk_option *option)
{
    const struct csk_layout *layout = usual_layout(option);

    return layout ? csk_layout_name(layout) : NULL;
}

int options_list(const struct options_arguments *a)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT },  { "LEVEL", CLI_TEXT },    { "KIND", CLI_TEXT },
        { "DIR", CLI_TEXT },   { "FAMILIES", CLI_LIST }, { "TYPES", CLI_LIST },
        { "SINCE", CLI_TEXT }, { "MEANING", CLI_LONG },
    };
    struct cli_table *table = cli_table(&a->format, "options", columns, 8);
    const struct csk_option *o;
    bool found = false;

    for (size_t i = 0; (o = option_at(a, i)); i++) {
        const char *cells[] = { csk_option_name(o),
                                options_text(o, CSK_OPTION_NOTE_LEVEL),
                                kind_of(o),
                                direction(o, a->messages),
                                options_text(o, CSK_OPTION_NOTE_FAMILIES),
                                options_text(o, CSK_OPTION_NOTE_TYPES),
                                options_text(o, CSK_OPTION_NOTE_SINCE),
                                options_text(o, CSK_OPTION_NOTE_MEANING) };

        if (!is_selected(a, o))
            continue;
        cli_table_row(table, cells);
        found = true;
    }
    if (found)
        return cli_table_print(table);
    cli_table_free(table);
    return cli_error("no %s matches", a->messages ? "control message" : "option");
}

static void number_text(int number, char text[12])
{
    snprintf(text, 12, "%d", number);
}

/* One row per property; the meaning last, as it is the longest. */
static int describe_one(const struct options_arguments *a, const struct csk_option *o)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT },       { "LEVEL", CLI_TEXT },     { "LEVEL_NUMBER", CLI_NUMBER },
        { "NUMBER", CLI_NUMBER },   { "DIRECTION", CLI_TEXT }, { "KIND", CLI_TEXT },
        { "ACCEPTS", CLI_TEXT },    { "FAMILIES", CLI_LIST },  { "TYPES", CLI_LIST },
        { "PRIVILEGES", CLI_LIST }, { "SINCE", CLI_TEXT },     { "PLATFORM", CLI_TEXT },
        { "ALIAS", CLI_TEXT },      { "NOTES", CLI_TEXT },     { "MEANING", CLI_TEXT },
    };
    bool is_message = o != csk_option_find(a->describe, a->kind.family);
    char level[12], number[12], accepts[1024];
    const char *cells[] = { csk_option_name(o),
                            options_text(o, CSK_OPTION_NOTE_LEVEL),
                            level,
                            number,
                            direction(o, is_message),
                            kind_of(o),
                            accepts,
                            options_text(o, CSK_OPTION_NOTE_FAMILIES),
                            options_text(o, CSK_OPTION_NOTE_TYPES),
                            options_text(o, CSK_OPTION_NOTE_PRIVILEGES),
                            options_text(o, CSK_OPTION_NOTE_SINCE),
                            options_text(o, CSK_OPTION_NOTE_PLATFORM),
                            csk_option_note(o, CSK_OPTION_NOTE_ALIAS),
                            options_text(o, CSK_OPTION_NOTE_REMARKS),
                            options_text(o, CSK_OPTION_NOTE_MEANING) };
    const size_t count = sizeof columns / sizeof *columns;
    struct cli_table *table;

    number_text(csk_option_level(o), level);
    number_text(csk_option_number(o), number);
    csk_option_accepts(o, CSK_OPTION_SET, accepts, sizeof accepts);
    if (a->format.json) {
        table = cli_table(&a->format, "options", columns, count);
        cli_table_row(table, cells);
        return cli_table_print(table);
    }
    for (size_t i = 0; i < count; i++) {
        char name[16];

        if (!cells[i] || !*cells[i] || !strcmp(cells[i], "-"))
            continue;
        /* The option has no number on this system. */
        if (csk_option_flags(o) & CSK_OPTION_UNAVAILABLE && columns[i].kind == CLI_NUMBER)
            continue;
        for (size_t c = 0; c <= strlen(columns[i].name); c++) {
            char letter = columns[i].name[c];

            name[c] = (char)(letter == '_' ? ' ' : tolower((unsigned char)letter));
        }
        printf("%-14s%s\n", name, cells[i]);
    }
    return CLI_OK;
}

/* The fields of a struct, and the structs that can follow it. */
static void describe_fields(const struct csk_layout *layout)
{
    static const struct cli_format format = { .no_headings = false };
    static const struct cli_column columns[] = {
        { "FIELD", CLI_TEXT }, { "OFFSET", CLI_NUMBER }, { "BYTES", CLI_NUMBER },
        { "UNIT", CLI_TEXT },  { "SINCE", CLI_TEXT },    { "NAMES", CLI_LONG },
    };
    struct cli_table *table = cli_table(&format, "fields", columns, 6);

    for (unsigned i = 0; i < csk_layout_field_count(layout); i++) {
        const struct csk_field *field = csk_layout_field(layout, i);
        char offset[12], size[12], names[512] = "";
        const char *cells[] = { csk_field_name(field),  offset, size, csk_field_unit(field),
                                csk_field_since(field), names };
        const char *name;
        size_t used = 0;

        if (csk_field_flags(field) & CSK_FIELD_FLAG_HIDDEN)
            continue;
        number_text((int)csk_field_offset(field), offset);
        number_text((int)csk_field_size(field), size);
        for (size_t k = 0; (name = csk_field_value_name(field, k, NULL)) && used < sizeof names;
             k++)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", k ? ", " : "",
                                     name);
        cli_table_row(table, cells);
    }
    putchar('\n');
    cli_table_print(table);
    for (unsigned i = 0; i < csk_layout_field_count(layout); i++) {
        if (!csk_field_layout(csk_layout_field(layout, i)))
            continue;
        printf("\n%s, each:\n", csk_field_name(csk_layout_field(layout, i)));
        describe_fields(csk_field_layout(csk_layout_field(layout, i)));
    }
}

int options_describe(const struct options_arguments *a)
{
    const struct csk_option *option = options_described(a);
    const struct csk_layout *layout = usual_layout(option);
    int status = describe_one(a, option);

    if (!a->format.json && layout && csk_layout_field_count(layout) > 1)
        describe_fields(layout);
    return cli_flush_output(status);
}
