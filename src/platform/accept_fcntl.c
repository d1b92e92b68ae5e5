/* accept where accept4 does not exist: a fork between the two steps inherits the descriptor.
 * BSD-derived systems hand the listener's O_NONBLOCK down, which is taken off. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

int cski_os_accept(int fd, struct sockaddr *addr, socklen_t *len)
{
    int conn = cski_sys(accept)(fd, addr, len);
    int flags, error;

    if (conn < 0)
        return -errno;
    if (cski_sys(fcntl)(conn, F_SETFD, FD_CLOEXEC) < 0 ||
        (flags = cski_sys(fcntl)(conn, F_GETFL)) < 0 ||
        ((flags & O_NONBLOCK) && cski_sys(fcntl)(conn, F_SETFL, flags & ~O_NONBLOCK) < 0)) {
        error = errno;
        cski_sys(close)(conn);
        return -error;
    }
    return conn;
}
