/* Many messages received in one call. */
#include "internal.h"

/* Messages of one system call. */
#define ROUND 64

/* Messages of the first system call of a csk_recv_many: its preparation must be in proportion to
 * the number of messages, which is expected to be that of the last call. */
#define FIRST_ROUND 8
#define FIRST_ROUND_MIN 2

/* After a call that found a single message, this many calls receive one message with recvfrom,
 * which costs less; then one call tries to receive more. */
#define SINGLE_CALLS 7

/* Bits of csk_socket.batch: the number of messages found the last time, the calls that receive one
 * message, whether the socket had merging enabled when it was last asked (csk_setsockopt lets it be
 * asked again), whether the last call received merged datagrams, and the error of a system call
 * after the first one. */
#define FOUND CSKI_BATCH_FOUND
#define SINGLES CSKI_BATCH_SINGLES
#define SINGLES_ONE UINT32_C(0x100)
#define MERGES CSKI_BATCH_MERGES
#define MERGED CSKI_BATCH_MERGED
#define PENDING_SHIFT 20
#define PENDING CSKI_BATCH_PENDING

/* The maximum number of datagrams that the kernel merges (UDP_GRO_CNT_MAX). */
#define SEGMENTS 64

struct receiver {
    struct csk_socket *s;
    const struct csk_recv_memory *memory;
    struct csk_datagram *messages;
    size_t count, got;
    size_t used;   /* bytes of memory->data */
    size_t slot;   /* bytes for one message of the kernel's */
    bool segments; /* the kernel may merge datagrams */
    bool merged;   /* and has done so */
    bool singly;   /* without recvmmsg */
    bool plain;    /* one message, with all the memory */
    bool direct;   /* and with recvfrom */
    int flags;
    int error; /* of a first try */
};

struct slots {
    struct cski_mmsg messages[ROUND];
    struct iovec parts[ROUND];
    _Alignas(size_t) char control[2][CSKI_SEGMENT_CONTROL];
};

/* The maximum number of messages of the next system call. */
static size_t next_round(const struct receiver *r)
{
    size_t found = cski_batch(r->s) & FOUND, limit = ROUND, left = r->count - r->got;
    size_t slots = (r->memory->size - r->used) / r->slot;

    if (r->plain)
        return r->got == 0;
    if (r->got == 0)
        limit = found == 0                    ? FIRST_ROUND
                : found * 2 < FIRST_ROUND_MIN ? FIRST_ROUND_MIN
                                              : found * 2;
    if (limit > ROUND)
        limit = ROUND;
    if (r->segments) {
        limit = r->memory->control ? ROUND : 2;
        left = left ? (left - 1) / SEGMENTS + 1 : 0;
    }
    limit = left < limit ? left : limit;
    return slots < limit ? slots : limit;
}

static void prepare(struct receiver *r, struct slots *slots, size_t count)
{
    const struct csk_recv_memory *memory = r->memory;
    struct msghdr *h;

    for (size_t i = 0; i < count; i++) {
        slots->parts[i].iov_base = (char *)memory->data + r->used + i * r->slot;
        slots->parts[i].iov_len = r->slot;
        h = &slots->messages[i].header;
        *h = (struct msghdr){ .msg_iov = &slots->parts[i], .msg_iovlen = 1 };
        if (memory->addrs) {
            h->msg_name = &memory->addrs[r->got + i].sa;
            h->msg_namelen = sizeof memory->addrs->storage;
        }
        if (memory->control) {
            h->msg_control = (char *)memory->control + (r->got + i) * memory->control_size;
            h->msg_controllen = memory->control_size;
        } else if (r->segments) {
            h->msg_control = slots->control[i];
            h->msg_controllen = sizeof slots->control[i];
        }
    }
}

/* One recvmsg after another.  An empty message is also the end of a connection, after which every
 * receive returns at once. */
static int receive_singly(const struct receiver *r, struct slots *slots, size_t count, int flags)
{
    ssize_t n;
    size_t i;

    for (i = 0; i < count; i++) {
        n = cski_sys(recvmsg)(cski_fd(r->s), &slots->messages[i].header,
                              i == 0 ? flags : flags | MSG_DONTWAIT);
        if (n < 0)
            return i ? (int)i : -errno;
        slots->messages[i].size = (unsigned)n;
        if (n == 0 && r->s->type != SOCK_DGRAM)
            return (int)i + 1;
    }
    return (int)i;
}

