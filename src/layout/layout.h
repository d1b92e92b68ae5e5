/* Descriptions of bytes, and the files that read and write them: the private side of
 * csocket/layout.h.  The order is that of the calls; no file calls a later one:
 *
 *     text.h         text, numbers, times, identifiers; notation.c makes them public
 *     field.c        one field in memory, as a number
 *     bpf*.c         classic BPF programs
 *     network.c      addresses, interfaces and identifiers in a field
 *     field_text.c   one field as text
 *     accepts.c      the valid values of a field, in words
 *     sequence.c     values of variable length, and consecutive values
 *     value.c        one field of a layout as a value
 *     struct_text.c  layouts as text
 *     layout.c       the public functions
 *
 * This folder does not depend on address families or options.  Socket addresses inside of values
 * are left to cski_sockaddr_kind, a table of functions. */
#ifndef CSKI_LAYOUT_LAYOUT_H
#define CSKI_LAYOUT_LAYOUT_H

#include "layout/text.h"

#include <csocket/layout.h>

/* Sizes of names, which are kept inside of the descriptions: a pointer would have to be relocated
 * in every process.  tools/gen_options.py checks them. */
#define CSKI_FIELD_NAME_MAX 34
#define CSKI_NUMBER_NAME_MAX 36
#define CSKI_LAYOUT_NAME_MAX 44

/* For the same reason the generated descriptions refer to each other by offsets from the struct
 * that holds the offset; 0 is none. */
typedef int32_t cski_offset;

static inline const void *cski_at_offset(const void *base, cski_offset offset)
{
    return offset != 0 ? (const char *)base + offset : NULL;
}

/* A name for a number. */
struct cski_number_name {
    char name[CSKI_NUMBER_NAME_MAX];
    uint64_t number;
};

struct csk_field {
    char name[CSKI_FIELD_NAME_MAX]; /* "" if the value has only this one */
    uint8_t kind;                   /* enum csk_field_kind */
    uint8_t shift, bits;            /* of a part of a number; bits 0: all of it */
    uint32_t flags;                 /* CSK_FIELD_FLAG_* */
    uint16_t offset, size;          /* bytes; size 0: to the end */
    uint16_t other;                 /* of a COUNT or LENGTH: index of the other field */
    uint16_t base;                  /* of a LENGTH: where its first unit begins */
    uint16_t name_count;
    cski_offset names;       /* struct cski_number_name[] */
    cski_offset unit, since; /* text */
    cski_offset layout;      /* of a CSK_FIELD_STRUCT */
    int64_t scale;           /* of a CSK_FIELD_TIME: ns per unit; of a LENGTH: bytes per unit */
    int64_t min, max;        /* with CSK_FIELD_FLAG_RANGE, in the field's unit */
    uint64_t extra_bits;     /* bits that are valid beside the range */
    uint64_t preset;         /* the number if it is omitted, or before reading */
};

/* Another form of a layout, and the number of the selector for it. */
struct cski_variant {
    uint64_t number;
    cski_offset layout;
};

struct csk_layout {
    char name[CSKI_LAYOUT_NAME_MAX];
    uint16_t size, min_size; /* the fixed part, and the smallest value */
    uint16_t align;          /* of consecutive values */
    uint16_t count;          /* of fields */
    uint16_t variant_count;
    int16_t selector; /* field whose number selects the variant, or -1 */
    cski_offset fields_offset, variants;
    const struct csk_field *fields; /* of the tables written by hand, which have no offset */
};

/* The layout of a struct, by hand: its fields are an array. */
#define CSKI_LAYOUT(struct_name, fields_)                                                          \
    {                                                                                              \
        .name = #struct_name, .size = sizeof(struct struct_name),                                  \
        .min_size = sizeof(struct struct_name), .align = 1,                                        \
        .count = sizeof(fields_) / sizeof *(fields_), .selector = -1, .fields = (fields_)          \
    }

/* A field that is the member of a struct. */
#define CSKI_AT(type, member)                                                                      \
    .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)

static inline const struct csk_field *cski_fields(const struct csk_layout *layout)
{
    return layout->fields ? layout->fields : cski_at_offset(layout, layout->fields_offset);
}

static inline const struct cski_number_name *cski_number_names(const struct csk_field *field)
{
    return cski_at_offset(field, field->names);
}

static inline const char *cski_field_unit(const struct csk_field *field)
{
    return cski_at_offset(field, field->unit);
}

static inline const struct csk_layout *cski_field_layout(const struct csk_field *field)
{
    return cski_at_offset(field, field->layout);
}

/* Nanoseconds of the second number of a CSK_FIELD_TIMEVAL: a timeval's, or a timespec's. */
static inline int64_t cski_timeval_unit(const struct csk_field *field)
{
    return field->scale ? field->scale : 1000;
}

/* field.c: one field in memory; data is where it begins. */
uint64_t cski_field_number(const struct csk_field *field, const unsigned char *data);
int64_t cski_field_signed(const struct csk_field *field, const unsigned char *data);
/* Store a number, negative ones wrapped around; false if it has too many bits. */
bool cski_field_store(const struct csk_field *field, unsigned char *data, uint64_t number);
bool cski_field_is_signed(const struct csk_field *field);
bool cski_field_is_number(const struct csk_field *field);
bool cski_field_is_hidden(const struct csk_field *field);
/* Whether the field is repeated: a tail that is not bytes. */
bool cski_field_is_array(const struct csk_field *field);
/* Whether the value has any length: text, bytes to the end. */
bool cski_field_is_open(const struct csk_field *field);
/* The greatest unsigned number that the field's bits hold. */
uint64_t cski_field_greatest(const struct csk_field *field);
/* Check a number against the field's kind and range: 0, or CSKI_OUT_OF_RANGE. */
int cski_field_check(const struct csk_field *field, uint64_t number, bool negative);

