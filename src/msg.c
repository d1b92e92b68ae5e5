/* Messages. */
#include "internal.h"

#include <limits.h>

#ifndef IOV_MAX
#define IOV_MAX 16 /* POSIX's minimum */
#endif

/* A stream sends or fills the first IOV_MAX buffers, as it may transfer only a part of one. */
static struct msghdr header(const struct csk_socket *s, const struct csk_msg *msg)
{
    bool cut = msg->buffer_count > IOV_MAX && s->type == SOCK_STREAM;
    struct msghdr h = { .msg_iov = msg->buffers,
                        .msg_iovlen = cut ? IOV_MAX : msg->buffer_count,
                        .msg_control = msg->control_size ? msg->control : NULL,
                        .msg_controllen = msg->control_size };

    return h;
}

/* A blocking call has sent n bytes: if that is not all, csk_cancel_calls may have ended it. */
static ssize_t sent(const struct csk_socket *s, const struct msghdr *h, ssize_t n)
{
    size_t size = 0;

    if (!cski_is_cancelled(s))
        return n;
    for (size_t i = 0; i < (size_t)h->msg_iovlen; i++)
        size += h->msg_iov[i].iov_len;
    return (size_t)n < size ? CSK_ECANCELED : n;
}

/* failed: the errno of a first try; 0: there was none. */
static __attribute__((noinline)) ssize_t send_some(struct csk_socket *s, const struct msghdr *h,
                                                   int flags, int failed)
{
    struct cski_call call;
    ssize_t n;
    int code = cski_call_begin(&call, s, POLLOUT, flags);

    if (code == 0 && failed)
        code = cski_retry_send(&call, failed);
    while (code == 0) {
        if ((n = cski_sys(sendmsg)(cski_fd(s), h, call.flags)) >= 0) {
            cski_slice_end(&call, 0);
            return sent(s, h, n);
        }
        code = cski_retry_send(&call, errno);
    }
    return cski_slice_end(&call, code);
}

static ssize_t send_message(struct csk_socket *s, const struct csk_msg *msg, int flags)
{
    struct msghdr h = header(s, msg);
    ssize_t n;

    if (msg->addr) {
        h.msg_name = &msg->addr->sa;
        h.msg_namelen = msg->addr->len;
    }
    if (cski_is_special_send(s))
        return send_some(s, &h, flags, 0);
    n = cski_sys(sendmsg)(cski_fd(s), &h, flags | s->send_flags);
    return n >= 0 ? sent(s, &h, n) : send_some(s, &h, flags, errno);
}

ssize_t csk_sendmsg(struct csk_socket *s, const struct csk_msg *msg, int flags,
                    struct csk_error *error)
{
    ssize_t n;

    if (!(s && msg))
        return cski_fail_null(error);
    n = send_message(s, msg, flags);
    return n < 0 ? cski_fail_at(error, (int)n, msg->addr ? "send to" : "send", msg->addr) : n;
}

ssize_t csk_sendmsg_afalg(struct csk_socket *s, const struct iovec *buffers, size_t count, int op,
                          const void *iv, size_t iv_size, int64_t assoclen, int flags)
{
    struct cski_cipher cipher = { .op = op, .iv = iv, .iv_size = iv_size, .assoclen = assoclen };
    union {
        size_t align;
        char bytes[CMSG_SPACE(sizeof cipher.operation) + CMSG_SPACE(sizeof cipher.associated) +
                   CMSG_SPACE(sizeof cipher.vector)];
    } control;
    struct csk_msg msg = { .buffers = (struct iovec *)buffers,
                           .buffer_count = count,
                           .control = &control };
    int n;

    if (!s || (!buffers && count) || (!iv && iv_size))
        return CSK_ENULL;
    n = cski_family_encode_cipher(s->family, &cipher);
    for (size_t i = 0; n == 0 && i < cipher.count; i++)
        n = csk_cmsg_put(&control, sizeof control, &msg.control_size, cipher.items[i].level,
                         cipher.items[i].type, cipher.items[i].data, cipher.items[i].size);
    return n < 0 ? n : csk_sendmsg(s, &msg, flags, NULL);
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

static inline __attribute__((always_inline)) ssize_t
try_to_receive(struct csk_socket *s, const struct csk_msg *msg, struct msghdr *h, int flags)
{
    *h = header(s, msg);
    if (msg->addr) {
        h->msg_name = &msg->addr->sa;
        h->msg_namelen = sizeof msg->addr->storage;
    }
    return cski_sys(recvmsg)(cski_fd(s), h, flags);
}

static bool receives_whole(const struct csk_socket *s, int flags)
{
    return flags & MSG_WAITALL && s->type == SOCK_STREAM &&
           !(flags & (MSG_OOB | MSG_DONTWAIT | CSKI_MSG_ERRQUEUE));
}

static size_t size_of_buffers(const struct csk_msg *msg)
{
    size_t size = 0;

    for (size_t i = 0; i < msg->buffer_count; i++)
        size += msg->buffers[i].iov_len;
    return size;
}

/* n bytes were received with MSG_WAITALL.  Whether to peek again. */
static bool continues(struct cski_call *call, const struct csk_msg *msg, const struct msghdr *h,
                      size_t n)
{
    return call->flags & MSG_PEEK && !h->msg_controllen && n < size_of_buffers(msg) &&
           cski_peek_more(call) == 0;
}

/* One message, or the end.  failed: the errno of a first try; 0: there was none. */
static __attribute__((noinline)) ssize_t receive_some(struct csk_socket *s,
                                                      const struct csk_msg *msg, struct msghdr *h,
                                                      int flags, int more_flags, int failed)
{
    struct cski_call call;
    ssize_t n;
    int code = cski_call_begin(&call, s, POLLIN, flags);

    if (code == 0)
        code = failed ? cski_retry(&call, failed) : cski_wait_first(&call);
    while (code == 0) {
        if ((n = try_to_receive(s, msg, h, call.flags | more_flags)) < 0)
            code = cski_retry(&call, errno);
        else if (n == 0 || !receives_whole(s, flags))
            return n;
        else if (!(flags & MSG_PEEK) && !h->msg_controllen)
            return receive_rest(&call, msg, n);
        else if (!continues(&call, msg, h, (size_t)n))
            return n;
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
    struct msghdr h;
    ssize_t n;
    int cloexec;

    if (!(s && msg))
        return CSK_ENULL;
    cloexec = cski_family_recvmsg_flags(s->family);
    if (cski_is_special_receive(s, flags))
        n = receive_some(s, msg, &h, flags, cloexec, 0);
    else if ((n = try_to_receive(s, msg, &h, flags | cloexec)) < 0)
        n = receive_some(s, msg, &h, flags, cloexec, errno);
    if (n == 0 && cski_is_cancelled(s))
        n = CSK_ECANCELED;
    if (n < 0)
        return n;
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
