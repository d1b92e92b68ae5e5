/* The members that few sockets need, allocated on first use. */
#include "socket/socket.h"

struct csp_rare *csp_rare_members(struct csp_socket *self)
{
    struct csp_rare *none = NULL, *fresh, *rare = csp_rare_of(self);

    if (rare || !(fresh = PyMem_RawCalloc(1, sizeof *fresh)))
        return rare;
    if (__atomic_compare_exchange_n(&self->rare, &none, fresh, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return fresh;
    PyMem_RawFree(fresh); /* another thread was faster */
    return none;
}
