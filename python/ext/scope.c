/* CancelScope: limits for all waiting calls of a thread.  The core keeps the scopes on a stack per
 * thread; this file decides who catches Cancelled, and limits.c which scopes apply. */
#include "args.h"
#include "define.h"
#include "scope.h"
#include "setup.h"

#include <pythread.h>

/* Whether this is the thread that has entered the scope.  If it waits, this is a signal handler,
 * and the call looks at the limits again afterwards. */
static bool is_own(const struct scope *scope)
{
    return __atomic_load_n(&scope->thread, __ATOMIC_RELAXED) ==
           (unsigned long)PyThread_get_thread_ident();
}

static int set_seconds(struct scope *scope, PyObject *object)
{
    int64_t deadline;
    double seconds;

    if (csp_moment(object, "deadline", &seconds, &deadline) < 0)
        return -1;
    __atomic_store(&scope->deadline, &seconds, __ATOMIC_RELAXED);
    if (is_own(scope))
        __atomic_store_n(&scope->limits.deadline, deadline, __ATOMIC_RELAXED);
    else
        csk_scope_setdeadline(&scope->limits, deadline);
    return 0;
}

static PyObject *scope_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *op = PyType_GenericNew(type, args, kwargs);

    if (op)
        ((struct scope *)op)->deadline = Py_HUGE_VAL;
    return op;
}

static const struct csp_signature init_signature = { "CancelScope", "deadline shield _fails", 0,
                                                     3 };

static int scope_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    struct scope *scope = (struct scope *)op;
    PyObject *values[3];
    int shield, fails;

    if (PyTuple_GET_SIZE(args) > 0) {
        PyErr_SetString(PyExc_TypeError, "CancelScope() takes no positional arguments");
        return -1;
    }
    if (csp_tuple_arguments(&init_signature, args, kwargs, values) < 0 ||
        (values[0] && set_seconds(scope, values[0]) < 0))
        return -1;
    shield = values[1] ? PyObject_IsTrue(values[1]) : 0;
    fails = values[2] ? PyObject_IsTrue(values[2]) : 0;
    if (shield < 0 || fails < 0)
        return -1;
    scope->limits.shield = shield;
    scope->limits.cancel = &scope->cancel;
    scope->fails = fails;
    return 0;
}

/* Whether the frame's code is contextlib's. */
static bool is_contextlib(PyFrameObject *frame)
{
    PyObject *globals = PyObject_GetAttrString((PyObject *)frame, "f_globals");
    PyObject *name = globals && PyDict_Check(globals) ? PyDict_GetItemString(globals, "__name__")
                                                      : NULL;
    bool is = name && PyUnicode_Check(name) &&
              PyUnicode_CompareWithASCIIString(name, "contextlib") == 0;

    Py_XDECREF(globals);
    PyErr_Clear();
    return is;
}

#define SUSPENDS (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)

static bool suspends(PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    bool can = (code->co_flags & SUSPENDS) != 0;

    Py_DECREF(code);
    return can;
}

/* The frame in which the scope is entered (new or NULL), if it may be suspended.  A generator that
 * contextlib turns into a context manager is suspended by design, so the frame that uses it is
 * relevant. */
static PyObject *find_owner(void)
{
    PyFrameObject *frame = PyEval_GetFrame(), *back;

    Py_XINCREF(frame);
    while (frame && is_contextlib(frame))
        frame = csp_caller(frame);
    while (frame && suspends(frame) && (back = PyFrame_GetBack(frame))) {
        bool managed = is_contextlib(back);

        Py_DECREF(back);
        if (!managed)
            break;
        frame = csp_caller(frame);
        while (frame && is_contextlib(frame))
            frame = csp_caller(frame);
    }
    if (frame && !suspends(frame))
        Py_CLEAR(frame);
    return (PyObject *)frame;
}

static PyObject *scope_enter(PyObject *op, PyObject *unused)
{
    struct scope *scope = (struct scope *)op;
    int n;

    (void)unused;
    if (scope->entered) {
        PyErr_SetString(PyExc_RuntimeError, "a CancelScope can be entered only once");
        return NULL;
    }
    if ((n = csk_scope_push(&scope->limits)) < 0) {
        PyErr_Format(PyExc_RuntimeError, "more than %d nested CancelScopes", CSK_SCOPES_MAX);
        return NULL;
    }
    scope->entered = true;
    __atomic_store_n(&scope->thread, PyThread_get_thread_ident(), __ATOMIC_RELAXED);
    scope->outer = csp_scopes;
    csp_scopes = (struct scope *)Py_NewRef(op);
    if ((scope->owner = find_owner()))
        csp_owned_scopes++;
    return Py_NewRef(op);
}

