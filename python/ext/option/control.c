/* Messages with their control messages by name: recv_message, send_message. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "option/options.h"
#include "parameter.h"
#include "setup.h"
#include "socket/socket.h"

#include <errno.h>
#include <string.h>

/* message.control: the ancillary data of a message, as attributes. */
struct csp_control {
    PyObject_HEAD struct csp_state *state; /* borrowed: the type keeps the module */
    int family;
    size_t size;
    _Alignas(size_t) char data[]; /* as the kernel wrote it */
};

struct csp_message {
    PyObject_HEAD PyObject *data, *address, *control;
    int flags;
    bool open; /* the message owns the descriptors in it */
};

static struct csk_msg as_msg(const struct csp_control *self)
{
    return (struct csk_msg){ .control = (void *)self->data, .control_size = self->size };
}

/* The value of an item (new). */
static PyObject *item_object(const struct csp_control *self, const struct csk_cmsg *item)
{
    const struct csk_option *row = csk_control_by_number(self->family, item->level, item->type);

    if (!row || !csk_option_layout(row, CSK_OPTION_GET))
        return PyBytes_FromStringAndSize(item->data, (Py_ssize_t)item->size);
    return csp_option_bytes_to(self->state, row, item->data, item->size);
}

static PyObject *control_getattro(PyObject *op, PyObject *name)
{
    struct csp_control *self = (struct csp_control *)op;
    struct csk_msg msg = as_msg(self);
    struct csk_cmsg item;
    const char *text;
    int n;

    if (csp_option_is_private(name))
        return PyObject_GenericGetAttr(op, name);
    if (!(text = csp_utf8(name))) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError))
            return NULL;
        PyErr_Clear();
    }
    n = text ? csk_control_get_bytes(&msg, text, &item, NULL) : CSK_EOPTION;
    if (n >= 0)
        return item_object(self, &item);
    if (n == -ENOMSG)
        PyErr_Format(PyExc_AttributeError, "the message has no control message %U", name);
    else
        PyErr_Format(PyExc_AttributeError, "unknown control message %U", name);
    return NULL;
}

/* An item's name as an attribute, or "level:type" (new). */
static PyObject *item_name(const struct csp_control *self, const struct csk_cmsg *item)
{
    const struct csk_option *row = csk_control_by_number(self->family, item->level, item->type);

    return row ? csp_option_name_object(csk_option_name(row), true)
               : PyUnicode_FromFormat("%d:%d", item->level, item->type);
}

