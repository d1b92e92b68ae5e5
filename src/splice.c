/* Bytes from one descriptor to another, inside the kernel.
 *
 * They always go through a pipe of the transfer's own, even if an end is a pipe: splice(2) to or
 * from a socket that blocks would hold the lock of the other pipe, and other processes that use it
 * could not be killed; and if it would block, it does not report which end is not ready. */
#include "internal.h"

#include <limits.h>
#include <string.h>

/* Memory for the bytes of ends that the kernel cannot splice. */
#define MEMORY_SIZE ((size_t)65536)

/* The number of bytes that a descriptor reported as writable by poll(2) accepts without blocking:
 * PIPE_BUF for a pipe. */
#define WRITE_SIZE ((size_t)4096)

/* Bits of csk_transfer.flags. */
#define OPENED 1U      /* the pipe */
#define COPIES_FROM 2U /* this end is read, */
#define COPIES_TO 4U   /* and this one written */

#define PAUSE_MAX (10 * CSK_MS)

/* One end during a call. */
struct side {
    struct csk_socket *s; /* or NULL */
    struct csk_socket *other;
    int fd;
    short events;
    bool seekable;    /* and so never waited for */
    unsigned refused; /* successive tries that would have blocked */
    int64_t until;    /* the end of this wait; 0: not yet computed */
    int64_t pause;
    int64_t *offset;
};

struct run {
    struct csk_transfer *t;
    struct side from, to;
    int64_t left; /* bytes that may still reach to */
    int64_t timeout;
    bool limited, never_waits;
    struct cski_limits limits;
};

/* Errors of splice() that mean unsupported kinds of descriptors.  No data has been moved. */
static bool is_unsupported(int64_t n)
{
    return n == -ENOSYS || n == -EINVAL || n == -ESPIPE || n == -EOPNOTSUPP;
}

static int check_cancelled(const struct run *r)
{
    bool cancelled = (r->from.s && cski_is_cancelled(r->from.s)) ||
                     (r->to.s && cski_is_cancelled(r->to.s));

    return cancelled ? CSK_ECANCELED : 0;
}

static int call_hooks(const struct run *r)
{
    int n = r->from.s ? cski_interrupted(r->from.s) : 0;

    return n == 0 && r->to.s ? cski_interrupted(r->to.s) : n;
}

/* A socket whose calls block in the kernel. */
static bool is_blocking(const struct csk_socket *s)
{
    return s && cski_timeout(s) < 0 && !cski_has_pending(s, CSKI_MADE_NONBLOCKING);
}

static bool waits_in_poll(const struct csk_socket *s)
{
    return s && __atomic_load_n(&s->limits, __ATOMIC_RELAXED) & CSKI_LIMIT_POLL;
}

/* Poll for the end, or for nothing but the limits if fd is negative.  The other end's socket is
 * polled as well: csk_cancel_calls shuts it down. */
static int wait_until(struct run *r, struct side *side, int fd, int64_t deadline)
{
    struct pollfd fds[2 + CSKI_CANCELS_MAX];
    int n = cski_limits_fds(&r->limits, fds + 2);

    fds[0] = (struct pollfd){ .fd = fd, .events = side->events };
    fds[1] = (struct pollfd){ .fd = side->other ? cski_fd(side->other) : -1 };
    if (n == 0 && (waits_in_poll(r->from.s) || waits_in_poll(r->to.s)))
        n = call_hooks(r);
    while (n >= 0) {
        n = cski_poll(fds, 2, deadline, &r->limits);
        if (n == -EINTR)
            n = call_hooks(r);
        else if (n > 0 && (n = check_cancelled(r)) == 0 && fds[0].revents)
            return 0;
        else if (n == 0 && fds[1].revents) /* it has failed or ended, which its next use reports */
            fds[1].fd = -1;
    }
    return n;
}

static int pause_longer(struct run *r, struct side *side)
{
    int64_t until;
    int n;

    side->pause = side->pause == 0 ? CSK_MS : side->pause * 2;
    if (side->pause > PAUSE_MAX)
        side->pause = PAUSE_MAX;
    until = cski_deadline_in(side->pause);
    n = wait_until(r, side, -1, until < side->until ? until : side->until);
    return n != CSK_ETIMEDOUT || until >= side->until ? n : cski_limits_test(&r->limits);
}

