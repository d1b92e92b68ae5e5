/* csocket: run a command, or print its help. */
#include "cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
    int argc;
    char **argv; /* the command and its arguments */
};

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    (void)word;
    a->argc = cli_remaining_arguments(state, &a->argv);
}

static void list_commands(FILE *file)
{
    const struct cli_command *command;

    fprintf(file, "\nCommands:\n\n");
    for (size_t i = 0; (command = cli_command_at(i)); i++)
        fprintf(file, "  %-12s%s\n", command->name, command->help);
}

static const char *const usages[] = { "COMMAND [ARGUMENT...]", NULL };

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Sockets from a shell: connect, listen, resolve, and look up, get or set any socket "
             "option.",
    .details = "`csocket COMMAND --help` explains a command. The exit status is 0 on success, 1 if "
               "the command failed, and 2 if its arguments were wrong.",
    .more = list_commands,
    .operand = operand,
    .words = { CLI_WORDS_COMMAND },
    .command_last = true,
};

static const struct cli_command *find(const char *name)
{
    const struct cli_command *command = cli_command_find(name), *other;
    struct cli_suggestions suggestions = { .word = name };

    if (command)
        return command;
    for (size_t i = 0; (other = cli_command_at(i)); i++)
        cli_suggest(&suggestions, "", other->name);
    cli_error("unknown command \"%s\"%s", name,
              cli_suggestions_text(&suggestions, "`csocket --help` lists them"));
    exit(CLI_USAGE);
}

struct help_arguments {
    const char *word;
    bool manual;
};

static void help_parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct help_arguments *a = input;

    (void)state;
    (void)key;
    (void)value;
    a->manual = true;
}

static void help_operand(struct cli_state *state, const char *word, void *input)
{
    struct help_arguments *a = input;

    if (a->word)
        cli_usage(state, "only one COMMAND is accepted: \"%s\" is the second", word);
    a->word = word;
}

static const struct cli_arg help_args[] = {
    { "man", 0x200, NULL, false, CLI_WORDS_NONE, "Print the manual page, in roff" },
    { 0 },
};

static const struct cli_group help_groups[] = { { "", help_args, help_parse, 0 }, { 0 } };

static const char *const help_usages[] = { "[COMMAND]", NULL };

static const struct cli_example help_examples[] = {
    { "csocket help listen", "Explain a command" },
    { "csocket help --man listen | man -l -", "Read its manual page" },
    { 0 },
};

static const struct cli_syntax help_syntax = {
    .usages = help_usages,
    .about = "Explain a command, or list the commands.",
    .examples = help_examples,
    .groups = help_groups,
    .operand = help_operand,
    .words = { CLI_WORDS_COMMAND },
};

static int help(int argc, char **argv)
{
    const struct cli_command *command;
    struct help_arguments a = { 0 };
    char name[32];

    cli_parse(&help_syntax, argc, argv, &a);
    command = a.word ? find(a.word) : NULL;
    if (a.manual) {
        cli_manual(stdout, command, command ? command->syntax : &syntax);
        return CLI_OK;
    }
    snprintf(name, sizeof name, "csocket%s%s", command ? " " : "", command ? command->name : "");
    cli_help(stdout, name, command ? command->syntax : &syntax);
    return CLI_OK;
}

const struct cli_command cli_help_command = { "help", "Explain a command", &help_syntax, help };

static int run(int argc, char **argv)
{
    const struct cli_command *command = find(argv[0]);
    char name[32];

    snprintf(name, sizeof name, "csocket %s", command->name);
    argv[0] = name; /* error messages begin with it */
    return command->run(argc, argv);
}

int main(int argc, char **argv)
{
    struct arguments a = { 0 };
    char name[] = "csocket";

    if (argc > 0)
        argv[0] = name;      /* without the path: error messages begin with it */
    setlocale(LC_CTYPE, ""); /* characters in the terminal's encoding; numbers as in C */
    cli_parse(&syntax, argc, argv, &a);
    if (a.argc == 0) {
        cli_help(stderr, name, &syntax);
        return CLI_USAGE;
    }
    return cli_flush_output(run(a.argc, a.argv));
}
