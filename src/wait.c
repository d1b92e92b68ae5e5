/* The one place that waits. */
#include "internal.h"

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
