/* Letting go of the GIL, and signals.
 *
 * The core asks its caller whenever a signal has interrupted a call (PEP 475).  That happens in the
 * middle of CSP_CALL, so the thread's state is kept where this function finds it. */
#include "binding.h"

CSP_THREAD_LOCAL PyThreadState *csp_thread;

int csp_on_interrupt(struct csk_socket *s)
{
    PyThreadState *saved = csp_thread;
    int n;

    (void)s;
    /* _ssl declares this place of the struct as a function that sets an exception.  No version that
     * we know calls it; one that did would find the GIL held. */
    if (!saved)
        return 0;
    PyEval_RestoreThread(saved);
    n = PyErr_CheckSignals();
    /* A handler may have run another interpreter in this thread. */
    csp_thread = PyEval_SaveThread();
    return n < 0 ? CSK_EINTERRUPTED : 0;
}
