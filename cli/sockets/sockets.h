/* Declarations shared by the files of `csocket sockets`. */
#ifndef CSOCKET_CLI_SOCKETS_H
#define CSOCKET_CLI_SOCKETS_H

#include "cli.h"
#include "platform/platform.h"
#include "platform/sockdiag.h"

#define SOCKETS_TEXT 640
#define SOCKETS_TERMS 16

/* The value of a field of a socket. */
struct sockets_value {
    bool is_number, exists;
    int64_t number; /* times in nanoseconds */
    char text[SOCKETS_TEXT];
};

/* A field, found once by its name. */
struct sockets_field {
    const char *name;
    int own;                         /* index among the fields of every socket, or -1 */
    const struct csk_option *option; /* otherwise: TCP_INFO or SO_MEMINFO, and the field in it */
    unsigned index;
};

/* fields.c */
bool sockets_find_field(const char *name, struct sockets_field *field);
void sockets_get(const struct cli_sock *sock, const struct cli_owners *owners,
                 const struct sockets_field *field, struct sockets_value *value);
/* Fields by index, for completion and suggestions; NULL after the last, "" for one without a name
 * of its own. */
const char *sockets_field_at(size_t index, const char **meaning);
/* "us", "bytes"; "" if it has none. */
const char *sockets_field_unit(const struct sockets_field *field);
bool sockets_is_list(const struct sockets_field *field);
bool sockets_is_number(const struct sockets_field *field);
/* Parse a number in the notation of the field: "100ms", "64K", the name of a constant.  0, or a
 * code. */
int sockets_parse_number(const struct sockets_field *field, const char *text, int64_t *number,
                         struct csk_error *error);
bool sockets_needs_owners(const struct sockets_field *field);
const char *sockets_state_name(int state);

/* filter.c */
struct sockets_term {
    struct sockets_field field;
    char op[3];
    char text[128];
    bool is_number;
    int64_t number;
    bool begins_condition;   /* begins a new --where; all of them must hold */
    bool begins_alternative; /* follows "or" */
};

/* "rtt > 100ms and state = established or pid = 1"; "and" binds tighter.  Ends the program with
 * CLI_USAGE if it is invalid. */
void sockets_parse_where(const struct cli_state *state, const char *text,
                         struct sockets_term terms[SOCKETS_TERMS], size_t *count);
bool sockets_holds(const struct cli_sock *sock, const struct cli_owners *owners,
                   const struct sockets_term *terms, size_t count);

/* End the program with CLI_USAGE if a pattern can match no address of the family (0: any). */
void sockets_check_pattern(const struct cli_state *state, const char *pattern, int family);

/* Whether an address is ":PORT", "HOST", "HOST:PORT", "HOST/BITS", a path or a pattern with "*".
 * "443" means ":443". */
bool sockets_address_matches(const struct csk_addr *addr, const char *pattern);

#endif
