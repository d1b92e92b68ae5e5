/* Shared by the files of src/connect/: endpoints, attempts, and connections in progress.
 *
 * endpoint.c splits "host:port" and resolves it, attempt.c opens and binds one socket, connection.c
 * is the state machine, and create_connection.c drives it for calls that block. */
#ifndef CSKI_CONNECTION_H
#define CSKI_CONNECTION_H

#include "internal.h"

#include "names/resolution.h"

/* RFC 8305, section 5: the Connection Attempt Delay. */
#define CSKI_HAPPY_EYEBALLS_DELAY (250 * CSK_MS)

/* --- endpoint.c --- */

/* An address as text, and the type of socket for it. */
struct cski_target {
    const char *text;        /* the host alone if there is a service */
    const char *service;     /* NULL: part of the text */
    int family, type, proto; /* 0: by the text's syntax, SOCK_STREAM, the usual protocol */
    int flags;               /* AI_* */
};

/* A target and the addresses known so far. */
struct cski_endpoint {
    struct cski_target target;
    char *host; /* that part of the text, in memory of the caller of CSKI_HOST_SPACE(text) bytes */
    bool has_host;
    const char *port; /* in the target */
    const struct csk_addrinfo *list;
    size_t count;
    bool complete;            /* there will be no other list */
    struct csk_addrinfo *own; /* the list, if no resolver is needed */
    struct cski_resolution resolution;
    bool started; /* the resolution */
};

/* The host is a part of the text. */
#define CSKI_HOST_SPACE(text) ((text) ? strlen(text) + 1 : 1)

/* Whether the text is host:port rather than the syntax of another family. */
bool cski_is_host_port(const char *text, int family);

/* Whether the target has a host and a port rather than the syntax of another family. */
bool cski_has_port(const struct cski_target *target);

/* Read the text, and find its addresses if no resolver is needed for that. */
int cski_endpoint_init(struct cski_endpoint *endpoint, const struct cski_target *target,
                       struct csk_error *error);

/* Continue to resolve without waiting: 1: there is another list; 0: not yet; or a negative code. */
int cski_endpoint_step(struct cski_endpoint *endpoint, struct csk_error *error);

/* The descriptors for which the next step waits: their number. */
int cski_endpoint_fds(const struct cski_endpoint *endpoint, struct pollfd *fds);

/* The time of the next step if no descriptor is ready before. */
int64_t cski_endpoint_wakeup(const struct cski_endpoint *endpoint);

/* The address with the type and protocol of the target. */
struct csk_addrinfo cski_endpoint_info(const struct cski_endpoint *endpoint, size_t index);

/* Fill in an error that ended the lookup: "resolve HOST: CAUSE"; returns code. */
int cski_endpoint_fail(const struct cski_endpoint *endpoint, int code, struct csk_error *error);
void cski_endpoint_free(struct cski_endpoint *endpoint);

/* The whole lookup in one call that waits: the number of addresses, for csk_freeaddrinfo. */
int cski_resolve_text(struct csk_addrinfo **list, const struct cski_target *target,
                      struct csk_error *error);

/* --- attempt.c --- */

enum cski_attempt_state {
    CSKI_ATTEMPT_NEW,
    CSKI_ATTEMPT_RUNNING,
    CSKI_ATTEMPT_RETRYING, /* a full AF_UNIX backlog, which no event reports */
    CSKI_ATTEMPT_CONNECTED,
    CSKI_ATTEMPT_FAILED,
};

enum cski_attempt_step { CSKI_STEP_OPEN, CSKI_STEP_HOOK, CSKI_STEP_BIND, CSKI_STEP_CONNECT };

struct cski_attempt {
    struct csk_addrinfo to;
    size_t rank; /* its index in the resolver's order */
    enum cski_attempt_state state;
    enum cski_attempt_step step;
    struct csk_socket socket;
    int64_t until;   /* deadline of the attempt */
    int64_t next;    /* RETRYING: when to try again */
    int64_t backoff; /* RETRYING: ns */
    int code;        /* the reason of the failure */
    bool seen;       /* the next attempt has begun because of the failure */
};

/* Open a non-blocking socket, bind it and begin to connect; the state is the outcome. */
void cski_attempt_start(struct cski_attempt *attempt, const struct csk_connection_options *options,
                        const struct cski_endpoint *source);

/* Check an attempt in progress whose socket poll reported, or whose time to retry has come. */
void cski_attempt_look(struct cski_attempt *attempt);

void cski_attempt_fail(struct cski_attempt *attempt, int code);

/* Fill in an error that names the address and the step; returns the attempt's code. */
int cski_attempt_report(const struct cski_attempt *attempt, const char *source,
                        struct csk_error *error);

/* --- happy_eyeballs.c --- */

/* Most hosts have no more addresses. */
#define CSKI_FEW_ATTEMPTS 2

/* Descriptors in addition to those of the attempts: the lookups of two endpoints and the cancel. */
#define CSKI_OTHER_FDS (2 * CSKI_RESOLUTION_LOOKUPS + 1)

struct csk_connection {
    struct csk_connection_options options; /* source_address is in source */
    struct csk_socket caller;              /* the socket whose hook and cancel apply */
    struct cski_endpoint endpoint, source;
    struct cski_attempt *attempts; /* started ones first, then in the order to start */
    struct pollfd *fds;            /* space for all attempts and CSKI_OTHER_FDS; NULL: few */
    struct pollfd few[CSKI_FEW_ATTEMPTS + CSKI_OTHER_FDS];
    size_t count, started;
    int64_t timeout;    /* of each attempt, and then the socket's */
    int64_t deadline;   /* of everything */
    int64_t next_start; /* when the next attempt may join those that run */
    bool news;          /* the endpoint has a list for which no attempts are planned */
    bool never_wait;    /* an attempt that cannot complete at once fails */
    bool stepped, ended;
    int code;                /* the result */
    struct csk_error reason; /* of a failure before the first attempt */
    char texts[];            /* address, service and source address, and both hosts */
};

/* Plan attempts for the addresses of the endpoint; those that have begun are not repeated. */
int cski_race_plan(struct csk_connection *c);

/* Take a step: check the attempts in progress, and begin those whose time has come. */
void cski_race_step(struct csk_connection *c);

/* The descriptors to poll, in an array that belongs to the connection, and their number. */
size_t cski_connection_pollfds(struct csk_connection *c, struct pollfd **fds);

/* The attempt whose failure is reported: the last one of the resolver's order; NULL: none. */
const struct cski_attempt *cski_last_failed(const struct csk_connection *c);

bool cski_is_under_way(const struct cski_attempt *attempt);
bool cski_is_sequential(const struct csk_connection *c);

/* The result is known. */
void cski_connection_ended(struct csk_connection *c, int code);

/* End a connection that is not complete: attempts in progress fail with code. */
void cski_connection_end(struct csk_connection *c, int code);

#endif
