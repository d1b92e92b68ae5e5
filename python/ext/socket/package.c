/* socket.socket: the package's additions to _socket.socket. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

static struct csp_package_socket *package(PyObject *op)
{
    return (struct csp_package_socket *)op;
}

static int sock_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    PyObject *values[4];

    if (csp_tuple_arguments(&csp_init_signature, args, kwargs, values) < 0 ||
        csp_init(&package(op)->low, values) < 0)
        return -1;
    package(op)->low.io_refs = 0;
    package(op)->low.closed = false;
    return 0;
}

/* Whether the class has neither a __new__ nor an __init__ of its own. */
static bool is_made_by_us(const PyTypeObject *type)
{
    return type->tp_init == sock_init && type->tp_new == csp_new;
}

/* socket(...): does the same as type.__call__, without its tuple and dict. */
static PyObject *call_type(PyObject *op, PyObject *const *args, size_t flags_and_count,
                           PyObject *names)
{
    PyTypeObject *type = (PyTypeObject *)op;
    Py_ssize_t count = PyVectorcall_NARGS(flags_and_count);
    PyObject *values[4], *self;

    if (!is_made_by_us(type))
        return csp_call_type(type, args, count, names);
    if (csp_arguments(&csp_init_signature, args, count, names, values) < 0 ||
        !(self = csp_new(type, NULL, NULL)))
        return NULL;
    if (csp_init(&package(self)->low, values) < 0)
        Py_CLEAR(self);
    return self;
}

/* ", laddr=('127.0.0.1', 80)", or "" if there is no address (new). */
static PyObject *address_text(PyObject *op, PyObject *method, const char *label)
{
    PyObject *address = PyObject_CallMethodNoArgs(op, method), *text;
    int is_shown;

    if (!address) {
        if (!PyErr_ExceptionMatches(PyExc_OSError) && !PyErr_ExceptionMatches(PyExc_AttributeError))
            return NULL;
        PyErr_Clear();
        return PyUnicode_FromString("");
    }
    is_shown = PyObject_IsTrue(address);
    if (is_shown < 0)
        text = NULL;
    else if (is_shown)
        text = PyUnicode_FromFormat(", %s=%S", label, address);
    else
        text = PyUnicode_FromString("");
    Py_DECREF(address);
    return text;
}

/* The class's module and name (new). */
static PyObject *class_name(PyObject *op)
{
    PyObject *module = PyObject_GetAttrString((PyObject *)Py_TYPE(op), "__module__");
    PyObject *name = NULL, *joined = NULL;

    if (module)
        name = PyObject_GetAttrString((PyObject *)Py_TYPE(op), "__qualname__");
    if (name)
        joined = PyUnicode_FromFormat("%S.%S", module, name);
    Py_XDECREF(module);
    Py_XDECREF(name);
    return joined;
}

/* ", laddr=..., raddr=..." (new) of a socket that is open. */
static PyObject *addresses_text(PyObject *op)
{
    struct csp_state *state = package(op)->low.state;
    PyObject *local = address_text(op, state->str_getsockname, "laddr"), *remote = NULL;
    PyObject *joined = NULL;

    if (local)
        remote = address_text(op, state->str_getpeername, "raddr");
    if (remote)
        joined = PyUnicode_Concat(local, remote);
    Py_XDECREF(local);
    Py_XDECREF(remote);
    return joined;
}

static PyObject *sock_repr(PyObject *op)
{
    struct csp_package_socket *self = package(op);
    struct csp_state *state = self->low.state;
    PyObject *name, *family = NULL, *type = NULL, *addresses = NULL, *text = NULL;
    bool closed = __atomic_load_n(&self->low.closed, __ATOMIC_RELAXED);

    if ((name = class_name(op)) && (family = PyObject_GetAttr(op, state->str_family)) &&
        (type = PyObject_GetAttr(op, state->str_type)))
        addresses = closed ? PyUnicode_FromString("") : addresses_text(op);
    if (addresses)
        text = PyUnicode_FromFormat("<%U%s fd=%d, family=%S, type=%S, proto=%d%U>", name,
                                    closed ? " [closed]" : "", csp_fd(&self->low), family, type,
                                    self->low.s.proto, addresses);
    Py_XDECREF(name);
    Py_XDECREF(family);
    Py_XDECREF(type);
    Py_XDECREF(addresses);
    return text;
}

