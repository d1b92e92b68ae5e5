/* sock.options: the options of a socket as a mapping, and as attributes. */
#include "args.h"
#include "define.h"
#include "error.h"
#include "option/options.h"
#include "setup.h"
#include "socket/socket.h"

#include <errno.h>
#include <string.h>

static struct csp_socket *socket_of(PyObject *op)
{
    return ((struct csp_view *)op)->sock;
}

static const struct csk_option *option_of(PyObject *op, PyObject *name)
{
    struct csp_socket *sock = socket_of(op);

    if (Py_TYPE(name) ==
        __atomic_load_n(&sock->state->option_types[CSP_OPTION_ENTRY], __ATOMIC_ACQUIRE))
        return ((struct csp_option *)name)->option;
    return PyUnicode_Check(name) ? csp_option_by_name(name, sock->s.family) : NULL;
}

/* The operation that an option does not support; NULL if it supports it. */
static const char *unsupported_reason(const struct csk_option *option, unsigned direction)
{
    if (csk_option_flags(option) & CSK_OPTION_UNAVAILABLE)
        return "is an option of";
    if (direction == CSK_OPTION_GET)
        return csk_option_layout(option, CSK_OPTION_GET) ? NULL : "can only be set";
    return csk_option_layout(option, CSK_OPTION_SET) ? NULL : "can only be read";
}

/* Raise an exception of that type for an unsupported operation of the option; return NULL. */
static PyObject *refuse(const struct csk_option *option, unsigned direction, PyObject *type)
{
    const char *text = unsupported_reason(option, direction);
    bool other_system = csk_option_flags(option) & CSK_OPTION_UNAVAILABLE;
    const char *meaning = other_system ? csk_option_note(option, CSK_OPTION_NOTE_MEANING) : "";

    PyErr_Format(type, "%s %s%s%s%s%s", csk_option_name(option), text, other_system ? " " : "",
                 other_system ? csk_option_note(option, CSK_OPTION_NOTE_PLATFORM) : "",
                 *meaning ? ": " : "", meaning);
    return NULL;
}

/* Items */

static PyObject *view_subscript(PyObject *op, PyObject *name)
{
    const struct csk_option *option = option_of(op, name);

    if (!option)
        return csp_option_raise_unknown(PyExc_KeyError, name, false);
    if (unsupported_reason(option, CSK_OPTION_GET))
        return refuse(option, CSK_OPTION_GET, PyExc_KeyError);
    return csp_option_read(socket_of(op), option, NULL);
}

static int refuse_delete(void)
{
    PyErr_SetString(PyExc_TypeError, "socket options cannot be deleted");
    return -1;
}

static int view_ass_subscript(PyObject *op, PyObject *name, PyObject *value)
{
    const struct csk_option *option;

    if (!value)
        return refuse_delete();
    option = option_of(op, name);
    if (!option)
        csp_option_raise_unknown(PyExc_KeyError, name, false);
    else if (unsupported_reason(option, CSK_OPTION_SET))
        refuse(option, CSK_OPTION_SET, PyExc_TypeError);
    else
        return csp_option_write(socket_of(op), option, value);
    return -1;
}

static bool fits(const struct csk_option *option, void *context)
{
    struct csp_socket *sock = context;

    return csk_option_fits(option, sock->s.family, sock->s.type, sock->s.proto);
}

static bool is_readable(const struct csk_option *option, struct csp_socket *sock)
{
    return csk_option_layout(option, CSK_OPTION_GET) && fits(option, sock);
}

/* Options whose reading has side effects are not tried; the catalogue decides. */
static bool is_safe_to_read(const struct csk_option *option)
{
    return !(csk_option_flags(option) & (CSK_OPTION_CLEARS | CSK_OPTION_NEW_FD | CSK_OPTION_INPUT));
}

static int view_contains(PyObject *op, PyObject *name)
{
    const struct csk_option *option = option_of(op, name);

    if (!option || !is_readable(option, socket_of(op)))
        return 0;
    return is_safe_to_read(option) ? csp_option_is_supported(socket_of(op), option) : 1;
}

static bool is_old_name(const char *name)
{
    size_t size = strlen(name);

    return size > 4 && strcmp(name + size - 4, "_OLD") == 0;
}

/* One name per option: SO_RCVTIMEO, not SO_RCVTIMEO_OLD, its name in the headers. */
static bool is_preferred_name(const struct csk_option *option)
{
    return !is_old_name(csk_option_name(option)) &&
           (!csk_option_note(option, CSK_OPTION_NOTE_ALIAS) ||
            is_old_name(csk_option_note(option, CSK_OPTION_NOTE_ALIAS)));
}

/* Call a function for each option that the kernel supports and that can be read without side
 * effects. */
