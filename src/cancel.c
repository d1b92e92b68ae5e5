/* Cancellation, and the scopes of a thread. */
#include "internal.h"

static _Thread_local struct csk_scope *innermost;

atomic_uint cski_scope_count;
atomic_uint cski_scope_changes;

int csk_cancel_init(struct csk_cancel *c)
{
    if (!c)
        return CSK_ENULL;
    *c = (struct csk_cancel)CSK_CANCEL_INIT;
    return 0;
}

static bool is_triggered(const struct csk_cancel *c)
{
    return __atomic_load_n(&c->triggered, __ATOMIC_SEQ_CST) != 0;
}

static void signal_waiters(const struct csk_cancel *c)
{
    int writer = __atomic_load_n(&c->writer, __ATOMIC_SEQ_CST) - 1;

    /* A pipe that is full has been signalled before. */
    if (writer >= 0)
        cski_os_event_set(writer);
}

/* The order matters: a wait publishes its descriptor and then reads triggered, this sets triggered
 * and then reads the descriptor, so that one of them sees the other. */
int csk_cancel(struct csk_cancel *c)
{
    int saved = errno;

    if (!c)
        return CSK_ENULL;
    __atomic_store_n(&c->triggered, 1, __ATOMIC_SEQ_CST);
    signal_waiters(c);
    errno = saved;
    return 0;
}

int csk_cancel_test(const struct csk_cancel *c)
{
    return c ? is_triggered(c) : CSK_ENULL;
}

/* The thread whose reader is published publishes the writer as well; until it has, a waiting thread
 * that was quicker may miss its wake-up, which is therefore repeated. */
csk_fd_t csk_cancel_fileno(struct csk_cancel *c)
{
    int reader, fds[2], none = 0, n;

    if (!c)
        return CSK_ENULL;
    if ((reader = __atomic_load_n(&c->reader, __ATOMIC_SEQ_CST)) > 0)
        return reader - 1;
    if ((n = cski_os_event_open(fds)) < 0)
        return n;
    if (!__atomic_compare_exchange_n(&c->reader, &none, fds[0] + 1, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST)) {
        cski_os_event_close(fds);
        return none - 1;
    }
    __atomic_store_n(&c->writer, fds[1] + 1, __ATOMIC_SEQ_CST);
    if (is_triggered(c))
        signal_waiters(c);
    return fds[0];
}

int csk_cancel_reset(struct csk_cancel *c)
{
    int reader;

    if (!c)
        return CSK_ENULL;
    reader = __atomic_load_n(&c->reader, __ATOMIC_SEQ_CST) - 1;
    __atomic_store_n(&c->triggered, 0, __ATOMIC_SEQ_CST);
    if (reader >= 0)
        cski_os_event_clear(reader);
    return 0;
}

int csk_cancel_close(struct csk_cancel *c)
{
    int fds[2];

    if (!c)
        return CSK_ENULL;
    fds[0] = c->reader - 1;
    fds[1] = c->writer - 1;
    csk_cancel_init(c);
    if (fds[0] >= 0)
        cski_os_event_close(fds);
    return 0;
}

static int64_t scope_deadline(const struct csk_scope *scope)
{
    int64_t deadline = __atomic_load_n(&scope->deadline, __ATOMIC_RELAXED);

    return deadline == 0 ? CSK_FOREVER : deadline;
}

static struct csk_scope *around(const struct csk_scope *scope)
{
    return __atomic_load_n(&scope->shield, __ATOMIC_RELAXED) && !scope->suspended ? NULL
                                                                                  : scope->outer;
}

int csk_scope_push(struct csk_scope *scope)
{
    int cancels = 0;

    if (!scope)
        return CSK_ENULL;
    for (const struct csk_scope *i = innermost; i; i = i->outer) {
        if (i == scope)
            return CSK_ESCOPE;
        cancels += i->cancel ? 1 : 0;
    }
    if (scope->cancel && cancels >= CSK_SCOPES_MAX)
        return CSK_ESCOPE;
    scope->expired = false;
    scope->outer = innermost;
    innermost = scope;
    atomic_fetch_add_explicit(&cski_scope_count, 1, memory_order_relaxed);
    return 0;
}

