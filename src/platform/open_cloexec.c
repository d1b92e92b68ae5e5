/* Opening descriptors where SOCK_CLOEXEC exists (Linux 2.6.27, the BSDs). */
#include "platform.h"
#include "sys.h"

#include <errno.h>

int cski_os_socket(int family, int type, int proto)
{
    int fd = cski_sys(socket)(family, type | SOCK_CLOEXEC, proto);

    return fd < 0 ? -errno : fd;
}

int cski_os_socketpair(int family, int type, int proto, int pair[2])
{
    return cski_sys(socketpair)(family, type | SOCK_CLOEXEC, proto, pair) < 0 ? -errno : 0;
}

int cski_os_dup(int fd)
{
    int copy = cski_sys(fcntl)(fd, F_DUPFD_CLOEXEC, 0);

    return copy < 0 ? -errno : copy;
}
