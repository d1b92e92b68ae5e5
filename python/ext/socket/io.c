/* Sending and receiving bytes: recv, recv_into, recvfrom, recvfrom_into, send, sendall, sendto. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <string.h>

/* Above this the allocator maps and unmaps memory, which costs 9 times as much as the call if
 * little data has arrived (python/cpython#85451). */
#define LARGE_READ 65536

PyObject *csp_resize_bytes(PyObject *bytes, Py_ssize_t size)
{
    Py_ssize_t old_size = PyBytes_GET_SIZE(bytes);

    if (size == old_size || _PyBytes_Resize(&bytes, size) < 0)
        return bytes;
    if (size > old_size)
        memset(PyBytes_AS_STRING(bytes) + old_size, 0, (size_t)(size - old_size));
    return bytes;
}

/* Receive into a new bytes object, which is then shrunk to the received size.  With MSG_TRUNC the
 * kernel returns the full size of the data, which may exceed the size it wrote, if it wrote at all:
 * bytes that it did not write are zero, and not earlier contents of the memory. */
static PyObject *recv_direct(struct csp_socket *self, Py_ssize_t size, int flags,
                             struct csk_addr *from)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    ssize_t n;
    char *data;

    if (!bytes)
        return NULL;
    data = PyBytes_AS_STRING(bytes);
    if (flags & MSG_TRUNC)
        memset(data, 0, (size_t)size);
    CSP_CALL(n = from ? csk_recvfrom(&self->s, data, (size_t)size, flags, from)
                      : csk_recv(&self->s, data, (size_t)size, flags));
    if (n < 0) {
        Py_DECREF(bytes);
        return csp_raise(self->state, n);
    }
    if (size > LARGE_READ && !(flags & MSG_TRUNC))
        __atomic_store_n(&self->large_reads, n > LARGE_READ, __ATOMIC_RELAXED);
    return csp_resize_bytes(bytes, n);
}

static PyObject *recv_on_stack(struct csp_socket *self, Py_ssize_t size, int flags,
                               struct csk_addr *from)
{
    char data[CSP_STACK_READ];
    ssize_t n;

    CSP_CALL(n = from ? csk_recvfrom(&self->s, data, (size_t)size, flags, from)
                      : csk_recv(&self->s, data, (size_t)size, flags));
    return n < 0 ? csp_raise(self->state, n) : PyBytes_FromStringAndSize(data, n);
}

/* Receive up to LARGE_READ bytes into memory that the allocator has cached, and further bytes into
 * memory that the kernel does not provide until data is written there.  Neither is on the stack,
 * which is smaller than LARGE_READ in threads of some programs. */
static PyObject *recv_scattered(struct csp_socket *self, Py_ssize_t size, int flags,
                                struct csk_addr *from)
{
    Py_ssize_t rest = size - LARGE_READ, n;
    char *head = PyMem_RawMalloc(LARGE_READ), *tail = PyMem_RawMalloc((size_t)rest);
    struct iovec parts[2] = { { head, LARGE_READ }, { tail, (size_t)rest } };
    struct csk_msg msg = { .buffers = parts, .buffer_count = 2, .addr = from };
    PyObject *bytes = NULL;

    if (!head || !tail) {
        PyErr_NoMemory();
        goto out;
    }
    CSP_CALL(n = csk_recvmsg(&self->s, &msg, flags));
    if (n < 0) {
        csp_raise(self->state, n);
    } else if ((bytes = PyBytes_FromStringAndSize(NULL, n))) {
        memcpy(PyBytes_AS_STRING(bytes), head, (size_t)(n < LARGE_READ ? n : LARGE_READ));
        if (n > LARGE_READ)
            memcpy(PyBytes_AS_STRING(bytes) + LARGE_READ, tail, (size_t)(n - LARGE_READ));
        __atomic_store_n(&self->large_reads, n > LARGE_READ, __ATOMIC_RELAXED);
    }
out:
    PyMem_RawFree(tail);
    PyMem_RawFree(head);
    return bytes;
}

PyObject *csp_receive(struct csp_socket *self, Py_ssize_t size, int flags, struct csk_addr *from)
{
    if (flags & MSG_TRUNC)
        return recv_direct(self, size, flags, from);
    if (size <= CSP_STACK_READ)
        return recv_on_stack(self, size, flags, from);
    if (size <= LARGE_READ || __atomic_load_n(&self->large_reads, __ATOMIC_RELAXED))
        return recv_direct(self, size, flags, from);
    return recv_scattered(self, size, flags, from);
}

