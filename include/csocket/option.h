/* Socket options by name, with their types: the catalogue.  csocket.h explains the form of the
 * comments.
 *
 *     csk_option_set(&s, "SO_LINGER", "on 5s", &error);
 *     csk_option_set(&s, "TCP_KEEPIDLE", "60s", &error);
 *     csk_option_set(&s, "IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo", &error);
 *     csk_option_get(&s, "TCP_INFO", text, sizeof text, &error);
 *
 * A value has three forms: the bytes that the kernel uses, the numbers and strings that a program
 * uses (struct csk_value), and text for people.  layout.h describes them.  The text returned by
 * reading an option can be set again.
 *
 * A layout describes a value: one field without a name for a plain number or text, named fields for
 * a struct.  The kernel's structs grow; a field that the running kernel's struct does not have is
 * missing, and fields that a newer kernel appends are omitted. */
#ifndef CSOCKET_OPTION_H
#define CSOCKET_OPTION_H

#include <csocket/err.h>
#include <csocket/layout.h>
#include <csocket/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Directions, and flags of an option. */
enum csk_option_flag {
    CSK_OPTION_GET = 1,
    CSK_OPTION_SET = 2,
    CSK_OPTION_LIST = 4,         /* set: any number of consecutive values */
    CSK_OPTION_GET_LIST = 8,     /* get: any number of consecutive values */
    CSK_OPTION_INPUT = 16,       /* reading requires input: csk_option_query */
    CSK_OPTION_CLEARS = 32,      /* reading resets the value */
    CSK_OPTION_ADJUSTS = 64,     /* the kernel may change the number that was set */
    CSK_OPTION_ASYMMETRIC = 128, /* the value read has another meaning than the value set */
    CSK_OPTION_ACTION = 256,     /* setting performs an action: there is no state to restore */
    CSK_OPTION_NEW_FD = 512,     /* reading opens a file descriptor, which the caller must close */
    CSK_OPTION_UNIMPLEMENTED = 1024, /* defined in headers but not implemented by the kernel */
    CSK_OPTION_UNTYPED = 2048,       /* the catalogue does not describe the bytes */
    CSK_OPTION_EXCLUDES_HEADER =
        8192,                      /* the kernel's length excludes the fixed part of the value */
    CSK_OPTION_UNAVAILABLE = 4096, /* unsupported by this system: level and number are -1 */
};

/* An option of the catalogue.  It is opaque. */
struct csk_option;
typedef struct csk_option csk_option_t;

/* Facts about an option in the catalogue, as text. */
enum csk_option_note {
    CSK_OPTION_NOTE_LEVEL,      /* name of the level: "SOL_SOCKET" */
    CSK_OPTION_NOTE_ALIAS,      /* the option of which this is another name */
    CSK_OPTION_NOTE_FAMILIES,   /* "inet,inet6", "any" */
    CSK_OPTION_NOTE_TYPES,      /* "stream", "any" */
    CSK_OPTION_NOTE_PRIVILEGES, /* any one of these is required: "CAP_NET_ADMIN,CAP_NET_RAW" */
    CSK_OPTION_NOTE_SINCE,    /* first Linux version: "2.6.37"; "<=2.4.0": 2.4.0 or an older one */
    CSK_OPTION_NOTE_PLATFORM, /* "linux" */
    CSK_OPTION_NOTE_REMARKS,  /* other facts, separated by "; " */
    CSK_OPTION_NOTE_MEANING,  /* one line */
    CSK_OPTION_NOTE_COUNT,
};

/* Size of a buffer for the value of nearly every option. */
#define CSK_OPTION_SIZE 4096

/* The maximum number of options that csk_option_suggest finds. */
#define CSK_OPTION_SUGGESTIONS_MAX 3

/**
 * Find an option by its name.
 *
 * @name    "SO_LINGER", in any case (borrowed)
 * @family  AF_*, which selects the level if two levels have an option of the same name
 *          (MCAST_JOIN_GROUP); AF_UNSPEC: the first one
 *
 * Returns: the option, which is constant, or NULL if there is no option of that name.
 * Errors:  none
 * Python:  options[name]
 * Since:   0.1
 * See:     csk_option_at(3), csk_option_by_number(3), csk_option_suggest(3)
 */
CSK_API const struct csk_option *csk_option_find(const char *name, int family);

