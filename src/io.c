/* Bytes in and out.  Each call tries at once, unless a limit is in force or the last receives had
 * to wait.  wait.c decides how to continue if a try fails, for these and all other calls.
 */
#include "internal.h"

#include <string.h>

/* The number of bytes of a line that are searched at once. */
#define LINE_PIECE ((size_t)1024)
#define LINE_COMPLETE 2

/* NULL, for which the kernel reports EFAULT only after it has discarded a datagram.  With MSG_TRUNC
 * it means that TCP discards bytes (Linux 2.4). */
static inline bool is_null(const void *data, size_t size, int flags)
{
    return !data && size > 0 && !(flags & MSG_TRUNC);
}

/* Bytes to receive. */
struct piece {
    void *data;
    size_t size, done;
    int flags;
    bool whole;            /* all of them, not only some */
    bool named;            /* from has been set */
    struct csk_addr *from; /* may be NULL */
};

static ssize_t try_to_receive(struct csk_socket *s, struct piece *p, int flags)
{
    /* A peek sees the same bytes again. */
    size_t offset = flags & MSG_PEEK ? 0 : p->done;
    void *data = p->data ? (char *)p->data + offset : NULL;
    socklen_t len = sizeof p->from->storage;
    ssize_t n;

    if (!p->from)
        return cski_sys(recv)(cski_fd(s), data, p->size - offset, flags);
    n = cski_sys(recvfrom)(cski_fd(s), data, p->size - offset, flags, &p->from->sa, &len);
    if (n >= 0) {
        cski_addr_received(p->from, len, s->proto);
        p->named = true;
    }
    return n;
}

/* A part has arrived, and more will follow.  A signal may have ended a receive on a blocking
 * socket. */
static int check_before_next_part(struct cski_call *call)
{
    if (call->flags & MSG_PEEK)
        return cski_peek_more(call);
    call->revents = 0;
    return cski_timeout(call->s) < 0 ? cski_interrupted(call->s) : 0;
}

/* Receive.  failed: a first try has failed with this errno; 0: there was none.  p->done counts the
 * bytes, also if the call fails.  0; CSKI_ENDED: no more bytes will arrive; or a code. */
static int receive(struct csk_socket *s, struct piece *p, int failed)
{
    struct cski_call call;
    ssize_t n;
    int code = cski_call_begin(&call, s, POLLIN, p->flags);

    if (code == 0)
        code = failed ? cski_retry(&call, failed) : cski_wait_first(&call);
    while (code == 0) {
        /* An error after some bytes is returned by the next call. */
        if (p->done > 0 && call.revents & POLLERR)
            return 0;
        n = try_to_receive(s, p, call.flags);
        if (n < 0) {
            code = cski_retry(&call, errno);
            continue;
        }
        if (n == 0 && cski_is_cancelled(s))
            return CSK_ECANCELED;
        p->done = p->flags & MSG_PEEK ? (size_t)n : p->done + (size_t)n;
        if (n == 0)
            return p->size > 0 ? CSKI_ENDED : 0;
        if (!p->whole || p->done >= p->size)
            return 0;
        code = check_before_next_part(&call);
    }
    return code;
}

/* A message is complete by itself, and neither urgent data nor errors are a stream. */
static bool receives_whole(const struct csk_socket *s, int flags)
{
    return flags & MSG_WAITALL && s->type == SOCK_STREAM &&
           !(flags & (MSG_OOB | MSG_DONTWAIT | CSKI_MSG_ERRQUEUE));
}

static __attribute__((noinline)) ssize_t receive_some(struct csk_socket *s, void *data, size_t size,
                                                      int flags, struct csk_addr *from, int failed)
{
    struct piece p = {
        .data = data, .size = size, .flags = flags, .whole = receives_whole(s, flags), .from = from
    };
    int code = receive(s, &p, failed);

    if (p.done == 0 && code < 0)
        return code;
    /* A datagram socket that was shut down: poll reports the end, and no try has succeeded. */
    if (from && !p.named)
        from->len = 0;
    return (ssize_t)p.done;
}

/* Nothing was received: the peer has ended the stream, or csk_cancel_calls the call. */
static __attribute__((noinline)) ssize_t end_of_data(const struct csk_socket *s)
{
    return cski_is_cancelled(s) ? CSK_ECANCELED : 0;
}

ssize_t csk_recv(struct csk_socket *s, void *data, size_t size, int flags)
{
    ssize_t n;

    if (!s || is_null(data, size, flags))
        return CSK_ENULL;
    if (cski_is_special_receive(s, flags))
        return receive_some(s, data, size, flags, NULL, 0);
    n = cski_sys(recv)(cski_fd(s), data, size, flags);
    if (n > 0)
        return n;
    return n == 0 ? end_of_data(s) : receive_some(s, data, size, flags, NULL, errno);
}

ssize_t csk_recvfrom(struct csk_socket *s, void *data, size_t size, int flags,
                     struct csk_addr *from)
{
    socklen_t len = sizeof from->storage;
    ssize_t n;

