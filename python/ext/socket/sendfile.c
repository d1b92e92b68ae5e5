/* socket.sendfile. */
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* The number of bytes per iteration of the slow path. */
#define CHUNK_SIZE 8192

/* The maximum to send in one call: larger counts overflow in some functions. */
#define CALL_SIZE_MAX (1 << 30)

struct transfer {
    PyObject *file; /* borrowed */
    int64_t offset;
    int64_t count; /* -1: until the end */
};

static bool names_binary(PyObject *mode)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(mode);

    return PyUnicode_IS_COMPACT_ASCII(mode)
               ? memchr(PyUnicode_DATA(mode), 'b', (size_t)length) != NULL
               : PyUnicode_FindChar(mode, 'b', 0, length, 1) >= 0;
}

/* A file that is open in text mode would send characters. */
static int check_binary(struct csp_state *state, PyObject *file)
{
    PyObject *mode = PyObject_GetAttr(file, state->str_mode);
    int binary = 1;

    if (!mode) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    if (PyUnicode_Check(mode))
        binary = names_binary(mode);
    Py_DECREF(mode);
    if (binary)
        return 0;
    PyErr_SetString(PyExc_ValueError, "file should be opened in binary mode");
    return -1;
}

static int read_count(PyObject *object, int64_t *count)
{
    bool too_large;

    *count = -1;
    if (!object || object == Py_None)
        return 0;
    if (!PyLong_Check(object)) {
        PyErr_Format(PyExc_TypeError, "count must be a positive integer (got %R)", object);
        return -1;
    }
    if (csp_int64(object, count, &too_large) < 0)
        return csp_named("count");
    if (*count > 0)
        return 0;
    PyErr_Format(PyExc_ValueError, "count must be a positive integer (got %R)", object);
    return -1;
}

/* values: file, offset, count */
static int read_values(struct csp_socket *self, PyObject *const *values, struct transfer *transfer)
{
    bool too_large;

    if (check_binary(self->state, values[0]) < 0)
        return -1;
    transfer->file = values[0];
    transfer->offset = 0;
    /* The core refuses other kinds of socket too, but only after the file's position has been
     * queried. */
    if (self->s.type != SOCK_STREAM) {
        csp_raise(self->state, CSK_ESOCKTYPE);
        return -1;
    }
    if (read_count(values[2], &transfer->count) < 0)
        return -1;
    if (values[1] && csp_int64(values[1], &transfer->offset, &too_large) < 0)
        return csp_named("offset");
    return 0;
}

static int read_transfer(struct csp_socket *self, const struct csp_signature *signature,
                         PyObject *const *args, Py_ssize_t given, PyObject *names,
                         struct transfer *transfer)
{
    PyObject *values[3];

    return csp_arguments(signature, args, given, names, values) < 0
               ? -1
               : read_values(self, values, transfer);
}

/* PyLong_FromLong is faster than PyLong_FromLongLong. */
static PyObject *from_int64(int64_t number)
{
    return number == (long)number ? PyLong_FromLong((long)number) : PyLong_FromLongLong(number);
}

