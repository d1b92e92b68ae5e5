/* Methods of socket.socket that other classes may borrow.
 *
 * In the standard library they are Python functions, which work on any object with the attributes
 * that they use: urllib3 has "makefile = socket.socket.makefile" in a class of its own.  A method
 * descriptor refuses such objects.  This one calls csocket._borrowed for them, and is as fast as
 * the interpreter's descriptor for sockets. */
#include "define.h"
#include "setup.h"
#include "socket/socket.h"

struct method {
    PyObject_HEAD vectorcallfunc call;
    PyObject *original;      /* the interpreter's descriptor, for sockets */
    PyCFunction function;    /* its C function; NULL for a slot such as __repr__ */
    struct csp_state *state; /* borrowed: the type keeps the module */
    PyTypeObject *owner;
};

static bool is_socket(const struct method *method, PyObject *object)
{
    return PyObject_TypeCheck(object, method->owner);
}

/* The function of csocket._borrowed with the method's name (new). */
static PyObject *borrowed_function(const struct method *method)
{
    PyObject *name = PyObject_GetAttrString(method->original, "__name__"), *function = NULL;
    PyObject *module = name ? PyImport_ImportModule("csocket._borrowed") : NULL;

    if (module)
        function = PyObject_GetAttr(module, name);
    Py_XDECREF(module);
    Py_XDECREF(name);
    return function;
}

/* All other calls: of a socket that is not plain, of another object, or with invalid arguments. */
static PyObject *call_any(const struct method *method, PyObject *const *args, size_t count,
                          PyObject *names)
{
    PyObject *function, *result;

    if (PyVectorcall_NARGS(count) == 0 || is_socket(method, args[0]))
        return PyObject_Vectorcall(method->original, args, count, names);
    if (!(function = borrowed_function(method)))
        return NULL;
    result = PyObject_Vectorcall(function, args, count, names);
    Py_DECREF(function);
    return result;
}

static PyObject *call_slot(PyObject *op, PyObject *const *args, size_t count, PyObject *names)
{
    return call_any((struct method *)op, args, count, names);
}

static PyObject *call_noargs(PyObject *op, PyObject *const *args, size_t count, PyObject *names)
{
    const struct method *method = (struct method *)op;

    if (PyVectorcall_NARGS(count) == 1 && !names && csp_is_plain(method->state, args[0]))
        return method->function(args[0], NULL);
    return call_any(method, args, count, names);
}

typedef PyObject *(*fast_function)(PyObject *, PyObject *const *, Py_ssize_t);
typedef PyObject *(*keywords_function)(PyObject *, PyObject *const *, Py_ssize_t, PyObject *);

static PyObject *call_fast(PyObject *op, PyObject *const *args, size_t count, PyObject *names)
{
    const struct method *method = (struct method *)op;
    Py_ssize_t n = PyVectorcall_NARGS(count);

    if (n > 0 && !names && csp_is_plain(method->state, args[0]))
        return ((fast_function)(void (*)(void))method->function)(args[0], args + 1, n - 1);
    return call_any(method, args, count, names);
}

static PyObject *call_keywords(PyObject *op, PyObject *const *args, size_t count, PyObject *names)
{
    const struct method *method = (struct method *)op;
    Py_ssize_t n = PyVectorcall_NARGS(count);

    if (n > 0 && csp_is_plain(method->state, args[0]))
        return ((keywords_function)(void (*)(void))method->function)(args[0], args + 1, n - 1,
                                                                     names);
    return call_any(method, args, count, names);
}

static PyObject *method_get(PyObject *op, PyObject *object, PyObject *type)
{
    struct method *method = (struct method *)op;

    if (!object)
        return Py_NewRef(op);
    if (is_socket(method, object))
        return csp_descriptor_get(method->original, object, type);
    return PyMethod_New(op, object);
}

static PyObject *method_repr(PyObject *op)
{
    return PyObject_Repr(((struct method *)op)->original);
}

