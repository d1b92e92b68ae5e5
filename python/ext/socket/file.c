/* socket.SocketIO: the raw file of the files that makefile returns. */
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <errno.h>
#include <string.h>

/* It follows io's own struct, whose size only the interpreter knows. */
struct file {
    PyObject *sock; /* None when closed */
    PyObject *mode;
    bool reading, writing, timeout_occurred, closed;
};

static int file_traverse(PyObject *op, visitproc visit, void *arg);

static struct csp_state *state_of(PyObject *op)
{
    return csp_state_of_type(Py_TYPE(op));
}

static struct file *file_in(const struct csp_state *state, PyObject *op)
{
    return (struct file *)((char *)op + state->file_offset);
}

static struct file *file_of(PyObject *op)
{
    return file_in(state_of(op), op);
}

/* Without a GIL, another thread may close the file meanwhile. */
static bool flag(const bool *at)
{
    return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static void set_flag(bool *at, bool value)
{
    __atomic_store_n(at, value, __ATOMIC_RELAXED);
}

/* The file's socket or mode (new; NULL if __init__ was not called). */
static PyObject *get_member(PyObject *op, PyObject **at)
{
    PyObject *member;

    CSP_LOCKED(op);
    member = Py_XNewRef(*at);
    CSP_UNLOCKED();
    return member;
}

/* Replace it by another object, and return the old one. */
static PyObject *exchange_member(PyObject *op, PyObject **at, PyObject *object)
{
    PyObject *old;

    CSP_LOCKED(op);
    old = *at;
    __atomic_store_n(at, Py_NewRef(object), __ATOMIC_RELEASE);
    CSP_UNLOCKED();
    return old;
}

static void set_members(PyObject *op, struct file *f, PyObject *sock, PyObject *mode_stolen,
                        bool reading, bool writing)
{
    PyObject *old_sock = exchange_member(op, &f->sock, sock),
             *old_mode = exchange_member(op, &f->mode, mode_stolen);

    set_flag(&f->reading, reading);
    set_flag(&f->writing, writing);
    set_flag(&f->timeout_occurred, false);
    Py_DECREF(mode_stolen);
    Py_XDECREF(old_sock);
    Py_XDECREF(old_mode);
}

PyObject *csp_file_new(struct csp_state *state, PyObject *sock, bool reading, bool writing)
{
    PyObject *op = csp_alloc_derived(state->file_type);
    PyObject *mode = op ? PyUnicode_FromString(reading && writing ? "rwb"
                                               : reading          ? "rb"
                                                                  : "wb")
                        : NULL;

    if (!mode) {
        Py_XDECREF(op);
        return NULL;
    }
    set_members(op, file_in(state, op), sock, mode, reading, writing);
    return op;
}

static const struct csp_signature init_signature = { "SocketIO", "sock mode", 2, 2 };

static int file_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static const char modes[][4] = { "r", "w", "rw", "rb", "wb", "rwb" };
    PyObject *values[2], *mode;
    const char *found = NULL;

    if (csp_tuple_arguments(&init_signature, args, kwargs, values) < 0)
        return -1;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (PyUnicode_Check(values[1]) &&
            PyUnicode_CompareWithASCIIString(values[1], modes[i]) == 0)
            found = modes[i];
    if (!found) {
        PyErr_Format(PyExc_ValueError, "invalid mode: %R", values[1]);
        return -1;
    }
    mode = PyUnicode_FromFormat("%s%s", found, strchr(found, 'b') ? "" : "b");
    if (!mode)
        return -1;
    set_members(op, file_of(op), values[0], mode, strchr(found, 'r') != NULL,
                strchr(found, 'w') != NULL);
    return 0;
}

static PyObject *closed_error(const char *what)
{
    PyErr_Format(PyExc_ValueError, "I/O operation on closed %s.", what);
    return NULL;
}

/* The socket (new) if the file is open for this; an exception is set if not. */
static PyObject *open_socket(struct csp_state *state, PyObject *op, struct file *f, bool permitted,
                             const char *verb)
{
    PyObject *sock = get_member(op, &f->sock);

    if (sock && sock != Py_None && !flag(&f->closed) && permitted)
        return sock;
    if (sock && sock != Py_None && !flag(&f->closed))
        PyErr_Format(state->unsupported, "File or stream is not %s.", verb);
    else
        closed_error("file");
    Py_XDECREF(sock);
    return NULL;
}