/* Wait for an end: 0, or the call's result. */
static int wait_for(struct run *r, struct side *side)
{
    int n;

    if (r->never_waits) {
        n = side->s ? 0 : wait_until(r, side, side->fd, 1); /* long ago */
        return n == CSK_ETIMEDOUT ? -EAGAIN : n;
    }
    if (side->until == 0)
        side->until = cski_deadline_in(r->timeout);
    if (side->refused >= 2 && (n = pause_longer(r, side)) < 0)
        return n;
    return wait_until(r, side, side->fd, side->until);
}

/* After a try that would have blocked.  A blocking socket's own timeout has passed (SO_RCVTIMEO,
 * SO_SNDTIMEO). */
static int wait_after(struct run *r, struct side *side, int error)
{
    if (r->never_waits || is_blocking(side->s))
        return -error;
    side->refused++;
    return wait_for(r, side);
}

typedef int64_t move_fn(struct run *r, size_t size);

/* Try until data has been moved, or the end or a limit has been reached. */
static int64_t try_until(struct run *r, struct side *side, move_fn *move, size_t size)
{
    int64_t n = 0;

    side->until = side->pause = side->refused = 0;
    if (r->limited)
        n = cski_limits_test(&r->limits);
    if (n == 0 && !side->s && !side->seekable)
        n = wait_for(r, side);
    while (n == 0) {
        if ((n = move(r, size)) > 0)
            break;
        if (check_cancelled(r) < 0)
            return CSK_ECANCELED;
        if (n == 0)
            break;
        if (n == -EINTR)
            n = call_hooks(r);
        else if (n == -EAGAIN || n == -EWOULDBLOCK)
            n = wait_after(r, side, (int)-n);
    }
    return n;
}

static int64_t result_of(ssize_t n)
{
    return n < 0 ? -errno : n;
}

static int64_t offset_of(const struct side *side)
{
    return side->offset ? *side->offset : -1;
}

static void advance(struct side *side, int64_t bytes)
{
    if (side->offset)
        *side->offset += bytes;
}

/* Taking bytes. */

static int64_t splice_in(struct run *r, size_t size)
{
    return cski_os_splice(r->from.fd, offset_of(&r->from), r->t->writer, -1, size, !r->from.s);
}

static int64_t read_in(struct run *r, size_t size)
{
    struct csk_transfer *t = r->t;
    const struct side *from = &r->from;

    if (from->s)
        return result_of(cski_sys(recv)(from->fd, t->data, size, 0));
    return result_of(from->offset ? cski_sys(pread)(from->fd, t->data, size, (off_t)*from->offset)
                                  : cski_sys(read)(from->fd, t->data, size));
}

static int need_memory(struct csk_transfer *t)
{
    if (!t->data)
        t->data = cski_sys(malloc)(MEMORY_SIZE);
    return t->data ? 0 : -ENOMEM;
}

static int64_t copy_in(struct run *r, size_t size)
{
    struct csk_transfer *t = r->t;
    int64_t n = need_memory(t);

    if (n == 0)
        n = try_until(r, &r->from, read_in, size < MEMORY_SIZE ? size : MEMORY_SIZE);
    t->begin = 0;
    t->end = n > 0 ? (size_t)n : 0;
    return n;
}

static int64_t take_some(struct run *r)
{
    struct csk_transfer *t = r->t;
    size_t size = r->left < t->size ? (size_t)r->left : (size_t)t->size;
    int64_t n = -ENOSYS;

    if (!(t->flags & COPIES_FROM))
        n = try_until(r, &r->from, splice_in, size);
    if (is_unsupported(n)) {
        t->flags |= COPIES_FROM;
        n = copy_in(r, r->left < (int64_t)MEMORY_SIZE ? (size_t)r->left : MEMORY_SIZE);
    }
    if (n > 0) {
        advance(&r->from, n);
        t->pending += n;
    }
    return n;
}

/* Passing them on. */

static int64_t splice_out(struct run *r, size_t size)
{
    return cski_os_splice(r->t->reader, -1, r->to.fd, offset_of(&r->to), size, !r->to.s);
}

