/* Where the C library has no stdio files on functions. */
#include "platform.h"

#include <errno.h>

ssize_t cski_os_stream_failed(size_t sent)
{
    (void)sent;
    return -1;
}

FILE *cski_os_stream(void *cookie, const char *mode, const struct cski_stream_ops *ops)
{
    (void)cookie, (void)mode, (void)ops;
    errno = ENOSYS;
    return NULL;
}
