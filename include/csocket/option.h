/* Socket options by name, with their types: the catalogue.  csocket.h explains the form of the
 * comments.
 *
 *     csk_setopt(&s, "SO_LINGER", "on 5s", &error);
 *     csk_setopt(&s, "TCP_KEEPIDLE", "60s", &error);
 *     csk_setopt(&s, "IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo", &error);
 *     csk_getopt(&s, "TCP_INFO", text, sizeof text, &error);
 *
 * A value has three forms: the bytes that the kernel takes, numbers and texts that a program works
 * with (struct csk_value), and text that a person writes.  Each can be made of each other, with or
 * without a socket.  Whatever text reading an option gives, setting it takes.
 *
 * A value is described by a layout: one field without a name for a plain number or text, named
 * fields for a struct.  The kernel's structs grow; a field that the running kernel's struct does
 * not have yet is simply not there, and what a newer kernel appends is left out. */
#ifndef CSOCKET_OPTION_H
#define CSOCKET_OPTION_H

#include <csocket/addr.h>
#include <csocket/err.h>
#include <csocket/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a field lies in memory and what its csk_value is.  A closed list.  Every kind also takes a
 * CSK_VALUE_TEXT that holds its text form. */
enum csk_optkind {
    CSK_OPT_NONE,      /* no bytes: setting the option is the act */
    CSK_OPT_LENGTH,    /* no bytes: the number is the length that setsockopt is given; value: INT */
    CSK_OPT_BOOL,      /* "on", "off"; value: INT 0 or 1 */
    CSK_OPT_INT,       /* signed number; value: INT */
    CSK_OPT_UINT,      /* unsigned number; value: UINT */
    CSK_OPT_TIME,      /* number of the field's units, "250ms"; value: INT, nanoseconds */
    CSK_OPT_TIMEVAL,   /* struct timeval, "1.5s"; value: INT, nanoseconds */
    CSK_OPT_IN_ADDR,   /* IPv4 address; value: TEXT */
    CSK_OPT_IN6_ADDR,  /* IPv6 address; value: TEXT */
    CSK_OPT_SOCKADDR,  /* sockaddr, with or without a port; value: TEXT */
    CSK_OPT_SOCKADDRS, /* sockaddrs one after the other, each of its own length; value: TEXT */
    CSK_OPT_IFINDEX,   /* interface, by name or number; value: INT, or TEXT when set */
    CSK_OPT_TEXT,      /* text, as long as it is or ended by a null byte; value: TEXT */
    CSK_OPT_BYTES,     /* bytes, in hexadecimal or "text:..."; value: BYTES */
    CSK_OPT_FD,        /* descriptor; value: INT */
    CSK_OPT_FILTER,    /* classic BPF program, "ldh [12]; ret #96"; value: BYTES, a struct
                        * sock_filter an instruction */
    CSK_OPT_STRUCT,    /* structs one after the other, each after a ";"; value: BYTES of one of
                        * them, which the field's own layout describes */
};

/* Flags of a field. */
enum csk_optfield_flag {
    CSK_OPTF_POS = 1,         /* text form: the value alone, before all that have names */
    CSK_OPTF_WORD = 2,        /* text form: "name value"; the others are "name=value" */
    CSK_OPTF_OPTIONAL = 4,    /* left out of the text form when it is zero */
    CSK_OPTF_HIDDEN = 8,      /* reserved or padding: always zero, in no form */
    CSK_OPTF_INPUT = 16,      /* the kernel reads it before it fills in the rest; with COUNT or LEN
                               * the kernel wants room for just as much, and the caller says it */
    CSK_OPTF_HEX = 32,        /* written in hexadecimal */
    CSK_OPTF_TAIL = 64,       /* as many as there are, to the end of the bytes */
    CSK_OPTF_COUNT = 128,     /* the library keeps it: how many of the field `other` there are */
    CSK_OPTF_LEN = 256,       /* the library keeps it: where the field `other` ends, in units of
                               * `scale` bytes, the first of which begins at the byte `base` */
    CSK_OPTF_NET = 512,       /* network byte order */
    CSK_OPTF_LE = 1024,       /* little-endian */
    CSK_OPTF_BITFLAGS = 2048, /* the names are bits: "A|B" */
    CSK_OPTF_VARIABLE = 4096, /* shorter than size is as good; size 0: of any length */
    CSK_OPTF_BITFIELD = 8192, /* shift counts from the low bit if little-endian, else the high */
    CSK_OPTF_PRESET = 16384,  /* reading begins with the number `preset` in it */
    CSK_OPTF_SIGNED = 32768,  /* of a CSK_OPT_TIME */
    CSK_OPTF_RANGE = 65536,   /* min and max hold (of bytes and text: their length) */
};

