/* Conversion of field values from and to Python, shared by addresses and options.
 *
 * state.h explains the conventions of the prototypes. */
#ifndef CSP_VALUE_H
#define CSP_VALUE_H

#include "state.h"

/* The owner of the memory of a value's text or bytes. */
struct csp_value_owner {
    PyObject *object;
    Py_buffer view; /* obj is NULL if it is not in use */
};

#define CSP_VALUE_OWNER_INIT                                                                       \
    {                                                                                              \
        NULL,                                                                                      \
        {                                                                                          \
            .obj = NULL                                                                            \
        }                                                                                          \
    }

void csp_value_release(struct csp_value_owner *owner);

/* The value of a field: 0; -1 with an exception; or, without an exception, CSP_WRONG_KIND, or
 * CSP_TOO_LARGE for an integer of more than 64 bits. as_text: a str is the text form of the value,
 * regardless of the field's kind. */
#define CSP_WRONG_KIND 1
#define CSP_TOO_LARGE 2
int csp_value_from(struct csk_value *value, struct csp_value_owner *owner,
                   const struct csk_field *field, PyObject *object, bool as_text);
/* Raise OverflowError with the range of a field: returns -1. */
int csp_refuse_large(const struct csk_field *field, PyObject *object);

/* The Python object for a value (new). field may be NULL for a value in an address, whose object
 * depends only on the value. */
PyObject *csp_value_to(const struct csk_value *value, const struct csk_field *field);
/* The same for a string. */
PyObject *csp_text_to(const char *text, size_t size);

#endif
