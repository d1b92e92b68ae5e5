/* sendmsg and recvmsg.  WSASendMsg and WSARecvMsg have no import library: a socket is asked for
 * them, and only messages with ancillary data need them.  They know no streams. */
#include "windows/layer.h"

#include <string.h>

#define SOME 16

/* The buffers of a call, as Winsock has them: a copy, because the members have another order. */
struct buffers {
    WSABUF some[SOME], *list;
    DWORD count;
};

static int open_buffers(struct buffers *b, const struct msghdr *msg)
{
    b->list = b->some;
    if (msg->msg_iovlen > SOME && !(b->list = cski_sys(calloc)(msg->msg_iovlen, sizeof(WSABUF)))) {
        errno = ENOMEM;
        return -1;
    }
    b->count = (DWORD)msg->msg_iovlen;
    for (DWORD i = 0; i < b->count; i++) {
        b->list[i].buf = msg->msg_iov[i].iov_base;
        b->list[i].len = (ULONG)cski_ws_size(msg->msg_iov[i].iov_len);
    }
    return 0;
}

static void close_buffers(struct buffers *b)
{
    if (b->list != b->some)
        cski_sys(free)(b->list);
}

static int find_call(int fd, GUID id, void *call, DWORD size)
{
    DWORD got;

    return WSAIoctl(cski_ws_handle(fd), SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, call,
                    size, &got, NULL, NULL) == 0
               ? 0
               : cski_ws_failed();
}

static int send_with_control(int fd, const struct msghdr *msg, WSABUF *list, DWORD count, int flags,
                             DWORD *sent)
{
    WSAMSG m = { .name = msg->msg_name,
                 .namelen = msg->msg_namelen,
                 .lpBuffers = list,
                 .dwBufferCount = count,
                 .Control = { .buf = msg->msg_control, .len = (ULONG)msg->msg_controllen } };
    LPFN_WSASENDMSG call;

    if (find_call(fd, (GUID)WSAID_WSASENDMSG, &call, sizeof call) < 0)
        return -1;
    return call(cski_ws_handle(fd), &m, (DWORD)flags, sent, NULL, NULL) == 0 ? 0 : cski_ws_failed();
}

ssize_t cski_ws_sendmsg(int fd, const struct msghdr *msg, int flags)
{
    struct buffers b;
    DWORD sent = 0;
    int n;

    if (cski_ws_dontwait(fd, flags, POLLWRNORM) < 0 || open_buffers(&b, msg) < 0)
        return -1;
    flags &= ~MSG_DONTWAIT;
    if (msg->msg_controllen)
        n = send_with_control(fd, msg, b.list, b.count, flags, &sent);
    else
        n = WSASendTo(cski_ws_handle(fd), b.list, b.count, &sent, (DWORD)flags, msg->msg_name,
                      msg->msg_namelen, NULL, NULL) == 0
                ? 0
                : cski_ws_failed();
    close_buffers(&b);
    return n < 0 ? n : (ssize_t)sent;
}

static int receive_with_control(int fd, struct msghdr *msg, struct buffers *b, DWORD *flags,
                                DWORD *got)
{
    WSAMSG m = { .name = msg->msg_name,
                 .namelen = msg->msg_namelen,
                 .lpBuffers = b->list,
                 .dwBufferCount = b->count,
                 .Control = { .buf = msg->msg_control, .len = (ULONG)msg->msg_controllen },
                 .dwFlags = *flags };
    LPFN_WSARECVMSG call;
    int n;

    if (find_call(fd, (GUID)WSAID_WSARECVMSG, &call, sizeof call) < 0)
        return -1;
    n = call(cski_ws_handle(fd), &m, got, NULL, NULL) == 0 ? 0 : cski_ws_failed();
    msg->msg_namelen = m.namelen;
    msg->msg_controllen = m.Control.len;
    *flags = m.dwFlags;
    return n;
}

static int receive(int fd, struct msghdr *msg, struct buffers *b, DWORD *flags, DWORD *got)
{
    int n = WSARecvFrom(cski_ws_handle(fd), b->list, b->count, got, flags, msg->msg_name,
                        msg->msg_name ? &msg->msg_namelen : NULL, NULL, NULL);

    msg->msg_controllen = 0;
    return n == 0 ? 0 : cski_ws_failed();
}

static bool is_stream(int fd)
{
    socklen_t size = sizeof(int);
    int type = 0;

    return cski_ws_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

static size_t space_of(const struct buffers *b)
{
    size_t size = 0;

    for (DWORD i = 0; i < b->count; i++)
        size += b->list[i].len;
    return size;
}

/* A datagram that does not fit is an error here, with the buffers filled. */
ssize_t cski_ws_recvmsg(int fd, struct msghdr *msg, int flags)
{
    DWORD got = 0, bits = (DWORD)(flags & ~MSG_DONTWAIT);
    struct buffers b;
    ssize_t n;

    if (cski_ws_dontwait(fd, flags, POLLRDNORM) < 0 || open_buffers(&b, msg) < 0)
        return -1;
    if (msg->msg_controllen && !is_stream(fd))
        n = receive_with_control(fd, msg, &b, &bits, &got);
    else
        n = receive(fd, msg, &b, &bits, &got);
    if (n == 0) {
        n = (ssize_t)got;
    } else if (errno == EMSGSIZE) {
        n = (ssize_t)space_of(&b);
        bits |= MSG_TRUNC;
    }
    msg->msg_flags = (int)bits;
    close_buffers(&b);
    return n;
}
