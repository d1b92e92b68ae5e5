/* send_fds and recv_fds; received descriptors have an owner immediately, even if the call fails. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <string.h>

/* More than the kernel passes in one message (253). */
#define FDS_MAX 1024

struct found {
    int fds[FDS_MAX], unwanted[FDS_MAX];
    size_t count, unwanted_count;
};

static void append_fds(int *fds, size_t *count, const char *data, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + (Py_ssize_t)sizeof *fds <= size && *count < FDS_MAX;
         at += (Py_ssize_t)sizeof *fds)
        memcpy(&fds[(*count)++], data + at, sizeof *fds);
}

static int collect_fds(PyObject *items, struct found *found)
{
    const struct csk_constant *pidfd = csk_constant_find("SCM_PIDFD");
    PyObject *fast = PySequence_Fast(items, "recvmsg() must return a list of control messages");
    const char *data;
    Py_ssize_t size;
    int level, kind, n = fast ? 0 : -1;

    for (Py_ssize_t i = 0; n == 0 && i < PySequence_Fast_GET_SIZE(fast); i++) {
        if (!PyArg_Parse(PySequence_Fast_GET_ITEM(fast, i), "(iiy#)", &level, &kind, &data, &size))
            n = -1;
        else if (level == SOL_SOCKET && kind == SCM_RIGHTS)
            append_fds(found->fds, &found->count, data, size);
        else if (level == SOL_SOCKET && pidfd && kind == pidfd->value)
            append_fds(found->unwanted, &found->unwanted_count, data, size);
    }
    Py_XDECREF(fast);
    return n;
}

/* The descriptors from an index on. */
static void close_rest(const int *fds, size_t first, size_t count)
{
    for (size_t i = first; i < count; i++)
        if (fds[i] >= 0) /* a pidfd of a process that has exited is an error instead */
            csk_close_fd(fds[i]);
}

static int check_socket(PyObject *module, PyObject *object)
{
    if (Py_IS_TYPE(object, csp_state_of(module)->package_type))
        return 0;
    PyErr_SetString(PyExc_TypeError, "a socket.socket is needed");
    return -1;
}

/* [descriptor, ...] (new) */
static PyObject *make_list(const int *fds, size_t count)
{
    PyObject *list = PyList_New((Py_ssize_t)count), *number;

    for (size_t i = 0; list && i < count; i++) {
        if ((number = PyLong_FromLong(fds[i])))
            PyList_SET_ITEM(list, (Py_ssize_t)i, number);
        else
            Py_CLEAR(list);
    }
    return list;
}

/* (data, fds, flags, address) (new) from recvmsg's tuple and the maximum number of descriptors.
 * Without it, no descriptor stays open. */
static PyObject *take_fds(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct found found = { .count = 0 };
    PyObject *data, *items, *address, *list = NULL, *result = NULL;
    Py_ssize_t limit;
    size_t kept = 0;
    int flags;

    (void)module;
    if (csp_count("_take_fds", count, 2, 2) < 0 ||
        !PyArg_Parse(args[0], "(OOiO)", &data, &items, &flags, &address))
        return NULL;
    if (collect_fds(items, &found) == 0 && csp_size(args[1], "maxfds", &limit) == 0) {
        kept = limit < 0 ? 0 : (size_t)limit < found.count ? (size_t)limit : found.count;
        flags |= kept < found.count ? MSG_CTRUNC : 0;
        if ((list = make_list(found.fds, kept)))
            result = Py_BuildValue("(OOiO)", data, list, flags, address);
        Py_XDECREF(list);
    }
    close_rest(found.fds, result ? kept : 0, found.count);
    close_rest(found.unwanted, 0, found.unwanted_count);
    return result;
}

/* The numbers of a list or tuple: an array, and its size (new: PyMem_Free). */
static int *read_fds(PyObject *object, size_t *count)
{
    /* A copy: a number of another type may run code that changes a list. */
    PyObject *tuple = PySequence_Tuple(object);
    Py_ssize_t size = tuple ? PyTuple_GET_SIZE(tuple) : 0, i = 0;
    int *fds = tuple ? PyMem_New(int, size + 1) : NULL;

    if (tuple && !fds)
        PyErr_NoMemory();
    while (fds && i < size && csp_int(PyTuple_GET_ITEM(tuple, i), "fds", &fds[i]) == 0)
        i++;
    Py_XDECREF(tuple);
    *count = (size_t)size;
    if (i == size)
        return fds;
    PyMem_Free(fds);
    return NULL;
}

/* The buffers of a message. */
struct buffers {
    PyObject *tuple; /* new; the bytes objects belong to it */
    struct csp_bytes *bytes;
    struct iovec *parts;
    Py_ssize_t count;
};

static void release_buffers(struct buffers *b)
{
    while (b->count > 0)
        csp_bytes_release(&b->bytes[--b->count]);
    PyMem_Free(b->bytes);
    PyMem_Free(b->parts);
    Py_XDECREF(b->tuple);
}

