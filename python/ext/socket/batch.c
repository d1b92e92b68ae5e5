/* Many messages received in one call: recv_many, recv_many_into. */
#include "socket/batch.h"

#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "parameter.h"
#include "peers.h"
#include "setup.h"
#include "option/options.h"
#include "socket/socket.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* Messages of one call, and bytes received at most by one call. */
#define MAX_MESSAGES 65536
#define MAX_MEMORY ((Py_ssize_t)16 << 20)

/* Messages that recv_many_into receives if no maximum is given. */
#define MANY 64

/* The socket's, or new if it is too small, or in use by another thread. */
struct csp_scratch *csp_take_scratch(struct csp_socket *self, size_t count, size_t size)
{
    struct csp_rare *rare = csp_rare_members(self);
    struct csp_scratch *s;
    size_t head;

    if (!rare) {
        PyErr_NoMemory();
        return NULL;
    }
    s = __atomic_exchange_n(&rare->scratch, NULL, __ATOMIC_ACQ_REL);
    if (s && s->count >= count && s->size >= size)
        return s;
    /* Sends, which need no memory for data, must not discard memory that receives need. */
    if (s && s->count > count)
        count = s->count;
    if (s && s->size > size)
        size = s->size;
    PyMem_RawFree(s);
    head = sizeof *s + count * (sizeof *s->messages + sizeof *s->addrs);
    s = PyMem_RawMalloc(head + size);
    if (!s) {
        PyErr_NoMemory();
        return NULL;
    }
    s->count = count;
    s->size = size;
    s->addrs = (struct csk_addr *)(s + 1);
    s->messages = (struct csk_datagram *)(s->addrs + count);
    s->data = (char *)(s->messages + count);
    return s;
}

void csp_release_scratch(struct csp_socket *self, struct csp_scratch *s)
{
    /* csp_take_scratch has allocated the rare members. */
    PyMem_RawFree(__atomic_exchange_n(&csp_rare_of(self)->scratch, s, __ATOMIC_ACQ_REL));
}

static PyObject *make_pair(PyObject *first, PyObject *second)
{
    PyObject *pair = first ? PyTuple_New(2) : NULL;

    if (!pair) {
        Py_XDECREF(first);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, first);
    PyTuple_SET_ITEM(pair, 1, Py_NewRef(second));
    return pair;
}

/* Creates a list's item from the bytes at data (new). */
typedef PyObject *make_item_fn(const char *start, const char *data, size_t size, PyObject *address);

static size_t segment_of(const struct csk_datagram *m)
{
    return m->segment_size ? m->segment_size : m->size;
}

/* The number of datagrams that messages consist of. */
static size_t count_datagrams(const struct csk_datagram *messages, size_t count)
{
    size_t total = count;

    for (size_t i = 0; i < count; i++)
        if (messages[i].segment_size)
            total += (messages[i].size - 1) / messages[i].segment_size;
    return total;
}

static PyObject *make_data(const char *start, const char *data, size_t size, PyObject *address)
{
    (void)start;
    return make_pair(PyBytes_FromStringAndSize(data, (Py_ssize_t)size), address);
}

static PyObject *make_offset(const char *start, const char *data, size_t size, PyObject *address)
{
    return Py_BuildValue("nnO", (Py_ssize_t)(data - start), (Py_ssize_t)size, address);
}

/* Store the datagrams of a message in the list, starting at index; return the next index, or -1
 * with an exception. */
static inline Py_ssize_t put_datagrams(PyObject *list, Py_ssize_t index,
                                       const struct csk_datagram *m, const char *start,
                                       PyObject *address, make_item_fn *make)
{
    size_t segment = segment_of(m), at = 0, size;
    PyObject *item;

    do {
        size = m->size - at < segment ? m->size - at : segment;
        if (!(item = make(start, (const char *)m->data + at, size, address)))
            return -1;
        PyList_SET_ITEM(list, index++, item);
        at += size;
    } while (at < m->size);
    return index;
}

/* The messages are so far apart that the processor does not prefetch the next ones. */
#define AHEAD 3

static inline void prefetch(const struct csk_datagram *messages, size_t i, size_t count)
{
    if (i >= count)
        return;
    __builtin_prefetch(messages[i].data);
    __builtin_prefetch(messages[i].addr);
}

/* The list of received messages (new).  Most messages come from the same peer as the previous one.
 * The interpreter must not see the list before it is complete: nothing here runs its code. */
