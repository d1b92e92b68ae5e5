/* The type _socket.socket: creation, representation, closing, deallocation. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"
#include "socket/zerocopy.h"

#include <errno.h>

/* The name with which _ssl requests it. */
#define CAPSULE_NAME "_socket.CAPI"

const struct csp_signature csp_init_signature = { "socket", "family type proto fileno", 0, 4 };

PyObject *csp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct csp_state *state = csp_state_of_type(type);
    struct csp_socket *self = (struct csp_socket *)type->tp_alloc(type, 0);

    (void)args, (void)kwargs;
    if (!self)
        return NULL;
    self->s = (struct csk_socket)CSK_SOCKET_INIT;
    self->s.on_interrupt = csp_on_interrupt;
    self->state = state;
    return (PyObject *)self;
}

int csp_default_timeout(struct csp_state *state, struct csk_socket *s)
{
    int64_t timeout = __atomic_load_n(&state->default_timeout, __ATOMIC_RELAXED);

    s->on_interrupt = csp_on_interrupt;
    /* 0 already: SOCK_NONBLOCK, printed in capitals. */
    if (timeout < 0 || csk_gettimeout(s) == 0)
        return 0;
    return csk_settimeout(s, timeout);
}

/* A negative one is distinguished, so that -1 never means "detect" by accident. */
static int read_fileno(PyObject *object, int *fd)
{
    char digits[CSP_DIGITS_SIZE];
    bool too_large;
    int64_t n;

    if (PyFloat_Check(object) && CSP_FLOAT_IS_AN_OLD_ERROR) {
        PyErr_SetString(PyExc_TypeError, "fileno: integer argument expected, got float");
        return -1;
    }
    if (csp_int64(object, &n, &too_large) < 0)
        return csp_named("fileno");
    if (too_large) {
        PyErr_Format(PyExc_OverflowError,
                     "fileno: Python int too large to convert to C long: %s is out of range (0-%d)",
                     csp_digits(object, digits), INT_MAX);
        return -1;
    }
    if (n < 0) {
        PyErr_SetString(PyExc_ValueError, "fileno: negative file descriptor");
        return -1;
    }
    *fd = n > INT32_MAX ? INT32_MAX : (int)n;
    return 0;
}

CSP_THREAD_LOCAL struct csp_offer *csp_offers;

/* The socket owns the descriptor from now on. */
static void take(int fd)
{
    for (struct csp_offer *offer = csp_offers; offer; offer = offer->outer)
        offer->taken |= offer->fd == fd;
}

static int adopt(struct csp_socket *self, int fd, int family, int type, int proto)
{
    struct csk_socket s;
    int n = csk_adopt(&s, fd, family, type, proto);

    if (n < 0 || (n = csp_default_timeout(self->state, &s)) < 0)
        return n;
    self->s = s;
    if (csp_find_family(self) < 0) {
        csk_detach(&self->s); /* remains the caller's */
        return -ENOMEM;
    }
    take(fd);
    return 0;
}

static int open_new(struct csp_socket *self, int family, int type, int proto)
{
    struct csk_socket s;
    int n;

    self->family = csk_family_find(family, proto);
    if (csp_opens_immediately(self->family))
        n = csk_socket(&s, family, type, proto);
    else
        CSP_CALL(n = csk_socket(&s, family, type, proto));
    if (n == 0 && (n = csp_default_timeout(self->state, &s)) < 0)
        csk_close(&s);
    if (n == 0)
        self->s = s;
    return n;
}

/* Make the cancel of a closed socket as new. */
static void renew_cancel(struct csp_socket *self)
{
    struct csp_rare *rare = csp_rare_of(self);

    if (rare)
        csk_cancel_close(&rare->cancel);
}

/* Fill in the unspecified arguments for a socket to be opened. */
static void set_defaults(int *number)
{
    static const int defaults[3] = { AF_INET, SOCK_STREAM, 0 };

    for (int i = 0; i < 3; i++)
        if (number[i] == CSK_DETECT)
            number[i] = defaults[i];
}

