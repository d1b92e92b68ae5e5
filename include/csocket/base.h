/* The base of all headers: types, versions and time.  csocket.h explains the form of the
 * comments. */
#ifndef CSOCKET_BASE_H
#define CSOCKET_BASE_H

#include <csocket/sys.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef INVALID_SOCKET
#define CSK_API __attribute__((visibility("default")))
#elif defined CSK_BUILD
#define CSK_API __declspec(dllexport)
#else
#define CSK_API
#endif

/* The headers' version; csk_version() is the library's. */
#define CSK_VERSION_MAJOR 0
#define CSK_VERSION_MINOR 1
#define CSK_VERSION_PATCH 0
#define CSK_VERSION "0.1.0"

/* The system's type of a socket's descriptor: an int on POSIX systems.  On Windows it is
 * a SOCKET as a signed number, so that INVALID_SOCKET is -1: the upper 32 bits of a handle have no
 * meaning there. */
#ifndef INVALID_SOCKET
typedef int csk_fd_t;
#else
typedef intptr_t csk_fd_t;
#endif

/* Times are int64_t nanoseconds: 3 * CSK_SECOND.  A timeout is a duration, and a negative one means
 * forever; a deadline is a point in time on csk_now()'s clock, and 0 means none. */
#define CSK_NS INT64_C(1)
#define CSK_US INT64_C(1000)
#define CSK_MS INT64_C(1000000)
#define CSK_SECOND INT64_C(1000000000)

/* A timeout or a deadline that never passes. */
#define CSK_FOREVER INT64_MAX

/* In csk_connection_options: the timeout that csk_setdefaulttimeout set. */
#define CSK_TIMEOUT_DEFAULT 0

/**
 * Return the library's version, for example "0.1.0".
 *
 * Returns: a constant string.
 * Errors:  none
 * Python:  __version__
 * Since:   0.1
 * See:     csocket(7)
 */
CSK_API const char *csk_version(void);

/**
 * Return the current time of the clock that deadlines refer to.
 *
 * The clock is monotonic: setting the system's time does not change it.
 *
 * Returns: the time in nanoseconds, greater than 0.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_setdeadline(3), clock_gettime(2)
 */
CSK_API int64_t csk_now(void);

#ifdef __cplusplus
}
#endif

#endif
