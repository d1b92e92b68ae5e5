/* Errors: what a negative return value means.  csocket.h explains the form of the comments. */
#ifndef CSOCKET_ERR_H
#define CSOCKET_ERR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CSK_API __attribute__((visibility("default")))

/* A code is in one of four ranges, csk_error_kind() tells which:
 *   -1     .. -4095    -errno of the system call that failed
 *   -10000 .. -10999   getaddrinfo's and getnameinfo's errors:  CSK_EAI(EAI_NONAME)
 *   -11000 .. -11999   gethostbyname's and gethostbyaddr's:     CSK_EHOST(HOST_NOT_FOUND)
 *   -12000 .. -12999   the library's own, in the table below */
#define CSK_EAI(code) (-10000 - ((code) < 0 ? -(code) : (code)))
#define CSK_EHOST(code) (-11000 - (code))

/* The library's own errors: code, number, what Python's exception would say.  Grown at the end. */
#define CSK_ERROR_MAP(X)                                                                           \
    X(CSK_ETIMEDOUT, -12000, "timed out")                                                          \
    X(CSK_EINTERRUPTED, -12001, "stopped by the interrupt hook")                                   \
    X(CSK_ENULL, -12002, "NULL where a value is needed")                                           \
    X(CSK_ERANGE, -12003, "number out of range")                                                   \
    X(CSK_EPORT, -12004, "port must be 0-65535.")                                                  \
    X(CSK_EADDRTEXT, -12005, "not an address")                                                     \
    X(CSK_EADDRFIELD, -12006, "number out of range in an address")                                 \
    X(CSK_EADDRLEN, -12007, "address has the wrong length for its family")                         \
    X(CSK_EFAMILY, -12008, "bad family")                                                           \
    X(CSK_EPATHTOOLONG, -12009, "AF_UNIX path too long")                                           \
    X(CSK_EADDRKIND, -12010, "wrong kind or number of fields in an address")                       \
    X(CSK_EWILDCARD, -12011, "wildcard resolved to multiple address")                              \
    X(CSK_EBROADCAST, -12012, "address family mismatched")                                         \
    X(CSK_ESPACE, -12013, "buffer too small")                                                      \
    X(CSK_EANCILLARY, -12014, "malformed ancillary data")                                          \
    X(CSK_ENONBLOCK, -12015, "non-blocking sockets are not supported")                             \
    X(CSK_ESOCKTYPE, -12016, "only SOCK_STREAM type sockets are supported")                        \
    X(CSK_EMODE, -12017, "invalid mode")                                                           \
    X(CSK_EDUALSTACK, -12018, "dualstack_ipv6 not supported on this platform")                     \
    X(CSK_EDUALSTACKFAMILY, -12019, "dualstack_ipv6 requires AF_INET6 family")                     \
    X(CSK_EREUSEPORT, -12020, "SO_REUSEPORT not supported on this platform")                       \
    X(CSK_EINETTEXT, -12021, "illegal IP address string passed to inet_pton")                      \
    X(CSK_EINETLEN, -12022, "packed IP address has the wrong length")                              \
    X(CSK_ESERVICE, -12023, "service/proto not found")                                             \
    X(CSK_EPORTSERVICE, -12024, "port/proto not found")                                            \
    X(CSK_EPROTOCOL, -12025, "protocol not found")                                                 \
    X(CSK_EINTERFACE, -12026, "no interface with this name")                                       \
    X(CSK_EOPTION, -12027, "unknown socket option")                                                \
    X(CSK_EOPTVALUE, -12028, "value does not fit the socket option")                               \
    X(CSK_EADDRVALUE, -12029, "bad value in an address")                                           \
    X(CSK_ENOADDRESS, -12030, "getaddrinfo returns an empty list")                                 \
    X(CSK_EADDRFORM, -12031, "not an address of this family")

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
    CSK_KIND_TIMEOUT, /* CSK_ETIMEDOUT: the socket's own timeout; ETIMEDOUT is the network's */
    CSK_KIND_MISUSE,  /* the rest of the library's own */
};

/* What went wrong where a code alone cannot say it: which field, which address, which option.
 * Calls that take one accept NULL; they fill it in only when they fail. */
struct csk_error {
    int code;
    char text[244];
};

/* Room for the text of any code. */
#define CSK_ERROR_TEXT_MAX 128

/**
 * Say what a code means, in the words of Python's exception.
 *
 * @code    a negative code of any range (0 gives "no error")
 * @text    where the text goes, ended by a null byte and cut if it must be
 * @size    bytes of text; CSK_ERROR_TEXT_MAX is always enough
 *
 * Returns: text.
 * Errors:  none
 * Python:  str(exception)
 * Since:   0.1
 * See:     strerror(3), gai_strerror(3), csk_error_name(3)
 */
CSK_API const char *csk_strerror(int code, char *text, size_t size);

/**
 * Name a code: "ECONNREFUSED", "EAI_NONAME", "HOST_NOT_FOUND", "CSK_ETIMEDOUT".
 *
 * @code    a negative code of any range
 *
 * Returns: a constant string, or NULL for a code that has no name.
 * Errors:  none
 * Python:  errno.errorcode
 * Since:   0.1
 * See:     csk_strerror(3), errno(3)
 */
CSK_API const char *csk_error_name(int code);

/**
 * Tell which of the ranges a code is in.
 *
 * @code    a return value
 *
 * Returns: the kind; CSK_KIND_NONE for 0 and counts.
 * Errors:  none
 * Python:  the exception's class: OSError, gaierror, herror, TimeoutError, ValueError
 * Since:   0.1
 * See:     csk_error_number(3)
 */
CSK_API enum csk_error_kind csk_error_kind(int code);

/**
 * Give back the number inside a code: errno, EAI_* or h_errno as the system's headers have it.
 *
 * @code    a return value
 *
 * Returns: the number; for the library's own errors the code itself; 0 where there is no error.
 * Errors:  none
 * Python:  exception.errno
 * Since:   0.1
 * See:     csk_error_kind(3)
 */
CSK_API int csk_error_number(int code);

#ifdef __cplusplus
}
#endif

#endif
