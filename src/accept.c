/* Accepting connections. */
#include "internal.h"

int csk_accept(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer)
{
    int64_t deadline = 0;
    socklen_t len = 0;
    bool named;
    int fd, n;

    if (!(s && conn))
        return CSK_ENULL;
    *conn = (struct csk_socket)CSK_SOCKET_INIT;
    named = peer && cski_family_names_peers(s->family);
    for (;;) {
        if (named)
            len = sizeof peer->storage;
        fd = cski_os_accept(cski_fd(s), named ? &peer->sa : NULL, named ? &len : NULL);
        if (fd >= 0)
            break;
        if ((n = cski_retry(s, POLLIN, -fd, &deadline)) < 0)
            return n;
    }
    if (peer)
        cski_addr_received(peer, len, s->proto);
    n = cski_socket_init(conn, fd, s->family, s->type, s->proto, false);
    conn->on_interrupt = s->on_interrupt;
    return n;
}
