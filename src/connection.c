/* Connecting. */
#include "internal.h"

int cski_connect_outcome(struct csk_socket *s)
{
    socklen_t size = sizeof(int);
    int error = 0;

    if (cski_sys(getsockopt)(cski_fd(s), SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -errno;
    return error == EISCONN ? 0 : -error;
}

/* connect() has no flag such as MSG_DONTWAIT: while a limit is in force, a blocking socket becomes
 * non-blocking for the system call. */
static int try_to_connect(struct csk_socket *s, const struct csk_addr *addr, bool switch_mode)
{
    int fd = cski_fd(s), n, error;

    if (switch_mode && (n = cski_set_nonblocking(fd, true)) < 0)
        return n;
    n = cski_sys(connect)(fd, &addr->sa, addr->len) < 0 ? -errno : 0;
    if (switch_mode && (error = cski_set_nonblocking(fd, false)) < 0)
        return error;
    return n;
}

/* Try until there is space in a full backlog of an AF_UNIX listener, which poll() does not report.
 */
static int try_until_there_is_room(struct cski_call *call, const struct csk_addr *addr)
{
    struct csk_socket *s = call->s;
    bool switch_mode = (call->limited || call->sliced) && cski_timeout(s) < 0 &&
                       !cski_has_pending(s, CSKI_MADE_NONBLOCKING);
    int n;

    for (;;) {
        n = try_to_connect(s, addr, switch_mode);
        if (n == 0 || cski_is_cancelled(s))
            return n < 0 ? CSK_ECANCELED : n;
        /* For such a listener EINTR does not mean that an attempt has begun. */
        if (n == -EINTR && call->sliced)
            n = cski_interrupted(s);
        else if (n != -EAGAIN && n != -EWOULDBLOCK)
            return n;
        else if (!call->sliced)
            n = cski_pause(call, -n);
        else if ((n = cski_slice_next(call)) == 0)
            switch_mode = false;
        if (n < 0)
            return n;
    }
}

/* The attempt continues in the kernel: wait until it has ended. */
static int wait_for_connection(struct cski_call *call)
{
    int n = cski_wait_for(call, POLLOUT);

    cski_set_pending(call->s, CSKI_CONNECTING, n < 0);
    return n < 0 ? n : cski_connect_outcome(call->s);
}

/* A blocking socket's attempt that has not ended was ended by its send timeout (SO_SNDTIMEO). */
static bool is_blocking(const struct cski_call *call)
{
    return cski_timeout(call->s) < 0 && !call->limited &&
           !cski_has_pending(call->s, CSKI_MADE_NONBLOCKING);
}

static int connect_to(struct csk_socket *s, const struct csk_addr *addr)
{
    struct cski_call call;
    int n = cski_call_begin(&call, s, POLLOUT, 0), code;

    if (n < 0)
        return n;
    call.sliced = !call.limited && s->type != SOCK_DGRAM && cski_may_slice(s);
    n = cski_slice_end(&call, try_until_there_is_room(&call, addr));
    if (n == -EISCONN && cski_has_pending(s, CSKI_CONNECTING))
        n = 0; /* an attempt that an earlier call began has succeeded */
    if (n == -EINTR && (code = cski_interrupted(s)) < 0) {
        cski_set_pending(s, CSKI_CONNECTING, true);
        return code;
    }
    if (n == -EINPROGRESS || n == -EALREADY || n == -EINTR) {
        cski_set_pending(s, CSKI_CONNECTING, true);
        /* EINTR: the attempt continues; calling connect again reports EALREADY. */
        if (!call.never_waits && (n == -EINTR || !is_blocking(&call)))
            return wait_for_connection(&call);
        return n;
    }
    cski_set_pending(s, CSKI_CONNECTING, false);
    return n;
}

int csk_connect(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error)
{
    int n;

    if (!(s && addr))
        return cski_fail(error, CSK_ENULL, "the %s is NULL", s ? "address" : "socket");
    __atomic_fetch_or(&s->pending, CSKI_IN_CONNECT, __ATOMIC_SEQ_CST);
    n = connect_to(s, addr);
    cski_set_pending(s, CSKI_IN_CONNECT, false);
    return n < 0 ? cski_fail_at(error, n, "connect to", addr) : 0;
}

int csk_connect_ex(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error)
{
    int n = csk_connect(s, addr, error);

    if (n == CSK_ETIMEDOUT)
        return EAGAIN;
    if (n == CSK_ECANCELED)
        return ECANCELED;
    return csk_error_kind(n) == CSK_KIND_SYSTEM ? -n : n;
}
