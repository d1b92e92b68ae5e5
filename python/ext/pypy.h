/* Replacements for functions that PyPy lacks or implements differently from CPython.  compat.h
 * includes it; cpython.h has the same names. */
#ifndef CSP_PYPY_H
#define CSP_PYPY_H

#define CO_ASYNC_GENERATOR 0x0200

/* A lambda's value (new), which is kept in *function. */
static inline PyObject *csp_python_function(PyObject **function, const char *text)
{
    PyObject *scope = *function ? NULL : PyDict_New();

    if (scope) {
        PyDict_SetItemString(scope, "__builtins__", PyEval_GetBuiltins());
        *function = PyRun_String(text, Py_eval_input, scope, scope);
        Py_DECREF(scope);
    }
    return *function;
}

/* Whether the object is an int of less than 30 bits, as CPython's ints of one digit are, and its
 * value. */
static inline bool csp_small_int(PyObject *object, long *value)
{
    const long limit = 1L << 30;
    int overflow;

    if (!PyLong_Check(object))
        return false;
    *value = PyLong_AsLongAndOverflow(object, &overflow);
    return overflow == 0 && *value > -limit && *value < limit;
}

/* For too large numbers, PyPy (7.3.11) compares the object with 0, which one that only has
 * __index__ refuses. */
static inline long long csp_as_long_long(PyObject *object, int *overflow)
{
    PyObject *index = PyNumber_Index(object);
    long long number = index ? PyLong_AsLongLongAndOverflow(index, overflow) : -1;

    if (!index)
        *overflow = 0;
    Py_XDECREF(index);
    return number;
}

static inline long csp_as_long(PyObject *object, int *overflow)
{
    long long number = csp_as_long_long(object, overflow);

    if (*overflow == 0 && (number > LONG_MAX || number < LONG_MIN)) {
        *overflow = number > 0 ? 1 : -1;
        number = -1;
    }
    return (long)number;
}

/* PyPy does not list its threads. */
static inline bool csp_is_single_thread(void)
{
    return false;
}

/* Types have no versions in PyPy. */
static inline unsigned csp_type_version(const PyTypeObject *type)
{
    (void)type;
    return 0;
}

/* PyPy crashes (7.3.11) if C code sees the descriptor of an attribute that C code computes. */
#define CSP_HAS_DESCRIPTORS 0
#define CSP_HAS_SET_METACLASS 0

/* None represents such a descriptor. */
static inline PyObject *csp_class_attribute(PyTypeObject *type, PyObject *name)
{
    static PyObject *function;
    static const char text[] = "lambda type, name, hidden=__builtins__['type'](range.start): "
                               "None if isinstance(getattr(type, name), hidden) "
                               "else getattr(type, name)";

    return csp_python_function(&function, text)
               ? PyObject_CallFunctionObjArgs(function, type, name, NULL)
               : NULL;
}

/* The object belongs to PyPy, which later adds a struct filled with zeros to it. */
static inline PyObject *csp_alloc_derived(PyTypeObject *type)
{
    return PyObject_CallMethod((PyObject *)type, "__new__", "O", type);
}

static inline PyObject *csp_descriptor_get(PyObject *descriptor, PyObject *object, PyObject *type)
{
    return PyObject_CallMethod(descriptor, "__get__", "OO", object, type);
}

/* All types have all slots. */
static inline bool csp_has_float(PyObject *object)
{
    return PyObject_HasAttrString((PyObject *)Py_TYPE(object), "__float__");
}

static inline bool csp_has_iter(PyObject *object)
{
    return PyObject_HasAttrString((PyObject *)Py_TYPE(object), "__iter__");
}