static inline PyObject *make_list(struct csp_socket *self, const struct csk_datagram *messages,
                                  size_t count, const char *start, make_item_fn *make)
{
    PyObject *list = PyList_New((Py_ssize_t)count_datagrams(messages, count));
    PyObject *address = NULL, *next;
    const struct csk_addr *last = NULL;
    Py_ssize_t index = list ? 0 : -1;

    for (size_t i = 0; index >= 0 && i < count; i++) {
        prefetch(messages, i + AHEAD, count);
        if (messages[i].addr != last || !address) {
            last = messages[i].addr;
            next = csp_peer_address(self, last);
            if (address && next != address)
                csp_peers_enable(self);
            Py_XSETREF(address, next);
        }
        index = address ? put_datagrams(list, index, &messages[i], start, address, make) : -1;
    }
    Py_XDECREF(address);
    if (index < 0)
        Py_CLEAR(list);
    return list;
}

/* Bytes for the control messages of each message of recv_many(..., messages=True). */
#define CONTROL_SIZE 4096

static void close_rest(const struct csk_datagram *messages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct csk_msg msg = { .control = messages[i].control,
                               .control_size = messages[i].control_size };

        csk_cmsg_close_fds(&msg);
    }
}

/* Append the message objects of a datagram, or of each that it consists of. */
static int append_objects(struct csp_socket *self, PyObject *list, const struct csk_datagram *m)
{
    size_t segment = m->segment_size ? m->segment_size : m->size, at = 0, size;
    struct csk_msg msg = {
        .control = m->control, .control_size = m->control_size, .addr = m->addr, .flags = m->flags
    };
    PyObject *data, *object;
    int n;

    do {
        size = m->size - at < segment ? m->size - at : segment;
        data = PyBytes_FromStringAndSize((const char *)m->data + at, (Py_ssize_t)size);
        object = csp_message_new(self, data, &msg);
        n = object ? PyList_Append(list, object) : -1;
        Py_XDECREF(object);
        at += size;
    } while (n == 0 && at < m->size);
    return n;
}

/* The list of message objects (new). */
static PyObject *make_objects(struct csp_socket *self, const struct csk_datagram *messages,
                              size_t count)
{
    PyObject *list = PyList_New(0);
    size_t i = 0;

    while (list && i < count && append_objects(self, list, &messages[i]) == 0)
        i++;
    if (i == count && list)
        return list;
    if (i < count)
        close_rest(messages + i + 1, count - i - 1);
    Py_XDECREF(list);
    return NULL;
}

/* max, bufsize, flags: objects that may be NULL. */
struct sizes {
    Py_ssize_t max, size;
    int flags;
};

static int read_sizes(struct sizes *sizes, const char *function, PyObject *max, PyObject *size,
                      PyObject *flags)
{
    if ((max && csp_parameter_size(max, function, "max", 1, MAX_MESSAGES, &sizes->max) < 0) ||
        csp_parameter_size(size, function, "bufsize", 1, MAX_MEMORY, &sizes->size) < 0 ||
        csp_parameter_flags(flags, function, &sizes->flags) < 0)
        return -1;
    if (!(sizes->flags & MSG_TRUNC))
        return 0;
    PyErr_Format(PyExc_ValueError, "%s(): flags must not contain MSG_TRUNC", function);
    return -1;
}

static const struct csp_signature recv_signature = { "recv_many", "max bufsize flags messages", 2,
                                                     4 };

/* Receive available messages, with the GIL held if no other thread can need it (call.c); return
 * their number or a code, or 0 if the call must be made in the usual way.  After a receive that had
 * to wait, the next ones will probably wait, too. */
static ssize_t receive_now(struct csp_socket *self, struct csp_scratch *scratch, size_t max,
                           const struct csk_recv_memory *memory, int flags)
{
    ssize_t n;

    if (!self->queued || flags || self->s.wait_first || !csp_is_only_thread())
        return 0;
    n = csk_recv_many(&self->s, scratch->messages, max, memory, MSG_DONTWAIT);
    return n == -EAGAIN && csp_timeout_of(self) != 0 ? 0 : n;
}

/* Receive into the parts of the scratch space; return the list of messages (new). */
static PyObject *receive(struct csp_socket *self, struct csp_scratch *scratch, size_t max,
                         struct csk_recv_memory *memory, bool objects, int flags)
{
    ssize_t n;

    memory->data = scratch->data;
    memory->addrs = scratch->addrs;
    if (objects) {
        memory->size &= ~(size_t)15;
        memory->control = scratch->data + memory->size;
        memory->control_size = CONTROL_SIZE;
    }
    n = receive_now(self, scratch, max, memory, flags);
    if (n == 0)
        CSP_CALL(n = csk_recv_many(&self->s, scratch->messages, max, memory, flags));
    if (n < 0)
        return csp_raise(self->state, n);
    return objects ? make_objects(self, scratch->messages, (size_t)n)
                   : make_list(self, scratch->messages, (size_t)n, scratch->data, make_data);
}

