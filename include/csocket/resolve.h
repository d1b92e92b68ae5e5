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
    const char *canonname; /* in the first, if AI_CANONNAME asked for it; else "" */
    struct csk_addr addr;
};
typedef struct csk_addrinfo csk_addrinfo_t;

/* Limits of a lookup, beside those of the thread's scopes (csk_scope_push); the soonest counts. All
 * zero: none. */
struct csk_lookup_options {
    int64_t timeout;           /* ns; 0 or negative: none */
    int64_t deadline;          /* of csk_now()'s time; 0: none */
    struct csk_cancel *cancel; /* NULL: none */
    csk_interrupt_fn
        *on_interrupt; /* called if a signal interrupts a lookup that has a limit; NULL */
    void *context;     /* on_interrupt's: the context of the socket that it is called with */
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
 * A numeric host with a numeric or absent service is answered without the system's resolver.  If a
 * limit applies, the system's resolver is asked in another thread; otherwise in the calling one.
 *
 * @host    a name, a numeric address, or NULL for the wildcard or loopback address
 * @service a service's name, a number as text, or NULL
 * @family  AF_UNSPEC (0) or AF_*
 * @type    0 or SOCK_*
 * @proto   0 or IPPROTO_*
 * @flags   AI_*
 * @options limits; NULL: those of the thread's scopes alone
 * @list    filled in with an array, which csk_freeaddrinfo frees; NULL if the call fails
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: the number of entries, at least 1.
 * Errors:  CSK_EAI() codes; -errno where the code would be EAI_SYSTEM; -ENOMEM
 *          -EMFILE, -ENFILE the resolver had no file descriptor left
 *          CSK_EAI(EAI_SERVICE) the service is a number that is not a port
 *          CSK_ENOADDRESS the system's resolver found nothing
 *          CSK_ETIMEDOUT, CSK_ECANCELED a limit ended the call
 * Python:  getaddrinfo
 * Since:   0.1
 * See:     getaddrinfo(3), csk_freeaddrinfo(3), csk_scope_push(3)
 */
CSK_API ssize_t csk_getaddrinfo(const char *host, const char *service, int family, int type,
                                int proto, int flags, const struct csk_lookup_options *options,
                                struct csk_addrinfo **list, struct csk_error *error);

/**
 * Resolve a host and a service if that needs no resolver.
 *
 * For callers that prepare before they block: a numeric host with a numeric or absent service is
 * answered as csk_getaddrinfo would; anything else is left to that.
 *
 * @host    as csk_getaddrinfo
 * @service as csk_getaddrinfo
 * @family  as csk_getaddrinfo
 * @type    as csk_getaddrinfo
 * @proto   as csk_getaddrinfo
 * @flags   as csk_getaddrinfo
 * @list    as csk_getaddrinfo; NULL if the resolver is needed
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: the number of entries; 0: call csk_getaddrinfo.
 * Errors:  CSK_ENULL list is NULL; -ENOMEM; CSK_EAI(EAI_SERVICE) as csk_getaddrinfo
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
 * in the name ("fe80::1%eth0") becomes the scope, unless the field scope_id is given.  The other
 * fields are checked before the resolver is asked.
 *
 * @addr    filled in; unchanged if the call fails
 * @family  AF_*
 * @proto   the socket's protocol
 * @values  one per field, in the order of the family's fields (borrowed)
 * @count   number of values; optional fields at the end may be missing
 * @options limits; NULL: those of the thread's scopes alone
 * @error   filled in if the call fails; may be NULL
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
 * @addr    the address (borrowed)
 * @flags   NI_*
 * @options limits; NULL: those of the thread's scopes alone
 * @host    filled in with the host; NI_MAXHOST bytes are always enough; may be NULL
 * @host_size bytes of host
 * @service filled in with the service; NI_MAXSERV bytes are always enough; may be NULL
 * @service_size bytes of service
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes; -errno where the code would be EAI_SYSTEM
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
 * @host    the name, an IPv4 address, "" or "<broadcast>"
 * @options limits; NULL: those of the thread's scopes alone
 * @text    filled in with the address
 * @error   filled in if the call fails; may be NULL
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
 * @host    the name or an IPv4 address
 * @options limits; NULL: those of the thread's scopes alone
 * @list    filled in; csk_freehostent frees it; NULL if the call fails
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes (the name), CSK_EHOST() codes, -errno, -ENOMEM
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
 * @host    the address as text, or a name
 * @options limits; NULL: those of the thread's scopes alone
 * @list    filled in; csk_freehostent frees it; NULL if the call fails
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EAI() codes (the name), CSK_EHOST() codes, -errno, -ENOMEM
 *          CSK_EWILDCARD host is "", which is an address of each family
 *          -EAFNOSUPPORT the host that was found is of another family
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
 * Find a host's fully qualified name: the first of its names that has a dot.
 *
 * @host    a name or address; NULL, "", "0.0.0.0" and "::" mean this machine
 * @options limits; NULL: those of the thread's scopes alone
 * @name    filled in; NI_MAXHOST bytes are always enough
 * @size    bytes of name
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: 0.  A host that is not found keeps the name it was given.
 * Errors:  CSK_ESPACE; -ENOMEM, -EMFILE and others that kept the host from being looked up;
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
 * @name    filled in
 * @size    bytes of name; HOST_NAME_MAX + 1 are always enough
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
 * @size    bytes of name
 * @error   filled in if the call fails; may be NULL
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
 * @service its name
 * @proto   "tcp", "udp" ..., or NULL for any
 * @error   filled in if the call fails; may be NULL
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
 * @proto   "tcp", "udp" ..., or NULL for any
 * @name    filled in
 * @size    bytes of name; NI_MAXSERV are enough
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EPORT, CSK_EPORTSERVICE no such service, CSK_ESPACE, -ENOMEM
 * Python:  getservbyport
 * Since:   0.1
 * See:     getservbyport(3), services(5)
 */
CSK_API int csk_getservbyport(int port, const char *proto, char *name, size_t size,
                              struct csk_error *error);

/**
 * Find the number of an internet protocol.
 *
 * @proto   its name: "icmp", "tcp" ...
 * @error   filled in if the call fails; may be NULL
 *
 * Returns: the number, for socket's proto.
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
