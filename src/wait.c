/* The one place that waits. */
#include "internal.h"

#include <limits.h>

int64_t cski_deadline_in(int64_t timeout)
{
    int64_t now;

    if (timeout < 0)
        return CSKI_NEVER;
    now = cski_os_now();
    return timeout < CSKI_NEVER - now ? now + timeout : CSKI_NEVER;
}

/* Milliseconds until the deadline for poll(): rounded up, because a wait that ends early would have
 * to poll again, and cut to INT_MAX, after which the caller polls again.  -1: forever. */
int cski_deadline_poll_ms(int64_t deadline)
{
    int64_t left;

    if (deadline == CSKI_NEVER)
        return -1;
    left = deadline - cski_os_now();
    if (left <= 0)
        return 0;
    left = left / 1000000 + (left % 1000000 != 0);
    return left < INT_MAX ? (int)left : INT_MAX;
}

int cski_wait_many(struct csk_socket *s, struct pollfd *fds, nfds_t count, int64_t deadline)
{
    int ms, n;

    for (;;) {
        ms = cski_deadline_poll_ms(deadline);
        n = cski_sys(poll)(fds, count, ms);
        if (n > 0)
            return n;
        if (n == 0 && ms == 0)
            return CSK_ETIMEDOUT;
        /* 0 after a wait: rounding, or a deadline beyond INT_MAX ms; look at the clock again. */
        if (n < 0) {
            if (errno != EINTR)
                return -errno;
            if ((n = cski_interrupted(s)) < 0)
                return n;
        }
    }
}

int cski_wait_until(struct csk_socket *s, int fd, int events, int64_t deadline)
{
    struct pollfd p = { .fd = fd, .events = (short)events };
    int n = cski_wait_many(s, &p, 1, deadline);

    return n > 0 ? p.revents : n;
}

int csk_wait(struct csk_socket *s, int events, int64_t timeout)
{
    int fd, n;

    if (!s)
        return CSK_ENULL;
    fd = cski_fd(s);
    /* poll() passes over negative descriptors, and would wait for nothing. */
    if (fd < 0)
        return -EBADF;
    n = cski_wait_until(s, fd, events, cski_deadline_in(timeout));
    if (n > 0 && (n & POLLNVAL))
        return -EBADF;
    return n == CSK_ETIMEDOUT ? 0 : n;
}
