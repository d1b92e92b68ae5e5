/* csocket families: which there are, and how their addresses are written. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct arguments {
    struct cli_format format;
    const char *name;
    bool here;
};

enum { KEY_HERE = 0x200 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;

    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->format; break;
    case KEY_HERE: a->here = true; break;
    case ARGP_KEY_ARG:
        if (a->name)
            argp_error(state, "one FAMILY is enough: \"%s\"", arg);
        a->name = arg;
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option options[] = {
    { .name = "here",
      .key = KEY_HERE,
      .doc = "Try whether this system opens sockets of each: yes, no, or needs privilege. For that "
             "the kernel may load modules" },
    { 0 },
};

static const struct argp_child children[] = { { .argp = &cli_format_argp }, { 0 } };

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[FAMILY]",
    .doc = "List the address families whose addresses are known, or the fields of FAMILY's "
           "addresses.\v"
           "Examples:\n\n"
           "  csocket families\n"
           "  csocket families AF_INET6",
    .children = children,
};

/* Whether a socket of the family can be opened; one of some type is enough. */
static const char *here(const struct csk_family *family)
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
        { "ADDRESS", CLI_TEXT }, { "MEANING", CLI_LONG },  { "HERE", CLI_TEXT },
    };
    struct libscols_table *table = cli_table(&a->format, "families", columns, a->here ? 6 : 5);
    const struct csk_family *family;
    char number[12];

    for (size_t i = 0; (family = csk_family_at(i)); i++) {
        const char *cells[] = { csk_family_name(family),    number,
                                csk_family_variant(family), csk_family_syntax(family),
                                csk_family_meaning(family), a->here ? here(family) : NULL };

        snprintf(number, sizeof number, "%d", csk_family_number(family));
        cli_row(table, cells);
    }
    return cli_table_print(table);
}

static bool is_called(const struct csk_family *family, const char *name)
{
    return !strcasecmp(csk_family_name(family), name) ||
           !strcasecmp(csk_family_name(family) + 3, name);
}

static void add_fields(struct libscols_table *table, const struct csk_family *family)
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
                                csk_field_meaning(field) };

        snprintf(size, sizeof size, "%zu", csk_field_size(field));
        snprintf(preset, sizeof preset, "%llu", (unsigned long long)csk_field_default(field));
        cli_row(table, cells);
    }
}

static int describe(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "FAMILY", CLI_TEXT },  { "VARIANT", CLI_TEXT }, { "FIELD", CLI_TEXT },
        { "KIND", CLI_TEXT },    { "BYTES", CLI_NUMBER }, { "DEFAULT", CLI_NUMBER },
        { "MEANING", CLI_LONG },
    };
    struct libscols_table *table = cli_table(&a->format, "fields", columns, 7);
    const struct csk_family *family;
    bool found = false;

    for (size_t i = 0; (family = csk_family_at(i)); i++)
        if (is_called(family, a->name)) {
            add_fields(table, family);
            found = true;
        }
    if (!found) {
        cli_table_drop(table);
        return cli_error("%s is no family whose addresses are known; `csocket families` lists them",
                         a->name);
    }
    return cli_table_print(table);
}

int cli_families(int argc, char **argv)
{
    struct arguments a = { 0 };

    cli_parse(&argp, argc, argv, 0, &a);
    return a.name ? describe(&a) : list(&a);
}
