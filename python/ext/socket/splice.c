/* socket.splice and socket.splice_from.
 *
 * An exception has the attributes moved, the number of bytes that reached their destination, and
 * pending, the bytes that were read from the source and not written. */
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <errno.h>
#include <limits.h>

/* The end that is not the method's own socket. */
struct other_end {
    PyObject *object; /* borrowed */
    PyObject *seek;   /* its method; NULL: it uses the descriptor's position, or no position
                       * changes */
    int64_t offset;   /* in the file */
    bool has_offset;
};

struct splicing {
    struct csp_socket *self;
    struct csk_transfer transfer;
    struct other_end other;
    int64_t count;
    bool receiving;     /* from the socket */
    PyObject *progress; /* borrowed; NULL: none */
};

static int on_progress(struct csk_transfer *transfer)
{
    const struct splicing *s = transfer->context;
    PyObject *moved, *done = NULL;

    csp_acquire_gil();
    moved = PyLong_FromLongLong(transfer->moved);
    if (moved)
        done = PyObject_CallOneArg(s->progress, moved);
    Py_XDECREF(moved);
    Py_XDECREF(done);
    csp_release_gil();
    return done ? 0 : CSK_EINTERRUPTED;
}

/* The count or the offset: None means absent. */
static int read_number(PyObject *object, const char *name, int64_t *number, bool *given)
{
    bool too_large;

    *given = object && object != Py_None;
    if (!*given)
        return 0;
    if (!PyIndex_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s must be an int or None, not %.100s", name,
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    if (csp_int64(object, number, &too_large) < 0)
        return -1;
    if (*number >= 0)
        return 0;
    PyErr_Format(PyExc_ValueError, "%s must not be negative (got %R)", name, object);
    return -1;
}

/* A method's result (new), or NULL without an exception if the object does not have or support it.
 */
static PyObject *call_if_possible(PyObject *object, const char *name)
{
    PyObject *method = PyObject_GetAttrString(object, name), *result = NULL;

    if (method)
        result = PyObject_CallNoArgs(method);
    Py_XDECREF(method);
    if (!result &&
        (PyErr_ExceptionMatches(PyExc_AttributeError) || PyErr_ExceptionMatches(PyExc_OSError)))
        PyErr_Clear();
    return result;
}

/* TLS encrypts inside the program. */
static int check_unencrypted(PyObject *object)
{
    PyObject *tls = PyObject_GetAttrString(object, "_sslobj");
    bool encrypted = tls && tls != Py_None;

    Py_XDECREF(tls);
    PyErr_Clear();
    if (encrypted)
        PyErr_Format(PyExc_NotImplementedError, "splice not allowed on instances of %S",
                     (PyObject *)Py_TYPE(object));
    return encrypted ? -1 : 0;
}

static int check_binary(PyObject *file)
{
    PyObject *encoding = PyObject_GetAttrString(file, "encoding");
    bool text = encoding && PyUnicode_Check(encoding);

    Py_XDECREF(encoding);
    PyErr_Clear();
    if (text)
        PyErr_SetString(PyExc_ValueError, "file should be opened in binary mode");
    return text ? -1 : 0;
}

/* Like PyObject_AsFileDescriptor, with errors that name the parameter. */
static int descriptor_of(const struct splicing *s, PyObject *file)
{
    const char *name = s->receiving ? "dst" : "src";
    int fd;

    if (!PyLong_Check(file) && !PyObject_HasAttrString(file, "fileno")) {
        PyErr_Format(PyExc_TypeError,
                     "%s must be a socket, a file or a file descriptor, not %.100s", name,
                     file == Py_None ? "None" : Py_TYPE(file)->tp_name);
        return -1;
    }
    fd = PyObject_AsFileDescriptor(file);
    if (fd >= 0 || !PyLong_Check(file))
        return fd;
    if (PyErr_ExceptionMatches(PyExc_ValueError) || PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "%s %S is not a file descriptor (0-%d)", name, file,
                     INT_MAX);
    }
    return -1;
}

/* A file object has its own buffer and position: flush the buffer, and begin at the position. */
static int open_file(struct splicing *s, struct csk_splice_end *end)
{
    PyObject *file = s->other.object, *result;
    bool too_large;
    int n;

    end->fd = descriptor_of(s, file);
    if (end->fd < 0 || PyLong_Check(file))
        return end->fd < 0 ? -1 : 0;
    if (check_unencrypted(file) < 0 || check_binary(file) < 0)
        return -1;
    Py_XDECREF(call_if_possible(file, "flush"));
    if (PyErr_Occurred())
        return -1;
    if (s->other.has_offset || !(result = call_if_possible(file, "tell")))
        return PyErr_Occurred() ? -1 : 0;
    n = csp_int64(result, &s->other.offset, &too_large);
    Py_DECREF(result);
    if (n < 0 || !(s->other.seek = PyObject_GetAttr(file, s->self->state->str_seek)))
        return -1;
    s->other.has_offset = true;
    return 0;
}

static int open_other(struct splicing *s, struct csk_splice_end *end)
{
    PyObject *object = s->other.object;

    if (PyObject_TypeCheck(object, s->self->state->low_type)) {
        if (check_unencrypted(object) < 0)
            return -1;
        end->s = &((struct csp_socket *)object)->s;
    } else if (open_file(s, end) < 0) {
        return -1;
    }
    if (s->other.has_offset)
        end->offset = &s->other.offset;
    return 0;
}

