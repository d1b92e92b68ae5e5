/* Names of hosts, services and protocols.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_RESOLVE_H
#define CSOCKET_RESOLVE_H

#include <csocket/addr.h>
#include <csocket/err.h>
#include <csocket/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One way to reach a host and service. */
struct csk_addrinfo {
    int family;
    int type;
    int proto;
    const char *canonname; /* in the first entry if flags has AI_CANONNAME; otherwise "" */
    struct csk_addr addr;
};
typedef struct csk_addrinfo csk_addrinfo_t;

/* Limits of a lookup, in addition to those of the thread's scopes (csk_scope_push); the soonest
 * counts.  All zero: none. */
struct csk_lookup_options {
    int64_t timeout;           /* ns; 0 or negative: none */
    int64_t deadline;          /* on csk_now()'s clock; 0: none */
    struct csk_cancel *cancel; /* borrowed; NULL: none */
    csk_interrupt_fn
        *on_interrupt; /* called if a signal interrupts a lookup with a limit; may be NULL */
    void *context;     /* context of the socket passed to on_interrupt (borrowed) */
};
typedef struct csk_lookup_options csk_lookup_options_t;

/* clang-format off */
#define CSK_LOOKUP_OPTIONS_INIT { 0, 0, NULL, NULL, NULL }
/* clang-format on */

/* A host: its names and its addresses, all numeric. */
struct csk_hostent {
    const char *name;
    const char **aliases;   /* ends with NULL */
    const char **addresses; /* text; ends with NULL */
    int family;
};
typedef struct csk_hostent csk_hostent_t;

/**
 * Resolve a host and a service into addresses.
 *
 * A numeric host with a numeric or absent service is resolved without the system's resolver.  If a
 * limit applies, the system's resolver runs in another thread, otherwise in the calling one.
 *
 * @host    a name, a numeric address, or NULL for the wildcard or loopback address (borrowed)
 * @service a service name, a port number as text, or NULL (borrowed)
 * @family  AF_UNSPEC (0) or AF_*
 * @type    0 or SOCK_*
 * @proto   0 or IPPROTO_*
 * @flags   AI_*
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @list    set to an array, which csk_freeaddrinfo frees; NULL if the call fails
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of entries, at least 1.
 * Errors:  CSK_EAI() codes; -errno instead of EAI_SYSTEM; -ENOMEM
 *          -EMFILE, -ENFILE the resolver could not open a file descriptor
 *          CSK_EAI(EAI_SERVICE) the service is a number that is not a port
 *          CSK_ENOADDRESS the system's resolver returned no address
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  getaddrinfo
 * Since:   0.1
 * See:     getaddrinfo(3), csk_freeaddrinfo(3), csk_scope_push(3)
 */
CSK_API ssize_t csk_getaddrinfo(const char *host, const char *service, int family, int type,
                                int proto, int flags, const struct csk_lookup_options *options,
                                struct csk_addrinfo **list, struct csk_error *error);

/**
 * Resolve a host and a service if that does not require the resolver.
 *
 * For callers that must prepare before they block: a numeric host with a numeric or absent service
 * is resolved as by csk_getaddrinfo; everything else requires csk_getaddrinfo.
 *
 * @host    as csk_getaddrinfo
 * @service as csk_getaddrinfo
 * @family  as csk_getaddrinfo
 * @type    as csk_getaddrinfo
 * @proto   as csk_getaddrinfo
 * @flags   as csk_getaddrinfo
 * @list    as csk_getaddrinfo; NULL if the resolver is needed
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of entries; 0: call csk_getaddrinfo.
 * Errors:  -ENOMEM; CSK_EAI(EAI_SERVICE) as csk_getaddrinfo
 * Python:  none
 * Since:   0.1
 * See:     csk_getaddrinfo(3), csk_freeaddrinfo(3)
 */
CSK_API ssize_t csk_getaddrinfo_numeric(const char *host, const char *service, int family, int type,
                                        int proto, int flags, struct csk_addrinfo **list,
                                        struct csk_error *error);

/**
 * Free the array of csk_getaddrinfo.
 *
 * @list    the array, or NULL
 *
 * Returns: nothing.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_getaddrinfo(3)
 */
CSK_API void csk_freeaddrinfo(struct csk_addrinfo *list);

/**
 * Pack an address as csk_addr_pack does, after resolving its host.
 *
 * The first address that the resolver returns for the host in the address family is used.  A zone
 * in the name ("fe80::1%eth0") becomes the scope unless the field scope_id is present.  The other
 * fields are checked before the resolver is called.
 *
 * @addr    filled in; unchanged if the call fails
 * @family  AF_*
 * @proto   the socket's protocol
 * @values  one value per field, in the order of the family's fields (borrowed)
 * @count   number of values; optional fields at the end may be missing
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_addr_pack, and for the host as csk_getaddrinfo
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_pack(3), csk_addr_needs_resolver(3), csk_getaddrinfo(3)
 */
CSK_API int csk_addr_resolve(struct csk_addr *addr, int family, int proto,
                             const struct csk_value *values, size_t count,
                             const struct csk_lookup_options *options, struct csk_error *error);

/**
 * Translate an address into the names of its host and service.
 *
 * With NI_NUMERICHOST and NI_NUMERICSERV no name server is queried. A host without a name is
 * returned as its numeric address, unless flags has NI_NAMEREQD.
 *
 * @addr    the address (borrowed)
 * @flags   NI_*
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @host    filled in with the host's name, terminated by a null byte; may be NULL
 * @host_size size of host in bytes; NI_MAXHOST is always enough
 * @service filled in with the service's name, terminated by a null byte; may be NULL
 * @service_size size of service in bytes; NI_MAXSERV is always enough
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes; -errno instead of EAI_SYSTEM
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  getnameinfo
 * Since:   0.1
 * See:     getnameinfo(3), csk_getaddrinfo(3)
 */
