/* recvmmsg(2) and sendmmsg(2) as Linux has them (2.6.33, 3.0). */
#include "platform.h"
#include "sys.h"

#include <assert.h>
#include <errno.h>

static_assert(sizeof(struct cski_mmsg) == sizeof(struct mmsghdr), "the same struct");
static_assert(offsetof(struct cski_mmsg, size) == offsetof(struct mmsghdr, msg_len), "its length");

const int cski_os_wait_for_one = MSG_WAITFORONE;

int cski_os_recvmmsg(int fd, struct cski_mmsg *messages, unsigned count, int flags)
{
    int n = cski_sys(recvmmsg)(fd, (struct mmsghdr *)messages, count, flags, NULL);

    return n < 0 ? -errno : n;
}

int cski_os_sendmmsg(int fd, struct cski_mmsg *messages, unsigned count, int flags)
{
    int n = cski_sys(sendmmsg)(fd, (struct mmsghdr *)messages, count, flags);

    return n < 0 ? -errno : n;
}

const int cski_os_error_queue = MSG_ERRQUEUE;
