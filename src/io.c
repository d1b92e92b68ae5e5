/* Bytes in and out.  Each call tries at once; what to do when a try fails is decided in cski_retry,
 * for these and for every other call that may wait. */
#include "internal.h"

/* A receive that finds nothing costs a system call more than waiting first would have.  Where one
 * had to wait, the next ones will probably wait too (request and answer), so this many wait first;
 * then one tries again, in case the peer now sends faster than we read. */
#define RECEIVES_THAT_WAIT_FIRST 16

int cski_retry(struct csk_socket *s, int events, int error, int64_t *deadline)
{
    int64_t timeout = cski_timeout(s);
    int fd = cski_fd(s);
    int n;

    if (error == EINTR)
        return cski_interrupted(s);
    if ((error != EAGAIN && error != EWOULDBLOCK) || timeout <= 0)
        return -error;
    if (fd < 0)
        return -EBADF;
    /* One that poll calls ready and that blocks all the same must not be tried for ever. */
    if (*deadline == 0)
        *deadline = cski_deadline_in(timeout);
    else if (cski_os_now() >= *deadline)
        return CSK_ETIMEDOUT;
    n = cski_wait_until(s, fd, events, *deadline);
    if (n < 0)
        return n;
    if (events == POLLIN)
        cski_set_wait_first(s, RECEIVES_THAT_WAIT_FIRST);
    return 0;
}

int cski_wait_first(struct csk_socket *s, int64_t *deadline)
{
    int64_t timeout = cski_timeout(s);
    int fd = cski_fd(s);
    unsigned first;
    int n;

    if (timeout <= 0 || fd < 0) {
        cski_set_wait_first(s, 0);
        return 0;
    }
    /* Another thread may have counted down to 0 meanwhile. */
    first = cski_get_wait_first(s);
    cski_set_wait_first(s, first ? first - 1 : 0);
    *deadline = cski_deadline_in(timeout);
    n = cski_wait_until(s, fd, POLLIN, *deadline);
    return n < 0 ? n : 0;
}

/* NULL, where the kernel would say EFAULT after it has thrown a datagram away.  With MSG_TRUNC it
 * stands for bytes that TCP shall throw away (Linux 2.4). */
static inline bool is_null(const void *data, size_t size, int flags)
{
    return !data && size > 0 && !(flags & MSG_TRUNC);
}

ssize_t csk_recv(struct csk_socket *s, void *data, size_t size, int flags)
{
    int64_t deadline = 0;
    ssize_t n;
    int error;

    if (!s || is_null(data, size, flags))
        return CSK_ENULL;
    if (cski_get_wait_first(s) && (error = cski_wait_first(s, &deadline)) < 0)
        return error;
    while ((n = cski_sys(recv)(cski_fd(s), data, size, flags)) < 0)
        if ((error = cski_retry(s, POLLIN, errno, &deadline)) < 0)
            return error;
    return n;
}

ssize_t csk_recvfrom(struct csk_socket *s, void *data, size_t size, int flags,
                     struct csk_addr *from)
{
    int64_t deadline = 0;
    socklen_t len;
    ssize_t n;
    int error;

    if (!s || is_null(data, size, flags))
        return CSK_ENULL;
    if (!from)
        return csk_recv(s, data, size, flags);
    if (cski_get_wait_first(s) && (error = cski_wait_first(s, &deadline)) < 0)
        return error;
    for (;;) {
        len = sizeof from->storage;
        n = cski_sys(recvfrom)(cski_fd(s), data, size, flags, &from->sa, &len);
        if (n >= 0)
            break;
        if ((error = cski_retry(s, POLLIN, errno, &deadline)) < 0)
            return error;
    }
    cski_addr_received(from, len, s->proto);
    return n;
}

ssize_t csk_send(struct csk_socket *s, const void *data, size_t size, int flags)
{
    int64_t deadline = 0;
    ssize_t n;
    int error;

    if (!s || is_null(data, size, 0))
        return CSK_ENULL;
    while ((n = cski_sys(send)(cski_fd(s), data, size, flags | s->send_flags)) < 0)
        if ((error = cski_retry(s, POLLOUT, errno, &deadline)) < 0)
            return error;
    return n;
}

ssize_t csk_sendto(struct csk_socket *s, const void *data, size_t size, int flags,
                   const struct csk_addr *to, struct csk_error *error)
{
    int64_t deadline = 0;
    ssize_t n;
    int code;

    if (!s || is_null(data, size, 0))
        return CSK_ENULL;
    if (!to)
        return csk_send(s, data, size, flags);
    flags |= s->send_flags;
    while ((n = cski_sys(sendto)(cski_fd(s), data, size, flags, &to->sa, to->len)) < 0)
        if ((code = cski_retry(s, POLLOUT, errno, &deadline)) < 0)
            return cski_fail_at(error, code, "send to", to);
    return n;
}

int csk_sendall(struct csk_socket *s, const void *data, size_t size, int flags, size_t *sent)
{
    int64_t deadline = 0;
    size_t done = 0;
    ssize_t n;
    int error = 0;

    if (!s || is_null(data, size, 0))
        return CSK_ENULL;
    do {
        n = cski_sys(send)(cski_fd(s), (const char *)data + done, size - done,
                           flags | s->send_flags);
        /* A part from a blocking socket: a signal may have ended a send that had begun. */
        if (n < 0)
            error = cski_retry(s, POLLOUT, errno, &deadline);
        else if ((done += (size_t)n) < size && cski_timeout(s) < 0)
            error = cski_interrupted(s);
    } while (error == 0 && done < size);
    if (sent)
        *sent = done;
    return error;
}
