/* What src/addr*.c and src/family/ have between them.
 *
 * A family is one file here and one line in families.def.  The file defines
 *
 *     const struct cski_family cski_family_NAME[] = { {...}, { .form.name = NULL } };
 *
 * an entry a form of the family's addresses: those that belong to one protocol first, the form of
 * all the others (CSK_ANY_PROTO) last.  A form that its fields say all about needs no functions. */
#ifndef CSKI_FAMILY_H
#define CSKI_FAMILY_H

#include "internal.h"

/* The functions replace what the core does with the fields; NULL leaves it to the core. */
struct cski_family {
    struct csk_family form; /* first: what csk_family_find gives is also one of these */

    /* What stands in sa_family, where it is not the socket's family. */
    int sa_family;

    /* The kernel raises SIGPIPE for this family's sends unless MSG_NOSIGNAL is set.  Other families
     * do not raise it or do so regardless of the flag, and many refuse the flag with EINVAL. */
    bool raises_sigpipe;

    /* The family's messages carry file descriptors, for which MSG_CMSG_CLOEXEC is set.  Many other
     * families refuse the flag with EINVAL. */
    bool passes_fds;

    /* accept fails where it is asked for the peer's address. */
    bool nameless_peers;

    /* Optional fields that all have their presets are left out when an address is read. */
    bool short_out;

    /* Make an address; *addr is to be left alone unless all is well. */
    int (*pack)(const struct cski_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error);

    /* Check or complete what was made of the fields. */
    int (*packed)(const struct cski_family *f, struct csk_addr *addr, struct csk_error *error);

    /* Take an address of at least form.min_len bytes apart: how many values there are. */
    int (*unpack)(const struct cski_family *f, const struct csk_addr *addr,
                  struct csk_value *values, char *text);

    /* The text form.  parse is to leave *addr alone unless all is well.  format may use
     * CSK_ADDR_TEXT_MAX bytes, and ends the text with a null byte. */
    int (*parse)(const struct cski_family *f, struct csk_addr *addr, const char *text,
                 struct csk_error *error);
    void (*format)(const struct cski_family *f, const struct csk_addr *addr, char *text);

    /* Whether a text whose family nobody said looks like this one's. */
    bool (*guess)(const char *text);
};

#define CSKI_COUNT(array) (sizeof(array) / sizeof *(array))

/* A field that is the member of a struct, for the tables of fields. */
#define CSKI_AT(type, member)                                                                      \
    .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)

/* family.c */
const struct cski_family *cski_family_find(int family, int proto);
const struct cski_family *cski_family_guess(const char *text);

/* Go through the families of other systems, whose numbers may mean something else here: for tests
 * and documentation, through the four functions below. */
const struct cski_family *cski_family_foreign(size_t index);
/* The same through those of this system first. */
const struct cski_family *cski_family_any(size_t index);

/* addr.c, addr_text.c: csk_addr_* for a form that is known already. */
int cski_form_pack(const struct cski_family *f, int fd, struct csk_addr *addr, int proto,
                   const struct csk_value *values, size_t count, struct csk_error *error);
int cski_form_unpack(const struct cski_family *f, int fd, const struct csk_addr *addr,
                     struct csk_value *values, char *text);
int cski_form_parse(const struct cski_family *f, struct csk_addr *addr, int proto, const char *text,
                    struct csk_error *error);
void cski_form_format(const struct cski_family *f, const struct csk_addr *addr, char *text);

/* addr_field.c: fields in and out of a sockaddr, and the errors about them.  fd is a socket to ask
 * about interfaces, or -1. */
int cski_pack_fields(const struct cski_family *f, int fd, struct csk_addr *addr,
                     const struct csk_value *values, size_t count, struct csk_error *error);
int cski_unpack_fields(const struct cski_family *f, int fd, const struct csk_addr *addr,
                       struct csk_value *values, char *text);

/* A number of a field, checked; the field's preset for CSK_VALUE_NONE. */
int cski_field_number(const struct cski_family *f, const struct csk_field *field,
                      const struct csk_value *value, uint64_t *number, struct csk_error *error);
int cski_field_check_count(const struct cski_family *f, size_t count, struct csk_error *error);
int cski_field_wrong_kind(const struct cski_family *f, const struct csk_field *field,
                          const char *wanted, struct csk_error *error);

/* The index of the interface that size bytes of text name; 0 for none of them. */
int cski_interface_index(const struct cski_family *f, int fd, const char *text, size_t size,
                         uint32_t *index, struct csk_error *error);

/* Fill in an optional error with "AF_NAME VARIANT address: ..."; returns code. */
int cski_family_fail(const struct cski_family *f, struct csk_error *error, int code,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The sa_family of a form's addresses. */
static inline int cski_sa_family(const struct cski_family *f)
{
    return f->sa_family ? f->sa_family : f->form.family;
}

static inline bool cski_is_text(const struct csk_value *value)
{
    return value->kind == CSK_VALUE_TEXT || value->kind == CSK_VALUE_BYTES;
}

/* family/host.c: fields that hold a host; the others need no resolver. */
bool cski_host_needs_resolver(const struct csk_field *field, const struct csk_value *value);
int cski_host4(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[4], struct csk_error *error);
int cski_host6(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[16], struct csk_error *error);

/* addr_id.c: identifiers whose digits stand in groups; format ends them with a null byte. */
#define CSKI_BDADDR_TEXT 18
#define CSKI_UUID_TEXT 37

bool cski_bdaddr_parse(const char *text, size_t size, unsigned char bdaddr[6]);
void cski_bdaddr_format(const unsigned char bdaddr[6], char *text);
bool cski_uuid_parse(const char *text, size_t size, unsigned char guid[16]);
void cski_uuid_format(const unsigned char guid[16], char *text);

/* family/inet.c, inet6.c: for families whose sockets have the internet's addresses. */
extern const struct csk_field cski_sin_fields[2], cski_sin6_fields[4];
extern const int cski_sin_queued[4];
int cski_sin_pack(const struct cski_family *f, struct csk_addr *addr,
                  const struct csk_value *values, size_t count, struct csk_error *error);
int cski_sin_unpack(const struct cski_family *f, const struct csk_addr *addr,
                    struct csk_value *values, char *text);
int cski_sin_parse(const struct cski_family *f, struct csk_addr *addr, const char *text,
                   struct csk_error *error);
void cski_sin_format(const struct cski_family *f, const struct csk_addr *addr, char *text);
int cski_sin6_pack(const struct cski_family *f, struct csk_addr *addr,
                   const struct csk_value *values, size_t count, struct csk_error *error);
int cski_sin6_unpack(const struct cski_family *f, const struct csk_addr *addr,
                     struct csk_value *values, char *text);
int cski_sin6_parse(const struct cski_family *f, struct csk_addr *addr, const char *text,
                    struct csk_error *error);
void cski_sin6_format(const struct cski_family *f, const struct csk_addr *addr, char *text);

/* addr_text.c: text forms.  escape writes what is not printable ASCII, the backslash, and what
 * stands in special as \xNN; 4 * size + 1 bytes are enough.  unescape returns the size, or -1. */
size_t cski_text_escape(char *out, const char *data, size_t size, const char *special);
int cski_text_unescape(char *out, size_t room, const char *text, size_t size);
int cski_text_fail(const struct cski_family *f, const char *text, struct csk_error *error);

/* A number in text: decimal or 0x, all of it; and one written in decimal: where the text ends. */
bool cski_text_number(const char *text, size_t size, struct csk_value *value);
char *cski_text_write(char *out, uint64_t number);
char *cski_text_write_hex(char *out, uint64_t number); /* 0x1f */

#endif
