/* Opening sockets, which are never inherited, and pairs of them: two ends of a TCP connection. */
#include "platform.h"
#include "windows/layer.h"

#include <string.h>

int cski_os_socket(int family, int type, int proto)
{
    int fd = cski_sys(socket)(family, type, proto);

    return fd < 0 ? -errno : fd;
}

int cski_os_dup(int fd)
{
    WSAPROTOCOL_INFOW info;
    SOCKET copy;

    if (WSADuplicateSocketW(cski_ws_handle(fd), GetCurrentProcessId(), &info) != 0)
        return -cski_ws_errno(WSAGetLastError());
    copy = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    return copy == INVALID_SOCKET ? -cski_ws_errno(WSAGetLastError()) : (int)copy;
}

/* The loopback address of a family, any port; its length. */
static socklen_t loopback(int family, struct sockaddr_storage *addr)
{
    struct sockaddr_in ip4 = { .sin_family = AF_INET };
    struct sockaddr_in6 ip6 = { .sin6_family = AF_INET6 };

    memset(addr, 0, sizeof *addr);
    if (family == AF_INET6) {
        ip6.sin6_addr = in6addr_loopback;
        memcpy(addr, &ip6, sizeof ip6);
        return sizeof ip6;
    }
    ip4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memcpy(addr, &ip4, sizeof ip4);
    return sizeof ip4;
}

/* Another process may have connected to the listener first: the ends must know each other. */
static int check_ends(const int pair[2])
{
    struct sockaddr_storage name, peer;

    for (int i = 0; i < 2; i++) {
        socklen_t name_size = sizeof name, peer_size = sizeof peer;

        memset(&name, 0, sizeof name);
        memset(&peer, 0, sizeof peer);
        if (cski_sys(getsockname)(pair[i], (struct sockaddr *)&name, &name_size) < 0 ||
            cski_sys(getpeername)(pair[1 - i], (struct sockaddr *)&peer, &peer_size) < 0)
            return -errno;
        if (name_size != peer_size || memcmp(&name, &peer, (size_t)name_size) != 0)
            return -ECONNABORTED;
    }
    return 0;
}

/* A listener for one connection, which no other process can share; its address is in addr. */
static int open_listener(int family, struct sockaddr_storage *addr, socklen_t *len)
{
    int fd = cski_sys(socket)(family, SOCK_STREAM, 0), on = 1, error;

    if (fd < 0)
        return -errno;
    *len = loopback(family, addr);
    if (cski_sys(setsockopt)(fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, &on, sizeof on) == 0 &&
        cski_sys(bind)(fd, (struct sockaddr *)addr, *len) == 0 && cski_sys(listen)(fd, 1) == 0 &&
        cski_sys(getsockname)(fd, (struct sockaddr *)addr, len) == 0)
        return fd;
    error = errno;
    cski_sys(close)(fd);
    return -error;
}

static void close_ends(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            cski_sys(close)(pair[i]);
    pair[0] = pair[1] = -1;
}

int cski_os_socketpair(int family, int type, int proto, int pair[2])
{
    struct sockaddr_storage addr;
    int listener, n = 0;
    socklen_t len;

    pair[0] = pair[1] = -1;
    if (family != AF_INET && family != AF_INET6)
        return -EAFNOSUPPORT;
    if (type != SOCK_STREAM)
        return -EPROTOTYPE;
    if (proto != 0 && proto != IPPROTO_TCP)
        return -EPROTONOSUPPORT;
    if ((listener = open_listener(family, &addr, &len)) < 0)
        return listener;
    if ((pair[0] = cski_sys(socket)(family, type, proto)) < 0 ||
        cski_sys(connect)(pair[0], (struct sockaddr *)&addr, len) < 0 ||
        (pair[1] = cski_sys(accept)(listener, NULL, NULL)) < 0 ||
        cski_sys(fcntl)(pair[1], F_SETFD, FD_CLOEXEC) < 0)
        n = -errno;
    else
        n = check_ends(pair);
    cski_sys(close)(listener);
    if (n < 0)
        close_ends(pair);
    return n;
}

int cski_ws_socketpair(int family, int type, int proto, int *pair)
{
    int n = cski_os_socketpair(family, type, proto, pair);

    if (n < 0)
        errno = -n;
    return n < 0 ? -1 : 0;
}
