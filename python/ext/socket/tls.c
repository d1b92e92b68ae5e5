/* TLS with the limits of csocket, for csocket.install().
 *
 * _ssl reads a socket's timeout once for each operation, and then waits by itself, so that neither
 * a scope nor cancel() reaches it.  It is therefore given a stand-in: an object with the socket's
 * descriptor and a timeout of its own, which only _ssl sees.  TLS wraps the object that _ssl makes
 * of it, and sets the stand-in's timeout before each operation: all of the socket's, or a slice of
 * it if a scope is in force, after which the operation is repeated (OpenSSL resumes it).
 *
 * Threads that share the object do not disturb each other.  _ssl reads the timeout while it still
 * has the GIL; where there is none, all operations are in slices.  Blocking is a long timeout for
 * _ssl: if another thread's scope has made the descriptor non-blocking, it waits in poll() as if
 * nothing had happened. */
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket.h"

#define SLICE (100 * CSK_MS)
/* _ssl gives poll() an int of milliseconds: 24 days. */
#define VERY_LONG (INT64_C(2147483) * CSK_SECOND)

struct stand_in {
    struct csp_socket low;
    PyObject *weakrefs; /* _ssl has one */
};

struct tls {
    PyObject_HEAD PyObject *object; /* _ssl's */
    struct stand_in *stand_in;
    PyObject *sock; /* a weak reference: the socket owns this object */
};

/* The descriptor is the socket's. */
static void stand_in_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    if (((struct stand_in *)op)->weakrefs)
        PyObject_ClearWeakRefs(op);
    type->tp_free(op);
    Py_DECREF(type);
}

static void stand_in_finalize(PyObject *op)
{
    (void)op;
}

static PyMemberDef stand_in_members[] = {
    { "__weaklistoffset__", T_PYSSIZET, offsetof(struct stand_in, weakrefs), READONLY, NULL },
    { NULL },
};

static PyType_Slot stand_in_slots[] = {
    { Py_tp_dealloc, stand_in_dealloc },
    { Py_tp_finalize, stand_in_finalize },
    { Py_tp_traverse, csp_traverse },
    { Py_tp_members, stand_in_members },
    { 0, NULL },
};

static PyType_Spec stand_in_spec = {
    .name = "csocket._socket._StandIn",
    .basicsize = sizeof(struct stand_in),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = stand_in_slots,
};

/* An operation. */
struct operation {
    struct csp_state *state;
    struct tls *self;
    struct csp_socket *sock; /* NULL: it is gone */
    int64_t timeout, until;  /* the socket's; CSK_FOREVER: none */
};

