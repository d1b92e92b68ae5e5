/* Results, as tables for people and as JSON for programs: libsmartcols does both. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <libsmartcols.h>

enum { KEY_NO_HEADINGS = 0x100 };

static error_t parse_format(int key, char *arg, struct argp_state *state)
{
    struct cli_format *format = state->input;

    (void)arg;
    switch (key) {
    case 'j': format->json = true; break;
    case KEY_NO_HEADINGS: format->no_headings = true; break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option format_options[] = {
    { .name = "json", .key = 'j', .doc = "Print JSON" },
    { .name = "no-headings", .key = KEY_NO_HEADINGS, .doc = "Print no line of headings" },
    { 0 },
};

const struct argp cli_format_argp = { .options = format_options, .parser = parse_format };

static void check(int n)
{
    if (n < 0)
        exit(cli_failed(n, NULL, "table"));
}

struct libscols_table *cli_table(const struct cli_format *format, const char *name,
                                 const struct cli_column *columns, size_t count)
{
    static const int flags[] = { 0, SCOLS_FL_RIGHT, SCOLS_FL_TRUNC };
    struct libscols_table *table = scols_new_table();

    if (!table)
        check(-ENOMEM);
    check(scols_table_set_name(table, name));
    check(scols_table_enable_json(table, format->json));
    check(scols_table_enable_noheadings(table, format->no_headings));
    for (size_t i = 0; i < count; i++) {
        struct libscols_column *column = scols_table_new_column(table, columns[i].name, 0,
                                                                flags[columns[i].kind]);

        if (!column)
            check(-ENOMEM);
        check(scols_column_set_json_type(
            column, columns[i].kind == CLI_NUMBER ? SCOLS_JSON_NUMBER : SCOLS_JSON_STRING));
    }
    return table;
}

void cli_row(struct libscols_table *table, const char *const *cells)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);

    if (!line)
        check(-ENOMEM);
    for (size_t i = 0; i < scols_table_get_ncols(table); i++)
        if (cells[i])
            check(scols_line_set_data(line, i, cells[i]));
}

void cli_table_drop(struct libscols_table *table)
{
    scols_unref_table(table);
}

int cli_table_print(struct libscols_table *table)
{
    int n = scols_print_table(table);

    scols_unref_table(table);
    return cli_finish(n < 0 ? cli_failed(n, NULL, "standard output") : CLI_OK);
}
