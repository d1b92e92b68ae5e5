/* Clients and servers with one call.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_CONNECT_H
#define CSOCKET_CONNECT_H

#include <csocket/addr.h>
#include <csocket/err.h>
#include <csocket/resolve.h>
#include <csocket/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A failed attempt to connect. */
struct csk_attempt {
    struct csk_addr addr;
    int code;    /* negative: the error of the attempt */
    size_t rank; /* the position of addr in the resolver's order, from 0 */
};
typedef struct csk_attempt csk_attempt_t;

/* Called for each socket after it is opened and before it is bound, connects or listens, to set
 * options that must be set before that.  addr is the address to which the socket will connect or be
 * bound.  While connecting, the socket is non-blocking.  A negative return value is the result of
 * that attempt; after CSK_EINTERRUPTED no further attempt is made. */
typedef int csk_open_fn(struct csk_socket *s, const struct csk_addr *addr, void *context);

/* Options of csk_create_connection.  All zero means the defaults. */
struct csk_connection_options {
    int family;            /* AF_UNSPEC: by the syntax of the address; otherwise only this family,
                              including families with another syntax (AF_VSOCK: "2:1234") */
    int type, proto;       /* 0: SOCK_STREAM and its usual protocol */
    int64_t timeout;       /* ns for each attempt, and then the socket's; 0: the default timeout
                              (CSK_TIMEOUT_DEFAULT); negative: forever */
    int64_t total_timeout; /* ns for the whole call, including name resolution, divided among the
                              addresses; 0 or negative: no limit */
    int64_t happy_eyeballs_delay;   /* ns until the next attempt begins in parallel with earlier
                                       ones (RFC 8305); 0: 250 ms; negative: sequential attempts */
    int interleave;                 /* addresses of the first family before the families alternate;
                                       0: 1; negative: the order is kept */
    const char *service;            /* a port number or a service name (borrowed): the address is
                                       then the host alone, or NULL for this machine; NULL: the
                                       address includes the port */
    const char *source_address;     /* "host:port" to bind to (borrowed); the system chooses an
                                       empty host or port 0; NULL: do not bind */
    struct csk_cancel *cancel;      /* ends the call, and is then the socket's cancel (borrowed);
                                       may be NULL */
    csk_interrupt_fn *on_interrupt; /* the socket's hook, from the first attempt on; if it returns
                                       CSK_EINTERRUPTED, no further attempt is made; may be NULL */
    csk_open_fn *on_open;           /* may be NULL */
    void *context;                  /* passed to on_open, and the socket's context (borrowed) */
};
typedef struct csk_connection_options csk_connection_options_t;

/* Options of csk_create_server.  All zero means the defaults. */
struct csk_server_options {
    int family;           /* AF_UNSPEC: by the syntax of the address; a host name or an empty host
                             means AF_INET, with dualstack_ipv6 AF_INET6 */
    int type, proto;      /* 0: SOCK_STREAM and its usual protocol */
    int backlog;          /* 0: CSK_BACKLOG_DEFAULT; negative: 0 */
    bool reuse_port;      /* SO_REUSEPORT */
    bool dualstack_ipv6;  /* accept IPv4 as well, with IPv4-mapped addresses */
    csk_open_fn *on_open; /* may be NULL */
    void *context;        /* passed to on_open (borrowed) */
    const struct csk_addr *addr; /* to bind to, instead of the address as text (borrowed); NULL:
                                    the text */
};
typedef struct csk_server_options csk_server_options_t;

/* clang-format off */
#define CSK_CONNECTION_OPTIONS_INIT { 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL }
#define CSK_SERVER_OPTIONS_INIT { 0, 0, 0, 0, false, false, NULL, NULL, NULL }
/* clang-format on */

