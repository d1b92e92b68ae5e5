/* getsockopt and setsockopt. */
#include "args.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static PyObject *get_int(struct csp_socket *self, int level, int name)
{
    int value, n = csk_getsockopt_int(&self->s, level, name, &value);
    uint64_t wide;

    if (n >= 0)
        return PyLong_FromLong(value);
    if (n == -EINVAL && csk_getsockopt_wide(&self->s, level, name, &wide) == 0)
        return PyLong_FromUnsignedLongLong(wide);
    return csp_raise(self->state, n);
}

/* size bytes; where before is given, the kernel finds them in the buffer. */
static PyObject *get_bytes(struct csp_socket *self, int level, int name, Py_ssize_t size,
                           const char *before)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    socklen_t got = (socklen_t)size;
    int n;

    if (!bytes)
        return NULL;
    if (before)
        memcpy(PyBytes_AS_STRING(bytes), before, (size_t)size);
    else
        memset(PyBytes_AS_STRING(bytes), 0, (size_t)size);
    n = csk_getsockopt(&self->s, level, name, PyBytes_AS_STRING(bytes), &got);
    if (n < 0) {
        Py_DECREF(bytes);
        return csp_raise(self->state, n);
    }
    /* Some options say how long they would be. */
    if ((Py_ssize_t)got < size)
        _PyBytes_Resize(&bytes, (Py_ssize_t)got);
    return bytes;
}

static PyObject *get_buffer(struct csp_socket *self, int level, int name, PyObject *object)
{
    PyObject *result;
    Py_buffer view;

    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    result = get_bytes(self, level, name, view.len, view.buf);
    PyBuffer_Release(&view);
    return result;
}

/* (level, optname[, buflen or buffer]) */
static PyObject *sock_getsockopt(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    int level, name, size = 0;

    if (csp_count("getsockopt", count, 2, 3) < 0 || csp_int(args[0], &level) < 0 ||
        csp_int(args[1], &name) < 0)
        return NULL;
    if (count > 2 && !PyLong_Check(args[2]) && PyObject_CheckBuffer(args[2]))
        return get_buffer(self, level, name, args[2]);
    if (count > 2 && csp_int(args[2], &size) < 0)
        return NULL;
    if (size == 0)
        return get_int(self, level, name);
    if (size < 0) {
        PyErr_SetString(PyExc_OSError, "getsockopt buflen out of range");
        return NULL;
    }
    return get_bytes(self, level, name, size, NULL);
}

static PyObject *done(struct csp_socket *self, int n)
{
    if (n < 0)
        return csp_raise(self->state, n);
    Py_RETURN_NONE;
}

/* A null pointer, with a length. */
static PyObject *set_null(struct csp_socket *self, int level, int name, PyObject *length)
{
    unsigned long size = PyLong_AsUnsignedLongMask(length);

    if (size == (unsigned long)-1 && PyErr_Occurred())
        return NULL;
    return done(self, csk_setsockopt(&self->s, level, name, NULL, (socklen_t)size));
}

/* 1: an int; 0: none; -1 with an exception.  An int too large was an error of another class once.
 */
static int read_int(PyObject *object, int *value)
{
    if (!PyIndex_Check(object))
        return 0;
    if (csp_int(object, value) == 0)
        return 1;
    if (CSP_NEW_SETSOCKOPT_ERRORS || !PyErr_ExceptionMatches(PyExc_OverflowError))
        return -1;
    PyErr_Clear();
    return 0;
}

/* What the kernel refuses as an int may be a number of 64 bits: 0, or the first error. */
static int set_wide(struct csp_socket *self, int level, int name, PyObject *object, int first)
{
    uint64_t wide = PyLong_Check(object) ? PyLong_AsUnsignedLongLongMask(object) : 0;

    if (PyLong_Check(object) && csk_setsockopt_wide(&self->s, level, name, wide) == 0)
        return 0;
    return first;
}

static PyObject *set_int(struct csp_socket *self, int level, int name, PyObject *object, int value)
{
    int n = csk_setsockopt_int(&self->s, level, name, value);

    return done(self, n == -EINVAL ? set_wide(self, level, name, object, n) : n);
}

static PyObject *set_value(struct csp_socket *self, int level, int name, PyObject *object)
{
    Py_buffer view;
    int value, n = read_int(object, &value);

    if (n <= 0 && PyLong_Check(object) && set_wide(self, level, name, object, -EINVAL) == 0) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    if (n < 0)
        return NULL;
    if (n > 0)
        return set_int(self, level, name, object, value);
    if (CSP_NEW_SETSOCKOPT_ERRORS && !PyObject_CheckBuffer(object)) {
        PyErr_Format(PyExc_TypeError,
                     "socket option should be int, bytes-like object or None (got %.100s)",
                     Py_TYPE(object)->tp_name);
        return NULL;
    }
    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    if (view.len > INT_MAX) {
        PyErr_Format(PyExc_OverflowError, "socket option is larger than %i bytes", INT_MAX);
        n = CSK_EINTERRUPTED;
    } else {
        n = csk_setsockopt(&self->s, level, name, view.buf, (socklen_t)view.len);
    }
    PyBuffer_Release(&view);
    return done(self, n);
}

static int check_count(PyObject *const *args, Py_ssize_t count)
{
    bool null = count > 2 && args[2] == Py_None;

    if (!CSP_NEW_SETSOCKOPT_ERRORS)
        return count == 4 && null ? 0 : csp_count("setsockopt", count, 3, 3);
    if (csp_count("setsockopt", count, 3, 4) < 0)
        return -1;
    if ((count == 4) == null)
        return 0;
    if (null)
        PyErr_SetString(PyExc_TypeError,
                        "setsockopt() requires 4 arguments when the third argument is None");
    else
        PyErr_Format(PyExc_TypeError,
                     "setsockopt() only takes 4 arguments when the third argument is None "
                     "(got %.100s)",
                     Py_TYPE(args[2])->tp_name);
    return -1;
}

/* (level, optname, int or buffer), (level, optname, None, length) */
static PyObject *sock_setsockopt(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    int level, name;

    if (check_count(args, count) < 0 || csp_int(args[0], &level) < 0 || csp_int(args[1], &name) < 0)
        return NULL;
    if (count == 4)
        return set_null(self, level, name, args[3]);
    return set_value(self, level, name, args[2]);
}

static const struct csp_function methods[] = {
    { CSP_FAST(sock_getsockopt),
      "getsockopt($self, level, optname, buflen=0, /)\n--\n\n"
      "A socket option: an int, or with buflen at most so many bytes.\n\n"
      "In the place of buflen may stand a bytes-like object, for options that read the buffer\n"
      "before they fill it." },
    { CSP_FAST(sock_setsockopt),
      "setsockopt($self, level, optname, value, optlen=..., /)\n--\n\n"
      "Set a socket option to an int or to bytes; with None and optlen, to a null pointer." },
    { NULL },
};

int csp_opt_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