static int64_t sooner(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* The soonest deadline of the thread's scopes, or the code of one that has ended. */
static int64_t scope_deadline(void)
{
    int n = csp_scope_test();

    return n < 0 ? n : csk_scope_deadline();
}

/* The timeout of the next try; or a code. */
static int64_t next_timeout(const struct operation *o)
{
    int64_t now, deadline, left;
    int n;

    if (csk_cancel_test(&o->sock->cancel) > 0)
        return CSK_ECANCELED;
    if (o->timeout == 0)
        return 0;
    if (CSP_HAS_GIL && !csp_scopes && o->timeout < 0)
        return VERY_LONG;
    now = csk_now();
    left = o->until - now;
    if (csp_scopes) {
        if ((deadline = scope_deadline()) < 0)
            return deadline;
        if ((n = csk_wait_in_poll(&o->sock->s)) < 0)
            return n;
        left = sooner(left, sooner(SLICE, deadline - now));
    }
    /* Whichever thread's timeout _ssl then reads, it is short enough. */
    if (!CSP_HAS_GIL)
        left = sooner(left, SLICE);
    /* What has just passed is reported after the next try. */
    return left <= 0 ? 1 : sooner(left, VERY_LONG);
}

/* Set what _ssl reads. */
static int prepare(const struct operation *o)
{
    struct csk_socket *s = &o->self->stand_in->low.s;
    int64_t timeout = o->sock ? next_timeout(o) : 0;

    if (timeout < 0) {
        csp_raise(o->state, timeout);
        return -1;
    }
    __atomic_store_n(&s->fd, o->sock ? csp_fd(o->sock) : -1, __ATOMIC_RELAXED);
    __atomic_store_n(&s->timeout, timeout, __ATOMIC_RELAXED);
    return 0;
}

/* After an exception: whether to try again. */
static bool goes_on(const struct operation *o)
{
    bool timed_out;

    if (!o->sock)
        return false;
    if (csk_cancel_test(&o->sock->cancel) > 0 && PyErr_ExceptionMatches(PyExc_OSError)) {
        PyErr_Clear();
        csp_raise(o->state, CSK_ECANCELED);
        return false;
    }
    if (o->timeout == 0 || !PyErr_ExceptionMatches(o->state->timeout))
        return false;
    /* The connection's ETIMEDOUT is of that class, too. */
    timed_out = csp_current_errno() == 0;
    if (!timed_out || (o->until != CSK_FOREVER && csk_now() >= o->until))
        return false;
    PyErr_Clear();
    return true;
}

static struct csp_socket *socket_of(const struct tls *self)
{
    PyObject *sock = PyObject_CallNoArgs(self->sock);

    if (sock == Py_None)
        Py_CLEAR(sock);
    return (struct csp_socket *)sock;
}

/* object.name(*args): at most two arguments. */
static PyObject *operate(PyObject *op, PyObject *name, PyObject *const *args, Py_ssize_t count)
{
    struct tls *self = (struct tls *)op;
    struct operation o = { .state = csp_state_of_type(Py_TYPE(op)), .self = self };
    PyObject *all[4] = { NULL, self->object }, *result = NULL;

    if (count > 2)
        return PyErr_Format(PyExc_TypeError, "%U() takes at most 2 arguments (%zd given)", name,
                            count);
    for (Py_ssize_t i = 0; i < count; i++)
        all[i + 2] = args[i];
    if (!(o.sock = socket_of(self)) && PyErr_Occurred())
        return NULL;
    o.timeout = o.sock ? csp_timeout_of(o.sock) : 0;
    o.until = o.timeout > 0 ? csk_now() + o.timeout : CSK_FOREVER;
    if (o.until < 0)
        o.until = CSK_FOREVER;
    do
        result = prepare(&o) < 0 ? NULL
                                 : PyObject_VectorcallMethod(
                                       name, all + 1,
                                       (size_t)(count + 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    while (!result && goes_on(&o));
    /* The end of the data may be that of cancel(). */
    if (result && o.sock && csk_cancel_test(&o.sock->cancel) > 0 && !PyObject_IsTrue(result))
        Py_SETREF(result, csp_raise(o.state, CSK_ECANCELED));
    Py_XDECREF(o.sock);
    return result;
}

static PyObject *tls_read(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    return operate(op, csp_state_of_type(Py_TYPE(op))->str_read, args, count);
}

static PyObject *tls_write(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    return operate(op, csp_state_of_type(Py_TYPE(op))->str_write, args, count);
}

static PyObject *tls_do_handshake(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    return operate(op, csp_state_of_type(Py_TYPE(op))->str_do_handshake, args, count);
}

/* It returns _ssl's socket. */
static PyObject *tls_shutdown(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct tls *self = (struct tls *)op;
    PyObject *result = operate(op, csp_state_of_type(Py_TYPE(op))->str_shutdown, args, count);

    if (result != (PyObject *)self->stand_in)
        return result;
    Py_DECREF(result);
    return PyObject_CallNoArgs(self->sock);
}

/* All else is _ssl's object's. */
static PyObject *tls_getattro(PyObject *op, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(op, name);

    if (found || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return found;
    PyErr_Clear();
    return PyObject_GetAttr(((struct tls *)op)->object, name);
}

static int tls_setattro(PyObject *op, PyObject *name, PyObject *value)
{
    return PyObject_SetAttr(((struct tls *)op)->object, name, value);
}

static int tls_traverse(PyObject *op, visitproc visit, void *arg)
{
    struct tls *self = (struct tls *)op;

    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->object);
    Py_VISIT(self->stand_in);
    Py_VISIT(self->sock);
    return 0;
}

static void tls_dealloc(PyObject *op)
{
    struct tls *self = (struct tls *)op;
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    Py_XDECREF(self->object);
    Py_XDECREF(self->stand_in);
    Py_XDECREF(self->sock);
    type->tp_free(op);
    Py_DECREF(type);
}

static const struct csp_function tls_methods[] = {
    { CSP_FAST(tls_read), "read" },
    { CSP_FAST(tls_write), "write" },
    { CSP_FAST(tls_do_handshake), "do_handshake" },
    { CSP_FAST(tls_shutdown), "shutdown" },
    { NULL },
};

static PyType_Slot tls_slots[] = {
    { Py_tp_getattro, tls_getattro },
    { Py_tp_setattro, tls_setattro },
    { Py_tp_traverse, tls_traverse },
    { Py_tp_dealloc, tls_dealloc },
    { 0, NULL },
};

static PyType_Spec tls_spec = {
    .name = "csocket._socket._TLS",
    .basicsize = sizeof(struct tls),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = tls_slots,
};

/* The types are made when they are needed. */
static int make_types(struct csp_state *state)
{
    PyObject *bases;

    if (state->tls_type)
        return 0;
    if (!state->stand_in_type && (bases = PyTuple_Pack(1, state->low_type))) {
        state->stand_in_type = (PyTypeObject *)PyType_FromModuleAndSpec(state->module,
                                                                        &stand_in_spec, bases);
        Py_DECREF(bases);
    }
    if (!state->stand_in_type)
        return -1;
    state->tls_type = (PyTypeObject *)PyType_FromModuleAndSpec(state->module, &tls_spec, NULL);
    if (state->tls_type && csp_add_methods(state->tls_type, tls_methods) < 0)
        Py_CLEAR(state->tls_type);
    return state->tls_type ? 0 : -1;
}

/* _stand_in(sock): what _ssl is to take for the socket. */
static PyObject *stand_in_for(PyObject *module, PyObject *op)
{
    struct csp_state *state = csp_state_of(module);
    const struct csp_socket *sock = (struct csp_socket *)op;
    struct stand_in *made;
    int n;

    if (!PyObject_TypeCheck(op, state->low_type))
        return PyErr_Format(PyExc_TypeError, "a socket is needed, not %R", op);
    CSP_LOCKED(module);
    n = make_types(state);
    CSP_UNLOCKED();
    if (n < 0)
        return NULL;
    if (!(made = (struct stand_in *)state->stand_in_type->tp_alloc(state->stand_in_type, 0)))
        return NULL;
    made->low.s = (struct csk_socket){ .fd = csp_fd(sock),
                                       .family = sock->s.family,
                                       .type = sock->s.type,
                                       .proto = sock->s.proto,
                                       .on_interrupt = csp_on_interrupt,
                                       .timeout = csp_timeout_of(sock) };
    made->low.state = state;
    return (PyObject *)made;
}

/* _tls(object, stand_in, sock): what _ssl has made of the stand-in for the socket. */
static PyObject *tls_around(PyObject *module, PyObject *args)
{
    struct csp_state *state = csp_state_of(module);
    PyObject *object, *stand_in, *sock;
    struct tls *made;

    if (!state->stand_in_type)
        return PyErr_Format(PyExc_TypeError, "_tls() needs what _stand_in() returns");
    if (!PyArg_ParseTuple(args, "OO!O!:_tls", &object, state->stand_in_type, &stand_in,
                          state->low_type, &sock) ||
        !(made = (struct tls *)state->tls_type->tp_alloc(state->tls_type, 0)))
        return NULL;
    made->object = Py_NewRef(object);
    made->stand_in = (struct stand_in *)Py_NewRef(stand_in);
    if (!(made->sock = PyWeakref_NewRef(sock, NULL)))
        Py_CLEAR(made);
    return (PyObject *)made;
}

static const struct csp_function functions[] = {
    { stand_in_for, METH_O, "_stand_in" },
    { tls_around, METH_VARARGS, "_tls" },
    { NULL },
};

int csp_tls_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