/* A name for a number. */
struct csk_optname {
    const char *name;
    uint64_t number;
};

/* A field of a value. */
struct csk_optfield {
    const char *name; /* "" where the option is one value */
    enum csk_optkind kind;
    uint32_t flags;        /* CSK_OPTF_* */
    uint16_t offset, size; /* bytes; size 0: to the end */
    uint8_t shift, bits;   /* of a part of a number; bits 0: all of it */
    uint16_t other;        /* for COUNT and LEN: index of the field */
    uint16_t base;         /* for LEN */
    int64_t scale;    /* nanoseconds of the unit of a CSK_OPT_TIME; for LEN bytes of the unit */
    int64_t min, max; /* in the field's unit */
    uint64_t preset;
    const char *unit;  /* "bytes", "s"; NULL if it has none */
    const char *since; /* Linux; NULL: as the option */
    const struct csk_optname *names;
    unsigned name_count;
    const struct csk_optlayout *layout; /* of a CSK_OPT_STRUCT: what each of them is */
};

/* What the bytes of a value are. */
struct csk_optlayout {
    const char *name;  /* "tcp_info", or of a single value its kind: "int" */
    uint16_t size;     /* bytes that this library knows; of a variable value those that are fixed */
    uint16_t min_size; /* bytes that are enough; 0: the text "" is no bytes at all */
    uint16_t align;    /* of several, each begins at a multiple of it */
    uint16_t count;    /* of fields */
    const struct csk_optfield *fields;
    int selector; /* field whose number chooses one of the variants, or -1 */
    unsigned variant_count;
    const struct csk_optvariant *variants;
};

/* Another form of a layout, and the selector's number for it. */
struct csk_optvariant {
    uint64_t number;
    const struct csk_optlayout *layout;
};

/* Directions, and flags of an option. */
enum csk_option_flag {
    CSK_OPTION_GET = 1,
    CSK_OPTION_SET = 2,
    CSK_OPTION_LIST = 4,         /* set: as many of the layout as there are */
    CSK_OPTION_GET_LIST = 8,     /* get: as many of the layout as there are */
    CSK_OPTION_INPUT = 16,       /* reading needs some fields filled in first: csk_getopt_for */
    CSK_OPTION_CLEARS = 32,      /* reading resets what is read */
    CSK_OPTION_ADJUSTS = 64,     /* what is read may be another number than the one that was set */
    CSK_OPTION_ASYMMETRIC = 128, /* what is read is another thing than what is set */
    CSK_OPTION_ACTION = 256,     /* setting does something, and is no state to be restored */
    CSK_OPTION_NEW_FD = 512,     /* reading makes a descriptor, which the caller must close */
    CSK_OPTION_MISSING = 1024,   /* the headers have the name, the kernel has no code */
    CSK_OPTION_UNTYPED = 2048,   /* the catalogue does not say what the bytes mean */
    CSK_OPTION_HEADLESS = 8192,  /* the kernel's length leaves out the fixed part of what is read */
    CSK_OPTION_ELSEWHERE = 4096, /* this system does not have it: level and number are -1 */
};

