/* Descriptors sent and received. */
#include "internal.h"

#include <fcntl.h>

/* The maximum number in one message (SCM_MAX_FD, Linux 2.6.38). */
#define FDS_MAX 253

/* Space for the other items that a socket may be set to receive (SO_PASSCRED, SO_PASSSEC,
 * SO_PASSPIDFD, SO_TIMESTAMP).  The kernel writes them first. */
#define OTHER_ITEMS 1024

union control {
    struct cmsghdr align;
    char space[OTHER_ITEMS + CMSG_SPACE(FDS_MAX * sizeof(int))];
};

static bool is_empty(const struct iovec *buffers, size_t count)
{
    while (count > 0 && buffers[count - 1].iov_len == 0)
        count--;
    return count == 0;
}

/* After EBADF: whether the cause was one of the descriptors, or the socket. */
static ssize_t explain_bad_descriptor(const int *fds, size_t count, struct csk_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (cski_sys(fcntl)(fds[i], F_GETFD) < 0)
            return cski_fail(error, -EBADF, "send descriptor %d, number %zu of %zu: %s", fds[i],
                             i + 1, count, csk_errstr(-EBADF));
    return -EBADF;
}

ssize_t csk_send_fds(struct csk_socket *s, const struct iovec *buffers, size_t count,
                     const int *fds, size_t fd_count, int flags, const struct csk_addr *to,
                     struct csk_error *error)
{
    union control control;
    struct csk_addr addr;
    struct csk_msg msg = { .buffers = (struct iovec *)buffers,
                           .buffer_count = count,
                           .control = &control };
    ssize_t n;

    if (!(s && (buffers || !count) && (fds || !fd_count)))
        return cski_fail_null(error);
    if (fd_count > FDS_MAX)
        return cski_fail(error, -EINVAL, "%zu descriptors are out of range (0-%d): %s", fd_count,
                         FDS_MAX, csk_errstr(-EINVAL));
    /* The kernel would accept the descriptors, and discard them. */
    if (fd_count && s->type == SOCK_STREAM && is_empty(buffers, count))
        return cski_fail(error, -EINVAL, "descriptors are sent with at least one byte: %s",
                         csk_errstr(-EINVAL));
    /* There is space for FDS_MAX. */
    if (fd_count)
        csk_cmsg_put(&control, sizeof control, &msg.control_size, SOL_SOCKET, SCM_RIGHTS, fds,
                     fd_count * sizeof *fds);
    if (to) {
        addr = *to;
        msg.addr = &addr;
    }
    n = csk_sendmsg(s, &msg, flags, error);
    return n == -EBADF ? explain_bad_descriptor(fds, fd_count, error) : n;
}

ssize_t csk_recv_fds(struct csk_socket *s, void *data, size_t size, int *fds, size_t *fd_count,
                     int *flags, struct csk_addr *from)
{
    struct iovec buffer = { .iov_base = data, .iov_len = size };
    union control control;
    struct csk_msg msg = {
        .buffers = &buffer, .buffer_count = 1, .control = &control, .addr = from
    };
    struct csk_cmsg item = { 0 };
    size_t space, got = 0, i, count;
    bool surplus = false;
    ssize_t n;

    if (!(s && (data || !size) && fd_count && (fds || !*fd_count) && flags))
        return CSK_ENULL;
    space = *fd_count < FDS_MAX ? *fd_count : FDS_MAX;
    msg.control_size = OTHER_ITEMS + CMSG_SPACE(space * sizeof(int));
    if ((n = csk_recvmsg(s, &msg, *flags)) < 0)
        return n;
    while (csk_cmsg_next(&msg, &item) > 0) {
        count = item.level == SOL_SOCKET && item.type == SCM_RIGHTS ? item.size / sizeof(int) : 0;
        for (i = 0; i < count && got < space; i++)
            fds[got++] = cski_cmsg_fd(&item, i);
        surplus |= i < count;
        cski_cmsg_close_from(&item, i);
    }
    *fd_count = got;
    *flags = msg.flags | (surplus ? MSG_CTRUNC : 0);
    return n;
}