/* (size[, flags]) */
static int recv_arguments(const char *function, PyObject *const *args, Py_ssize_t count,
                          Py_ssize_t *size, int *flags)
{
    *flags = 0;
    if (csp_count(function, count, 1, 2) < 0 || csp_size(args[0], "bufsize", size) < 0 ||
        (count > 1 && csp_int(args[1], "flags", flags) < 0))
        return -1;
    if (*size < 0) {
        PyErr_Format(PyExc_ValueError, "bufsize: negative buffersize in %s", function);
        return -1;
    }
    return 0;
}

static PyObject *sock_recv(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t size;
    int flags;

    if (recv_arguments("recv", args, count, &size, &flags) < 0)
        return NULL;
    if (size == 0) /* no system call is needed */
        return PyBytes_FromStringAndSize(NULL, 0);
    return csp_receive((struct csp_socket *)op, size, flags, NULL);
}

/* (data, address); takes ownership of data. */
static PyObject *with_address(struct csp_socket *self, PyObject *data, const struct csk_addr *from)
{
    PyObject *address, *pair;

    if (!data)
        return NULL;
    address = csp_peer_address(self, from);
    pair = address ? PyTuple_New(2) : NULL;
    if (!pair) {
        Py_DECREF(data);
        Py_XDECREF(address);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, data);
    PyTuple_SET_ITEM(pair, 1, address);
    return pair;
}

static PyObject *sock_recvfrom(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr from;
    Py_ssize_t size;
    int flags;

    if (recv_arguments("recvfrom", args, count, &size, &flags) < 0)
        return NULL;
    return with_address(self, csp_receive(self, size, flags, &from), &from);
}

static const struct csp_signature recv_into_signature = { "recv_into", "buffer nbytes flags", 1,
                                                          3 };
static const struct csp_signature recvfrom_into_signature = { "recvfrom_into",
                                                              "buffer nbytes flags", 1, 3 };

/* The number of bytes received, or -1. */
static Py_ssize_t receive_into(struct csp_socket *self, const struct csp_signature *signature,
                               PyObject *const *args, Py_ssize_t count, PyObject *names,
                               const char *too_small, struct csk_addr *from)
{
    PyObject *values[3];
    Py_ssize_t size = 0, n = -1;
    int flags = 0;
    Py_buffer view;

    if (csp_arguments(signature, args, count, names, values) < 0 ||
        csp_writable(&view, values[0], signature->function, 1) < 0)
        return -1;
    if ((values[1] && csp_size(values[1], "nbytes", &size) < 0) ||
        (values[2] && csp_int(values[2], "flags", &flags) < 0))
        goto out;
    if (size < 0) {
        PyErr_Format(PyExc_ValueError, "nbytes: negative buffersize in %s", signature->function);
        goto out;
    }
    if (size > view.len) {
        PyErr_SetString(PyExc_ValueError, too_small);
        goto out;
    }
    if (size == 0)
        size = view.len;
    if (size == 0 && !from) { /* as recv(0) */
        n = 0;
        goto out;
    }
    CSP_CALL(n = from ? csk_recvfrom(&self->s, view.buf, (size_t)size, flags, from)
                      : csk_recv(&self->s, view.buf, (size_t)size, flags));
    if (n < 0) {
        csp_raise(self->state, n);
        n = -1;
    }
out:
    PyBuffer_Release(&view);
    return n;
}

