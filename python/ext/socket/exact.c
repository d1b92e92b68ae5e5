/* Receiving a complete unit: recv_exactly, recv_exactly_into, recv_until, recv_line.
 *
 * If one of them fails, the exception's attribute partial contains the data received, so that a
 * timeout loses nothing.  If a class overrides receiving, as ssl.SSLSocket does, its recv_into is
 * called. */
#include "define.h"
#include "error.h"
#include "parameter.h"
#include "setup.h"
#include "socket.h"

#include <string.h>

/* The limit on memory allocated before data has arrived: otherwise a huge maximum would cost memory
 * regardless of the data received. */
#define FIRST_SPACE ((Py_ssize_t)1 << 20)

/* Bytes to be received. */
struct wanted {
    const char *function;
    struct csp_socket *sock;
    PyObject *bytes; /* the growing object that contains data and space; or NULL */
    char *data;
    Py_ssize_t size, space, received;
    const char *delimiter; /* NULL: all size bytes are wanted */
    Py_ssize_t delimiter_size;
    bool end_ends; /* the end of the stream is equivalent to the delimiter */
    bool line;
};

/* Whether the object's class has not replaced recv_into. */
static bool receives_itself(const struct csp_socket *sock)
{
    struct csp_state *state = sock->state;
    PyObject *ours, *theirs;
    bool same;

    if (csp_is_plain(state, (PyObject *)sock))
        return true;
    ours = PyObject_GetAttr((PyObject *)state->package_type, state->str_recv_into);
    theirs = PyObject_GetAttr((PyObject *)Py_TYPE(sock), state->str_recv_into);
    same = ours && theirs &&
           (ours == theirs || !PyType_IsSubtype(Py_TYPE(sock), state->package_type));
    Py_XDECREF(ours);
    Py_XDECREF(theirs);
    PyErr_Clear();
    return same;
}

/* exception.partial = the data received. */
static void keep_partial(struct wanted *w)
{
    struct csp_saved_exception saved;
    PyObject *partial;

    csp_save_exception(&saved);
    partial = w->bytes ? csp_resize_bytes(w->bytes, w->received)
                       : PyBytes_FromStringAndSize(w->data, w->received);
    w->bytes = NULL;
    if (!partial || !csp_saved_value(&saved) ||
        PyObject_SetAttrString(csp_saved_value(&saved), "partial", partial) < 0)
        PyErr_Clear();
    Py_XDECREF(partial);
    csp_restore_exception(&saved);
}

static void raise_incomplete(const struct wanted *w)
{
    if (w->delimiter)
        PyErr_Format(PyExc_EOFError,
                     "the connection was closed after %zd bytes, before the delimiter",
                     w->received);
    else
        PyErr_Format(PyExc_EOFError, "the connection was closed after %zd of %zd bytes",
                     w->received, w->size);
}

static void raise_too_long(const struct wanted *w)
{
    PyErr_Format(PyExc_ValueError, "no %s within the first %zd bytes (max_bytes)",
                 w->line ? "end of line" : "delimiter", w->size);
}

/* The space is full: twice as much of it.  _PyBytes_Resize would lose the data if it failed. */
static int grow(struct wanted *w)
{
    Py_ssize_t space = w->space < w->size - w->space ? 2 * w->space : w->size;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, space);

    if (!bytes)
        return -1;
    memcpy(PyBytes_AS_STRING(bytes), w->data, (size_t)w->received);
    Py_SETREF(w->bytes, bytes);
    w->data = PyBytes_AS_STRING(bytes);
    w->space = space;
    return 0;
}

/* Receive until the data is complete or the space is full. */
static ssize_t receive_into_space(struct wanted *w)
{
    struct csk_socket *s = &w->sock->s;
    size_t received = (size_t)w->received, space = (size_t)w->space;
    ssize_t n;

    if (w->delimiter) {
        CSP_CALL(n = csk_recvuntil(s, w->delimiter, (size_t)w->delimiter_size, w->data, space,
                                   &received));
    } else {
        CSP_CALL(
            n = csk_recvall(s, w->data + w->received, space - (size_t)w->received, 0, &received));
        received += (size_t)w->received;
    }
    w->received = (Py_ssize_t)received;
    return n;
}

static int64_t end_of_timeout(const struct wanted *w)
{
    int64_t timeout = csp_timeout_of(w->sock), now = csk_now();

    return timeout > 0 && timeout < INT64_MAX - now ? now + timeout : 0;
}

