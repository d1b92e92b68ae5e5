/* Which scopes apply to a call.
 *
 * A scope that is left open at a yield or an await does not apply to what runs meanwhile: another
 * task, or the generator's consumer.  It is hidden for their calls. */
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

/* Push a scope that hides those whose owner is suspended, if there are any. */
bool csp_mask_scopes(struct csk_scope *mask)
{
    bool suspended = false, shielded = false;

    if (csp_owned_scopes == 0)
        return false;
    *mask = (struct csk_scope)CSK_SCOPE_INIT;
    mask->shield = true;
    for (struct scope *i = csp_scopes; i; i = i->outer) {
        int64_t deadline = csp_scope_deadline(i);

        if (i->owner && !is_running(i->owner)) {
            suspended = i->left_open = true;
            continue;
        }
        if (shielded)
            continue;
        if (deadline && (!mask->deadline || deadline < mask->deadline))
            mask->deadline = deadline;
        if (!mask->cancel || csk_cancel_test(&i->cancel) > 0)
            mask->cancel = &i->cancel;
        shielded = i->limits.shield;
    }
    return suspended && csk_scope_push(mask) == 0;
}

void csp_unmask_scopes(struct csk_scope *mask)
{
    csk_scope_pop(mask);
}

int csp_scope_test(void)
{
    struct csk_scope mask;
    bool masked;
    int n;

    if (!csp_scopes)
        return 0;
    masked = csp_mask_scopes(&mask);
    n = csk_scope_test();
    if (masked)
        csp_unmask_scopes(&mask);
    return n;
}
