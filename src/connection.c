/* Connections: connecting and accepting. */
#include "internal.h"

int cski_connect_outcome(struct csk_socket *s)
{
    socklen_t size = sizeof(int);
    int error = 0;

    if (cski_sys(getsockopt)(cski_fd(s), SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -errno;
    return error == EISCONN ? 0 : -error;
}

static int connect_to(struct csk_socket *s, const struct csk_addr *addr)
{
    int64_t timeout = cski_timeout(s);
    int fd = cski_fd(s);
    int error, n;

    if (cski_sys(connect)(fd, &addr->sa, addr->len) == 0)
        return 0;
    error = errno;
    /* Interrupted, the attempt continues in the kernel: calling connect again reports EALREADY. */
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

int csk_connect(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error)
{
    int n;

    if (!(s && addr))
        return cski_fail(error, CSK_ENULL, "the %s is NULL", s ? "address" : "socket");
    n = connect_to(s, addr);
    return n < 0 ? cski_fail_at(error, n, "connect to", addr) : 0;
}

int csk_connect_ex(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error)
{
    int n = csk_connect(s, addr, error);

    if (n == CSK_ETIMEDOUT)
        return EAGAIN;
    return csk_error_kind(n) == CSK_KIND_SYSTEM ? -n : n;
}

int csk_accept4(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer, int flags)
{
    bool named, nonblocking;
    int64_t deadline = 0, timeout;
    socklen_t len = 0;
    int fd, n;

    if (!(s && conn))
        return CSK_ENULL;
    *conn = (struct csk_socket)CSK_SOCKET_INIT;
    if (cski_plain_type(flags, &nonblocking) != 0)
        return -EINVAL;
    timeout = nonblocking ? 0 : csk_getdefaulttimeout();
    named = peer && cski_family_names_peers(s->family);
    for (;;) {
        if (named)
            len = sizeof peer->storage;
        fd = cski_os_accept(cski_fd(s), named ? &peer->sa : NULL, named ? &len : NULL,
                            timeout >= 0);
        if (fd >= 0)
            break;
        if ((n = cski_retry(s, POLLIN, -fd, &deadline)) < 0)
            return n;
    }
    if (peer)
        cski_addr_received(peer, len, s->proto);
    cski_socket_fill(conn, fd, s->family, s->type, s->proto, timeout);
    conn->on_interrupt = s->on_interrupt;
    conn->context = s->context;
    conn->cancel = s->cancel;
    return 0;
}

int csk_accept(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer)
{
    return csk_accept4(s, conn, peer, 0);
}
