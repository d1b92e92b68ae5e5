/* Descriptions of bytes: fields and layouts.  csocket.h explains the form of the comments.
 *
 * A socket address and the value of a socket option are bytes with named fields.  A layout
 * describes them: the position, the kind and the valid values of each field.  The same functions
 * read and write all of them.
 *
 * A value has three forms: the bytes that the kernel uses, a struct csk_value for programs, and
 * text for people.  Parsing the text of a value returns the same value.
 *
 * The notation of text is the same everywhere:
 *
 *     numbers     decimal or hexadecimal ("0x1f"), or the name of a constant ("IP_PMTUDISC_DO",
 *                 "do"); flags are joined by "|"; bytes may have a suffix ("64K")
 *     times       a number and a unit: "1500ns", "250ms", "1.5s", "2min", "1h"; a number without a
 *                 unit is in the field's unit
 *     text        printable ASCII; "\xNN" is a byte, and a backslash is "\x5c"
 *     bytes       hexadecimal, "00ff", "00:ff" or "0x00ff", or "text:..." followed by text
 *     interfaces  the name of an interface, or its index
 *     hosts       numeric addresses
 *
 * The descriptions are constant.  They are opaque, so that they can grow: use the functions below.
 */
#ifndef CSOCKET_LAYOUT_H
#define CSOCKET_LAYOUT_H

