/* Messages: many buffers at once, and ancillary data. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <limits.h>
#include <string.h>

/* Messages with at most this many buffers, and ancillary data with at most this many bytes, need no
 * memory from the heap.
 */
#define INLINE_BUFFERS 8
#define INLINE_CONTROL 512

/* A message of more buffers is not short; far fewer than IOV_MAX. */
#define MANY 64

/* The acquired buffers of a sequence. */
struct buffers {
    Py_ssize_t count, acquired;
    size_t bytes_size; /* of the bytes objects */
    bool only_bytes;
    struct iovec *parts;
    Py_buffer *views;
    struct iovec inline_parts[INLINE_BUFFERS];
    Py_buffer inline_views[INLINE_BUFFERS];
};

static void release_buffers(struct buffers *b)
{
    for (Py_ssize_t i = 0; i < b->acquired; i++) {
        if (PyBytes_CheckExact(b->views[i].obj))
            Py_DECREF(b->views[i].obj);
        else
            PyBuffer_Release(&b->views[i]);
    }
    if (b->parts != b->inline_parts)
        PyMem_Free(b->parts);
    if (b->views != b->inline_views)
        PyMem_Free(b->views);
}

/* Whether requesting the buffers of a list's items runs no code of the program. */
static bool has_only_bytes(PyObject *list)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        if (!PyBytes_CheckExact(PyList_GET_ITEM(list, i)))
            return false;
    return true;
}

/* The objects in a list or tuple (new) that cannot change while their buffers are requested. */
static PyObject *as_sequence(PyObject *object, const char *error)
{
    bool is_fast = PyList_CheckExact(object) || PyTuple_CheckExact(object);
    PyObject *fast = is_fast ? Py_NewRef(object) : PySequence_Fast(object, error), *tuple;

    if (!fast || PyTuple_CheckExact(fast) || (!CSP_FREE_THREADED && has_only_bytes(fast)))
        return fast;
    tuple = PySequence_Tuple(fast);
    Py_DECREF(fast);
    return tuple;
}

static int allocate_buffers(struct buffers *b, Py_ssize_t count, const char *function)
{
    b->count = count;
    b->acquired = 0;
    b->bytes_size = 0;
    b->only_bytes = true;
    b->parts = b->inline_parts;
    b->views = b->inline_views;
    if (count <= INLINE_BUFFERS)
        return 0;
    if (count > INT_MAX) {
        PyErr_Format(PyExc_OSError, "%s() argument 1 is too long", function);
        return -1;
    }
    b->parts = PyMem_New(struct iovec, count);
    b->views = PyMem_New(Py_buffer, count);
    if (b->parts && b->views)
        return 0;
    PyErr_NoMemory();
    return -1;
}

static int acquire_buffer(struct buffers *b, PyObject *item, bool writable)
{
    Py_buffer *view = &b->views[b->acquired];
    struct iovec *part = &b->parts[b->acquired];

    /* A reference, as a buffer would have: another thread may empty the list. */
    if (!writable && PyBytes_CheckExact(item)) {
        view->obj = Py_NewRef(item);
        *part = (struct iovec){ PyBytes_AS_STRING(item), (size_t)PyBytes_GET_SIZE(item) };
        b->bytes_size += part->iov_len;
        return 0;
    }
    b->only_bytes = false;
    if (csp_get_buffer(item, view, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE) < 0) {
        if (writable)
            PyErr_SetString(PyExc_TypeError, "recvmsg_into() argument 1 must be an iterable of "
                                             "single-segment read-write buffers");
        return -1;
    }
    *part = (struct iovec){ view->buf, (size_t)view->len };
    return 0;
}

/* The buffers of a sequence, for reading or for writing.  release_buffers afterwards, always. */
static int acquire_buffers(struct buffers *b, PyObject *sequence, bool writable,
                           const char *function)
{
    if (allocate_buffers(b, PySequence_Fast_GET_SIZE(sequence), function) < 0)
        return -1;
    for (; b->acquired < b->count; b->acquired++)
        if (acquire_buffer(b, PySequence_Fast_GET_ITEM(sequence, b->acquired), writable) < 0)
            return -1;
    return 0;
}

/* Space for ancillary data. */
struct control {
    void *data;
    size_t size;
    union {
        struct cmsghdr align;
        char bytes[INLINE_CONTROL];
    } inline_bytes;
};

