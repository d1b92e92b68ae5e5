/* Connecting. */
#include "internal.h"

int cski_connect_outcome(struct csk_socket *s)
{
    socklen_t size = sizeof(int);
    int error = 0;

    if (cski_sys(getsockopt)(cski_fd(s), SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -errno;
    return error == EISCONN ? 0 : -error;
}

int csk_connect(struct csk_socket *s, const struct csk_addr *addr)
{
    int64_t timeout;
    int fd, error, n;

    if (!(s && addr))
        return CSK_ENULL;
    timeout = cski_timeout(s);
    fd = cski_fd(s);
    if (cski_sys(connect)(fd, &addr->sa, addr->len) == 0)
        return 0;
    error = errno;
    /* Interrupted, the attempt goes on in the kernel: to call connect again would say EALREADY. */
    if (error == EINTR) {
        if ((n = cski_interrupted(s)) < 0)
            return n;
        if (timeout == 0)
            return -error;
    } else if (error != EINPROGRESS || timeout <= 0) {
        return -error;
    }
    n = cski_wait_until(s, fd, POLLOUT, cski_deadline_in(timeout));
    return n < 0 ? n : cski_connect_outcome(s);
}

int csk_connect_ex(struct csk_socket *s, const struct csk_addr *addr)
{
    int n = csk_connect(s, addr);

    if (n == CSK_ETIMEDOUT)
        return EAGAIN;
    return csk_error_kind(n) == CSK_KIND_SYSTEM ? -n : n;
}
