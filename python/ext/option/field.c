/* One field of an option's value, from Python to bytes. */
#include "option/options.h"

#include <math.h>
#include <string.h>

int csp_option_refuse(const struct csp_packing *packing, PyObject *type, PyObject *object)
{
    const struct csk_option *option = packing->option;
    char accepts[256];

    csk_option_accepts(option, packing->direction, accepts, sizeof accepts);
    if (type == PyExc_TypeError)
        PyErr_Format(type, "%s takes %s, not %.100s", option->name, accepts,
                     object == Py_None ? "None" : Py_TYPE(object)->tp_name);
    else
        PyErr_Format(type, "%s takes %s, not %R", option->name, accepts, object);
    return -1;
}

static bool is_address(const struct csk_optfield *field)
{
    return field->kind == CSK_OPT_IN_ADDR || field->kind == CSK_OPT_IN6_ADDR ||
           field->kind == CSK_OPT_SOCKADDR;
}

static bool is_time(const struct csk_optfield *field)
{
    return field->kind == CSK_OPT_TIME || field->kind == CSK_OPT_TIMEVAL;
}

/* Seconds as nanoseconds.  A number of the field's units that float only just misses is meant. */
static bool seconds_value(const struct csk_optfield *field, double seconds, struct csk_value *value)
{
    double scale = field->kind == CSK_OPT_TIME ? (double)field->scale : 1e3;
    double units = seconds * (1e9 / scale), whole = nearbyint(units);

    /* 2^63; what is no number is not less either. */
    if (!(fabs(seconds * 1e9) < 9223372036854775808.0))
        return false;
    value->kind = CSK_VALUE_INT;
    value->i = (int64_t)(seconds * 1e9);
    return fabs(units - whole) > 1e-9 + 1e-12 * fabs(units) ||
           !__builtin_mul_overflow((int64_t)whole, (int64_t)scale, &value->i);
}

/* A number of seconds, or what has total_seconds() as datetime.timedelta has. */
static int time_value(const struct csp_packing *packing, const struct csk_optfield *field,
                      PyObject *object, struct csk_value *value)
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
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            return csp_option_refuse(packing, PyExc_TypeError, object);
        if (!PyErr_ExceptionMatches(PyExc_OverflowError))
            return -1;
        PyErr_Clear();
        seconds = INFINITY;
    }
    if (!seconds_value(field, seconds, value))
        return csp_option_refuse(packing, PyExc_ValueError, object);
    return 0;
}

static int number_value(const struct csp_packing *packing, PyObject *object,
                        struct csk_value *value)
{
    PyObject *index = PyNumber_Index(object);
    int overflow;

    if (!index)
        return -1;
    value->kind = CSK_VALUE_INT;
    value->i = PyLong_AsLongLongAndOverflow(index, &overflow);
    if (overflow > 0) {
        value->kind = CSK_VALUE_UINT;
        value->u = PyLong_AsUnsignedLongLong(index);
        overflow = value->u == UINT64_MAX && PyErr_Occurred();
        PyErr_Clear();
    }
    Py_DECREF(index);
    if (overflow)
        return csp_option_refuse(packing, PyExc_ValueError, object);
    return value->i == -1 && PyErr_Occurred() ? -1 : 0;
}

/* What keeps a csk_value's text or bytes. */
struct keeper {
    PyObject *object;
    Py_buffer view; /* obj is NULL if it is not in use */
};

static int text_value(struct keeper *keeper, PyObject *text, struct csk_value *value)
{
    if (!text || !(keeper->object = PyUnicode_EncodeFSDefault(text)))
        return -1;
    value->kind = CSK_VALUE_TEXT;
    value->data = PyBytes_AS_STRING(keeper->object);
    value->size = (size_t)PyBytes_GET_SIZE(keeper->object);
    return 0;
}

/* Objects of ipaddress are written by str(). */
static int address_value(struct keeper *keeper, PyObject *object, struct csk_value *value)
{
    PyObject *text = PyObject_Str(object);
    int n = text_value(keeper, text, value);

    Py_XDECREF(text);
    return n;
}

/* Addresses, one str each, with commas between. */
static int addresses_value(struct keeper *keeper, PyObject *object, struct csk_value *value)
{
    PyObject *comma = PyUnicode_FromString(",");
    PyObject *text = comma ? PyUnicode_Join(comma, object) : NULL;
    int n = text_value(keeper, text, value);

    Py_XDECREF(comma);
    Py_XDECREF(text);
    return n;
}

static int bytes_value(struct keeper *keeper, PyObject *object, struct csk_value *value)
{
    if (PyObject_GetBuffer(object, &keeper->view, PyBUF_SIMPLE) < 0)
        return -1;
    value->kind = CSK_VALUE_BYTES;
    value->data = keeper->view.buf;
    value->size = (size_t)keeper->view.len;
    return 0;
}

/* A file's or a socket's own descriptor. */
static int descriptor_value(PyObject *object, struct csk_value *value)
{
    int fd = PyObject_AsFileDescriptor(object);

    value->kind = CSK_VALUE_INT;
    value->i = fd;
    return fd < 0 ? -1 : 0;
}

static int make_value(const struct csp_packing *packing, const struct csk_optfield *field,
                      PyObject *object, struct keeper *keeper, struct csk_value *value)
{
    if (PyUnicode_Check(object))
        return text_value(keeper, object, value);
    if (is_time(field))
        return time_value(packing, field, object, value);
    if (field->kind == CSK_OPT_BYTES || field->kind == CSK_OPT_FILTER ||
        field->kind == CSK_OPT_TEXT) {
        if (PyObject_CheckBuffer(object))
            return bytes_value(keeper, object, value);
    } else if (is_address(field)) {
        if (PyObject_HasAttrString(object, "packed"))
            return address_value(keeper, object, value);
    } else if (field->kind == CSK_OPT_SOCKADDRS) {
        return addresses_value(keeper, object, value);
    } else if (PyIndex_Check(object)) {
        return number_value(packing, object, value);
    } else if (field->kind == CSK_OPT_FD && PyObject_HasAttrString(object, "fileno")) {
        return descriptor_value(object, value);
    }
    return csp_option_refuse(packing, PyExc_TypeError, object);
}

int csp_field_pack(struct csp_packing *packing, unsigned field, size_t index, PyObject *object)
{
    const struct csk_optfield *f = &packing->layout->fields[field];
    struct keeper keeper = { NULL, { .obj = NULL } };
    struct csk_error found = { 0, "" }, error;
    struct csk_value value = { .kind = CSK_VALUE_NONE };
    int n = make_value(packing, f, object, &keeper, &value);

    if (n == 0) {
        n = csk_optvalue_set(packing->layout, field, index, packing->bytes, packing->size,
                             &packing->count, &value, &found);
        if (n < 0) {
            error.code = n;
            PyOS_snprintf(error.text, sizeof error.text, "%s %.180s", packing->option->name,
                          found.text);
            csp_raise_info(packing->state, n, &error);
        }
    }
    Py_XDECREF(keeper.object);
    if (keeper.view.obj)
        PyBuffer_Release(&keeper.view);
    return n < 0 ? -1 : 0;
}