#include <csocket/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A value of a field. */
enum csk_value_kind {
    CSK_VALUE_NONE, /* no value: when setting, the default; when reading, the bytes end before it */
    CSK_VALUE_INT,
    CSK_VALUE_UINT, /* as INT, for numbers above INT64_MAX */
    CSK_VALUE_TEXT, /* size bytes, not terminated by a null byte */
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
typedef struct csk_value csk_value_t;

/* Size of a buffer for the text of any single value that is not text, bytes or a list. */
#define CSK_VALUE_TEXT_MAX 512

/* The encoding of a field, and the kind of its csk_value.  When a field is set, every kind also
 * accepts a CSK_VALUE_TEXT with the text form of the value. */
enum csk_field_kind {
    CSK_FIELD_NONE,      /* no bytes: setting the option is the action */
    CSK_FIELD_LENGTH,    /* no bytes: the number is the length passed to setsockopt; INT */
    CSK_FIELD_BOOL,      /* "on" or "off"; INT 0 or 1 */
    CSK_FIELD_INT,       /* signed number; INT */
    CSK_FIELD_UINT,      /* unsigned number; UINT */
    CSK_FIELD_TIME,      /* number of the field's units, "250ms"; INT, nanoseconds */
    CSK_FIELD_TIMEVAL,   /* struct timeval, "1.5s"; INT, nanoseconds */
    CSK_FIELD_IN_ADDR,   /* IPv4 address; TEXT */
    CSK_FIELD_IN6_ADDR,  /* IPv6 address; TEXT */
    CSK_FIELD_SOCKADDR,  /* sockaddr, with or without a port; TEXT */
    CSK_FIELD_SOCKADDRS, /* consecutive sockaddrs, each of its own length; TEXT */
    CSK_FIELD_IFINDEX,   /* index of an interface, by name or number; INT, or TEXT when set */
    CSK_FIELD_IFNAME,    /* as IFINDEX, but read as the name, which is "" for index 0; TEXT */
    CSK_FIELD_TEXT,      /* text, to the end or to a null byte; TEXT */
    CSK_FIELD_BYTES,     /* bytes; BYTES */
    CSK_FIELD_FD,        /* file descriptor; INT */
    CSK_FIELD_FILTER,    /* classic BPF program, "ldh [12]; ret #96"; BYTES, a struct sock_filter
                          * per instruction */
    CSK_FIELD_STRUCT,    /* consecutive structs, each preceded by ";"; BYTES of one of them, which
                          * the field's own layout describes */
    CSK_FIELD_BDADDR,    /* Bluetooth address, "00:11:22:33:44:55"; TEXT */
    CSK_FIELD_UUID,      /* UUID, stored as a Windows GUID; TEXT */
    CSK_FIELD_CONTROL,   /* kernel control (macOS), by number or name; UINT, or TEXT when set */
    CSK_FIELD_PATH,      /* file name, or a null byte and an abstract name; TEXT or BYTES */
};

/* Flags of a field. */
enum csk_field_flag {
    CSK_FIELD_FLAG_POSITIONAL = 1, /* text form: the value alone, before all fields with names */
    CSK_FIELD_FLAG_KEYWORD = 2,    /* text form: "name value"; the default is "name=value" */
    CSK_FIELD_FLAG_OPTIONAL = 4,   /* may be omitted; the text form omits it if it is zero */
    CSK_FIELD_FLAG_HIDDEN = 8,     /* reserved or padding: always zero, omitted from all forms */
    CSK_FIELD_FLAG_INPUT = 16,     /* set by the caller: the kernel reads it before it fills in the
                                    * other fields; with COUNT or LENGTH it is the space that the
                                    * kernel requires */
    CSK_FIELD_FLAG_HEX = 32,       /* formatted in hexadecimal */
    CSK_FIELD_FLAG_TAIL = 64,      /* repeated to the end of the bytes */
    CSK_FIELD_FLAG_COUNT = 128,    /* set by the library: number of values of another field */
    CSK_FIELD_FLAG_LENGTH = 256,   /* set by the library: where another field ends */
    CSK_FIELD_FLAG_NETWORK_ORDER = 512,  /* network byte order */
    CSK_FIELD_FLAG_LITTLE_ENDIAN = 1024, /* little-endian */
    CSK_FIELD_FLAG_BITMASK = 2048,       /* the names are bits: "A|B" */
    CSK_FIELD_FLAG_VARIABLE = 4096,      /* may be shorter than its size; size 0: any length */
    CSK_FIELD_FLAG_BITFIELD = 8192,      /* a bit-field of C */
    CSK_FIELD_FLAG_PRESET = 16384,       /* must have a value other than zero before reading */
    CSK_FIELD_FLAG_SIGNED = 32768,       /* of a CSK_FIELD_TIME */
    CSK_FIELD_FLAG_RANGE = 65536,        /* has a range (of text and bytes: of their length) */
    CSK_FIELD_FLAG_WRAPS = 131072,       /* unsigned, but -1 means the maximum, and so on */
    CSK_FIELD_FLAG_WILDCARD = 262144, /* of an address: "" is any, "<broadcast>" is IPv4's broadcast
                                       * address */
    CSK_FIELD_FLAG_NUMBER = 524288,   /* of bytes: the value may also be a number, "0x1f" */
};

typedef struct csk_field csk_field_t;   /* A field of a layout. */
typedef struct csk_layout csk_layout_t; /* A description of bytes. */

/**
 * Return a layout's name.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: the name: "tcp_info" for a struct, "int" for a value of one field; "" if layout is NULL.
 * Errors:  none
 * Python:  options[name].kind
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API const char *csk_layout_name(const struct csk_layout *layout);

/**
 * Return the size of a layout, or of the fixed part of a value of variable length.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: the size in bytes known to this library; the kernel's struct may be longer or shorter.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_min_size(3)
 */
CSK_API size_t csk_layout_size(const struct csk_layout *layout);

/**
 * Return the smallest size of a value of a layout.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: the size in bytes; 0 if the value may be empty.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_size(3)
 */
CSK_API size_t csk_layout_min_size(const struct csk_layout *layout);

/**
 * Return the alignment of consecutive values of a layout.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: a number of bytes, at least 1.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_span(3)
 */
CSK_API size_t csk_layout_align(const struct csk_layout *layout);

/**
 * Return the number of fields of a layout, including hidden ones.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: the number of fields.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API size_t csk_layout_field_count(const struct csk_layout *layout);

/**
 * Return a field of a layout.
 *
 * @layout  the layout (borrowed)
 * @index   0, 1, ... in the order of the fields' values
 *
 * Returns: the field, which is constant, or NULL after the last one.
 * Errors:  none
 * Python:  options[name].fields
 * Since:   0.1
 * See:     csk_layout_find(3), csk_field_name(3)
 */
CSK_API const struct csk_field *csk_layout_field(const struct csk_layout *layout, size_t index);

/**
 * Find a field of a layout by its name.
 *
 * @layout  the layout (borrowed)
 * @name    the name, in any case (borrowed)
 *
 * Returns: the index of the field.
 * Errors:  CSK_EOPTVALUE no such field, or one that the library sets itself
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API int csk_layout_find(const struct csk_layout *layout, const char *name);

/**
 * Return whether a layout is a single value without a name: a number, text, or nothing.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: false for structs.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API bool csk_layout_is_plain(const struct csk_layout *layout);

/**
 * Iterate over the variants of a layout: index 0, 1, ... until NULL.
 *
 * @layout  the layout (borrowed)
 * @index   index of the variant, from 0
 *
 * Returns: the variant's layout, which is constant, or NULL after the last one.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_select(3)
 */
CSK_API const struct csk_layout *csk_layout_variant(const struct csk_layout *layout, size_t index);

/**
 * Return the index of the field whose number selects the variant of a layout.
 *
 * @layout  the layout (borrowed)
 *
 * Returns: an index for csk_layout_field.
 * Errors:  CSK_EOPTVALUE the layout has no variants
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_select(3)
 */
CSK_API int csk_layout_selector(const struct csk_layout *layout);

/**
 * Select the variant of a layout that describes a value.
 *
 * @layout  the layout (borrowed)
 * @bytes   the bytes (borrowed)
 * @count   number of bytes
 *
 * Returns: the variant's layout, which is constant; layout itself if no variant matches.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_get(3)
 */
CSK_API const struct csk_layout *csk_layout_select(const struct csk_layout *layout,
                                                   const void *bytes, size_t count);

/**
 * Return the size of the first of consecutive values: of an option with CSK_OPTION_LIST or
 * CSK_OPTION_GET_LIST, or of a CSK_FIELD_STRUCT.
 *
 * @layout  the layout of each value (borrowed)
 * @bytes   the values (borrowed)
 * @count   number of bytes
 *
 * Returns: the offset of the second value in bytes, at most count; 0 if there is no complete value.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_select(3), csk_layout_get(3)
 */
CSK_API size_t csk_layout_span(const struct csk_layout *layout, const void *bytes, size_t count);

/**
 * Return the number of values of a field.
 *
 * @layout  the layout (borrowed)
 * @field   index of the field
 * @bytes   the bytes (borrowed); NULL: return the number of values that count bytes can hold
 * @count   number of bytes
 *
 * Returns: 1, or any number for a field with CSK_FIELD_FLAG_TAIL; 0 if the bytes end before it.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_get(3)
 */
CSK_API size_t csk_layout_value_count(const struct csk_layout *layout, size_t field,
                                      const void *bytes, size_t count);

/**
 * Read a field.
 *
 * @layout  the layout of bytes (borrowed)
 * @field   index of the field
 * @index   0, or the index of a value of a field with CSK_FIELD_FLAG_TAIL
 * @bytes   the bytes (borrowed)
 * @count   number of bytes
 * @value   set to a value of the kind that enum csk_field_kind states, or to CSK_VALUE_NONE if the
 *          bytes end before the field; its data points into bytes or text
 * @text    a buffer for values that must be formatted (the caller's)
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE no such field
 * Python:  sock.options.tcp_info.rtt
 * Since:   0.1
 * See:     csk_layout_set(3), csk_layout_format_field(3)
 */
CSK_API int csk_layout_get(const struct csk_layout *layout, size_t field, size_t index,
                           const void *bytes, size_t count, struct csk_value *value,
                           char text[CSK_VALUE_TEXT_MAX]);

/**
 * Write a field.
 *
 * Start with zeroed bytes and *count = csk_layout_size(layout).  Fields that contain the number of
 * values or the length of another field are updated.
 *
 * @layout  the layout of bytes (borrowed)
 * @field   index of the field
 * @index   0, or the index of a value of a field with CSK_FIELD_FLAG_TAIL
 * @bytes   the value, which is changed; unchanged on failure, except for a field of variable
 *          length.  A struct that replaces one of another length removes the structs after it
 * @size    size of the buffer bytes
 * @count   number of bytes of the value; increased for a field of variable length
 * @value   a value of the kind that enum csk_field_kind states, or its text form as CSK_VALUE_TEXT
 *          (borrowed).  For a CSK_FIELD_STRUCT, CSK_VALUE_BYTES may contain consecutive structs
 * @error   filled in on failure with the accepted values and the given value; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE invalid value, CSK_ESPACE bytes is too small
 * Python:  sock.options.so_linger = (True, 5)
 * Since:   0.1
 * See:     csk_layout_get(3), csk_option_set_bytes(3)
 */
CSK_API int csk_layout_set(const struct csk_layout *layout, size_t field, size_t index, void *bytes,
                           size_t size, size_t *count, const struct csk_value *value,
                           struct csk_error *error);

/**
 * Format a field.
 *
 * @layout  the layout of bytes (borrowed)
 * @field   index of the field
 * @index   0, or the index of a value of a field with CSK_FIELD_FLAG_TAIL
 * @bytes   the bytes (borrowed)
 * @count   number of bytes
 * @text    filled in, always terminated by a null byte, truncated if necessary; "" if the bytes end
 *          before the field
 * @size    size of text in bytes
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  CSK_EOPTVALUE no such field
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_get(3)
 */
CSK_API ssize_t csk_layout_format_field(const struct csk_layout *layout, size_t field, size_t index,
                                        const void *bytes, size_t count, char *text, size_t size);

/**
 * Parse the text of a value.
 *
 * @layout  the layout (borrowed)
 * @text    the text (borrowed)
 * @length  size of text in bytes
 * @bytes   filled in
 * @size    size of the buffer bytes
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of bytes of the value.
 * Errors:  CSK_EOPTVALUE invalid text, CSK_ESPACE bytes is too small, -ENOMEM
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_format(3)
 */
CSK_API ssize_t csk_layout_parse(const struct csk_layout *layout, const char *text, size_t length,
                                 void *bytes, size_t size, struct csk_error *error);

/**
 * Format a value.
 *
 * @layout  the layout (borrowed)
 * @bytes   the bytes (borrowed)
 * @count   number of bytes; a struct may be shorter or longer than the library's
 * @text    filled in, always terminated by a null byte, truncated if necessary; may be NULL if size
 *          is 0
 * @size    size of text in bytes
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  CSK_EOPTVALUE too few bytes
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_parse(3)
 */
CSK_API ssize_t csk_layout_format(const struct csk_layout *layout, const void *bytes, size_t count,
                                  char *text, size_t size);

/**
 * Return a field's name.
 *
 * @field   the field (borrowed)
 *
 * Returns: the name; "" for a value without a name, and if field is NULL.
 * Errors:  none
 * Python:  OptionField.name
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API const char *csk_field_name(const struct csk_field *field);

/**
 * Return the encoding of a field.
 *
 * @field   the field (borrowed)
 *
 * Returns: the kind; CSK_FIELD_NONE if field is NULL.
 * Errors:  none
 * Python:  OptionField.kind
 * Since:   0.1
 * See:     csk_field_flags(3)
 */
CSK_API enum csk_field_kind csk_field_kind(const struct csk_field *field);

/**
 * Return the flags of a field.
 *
 * @field   the field (borrowed)
 *
 * Returns: CSK_FIELD_FLAG_*, combined with |.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_field_kind(3)
 */
CSK_API uint32_t csk_field_flags(const struct csk_field *field);

/**
 * Return whether a field is reserved or set by the library: no form of the value includes it.
 *
 * @field   the field (borrowed)
 *
 * Returns: whether it is hidden.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_field_flags(3)
 */
CSK_API bool csk_field_is_hidden(const struct csk_field *field);

/**
 * Return the size of a field.
 *
 * @field   the field (borrowed)
 *
 * Returns: the size in bytes, of each value for a field with CSK_FIELD_FLAG_TAIL; 0 for any size.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_field_offset(3)
 */
CSK_API size_t csk_field_size(const struct csk_field *field);

/**
 * Return the offset of a field.
 *
 * @field   the field (borrowed)
 *
 * Returns: the offset in bytes from the start of the layout.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_field_size(3)
 */
CSK_API size_t csk_field_offset(const struct csk_field *field);

/**
 * Return the unit of a field.
 *
 * @field   the field (borrowed)
 *
 * Returns: "bytes", "s" ..., or NULL if the field has no unit.
 * Errors:  none
 * Python:  OptionField.unit
 * Since:   0.1
 * See:     csk_field_unit_ns(3)
 */
CSK_API const char *csk_field_unit(const struct csk_field *field);

/**
 * Return the unit of a time in nanoseconds.
 *
 * @field   the field (borrowed)
 *
 * Returns: nanoseconds for a CSK_FIELD_TIME (its unit) or a CSK_FIELD_TIMEVAL (1000), otherwise 0.
 * Errors:  CSK_ENULL field is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_field_unit(3)
 */
CSK_API int64_t csk_field_unit_ns(const struct csk_field *field);

/**
 * Return the first Linux version whose struct has a field.
 *
 * @field   the field (borrowed)
 *
 * Returns: the version, for example "4.10"; NULL: the option's version.
 * Errors:  none
 * Python:  OptionField.since
 * Since:   0.1
 * See:     csk_field_name(3)
 */
CSK_API const char *csk_field_since(const struct csk_field *field);

/**
 * Return the valid range of a field: of numbers in the field's unit, or of the length of text and
 * bytes.
 *
 * @field   the field (borrowed)
 * @min     set to the smallest valid number
 * @max     set to the largest valid number, at most INT64_MAX
 *
 * Returns: whether the field has CSK_FIELD_FLAG_RANGE; if not, min and max are unchanged.
 * Errors:  none
 * Python:  OptionField.minimum, OptionField.maximum
 * Since:   0.1
 * See:     csk_field_flags(3)
 */
CSK_API bool csk_field_range(const struct csk_field *field, int64_t *min, int64_t *max);

/**
 * Return the default of an optional number.
 *
 * @field   the field (borrowed)
 *
 * Returns: the number.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_field_flags(3)
 */
CSK_API uint64_t csk_field_default(const struct csk_field *field);

/**
 * Iterate over the names of a field's numbers: index 0, 1, ... until NULL.
 *
 * @field   the field (borrowed)
 * @index   index of the name, from 0
 * @number  set to the number, a negative one as its two's complement; may be NULL
 *
 * Returns: the name, or NULL after the last one.
 * Errors:  none
 * Python:  OptionField.values
 * Since:   0.1
 * See:     csk_field_kind(3)
 */
CSK_API const char *csk_field_value_name(const struct csk_field *field, size_t index,
                                         uint64_t *number);

/**
 * Return the layout of each struct of a CSK_FIELD_STRUCT.
 *
 * @field   the field (borrowed)
 *
 * Returns: the layout, which is constant, or NULL for other kinds.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API const struct csk_layout *csk_field_layout(const struct csk_field *field);

#ifdef __cplusplus
}
#endif

#endif