/* Remove a scope at any position of the stack: the core removes only the innermost one.  False: it
 * is not the innermost. */
static bool take_off(struct scope *scope)
{
    bool innermost = csp_scopes == scope;
    struct scope *inner = csp_scopes, *above = NULL, *outer;

    /* The scopes inside it, in reverse order. */
    for (; inner != scope; inner = outer) {
        outer = inner->outer;
        csk_scope_pop(&inner->limits);
        inner->outer = above;
        above = inner;
    }
    csk_scope_pop(&scope->limits);
    csp_scopes = scope->outer;
    for (; above; above = outer) {
        outer = above->outer;
        csk_scope_push(&above->limits);
        above->outer = csp_scopes;
        csp_scopes = above;
    }
    return innermost;
}

static bool latch_called(struct scope *scope)
{
    int64_t deadline = csp_scope_deadline(scope);

    if (!scope->exited && deadline && csk_now() >= deadline)
        csk_cancel(&scope->cancel);
    return csk_cancel_test(&scope->cancel) > 0;
}

/* An error about the use of the scope, while an exception may be propagating. */
static PyObject *misused(const char *text)
{
    PyErr_SetString(PyExc_RuntimeError, text);
    return NULL;
}

/* Cancelled may contain the data that recv_exactly or splice has received: keep it. */
static void copy_attribute(PyObject *from, PyObject *to, const char *name)
{
    PyObject *value = PyObject_GetAttrString(from, name);

    if (value)
        PyObject_SetAttrString(to, name, value);
    Py_XDECREF(value);
    PyErr_Clear();
}

static void raise_timeout(struct csp_state *state, PyObject *cancelled)
{
    PyObject *timeout = PyObject_CallOneArg(state->timeout, state->timed_out);

    if (!timeout)
        return;
    if (cancelled) {
        copy_attribute(cancelled, timeout, "partial");
        copy_attribute(cancelled, timeout, "moved");
        copy_attribute(cancelled, timeout, "pending");
    }
    PyErr_SetObject(state->timeout, timeout);
    Py_DECREF(timeout);
}

static PyObject *scope_exit(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct scope *scope = (struct scope *)op;
    struct csp_state *state = csp_state_of_type(Py_TYPE(op));
    bool cancelled = count > 0 && PyErr_GivenExceptionMatches(args[0], state->cancelled);
    bool called, innermost;

    if (!scope->entered || scope->exited)
        return misused("the CancelScope is not entered");
    if (!is_own(scope))
        return misused("a CancelScope must be left in the thread that entered it");
    called = latch_called(scope);
    scope->exited = true;
    innermost = take_off(scope);
    if (scope->owner)
        csp_owned_scopes--;
    Py_CLEAR(scope->owner);
    Py_DECREF(op); /* the stack's reference; the caller has another */
    if (!innermost)
        return misused("a CancelScope was left before those inside it");
    if (scope->left_open)
        return misused("a CancelScope was left open at a yield or await");
    /* The outermost scope that has ended catches. */
    if (!cancelled || !called || (!scope->limits.shield && csp_scope_test() < 0))
        Py_RETURN_FALSE;
    scope->caught = true;
    if (!scope->fails)
        Py_RETURN_TRUE;
    raise_timeout(state, count > 1 ? args[1] : NULL);
    return NULL;
}

static PyObject *scope_cancel(PyObject *op, PyObject *unused)
{
    (void)unused;
    csk_cancel(&((struct scope *)op)->cancel);
    Py_RETURN_NONE;
}

static PyObject *get_deadline(PyObject *op, void *unused)
{
    double seconds;

    (void)unused;
    __atomic_load(&((struct scope *)op)->deadline, &seconds, __ATOMIC_RELAXED);
    return PyFloat_FromDouble(seconds);
}

static int set_deadline(PyObject *op, PyObject *value, void *unused)
{
    (void)unused;
    if (!value)
        PyErr_SetString(PyExc_AttributeError, "cannot delete attribute");
    return value ? set_seconds((struct scope *)op, value) : -1;
}

static PyObject *get_shield(PyObject *op, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((struct scope *)op)->limits.shield);
}