static ssize_t receive_from(const struct receiver *r, void *data, int flags, socklen_t *len)
{
    struct csk_addr *from = r->memory->addrs;

    return from ? cski_sys(recvfrom)(cski_fd(r->s), data, r->slot, flags, &from->sa, len)
                : cski_sys(recvfrom)(cski_fd(r->s), data, r->slot, flags, NULL, NULL);
}

static int receive_directly(const struct receiver *r, struct slots *slots)
{
    struct msghdr *h = &slots->messages[0].header;
    ssize_t n = receive_from(r, slots->parts[0].iov_base, r->flags, &h->msg_namelen);

    if (n < 0)
        return -errno;
    slots->messages[0].size = (unsigned)n;
    return 1;
}

static int receive(struct receiver *r, struct slots *slots, size_t count)
{
    int flags = r->flags | cski_family_recvmsg_flags(r->s->family), n;

    if (r->error) {
        n = -r->error;
        r->error = 0;
        return n;
    }
    if (r->direct)
        return receive_directly(r, slots);
    if (r->got > 0)
        flags |= MSG_DONTWAIT;
    if (count > 1 && !r->singly && !r->plain) {
        n = cski_os_recvmmsg(cski_fd(r->s), slots->messages, (unsigned)count,
                             flags | cski_os_wait_for_one);
        if (n != -ENOSYS)
            return n;
        r->singly = true;
    }
    return receive_singly(r, slots, count, flags);
}

/* Divide merged datagrams, which the last message received so far consists of.  last: the last
 * element of the array that may be filled in; it holds the rest. */
static void divide(struct receiver *r, size_t segment, const struct csk_datagram *last)
{
    struct csk_datagram *m = &r->messages[r->got - 1], whole = *m;
    int flags = whole.flags & ~MSG_TRUNC;

    for (; whole.size > segment && m < last; m++) {
        *m = (struct csk_datagram){ .data = whole.data,
                                    .size = segment,
                                    .addr = whole.addr,
                                    .control = whole.control,
                                    .control_size = whole.control_size,
                                    .flags = flags };
        whole.data = (char *)whole.data + segment;
        whole.size -= segment;
    }
    *m = whole;
    m->segment_size = whole.size > segment ? segment : 0;
    r->got = (size_t)(m - r->messages) + 1;
}

/* Fill in the next message from the slot; first: the number of messages before all slots. */
static void take_one(struct receiver *r, const struct slots *slots, size_t first, size_t slot)
{
    const struct csk_recv_memory *memory = r->memory;
    const struct msghdr *h = &slots->messages[slot].header;
    struct csk_datagram *m = &r->messages[r->got++];

    m->data = slots->parts[slot].iov_base;
    m->size = slots->messages[slot].size;
    m->addr = memory->addrs ? &memory->addrs[first + slot] : NULL;
    m->control = memory->control ? h->msg_control : NULL;
    m->control_size = m->control ? h->msg_controllen : 0;
    m->segment_size = 0;
    m->flags = h->msg_flags & ~(cski_os_recvmsg_flags & ~r->flags);
    if (m->addr)
        cski_addr_received(m->addr, h->msg_namelen, r->s->proto);
}

static void take(struct receiver *r, const struct slots *slots, size_t n)
{
    size_t first = r->got, segment, end = r->used;
    struct csk_datagram *m;

    for (size_t i = 0; i < n; i++) {
        m = &r->messages[r->got];
        take_one(r, slots, first, i);
        /* With MSG_TRUNC the size may be the message's, beyond the memory. */
        end = r->used + i * r->slot + (m->size < r->slot ? m->size : r->slot);
        segment = r->segments ? cski_os_segment_size(&slots->messages[i].header) : 0;
        if (segment) {
            r->merged = true;
            divide(r, segment, &r->messages[r->count - (n - i)]);
        } else if (m->size > r->memory->message_size && !(r->flags & MSG_TRUNC)) {
            m->size = r->memory->message_size;
            m->flags |= MSG_TRUNC;
        }
    }
    /* Merged datagrams rarely fill their memory: the next ones follow them. */
    r->used = r->segments ? (end + 7) & ~(size_t)7 : r->used + n * r->slot;
    r->used = r->used < r->memory->size ? r->used : r->memory->size;
}

/* Record the result for the next call. */
static void note(const struct receiver *r, size_t found)
{
    uint32_t bits = (uint32_t)(found < ROUND ? found : ROUND);

    if (r->plain)
        cski_set_batch(r->s, SINGLES, (cski_batch(r->s) & SINGLES) - SINGLES_ONE);
    else
        cski_set_batch(r->s, FOUND | SINGLES | MERGED,
                       bits | (found == 1 ? SINGLE_CALLS * SINGLES_ONE : 0) |
                           (r->merged ? MERGED : 0));
}

