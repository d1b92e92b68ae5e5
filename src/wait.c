/* The one place that waits: until a file descriptor is ready, a limit is reached or a call is
 * cancelled, and waits if poll() cannot report that a call would succeed. */
#include "internal.h"

#include <limits.h>

#ifdef SO_PEEK_OFF
#define PEEK_OFFSET SO_PEEK_OFF
#else
#define PEEK_OFFSET (-1) /* no option */
#endif

/* A receive that finds no data costs one system call more than waiting first.  If one had to wait,
 * the next ones will probably wait too (request and answer), so this many wait first; then one
 * tries again, in case the peer now sends faster than this end receives. */
#define WAIT_FIRST_RECEIVES 16

/* Pauses between tries of a call that would block although poll() reports that it would not. */
#define PAUSE_MIN CSK_MS
#define PAUSE_MAX (10 * CSK_MS)

int64_t cski_deadline_in(int64_t timeout)
{
    int64_t now;

    if (timeout < 0)
        return CSKI_NEVER;
    now = cski_os_now();
    return timeout < CSKI_NEVER - now ? now + timeout : CSKI_NEVER;
}

/* Milliseconds until the deadline for poll(): rounded up, because a wait that ends early would have
 * to poll again, and reduced to INT_MAX, after which the caller polls again. -1: forever. */
int cski_deadline_poll_ms(int64_t deadline)
{
    int64_t left;

    if (deadline == CSKI_NEVER)
        return -1;
    left = deadline - cski_os_now();
    if (left <= 0)
        return 0;
    left = left / 1000000 + (left % 1000000 != 0);
    return left < INT_MAX ? (int)left : INT_MAX;
}

/* Poll once.  The number of ready descriptors; CSK_ETIMEDOUT; -EINTR, or 0 after a wait that ended
 * before the deadline: rounding, or a deadline beyond INT_MAX ms. */
static int poll_until(struct pollfd *fds, nfds_t count, int64_t deadline)
{
    int ms = cski_deadline_poll_ms(deadline);
    int n = cski_sys(poll)(fds, count, ms);

    if (n < 0)
        return -errno;
    return n == 0 && ms == 0 ? CSK_ETIMEDOUT : n;
}

int cski_poll(struct pollfd *fds, nfds_t count, int64_t deadline, const struct cski_limits *limits)
{
    bool limited = limits->deadline < deadline;
    int n = cski_limits_test(limits);

    if (n < 0)
        return n;
    n = poll_until(fds, count + limits->count, limited ? limits->deadline : deadline);
    /* The deadline of a limit may have been moved later. */
    if (n == CSK_ETIMEDOUT && limited)
        return 0;
    for (unsigned i = 0; n > 0 && i < limits->count; i++) {
        if (!fds[count + i].revents)
            continue;
        n--;
        cski_cancel_spurious(limits->cancels[i]);
    }
    return n;
}

/* Poll descriptors without limits.  Interrupted calls continue if the hook permits. */
static int wait_unlimited(struct csk_socket *s, struct pollfd *fds, nfds_t count, int64_t deadline)
{
    int n;

    for (;;) {
        n = poll_until(fds, count, deadline);
        if (n > 0 || (n < 0 && n != -EINTR))
            return cski_is_cancelled(s) ? CSK_ECANCELED : n;
        if (n < 0 && (n = cski_interrupted(s)) < 0)
            return n;
    }
}

/* Descriptors and cancels together, for callers whose array has no space for the cancels. */
struct set {
    struct pollfd *fds;
    struct pollfd some[CSK_SCOPES_MAX + 8];
};

static void set_free(struct set *set)
{
    if (set->fds != set->some)
        cski_sys(free)(set->fds);
}

static int set_make(struct set *set, size_t count, const struct cski_limits *limits)
{
    size_t size = count + limits->count;
    int n;

    set->fds = set->some;
    if (size > sizeof set->some / sizeof *set->some &&
        !(set->fds = cski_sys(calloc)(size, sizeof *set->fds)))
        return -ENOMEM;
    if ((n = cski_limits_fds(limits, set->fds + count)) < 0)
        set_free(set);
    return n;
}

static int test_limits(const struct csk_socket *s, bool scoped)
{
    struct cski_limits limits;

    cski_limits_get(&limits, s, scoped);
    return cski_limits_test(&limits);
}

