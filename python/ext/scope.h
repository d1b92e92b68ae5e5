/* CancelScope: declarations for scope.c, which has the type, and limits.c, which applies it. */
#ifndef CSP_SCOPE_H
#define CSP_SCOPE_H

#include "state.h"

struct scope {
    PyObject_HEAD struct csk_scope limits;
    double deadline; /* in seconds, as set by the program */
    struct csk_cancel cancel;
    struct scope *outer;  /* of the thread's stack */
    PyObject *owner;      /* the frame of the generator or coroutine that has entered; or NULL */
    unsigned long thread; /* that has entered; 0: none */
    bool entered, exited, caught, fails;
    bool left_open; /* other code has run inside it */
};

/* This thread's innermost scope. */
extern CSP_THREAD_LOCAL struct scope *csp_scopes;
/* Scopes of this thread that have an owner. */
extern CSP_THREAD_LOCAL int csp_owned_scopes;

/* Before each call: let only those scopes apply that were not left open at a yield or await. */
void csp_suspend_scopes(void);
/* Like csk_scope_test, without those scopes. */
int csp_scope_test(void);
/* Whether the deadline of one of the thread's scopes has ended a call, although another thread may
 * have moved it since: the scope is cancelled then. */
bool csp_has_scope_expired(void);

/* The scope's deadline as a deadline of the core; 0: none. */
static inline int64_t csp_scope_deadline(const struct scope *scope)
{
    return __atomic_load_n(&scope->limits.deadline, __ATOMIC_RELAXED);
}

/* The frame (new) that called this one; NULL for the outermost frame.  Takes ownership of frame. */
static inline PyFrameObject *csp_caller(PyFrameObject *frame)
{
    PyFrameObject *back = PyFrame_GetBack(frame);

    Py_DECREF(frame);
    return back;
}

#endif
