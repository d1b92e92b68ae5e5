/* Arguments: numbers, timeouts, names and buffers, with the interpreter's own messages for invalid
 * ones. */
#include "args.h"

#include <limits.h>
#include <math.h>
#include <string.h>

int csp_wrong_count(const char *function, Py_ssize_t given, Py_ssize_t min, Py_ssize_t max)
{
    Py_ssize_t bound = given < min ? min : max;

    PyErr_Format(PyExc_TypeError, "%s() takes %s %zd argument%s (%zd given)", function,
                 min == max    ? "exactly"
                 : given < min ? "at least"
                               : "at most",
                 bound, bound == 1 ? "" : "s", given);
    return -1;
}

static int unknown_keyword(const struct csp_signature *signature, PyObject *name)
{
    if (CSP_NEW_KEYWORD_ERRORS)
        PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%S'",
                     signature->function, name);
    else
        PyErr_Format(PyExc_TypeError, "'%S' is an invalid keyword argument for %s()", name,
                     signature->function);
    return -1;
}

struct keyword {
    char text[sizeof(((struct csp_signature *)0)->keywords)];
};

/* A keyword by its index.  A copy, because PyErr_Format does not support "%.*s" before 3.12. */
static struct keyword keyword_at(const struct csp_signature *signature, Py_ssize_t index)
{
    const char *from = signature->keywords;
    struct keyword keyword = { "" };

    for (; index > 0; index--)
        from = strchr(from, ' ') + 1;
    memcpy(keyword.text, from, strcspn(from, " "));
    return keyword;
}

/* The index of a keyword, or -1. */
static Py_ssize_t keyword_index(const struct csp_signature *signature, PyObject *name)
{
    const char *keyword = signature->keywords, *text;
    Py_ssize_t size, length;

    if (!PyUnicode_IS_ASCII(name))
        return -1;
    text = PyUnicode_DATA(name);
    size = PyUnicode_GET_LENGTH(name);
    for (Py_ssize_t i = 0; i < signature->max; i++) {
        length = (Py_ssize_t)strcspn(keyword, " ");
        if (length == size && memcmp(keyword, text, (size_t)size) == 0)
            return i;
        keyword += length + 1;
    }
    return -1;
}

static int put_keyword(const struct csp_signature *signature, PyObject *name, PyObject *value,
                       PyObject **values)
{
    Py_ssize_t place;

    /* type.__call__ passes a dict unchanged. */
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "keywords must be strings");
        return -1;
    }
    place = keyword_index(signature, name);
    if (place < 0)
        return unknown_keyword(signature, name);
    if (values[place]) {
        PyErr_Format(PyExc_TypeError, "argument for %s() given by name ('%s') and position (%zd)",
                     signature->function, keyword_at(signature, place).text, place + 1);
        return -1;
    }
    values[place] = value;
    return 0;
}

/* The positional ones first. */
static int put_positional(const struct csp_signature *signature, PyObject *const *args,
                          Py_ssize_t count, Py_ssize_t named, PyObject **values)
{
    if (count + named > signature->max) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most %zd %sargument%s (%zd given)",
                     signature->function, signature->max, count ? "" : "keyword ",
                     signature->max == 1 ? "" : "s", count + named);
        return -1;
    }
    for (Py_ssize_t i = 0; i < signature->max; i++)
        values[i] = i < count ? args[i] : NULL;
    return 0;
}

/* Arguments before `from` were passed by position. */
static int check_required(const struct csp_signature *signature, Py_ssize_t from, PyObject **values)
{
    for (Py_ssize_t i = from; i < signature->min; i++) {
        if (!values[i]) {
            PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %zd)",
                         signature->function, keyword_at(signature, i).text, i + 1);
            return -1;
        }
    }
    return 0;
}

int csp_arguments(const struct csp_signature *signature, PyObject *const *args, Py_ssize_t count,
                  PyObject *names, PyObject **values)
{
    Py_ssize_t named = names ? PyTuple_GET_SIZE(names) : 0;

    if (put_positional(signature, args, count, named, values) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < named; i++)
        if (put_keyword(signature, PyTuple_GET_ITEM(names, i), args[count + i], values) < 0)
            return -1;
    return check_required(signature, count, values);
}

int csp_tuple_arguments(const struct csp_signature *signature, PyObject *args, PyObject *kwargs,
                        PyObject **values)
{
    Py_ssize_t named = kwargs ? PyDict_GET_SIZE(kwargs) : 0, at = 0;
    PyObject *name, *value;

    if (put_positional(signature, ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), named,
                       values) < 0)
        return -1;
    while (named && PyDict_Next(kwargs, &at, &name, &value))
        if (put_keyword(signature, name, value, values) < 0)
            return -1;
    return check_required(signature, PyTuple_GET_SIZE(args), values);
}