/* Names and documentation are those of the original. */
static const struct csp_attribute attributes[] = {
    { "__doc__", "" },      { "__name__", "" },           { "__objclass__", "" },
    { "__qualname__", "" }, { "__text_signature__", "" },
};

static PyObject *get_original(PyObject *op, void *index)
{
    return PyObject_GetAttrString(((struct method *)op)->original,
                                  attributes[CSP_INDEX(index)].name);
}

static PyObject *method_reduce(PyObject *op, PyObject *unused)
{
    return PyObject_CallMethod(((struct method *)op)->original, "__reduce__", NULL);
    (void)unused;
}

static int method_traverse(PyObject *op, visitproc visit, void *arg)
{
    struct method *method = (struct method *)op;

    Py_VISIT(Py_TYPE(op));
    Py_VISIT(method->original);
    Py_VISIT(method->owner);
    return 0;
}

static int method_clear(PyObject *op)
{
    (void)op;
    return 0;
}

static void method_dealloc(PyObject *op)
{
    struct method *method = (struct method *)op;
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    Py_XDECREF(method->original);
    Py_XDECREF(method->owner);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    { "__vectorcalloffset__", T_PYSSIZET, offsetof(struct method, call), READONLY, NULL },
    { NULL },
};

static PyMethodDef methods[] = {
    { "__reduce__", method_reduce, METH_NOARGS, NULL },
    { NULL },
};

static PyType_Slot slots[] = {
    { Py_tp_call, PyVectorcall_Call },
    { Py_tp_descr_get, method_get },
    { Py_tp_repr, method_repr },
    { Py_tp_traverse, method_traverse },
    { Py_tp_clear, method_clear },
    { Py_tp_dealloc, method_dealloc },
    { Py_tp_members, members },
    { Py_tp_methods, methods },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "csocket._socket.method",
    .basicsize = sizeof(struct method),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR |
             CSP_VECTORCALL_TYPE | CSP_IMMUTABLE_TYPE,
    .slots = slots,
};

static vectorcallfunc call_of(const PyMethodDef *def)
{
    if (!def)
        return call_slot;
    switch (def->ml_flags) {
    case METH_NOARGS: return call_noargs;
    case METH_FASTCALL: return call_fast;
    default: return call_keywords;
    }
}

/* The object that replaces the type's descriptor of that name from now on. */
static int replace(struct csp_state *state, PyTypeObject *owner, const char *name, PyMethodDef *def)
{
    PyObject *original = PyDict_GetItemString(owner->tp_dict, name);
    struct method *method = (struct method *)state->method_type->tp_alloc(state->method_type, 0);
    int n;

    if (!method)
        return -1;
    method->call = call_of(def);
    method->original = Py_NewRef(original);
    method->function = def ? def->ml_meth : NULL;
    method->state = state;
    method->owner = (PyTypeObject *)Py_NewRef(owner);
    n = PyDict_SetItemString(owner->tp_dict, name, (PyObject *)method);
    Py_DECREF(method);
    return n;
}

int csp_add_borrowable(struct csp_state *state, PyTypeObject *type,
                       const struct csp_function *table)
{
    PyMethodDef *def = csp_method_defs(table);
    int n = def ? csp_add_methods(type, table) : -1;

    for (; n == 0 && def->ml_name; def++)
        n = replace(state, type, def->ml_name, def);
    PyType_Modified(type);
    return n;
}

int csp_make_borrowable(struct csp_state *state, PyTypeObject *type, const char *name)
{
    int n = replace(state, type, name, NULL);

    PyType_Modified(type);
    return n;
}

int csp_method_setup(struct csp_state *state)
{
    state->method_type = (PyTypeObject *)PyType_FromModuleAndSpec(state->module, &spec, NULL);
    return state->method_type
               ? csp_add_attributes(state->method_type, attributes,
                                    sizeof attributes / sizeof *attributes, get_original)
               : -1;
}
