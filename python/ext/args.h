/* Conversion of arguments from Python: args.c.  The functions return 0, or -1 with an exception,
 * unless their comment says otherwise.  state.h explains the conventions of the prototypes. */
#ifndef CSP_ARGS_H
#define CSP_ARGS_H

#include "compat.h"

#include <stdint.h>

int csp_wrong_count(const char *function, Py_ssize_t given, Py_ssize_t min, Py_ssize_t max);
static inline int csp_count(const char *function, Py_ssize_t given, Py_ssize_t min, Py_ssize_t max)
{
    return given >= min && given <= max ? 0 : csp_wrong_count(function, given, min, max);
}
/* The strings are embedded, so that the loader has no pointers to adjust. */
struct csp_signature {
    char function[24];
    char keywords[52]; /* separated by spaces */
    Py_ssize_t min, max;
};
/* Sort positional and keyword arguments into values (borrowed; NULL where missing). */
int csp_arguments(const struct csp_signature *signature, PyObject *const *args, Py_ssize_t count,
                  PyObject *names, PyObject **values);
/* type.__call__ with its tuple and dict, for a type that a program has modified (new). */
PyObject *csp_call_type(PyTypeObject *type, PyObject *const *args, Py_ssize_t count,
                        PyObject *names);
/* The same as csp_arguments for tp_init. */
int csp_tuple_arguments(const struct csp_signature *signature, PyObject *args, PyObject *kwargs,
                        PyObject **values);
/* The digits of an integer for an error message; of a long integer the first ones. */
enum { CSP_DIGITS_SIZE = 48 };
const char *csp_digits(PyObject *object, char digits[CSP_DIGITS_SIZE]);
/* Put the name of a parameter in front of the text of the exception that is set.  Exceptions of
 * the program's own code and those that are not about a value remain unchanged. */
void csp_put_name(const char *name);
static inline int csp_named(const char *name)
{
    csp_put_name(name);
    return -1;
}
/* name: the parameter, for the error; NULL: none. */
int csp_int_slow(PyObject *object, const char *name, int *number);
/* as "i" in PyArg_ParseTuple */
static inline int csp_int(PyObject *object, const char *name, int *number)
{
    long small;

    if (!csp_small_int(object, &small))
        return csp_int_slow(object, name, number);
    *number = (int)small;
    return 0;
}
int csp_plain_int(PyObject *object, const char *name, int *number); /* as PyLong_AsInt */
int csp_size_slow(PyObject *object, const char *name, Py_ssize_t *number);
/* as "n" */
static inline int csp_size(PyObject *object, const char *name, Py_ssize_t *number)
{
    long small;

    if (!csp_small_int(object, &small))
        return csp_size_slow(object, name, number);
    *number = small;
    return 0;
}
/* Text for a C function (borrowed from object); function, the argument's number and its name are
 * for the error; number 0: the only one. */
int csp_text(PyObject *object, const char *function, int number, const char *name,
             const char **text);
/* A str in UTF-8 (borrowed from object) for a C function; NULL with ValueError if it contains a
 * null character. */
const char *csp_utf8(PyObject *object);
/* A name in the file system's encoding: str, bytes or path-like.  owner (new) owns text (borrowed).
 */
int csp_fs_text(PyObject *object, PyObject **owner, const char **text, Py_ssize_t *size);
/* A timeout: None is -1. */
int csp_timeout(PyObject *object, int64_t *timeout);
PyObject *csp_seconds(int64_t timeout); /* new: None or a float */
/* A time limit in one of csocket's own parameters, in seconds or as a timedelta: None and inf are
 * -1; NaN, negative numbers, bool and str are refused with an error that names the parameter. */
int csp_limit(PyObject *object, const char *parameter, int64_t *limit);

/* A point in time: as seconds, which may be infinite, and as a deadline for the core, where 0 means
 * none and 1 has passed.  Sets an exception for NaN and for objects that are not numbers. */
int csp_moment(PyObject *object, const char *parameter, double *seconds, int64_t *moment);
/* A host's name as bytes without a null byte.  owner (new) owns what text (borrowed) points into.
 * strict: ASCII is checked as the codec idna does, which getaddrinfo uses and addresses do not. */
int csp_host(PyObject *object, bool strict, PyObject **owner, const char **text, Py_ssize_t *size);
/* Any integer; a number out of range becomes the nearest in range. */
int csp_int64(PyObject *object, int64_t *number, bool *too_large);

/* Bytes to send: a bytes object itself, or a buffer. */
struct csp_bytes {
    const char *data;
    Py_ssize_t size;
    Py_buffer view; /* obj is NULL for bytes */
};
int csp_bytes_get(struct csp_bytes *bytes, PyObject *object);
/* A writable buffer; function and the argument's number are for the error message. */
int csp_writable(Py_buffer *view, PyObject *object, const char *function, int number);

static inline void csp_bytes_release(struct csp_bytes *bytes)
{
    if (bytes->view.obj)
        PyBuffer_Release(&bytes->view);
}

#endif