PyObject *csp_call_type(PyTypeObject *type, PyObject *const *args, Py_ssize_t count,
                        PyObject *names)
{
    Py_ssize_t named = names ? PyTuple_GET_SIZE(names) : 0, i;
    PyObject *tuple = PyTuple_New(count), *dict = PyDict_New(), *result = NULL;
    int n = tuple && dict ? 0 : -1;

    for (i = 0; n == 0 && i < count; i++)
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
    for (i = 0; n == 0 && i < named; i++)
        n = PyDict_SetItem(dict, PyTuple_GET_ITEM(names, i), args[count + i]);
    if (n == 0)
        result = PyType_Type.tp_call((PyObject *)type, tuple, dict);
    Py_XDECREF(tuple);
    Py_XDECREF(dict);
    return result;
}

static int refuse_float(PyObject *object)
{
    if (!CSP_FLOAT_IS_AN_OLD_ERROR || !PyFloat_Check(object))
        return 0;
    PyErr_SetString(PyExc_TypeError, "integer argument expected, got float");
    return -1;
}

const char *csp_digits(PyObject *object, char digits[CSP_DIGITS_SIZE])
{
    PyObject *index = PyNumber_Index(object);
    PyObject *repr = index ? PyLong_Type.tp_repr(index) : NULL;
    const char *text = repr ? PyUnicode_AsUTF8(repr) : NULL;
    int size = CSP_DIGITS_SIZE - (int)sizeof "...";

    /* From 3.11 on Python refuses to print integers of thousands of digits. */
    if (!text)
        PyErr_Clear();
    if (text && strlen(text) <= (size_t)size)
        PyOS_snprintf(digits, CSP_DIGITS_SIZE, "%s", text);
    else if (text)
        PyOS_snprintf(digits, CSP_DIGITS_SIZE, "%.*s...", size, text);
    else
        PyOS_snprintf(digits, CSP_DIGITS_SIZE, "a number of very many digits");
    Py_XDECREF(repr);
    Py_XDECREF(index);
    return digits;
}

/* Whether the set exception's text may be about a value. */
static bool is_about_value(PyObject *exception)
{
    PyObject *type = (PyObject *)Py_TYPE(exception);

    return type == PyExc_TypeError || type == PyExc_ValueError || type == PyExc_OverflowError;
}

void csp_put_name(const char *name)
{
    struct csp_saved_exception saved;
    PyObject *value;

    csp_save_exception(&saved);
    value = csp_saved_value(&saved);
    /* Code in Python, an __index__ for example, leaves a traceback. */
    if (csp_saved_traceback(&saved) || !is_about_value(value)) {
        csp_restore_exception(&saved);
        return;
    }
    PyErr_Format((PyObject *)Py_TYPE(value), "%s: %S", name, value);
    csp_discard_exception(&saved);
}

static int refuse(const char *name)
{
    return name ? csp_named(name) : -1;
}

/* The words of the standard library's functions, then the number and its range. */
static int refuse_number(const char *text, PyObject *object, const char *name)
{
    char digits[CSP_DIGITS_SIZE];

    PyErr_Format(PyExc_OverflowError, "%s: %s is out of range (%d to %d)", text,
                 csp_digits(object, digits), INT_MIN, INT_MAX);
    return refuse(name);
}

int csp_int_slow(PyObject *object, const char *name, int *number)
{
    int overflow;
    long n;

    if (refuse_float(object) < 0)
        return refuse(name);
    n = csp_as_long(object, &overflow);
    if (n == -1 && !overflow && PyErr_Occurred())
        return refuse(name);
    if (overflow)
        return refuse_number("Python int too large to convert to C long", object, name);
    if (n > INT_MAX)
        return refuse_number("signed integer is greater than maximum", object, name);
    if (n < INT_MIN)
        return refuse_number("signed integer is less than minimum", object, name);
    *number = (int)n;
    return 0;
}

int csp_plain_int(PyObject *object, const char *name, int *number)
{
    bool too_large;
    int64_t n;

    if (csp_int64(object, &n, &too_large) < 0)
        return refuse(name);
    if (n > INT_MAX || n < INT_MIN)
        return refuse_number("Python int too large to convert to C int", object, name);
    *number = (int)n;
    return 0;
}