static PyObject *sock_getstate(PyObject *op, PyObject *unused)
{
    (void)unused;
    PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object", Py_TYPE(op)->tp_name);
    return NULL;
}

static PyObject *sock_enter(PyObject *op, PyObject *unused)
{
    (void)unused;
    return Py_NewRef(op);
}

static PyObject *sock_real_close(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    (void)args, (void)count;
    return csp_close(&package(op)->low);
}

static PyObject *sock_close(PyObject *op, PyObject *unused)
{
    struct csp_package_socket *self = package(op);
    struct csp_state *state = self->low.state;

    (void)unused;
    __atomic_store_n(&self->low.closed, true, __ATOMIC_RELAXED);
    if (__atomic_load_n(&self->low.io_refs, __ATOMIC_RELAXED) > 0)
        Py_RETURN_NONE;
    if (csp_is_plain(state, op))
        return csp_close(&self->low);
    /* ssl overrides it. */
    return PyObject_CallMethodNoArgs(op, state->str__real_close);
}

/* close(), which a derived class may override. */
static PyObject *call_close(PyObject *op)
{
    struct csp_state *state = package(op)->low.state;

    return csp_is_plain(state, op) ? sock_close(op, NULL)
                                   : PyObject_CallMethodNoArgs(op, state->str_close);
}

static PyObject *sock_exit(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    (void)args, (void)count;
    if (!__atomic_load_n(&package(op)->low.closed, __ATOMIC_RELAXED))
        return call_close(op);
    Py_RETURN_NONE;
}

void csp_file_opened(PyObject *op)
{
    __atomic_add_fetch(&package(op)->low.io_refs, 1, __ATOMIC_RELAXED);
}

/* A file of makefile is closed; with the last one, a socket whose close was requested is closed
 * too. */
