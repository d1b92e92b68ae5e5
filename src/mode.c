/* The modes of a socket: its timeout, and the other limits of its calls. */
#include "internal.h"

#include <stdatomic.h>

static _Atomic int64_t default_timeout = -1;

void csk_setdefaulttimeout(int64_t timeout)
{
    atomic_store(&default_timeout, timeout < 0 ? -1 : timeout);
}

int64_t csk_getdefaulttimeout(void)
{
    return atomic_load(&default_timeout);
}

int cski_set_nonblocking(int fd, bool nonblocking)
{
    int flag = nonblocking;

    /* One call where F_GETFL and F_SETFL would be two. */
    return cski_sys(ioctl)(fd, FIONBIO, &flag) < 0 ? -errno : 0;
}

int csk_settimeout(struct csk_socket *s, int64_t timeout)
{
    int n;

    if (!s)
        return CSK_ENULL;
    if ((n = cski_set_nonblocking(cski_fd(s), timeout >= 0)) < 0)
        return n;
    __atomic_store_n(&s->timeout, timeout < 0 ? -1 : timeout, __ATOMIC_RELAXED);
    cski_set_pending(s, CSKI_MADE_NONBLOCKING, false);
    cski_set_wait_first(s, 0);
    return 0;
}

int64_t csk_gettimeout(const struct csk_socket *s)
{
    return s ? cski_timeout(s) : CSK_ENULL;
}

int csk_wait_in_poll(struct csk_socket *s)
{
    int n;

    if (!s)
        return CSK_ENULL;
    if (cski_timeout(s) >= 0 || cski_has_pending(s, CSKI_MADE_NONBLOCKING))
        return 0;
    if ((n = cski_set_nonblocking(cski_fd(s), true)) == 0)
        cski_set_pending(s, CSKI_MADE_NONBLOCKING, true);
    return n;
}

int csk_setblocking(struct csk_socket *s, bool blocking)
{
    if (!s)
        return CSK_ENULL;
    return csk_settimeout(s, blocking ? -1 : 0);
}

bool csk_getblocking(const struct csk_socket *s)
{
    return s && cski_timeout(s) != 0;
}

static void set_limit(struct csk_socket *s, uint16_t bit, bool on)
{
    if (on)
        __atomic_fetch_or(&s->limits, bit, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&s->limits, (uint16_t)~bit, __ATOMIC_RELAXED);
}

int csk_setdeadline(struct csk_socket *s, int64_t when)
{
    if (!s)
        return CSK_ENULL;
    if (when < 0)
        return CSK_ERANGE;
    __atomic_store_n(&s->deadline, when, __ATOMIC_RELAXED);
    set_limit(s, CSKI_LIMIT_DEADLINE, when != 0);
    return 0;
}

int64_t csk_getdeadline(const struct csk_socket *s)
{
    return s ? __atomic_load_n(&s->deadline, __ATOMIC_RELAXED) : CSK_ENULL;
}

int csk_cancel_calls(struct csk_socket *s)
{
    int saved = errno;

    if (!s)
        return CSK_ENULL;
    __atomic_fetch_or(&s->limits, CSKI_LIMIT_CANCELLED, __ATOMIC_SEQ_CST);
    if (!cski_is_closed(s))
        cski_sys(shutdown)(cski_fd(s), SHUT_RDWR);
    errno = saved;
    return (__atomic_load_n(&s->pending, __ATOMIC_SEQ_CST) & CSKI_IN_CONNECT) != 0;
}

int csk_setinterrupt(struct csk_socket *s, csk_interrupt_fn *hook, void *context, int flags)
{
    if (!s)
        return CSK_ENULL;
    if (flags & ~CSK_INTERRUPT_POLL)
        return -EINVAL;
    s->on_interrupt = hook;
    s->context = context;
    set_limit(s, CSKI_LIMIT_POLL, flags & CSK_INTERRUPT_POLL);
    return 0;
}