/* The names in the order of the message (new). */
static PyObject *control_names(const struct csp_control *self)
{
    struct csk_msg msg = as_msg(self);
    struct csk_cmsg item = { 0 };
    PyObject *list = PyList_New(0), *name;
    int n = 0;

    while (list && n == 0 && csk_cmsg_next(&msg, &item) > 0) {
        name = item_name(self, &item);
        n = name ? PyList_Append(list, name) : -1;
        Py_XDECREF(name);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *control_dir(PyObject *op, PyObject *unused)
{
    (void)unused;
    return control_names((struct csp_control *)op);
}

static PyObject *control_iter(PyObject *op)
{
    PyObject *names = control_names((struct csp_control *)op);
    PyObject *iterator = names ? PyObject_GetIter(names) : NULL;

    Py_XDECREF(names);
    return iterator;
}

static Py_ssize_t control_length(PyObject *op)
{
    struct csk_msg msg = as_msg((struct csp_control *)op);
    struct csk_cmsg item = { 0 };
    Py_ssize_t n = 0;

    while (csk_cmsg_next(&msg, &item) > 0)
        n++;
    return n;
}

static PyObject *control_str(PyObject *op)
{
    struct csp_control *self = (struct csp_control *)op;
    struct csk_msg msg = as_msg(self);
    char text[4096];
    int n = csk_control_format(&msg, self->family, text, sizeof text);

    if (n >= (int)sizeof text)
        n = (int)sizeof text - 1;
    return PyUnicode_DecodeFSDefaultAndSize(text, n < 0 ? 0 : n);
}

static void free_object(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    type->tp_free(op);
    Py_DECREF(type);
}

const struct csp_function csp_control_methods[] = {
    { control_dir, METH_NOARGS, "__dir__" },
    { NULL },
};

static PyType_Slot control_slots[] = {
    { Py_tp_doc, "Control messages of a message, as attributes: control.ip_pktinfo.addr." },
    { Py_tp_dealloc, free_object },
    { Py_tp_getattro, control_getattro },
    { Py_tp_iter, control_iter },
    { Py_tp_str, control_str },
    { Py_sq_length, control_length },
    CSP_NO_NEW_SLOTS,
};

PyType_Spec csp_control_spec = {
    .name = "csocket.values.Control",
    .basicsize = sizeof(struct csp_control),
    .itemsize = 1,
    .flags = Py_TPFLAGS_DEFAULT | CSP_IMMUTABLE_TYPE,
    .slots = control_slots,
};

/* The descriptors of a message, from all control messages (new). */
static PyObject *list_fds(const struct csp_message *self)
{
    const struct csp_control *control = (const struct csp_control *)self->control;
    struct csk_msg msg = as_msg(control);
    struct csk_cmsg item = { 0 };
    PyObject *list = PyList_New(0), *number;
    int n = 0, fd;

    while (list && n == 0 && csk_cmsg_next(&msg, &item) > 0) {
        const struct csk_option *row = csk_control_by_number(control->family, item.level,
                                                             item.type);
        const struct csk_layout *layout = csk_option_layout(row, CSK_OPTION_GET);

        if (csk_field_kind(csk_layout_field(layout, 0)) != CSK_FIELD_FD)
            continue;
        for (size_t at = 0; n == 0 && at + sizeof fd <= item.size; at += sizeof fd) {
            memcpy(&fd, (const char *)item.data + at, sizeof fd);
            number = PyLong_FromLong(fd);
            n = number ? PyList_Append(list, number) : -1;
            Py_XDECREF(number);
        }
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *message_take_fds(PyObject *op, PyObject *unused)
{
    struct csp_message *self = (struct csp_message *)op;
    PyObject *list;

    (void)unused;
    if (!self->open)
        return PyList_New(0);
    if ((list = list_fds(self)))
        self->open = false;
    return list;
}

/* Close the descriptors; return their number. */
static int close_fds(struct csp_message *self)
{
    struct csk_msg msg = as_msg((struct csp_control *)self->control);

    if (!self->open)
        return 0;
    self->open = false;
    return csk_cmsg_close_fds(&msg);
}

static PyObject *message_close(PyObject *op, PyObject *unused)
{
    (void)unused;
    close_fds((struct csp_message *)op);
    Py_RETURN_NONE;
}

static PyObject *message_enter(PyObject *op, PyObject *unused)
{
    (void)unused;
    return Py_NewRef(op);
}

static PyObject *message_exit(PyObject *op, PyObject *args)
{
    (void)args;
    return message_close(op, NULL);
}

static void message_finalize(PyObject *op)
{
    struct csp_message *self = (struct csp_message *)op;
    struct csp_saved_exception saved;
    int n;

    if (!self->control || !self->open)
        return;
    csp_save_exception(&saved);
    n = close_fds(self);
    if (n > 0 && PyErr_ResourceWarning(op, 1, "message with %d unclosed file descriptor%s", n,
                                       n == 1 ? "" : "s") < 0)
        PyErr_WriteUnraisable(op);
    csp_restore_exception(&saved);
}

static void message_dealloc(PyObject *op)
{
    struct csp_message *self = (struct csp_message *)op;

    if (csp_finalize_first(op) < 0)
        return;
    Py_XDECREF(self->data);
    Py_XDECREF(self->address);
    Py_XDECREF(self->control);
    free_object(op);
}

static PyObject *message_truncated(PyObject *op, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((struct csp_message *)op)->flags & (MSG_TRUNC | MSG_CTRUNC));
}

static PyObject *message_fds(PyObject *op, void *unused)
{
    struct csp_message *self = (struct csp_message *)op;
    PyObject *list, *tuple;

    (void)unused;
    if (!self->open)
        return PyTuple_New(0);
    list = list_fds(self);
    tuple = list ? PyList_AsTuple(list) : NULL;
    Py_XDECREF(list);
    return tuple;
}

/* The control messages with the time of arrival, the most precise first. */
static int64_t time_of(const struct csk_msg *msg)
{
    int64_t ns;

    if ((csk_control_get_field(msg, "SCM_TIMESTAMPING", "software", &ns, NULL) == 0 && ns) ||
        csk_control_get_number(msg, "SCM_TIMESTAMPNS", &ns, NULL) == 0 ||
        csk_control_get_number(msg, "SCM_TIMESTAMP", &ns, NULL) == 0)
        return ns;
    return 0;
}

static PyObject *message_time(PyObject *op, void *unused)
{
    struct csk_msg msg = as_msg((struct csp_control *)((struct csp_message *)op)->control);

    (void)unused;
    return csp_utc(time_of(&msg));
}

const struct csp_function csp_message_methods[] = {
    { message_take_fds, METH_NOARGS,
      "take_fds($self, /)\n--\n\n"
      "Return the file descriptors received with the message, which the caller must close." },
    { message_close, METH_NOARGS,
      "close($self, /)\n--\n\nClose the file descriptors received with the message." },
    { message_enter, METH_NOARGS, "__enter__" },
    { message_exit, METH_VARARGS, "__exit__" },
    { NULL },
};

static PyMemberDef message_members[] = {
    { "data", T_OBJECT_EX, offsetof(struct csp_message, data), READONLY, "the bytes" },
    { "address", T_OBJECT_EX, offsetof(struct csp_message, address), READONLY,
      "the sender's address" },
    { "control", T_OBJECT_EX, offsetof(struct csp_message, control), READONLY,
      "the control messages, as attributes" },
    { "flags", T_INT, offsetof(struct csp_message, flags), READONLY, "MSG_* of the message" },
    { NULL },
};

static PyGetSetDef message_getset[] = {
    { "truncated", message_truncated, NULL, "whether data or control messages did not fit", NULL },
    { "time", message_time, NULL, NULL, NULL },
    { "fds", message_fds, NULL, "the file descriptors that the message owns", NULL },
    { NULL },
};

CSP_FINALIZER(message_finalize)

static PyType_Slot message_slots[] = {
    { Py_tp_doc, "A received message, which owns the file descriptors received with it." },
    { Py_tp_dealloc, message_dealloc },
    { Py_tp_members, message_members },
    { Py_tp_getset, message_getset },
    CSP_FINALIZE_SLOT(message_finalize),
    CSP_NO_NEW_SLOTS,
};

PyType_Spec csp_message_spec = {
    .name = "csocket.values.Message",
    .basicsize = sizeof(struct csp_message),
    .flags = Py_TPFLAGS_DEFAULT | CSP_IMMUTABLE_TYPE,
    .slots = message_slots,
};

PyObject *csp_message_new(struct csp_socket *self, PyObject *data, const struct csk_msg *msg)
{
    PyTypeObject *control_type = csp_option_type(self->state, CSP_OPTION_CONTROL);
    PyTypeObject *type = csp_option_type(self->state, CSP_OPTION_MESSAGE);
    struct csp_message *message = data && control_type && type
                                      ? (struct csp_message *)type->tp_alloc(type, 0)
                                      : NULL;
    struct csp_control *control;

    if (!message) {
        Py_XDECREF(data);
        csk_cmsg_close_fds(msg);
        return NULL;
    }
    message->data = data;
    message->flags = msg->flags;
    control = (struct csp_control *)control_type->tp_alloc(control_type,
                                                           (Py_ssize_t)msg->control_size);
    message->control = (PyObject *)control;
    if (!control) {
        csk_cmsg_close_fds(msg);
        Py_DECREF(message);
        return NULL;
    }
    control->state = self->state;
    control->family = self->s.family;
    control->size = msg->control_size;
    memcpy(control->data, msg->control, msg->control_size);
    message->open = true;
    if ((message->address = csp_peer_address(self, msg->addr)))
        return (PyObject *)message;
    close_fds(message);
    Py_DECREF(message);
    return NULL;
}

static PyObject *sock_recv_message(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    struct csp_socket *self = (struct csp_socket *)op;
    _Alignas(size_t) char control[CSK_CONTROL_MAX];
    struct iovec part;
    struct csk_addr addr;
    struct csk_msg msg = { .buffers = &part,
                           .buffer_count = 1,
                           .control = control,
                           .control_size = sizeof control,
                           .addr = &addr };
    PyObject *data;
    Py_ssize_t size;
    int flags = 0;
    ssize_t n;

    if (csp_count("recv_message", count, 1, 2) < 0 ||
        csp_parameter_size(args[0], "recv_message", "bufsize", 0, PY_SSIZE_T_MAX, &size) < 0 ||
        csp_parameter_flags(count > 1 ? args[1] : NULL, "recv_message", &flags) < 0)
        return NULL;
    if (flags & MSG_TRUNC) {
        PyErr_SetString(PyExc_ValueError, "recv_message(): flags must not contain MSG_TRUNC");
        return NULL;
    }
    if (!(data = PyBytes_FromStringAndSize(NULL, size)))
        return NULL;
    part = (struct iovec){ PyBytes_AS_STRING(data), (size_t)size };
    CSP_CALL(n = csk_recvmsg(&self->s, &msg, flags));
    if (n < 0) {
        Py_DECREF(data);
        return csp_raise(self->state, n);
    }
    return csp_message_new(self, csp_resize_bytes(data, n), &msg);
}

/* Ancillary data to be sent. */
struct control_data {
    size_t used;
    _Alignas(size_t) char data[CSK_CONTROL_MAX];
};

/* Add the bytes of an item. */
static int put_bytes(struct control_data *packed, const struct csk_option *row, const void *bytes,
                     size_t size)
{
    if (csk_cmsg_put(packed->data, sizeof packed->data, &packed->used, csk_option_level(row),
                     csk_option_number(row), bytes, size) == 0)
        return 0;
    PyErr_Format(PyExc_ValueError, "%s does not fit into a message", csk_option_name(row));
    return -1;
}

/* The row of a name; an unknown one is a ValueError. */
static const struct csk_option *find_row(PyObject *key)
{
    const char *name = PyUnicode_Check(key) ? csp_utf8(key) : NULL;
    const struct csk_option *row = name ? csk_control_find(name, AF_UNSPEC) : NULL;

    if (name && !row)
        PyErr_Format(PyExc_ValueError, "unknown control message %s", name);
    else if (!row && !PyErr_Occurred())
        csp_parameter_type(key, "send_message", "the names in control", "str");
    return row;
}

/* A value is bytes, or whatever an option of that layout accepts. */
static int put_item(struct csp_state *state, struct control_data *packed, PyObject *key,
                    PyObject *value)
{
    _Alignas(max_align_t) unsigned char bytes[CSK_CONTROL_MAX];
    const struct csk_option *row = find_row(key);
    struct csp_packing packing = { .state = state,
                                   .option = row,
                                   .direction = CSK_OPTION_SET,
                                   .bytes = bytes,
                                   .size = sizeof bytes };
    int n;

    if (!row)
        return -1;
    if (PyBytes_Check(value))
        return put_bytes(packed, row, PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value));
    if (!(packing.layout = csk_option_layout(row, CSK_OPTION_SET))) {
        PyErr_Format(PyExc_ValueError, "%s can only be received", csk_option_name(row));
        return -1;
    }
    /* A descriptor alone is a list as well. */
    n = PyLong_Check(value) ? csp_option_pack(&packing, value)
                            : csp_option_pack_all(&packing, value);
    return n < 0 ? -1 : put_bytes(packed, row, bytes, packing.count);
}

static int put_items(struct csp_state *state, struct control_data *packed, PyObject *control)
{
    PyObject *items, *item;
    int n = 0;

    packed->used = 0;
    if (!control || control == Py_None)
        return 0;
    if (!PyDict_Check(control) && !PyObject_HasAttrString(control, "items"))
        return csp_parameter_type(control, "send_message", "control",
                                  "a mapping of names to values");
    if (!(items = PyMapping_Items(control)))
        return -1;
    for (Py_ssize_t i = 0; n == 0 && i < PyList_GET_SIZE(items); i++) {
        item = PyList_GET_ITEM(items, i);
        n = put_item(state, packed, PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1));
    }
    Py_DECREF(items);
    return n;
}

static const struct csp_signature send_signature = { "send_message", "data address control flags",
                                                     1, 4 };

static PyObject *sock_send_message(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                   PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    PyObject *values[4], *address;
    struct csk_addr addr;
    struct iovec part;
    struct csk_msg msg = { .buffers = &part, .buffer_count = 1 };
    struct csp_bytes bytes;
    struct control_data packed;
    int flags = 0;
    ssize_t n;

    if (csp_arguments(&send_signature, args, count, names, values) < 0 ||
        csp_parameter_flags(values[3], "send_message", &flags) < 0 ||
        put_items(self->state, &packed, values[2]) < 0)
        return NULL;
    address = values[1] && values[1] != Py_None ? values[1] : NULL;
    if ((address && csp_address_from(self, address, &addr, "send_message") < 0) ||
        PySys_Audit("socket.sendmsg", "OO", op, address ? address : Py_None) < 0 ||
        csp_parameter_bytes(&bytes, values[0], "send_message", "data") < 0)
        return NULL;
    part = (struct iovec){ (void *)bytes.data, (size_t)bytes.size };
    msg.addr = address ? &addr : NULL;
    msg.control = packed.data;
    msg.control_size = packed.used;
    CSP_CALL(n = csk_sendmsg(&self->s, &msg, flags, NULL));
    csp_bytes_release(&bytes);
    if (n < 0)
        return address ? csp_raise_about(self, n, &addr) : csp_raise(self->state, n);
    return PyLong_FromSsize_t(n);
}

static const struct csp_function methods[] = {
    { CSP_FAST(sock_recv_message),
      "recv_message($self, bufsize, flags=0, /)\n--\n\n"
      "Receive a message and its control messages, which are attributes of message.control.\n"
      "Closing the message closes its file descriptors." },
    { CSP_KEYWORDS(sock_send_message),
      "send_message($self, /, data, address=None, control=None, flags=0)\n--\n\n"
      "Send data with control messages, a mapping of names to values:\n"
      "control={\"ip_ttl\": 5, \"ip_pktinfo\": \"spec_dst=192.0.2.1\"}." },
    { NULL },
};

int csp_control_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
