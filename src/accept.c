/* Accepting connections. */
#include "internal.h"

/* accept() has no flag such as MSG_DONTWAIT, and another thread may take the connection that poll()
 * has reported.  While a limit is in force, a blocking listener therefore becomes non-blocking, and
 * remains so: to switch back could let another thread's call block.  Its timeout is unchanged, and
 * later calls on it wait in poll() instead of in accept(). */
static int begin_accepting(struct cski_call *call, struct csk_socket *s)
{
    int n = cski_call_begin(call, s, POLLIN, 0);

    return n < 0 || !call->limited ? n : csk_wait_in_poll(s);
}

int csk_accept4(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer, int flags)
{
    bool named, nonblocking;
    struct cski_call call;
    int64_t timeout;
    socklen_t len = 0;
    int fd, n;

    if (!(s && conn))
        return CSK_ENULL;
    *conn = (struct csk_socket)CSK_SOCKET_INIT;
    if (cski_plain_type(flags, &nonblocking) != 0)
        return -EINVAL;
    timeout = nonblocking ? 0 : csk_getdefaulttimeout();
    if ((n = begin_accepting(&call, s)) < 0)
        return n;
    named = peer && cski_family_names_peers(s->family);
    for (;;) {
        if (named)
            len = sizeof peer->storage;
        fd = cski_os_accept(cski_fd(s), named ? &peer->sa : NULL, named ? &len : NULL,
                            timeout >= 0);
        if (fd >= 0)
            break;
        if ((n = cski_retry(&call, -fd)) != 0)
            return n < 0 ? n : -EINVAL; /* as accept() after shutdown() */
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
