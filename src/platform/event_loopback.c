/* An event as a UDP socket that is connected to itself, because poll accepts only sockets.
 * Datagrams of other senders do not reach it. */
#include "platform.h"
#include "sys.h"

#include <string.h>

static int connect_to_itself(int fd)
{
    struct sockaddr_in addr = { .sin_family = AF_INET };
    socklen_t len = sizeof addr;
    int on = 1;

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return cski_sys(setsockopt)(fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, &on, sizeof on) < 0 ||
                   cski_sys(bind)(fd, (struct sockaddr *)&addr, len) < 0 ||
                   cski_sys(getsockname)(fd, (struct sockaddr *)&addr, &len) < 0 ||
                   cski_sys(connect)(fd, (struct sockaddr *)&addr, len) < 0 ||
                   cski_sys(ioctl)(fd, FIONBIO, &on) < 0
               ? -errno
               : 0;
}

int cski_os_event_open(int fds[2])
{
    int n;

    fds[0] = fds[1] = cski_sys(socket)(AF_INET, SOCK_DGRAM, 0);
    if (fds[0] < 0)
        return -errno;
    if ((n = connect_to_itself(fds[0])) < 0)
        cski_os_event_close(fds);
    return n;
}

void cski_os_event_set(int writer)
{
    cski_sys(send)(writer, "", 1, 0);
}

void cski_os_event_clear(int reader)
{
    char byte;

    while (cski_sys(recv)(reader, &byte, 1, 0) > 0)
        ;
}

void cski_os_event_close(const int fds[2])
{
    cski_sys(close)(fds[0]);
}

/* There is no fork. */
void cski_os_event_renew(const int fds[2])
{
    (void)fds;
}