/* A line of the catalogue.  Texts are never NULL; "-" says "none" or "not known". */
struct csk_option {
    const char *name;                /* "SO_LINGER" */
    const char *level_name;          /* "SOL_SOCKET" */
    int level, number;               /* as getsockopt(2) takes them */
    unsigned flags;                  /* CSK_OPTION_* */
    const struct csk_optlayout *set; /* NULL: it cannot be set */
    const struct csk_optlayout *get; /* NULL: it cannot be read */
    const char *alias;               /* the option that this is another name of, or NULL */
    const char *families;            /* "inet,inet6", "any" */
    const char *types;               /* "stream", "any" */
    const char *privileges;          /* any one of these: "CAP_NET_ADMIN,CAP_NET_RAW" */
    const char *since;               /* "2.6.37": first Linux that has it; "<=2.4.0": that has it,
                                      * and an older one may; "-": no Linux has it */
    const char *platform;            /* "linux" */
    const char *notes;               /* the flags of the data, as words */
    const char *meaning;             /* one line */
};

/**
 * Find an option by its name.
 *
 * @name    "SO_LINGER", in any case (borrowed)
 * @family  AF_*: in the few cases where two levels have an option of one name (MCAST_JOIN_GROUP),
 *          the one of this family; AF_UNSPEC takes the first
 *
 * Returns: the option, which is constant, or NULL.
 * Errors:  none
 * Python:  options[name]
 * Since:   0.1
 * See:     csk_option_at(3), csk_option_by_number(3), csk_option_near(3)
 */
CSK_API const struct csk_option *csk_option_find(const char *name, int family);

/* csk_option_near finds no more than this. */
#define CSK_OPTION_NEAR_MAX 3

/**
 * Find options whose names resemble one that is none.
 *
 * Up to two letters may be wrong, missing, swapped or too many; or the beginning is missing:
 * "keepidle" is near to TCP_KEEPIDLE.
 *
 * @name    a name with a mistake in it, in any case (borrowed)
 * @near    filled in with the options, which are constant, the most similar first
 * @most    how many there is room for
 *
 * Returns: how many were found, CSK_OPTION_NEAR_MAX at most; 0 if nothing resembles the name.
 * Errors:  none
 * Python:  options[name]
 * Since:   0.1
 * See:     csk_option_find(3)
 */
CSK_API size_t csk_option_near(const char *name, const struct csk_option **near, size_t most);

/**
 * Find an option by the numbers that getsockopt and setsockopt take.
 *
 * @family    AF_* of the socket, or AF_UNSPEC: some levels have one number in several families
 * @level     SOL_*
 * @number    SO_*
 * @direction CSK_OPTION_GET, CSK_OPTION_SET, or 0 for either: some numbers mean two options
 *
 * Returns: the option, which is constant, or NULL.
 * Errors:  none
 * Python:  options.find
 * Since:   0.1
 * See:     csk_option_find(3)
 */
CSK_API const struct csk_option *csk_option_by_number(int family, int level, int number,
                                                      unsigned direction);

/**
 * Go through the catalogue: index 0, 1, ... until NULL, level by level.
 *
 * @index   which
 *
 * Returns: an option, or NULL after the last.
 * Errors:  none
 * Python:  iter(options)
 * Since:   0.1
 * See:     csk_option_fits(3)
 */
CSK_API const struct csk_option *csk_option_at(size_t index);

/**
 * Tell whether an option is for sockets of a kind.
 *
 * @option  the option (borrowed)
 * @family  AF_*, or AF_UNSPEC for any
 * @type    SOCK_*, or 0 for any
 * @proto   IPPROTO_* and the like; 0 is the type's usual protocol, a negative number any
 *
 * Returns: whether the catalogue says so; the kernel has the last word.
 * Errors:  none
 * Python:  iter(sock.options)
 * Since:   0.1
 * See:     csk_option_at(3)
 */
CSK_API bool csk_option_fits(const struct csk_option *option, int family, int type, int proto);

