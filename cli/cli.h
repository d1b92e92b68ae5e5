/* Declarations shared by the commands.  Each command is a file and a row in commands.c. */
#ifndef CSOCKET_CLI_H
#define CSOCKET_CLI_H

#include <csocket/csocket.h>

#include "args.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses. */
enum { CLI_OK, CLI_FAILED, CLI_USAGE };

extern const struct cli_command cli_complete;
extern const struct cli_command cli_connect;
extern const struct cli_command cli_constants;
extern const struct cli_command cli_families;
extern const struct cli_command cli_help_command;
extern const struct cli_command cli_interfaces;
extern const struct cli_command cli_listen;
extern const struct cli_command cli_options;
extern const struct cli_command cli_relay_command;
extern const struct cli_command cli_resolve;
extern const struct cli_command cli_sockets;
extern const struct cli_command cli_version;

/* report.c: print an error message on standard error, after "csocket: ".  CLI_FAILED. */
int cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a call that returned a negative code: after the formatted words, which name the
 * subject, error's text, or the meaning of the code if that is empty. */
int cli_failed(int64_t code, const struct csk_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a --deadline, in ns, that has passed. */
int cli_late(const char *what, int64_t deadline);

/* Print "who: text" on standard error, without control characters. */
void cli_print_message(const char *who, const char *text);

/* Print a message on standard error that is not an error, after "csocket: ". */
void cli_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The addresses of a socket and of its peer; "" if it has none. */
void cli_addresses(const struct csk_socket *s, char local[CSK_ADDR_TEXT_MAX],
                   char peer[CSK_ADDR_TEXT_MAX]);

/* Exit with this status, unless the output could not be written. */
int cli_flush_output(int status);

/* Allocate memory; on failure, end the program. */
void *cli_alloc(size_t size);

/* arguments.c: arguments of several commands. */

/* "1.5", "250ms", "2min" in nanoseconds. */
int64_t cli_time(const struct cli_state *state, const char *option, const char *text);

/* The same for a limit of something that waits for a peer: 0 is a mistake. */
int64_t cli_limit(const struct cli_state *state, const char *option, const char *text);

/* An integer within a range. */
int64_t cli_number(const struct cli_state *state, const char *option, const char *text, int64_t min,
                   int64_t max);

/* A size in bytes, from 1 on: "4096", "64K". */
int64_t cli_size(const struct cli_state *state, const char *option, const char *text, int64_t max);

/* The number of a constant of a group: "AF_INET", "inet", "2". */
int cli_constant(const struct cli_state *state, const char *group, const char *text);

/* A constant's name, or its number as text. */
const char *cli_constant_name(const char *group, int64_t value, char *text, size_t size);

/* --family, --type, --protocol, -4, -6: a group for a command, with its input's offset. */
struct cli_kind {
    int family, type, proto;
    bool has_proto;
};
extern const struct cli_arg cli_kind_args[];
void cli_kind_parse(struct cli_state *state, int key, const char *value, void *kind);

/* --option=NAME=VALUE: likewise.  Names and values are checked while they are parsed. */
#define CLI_SETTINGS_MAX 64
struct cli_settings {
    const char *text[CLI_SETTINGS_MAX];
    size_t count;
    struct csk_error error; /* the state of cli_settings_apply */
};
extern const struct cli_arg cli_settings_args[];
void cli_settings_parse(struct cli_state *state, int key, const char *value, void *settings);

/* Set all of them: a csk_open_fn, whose context is the struct. */
int cli_settings_apply(struct csk_socket *s, const struct csk_addr *addr, void *settings);

/* Set one, "NAME=VALUE". */
int cli_setting_apply(struct csk_socket *s, const char *text, struct csk_error *error);

/* The option. If it does not exist, end the program with CLI_USAGE, and suggest similar names. */
const struct csk_option *cli_option(const struct cli_state *state, const char *name);

/* End the program with CLI_USAGE unless the option exists and accepts the value. */
void cli_setting_check(const struct cli_state *state, const char *text);

/* Copy the part before the first '=' and return the part after it, "" if there is none. */
const char *cli_split_setting(const char *text, char *name, size_t size);

/* table.c: results, as tables for people and JSON for programs. */
struct cli_format {
    bool json, no_headings;
};
extern const struct cli_arg cli_format_args[]; /* --json, --no-headings */
void cli_format_parse(struct cli_state *state, int key, const char *value, void *format);

enum cli_column_kind {
    CLI_TEXT,
    CLI_NUMBER,
    CLI_LIST, /* parts separated by commas: an array in JSON */
    CLI_LONG, /* text that is truncated at the edge of the terminal */
};

struct cli_column {
    const char *name;
    enum cli_column_kind kind;
};

struct cli_table;

/* name: of the array in JSON. */
struct cli_table *cli_table(const struct cli_format *format, const char *name,
                            const struct cli_column *columns, size_t count);
/* One cell per column; NULL: empty. */
void cli_table_row(struct cli_table *table, const char *const *cells);
/* Print and free it.  The exit status. */
int cli_table_print(struct cli_table *table);
/* Free it. */
void cli_table_free(struct cli_table *table);

/* text.c: text from untrusted sources. */

/* Copy text so that it can be shown on a terminal: unprintable bytes in the locale's encoding
 * becomes "\xNN".  Return the length; *width is set to the number of columns. */
size_t cli_escape(const char *text, size_t size, char *out, size_t room, size_t *width);

/* The number of bytes of shown text that fit in a number of columns. */
size_t cli_clip(const char *text, size_t columns);

/* Write a JSON string: a byte that is not UTF-8 becomes "\\xNN". */
void cli_json_text(FILE *file, const char *text, size_t size);

/* suggest.c: suggestions for misspelt names. */
#define CLI_SUGGESTIONS 3
struct cli_suggestions {
    const char *word; /* as typed; the caller sets the other members to zero */
    char best[CLI_SUGGESTIONS][64];
    unsigned distance[CLI_SUGGESTIONS];
    size_t count;
    char text[256];
};

/* Consider a name, or its part after the prefix, as a suggestion. */
void cli_suggest(struct cli_suggestions *suggestions, const char *prefix, const char *name);

/* "; did you mean A or B?"; if no name is similar, "; otherwise", or "" for NULL. */
const char *cli_suggestions_text(struct cli_suggestions *suggestions, const char *otherwise);

#endif