int csp_init(struct csp_socket *self, PyObject *const *values)
{
    static const char number_names[3][8] = { "family", "type", "proto" };
    PyObject *fileno = values[3] == Py_None ? NULL : values[3];
    int number[3] = { CSK_DETECT, CSK_DETECT, CSK_DETECT }, i, fd, n;
    bool is_low_level = !PyType_IsSubtype(Py_TYPE(self), self->state->package_type);

    for (i = 0; i < 3; i++)
        if (values[i] && csp_plain_int(values[i], number_names[i], &number[i]) < 0)
            return -1;
    /* Audit hooks of the low-level class see only the arguments that were passed. */
    if (!fileno && !is_low_level)
        set_defaults(number);
    renew_cancel(self);
    if (PySys_Audit("socket.__new__", "Oiii", self, number[0], number[1], number[2]) < 0)
        return -1;
    if (!fileno && is_low_level)
        set_defaults(number);
    if (!fileno) {
        if ((n = open_new(self, number[0], number[1], number[2])) == 0) {
            self->queued = csp_is_queued(self);
            if (csp_set_cancel(self) < 0) {
                csk_close(&self->s);
                return -1;
            }
        }
    } else {
        if (read_fileno(fileno, &fd) < 0)
            return -1;
        n = adopt(self, fd, number[0], number[1], number[2]);
    }
    if (n < 0 && !PyErr_Occurred())
        csp_raise(self->state, n);
    return n < 0 ? -1 : 0;
}

/* tp_init's tuple and dict, sorted. */
static int sock_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    PyObject *values[4];

    if (csp_tuple_arguments(&csp_init_signature, args, kwargs, values) < 0)
        return -1;
    return csp_init((struct csp_socket *)op, values);
}

struct csp_socket *csp_wrap(struct csp_state *state, PyTypeObject *type, struct csk_socket *s)
{
    struct csp_socket *self;
    int n;

    if ((n = csp_default_timeout(state, s)) < 0) {
        csk_close(s);
        return (struct csp_socket *)csp_raise(state, n);
    }
    self = (struct csp_socket *)type->tp_alloc(type, 0);
    if (!self) {
        csk_close(s);
        return NULL;
    }
    self->s = *s;
    self->state = state;
    if (csp_find_family(self) < 0) {
        csk_close(&self->s);
        Py_DECREF(self);
        return NULL;
    }
    if (PySys_Audit("socket.__new__", "Oiii", self, s->family, s->type, s->proto) < 0)
        Py_CLEAR(self);
    return self;
}

static PyObject *sock_repr(PyObject *op)
{
    struct csp_socket *self = (struct csp_socket *)op;

    return PyUnicode_FromFormat("<socket object, fd=%d, family=%d, type=%d, proto=%d>",
                                csp_fd(self), self->s.family, self->s.type, self->s.proto);
}

PyObject *csp_close(struct csp_socket *self)
{
    int n = 0, fd;

    csp_zerocopy_drain(self);
    fd = csk_detach(&self->s);
    if (fd >= 0 && csp_closes_immediately(self->family))
        n = csk_close_fd(fd);
    else if (fd >= 0)
        CSP_CALL(n = csk_close_fd(fd));
    renew_cancel(self);
    if (n < 0)
        return csp_raise(self->state, n);
    Py_RETURN_NONE;
}

static PyObject *sock_close(PyObject *op, PyObject *unused)
{
    (void)unused;
    return csp_close((struct csp_socket *)op);
}

static PyObject *sock_detach(PyObject *op, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(csk_detach(&((struct csp_socket *)op)->s));
}

static PyObject *sock_fileno(PyObject *op, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(csp_fd((struct csp_socket *)op));
}

void csp_finalize(PyObject *op)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csp_saved_exception saved;
    int fd;

    if (csp_fd(self) < 0)
        return;
    csp_save_exception(&saved);
    if (PyErr_ResourceWarning(op, 1, "unclosed %R", op) < 0 &&
        PyErr_ExceptionMatches(PyExc_Warning))
        PyErr_WriteUnraisable(op);
    PyErr_Clear();
    /* The handler of a warning may have closed it. */
    if ((fd = csk_detach(&self->s)) >= 0)
        CSP_CALL(csk_close_fd(fd));
    csp_restore_exception(&saved);
}

int csp_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    if (csp_rare_of((struct csp_socket *)op))
        Py_VISIT(csp_rare_of((struct csp_socket *)op)->held);
    return 0;
}