/* After a timeout it is unknown how much of the data a buffer above this object has kept. */
static PyObject *readable_socket(struct csp_state *state, PyObject *op, struct file *f)
{
    PyObject *sock = open_socket(state, op, f, flag(&f->reading), "readable");

    if (sock && flag(&f->timeout_occurred)) {
        PyErr_SetString(PyExc_OSError, "cannot read from timed out object");
        Py_CLEAR(sock);
    }
    return sock;
}

static bool would_block(int64_t code)
{
    return code == -EAGAIN || code == -EWOULDBLOCK;
}

/* After an exception: None (new) if the call would block, otherwise NULL. */
static PyObject *none_if_blocking(void)
{
    if (!would_block(-csp_current_errno()))
        return NULL;
    PyErr_Clear();
    Py_RETURN_NONE;
}

/* The same for a read, after which a timeout is remembered. */
static PyObject *finish_read(struct csp_state *state, struct file *f, PyObject *result)
{
    if (result)
        return result;
    if (PyErr_ExceptionMatches(state->timeout) || PyErr_ExceptionMatches(state->cancelled)) {
        set_flag(&f->timeout_occurred, true);
        return NULL;
    }
    return none_if_blocking();
}

/* The common end of both directions for a plain socket: n bytes, or a code. */
static PyObject *count_or_none(struct csp_state *state, int64_t n)
{
    if (n >= 0)
        return PyLong_FromLongLong(n);
    if (would_block(n))
        Py_RETURN_NONE;
    return csp_raise(state, n);
}

static PyObject *read_plain(struct csp_state *state, struct csp_socket *sock, PyObject *buffer)
{
    Py_buffer view;
    ssize_t n;

    if (csp_writable(&view, buffer, "recv_into", 1) < 0)
        return NULL;
    CSP_CALL(n = csk_recv(&sock->s, view.buf, (size_t)view.len, 0));
    PyBuffer_Release(&view);
    return count_or_none(state, n);
}

static PyObject *file_readinto(PyObject *op, PyObject *buffer)
{
    struct csp_state *state = state_of(op);
    struct file *f = file_in(state, op);
    PyObject *sock = readable_socket(state, op, f), *result;

    if (!sock)
        return NULL;
    if (csp_is_plain(state, sock))
        result = read_plain(state, (struct csp_socket *)sock, buffer);
    else
        result = PyObject_CallMethodOneArg(sock, state->str_recv_into, buffer);
    result = finish_read(state, f, result);
    Py_DECREF(sock);
    return result;
}

/* read(size) as in io: receives into a new buffer with readinto(), which a subclass may
 * override. */
static PyObject *read_generic(struct csp_state *state, PyObject *op, PyObject *size)
{
    int negative = size == Py_None;

    if (!negative && PyIndex_Check(size)) {
        Py_ssize_t n = PyNumber_AsSsize_t(size, PyExc_OverflowError);

        if (n == -1 && PyErr_Occurred())
            return NULL;
        negative = n < 0;
    }
    if (negative)
        return PyObject_CallMethodNoArgs(op, state->str_readall);
    return PyObject_CallMethodObjArgs(state->raw_io, state->str_read, op, size, NULL);
}

/* The bytes of a plain socket need no intermediate buffer. */
static PyObject *file_read(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_state *state = state_of(op);
    struct file *f = file_in(state, op);
    PyObject *sock, *result;
    long size = -1;

    if (csp_count("read", count, 0, 1) < 0)
        return NULL;
    if (!count || !csp_small_int(args[0], &size) || size <= 0 || !Py_IS_TYPE(op, state->file_type))
        return read_generic(state, op, count ? args[0] : Py_None);
    if (!(sock = readable_socket(state, op, f)))
        return NULL;
    if (csp_is_plain(state, sock))
        result = finish_read(state, f, csp_receive((struct csp_socket *)sock, size, 0, NULL));
    else
        result = read_generic(state, op, args[0]);
    Py_DECREF(sock);
    return result;
}

static PyObject *write_plain(struct csp_state *state, struct csp_socket *sock, PyObject *data)
{
    struct csp_bytes bytes;
    ssize_t n;

    if (csp_bytes_get(&bytes, data) < 0 && csp_named("data") < 0)
        return NULL;
    n = csp_send(sock, &bytes, 0, NULL);
    csp_bytes_release(&bytes);
    return count_or_none(state, n);
}

static PyObject *file_write(PyObject *op, PyObject *data)
{
    struct csp_state *state = state_of(op);
    struct file *f = file_in(state, op);
    PyObject *sock = open_socket(state, op, f, flag(&f->writing), "writable"), *result;

    if (!sock)
        return NULL;
    if (csp_is_plain(state, sock)) {
        result = write_plain(state, (struct csp_socket *)sock, data);
    } else {
        result = PyObject_CallMethodOneArg(sock, state->str_send, data);
        if (!result)
            result = none_if_blocking();
    }
    Py_DECREF(sock);
    return result;
}

