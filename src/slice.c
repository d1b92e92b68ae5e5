/* Calls that block in slices.
 *
 * A call that waits for the other socket of the same system (AF_UNIX: connecting to a listener
 * whose backlog is full, a datagram for a receiver whose queue is full) does not return when its
 * own socket is shut down, and poll() does not report that it would block.  On a blocking socket it
 * is therefore tried without blocking first, and then blocks for a short time at once: the socket's
 * send timeout (SO_SNDTIMEO) ends it, so that it notices csk_cancel_calls, and the kernel still
 * wakes it as soon as there is space.  Other threads' calls on the socket do the same, and only try
 * again when a timeout that is not theirs has ended them. */
#include "internal.h"

#include <sys/time.h>

#define SLICE_US 50000

static int set_timeout(int fd, suseconds_t us)
{
    struct timeval timeout = { .tv_usec = us };

    return cski_sys(setsockopt)(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) < 0 ? -errno
                                                                                           : 0;
}

/* Whether the program has set a send timeout of its own, which then ends the call. */
static bool has_timeout(int fd)
{
    struct timeval timeout = { 0 };
    socklen_t size = sizeof timeout;

    return cski_sys(getsockopt)(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, &size) == 0 &&
           (timeout.tv_sec != 0 || (timeout.tv_usec != 0 && timeout.tv_usec != SLICE_US));
}

bool cski_may_slice(const struct csk_socket *s)
{
    return cski_timeout(s) < 0 && cski_has_pending(s, CSKI_WAITS_FOR_PEER) &&
           !cski_has_pending(s, CSKI_MADE_NONBLOCKING);
}

int cski_slice_next(struct cski_call *call)
{
    int fd = cski_fd(call->s), n = 0;
    int64_t now;

    if (fd < 0)
        return -EBADF;
    if (call->slice == CSKI_SLICE_OWN)
        return -EAGAIN;
    now = cski_os_now();
    /* The descriptor is non-blocking regardless of the timeout: the program has adopted it in this
     * state. */
    if (call->slice == CSKI_SLICE_SET && now - call->slice_begin < SLICE_US * CSK_US / 2)
        return -EAGAIN;
    call->flags &= ~MSG_DONTWAIT;
    call->slice_begin = now;
    if (call->slice == CSKI_SLICE_NONE && has_timeout(fd))
        call->slice = CSKI_SLICE_OWN;
    else if ((n = set_timeout(fd, SLICE_US)) == 0)
        call->slice = CSKI_SLICE_SET;
    return n;
}

int cski_slice_end(struct cski_call *call, int code)
{
    if (call->slice == CSKI_SLICE_SET && cski_fd(call->s) >= 0)
        set_timeout(cski_fd(call->s), 0);
    call->slice = CSKI_SLICE_NONE;
    return code;
}
