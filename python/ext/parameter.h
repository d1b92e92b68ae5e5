/* Arguments of csocket's own methods, whose errors name the function, the parameter, the value and
 * what is accepted: parameter.c.  The functions return 0, or -1 with an exception. */
#ifndef CSP_PARAMETER_H
#define CSP_PARAMETER_H

#include "args.h"

int csp_parameter_size_slow(PyObject *object, const char *function, const char *name,
                            Py_ssize_t least, Py_ssize_t most, Py_ssize_t *size);
int csp_parameter_flags_slow(PyObject *object, const char *function, int *flags);
/* An int from least to most; PY_SSIZE_T_MAX: no upper limit. */
static inline int csp_parameter_size(PyObject *object, const char *function, const char *name,
                                     Py_ssize_t least, Py_ssize_t most, Py_ssize_t *size)
{
    long small;

    if (!csp_small_int(object, &small) || small < least || small > most)
        return csp_parameter_size_slow(object, function, name, least, most, size);
    *size = small;
    return 0;
}
/* flags, as a C int; object may be NULL: 0. */
static inline int csp_parameter_flags(PyObject *object, const char *function, int *flags)
{
    *flags = 0;
    return object ? csp_parameter_flags_slow(object, function, flags) : 0;
}
int csp_parameter_bytes(struct csp_bytes *bytes, PyObject *object, const char *function,
                        const char *name);
int csp_parameter_writable(Py_buffer *view, PyObject *object, const char *function,
                           const char *name);
/* TypeError: "function(): name must be WHAT, not TYPE". */
int csp_parameter_type(PyObject *object, const char *function, const char *name, const char *what);

#endif
