/* Manual pages, in roff, from the tables of args.h: csocket help --man [COMMAND]. */
#include "cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Literal text: roff's special characters are escaped, and no line begins with a request. */
static void text(FILE *file, const char *s, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (s[i] == '\\')
            fputs("\\e", file);
        else if (s[i] == '-')
            fputs("\\-", file);
        else if (s[i] == '`')
            fputs("\\(ga", file);
        else if (i == 0 && (s[i] == '.' || s[i] == '\''))
            fprintf(file, "\\&%c", s[i]);
        else
            putc(s[i], file);
}

static void line(FILE *file, const char *s)
{
    text(file, s, strlen(s));
    putc('\n', file);
}

static void bold(FILE *file, const char *s)
{
    fputs("\\fB", file);
    text(file, s, strlen(s));
    fputs("\\fP", file);
}

static void paragraphs(FILE *file, const char *s)
{
    while (s && *s) {
        const char *end = strstr(s, "\n\n");
        size_t size = end ? (size_t)(end - s) : strlen(s);

        fputs(".PP\n", file);
        text(file, s, size);
        putc('\n', file);
        s = end ? end + 2 : NULL;
    }
}

static void synopsis(FILE *file, const char *name, const struct cli_syntax *syntax)
{
    fputs(".SH SYNOPSIS\n.nh\n", file);
    for (size_t i = 0; syntax->usages[i]; i++) {
        if (i)
            fputs(".br\n", file);
        bold(file, name);
        fputs(" [OPTION...] ", file);
        line(file, syntax->usages[i]);
    }
    fputs(".hy\n", file);
}

static void options(FILE *file, const struct cli_syntax *syntax)
{
    const struct cli_arg *arg;
    const char *heading;

    fputs(".SH OPTIONS\n", file);
    for (size_t i = 0; (arg = cli_arg_at(syntax, i, &heading)); i++) {
        char name[128];
        size_t length;

        if (heading && *heading) {
            length = strlen(heading);
            fprintf(file, ".SS \"%.*s\"\n", (int)(length - (heading[length - 1] == ':')), heading);
        }
        cli_arg_text(arg, name, sizeof name);
        fputs(".TP\n", file);
        bold(file, name);
        putc('\n', file);
        line(file, arg->help);
    }
}

static void examples(FILE *file, const struct cli_example *list)
{
    if (!list)
        return;
    fputs(".SH EXAMPLES\n", file);
    for (; list->command; list++) {
        fputs(".TP\n", file);
        bold(file, list->command);
        putc('\n', file);
        line(file, list->meaning);
    }
}

static void commands(FILE *file)
{
    const struct cli_command *command;

    fputs(".SH COMMANDS\n", file);
    for (size_t i = 0; (command = cli_command_at(i)); i++) {
        fprintf(file, ".TP\n\\fBcsocket\\-%s\\fP(1)\n", command->name);
        line(file, command->help);
    }
}

void cli_manual(FILE *file, const struct cli_command *command, const struct cli_syntax *syntax)
{
    const struct cli_command *other;
    char name[40], page[40], title[40];
    size_t i;

    snprintf(name, sizeof name, "csocket%s%s", command ? " " : "", command ? command->name : "");
    for (i = 0; name[i]; i++) {
        page[i] = (char)(name[i] == ' ' ? '-' : name[i]);
        title[i] = (char)toupper((unsigned char)page[i]);
    }
    page[i] = title[i] = '\0';
    fprintf(file, ".TH \"%s\" 1 \"\" \"csocket %s\" \"csocket\"\n.SH NAME\n", title, CLI_VERSION);
    text(file, page, strlen(page));
    fputs(" \\- ", file);
    line(file, command ? command->help : "sockets from a shell");
    synopsis(file, name, syntax);
    fputs(".SH DESCRIPTION\n", file);
    line(file, syntax->about);
    if (!command) /* `man csocket` shows this page, for readers who look for the library as well */
        fputs(".PP\nThe C library is described in\n.BR csocket (7),\nand introduced in\n"
              ".BR csocket\\-tutorial (7).\n",
              file);
    paragraphs(file, syntax->details);
    options(file, syntax);
    if (!command)
        commands(file);
    examples(file, syntax->examples);
    fputs(".SH SEE ALSO\n", file);
    if (command)
        fputs(".BR csocket (1),\n", file);
    for (i = 0; command && (other = cli_command_at(i)); i++)
        if (other != command)
            fprintf(file, ".BR csocket\\-%s (1),\n", other->name);
    fputs(".BR csocket (7),\n.BR csocket\\-options (7),\n.BR socket (7),\n.BR ip (7),\n"
          ".BR nc (1),\n.BR ss (8)\n",
          file);
}
