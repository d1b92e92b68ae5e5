/* Help, from the tables of args.h. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 79, OPTIONS_AT = 6, HELP_AT = 29 };

/* Write words starting at a column, with line breaks before the right margin; the cursor is at
 * `column`. */
static void wrap_words(FILE *file, const char *text, size_t length, size_t indent, size_t column)
{
    const char *end = text + length;
    bool first = true;

    while (text < end) {
        size_t word = 0;

        while (text + word < end && text[word] != ' ')
            word++;
        if (!first && column + 1 + word > WIDTH) {
            fprintf(file, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            putc(' ', file);
            column++;
        }
        fwrite(text, 1, word, file);
        column += word;
        first = false;
        text += word + (text + word < end);
    }
    putc('\n', file);
}

/* Paragraphs, separated by empty lines. */
static void paragraphs(FILE *file, const char *text)
{
    while (text && *text) {
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) : strlen(text);

        wrap_words(file, text, length, 0, 0);
        if (end)
            putc('\n', file);
        text = end ? end + 2 : NULL;
    }
}

const char *cli_arg_text(const struct cli_arg *arg, char *text, size_t size)
{
    const char *open = !arg->value ? "" : arg->optional ? "[=" : "=";
    const char *close = arg->value && arg->optional ? "]" : "";
    char letter[8] = "";

    if (arg->key < 256)
        snprintf(letter, sizeof letter, "-%c, ", arg->key);
    snprintf(text, size, "%s--%s%s%s%s", letter, arg->name, open, arg->value ? arg->value : "",
             close);
    return text;
}

static void option_help(FILE *file, const struct cli_arg *arg)
{
    char text[128];
    size_t column;

    cli_arg_text(arg, text, sizeof text);
    column = (size_t)fprintf(file, "%*s%s", arg->key < 256 ? 2 : OPTIONS_AT, "", text);
    if (column + 2 > HELP_AT) {
        putc('\n', file);
        column = 0;
    }
    fprintf(file, "%*s", (int)(HELP_AT - column), "");
    wrap_words(file, arg->help, strlen(arg->help), HELP_AT, HELP_AT);
}

void cli_help_usage(FILE *file, const char *name, const struct cli_syntax *syntax)
{
    for (size_t i = 0; syntax->usages[i]; i++) {
        const char *space = *syntax->usages[i] ? " " : "";
        char line[512];
        size_t indent = strlen(name) + 8;

        snprintf(line, sizeof line, "[OPTION...]%s%s", space, syntax->usages[i]);
        fprintf(file, "%s%s ", i ? "   or: " : "Usage: ", name);
        wrap_words(file, line, strlen(line), indent, indent);
    }
}

void cli_help(FILE *file, const char *name, const struct cli_syntax *syntax)
{
    const struct cli_arg *arg;
    const char *heading;

    cli_help_usage(file, name, syntax);
    paragraphs(file, syntax->about);
    for (size_t i = 0; (arg = cli_arg_at(syntax, i, &heading)); i++) {
        if (heading)
            fprintf(file, "\n%s%s", heading, *heading ? "\n" : "");
        option_help(file, arg);
    }
    if (syntax->details) {
        putc('\n', file);
        paragraphs(file, syntax->details);
    }
    if (syntax->examples)
        fprintf(file, "\nExamples:\n");
    for (const struct cli_example *e = syntax->examples; e && e->command; e++)
        fprintf(file, "\n  %s\n      %s\n", e->command, e->meaning);
    if (syntax->more)
        syntax->more(file);
}
