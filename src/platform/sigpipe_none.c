/* Where no signal is raised for a connection that has ended. */
#include "platform.h"

const int cski_os_send_flags = 0;
const int cski_os_recvmsg_flags = 0;

void cski_os_sigpipe_hold(struct cski_sigpipe *hold)
{
    (void)hold;
}

void cski_os_sigpipe_release(struct cski_sigpipe *hold)
{
    (void)hold;
}

void cski_os_no_sigpipe(int fd)
{
    (void)fd;
}
