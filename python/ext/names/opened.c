/* Sockets that the core opens for a connection or a server.  Audit hooks see them before they are
 * bound or connected: open, and as the object that the caller of the function gets. */
#include "call.h"
#include "names/names.h"

struct csp_socket *csp_probe(struct csp_state *state, int family, int type, int proto)
{
    PyTypeObject *class = state->package_type;
    struct csp_socket *probe = (struct csp_socket *)class->tp_alloc(class, 0);

    if (!probe)
        return NULL;
    probe->s = (struct csk_socket)CSK_SOCKET_INIT;
    probe->s.family = family;
    probe->s.type = type;
    probe->s.proto = proto;
    probe->state = state;
    if (csp_find_family(probe) < 0)
        Py_CLEAR(probe);
    return probe;
}

struct csp_socket *csp_opened(struct csp_state *state, const struct csk_socket *s, int64_t timeout)
{
    PyTypeObject *type = state->package_type;
    struct csp_socket *made = (struct csp_socket *)type->tp_alloc(type, 0);

    if (!made)
        return NULL;
    csp_take_over(made, s);
    made->s.timeout = timeout;
    made->state = state;
    if (csp_find_family(made) == 0 &&
        PySys_Audit("socket.__new__", "Oiii", made, s->family, s->type, s->proto) == 0)
        return made;
    csk_detach(&made->s);
    Py_DECREF(made);
    return NULL;
}

int csp_give_back(struct csp_socket *made, struct csk_socket *s)
{
    if (csk_detach(&made->s) == csk_fileno(s))
        return 0;
    csk_detach(s); /* a hook has closed or detached the descriptor */
    return -EBADF;
}

void csp_take_over(struct csp_socket *made, const struct csk_socket *s)
{
    made->s = *s;
    made->s.on_interrupt = csp_on_interrupt;
    made->s.context = NULL;
}