static int is_listed(struct csp_socket *sock, const struct csk_option *option)
{
    if (!is_preferred_name(option) || !is_readable(option, sock) || !is_safe_to_read(option) ||
        csk_option_find(csk_option_name(option), sock->s.family) != option)
        return 0;
    return csp_option_is_supported(sock, option);
}

enum what { NAMES, VALUES, ITEMS };

/* An item of the list; NULL without an exception if the kernel no longer supports the option. */
static PyObject *list_item(struct csp_socket *sock, const struct csk_option *option, enum what what)
{
    PyObject *name = PyUnicode_FromString(csk_option_name(option)), *value, *pair;

    if (!name || what == NAMES)
        return name;
    value = csp_option_read(sock, option, NULL);
    if (!value && PyErr_ExceptionMatches(PyExc_OSError))
        PyErr_Clear();
    pair = value && what == ITEMS ? PyTuple_Pack(2, name, value) : Py_XNewRef(value);
    Py_DECREF(name);
    Py_XDECREF(value);
    return pair;
}

static PyObject *list_options(struct csp_socket *sock, enum what what)
{
    const struct csk_option *option;
    PyObject *list = PyList_New(0), *item;
    int n = 0;

    for (size_t i = 0; list && n >= 0 && (option = csk_option_at(i)); i++) {
        if ((n = is_listed(sock, option)) <= 0)
            continue;
        item = list_item(sock, option, what);
        if (item)
            n = PyList_Append(list, item);
        else if (PyErr_Occurred())
            n = -1;
        Py_XDECREF(item);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *view_iter(PyObject *op)
{
    PyObject *list = list_options(socket_of(op), NAMES), *iterator;

    iterator = list ? PyObject_GetIter(list) : NULL;
    Py_XDECREF(list);
    return iterator;
}

static Py_ssize_t view_length(PyObject *op)
{
    PyObject *list = list_options(socket_of(op), NAMES);
    Py_ssize_t length = list ? PyList_GET_SIZE(list) : -1;

    Py_XDECREF(list);
    return length;
}

static PyObject *view_keys(PyObject *op, PyObject *unused)
{
    (void)unused;
    return list_options(socket_of(op), NAMES);
}

static PyObject *view_values(PyObject *op, PyObject *unused)
{
    (void)unused;
    return list_options(socket_of(op), VALUES);
}

static PyObject *view_items(PyObject *op, PyObject *unused)
{
    (void)unused;
    return list_options(socket_of(op), ITEMS);
}

static const struct csp_signature get_signature = { "get", "name default input", 1, 3 };

/* Whether the error means that the kernel does not support the option. */
static bool is_missing(void)
{
    long number = csp_current_errno();

    return number == ENOPROTOOPT || number == EOPNOTSUPP;
}

static PyObject *view_get(PyObject *op, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    const struct csk_option *option;
    PyObject *values[3], *value;

    if (csp_arguments(&get_signature, args, count, names, values) < 0)
        return NULL;
    option = option_of(op, values[0]);
    if (option && !unsupported_reason(option, CSK_OPTION_GET)) {
        value = csp_option_read(socket_of(op), option, values[2]);
        if (value || !is_missing())
            return value;
        PyErr_Clear();
    }
    return Py_NewRef(values[1] ? values[1] : Py_None);
}

static PyObject *view_setdefault(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    if (csp_count("setdefault", count, 1, 2) < 0)
        return NULL;
    return view_subscript(op, args[0]);
}

/* options.update(mapping or pairs, NAME=value, ...) */
static PyObject *view_update(PyObject *op, PyObject *args, PyObject *kwargs)
{
    PyObject *all = PyDict_New(), *name, *value, *given;
    Py_ssize_t at = 0;
    int n = all ? csp_count("update", PyTuple_GET_SIZE(args), 0, 1) : -1;

    if (n == 0 && PyTuple_GET_SIZE(args) > 0) {
        given = PyTuple_GET_ITEM(args, 0);
        n = PyObject_HasAttrString(given, "keys") ? PyDict_Update(all, given)
                                                  : PyDict_MergeFromSeq2(all, given, 1);
    }
    if (n == 0 && kwargs)
        n = PyDict_Update(all, kwargs);
    while (n == 0 && PyDict_Next(all, &at, &name, &value))
        n = view_ass_subscript(op, name, value);
    Py_XDECREF(all);
    if (n < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *view_refuse_delete(PyObject *op, PyObject *args, PyObject *kwargs)
{
    (void)op, (void)args, (void)kwargs;
    refuse_delete();
    return NULL;
}

/* Attributes */

static PyObject *view_getattro(PyObject *op, PyObject *name)
{
    const struct csk_option *option;
    PyObject *value;

    if (csp_option_is_name(name) && (option = option_of(op, name))) {
        if (unsupported_reason(option, CSK_OPTION_GET))
            return refuse(option, CSK_OPTION_GET, PyExc_AttributeError);
        return csp_option_read(socket_of(op), option, NULL);
    }
    value = PyObject_GenericGetAttr(op, name);
    if (value || !PyErr_ExceptionMatches(PyExc_AttributeError) || csp_option_is_private(name))
        return value;
    PyErr_Clear();
    return csp_option_raise_unknown(PyExc_AttributeError, name, true);
}

static int view_setattro(PyObject *op, PyObject *name, PyObject *value)
{
    const struct csk_option *option = option_of(op, name);

    if (!option && !csp_option_is_name(name))
        return PyObject_GenericSetAttr(op, name, value);
    if (!option)
        csp_option_raise_unknown(PyExc_AttributeError, name, true);
    else if (!value)
        refuse_delete();
    else if (unsupported_reason(option, CSK_OPTION_SET))
        refuse(option, CSK_OPTION_SET, PyExc_AttributeError);
    else
        return csp_option_write(socket_of(op), option, value);
    return -1;
}

static PyObject *view_dir(PyObject *op, PyObject *unused)
{
    PyObject *list = PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__dir__", "O", op);

    (void)unused;
    if (list && csp_option_list_names(list, fits, socket_of(op)) < 0)
        Py_CLEAR(list);
    return list;
}

/* The object */

static PyObject *view_repr(PyObject *op)
{
    return PyUnicode_FromFormat("<options of %R>", socket_of(op));
}

static PyObject *view_compare(PyObject *op, PyObject *other, int how)
{
    bool same;

    if (Py_TYPE(other) != Py_TYPE(op) || (how != Py_EQ && how != Py_NE))
        Py_RETURN_NOTIMPLEMENTED;
    same = socket_of(op) == socket_of(other);
    return PyBool_FromLong(same == (how == Py_EQ));
}

static int view_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(socket_of(op));
    Py_VISIT(((struct csp_view *)op)->owner);
    return 0;
}

/* There is no tp_clear: every cycle includes the socket's own dict, which has one. */
static void view_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    if (((struct csp_view *)op)->owner)
        csk_detach(&socket_of(op)->s);
    Py_XDECREF(socket_of(op));
    Py_XDECREF(((struct csp_view *)op)->owner);
    type->tp_free(op);
    Py_DECREF(type);
}

const struct csp_function csp_view_methods[] = {
    { CSP_KEYWORDS(view_get),
      "get($self, /, name, default=None, input=None)\n--\n\n"
      "Return the value of an option, or default if the socket or the kernel does not have it.\n\n"
      "input contains the fields that reading some options requires." },
    { view_keys, METH_NOARGS,
      "keys($self, /)\n--\n\n"
      "Return the names of the socket's options that can be read." },
    { view_values, METH_NOARGS,
      "values($self, /)\n--\n\n"
      "Return the values of the socket's options that can be read." },
    { view_items, METH_NOARGS,
      "items($self, /)\n--\n\n"
      "Return (name, value) pairs of the socket's options that can be read." },
    { CSP_FUNCTION(view_update), METH_VARARGS | METH_KEYWORDS,
      "update($self, options=(), /, **names)\n--\n\nSet several options, in the given order." },
    { CSP_FAST(view_setdefault),
      "setdefault($self, name, default=None, /)\n--\n\n"
      "Return the option's value, which always exists; default is ignored." },
    { CSP_FUNCTION(view_refuse_delete), METH_VARARGS | METH_KEYWORDS, "pop" },
    { CSP_FUNCTION(view_refuse_delete), METH_VARARGS | METH_KEYWORDS, "popitem" },
    { CSP_FUNCTION(view_refuse_delete), METH_VARARGS | METH_KEYWORDS, "clear" },
    { view_dir, METH_NOARGS, "__dir__" },
    { NULL },
};

static const char doc[] =
    "The options of a socket, by name.\n\n"
    "sock.options.tcp_nodelay = True and sock.options[\"TCP_NODELAY\"] = True are the same.\n"
    "csocket.options describes each option and its values.";

static PyType_Slot slots[] = {
    { Py_tp_doc, (void *)doc },
    { Py_tp_getattro, view_getattro },
    { Py_tp_setattro, view_setattro },
    { Py_tp_repr, view_repr },
    { Py_tp_richcompare, view_compare },
    { Py_tp_hash, PyObject_HashNotImplemented },
    { Py_tp_iter, view_iter },
    { Py_mp_subscript, view_subscript },
    { Py_mp_ass_subscript, view_ass_subscript },
    { Py_mp_length, view_length },
    { Py_sq_contains, view_contains },
    { Py_tp_traverse, view_traverse },
    { Py_tp_dealloc, view_dealloc },
    CSP_NO_NEW_SLOTS,
};

PyType_Spec csp_view_spec = {
    .name = "csocket.values.SocketOptions",
    .basicsize = sizeof(struct csp_view),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | CSP_IMMUTABLE_TYPE,
    .slots = slots,
};

/* sock.options, of _socket.socket and all that derive from it */

/* The attribute of this name in an object of a derived class, or NULL (new). */
static PyObject *instance_attribute(PyObject *op)
{
    PyObject *dict = PyObject_GenericGetDict(op, NULL), *value;

    if (!dict) {
        PyErr_Clear();
        return NULL;
    }
    value = csp_dict_get(dict, ((struct csp_socket *)op)->state->str_options);
    Py_DECREF(dict);
    return value;
}

/* new */
static struct csp_view *make_view(struct csp_socket *sock)
{
    PyTypeObject *type = csp_option_type(sock->state, CSP_OPTION_VIEW);
    struct csp_view *view = type ? (struct csp_view *)type->tp_alloc(type, 0) : NULL;

    if (view)
        view->sock = (struct csp_socket *)Py_NewRef((PyObject *)sock);
    return view;
}

static PyObject *get_options(PyObject *op, void *unused)
{
    struct csp_socket *sock = (struct csp_socket *)op;
    PyObject *attribute;

    (void)unused;
    if (!csp_is_plain(sock->state, op) && (attribute = instance_attribute(op)))
        return attribute;
    return (PyObject *)make_view(sock);
}

/* A socket object around a descriptor that another object owns (new). */
static struct csp_socket *borrow(struct csp_state *state, int fd)
{
    struct csp_socket *sock;
    struct csk_socket s;
    int n = csk_adopt(&s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);

    if (n < 0)
        return (struct csp_socket *)csp_raise(state, n);
    if (!(sock = (struct csp_socket *)state->low_type->tp_alloc(state->low_type, 0)))
        return NULL;
    sock->s = s;
    sock->state = state;
    if (csp_find_family(sock) < 0) {
        csk_detach(&sock->s);
        Py_CLEAR(sock);
    }
    return sock;
}

/* options_of(sock): for any object with a descriptor. */
static PyObject *options_of(PyObject *module, PyObject *object)
{
    struct csp_state *state = csp_state_of(module);
    struct csp_socket *sock;
    struct csp_view *view;
    int fd;

    if (PyObject_TypeCheck(object, state->low_type))
        return (PyObject *)make_view((struct csp_socket *)object);
    if ((fd = PyObject_AsFileDescriptor(object)) < 0) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(PyExc_TypeError,
                         "sock must be a socket, a file descriptor or an object with fileno(), "
                         "not %.200s",
                         Py_TYPE(object)->tp_name);
        else
            csp_named("sock");
        return NULL;
    }
    if (!(sock = borrow(state, fd)))
        return NULL;
    if ((view = make_view(sock)))
        view->owner = Py_NewRef(object);
    else
        csk_detach(&sock->s);
    Py_DECREF((PyObject *)sock);
    return (PyObject *)view;
}

static const struct csp_function functions[] = {
    { options_of, METH_O,
      "options_of(sock, /)\n--\n\n"
      "Return the options of any object with a socket's file descriptor: sockets of ssl, asyncio\n"
      "and the standard library, or the descriptor itself, which must remain open meanwhile." },
    { NULL },
};

/* Programs' own classes may have had an attribute of this name before sockets had one. */
static int set_options(PyObject *op, PyObject *value, void *unused)
{
    PyObject *dict = PyObject_GenericGetDict(op, NULL);
    int n;

    (void)unused;
    if (!dict) {
        PyErr_SetString(PyExc_AttributeError,
                        "attribute 'options' of socket objects is not writable; set one of them");
        return -1;
    }
    n = value ? PyDict_SetItemString(dict, "options", value)
              : PyDict_DelItemString(dict, "options");
    Py_DECREF(dict);
    if (n < 0 && PyErr_ExceptionMatches(PyExc_KeyError))
        PyErr_SetString(PyExc_AttributeError, "options");
    return n;
}

static PyGetSetDef getset[] = {
    { "options", get_options, set_options, "the socket's options, a mapping by name", NULL },
    { NULL },
};

int csp_options_setup(struct csp_state *state)
{
    PyMethodDef *def = csp_method_defs(functions);
    PyObject *package = def ? PyUnicode_FromString("csocket") : NULL;
    PyObject *function = package ? PyCFunction_NewEx(def, state->module, package) : NULL;

    Py_XDECREF(package);
    return csp_add(state->module, "_options_of", function) < 0
               ? -1
               : csp_add_getset(state->low_type, getset);
}
