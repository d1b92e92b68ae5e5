/* csocket.options: every option that the library knows, by name. */
#include "args.h"
#include "define.h"
#include "option/options.h"
#include "setup.h"

static struct csp_state *state_of(PyObject *op)
{
    return ((struct csp_catalogue *)op)->state;
}

/* "NAME", or ("NAME", family) if two levels share the name; NULL without an exception. */
static const struct csk_option *option_of(PyObject *key)
{
    int family;

    if (PyUnicode_Check(key))
        return csp_option_by_name(key, AF_UNSPEC);
    if (!PyTuple_Check(key) || PyTuple_GET_SIZE(key) != 2 ||
        !PyUnicode_Check(PyTuple_GET_ITEM(key, 0)) || !PyLong_Check(PyTuple_GET_ITEM(key, 1)))
        return NULL;
    family = (int)PyLong_AsLong(PyTuple_GET_ITEM(key, 1));
    PyErr_Clear();
    return csp_option_by_name(PyTuple_GET_ITEM(key, 0), family);
}

static PyObject *found(PyObject *op, const struct csk_option *option)
{
    return csp_option_object(state_of(op), option);
}

static PyObject *catalogue_subscript(PyObject *op, PyObject *key)
{
    const struct csk_option *option = option_of(key);

    if (option)
        return found(op, option);
    if (PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 2)
        key = PyTuple_GET_ITEM(key, 0);
    return csp_option_raise_unknown(PyExc_KeyError, key, false);
}

static int catalogue_contains(PyObject *op, PyObject *key)
{
    (void)op;
    return option_of(key) != NULL;
}

/* Of several options with one name, the first is an entry. */
static bool is_entry(const struct csk_option *option)
{
    return csk_option_find(csk_option_name(option), AF_UNSPEC) == option;
}

static Py_ssize_t catalogue_length(PyObject *op)
{
    const struct csk_option *option;
    Py_ssize_t length = 0;

    (void)op;
    for (size_t i = 0; (option = csk_option_at(i)); i++)
        length += is_entry(option);
    return length;
}

enum what { NAMES, VALUES, ITEMS };

static PyObject *list_item(struct csp_state *state, const struct csk_option *option, enum what what)
{
    PyObject *name = what == VALUES ? NULL : PyUnicode_FromString(csk_option_name(option));
    PyObject *entry = what == NAMES ? NULL : csp_option_object(state, option), *pair;

    if (what != ITEMS)
        return what == NAMES ? name : entry;
    pair = name && entry ? PyTuple_Pack(2, name, entry) : NULL;
    Py_XDECREF(name);
    Py_XDECREF(entry);
    return pair;
}