static PyObject *sock_recv_into(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                PyObject *names)
{
    Py_ssize_t n = receive_into((struct csp_socket *)op, &recv_into_signature, args, count, names,
                                "nbytes: buffer too small for requested bytes", NULL);

    return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *sock_recvfrom_into(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                    PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_addr from;
    Py_ssize_t n = receive_into(self, &recvfrom_into_signature, args, count, names,
                                "nbytes is greater than the length of the buffer", &from);

    return n < 0 ? NULL : with_address(self, PyLong_FromSsize_t(n), &from);
}

/* (data[, flags]) */
static int send_arguments(const char *function, PyObject *const *args, Py_ssize_t count,
                          struct csp_bytes *bytes, int *flags)
{
    *flags = 0;
    if (csp_count(function, count, 1, 2) < 0)
        return -1;
    if (csp_bytes_get(bytes, args[0]) < 0)
        return csp_named("data");
    if (count > 1 && csp_int(args[1], "flags", flags) < 0) {
        csp_bytes_release(bytes);
        return -1;
    }
    return 0;
}

/* Whether to try it with the GIL held: see call.c. */
static bool is_tried_first(const struct csp_socket *self, const struct csp_bytes *bytes, int flags)
{
    return self->queued && flags == 0 && bytes->size <= CSP_SHORT && !bytes->view.obj &&
           csp_is_only_thread();
}

ssize_t csp_send(struct csp_socket *self, const struct csp_bytes *bytes, int flags,
                 const struct csk_addr *to)
{
    ssize_t n, sent = 0;

    /* Not for data on a connection, where it saves no time. */
    if (to && is_tried_first(self, bytes, flags)) {
        struct csk_socket now = csp_nonblocking(self);

        n = csk_sendto(&now, bytes->data, (size_t)bytes->size, MSG_DONTWAIT, to, NULL);
        if (!csp_is_unfinished(self, n, bytes->size))
            return n;
        sent = n > 0 ? n : 0;
    }
    if (!to)
        CSP_CALL(n = csk_send(&self->s, bytes->data, (size_t)bytes->size, flags));
    else
        CSP_CALL(n = csk_sendto(&self->s, bytes->data + sent, (size_t)(bytes->size - sent), flags,
                                to, NULL));
    return n >= 0 ? n + sent : sent && n != CSK_EINTERRUPTED ? sent : n;
}

static int send_all(struct csp_socket *self, const struct csp_bytes *bytes, int flags)
{
    int n;

    CSP_CALL(n = csk_sendall(&self->s, bytes->data, (size_t)bytes->size, flags, NULL));
    return n;
}

static PyObject *sock_send(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csp_bytes bytes;
    ssize_t n;
    int flags;

    if (send_arguments("send", args, count, &bytes, &flags) < 0)
        return NULL;
    n = csp_send(self, &bytes, flags, NULL);
    csp_bytes_release(&bytes);
    return n < 0 ? csp_raise(self->state, n) : PyLong_FromSsize_t(n);
}

static PyObject *sock_sendall(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csp_bytes bytes;
    int flags, n;

    if (send_arguments("sendall", args, count, &bytes, &flags) < 0)
        return NULL;
    n = send_all(self, &bytes, flags);
    csp_bytes_release(&bytes);
    if (n < 0)
        return csp_raise(self->state, n);
    Py_RETURN_NONE;
}

/* (data[, flags], address) */
static PyObject *sock_sendto(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    PyObject *address = count > 1 ? args[count - 1] : NULL;
    struct csp_bytes bytes;
    struct csk_addr to;
    int flags = 0;
    ssize_t n = CSK_EINTERRUPTED;

    if (count < 2 || count > 3) {
        PyErr_Format(PyExc_TypeError, "sendto() takes 2 or 3 arguments (%zd given)", count);
        return NULL;
    }
    if (csp_bytes_get(&bytes, args[0]) < 0)
        return NULL;
    if ((count < 3 || csp_int(args[1], "flags", &flags) == 0) &&
        csp_address_from(self, address, &to, "sendto") == 0 &&
        PySys_Audit("socket.sendto", "OO", op, address) == 0)
        n = csp_send(self, &bytes, flags, &to);
    csp_bytes_release(&bytes);
    return n < 0 ? csp_raise_about(self, n, &to) : PyLong_FromSsize_t(n);
}

static const struct csp_function methods[] = {
    { CSP_FAST(sock_recv), "recv($self, bufsize, flags=0, /)\n--\n\n"
                           "Receive at most bufsize bytes; return b'' at the end of the stream." },
    { CSP_KEYWORDS(sock_recv_into),
      "recv_into($self, /, buffer, nbytes=0, flags=0)\n--\n\n"
      "Receive into a buffer, at most nbytes bytes if that is not 0; return the number of bytes." },
    { CSP_FAST(sock_recvfrom),
      "recvfrom($self, bufsize, flags=0, /)\n--\n\n"
      "Receive at most bufsize bytes: return (bytes, the sender's address)." },
    { CSP_KEYWORDS(sock_recvfrom_into),
      "recvfrom_into($self, /, buffer, nbytes=0, flags=0)\n--\n\n"
      "Receive into a buffer: return (number of bytes, the sender's address)." },
    { CSP_FAST(sock_send),
      "send($self, data, flags=0, /)\n--\n\n"
      "Send bytes; return the number of bytes sent, which may be smaller than data's size." },
    { CSP_FAST(sock_sendall),
      "sendall($self, data, flags=0, /)\n--\n\n"
      "Send all bytes. After an error the number of bytes sent is unknown." },
    { CSP_FAST(sock_sendto), "sendto($self, data, flags_or_address, address=..., /)\n--\n\n"
                             "sendto(data[, flags], address): send bytes to an address." },
    { NULL },
};

int csp_io_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
