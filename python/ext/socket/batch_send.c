/* Many messages sent in one call: send_many. */
#include "socket/batch.h"

#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "parameter.h"
#include "setup.h"

#include <errno.h>

/* Messages to send.  Their objects are in a private tuple, which no other code can change. */
struct outgoing {
    PyObject *objects;
    size_t count, addr_count;
    struct csk_datagram *messages;
    struct csk_addr *addrs;
    struct csp_bytes *acquired;  /* NULL as long as all data are bytes objects */
    struct csp_scratch *scratch; /* that messages and addrs are in, or NULL */
    struct csk_datagram one;
    struct csk_addr one_addr;
};

static void release_outgoing(struct csp_socket *self, struct outgoing *o)
{
    for (size_t i = 0; o->acquired && i < o->count; i++)
        csp_bytes_release(&o->acquired[i]);
    PyMem_Free(o->acquired);
    if (o->scratch) {
        csp_release_scratch(self, o->scratch);
    } else if (o->messages != &o->one) {
        PyMem_Free(o->messages);
        PyMem_Free(o->addrs);
    }
    Py_DECREF(o->objects);
}

/* An iterator may be infinite: limits are checked after this many messages. */
#define ITEMS_PER_TEST 64

static int test_limits(const struct csp_socket *self)
{
    int n = csp_is_cancelled(self)      ? CSK_ECANCELED
            : csp_timeout_of(self) == 0 ? 0
                                        : csp_scope_test();

    if (n < 0)
        csp_raise(self->state, n);
    return n;
}

/* The iterator of the messages (new).  An iterator of a str or of bytes would be useless. */
static PyObject *iterator_of(PyObject *iterable)
{
    PyObject *iterator;

    if (PyObject_CheckBuffer(iterable)) {
        csp_parameter_type(iterable, "send_many", "messages",
                           "an iterable of data or (data, address), or have a segment_size");
        return NULL;
    }
    iterator = PyUnicode_Check(iterable) ? NULL : PyObject_GetIter(iterable);
    if (iterator || (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError)))
        return iterator;
    if (!PyUnicode_Check(iterable) && Py_TYPE(iterable)->tp_iter)
        return NULL; /* its own error */
    PyErr_Clear();
    csp_parameter_type(iterable, "send_many", "messages", "an iterable of data or (data, address)");
    return NULL;
}

/* Like PySequence_Tuple, until a limit is reached. */
static PyObject *collect(const struct csp_socket *self, PyObject *iterable)
{
    PyObject *iterator, *list, *item, *tuple = NULL;

    if (PyTuple_CheckExact(iterable) || PyList_CheckExact(iterable))
        return PySequence_Tuple(iterable);
    if (!(iterator = iterator_of(iterable)))
        return NULL;
    list = PyList_New(0);
    while (list && (item = PyIter_Next(iterator))) {
        int n = PyList_Append(list, item);

        Py_DECREF(item);
        if (n < 0 || (PyList_GET_SIZE(list) % ITEMS_PER_TEST == 0 && test_limits(self) < 0))
            break;
    }
    if (!PyErr_Occurred())
        tuple = PyList_AsTuple(list);
    Py_DECREF(iterator);
    Py_XDECREF(list);
    return tuple;
}

/* Up to this many messages are sent with the memory of receives, which is in the processor's cache
 * if requests are being answered. */
#define SCRATCH_MESSAGES 256

static int allocate_messages(struct csp_socket *self, struct outgoing *o, PyObject *iterable)
{
    o->acquired = NULL;
    o->scratch = NULL;
    o->addr_count = 0;
    o->messages = &o->one;
    o->addrs = &o->one_addr;
    if (!(o->objects = collect(self, iterable)))
        return -1;
    o->count = (size_t)PyTuple_GET_SIZE(o->objects);
    if (o->count <= 1)
        return 0;
    if (o->count <= SCRATCH_MESSAGES) {
        if (!(o->scratch = csp_take_scratch(self, o->count, 0)))
            return -1;
        o->messages = o->scratch->messages;
        o->addrs = o->scratch->addrs;
        return 0;
    }
    o->messages = PyMem_New(struct csk_datagram, o->count);
    o->addrs = PyMem_New(struct csk_addr, o->count);
    if (o->messages && o->addrs)
        return 0;
    PyErr_NoMemory();
    return -1;
}

static int refuse_data(size_t i, PyObject *data)
{
    if (PyObject_CheckBuffer(data))
        return -1;
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError,
                 "send_many(): message %zu: data must be a bytes-like object, not %.100s", i,
                 data == Py_None ? "None" : Py_TYPE(data)->tp_name);
    return -1;
}

static inline int acquire_data(struct outgoing *o, size_t i, PyObject *data)
{
    struct csk_datagram *m = &o->messages[i];

    *m = (struct csk_datagram){ 0 };
    if (PyBytes_CheckExact(data)) {
        m->data = PyBytes_AS_STRING(data);
        m->size = (size_t)PyBytes_GET_SIZE(data);
        return 0;
    }
    if (!o->acquired && !(o->acquired = PyMem_Calloc(o->count, sizeof *o->acquired))) {
        PyErr_NoMemory();
        return -1;
    }
    if (csp_bytes_get(&o->acquired[i], data) < 0)
        return refuse_data(i, data);
    m->data = (void *)o->acquired[i].data;
    m->size = (size_t)o->acquired[i].size;
    return 0;
}

