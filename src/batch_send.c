/* Many messages sent in one call. */
#include "internal.h"

#include <string.h>

/* Units and buffers of one system call. */
#define ROUND 64

/* The maximum number of datagrams into which the kernel divides a message (UDP_MAX_SEGMENTS), and
 * of their bytes: an IPv4 packet without its header and that of UDP. */
#define SEGMENTS 64
#define SEGMENTS_SIZE 65507

/* Bits of csk_socket.batch: whether the kernel has been probed, and whether it segments messages.
 */
#define PROBED CSKI_BATCH_PROBED
#define HAS_SEGMENTS CSKI_BATCH_HAS_SEGMENTS

/* A position in the messages. */
struct place {
    size_t index, offset;
};

/* The messages that one element of sendmmsg's array sends: up to end. */
struct unit {
    struct place end;
    bool segments;
};

struct sender {
    struct csk_socket *s;
    const struct csk_datagram *messages;
    size_t count;
    int flags;
    struct place at;       /* everything before it has been sent */
    bool probed, segments; /* whether the kernel segments messages, once probed */
    bool singly;           /* without sendmmsg */
    struct unit units[ROUND];
    struct cski_mmsg headers[ROUND];
    struct iovec parts[ROUND];
    _Alignas(size_t) char control[ROUND][CSKI_SEGMENT_CONTROL];
};

static bool can_segment(struct sender *b)
{
    struct csk_socket *s = b->s;

    if (b->probed)
        return b->segments;
    b->probed = true;
    if (!(cski_batch(s) & PROBED))
        cski_set_batch(s, PROBED | HAS_SEGMENTS,
                       s->type == SOCK_DGRAM && cski_os_sends_segments(cski_fd(s))
                           ? PROBED | HAS_SEGMENTS
                           : PROBED);
    /* MSG_MORE joins the messages before the kernel divides them. */
    b->segments = (cski_batch(s) & HAS_SEGMENTS) && !(b->flags & CSKI_MSG_MORE);
    return b->segments;
}

/* The first bytes distinguish most addresses: the family, the port and the host. */
static bool same_address(const struct csk_datagram *a, const struct csk_datagram *b)
{
    const struct csk_addr *x = a->addr, *y = b->addr;

    if (x == y)
        return true;
    if (!x || !y || x->len != y->len || x->len < sizeof(uint64_t))
        return false; /* shorter ones are not worth the comparison */
    return memcmp(x->bytes, y->bytes, sizeof(uint64_t)) == 0 && csk_addr_equal(x, y);
}

/* The next bytes of a message with a segment_size: as many datagrams as can be sent together. */
static size_t part_of(struct sender *b, const struct csk_datagram *m, size_t left, bool *segments)
{
    size_t size = m->segment_size, count;

    *segments = false;
    if (size == 0 || left <= size)
        return left;
    if (size > SEGMENTS_SIZE / 2 || !can_segment(b))
        return size;
    count = SEGMENTS_SIZE / size < SEGMENTS ? SEGMENTS_SIZE / size : SEGMENTS;
    *segments = true;
    return left < count * size ? left : count * size;
}

/* Whether the message can follow the first one in the data that the kernel divides. */
static bool follows(const struct csk_datagram *first, const struct csk_datagram *m)
{
    /* 0 - 1 is greater than any size. */
    return m->data && m->size - 1 < first->size && !(m->segment_size | m->control_size) &&
           same_address(first, m);
}

/* How many messages from index on, which are whole, can be sent together.  Their data become parts.
 */
