/* accept where accept4 exists (Linux 2.6.28, the BSDs): close-on-exec in one step. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

int cski_os_accept(int fd, struct sockaddr *addr, socklen_t *len, bool nonblocking)
{
    int conn = cski_sys(accept4)(fd, addr, len, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));

    return conn < 0 ? -errno : conn;
}