/* bpf.c: classic BPF programs as text. */

/* The kernel's own limit, BPF_MAXINSNS. */
#define CSKI_FILTER_MAX 4096

void cski_filter_format(const unsigned char *data, size_t size, struct cski_out *out);
/* Number of bytes, or a refusal or -ENOMEM, and the wrong piece of text (may be NULL).  Without
 * data the program is only checked. */
int cski_filter_parse(struct cski_in in, unsigned char *data, size_t space, struct cski_in *wrong);

/* network.c: addresses, interfaces and identifiers in a field.  fd is a socket to ask about
 * interfaces, or -1. */
void cski_network_format(const struct csk_field *field, const unsigned char *data,
                         struct cski_out *out);
int cski_network_parse(const struct csk_field *field, int fd, struct cski_in in,
                       unsigned char *data, size_t space);

/* Numeric hosts, with the wildcards if the field allows them. */
bool cski_host_parse(const struct csk_field *field, struct cski_in in, unsigned char *packed);
/* The index of the interface with a name: 0, -errno, or CSKI_TOO_LONG. */
int cski_interface_index(int fd, const char *name, size_t size, uint32_t *index);

/* The functions of a kind of field that is implemented outside this folder. */
struct cski_kind {
    void (*format)(const struct csk_field *field, const unsigned char *data, size_t size,
                   struct cski_out *out);
    int (*parse)(const struct csk_field *field, struct cski_in in, unsigned char *data,
                 size_t space);
};

/* address/sockaddr.c: CSK_FIELD_SOCKADDR, CSK_FIELD_SOCKADDRS. */
extern const struct cski_kind cski_sockaddr_kind;

/* field_text.c: one field as text, except structs; special: characters that must be escaped. parse:
 * number of bytes, or a refusal. */

/* A value of one field.  A quote is escaped, because "" represents no characters. */
#define CSKI_SPECIAL_ALONE "\""

void cski_field_format(const struct csk_field *field, const unsigned char *data, size_t size,
                       const char *special, struct cski_out *out);
int cski_field_parse(const struct csk_field *field, int fd, struct cski_in in, bool alone,
                     unsigned char *data, size_t space);
/* Write a value: number of bytes, or a refusal. */
int cski_field_put(const struct csk_field *field, int fd, unsigned char *data, size_t space,
                   const struct csk_value *value);

/* accepts.c: the valid values in words, structs excepted; and an error that names them. */
void cski_field_accepts(const struct csk_field *field, struct cski_out *out);
int cski_field_refuse(const struct csk_field *field, const struct csk_value *value, int refusal,
                      struct csk_error *error);

/* sequence.c */

/* The next multiple of a layout's alignment. */
size_t cski_align(const struct csk_layout *layout, size_t size);
/* The last field, if it is repeated; or NULL. */
const struct csk_field *cski_layout_tail(const struct csk_layout *layout);
bool cski_layout_is_plain(const struct csk_layout *layout);
const struct csk_layout *cski_layout_select(const struct csk_layout *layout,
                                            const unsigned char *bytes, size_t count);
size_t cski_layout_span(const struct csk_layout *layout, const unsigned char *bytes, size_t count);
size_t cski_value_count(const struct csk_layout *layout, unsigned field, const unsigned char *bytes,
                        size_t count);
/* The field that holds the number or the length of another one (flags: which), or NULL. */
const struct csk_field *cski_layout_counter(const struct csk_layout *layout, unsigned field,
                                            uint32_t flags);
/* The end of the other field according to a LENGTH. */
size_t cski_length_end(const struct csk_field *length, const unsigned char *bytes);
/* The beginning of the value with an index; at the end of the bytes, the place of a new one. */
size_t cski_value_place(const struct csk_layout *layout, unsigned field, size_t index,
                        const unsigned char *bytes, size_t count);
/* The size of this value. */
size_t cski_value_size(const struct csk_layout *layout, unsigned field, size_t place,
                       const unsigned char *bytes, size_t count);
/* Update lengths and counts that the library maintains for a changed field (used: its size) and for
 * the tail. */
int cski_layout_update(const struct csk_layout *layout, unsigned field, unsigned char *bytes,
                       size_t size, size_t *count, size_t used, struct csk_error *error);
void cski_layout_preset(const struct csk_layout *layout, unsigned char *bytes, size_t size);
/* Counts as input: the number of values that there is space for, unless the caller sets them. */
void cski_layout_capacity(const struct csk_layout *layout, unsigned char *bytes, size_t size);

/* value.c: one field as a value; text is not parsed into structs. */
void cski_value_get(const struct csk_layout *layout, unsigned field, size_t place,
                    const unsigned char *bytes, size_t count, struct csk_value *value, char *text);
int cski_value_set(const struct csk_layout *layout, unsigned field, size_t index,
                   unsigned char *bytes, size_t size, size_t *count, const struct csk_value *value,
                   struct csk_error *error);

/* struct_text.c: layouts as text. */

/* No struct of the table has more fields; tools/gen_options.py checks it. */
#define CSKI_FIELDS_MAX 128

void cski_layout_format(const struct csk_layout *layout, const unsigned char *bytes, size_t count,
                        struct cski_out *out);
int cski_layout_parse(const struct csk_layout *layout, struct cski_in in, unsigned char *bytes,
                      size_t size, struct csk_error *error);
/* The valid text of a layout; if flags is not 0, only fields with these flags. */
void cski_layout_accepts(const struct csk_layout *layout, uint32_t flags, struct cski_out *out);

#endif