static size_t gather(struct sender *b, size_t index, struct iovec *parts, size_t space)
{
    const struct csk_datagram *first = &b->messages[index], *m = first;
    size_t size = first->size, n, most;

    if (space > b->count - index)
        space = b->count - index;
    if (space < 2 || size == 0 || size > SEGMENTS_SIZE / 2 || first->control_size ||
        !follows(first, first + 1) || !can_segment(b))
        return 1;
    if (space > SEGMENTS)
        space = SEGMENTS;
    most = SEGMENTS_SIZE / size < space ? SEGMENTS_SIZE / size : space;
    for (n = 1; n < most; n++) {
        m = first + n;
        if ((m->size ^ size) | m->segment_size | m->control_size || !m->data)
            break;
        if (m->addr != first->addr && !same_address(first, m))
            break;
        parts[n] = (struct iovec){ m->data, m->size };
    }
    /* The last one may be shorter. */
    m = first + n;
    if (n < space && m->size < size && n * size + m->size <= SEGMENTS_SIZE && follows(first, m))
        parts[n++] = (struct iovec){ m->data, m->size };
    return n;
}

static void add_header(struct sender *b, size_t unit, const struct csk_datagram *m,
                       struct iovec *parts, size_t count, size_t segment)
{
    struct msghdr *h = &b->headers[unit].header;

    *h = (struct msghdr){ .msg_iov = parts, .msg_iovlen = count };
    if (m->addr) {
        h->msg_name = &m->addr->sa;
        h->msg_namelen = m->addr->len;
    }
    if (m->control_size) {
        h->msg_control = m->control;
        h->msg_controllen = m->control_size;
    }
    b->units[unit].segments = segment > 0;
    if (segment) {
        h->msg_control = b->control[unit];
        h->msg_controllen = cski_os_put_segment_size(b->control[unit], segment);
    }
}

/* Prepare the next unit, of whole messages: how many. */
static size_t add_whole(struct sender *b, size_t unit, struct iovec *parts, size_t space)
{
    const struct csk_datagram *m = &b->messages[b->units[unit].end.index];
    size_t run;

    parts[0] = (struct iovec){ m->data, m->size };
    run = gather(b, b->units[unit].end.index, parts, space);
    add_header(b, unit, m, parts, run, run > 1 ? m->size : 0);
    b->units[unit].end.index += run;
    return run;
}

/* The same of a part of a message that is to be divided. */
static size_t add_part(struct sender *b, size_t unit, struct iovec *parts)
{
    struct place *at = &b->units[unit].end;
    const struct csk_datagram *m = &b->messages[at->index];
    bool segments;
    size_t size = part_of(b, m, m->size - at->offset, &segments);

    /* With a control message the caller may itself ask for segments. */
    if (segments && m->control_size) {
        segments = false;
        size = m->segment_size;
    }
    parts[0] = (struct iovec){ (char *)m->data + at->offset, size };
    add_header(b, unit, m, parts, 1, segments ? m->segment_size : 0);
    at->offset += size;
    if (at->offset >= m->size)
        *at = (struct place){ at->index + 1, 0 };
    return 1;
}

/* Prepare units from the place on: how many.  0: the first message has no data. */
static size_t prepare(struct sender *b)
{
    size_t units = 0, used = 0;
    const struct csk_datagram *m;
    struct place at = b->at;

    while (at.index < b->count && used < ROUND) {
        m = &b->messages[at.index];
        if (!m->data && m->size)
            break;
        b->units[units].end = at;
        used += m->segment_size ? add_part(b, units, &b->parts[used])
                                : add_whole(b, units, &b->parts[used], ROUND - used);
        at = b->units[units++].end;
    }
    return units;
}

/* The number of units sent, or -errno of the first. */
static int submit(struct sender *b, size_t count)
{
    int fd = cski_fd(b->s), flags = b->flags, n;

    if (count > 1 && !b->singly) {
        n = cski_os_sendmmsg(fd, b->headers, (unsigned)count, flags);
        if (n != -ENOSYS)
            return n;
        b->singly = true;
    }
    return cski_sys(sendmsg)(fd, &b->headers[0].header, flags) < 0 ? -errno : 1;
}

/* Errors with which the kernel refuses to divide a message, none of which has been sent: the
 * datagrams are larger than the device's packets, or the device or the route cannot do it. */
static bool is_refusal(int error)
{
    return error == EINVAL || error == EIO || error == EMSGSIZE || error == EOPNOTSUPP;
}