static int64_t write_out(struct run *r, size_t size)
{
    const char *data = r->t->data + r->t->begin;
    const struct side *to = &r->to;

    if (to->s)
        return result_of(cski_sys(send)(to->fd, data, size, to->s->send_flags & ~MSG_DONTWAIT));
    if (!to->seekable && size > WRITE_SIZE)
        size = WRITE_SIZE;
    return result_of(to->offset ? cski_sys(pwrite)(to->fd, data, size, (off_t)*to->offset)
                                : cski_sys(write)(to->fd, data, size));
}

/* Bytes of the pipe, for the program or because the destination cannot be spliced to. */
static int64_t read_pipe(struct csk_transfer *t, void *data, size_t size)
{
    ssize_t n;

    do
        n = cski_sys(read)(t->reader, data, size);
    while (n < 0 && errno == EINTR);
    return result_of(n);
}

static int64_t copy_out(struct run *r, size_t size)
{
    struct csk_transfer *t = r->t;
    int64_t n;

    if (t->begin == t->end) {
        n = need_memory(t);
        if (n < 0 || (n = read_pipe(t, t->data, MEMORY_SIZE)) < 0)
            return n;
        t->begin = 0;
        t->end = (size_t)n;
    }
    size = size < t->end - t->begin ? size : t->end - t->begin;
    n = try_until(r, &r->to, write_out, size);
    t->begin += n > 0 ? (size_t)n : 0;
    return n == 0 ? -EIO : n;
}

static int64_t pass_some(struct run *r)
{
    struct csk_transfer *t = r->t;
    size_t size = (size_t)(r->left < t->pending ? r->left : t->pending);
    int64_t n = -ENOSYS;

    if (t->begin == t->end && !(t->flags & COPIES_TO)) {
        n = try_until(r, &r->to, splice_out, size);
        if (n == 0 || is_unsupported(n)) {
            t->flags |= COPIES_TO;
            n = -ENOSYS;
        }
    }
    if (n == -ENOSYS)
        n = copy_out(r, size);
    if (n > 0) {
        advance(&r->to, n);
        t->pending -= n;
        t->moved += n;
        r->left -= n;
        if (t->on_progress)
            n = t->on_progress(t);
    }
    return n < 0 ? n : 1;
}

/* A signal may have ended a call of a blocking socket that had moved data, and the next one would
 * block regardless of it. */
static int check_signals(const struct run *r)
{
    return is_blocking(r->from.s) || is_blocking(r->to.s) ? call_hooks(r) : 0;
}

static int64_t move_all(struct run *r)
{
    int64_t n = 1;

    while (n > 0 && r->left > 0) {
        n = r->t->pending > 0 ? 1 : take_some(r);
        while (n > 0 && r->t->pending > 0 && r->left > 0)
            n = pass_some(r);
        if (n > 0 && r->left > 0 && (n = check_signals(r)) == 0)
            n = 1;
    }
    return n < 0 ? n : 0;
}

/* Beginning a call. */

static int open_pipe(struct csk_transfer *t)
{
    int fds[2], size;

    if (t->flags & OPENED)
        return 0;
    size = cski_os_splice_pipe(fds);
    if (size == -ENOSYS)
        t->flags |= COPIES_FROM | COPIES_TO;
    else if (size < 0)
        return size;
    else
        t->reader = fds[0], t->writer = fds[1], t->size = size;
    t->flags |= OPENED;
    if (size < 0)
        t->reader = t->writer = -1;
    return 0;
}

static int begin_side(struct side *side, const struct csk_splice_end *end,
                      const struct csk_splice_end *other, int events)
{
    *side = (struct side){ .s = end->s, .other = other->s, .events = (short)events };
    side->fd = end->s ? cski_fd(end->s) : end->fd;
    side->offset = end->offset;
    if (side->fd < 0)
        return -EBADF;
    if (end->s && end->s->type != SOCK_STREAM)
        return CSK_ESOCKTYPE;
    if (end->offset && *end->offset < 0)
        return CSK_ERANGE;
    if (end->offset && end->s)
        return -ESPIPE;
    side->seekable = !end->s && cski_sys(lseek)(side->fd, 0, SEEK_CUR) >= 0;
    return 0;
}

