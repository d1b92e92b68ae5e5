/* Time limits of csocket's own parameters, in seconds: args.h. */
#include "args.h"

#include <math.h>

/* As a float (new): NaN for what is none, and infinite for an int that is too large for a float. */
static PyObject *to_float(PyObject *object)
{
    PyObject *number = PyNumber_Float(object), *zero;
    int negative;

    if (number)
        return number;
    if (PyErr_ExceptionMatches(PyExc_ValueError)) { /* decimal.Decimal("sNaN") */
        PyErr_Clear();
        return PyFloat_FromDouble(Py_NAN);
    }
    if (!PyErr_ExceptionMatches(PyExc_OverflowError))
        return NULL;
    PyErr_Clear();
    if (!(zero = PyLong_FromLong(0)))
        return NULL;
    negative = PyObject_RichCompareBool(object, zero, Py_LT);
    Py_DECREF(zero);
    return negative < 0 ? NULL : PyFloat_FromDouble(negative ? -Py_HUGE_VAL : Py_HUGE_VAL);
}

/* The seconds of a timedelta or a number, as a float (new). */
static PyObject *limit_seconds(PyObject *object, const char *parameter)
{
    PyObject *seconds;

    if (!PyBool_Check(object) && !PyComplex_Check(object) &&
        (csp_has_float(object) || PyIndex_Check(object)))
        return to_float(object);
    if (PyObject_HasAttrString(object, "total_seconds")) {
        seconds = PyObject_CallMethod(object, "total_seconds", NULL);
        if (!seconds || PyFloat_Check(seconds))
            return seconds;
        Py_DECREF(seconds);
    }
    PyErr_Format(PyExc_TypeError, "%s must be a number of seconds, a timedelta or None, not %.200s",
                 parameter, Py_TYPE(object)->tp_name);
    return NULL;
}

static int read_seconds(PyObject *object, const char *parameter, double *seconds)
{
    PyObject *number;

    *seconds = Py_HUGE_VAL;
    if (object == Py_None)
        return 0;
    if (!(number = limit_seconds(object, parameter)))
        return -1;
    *seconds = PyFloat_AS_DOUBLE(number);
    Py_DECREF(number);
    return 0;
}

int csp_limit(PyObject *object, const char *parameter, int64_t *limit)
{
    double seconds;

    *limit = -1;
    if (read_seconds(object, parameter, &seconds) < 0)
        return -1;
    if (isnan(seconds) || seconds < 0) {
        PyErr_Format(PyExc_ValueError, "%s must be 0 or more seconds, not %R", parameter, object);
        return -1;
    }
    /* A time beyond the range of the clock means no limit. */
    if (seconds < 9e9)
        *limit = (int64_t)ceil(seconds * 1e9);
    return 0;
}

int csp_moment(PyObject *object, const char *parameter, double *seconds, int64_t *moment)
{
    if (read_seconds(object, parameter, seconds) < 0)
        return -1;
    if (isnan(*seconds)) {
        PyErr_Format(PyExc_ValueError, "%s must be a number of seconds, not %R", parameter, object);
        return -1;
    }
    *moment = 0;
    if (*seconds <= 0)
        *moment = 1;
    else if (*seconds < 9e9)
        *moment = (int64_t)ceil(*seconds * 1e9);
    return 0;
}

PyObject *csp_seconds(int64_t timeout)
{
    if (timeout < 0)
        Py_RETURN_NONE;
    return PyFloat_FromDouble((double)timeout / 1e9);
}