/**
 * Say in words which text an option takes: "a time in s, 1s to 32767s".
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_SET: what setting it takes; CSK_OPTION_GET: what reading it wants to be
 *          told (CSK_OPTION_INPUT)
 * @text    filled in, always ended by a null byte, cut if it must be
 * @size    bytes of text; 256 is enough for all but the longest structs
 *
 * Returns: text; "" where the option takes nothing in that direction.
 * Errors:  none
 * Python:  options[name].accepts
 * Since:   0.1
 * See:     csk_option_parse(3)
 */
CSK_API const char *csk_option_accepts(const struct csk_option *option, unsigned direction,
                                       char *text, size_t size);

/**
 * Turn text into the bytes of an option: csk_option_format's twin.
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_SET: bytes as csk_setopt_bytes takes them; CSK_OPTION_GET: as they are
 *          read, and as csk_getopt_bytes is told what to read (CSK_OPTION_INPUT)
 * @text    the text form (borrowed); "" is an empty value where the option has one
 * @bytes   filled in
 * @size    room in bytes
 * @error   names the option, what it accepts and what it was given; may be NULL
 *
 * Returns: how many bytes there are.
 * Errors:  CSK_EOPTVALUE the text does not fit
 *          CSK_EOPTION the option does not have this direction
 *          CSK_ESPACE the room is too small
 * Python:  none
 * Since:   0.1
 * See:     csk_option_format(3), csk_setopt_bytes(3)
 */
CSK_API int csk_option_parse(const struct csk_option *option, unsigned direction, const char *text,
                             void *bytes, size_t size, struct csk_error *error);

/**
 * Turn the bytes of an option into text.
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_GET: bytes as they are read; CSK_OPTION_SET: as they are set
 * @bytes     the bytes (borrowed)
 * @count     how many; a struct may be shorter or longer than the catalogue's
 * @text      filled in, always ended by a null byte, cut if it must be; may be NULL if size is 0
 * @size      bytes of text
 *
 * Returns: the length of the whole text, without the null byte: at least size if it was cut.
 * Errors:  CSK_EOPTION the option does not have this direction
 *          CSK_EOPTVALUE the bytes are too few
 * Python:  none
 * Since:   0.1
 * See:     csk_option_parse(3), csk_getopt_bytes(3)
 */
CSK_API int csk_option_format(const struct csk_option *option, unsigned direction,
                              const void *bytes, size_t count, char *text, size_t size);

/**
 * Find the layout that bytes really have, for layouts with variants.
 *
 * @layout  a layout (borrowed)
 * @bytes   the bytes (borrowed)
 * @count   how many
 *
 * Returns: the variant's layout, or layout itself.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_optvalue_get(3)
 */
CSK_API const struct csk_optlayout *csk_optlayout_of(const struct csk_optlayout *layout,
                                                     const void *bytes, size_t count);

/**
 * Tell where the second of several values begins: those of an option with CSK_OPTION_LIST or
 * CSK_OPTION_GET_LIST, and the structs of a CSK_OPT_STRUCT, some of which say how long they are.
 *
 * @layout  the layout of each value (borrowed)
 * @bytes   the values (borrowed)
 * @count   how many bytes there are
 *
 * Returns: bytes that belong to the first value, up to count; 0 where there is no whole one.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_optlayout_of(3), csk_optvalue_get(3)
 */
CSK_API size_t csk_optlayout_span(const struct csk_optlayout *layout, const void *bytes,
                                  size_t count);

/**
 * Tell how many values of a field are in bytes.
 *
 * @layout  the layout (borrowed)
 * @field   index of the field
 * @bytes   the value (borrowed); NULL: whatever the bytes are, how many there is room for
 * @count   how many bytes there are
 *
 * Returns: 1, or of a field with CSK_OPTF_TAIL any number; 0 where the bytes end before.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_optvalue_get(3)
 */
CSK_API size_t csk_optvalue_count(const struct csk_optlayout *layout, unsigned field,
                                  const void *bytes, size_t count);

