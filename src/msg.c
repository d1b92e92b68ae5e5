/* Messages. */
#include "internal.h"

static struct msghdr header(const struct csk_msg *msg)
{
    struct msghdr h = { .msg_iov = msg->buffers,
                        .msg_iovlen = msg->buffer_count,
                        .msg_control = msg->control_size ? msg->control : NULL,
                        .msg_controllen = msg->control_size };

    return h;
}

ssize_t csk_sendmsg(struct csk_socket *s, const struct csk_msg *msg, int flags)
{
    struct msghdr h;
    int64_t deadline = 0;
    ssize_t n;
    int error;

    if (!(s && msg))
        return CSK_ENULL;
    h = header(msg);
    if (msg->addr) {
        h.msg_name = &msg->addr->sa;
        h.msg_namelen = msg->addr->len;
    }
    while ((n = cski_sys(sendmsg)(cski_fd(s), &h, flags | s->send_flags)) < 0)
        if ((error = cski_retry(s, POLLOUT, errno, &deadline)) < 0)
            return error;
    return n;
}

ssize_t csk_recvmsg(struct csk_socket *s, struct csk_msg *msg, int flags)
{
    int cloexec = s ? cski_family_recvmsg_flags(s->family) : 0;
    struct msghdr h;
    int64_t deadline = 0;
    ssize_t n;
    int error;

    if (!(s && msg))
        return CSK_ENULL;
    if (cski_get_wait_first(s) && (error = cski_wait_first(s, &deadline)) < 0)
        return error;
    for (;;) {
        h = header(msg);
        if (msg->addr) {
            h.msg_name = &msg->addr->sa;
            h.msg_namelen = sizeof msg->addr->storage;
        }
        n = cski_sys(recvmsg)(cski_fd(s), &h, flags | cloexec);
        if (n >= 0)
            break;
        if ((error = cski_retry(s, POLLIN, errno, &deadline)) < 0)
            return error;
    }
    if (msg->addr)
        cski_addr_received(msg->addr, h.msg_namelen, s->proto);
    msg->control_size = h.msg_control ? h.msg_controllen : 0;
    /* Without MSG_CMSG_CLOEXEC, or with a family that the caller specified (csk_adopt). */
    if (!cloexec && msg->control_size)
        cski_cmsg_set_cloexec(msg);
    /* Flags that the caller did not request are hidden. */
    msg->flags = h.msg_flags & ~(cski_os_recvmsg_flags & ~flags);
    return n;
}