static int allocate_control(struct control *c, size_t size)
{
    c->size = size;
    c->data = size <= INLINE_CONTROL ? c->inline_bytes.bytes : PyMem_Malloc(size);
    if (c->data)
        return 0;
    PyErr_NoMemory();
    return -1;
}

/* The same for a size passed from Python. */
static int allocate_requested_control(struct control *c, Py_ssize_t size)
{
    if (size >= 0 && size <= INT_MAX)
        return allocate_control(c, (size_t)size);
    PyErr_SetString(PyExc_ValueError, "ancbufsize: invalid ancillary data buffer length");
    return -1;
}

static void release_control(struct control *c)
{
    if (c->data != c->inline_bytes.bytes)
        PyMem_Free(c->data);
}

static int append_item(PyObject *list, const struct csk_cmsg *item)
{
    PyObject *tuple = Py_BuildValue("(iiy#)", item->level, item->type, (const char *)item->data,
                                    (Py_ssize_t)item->size);
    int n = tuple ? PyList_Append(list, tuple) : -1;

    Py_XDECREF(tuple);
    return n;
}

/* The list of (level, type, data) (new). */
static PyObject *read_control(const struct csk_msg *msg)
{
    PyObject *list = PyList_New(0);
    struct csk_cmsg item;
    int more = 1;

    if (!msg->control_size)
        return list;
    item = (struct csk_cmsg){ 0 };
    while (list && more > 0 && (more = csk_cmsg_next(msg, &item)) != 0) {
        if ((more < 0 || item.truncated) &&
            PyErr_WarnEx(PyExc_RuntimeWarning,
                         "received malformed or improperly-truncated ancillary data", 1) < 0)
            Py_CLEAR(list);
        else if (more > 0 && append_item(list, &item) < 0)
            Py_CLEAR(list);
        if (item.truncated)
            break;
    }
    return list;
}

/* (first, ancdata, flags, address) (new); takes ownership of first.  If it cannot be created, no
 * descriptor stays open. */
static PyObject *message_tuple(struct csp_socket *self, PyObject *first, const struct csk_msg *msg)
{
    PyObject *control = NULL, *address = NULL, *flags, *tuple;

    if (first && (control = read_control(msg)))
        address = csp_peer_address(self, msg->addr);
    flags = address ? PyLong_FromLong(msg->flags) : NULL;
    tuple = flags ? PyTuple_New(4) : NULL;
    if (!tuple) {
        csk_cmsg_close_fds(msg);
        Py_XDECREF(first);
        Py_XDECREF(control);
        Py_XDECREF(address);
        Py_XDECREF(flags);
        return NULL;
    }
    PyTuple_SET_ITEM(tuple, 0, first);
    PyTuple_SET_ITEM(tuple, 1, control);
    PyTuple_SET_ITEM(tuple, 2, flags);
    PyTuple_SET_ITEM(tuple, 3, address);
    return tuple;
}

/* ([..., ancbufsize[, flags]]): the arguments after the first. */
static int control_arguments(PyObject *const *args, Py_ssize_t count, Py_ssize_t *size, int *flags)
{
    *size = 0;
    *flags = 0;
    return (count > 1 && csp_size(args[1], "ancbufsize", size) < 0) ||
                   (count > 2 && csp_int(args[2], "flags", flags) < 0)
               ? -1
               : 0;
}

/* Up to CSP_STACK_READ bytes go through the stack, as in recv. */
static PyObject *recv_message(struct csp_socket *self, Py_ssize_t size, struct control *control,
                              int flags)
{
    char inline_bytes[CSP_STACK_READ];
    bool on_stack = size <= CSP_STACK_READ && !(flags & MSG_TRUNC);
    PyObject *data = on_stack ? NULL : PyBytes_FromStringAndSize(NULL, size);
    struct iovec part = { on_stack ? inline_bytes : NULL, (size_t)size };
    struct csk_addr addr;
    struct csk_msg msg = { .buffers = &part,
                           .buffer_count = 1,
                           .control = control->data,
                           .control_size = control->size,
                           .addr = &addr };
    ssize_t n;

    if (!on_stack && !data)
        return NULL;
    if (data)
        part.iov_base = PyBytes_AS_STRING(data);
    if (flags & MSG_TRUNC)
        memset(part.iov_base, 0, (size_t)size);
    CSP_CALL(n = csk_recvmsg(&self->s, &msg, flags));
    if (n < 0) {
        Py_XDECREF(data);
        return csp_raise(self->state, n);
    }
    data = data ? csp_resize_bytes(data, n) : PyBytes_FromStringAndSize(inline_bytes, n);
    return message_tuple(self, data, &msg);
}

