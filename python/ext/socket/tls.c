/* TLS with the limits of csocket, for csocket.install().
 *
 * _ssl reads a socket's timeout once for each operation, and then waits by itself, so that neither
 * a scope nor cancel() reaches it.  It therefore receives a stand-in: an object with the socket's
 * descriptor and its own timeout, which only _ssl uses.  TLS wraps the object that _ssl creates
 * from it, and sets a timeout of 0 for _ssl, unless the socket's has passed: this file waits if an
 * operation would block, and then repeats it (OpenSSL resumes it).  After a read that had to wait,
 * the next ones wait first, because an attempt that fails costs an exception.  In a process of one
 * thread without limits _ssl blocks itself.
 *
 * Threads that share the object do not disturb each other.  OpenSSL lets only one thread at a time
 * use a connection: otherwise its functions report the end of the data instead of an operation that
 * would block.  The operations are therefore serialized, except while they wait. */
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket.h"

#include <poll.h>
#include <pythread.h>
#include <unistd.h>

struct stand_in {
    struct csp_socket low;
    PyObject *weakrefs; /* _ssl has one */
};

struct tls {
    PyObject_HEAD PyObject *object; /* _ssl's */
    struct stand_in *stand_in;
    PyObject *sock;                   /* a weak reference: the socket owns this object */
    PyObject *want_read, *want_write; /* _ssl's exceptions for operations that would block */
    bool polls;                       /* the descriptor was made non-blocking */
    uint16_t wait_first;              /* number of reads that wait before they try */
    PyThread_type_lock turn;          /* of the operations that take turns */
    pid_t process;                    /* in which the lock was made */
    unsigned long owner;              /* the thread whose turn it is; 0: none; atomic */
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

CSP_FINALIZER(stand_in_finalize)

static PyType_Slot stand_in_slots[] = {
    { Py_tp_dealloc, stand_in_dealloc },
    { Py_tp_traverse, csp_traverse },
    { Py_tp_members, stand_in_members },
    CSP_FINALIZE_SLOT(stand_in_finalize),
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
    struct csp_socket *sock; /* NULL: it was freed */
    int64_t until;           /* when the socket's timeout has passed; CSK_FOREVER: none */
    bool waits;              /* unless the socket is non-blocking */
};

/* The number of reads that wait first after one that had to wait. */
#define WAIT_FIRST 16

/* Whether _ssl may block: if only cancel() can end the operation, which then shuts the connection
 * down, and no other thread may need the connection meanwhile. */
static bool may_block(const struct operation *o)
{
    const struct csp_socket *sock = o->sock;

    return sock && csp_timeout_of(sock) < 0 && !o->self->polls && !sock->s.cancel &&
           !__atomic_load_n(&sock->s.limits, __ATOMIC_RELAXED) && csp_is_only_thread();
}

/* Set the timeout of the next try, in nanoseconds.  Return 0 or a code. */
static int next_timeout(const struct operation *o, int64_t *timeout)
{
    int n;

    *timeout = 0;
    if (!o->sock)
        return 0;
    if (csp_is_cancelled(o->sock))
        return CSK_ECANCELED;
    if (!o->waits)
        return 0;
    if (may_block(o)) {
        *timeout = -1;
        return 0;
    }
    o->self->polls = true;
    if ((n = csp_scope_test()) < 0 || (n = csk_wait_in_poll(&o->sock->s)) < 0)
        return n;
    /* _ssl reports the timeout, after a last try. */
    *timeout = o->until != CSK_FOREVER && csk_now() >= o->until ? 1 : 0;
    return 0;
}

/* A child process may have a lock of a thread that exists only in the parent. */
static int renew_turn(struct tls *self)
{
    if (self->turn && self->process == getpid())
        return 0;
    self->process = getpid();
    self->owner = 0;
    if (!(self->turn = PyThread_allocate_lock()))
        PyErr_NoMemory();
    return self->turn ? 0 : -1;
}

/* 1: this operation may run; 0: this thread already has the lock, as it runs a signal handler, or a
 * callback of OpenSSL, during an operation. */
static int take_turn(struct tls *self)
{
    unsigned long me = PyThread_get_thread_ident();
    int n;

    CSP_LOCKED(self);
    n = renew_turn(self);
    CSP_UNLOCKED();
    if (n < 0 || __atomic_load_n(&self->owner, __ATOMIC_RELAXED) == me)
        return n;
    if (!PyThread_acquire_lock(self->turn, NOWAIT_LOCK))
        CSP_CALL(PyThread_acquire_lock(self->turn, WAIT_LOCK));
    __atomic_store_n(&self->owner, me, __ATOMIC_RELAXED);
    return 1;
}

static void end_turn(struct tls *self)
{
    __atomic_store_n(&self->owner, 0, __ATOMIC_RELAXED);
    PyThread_release_lock(self->turn);
}

/* object.name(*args), once. */
static PyObject *try_once(const struct operation *o, PyObject *name, PyObject *const *args,
                          size_t count)
{
    struct csk_socket *s = &o->self->stand_in->low.s;
    int64_t timeout;
    PyObject *result;
    int turn;

    if ((turn = next_timeout(o, &timeout)) < 0)
        return csp_raise(o->state, turn);
    if ((turn = o->waits && timeout >= 0 ? take_turn(o->self) : 0) < 0)
        return NULL;
    __atomic_store_n(&s->fd, o->sock ? csp_fd(o->sock) : -1, __ATOMIC_RELAXED);
    __atomic_store_n(&s->timeout, timeout, __ATOMIC_RELAXED);
    result = PyObject_VectorcallMethod(name, args, count | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (turn)
        end_turn(o->self);
    return result;
}

/* The operation would block: wait. */
static bool wait_for(const struct operation *o, int events)
{
    int64_t left = o->until == CSK_FOREVER ? -1 : o->until - csk_now();
    int n;

    PyErr_Clear();
    if (left < 0 && o->until != CSK_FOREVER)
        return true;
    CSP_CALL(n = csk_wait(&o->sock->s, events, left));
    if (n < 0)
        csp_raise(o->state, n);
    return n >= 0;
}

/* After an exception: whether to try again. */
static bool goes_on(const struct operation *o)
{
    if (!o->sock)
        return false;
    if (csp_is_cancelled(o->sock) && PyErr_ExceptionMatches(PyExc_OSError)) {
        PyErr_Clear();
        csp_raise(o->state, CSK_ECANCELED);
        return false;
    }
    if (o->waits && PyErr_ExceptionMatches(o->self->want_read)) {
        o->self->wait_first = WAIT_FIRST;
        return wait_for(o, POLLIN);
    }
    if (o->waits && PyErr_ExceptionMatches(o->self->want_write))
        return wait_for(o, POLLOUT);
    return false;
}

static struct csp_socket *socket_of(const struct tls *self)
{
    PyObject *sock = PyObject_CallNoArgs(self->sock);

    if (sock == Py_None)
        Py_CLEAR(sock);
    return (struct csp_socket *)sock;
}

/* Whether read(size, buffer) needs data from the socket: not if it requests none, or if OpenSSL has
 * decrypted some already. */
static bool needs_data(const struct operation *o, PyObject *const *args, Py_ssize_t count)
{
    PyObject *pending;
    bool none;

    for (Py_ssize_t i = 0; i < count; i++)
        if (PyObject_IsTrue(args[i]) <= 0) {
            PyErr_Clear();
            return false;
        }
    pending = PyObject_CallMethodNoArgs(o->self->object, o->state->str_pending);
    none = pending && PyObject_Not(pending) == 1;
    Py_XDECREF(pending);
    PyErr_Clear();
    return none;
}

/* Before a read: whether to go on, after a wait if reads wait first. */
static bool wait_first(const struct operation *o, PyObject *const *args, Py_ssize_t count)
{
    struct tls *self = o->self;

    if (self->wait_first == 0 || !o->waits || !self->polls || !needs_data(o, args, count))
        return true;
    self->wait_first--;
    return wait_for(o, POLLIN);
}

/* object.name(*args): at most two arguments. */
static PyObject *operate(PyObject *op, PyObject *name, PyObject *const *args, Py_ssize_t count)
{
    struct tls *self = (struct tls *)op;
    struct operation o = { .state = csp_state_of_type(Py_TYPE(op)), .self = self };
    PyObject *all[4] = { NULL, self->object }, *result = NULL;
    int64_t timeout;

    if (count > 2)
        return PyErr_Format(PyExc_TypeError, "%U() takes at most 2 arguments (%zd given)", name,
                            count);
    for (Py_ssize_t i = 0; i < count; i++)
        all[i + 2] = args[i];
    if (!(o.sock = socket_of(self)) && PyErr_Occurred())
        return NULL;
    timeout = o.sock ? csp_timeout_of(o.sock) : 0;
    o.waits = timeout != 0;
    o.until = timeout > 0 ? csk_now() + timeout : CSK_FOREVER;
    if (o.until < 0)
        o.until = CSK_FOREVER;
    if (name != o.state->str_read || wait_first(&o, args, count)) {
        do
            result = try_once(&o, name, all + 1, (size_t)count + 1);
        while (!result && goes_on(&o));
    }
    /* After the end of the data a read returns without any from the socket. */
    if (name != o.state->str_write && (!result || PyObject_Not(result)))
        self->wait_first = 0;
    /* The end of the data may be that of cancel(). */
    if (result && o.sock && csp_is_cancelled(o.sock) && !PyObject_IsTrue(result))
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

/* PyPy's sendall() calls this one. */
static PyObject *tls_write_with_length(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    PyObject *name = PyUnicode_FromString("_write_with_length");
    PyObject *result = name ? operate(op, name, args, count) : NULL;

    Py_XDECREF(name);
    return result;
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

/* All other attributes are those of _ssl's object. */
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
    Py_VISIT(self->want_read);
    Py_VISIT(self->want_write);
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
    Py_XDECREF(self->want_read);
    Py_XDECREF(self->want_write);
    if (self->turn && self->process == getpid())
        PyThread_free_lock(self->turn);
    type->tp_free(op);
    Py_DECREF(type);
}

static const struct csp_function tls_methods[] = {
    { CSP_FAST(tls_read), "read" },
    { CSP_FAST(tls_write), "write" },
    { CSP_FAST(tls_write_with_length), "_write_with_length" },
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

/* The types are created when they are needed. */
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

/* _stand_in(sock): the object that replaces the socket in _ssl. */
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

/* _tls(object, stand_in, sock, want_read, want_write): the object that _ssl created from the
 * stand-in for the socket, and its exceptions. */
static PyObject *tls_around(PyObject *module, PyObject *args)
{
    struct csp_state *state = csp_state_of(module);
    PyObject *object, *stand_in, *sock, *want_read, *want_write;
    struct tls *made;

    if (!state->stand_in_type)
        return PyErr_Format(PyExc_TypeError, "_tls() needs what _stand_in() returns");
    if (!PyArg_ParseTuple(args, "OO!O!OO:_tls", &object, state->stand_in_type, &stand_in,
                          state->low_type, &sock, &want_read, &want_write) ||
        !(made = (struct tls *)state->tls_type->tp_alloc(state->tls_type, 0)))
        return NULL;
    made->object = Py_NewRef(object);
    made->stand_in = (struct stand_in *)Py_NewRef(stand_in);
    made->want_read = Py_NewRef(want_read);
    made->want_write = Py_NewRef(want_write);
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
