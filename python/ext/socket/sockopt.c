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
    if (n == -EINVAL && csk_getsockopt_uint64(&self->s, level, name, &wide) == 0)
        return PyLong_FromUnsignedLongLong(wide);
    return csp_raise(self->state, n);
}

/* size bytes; input, unless it is NULL, is in the buffer when the kernel reads it. */
static PyObject *get_bytes(struct csp_socket *self, int level, int name, Py_ssize_t size,
                           const char *input)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    socklen_t got = (socklen_t)size;
    int n;

    if (!bytes)
        return NULL;
    if (input)
        memcpy(PyBytes_AS_STRING(bytes), input, (size_t)size);
    else
        memset(PyBytes_AS_STRING(bytes), 0, (size_t)size);
    n = csk_getsockopt(&self->s, level, name, PyBytes_AS_STRING(bytes), &got);
    if (n < 0) {
        Py_DECREF(bytes);
        return csp_raise(self->state, n);
    }
    /* Some options report the length that they need. */
    if ((Py_ssize_t)got < size)
        _PyBytes_Resize(&bytes, (Py_ssize_t)got);
    return bytes;
}

static PyObject *get_buffer(struct csp_socket *self, int level, int name, PyObject *object)
{
    PyObject *result;
    Py_buffer view;

    if (csp_get_buffer(object, &view, PyBUF_SIMPLE) < 0)
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

    if (csp_count("getsockopt", count, 2, 3) < 0 || csp_int(args[0], "level", &level) < 0 ||
        csp_int(args[1], "optname", &name) < 0)
        return NULL;
    if (count > 2 && !PyLong_Check(args[2]) && PyObject_CheckBuffer(args[2]))
        return get_buffer(self, level, name, args[2]);
    if (count > 2 && csp_int(args[2], "buflen", &size) < 0)
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

    if (size == (unsigned long)-1 && PyErr_Occurred()) {
        csp_named("optlen");
        return NULL;
    }
    return done(self, csk_setsockopt(&self->s, level, name, NULL, (socklen_t)size));
}

/* The catalogue's description of an option's numbers. */
struct number_kind {
    bool is_unsigned;
    size_t size;
};

static struct number_kind number_kind(struct csp_socket *self, int level, int name)
{
    const struct csk_option *option = csk_option_by_number(self->s.family, level, name,
                                                           CSK_OPTION_SET);
    const struct csk_layout *layout = option ? csk_option_layout(option, CSK_OPTION_SET) : NULL;
    const struct csk_field *field = layout && csk_layout_is_plain(layout)
                                        ? csk_layout_field(layout, 0)
                                        : NULL;
    struct number_kind kind = { false, sizeof(int) };

    if (!field)
        return kind;
    switch (csk_field_kind(field)) {
    case CSK_FIELD_UINT: return (struct number_kind){ true, csk_field_size(field) };
    case CSK_FIELD_INT: return (struct number_kind){ false, csk_field_size(field) };
    case CSK_FIELD_TIME:
        kind.is_unsigned = !(csk_field_flags(field) & CSK_FIELD_FLAG_SIGNED);
        return kind;
    default: return kind;
    }
}

/* The bits of a number, which may be negative: 0; -1, without an exception, if there are too
 * many. */
static int wide_bits(PyObject *object, bool *negative, uint64_t *bits)
{
    int overflow;
    long long n = csp_as_long_long(object, &overflow);

    *negative = overflow < 0 || (overflow == 0 && n < 0);
    *bits = overflow > 0 ? PyLong_AsUnsignedLongLong(object) : (uint64_t)n;
    if (overflow >= 0 && !PyErr_Occurred())
        return 0;
    PyErr_Clear();
    return -1;
}

/* A number beyond the range of int: for an unsigned option, or one of 64 bits. */
static PyObject *set_large(struct csp_socket *self, int level, int name, PyObject *object)
{
    struct number_kind kind = number_kind(self, level, name);
    const char *range = "-2147483648 to 2147483647";
    bool negative;
    uint64_t bits;

    if (kind.size == sizeof bits)
        range = kind.is_unsigned ? "0 to 18446744073709551615"
                                 : "-9223372036854775808 to 9223372036854775807";
    else if (kind.is_unsigned && kind.size == sizeof(int))
        range = "-2147483648 to 4294967295";
    if (wide_bits(object, &negative, &bits) == 0 && (!negative || !kind.is_unsigned)) {
        if (kind.size == sizeof bits && (kind.is_unsigned || negative || bits <= INT64_MAX))
            return done(self, csk_setsockopt_uint64(&self->s, level, name, bits));
        if (kind.is_unsigned && kind.size == sizeof(int) && bits <= UINT32_MAX)
            return done(self, csk_setsockopt_int(&self->s, level, name, (int)bits));
    }
    PyErr_Format(PyExc_OverflowError, "setsockopt(): value %S is out of range (%s)", object, range);
    return NULL;
}

/* A number that the kernel rejects as an int may be one of 64 bits. */
static PyObject *set_int(struct csp_socket *self, int level, int name, int value)
{
    int n = csk_setsockopt_int(&self->s, level, name, value);

    if (n == -EINVAL && csk_setsockopt_uint64(&self->s, level, name, (uint64_t)(int64_t)value) == 0)
        n = 0;
    return done(self, n);
}

static PyObject *set_number(struct csp_socket *self, int level, int name, PyObject *object)
{
    PyObject *index, *result;
    int value;

    if (csp_int(object, NULL, &value) == 0)
        return set_int(self, level, name, value);
    if (!PyErr_ExceptionMatches(PyExc_OverflowError)) {
        csp_named("value");
        return NULL;
    }
    PyErr_Clear();
    if (!(index = PyNumber_Index(object)))
        return NULL;
    result = set_large(self, level, name, index);
    Py_DECREF(index);
    return result;
}

static PyObject *set_value(struct csp_socket *self, int level, int name, PyObject *object)
{
    Py_buffer view;
    int n;

    if (PyIndex_Check(object))
        return set_number(self, level, name, object);
    if (CSP_NEW_SETSOCKOPT_ERRORS && !PyObject_CheckBuffer(object)) {
        PyErr_Format(PyExc_TypeError,
                     "value: socket option should be int, bytes-like object or None (got %.100s)",
                     Py_TYPE(object)->tp_name);
        return NULL;
    }
    if (csp_get_buffer(object, &view, PyBUF_SIMPLE) < 0 && csp_named("value") < 0)
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

    if (check_count(args, count) < 0 || csp_int(args[0], "level", &level) < 0 ||
        csp_int(args[1], "optname", &name) < 0)
        return NULL;
    if (count == 4)
        return set_null(self, level, name, args[3]);
    return set_value(self, level, name, args[2]);
}

bool csp_merges_datagrams(struct csp_socket *self)
{
    int64_t on = 0;

    return self->s.type == SOCK_DGRAM &&
           csk_option_get_number(&self->s, "UDP_GRO", &on, NULL) == 0 && on;
}

static const struct csp_function methods[] = {
    { CSP_FAST(sock_getsockopt),
      "getsockopt($self, level, optname, buflen=0, /)\n--\n\n"
      "Return a socket option: an int, or, with buflen, at most buflen bytes.\n\n"
      "buflen may also be a bytes-like object, for options that read the buffer before they\n"
      "fill it." },
    { CSP_FAST(sock_setsockopt),
      "setsockopt($self, level, optname, value, optlen=..., /)\n--\n\n"
      "Set a socket option to an int or bytes, or, with None and optlen, to a null pointer." },
    { NULL },
};

int csp_sockopt_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
