/* Whether a program has replaced an object that a function of the package looks up.
 *
 * Programs replace functions and classes of the module and methods of its sockets, and expect
 * create_connection and similar functions to use them.  These functions call the core only if
 * nothing was replaced, and run as Python code otherwise. */
#include "define.h"
#include "setup.h"
#include "names/names.h"

/* dict_version: a number that changes whenever the package's dict does; 0: unknown.  follow makes
 * it known. */
#if defined PYPY_VERSION
static int follow(PyObject *dict)
{
    (void)dict;
    return -1;
}

#define unfollow(follower) ((void)(follower))
#define dict_version(state) ((size_t)0)
#elif PY_VERSION_HEX >= 0x030C0000
static size_t dict_changes = 1; /* in all interpreters; atomic */

static int dict_changed(PyDict_WatchEvent event, PyObject *dict, PyObject *key, PyObject *value)
{
    (void)event;
    (void)dict;
    (void)key;
    (void)value;
    __atomic_add_fetch(&dict_changes, 1, __ATOMIC_RELAXED);
    return 0;
}

static int follow(PyObject *dict)
{
    int follower = PyDict_AddWatcher(dict_changed);

    if (follower >= 0 && PyDict_Watch(follower, dict) == 0)
        return follower;
    PyErr_Clear(); /* an interpreter has eight of them */
    return -1;
}

static void unfollow(int follower)
{
    if (follower >= 0 && PyDict_ClearWatcher(follower) < 0)
        PyErr_Clear();
}

static size_t dict_version(struct csp_state *state)
{
    return state->follower < 0 ? 0 : __atomic_load_n(&dict_changes, __ATOMIC_RELAXED);
}
#else
static int follow(PyObject *dict)
{
    (void)dict;
    return -1;
}

#define unfollow(follower) ((void)(follower))
#define dict_version(state) ((size_t)((PyDictObject *)(state)->namespace)->ma_version_tag)
#endif

/* A function, and the objects of its names when it was defined. */
struct csp_watch {
    PyObject *function; /* its name */
    PyObject *names;    /* tuple: (name, the module's object, the class's object), repeated */
    /* The versions of module and class at which nothing was replaced; 0 before.  Atomic: versions
     * never decrease, so that a pair written by two threads is one that either has seen. */
    size_t of_module;
    unsigned of_class;
};

/* For a name in the module or an attribute of the class that does not exist (borrowed). */
static PyObject *missing(struct csp_state *state)
{
    return state->namespace; /* which no program has */
}

/* The module's object of that name (new). */
static PyObject *in_module(struct csp_state *state, PyObject *name)
{
    PyObject *value = csp_dict_get(state->namespace, name);

    return value ? value : Py_NewRef(missing(state));
}

/* The object of that name in the class or one of its bases (new). */
static PyObject *in_class(struct csp_state *state, PyObject *name)
{
    PyObject *value = csp_class_attribute(state->package_type, name);

    if (value)
        return value;
    PyErr_Clear();
    return Py_NewRef(missing(state));
}

/* For each name three items: the name, the module's object, the class's object (new). */
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

/* (function, names): store the current objects of these names. */
static PyObject *watch(PyObject *module, PyObject *args)
{
    struct csp_state *state = csp_state_of(module);
    PyObject *function, *names, *tuple;
    struct csp_watch *watches;

    if (!PyArg_ParseTuple(args, "UO!:_watch", &function, &PyTuple_Type, &names))
        return NULL;
    if (!state->namespace || !(tuple = snapshot(state, names)))
        return NULL;
    watches = PyMem_Realloc(state->watches, (size_t)(state->watch_count + 1) * sizeof(*watches));
    if (!watches) {
        Py_DECREF(tuple);
        return PyErr_NoMemory();
    }
    watches[state->watch_count++] = (struct csp_watch){ Py_NewRef(function), tuple, 0, 0 };
    state->watches = watches;
    Py_RETURN_NONE;
}

int csp_visit_watches(struct csp_state *state, visitproc visit, void *arg)
{
    for (int i = 0; i < state->watch_count; i++)
        Py_VISIT(state->watches[i].names);
    return 0;
}

void csp_free_watches(struct csp_state *state)
{
    for (int i = 0; i < state->watch_count; i++) {
        Py_DECREF(state->watches[i].function);
        Py_DECREF(state->watches[i].names);
    }
    PyMem_Free(state->watches);
    state->watches = NULL;
    state->watch_count = 0;
    if (state->namespace)
        unfollow(state->follower);
    Py_CLEAR(state->namespace);
}

/* The package's own dict, in which it and programs look names up; once more if it is reloaded. */
static PyObject *set_namespace(PyObject *module, PyObject *dict)
{
    struct csp_state *state = csp_state_of(module);

    if (!PyDict_Check(dict))
        return PyErr_Format(PyExc_TypeError, "a dict is needed");
    csp_free_watches(state);
    state->namespace = Py_NewRef(dict);
    state->follower = follow(dict);
    Py_RETURN_NONE;
}

static bool differs(PyObject *stolen_now, PyObject *before)
{
    Py_DECREF(stolen_now);
    return stolen_now != before;
}

static bool any_differs(struct csp_state *state, PyObject *names)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i += 3) {
        PyObject *name = PyTuple_GET_ITEM(names, i), *of_class = PyTuple_GET_ITEM(names, i + 2);

        if (differs(in_module(state, name), PyTuple_GET_ITEM(names, i + 1)))
            return true;
        /* A name that the class did not have is not looked up there. */
        if (of_class != missing(state) && differs(in_class(state, name), of_class))
            return true;
    }
    return false;
}

/* Looks up the names only if the module or the class has changed since the last successful
 * check. */
static bool is_watch_replaced(struct csp_state *state, struct csp_watch *w)
{
    size_t of_module = dict_version(state);
    unsigned of_class = csp_type_version(state->package_type);

    if (of_module != 0 && of_module == __atomic_load_n(&w->of_module, __ATOMIC_RELAXED) &&
        of_class != 0 && of_class == __atomic_load_n(&w->of_class, __ATOMIC_RELAXED))
        return false;
    if (any_differs(state, w->names))
        return true;
    __atomic_store_n(&w->of_module, of_module, __ATOMIC_RELAXED);
    __atomic_store_n(&w->of_class, of_class, __ATOMIC_RELAXED);
    return false;
}

/* The names are constants of the package's code, and interned. */
static struct csp_watch *find_watch(struct csp_state *state, PyObject *function)
{
    for (int i = 0; i < state->watch_count; i++)
        if (state->watches[i].function == function)
            return &state->watches[i];
    for (int i = 0; PyUnicode_Check(function) && i < state->watch_count; i++)
        if (PyUnicode_Compare(state->watches[i].function, function) == 0)
            return &state->watches[i];
    return NULL;
}

bool csp_is_replaced(struct csp_state *state, PyObject *function)
{
    struct csp_watch *w = find_watch(state, function);

    return !w || is_watch_replaced(state, w);
}

static PyObject *is_replaced(PyObject *module, PyObject *function)
{
    return PyBool_FromLong(csp_is_replaced(csp_state_of(module), function));
}

static const struct csp_function functions[] = {
    { is_replaced, METH_O, "_is_replaced" },
    { set_namespace, METH_O, "_set_namespace" },
    { watch, METH_VARARGS, "_watch" },
    { NULL },
};

int csp_replaced_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
