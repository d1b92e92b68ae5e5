/* Errors: the meanings of negative return values.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_ERR_H
#define CSOCKET_ERR_H

#include <csocket/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A code is in one of these ranges; csk_error_kind() returns which:
 *   -1     .. -4095    -errno of the system call that failed
 *   -10004 .. -11999   the errors of Windows Sockets, negated
 *   -20000 .. -39999   getaddrinfo's and getnameinfo's errors:  CSK_EAI(EAI_NONAME)
 *   -40000 .. -59999   gethostbyname's and gethostbyaddr's:     CSK_EHOST(HOST_NOT_FOUND)
 *   -60000 .. -60999   the library's own, in the table below */
#define CSK_EAI(code) (-20000 - ((code) < 0 ? -(code) : (code)))
#define CSK_EHOST(code) (-40000 - (code))

/* The library's own errors: code, number, text of Python's exception.  New ones are appended. */
#define CSK_ERROR_MAP(X)                                                                           \
    X(CSK_ETIMEDOUT, -60000, "timed out")                                                          \
    X(CSK_EINTERRUPTED, -60001, "stopped by the interrupt hook")                                   \
    X(CSK_ENULL, -60002, "NULL where a value is needed")                                           \
    X(CSK_ERANGE, -60003, "number out of range")                                                   \
    X(CSK_EPORT, -60004, "port must be 0-65535.")                                                  \
    X(CSK_EADDRTEXT, -60005, "not an address")                                                     \
    X(CSK_EADDRFIELD, -60006, "number out of range in an address")                                 \
    X(CSK_EADDRLEN, -60007, "address has the wrong length for its family")                         \
    X(CSK_EFAMILY, -60008, "bad family")                                                           \
    X(CSK_EPATHTOOLONG, -60009, "AF_UNIX path too long")                                           \
    X(CSK_EADDRKIND, -60010, "wrong kind or number of fields in an address")                       \
    X(CSK_EWILDCARD, -60011, "wildcard resolved to multiple address")                              \
    X(CSK_EBROADCAST, -60012, "address family mismatched")                                         \
    X(CSK_ESPACE, -60013, "buffer too small")                                                      \
    X(CSK_EANCILLARY, -60014, "malformed ancillary data")                                          \
    X(CSK_ENONBLOCK, -60015, "non-blocking sockets are not supported")                             \
    X(CSK_ESOCKTYPE, -60016, "only SOCK_STREAM type sockets are supported")                        \
    X(CSK_EMODE, -60017, "invalid mode")                                                           \
    X(CSK_EDUALSTACK, -60018, "dualstack_ipv6 not supported on this platform")                     \
    X(CSK_EDUALSTACKFAMILY, -60019, "dualstack_ipv6 requires AF_INET6 family")                     \
    X(CSK_EREUSEPORT, -60020, "SO_REUSEPORT not supported on this platform")                       \
    X(CSK_EINETTEXT, -60021, "illegal IP address string passed to inet_pton")                      \
    X(CSK_EINETLEN, -60022, "packed IP address has the wrong length")                              \
    X(CSK_ESERVICE, -60023, "service/proto not found")                                             \
    X(CSK_EPORTSERVICE, -60024, "port/proto not found")                                            \
    X(CSK_EPROTOCOL, -60025, "protocol not found")                                                 \
    X(CSK_EINTERFACE, -60026, "no interface with this name")                                       \
    X(CSK_EOPTION, -60027, "unknown socket option")                                                \
    X(CSK_EOPTVALUE, -60028, "value does not fit the socket option")                               \
    X(CSK_EADDRVALUE, -60029, "bad value in an address")                                           \
    X(CSK_ENOADDRESS, -60030, "getaddrinfo returns an empty list")                                 \
    X(CSK_EADDRFORMAT, -60031, "not an address of this family")                                    \
    X(CSK_ECANCELED, -60032, "cancelled")                                                          \
    X(CSK_ESCOPE, -60033, "not the innermost scope of this thread, or too many cancels")           \
    X(CSK_EINCOMPLETE, -60034, "connection closed before all bytes were received")

enum csk_error_code {
#define CSK_ERROR_ENUM(name, number, text) name = number,
    CSK_ERROR_MAP(CSK_ERROR_ENUM)
#undef CSK_ERROR_ENUM
};

enum csk_error_kind {
    CSK_KIND_NONE,    /* 0 or a count: no error */
    CSK_KIND_SYSTEM,  /* -errno */
    CSK_KIND_EAI,     /* getaddrinfo, getnameinfo */
    CSK_KIND_HOST,    /* h_errno */
    CSK_KIND_TIMEOUT, /* CSK_ETIMEDOUT: a timeout or deadline; a timeout of the network is
                       * -ETIMEDOUT */
    CSK_KIND_CANCEL,  /* CSK_ECANCELED */
    CSK_KIND_MISUSE,  /* all other errors of the library */
};

/* The cause of a failure: the field, address or option, and the reason.  Calls that take a pointer
 * to one accept NULL; they fill it in only if they fail. */
struct csk_error {
    int code;
    char text[244];
};
typedef struct csk_error csk_error_t;

/* Size of a buffer for the text of any code. */
#define CSK_ERROR_TEXT_MAX 128

/**
 * Describe a code with the message of Python's exception.
 *
 * @code    a negative code of any range; 0: "no error"
 * @text    filled in, always terminated by a null byte, truncated if necessary
 * @size    size of text in bytes; CSK_ERROR_TEXT_MAX is always enough
 *
 * Returns: text; NULL if text is NULL.
 * Errors:  none
 * Python:  str(exception)
 * Since:   0.1
 * See:     strerror(3), gai_strerror(3), csk_error_name(3)
 */
CSK_API const char *csk_strerror(ssize_t code, char *text, size_t size);

/**
 * Return the description of a code as a constant string.
 *
 * Descriptions of the system's errors are in the C locale, regardless of the program's.
 *
 * @code    a negative code of any range; 0: "no error"
 *
 * Returns: a constant string; "unknown error" for an unknown code.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_strerror(3)
 */
CSK_API const char *csk_errstr(ssize_t code);

/**
 * Return the name of a code: "ECONNREFUSED", "EAI_NONAME", "HOST_NOT_FOUND", "CSK_ETIMEDOUT".
 *
 * @code    a negative code of any range
 *
 * Returns: a constant string, or NULL for a code that has no name.
 * Errors:  none
 * Python:  errno.errorcode
 * Since:   0.1
 * See:     csk_strerror(3), errno(3)
 */
CSK_API const char *csk_error_name(ssize_t code);

/**
 * Return the kind of a code.
 *
 * @code    a return value
 *
 * Returns: the kind; CSK_KIND_NONE for 0 and counts.
 * Errors:  none
 * Python:  the exception's class: OSError, gaierror, herror, TimeoutError, ValueError
 * Since:   0.1
 * See:     csk_error_number(3)
 */
CSK_API enum csk_error_kind csk_error_kind(ssize_t code);

/**
 * Return the number in a code: errno, EAI_* or h_errno as in the system's headers.
 *
 * @code    a return value
 *
 * Returns: the number; for the library's own errors the code itself; 0 if there is no error.
 * Errors:  none
 * Python:  exception.errno
 * Since:   0.1
 * See:     csk_error_kind(3)
 */
CSK_API int csk_error_number(ssize_t code);

#ifdef __cplusplus
}
#endif

#endif
