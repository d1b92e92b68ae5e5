/* csocket: the table of commands, and what starts them. */
#include "cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int help(int argc, char **argv);

static const struct cli_command commands[] = {
    { "connect", cli_connect, "Connect to an address, as nc does" },
    { "listen", cli_listen, "Accept one connection, or many" },
    { "resolve", cli_resolve, "Look up a host's addresses, or an address's name" },
    { "interfaces", cli_interfaces, "List the network interfaces and their addresses" },
    { "options", cli_options, "List socket options; get, set and watch them" },
    { "constants", cli_constants, "Look up constants by name or number" },
    { "families", cli_families, "List address families and how their addresses are written" },
    { "version", cli_version, "Tell the version, and what the system can" },
    { "help", help, "Explain a command" },
};

#define COUNT (sizeof commands / sizeof *commands)

struct arguments {
    int argc;
    char **argv; /* the command and its arguments */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;

    (void)arg;
    switch (key) {
    case ARGP_KEY_ARG: /* the rest is the command's */
        a->argc = state->argc - state->next + 1;
        a->argv = &state->argv[state->next - 1];
        state->next = state->argc;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_state_help(state, stderr,
                        (ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK) | ARGP_HELP_EXIT_ERR);
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* The list of commands, from the table. */
static char *write_help(int key, const char *text, void *input)
{
    char *list = NULL;
    size_t size;
    FILE *file;

    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC || !(file = open_memstream(&list, &size)))
        return (char *)(uintptr_t)text;
    fprintf(file, "Commands:\n\n");
    for (size_t i = 0; i < COUNT; i++)
        fprintf(file, "  %-12s%s\n", commands[i].name, commands[i].help);
    fprintf(file, "\n%s", text);
    fclose(file);
    return list;
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "COMMAND [ARGUMENT...]",
    .doc = "Sockets from a shell: connect, listen, resolve, and look up, get or set any socket "
           "option.\v"
           "`csocket COMMAND --help` explains a command. The exit status is 0, or 1 if the work "
           "could not be done, or 2 if the arguments were wrong.",
    .help_filter = write_help,
};

static const struct cli_command *find(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    cli_error("\"%s\" is no command; `csocket --help` lists them", name);
    exit(CLI_USAGE);
}

static int run(int argc, char **argv)
{
    const struct cli_command *command = find(argv[0]);
    char name[32];

    snprintf(name, sizeof name, "csocket %s", command->name);
    argv[0] = name; /* as which argp introduces it */
    return command->run(argc, argv);
}

static error_t parse_help(int key, char *arg, struct argp_state *state)
{
    const char **name = state->input;

    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (*name)
        argp_error(state, "one COMMAND is enough: \"%s\"", arg);
    *name = arg;
    return 0;
}

static int help(int argc, char **argv)
{
    static const struct argp help_argp = { .parser = parse_help,
                                           .args_doc = "[COMMAND]",
                                           .doc = "Explain a command." };
    char program[] = "csocket", option[] = "--help", *command[] = { program, option, NULL };
    const char *name = NULL;

    cli_parse(&help_argp, argc, argv, 0, &name);
    if (!name)
        cli_parse(&argp, 2, command, 0, NULL);
    command[0] = (char *)(uintptr_t)name;
    return run(2, command);
}

int main(int argc, char **argv)
{
    struct arguments a = { 0 };
    char name[] = "csocket";

    if (argc > 0)
        argv[0] = name;      /* whatever the path: complaints begin with it */
    setlocale(LC_CTYPE, ""); /* what a character is; numbers stay as they are */
    argp_program_version = "csocket " CLI_VERSION;
    argp_err_exit_status = CLI_USAGE;
    cli_parse(&argp, argc, argv, ARGP_IN_ORDER, &a);
    return cli_finish(run(a.argc, a.argv));
}