/* The same, with growing space.  The timeout is that of the whole call. */
static ssize_t receive_more(struct wanted *w, int64_t until)
{
    struct csk_scope scope = { .deadline = until };
    ssize_t n;

    if (grow(w) < 0)
        return -1;
    n = until ? csk_scope_push(&scope) : 0;
    if (n < 0)
        return n;
    n = receive_into_space(w);
    if (until)
        csk_scope_pop(&scope);
    return n;
}

static int receive_plain(struct wanted *w)
{
    int64_t until = w->space < w->size ? end_of_timeout(w) : 0;
    ssize_t n = receive_into_space(w);

    while (w->received == w->space && w->space < w->size && n == (w->delimiter ? CSK_ESPACE : 0)) {
        n = receive_more(w, until);
        if (PyErr_Occurred())
            return -1;
    }
    if (n >= 0 || (n == CSK_EINCOMPLETE && w->end_ends))
        return 0;
    if (n == CSK_EINCOMPLETE)
        raise_incomplete(w);
    else if (n == CSK_ESPACE)
        raise_too_long(w);
    else
        csp_raise(w->sock->state, n);
    return -1;
}

static bool is_complete(const struct wanted *w)
{
    if (!w->delimiter)
        return w->received == w->size;
    return w->received >= w->delimiter_size && memcmp(w->data + w->received - w->delimiter_size,
                                                      w->delimiter, (size_t)w->delimiter_size) == 0;
}

/* One call of the object's recv_into.  The number of bytes received, or -1. */
static Py_ssize_t receive_part(const struct wanted *w)
{
    /* Data after the delimiter must stay in the queue. */
    Py_ssize_t size = w->delimiter ? 1 : w->space - w->received, n = -1;
    PyObject *view = csp_memory_view(w->data + w->received, size);
    PyObject *result = view ? PyObject_CallMethodOneArg((PyObject *)w->sock,
                                                        w->sock->state->str_recv_into, view)
                            : NULL;
    PyObject *done = NULL;

    if (result && (n = PyLong_AsSsize_t(result)) > size)
        n = size;
    if (view) {
        struct csp_saved_exception saved;

        csp_save_exception(&saved);
        done = PyObject_CallMethod(view, "release", NULL);
        Py_XDECREF(done);
        PyErr_Clear();
        csp_restore_exception(&saved);
    }
    Py_XDECREF(result);
    Py_XDECREF(view);
    return n;
}

static int receive_by_method(struct wanted *w)
{
    Py_ssize_t n;

    while (!is_complete(w)) {
        if (w->received == w->size) {
            raise_too_long(w);
            return -1;
        }
        if (w->received == w->space && grow(w) < 0)
            return -1;
        if ((n = receive_part(w)) < 0)
            return -1;
        if (n == 0 && w->end_ends)
            return 0;
        if (n == 0) {
            raise_incomplete(w);
            return -1;
        }
        w->received += n;
    }
    return 0;
}

/* The rest of a message longer than requested would be lost. */
static int refuse_type(const struct wanted *w)
{
    const struct csk_constant *type = csk_constant_by_value("SOCK", w->sock->s.type);

    if (type)
        PyErr_Format(PyExc_ValueError, "%s() requires a socket of type SOCK_STREAM, not %s",
                     w->function, type->name);
    else
        PyErr_Format(PyExc_ValueError, "%s() requires a socket of type SOCK_STREAM, not type %d",
                     w->function, w->sock->s.type);
    return -1;
}

static int receive(struct wanted *w)
{
    int n;

    if (w->sock->s.type != SOCK_STREAM)
        return refuse_type(w);
    n = receives_itself(w->sock) ? receive_plain(w) : receive_by_method(w);

    if (n < 0)
        keep_partial(w);
    return n;
}

/* Receive into a bytes object of at most size bytes (new). */
static PyObject *receive_bytes(struct wanted *w)
{
    w->space = w->size < FIRST_SPACE ? w->size : FIRST_SPACE;
    w->bytes = PyBytes_FromStringAndSize(NULL, w->space);
    if (!w->bytes)
        return NULL;
    w->data = PyBytes_AS_STRING(w->bytes);
    if (receive(w) == 0)
        return csp_resize_bytes(w->bytes, w->received);
    Py_XDECREF(w->bytes);
    return NULL;
}

