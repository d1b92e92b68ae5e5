/* Accepting connections. */
#include "internal.h"

int csk_accept(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer)
{
    struct csk_addr unused;
    int64_t deadline = 0;
    socklen_t len;
    int fd, n;

    if (!(s && conn))
        return CSK_ENULL;
    *conn = (struct csk_socket)CSK_SOCKET_INIT;
    if (!peer)
        peer = &unused;
    for (;;) {
        len = sizeof peer->storage;
        if ((fd = cski_os_accept(cski_fd(s), &peer->sa, &len)) >= 0)
            break;
        if ((n = cski_retry(s, POLLIN, -fd, &deadline)) < 0)
            return n;
    }
    cski_addr_received(peer, len, s->proto);
    n = cski_socket_init(conn, fd, s->family, s->type, s->proto, false);
    conn->on_interrupt = s->on_interrupt;
    return n;
}