static PyObject *sock_recvmsg(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t size, control_size;
    struct control control;
    PyObject *result;
    int flags;

    if (csp_count("recvmsg", count, 1, 3) < 0 || csp_size(args[0], "bufsize", &size) < 0 ||
        control_arguments(args, count, &control_size, &flags) < 0)
        return NULL;
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "bufsize: negative buffer size in recvmsg()");
        return NULL;
    }
    if (allocate_requested_control(&control, control_size) < 0)
        return NULL;
    result = recv_message((struct csp_socket *)op, size, &control, flags);
    release_control(&control);
    return result;
}

static PyObject *recv_into(struct csp_socket *self, struct buffers *b, struct control *control,
                           int flags)
{
    struct csk_addr addr;
    struct csk_msg msg = { .buffers = b->parts,
                           .buffer_count = (size_t)b->count,
                           .control = control->data,
                           .control_size = control->size,
                           .addr = &addr };
    ssize_t n;

    CSP_CALL(n = csk_recvmsg(&self->s, &msg, flags));
    return n < 0 ? csp_raise(self->state, n) : message_tuple(self, PyLong_FromSsize_t(n), &msg);
}

static PyObject *sock_recvmsg_into(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    PyObject *tuple, *result = NULL;
    Py_ssize_t control_size;
    struct control control;
    struct buffers b;
    int flags;

    if (csp_count("recvmsg_into", count, 1, 3) < 0 ||
        control_arguments(args, count, &control_size, &flags) < 0)
        return NULL;
    tuple = as_sequence(args[0], "recvmsg_into() argument 1 must be an iterable");
    if (!tuple)
        return NULL;
    if (acquire_buffers(&b, tuple, true, "recvmsg_into") == 0 &&
        allocate_requested_control(&control, control_size) == 0) {
        result = recv_into((struct csp_socket *)op, &b, &control, flags);
        release_control(&control);
    }
    release_buffers(&b);
    Py_DECREF(tuple);
    return result;
}

/* One (level, type, data), as unpacked by the interpreter's own parser. */
struct item {
    int level, type;
    Py_buffer data;
};

static Py_ssize_t read_items(PyObject *tuple, struct item *items, size_t *space)
{
    Py_ssize_t count = PySequence_Fast_GET_SIZE(tuple), i;
    int64_t one;

    for (*space = 0, i = 0; i < count; i++) {
        if (!PyArg_Parse(PySequence_Fast_GET_ITEM(tuple, i),
                         "(iiy*):[sendmsg() ancillary data items]", &items[i].level, &items[i].type,
                         &items[i].data)) {
            csp_named("ancdata");
            break;
        }
        one = csk_CMSG_SPACE((size_t)items[i].data.len);
        if (one < 0 || *space + (size_t)one > INT_MAX) {
            PyErr_SetString(PyExc_OSError,
                            one < 0 ? "ancillary data item too large" : "too much ancillary data");
            i++;
            break;
        }
        *space += (size_t)one;
    }
    return i;
}

/* The space was allocated for them, and their buffers cannot change: this does not fail. */
static int put_items(struct control *control, const struct item *items, Py_ssize_t count)
{
    size_t used = 0;
    int n = 0;

    for (Py_ssize_t i = 0; n == 0 && i < count; i++)
        n = csk_cmsg_put(control->data, control->size, &used, items[i].level, items[i].type,
                         items[i].data.buf, (size_t)items[i].data.len);
    return n;
}