int csp_size_slow(PyObject *object, const char *name, Py_ssize_t *number)
{
    char digits[CSP_DIGITS_SIZE];
    PyObject *index;

    if (refuse_float(object) < 0 || !(index = PyNumber_Index(object)))
        return refuse(name);
    *number = PyLong_AsSsize_t(index);
    if (*number == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        PyErr_Format(PyExc_OverflowError,
                     "Python int too large to convert to C ssize_t: %s is out of range "
                     "(%zd to %zd)",
                     csp_digits(index, digits), PY_SSIZE_T_MIN, PY_SSIZE_T_MAX);
    }
    Py_DECREF(index);
    return PyErr_Occurred() ? refuse(name) : 0;
}

/* 2 to the 63rd is a double, and the largest int64_t is not. */
#define INT64_LIMIT 9223372036854775808.0

/* Fractions of a nanosecond are rounded up: a wait must not end early. */
static int timeout_from_double(double seconds, int64_t *timeout)
{
    double ns = seconds * 1e9;

    if (ns >= 0 && ns < INT64_LIMIT) { /* NaN is not */
        *timeout = (int64_t)ns;
        *timeout += (double)*timeout < ns;
        return 0;
    }
    if (isnan(seconds)) {
        PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
        return -1;
    }
    ns = floor(ns);
    if (!(ns >= -INT64_LIMIT && ns < 0)) {
        PyErr_SetString(PyExc_OverflowError, CSP_TIME_FLOAT_ERROR);
        return -1;
    }
    *timeout = (int64_t)ns;
    return 0;
}

static int timeout_from_int(PyObject *object, int64_t *timeout)
{
    int overflow;
    long long seconds = csp_as_long_long(object, &overflow);

    if (seconds == -1 && !overflow && PyErr_Occurred())
        return -1;
    if (overflow || seconds > INT64_MAX / 1000000000 || seconds < INT64_MIN / 1000000000) {
        PyErr_SetString(PyExc_OverflowError, CSP_TIME_INT_ERROR);
        return -1;
    }
    *timeout = seconds * 1000000000;
    return 0;
}

/* For other objects the interpreter's error is raised, which was the one for integers. */
static bool has_float(PyObject *object)
{
    /* Before 3.10 a complex number has the method, which raises an exception. */
    return CSP_TIMEOUT_IS_ANY_REAL || (csp_has_float(object) && !PyComplex_Check(object));
}