/**
 * Connect to a service: resolve the host, then try its addresses until one answers.
 *
 * If an address has not answered after a delay, the next one is tried in parallel, IPv6 and IPv4
 * alternately, and the first to connect is used (RFC 8305). The timeout of the options limits each
 * attempt, and is then the timeout of the socket; total_timeout limits the whole call. Without
 * options, or with CSK_CONNECTION_OPTIONS_INIT, the defaults apply.
 *
 * @s       filled in
 * @address "host:port", "[IPv6]:port" or ":port" (this machine), where host may be a host name
 *          and port a service name; or an AF_UNIX path (a string with a slash) or "@abstract"; if
 *          the options have a service, the host alone (borrowed)
 * @options the options (borrowed); may be NULL
 * @error   filled in on failure: "connect to 127.0.0.1:80: Connection refused"; may be NULL
 *
 * Returns: 0.
 * Errors:  the error of the last attempt; s is then closed
 *          CSK_EAI() codes the host was not found
 *          CSK_EADDRTEXT, CSK_EPORT address is not valid
 *          CSK_ETIMEDOUT a timeout, or the deadline of a scope, ended the call
 *          CSK_ECANCELED a cancel ended the call
 *          CSK_EINTERRUPTED on_interrupt or on_open ended the call
 *          CSK_ENOADDRESS the system's resolver returned no address
 * Python:  create_connection
 * Since:   0.1
 * See:     csk_create_connection_ex(3), csk_connect_any(3), csk_connect(3)
 */
CSK_API int csk_create_connection(struct csk_socket *s, const char *address,
                                  const struct csk_connection_options *options,
                                  struct csk_error *error);

/**
 * Connect to a service and report all failed attempts.
 *
 * @s       filled in
 * @address as csk_create_connection
 * @options the options (borrowed); may be NULL
 * @attempts filled in with the failed attempts in the order in which they began; may be NULL if
 *          count is NULL or 0
 * @count   number of elements of attempts; set to the number of elements filled in; may be NULL
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_create_connection
 * Python:  create_connection(all_errors=)
 * Since:   0.1
 * See:     csk_create_connection(3)
 */
CSK_API int csk_create_connection_ex(struct csk_socket *s, const char *address,
                                     const struct csk_connection_options *options,
                                     struct csk_attempt *attempts, size_t *count,
                                     struct csk_error *error);

/**
 * Connect to the first of several addresses that answers: csk_create_connection without resolving.
 *
 * @s       filled in
 * @list    the addresses, each with the family, type and protocol of its socket (borrowed)
 * @size    number of elements of list
 * @options the options (borrowed); family, type and proto are ignored; may be NULL
 * @attempts as csk_create_connection_ex
 * @count   as csk_create_connection_ex
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_create_connection
 * Python:  create_connection, after its call of getaddrinfo
 * Since:   0.1
 * See:     csk_create_connection(3), csk_getaddrinfo(3)
 */
CSK_API int csk_connect_any(struct csk_socket *s, const struct csk_addrinfo *list, size_t size,
                            const struct csk_connection_options *options,
                            struct csk_attempt *attempts, size_t *count, struct csk_error *error);

/* A connection that is being made: the steps of csk_create_connection, for event loops. */
struct csk_connection;
typedef struct csk_connection csk_connection_t;

/**
 * Begin to connect to a service without waiting, for event loops.
 *
 * Nothing happens until the first csk_connection_step.  A loop calls csk_connection_step until it
 * returns 1; between the calls it waits until a descriptor of csk_connection_events is ready, or
 * until the time of csk_connection_wakeup.  Names are resolved in another thread.  Then
 * csk_connection_finish returns the socket.  The limits are those of the options; scopes of the
 * thread do not apply.
 *
 * @address as csk_create_connection (copied)
 * @options the options (copied, including service and source_address); may be NULL
 * @connection set to the connection, which csk_connection_free frees; NULL if the call fails
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EADDRTEXT, CSK_EPORT address or source_address is not valid; -ENOMEM
 * Python:  none
 * Since:   0.1
 * See:     csk_create_connection(3), csk_connection_begin_any(3)
 */
CSK_API int csk_connection_begin(const char *address, const struct csk_connection_options *options,
                                 struct csk_connection **connection, struct csk_error *error);