static ssize_t receive_all(struct receiver *r)
{
    struct csk_socket *s = r->s;
    struct cski_call call;
    struct slots slots;
    size_t count, found = 0;
    int n, error;

    if ((error = cski_call_begin(&call, s, POLLIN, r->flags)) < 0 ||
        (error = cski_wait_first(&call)) < 0)
        return error;
    r->flags = call.flags;
    while ((count = next_round(r)) > 0) {
        prepare(r, &slots, count);
        n = receive(r, &slots, count);
        if (n < 0 && r->got > 0) {
            if (n != -EAGAIN && n != -EWOULDBLOCK && n != -EINTR)
                cski_set_batch(s, PENDING, (uint32_t)-n << PENDING_SHIFT);
            break;
        }
        if (n < 0) {
            if ((error = cski_retry(&call, -n)) != 0)
                return error < 0 ? error : 0;
            continue;
        }
        /* The result of a receive on a socket that has been shut down. */
        if (r->got == 0 && slots.messages[0].size == 0 && cski_is_cancelled(s))
            return CSK_ECANCELED;
        take(r, &slots, (size_t)n);
        found += (size_t)n;
        if ((size_t)n < count)
            break;
    }
    note(r, found);
    return (ssize_t)r->got;
}

/* Divide the memory.  Only datagrams are merged; the memory of a single message is all.  A message
 * longer than message_size must be noticed, which recvfrom does not report. */
static void choose(struct receiver *r)
{
    const struct csk_recv_memory *memory = r->memory;
    bool datagrams = r->s->type == SOCK_DGRAM;

    r->singly = !datagrams && r->s->type != SOCK_RAW;
    r->slot = memory->message_size;
    r->plain = datagrams && (cski_batch(r->s) & SINGLES) && !memory->control;
    if (r->plain) {
        r->segments = (cski_batch(r->s) & MERGES) != 0;
        r->slot = memory->size;
        r->direct = !r->segments && !(r->flags & MSG_TRUNC) && r->slot > memory->message_size;
        return;
    }
    /* If datagrams were merged, the option was set.  Without it this would merely be slower. */
    r->segments = datagrams &&
                  ((cski_batch(r->s) & MERGED) || cski_os_receives_segments(cski_fd(r->s)));
    cski_set_batch(r->s, MERGES, r->segments ? MERGES : 0);
    if (r->segments && r->slot < CSK_RECV_MANY_MIN)
        r->slot = memory->size < CSK_RECV_MANY_MIN ? memory->size : CSK_RECV_MANY_MIN;
}

/* One message, if it has arrived: 1, or 0 if recvfrom is not sufficient. */
static ssize_t try_directly(struct receiver *r)
{
    const struct csk_recv_memory *memory = r->memory;
    socklen_t len = sizeof memory->addrs->storage;
    ssize_t n = receive_from(r, memory->data, r->flags, &len);
    struct csk_datagram *m = r->messages;

    if (n < 0) {
        r->error = errno;
        return 0;
    }
    if (n == 0 && cski_is_cancelled(r->s))
        return CSK_ECANCELED;
    *m = (struct csk_datagram){ .data = memory->data, .size = (size_t)n, .addr = memory->addrs };
    if (m->addr)
        cski_addr_received(m->addr, len, r->s->proto);
    if (m->size > memory->message_size) {
        m->size = memory->message_size;
        m->flags = MSG_TRUNC;
    }
    note(r, 1);
    return 1;
}

ssize_t csk_recv_many(struct csk_socket *s, struct csk_datagram *messages, size_t count,
                      const struct csk_recv_memory *memory, int flags)
{
    struct receiver r = { .s = s, .memory = memory, .messages = messages, .flags = flags };
    int pending;
    ssize_t n;

    if (!(s && memory && (messages || !count) && (memory->data || !memory->size)))
        return CSK_ENULL;
    if (s->type == SOCK_STREAM)
        return -EOPNOTSUPP;
    if (count == 0)
        return 0;
    if (memory->message_size == 0 || memory->message_size > memory->size)
        return CSK_ESPACE;
    pending = (int)(cski_batch(s) >> PENDING_SHIFT);
    if (pending) {
        cski_set_batch(s, PENDING, 0);
        return -pending;
    }
    r.count = flags & MSG_PEEK ? 1 : count;
    choose(&r);
    if (r.direct && !cski_is_special_receive(s, flags) && (n = try_directly(&r)) != 0)
        return n;
    return receive_all(&r);
}