    if (!s || is_null(data, size, flags))
        return CSK_ENULL;
    if (!from)
        return csk_recv(s, data, size, flags);
    if (cski_is_special_receive(s, flags))
        return receive_some(s, data, size, flags, from, 0);
    n = cski_sys(recvfrom)(cski_fd(s), data, size, flags, &from->sa, &len);
    if (n < 0)
        return receive_some(s, data, size, flags, from, errno);
    cski_addr_received(from, len, s->proto);
    return n > 0 ? n : end_of_data(s);
}

int csk_recvall(struct csk_socket *s, void *data, size_t size, int flags, size_t *received)
{
    struct piece p = { .data = data, .size = size, .flags = flags, .whole = true };
    int code;

    if (!s || is_null(data, size, 0))
        return CSK_ENULL;
    if (received)
        *received = 0;
    /* The rest of a message that is longer would be lost. */
    if (s->type != SOCK_STREAM)
        return CSK_ESOCKTYPE;
    if (flags & (MSG_PEEK | MSG_OOB | CSKI_MSG_ERRQUEUE))
        return -EOPNOTSUPP;
    p.flags &= ~MSG_WAITALL;
    /* The kernel would wait for data even if none is requested. */
    code = size == 0 ? 0 : receive(s, &p, 0);
    while (code == 0 && p.done < p.size)
        code = receive(s, &p, 0);
    if (received)
        *received = p.done;
    return code == CSKI_ENDED ? CSK_EINCOMPLETE : code;
}

static int after_the_end(const struct csk_socket *s)
{
    return cski_is_cancelled(s) ? CSK_ECANCELED : CSKI_ENDED;
}

/* Bytes that end with a delimiter. */
struct text {
    char *data;
    size_t size, *length; /* *length bytes are in the buffer */
    const char *delimiter;
    size_t delimiter_size;
};

/* The length of the text with the delimiter, if it is within the first length bytes; otherwise 0.
 * The earlier bytes can end with at most part of it. */
static size_t find_end(const struct text *t, size_t length)
{
    size_t size = t->delimiter_size, at = *t->length < size ? 0 : *t->length - size + 1;
    const char *found;

    for (; at + size <= length; at = (size_t)(found - t->data) + 1) {
        found = memchr(t->data + at, t->delimiter[0], length - size - at + 1);
        if (!found)
            return 0;
        if (memcmp(found, t->delimiter, size) == 0)
            return (size_t)(found - t->data) + size;
    }
    return 0;
}

/* Receive the next bytes, but none after the delimiter.  0: it has not been received. */
static int receive_text_part(struct cski_call *call, struct text *t)
{
    size_t room = t->size - *t->length, size = room < LINE_PIECE ? room : LINE_PIECE, end;
    int fd = cski_fd(call->s);
    char *data = t->data + *t->length;
    ssize_t n = cski_sys(recv)(fd, data, size, call->flags | MSG_PEEK);

    if (n <= 0)
        return n < 0 ? cski_retry(call, errno) : after_the_end(call->s);
    end = find_end(t, *t->length + (size_t)n);
    n = cski_sys(recv)(fd, data, end ? end - *t->length : (size_t)n, call->flags);
    if (n <= 0)
        return n < 0 ? cski_retry(call, errno) : after_the_end(call->s);
    *t->length += (size_t)n;
    call->revents = 0;
    return *t->length == end ? LINE_COMPLETE : 0;
}

/* LINE_COMPLETE, CSKI_ENDED, or a code. */
static int receive_text(struct csk_socket *s, struct text *t)
{
    struct cski_call call;
    int code;

    if (s->type != SOCK_STREAM)
        return CSK_ESOCKTYPE;
    code = cski_call_begin(&call, s, POLLIN, 0);
    while (code == 0 && *t->length < t->size)
        code = receive_text_part(&call, t);
    return code == 0 ? CSK_ESPACE : code;
}

ssize_t csk_recvline(struct csk_socket *s, char *line, size_t size, size_t *length)
{
    struct text t = { line, size - 1, length, "\n", 1 };
    int code;

    if (!(s && line && length))
        return CSK_ENULL;
    if (*length >= size)
        return s->type == SOCK_STREAM ? CSK_ESPACE : CSK_ESOCKTYPE;
    code = receive_text(s, &t);
    line[*length] = 0;
    return code < 0 ? code : (ssize_t)*length;
}

ssize_t csk_recvuntil(struct csk_socket *s, const void *delimiter, size_t delimiter_size,
                      void *data, size_t size, size_t *length)
{
    struct text t = { data, size, length, delimiter, delimiter_size };
    int code;

    if (!(s && delimiter && length && (data || !size)))
        return CSK_ENULL;
    if (delimiter_size == 0)
        return CSK_ERANGE;
    code = receive_text(s, &t);
    if (code == CSKI_ENDED)
        return CSK_EINCOMPLETE;
    return code < 0 ? code : (ssize_t)*length;
}

