/* The description of an address family, and declarations shared by src/family/ and src/address/.
 *
 * A family is one file here and one line in families.def.  The file defines
 *
 *     const struct csk_family cski_family_NAME[] = { {...}, { .name = "" } };
 *
 * with an entry for each layout of the family's addresses: those of one protocol first, the one for
 * all other protocols (CSK_ANY_PROTO) last.  A family that its layout describes completely needs no
 * functions. */
#ifndef CSKI_FAMILY_H
#define CSKI_FAMILY_H

#include "internal.h"
#include "layout/layout.h"

/* The functions replace the core's handling of the fields; NULL leaves it to the core. */
struct csk_family {
    char name[16];    /* "AF_INET" */
    char variant[20]; /* "ISOTP": the name of the protocol, if the layout is only that protocol's */
    int family;
    int proto; /* CSK_ANY_PROTO unless the layout is only that protocol's */
    socklen_t min_len, max_len;
    struct csk_layout layout; /* hidden fields are its last ones */
    unsigned flags;           /* CSK_FAMILY_* */
    char syntax[40];          /* "host:port"; "": fields separated by commas */

    /* The sa_family, if it is not the socket's family. */
    int sa_family;

    /* The kernel raises SIGPIPE for this family's sends unless MSG_NOSIGNAL is set.  Other families
     * do not raise it or do so regardless of the flag, and many refuse the flag with EINVAL. */
    bool raises_sigpipe;

    /* The family's messages carry file descriptors, for which MSG_CMSG_CLOEXEC is set.  Many other
     * families refuse the flag with EINVAL. */
    bool passes_fds;

    /* accept fails if the peer's address is requested. */
    bool nameless_peers;

    /* Encode the parameters of an operation on the data as control messages. */
    int (*encode_cipher)(struct cski_cipher *cipher);

    /* Connecting, and sending a datagram, wait for space at the peer's socket; shutdown() of their
     * own socket does not end this wait: see slice.c. */
    bool waits_for_peer;

    /* Optional fields that all have their defaults are left out when an address is read. */
    bool omits_defaults;

    /* Protocols, terminated by -1, whose sends wait for nothing but space in a queue; NULL: none.
     * Others may wait for a device, a lock of the network's configuration, or a connection. */
    const int *queued;

    /* Make an address; *addr must be unchanged on failure. */
    int (*pack)(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error);

    /* Check or complete the address packed from the fields. */
    int (*packed)(const struct csk_family *f, struct csk_addr *addr, struct csk_error *error);

    /* Read an address of at least min_len bytes: the number of values. */
    int (*unpack)(const struct csk_family *f, const struct csk_addr *addr, struct csk_value *values,
                  char *text);

    /* The text form.  parse must leave *addr unchanged on failure.  format may write
     * CSK_ADDR_TEXT_MAX bytes, and terminates the text with a null byte. */
    int (*parse)(const struct csk_family *f, struct csk_addr *addr, const char *text,
                 struct csk_error *error);
    void (*format)(const struct csk_family *f, const struct csk_addr *addr, char *text);

    /* Clear the bits of an address from the kernel that describe a frame instead of its sender;
     * NULL: there are none.  They are not in the text. */
    void (*clear_flags)(struct csk_addr *addr);

    /* Whether text of an unknown family looks like this one's. */
    bool (*guess)(const char *text);

    /* For docs/families.md and the command: its purpose, the meanings of its fields, in their
     * order, and its requirements. */
    struct {
        char meaning[96], fields[6][64], module[80], since[40], privilege[72], verified[88];
        char sockets[40]; /* type and protocol of its sockets: "SOCK_DGRAM, CAN_ISOTP" */
        char example[96]; /* a call, and an address as text: "bind can0" */
    } notes;
};

#define CSKI_COUNT(array) (sizeof(array) / sizeof *(array))

/* family.c */
const struct csk_family *cski_family_find(int family, int proto);
const struct csk_family *cski_family_guess(const char *text);

/* Iterate over the families of other systems, whose numbers may have another meaning on this
 * system: for tests and documentation. */
const struct csk_family *cski_family_foreign(size_t index);
/* The same over those of this system first. */
const struct csk_family *cski_family_any(size_t index);