/**
 * Read a field of a value.
 *
 * @layout  the layout of bytes (borrowed)
 * @field   index of the field
 * @index   0, or which one of a field with CSK_OPTF_TAIL
 * @bytes   the value (borrowed)
 * @count   how many bytes there are
 * @value   filled in, of the kind that csk_optkind says; CSK_VALUE_NONE where the bytes end before;
 *          text and bytes point into bytes or text
 * @text    room for what must be written out
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE no such field
 * Python:  sock.options.tcp_info.rtt
 * Since:   0.1
 * See:     csk_optvalue_set(3), csk_optvalue_text(3)
 */
CSK_API int csk_optvalue_get(const struct csk_optlayout *layout, unsigned field, size_t index,
                             const void *bytes, size_t count, struct csk_value *value,
                             char text[CSK_ADDR_TEXT_MAX]);

/**
 * Write a field of a value.
 *
 * Start with zeroed bytes and *count = layout->size.  Fields that count others (CSK_OPTF_COUNT,
 * CSK_OPTF_LEN) are kept right by themselves.
 *
 * @layout  the layout of bytes (borrowed)
 * @field   index of the field
 * @index   0, or which one of a field with CSK_OPTF_TAIL
 * @bytes   changed; as they were if the call fails, except in a field of any length.  A struct of
 *          another length than the one before cuts off those that follow
 * @size    room in bytes
 * @count   how many bytes the value has; grows where a field of any length needs it
 * @value   the kind that csk_optkind says, or the text form as CSK_VALUE_TEXT (borrowed)
 * @error   says what the field accepts and what it was given; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE the value does not fit, CSK_ESPACE the room is too small
 * Python:  sock.options.so_linger = (True, 5)
 * Since:   0.1
 * See:     csk_optvalue_get(3), csk_setopt_bytes(3)
 */
CSK_API int csk_optvalue_set(const struct csk_optlayout *layout, unsigned field, size_t index,
                             void *bytes, size_t size, size_t *count, const struct csk_value *value,
                             struct csk_error *error);

/**
 * Write a field of a value as text.
 *
 * @layout  the layout of bytes (borrowed)
 * @field   index of the field
 * @index   0, or which one of a field with CSK_OPTF_TAIL
 * @bytes   the value (borrowed)
 * @count   how many bytes there are
 * @text    filled in, always ended by a null byte, cut if it must be; "" where the bytes end before
 * @size    bytes of text
 *
 * Returns: the length of the whole text, without the null byte.
 * Errors:  CSK_EOPTVALUE no such field
 * Python:  none
 * Since:   0.1
 * See:     csk_optvalue_get(3)
 */
CSK_API int csk_optvalue_text(const struct csk_optlayout *layout, unsigned field, size_t index,
                              const void *bytes, size_t count, char *text, size_t size);

/**
 * Set an option by name, from text.
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @text    its value (borrowed): "on", "60s", "239.1.1.1 dev lo"
 * @error   names the option, what it accepts and what it was given; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option, or it cannot be set
 *          CSK_EOPTVALUE the text does not fit
 *          -errno of setsockopt(2): -ENOPROTOOPT not in this kernel or not for this socket
 * Python:  sock.options[name] = text
 * Since:   0.1
 * See:     csk_getopt(3), csk_option_accepts(3)
 */
CSK_API int csk_setopt(struct csk_socket *s, const char *name, const char *text,
                       struct csk_error *error);

/**
 * Read an option by name, as text.
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @text    filled in, always ended by a null byte, cut if it must be
 * @size    bytes of text
 * @error   names the option and says what is wrong; may be NULL
 *
 * Returns: the length of the whole text, without the null byte: at least size if it was cut.
 * Errors:  CSK_EOPTION no such option, or it cannot be read
 *          -errno of getsockopt(2)
 * Python:  str(sock.options[name])
 * Since:   0.1
 * See:     csk_setopt(3), csk_getopt_for(3)
 */