void csp_free_members(struct csp_socket *self)
{
    struct csp_rare *rare = csp_rare_of(self);

    csp_free_peer(self);
    if (!rare)
        return;
    csp_zerocopy_free(rare);
    csk_cancel_close(&rare->cancel);
    PyMem_RawFree(rare->scratch);
    PyMem_RawFree(rare);
    self->rare = NULL;
}

static void sock_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    if (csp_finalize_first(op) < 0)
        return;
    PyObject_GC_UnTrack(op);
    csp_free_members((struct csp_socket *)op);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *sock_get_timeout(PyObject *op, void *unused)
{
    (void)unused;
    return csp_seconds(csp_timeout_of((struct csp_socket *)op));
}

#define NUMBER(field) offsetof(struct csp_socket, s.field)

static PyMemberDef members[] = {
    { "family", T_INT, NUMBER(family), READONLY, "the address family, AF_*" },
    { "type", T_INT, NUMBER(type), READONLY, "the socket type, SOCK_*" },
    { "proto", T_INT, NUMBER(proto), READONLY, "the protocol's number" },
    { NULL },
};

static PyGetSetDef getset[] = {
    { "timeout", sock_get_timeout, NULL, "the timeout in seconds; None: calls wait forever", NULL },
    { NULL },
};

static const struct csp_function methods[] = {
    { sock_close, METH_NOARGS,
      "close($self, /)\n--\n\nClose the socket. It can no longer be used." },
    { sock_detach, METH_NOARGS,
      "detach($self, /)\n--\n\n"
      "Close the socket object without closing its file descriptor, and return the descriptor." },
    { sock_fileno, METH_NOARGS,
      "fileno($self, /)\n--\n\n"
      "Return the file descriptor, or -1 if the socket is closed." },
    { NULL },
};

static const char doc[] =
    "socket(family=-1, type=-1, proto=-1, fileno=None)\n--\n\n"
    "Open a socket, or adopt the descriptor fileno.\n\n"
    "A value of -1 means AF_INET, SOCK_STREAM or 0, or, with fileno, the descriptor's own value.";

CSP_FINALIZER(csp_finalize)

static PyType_Slot slots[] = {
    { Py_tp_doc, (void *)doc },       { Py_tp_new, csp_new },
    { Py_tp_init, sock_init },        { Py_tp_repr, sock_repr },
    { Py_tp_traverse, csp_traverse }, { Py_tp_dealloc, sock_dealloc },
    { Py_tp_members, members },       { Py_tp_getset, getset },
    CSP_FINALIZE_SLOT(csp_finalize),  { 0, NULL },
};

static PyType_Spec spec = {
    .name = "csocket._socket.socket",
    .basicsize = sizeof(struct csp_socket),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | CSP_IMMUTABLE_TYPE,
    .slots = slots,
};

/* It owns no memory: it points into the state of its module. */
static int capsule_traverse(PyObject *capsule, visitproc visit, void *arg)
{
    (void)capsule, (void)visit, (void)arg;
    return 0;
}

static int capsule_clear(PyObject *capsule)
{
    (void)capsule;
    return 0;
}

static int add_capsule(struct csp_state *state)
{
    PyObject *capsule;

    state->capi.type = state->low_type;
    state->capi.error = PyExc_OSError;
    state->capi.timeout_error = state->timeout;
    capsule = PyCapsule_New(&state->capi, CAPSULE_NAME, NULL);
    if (capsule && csp_track_capsule(capsule, capsule_traverse, capsule_clear) < 0)
        Py_CLEAR(capsule);
    return csp_add(state->module, "CAPI", capsule);
}

int csp_type_setup(struct csp_state *state)
{
    PyObject *type = PyType_FromModuleAndSpec(state->module, &spec, NULL);

    state->low_type = (PyTypeObject *)type;
    if (type)
        state->low_type->tp_name = CSP_LOW_NAME;
    if (!type || csp_add_methods(state->low_type, methods) < 0 || csp_freeze(state->low_type) < 0 ||
        csp_add(state->module, "socket", Py_NewRef(type)) < 0 ||
        csp_add(state->module, "SocketType", Py_NewRef(type)) < 0)
        return -1;
    return add_capsule(state);
}
