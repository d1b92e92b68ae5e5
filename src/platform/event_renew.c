/* A separate event for a child process. */
#include "platform.h"
#include "sys.h"

static void move(int from, int to)
{
    if (from == to)
        return;
    cski_sys(dup2)(from, to);
    cski_sys(fcntl)(to, F_SETFD, FD_CLOEXEC);
    cski_sys(close)(from);
}

void cski_os_event_renew(const int fds[2])
{
    int fresh[2];

    if (cski_os_event_open(fresh) < 0)
        return;
    if (fresh[0] != fresh[1])
        move(fresh[1], fds[1]);
    move(fresh[0], fds[0]);
}
