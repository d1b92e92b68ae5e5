/* Releasing the GIL, or keeping it, and signals.
 *
 * The core calls the hook whenever a signal has interrupted a call (PEP 475).  That happens in the
 * middle of CSP_CALL, so the thread's state is kept where this function finds it. */
#include "call.h"
#include "socket/socket.h"

CSP_THREAD_LOCAL PyThreadState *csp_thread;
CSP_THREAD_LOCAL bool csp_in_handler;

void csp_acquire_gil(void)
{
    PyEval_RestoreThread(csp_thread);
}

void csp_release_gil(void)
{
    /* Another interpreter may have run in this thread, or another call. */
    csp_thread = PyEval_SaveThread();
}

int csp_on_interrupt(struct csk_socket *s)
{
    int n;

    (void)s;
    /* _ssl declares this place of the struct as a function that sets an exception.  No known
     * version calls it; if one did, the GIL would be held. */
    if (!csp_thread)
        return 0;
    csp_acquire_gil();
    csp_in_handler = true;
    n = csp_check_signals();
    csp_in_handler = false;
    /* The handler may have made calls in another generator. */
    csp_suspend_scopes();
    csp_release_gil();
    return n < 0 ? CSK_EINTERRUPTED : 0;
}

/* Releasing and acquiring the GIL costs some 300 instructions. If no other thread can need it, a
 * short sendto or sendmsg is therefore tried first with MSG_DONTWAIT, and made in the usual way
 * only if there is no space.  Threads that communicate would queue for the GIL, which took up to
 * twice the time on two idle processors.  Three things may take long, or need the GIL in another
 * thread, and are not tried: sockets whose sends are more than a copy into a queue, flags, and
 * memory outside a bytes object (a mapped file may be read from any device). */
bool csp_is_queued(const struct csp_socket *self)
{
    return (self->s.type == SOCK_STREAM || self->s.type == SOCK_DGRAM) &&
           csk_family_is_queued(self->s.family, self->s.proto);
}

bool csp_is_only_thread(void)
{
    return !csp_scopes && csp_is_single_thread();
}

/* Such families open a socket without waiting, too. */
bool csp_opens_immediately(const struct csk_family *family)
{
    return family && csk_family_is_queued(csk_family_number(family), 0) && csp_is_only_thread();
}

bool csp_closes_immediately(const struct csk_family *family)
{
    return csk_family_flags(family) & CSK_FAMILY_NEVER_LINGERS && csp_is_only_thread();
}
