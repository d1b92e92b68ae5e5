/* For kernels without a sendfile that the library supports. */
#include "platform.h"

#include <errno.h>

ssize_t cski_os_sendfile(int sock, int file, int64_t offset, size_t count)
{
    (void)sock, (void)file, (void)offset, (void)count;
    return -ENOSYS;
}
