/* Socket addresses of every family.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_ADDR_H
#define CSOCKET_ADDR_H

#include <csocket/err.h>
#include <csocket/layout.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An address of any family, with its length: a value that may be copied. */
struct csk_addr {
    socklen_t len; /* size of the address in bytes; 0: no address */
    int proto;     /* of the socket: in some families (AF_CAN) the layout depends on it */
    union {
        struct sockaddr sa;
        struct sockaddr_storage storage;
        unsigned char bytes[sizeof(struct sockaddr_storage)];
    };
};
typedef struct csk_addr csk_addr_t;

/* Size of a buffer for the text of any address, and for the text of its fields. */
#define CSK_ADDR_TEXT_MAX 512

/* The maximum number of fields of an address. */
#define CSK_ADDR_FIELDS_MAX 8

/* For csk_family_proto: the layout is the same for all protocols. */
#define CSK_ANY_PROTO (-1)

struct csk_socket; /* socket.h */

/* An address family, or the layout that a family's addresses have with one protocol.  It is opaque;
 * its fields, csk_layout_field(csk_family_layout(family), index), are in the order of the values.
 */
struct csk_family;
typedef struct csk_family csk_family_t;

/* The form of a family's addresses in Python, their errors, and other properties. */
enum csk_family_flag {
    CSK_FAMILY_SCALAR_IN = 1,  /* an address of one value may be that value: "path" for ("path",) */
    CSK_FAMILY_SCALAR_OUT = 2, /* an address is read as that value */
    CSK_FAMILY_SCALAR_ONLY = 4,     /* an address must be that value: ("path",) is invalid */
    CSK_FAMILY_WRONG_FORMAT = 8,    /* values of the wrong kind are CSK_EADDRFORMAT (in Python
                                     * OSError), not CSK_EADDRKIND (TypeError) */
    CSK_FAMILY_SHUTDOWN_WAKES = 16, /* shutdown(2) wakes all calls that are blocked on a socket */
    CSK_FAMILY_NEVER_LINGERS = 32,  /* close(2) waits neither for the peer nor for unsent data */
};

/**
 * Find the description of a family's addresses.
 *
 * @family  AF_*
 * @proto   the socket's protocol; relevant in few families
 *
 * Returns: the description, which is constant, or NULL for an unknown family.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_at(3), csk_addr_pack(3)
 */
CSK_API const struct csk_family *csk_family_find(int family, int proto);

/**
 * Iterate over all families: index 0, 1, ... until NULL.
 *
 * @index   index, from 0
 *
 * Returns: a description, or NULL after the last one.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_find(3)
 */
CSK_API const struct csk_family *csk_family_at(size_t index);

/**
 * Return the name of an address family.
 *
 * @family  the family (borrowed)
 *
 * Returns: "AF_INET"; "" if family is NULL.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_find(3), csk_family_variant(3)
 */
CSK_API const char *csk_family_name(const struct csk_family *family);

/**
 * Return the protocol to which a layout of a family's addresses is limited.
 *
 * @family  the family (borrowed)
 *
 * Returns: "ISOTP", or NULL if the layout is the same for all protocols.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_proto(3)
 */
CSK_API const char *csk_family_variant(const struct csk_family *family);

/**
 * Return the number of an address family.
 *
 * @family  the family (borrowed)
 *
 * Returns: AF_*.
 * Errors:  CSK_ENULL family is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_family_name(3)
 */
CSK_API int csk_family_number(const struct csk_family *family);

/**
 * Return the number of the protocol to which a layout of a family's addresses is limited.
 *
 * @family  the family (borrowed)
 *
 * Returns: the protocol, or CSK_ANY_PROTO.
 * Errors:  none, except CSK_ENULL if family is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_family_variant(3)
 */
CSK_API int csk_family_proto(const struct csk_family *family);

/**
 * Return the flags of an address family.
 *
 * @family  the family (borrowed)
 *
 * Returns: CSK_FAMILY_*, combined with |.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_layout(3)
 */
CSK_API unsigned csk_family_flags(const struct csk_family *family);

/**
 * Return the layout of a family's addresses.
 *
 * @family  the family (borrowed)
 *
 * Returns: the layout, which is constant.  Its fields without CSK_FIELD_FLAG_LENGTH are the values
 *          of an address.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_field(3), csk_addr_pack(3)
 */
CSK_API const struct csk_layout *csk_family_layout(const struct csk_family *family);

/**
 * Return the syntax of a family's addresses as text.
 *
 * @family  the family (borrowed)
 *
 * Returns: "host:port", or NULL: fields separated by commas.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_addr_parse(3)
 */
CSK_API const char *csk_family_syntax(const struct csk_family *family);

/**
 * Return the purpose of an address family.
 *
 * @family  the family (borrowed)
 *
 * Returns: a short description.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_name(3)
 */
CSK_API const char *csk_family_meaning(const struct csk_family *family);

/**
 * Return the meaning of a field of a family's addresses.
 *
 * @family  the family (borrowed)
 * @index   index of the field in the family's layout
 *
 * Returns: a short description, or NULL if there is none.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_layout(3), csk_layout_field(3)
 */
