/* Opening and closing sockets, and their names. */
#include "internal.h"

void cski_socket_fill(struct csk_socket *s, int fd, int family, int type, int proto,
                      int64_t timeout)
{
    *s = (struct csk_socket){ .fd = fd,
                              .family = family,
                              .type = type,
                              .proto = proto,
                              .timeout = timeout,
                              .send_flags = cski_family_send_flags(family) };
    if (!cski_family_waits_for_peer(family))
        return;
    s->pending = CSKI_WAITS_FOR_PEER;
    if (type == SOCK_DGRAM)
        s->send_flags |= MSG_DONTWAIT;
}

/* Fill in a socket that has just been opened and give it the default timeout.  On an error fd is
 * closed and s is closed. */
static int init(struct csk_socket *s, int fd, int family, int type, int proto, bool nonblocking)
{
    int64_t timeout = csk_getdefaulttimeout();
    int n;

    cski_socket_fill(s, fd, family, type, proto, nonblocking ? 0 : timeout);
    if (nonblocking || timeout < 0 || (n = cski_set_nonblocking(fd, true)) == 0)
        return 0;
    cski_sys(close)(fd);
    s->fd = -1;
    return n;
}

static void set_closed(struct csk_socket *s)
{
    *s = (struct csk_socket)CSK_SOCKET_INIT;
}

#ifdef CSK_HAVE_SOCK_NONBLOCK
#define TYPE_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)
#define TYPE_NONBLOCK SOCK_NONBLOCK
#else
#define TYPE_FLAGS 0
#define TYPE_NONBLOCK 0
#endif

int cski_plain_type(int type, bool *nonblocking)
{
    *nonblocking = (type & TYPE_NONBLOCK) != 0;
    return type & ~TYPE_FLAGS;
}

int csk_socket(struct csk_socket *s, int family, int type, int proto)
{
    bool nonblocking;
    int fd;

    if (!s)
        return CSK_ENULL;
    if ((fd = cski_os_socket(family, type, proto)) < 0) {
        set_closed(s);
        return fd;
    }
    type = cski_plain_type(type, &nonblocking);
    return init(s, fd, family, type, proto, nonblocking);
}

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
    n = init(&pair[0], fds[0], family, plain, proto, nonblocking);
    if (n < 0) {
        cski_sys(close)(fds[1]);
        return n;
    }
    n = init(&pair[1], fds[1], family, plain, proto, nonblocking);
    if (n < 0)
        csk_close(&pair[0]);
    return n;
}

/* One of SO_DOMAIN, SO_TYPE, SO_PROTOCOL. */
static int get_int(int fd, int option, int *value)
{
    socklen_t size = sizeof *value;

    return cski_sys(getsockopt)(fd, SOL_SOCKET, option, value, &size) < 0 ? -errno : 0;
}

#ifdef CSK_HAVE_SO_PROTOCOL
static int get_proto(int fd, int *proto)
{
    return get_int(fd, SO_PROTOCOL, proto);
}
#else
static int get_proto(int fd, int *proto)
{
    (void)fd;
    *proto = 0;
    return 0;
}
#endif

static int family_of_name(int fd, int *family)
{
    struct csk_addr addr = { .len = sizeof addr.storage };

    addr.sa.sa_family = AF_UNSPEC;
    if (cski_sys(getsockname)(fd, &addr.sa, &addr.len) < 0)
        return -errno;
    *family = addr.sa.sa_family;
    return 0;
}

#ifdef CSK_HAVE_SO_DOMAIN
/* Many families have no getsockname (AF_ALG, AF_XDP, CAN_BCM), or one that fails until the socket
 * is bound.  SO_DOMAIN is answered for all of them, since Linux 2.6.32. */
static int get_family(int fd, int *family)
{
    int n = get_int(fd, SO_DOMAIN, family);

    return n == -ENOPROTOOPT ? family_of_name(fd, family) : n;
}
#else
static int get_family(int fd, int *family)
{
    return family_of_name(fd, family);
}
#endif

/* Fill in unspecified values.  Every socket has a type, so querying it also detects descriptors
 * that are closed or not sockets. */
static int detect(int fd, int *family, int *type, int *proto)
{
    int actual, n = get_int(fd, SO_TYPE, &actual);

    if (n < 0)
        return n;
    if (*type == CSK_DETECT)
        *type = actual;
    if (*family == CSK_DETECT && (n = get_family(fd, family)) < 0)
        return n;
    return *proto == CSK_DETECT ? get_proto(fd, proto) : 0;
}

int csk_adopt(struct csk_socket *s, csk_fd_t fd, int family, int type, int proto)
{
    int64_t timeout;
    int n;

    if (!s)
        return CSK_ENULL;
    set_closed(s);
    if ((n = detect(fd, &family, &type, &proto)) < 0)
        return n;
    /* -1, which means that no type was detected, has every flag. */
    timeout = type >= 0 && type & TYPE_NONBLOCK ? 0 : csk_getdefaulttimeout();
    /* An error must not close a descriptor that the caller still owns. */
    if (timeout >= 0 && (n = cski_set_nonblocking(fd, true)) < 0)
        return n;
    cski_socket_fill(s, fd, family, type & ~TYPE_FLAGS, proto, timeout);
    return 0;
}

