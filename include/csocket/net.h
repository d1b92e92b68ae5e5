/* Interfaces, byte order, numeric IP addresses, and support for IPv6.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_NET_H
#define CSOCKET_NET_H

#include <csocket/addr.h>
#include <csocket/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A network interface. */
struct csk_if {
    unsigned index; /* 0: the end of the list */
    char name[IF_NAMESIZE];
};
typedef struct csk_if csk_if_t;

/* An address of a network interface.  Missing addresses have length 0. */
struct csk_ifaddr {
    char name[IF_NAMESIZE]; /* "": the end of the list */
    unsigned index;
    unsigned flags; /* IFF_* */
    struct csk_addr addr;
    struct csk_addr netmask;
    struct csk_addr broadcast; /* the peer's address if IFF_POINTOPOINT is set */
};
typedef struct csk_ifaddr csk_ifaddr_t;

/**
 * List the network interfaces.
 *
 * @list    set to an array that ends with index 0, which csk_if_freenameindex frees
 *
 * Returns: the number of interfaces.
 * Errors:  -errno of if_nameindex(3), -ENOMEM; list is then set to NULL
 * Python:  if_nameindex
 * Since:   0.1
 * See:     if_nameindex(3), csk_getifaddrs(3)
 */
CSK_API ssize_t csk_if_nameindex(struct csk_if **list);

/**
 * Free the array of csk_if_nameindex.
 *
 * @list    the array, or NULL
 *
 * Returns: nothing.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_if_nameindex(3)
 */
CSK_API void csk_if_freenameindex(struct csk_if *list);

/**
 * Find the index of an interface.
 *
 * @name    the interface's name (borrowed)
 * @error   filled in on failure; may be NULL
 *
 * Returns: the index, 1 or more.
 * Errors:  CSK_EINTERFACE no such interface (the kernel's ENODEV)
 *          -errno of socket(2), which the lookup requires, for example -EMFILE
 * Python:  if_nametoindex
 * Since:   0.1
 * See:     if_nametoindex(3)
 */
CSK_API int csk_if_nametoindex(const char *name, struct csk_error *error);

/**
 * Find the name of an interface.
 *
 * @index   the interface's index
 * @name    filled in
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  -ENXIO no such interface; -errno of socket(2), for example -EMFILE
 * Python:  if_indextoname
 * Since:   0.1
 * See:     if_indextoname(3)
 */
CSK_API int csk_if_indextoname(unsigned index, char name[IF_NAMESIZE], struct csk_error *error);

/**
 * List the network interfaces' addresses.
 *
 * @list    set to an array that ends with an empty name, which csk_freeifaddrs frees
 *
 * Returns: the number of addresses.
 * Errors:  -errno of getifaddrs(3), -ENOMEM; list is then set to NULL
 * Python:  getifaddrs (csocket only)
 * Since:   0.1
 * See:     getifaddrs(3)
 */
CSK_API ssize_t csk_getifaddrs(struct csk_ifaddr **list);

/**
 * Free the array of csk_getifaddrs.
 *
 * @list    the array, or NULL
 *
 * Returns: nothing.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_getifaddrs(3)
 */
CSK_API void csk_freeifaddrs(struct csk_ifaddr *list);

/**
 * Parse an IPv4 address as inet_aton does: "127.1", "0x7f000001", "017.0.0.1".
 *
 * @text    the address (borrowed)
 * @packed  filled in, in network byte order
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EINETTEXT text is not an IPv4 address
 * Python:  inet_aton
 * Since:   0.1
 * See:     inet_aton(3), csk_inet_pton(3)
 */
CSK_API int csk_inet_aton(const char *text, unsigned char packed[4], struct csk_error *error);

/**
 * Format an IPv4 address.
 *
 * @packed  the address, in network byte order (borrowed)
 * @size    size of packed in bytes, which must be 4
 * @text    filled in
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EINETLEN size is not 4
 * Python:  inet_ntoa
 * Since:   0.1
 * See:     inet_ntoa(3), csk_inet_ntop(3)
 */
