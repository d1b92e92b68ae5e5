/* For kernels without a call for many messages. */
#include "platform.h"

#include <errno.h>

const int cski_os_wait_for_one = 0;

int cski_os_recvmmsg(int fd, struct cski_mmsg *messages, unsigned count, int flags)
{
    (void)fd, (void)messages, (void)count, (void)flags;
    return -ENOSYS;
}

int cski_os_sendmmsg(int fd, struct cski_mmsg *messages, unsigned count, int flags)
{
    (void)fd, (void)messages, (void)count, (void)flags;
    return -ENOSYS;
}

const int cski_os_error_queue = 0;