/* Set a file object's position to the end of the bytes moved, if it can seek. */
static void set_position(struct splicing *s)
{
    PyObject *number, *done = NULL;

    if (!s->other.seek)
        return;
    /* Pending bytes are returned in the exception. */
    number = PyLong_FromLongLong(s->other.offset);
    if (number)
        done = PyObject_CallOneArg(s->other.seek, number);
    Py_XDECREF(number);
    Py_XDECREF(done);
    if (!done && PyErr_ExceptionMatches(PyExc_OSError))
        PyErr_Clear();
}

/* The pending bytes (new), which are removed from the transfer. */
static PyObject *take_pending(struct csk_transfer *transfer)
{
    Py_ssize_t size = (Py_ssize_t)transfer->pending, done = 0;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    ssize_t n = 1;

    while (bytes && done < size && n > 0)
        if ((n = csk_splice_pending(transfer, PyBytes_AS_STRING(bytes) + done,
                                    (size_t)(size - done))) > 0)
            done += n;
    if (bytes && done < size)
        _PyBytes_Resize(&bytes, done);
    return bytes;
}

/* exception.moved and exception.pending; the file's position. */
static PyObject *keep_progress(struct splicing *s)
{
    struct csp_saved_exception saved;
    PyObject *moved, *pending;

    csp_save_exception(&saved);
    moved = PyLong_FromLongLong(s->transfer.moved);
    pending = take_pending(&s->transfer);
    if (!moved || !pending || !csp_saved_value(&saved) ||
        PyObject_SetAttrString(csp_saved_value(&saved), "moved", moved) < 0 ||
        PyObject_SetAttrString(csp_saved_value(&saved), "pending", pending) < 0)
        PyErr_Clear();
    Py_XDECREF(moved);
    Py_XDECREF(pending);
    set_position(s);
    PyErr_Clear();
    csp_restore_exception(&saved);
    return NULL;
}

static PyObject *run(struct splicing *s)
{
    int64_t n;

    do /* where ssize_t has 32 bits one call may not move all */
        CSP_CALL(n = csk_splice(&s->transfer, s->count < 0 ? -1 : s->count - s->transfer.moved));
    while (n == PY_SSIZE_T_MAX);
    /* A non-blocking transfer has read bytes that it could not write. */
    if (n >= 0 && s->transfer.pending > 0)
        n = -EAGAIN;
    if (n < 0) {
        csp_raise(s->self->state, n);
        return keep_progress(s);
    }
    set_position(s);
    return PyErr_Occurred() ? NULL : PyLong_FromLongLong(s->transfer.moved);
}

static int begin(struct splicing *s, PyObject *op, PyObject *const *values)
{
    bool given;

    *s = (struct splicing){ .self = (struct csp_socket *)op, .count = -1 };
    s->other.object = values[0];
    if (read_number(values[1], "count", &s->count, &given) < 0 ||
        read_number(values[2], "offset", &s->other.offset, &s->other.has_offset) < 0)
        return -1;
    if (!values[3] || values[3] == Py_None)
        return 0;
    if (!PyCallable_Check(values[3])) {
        PyErr_Format(PyExc_TypeError, "progress must be callable or None (got %R)", values[3]);
        return -1;
    }
    s->progress = values[3];
    s->transfer.context = s;
    s->transfer.on_progress = on_progress;
    return 0;
}

static PyObject *splice(PyObject *op, const struct csp_signature *signature, PyObject *const *args,
                        Py_ssize_t count, PyObject *names, bool receiving)
{
    struct csk_splice_end *own, *other;
    struct splicing s;
    PyObject *values[4], *result = NULL;

    if (csp_arguments(signature, args, count, names, values) < 0 || begin(&s, op, values) < 0)
        return NULL;
    own = receiving ? &s.transfer.from : &s.transfer.to;
    s.receiving = receiving;
    other = receiving ? &s.transfer.to : &s.transfer.from;
    own->s = &s.self->s;
    if (check_unencrypted(op) == 0 && open_other(&s, other) == 0)
        result = run(&s);
    csk_splice_close(&s.transfer);
    Py_XDECREF(s.other.seek);
    return result;
}

static const struct csp_signature to_signature = { "splice", "dst count offset progress", 1, 4 };
static const struct csp_signature from_signature = { "splice_from", "src count offset progress", 1,
                                                     4 };

static PyObject *sock_splice(PyObject *op, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    return splice(op, &to_signature, args, count, names, true);
}

static PyObject *sock_splice_from(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                  PyObject *names)
{
    return splice(op, &from_signature, args, count, names, false);
}

static const struct csp_function methods[] = {
    { CSP_KEYWORDS(sock_splice),
      "splice($self, /, dst, count=None, offset=None, progress=None)\n--\n\n"
      "Receive into dst, a socket, a pipe, a file or a descriptor, up to count bytes or the end;\n"
      "return the number of bytes. The kernel moves them if it can.\n\n"
      "offset is where to write in a file, by default its position, which is then after the\n"
      "bytes. progress is called with the number of bytes moved so far. An exception has the\n"
      "attributes moved, that number, and pending, bytes that were received and not written." },
    { CSP_KEYWORDS(sock_splice_from),
      "splice_from($self, /, src, count=None, offset=None, progress=None)\n--\n\n"
      "Send from src, a socket, a pipe, a file or a descriptor, as splice receives. pending are\n"
      "bytes that were read and not sent." },
    { NULL },
};

int csp_splice_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
