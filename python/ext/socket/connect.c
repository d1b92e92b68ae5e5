/* Names, connections, modes: bind, connect, accept, listen, shutdown, timeouts. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

/* The common end of bind and connect. */
static PyObject *done_with(struct csp_socket *self, int n, const struct csk_addr *addr)
{
    if (n < 0)
        return csp_raise_about(self, n, addr);
    Py_RETURN_NONE;
}

static PyObject *done(struct csp_socket *self, int n)
{
    if (n < 0)
        return csp_raise(self->state, n);
    Py_RETURN_NONE;
}

static PyObject *sock_bind(PyObject *op, PyObject *address)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr addr;
    int n;

    if (csp_address_from(self, address, &addr, "bind") < 0 ||
        PySys_Audit("socket.bind", "OO", op, address) < 0)
        return NULL;
    CSP_CALL(n = csk_bind(&self->s, &addr, NULL));
    return done_with(self, n, &addr);
}

static PyObject *sock_connect(PyObject *op, PyObject *address)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr addr;
    int n;

    if (csp_address_from(self, address, &addr, "connect") < 0 ||
        PySys_Audit("socket.connect", "OO", op, address) < 0)
        return NULL;
    CSP_CALL(n = csk_connect(&self->s, &addr, NULL));
    return done_with(self, n, &addr);
}

/* cancel() has ended the lookup of a name. */
static bool is_cancelled(const struct csp_socket *self)
{
    return csp_is_cancelled(self) && PyErr_ExceptionMatches(PyExc_OSError) &&
           csp_current_errno() == ECANCELED;
}

static PyObject *sock_connect_ex(PyObject *op, PyObject *address)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr addr;
    int n;

    if (csp_address_from(self, address, &addr, "connect_ex") < 0) {
        if (!is_cancelled(self))
            return NULL;
        PyErr_Clear();
        return PyLong_FromLong(ECANCELED);
    }
    if (PySys_Audit("socket.connect", "OO", op, address) < 0)
        return NULL;
    CSP_CALL(n = csk_connect_ex(&self->s, &addr, NULL));
    /* These are ssl's messages for a timeout and for cancel(), also of a scope. */
    if ((n == EAGAIN || n == ECANCELED) && csp_timeout_of(self) != 0 && csp_scope_test() < 0)
        n = n == EAGAIN ? CSK_ETIMEDOUT : CSK_ECANCELED;
    return n < 0 ? csp_raise(self->state, n) : PyLong_FromLong(n);
}

static PyObject *sock__accept(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_socket conn;
    struct csk_addr peer;
    PyObject *address, *pair;
    int n;

    (void)unused;
    CSP_CALL(n = csk_accept(&self->s, &conn, &peer));
    if (n < 0)
        return csp_raise(self->state, n);
    address = csp_address_to(self, &peer);
    pair = address ? Py_BuildValue("(iN)", csk_fileno(&conn), address) : NULL;
    if (!pair)
        csk_close(&conn);
    return pair;
}

static PyObject *sock_listen(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    int backlog = CSK_BACKLOG_DEFAULT, n;

    if (csp_count("listen", count, 0, 1) < 0 ||
        (count && csp_int(args[0], "backlog", &backlog) < 0))
        return NULL;
    CSP_CALL(n = csk_listen(&self->s, backlog));
    return done(self, n);
}

static PyObject *sock_shutdown(PyObject *op, PyObject *arg)
{
    struct csp_socket *self = (struct csp_socket *)op;
    int how, n;

    if (csp_plain_int(arg, "how", &how) < 0)
        return NULL;
    CSP_CALL(n = csk_shutdown(&self->s, how));
    return done(self, n);
}

/* The kernel answers these two from memory: releasing the GIL would cost more than the call. */
static PyObject *sock_getsockname(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr addr;
    int n = csk_getsockname(&self->s, &addr);

    (void)unused;
    return n < 0 ? csp_raise(self->state, n) : csp_address_to(self, &addr);
}

static PyObject *sock_getpeername(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr addr;
    int n = csk_getpeername(&self->s, &addr);

    (void)unused;
    return n < 0 ? csp_raise(self->state, n) : csp_address_to(self, &addr);
}

