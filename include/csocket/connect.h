/* Clients and servers in one call.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_CONNECT_H
#define CSOCKET_CONNECT_H

#include <csocket/addr.h>
#include <csocket/err.h>
#include <csocket/resolve.h>
#include <csocket/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One attempt of csk_create_connection that failed. */
struct csk_attempt {
    struct csk_addr addr;
    int code;
};

/* Called with each socket that was opened, before it is bound, connects or listens: the place for
 * options that must be set by then.  0, or a negative code, which is then that attempt's. */
typedef int csk_open_fn(struct csk_socket *s, void *context);

/* What csk_create_connection may be told.  All zero, or no options, is what most want. */
struct csk_connection_options {
    int family;       /* AF_UNSPEC: the address's form tells; else only this family, also one
                         whose addresses have another form (AF_VSOCK: "2:1234") */
    int64_t timeout;  /* ns for each attempt, and then the socket's; negative: none */
    bool has_timeout; /* timeout counts; else the default timeout does */
    int64_t stagger;  /* ns, 0: one attempt after the other.  Else each attempt has so long before
                         the next joins it (RFC 8305, which recommends 250 ms), the families take
                         turns, the first to connect wins, and the timeout is for the whole */
    const char *source_address;     /* "host:port" to bind to; "" or 0 for what does not matter */
    struct csk_attempt *attempts;   /* all_errors: filled in with the attempts that failed */
    size_t attempt_room;            /* how many fit; further ones are not noted */
    size_t attempt_count;           /* becomes how many were noted */
    csk_interrupt_fn *on_interrupt; /* the socket's, from the first attempt on; when it returns
                                       CSK_EINTERRUPTED no further attempt is made */
    struct csk_error *error;        /* filled in: names the address, or what was wrong with it */
    int type, proto;                /* 0: SOCK_STREAM and its usual protocol */
    csk_open_fn *on_open;           /* may be NULL */
    void *context;                  /* on_open's */
};

/* What csk_create_server may be told. */
struct csk_server_options {
    int family;              /* AF_UNSPEC: the address's form tells, and a name or an empty host is
                                AF_INET's, with dualstack_ipv6 AF_INET6's; else this family */
    int backlog;             /* 0: CSK_BACKLOG_DEFAULT; negative: 0 */
    bool reuse_port;         /* SO_REUSEPORT */
    bool dualstack_ipv6;     /* serve IPv4 too, through IPv4-mapped addresses */
    struct csk_error *error; /* filled in: names the address, or what was wrong with it */
    int type, proto;         /* 0: SOCK_STREAM and its usual protocol */
    csk_open_fn *on_open;    /* may be NULL */
    void *context;           /* on_open's */
};

/**
 * Connect to a service: resolve the host, then try its addresses until one answers.
 *
 * @s       filled in
 * @address "host:port", "[IPv6]:port" or ":port" (this machine), where host may be a name and port
 *          a service's name; or an AF_UNIX path (any text with a slash) or "@abstract"
 * @options may be NULL
 *
 * Returns: 0.
 * Errors:  the last attempt's; s is then closed
 *          CSK_EAI() codes for a host that was not found
 *          CSK_EADDRTEXT, CSK_EPORT for a text that is no address
 *          CSK_ETIMEDOUT; CSK_EINTERRUPTED; CSK_ENOADDRESS
 * Python:  create_connection
 * Since:   0.1
 * See:     csk_connect_any(3), csk_connect(3), csk_getaddrinfo(3)
 */
CSK_API int csk_create_connection(struct csk_socket *s, const char *address,
                                  struct csk_connection_options *options);

/**
 * Connect to the first of some addresses that answers: csk_create_connection without the resolver.
 *
 * @s       filled in
 * @list    the addresses, and which socket each is for (borrowed)
 * @count   how many
 * @options may be NULL; family, type and proto play no part
 *
 * Returns: 0.
 * Errors:  as csk_create_connection
 * Python:  create_connection, after its call of getaddrinfo
 * Since:   0.1
 * See:     csk_create_connection(3), csk_getaddrinfo(3)
 */
CSK_API int csk_connect_any(struct csk_socket *s, const struct csk_addrinfo *list, size_t count,
                            struct csk_connection_options *options);

/**
 * Open a socket that listens on an address: a stream socket, unless the options say otherwise.
 *
 * SO_REUSEADDR is set, so that a server that was just ended can start again.
 * "[::]:port" without dualstack_ipv6 serves IPv6 alone.
 *
 * @s       filled in
 * @address as csk_addr_parse has it (":80" is all IPv4 addresses, "[::]:80" all IPv6 ones,
 *          "/path"), where the host may also be a name and the port a service's name
 * @options may be NULL
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
                              const struct csk_server_options *options);

#ifdef __cplusplus
}
#endif

#endif
