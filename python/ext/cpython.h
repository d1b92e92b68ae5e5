/* Code that reads CPython's structs. compat.h includes it; pypy.h has the same names. */
#ifndef CSP_CPYTHON_H
#define CSP_CPYTHON_H

/* Whether the object is an int of one digit, as nearly all are, or a member of an enum, and its
 * value. */
#if PY_VERSION_HEX >= 0x030C0000
static inline bool csp_small_int(PyObject *object, long *value)
{
    if (!PyLong_Check(object) || !PyUnstable_Long_IsCompact((PyLongObject *)object))
        return false;
    *value = (long)PyUnstable_Long_CompactValue((PyLongObject *)object);
    return true;
}
#else
static inline bool csp_small_int(PyObject *object, long *value)
{
    Py_ssize_t size;

    if (!PyLong_Check(object) || (size = Py_SIZE(object)) < -1 || size > 1)
        return false;
    *value = size == 0 ? 0 : (long)size * (long)((PyLongObject *)object)->ob_digit[0];
    return true;
}
#endif

/* An int, or the result of __index__; if it is too large, *overflow is its sign. */
#define csp_as_long(object, overflow) PyLong_AsLongAndOverflow(object, overflow)
#define csp_as_long_long(object, overflow) PyLong_AsLongLongAndOverflow(object, overflow)

/* The thread's state, which exists in every function that Python calls. */
#if PY_VERSION_HEX >= 0x030D0000
#define csp_thread_state() PyThreadState_GetUnchecked()
#else
#define csp_thread_state() _PyThreadState_UncheckedGet()
#endif

/* Whether the interpreter has one thread.  A new thread adds itself to the list before it holds the
 * GIL. */
static inline bool csp_is_single_thread(void)
{
    PyThreadState *thread = csp_thread_state();

    return CSP_HAS_GIL && !__atomic_load_n(&thread->prev, __ATOMIC_RELAXED) &&
           !__atomic_load_n(&thread->next, __ATOMIC_RELAXED);
}

/* A number that changes whenever the type or one of its bases does; 0: currently not available. */
#if PY_VERSION_HEX >= 0x030C0000
static inline unsigned csp_type_version(const PyTypeObject *type)
{
    return __atomic_load_n(&type->tp_version_tag, __ATOMIC_RELAXED);
}
#else
static inline unsigned csp_type_version(const PyTypeObject *type)
{
    return type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG ? type->tp_version_tag : 0;
}
#endif

/* All descriptors in the dicts of types can be inspected. */
#define CSP_HAS_DESCRIPTORS 1
/* The metaclass of a type can be replaced. */
#define CSP_HAS_SET_METACLASS 1

/* The attribute of a class or of one of its bases, as returned by the class (new). */
static inline PyObject *csp_class_attribute(PyTypeObject *type, PyObject *name)
{
    return PyObject_GetAttr((PyObject *)type, name);
}

/* An object of a type that is derived from one of the interpreter's (new). */
static inline PyObject *csp_alloc_derived(PyTypeObject *type)
{
    return type->tp_alloc(type, 0);
}

/* The descriptor's method of the object (new). */
static inline PyObject *csp_descriptor_get(PyObject *descriptor, PyObject *object, PyObject *type)
{
    return Py_TYPE(descriptor)->tp_descr_get(descriptor, object, type);
}

/* Whether the object's type has __float__ or __iter__. */
static inline bool csp_has_float(PyObject *object)
{
    const PyNumberMethods *methods = Py_TYPE(object)->tp_as_number;

    return methods && methods->nb_float;
}

static inline bool csp_has_iter(PyObject *object)
{
    return Py_TYPE(object)->tp_iter != NULL;
}

/* Run Python's signal handlers; -1: one has raised an exception. */
#define csp_check_signals() PyErr_CheckSignals()

/* flags: PyBUF_SIMPLE or PyBUF_WRITABLE */
#define csp_get_buffer(object, view, flags) PyObject_GetBuffer(object, view, flags)

/* A memoryview to write to (new). */
static inline PyObject *csp_memory_view(char *memory, Py_ssize_t size)
{
    return PyMemoryView_FromMemory(memory, size, PyBUF_WRITE);
}

/* CSP_FINALIZER precedes the slots of a type without methods, CSP_FINALIZE_SLOT is one of them. */
#define CSP_FINALIZER(function)
#define CSP_FINALIZE_SLOT(function)                                                                \
    {                                                                                              \
        Py_tp_finalize, function                                                                   \
    }

/* The last slots of a type for csp_forbid_new: programs cannot create instances. */
#define CSP_NO_NEW_SLOTS                                                                           \
    {                                                                                              \
        0, NULL                                                                                    \
    }
static inline void csp_forbid_new(PyTypeObject *type)
{
    type->tp_new = NULL;
}

/* In tp_dealloc: -1 if the object must stay. */
#define csp_finalize_first(op) PyObject_CallFinalizerFromDealloc(op)

#endif