/* Always call release_buffers afterwards. */
static int acquire_buffers(struct buffers *b, PyObject *object)
{
    PyObject *items = PySequence_Fast(object, "buffers: sendmsg() argument 1 must be an iterable");
    Py_ssize_t size;

    *b = (struct buffers){ .tuple = items ? PySequence_Tuple(items) : NULL };
    Py_XDECREF(items);
    if (!b->tuple)
        return -1;
    size = PyTuple_GET_SIZE(b->tuple);
    b->bytes = PyMem_New(struct csp_bytes, size + 1);
    b->parts = PyMem_New(struct iovec, size + 1);
    if (!b->bytes || !b->parts) {
        PyErr_NoMemory();
        return -1;
    }
    for (; b->count < size; b->count++) {
        struct csp_bytes *bytes = &b->bytes[b->count];

        if (csp_bytes_get(bytes, PyTuple_GET_ITEM(b->tuple, b->count)) < 0)
            return csp_named("buffers");
        b->parts[b->count] = (struct iovec){ (char *)bytes->data, (size_t)bytes->size };
    }
    return 0;
}

static PyObject *send_buffers(struct csp_socket *self, const struct buffers *b, const int *fds,
                              size_t count, int flags, const struct csk_addr *addr)
{
    ssize_t n;

    CSP_CALL(n = csk_send_fds(&self->s, b->parts, (size_t)b->count, fds, count, flags, addr, NULL));
    if (n >= 0)
        return PyLong_FromSsize_t(n);
    return addr ? csp_raise_about(self, n, addr) : csp_raise(self->state, n);
}

/* (sock, buffers, fds, flags, address): sock is a socket.socket, fds a list or a tuple */
static PyObject *send_fds(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)args[0];
    PyObject *result = NULL;
    struct csk_addr addr;
    struct buffers b;
    size_t fd_count;
    int flags, *fds;
    bool to;

    if (csp_count("_send_fds", count, 5, 5) < 0 || check_socket(module, args[0]) < 0 ||
        !(fds = read_fds(args[2], &fd_count)))
        return NULL;
    to = args[4] != Py_None;
    if (csp_int(args[3], "flags", &flags) == 0 &&
        (!to || csp_address_from(self, args[4], &addr, "sendmsg") == 0) &&
        PySys_Audit("socket.sendmsg", "OO", self, args[4]) == 0) {
        if (acquire_buffers(&b, args[1]) == 0)
            result = send_buffers(self, &b, fds, fd_count, flags, to ? &addr : NULL);
        release_buffers(&b);
    }
    PyMem_Free(fds);
    return result;
}

/* (data, fds, flags, address) (new); takes ownership of data. */
static PyObject *received(struct csp_socket *self, PyObject *data, const int *fds, size_t count,
                          int flags, const struct csk_addr *from)
{
    PyObject *list = data ? make_list(fds, count) : NULL, *result = NULL;
    PyObject *address = list ? csp_peer_address(self, from) : NULL;

    if (address)
        result = Py_BuildValue("(OOiO)", data, list, flags, address);
    if (!result)
        close_rest(fds, 0, count);
    Py_XDECREF(data);
    Py_XDECREF(list);
    Py_XDECREF(address);
    return result;
}

/* (sock, bufsize, maxfds, flags): sock is a socket.socket, maxfds not negative */
static PyObject *recv_fds(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)args[0];
    Py_ssize_t size, limit;
    struct csk_addr from;
    PyObject *data;
    int fds[FDS_MAX], flags;
    size_t fd_count;
    ssize_t n;

    if (csp_count("_recv_fds", count, 4, 4) < 0 || check_socket(module, args[0]) < 0 ||
        csp_size(args[1], "bufsize", &size) < 0 || csp_size(args[2], "maxfds", &limit) < 0 ||
        csp_int(args[3], "flags", &flags) < 0)
        return NULL;
    if (size < 0)
        return PyErr_Format(PyExc_ValueError, "bufsize: negative buffer size in recvmsg()");
    if (!(data = PyBytes_FromStringAndSize(NULL, size)))
        return NULL;
    if (flags & MSG_TRUNC)
        memset(PyBytes_AS_STRING(data), 0, (size_t)size);
    fd_count = limit < FDS_MAX ? (size_t)limit : FDS_MAX;
    CSP_CALL(n = csk_recv_fds(&self->s, PyBytes_AS_STRING(data), (size_t)size, fds, &fd_count,
                              &flags, &from));
    if (n >= 0)
        return received(self, csp_resize_bytes(data, n), fds, fd_count, flags, &from);
    Py_DECREF(data);
    return csp_raise(self->state, n);
}

/* _own(fd): an object that closes the descriptor, a socket's or not, at the latest when it is
 * collected.  C code calls it with a descriptor that another call has just opened: a signal
 * handler, whose exception could lose the number, runs before or afterwards. */
static PyObject *own_fd(PyObject *module, PyObject *number)
{
    struct csp_state *state = csp_state_of(module);
    struct csp_socket *made;
    int fd;

    if (csp_int(number, "fd", &fd) < 0)
        return NULL;
    if (!(made = (struct csp_socket *)state->low_type->tp_alloc(state->low_type, 0))) {
        csk_close_fd(fd);
        return NULL;
    }
    made->s = (struct csk_socket)CSK_SOCKET_INIT;
    made->s.fd = fd;
    made->s.type = SOCK_RAW; /* any value except 0, which means closed */
    made->state = state;
    if (csp_find_family(made) < 0) {
        csk_close(&made->s);
        Py_CLEAR(made);
    }
    return (PyObject *)made;
}

static const struct csp_function functions[] = {
    { own_fd, METH_O, "_own" },
    { CSP_FAST(recv_fds), "_recv_fds" },
    { CSP_FAST(send_fds), "_send_fds" },
    { CSP_FAST(take_fds), "_take_fds" },
    { NULL },
};

int csp_fds_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