/* Anything that is a number: Decimal and Fraction have __float__. */
static int timeout_from_number(PyObject *object, int64_t *timeout)
{
    double seconds;

    if (PyFloat_Check(object))
        return timeout_from_double(PyFloat_AS_DOUBLE(object), timeout);
    if (PyIndex_Check(object) || !(has_float(object) || CSP_TIMEOUT_ERROR_NAMES_FLOAT))
        return timeout_from_int(object, timeout);
    if (!has_float(object)) {
        PyErr_Format(PyExc_TypeError,
                     "'%.200s' object cannot be interpreted as an integer or float",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    seconds = PyFloat_AsDouble(object);
    if (seconds == -1.0 && PyErr_Occurred())
        return -1;
    return timeout_from_double(seconds, timeout);
}

/* The seconds of a timedelta (new); NULL, without an exception, for any other object. */
static PyObject *total_seconds(PyObject *object)
{
    if (!PyObject_HasAttrString(object, "total_seconds"))
        return NULL;
    return PyObject_CallMethod(object, "total_seconds", NULL);
}

int csp_timeout(PyObject *object, int64_t *timeout)
{
    PyObject *seconds;
    int n;

    *timeout = -1;
    if (object == Py_None)
        return 0;
    if (PyFloat_Check(object) || PyLong_Check(object))
        n = timeout_from_number(object, timeout);
    else if (!(seconds = total_seconds(object)))
        n = PyErr_Occurred() ? -1 : timeout_from_number(object, timeout);
    else {
        n = timeout_from_number(seconds, timeout);
        Py_DECREF(seconds);
    }
    if (n < 0)
        return csp_named("timeout");
    if (*timeout < 0) {
        PyErr_SetString(PyExc_ValueError, "Timeout value out of range");
        return -1;
    }
    return 0;
}

int csp_int64(PyObject *object, int64_t *number, bool *too_large)
{
    int overflow;
    long long n;

    if (refuse_float(object) < 0)
        return -1;
    n = csp_as_long_long(object, &overflow);
    if (n == -1 && !overflow && PyErr_Occurred())
        return -1;
    *number = overflow > 0 ? INT64_MAX : overflow < 0 ? INT64_MIN : n;
    *too_large = overflow != 0;
    return 0;
}

int csp_bytes_get(struct csp_bytes *bytes, PyObject *object)
{
    bytes->view.obj = NULL;
    if (PyBytes_CheckExact(object)) {
        bytes->data = PyBytes_AS_STRING(object);
        bytes->size = PyBytes_GET_SIZE(object);
        return 0;
    }
    if (csp_get_buffer(object, &bytes->view, PyBUF_SIMPLE) < 0)
        return -1;
    bytes->data = bytes->view.buf;
    bytes->size = bytes->view.len;
    return 0;
}

int csp_writable(Py_buffer *view, PyObject *object, const char *function, int number)
{
    if (csp_get_buffer(object, view, PyBUF_WRITABLE) == 0)
        return 0;
    if (PyErr_ExceptionMatches(PyExc_MemoryError))
        return -1;
    PyErr_Format(PyExc_TypeError,
                 "%s() argument %d must be read-write bytes-like object, not %.50s", function,
                 number, object == Py_None ? "None" : Py_TYPE(object)->tp_name);
    return -1;
}

/* ASCII with labels that IDNA does not change: 1 to 63 bytes each, optionally with a dot at the
 * end. */
static bool is_plain_name(const char *name, Py_ssize_t size)
{
    const char *at = name, *end = name + size, *dot;

    while (at < end) {
        dot = memchr(at, '.', (size_t)(end - at));
        if (!dot)
            dot = end;
        if (dot == at || dot - at > 63)
            return false;
        at = dot + 1;
    }
    return true;
}

static int host_from_str(PyObject *object, bool strict, PyObject **owner, const char **text,
                         Py_ssize_t *size)
{
    if (PyUnicode_IS_COMPACT_ASCII(object)) {
        *text = PyUnicode_DATA(object);
        *size = PyUnicode_GET_LENGTH(object);
        if (!strict || is_plain_name(*text, *size)) {
            *owner = Py_NewRef(object);
            return 0;
        }
    }
    *owner = PyUnicode_AsEncodedString(object, "idna", NULL);
    if (!*owner) {
        if (!strict)
            PyErr_SetString(PyExc_TypeError, "encoding of hostname failed");
        return -1;
    }
    *text = PyBytes_AS_STRING(*owner);
    *size = PyBytes_GET_SIZE(*owner);
    return 0;
}

static int host_from_bytes(PyObject *object, PyObject **owner, const char **text, Py_ssize_t *size)
{
    if (PyBytes_Check(object)) {
        *owner = Py_NewRef(object);
    } else if (PyByteArray_Check(object)) {
        /* A copy: another thread may change the array while its text is in use. */
        *owner = PyBytes_FromObject(object);
        if (!*owner)
            return -1;
    } else {
        PyErr_Format(PyExc_TypeError, "str, bytes or bytearray expected, not %s",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    *text = PyBytes_AS_STRING(*owner);
    *size = PyBytes_GET_SIZE(*owner);
    return 0;
}

int csp_host(PyObject *object, bool strict, PyObject **owner, const char **text, Py_ssize_t *size)
{
    int n;

    *owner = NULL;
    n = PyUnicode_Check(object) ? host_from_str(object, strict, owner, text, size)
                                : host_from_bytes(object, owner, text, size);
    if (n == 0 && strlen(*text) == (size_t)*size)
        return 0;
    if (n == 0)
        PyErr_SetString(PyExc_TypeError, "host name must not contain null character");
    Py_CLEAR(*owner);
    return -1;
}

const char *csp_utf8(PyObject *object)
{
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(object, &size);

    if (!text || strlen(text) == (size_t)size)
        return text;
    PyErr_SetString(PyExc_ValueError, "embedded null character");
    return NULL;
}

int csp_text(PyObject *object, const char *function, int number, const char *name,
             const char **text)
{
    if (!PyUnicode_Check(object)) {
        if (number)
            PyErr_Format(PyExc_TypeError, "%s() argument %d must be str, not %.50s", function,
                         number, object == Py_None ? "None" : Py_TYPE(object)->tp_name);
        else
            PyErr_Format(PyExc_TypeError, "%s() argument must be str, not %.50s", function,
                         object == Py_None ? "None" : Py_TYPE(object)->tp_name);
        return -1;
    }
    return (*text = csp_utf8(object)) ? 0 : csp_named(name);
}

int csp_fs_text(PyObject *object, PyObject **owner, const char **text, Py_ssize_t *size)
{
    /* ASCII is the same in every file system encoding. */
    if (PyUnicode_CheckExact(object) && PyUnicode_IS_COMPACT_ASCII(object)) {
        *text = PyUnicode_DATA(object);
        *size = PyUnicode_GET_LENGTH(object);
        if (strlen(*text) == (size_t)*size) {
            *owner = Py_NewRef(object);
            return 0;
        }
    }
    if (!PyUnicode_FSConverter(object, owner))
        return -1;
    *text = PyBytes_AS_STRING(*owner);
    *size = PyBytes_GET_SIZE(*owner);
    return 0;
}
