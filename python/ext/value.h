/* Values of fields, from Python and to Python: the one conversion for addresses and options.
 *
 * state.h explains what prototypes say of objects. */
#ifndef CSP_VALUE_H
#define CSP_VALUE_H

#include "state.h"

/* Owns the memory of a value's text or bytes. */
struct csp_keeper {
    PyObject *object;
    Py_buffer view; /* obj is NULL if it is not in use */
};

#define CSP_KEEPER_INIT                                                                            \
    {                                                                                              \
        NULL,                                                                                      \
        {                                                                                          \
            .obj = NULL                                                                            \
        }                                                                                          \
    }

void csp_keeper_clear(struct csp_keeper *keeper);

/* The value of a field: 0, -1 with an exception, or CSP_WRONG_KIND without one.  text_form: a str
 * is the text form of the value, whatever the kind of the field. */
#define CSP_WRONG_KIND 1
int csp_value_from(struct csk_value *value, struct csp_keeper *keeper,
                   const struct csk_field *field, PyObject *object, bool text_form);

/* The object that a value is in Python (new).  field may be NULL for a value of an address, whose
 * object depends on the value alone. */
PyObject *csp_value_to(const struct csk_value *value, const struct csk_field *field);

#endif