/* Build ancillary data from an iterable.  After success, call release_control. */
static int write_control(struct control *control, PyObject *object)
{
    PyObject *tuple = as_sequence(object, "sendmsg() argument 2 must be an iterable");
    Py_ssize_t count = tuple ? PySequence_Fast_GET_SIZE(tuple) : 0, parsed = 0;
    struct item *items = tuple ? PyMem_New(struct item, count) : NULL;
    size_t space;
    int n = -1;

    if (tuple && !items)
        PyErr_NoMemory();
    if (items) {
        parsed = read_items(tuple, items, &space);
        if (!PyErr_Occurred() && allocate_control(control, space) == 0)
            n = put_items(control, items, count);
    }
    while (parsed > 0)
        PyBuffer_Release(&items[--parsed].data);
    PyMem_Free(items);
    Py_XDECREF(tuple);
    return n;
}

static bool is_empty(PyObject *object)
{
    return (PyList_CheckExact(object) && PyList_GET_SIZE(object) == 0) ||
           (PyTuple_CheckExact(object) && PyTuple_GET_SIZE(object) == 0);
}

/* Whether to try the message with the GIL held: see call.c. */
static bool is_tried_first(const struct csp_socket *self, const struct buffers *b, int flags)
{
    return self->queued && flags == 0 && b->only_bytes && b->bytes_size <= CSP_SHORT &&
           b->count <= MANY && csp_is_only_thread();
}

/* Skip the data sent. */
static void skip(struct buffers *b, size_t sent)
{
    for (struct iovec *part = b->parts; sent > 0; part++) {
        size_t one = sent < part->iov_len ? sent : part->iov_len;

        part->iov_base = (char *)part->iov_base + one;
        part->iov_len -= one;
        sent -= one;
    }
}

/* The number of bytes sent, or a code. */
static ssize_t send_plain(struct csp_socket *self, struct buffers *b, struct csk_msg *msg,
                          int flags)
{
    ssize_t n, sent = 0;

    if (is_tried_first(self, b, flags)) {
        struct csk_socket now = csp_nonblocking(self);

        n = csk_sendmsg(&now, msg, MSG_DONTWAIT, NULL);
        if (!csp_is_unfinished(self, n, (Py_ssize_t)b->bytes_size))
            return n;
        sent = n > 0 ? n : 0;
        skip(b, (size_t)sent);
    }
    CSP_CALL(n = csk_sendmsg(&self->s, msg, flags, NULL));
    return n >= 0 ? n + sent : sent && n != CSK_EINTERRUPTED ? sent : n;
}

static PyObject *send_buffers(struct csp_socket *self, struct buffers *b, PyObject *ancdata,
                              int flags, struct csk_addr *addr)
{
    struct csk_msg msg = { .buffers = b->parts, .buffer_count = (size_t)b->count, .addr = addr };
    struct control control;
    ssize_t n;

    if (!ancdata || is_empty(ancdata)) {
        n = send_plain(self, b, &msg, flags);
    } else {
        if (write_control(&control, ancdata) < 0)
            return NULL;
        msg.control = control.data;
        msg.control_size = control.size;
        CSP_CALL(n = csk_sendmsg(&self->s, &msg, flags, NULL));
        release_control(&control);
    }
    if (n >= 0)
        return PyLong_FromSsize_t(n);
    return addr ? csp_raise_about(self, n, addr) : csp_raise(self->state, n);
}

/* (buffers[, ancdata[, flags[, address]]]) */
static PyObject *sock_sendmsg(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    PyObject *address = count > 3 && args[3] != Py_None ? args[3] : NULL;
    struct csp_socket *self = (struct csp_socket *)op;
    PyObject *tuple, *result = NULL;
    struct csk_addr addr;
    struct buffers b;
    int flags = 0;

    if (csp_count("sendmsg", count, 1, 4) < 0 ||
        (count > 2 && csp_int(args[2], "flags", &flags) < 0) ||
        (address && csp_address_from(self, address, &addr, "sendmsg") < 0) ||
        PySys_Audit("socket.sendmsg", "OO", op, address ? address : Py_None) < 0)
        return NULL;
    tuple = as_sequence(args[0], "sendmsg() argument 1 must be an iterable");
    if (!tuple)
        return NULL;
    if (acquire_buffers(&b, tuple, false, "sendmsg") == 0)
        result = send_buffers(self, &b, count > 1 ? args[1] : NULL, flags, address ? &addr : NULL);
    else
        csp_named("buffers");
    release_buffers(&b);
    Py_DECREF(tuple);
    return result;
}

/* The keyword arguments of sendmsg_afalg. */
struct algorithm {
    int op, flags;
    Py_buffer iv;
    int64_t assoclen;
};

