/* The differences between interpreters are here, so that no other file depends on a version.
 * cpython.h contains code that uses CPython's structs, pypy.h the same for PyPy. */
#ifndef CSP_COMPAT_H
#define CSP_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <frameobject.h>
#include <structmember.h>

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>

#ifdef Py_GIL_DISABLED
#define CSP_HAS_GIL 0
#else
#define CSP_HAS_GIL 1
#endif

#ifdef PYPY_VERSION
#include "pypy.h"
#else
#include "cpython.h"
#endif

#if PY_VERSION_HEX < 0x030A0000
#define CSP_IMMUTABLE_TYPE 0
/* From 3.10 a float is not accepted as an integer here either, with the interpreter's message. */
#define CSP_FLOAT_IS_AN_OLD_ERROR 1
#define CSP_TIMEOUT_IS_OUR_OWN 1

/* htons(65536) was 0, with a warning. */
#define CSP_TRUNCATES_16_BITS 1

static inline PyObject *csp_new_ref(PyObject *object)
{
    Py_XINCREF(object);
    return object;
}
#define Py_NewRef(object) csp_new_ref((PyObject *)(object))
#define Py_XNewRef(object) csp_new_ref((PyObject *)(object))
#else
#define CSP_IMMUTABLE_TYPE Py_TPFLAGS_IMMUTABLETYPE
#define CSP_FLOAT_IS_AN_OLD_ERROR 0
#define CSP_TIMEOUT_IS_OUR_OWN 0
#define CSP_TRUNCATES_16_BITS 0
#endif

#if PY_VERSION_HEX < 0x030C0000
#define CSP_VECTORCALL_TYPE _Py_TPFLAGS_HAVE_VECTORCALL
#else
#define CSP_VECTORCALL_TYPE Py_TPFLAGS_HAVE_VECTORCALL
#endif

/* 3.14 has another message for unsigned numbers, and another class for negative ones. */
#if PY_VERSION_HEX >= 0x030E0000
#define CSP_NEW_UNSIGNED_ERRORS 1
#else
#define CSP_NEW_UNSIGNED_ERRORS 0
#endif

#if PY_VERSION_HEX >= 0x030F0000
#define CSP_NEW_SETSOCKOPT_ERRORS 1
#define CSP_NEW_COUNT_ERRORS 1
#else
#define CSP_NEW_SETSOCKOPT_ERRORS 0
#define CSP_NEW_COUNT_ERRORS 0
#endif

#if PY_VERSION_HEX >= 0x030D0000
#define CSP_NEW_KEYWORD_ERRORS 1
#else
#define CSP_NEW_KEYWORD_ERRORS 0
#endif

/* setblocking used to accept only integers; now it accepts any truth value. */
#if PY_VERSION_HEX >= 0x030C0000
#define CSP_SETBLOCKING_TAKES_ANY 1
#else
#define CSP_SETBLOCKING_TAKES_ANY 0
#endif

/* The error message for a timeout that is not a number. */
#if PY_VERSION_HEX >= 0x030F0000
#define CSP_TIMEOUT_IS_ANY_REAL 1
#else
#define CSP_TIMEOUT_IS_ANY_REAL 0
#endif

#if PY_VERSION_HEX >= 0x030E0000
#define CSP_TIMEOUT_ERROR_NAMES_FLOAT 1
#else
#define CSP_TIMEOUT_ERROR_NAMES_FLOAT 0
#endif

/* The interpreter's message for a timeout too large for an int64_t of nanoseconds.  It changed
 * within 3.11: Debian 12's 3.11.2 has the old one, 3.11.7 the new one. */
#if PY_VERSION_HEX >= 0x030E0000
#define CSP_TIME_INT_ERROR "timestamp out of range for C PyTime_t"
#define CSP_TIME_FLOAT_ERROR CSP_TIME_INT_ERROR
#elif PY_VERSION_HEX >= 0x030D0000
#define CSP_TIME_INT_ERROR "timestamp too large to convert to C PyTime_t"
#define CSP_TIME_FLOAT_ERROR "timestamp out of range for platform time_t"
#elif PY_VERSION_HEX >= 0x030B0300
#define CSP_TIME_INT_ERROR "timestamp too large to convert to C _PyTime_t"
#define CSP_TIME_FLOAT_ERROR "timestamp out of range for platform time_t"
#else
#define CSP_TIME_INT_ERROR "timestamp too large to convert to C _PyTime_t"
#define CSP_TIME_FLOAT_ERROR CSP_TIME_INT_ERROR
#endif

/* An exception that is saved while other code runs. */
#if PY_VERSION_HEX >= 0x030C0000
struct csp_saved_exception {
    PyObject *exception;
};

static inline void csp_save_exception(struct csp_saved_exception *saved)
{
    saved->exception = PyErr_GetRaisedException();
}

static inline void csp_restore_exception(struct csp_saved_exception *saved)
{
    PyErr_SetRaisedException(saved->exception);
}

static inline void csp_discard_exception(struct csp_saved_exception *saved)
{
    Py_CLEAR(saved->exception);
}

static inline PyObject *csp_saved_value(struct csp_saved_exception *saved)
{
    return saved->exception;
}

/* Whether it passed through code in Python. */
static inline bool csp_saved_traceback(struct csp_saved_exception *saved)
{
    return ((PyBaseExceptionObject *)saved->exception)->traceback != NULL;
}
#else
struct csp_saved_exception {
    PyObject *type, *value, *traceback;
};

