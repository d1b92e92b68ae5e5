/* The command line as tables, from which parsing, help, completion and manual pages are derived. */
#ifndef CSOCKET_CLI_ARGS_H
#define CSOCKET_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The kind of a value or an operand, for completion. */
enum cli_words {
    CLI_WORDS_NONE, /* a number, a time, free text */
    CLI_WORDS_ADDRESS,
    CLI_WORDS_COLUMN,
    CLI_WORDS_COMMAND,
    CLI_WORDS_CONSTANT,
    CLI_WORDS_FAMILY,
    CLI_WORDS_FIELD,
    CLI_WORDS_FILE,
    CLI_WORDS_GROUP,
    CLI_WORDS_HOST,
    CLI_WORDS_INTERFACE,
    CLI_WORDS_LEVEL,
    CLI_WORDS_OPTION,
    CLI_WORDS_PROCESS,
    CLI_WORDS_PROTOCOL,
    CLI_WORDS_SETTING, /* NAME=VALUE of a socket option */
    CLI_WORDS_SHELL,
    CLI_WORDS_STATE,
    CLI_WORDS_TYPE,
};

/* A command-line option. */
struct cli_arg {
    const char *name;  /* without the dashes; NULL ends a list */
    int key;           /* the short option's character, or a number above 255 */
    const char *value; /* NULL: no value */
    bool optional;     /* the value may be missing */
    enum cli_words words;
    const char *help;
};

struct cli_state;

/* Options that belong together.  parse is called with their keys; value is NULL if there is none.
 */
struct cli_group {
    const char *heading; /* may be NULL */
    const struct cli_arg *args;
    void (*parse)(struct cli_state *state, int key, const char *value, void *input);
    size_t offset; /* of parse's input in the command's own struct */
};

struct cli_example {
    const char *command, *meaning;
};

/* All options and operands of a command.  Lists end with an entry that is all zero. */
struct cli_syntax {
    const char *const *usages; /* after "csocket NAME [OPTION...] " in the usage */
    const char *about;         /* a sentence or two */
    const char *details;       /* paragraphs, separated by empty lines; may be NULL */
    void (*more)(FILE *file);  /* appends to the help; may be NULL */
    const struct cli_example *examples;
    const struct cli_group *groups;
    void (*operand)(struct cli_state *state, const char *word, void *input); /* NULL: none */
    void (*end)(struct cli_state *state, void *input);                       /* may be NULL */
    enum cli_words words[2]; /* of the first operand, and of those that follow */
    bool command_last;       /* the first operand ends the options: it is a command */
};

/* A command, and a row of the table in commands.c.  run returns the exit status. */
struct cli_command {
    const char *name, *help; /* one line */
    const struct cli_syntax *syntax;
    int (*run)(int argc, char **argv); /* argv[0] is "csocket NAME" */
};

/* commands.c: the commands, index 0, 1, ... until NULL. */
const struct cli_command *cli_command_at(size_t index);
const struct cli_command *cli_command_find(const char *name);

/* Parse a command line into input.  Mistakes end the program with CLI_USAGE, --help with CLI_OK. */
void cli_parse(const struct cli_syntax *syntax, int argc, char **argv, void *input);

/* End the program with CLI_USAGE: "csocket NAME: what is wrong". */
void cli_usage(const struct cli_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

/* Whether the operand follows "--". */
bool cli_after_dashes(const struct cli_state *state);

/* The current operand and all arguments after it, which are not parsed; argv ends with NULL. */
int cli_remaining_arguments(struct cli_state *state, char ***argv);

/* syntax.c: the options common to all commands. */
enum { CLI_KEY_HELP = '?', CLI_KEY_USAGE = 0x1000, CLI_KEY_VERSION = 'V' };
extern const struct cli_arg cli_common_args[];

/* The options of a command, then the common ones, in the order of the help; NULL after the last.
 * At a group's first option, *heading is the group's heading ("" if it has none), otherwise
 * NULL. */
const struct cli_arg *cli_arg_at(const struct cli_syntax *syntax, size_t index,
                                 const char **heading);

/* help.c */
void cli_help(FILE *file, const char *name, const struct cli_syntax *syntax);
void cli_help_usage(FILE *file, const char *name, const struct cli_syntax *syntax);

/* manual.c: the manual page in roff; command may be NULL for csocket itself. */
void cli_manual(FILE *file, const struct cli_command *command, const struct cli_syntax *syntax);

/* "-t, --timeout=TIME". */
const char *cli_arg_text(const struct cli_arg *arg, char *text, size_t size);

#endif