/* The destination: for most messages that of the previous one. */
static int read_address(struct csp_socket *self, struct outgoing *o, size_t i, PyObject *address,
                        PyObject **last)
{
    if (address == Py_None)
        return PySys_Audit("socket.sendto", "OO", (PyObject *)self, Py_None);
    if (address != *last) {
        if (csp_address_from(self, address, &o->addrs[o->addr_count], "send_many") < 0)
            return -1;
        o->addr_count++;
        *last = address;
    }
    o->messages[i].addr = &o->addrs[o->addr_count - 1];
    return PySys_Audit("socket.sendto", "OO", (PyObject *)self, address);
}

static inline int read_message(struct csp_socket *self, struct outgoing *o, size_t i,
                               PyObject **last)
{
    PyObject *item = PyTuple_GET_ITEM(o->objects, (Py_ssize_t)i);

    if (!PyTuple_Check(item))
        return acquire_data(o, i, item);
    if (PyTuple_GET_SIZE(item) != 2) {
        PyErr_Format(PyExc_TypeError,
                     "send_many(): message %zu must be data or (data, address), not a tuple of %zd",
                     i, PyTuple_GET_SIZE(item));
        return -1;
    }
    return acquire_data(o, i, PyTuple_GET_ITEM(item, 0)) < 0
               ? -1
               : read_address(self, o, i, PyTuple_GET_ITEM(item, 1), last);
}

/* The number of messages sent.  A signal handler's exception must not be lost, regardless of the
 * messages sent. */
static PyObject *result(struct csp_socket *self, ssize_t n, const struct csk_error *error,
                        const struct csk_addr *to)
{
    if (n < 0 || error->code == CSK_EINTERRUPTED)
        return n < 0 && to ? csp_raise_about(self, n, to)
                           : csp_raise(self->state, n < 0 ? n : error->code);
    return PyLong_FromSsize_t(n);
}

/* Uses sendto, which costs less. */
static ssize_t send_one(struct csp_socket *self, const struct csk_datagram *m, int flags)
{
    struct csp_bytes bytes = { .data = m->data, .size = (Py_ssize_t)m->size };
    ssize_t n = csp_send(self, &bytes, flags, m->addr);

    return n < 0 ? n : 1;
}

static PyObject *send_messages(struct csp_socket *self, PyObject *iterable, int flags)
{
    PyObject *last = NULL, *sent = NULL;
    struct csk_error error;
    struct outgoing o;
    size_t i = 0;
    ssize_t n;

    if (allocate_messages(self, &o, iterable) == 0)
        while (i < o.count && read_message(self, &o, i, &last) == 0)
            i++;
    if (!PyErr_Occurred()) {
        error.code = 0;
        if (o.count == 1 && !o.acquired && self->s.type == SOCK_DGRAM)
            n = send_one(self, o.messages, flags);
        else
            CSP_CALL(n = csk_send_many(&self->s, o.messages, o.count, flags, &error));
        sent = result(self, n, &error, o.count ? o.messages[0].addr : NULL);
    }
    if (o.objects)
        release_outgoing(self, &o);
    return sent;
}

static PyObject *send_segments(struct csp_socket *self, PyObject *data, PyObject *segment_size,
                               PyObject *address, int flags)
{
    struct csk_error error;
    struct csp_bytes bytes;
    struct csk_addr to;
    Py_ssize_t size;
    PyObject *sent = NULL;
    ssize_t n;

    if (csp_parameter_size(segment_size, "send_many", "segment_size", 1, PY_SSIZE_T_MAX, &size) <
            0 ||
        csp_parameter_bytes(&bytes, data, "send_many", "messages") < 0)
        return NULL;
    if ((!address || csp_address_from(self, address, &to, "send_many") == 0) &&
        PySys_Audit("socket.sendto", "OO", (PyObject *)self, address ? address : Py_None) == 0) {
        CSP_CALL(n = csk_send_segments(&self->s, bytes.data, (size_t)bytes.size, (size_t)size,
                                       flags, address ? &to : NULL, &error));
        sent = result(self, n, &error, address ? &to : NULL);
    }
    csp_bytes_release(&bytes);
    return sent;
}

static const struct csp_signature send_signature = { "send_many",
                                                     "messages flags segment_size address", 1, 4 };

static PyObject *sock_send_many(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    PyObject *values[4];
    int flags = 0;

    if (csp_arguments(&send_signature, args, count, names, values) < 0 ||
        csp_parameter_flags(values[1], "send_many", &flags) < 0)
        return NULL;
    if (values[3] == Py_None)
        values[3] = NULL;
    if (values[2] && values[2] != Py_None)
        return send_segments(self, values[0], values[2], values[3], flags);
    if (!values[3])
        return send_messages(self, values[0], flags);
    PyErr_SetString(PyExc_TypeError, "send_many(): address requires segment_size");
    return NULL;
}

static const struct csp_function methods[] = {
    { CSP_KEYWORDS(sock_send_many),
      "send_many($self, /, messages, flags=0, segment_size=None, address=None)\n--\n\n"
      "Send an iterable of (data, address), or of data on a connected socket; or one buffer as\n"
      "datagrams of segment_size bytes. Return the number of messages sent.\n\n"
      "If a message cannot be sent, the number of messages before it is returned; an exception\n"
      "is raised if it is the first." },
    { NULL },
};

int csp_batch_send_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
