/* Messages. */
#include "internal.h"

#include <limits.h>

#ifndef IOV_MAX
#define IOV_MAX 16 /* POSIX's minimum */
#endif

/* A stream takes or fills the first IOV_MAX buffers, as it may a part of one. */
static struct msghdr header(const struct csk_socket *s, const struct csk_msg *msg)
{
    bool cut = msg->buffer_count > IOV_MAX && s->type == SOCK_STREAM;
    struct msghdr h = { .msg_iov = msg->buffers,
                        .msg_iovlen = cut ? IOV_MAX : msg->buffer_count,
                        .msg_control = msg->control_size ? msg->control : NULL,
                        .msg_controllen = msg->control_size };

    return h;
}

ssize_t csk_sendmsg(struct csk_socket *s, const struct csk_msg *msg, int flags)
{
    struct msghdr h;
    struct cski_call call;
    ssize_t n;
    int code;

    if (!(s && msg))
        return CSK_ENULL;
    h = header(s, msg);
    if (msg->addr) {
        h.msg_name = &msg->addr->sa;
        h.msg_namelen = msg->addr->len;
    }
    code = cski_call_begin(&call, s, POLLOUT, flags | s->send_flags);
    while (code == 0) {
        if ((n = cski_sys(sendmsg)(cski_fd(s), &h, call.flags)) >= 0)
            return n;
        code = cski_retry_send(&call, errno);
    }
    return code;
}

/* The rest of the buffers, for MSG_WAITALL on a socket for which the kernel does not wait. */
static ssize_t receive_rest(struct cski_call *call, const struct csk_msg *msg, ssize_t done)
{
    size_t skip = (size_t)done, size;
    ssize_t n = 1;

    for (size_t i = 0; i < msg->buffer_count && n > 0; i++) {
        for (; (size = msg->buffers[i].iov_len) > skip; skip += (size_t)n, done += n) {
            n = cski_sys(recv)(cski_fd(call->s), (char *)msg->buffers[i].iov_base + skip,
                               size - skip, call->flags);
            if (n == 0 || (n < 0 && cski_retry(call, errno) != 0))
                return done;
            n = n < 0 ? 0 : n;
        }
        skip -= size;
        n = 1;
    }
    return done;
}

/* One message, or the end. */
static ssize_t receive(struct cski_call *call, const struct csk_msg *msg, struct msghdr *h,
                       int more_flags)
{
    ssize_t n;
    int code = cski_wait_first(call);

    while (code == 0) {
        *h = header(call->s, msg);
        if (msg->addr) {
            h->msg_name = &msg->addr->sa;
            h->msg_namelen = sizeof msg->addr->storage;
        }
        if ((n = cski_sys(recvmsg)(cski_fd(call->s), h, call->flags | more_flags)) >= 0)
            return n;
        code = cski_retry(call, errno);
    }
    if (code < 0)
        return code;
    h->msg_namelen = 0;
    h->msg_controllen = 0;
    h->msg_flags = 0;
    return 0;
}

ssize_t csk_recvmsg(struct csk_socket *s, struct csk_msg *msg, int flags)
{
    struct cski_call call;
    struct msghdr h;
    ssize_t n;
    int cloexec, code;

    if (!(s && msg))
        return CSK_ENULL;
    cloexec = cski_family_recvmsg_flags(s->family);
    if ((code = cski_call_begin(&call, s, POLLIN, flags)) < 0)
        return code;
    if ((n = receive(&call, msg, &h, cloexec)) < 0)
        return n;
    if (n > 0 && flags & MSG_WAITALL && s->type == SOCK_STREAM && !h.msg_controllen &&
        !(flags & (MSG_OOB | MSG_PEEK | MSG_DONTWAIT | CSKI_MSG_ERRQUEUE)))
        n = receive_rest(&call, msg, n);
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