CSK_API const char *csk_family_field_meaning(const struct csk_family *family, size_t index);

/**
 * Return whether sends on stream and datagram sockets only copy into a queue, and so wait only for
 * space in it.
 *
 * @family  AF_*
 * @proto   the socket's protocol
 *
 * Returns: false if they may wait for a device, a lock of the network's configuration, or a
 *          connection.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_send(3)
 */
CSK_API bool csk_family_is_queued(int family, int proto);

/**
 * Pack an address from the values of its fields, as Python does from a tuple.
 *
 * Hosts must be numeric, or "" or "<broadcast>"; csk_addr_resolve also accepts names.
 *
 * @addr    filled in; unchanged on failure
 * @family  AF_*
 * @proto   the socket's protocol
 * @values  one value per field, in the order of the family's fields (borrowed)
 * @count   number of values; optional fields at the end may be missing
 * @error   filled in on failure with the invalid field; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EFAMILY unknown family
 *          CSK_EADDRKIND a field is missing, one is too many, or one is of the wrong kind;
 *          CSK_EADDRFORMAT in families with CSK_FAMILY_WRONG_FORMAT, and for an invalid
 *          Bluetooth address
 *          CSK_EADDRFIELD a number is out of range
 *          CSK_EADDRVALUE text or bytes are not valid for the field, or a host is a name
 *          CSK_EPORT a port is not in 0-65535
 *          CSK_EPATHTOOLONG an AF_UNIX path is too long
 *          CSK_EBROADCAST IPv4's broadcast address is not valid in this family
 *          -ENODEV no such interface, CSK_EINTERFACE not a valid name of an interface
 *          CSK_ENULL addr is NULL, or values is and count is not 0
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_unpack(3), csk_addr_parse(3), csk_addr_resolve(3)
 */
CSK_API int csk_addr_pack(struct csk_addr *addr, int family, int proto,
                          const struct csk_value *values, size_t count, struct csk_error *error);

/**
 * Pack an address from a numeric host and numbers, several times faster than csk_addr_pack.
 *
 * @addr    filled in, except proto; undefined on failure
 * @family  the family (borrowed)
 * @host    an IPv4 or IPv6 address (borrowed)
 * @size    size of host in bytes
 * @numbers the values of the fields after the host (borrowed)
 * @count   number of elements of numbers, at least 1
 *
 * Returns: whether addr was filled in.  If not, the family's addresses do not begin with a host, or
 *          a value needs conversion or is invalid: call csk_addr_pack.
 * Errors:  none
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_pack(3)
 */
CSK_API bool csk_addr_pack_numeric(struct csk_addr *addr, const struct csk_family *family,
                                   const char *host, size_t size, const int64_t *numbers,
                                   size_t count);

/**
 * Pack an address for a socket: csk_addr_pack with the socket's family and protocol.
 *
 * Names of interfaces (AF_PACKET, AF_CAN) are looked up through the socket.  That is several times
 * faster than csk_addr_pack, which must open a socket to look them up.
 *
 * @s       the socket (borrowed)
 * @addr    filled in; unchanged on failure
 * @values  as for csk_addr_pack (borrowed)
 * @count   number of values
 * @error   filled in on failure with the invalid field; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_addr_pack
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_pack(3), csk_addr_unpack_for(3)
 */
CSK_API int csk_addr_pack_for(const struct csk_socket *s, struct csk_addr *addr,
                              const struct csk_value *values, size_t count,
                              struct csk_error *error);

/**
 * Return whether values contain a host name, which only the resolver can turn into an address.
 *
 * @family  AF_*
 * @proto   the socket's protocol
 * @values  as for csk_addr_pack (borrowed)
 * @count   number of values
 *
 * Returns: true if csk_addr_resolve must be called instead of csk_addr_pack, and may block.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_addr_pack(3), csk_addr_resolve(3)
 */
CSK_API bool csk_addr_needs_resolver(int family, int proto, const struct csk_value *values,
                                     size_t count);

/**
 * Unpack an address into the values of its fields, as Python does into a tuple.
 *
 * No byte beyond addr->len is read.
 *
 * @addr    the address (borrowed)
 * @values  filled in; text and bytes point into addr or text
 * @text    a buffer for values that must be formatted (the caller's)
 *
 * Returns: the number of values, 0 for an address of length 0.
 * Errors:  CSK_EFAMILY unknown family: addr->bytes holds the address
 *          CSK_EADDRLEN the address is too short for its family
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_pack(3), csk_addr_format(3)
 */
CSK_API ssize_t csk_addr_unpack(const struct csk_addr *addr,
                                struct csk_value values[CSK_ADDR_FIELDS_MAX],
                                char text[CSK_ADDR_TEXT_MAX]);

