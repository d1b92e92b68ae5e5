/* Determines which scopes apply to a call.
 *
 * A scope that is left open at a yield or an await does not apply to code that runs meanwhile:
 * another task, or the generator's consumer.  The scope is suspended for their calls. */
#include "scope.h"

CSP_THREAD_LOCAL struct scope *csp_scopes;
CSP_THREAD_LOCAL int csp_owned_scopes;

static bool is_running(PyObject *owner)
{
    PyFrameObject *frame = PyEval_GetFrame();
    bool running;

    Py_XINCREF(frame);
    while (frame && (PyObject *)frame != owner)
        frame = csp_caller(frame);
    running = frame != NULL;
    Py_XDECREF(frame);
    return running;
}

void csp_suspend_scopes(void)
{
    for (struct scope *i = csp_owned_scopes ? csp_scopes : NULL; i; i = i->outer) {
        if (!i->owner)
            continue;
        i->limits.suspended = !is_running(i->owner);
        i->left_open |= i->limits.suspended;
    }
}

bool csp_has_scope_expired(void)
{
    for (struct scope *i = csp_scopes; i; i = i->limits.shield ? NULL : i->outer)
        if (!i->limits.suspended && __atomic_load_n(&i->limits.expired, __ATOMIC_RELAXED)) {
            csk_cancel(&i->cancel);
            return true;
        }
    return false;
}

int csp_scope_test(void)
{
    if (!csp_scopes)
        return 0;
    csp_suspend_scopes();
    return csk_scope_test();
}