/**
 * Begin to connect to the first of several addresses that answers, without waiting.
 *
 * @list    the addresses, as csk_connect_any takes them (copied)
 * @size    number of elements of list
 * @options as csk_connection_begin
 * @connection set to the connection, which csk_connection_free frees; NULL if the call fails
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_ENOADDRESS size is 0; as csk_connection_begin
 * Python:  none
 * Since:   0.1
 * See:     csk_connection_begin(3)
 */
CSK_API int csk_connection_begin_any(const struct csk_addrinfo *list, size_t size,
                                     const struct csk_connection_options *options,
                                     struct csk_connection **connection, struct csk_error *error);

/**
 * Take the steps that are possible now.
 *
 * @c       the connection
 *
 * Returns: 1 if the connection is complete or has failed: call csk_connection_finish; otherwise 0.
 * Errors:  CSK_ENULL c is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_connection_begin(3)
 */
CSK_API int csk_connection_step(struct csk_connection *c);

/**
 * Return the descriptors for which the next step waits, with their events.
 *
 * @c       the connection (borrowed), which owns the descriptors; they change with every step
 * @fds     filled in
 * @size    number of elements of fds
 *
 * Returns: the number of descriptors, which may exceed size; 0 if the connection has ended.
 * Errors:  CSK_ENULL c is NULL, or fds is NULL and size is not 0
 * Python:  none
 * Since:   0.1
 * See:     csk_connection_wakeup(3), poll(2)
 */
CSK_API ssize_t csk_connection_events(const struct csk_connection *c, struct pollfd *fds,
                                      size_t size);

/**
 * Return the time at which the next step is due even if no descriptor is ready.
 *
 * @c       the connection (borrowed)
 *
 * Returns: a point in time on csk_now()'s clock, which may have passed; CSK_FOREVER if there is
 *          none.
 * Errors:  CSK_ENULL c is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_connection_events(3), csk_now(3)
 */
CSK_API int64_t csk_connection_wakeup(const struct csk_connection *c);

/**
 * Take the socket of a connection that has ended.
 *
 * @c       the connection, which must still be freed
 * @s       filled in with the connected socket, which has the timeout, hook and cancel of the
 *          options
 * @attempts as csk_create_connection_ex
 * @count   as csk_create_connection_ex
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_create_connection; s is then closed
 *          -EINPROGRESS csk_connection_step has not returned 1
 *          -EISCONN the socket was taken before
 * Python:  none
 * Since:   0.1
 * See:     csk_connection_begin(3)
 */
CSK_API int csk_connection_finish(struct csk_connection *c, struct csk_socket *s,
                                  struct csk_attempt *attempts, size_t *count,
                                  struct csk_error *error);

/**
 * Free a connection.  Pending attempts and lookups are abandoned.
 *
 * @c       the connection, or NULL
 *
 * Returns: nothing.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_connection_begin(3)
 */
CSK_API void csk_connection_free(struct csk_connection *c);

/**
 * Open a socket, bind it to an address and listen on it.
 *
 * A socket of a type without connections, for example SOCK_DGRAM, is only bound.  SO_REUSEADDR is
 * set for sockets that listen, so that a restarted server can bind again at once.  "[::]:port"
 * without dualstack_ipv6 accepts IPv6 only.
 *
 * @s       filled in
 * @address as csk_addr_parse takes it (":80" is all IPv4 addresses, "[::]:80" all IPv6 addresses,
 *          "/path"); host may also be a host name and port a service name (borrowed); may be NULL
 *          if the options have an addr
 * @options the options (borrowed); may be NULL
 * @error   filled in on failure: "bind to [::]:80: Address already in use"; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EADDRTEXT, CSK_EPORT, CSK_EPATHTOOLONG, CSK_EAI() codes: the address
 *          CSK_EDUALSTACK, CSK_EDUALSTACKFAMILY, CSK_EREUSEPORT: an option
 *          -errno of socket(2), bind(2), listen(2); s is then closed
 * Python:  create_server
 * Since:   0.1
 * See:     csk_listen(3), csk_accept(3), csk_has_dualstack_ipv6(3)
 */
CSK_API int csk_create_server(struct csk_socket *s, const char *address,
                              const struct csk_server_options *options, struct csk_error *error);

#ifdef __cplusplus
}
#endif

#endif
