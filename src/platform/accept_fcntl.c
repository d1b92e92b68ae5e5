/* accept where accept4 does not exist: a fork between the two steps inherits the descriptor.
 * On BSD-derived systems the listener's O_NONBLOCK is inherited. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

int cski_os_accept(int fd, struct sockaddr *addr, socklen_t *len, bool nonblocking)
{
    int conn = cski_sys(accept)(fd, addr, len);
    int flag = nonblocking, error;

    if (conn < 0)
        return -errno;
    if (cski_sys(fcntl)(conn, F_SETFD, FD_CLOEXEC) < 0 ||
        cski_sys(ioctl)(conn, FIONBIO, &flag) < 0) {
        error = errno;
        cski_sys(close)(conn);
        return -error;
    }
    cski_os_no_sigpipe(conn);
    return conn;
}
