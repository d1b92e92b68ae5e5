/* Conversion of addresses from and to Python: address.c. */
#ifndef CSP_ADDRESS_H
#define CSP_ADDRESS_H

#include "state.h"

struct csp_socket;

int csp_address_from(struct csp_socket *self, PyObject *object, struct csk_addr *addr,
                     const char *function);
/* End the lookups that csp_address_from makes for the socket. */
void csp_cancel_lookups(struct csp_socket *self);
/* The object for an address; None for an empty one.  self is the socket that it comes from, or NULL
 * (new). */
PyObject *csp_address_to_slow(const struct csp_socket *self, const struct csk_addr *addr);
static inline PyObject *csp_address_to(const struct csp_socket *self, const struct csk_addr *addr)
{
    return addr->len == 0 ? Py_NewRef(Py_None) : csp_address_to_slow(self, addr);
}
/* The same for the sender of a message: the last peer's object, if it is the same address (new). */
PyObject *csp_peer_address_slow(struct csp_socket *self, const struct csk_addr *addr);
static inline PyObject *csp_peer_address(struct csp_socket *self, const struct csk_addr *addr)
{
    return addr->len == 0 ? Py_NewRef(Py_None) : csp_peer_address_slow(self, addr);
}
void csp_free_peer(struct csp_socket *self);
/* A str of ASCII (new). */
PyObject *csp_ascii(const char *text, size_t size);

#endif
