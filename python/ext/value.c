/* Conversion of field values from and to Python. */
#include "address.h"
#include "args.h"
#include "value.h"

#include <math.h>
#include <string.h>

void csp_value_release(struct csp_value_owner *owner)
{
    Py_CLEAR(owner->object);
    if (owner->view.obj)
        PyBuffer_Release(&owner->view);
}

/* From Python */

static int number_from(struct csk_value *value, PyObject *object)
{
    PyObject *index;
    bool too_large;

    if (csp_int64(object, &value->i, &too_large) < 0)
        return -1;
    value->kind = CSK_VALUE_INT;
    if (too_large && value->i < 0)
        return CSP_TOO_LARGE;
    if (too_large) {
        if (!(index = PyNumber_Index(object)))
            return -1;
        value->kind = CSK_VALUE_UINT;
        value->u = PyLong_AsUnsignedLongLong(index);
        Py_DECREF(index);
        if (value->u == UINT64_MAX && PyErr_Occurred()) {
            PyErr_Clear();
            return CSP_TOO_LARGE;
        }
    }
    return 0;
}

/* Seconds as nanoseconds.  The nearest number of the field's units, which the float may miss
 * slightly. */
static bool nanoseconds(const struct csk_field *field, double seconds, int64_t *ns)
{
    int64_t unit = csk_field_unit_ns(field);
    double units = seconds * (1e9 / (double)unit), whole = nearbyint(units);

    /* 2^63; the comparison is false for NaN, too. */
    if (!(fabs(seconds * 1e9) < 9223372036854775808.0))
        return false;
    *ns = (int64_t)(seconds * 1e9);
    return fabs(units - whole) > 1e-9 + 1e-12 * fabs(units) ||
           !__builtin_mul_overflow((int64_t)whole, unit, ns);
}

/* A number of seconds, or an object with total_seconds() such as datetime.timedelta. */
static int time_from(struct csk_value *value, const struct csk_field *field, PyObject *object)
{
    PyObject *given = NULL;
    double seconds;

    if (!PyFloat_Check(object) && !PyLong_Check(object) &&
        PyObject_HasAttrString(object, "total_seconds") &&
        !(given = PyObject_CallMethod(object, "total_seconds", NULL)))
        return -1;
    seconds = PyFloat_AsDouble(given ? given : object);
    Py_XDECREF(given);
    if (seconds == -1 && PyErr_Occurred()) {
        bool is_type_error = PyErr_ExceptionMatches(PyExc_TypeError);

        if (!is_type_error && !PyErr_ExceptionMatches(PyExc_OverflowError))
            return -1;
        PyErr_Clear();
        if (is_type_error)
            return CSP_WRONG_KIND;
        seconds = INFINITY;
    }
    if (isnan(seconds)) { /* the core explains why it is not a time */
        *value = (struct csk_value){ .kind = CSK_VALUE_TEXT, .data = "nan", .size = 3 };
        return 0;
    }
    value->kind = CSK_VALUE_INT;
    if (!nanoseconds(field, seconds, &value->i))
        value->i = seconds < 0 ? INT64_MIN : INT64_MAX;
    return 0;
}

static int buffer_from(struct csk_value *value, struct csp_value_owner *owner, PyObject *object)
{
    if (csp_get_buffer(object, &owner->view, PyBUF_SIMPLE) < 0)
        return -1;
    value->kind = CSK_VALUE_BYTES;
    value->data = owner->view.buf;
    value->size = (size_t)owner->view.len;
    return 0;
}

/* A str in the file system's encoding, as for names of files and interfaces, or bytes. */
static int text_from(struct csk_value *value, struct csp_value_owner *owner, PyObject *object)
{
    if (!PyUnicode_Check(object))
        return buffer_from(value, owner, object);
    if (!(owner->object = PyUnicode_EncodeFSDefault(object)))
        return -1;
    value->kind = CSK_VALUE_TEXT;
    value->data = PyBytes_AS_STRING(owner->object);
    value->size = (size_t)PyBytes_GET_SIZE(owner->object);
    return 0;
}