static int read_size(PyObject *object, const char *name, Py_ssize_t least, Py_ssize_t *size)
{
    if (PyBool_Check(object) || !PyIndex_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s must be an int, not %R", name, object);
        return -1;
    }
    if (csp_size(object, NULL, size) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError))
            return -1;
        PyErr_Clear();
        PyErr_Format(PyExc_OverflowError, "%s must be from %zd to %zd, not %S", name, least,
                     PY_SSIZE_T_MAX, object);
        return -1;
    }
    if (*size >= least)
        return 0;
    PyErr_Format(PyExc_ValueError, "%s must be %zd or more, not %zd", name, least, *size);
    return -1;
}

static PyObject *sock_recv_exactly(PyObject *op, PyObject *arg)
{
    struct wanted w = { .function = "recv_exactly", .sock = (struct csp_socket *)op };

    return read_size(arg, "nbytes", 0, &w.size) < 0 ? NULL : receive_bytes(&w);
}

static const struct csp_signature into_signature = { "recv_exactly_into", "buffer nbytes", 1, 2 };

static PyObject *sock_recv_exactly_into(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                        PyObject *names)
{
    struct wanted w = { .function = "recv_exactly_into", .sock = (struct csp_socket *)op };
    PyObject *values[2];
    Py_buffer view;
    int n = -1;

    if (csp_arguments(&into_signature, args, count, names, values) < 0 ||
        (values[1] && read_size(values[1], "nbytes", 0, &w.size) < 0) ||
        csp_parameter_writable(&view, values[0], "recv_exactly_into", "buffer") < 0)
        return NULL;
    if (w.size > view.len) {
        PyErr_Format(PyExc_ValueError, "nbytes is %zd, and the buffer has %zd bytes", w.size,
                     view.len);
        goto out;
    }
    if (w.size == 0)
        w.size = view.len;
    w.data = view.buf;
    w.space = w.size;
    n = receive(&w);
out:
    PyBuffer_Release(&view);
    return n < 0 ? NULL : PyLong_FromSsize_t(w.size);
}

static const struct csp_signature until_signature = { "recv_until", "delimiter max_bytes", 2, 2 };

static PyObject *sock_recv_until(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                 PyObject *names)
{
    struct wanted w = { .function = "recv_until", .sock = (struct csp_socket *)op };
    PyObject *values[2], *result = NULL;
    struct csp_bytes delimiter;

    if (csp_arguments(&until_signature, args, count, names, values) < 0 ||
        csp_parameter_bytes(&delimiter, values[0], "recv_until", "delimiter") < 0)
        return NULL;
    w.delimiter = delimiter.data;
    w.delimiter_size = delimiter.size;
    if (delimiter.size == 0)
        PyErr_SetString(PyExc_ValueError, "delimiter must not be empty");
    else if (read_size(values[1], "max_bytes", 1, &w.size) == 0)
        result = receive_bytes(&w);
    csp_bytes_release(&delimiter);
    return result;
}

static const struct csp_signature line_signature = { "recv_line", "max_bytes", 0, 1 };

static PyObject *sock_recv_line(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                PyObject *names)
{
    struct wanted w = { .function = "recv_line",
                        .sock = (struct csp_socket *)op,
                        .size = 65536,
                        .delimiter = "\n",
                        .delimiter_size = 1,
                        .end_ends = true,
                        .line = true };
    PyObject *max;

    if (csp_arguments(&line_signature, args, count, names, &max) < 0 ||
        (max && read_size(max, "max_bytes", 1, &w.size) < 0))
        return NULL;
    return receive_bytes(&w);
}

static const struct csp_function methods[] = {
    { sock_recv_exactly, METH_O,
      "recv_exactly($self, nbytes, /)\n--\n\n"
      "Receive exactly nbytes bytes; raise EOFError if the connection ends before. The attribute\n"
      "partial of any exception contains the bytes that were received." },
    { CSP_KEYWORDS(sock_recv_exactly_into),
      "recv_exactly_into($self, /, buffer, nbytes=0)\n--\n\n"
      "As recv_exactly, into a buffer, which is filled if nbytes is 0; return the number of\n"
      "bytes." },
    { CSP_KEYWORDS(sock_recv_until),
      "recv_until($self, /, delimiter, max_bytes)\n--\n\n"
      "Receive bytes up to and including a delimiter; raise ValueError if it is not within the\n"
      "first max_bytes bytes. EOFError and partial as for recv_exactly." },
    { CSP_KEYWORDS(sock_recv_line),
      "recv_line($self, /, max_bytes=65536)\n--\n\n"
      "Receive a line, including its newline. At the end of the stream, return the remaining\n"
      "bytes, and then b''. partial as for recv_exactly." },
    { NULL },
};

int csp_exact_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