int csk_fromfd(struct csk_socket *s, csk_fd_t fd, int family, int type, int proto)
{
    int copy, n;

    if (!s)
        return CSK_ENULL;
    if ((copy = fd < 0 ? -EBADF : cski_os_dup(fd)) < 0) {
        set_closed(s);
        return copy;
    }
    if ((n = csk_adopt(s, copy, family, type, proto)) < 0)
        cski_sys(close)(copy);
    return n;
}

int csk_dup(const struct csk_socket *s, struct csk_socket *copy)
{
    int fd;

    if (!(s && copy))
        return CSK_ENULL;
    set_closed(copy);
    if ((fd = cski_os_dup(cski_fd(s))) < 0)
        return fd;
    *copy = (struct csk_socket){ .fd = fd,
                                 .family = s->family,
                                 .type = s->type,
                                 .proto = s->proto,
                                 .on_interrupt = s->on_interrupt,
                                 .timeout = cski_timeout(s),
                                 .deadline = csk_getdeadline(s),
                                 .cancel = s->cancel,
                                 .context = s->context,
                                 .limits = __atomic_load_n(&s->limits, __ATOMIC_RELAXED),
                                 .pending = s->pending & ~CSKI_IN_CONNECT,
                                 .send_flags = s->send_flags };
    return 0;
}

csk_fd_t csk_detach(struct csk_socket *s)
{
    if (!s)
        return CSK_ENULL;
    cski_set_wait_first(s, 0);
    if (cski_is_closed(s))
        return -1;
    return __atomic_exchange_n(&s->fd, -1, __ATOMIC_RELAXED);
}

int csk_close_fd(csk_fd_t fd)
{
    /* After EINTR Linux has closed the descriptor, and another thread may already use its
     * number. */
    if (cski_sys(close)(fd) < 0 && errno != EINTR && errno != ECONNRESET)
        return -errno;
    return 0;
}

int csk_close(struct csk_socket *s)
{
    int fd;

    if (!s)
        return CSK_ENULL;
    fd = csk_detach(s);
    return fd < 0 ? 0 : csk_close_fd(fd);
}

int csk_shutdown(struct csk_socket *s, int how)
{
    if (!s)
        return CSK_ENULL;
    return cski_sys(shutdown)(cski_fd(s), how) < 0 ? -errno : 0;
}

csk_fd_t csk_fileno(const struct csk_socket *s)
{
    if (!s)
        return CSK_ENULL;
    return cski_is_closed(s) ? -1 : cski_fd(s);
}

int csk_get_inheritable(const struct csk_socket *s)
{
    int flags;

    if (!s)
        return CSK_ENULL;
    flags = cski_sys(fcntl)(cski_fd(s), F_GETFD);
    return flags < 0 ? -errno : !(flags & FD_CLOEXEC);
}

int csk_set_inheritable(struct csk_socket *s, bool inheritable)
{
    int flags;

    if (!s)
        return CSK_ENULL;
    if ((flags = cski_sys(fcntl)(cski_fd(s), F_GETFD)) < 0)
        return -errno;
    flags = inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
    return cski_sys(fcntl)(cski_fd(s), F_SETFD, flags) < 0 ? -errno : 0;
}

int csk_bind(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error)
{
    if (!(s && addr))
        return cski_fail(error, CSK_ENULL, "the %s is NULL", s ? "address" : "socket");
    if (cski_sys(bind)(cski_fd(s), &addr->sa, addr->len) == 0)
        return 0;
    return cski_fail_at(error, -errno, "bind to", addr);
}

int csk_listen(struct csk_socket *s, int backlog)
{
    if (!s)
        return CSK_ENULL;
    return cski_sys(listen)(cski_fd(s), backlog < 0 ? 0 : backlog) < 0 ? -errno : 0;
}

int csk_getsockname(const struct csk_socket *s, struct csk_addr *addr)
{
    socklen_t len = sizeof addr->storage;

    if (!(s && addr))
        return CSK_ENULL;
    if (cski_sys(getsockname)(cski_fd(s), &addr->sa, &len) < 0)
        return -errno;
    cski_addr_received(addr, len, s->proto);
    return 0;
}

int csk_getpeername(const struct csk_socket *s, struct csk_addr *addr)
{
    socklen_t len = sizeof addr->storage;

    if (!(s && addr))
        return CSK_ENULL;
    if (cski_sys(getpeername)(cski_fd(s), &addr->sa, &len) < 0)
        return -errno;
    cski_addr_received(addr, len, s->proto);
    return 0;
}
