/* splice(2) of Linux (2.6.17), and the pipe that it needs. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

/* More than the default size of a pipe, for fewer calls.  A user's pipes may have 64 MiB in all
 * (pipe-user-pages-soft); beyond that they keep their size. */
#define PIPE_SIZE (1 << 20)

int cski_os_splice_pipe(int fds[2])
{
    int size;

    /* With O_NONBLOCK a splice from an AF_UNIX socket that blocks would not wait. */
    if (cski_sys(pipe2)(fds, O_CLOEXEC) < 0)
        return -errno;
    size = cski_sys(fcntl)(fds[1], F_SETPIPE_SZ, PIPE_SIZE);
    return size > 0 ? size : 4096;
}

ssize_t cski_os_splice(int from, int64_t from_offset, int to, int64_t to_offset, size_t count,
                       bool nonblocking)
{
    loff_t in = (loff_t)from_offset, out = (loff_t)to_offset;
    ssize_t n = cski_sys(splice)(from, from_offset < 0 ? NULL : &in, to,
                                 to_offset < 0 ? NULL : &out, count,
                                 SPLICE_F_MOVE | (nonblocking ? SPLICE_F_NONBLOCK : 0));

    return n < 0 ? -errno : n;
}