static int path_from(struct csk_value *value, struct csp_value_owner *owner, PyObject *object)
{
    PyObject *path;
    int n;

    if (PyUnicode_Check(object) || PyObject_CheckBuffer(object) ||
        !PyObject_HasAttrString((PyObject *)Py_TYPE(object), "__fspath__"))
        return text_from(value, owner, object);
    if (!(path = PyOS_FSPath(object)))
        return -1;
    n = text_from(value, owner, path);
    /* A buffer keeps its own reference, and a str has been encoded. */
    Py_DECREF(path);
    return n;
}

static int host_from(struct csk_value *value, struct csp_value_owner *owner, PyObject *object)
{
    Py_ssize_t size;

    if (csp_host(object, false, &owner->object, &value->data, &size) < 0)
        return -1;
    value->kind = CSK_VALUE_TEXT;
    value->size = (size_t)size;
    return 0;
}

/* The text of an object (stolen; may be NULL). */
static int text_of(struct csk_value *value, struct csp_value_owner *owner, PyObject *stolen)
{
    int n = stolen ? text_from(value, owner, stolen) : -1;

    Py_XDECREF(stolen);
    return n;
}

/* Objects of ipaddress are formatted by str(). */
static int address_from(struct csk_value *value, struct csp_value_owner *owner, PyObject *object)
{
    if (!PyObject_HasAttrString(object, "packed"))
        return CSP_WRONG_KIND;
    return text_of(value, owner, PyObject_Str(object));
}

/* Addresses, one str each, separated by commas. */
static int addresses_from(struct csk_value *value, struct csp_value_owner *owner, PyObject *object)
{
    PyObject *comma = PyUnicode_FromString(",");
    int n = comma ? text_of(value, owner, PyUnicode_Join(comma, object)) : -1;

    Py_XDECREF(comma);
    return n;
}

/* The descriptor of a file or a socket. */
static int descriptor_from(struct csk_value *value, PyObject *object)
{
    int fd = PyObject_AsFileDescriptor(object);

    value->kind = CSK_VALUE_INT;
    value->i = fd;
    return fd < 0 ? -1 : 0;
}

/* Kinds for which an object other than a str is the value itself: values of options. */
static int object_from(struct csk_value *value, struct csp_value_owner *owner,
                       const struct csk_field *field, PyObject *object)
{
    switch (csk_field_kind(field)) {
    case CSK_FIELD_TIME:
    case CSK_FIELD_TIMEVAL: return time_from(value, field, object);
    case CSK_FIELD_BYTES:
    case CSK_FIELD_FILTER:
    case CSK_FIELD_TEXT:
        return PyObject_CheckBuffer(object) ? buffer_from(value, owner, object) : CSP_WRONG_KIND;
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR:
    case CSK_FIELD_SOCKADDR: return address_from(value, owner, object);
    case CSK_FIELD_SOCKADDRS: return addresses_from(value, owner, object);
    case CSK_FIELD_FD:
        if (!PyIndex_Check(object) && PyObject_HasAttrString(object, "fileno"))
            return descriptor_from(value, object);
        break;
    default: break;
    }
    return PyIndex_Check(object) ? number_from(value, object) : CSP_WRONG_KIND;
}

int csp_value_from(struct csk_value *value, struct csp_value_owner *owner,
                   const struct csk_field *field, PyObject *object, bool as_text)
{
    if (as_text)
        return PyUnicode_Check(object) ? text_from(value, owner, object)
                                       : object_from(value, owner, field, object);
    switch (csk_field_kind(field)) {
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT: return number_from(value, object);
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR: return host_from(value, owner, object);
    case CSK_FIELD_PATH: return path_from(value, owner, object);
    case CSK_FIELD_BYTES:
        return PyLong_Check(object) ? number_from(value, object)
                                    : buffer_from(value, owner, object);
    case CSK_FIELD_IFNAME:
    case CSK_FIELD_CONTROL:
        if (PyLong_Check(object))
            return number_from(value, object);
        break;
    default: break;
    }
    return text_from(value, owner, object);
}