/* The limits of both sockets, and of the thread. */
static int begin_limits(struct run *r)
{
    const struct side *sides[] = { &r->from, &r->to };
    struct cski_limits one;

    r->timeout = -1;
    for (int i = 0; i < 2; i++) {
        int64_t timeout = sides[i]->s ? cski_timeout(sides[i]->s) : -1;

        if (timeout >= 0 && (r->timeout < 0 || timeout < r->timeout))
            r->timeout = timeout;
    }
    r->never_waits = r->timeout == 0;
    r->limits = (struct cski_limits){ .deadline = CSK_FOREVER };
    if (!r->never_waits)
        cski_limits_get(&r->limits, NULL, true);
    for (int i = 0; i < 2; i++) {
        if (!sides[i]->s)
            continue;
        cski_limits_get(&one, sides[i]->s, false);
        if (one.deadline < r->limits.deadline) {
            r->limits.deadline = one.deadline;
            r->limits.scope = NULL;
        }
        if (sides[i]->s->cancel && cski_limits_add(&r->limits, sides[i]->s->cancel) < 0)
            return CSK_ESCOPE;
    }
    r->limited = r->limits.deadline < CSK_FOREVER || r->limits.count > 0;
    return check_cancelled(r);
}

/* splice() has no MSG_DONTWAIT: a blocking socket would block regardless of the limits, and of a
 * csk_cancel_calls of the other socket. */
static int begin_nonblocking(const struct run *r)
{
    int n = 0;

    if (!r->limited && !r->never_waits && !(r->from.s && r->to.s))
        return 0;
    if (r->from.s)
        n = csk_wait_in_poll(r->from.s);
    return n == 0 && r->to.s ? csk_wait_in_poll(r->to.s) : n;
}

static int begin(struct run *r, struct csk_transfer *t, int64_t count)
{
    int n;

    r->t = t;
    r->left = count < 0 || count > (int64_t)SSIZE_MAX ? (int64_t)SSIZE_MAX : count;
    if ((n = begin_side(&r->from, &t->from, &t->to, POLLIN)) < 0 ||
        (n = begin_side(&r->to, &t->to, &t->from, POLLOUT)) < 0 || (n = begin_limits(r)) < 0 ||
        (r->limited && (n = cski_limits_test(&r->limits)) < 0) || (n = begin_nonblocking(r)) < 0)
        return n;
    return open_pipe(t);
}

ssize_t csk_splice(struct csk_transfer *t, int64_t count)
{
    struct cski_sigpipe hold;
    struct run r;
    int64_t before, n;

    if (!t)
        return CSK_ENULL;
    if ((n = begin(&r, t, count)) < 0)
        return (ssize_t)n;
    before = t->moved;
    cski_os_sigpipe_hold(&hold);
    n = move_all(&r);
    cski_os_sigpipe_release(&hold);
    if (n < 0 && !(n == -EAGAIN && r.never_waits && t->moved > before))
        return (ssize_t)n;
    return (ssize_t)(t->moved - before);
}

ssize_t csk_splice_pending(struct csk_transfer *t, void *data, size_t size)
{
    size_t held, taken;
    int64_t n = 0;

    if (!t || (!data && size))
        return CSK_ENULL;
    held = t->end - t->begin;
    taken = held < size ? held : size;
    if (taken > 0)
        memcpy(data, t->data + t->begin, taken);
    t->begin += taken;
    t->pending -= (int64_t)taken;
    if (taken < size && t->pending > 0 &&
        (n = read_pipe(t, (char *)data + taken, size - taken)) > 0)
        t->pending -= n;
    return taken == 0 && n < 0 ? (ssize_t)n : (ssize_t)taken + (n > 0 ? (ssize_t)n : 0);
}

int csk_splice_close(struct csk_transfer *t)
{
    if (!t)
        return CSK_ENULL;
    if (t->flags & OPENED && t->reader >= 0) {
        cski_sys(close)(t->reader);
        cski_sys(close)(t->writer);
    }
    cski_sys(free)(t->data);
    t->data = NULL;
    t->begin = t->end = 0;
    t->pending = 0;
    t->flags = 0;
    return 0;
}
