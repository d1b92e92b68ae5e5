/* What the commands share.  A command is a file, and a row of the table in main.c. */
#ifndef CSOCKET_CLI_H
#define CSOCKET_CLI_H

#include <csocket/csocket.h>

/* argp, because help, usage, errors and the manual page then come from the table that is parsed;
 * glibc has it, other systems as argp-standalone. */
#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses. */
enum { CLI_OK, CLI_FAILED, CLI_USAGE };

/* A command: argv[0] is "csocket NAME"; returns the exit status. */
struct cli_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; /* one line */
};

int cli_connect(int argc, char **argv);
int cli_constants(int argc, char **argv);
int cli_families(int argc, char **argv);
int cli_interfaces(int argc, char **argv);
int cli_listen(int argc, char **argv);
int cli_options(int argc, char **argv);
int cli_resolve(int argc, char **argv);
int cli_version(int argc, char **argv);

/* report.c: say what went wrong, after "csocket: ".  CLI_FAILED. */
int cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a call that returned a negative code: after the formatted words, which name what it
 * was about, error's words if it has some, else what the code means. */
int cli_failed(int64_t code, const struct csk_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The addresses of a socket and of its peer; "" where there is none. */
void cli_names(const struct csk_socket *s, char here[CSK_ADDR_TEXT_MAX],
               char there[CSK_ADDR_TEXT_MAX]);

/* Write to standard output, past stdio.  0, or CLI_FAILED after saying why. */
int cli_write(const void *data, size_t size);

/* End with this status, unless what was printed could not be written. */
int cli_finish(int status);

/* Memory, or the end of the program. */
void *cli_alloc(size_t size);

/* Run a command's argp.  Mistakes end the program with CLI_USAGE. */
void cli_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input);

/* arguments.c: what several commands take as arguments. */

/* "1.5", "250ms", "2min" in nanoseconds. */
int64_t cli_time(const struct argp_state *state, const char *option, const char *text);

/* A whole number between two others. */
int64_t cli_number(const struct argp_state *state, const char *option, const char *text,
                   int64_t min, int64_t max);

/* The number of a constant of a group: "AF_INET", "inet", "2". */
int cli_constant(const struct argp_state *state, const char *group, const char *text);

/* A constant's name, or its number as text. */
const char *cli_name(const char *group, int64_t value, char *text, size_t size);

/* --family, --type, --protocol, -4, -6: a child for a command's argp. */
struct cli_kind {
    int family, type, proto;
    bool has_proto;
};
extern const struct argp cli_kind_argp;

/* --option=NAME=VALUE: likewise.  Names and values are checked while they are parsed. */
#define CLI_SETTINGS_MAX 64
struct cli_settings {
    const char *text[CLI_SETTINGS_MAX];
    size_t count;
    struct csk_error error; /* what cli_settings_apply has met */
};
extern const struct argp cli_settings_argp;

/* Set them all: a csk_open_fn, whose context is the struct. */
int cli_settings_apply(struct csk_socket *s, const struct csk_addr *addr, void *settings);

/* Set one, "NAME=VALUE". */
int cli_setting_apply(struct csk_socket *s, const char *text, struct csk_error *error);

/* The option. If there is none: end the program with CLI_USAGE and say what may have been meant. */
const struct csk_option *cli_option(const struct argp_state *state, const char *name);

/* End the program with CLI_USAGE unless there is such an option and it takes such a value. */
void cli_setting_check(const struct argp_state *state, const char *text);

/* Copy the part before the first '=' and find what follows it; "" if there is none. */
const char *cli_split(const char *text, char *name, size_t size);

/* table.c: results, as tables for people and JSON for programs. */
struct cli_format {
    bool json, no_headings;
};
extern const struct argp cli_format_argp; /* --json, --no-headings */

enum cli_column_kind {
    CLI_TEXT,
    CLI_NUMBER,
    CLI_LONG, /* text that is cut where the terminal ends */
};

struct cli_column {
    const char *name;
    enum cli_column_kind kind;
};

struct libscols_table;

/* name: of the array in JSON. */
struct libscols_table *cli_table(const struct cli_format *format, const char *name,
                                 const struct cli_column *columns, size_t count);
/* A cell a column; NULL is nothing. */
void cli_row(struct libscols_table *table, const char *const *cells);
/* Print and free it.  The exit status. */
int cli_table_print(struct libscols_table *table);
/* Free it. */
void cli_table_drop(struct libscols_table *table);

/* relay.c: standard input to the socket, socket to standard output, until both have ended. */
int cli_relay(struct csk_socket *s);
/* Socket to standard output; *gone: which takes no more. */
int cli_receive(struct csk_socket *s, bool *gone);

#endif