int csp_refuse_large(const struct csk_field *field, PyObject *object)
{
    size_t bits = 8 * csk_field_size(field);
    uint64_t most = bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
    char digits[CSP_DIGITS_SIZE];
    int64_t min = 0, max;

    if (csk_field_range(field, &min, &max))
        most = (uint64_t)max;
    else if (csk_field_kind(field) == CSK_FIELD_INT) {
        most >>= 1;
        min = -(int64_t)most - 1;
    }
    PyErr_Format(PyExc_OverflowError, "%s%s%s is out of range (%lld%s%llu)", csk_field_name(field),
                 csk_field_name(field)[0] ? " " : "", csp_digits(object, digits), (long long)min,
                 min < 0 ? " to " : "-", (unsigned long long)most);
    return -1;
}

/* To Python */

PyObject *csp_ascii(const char *text, size_t size)
{
    PyObject *str = PyUnicode_New((Py_ssize_t)size, 127);

    if (str)
        memcpy(PyUnicode_1BYTE_DATA(str), text, size);
    return str;
}

/* Eight bytes at a time, the last ones perhaps twice: most texts are short, and ASCII. */
static bool is_ascii(const char *text, size_t size)
{
    uint64_t word, bits = 0;
    size_t i;

    if (size < sizeof word) {
        for (i = 0; i < size; i++)
            bits |= (unsigned char)text[i];
        return !(bits & 0x80);
    }
    for (i = 0; i + sizeof word < size; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        bits |= word;
    }
    memcpy(&word, text + size - sizeof word, sizeof word);
    return !((bits | word) & UINT64_C(0x8080808080808080));
}

/* In every encoding of file names ASCII is unchanged. */
PyObject *csp_text_to(const char *text, size_t size)
{
    if (is_ascii(text, size))
        return csp_ascii(text, size);
    return PyUnicode_DecodeFSDefaultAndSize(text, (Py_ssize_t)size);
}

static PyObject *text_to(const struct csk_value *value, const struct csk_field *field)
{
    size_t size = value->size;
    const char *end;

    if (field && csk_field_kind(field) == CSK_FIELD_TEXT && (end = memchr(value->data, '\0', size)))
        size = (size_t)(end - value->data);
    return csp_text_to(value->data, size);
}

static PyObject *number_to(const struct csk_value *value, const struct csk_field *field)
{
    switch (field ? csk_field_kind(field) : CSK_FIELD_INT) {
    case CSK_FIELD_BOOL: return PyBool_FromLong(value->i != 0);
    case CSK_FIELD_TIME:
    case CSK_FIELD_TIMEVAL:
        /* A float cannot represent the nanoseconds of a date. */
        if (csk_field_kind(field) == CSK_FIELD_TIMEVAL && csk_field_unit_ns(field) == 1)
            return PyLong_FromLongLong(value->i);
        return PyFloat_FromDouble((double)value->i / 1e9);
    default:
        return value->i == (long)value->i ? PyLong_FromLong((long)value->i)
                                          : PyLong_FromLongLong(value->i);
    }
}

PyObject *csp_value_to(const struct csk_value *value, const struct csk_field *field)
{
    switch (value->kind) {
    case CSK_VALUE_INT: return number_to(value, field);
    case CSK_VALUE_UINT: return PyLong_FromUnsignedLongLong(value->u);
    case CSK_VALUE_BYTES: return PyBytes_FromStringAndSize(value->data, (Py_ssize_t)value->size);
    case CSK_VALUE_TEXT: return text_to(value, field);
    default: Py_RETURN_NONE;
    }
}