static int send_all(struct sender *b)
{
    struct cski_call call;
    size_t units;
    int n, error = cski_call_begin(&call, b->s, POLLOUT, b->flags);

    if (error < 0)
        return error;
    while (b->at.index < b->count) {
        b->flags = call.flags;
        if ((units = prepare(b)) == 0) {
            error = CSK_ENULL;
            break;
        }
        n = submit(b, units);
        error = 0;
        if (n < 0 && b->units[0].segments && is_refusal(-n)) {
            b->segments = false;
            /* The device or the route: not only for this size. */
            if (n == -EIO)
                cski_set_batch(b->s, HAS_SEGMENTS, 0);
        } else if (n < 0) {
            error = cski_retry(&call, -n);
        } else {
            b->at = b->units[n - 1].end;
            /* A signal may have ended a call that had sent data. */
            if ((size_t)n < units && cski_timeout(b->s) < 0)
                error = cski_interrupted(b->s);
        }
        if (error < 0)
            break;
    }
    return cski_slice_end(&call, error < 0 ? error : 0);
}

static int fail(struct csk_error *error, int code, const struct csk_addr *to)
{
    char text[CSK_ADDR_TEXT_MAX], cause[CSK_ERROR_TEXT_MAX];

    if (!error || code == 0)
        return code;
    csk_strerror(code, cause, sizeof cause);
    return to ? cski_fail(error, code, "send to %s: %s", csk_addr_format(to, text, sizeof text),
                          cause)
              : cski_fail(error, code, "send: %s", cause);
}

/* Send, and describe the failure.  b->at is the number sent. */
static int send_messages(struct sender *b, struct csk_socket *s,
                         const struct csk_datagram *messages, size_t count, int flags,
                         struct csk_error *error)
{
    int n;

    b->s = s;
    b->messages = messages;
    b->count = count;
    b->flags = flags;
    b->at = (struct place){ 0, 0 };
    b->probed = b->segments = b->singly = false;
    if (error)
        *error = (struct csk_error){ 0 };
    n = s->type == SOCK_STREAM ? -EOPNOTSUPP : send_all(b);
    return fail(error, n, b->at.index < count ? messages[b->at.index].addr : NULL);
}

/* One datagram with the plain call. */
static ssize_t send_one(struct csk_socket *s, const struct csk_datagram *m, int flags,
                        struct csk_error *error)
{
    ssize_t n;

    if (error)
        *error = (struct csk_error){ 0 };
    n = csk_sendto(s, m->data, m->size, flags, m->addr, error);
    return n < 0 ? n : 1;
}

ssize_t csk_send_many(struct csk_socket *s, const struct csk_datagram *messages, size_t count,
                      int flags, struct csk_error *error)
{
    struct sender b;
    int n;

    if (!(s && (messages || !count)))
        return cski_fail_null(error);
    if (count == 1 && s->type == SOCK_DGRAM && !messages->control_size && !messages->segment_size)
        return send_one(s, messages, flags, error);
    n = send_messages(&b, s, messages, count, flags, error);
    return b.at.index || n == 0 ? (ssize_t)b.at.index : n;
}

ssize_t csk_send_segments(struct csk_socket *s, const void *data, size_t size, size_t segment_size,
                          int flags, const struct csk_addr *to, struct csk_error *error)
{
    struct csk_datagram message = { .data = (void *)data,
                                    .size = size,
                                    .addr = (struct csk_addr *)to,
                                    .segment_size = segment_size };
    struct sender b;
    size_t sent;
    int n;

    if (!s || (!data && size))
        return cski_fail_null(error);
    if (segment_size == 0)
        return CSK_ERANGE;
    if (size == 0)
        return 0;
    n = send_messages(&b, s, &message, 1, flags, error);
    sent = b.at.index ? size : b.at.offset;
    sent = sent / segment_size + (sent % segment_size != 0);
    return sent || n == 0 ? (ssize_t)sent : n;
}
