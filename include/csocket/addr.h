/* Socket addresses of every family.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_ADDR_H
#define CSOCKET_ADDR_H

#include <csocket/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An address of any family, with its length: a value that may be copied. */
struct csk_addr {
    socklen_t len; /* bytes of sa that count; 0: no address */
    int proto;     /* of the socket it is for: in some families (AF_CAN) the form depends on it */
    union {
        struct sockaddr sa;
        struct sockaddr_storage storage;
        unsigned char bytes[sizeof(struct sockaddr_storage)];
    };
};

/* Room for the text of any address, and for the text of any of its fields. */
#define CSK_ADDR_TEXT_MAX 512

/* The most fields that an address of any family has. */
#define CSK_ADDR_FIELDS_MAX 8

/* For csk_family.proto: the form is the same whatever the protocol. */
#define CSK_ANY_PROTO (-1)

struct csk_socket; /* socket.h */

/* A value of a field, on its way in or out. */
enum csk_value_kind {
    CSK_VALUE_NONE, /* in: take the default */
    CSK_VALUE_INT,
    CSK_VALUE_UINT, /* as INT; for numbers above INT64_MAX */
    CSK_VALUE_TEXT, /* size bytes, not ended by a null byte */
    CSK_VALUE_BYTES,
};

struct csk_value {
    enum csk_value_kind kind;
    union {
        int64_t i;
        uint64_t u;
        const char *data;
    };
    size_t size; /* of data */
};

/* How a field lies in the sockaddr, and which kind of value it takes. */
enum csk_field_kind {
    CSK_FIELD_UINT,    /* number, the machine's byte order */
    CSK_FIELD_NET,     /* number, network byte order */
    CSK_FIELD_LE,      /* number, little-endian (Bluetooth) */
    CSK_FIELD_HOST4,   /* text: an IPv4 address or a host's name; "" is any, "<broadcast>" all */
    CSK_FIELD_HOST6,   /* text: an IPv6 address or a host's name; "" is any */
    CSK_FIELD_IFINDEX, /* text: an interface's name, kept as its index; "" is 0 */
    CSK_FIELD_TEXT,    /* text in an array, ended by a null byte */
    CSK_FIELD_BYTES,   /* bytes in an array; another byte holds their number */
    CSK_FIELD_BDADDR,  /* text: a Bluetooth address, "00:11:22:33:44:55", kept last byte first */
    CSK_FIELD_UUID,    /* text: a UUID, kept as a Windows GUID */
    CSK_FIELD_CONTROL, /* number, or text: a kernel control's name (macOS) */
    CSK_FIELD_PATH,    /* text or bytes: a path, or a null byte and an abstract name */
};

struct csk_field {
    const char *name; /* as the specification calls it */
    enum csk_field_kind kind;
    uint16_t offset; /* bytes from the beginning of the sockaddr */
    uint16_t size;   /* bytes */
    bool optional;   /* may be left out; so may then all that follow */
    bool wraps;      /* negative numbers are taken too, as C's unsigned types do: -1 is max */
    uint16_t count;  /* CSK_FIELD_BYTES: offset of the byte that holds their number */
    uint64_t max;    /* the greatest number allowed; 0: what fits in size */
    uint64_t flags;  /* bits that may be set beside it */
    uint64_t preset; /* the number where it is left out */
    const char *meaning;
};

/* An address family, or the form that a family's addresses have with one protocol. */
struct csk_family {
    const char *name;    /* "AF_INET" */
    const char *variant; /* "ISOTP": the protocol's name, where the form is only that protocol's */
    int family;
    int proto; /* CSK_ANY_PROTO unless the form is only that protocol's */
    socklen_t min_len, max_len;
    const struct csk_field *fields;
    unsigned field_count;
    bool scalar_in;   /* an address of one value may stand alone: "path" for ("path",) */
    bool scalar_out;  /* and does when it is read */
    bool scalar_only; /* and must: ("path",) is none */
    bool loose;       /* Python has OSError, not TypeError, for values of the wrong kind */
    const char *form; /* the text form: "host:port"; NULL: fields separated by commas */
    /* For docs/families.md: what it is for, and what it needs; any may be NULL but meaning. */
    const char *meaning, *module, *since, *privilege, *verified;
    const char *sockets; /* type and protocol of its sockets: "SOCK_DGRAM, CAN_ISOTP" */
    const char *example; /* what to do, and an address as text: "bind can0" */
    /* Protocols (the last: -1) of which a stream or datagram that is sent goes into a queue, and
     * waits for nothing but room there; NULL: none.  Others may wait for a device, a lock of the
     * network's configuration, or a connection. */
    const int *queued;
};

/**
 * Find the description of a family's addresses.
 *
 * @family  AF_*
 * @proto   the socket's protocol; matters in few families
 *
 * Returns: the description, which is constant, or NULL for a family that the library does not know.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_at(3), csk_addr_pack(3)
 */
CSK_API const struct csk_family *csk_family_find(int family, int proto);

/**
 * Go through all families: index 0, 1, ... until NULL.
 *
 * @index   which
 *
 * Returns: a description, or NULL after the last.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_family_find(3)
 */
CSK_API const struct csk_family *csk_family_at(size_t index);

