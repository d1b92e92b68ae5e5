/* Declarations shared by the files of names/: arguments of lookups, and sockets that the core
 * opens. */
#ifndef CSP_NAMES_H
#define CSP_NAMES_H

#include "socket/socket.h"

/* A string for the core, and its owner. */
struct csp_name {
    PyObject *keep;   /* new; NULL if there is no owner */
    const char *text; /* NULL: none */
    char digits[CSP_DIGITS_SIZE];
};

/* resolver.c: None, a name or an address.  numeric: a string that is not ASCII is not an address,
 * and IDNA is not used. */
int csp_read_host(struct csp_name *host, PyObject *object, bool numeric);
/* None, a number, or a name. */
int csp_read_service(struct csp_name *service, PyObject *object);
/* Limits of a lookup: a timeout, or NULL.  Handlers of signals run while it waits. */
int csp_read_limits(struct csk_lookup_options *options, PyObject *timeout);
/* The same for a function whose only keyword is timeout. */
int csp_read_timeout(struct csk_lookup_options *options, const char *function,
                     PyObject *const *values, PyObject *names);

/* opened.c: a socket.socket (new) with a family but without a descriptor, to read addresses with.
 */
struct csp_socket *csp_probe(struct csp_state *state, int family, int type, int proto);
/* A socket.socket (new) around the socket that the core has opened, for audit hooks, after the
 * event socket.__new__.  The core still owns the descriptor: call csp_give_back afterwards. */
struct csp_socket *csp_opened(struct csp_state *state, const struct csk_socket *s, int64_t timeout);
/* Return the descriptor to the core: 0, or a code if a hook has closed it. */
int csp_give_back(struct csp_socket *made, struct csk_socket *s);
/* Move the socket that the core has completed to the object. */
void csp_take_over(struct csp_socket *made, const struct csk_socket *s);

/* replaced.c: whether a program has replaced an object that a function of the package looks up. */
bool csp_is_replaced(struct csp_state *state, PyObject *function);
/* Names of the module for that purpose, with the package's dict. */
int csp_visit_watches(struct csp_state *state, visitproc visit, void *arg);
void csp_free_watches(struct csp_state *state);

#endif