/* PyErr_CheckSignals does nothing.  PyPy runs handlers between the steps of Python code. */
static inline int csp_check_signals(void)
{
    static PyObject *function;
    PyObject *done = csp_python_function(&function, "lambda: [None for _ in 'some steps']")
                         ? PyObject_CallObject(function, NULL)
                         : NULL;

    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* PyPy does not refuse non-contiguous buffers, and its messages for other objects differ from
 * CPython's. */
static inline int csp_get_buffer(PyObject *object, Py_buffer *view, int flags)
{
    if (!PyObject_CheckBuffer(object)) {
        PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%.100s'",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    if (PyObject_GetBuffer(object, view, flags | PyBUF_STRIDES) < 0)
        return -1;
    if (PyBuffer_IsContiguous(view, 'C'))
        return 0;
    PyBuffer_Release(view);
    PyErr_SetString(PyExc_BufferError, "memoryview: underlying buffer is not C-contiguous");
    return -1;
}

/* PyMemoryView_FromMemory creates a read-only one. */
static inline PyObject *csp_memory_view(char *memory, Py_ssize_t size)
{
    Py_buffer buffer;

    if (PyBuffer_FillInfo(&buffer, NULL, memory, size, 0, PyBUF_WRITABLE) < 0)
        return NULL;
    return PyMemoryView_FromBuffer(&buffer);
}

/* tp_finalize aborts (7.3.11), a method with that name does not.  It runs before tp_dealloc, in
 * which no Python code may see the object. */
#define CSP_FINALIZER(function)                                                                    \
    static PyObject *function##_method(PyObject *op, PyObject *unused)                             \
    {                                                                                              \
        (void)unused;                                                                              \
        function(op);                                                                              \
        Py_RETURN_NONE;                                                                            \
    }                                                                                              \
    static PyMethodDef function##_methods[] = {                                                    \
        { "__del__", function##_method, METH_NOARGS, NULL },                                       \
        { NULL },                                                                                  \
    };
#define CSP_FINALIZE_SLOT(function)                                                                \
    {                                                                                              \
        Py_tp_methods, function##_methods                                                          \
    }
#define csp_finalize_first(op) 0

/* A type that has no tp_new gets object's, and crashes (7.3.11) if it is removed afterwards. */
static inline PyObject *csp_no_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    PyErr_Format(PyExc_TypeError, "cannot create '%.100s' instances", type->tp_name);
    return NULL;
}
#define CSP_NO_NEW_SLOTS                                                                           \
    { Py_tp_new, (void *)csp_no_new },                                                             \
    {                                                                                              \
        0, NULL                                                                                    \
    }
#define csp_forbid_new(type) ((void)(type))

static inline PyObject *csp_frame_attribute(PyFrameObject *frame, const char *name)
{
    PyObject *value = PyObject_GetAttrString((PyObject *)frame, name);

    if (!value)
        PyErr_Clear();
    else if (value == Py_None)
        Py_CLEAR(value);
    return value;
}

#define PyFrame_GetBack(frame) ((PyFrameObject *)csp_frame_attribute(frame, "f_back"))
#define PyFrame_GetCode(frame) ((PyCodeObject *)csp_frame_attribute(frame, "f_code"))

/* Without the object, whose origin tracemalloc could report. */
#define PyErr_ResourceWarning(source, level, ...)                                                  \
    PyErr_WarnFormat(PyExc_ResourceWarning, level, __VA_ARGS__)

static inline int PyDict_MergeFromSeq2(PyObject *dict, PyObject *pairs, int override)
{
    PyObject *done = PyObject_CallMethod(dict, "update", "(O)", pairs);

    (void) override;
    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* PySys_Audit: sys.audit(event, ...).  The format describes the arguments; NULL means none. */
static inline int csp_audit(const char *event, const char *format, ...)
{
    PyObject *function = PySys_GetObject("audit"), *arguments, *name, *all = NULL, *done = NULL;
    va_list list;

    va_start(list, format);
    arguments = format ? Py_VaBuildValue(format, list) : PyTuple_New(0);
    va_end(list);
    if (arguments && !PyTuple_Check(arguments))
        Py_SETREF(arguments, PyTuple_Pack(1, arguments));
    name = arguments ? Py_BuildValue("(s)", event) : NULL;
    all = name ? PySequence_Concat(name, arguments) : NULL;
    if (all && function)
        done = PyObject_Call(function, all, NULL);
    Py_XDECREF(name);
    Py_XDECREF(arguments);
    Py_XDECREF(all);
    Py_XDECREF(done);
    return done ? 0 : -1;
}
#define PySys_Audit csp_audit

#endif