/* Poll once, with the limits as they are now.  0: poll again. */
static int poll_limited(struct csk_socket *s, struct pollfd *fds, nfds_t count, int64_t deadline,
                        bool scoped)
{
    unsigned changes = atomic_load(&cski_scope_changes);
    struct cski_limits limits;
    struct set set;
    int n, code;

    cski_limits_get(&limits, s, scoped);
    if ((n = set_make(&set, count, &limits)) < 0)
        return n;
    for (nfds_t i = 0; i < count; i++)
        set.fds[i] = fds[i];
    if (changes == atomic_load(&cski_scope_changes))
        n = cski_poll(set.fds, count, deadline, &limits);
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = n > 0 ? set.fds[i].revents : 0;
    set_free(&set);
    if ((n > 0 || n == CSK_ETIMEDOUT) && (code = test_limits(s, scoped)) < 0)
        n = code;
    return n;
}

static int wait_limited(struct csk_socket *s, struct pollfd *fds, nfds_t count, int64_t deadline,
                        bool scoped)
{
    int n;

    do
        n = poll_limited(s, fds, count, deadline, scoped);
    while (n == 0 || (n == -EINTR && (n = cski_interrupted(s)) == 0));
    return n;
}

static bool has_limits(const struct csk_socket *s)
{
    return __atomic_load_n(&s->limits, __ATOMIC_RELAXED) || s->cancel;
}

int cski_wait_many(struct csk_socket *s, struct pollfd *fds, nfds_t count, int64_t deadline,
                   bool scoped)
{
    return has_limits(s) || (scoped && cski_scope_is_active())
               ? wait_limited(s, fds, count, deadline, scoped)
               : wait_unlimited(s, fds, count, deadline);
}

static int wait_until(struct csk_socket *s, int events, int64_t deadline, bool scoped)
{
    struct pollfd p = { .fd = cski_fd(s), .events = (short)events };
    int n = cski_wait_many(s, &p, 1, deadline, scoped);

    return n > 0 ? p.revents : n;
}

/* A call. */

bool cski_is_limited(const struct csk_socket *s)
{
    return has_limits(s) || (cski_is_scoped(s) && cski_scope_is_active());
}

/* Let a call of a blocking socket return instead of blocking. */
#ifdef CSK_HAVE_MSG_DONTWAIT
static int set_dontwait(struct cski_call *call)
{
    call->flags |= MSG_DONTWAIT;
    return 0;
}
#else
static int set_dontwait(struct cski_call *call)
{
    return csk_wait_in_poll(call->s);
}
#endif

int cski_call_begin(struct cski_call *call, struct csk_socket *s, int events, int flags)
{
    int64_t timeout = cski_timeout(s);
    int n;

    *call = (struct cski_call){ .s = s, .events = events, .flags = flags, .scoped = timeout != 0 };
    if (events == POLLOUT) {
        call->flags |= s->send_flags;
        call->sliced = s->send_flags & MSG_DONTWAIT && cski_may_slice(s);
    }
    if (events == POLLIN) {
        if (flags & MSG_OOB)
            call->events = POLLPRI;
        /* Datagram sockets report the end of receiving by this alone. */
        call->events |= CSKI_POLLRDHUP;
    }
    /* The error queue is never waited for: the kernel returns EAGAIN for blocking sockets, too. */
    call->never_waits = timeout == 0 || flags & (MSG_DONTWAIT | CSKI_MSG_ERRQUEUE);
    if (!cski_is_limited(s))
        return 0;
    call->limited = true;
    call->sliced = false;
    if (timeout < 0 && (n = set_dontwait(call)) < 0)
        return n;
    return test_limits(s, call->scoped);
}

static bool is_would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

/* Before each wait: 0, or the call's result. */
static int begin_waiting(struct cski_call *call)
{
    if (cski_fd(call->s) < 0)
        return -EBADF;
    if (call->until != 0)
        return 0;
    call->until = cski_deadline_in(cski_timeout(call->s));
    return __atomic_load_n(&call->s->limits, __ATOMIC_RELAXED) & CSKI_LIMIT_POLL
               ? cski_interrupted(call->s)
               : 0;
}

/* The same for a call that would block: error is its errno. */
static int may_wait(struct cski_call *call, int error)
{
    if (call->never_waits)
        return -error;
    /* A blocking socket: its own receive or send timeout has passed (SO_RCVTIMEO), unless the
     * library has made the call or the descriptor non-blocking. */
    if (cski_timeout(call->s) < 0 && !call->limited &&
        !cski_has_pending(call->s, CSKI_MADE_NONBLOCKING))
        return -error;
    return begin_waiting(call);
}