static PyObject *sock_decref_socketios(PyObject *op, PyObject *unused)
{
    struct csp_package_socket *self = package(op);
    int refs = __atomic_load_n(&self->low.io_refs, __ATOMIC_RELAXED);

    (void)unused;
    while (refs > 0 && !__atomic_compare_exchange_n(&self->low.io_refs, &refs, refs - 1, false,
                                                    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    if (__atomic_load_n(&self->low.closed, __ATOMIC_RELAXED))
        return call_close(op);
    Py_RETURN_NONE;
}

static PyObject *sock_detach(PyObject *op, PyObject *unused)
{
    (void)unused;
    __atomic_store_n(&package(op)->low.closed, true, __ATOMIC_RELAXED);
    return PyLong_FromLong(csk_detach(&package(op)->low.s));
}

/* The current value of csocket.socket (new), which programs may replace with their own classes. */
static PyObject *current_class(struct csp_state *state)
{
    PyObject *class = state->namespace ? csp_dict_get(state->namespace, state->str_socket) : NULL;

    /* At interpreter exit the names of a module become None. */
    if (class && class != Py_None)
        return class;
    Py_XDECREF(class);
    return Py_NewRef(state->package_type);
}

/* Whether sockets of a class adopt descriptors only in this code. */
static bool adopts(struct csp_state *state, PyObject *class)
{
    return PyType_Check(class) && PyType_IsSubtype((PyTypeObject *)class, state->low_type);
}

/* class(family, type, proto, fd) (new), the last by its name if names is set.  The descriptor is
 * closed if the class fails before a socket has adopted it. */
static PyObject *call_class(struct csp_state *state, PyObject *class, PyObject *const args[4],
                            PyObject *names, int fd)
{
    struct csp_offer offer = { .fd = fd, .outer = csp_offers };
    PyObject *made;

    csp_offers = &offer;
    made = PyObject_Vectorcall(class, args, names ? 3 : 4, names);
    csp_offers = offer.outer;
    if (!made && !offer.taken && adopts(state, class))
        csk_close_fd(fd);
    return made;
}

/* The same with fileno=fd, which classes of programs expect. */
static PyObject *make_of_class(struct csp_state *state, PyObject *class, const struct csk_socket *s)
{
    PyObject *args[4] = { csp_enum_member(&state->families, s->family),
                          csp_enum_member(&state->types, s->type), PyLong_FromLong(s->proto),
                          PyLong_FromLong(s->fd) };
    PyObject *names = PyTuple_Pack(1, state->str_fileno), *made = NULL;

    if (names && args[0] && args[1] && args[2] && args[3])
        made = call_class(state, class, args, names, s->fd);
    else
        csk_close_fd(s->fd);
    for (int i = 0; i < 4; i++)
        Py_XDECREF(args[i]);
    Py_XDECREF(names);
    return made;
}

/* (family, type, proto, fd): a socket of the current class csocket.socket */
static PyObject *adopt_fd(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csp_state *state = csp_state_of(module);
    PyObject *class, *made;
    int fd;

    if (csp_count("_adopt", count, 4, 4) < 0 || csp_int(args[3], "fd", &fd) < 0)
        return NULL;
    class = current_class(state);
    made = call_class(state, class, args, NULL, fd);
    Py_DECREF(class);
    return made;
}

PyObject *csp_make_socket(struct csp_state *state, struct csk_socket *s)
{
    PyObject *class = current_class(state), *made;

    made = class == (PyObject *)state->package_type && is_made_by_us(state->package_type)
               ? (PyObject *)csp_wrap(state, state->package_type, s)
               : make_of_class(state, class, s);
    Py_DECREF(class);
    return made;
}

/* The timeout of the listener is not inherited, and a program's own _accept may have returned a
 * non-blocking descriptor. */
static int make_blocking(struct csp_socket *listener, PyObject *made)
{
    PyObject *done;

    if (__atomic_load_n(&listener->state->default_timeout, __ATOMIC_RELAXED) >= 0 ||
        csk_gettimeout(&listener->s) <= 0)
        return 0;
    done = PyObject_CallMethod(made, "setblocking", "O", Py_True);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* (socket, address) (new) of a socket whose class may have its own _accept. */
static PyObject *accept_with_method(PyObject *op)
{
    struct csp_socket *self = &package(op)->low;
    PyObject *pair = PyObject_CallMethodNoArgs(op, self->state->str__accept), *class, *made;
    PyObject *address;
    struct csk_socket s = self->s;

    if (!pair || !PyArg_Parse(pair, "(iO):accept", &s.fd, &address)) {
        Py_XDECREF(pair);
        return NULL;
    }
    Py_INCREF(address);
    Py_DECREF(pair);
    class = current_class(self->state);
    made = make_of_class(self->state, class, &s);
    if (made && make_blocking(self, made) < 0)
        Py_CLEAR(made);
    pair = made ? PyTuple_Pack(2, made, address) : NULL;
    Py_XDECREF(made);
    Py_DECREF(class);
    Py_DECREF(address);
    return pair;
}

static PyObject *sock_accept(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = &package(op)->low;
    PyObject *conn, *address, *pair;
    struct csk_socket s;
    struct csk_addr peer;
    int n;

    (void)unused;
    if (!csp_is_plain(self->state, op))
        return accept_with_method(op);
    CSP_CALL(n = csk_accept(&self->s, &s, &peer));
    if (n < 0)
        return csp_raise(self->state, n);
    if (!(conn = csp_make_socket(self->state, &s)))
        return NULL;
    address = csp_address_to(self, &peer);
    pair = address ? PyTuple_Pack(2, conn, address) : NULL;
    Py_DECREF(conn);
    Py_XDECREF(address);
    return pair;
}

static PyObject *dup_plain(const struct csp_socket *self, struct csk_socket *copy)
{
    struct csp_socket *made = csp_wrap(self->state, self->state->package_type, copy);
    int n = made ? csk_settimeout(&made->s, csp_timeout_of(self)) : 0;

    if (n < 0) {
        Py_CLEAR(made);
        csp_raise(self->state, n);
    }
    return (PyObject *)made;
}

/* Another socket of the same class. */
static PyObject *sock_dup(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = &package(op)->low;
    PyObject *made, *timeout, *done = NULL;
    struct csk_socket copy;
    int n = csk_dup(&self->s, &copy);

    (void)unused;
    if (n < 0)
        return csp_raise(self->state, n);
    if (csp_is_plain(self->state, op))
        return dup_plain(self, &copy);
    if (!(made = make_of_class(self->state, (PyObject *)Py_TYPE(op), &copy)))
        return NULL;
    if ((timeout = csp_seconds(csk_gettimeout(&self->s))))
        done = PyObject_CallMethodOneArg(made, self->state->str_settimeout, timeout);
    if (!done)
        Py_CLEAR(made);
    Py_XDECREF(timeout);
    Py_XDECREF(done);
    return made;
}

static PyObject *sock_get_inheritable(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = &package(op)->low;
    int n = csk_get_inheritable(&self->s);

    (void)unused;
    return n < 0 ? csp_raise(self->state, n) : PyBool_FromLong(n);
}

static const struct csp_signature inheritable_signature = { "set_inheritable", "inheritable", 1,
                                                            1 };

static PyObject *sock_set_inheritable(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                      PyObject *names)
{
    struct csp_socket *self = &package(op)->low;
    PyObject *value;
    int inheritable, n;

    if (csp_arguments(&inheritable_signature, args, count, names, &value) < 0 ||
        csp_plain_int(value, "inheritable", &inheritable) < 0)
        return NULL;
    if ((n = csk_set_inheritable(&self->s, inheritable)) < 0)
        return csp_raise(self->state, n);
    Py_RETURN_NONE;
}

static PyObject *get_family(PyObject *op, void *unused)
{
    struct csp_socket *self = &package(op)->low;

    (void)unused;
    return csp_enum_member(&self->state->families, self->s.family);
}

static PyObject *get_type(PyObject *op, void *unused)
{
    struct csp_socket *self = &package(op)->low;

    (void)unused;
    return csp_enum_member(&self->state->types, self->s.type);
}

static PyObject *get_closed(PyObject *op, void *unused)
{
    (void)unused;
    return PyBool_FromLong(__atomic_load_n(&package(op)->low.closed, __ATOMIC_RELAXED));
}

static int refuse_delete(PyObject *value)
{
    if (!value)
        PyErr_SetString(PyExc_AttributeError, "cannot delete attribute");
    return value ? 0 : -1;
}

static int set_closed(PyObject *op, PyObject *value, void *unused)
{
    int closed = refuse_delete(value) < 0 ? -1 : PyObject_IsTrue(value);

    (void)unused;
    if (closed < 0)
        return -1;
    __atomic_store_n(&package(op)->low.closed, closed, __ATOMIC_RELAXED);
    return 0;
}

static PyObject *get_io_refs(PyObject *op, void *unused)
{
    (void)unused;
    return PyLong_FromLong(__atomic_load_n(&package(op)->low.io_refs, __ATOMIC_RELAXED));
}

static int set_io_refs(PyObject *op, PyObject *value, void *unused)
{
    int refs;

    (void)unused;
    if (refuse_delete(value) < 0 || csp_int(value, "_io_refs", &refs) < 0)
        return -1;
    __atomic_store_n(&package(op)->low.io_refs, refs, __ATOMIC_RELAXED);
    return 0;
}

static void dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    if (csp_finalize_first(op) < 0)
        return;
    PyObject_GC_UnTrack(op);
    if (package(op)->weakrefs)
        PyObject_ClearWeakRefs(op);
    csp_free_members(&package(op)->low);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    { "__weaklistoffset__", T_PYSSIZET, offsetof(struct csp_package_socket, weakrefs), READONLY,
      NULL },
    { NULL },
};

static PyGetSetDef getset[] = {
    { "family", get_family, NULL, "the address family, an AddressFamily if it is known", NULL },
    { "type", get_type, NULL, "the socket type, a SocketKind if it is known", NULL },
    { "_closed", get_closed, set_closed, NULL, NULL },
    { "_io_refs", get_io_refs, set_io_refs, NULL, NULL },
    { NULL },
};

static const struct csp_function methods[] = {
    { sock_enter, METH_NOARGS, "__enter__" },
    { CSP_FAST(sock_exit), "__exit__" },
    { sock_getstate, METH_NOARGS, "__getstate__" },
    { CSP_FAST(sock_real_close), "_real_close" },
    { sock_decref_socketios, METH_NOARGS, "_decref_socketios" },
    { sock_accept, METH_NOARGS,
      "accept($self, /)\n--\n\n"
      "Accept a connection: return (its socket, the peer's address)." },
    { sock_close, METH_NOARGS,
      "close($self, /)\n--\n\n"
      "Close the socket. The connection ends when the files of makefile are also closed." },
    { sock_detach, METH_NOARGS,
      "detach($self, /)\n--\n\n"
      "Close the socket object without closing its file descriptor, and return the descriptor." },
    { sock_dup, METH_NOARGS,
      "dup($self, /)\n--\n\n"
      "Return another socket of the same connection, which child processes do not inherit." },
    { sock_get_inheritable, METH_NOARGS,
      "get_inheritable($self, /)\n--\n\n"
      "Return whether child processes inherit the file descriptor." },
    { CSP_KEYWORDS(sock_set_inheritable),
      "set_inheritable($self, /, inheritable)\n--\n\n"
      "Set whether child processes inherit the file descriptor." },
    { NULL },
};

static const char doc[] = "socket(family=-1, type=-1, proto=-1, fileno=None)\n--\n\n"
                          "A socket: an endpoint of network communication.\n\n"
                          "family, type and proto default to AF_INET, SOCK_STREAM and 0, or, with\n"
                          "fileno, a file descriptor, to the values of its socket.";

CSP_FINALIZER(csp_finalize)

static PyType_Slot slots[] = {
    { Py_tp_doc, (void *)doc },       { Py_tp_init, sock_init },       { Py_tp_repr, sock_repr },
    { Py_tp_traverse, csp_traverse }, { Py_tp_dealloc, dealloc },      { Py_tp_members, members },
    { Py_tp_getset, getset },         CSP_FINALIZE_SLOT(csp_finalize), { 0, NULL },
};

static PyType_Spec spec = {
    .name = "csocket.socket",
    .basicsize = sizeof(struct csp_package_socket),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

/* The methods of _socket.socket under descriptors of socket.socket itself: the type of self is then
 * checked with one comparison instead of a search of the bases in each call. */
static int adopt_methods(PyTypeObject *type, PyTypeObject *base)
{
    PyObject *name, *found, *method;
    Py_ssize_t at = 0;
    int n = 0;

    while (CSP_HAS_DESCRIPTORS && n == 0 && PyDict_Next(base->tp_dict, &at, &name, &found)) {
        if (!Py_IS_TYPE(found, &PyMethodDescr_Type) || PyDict_Contains(type->tp_dict, name))
            continue;
        method = PyDescr_NewMethod(type, ((PyMethodDescrObject *)found)->d_method);
        n = method ? PyDict_SetItem(type->tp_dict, name, method) : -1;
        Py_XDECREF(method);
    }
    PyType_Modified(type);
    return n;
}

static const struct csp_function functions[] = {
    { CSP_FAST(adopt_fd), "_adopt" },
    { NULL },
};

int csp_package_setup(struct csp_state *state)
{
    PyObject *bases = PyTuple_Pack(1, state->low_type);
    PyObject *type = bases ? PyType_FromModuleAndSpec(state->module, &spec, bases) : NULL;

    Py_XDECREF(bases);
    state->package_type = (PyTypeObject *)type;
    if (!type || csp_add_borrowable(state, state->package_type, methods) < 0 ||
        csp_make_borrowable(state, state->package_type, "__repr__") < 0 ||
        adopt_methods(state->package_type, state->low_type) < 0)
        return -1;
    state->package_type->tp_name = "socket"; /* the interpreter's texts begin with it */
    state->package_type->tp_vectorcall = call_type;
    if (csp_add(state->module, "_Socket", Py_NewRef(type)) < 0)
        return -1;
    return csp_add_functions(state->module, functions);
}