/* Connect and send in one call (TCP Fast Open): without a cookie of the peer's the connection
 * attempt has only begun.  Once it has succeeded nothing has been sent. */
static int finish_connecting(struct cski_call *call)
{
    int n = cski_wait_for(call, POLLOUT);

    if (n == 0 && (n = cski_connect_outcome(call->s)) == 0)
        call->flags &= ~CSKI_MSG_FASTOPEN;
    return n;
}

int cski_retry_send(struct cski_call *call, int error)
{
    if (error == EINPROGRESS && call->flags & CSKI_MSG_FASTOPEN && !call->never_waits)
        return finish_connecting(call);
    return cski_retry(call, error);
}

/* A blocking call has sent less than requested: csk_cancel_calls may have ended it. */
static __attribute__((noinline)) ssize_t sent_part(const struct csk_socket *s, ssize_t n,
                                                   size_t size)
{
    return (size_t)n < size && cski_is_cancelled(s) ? CSK_ECANCELED : n;
}

static __attribute__((noinline)) ssize_t send_some(struct csk_socket *s, const void *data,
                                                   size_t size, int flags,
                                                   const struct csk_addr *to, int failed)
{
    struct cski_call call;
    ssize_t n;
    int code = cski_call_begin(&call, s, POLLOUT, flags);

    if (code == 0 && failed)
        code = cski_retry_send(&call, failed);
    while (code == 0) {
        if (to && (call.flags & CSKI_MSG_FASTOPEN) == (flags & CSKI_MSG_FASTOPEN))
            n = cski_sys(sendto)(cski_fd(s), data, size, call.flags, &to->sa, to->len);
        else
            n = cski_sys(send)(cski_fd(s), data, size, call.flags);
        if (n >= 0) {
            cski_slice_end(&call, 0);
            return sent_part(s, n, size);
        }
        code = cski_retry_send(&call, errno);
    }
    return cski_slice_end(&call, code);
}

ssize_t csk_send(struct csk_socket *s, const void *data, size_t size, int flags)
{
    ssize_t n;

    if (!s || is_null(data, size, 0))
        return CSK_ENULL;
    if (cski_is_special_send(s))
        return send_some(s, data, size, flags, NULL, 0);
    n = cski_sys(send)(cski_fd(s), data, size, flags | s->send_flags);
    if ((size_t)n == size)
        return n;
    return n < 0 ? send_some(s, data, size, flags, NULL, errno) : sent_part(s, n, size);
}

ssize_t csk_sendto(struct csk_socket *s, const void *data, size_t size, int flags,
                   const struct csk_addr *to, struct csk_error *error)
{
    ssize_t n;

    if (!s || is_null(data, size, 0))
        return cski_fail_null(error);
    if (!to)
        n = csk_send(s, data, size, flags);
    else if (cski_is_special_send(s))
        n = send_some(s, data, size, flags, to, 0);
    else if ((size_t)(n = cski_sys(sendto)(cski_fd(s), data, size, flags | s->send_flags, &to->sa,
                                           to->len)) != size)
        n = n < 0 ? send_some(s, data, size, flags, to, errno) : sent_part(s, n, size);
    return n < 0 ? cski_fail_at(error, (int)n, to ? "send to" : "send", to) : n;
}

/* Send the rest after done bytes.  failed: the errno of a first try; 0: there was none, or it has
 * sent a part. */
static __attribute__((noinline)) int sendall_rest(struct csk_socket *s, const char *data,
                                                  size_t size, int flags, size_t *done, int failed)
{
    struct cski_call call;
    ssize_t n;
    int code = cski_call_begin(&call, s, POLLOUT, flags);

    if (code == 0 && failed)
        code = cski_retry_send(&call, failed);
    /* A part from a blocking socket: a signal may have ended a send that had begun. */
    else if (code == 0 && *done > 0 && cski_timeout(s) < 0)
        code = cski_interrupted(s);
    while (code == 0) {
        n = cski_sys(send)(cski_fd(s), data + *done, size - *done, call.flags);
        if (n < 0) {
            code = cski_retry_send(&call, errno);
            continue;
        }
        *done += (size_t)n;
        if (*done >= size)
            break;
        call.refused = 0;
        if (cski_timeout(s) < 0)
            code = cski_interrupted(s);
    }
    return cski_slice_end(&call, code);
}

int csk_sendall(struct csk_socket *s, const void *data, size_t size, int flags, size_t *sent)
{
    bool special;
    size_t done;
    ssize_t n = 0;
    int code = 0;

    if (!s || is_null(data, size, 0))
        return CSK_ENULL;
    special = cski_is_special_send(s);
    if (!special)
        n = cski_sys(send)(cski_fd(s), data, size, flags | s->send_flags);
    done = n > 0 ? (size_t)n : 0;
    if (special || n < 0 || done < size)
        code = sendall_rest(s, data, size, flags, &done, n < 0 ? errno : 0);
    if (sent)
        *sent = done;
    return code;
}
