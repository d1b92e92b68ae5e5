/* Opening descriptors where SOCK_CLOEXEC does not exist: a fork in between inherits them. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

static int mark(int fd)
{
    int error;

    if (fd < 0)
        return -errno;
    if (cski_sys(fcntl)(fd, F_SETFD, FD_CLOEXEC) == 0) {
        cski_os_no_sigpipe(fd);
        return fd;
    }
    error = errno;
    cski_sys(close)(fd);
    return -error;
}

int cski_os_socket(int family, int type, int proto)
{
    return mark(cski_sys(socket)(family, type, proto));
}

int cski_os_socketpair(int family, int type, int proto, int pair[2])
{
    int n;

    if (cski_sys(socketpair)(family, type, proto, pair) < 0)
        return -errno;
    if ((n = mark(pair[0])) < 0) {
        cski_sys(close)(pair[1]);
        return n;
    }
    if ((n = mark(pair[1])) < 0) {
        cski_sys(close)(pair[0]);
        return n;
    }
    return 0;
}

int cski_os_dup(int fd)
{
    int copy = cski_sys(fcntl)(fd, F_DUPFD_CLOEXEC, 0); /* POSIX 2008 */

    return copy < 0 ? -errno : copy;
}