/* The number of fields that have values. */
static inline unsigned cski_family_field_count(const struct csk_family *f)
{
    unsigned count = f->layout.count;

    while (count > 0 && cski_field_is_hidden(&f->layout.fields[count - 1]))
        count--;
    return count;
}

static inline bool cski_is_optional(const struct csk_field *field)
{
    return field->flags & CSK_FIELD_FLAG_OPTIONAL;
}

/* The sa_family of a family's addresses. */
static inline int cski_sa_family(const struct csk_family *f)
{
    return f->sa_family ? f->sa_family : f->family;
}

static inline bool cski_is_text(const struct csk_value *value)
{
    return value->kind == CSK_VALUE_TEXT || value->kind == CSK_VALUE_BYTES;
}

/* error.c: an optional error with "AF_NAME VARIANT address: ..."; they return the code. */
int cski_family_fail(const struct csk_family *f, struct csk_error *error, int code,
                     const char *format, ...) __attribute__((format(CSKI_PRINTF, 4, 5)));
int cski_family_check_count(const struct csk_family *f, size_t count, struct csk_error *error);
int cski_family_wrong_kind(const struct csk_family *f, const struct csk_field *field,
                           const struct csk_value *value, struct csk_error *error);
/* The refusal of a value, as an error about the field. */
int cski_family_refuse(const struct csk_family *f, const struct csk_field *field,
                       const struct csk_value *value, int refusal, struct csk_error *error);
/* Text that does not have the family's syntax. */
int cski_text_fail(const struct csk_family *f, const char *text, struct csk_error *error);

/* number.c: a number of a field, checked; the field's default for CSK_VALUE_NONE. */
int cski_family_number(const struct csk_family *f, const struct csk_field *field,
                       const struct csk_value *value, uint64_t *number, struct csk_error *error);

/* The text of a port: a number, which is not checked against the range yet. */
int cski_parse_port(const struct csk_family *f, const char *text, size_t size,
                    struct csk_value *value, struct csk_error *error);

/* host.c: fields that hold a host; the others need no resolver. */
bool cski_host_needs_resolver(const struct csk_field *field, const struct csk_value *value);
int cski_host(const struct csk_family *f, const struct csk_field *field,
              const struct csk_value *value, unsigned char *packed, struct csk_error *error);

/* inet.c, inet6.c: for families whose sockets have the internet's addresses. */
#define CSKI_SIN_MEANINGS                                                                          \
    {                                                                                              \
        "name or address; \"\" is any, \"<broadcast>\" is all", "0 lets the system choose"         \
    }
#define CSKI_SIN6_MEANINGS                                                                         \
    {                                                                                              \
        "name or address; \"\" is any", "0 lets the system choose", "flow label",                  \
            "interface's index, for link-local addresses"                                          \
    }
extern const struct csk_field cski_sin_fields[2], cski_sin6_fields[4];
extern const int cski_sin_queued[4];
int cski_sin_pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                  size_t count, struct csk_error *error);
int cski_sin_unpack(const struct csk_family *f, const struct csk_addr *addr,
                    struct csk_value *values, char *text);
int cski_sin_parse(const struct csk_family *f, struct csk_addr *addr, const char *text,
                   struct csk_error *error);
int cski_sin6_pack(const struct csk_family *f, struct csk_addr *addr,
                   const struct csk_value *values, size_t count, struct csk_error *error);
int cski_sin6_unpack(const struct csk_family *f, const struct csk_addr *addr,
                     struct csk_value *values, char *text);
int cski_sin6_parse(const struct csk_family *f, struct csk_addr *addr, const char *text,
                    struct csk_error *error);

/* usual.c */
void cski_sin_format(const struct csk_family *f, const struct csk_addr *addr, char *text);
void cski_sin6_format(const struct csk_family *f, const struct csk_addr *addr, char *text);
void cski_sun_format(const struct csk_family *f, const struct csk_addr *addr, char *text);
struct sockaddr_in6 cski_sin6_read(const struct csk_addr *addr);
size_t cski_sun_path(const struct csk_addr *addr, const char **path);
/* The text of an address of one of these families; false if it is not one. */
bool cski_family_format_usual(const struct csk_addr *addr, char *text);

/* unpack.c: for families that unpack only some fields themselves. */
int cski_unpack_fields(const struct csk_family *f, int fd, const struct csk_addr *addr,
                       struct csk_value *values, char *text);

#endif