/**
 * Find options with names similar to an unknown one.
 *
 * Up to two letters may be wrong, missing, transposed or superfluous, or the beginning may be
 * missing: "keepidle" is similar to TCP_KEEPIDLE.
 *
 * @name    an unknown name, in any case (borrowed)
 * @options filled in with the options, which are constant, the most similar first
 * @size    number of elements of options
 *
 * Returns: the number of options found, at most CSK_OPTION_SUGGESTIONS_MAX; 0 if none is similar.
 * Errors:  none
 * Python:  options[name]
 * Since:   0.1
 * See:     csk_option_find(3)
 */
CSK_API size_t csk_option_suggest(const char *name, const struct csk_option **options, size_t size);

/**
 * Find an option by the numbers that getsockopt and setsockopt take.
 *
 * @family    AF_* of the socket, because some levels of several families have the same number;
 *            AF_UNSPEC: any
 * @level     SOL_*
 * @number    SO_*
 * @direction CSK_OPTION_GET or CSK_OPTION_SET, because some numbers mean two options; 0: either
 *
 * Returns: the option, which is constant, or NULL if it is unknown.
 * Errors:  none
 * Python:  options.find
 * Since:   0.1
 * See:     csk_option_find(3)
 */
CSK_API const struct csk_option *csk_option_by_number(int family, int level, int number,
                                                      unsigned direction);

/**
 * Iterate over the catalogue: index 0, 1, ... until NULL, level by level.
 *
 * @index   index, from 0
 *
 * Returns: the option, which is constant, or NULL after the last one.
 * Errors:  none
 * Python:  iter(options)
 * Since:   0.1
 * See:     csk_option_fits(3)
 */
CSK_API const struct csk_option *csk_option_at(size_t index);

/**
 * Return an option's name.
 *
 * @option  the option (borrowed)
 *
 * Returns: the name, for example "SO_LINGER"; "" if option is NULL.
 * Errors:  none
 * Python:  options[name].name
 * Since:   0.1
 * See:     csk_option_find(3)
 */
CSK_API const char *csk_option_name(const struct csk_option *option);

/**
 * Return the level of an option.
 *
 * @option  the option (borrowed)
 *
 * Returns: the number for getsockopt(2); -1 with CSK_OPTION_UNAVAILABLE.
 * Errors:  none, except CSK_ENULL if option is NULL
 * Python:  options[name].level
 * Since:   0.1
 * See:     csk_option_number(3)
 */
CSK_API int csk_option_level(const struct csk_option *option);

/**
 * Return the number of an option.
 *
 * @option  the option (borrowed)
 *
 * Returns: the number for getsockopt(2); -1 with CSK_OPTION_UNAVAILABLE.
 * Errors:  none, except CSK_ENULL if option is NULL
 * Python:  options[name].number
 * Since:   0.1
 * See:     csk_option_level(3)
 */
CSK_API int csk_option_number(const struct csk_option *option);

/**
 * Return the flags of an option.
 *
 * @option  the option (borrowed)
 *
 * Returns: CSK_OPTION_*, combined with |.
 * Errors:  none
 * Python:  options[name].readable, options[name].writable
 * Since:   0.1
 * See:     csk_option_layout(3)
 */
CSK_API unsigned csk_option_flags(const struct csk_option *option);

/**
 * Return the layout of an option's value.
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_GET: as it is read; CSK_OPTION_SET: as it is set
 *
 * Returns: the layout, which is constant, or NULL if the option does not have this direction.
 * Errors:  none
 * Python:  options[name].kind, options[name].fields
 * Since:   0.1
 * See:     csk_layout_field(3)
 */
CSK_API const struct csk_layout *csk_option_layout(const struct csk_option *option,
                                                   unsigned direction);

/**
 * Return a fact of the catalogue about an option.
 *
 * @option  the option (borrowed)
 * @note    CSK_OPTION_NOTE_*
 *
 * A library that was built with -Dcatalogue=names has no privileges, versions and remarks, and
 * its meanings are empty.
 *
 * Returns: a constant string, or NULL if the fact does not apply or is unknown.
 * Errors:  none
 * Python:  options[name].meaning, options[name].since
 * Since:   0.1
 * See:     csk_option_name(3)
 */
CSK_API const char *csk_option_note(const struct csk_option *option, enum csk_option_note note);

/**
 * Return whether an option is for sockets of a kind.
 *
 * @option  the option (borrowed)
 * @family  AF_*, or AF_UNSPEC for any
 * @type    SOCK_*, or 0 for any
 * @proto   IPPROTO_* and the like; 0 is the type's usual protocol, a negative number any
 *
 * Returns: whether it is, according to the catalogue; the kernel may still refuse the option.
 * Errors:  none
 * Python:  iter(sock.options)
 * Since:   0.1
 * See:     csk_option_at(3)
 */
