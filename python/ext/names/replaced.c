/* Whether a program has replaced an object that a function of the package looks up.
 *
 * Programs replace functions and classes of the module and methods of its sockets, and expect
 * create_connection and similar functions to use them.  These functions call the core only if
 * nothing was replaced, and run as Python code otherwise. */
#include "define.h"
#include "setup.h"
#include "names/names.h"

#include <string.h>

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
    PyObject *function;   /* its name */
    PyObject *names;      /* tuple: (name, object), repeated: the module's, then the class's */
    Py_ssize_t in_module; /* the length of the module's part */
    /* The versions of module and class at which nothing was replaced; 0 before.  Atomic: versions
     * never decrease, so that one of the threads has seen a pair written by both. */
    size_t of_module;
    unsigned of_class;
};

/* For a name in the module or an attribute of the class that does not exist (borrowed). */
static PyObject *missing(struct csp_state *state)
{
    return state->namespace; /* which no program can have */
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

/* Looked up on the class of sockets whenever one is made, used and closed. */
#define IMPLIED "__enter__ __exit__ __getattribute__ __init__ __new__ _real_close"

/* The names that these functions, and those that they call, look up in the module, and on the class
 * of sockets.  A test compares them with the functions' code. */
static const struct {
    char function[20], names[288], methods[128];
} watched[] = {
    { "_connect_in_turn",
      "BaseException _GLOBAL_DEFAULT_TIMEOUT _connect_one _left _now _socket close enumerate "
      "error len max socket timeout",
      IMPLIED " bind close connect gettimeout settimeout timeout" },
    { "_resolve", "SOCK_STREAM TypeError _getaddrinfo _is_replaced _left _now getaddrinfo list max",
      IMPLIED },
    { "create_server",
      "AF_INET AF_INET6 BaseException IPPROTO_IPV6 IPV6_V6ONLY SOCK_STREAM SOL_SOCKET "
      "SO_REUSEADDR SO_REUSEPORT ValueError _about _create_server _is_replaced _socket "
      "_unix_module abs bool close create_server errno error has_dualstack_ipv6 has_ipv6 "
      "hasattr int isinstance socket",
      IMPLIED " bind close getsockopt listen setsockopt" },
    { "getfqdn",
      "_is_replaced _socket error gethostbyaddr gethostname isinstance next str timeout type",
      IMPLIED " timeout type" },
    { "has_dualstack_ipv6",
      "AF_INET6 IPPROTO_IPV6 IPV6_V6ONLY SOCK_STREAM _is_replaced _socket error has_ipv6 "
      "hasattr socket",
      IMPLIED " getsockopt setsockopt" },
    { "recv_fds",
      "CMSG_LEN OverflowError TypeError _OTHER_MESSAGES _is_replaced _named _socket int "
      "isinstance map next socket str type",
      IMPLIED " recvmsg type" },
    { "send_fds",
      "OverflowError SCM_RIGHTS SOL_SOCKET TypeError ValueError _is_replaced _named _socket "
      "array isinstance list socket str tuple type",
      IMPLIED " sendmsg type" },
};

/* A list of the words of a text, interned (new). */
static PyObject *interned(const char *text)
{
    PyObject *list = PyList_New(0), *name;
    size_t size;
    int n = list ? 0 : -1;

    for (; n == 0 && *text; text += size + (text[size] == ' ')) {
        size = strcspn(text, " ");
        name = PyUnicode_FromStringAndSize(text, (Py_ssize_t)size);
        if (name)
            PyUnicode_InternInPlace(&name);
        n = name ? PyList_Append(list, name) : -1;
        Py_XDECREF(name);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

/* For each name two items: the name, and the object of the module or the class (new). */
static PyObject *snapshot(struct csp_state *state, PyObject *names, PyObject *methods)
{
    Py_ssize_t count = PyList_GET_SIZE(names), all = count + PyList_GET_SIZE(methods);
    PyObject *tuple = PyTuple_New(2 * all), *name;

    for (Py_ssize_t i = 0; tuple && i < all; i++) {
        name = i < count ? PyList_GET_ITEM(names, i) : PyList_GET_ITEM(methods, i - count);
        PyTuple_SET_ITEM(tuple, 2 * i, Py_NewRef(name));
        PyTuple_SET_ITEM(tuple, 2 * i + 1,
                         i < count ? in_module(state, name) : in_class(state, name));
    }
    return tuple;
}

static int add_watch(struct csp_state *state, size_t i)
{
    struct csp_watch *w = &state->watches[state->watch_count];
    PyObject *names = interned(watched[i].names), *methods = interned(watched[i].methods);

    memset(w, 0, sizeof *w);
    w->function = PyUnicode_InternFromString(watched[i].function);
    w->names = names && methods ? snapshot(state, names, methods) : NULL;
    w->in_module = names ? 2 * PyList_GET_SIZE(names) : 0;
    Py_XDECREF(names);
    Py_XDECREF(methods);
    if (w->function && w->names) {
        state->watch_count++;
        return 0;
    }
    Py_CLEAR(w->function);
    Py_CLEAR(w->names);
    return -1;
}

/* Store the current objects of the watched names. */
static PyObject *watch(PyObject *module, PyObject *none)
{
    struct csp_state *state = csp_state_of(module);
    size_t count = sizeof watched / sizeof *watched;

    (void)none;
    if (!state->namespace || state->watches)
        return PyErr_Format(PyExc_RuntimeError, "_set_namespace comes first");
    if (!(state->watches = PyMem_Calloc(count, sizeof *state->watches)))
        return PyErr_NoMemory();
    for (size_t i = 0; i < count; i++)
        if (add_watch(state, i) < 0)
            return NULL;
    Py_RETURN_NONE;
}

/* {function: (names of the module, names of the class)}, for tests (new). */
static PyObject *watched_names(PyObject *module, PyObject *none)
{
    PyObject *dict = PyDict_New(), *pair;

    (void)module, (void)none;
    for (size_t i = 0; dict && i < sizeof watched / sizeof *watched; i++) {
        pair = Py_BuildValue("(ss)", watched[i].names, watched[i].methods);
        if (!pair || PyDict_SetItemString(dict, watched[i].function, pair) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(pair);
    }
    return dict;
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

/* The package's own dict, in which it and programs look up names; called again if it is
 * reloaded. */
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

static bool any_differs(struct csp_state *state, const struct csp_watch *w)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(w->names); i += 2) {
        PyObject *name = PyTuple_GET_ITEM(w->names, i);

        if (differs(i < w->in_module ? in_module(state, name) : in_class(state, name),
                    PyTuple_GET_ITEM(w->names, i + 1)))
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
    if (any_differs(state, w))
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
    { watch, METH_NOARGS, "_watch" },
    { watched_names, METH_NOARGS, "_watched_names" },
    { NULL },
};

int csp_replaced_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