/* Wait for nothing but a limit, longer each time. */
static int pause_longer(struct cski_call *call)
{
    struct pollfd none = { .fd = -1 };
    int64_t until;
    int n;

    call->pause = call->pause == 0 ? PAUSE_MIN : call->pause * 2;
    if (call->pause > PAUSE_MAX)
        call->pause = PAUSE_MAX;
    until = cski_deadline_in(call->pause);
    n = cski_wait_many(call->s, &none, 1, until < call->until ? until : call->until, call->scoped);
    if (n != CSK_ETIMEDOUT || until >= call->until)
        return n;
    return call->limited || cski_is_cancelled(call->s) ? test_limits(call->s, call->scoped) : 0;
}

int cski_pause(struct cski_call *call, int error)
{
    int n = error ? may_wait(call, error) : begin_waiting(call);

    return n < 0 ? n : pause_longer(call);
}

/* With SO_PEEK_OFF, a peek continues behind the bytes that the one before has seen. */
static bool peeks_the_same(const struct csk_socket *s)
{
    int offset = -1;
    socklen_t size = sizeof offset;

    return cski_sys(getsockopt)(cski_fd(s), SOL_SOCKET, PEEK_OFFSET, &offset, &size) < 0 ||
           offset < 0;
}

int cski_peek_more(struct cski_call *call)
{
    struct pollfd p = { .fd = cski_fd(call->s), .events = CSKI_POLLRDHUP };

    /* These bytes had arrived before the peek, which has therefore seen all of them. */
    if (call->revents & (CSKI_POLLRDHUP | POLLHUP | POLLERR) ||
        (call->pause == 0 && !peeks_the_same(call->s)))
        return CSKI_ENDED;
    call->revents = poll_until(&p, 1, 1) > 0 ? p.revents : 0; /* 1 has passed: without waiting */
    return call->revents ? 0 : cski_pause(call, 0);
}

/* poll() has reported more than once that the call would not block, but it would: poll() reports
 * something else, or another thread was quicker. */
static bool is_refused(const struct cski_call *call)
{
    return call->refused >= 2;
}

static int wait_for_events(struct cski_call *call)
{
    int64_t begin = call->refused ? cski_os_now() : 0;
    int n = wait_until(call->s, call->events, call->until, call->scoped);

    if (n < 0)
        return n;
    call->revents = n;
    /* After a real wait it is only another thread that was quicker. */
    if (call->refused && cski_os_now() - begin >= PAUSE_MIN) {
        call->refused = 0;
        call->pause = 0;
    }
    call->refused++;
    return 0;
}

/* As long as no urgent data has been announced, the kernel refuses to receive it.  A call that may
 * wait for other data waits for it as well, unless it would arrive in the stream, or not at all. */
static bool is_before_urgent_data(const struct cski_call *call, int error)
{
    int in_stream = 0;
    socklen_t size = sizeof in_stream;

    if (error != EINVAL || !(call->events & POLLPRI) || call->s->type != SOCK_STREAM ||
        call->revents & (CSKI_POLLRDHUP | POLLHUP | POLLERR))
        return false;
    return cski_sys(getsockopt)(cski_fd(call->s), SOL_SOCKET, SO_OOBINLINE, &in_stream, &size) ==
               0 &&
           !in_stream;
}

int cski_retry(struct cski_call *call, int error)
{
    int n;

    if (cski_is_cancelled(call->s))
        return CSK_ECANCELED;
    if (error == EINTR)
        return cski_interrupted(call->s);
    if (!is_would_block(error) && !is_before_urgent_data(call, error))
        return -error;
    if (call->sliced && !call->never_waits)
        return cski_slice_next(call);
    if ((n = may_wait(call, error)) < 0)
        return n;
    if (call->revents & (CSKI_POLLRDHUP | POLLHUP) && call->events & (POLLIN | POLLPRI))
        return CSKI_ENDED;
    if (is_refused(call) && (n = pause_longer(call)) < 0)
        return n;
    if ((n = wait_for_events(call)) < 0)
        return n;
    if (call->events & POLLIN)
        cski_set_wait_first(call->s, WAIT_FIRST_RECEIVES);
    return 0;
}

int cski_wait_first(struct cski_call *call)
{
    struct csk_socket *s = call->s;
    unsigned first = cski_get_wait_first(s);
    int n;

    if (first == 0 || call->flags & (MSG_OOB | CSKI_MSG_ERRQUEUE))
        return 0;
    n = may_wait(call, EAGAIN);
    if (n == -EAGAIN || n == -EBADF) {
        cski_set_wait_first(s, 0);
        return 0;
    }
    if (n < 0)
        return n;
    /* Another thread may have changed the number meanwhile. */
    cski_set_wait_first(s, first - 1);
    n = wait_for_events(call);
    call->refused = 0;
    return n;
}

int cski_wait_for(struct cski_call *call, int events)
{
    int n = begin_waiting(call);

    if (n == 0)
        n = wait_until(call->s, events, call->until, call->scoped);
    return n < 0 ? n : 0;
}