/* The order matters: a wait reads cski_scope_changes, the limits, publishes the descriptors of the
 * cancels and reads cski_scope_changes again; this sets the limit, changes that and then reads the
 * descriptor, so that one of them sees the other. */
static void tell_waiter(const struct csk_scope *scope)
{
    int saved = errno;

    atomic_fetch_add(&cski_scope_changes, 1);
    if (scope->cancel)
        signal_waiters(scope->cancel);
    errno = saved;
}

int csk_scope_setdeadline(struct csk_scope *scope, int64_t when)
{
    if (!scope)
        return CSK_ENULL;
    if (when < 0)
        return CSK_ERANGE;
    __atomic_store_n(&scope->deadline, when, __ATOMIC_SEQ_CST);
    /* The removal of a deadline is noticed when the previous one has passed. */
    if (when != 0)
        tell_waiter(scope);
    return 0;
}

int csk_scope_setshield(struct csk_scope *scope, bool shield)
{
    if (!scope)
        return CSK_ENULL;
    __atomic_store_n(&scope->shield, shield, __ATOMIC_SEQ_CST);
    tell_waiter(scope);
    return 0;
}

int csk_scope_pop(struct csk_scope *scope)
{
    if (!scope)
        return CSK_ENULL;
    if (scope != innermost)
        return CSK_ESCOPE;
    innermost = scope->outer;
    scope->outer = NULL;
    atomic_fetch_sub_explicit(&cski_scope_count, 1, memory_order_relaxed);
    return 0;
}

bool cski_scope_is_active(void)
{
    return atomic_load_explicit(&cski_scope_count, memory_order_relaxed) != 0 && innermost;
}

int cski_limits_add(struct cski_limits *limits, struct csk_cancel *c)
{
    for (unsigned i = 0; i < limits->count; i++)
        if (limits->cancels[i] == c)
            return 0;
    if (limits->count == CSKI_CANCELS_MAX)
        return CSK_ESCOPE;
    limits->cancels[limits->count++] = c;
    return 0;
}

void cski_limits_get(struct cski_limits *limits, const struct csk_socket *s, bool scoped)
{
    int64_t deadline = s ? __atomic_load_n(&s->deadline, __ATOMIC_RELAXED) : 0;

    limits->s = s;
    limits->count = 0;
    limits->deadline = deadline == 0 ? CSK_FOREVER : deadline;
    limits->scope = NULL;
    if (s && s->cancel)
        cski_limits_add(limits, s->cancel);
    if (!scoped)
        return;
    for (struct csk_scope *i = innermost; i; i = around(i)) {
        if (i->suspended)
            continue;
        deadline = scope_deadline(i);
        if (deadline < limits->deadline) {
            limits->deadline = deadline;
            limits->scope = i;
        }
        if (i->cancel)
            cski_limits_add(limits, i->cancel);
    }
}

int cski_limits_test(const struct cski_limits *limits)
{
    if (limits->s && cski_is_cancelled(limits->s))
        return CSK_ECANCELED;
    for (unsigned i = 0; i < limits->count; i++)
        if (is_triggered(limits->cancels[i]))
            return CSK_ECANCELED;
    if (limits->deadline == CSK_FOREVER || csk_now() < limits->deadline)
        return 0;
    if (limits->scope)
        __atomic_store_n(&limits->scope->expired, true, __ATOMIC_RELAXED);
    return CSK_ETIMEDOUT;
}

int cski_limits_fds(const struct cski_limits *limits, struct pollfd *fds)
{
    int fd;

    for (unsigned i = 0; i < limits->count; i++) {
        if ((fd = csk_cancel_fileno(limits->cancels[i])) < 0)
            return fd;
        fds[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
    }
    return 0;
}

/* The process at the other side of a fork() shares the descriptor, but not the memory. */
void cski_cancel_spurious(struct csk_cancel *c)
{
    if (is_triggered(c))
        return;
    cski_os_event_clear(__atomic_load_n(&c->reader, __ATOMIC_SEQ_CST) - 1);
    if (is_triggered(c))
        signal_waiters(c);
}

int64_t csk_scope_deadline(void)
{
    struct cski_limits limits;

    cski_limits_get(&limits, NULL, true);
    return limits.deadline;
}

int csk_scope_test(void)
{
    struct cski_limits limits;

    cski_limits_get(&limits, NULL, true);
    return cski_limits_test(&limits);
}