CSK_API bool csk_option_fits(const struct csk_option *option, int family, int type, int proto);

/**
 * Describe the text that an option accepts: "a time in s, 1s to 32767s".
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_SET: for setting; CSK_OPTION_GET: the input that reading requires
 *            (CSK_OPTION_INPUT)
 * @text      filled in, always terminated by a null byte, truncated if necessary
 * @size      size of text in bytes; 256 is enough for all but the longest structs
 *
 * Returns: text; "" if the option accepts nothing in that direction.
 * Errors:  none
 * Python:  options[name].accepts
 * Since:   0.1
 * See:     csk_option_parse(3)
 */
CSK_API const char *csk_option_accepts(const struct csk_option *option, unsigned direction,
                                       char *text, size_t size);

/**
 * Parse the value of an option.
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_SET: bytes as csk_option_set_bytes takes them; CSK_OPTION_GET: as they are
 *            read, and as csk_option_get_bytes takes its input (CSK_OPTION_INPUT)
 * @text      the text form (borrowed); "" is an empty value if the option may have one
 * @bytes     filled in
 * @size      size of the buffer bytes
 * @error     filled in on failure with the option, the accepted values and the given value; may be
 *            NULL
 *
 * Returns: the number of bytes of the value.
 * Errors:  CSK_EOPTVALUE invalid text
 *          CSK_EOPTION the option does not have this direction
 *          CSK_ESPACE bytes is too small
 * Python:  none
 * Since:   0.1
 * See:     csk_option_format(3), csk_option_set_bytes(3)
 */
CSK_API ssize_t csk_option_parse(const struct csk_option *option, unsigned direction,
                                 const char *text, void *bytes, size_t size,
                                 struct csk_error *error);

/**
 * Format the value of an option.
 *
 * @option    the option (borrowed)
 * @direction CSK_OPTION_GET: bytes as they are read; CSK_OPTION_SET: as they are set
 * @bytes     the bytes (borrowed)
 * @count     number of bytes; a struct may be shorter or longer than the catalogue's
 * @text      filled in, always terminated by a null byte, truncated if necessary; may be NULL if
 *            size is 0
 * @size      size of text in bytes
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  CSK_EOPTION the option does not have this direction
 *          CSK_EOPTVALUE too few bytes
 * Python:  none
 * Since:   0.1
 * See:     csk_option_parse(3), csk_option_get_bytes(3)
 */
CSK_API ssize_t csk_option_format(const struct csk_option *option, unsigned direction,
                                  const void *bytes, size_t count, char *text, size_t size);

/**
 * Set an option by name, from text.
 *
 * The text is in the notation of docs/options.md and csocket-options(7): on or off, numbers with
 * suffixes, times with units, names of values, the fields of structs. The name may be in any case.
 * A time without a unit is in the unit of the option.
 *
 * A later csk_option_get may return a different value: the kernel doubles SO_RCVBUF, for example.
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @text    its value (borrowed): "on", "60s", "239.1.1.1 dev lo"
 * @error   filled in on failure with the option, the accepted values and the given value; may be
 *          NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option, or it cannot be set
 *          CSK_EOPTVALUE invalid text
 *          -errno of setsockopt(2): -ENOPROTOOPT unsupported by this kernel or this socket
 * Python:  sock.options[name] = text
 * Since:   0.1
 * See:     csk_option_get(3), csk_option_accepts(3)
 */
CSK_API int csk_option_set(struct csk_socket *s, const char *name, const char *text,
                           struct csk_error *error);

/**
 * Read an option by name, as text.
 *
 * The text is in the notation that csk_option_set accepts, with units and names: "60s",
 * "state=TCP_ESTABLISHED rto=204000us ...". Use csk_option_get_number or csk_option_get_field to
 * compute with the value.
 *
 * @s       the socket (borrowed)
 * @name    the option (borrowed)
 * @text    filled in, always terminated by a null byte, truncated if necessary
 * @size    size of text in bytes
 * @error   filled in on failure with the option and the reason; may be NULL
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  CSK_EOPTION no such option, or it cannot be read
 *          -errno of getsockopt(2)
 * Python:  str(sock.options[name])
 * Since:   0.1
 * See:     csk_option_set(3), csk_option_query(3)
 */
CSK_API ssize_t csk_option_get(const struct csk_socket *s, const char *name, char *text,
                               size_t size, struct csk_error *error);

