/* Descriptors sent and received. */
#include "internal.h"

#include <string.h>

/* The kernel takes no more in one message (SCM_MAX_FD, Linux 2.6.38). */
#define FDS_MAX 253

union control {
    struct cmsghdr align;
    char room[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

ssize_t csk_send_fds(struct csk_socket *s, const struct iovec *buffers, size_t count,
                     const int *fds, size_t fd_count, int flags, const struct csk_addr *to)
{
    union control control;
    struct csk_addr addr;
    struct csk_msg msg = { .buffers = (struct iovec *)buffers,
                           .buffer_count = count,
                           .control = &control };
    int n;

    if (!(s && (buffers || !count) && (fds || !fd_count)))
        return CSK_ENULL;
    if (fd_count > FDS_MAX)
        return -EINVAL;
    if (fd_count) {
        n = csk_cmsg_put(&control, sizeof control, &msg.control_size, SOL_SOCKET, SCM_RIGHTS, fds,
                         fd_count * sizeof *fds);
        if (n < 0)
            return n;
    }
    if (to) {
        addr = *to;
        msg.addr = &addr;
    }
    return csk_sendmsg(s, &msg, flags);
}

static bool is_rights(const struct csk_cmsg *item)
{
    return item->level == SOL_SOCKET && item->type == SCM_RIGHTS;
}

static int fd_at(const struct csk_cmsg *item, size_t index)
{
    int fd;

    memcpy(&fd, (const char *)item->data + index * sizeof fd, sizeof fd);
    return fd;
}

int csk_cmsg_close_fds(const struct csk_msg *msg)
{
    struct csk_cmsg item = { 0 };
    int closed = 0;
    size_t i;

    if (!msg)
        return CSK_ENULL;
    while (csk_cmsg_next(msg, &item) > 0)
        for (i = 0; is_rights(&item) && i < item.size / sizeof(int); i++, closed++)
            cski_sys(close)(fd_at(&item, i));
    return closed;
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
    size_t room, got = 0, i;
    ssize_t n;

    if (!(s && (data || !size) && fd_count && (fds || !*fd_count) && flags))
        return CSK_ENULL;
    room = *fd_count < FDS_MAX ? *fd_count : FDS_MAX;
    msg.control_size = room ? CMSG_LEN(room * sizeof(int)) : 0;
    if ((n = csk_recvmsg(s, &msg, *flags)) < 0)
        return n;
    while (csk_cmsg_next(&msg, &item) > 0) {
        for (i = 0; is_rights(&item) && i < item.size / sizeof(int); i++) {
            if (got < room)
                fds[got++] = fd_at(&item, i);
            else
                cski_sys(close)(fd_at(&item, i));
        }
    }
    *fd_count = got;
    *flags = msg.flags;
    return n;
}
