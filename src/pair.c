/* Pairs of connected sockets. */
#include "internal.h"

int csk_socketpair(struct csk_socket pair[2], int family, int type, int proto)
{
    const struct csk_socket closed = CSK_SOCKET_INIT;
    int fds[2], n, plain = type;
    bool nonblocking = false;

    if (!pair)
        return CSK_ENULL;
    pair[0] = pair[1] = closed;
    if ((n = cski_os_socketpair(family, type, proto, fds)) < 0)
        return n;
    plain = cski_plain_type(type, &nonblocking);
    n = cski_socket_init(&pair[0], fds[0], family, plain, proto, nonblocking);
    if (n < 0) {
        cski_sys(close)(fds[1]);
        return n;
    }
    n = cski_socket_init(&pair[1], fds[1], family, plain, proto, nonblocking);
    if (n < 0)
        csk_close(&pair[0]);
    return n;
}
