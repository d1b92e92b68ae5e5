/* For kernels without splice: all data is read and written. */
#include "platform.h"

#include <errno.h>

int cski_os_splice_pipe(int fds[2])
{
    (void)fds;
    return -ENOSYS;
}

ssize_t cski_os_splice(int from, int64_t from_offset, int to, int64_t to_offset, size_t count,
                       bool nonblocking)
{
    (void)from, (void)from_offset, (void)to, (void)to_offset, (void)count, (void)nonblocking;
    return -ENOSYS;
}
