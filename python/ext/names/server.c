/* create_server and has_dualstack_ipv6. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "names/names.h"

#include <string.h>

/* A server that is being created. */
struct server {
    struct csp_state *state;
    PyObject *address;         /* to bind to (borrowed) */
    struct csp_socket *socket; /* new; NULL before the core has opened it */
};

/* A socket that the core has opened but not yet bound: 0, or a code. */
static int show(struct server *server, struct csk_socket *s)
{
    int n = CSK_EINTERRUPTED, given_back;

    if (!(server->socket = csp_opened(server->state, s, s->timeout)))
        return n;
    if (PySys_Audit("socket.bind", "OO", server->socket, server->address) == 0)
        n = 0;
    given_back = csp_give_back(server->socket, s);
    return n < 0 ? n : given_back;
}

/* Without the GIL. */
static int on_open(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    int n;

    (void)addr;
    csp_acquire_gil();
    n = show(context, s);
    csp_release_gil();
    return n;
}

/* Format "%S (while attempting to bind on address %R)" for the current exception (new). */
static PyObject *bind_text(PyObject *exception, PyObject *address)
{
    PyObject *text = PyObject_GetAttrString(exception, "strerror"), *whole = NULL;

    if (text == Py_None) /* an error that no system call reported */
        Py_SETREF(text, PyObject_Str(exception));
    if (text)
        whole = PyUnicode_FromFormat("%S (while attempting to bind on address %R)", text, address);
    Py_XDECREF(text);
    return whole;
}

/* The same error with a message that names the attempt (new). */
static PyObject *bind_error(struct csp_state *state, PyObject *exception, PyObject *address)
{
    PyObject *number = PyObject_GetAttrString(exception, "errno");
    PyObject *text = number ? bind_text(exception, address) : NULL;
    PyObject *made = !text               ? NULL
                     : number != Py_None ? PyObject_CallFunction(PyExc_OSError, "OO", number, text)
                                         : PyObject_CallOneArg(PyExc_OSError, text);
    PyObject *about = made ? PyObject_GetAttr(exception, state->str_address) : NULL;

    if (about)
        PyObject_SetAttr(made, state->str_address, about);
    if (made)
        PyErr_Clear(); /* not every error has an address */
    Py_XDECREF(number);
    Py_XDECREF(text);
    Py_XDECREF(about);
    return made;
}

/* Make bind the function of the current OSError.  Returns NULL. */
static PyObject *explain_bind(struct csp_state *state, PyObject *address)
{
    struct csp_saved_exception saved;
    PyObject *made;

    if (!PyErr_ExceptionMatches(PyExc_OSError))
        return NULL;
    csp_save_exception(&saved);
    made = bind_error(state, csp_saved_value(&saved), address);
    csp_discard_exception(&saved);
    if (made)
        PyErr_SetObject((PyObject *)Py_TYPE(made), made);
    Py_XDECREF(made);
    return NULL;
}

static PyObject *failed(struct server *server, int code, const struct csk_addr *addr,
                        const struct csk_error *error)
{
    if (code == CSK_EINTERRUPTED)
        return NULL;
    if (!server->socket || strncmp(error->text, "bind to ", 8) != 0)
        return csp_raise(server->state, code);
    csp_raise_about(server->socket, code, addr);
    return explain_bind(server->state, server->address);
}

/* The socket that listens (new). */
static PyObject *listening(struct server *server, struct csk_socket *s)
{
    int n = csp_default_timeout(server->state, s);

    if (n < 0) {
        csk_close(s);
        return csp_raise(server->state, n);
    }
    csp_take_over(server->socket, s);
    return Py_NewRef(server->socket);
}

static PyObject *listen_on(struct server *server, const struct csk_server_options *options)
{
    struct csk_error error = { .code = 0 };
    struct csk_socket s;
    PyObject *result;
    int n;

    CSP_CALL(n = csk_create_server(&s, NULL, options, &error));
    result = n == 0 ? listening(server, &s) : failed(server, n, options->addr, &error);
    Py_XDECREF(server->socket);
    return result;
}

static int read_options(struct csk_server_options *options, PyObject *const *args)
{
    int reuse, dualstack;

    if (csp_plain_int(args[1], "family", &options->family) < 0 ||
        (args[2] != Py_None && csp_int(args[2], "backlog", &options->backlog) < 0) ||
        (reuse = PyObject_IsTrue(args[3])) < 0 || (dualstack = PyObject_IsTrue(args[4])) < 0)
        return -1;
    /* 0 stands for the default in the core's options. */
    if (args[2] != Py_None && options->backlog <= 0)
        options->backlog = -1;
    options->reuse_port = reuse;
    options->dualstack_ipv6 = dualstack;
    return 0;
}

/* (address, family, backlog or None, reuse_port, dualstack_ipv6) */
static PyObject *create_server(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csk_server_options options = CSK_SERVER_OPTIONS_INIT;
    struct server server = { .state = csp_state_of(module), .address = args[0] };
    struct csk_socket s = CSK_SOCKET_INIT;
    struct csp_socket *probe;
    struct csk_addr addr;
    int n;

    if (csp_count("_create_server", count, 5, 5) < 0 || read_options(&options, args) < 0)
        return NULL;
    options.type = SOCK_STREAM; /* and protocol 0, the default of socket() */
    options.on_open = on_open;
    options.context = &server;
    options.addr = &addr;
    if (!(probe = csp_probe(server.state, options.family, SOCK_STREAM, 0)))
        return NULL;
    /* An unknown family has no sockets, regardless of the address. */
    if (!probe->family && (n = csk_socket(&s, options.family, SOCK_STREAM, 0)) < 0) {
        Py_DECREF(probe);
        return csp_raise(server.state, n);
    }
    csk_close(&s);
    n = csp_address_from(probe, args[0], &addr, "bind");
    Py_DECREF(probe);
    return n < 0 ? explain_bind(server.state, args[0]) : listen_on(&server, &options);
}

/* AF_INET6, for hooks */
static PyObject *has_dualstack_ipv6(PyObject *module, PyObject *number)
{
    struct csp_socket *probe;
    int family, n;

    if (csp_plain_int(number, "family", &family) < 0 ||
        !(probe = csp_probe(csp_state_of(module), family, SOCK_STREAM, 0)))
        return NULL;
    n = PySys_Audit("socket.__new__", "Oiii", probe, family, SOCK_STREAM, 0);
    Py_DECREF(probe);
    if (n < 0)
        return NULL;
    /* As in the standard library, an error, such as EMFILE, means no. */
    CSP_CALL(n = csk_has_dualstack_ipv6());
    return PyBool_FromLong(n > 0);
}

static const struct csp_function functions[] = {
    { CSP_FAST(create_server), "_create_server" },
    { has_dualstack_ipv6, METH_O, "_has_dualstack_ipv6" },
    { NULL },
};

int csp_server_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