static int call_seek(struct csp_state *state, PyObject *file, int64_t offset)
{
    PyObject *number = from_int64(offset), *done;

    if (!number)
        return -1;
    done = PyObject_CallMethodOneArg(file, state->str_seek, number);
    Py_DECREF(number);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* Whether a call has failed because the object lacks the method: then the exception is cleared. */
static bool lacks_method(PyObject *file, PyObject *name)
{
    struct csp_saved_exception saved;
    bool lacks;

    if (!PyErr_ExceptionMatches(PyExc_AttributeError))
        return false;
    csp_save_exception(&saved);
    lacks = !PyObject_HasAttr(file, name);
    if (lacks)
        csp_discard_exception(&saved);
    else
        csp_restore_exception(&saved);
    return lacks;
}

/* Set the file's position to the end of the data sent.  A file that cannot seek (a pipe) does not
 * turn success into an error. */
static int seek(struct csp_state *state, PyObject *file, int64_t offset)
{
    if (call_seek(state, file, offset) == 0 || lacks_method(file, state->str_seek))
        return 0;
    if (!PyErr_ExceptionMatches(PyExc_OSError))
        return -1;
    PyErr_Clear();
    return 0;
}

/* The same after an error, which is preserved. */
static int seek_after_error(struct csp_state *state, PyObject *file, int64_t offset)
{
    struct csp_saved_exception saved;

    if (!PyErr_Occurred())
        return seek(state, file, offset);
    /* Before any lookup, which would clear it. */
    csp_save_exception(&saved);
    if (seek(state, file, offset) < 0)
        PyErr_Clear();
    csp_restore_exception(&saved);
    return -1;
}

/* The descriptor; -1 with an exception.  *none: the object has no descriptor. */
static int file_number(struct csp_state *state, PyObject *file, bool *none)
{
    PyObject *number = PyObject_CallMethodNoArgs(file, state->str_fileno);
    int fd = -1;

    *none = !number && (PyErr_ExceptionMatches(PyExc_AttributeError) ||
                        PyErr_ExceptionMatches(state->unsupported));
    if (number && csp_int(number, NULL, &fd) < 0)
        fd = -1;
    Py_XDECREF(number);
    return fd;
}

/* *try_another_way: the system refuses, and nothing has been sent; another method may work. */
static PyObject *send_descriptor(struct csp_socket *self, struct transfer *transfer, int fd,
                                 bool *try_another_way)
{
    int64_t offset = transfer->offset, n;

    if (offset < 0) /* the system's answer is not final; the file's own seek decides */
        n = -EINVAL;
    else
        do /* where ssize_t has 32 bits one call may not send all */
            CSP_CALL(n = csk_sendfile(
                         &self->s, fd, &offset,
                         transfer->count < 0 ? -1 : transfer->count - (offset - transfer->offset)));
        while (n == PY_SSIZE_T_MAX);
    if (n < 0)
        csp_raise(self->state, n);
    *try_another_way = offset == transfer->offset && csk_error_kind((int)n) == CSK_KIND_SYSTEM;
    if (offset != transfer->offset && seek_after_error(self->state, transfer->file, offset) < 0)
        return NULL;
    return n < 0 ? NULL : from_int64(offset - transfer->offset);
}

/* Send a whole buffer with the socket's own send, which a derived class may replace. */
static int64_t send_chunk(struct csp_socket *self, PyObject *data)
{
    PyObject *view = PyMemoryView_FromObject(data), *rest, *sent;
    int64_t total = 0, n;
    bool too_large;

    while (view && PyMemoryView_GET_BUFFER(view)->len > 0) {
        sent = PyObject_CallMethodOneArg((PyObject *)self, self->state->str_send, view);
        if (!sent && PyErr_ExceptionMatches(PyExc_BlockingIOError)) {
            PyErr_Clear();
            sent = PyLong_FromLong(0);
        }
        n = -1;
        /* No bytecode, which would check for signals, runs between the pieces. */
        if (!sent || csp_int64(sent, &n, &too_large) < 0 || csp_check_signals() < 0)
            n = -1;
        else if (n < 0)
            PyErr_Format(PyExc_ValueError, "send() has returned a negative number: %S", sent);
        Py_XDECREF(sent);
        if (n < 0)
            break;
        total += n;
        rest = PySequence_GetSlice(view, (Py_ssize_t)n, PY_SSIZE_T_MAX);
        Py_SETREF(view, rest);
    }
    if (!view || PyMemoryView_GET_BUFFER(view)->len > 0)
        total = -1 - total;
    Py_XDECREF(view);
    return total;
}

/* Read and send until the end or count: the number of bytes, or -1 - number with an exception. */
static int64_t copy(struct csp_socket *self, const struct transfer *transfer)
{
    PyObject *data, *size;
    int64_t total = 0, size_wanted, n;

    for (;;) {
        size_wanted = transfer->count < 0 || transfer->count - total > CHUNK_SIZE
                          ? CHUNK_SIZE
                          : transfer->count - total;
        if (size_wanted == 0)
            return total;
        size = PyLong_FromLongLong(size_wanted);
        data = size ? PyObject_CallMethodOneArg(transfer->file, self->state->str_read, size) : NULL;
        Py_XDECREF(size);
        if (!data)
            return -1 - total;
        n = send_chunk(self, data);
        Py_DECREF(data);
        if (n < 0)
            return -1 - (total + -1 - n);
        if (n == 0)
            return total;
        total += n;
    }
}

static PyObject *send_by_copying(struct csp_socket *self, struct transfer *transfer)
{
    int64_t n, total;

    if (!csk_getblocking(&self->s))
        return csp_raise(self->state, CSK_ENONBLOCK);
    if (transfer->offset && call_seek(self->state, transfer->file, transfer->offset) < 0)
        return NULL;
    n = copy(self, transfer);
    total = n < 0 ? -1 - n : n;
    if (total > 0 && seek_after_error(self->state, transfer->file, transfer->offset + total) < 0)
        return NULL;
    return n < 0 ? NULL : PyLong_FromLongLong(n);
}

static const struct csp_signature send_signature = { "_sendfile_use_send", "file offset count", 1,
                                                     3 };
static const struct csp_signature sendfile_signature = { "_sendfile_use_sendfile",
                                                         "file offset count", 1, 3 };
static const struct csp_signature signature = { "sendfile", "file offset count", 1, 3 };
static const struct csp_signature check_signature = { "_check_sendfile_params", "file offset count",
                                                      3, 3 };

static PyObject *use_send(PyObject *op, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct transfer transfer;

    if (read_transfer(self, &send_signature, args, count, names, &transfer) < 0)
        return NULL;
    return send_by_copying(self, &transfer);
}

/* Whether the object reports that it is seekable; an object without the method is.  -1 with an
 * exception. */
static int is_seekable(struct csp_state *state, PyObject *file)
{
    PyObject *answer = PyObject_CallMethodNoArgs(file, state->str_seekable);
    int seekable;

    if (!answer)
        return lacks_method(file, state->str_seekable) ? 1 : -1;
    seekable = PyObject_IsTrue(answer);
    Py_DECREF(answer);
    return seekable;
}

/* In the kernel; *try_another_way: not possible for this file, with an exception for the reason.  A
 * file that is not seekable must be read through the object, whose buffer may hold the next
 * bytes. */
static PyObject *send_with_kernel(struct csp_socket *self, struct transfer *transfer,
                                  bool *try_another_way)
{
    int fd = file_number(self->state, transfer->file, try_another_way), seekable;

    if (fd < 0 && PyErr_Occurred())
        return NULL;
    seekable = is_seekable(self->state, transfer->file);
    if (seekable > 0)
        return send_descriptor(self, transfer, fd, try_another_way);
    *try_another_way = seekable == 0;
    return seekable < 0 ? NULL : csp_raise(self->state, -ESPIPE);
}

static PyObject *use_sendfile(PyObject *op, PyObject *const *args, Py_ssize_t count,
                              PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct transfer transfer;
    PyObject *sent;
    bool try_another_way;

    if (read_transfer(self, &sendfile_signature, args, count, names, &transfer) < 0)
        return NULL;
    sent = send_with_kernel(self, &transfer, &try_another_way);
    if (!sent && try_another_way && self->state->giveup)
        PyErr_SetString(self->state->giveup, "the kernel cannot send this file");
    return sent;
}

static PyObject *sock_sendfile(PyObject *op, PyObject *const *args, Py_ssize_t count,
                               PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct transfer transfer;
    PyObject *sent;
    bool try_another_way;

    if (read_transfer(self, &signature, args, count, names, &transfer) < 0)
        return NULL;
    sent = send_with_kernel(self, &transfer, &try_another_way);
    if (sent || !try_another_way)
        return sent;
    PyErr_Clear();
    return send_by_copying(self, &transfer);
}

/* The number of bytes that one call sent; -1 with an exception. */
static int64_t call_function(PyObject *function, int fd, int64_t offset, int64_t size)
{
    PyObject *sent = PyObject_CallFunction(function, "iLL", fd, offset, size);
    bool too_large;
    int64_t n = -1;

    if (sent && csp_int64(sent, &n, &too_large) == 0 && n < 0)
        PyErr_Format(PyExc_ValueError, "a negative number of bytes has been sent: %S", sent);
    Py_XDECREF(sent);
    return n;
}

/* -1 unless the current exception means that the call would block, or if the socket's timeout has
 * passed. */
static int wait_if_blocking(struct csp_socket *self)
{
    int n;

    if (!PyErr_ExceptionMatches(PyExc_BlockingIOError))
        return -1;
    PyErr_Clear();
    CSP_CALL(n = csk_wait(&self->s, POLLOUT, csp_timeout_of(self)));
    if (n > 0)
        return 0;
    csp_raise(self->state, n == 0 ? CSK_ETIMEDOUT : n);
    return -1;
}

/* Send with a function: the number of bytes, or -1 - number with an exception.  *try_another_way:
 * the function has failed, and nothing has been sent. */
static int64_t send_with_function(struct csp_socket *self, PyObject *function,
                                  const struct transfer *transfer, int fd, bool *try_another_way)
{
    int64_t total = 0, size_wanted, n;

    for (;;) {
        size_wanted = transfer->count < 0 || transfer->count - total > CALL_SIZE_MAX
                          ? CALL_SIZE_MAX
                          : transfer->count - total;
        n = size_wanted ? call_function(function, fd, transfer->offset + total, size_wanted) : 0;
        if (n == 0)
            return total;
        *try_another_way = n < 0 && total == 0 && PyErr_ExceptionMatches(PyExc_OSError) &&
                           !PyErr_ExceptionMatches(PyExc_BlockingIOError);
        if (n < 0 && wait_if_blocking(self) < 0)
            return -1 - total;
        if (n > 0)
            total += n;
    }
}

/* Replace the current exception by giveup_exc_type(exception). */
static PyObject *raise_giveup(PyObject *type)
{
    struct csp_saved_exception saved;
    PyObject *exception;

    csp_save_exception(&saved);
    exception = csp_saved_value(&saved);
    PyErr_SetObject(type, exception);
    csp_discard_exception(&saved);
    return NULL;
}

static const struct csp_signature function_signature = {
    "_sendfile_zerocopy", "zerocopy_func giveup_exc_type file offset count", 3, 5
};

/* With a function (fd, offset, count) instead of the system call.  ssl has one from 3.15, for
 * connections that the kernel encrypts. */
static PyObject *use_function(PyObject *op, PyObject *const *args, Py_ssize_t count,
                              PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    PyObject *values[5];
    int64_t n, total;
    struct transfer transfer;
    bool try_another_way;
    int fd;

    if (csp_arguments(&function_signature, args, count, names, values) < 0 ||
        read_values(self, values + 2, &transfer) < 0)
        return NULL;
    fd = file_number(self->state, transfer.file, &try_another_way);
    if (fd < 0 && PyErr_Occurred())
        return try_another_way ? raise_giveup(values[1]) : NULL;
    if (!csk_getblocking(&self->s))
        return csp_raise(self->state, CSK_ENONBLOCK);
    n = send_with_function(self, values[0], &transfer, fd, &try_another_way);
    if (n < 0 && try_another_way)
        return raise_giveup(values[1]);
    total = n < 0 ? -1 - n : n;
    if (total > 0 && seek_after_error(self->state, transfer.file, transfer.offset + total) < 0)
        return NULL;
    return n < 0 ? NULL : PyLong_FromLongLong(n);
}

static PyObject *check_params(PyObject *op, PyObject *const *args, Py_ssize_t count,
                              PyObject *names)
{
    struct transfer transfer;

    if (read_transfer((struct csp_socket *)op, &check_signature, args, count, names, &transfer) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *set_giveup(PyObject *module, PyObject *type)
{
    struct csp_state *state = csp_state_of(module);

    Py_XSETREF(state->giveup, Py_NewRef(type));
    Py_RETURN_NONE;
}

static const struct csp_function methods[] = {
    { CSP_KEYWORDS(sock_sendfile),
      "sendfile($self, /, file, offset=0, count=None)\n--\n\n"
      "Send a file's bytes from offset, up to count bytes or the end; return the number sent.\n\n"
      "The kernel copies them directly if the file has a descriptor. The file's position is then\n"
      "after the last byte that was sent, also after an error." },
    { CSP_KEYWORDS(use_send), "_sendfile_use_send" },
    { CSP_KEYWORDS(use_sendfile), "_sendfile_use_sendfile" },
    { CSP_KEYWORDS(use_function), "_sendfile_zerocopy" },
    { CSP_KEYWORDS(check_params), "_check_sendfile_params" },
    { NULL },
};

static const struct csp_function functions[] = {
    { set_giveup, METH_O, "_set_giveup" },
    { NULL },
};

int csp_sendfile_setup(struct csp_state *state)
{
    return csp_add_borrowable(state, state->package_type, methods) < 0
               ? -1
               : csp_add_functions(state->module, functions);
}
