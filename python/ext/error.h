/* The only place that turns codes into exceptions.  All functions that raise return NULL. */
#ifndef CSP_ERROR_H
#define CSP_ERROR_H

#include "state.h"

struct csp_socket;

PyObject *csp_raise(struct csp_state *state, int64_t code);
PyObject *csp_raise_info(struct csp_state *state, int64_t code, const struct csk_error *info);
/* For errors about an address: it becomes the exception's attribute address. */
PyObject *csp_raise_about(const struct csp_socket *self, int64_t code, const struct csk_addr *addr);
/* For errors that name the function: "bind(): port must be 0-65535, not 70000" */
PyObject *csp_raise_in(struct csp_state *state, int64_t code, const struct csk_error *info,
                       const char *function);
/* For an error of an option that should be set to value (NULL: that was read): the rest of info's
 * text becomes the exception's note. */
PyObject *csp_raise_option(struct csp_state *state, int code, const char *name, PyObject *value,
                           const struct csk_error *info);
void csp_error_free(struct csp_state *state);

#endif
