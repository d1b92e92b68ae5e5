/* A stdio file on functions, with fopencookie of glibc and musl. */
#include "platform.h"
#include "sys.h"

#include <stdio.h>

#ifdef CSK_HAVE_GNU_GET_LIBC_VERSION
/* glibc treats any smaller count than requested as an error, and expects no negative number. */
ssize_t cski_os_stream_failed(size_t sent)
{
    return (ssize_t)sent;
}
#else
/* musl treats only negative numbers as errors, and discards the buffer in any case. */
ssize_t cski_os_stream_failed(size_t sent)
{
    (void)sent;
    return -1;
}
#endif

FILE *cski_os_stream(void *cookie, const char *mode, const struct cski_stream_ops *ops)
{
    return fopencookie(
        cookie, mode,
        (cookie_io_functions_t){ .read = ops->read, .write = ops->write, .close = ops->close });
}
