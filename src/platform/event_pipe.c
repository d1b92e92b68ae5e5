/* An event as a pipe. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

static int prepare(int fd)
{
    int flag = 1;

    return cski_sys(fcntl)(fd, F_SETFD, FD_CLOEXEC) < 0 || cski_sys(ioctl)(fd, FIONBIO, &flag) < 0
               ? -errno
               : 0;
}

int cski_os_event_open(int fds[2])
{
    int n;

    if (cski_sys(pipe)(fds) < 0)
        return -errno;
    if ((n = prepare(fds[0])) < 0 || (n = prepare(fds[1])) < 0)
        cski_os_event_close(fds);
    return n;
}

void cski_os_event_set(int writer)
{
    (void)!cski_sys(write)(writer, "", 1);
}

void cski_os_event_clear(int reader)
{
    char bytes[64];

    while (cski_sys(read)(reader, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        ;
}

void cski_os_event_close(const int fds[2])
{
    cski_sys(close)(fds[0]);
    cski_sys(close)(fds[1]);
}
