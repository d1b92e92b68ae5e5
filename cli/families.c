/* csocket families: the address families and the notation of their addresses. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct arguments {
    struct cli_format format;
    const char *name;
    bool available;
};

enum { KEY_AVAILABLE = 0x200 };

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct arguments *a = input;

    (void)state;
    (void)key;
    (void)value;
    a->available = true;
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (a->name)
        cli_usage(state, "only one FAMILY is accepted: \"%s\" is the second", word);
    a->name = word;
}

static const struct cli_arg args[] = {
    { "available", KEY_AVAILABLE, NULL, false, CLI_WORDS_NONE,
      "Try to open a socket of each family: yes, no, or needs privilege. The kernel may load "
      "modules for it" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Output:", cli_format_args, cli_format_parse, offsetof(struct arguments, format) },
    { 0 },
};

static const char *const usages[] = { "[FAMILY]", NULL };

static const struct cli_example examples[] = {
    { "csocket families", "List the address families" },
    { "csocket families AF_INET6", "List the fields of an IPv6 address" },
    { "csocket families --available --json", "Find out which families this system supports" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "List the address families whose addresses csocket knows, or the fields of the "
             "addresses of FAMILY.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .words = { CLI_WORDS_FAMILY },
};

/* Whether a socket of the family can be opened, of any type. */
static const char *available(const struct csk_family *family)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET };
    int proto = csk_family_proto(family) == CSK_ANY_PROTO ? 0 : csk_family_proto(family);
    const char *answer = "no";
    struct csk_socket s;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        int n = csk_socket(&s, csk_family_number(family), types[i], proto);

        csk_close(&s);
        if (n == 0)
            return "yes";
        if (n == -EPERM || n == -EACCES)
            answer = "needs privilege";
    }
    return answer;
}

static int list(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "NAME", CLI_TEXT },    { "NUMBER", CLI_NUMBER }, { "VARIANT", CLI_TEXT },
        { "ADDRESS", CLI_TEXT }, { "MEANING", CLI_LONG },  { "AVAILABLE", CLI_TEXT },
    };
    struct cli_table *table = cli_table(&a->format, "families", columns, a->available ? 6 : 5);
    const struct csk_family *family;
    char number[12];

    for (size_t i = 0; (family = csk_family_at(i)); i++) {
        const char *cells[] = {
            csk_family_name(family),    number,
            csk_family_variant(family), csk_family_syntax(family),
            csk_family_meaning(family), a->available ? available(family) : NULL
        };

        snprintf(number, sizeof number, "%d", csk_family_number(family));
        cli_table_row(table, cells);
    }
    return cli_table_print(table);
}

static bool has_name(const struct csk_family *family, const char *name)
{
    return !strcasecmp(csk_family_name(family), name) ||
           !strcasecmp(csk_family_name(family) + 3, name);
}

static void add_fields(struct cli_table *table, const struct csk_family *family)
{
    static const char *const kinds[] = {
        [CSK_FIELD_UINT] = "number",
        [CSK_FIELD_IN_ADDR] = "host",
        [CSK_FIELD_IN6_ADDR] = "host",
        [CSK_FIELD_IFNAME] = "interface",
        [CSK_FIELD_TEXT] = "text",
        [CSK_FIELD_BYTES] = "bytes",
        [CSK_FIELD_BDADDR] = "Bluetooth address",
        [CSK_FIELD_UUID] = "UUID",
        [CSK_FIELD_CONTROL] = "number or name",
        [CSK_FIELD_PATH] = "path or abstract name",
    };
    char size[12], preset[24];

    const struct csk_layout *layout = csk_family_layout(family);
    const struct csk_field *field;

    for (size_t i = 0; (field = csk_layout_field(layout, i)) && !csk_field_is_hidden(field); i++) {
        bool optional = csk_field_flags(field) & CSK_FIELD_FLAG_OPTIONAL;
        const char *cells[] = { csk_family_name(family),
                                csk_family_variant(family),
                                csk_field_name(field),
                                kinds[csk_field_kind(field)],
                                size,
                                optional ? preset : NULL,
                                csk_family_field_meaning(family, i) };

        snprintf(size, sizeof size, "%zu", csk_field_size(field));
        snprintf(preset, sizeof preset, "%llu", (unsigned long long)csk_field_default(field));
        cli_table_row(table, cells);
    }
}

static int describe(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "FAMILY", CLI_TEXT },  { "VARIANT", CLI_TEXT }, { "FIELD", CLI_TEXT },
        { "KIND", CLI_TEXT },    { "BYTES", CLI_NUMBER }, { "DEFAULT", CLI_NUMBER },
        { "MEANING", CLI_LONG },
    };
    struct cli_table *table = cli_table(&a->format, "fields", columns, 7);
    struct cli_suggestions suggestions = { .word = a->name };
    const struct csk_family *family;
    bool found = false;

    for (size_t i = 0; (family = csk_family_at(i)); i++)
        if (has_name(family, a->name)) {
            add_fields(table, family);
            found = true;
        }
    if (!found) {
        cli_table_free(table);
        for (size_t i = 0; (family = csk_family_at(i)); i++)
            cli_suggest(&suggestions, "AF_", csk_family_name(family));
        return cli_error("unknown address family \"%s\"%s", a->name,
                         cli_suggestions_text(&suggestions, "`csocket families` lists them"));
    }
    return cli_table_print(table);
}

static int run(int argc, char **argv)
{
    struct arguments a = { 0 };

    cli_parse(&syntax, argc, argv, &a);
    return a.name ? describe(&a) : list(&a);
}

const struct cli_command cli_families = {
    "families",
    "List address families and the format of their addresses",
    &syntax,
    run,
};