static PyObject *list_options(PyObject *op, enum what what)
{
    PyObject *list = PyList_New(0), *item;
    const struct csk_option *option;
    int n = 0;

    for (size_t i = 0; list && n == 0 && (option = csk_option_at(i)); i++) {
        if (!is_entry(option))
            continue;
        item = list_item(state_of(op), option, what);
        n = item ? PyList_Append(list, item) : -1;
        Py_XDECREF(item);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *catalogue_keys(PyObject *op, PyObject *unused)
{
    (void)unused;
    return list_options(op, NAMES);
}

static PyObject *catalogue_values(PyObject *op, PyObject *unused)
{
    (void)unused;
    return list_options(op, VALUES);
}

static PyObject *catalogue_items(PyObject *op, PyObject *unused)
{
    (void)unused;
    return list_options(op, ITEMS);
}

static PyObject *catalogue_iter(PyObject *op)
{
    PyObject *list = list_options(op, NAMES), *iterator = list ? PyObject_GetIter(list) : NULL;

    Py_XDECREF(list);
    return iterator;
}

static PyObject *catalogue_get(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    const struct csk_option *option;

    if (csp_count("get", count, 1, 2) < 0)
        return NULL;
    if ((option = option_of(args[0])))
        return found(op, option);
    return Py_NewRef(count > 1 ? args[1] : Py_None);
}

static const struct csp_signature find_signature = { "find", "level number family setting", 2, 4 };

static PyObject *catalogue_find(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                PyObject *names)
{
    int level, number, family = AF_UNSPEC, setting = 0;
    const struct csk_option *option;
    PyObject *values[4];

    if (csp_arguments(&find_signature, args, count, names, values) < 0 ||
        csp_int(values[0], "level", &level) < 0 || csp_int(values[1], "number", &number) < 0 ||
        (values[2] && csp_int(values[2], "family", &family) < 0) ||
        (values[3] && (setting = PyObject_IsTrue(values[3])) < 0))
        return NULL;
    option = csk_option_by_number(family, level, number, setting ? CSK_OPTION_SET : CSK_OPTION_GET);
    if (!option && !values[3])
        option = csk_option_by_number(family, level, number, 0);
    if (option)
        return found(op, option);
    Py_RETURN_NONE;
}

static PyObject *catalogue_getattro(PyObject *op, PyObject *name)
{
    const struct csk_option *option;
    PyObject *value;

    if (csp_option_is_name(name) && (option = csp_option_by_name(name, AF_UNSPEC)))
        return found(op, option);
    value = PyObject_GenericGetAttr(op, name);
    if (value || !PyErr_ExceptionMatches(PyExc_AttributeError) || csp_option_is_private(name))
        return value;
    PyErr_Clear();
    return csp_option_raise_unknown(PyExc_AttributeError, name, true);
}

static bool any(const struct csk_option *option, void *unused)
{
    (void)unused;
    return is_entry(option);
}

static PyObject *catalogue_dir(PyObject *op, PyObject *unused)
{
    PyObject *list = PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__dir__", "O", op);

    (void)unused;
    if (list && csp_option_list_names(list, any, NULL) < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *catalogue_repr(PyObject *op)
{
    return PyUnicode_FromFormat("<csocket.options: %zd socket options by name>",
                                catalogue_length(op));
}

static int catalogue_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    return 0;
}

static void catalogue_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    type->tp_free(op);
    Py_DECREF(type);
}

const struct csp_function csp_catalogue_methods[] = {
    { CSP_KEYWORDS(catalogue_find),
      "find($self, /, level, number, family=0, setting=False)\n--\n\n"
      "Return the option to which getsockopt or, if setting is true, setsockopt refers by these\n"
      "numbers, or None.\n\n"
      "A few numbers refer to another option in another family." },
    { CSP_FAST(catalogue_get),
      "get($self, name, default=None, /)\n--\n\nReturn the option with that name, or default." },
    { catalogue_keys, METH_NOARGS, "keys($self, /)\n--\n\nReturn the names of all options." },
    { catalogue_values, METH_NOARGS, "values($self, /)\n--\n\nReturn all options." },
    { catalogue_items, METH_NOARGS, "items($self, /)\n--\n\nReturn (name, option) pairs." },
    { catalogue_dir, METH_NOARGS, "__dir__" },
    { NULL },
};

static const char doc[] =
    "The catalogue of socket options, a mapping by name.\n\n"
    "options[\"SO_LINGER\"] and options.so_linger describe an option, its sockets and values; use\n"
    "print() or help(). If two families have an option of the same name, options[name, family] is\n"
    "the option of that family.";

static PyType_Slot slots[] = {
    { Py_tp_doc, (void *)doc },
    { Py_tp_getattro, catalogue_getattro },
    { Py_tp_repr, catalogue_repr },
    { Py_tp_iter, catalogue_iter },
    { Py_mp_subscript, catalogue_subscript },
    { Py_mp_length, catalogue_length },
    { Py_sq_contains, catalogue_contains },
    { Py_tp_traverse, catalogue_traverse },
    { Py_tp_dealloc, catalogue_dealloc },
    CSP_NO_NEW_SLOTS,
};

PyType_Spec csp_catalogue_spec = {
    .name = "csocket.values.Options",
    .basicsize = sizeof(struct csp_catalogue),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | CSP_IMMUTABLE_TYPE,
    .slots = slots,
};

int csp_catalogue_setup(struct csp_state *state)
{
    PyTypeObject *type = csp_option_type(state, CSP_OPTION_CATALOGUE);
    struct csp_catalogue *catalogue = type ? (struct csp_catalogue *)type->tp_alloc(type, 0) : NULL;

    if (catalogue)
        catalogue->state = state;
    /* A name that the standard library does not have: csocket imports it, "import *" does not. */
    return csp_add(state->module, "_options", (PyObject *)catalogue);
}