int csk_wait(struct csk_socket *s, int events, int64_t timeout)
{
    struct cski_call call;
    int n;

    if (!s)
        return CSK_ENULL;
    /* poll() ignores negative descriptors, and would wait for nothing. */
    if (cski_fd(s) < 0)
        return -EBADF;
    if ((n = cski_call_begin(&call, s, events, 0)) < 0)
        return n;
    n = wait_until(s, events, cski_deadline_in(timeout), call.scoped);
    if (n > 0 && (n & POLLNVAL))
        return -EBADF;
    if (n != CSK_ETIMEDOUT)
        return n;
    return call.limited ? test_limits(s, call.scoped) : 0;
}

/* The limits of all the sockets, and of the thread.  cancel: another, or NULL. */
static int limits_of_all(struct cski_limits *all, const struct csk_wait_item *items, size_t count,
                         struct csk_cancel *cancel)
{
    struct cski_limits one;

    cski_limits_get(all, NULL, true);
    for (size_t i = 0; i < count; i++) {
        if (!items[i].s)
            continue;
        cski_limits_get(&one, items[i].s, cski_is_scoped(items[i].s));
        if (one.deadline < all->deadline) {
            all->deadline = one.deadline;
            all->scope = one.scope;
        }
        if (items[i].s->cancel && cski_limits_add(all, items[i].s->cancel) < 0)
            return CSK_ESCOPE;
    }
    return cancel ? cski_limits_add(all, cancel) : 0;
}

static int call_hooks(const struct csk_wait_item *items, size_t count)
{
    int n = 0;

    for (size_t i = 0; i < count && n == 0; i++)
        if (items[i].s)
            n = cski_interrupted(items[i].s);
    return n;
}

static int test_cancelled(const struct csk_wait_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].s && cski_is_cancelled(items[i].s))
            return CSK_ECANCELED;
    return 0;
}

/* Copy the descriptors.  A closed one is reported at once, as poll() does. */
static int put_items(struct pollfd *fds, const struct csk_wait_item *items, size_t count)
{
    int closed = 0;

    for (size_t i = 0; i < count; i++) {
        fds[i] = (struct pollfd){ .fd = -1, .events = (short)items[i].events };
        if (!items[i].s)
            continue;
        fds[i].fd = cski_is_closed(items[i].s) ? -1 : cski_fd(items[i].s);
        closed += (csk_fd_t)fds[i].fd < 0;
    }
    return closed;
}

static int take_items(const struct pollfd *fds, struct csk_wait_item *items, size_t count, bool any)
{
    int ready = 0;

    for (size_t i = 0; i < count; i++) {
        items[i].revents = any ? fds[i].revents : 0;
        if (items[i].s && (csk_fd_t)fds[i].fd < 0)
            items[i].revents = POLLNVAL;
        ready += items[i].revents != 0;
    }
    return ready;
}

/* Poll once.  0: poll again. */
static int poll_items(struct csk_wait_item *items, size_t count, int64_t deadline,
                      struct csk_cancel *cancel)
{
    unsigned changes = atomic_load(&cski_scope_changes);
    struct cski_limits limits;
    struct set set;
    int closed, ready, code, n = limits_of_all(&limits, items, count, cancel);

    if (n < 0 || (n = test_cancelled(items, count)) < 0 || (n = set_make(&set, count, &limits)) < 0)
        return n;
    closed = put_items(set.fds, items, count);
    if (changes == atomic_load(&cski_scope_changes))
        n = cski_poll(set.fds, (nfds_t)count, closed ? 1 : deadline, &limits);
    if ((n > 0 || n == CSK_ETIMEDOUT) &&
        ((code = limits_of_all(&limits, items, count, cancel)) < 0 ||
         (code = cski_limits_test(&limits)) < 0 || (code = test_cancelled(items, count)) < 0))
        n = code;
    if ((n > 0 || n == CSK_ETIMEDOUT) && (ready = take_items(set.fds, items, count, n > 0)) > 0)
        n = ready;
    set_free(&set);
    return n;
}

ssize_t csk_wait_many(struct csk_wait_item *items, size_t count, int64_t deadline,
                      struct csk_cancel *cancel)
{
    int n;

    if (!items && count)
        return CSK_ENULL;
    if (deadline < 0 || count > INT_MAX)
        return CSK_ERANGE;
    if (deadline == 0)
        deadline = CSKI_NEVER;
    do
        n = poll_items(items, count, deadline, cancel);
    while (n == 0 || (n == -EINTR && (n = call_hooks(items, count)) == 0));
    return n;
}