/**
 * Read an option that requires input (CSK_OPTION_INPUT).
 *
 * @s       the socket (borrowed)
 * @name    the option (borrowed)
 * @input   the input fields in text form (borrowed): "239.1.1.1 dev lo" for MCAST_MSFILTER
 * @text    filled in, always terminated by a null byte, truncated if necessary
 * @size    size of text in bytes
 * @error   filled in on failure with the option and the reason; may be NULL
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  CSK_EOPTVALUE invalid input, or the option takes none
 *          as csk_option_get
 * Python:  sock.options.get(name, input)
 * Since:   0.1
 * See:     csk_option_get(3)
 */
CSK_API ssize_t csk_option_query(const struct csk_socket *s, const char *name, const char *input,
                                 char *text, size_t size, struct csk_error *error);

/**
 * Set an option whose value is one number.
 *
 * @s       the socket
 * @name    the option (borrowed)
 * @number  the number, in the option's unit (TCP_USER_TIMEOUT: ms); nanoseconds for a struct
 *          timeval
 * @error   filled in on failure with the option, the accepted values and the given value; may be
 *          NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option, or it cannot be set, or its value is not a number
 *          CSK_EOPTVALUE number is out of range
 *          -errno of setsockopt(2)
 * Python:  none
 * Since:   0.1
 * See:     csk_option_get_number(3), csk_setsockopt_int(3)
 */
CSK_API int csk_option_set_number(struct csk_socket *s, const char *name, int64_t number,
                                  struct csk_error *error);

/**
 * Read an option whose value is one number.
 *
 * @s       the socket (borrowed)
 * @name    the option (borrowed)
 * @number  set to the number, in the option's unit; nanoseconds for a struct timeval
 * @error   filled in on failure with the option and the reason; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option, or it cannot be read, or its value is not a number
 *          -errno of getsockopt(2)
 * Python:  none
 * Since:   0.1
 * See:     csk_option_set_number(3), csk_getsockopt_int(3)
 */
CSK_API int csk_option_get_number(const struct csk_socket *s, const char *name, int64_t *number,
                                  struct csk_error *error);

/**
 * Read one field of an option as a number.
 *
 * @s       the socket (borrowed)
 * @name    the option (borrowed): "TCP_INFO"
 * @field   the field (borrowed): "rtt"
 * @number  set to the number, in the field's unit; nanoseconds for a struct timeval
 * @error   filled in on failure with the option and the reason; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such option or field, the option cannot be read, the field is not a
 *          number, or the running kernel does not have it
 *          -errno of getsockopt(2)
 * Python:  sock.options.tcp_info.rtt
 * Since:   0.1
 * See:     csk_option_get_number(3), csk_layout_get(3)
 */
CSK_API int csk_option_get_field(const struct csk_socket *s, const char *name, const char *field,
                                 int64_t *number, struct csk_error *error);

/**
 * Set an option from bytes: the struct itself, or the instructions of a CSK_FIELD_FILTER.
 *
 * @s       the socket
 * @option  the option (borrowed)
 * @bytes   the value (borrowed)
 * @count   size of the value in bytes; the value of a CSK_FIELD_LENGTH is an int64_t
 * @error   filled in on failure with the option and the likely cause; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION the option cannot be set
 *          CSK_EOPTVALUE too few bytes
 *          -errno of setsockopt(2)
 * Python:  sock.options[name] = value
 * Since:   0.1
 * See:     csk_option_parse(3), csk_layout_set(3), csk_setsockopt(3)
 */
CSK_API int csk_option_set_bytes(struct csk_socket *s, const struct csk_option *option,
                                 const void *bytes, size_t count, struct csk_error *error);

/**
 * Read an option as bytes: the struct itself, or the instructions of a CSK_FIELD_FILTER.
 *
 * @s       the socket (borrowed)
 * @option  the option (borrowed)
 * @bytes   filled in; with CSK_OPTION_INPUT the first *count bytes are the input
 * @size    size of the buffer bytes; CSK_OPTION_SIZE is enough for nearly every option
 * @count   size of the input in bytes, or 0; set to the size of the value in bytes, or, with
 *          CSK_ESPACE, to the size required
 * @error   filled in on failure with the option and the likely cause; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION the option cannot be read
 *          CSK_ESPACE bytes is too small
 *          CSK_EOPTVALUE the input contains an invalid length
 *          -errno of getsockopt(2)
 * Python:  sock.options[name]
 * Since:   0.1
 * See:     csk_option_format(3), csk_layout_get(3), csk_getsockopt(3)
 */
CSK_API int csk_option_get_bytes(const struct csk_socket *s, const struct csk_option *option,
                                 void *bytes, size_t size, size_t *count, struct csk_error *error);

#ifdef __cplusplus
}
#endif

#endif