/**
 * Make an address of its fields' values, as Python makes one of a tuple.
 *
 * Hosts must be numeric, or "" or "<broadcast>"; csk_addr_resolve also takes names.
 *
 * @addr    filled in; as it was if the call fails
 * @family  AF_*
 * @proto   the socket's protocol
 * @values  one a field, in the order of csk_family.fields (borrowed)
 * @count   how many values there are; optional fields at the end may be missing
 * @error   says which field was wrong; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EFAMILY unknown family
 *          CSK_EADDRKIND a field is missing, one is too many, or one is of the wrong kind;
 *          CSK_EADDRFORM in families that are loose, and for what is no Bluetooth address
 *          CSK_EADDRFIELD a number is out of range
 *          CSK_EADDRVALUE a text or bytes are not what the field can hold, or a host is a name
 *          CSK_EPORT a port is not in 0-65535
 *          CSK_EPATHTOOLONG an AF_UNIX path has no room
 *          CSK_EBROADCAST IPv4's broadcast address is no address of this family
 *          -ENODEV for an interface that was not found, CSK_EINTERFACE if none can have the name
 *          CSK_ENULL addr is NULL, or values is and count is not 0
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_unpack(3), csk_addr_parse(3), csk_addr_resolve(3)
 */
CSK_API int csk_addr_pack(struct csk_addr *addr, int family, int proto,
                          const struct csk_value *values, size_t count, struct csk_error *error);

/**
 * Make an address for a socket: csk_addr_pack with the socket's family and protocol.
 *
 * Where an interface is named (AF_PACKET, AF_CAN), the socket is asked for it.  That is several
 * times faster than csk_addr_pack, which must open one for the question.
 *
 * @s       the socket (borrowed)
 * @addr    filled in; as it was if the call fails
 * @values  as for csk_addr_pack (borrowed)
 * @count   how many
 * @error   says which field was wrong; may be NULL
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
 * Return whether values hold a host that only the resolver can turn into an address.
 *
 * @family  AF_*
 * @proto   the socket's protocol
 * @values  as for csk_addr_pack (borrowed)
 * @count   how many
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
 * Take an address apart into its fields' values, as Python makes a tuple of one.
 *
 * Nothing beyond addr->len is read, whatever the kernel may have written.
 *
 * @addr    the address (borrowed)
 * @values  filled in; text and bytes point into addr or text
 * @text    room for what must be written out
 *
 * Returns: the number of values, 0 for an address of length 0.
 * Errors:  CSK_EFAMILY the library does not know the family: what there is, is in addr->bytes
 *          CSK_EADDRLEN the address is shorter than its family's shortest
 * Python:  address tuples
 * Since:   0.1
 * See:     csk_addr_pack(3), csk_addr_format(3)
 */
CSK_API int csk_addr_unpack(const struct csk_addr *addr,
                            struct csk_value values[CSK_ADDR_FIELDS_MAX],
                            char text[CSK_ADDR_TEXT_MAX]);

/**
 * Take an address that a socket has given apart: csk_addr_unpack, where the socket is asked for the
 * names of interfaces.
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
CSK_API int csk_addr_unpack_for(const struct csk_socket *s, const struct csk_addr *addr,
                                struct csk_value values[CSK_ADDR_FIELDS_MAX],
                                char text[CSK_ADDR_TEXT_MAX]);

/**
 * Make an address of text.  No resolver is asked: hosts must be numeric.
 *
 * AF_INET: "127.0.0.1:80", ":80" (any address), "<broadcast>:80".  AF_INET6: "[::1]:80",
 * "[fe80::1%eth0]:80", "[fe80::1%2]:80", ":80" (any address), and after a comma a flow label:
 * "[::1]:80,0x12345".  AF_UNIX: "/run/path", "@abstract" (its first null byte is written "@"), ""
 * for the unnamed; "\xNN" is a byte.  Other families: their fields, separated by commas, numbers in
 * decimal or as "0xNN", bytes in hexadecimal, a comma inside a field as "\x2c".  Any family, known
 * or not: "AF_NN 0xHEX", NN being its number and HEX the bytes that follow it in the sockaddr.
 *
 * @addr    filled in; as it was if the call fails
 * @family  AF_*; AF_UNSPEC guesses among AF_INET, AF_INET6 and AF_UNIX by the text's form
 * @proto   the socket's protocol
 * @text    the text (borrowed)
 * @error   says what was wrong with the text; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EADDRTEXT the text is not of the form, CSK_EPORT, CSK_EPATHTOOLONG, CSK_EFAMILY,
 *          CSK_EADDRKIND, CSK_EADDRFIELD, CSK_EADDRVALUE, CSK_EINTERFACE, -ENODEV as csk_addr_pack
 * Python:  none
 * Since:   0.1
 * See:     csk_addr_format(3), csk_getaddrinfo(3)
 */
CSK_API int csk_addr_parse(struct csk_addr *addr, int family, int proto, const char *text,
                           struct csk_error *error);

/**
 * Write an address as text, from which csk_addr_parse makes the same address.
 *
 * @addr    the address (borrowed); one that cannot be read is written as "AF_NN 0xHEX"
 * @text    filled in, always ended by a null byte; "" for an address of length 0
 * @size    bytes of text; CSK_ADDR_TEXT_MAX is always enough
 *
 * Returns: text.
 * Errors:  none; what does not fit is cut
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
 * Returns: whether they are the same.
 * Errors:  none
 * Python:  ==
 * Since:   0.1
 * See:     csk_addr_format(3)
 */
CSK_API bool csk_addr_equal(const struct csk_addr *a, const struct csk_addr *b);

/**
 * Tell an address's port.
 *
 * @addr    the address (borrowed)
 *
 * Returns: the number in the field "port": 0-65535 in the internet families, 32 bits in others.
 * Errors:  CSK_EFAMILY the family has no ports, CSK_EADDRLEN the address is too short
 * Python:  address[1]
 * Since:   0.1
 * See:     csk_addr_unpack(3)
 */
CSK_API int64_t csk_addr_port(const struct csk_addr *addr);

#ifdef __cplusplus
}
#endif

#endif
