/* A stdio file on functions, as glibc and musl have it. */
#include "platform.h"
#include "sys.h"

#include <stdio.h>

FILE *cski_os_stream(void *cookie, const char *mode, const struct cski_stream_ops *ops)
{
    return fopencookie(
        cookie, mode,
        (cookie_io_functions_t){ .read = ops->read, .write = ops->write, .close = ops->close });
}
