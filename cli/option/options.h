/* Declarations shared by the files of `csocket options`. */
#ifndef CSOCKET_CLI_OPTIONS_H
#define CSOCKET_CLI_OPTIONS_H

#include "cli.h"

#include <stdio.h>

#define OPTIONS_WORDS 16
#define OPTIONS_JOBS 128

/* The actions, in the order of the command line. */
struct options_job {
    bool set;
    const char *text; /* "NAME", "NAME=INPUT" or "all"; to set: "NAME=VALUE" */
};

struct options_arguments {
    struct cli_kind kind;
    struct cli_format format;
    const char *level, *describe;
    const char *words[OPTIONS_WORDS]; /* to list: the search words; otherwise the address */
    size_t word_count;
    struct options_job jobs[OPTIONS_JOBS];
    size_t job_count;
    int64_t pid; /* -1: none */
    int fd;      /* -1: none */
    int64_t timeout;
    const struct csk_option *watch; /* NULL: do not */
    const char *fields;
    int64_t interval;
    int64_t count;      /* 0: forever */
    const char *record; /* file for the readings, or NULL */
    bool all;
    bool messages; /* control messages instead of options */
};

/* option_list.c */
int options_list(const struct options_arguments *a);
int options_describe(const struct options_arguments *a);
/* The option or control message that --describe names; NULL: neither. */
const struct csk_option *options_described(const struct options_arguments *a);
/* The catalogue's note, or "-". */
const char *options_text(const struct csk_option *option, enum csk_option_note note);
bool options_in_level(const struct csk_option *option, const char *level);
/* End the program with CLI_USAGE unless the level has options. */
void options_check_level(const struct cli_state *state, const char *level);

/* option_target.c: open the socket to query.  CLI_OK, or CLI_FAILED after an error message. */
int options_open(const struct options_arguments *a, struct csk_socket *s);
/* The sockets of the process. */
int options_sockets(const struct options_arguments *a);

/* option_values.c */
int options_run(const struct options_arguments *a);

/* watch.c */
int options_watch(const struct options_arguments *a);

/* watch_address.c: watch the connections of an address; false if there are none. */
bool options_watch_address(const struct options_arguments *a, int *status);

#endif