static PyObject *sock_settimeout(PyObject *op, PyObject *arg)
{
    struct csp_socket *self = (struct csp_socket *)op;
    int64_t timeout;

    if (csp_timeout(arg, &timeout) < 0)
        return NULL;
    return done(self, csk_settimeout(&self->s, timeout));
}

static PyObject *sock_gettimeout(PyObject *op, PyObject *unused)
{
    (void)unused;
    return csp_seconds(csp_timeout_of((struct csp_socket *)op));
}

static PyObject *sock_setblocking(PyObject *op, PyObject *arg)
{
    struct csp_socket *self = (struct csp_socket *)op;
    long blocking = CSP_SETBLOCKING_TAKES_ANY ? PyObject_IsTrue(arg) : PyLong_AsLong(arg);

    if (blocking == -1 && PyErr_Occurred() && csp_named("flag") < 0)
        return NULL;
    return done(self, csk_setblocking(&self->s, blocking != 0));
}

static PyObject *sock_getblocking(PyObject *op, PyObject *unused)
{
    (void)unused;
    return PyBool_FromLong(csk_getblocking(&((struct csp_socket *)op)->s));
}

/* If a thread was about to connect when the flag was set, wait until it has noticed the flag, but
 * not forever: it may be in a signal handler, which may be the caller of this function. */
#define ROUNDS 1000

static PyObject *sock_cancel(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csp_rare *rare = csp_rare_members(self);

    (void)unused;
    if (!rare)
        return PyErr_NoMemory();
    csk_cancel(&rare->cancel);
    csp_cancel_lookups(self);
    for (int i = 0; csk_cancel_calls(&self->s) == 1 && !csp_in_handler && i < ROUNDS; i++)
        CSP_CALL(csk_wait_many(NULL, 0, csk_now() + CSK_MS, NULL));
    Py_RETURN_NONE;
}

static const struct csp_function methods[] = {
    { sock__accept, METH_NOARGS,
      "_accept($self, /)\n--\n\n"
      "As accept, but return the new file descriptor instead of a socket." },
    { sock_bind, METH_O, "bind($self, address, /)\n--\n\nBind the socket to a local address." },
    { sock_cancel, METH_NOARGS,
      "cancel($self, /)\n--\n\n"
      "End all calls on the socket, in all threads and permanently: calls that wait and later\n"
      "calls raise OSError(ECANCELED). The connection is shut down; close() works as usual." },
    { sock_connect, METH_O,
      "connect($self, address, /)\n--\n\nConnect to an address, within the timeout." },
    { sock_connect_ex, METH_O,
      "connect_ex($self, address, /)\n--\n\n"
      "As connect, but return errno, or 0 on success, instead of raising OSError." },
    { CSP_FAST(sock_listen),
      "listen($self, backlog=128, /)\n--\n\n"
      "Make the socket accept connections, of which at most backlog may wait to be accepted." },
    { sock_shutdown, METH_O,
      "shutdown($self, how, /)\n--\n\n"
      "Shut down receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR)." },
    { sock_getsockname, METH_NOARGS,
      "getsockname($self, /)\n--\n\n"
      "Return the socket's local address." },
    { sock_getpeername, METH_NOARGS,
      "getpeername($self, /)\n--\n\n"
      "Return the address to which the socket is connected." },
    { sock_settimeout, METH_O,
      "settimeout($self, timeout, /)\n--\n\n"
      "Set the timeout of calls in seconds; 0: calls do not wait, None: they wait forever." },
    { sock_gettimeout, METH_NOARGS,
      "gettimeout($self, /)\n--\n\nReturn the timeout in seconds, or None." },
    { sock_setblocking, METH_O,
      "setblocking($self, flag, /)\n--\n\n"
      "Make the socket blocking, as settimeout(None), or non-blocking, as settimeout(0)." },
    { sock_getblocking, METH_NOARGS,
      "getblocking($self, /)\n--\n\n"
      "Return whether calls may wait: the timeout is not 0." },
    { NULL },
};

int csp_connect_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
