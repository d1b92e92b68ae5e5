/* Descriptors sent and received. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

/* The kernel takes no more in one message (SCM_MAX_FD, Linux 2.6.38). */
#define FDS_MAX 253

/* Space for the other items that a socket may be set to receive (SO_PASSCRED, SO_PASSSEC,
 * SO_PASSPIDFD, SO_TIMESTAMP).  The kernel writes them first. */
#define OTHERS 1024

union control {
    struct cmsghdr align;
    char room[OTHERS + CMSG_SPACE(FDS_MAX * sizeof(int))];
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

/* The sender's pidfd (Linux 6.5), or a negative errno in its place if it has exited. */
static bool is_pidfd(const struct csk_cmsg *item)
{
    const struct csk_constant *pidfd = csk_constant_find("SCM_PIDFD");

    return pidfd && item->level == SOL_SOCKET && item->type == pidfd->value;
}

/* The number of descriptors in an item, regardless of its type. */
static size_t fd_count_of(const struct csk_cmsg *item)
{
    if (is_rights(item))
        return item->size / sizeof(int);
    return item->size >= sizeof(int) && is_pidfd(item) ? 1 : 0;
}

static int fd_at(const struct csk_cmsg *item, size_t index)
{
    int fd;

    memcpy(&fd, (const char *)item->data + index * sizeof fd, sizeof fd);
    return fd;
}

/* Close an item's descriptors from an index on.  Returns their number. */
static int close_fds(const struct csk_cmsg *item, size_t first)
{
    size_t count = fd_count_of(item);
    int closed = 0, fd;

    for (size_t i = first; i < count; i++) {
        if ((fd = fd_at(item, i)) >= 0) {
            cski_sys(close)(fd);
            closed++;
        }
    }
    return closed;
}

int csk_cmsg_close_fds(const struct csk_msg *msg)
{
    struct csk_cmsg item = { 0 };
    int closed = 0;

    if (!msg)
        return CSK_ENULL;
    while (csk_cmsg_next(msg, &item) > 0)
        closed += close_fds(&item, 0);
    return closed;
}

void cski_cmsg_set_cloexec(const struct csk_msg *msg)
{
    struct csk_cmsg item = { 0 };
    size_t count, i;
    int fd;

    while (csk_cmsg_next(msg, &item) > 0)
        for (count = fd_count_of(&item), i = 0; i < count; i++)
            if ((fd = fd_at(&item, i)) >= 0)
                cski_sys(fcntl)(fd, F_SETFD, FD_CLOEXEC);
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
    size_t room, got = 0, i, count;
    bool surplus = false;
    ssize_t n;

    if (!(s && (data || !size) && fd_count && (fds || !*fd_count) && flags))
        return CSK_ENULL;
    room = *fd_count < FDS_MAX ? *fd_count : FDS_MAX;
    msg.control_size = OTHERS + CMSG_SPACE(room * sizeof(int));
    if ((n = csk_recvmsg(s, &msg, *flags)) < 0)
        return n;
    while (csk_cmsg_next(&msg, &item) > 0) {
        count = is_rights(&item) ? fd_count_of(&item) : 0;
        for (i = 0; i < count && got < room; i++)
            fds[got++] = fd_at(&item, i);
        surplus |= i < count;
        close_fds(&item, i);
    }
    *fd_count = got;
    *flags = msg.flags | (surplus ? MSG_CTRUNC : 0);
    return n;
}