static PyObject *bool_if_open(PyObject *op, bool value)
{
    return flag(&file_of(op)->closed) ? closed_error("socket") : PyBool_FromLong(value);
}

static PyObject *file_readable(PyObject *op, PyObject *unused)
{
    (void)unused;
    return bool_if_open(op, flag(&file_of(op)->reading));
}

static PyObject *file_writable(PyObject *op, PyObject *unused)
{
    (void)unused;
    return bool_if_open(op, flag(&file_of(op)->writing));
}

static PyObject *file_seekable(PyObject *op, PyObject *unused)
{
    (void)unused;
    return bool_if_open(op, false);
}

static PyObject *file_fileno(PyObject *op, PyObject *unused)
{
    struct csp_state *state = state_of(op);
    PyObject *sock = open_socket(state, op, file_in(state, op), true, ""), *number;

    (void)unused;
    if (!sock)
        return NULL;
    number = PyObject_CallMethodNoArgs(sock, state->str_fileno);
    Py_DECREF(sock);
    return number;
}

/* The socket is closed with the last of its files, if close was called. */
static PyObject *release_socket(struct csp_state *state, PyObject *op, struct file *f)
{
    PyObject *sock = exchange_member(op, &f->sock, Py_None), *done;

    if (!sock || sock == Py_None)
        done = Py_NewRef(Py_None);
    else
        done = PyObject_CallMethodNoArgs(sock, state->str__decref_socketios);
    Py_XDECREF(sock);
    return done;
}

/* This class does not buffer, but a derived class may. */
static PyObject *flush(struct csp_state *state, PyObject *op)
{
    if (Py_IS_TYPE(op, state->file_type))
        return Py_NewRef(Py_None);
    return PyObject_CallMethodNoArgs(op, state->str_flush);
}

static PyObject *file_close(PyObject *op, PyObject *unused)
{
    struct csp_state *state = state_of(op);
    struct file *f = file_in(state, op);
    struct csp_saved_exception saved;
    PyObject *flushed, *done;

    (void)unused;
    if (flag(&f->closed))
        Py_RETURN_NONE;
    flushed = flush(state, op);
    set_flag(&f->closed, true);
    if (flushed) {
        Py_DECREF(flushed);
        return release_socket(state, op, f);
    }
    csp_save_exception(&saved);
    done = release_socket(state, op, f);
    Py_XDECREF(done);
    PyErr_Clear();
    csp_restore_exception(&saved);
    return NULL;
}

/* io's own function checks an attribute that io's close sets. */
static PyObject *file_flush(PyObject *op, PyObject *unused)
{
    (void)unused;
    if (flag(&file_of(op)->closed))
        return closed_error("file");
    Py_RETURN_NONE;
}

static PyObject *get_name(PyObject *op)
{
    if (flag(&file_of(op)->closed))
        return PyLong_FromLong(-1);
    return PyObject_CallMethodNoArgs(op, state_of(op)->str_fileno);
}

static PyObject *get_mode(PyObject *op)
{
    PyObject *mode = get_member(op, &file_of(op)->mode);

    return mode ? mode : Py_NewRef(Py_None);
}

static PyObject *get_closed(PyObject *op)
{
    return PyBool_FromLong(flag(&file_of(op)->closed));
}

/* The base type of io, found without the module, which may have been freed when these two run. */
static PyTypeObject *raw_type(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    while (type->tp_traverse != file_traverse || type->tp_base->tp_traverse == file_traverse)
        type = type->tp_base;
    return type->tp_base;
}

static int file_traverse(PyObject *op, visitproc visit, void *arg)
{
    PyTypeObject *base = raw_type(op);
    struct file *f = (struct file *)((char *)op + base->tp_basicsize);

    Py_VISIT(f->sock);
    Py_VISIT(f->mode);
    /* A base that was itself created from a spec visits the type. */
    if (!(base->tp_flags & Py_TPFLAGS_HEAPTYPE))
        Py_VISIT(Py_TYPE(op));
    return base->tp_traverse(op, visit, arg);
}

static int file_clear(PyObject *op)
{
    PyTypeObject *base = raw_type(op);
    struct file *f = (struct file *)((char *)op + base->tp_basicsize);

    Py_CLEAR(f->sock);
    return base->tp_clear(op);
}

/* In the order of enum attribute. */
static const struct csp_attribute attributes[] = {
    { "name", "the descriptor's number; -1 when closed" },
    { "mode", "'rb', 'wb' or 'rwb'" },
    { "closed", "whether close has been called" },
};