static inline void csp_save_exception(struct csp_saved_exception *saved)
{
    PyErr_Fetch(&saved->type, &saved->value, &saved->traceback);
}

static inline void csp_restore_exception(struct csp_saved_exception *saved)
{
    PyErr_Restore(saved->type, saved->value, saved->traceback);
}

static inline void csp_discard_exception(struct csp_saved_exception *saved)
{
    Py_CLEAR(saved->type);
    Py_CLEAR(saved->value);
    Py_CLEAR(saved->traceback);
}

static inline PyObject *csp_saved_value(struct csp_saved_exception *saved)
{
    PyErr_NormalizeException(&saved->type, &saved->value, &saved->traceback);
    return saved->value;
}

static inline bool csp_saved_traceback(struct csp_saved_exception *saved)
{
    return saved->traceback != NULL;
}
#endif

/* errno of the OSError that is set, and stays set; 0 if there is none. */
static inline long csp_current_errno(void)
{
    struct csp_saved_exception saved;
    PyObject *number;
    long n;

    if (!PyErr_ExceptionMatches(PyExc_OSError))
        return 0;
    csp_save_exception(&saved);
    number = PyObject_GetAttrString(csp_saved_value(&saved), "errno");
    n = number && PyLong_Check(number) ? PyLong_AsLong(number) : 0;
    Py_XDECREF(number);
    PyErr_Clear();
    csp_restore_exception(&saved);
    return n;
}

/* The module that made a type or one of its bases (borrowed). */
#if PY_VERSION_HEX >= 0x030B0000
static inline PyObject *csp_module_of_type(PyTypeObject *type, PyModuleDef *def)
{
    return PyType_GetModuleByDef(type, def);
}
#else
static inline PyObject *csp_module_of_type(PyTypeObject *type, PyModuleDef *def)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(type->tp_mro, i);
        PyObject *module = base->tp_flags & Py_TPFLAGS_HEAPTYPE
                               ? ((PyHeapTypeObject *)base)->ht_module
                               : NULL;

        if (module && PyModule_GetDef(module) == def)
            return module;
    }
    return NULL;
}
#endif

/* The item of a dict with that name (new), safe against changes by other threads; NULL without an
 * exception if it is missing. */
#if PY_VERSION_HEX >= 0x030D0000
static inline PyObject *csp_dict_get(PyObject *dict, PyObject *name)
{
    PyObject *value;

    if (PyDict_GetItemRef(dict, name, &value) < 0)
        PyErr_Clear();
    return value;
}
#else
static inline PyObject *csp_dict_get(PyObject *dict, PyObject *name)
{
    PyObject *value = PyDict_GetItemWithError(dict, name);

    if (!value)
        PyErr_Clear();
    return Py_XNewRef(value);
}
#endif

/* Let a capsule take part in garbage collection, as the original's does from 3.13.  The function
 * exists for _socket and is not guaranteed: it may be missing. */
#if PY_VERSION_HEX >= 0x030D0000
__attribute__((weak)) int _PyCapsule_SetTraverse(PyObject *, traverseproc, inquiry);

static inline int csp_track_capsule(PyObject *capsule, traverseproc traverse, inquiry clear)
{
    return _PyCapsule_SetTraverse ? _PyCapsule_SetTraverse(capsule, traverse, clear) : 0;
}
#else
static inline int csp_track_capsule(PyObject *capsule, traverseproc traverse, inquiry clear)
{
    (void)capsule, (void)traverse, (void)clear;
    return 0;
}
#endif

/* Whether strerror's strings are untranslated in the thread's locale, as they are unless the
 * program called setlocale.  Without a GIL another thread may be calling it. */
#if defined _NL_LOCALE_NAME && CSP_HAS_GIL
static inline bool csp_is_untranslated(void)
{
    return strcmp(nl_langinfo(_NL_LOCALE_NAME(LC_MESSAGES)), "C") == 0;
}
#else
static inline bool csp_is_untranslated(void)
{
    return false;
}
#endif

/* A thread-local variable. glibc reserves space for a few in every thread, so that the extension
 * can access them directly; other systems refuse to load such an extension. */
#ifdef CSK_HAVE_STATIC_TLS_SURPLUS
#define CSP_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define CSP_THREAD_LOCAL __thread
#endif

/* Two threads run Python code at the same time. */
#ifdef Py_GIL_DISABLED
#define CSP_FREE_THREADED 1
#else
#define CSP_FREE_THREADED 0
#endif

/* A lock on an object, which costs time only without a GIL. */
#if CSP_FREE_THREADED
#define CSP_LOCKED(object) Py_BEGIN_CRITICAL_SECTION(object)
#define CSP_UNLOCKED() Py_END_CRITICAL_SECTION()
#else
#define CSP_LOCKED(object)                                                                         \
    {                                                                                              \
        (void)(object);
#define CSP_UNLOCKED() }
#endif

#if PY_VERSION_HEX >= 0x030D0000
#define CSP_GIL_SLOT { Py_mod_gil, Py_MOD_GIL_NOT_USED },
#else
#define CSP_GIL_SLOT
#endif

#if PY_VERSION_HEX >= 0x030C0000
#define CSP_INTERPRETERS_SLOT                                                                      \
    { Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED },
#else
#define CSP_INTERPRETERS_SLOT
#endif

#endif