CSK_API int csk_getopt(struct csk_socket *s, const char *name, char *text, size_t size,
                       struct csk_error *error);

/**
 * Read an option that wants some fields filled in first (CSK_OPTION_INPUT).
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @input   those fields in text form (borrowed): "239.1.1.1 dev lo" for MCAST_MSFILTER
 * @text    filled in, always ended by a null byte, cut if it must be
 * @size    bytes of text
 * @error   names the option and says what is wrong; may be NULL
 *
 * Returns: the length of the whole text, without the null byte: at least size if it was cut.
 * Errors:  CSK_EOPTVALUE input does not fit, or the option takes none; else as csk_getopt
 * Python:  sock.options.get(name, input)
 * Since:   0.1
 * See:     csk_getopt(3)
 */
CSK_API int csk_getopt_for(struct csk_socket *s, const char *name, const char *input, char *text,
                           size_t size, struct csk_error *error);

/**
 * Set an option that is one number.
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @number  in the option's unit (TCP_USER_TIMEOUT: ms); of a struct timeval in nanoseconds
 * @error   names the option, what it accepts and what it was given; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option, it cannot be set, or is no number
 *          CSK_EOPTVALUE out of range
 *          -errno of setsockopt(2)
 * Python:  none
 * Since:   0.1
 * See:     csk_getopt_number(3), csk_setsockopt_int(3)
 */
CSK_API int csk_setopt_number(struct csk_socket *s, const char *name, int64_t number,
                              struct csk_error *error);

/**
 * Read an option that is one number.
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @number  filled in, in the option's unit; of a struct timeval in nanoseconds
 * @error   names the option and says what is wrong; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option, it cannot be read, or is no number
 *          -errno of getsockopt(2)
 * Python:  none
 * Since:   0.1
 * See:     csk_setopt_number(3), csk_getsockopt_int(3)
 */
CSK_API int csk_getopt_number(struct csk_socket *s, const char *name, int64_t *number,
                              struct csk_error *error);

/**
 * Set an option from bytes: of a struct from the struct, of a CSK_OPT_FILTER from the instructions.
 *
 * @s       the socket
 * @option  the option (borrowed)
 * @bytes   the value (borrowed)
 * @count   how many bytes; of a CSK_OPT_LENGTH bytes hold an int64_t
 * @error   names the option and says why the kernel may have refused; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION it cannot be set, CSK_EOPTVALUE the bytes are too few
 *          -errno of setsockopt(2)
 * Python:  sock.options[name] = value
 * Since:   0.1
 * See:     csk_option_parse(3), csk_optvalue_set(3), csk_setsockopt(3)
 */
CSK_API int csk_setopt_bytes(struct csk_socket *s, const struct csk_option *option,
                             const void *bytes, size_t count, struct csk_error *error);

/**
 * Read an option as bytes: of a struct into the struct, of a CSK_OPT_FILTER into the instructions.
 *
 * @s       the socket
 * @option  the option (borrowed)
 * @bytes   filled in; with CSK_OPTION_INPUT the first *count bytes are what the kernel reads
 * @size    room in bytes; CSK_OPT_SIZE is enough unless CSK_ESPACE says otherwise
 * @count   bytes of input, or 0; becomes the number of bytes that there are, or, with CSK_ESPACE,
 *          that are needed
 * @error   names the option and says why the kernel may have refused; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION it cannot be read, CSK_ESPACE the room is too small
 *          CSK_EOPTVALUE the input says that there is more than any kernel has
 *          -errno of getsockopt(2)
 * Python:  sock.options[name]
 * Since:   0.1
 * See:     csk_option_format(3), csk_optvalue_get(3), csk_getsockopt(3)
 */
CSK_API int csk_getopt_bytes(struct csk_socket *s, const struct csk_option *option, void *bytes,
                             size_t size, size_t *count, struct csk_error *error);

/* Room in bytes that holds the value of nearly every option. */
#define CSK_OPT_SIZE 4096

#ifdef __cplusplus
}
#endif

#endif
