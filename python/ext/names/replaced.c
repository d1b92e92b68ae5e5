/* Whether a program has replaced what a function of the package looks up.
 *
 * Programs put functions and classes of their own into the module and into the class of sockets,
 * and expect create_connection and its relatives to find them there.  These functions run the
 * core's only if nothing was replaced, and their Python text otherwise. */
#include "define.h"
#include "setup.h"
#include "names/names.h"

/* For a name in the module or an attribute of the class that does not exist (borrowed). */
static PyObject *missing(struct csp_state *state)
{
    return state->watched; /* which no program has */
}

/* What the module has under a name (new). */
static PyObject *in_module(struct csp_state *state, PyObject *name)
{
    PyObject *value = csp_dict_get(state->namespace, name);

    return value ? value : Py_NewRef(missing(state));
}

/* What the class has under a name, or one of its bases (new). */
static PyObject *in_class(struct csp_state *state, PyObject *name)
{
    PyObject *value = PyObject_GetAttr((PyObject *)state->package_type, name);

    if (value)
        return value;
    PyErr_Clear();
    return Py_NewRef(missing(state));
}

/* (name, what the module has, what the class has), one after the other (new). */
static PyObject *snapshot(struct csp_state *state, PyObject *names)
{
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    PyObject *tuple = PyTuple_New(3 * count), *name;

    for (Py_ssize_t i = 0; tuple && i < count; i++) {
        name = PyTuple_GET_ITEM(names, i);
        PyTuple_SET_ITEM(tuple, 3 * i, Py_NewRef(name));
        PyTuple_SET_ITEM(tuple, 3 * i + 1, in_module(state, name));
        PyTuple_SET_ITEM(tuple, 3 * i + 2, in_class(state, name));
    }
    return tuple;
}

/* (function, names): remember what these names stand for now. */
static PyObject *watch(PyObject *module, PyObject *args)
{
    struct csp_state *state = csp_state_of(module);
    PyObject *function, *names, *tuple;
    int n;

    if (!PyArg_ParseTuple(args, "UO!:_watch", &function, &PyTuple_Type, &names))
        return NULL;
    if (!state->namespace || !(tuple = snapshot(state, names)))
        return NULL;
    n = PyDict_SetItem(state->watched, function, tuple);
    Py_DECREF(tuple);
    if (n < 0)
        return NULL;
    Py_RETURN_NONE;
}

static bool differs(PyObject *stolen_now, PyObject *before)
{
    Py_DECREF(stolen_now);
    return stolen_now != before;
}

bool csp_is_replaced(struct csp_state *state, PyObject *function)
{
    PyObject *tuple = csp_dict_get(state->watched, function);
    bool replaced = !tuple;

    for (Py_ssize_t i = 0; !replaced && i < PyTuple_GET_SIZE(tuple); i += 3) {
        PyObject *name = PyTuple_GET_ITEM(tuple, i), *of_class = PyTuple_GET_ITEM(tuple, i + 2);

        replaced = differs(in_module(state, name), PyTuple_GET_ITEM(tuple, i + 1)) ||
                   /* What nobody looked for on the class is not looked for there. */
                   (of_class != missing(state) && differs(in_class(state, name), of_class));
    }
    Py_XDECREF(tuple);
    return replaced;
}

static PyObject *is_replaced(PyObject *module, PyObject *function)
{
    return PyBool_FromLong(csp_is_replaced(csp_state_of(module), function));
}

static const struct csp_function functions[] = {
    { is_replaced, METH_O, "_is_replaced" },
    { watch, METH_VARARGS, "_watch" },
    { NULL },
};

int csp_replaced_setup(struct csp_state *state)
{
    if (!(state->watched = PyDict_New()))
        return -1;
    return csp_add_functions(state->module, functions);
}