static PyObject *send_algorithm(struct csp_socket *self, struct buffers *b,
                                const struct algorithm *a)
{
    ssize_t n;

    CSP_CALL(n = csk_sendmsg_afalg(&self->s, b->parts, (size_t)b->count, a->op, a->iv.buf,
                                   (size_t)a->iv.len, a->assoclen, a->flags));
    if (n != CSK_EFAMILY)
        return n < 0 ? csp_raise(self->state, n) : PyLong_FromSsize_t(n);
    PyErr_SetString(PyExc_OSError, "algset is only supported for AF_ALG");
    return NULL;
}

static int afalg_arguments(struct algorithm *a, PyObject **buffers, PyObject *args,
                           PyObject *keywords)
{
    static const char *const names[] = { "msg", "op", "iv", "assoclen", "flags", NULL };
    PyObject *op = NULL, *iv = NULL, *assoclen = NULL, *flags = NULL;

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O$O!OO!O:sendmsg_afalg", (char **)names,
                                     buffers, &PyLong_Type, &op, &iv, &PyLong_Type, &assoclen,
                                     &flags))
        return -1;
    if (iv && csp_get_buffer(iv, &a->iv, PyBUF_SIMPLE) < 0)
        return csp_named("iv");
    if (flags && csp_int(flags, "flags", &a->flags) < 0)
        return -1;
    a->op = op ? (int)PyLong_AsUnsignedLongMask(op) : -1;
    if (a->op < 0) {
        PyErr_SetString(PyExc_TypeError, "Invalid or missing argument 'op'");
        return -1;
    }
    a->assoclen = assoclen ? PyLong_AsLongLong(assoclen) : -1;
    if (a->assoclen == -1 && PyErr_Occurred())
        return csp_named("assoclen");
    if (assoclen && a->assoclen < 0) {
        PyErr_SetString(PyExc_TypeError, "assoclen must be positive");
        return -1;
    }
    return 0;
}

static PyObject *sock_sendmsg_afalg(PyObject *op, PyObject *args, PyObject *keywords)
{
    PyObject *given = NULL, *tuple = NULL, *result = NULL;
    struct algorithm a = { .flags = 0 };
    struct buffers b;

    if (afalg_arguments(&a, &given, args, keywords) == 0)
        tuple = given ? as_sequence(given, "sendmsg_afalg() argument 1 must be an iterable")
                      : PyTuple_New(0);
    if (tuple) {
        if (acquire_buffers(&b, tuple, false, "sendmsg_afalg") == 0)
            result = send_algorithm((struct csp_socket *)op, &b, &a);
        else
            csp_named("msg");
        release_buffers(&b);
    }
    if (a.iv.obj)
        PyBuffer_Release(&a.iv);
    Py_XDECREF(tuple);
    return result;
}

static const struct csp_function methods[] = {
    { CSP_FAST(sock_recvmsg),
      "recvmsg($self, bufsize, ancbufsize=0, flags=0, /)\n--\n\n"
      "Receive a message: return (data, ancdata, flags, address).\n\n"
      "ancdata is a list of control messages (level, type, data) of at most ancbufsize bytes,\n"
      "which CMSG_SPACE and CMSG_LEN compute. The caller owns file descriptors in it." },
    { CSP_FAST(sock_recvmsg_into),
      "recvmsg_into($self, buffers, ancbufsize=0, flags=0, /)\n--\n\n"
      "As recvmsg, sequentially into buffers: return (nbytes, ancdata, flags, address)." },
    { CSP_FAST(sock_sendmsg),
      "sendmsg($self, buffers, ancdata=(), flags=0, address=None, /)\n--\n\n"
      "Send the bytes of all buffers as one message, with ancdata, a list of control messages\n"
      "(level, type, data). Return the number of bytes of the buffers that were sent." },
    { CSP_FUNCTION(sock_sendmsg_afalg), METH_VARARGS | METH_KEYWORDS,
      "sendmsg_afalg($self, msg=(), *, op, iv=b'', assoclen=0, flags=0)\n--\n\n"
      "Send to an AF_ALG socket: op is ALG_OP_ENCRYPT or another operation, iv the initialisation\n"
      "vector, and assoclen the number of bytes of associated data at the beginning." },
    { NULL },
};

int csp_msg_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
