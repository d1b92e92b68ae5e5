/* Arguments of csocket's own methods, with errors that name them.  Methods that the standard
 * library also has raise its exceptions: args.c. */
#include "parameter.h"

#include <limits.h>

int csp_parameter_type(PyObject *object, const char *function, const char *name, const char *what)
{
    PyErr_Format(PyExc_TypeError, "%s(): %s must be %s, not %.100s", function, name, what,
                 object == Py_None ? "None" : Py_TYPE(object)->tp_name);
    return -1;
}

/* The object if it is an int, or its __index__() (new). */
static PyObject *index_of(PyObject *object, const char *function, const char *name)
{
    if (PyIndex_Check(object))
        return PyNumber_Index(object);
    csp_parameter_type(object, function, name, "an int");
    return NULL;
}

static int refuse_range(PyObject *number, const char *function, const char *name, Py_ssize_t least,
                        Py_ssize_t most)
{
    if (most == PY_SSIZE_T_MAX)
        PyErr_Format(PyExc_ValueError, "%s(): %s %S is out of range (%zd or more)", function, name,
                     number, least);
    else
        PyErr_Format(PyExc_ValueError, "%s(): %s %S is out of range (%zd-%zd)", function, name,
                     number, least, most);
    return -1;
}

int csp_parameter_size_slow(PyObject *object, const char *function, const char *name,
                            Py_ssize_t least, Py_ssize_t most, Py_ssize_t *size)
{
    PyObject *number = index_of(object, function, name);
    int n = -1;

    if (!number)
        return -1;
    *size = PyLong_AsSsize_t(number);
    if (*size == -1 && PyErr_Occurred()) { /* too many bytes for any buffer */
        PyErr_Clear();
        PyErr_Format(PyExc_OverflowError, "%s(): %s %S is out of range (%zd-%zd)", function, name,
                     number, least, most);
    } else {
        n = *size < least || *size > most ? refuse_range(number, function, name, least, most) : 0;
    }
    Py_DECREF(number);
    return n;
}

int csp_parameter_flags_slow(PyObject *object, const char *function, int *flags)
{
    PyObject *number;
    long small;
    int overflow;

    if (!(number = index_of(object, function, "flags")))
        return -1;
    small = PyLong_AsLongAndOverflow(number, &overflow);
    if (overflow || small < INT_MIN || small > INT_MAX)
        PyErr_Format(PyExc_OverflowError, "%s(): flags %S is out of range (%d to %d)", function,
                     number, INT_MIN, INT_MAX);
    *flags = (int)small;
    Py_DECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}

int csp_parameter_bytes(struct csp_bytes *bytes, PyObject *object, const char *function,
                        const char *name)
{
    if (csp_bytes_get(bytes, object) == 0)
        return 0;
    if (PyObject_CheckBuffer(object))
        return -1; /* for example, its bytes are not contiguous */
    PyErr_Clear();
    return csp_parameter_type(object, function, name, "a bytes-like object");
}

int csp_parameter_writable(Py_buffer *view, PyObject *object, const char *function,
                           const char *name)
{
    if (csp_get_buffer(object, view, PyBUF_WRITABLE) == 0)
        return 0;
    if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_BufferError))
        return -1;
    PyErr_Clear();
    return csp_parameter_type(object, function, name, "a read-write bytes-like object");
}