static int set_shield(PyObject *op, PyObject *value, void *unused)
{
    int shield = value ? PyObject_IsTrue(value) : -1;

    (void)unused;
    if (!value)
        PyErr_SetString(PyExc_AttributeError, "cannot delete attribute");
    if (shield >= 0 && is_own((struct scope *)op))
        __atomic_store_n(&((struct scope *)op)->limits.shield, shield != 0, __ATOMIC_RELAXED);
    else if (shield >= 0)
        csk_scope_setshield(&((struct scope *)op)->limits, shield);
    return shield < 0 ? -1 : 0;
}

static PyObject *get_called(PyObject *op, void *unused)
{
    (void)unused;
    return PyBool_FromLong(latch_called((struct scope *)op));
}

static PyObject *get_caught(PyObject *op, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((struct scope *)op)->caught);
}

static int scope_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(((struct scope *)op)->owner);
    return 0;
}

static int scope_clear(PyObject *op)
{
    Py_CLEAR(((struct scope *)op)->owner);
    return 0;
}

/* A scope that is entered is not deallocated: the stack has a reference. */
static void scope_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    scope_clear(op);
    csk_cancel_close(&((struct scope *)op)->cancel);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyGetSetDef getset[] = {
    { "deadline", get_deadline, set_deadline,
      "the deadline, in seconds of time.monotonic(); inf: none", NULL },
    { "shield", get_shield, set_shield, "whether the scopes around this one do not apply inside it",
      NULL },
    { "cancel_called", get_called, NULL, "whether cancel() was called or the deadline has passed",
      NULL },
    { "cancelled_caught", get_caught, NULL, "whether the scope caught Cancelled at its end", NULL },
    { NULL },
};

static PyMethodDef methods[] = {
    { "__enter__", scope_enter, METH_NOARGS, NULL },
    { "__exit__", (PyCFunction)(void (*)(void))scope_exit, METH_FASTCALL, NULL },
    { "cancel", scope_cancel, METH_NOARGS,
      "cancel($self, /)\n--\n\n"
      "End the calls inside the scope; may be called from any thread or signal handler." },
    { NULL },
};

static const char doc[] =
    "CancelScope(*, deadline=math.inf, shield=False)\n--\n\n"
    "Limits for all calls of a thread that may wait: with CancelScope() as scope.";

static PyType_Slot slots[] = {
    { Py_tp_doc, (void *)doc },
    { Py_tp_init, scope_init },
    { Py_tp_new, scope_new },
    { Py_tp_traverse, scope_traverse },
    { Py_tp_clear, scope_clear },
    { Py_tp_dealloc, scope_dealloc },
    { Py_tp_getset, getset },
    { Py_tp_methods, methods },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "csocket.CancelScope",
    .basicsize = sizeof(struct scope),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

/* The soonest deadline of the scopes, in the precision in which it was set. */
static PyObject *current_effective_deadline(PyObject *module, PyObject *unused)
{
    int64_t deadline;

    (void)module, (void)unused;
    if (csp_scope_test() == CSK_ECANCELED)
        return PyFloat_FromDouble(-Py_HUGE_VAL);
    deadline = csk_scope_deadline();
    for (struct scope *i = deadline == CSK_FOREVER ? NULL : csp_scopes; i; i = i->outer)
        if (!i->limits.suspended && csp_scope_deadline(i) == deadline)
            return get_deadline((PyObject *)i, NULL);
    return PyFloat_FromDouble(deadline == CSK_FOREVER ? Py_HUGE_VAL
                                                      : (double)deadline / CSK_SECOND);
}

static const struct csp_function functions[] = {
    { current_effective_deadline, METH_NOARGS,
      "_current_effective_deadline()\n--\n\n"
      "Return the soonest deadline of this thread's scopes, in seconds of time.monotonic();\n"
      "inf if there is none, -inf if a scope was cancelled." },
    { NULL },
};

int csp_scope_setup(struct csp_state *state)
{
    PyObject *type = PyType_FromModuleAndSpec(state->module, &spec, NULL);

    state->cancelled = PyErr_NewExceptionWithDoc(
        "csocket.Cancelled", "A CancelScope has ended the call.", PyExc_BaseException, NULL);
    if (!state->cancelled ||
        csp_add(state->module, "_Cancelled", Py_NewRef(state->cancelled)) < 0 ||
        csp_add(state->module, "_CancelScope", type) < 0)
        return -1;
    return csp_add_functions(state->module, functions);
}