enum attribute { NAME, MODE, CLOSED };

static PyObject *get_attribute(PyObject *op, void *index)
{
    switch ((enum attribute)CSP_INDEX(index)) {
    case NAME: return get_name(op);
    case MODE: return get_mode(op);
    case CLOSED: return get_closed(op);
    }
    return NULL;
}

static const struct csp_function methods[] = {
    { file_readinto, METH_O,
      "readinto($self, buffer, /)\n--\n\n"
      "Receive into a buffer: return the number of bytes, 0 at the end, or None if the call would\n"
      "block." },
    { CSP_FAST(file_read),
      "read($self, size=-1, /)\n--\n\n"
      "Receive at most size bytes, or all until the end; return None if the call would block." },
    { file_write, METH_O,
      "write($self, data, /)\n--\n\n"
      "Send bytes: return the number of bytes sent, or None if the call would block." },
    { file_readable, METH_NOARGS,
      "readable($self, /)\n--\n\n"
      "Return whether the file is open for reading." },
    { file_writable, METH_NOARGS,
      "writable($self, /)\n--\n\n"
      "Return whether the file is open for writing." },
    { file_seekable, METH_NOARGS, "seekable($self, /)\n--\n\nReturn False." },
    { file_fileno, METH_NOARGS,
      "fileno($self, /)\n--\n\n"
      "Return the socket's file descriptor." },
    { file_flush, METH_NOARGS, "flush($self, /)\n--\n\nDo nothing: the file has no buffer." },
    { file_close, METH_NOARGS,
      "close($self, /)\n--\n\n"
      "Close the file; closing the last one ends the connection of a closed socket." },
    { NULL },
};

/* Offsets inside struct file; setup moves them after io's struct. */
static const PyMemberDef members[] = {
    { "_sock", T_OBJECT_EX, offsetof(struct file, sock), 0, NULL },
    { "_mode", T_OBJECT_EX, offsetof(struct file, mode), 0, NULL },
    { "_reading", T_BOOL, offsetof(struct file, reading), 0, NULL },
    { "_writing", T_BOOL, offsetof(struct file, writing), 0, NULL },
    { "_timeout_occurred", T_BOOL, offsetof(struct file, timeout_occurred), 0, NULL },
    { NULL },
};

static const char doc[] = "SocketIO(sock, mode)\n--\n\n"
                          "A raw, unbuffered file on a socket, which makefile buffers.";

static PyObject *make_type(struct csp_state *state)
{
    PyTypeObject *base = (PyTypeObject *)state->raw_io;
    PyMemberDef moved[sizeof members / sizeof *members];
    PyType_Slot slots[] = {
        { Py_tp_base, base },
        { Py_tp_doc, (void *)doc },
        { Py_tp_init, file_init },
        { Py_tp_traverse, file_traverse },
        { Py_tp_clear, file_clear },
        { Py_tp_members, moved },
        { 0, NULL },
    };
    PyType_Spec spec = {
        .name = "csocket.SocketIO",
        .basicsize = (int)(base->tp_basicsize + (Py_ssize_t)sizeof(struct file)),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
        .slots = slots,
    };

    state->file_offset = base->tp_basicsize;
    memcpy(moved, members, sizeof members);
    for (PyMemberDef *m = moved; m->name; m++)
        m->offset += base->tp_basicsize;
    return PyType_FromModuleAndSpec(state->module, &spec, NULL);
}

int csp_file_setup(struct csp_state *state)
{
    PyObject *raw = NULL, *done = NULL;

    state->io = PyImport_ImportModule("io");
    if (!state->io || !(raw = PyObject_GetAttrString(state->io, "RawIOBase")) ||
        !(state->unsupported = PyObject_GetAttrString(state->io, "UnsupportedOperation")))
        goto out;
    /* io.RawIOBase is an abstract class on top of the C type of the same name. */
    state->raw_io = Py_XNewRef((PyObject *)((PyTypeObject *)raw)->tp_base);
    if (!(state->file_type = (PyTypeObject *)make_type(state)) ||
        csp_add_methods(state->file_type, methods) < 0 ||
        csp_add_attributes(state->file_type, attributes, sizeof attributes / sizeof *attributes,
                           get_attribute) < 0)
        goto out;
    state->file_type->tp_name = "SocketIO";
    done = PyObject_CallMethod(raw, "register", "O", state->file_type);
    if (done && csp_add(state->module, "_SocketIO", Py_NewRef(state->file_type)) < 0)
        Py_CLEAR(done);
out:
    Py_XDECREF(raw);
    Py_XDECREF(done);
    return done ? 0 : -1;
}