CSK_API int csk_inet_ntoa(const void *packed, size_t size, char text[16], struct csk_error *error);

/**
 * Parse a numeric address of a family.
 *
 * @family  AF_INET or AF_INET6
 * @text    the address: four decimal numbers, or a form of RFC 4291 (borrowed)
 * @packed  filled in with 4 or 16 bytes, in network byte order
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of bytes: 4 or 16.
 * Errors:  CSK_EINETTEXT text is not an address of the family; -EAFNOSUPPORT another family
 * Python:  inet_pton
 * Since:   0.1
 * See:     inet_pton(3)
 */
CSK_API ssize_t csk_inet_pton(int family, const char *text, unsigned char packed[16],
                              struct csk_error *error);

/**
 * Parse a numeric address of a family from a string with a length.
 *
 * @family  AF_INET or AF_INET6
 * @text    the address, without a null byte (borrowed)
 * @size    size of text in bytes
 * @packed  filled in with 4 or 16 bytes, in network byte order
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of bytes: 4 or 16.
 * Errors:  as csk_inet_pton
 * Python:  inet_pton
 * Since:   0.1
 * See:     csk_inet_pton(3)
 */
CSK_API ssize_t csk_inet_pton_n(int family, const char *text, size_t size, unsigned char packed[16],
                                struct csk_error *error);

/**
 * Format a numeric address of a family (IPv6 as in RFC 5952).
 *
 * @family  AF_INET or AF_INET6
 * @packed  the address, in network byte order (borrowed)
 * @size    size of packed in bytes, which must be 4 for AF_INET and 16 for AF_INET6
 * @text    filled in
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EINETLEN wrong size; -EAFNOSUPPORT another family
 * Python:  inet_ntop
 * Since:   0.1
 * See:     inet_ntop(3)
 */
CSK_API int csk_inet_ntop(int family, const void *packed, size_t size, char text[46],
                          struct csk_error *error);

/**
 * Convert a 16-bit number from host to network byte order.
 *
 * @number  the number in host byte order
 *
 * Returns: the number in network byte order.
 * Errors:  none
 * Python:  htons
 * Since:   0.1
 * See:     byteorder(3)
 */
CSK_API uint16_t csk_htons(uint16_t number);

/**
 * Convert a 16-bit number from network to host byte order.
 *
 * @number  the number in network byte order
 *
 * Returns: the number in host byte order.
 * Errors:  none
 * Python:  ntohs
 * Since:   0.1
 * See:     byteorder(3)
 */
CSK_API uint16_t csk_ntohs(uint16_t number);

/**
 * Convert a 32-bit number from host to network byte order.
 *
 * @number  the number in host byte order
 *
 * Returns: the number in network byte order.
 * Errors:  none
 * Python:  htonl
 * Since:   0.1
 * See:     byteorder(3)
 */
CSK_API uint32_t csk_htonl(uint32_t number);

/**
 * Convert a 32-bit number from network to host byte order.
 *
 * @number  the number in network byte order
 *
 * Returns: the number in host byte order.
 * Errors:  none
 * Python:  ntohl
 * Since:   0.1
 * See:     byteorder(3)
 */
CSK_API uint32_t csk_ntohl(uint32_t number);

/**
 * Return whether the library was built on a system with IPv6.
 *
 * Returns: true if it was.
 * Errors:  none
 * Python:  has_ipv6
 * Since:   0.1
 * See:     csk_has_dualstack_ipv6(3)
 */
CSK_API bool csk_has_ipv6(void);

/**
 * Return whether one TCP socket can accept both IPv4 and IPv6 connections.
 *
 * Opens a socket and tries; the result can change with the system's settings.
 *
 * Returns: 1 if it can, 0 if not.
 * Errors:  -errno of socket(2), for example -EMFILE
 * Python:  has_dualstack_ipv6
 * Since:   0.1
 * See:     csk_create_server(3), ipv6(7)
 */
CSK_API int csk_has_dualstack_ipv6(void);

#ifdef __cplusplus
}
#endif

#endif
