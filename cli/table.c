/* Results: tables for people, JSON for programs.
 *
 * The first rows are kept until the widths of the columns are known; the rest is printed
 * immediately, so that memory does not grow with the number of rows. */
#include "cli.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { KEY_NO_HEADINGS = 0x100, KEPT_ROWS = 1024, COLUMNS = 64 };

struct row {
    struct row *next;
    char *cells[COLUMNS]; /* NULL: nothing; they follow the struct */
};

struct cli_table {
    const struct cli_format *format;
    const char *name;
    struct cli_column columns[COLUMNS];
    size_t count;
    size_t widths[COLUMNS];
    struct row *first, **last;
    size_t kept, printed;
    bool started; /* widths are decided, and the headings are printed */
};

void cli_format_parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_format *format = input;

    (void)state;
    (void)value;
    if (key == 'j')
        format->json = true;
    else
        format->no_headings = true;
}

const struct cli_arg cli_format_args[] = {
    { .name = "json", .key = 'j', .help = "Print JSON" },
    { .name = "no-headings", .key = KEY_NO_HEADINGS, .help = "Omit the line of headings" },
    { 0 },
};

struct cli_table *cli_table(const struct cli_format *format, const char *name,
                            const struct cli_column *columns, size_t count)
{
    struct cli_table *table = cli_alloc(sizeof *table);

    table->format = format;
    table->name = name;
    table->count = count < COLUMNS ? count : COLUMNS;
    memcpy(table->columns, columns, table->count * sizeof *columns);
    table->last = &table->first;
    return table;
}

/* The terminal's width; 0 if standard output is not a terminal. */
static size_t terminal_width(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static void print_cell(const struct cli_table *table, size_t column, const char *text, bool is_last,
                       size_t *at)
{
    const struct cli_column *c = &table->columns[column];
    size_t size = text ? strlen(text) : 0, room = 4 * size + 1, width, terminal;
    char *shown = cli_alloc(room);
    int pad;

    cli_escape(text ? text : "", size, shown, room, &width);
    terminal = c->kind == CLI_LONG && column + 1 == table->count ? terminal_width() : 0;
    if (terminal > 0 && *at + width > terminal)
        shown[cli_clip(shown, terminal > *at ? terminal - *at : 0)] = '\0';
    pad = width < table->widths[column] ? (int)(table->widths[column] - width) : 0;
    if (c->kind == CLI_NUMBER)
        printf("%*s%s", pad, "", shown);
    else
        printf("%s%*s", shown, is_last ? 0 : pad, "");
    if (!is_last)
        putchar(' ');
    *at += width + (size_t)pad + 1;
    free(shown);
}

static void print_line(const struct cli_table *table, char *const *cells)
{
    size_t at = 0, end = table->count;

    while (end > 1 && (!cells[end - 1] || !*cells[end - 1]))
        end--;
    for (size_t i = 0; i < end; i++)
        print_cell(table, i, cells[i], i + 1 == end, &at);
    putchar('\n');
}

static bool is_json_number(const char *text)
{
    const char *at = text + (*text == '-');
    size_t digits = strspn(at, "0123456789");

    if (digits == 0 || (*at == '0' && digits > 1))
        return false;
    at += digits;
    if (*at == '.' && isdigit((unsigned char)at[1]))
        at += 1 + strspn(at + 1, "0123456789");
    return !*at;
}

static void print_json_list(const char *text)
{
    putchar('[');
    for (bool more = *text != 0; more;) {
        size_t length = strcspn(text, ",");

        cli_json_text(stdout, text, length);
        more = text[length] != 0;
        text += length + more;
        text += strspn(text, " ");
        if (more)
            printf(", ");
    }
    putchar(']');
}

static void print_json_value(enum cli_column_kind kind, const char *text)
{
    if (kind == CLI_LIST)
        print_json_list(text ? text : "");
    else if (!text || (kind == CLI_NUMBER && !is_json_number(text)))
        printf("null");
    else if (kind == CLI_NUMBER)
        printf("%s", text);
    else
        cli_json_text(stdout, text, strlen(text));
}

static void print_json(const struct cli_table *table, char *const *cells)
{
    char key[64];

    printf("%s\n      {", table->printed ? "," : "");
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->columns[i].name;
        size_t n = 0;

        for (; name[n] && n < sizeof key - 1; n++)
            key[n] = (char)tolower((unsigned char)name[n]);
        printf("%s\"%.*s\": ", i ? ", " : "", (int)n, key);
        print_json_value(table->columns[i].kind, cells[i]);
    }
    putchar('}');
}

static void print_row(struct cli_table *table, char *const *cells)
{
    if (table->format->json)
        print_json(table, cells);
    else
        print_line(table, cells);
    table->printed++;
}

/* Determine the widths of the columns, and print the headings and the rows that were kept. */
static void start(struct cli_table *table)
{
    char *names[COLUMNS];
    bool headings = !table->format->json && !table->format->no_headings;

    table->started = true;
    if (table->format->json) {
        printf("{\n   \"%s\": [", table->name);
    } else {
        for (size_t i = 0; i < table->count; i++) {
            size_t length = strlen(table->columns[i].name);

            names[i] = (char *)(uintptr_t)table->columns[i].name;
            if (headings && table->widths[i] < length)
                table->widths[i] = length;
        }
    }
    if (headings)
        print_line(table, names);
    for (struct row *row = table->first, *next; row; row = next) {
        next = row->next;
        print_row(table, row->cells);
        free(row);
    }
    table->first = NULL;
}

static void update_width(struct cli_table *table, size_t column, const char *text)
{
    size_t size = strlen(text), room = 4 * size + 1, width;
    char *shown = cli_alloc(room);

    cli_escape(text, size, shown, room, &width);
    free(shown);
    if (width > table->widths[column])
        table->widths[column] = width;
}

void cli_table_row(struct cli_table *table, const char *const *cells)
{
    struct row *row;
    size_t size = sizeof *row;
    char *at;

    if (table->started) {
        print_row(table, (char *const *)(uintptr_t)cells);
        return;
    }
    for (size_t i = 0; i < table->count; i++)
        size += cells[i] ? strlen(cells[i]) + 1 : 0;
    row = cli_alloc(size);
    at = (char *)(row + 1);
    for (size_t i = 0; i < table->count; i++) {
        size_t length = cells[i] ? strlen(cells[i]) + 1 : 0;

        if (!cells[i])
            continue;
        row->cells[i] = memcpy(at, cells[i], length);
        at += length;
        if (!table->format->json)
            update_width(table, i, cells[i]);
    }
    *table->last = row;
    table->last = &row->next;
    if (++table->kept == KEPT_ROWS)
        start(table);
}

void cli_table_free(struct cli_table *table)
{
    if (table->started && table->format->json)
        printf("\n   ]\n}\n");
    for (struct row *row = table->first, *next; row; row = next) {
        next = row->next;
        free(row);
    }
    free(table);
}

int cli_table_print(struct cli_table *table)
{
    if (!table->started)
        start(table);
    cli_table_free(table);
    return cli_flush_output(CLI_OK);
}
