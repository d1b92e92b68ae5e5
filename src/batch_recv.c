/* Many messages received in one call. */
#include "internal.h"

/* Messages of one system call. */
#define ROUND 64

/* Messages of the first system call of a csk_recv_many: its preparation must not cost more than the
 * single message that may have arrived. */
#define FIRST_ROUND 8

/* Datagrams that the kernel merges at most (UDP_GRO_CNT_MAX). */
#define SEGMENTS 64

struct receiver {
    struct csk_socket *s;
    const struct csk_recv_memory *memory;
    struct csk_datagram *messages;
    size_t count, got;
    size_t used;   /* bytes of memory->data */
    size_t slot;   /* bytes for one message of the kernel's */
    bool segments; /* the kernel may merge datagrams */
    bool singly;   /* without recvmmsg */
    int flags;
};

struct slots {
    struct cski_mmsg messages[ROUND];
    struct iovec parts[ROUND];
    _Alignas(size_t) char control[2][CSKI_SEGMENT_CONTROL];
};

/* How many messages the next system call receives at most. */
static size_t next_round(const struct receiver *r)
{
    size_t limit = r->got == 0 ? FIRST_ROUND : ROUND, left = r->count - r->got;
    size_t slots = (r->memory->size - r->used) / r->slot;

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

static int receive(struct receiver *r, struct slots *slots, size_t count)
{
    int flags = r->flags | cski_family_recvmsg_flags(r->s->family), n;

    if (r->got > 0)
        flags |= MSG_DONTWAIT;
    if (!r->singly) {
        n = cski_os_recvmmsg(cski_fd(r->s), slots->messages, (unsigned)count,
                             flags | cski_os_wait_for_one);
        if (n != -ENOSYS)
            return n;
        r->singly = true;
    }
    return receive_singly(r, slots, count, flags);
}

/* Divide what the kernel merged.  entries: how many elements of the array it may take; the last one
 * holds the rest. */
static void divide(struct receiver *r, const struct csk_datagram *whole, size_t segment,
                   size_t entries)
{
    char *data = whole->data;
    size_t left = whole->size;
    struct csk_datagram *m;

    while (left > segment && entries > 1) {
        m = &r->messages[r->got++];
        *m = *whole;
        m->data = data;
        m->size = segment;
        m->flags &= ~MSG_TRUNC;
        data += segment;
        left -= segment;
        entries--;
    }
    m = &r->messages[r->got++];
    *m = *whole;
    m->data = data;
    m->size = left;
    m->segment_size = left > segment ? segment : 0;
}

static void take(struct receiver *r, const struct slots *slots, size_t n)
{
    size_t first = r->got, segment, end = r->used;
    const struct msghdr *h;
    struct csk_datagram whole;

    for (size_t i = 0; i < n; i++) {
        h = &slots->messages[i].header;
        whole = (struct csk_datagram){ .data = slots->parts[i].iov_base,
                                       .size = slots->messages[i].size };
        if (r->memory->addrs) {
            whole.addr = &r->memory->addrs[first + i];
            cski_addr_received(whole.addr, h->msg_namelen, r->s->proto);
        }
        if (r->memory->control) {
            whole.control = h->msg_control;
            whole.control_size = h->msg_control ? h->msg_controllen : 0;
        }
        whole.flags = h->msg_flags & ~(cski_os_recvmsg_flags & ~r->flags);
        /* With MSG_TRUNC the size may be the message's, beyond the memory. */
        end = r->used + i * r->slot + (whole.size < r->slot ? whole.size : r->slot);
        segment = r->segments ? cski_os_segment_size(h) : 0;
        divide(r, &whole, segment ? segment : SIZE_MAX, r->count - r->got - (n - 1 - i));
    }
    /* Merged datagrams rarely fill their memory: the next ones follow them. */
    r->used = r->segments ? (end + 7) & ~(size_t)7 : r->used + n * r->slot;
    r->used = r->used < r->memory->size ? r->used : r->memory->size;
}

static ssize_t receive_all(struct receiver *r)
{
    struct csk_socket *s = r->s;
    struct slots slots;
    int64_t deadline = 0;
    size_t count;
    int n, error;

    if (cski_get_wait_first(s) && (error = cski_wait_first(s, &deadline)) < 0)
        return error;
    while ((count = next_round(r)) > 0) {
        prepare(r, &slots, count);
        n = receive(r, &slots, count);
        if (n < 0 && r->got > 0)
            break;
        if (n < 0) {
            if ((error = cski_retry(s, POLLIN, -n, &deadline)) < 0)
                return error;
            continue;
        }
        take(r, &slots, (size_t)n);
        if ((size_t)n < count)
            break;
        /* The second round may use the memory of a message that was too small for a first. */
        if (r->segments && r->memory->size - r->used < r->slot)
            break;
    }
    return (ssize_t)r->got;
}

ssize_t csk_recv_many(struct csk_socket *s, struct csk_datagram *messages, size_t count,
                      const struct csk_recv_memory *memory, int flags)
{
    struct receiver r = { .s = s, .memory = memory, .messages = messages, .flags = flags };

    if (!(s && memory && (messages || !count) && (memory->data || !memory->size)))
        return CSK_ENULL;
    if (s->type == SOCK_STREAM)
        return -EOPNOTSUPP;
    if (count == 0)
        return 0;
    if (memory->message_size == 0 || memory->message_size > memory->size)
        return CSK_ESPACE;
    r.count = flags & MSG_PEEK ? 1 : count;
    r.singly = s->type != SOCK_DGRAM && s->type != SOCK_RAW;
    r.slot = memory->message_size;
    r.segments = s->type == SOCK_DGRAM && cski_os_receives_segments(cski_fd(s));
    if (r.segments && r.slot < CSK_RECV_MANY_MIN)
        r.slot = memory->size < CSK_RECV_MANY_MIN ? memory->size : CSK_RECV_MANY_MIN;
    return receive_all(&r);
}