/**
 * Unpack an address that a socket returned: csk_addr_unpack, with the names of interfaces looked up
 * through the socket.
 *
 * @s       the socket (borrowed); may be NULL
 * @addr    the address (borrowed)
 * @values  as for csk_addr_unpack
 * @text    as for csk_addr_unpack
 *
 * Returns: the number of values, 0 for an address of length 0.
 * Errors:  as csk_addr_unpack
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_unpack(3), csk_addr_pack_for(3)
 */
CSK_API ssize_t csk_addr_unpack_for(const struct csk_socket *s, const struct csk_addr *addr,
                                    struct csk_value values[CSK_ADDR_FIELDS_MAX],
                                    char text[CSK_ADDR_TEXT_MAX]);

/**
 * Parse an address.  The resolver is not used: hosts must be numeric.
 *
 * AF_INET: "127.0.0.1:80", ":80" (wildcard address), "<broadcast>:80".  AF_INET6: "[::1]:80",
 * "[fe80::1%eth0]:80", "[fe80::1%2]:80", ":80" (wildcard address), and a flow label after a
 * comma: "[::1]:80,0x12345".  AF_UNIX: "/run/path", "@abstract" (its first null byte is written
 * "@"), "" for the unnamed address; "\xNN" is a byte.  Other families: their fields, separated by
 * commas, numbers in decimal or as "0xNN", bytes in hexadecimal, a comma inside a field as "\x2c".
 * Any family, known or unknown: "AF_NN 0xHEX", where NN is its number and HEX the bytes that follow
 * it in the sockaddr.
 *
 * @addr    filled in; unchanged on failure
 * @family  AF_*; AF_UNSPEC: AF_INET, AF_INET6 or AF_UNIX, according to the syntax of the text
 * @proto   the socket's protocol
 * @text    the text (borrowed)
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EADDRTEXT the text does not have the family's syntax
 *          CSK_EPORT, CSK_EPATHTOOLONG, CSK_EFAMILY, CSK_EADDRKIND, CSK_EADDRFIELD,
 *          CSK_EADDRVALUE, CSK_EINTERFACE, -ENODEV as csk_addr_pack
 * Python:  none
 * Since:   0.1
 * See:     csk_addr_format(3), csk_getaddrinfo(3)
 */
CSK_API int csk_addr_parse(struct csk_addr *addr, int family, int proto, const char *text,
                           struct csk_error *error);

/**
 * Format an address as text that csk_addr_parse converts back to the same address.
 *
 * "127.0.0.1:80", "[::1]:80", "/run/app.sock", "@abstract": the notation of csk_create_connection.
 * No name is looked up.
 *
 * @addr    the address (borrowed); an invalid one is written as "AF_NN 0xHEX"
 * @text    filled in, always terminated by a null byte, truncated if necessary; "" for an address
 *          of length 0
 * @size    size of text in bytes; CSK_ADDR_TEXT_MAX is always enough
 *
 * Returns: text.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_addr_parse(3), csk_getnameinfo(3)
 */
CSK_API const char *csk_addr_format(const struct csk_addr *addr, char *text, size_t size);

/**
 * Compare two addresses byte by byte.
 *
 * @a       an address (borrowed)
 * @b       an address (borrowed)
 *
 * Returns: whether they are equal.
 * Errors:  none
 * Python:  ==
 * Since:   0.1
 * See:     csk_addr_format(3)
 */
CSK_API bool csk_addr_equal(const struct csk_addr *a, const struct csk_addr *b);

/**
 * Return an address's port.
 *
 * @addr    the address (borrowed)
 *
 * Returns: the value of the field "port": 0-65535 in the internet families, 32 bits in others.
 * Errors:  CSK_EFAMILY the family has no ports, CSK_EADDRLEN the address is too short
 * Python:  address[1]
 * Since:   0.1
 * See:     csk_addr_unpack(3)
 */
CSK_API int64_t csk_addr_port(const struct csk_addr *addr);

/**
 * Set the port of an address.
 *
 * @addr    the address, which is changed; unchanged on failure
 * @port    the port: 0-65535 in the internet families, 32 bits in others
 * @error   filled in on failure with the valid range; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EFAMILY the family has no ports, CSK_EADDRLEN the address is too short
 *          CSK_EPORT, CSK_EADDRFIELD the port is out of range
 * Python:  (address[0], port)
 * Since:   0.1
 * See:     csk_addr_port(3)
 */
CSK_API int csk_addr_set_port(struct csk_addr *addr, int64_t port, struct csk_error *error);

/**
 * Format the host of an address.
 *
 * @addr    the address (borrowed)
 * @text    filled in, always terminated by a null byte, truncated if necessary; may be NULL if size
 *          is 0
 * @size    size of text in bytes; CSK_ADDR_TEXT_MAX is always enough
 *
 * Returns: the length of the complete text ("127.0.0.1", "fe80::1") in bytes, without the null
 *          byte.
 * Errors:  CSK_EFAMILY the family's addresses have no host, CSK_EADDRLEN the address is too short
 * Python:  address[0]
 * Since:   0.1
 * See:     csk_addr_port(3), csk_getnameinfo(3)
 */
CSK_API ssize_t csk_addr_host(const struct csk_addr *addr, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
