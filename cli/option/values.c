/* csocket options: getting and setting. */
#include "option/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A BPF program of 4096 instructions is the longest value. */
#define TEXT_MAX 262144

struct output {
    const struct options_arguments *a;
    struct csk_socket *s;
    struct cli_table *table; /* NULL: lines */
    char *text;              /* TEXT_MAX bytes */
};

/* A value in JSON: one row per field. */
static void add_fields(const struct output *out, const struct csk_option *option, const char *bytes,
                       size_t count)
{
    const struct csk_layout *layout = csk_layout_select(csk_option_layout(option, CSK_OPTION_GET),
                                                        bytes, count);

    for (unsigned i = 0; i < csk_layout_field_count(layout); i++) {
        const struct csk_field *field = csk_layout_field(layout, i);
        size_t values = csk_layout_value_count(layout, i, bytes, count);

        for (size_t k = 0; k < values && !(csk_field_flags(field) & CSK_FIELD_FLAG_HIDDEN); k++) {
            char room[CSK_ADDR_TEXT_MAX], number[24] = "";
            const char *cells[] = { csk_option_name(option),
                                    csk_option_note(option, CSK_OPTION_NOTE_LEVEL),
                                    *csk_field_name(field) ? csk_field_name(field) : NULL,
                                    out->text, number };
            struct csk_value value = { .kind = CSK_VALUE_NONE };

            csk_layout_get(layout, i, k, bytes, count, &value, room);
            if (value.kind == CSK_VALUE_NONE)
                continue;
            csk_layout_format_field(layout, i, k, bytes, count, out->text, TEXT_MAX);
            if (value.kind == CSK_VALUE_INT)
                snprintf(number, sizeof number, "%lld", (long long)value.i);
            else if (value.kind == CSK_VALUE_UINT)
                snprintf(number, sizeof number, "%llu", (unsigned long long)value.u);
            cli_table_row(out->table, cells);
        }
    }
}

/* One value, or all of a list. */
static void add_values(const struct output *out, const struct csk_option *option, const char *bytes,
                       size_t count)
{
    size_t span;

    if (!(csk_option_flags(option) & CSK_OPTION_GET_LIST)) {
        add_fields(out, option, bytes, count);
        return;
    }
    for (; (span = csk_layout_span(csk_option_layout(option, CSK_OPTION_GET), bytes, count)) > 0;
         bytes += span, count -= span)
        add_fields(out, option, bytes, span);
}

static int get_fields(const struct output *out, const struct csk_option *option,
                      struct csk_error *error)
{
    size_t size = CSK_OPTION_SIZE, count = 0;
    char *bytes = cli_alloc(size);
    int n;

    while ((n = csk_option_get_bytes(out->s, option, bytes, size, &count, error)) == CSK_ESPACE &&
           count > size) {
        free(bytes);
        size = count;
        count = 0;
        bytes = cli_alloc(size);
    }
    if (n == 0)
        add_values(out, option, bytes, count);
    free(bytes);
    return n;
}

/* Read an option and print it.  0, or a negative code. */
static int get(const struct output *out, const struct csk_option *option, const char *input,
               struct csk_error *error)
{
    const char *cells[] = { csk_option_name(option), csk_option_note(option, CSK_OPTION_NOTE_LEVEL),
                            NULL, out->text, NULL };
    int n;

    if (out->table && !*input)
        return get_fields(out, option, error);
    if (*input)
        n = csk_option_query(out->s, csk_option_name(option), input, out->text, TEXT_MAX, error);
    else
        n = csk_option_get(out->s, csk_option_name(option), out->text, TEXT_MAX, error);
    if (n < 0)
        return n;
    if (out->table)
        cli_table_row(out->table, cells);
    else
        printf("%s=%s\n", csk_option_name(option), out->text);
    return 0;
}

/* Every option that can be read without input and without side effects.  Options that this kernel
 * or this socket does not support are omitted. */
static void get_all(const struct output *out)
{
    const unsigned never = CSK_OPTION_INPUT | CSK_OPTION_CLEARS | CSK_OPTION_NEW_FD |
                           CSK_OPTION_UNIMPLEMENTED | CSK_OPTION_UNAVAILABLE | CSK_OPTION_UNTYPED;
    const char *level = out->a->level;
    const struct csk_option *o;

    for (size_t i = 0; (o = csk_option_at(i)); i++)
        if (csk_option_layout(o, CSK_OPTION_GET) && !csk_option_note(o, CSK_OPTION_NOTE_ALIAS) &&
            !(csk_option_flags(o) & never) && (!level || options_in_level(o, level)) &&
            csk_option_fits(o, out->s->family, out->s->type, out->s->proto))
            get(out, o, "", NULL);
}

static int run_job(const struct output *out, const struct options_job *job)
{
    struct csk_error error = { 0, "" };
    const struct csk_option *option;
    char name[80];
    const char *rest = cli_split_setting(job->text, name, sizeof name);
    int n;

    if (job->set) {
        n = cli_setting_apply(out->s, job->text, &error);
        return n < 0 ? cli_failed(n, &error, "%s", job->text) : CLI_OK;
    }
    if (!strcmp(name, "all")) {
        get_all(out);
        return CLI_OK;
    }
    option = csk_option_find(name, out->s->family);
    n = get(out, option, rest, &error);
    return n < 0 ? cli_failed(n, &error, "%s", name) : CLI_OK;
}

int options_run(const struct options_arguments *a)
{
    static const struct cli_column columns[] = {
        { "OPTION", CLI_TEXT }, { "LEVEL", CLI_TEXT },    { "FIELD", CLI_TEXT },
        { "VALUE", CLI_TEXT },  { "NUMBER", CLI_NUMBER },
    };
    struct csk_socket s;
    struct output out = { .a = a, .s = &s };
    int status = options_open(a, &s), printed = CLI_OK;

    if (status != CLI_OK)
        return status;
    out.text = cli_alloc(TEXT_MAX);
    if (a->format.json)
        out.table = cli_table(&a->format, "values", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < a->job_count; i++)
        if (run_job(&out, &a->jobs[i]) != CLI_OK)
            status = CLI_FAILED;
    if (out.table)
        printed = cli_table_print(out.table);
    csk_close(&s);
    free(out.text);
    return status != CLI_OK ? status : printed;
}