/* Two positional arguments, which most calls have, need no sorting. */
static int recv_arguments(PyObject *const *args, Py_ssize_t count, PyObject *names,
                          PyObject **values)
{
    if (count != 2 || names)
        return csp_arguments(&recv_signature, args, count, names, values);
    values[0] = args[0];
    values[1] = args[1];
    values[2] = values[3] = NULL;
    return 0;
}

static PyObject *sock_recv_many(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_recv_memory memory = { 0 };
    struct sizes sizes = { 0 };
    struct csp_scratch *scratch;
    PyObject *values[4], *list;
    int objects = 0;
    size_t room = 0;

    if (recv_arguments(args, count, names, values) < 0 ||
        read_sizes(&sizes, "recv_many", values[0], values[1], values[2]) < 0 ||
        (values[3] && (objects = PyObject_IsTrue(values[3])) < 0))
        return NULL;
    memory.message_size = (size_t)sizes.size;
    memory.size = (size_t)sizes.max * memory.message_size;
    if (memory.size > (size_t)MAX_MEMORY)
        memory.size = MAX_MEMORY;
    if (memory.size < CSK_RECV_MANY_MIN)
        memory.size = CSK_RECV_MANY_MIN;
    if (objects)
        room = (size_t)sizes.max * CONTROL_SIZE;
    if (!(scratch = csp_take_scratch(self, (size_t)sizes.max, memory.size + 16 + room)))
        return NULL;
    list = receive(self, scratch, (size_t)sizes.max, &memory, objects, sizes.flags);
    csp_release_scratch(self, scratch);
    return list;
}

static const struct csp_signature into_signature = { "recv_many_into", "buffer bufsize max flags",
                                                     2, 4 };

static PyObject *sock_recv_many_into(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                     PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_recv_memory memory = { 0 };
    struct sizes sizes = { .max = MANY };
    struct csp_scratch *scratch = NULL;
    PyObject *values[4], *list = NULL;
    Py_buffer view;
    ssize_t n;

    if (csp_arguments(&into_signature, args, count, names, values) < 0 ||
        read_sizes(&sizes, "recv_many_into", values[2], values[1], values[3]) < 0 ||
        csp_parameter_writable(&view, values[0], "recv_many_into", "buffer") < 0)
        return NULL;
    if (view.len < sizes.size)
        PyErr_Format(PyExc_ValueError,
                     "recv_many_into(): bufsize %zd is greater than the buffer (%zd bytes)",
                     sizes.size, view.len);
    else if (view.len < CSK_RECV_MANY_MIN && csp_merges_datagrams(self))
        PyErr_Format(PyExc_ValueError,
                     "recv_many_into(): while UDP_GRO is on, the buffer needs %d bytes, not %zd",
                     CSK_RECV_MANY_MIN, view.len);
    else
        scratch = csp_take_scratch(self, (size_t)sizes.max, 0);
    if (scratch) {
        memory.data = view.buf;
        memory.size = (size_t)view.len;
        memory.message_size = (size_t)sizes.size;
        memory.addrs = scratch->addrs;
        CSP_CALL(n = csk_recv_many(&self->s, scratch->messages, (size_t)sizes.max, &memory,
                                   sizes.flags));
        list = n < 0 ? csp_raise(self->state, n)
                     : make_list(self, scratch->messages, (size_t)n, view.buf, make_offset);
        csp_release_scratch(self, scratch);
    }
    PyBuffer_Release(&view);
    return list;
}

static const struct csp_function methods[] = {
    { CSP_KEYWORDS(sock_recv_many),
      "recv_many($self, /, max, bufsize, flags=0, messages=False)\n--\n\n"
      "Wait for a message and receive those that have arrived, at most max messages of at most\n"
      "bufsize bytes: return a list of (data, address), or, with messages, of objects that\n"
      "recv_message returns.\n\n"
      "On a UDP socket with the option UDP_GRO, the kernel delivers datagrams together; they are\n"
      "separated, and the list may then be longer than max." },
    { CSP_KEYWORDS(sock_recv_many_into),
      "recv_many_into($self, /, buffer, bufsize, max=64, flags=0)\n--\n\n"
      "As recv_many, into one buffer: return a list of (offset, nbytes, address). While UDP_GRO\n"
      "is on, the buffer must have at least 65,536 bytes." },
    { NULL },
};

int csp_batch_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