CSK_API int csk_getnameinfo(const struct csk_addr *addr, int flags,
                            const struct csk_lookup_options *options, char *host, size_t host_size,
                            char *service, size_t service_size, struct csk_error *error);

/**
 * Translate a host's name into its first IPv4 address.
 *
 * @host    the name, an IPv4 address, "" or "<broadcast>" (borrowed)
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @text    filled in with the address
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes; -errno, -ENOMEM as csk_getaddrinfo
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  gethostbyname
 * Since:   0.1
 * See:     csk_gethostbyname_ex(3), csk_getaddrinfo(3)
 */
CSK_API int csk_gethostbyname(const char *host, const struct csk_lookup_options *options,
                              char text[16], struct csk_error *error);

/**
 * Translate a host's name into its names and IPv4 addresses.
 *
 * @host    the name, or an IPv4 address (borrowed)
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @list    set to the host, which csk_freehostent frees; NULL if the call fails
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes the name was not found; CSK_EHOST() codes, -errno, -ENOMEM
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  gethostbyname_ex
 * Since:   0.1
 * See:     gethostbyname(3), csk_freehostent(3)
 */
CSK_API int csk_gethostbyname_ex(const char *host, const struct csk_lookup_options *options,
                                 struct csk_hostent **list, struct csk_error *error);

/**
 * Translate an IPv4 or IPv6 address, or a host's name, into the host's names and addresses.
 *
 * @host    a numeric address, or a name (borrowed)
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @list    set to the host, which csk_freehostent frees; NULL if the call fails
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes the name was not found; CSK_EHOST() codes, -errno, -ENOMEM
 *          CSK_EWILDCARD host is "", which is an address of both families
 *          -EAFNOSUPPORT the resolved address is of another family
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  gethostbyaddr
 * Since:   0.1
 * See:     gethostbyaddr(3), csk_freehostent(3)
 */
CSK_API int csk_gethostbyaddr(const char *host, const struct csk_lookup_options *options,
                              struct csk_hostent **list, struct csk_error *error);

/**
 * Free the result of csk_gethostbyname_ex or csk_gethostbyaddr.
 *
 * @list    the host, or NULL
 *
 * Returns: nothing.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_gethostbyaddr(3)
 */
CSK_API void csk_freehostent(struct csk_hostent *list);

/**
 * Find a host's fully qualified name: the first of its names with a dot.
 *
 * @host    a name or address (borrowed); NULL, "", "0.0.0.0" and "::": this machine
 * @options limits (borrowed); NULL: only those of the thread's scopes
 * @name    filled in, terminated by a null byte
 * @size    size of name in bytes; NI_MAXHOST is always enough
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.  If the host is not found, name is set to host.
 * Errors:  CSK_ESPACE name is too small
 *          -ENOMEM, -EMFILE and other errors that prevented the lookup
 *          -errno of gethostname(2)
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  getfqdn
 * Since:   0.1
 * See:     csk_gethostbyaddr(3)
 */
CSK_API int csk_getfqdn(const char *host, const struct csk_lookup_options *options, char *name,
                        size_t size, struct csk_error *error);

/**
 * Return this machine's name.
 *
 * @name    filled in, terminated by a null byte
 * @size    size of name in bytes; HOST_NAME_MAX + 1 is always enough
 *
 * Returns: 0.
 * Errors:  CSK_ESPACE name is too small; -errno of gethostname(2)
 * Python:  gethostname
 * Since:   0.1
 * See:     gethostname(2)
 */
CSK_API int csk_gethostname(char *name, size_t size);

/**
 * Set this machine's name.
 *
 * @name    the name (borrowed); need not end with a null byte
 * @size    size of name in bytes
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  -EPERM the process is not privileged; -errno of sethostname(2)
 * Python:  sethostname
 * Since:   0.1
 * See:     sethostname(2)
 */
CSK_API int csk_sethostname(const char *name, size_t size, struct csk_error *error);

/**
 * Find the port of a service.
 *
 * @service the service's name (borrowed)
 * @proto   "tcp", "udp" ..., or NULL for any (borrowed)
 * @error   filled in on failure; may be NULL
 *
 * Returns: the port.
 * Errors:  CSK_ESERVICE no such service; -ENOMEM
 * Python:  getservbyname
 * Since:   0.1
 * See:     getservbyname(3), services(5)
 */
CSK_API int csk_getservbyname(const char *service, const char *proto, struct csk_error *error);

/**
 * Find the name of the service at a port.
 *
 * @port    0-65535
 * @proto   "tcp", "udp" ..., or NULL for any (borrowed)
 * @name    filled in, terminated by a null byte
 * @size    size of name in bytes; NI_MAXSERV is enough
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EPORT port is out of range
 *          CSK_EPORTSERVICE no such service
 *          CSK_ESPACE name is too small
 *          -ENOMEM
 * Python:  getservbyport
 * Since:   0.1
 * See:     getservbyport(3), services(5)
 */
CSK_API int csk_getservbyport(int port, const char *proto, char *name, size_t size,
                              struct csk_error *error);

/**
 * Find the number of an internet protocol.
 *
 * @proto   the protocol's name: "icmp", "tcp" ... (borrowed)
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number, for example for the proto of csk_socket.
 * Errors:  CSK_EPROTOCOL no such protocol; -ENOMEM
 * Python:  getprotobyname
 * Since:   0.1
 * See:     getprotobyname(3), protocols(5)
 */
CSK_API int csk_getprotobyname(const char *proto, struct csk_error *error);

#ifdef __cplusplus
}
#endif

#endif
