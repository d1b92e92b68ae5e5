/* send_zerocopy: sends whose buffers the kernel reads later. */
#include "socket/zerocopy.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "parameter.h"
#include "setup.h"
#include "socket/socket.h"

/* The socket's buffers that the kernel may still read, by the number of the send (borrowed). */
static PyObject *held_of(struct csp_socket *self)
{
    struct csp_rare *rare = csp_rare_members(self);
    PyObject *none = NULL, *fresh, *held;

    if (!rare)
        return PyErr_NoMemory();
    held = __atomic_load_n(&rare->held, __ATOMIC_ACQUIRE);
    if (held || !(fresh = PyDict_New()))
        return held;
    if (__atomic_compare_exchange_n(&rare->held, &none, fresh, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return fresh;
    Py_DECREF(fresh);
    return none;
}

/* The bytes are being sent: if the buffer cannot be recorded, it must never be freed. */
static void hold(PyObject *held, uint32_t id, PyObject *view)
{
    PyObject *key = PyLong_FromUnsignedLong(id);

    if (!key || PyDict_SetItem(held, key, view) < 0) {
        PyErr_Clear();
        Py_INCREF(view);
    }
    Py_XDECREF(key);
}

void csp_zerocopy_done(struct csp_socket *self, uint32_t first, uint32_t last)
{
    struct csp_rare *rare = csp_rare_of(self);
    PyObject *held = rare ? __atomic_load_n(&rare->held, __ATOMIC_ACQUIRE) : NULL, *key;

    for (uint32_t id = first; held && PyDict_GET_SIZE(held) > 0; id++) {
        if ((key = PyLong_FromUnsignedLong(id)) && PyDict_DelItem(held, key) < 0)
            PyErr_Clear(); /* a send of another object with this descriptor */
        Py_XDECREF(key);
        if (id == last)
            break;
    }
}

void csp_zerocopy_drain(struct csp_socket *self)
{
    struct csp_rare *rare = csp_rare_of(self);
    struct csk_queued_error entry;

    while (rare && rare->held && PyDict_GET_SIZE(rare->held) > 0 &&
           csk_recv_error(&self->s, &entry, NULL, 0) >= 0)
        if (entry.origin == CSK_ORIGIN_ZEROCOPY)
            csp_zerocopy_done(self, entry.first, entry.last);
}

/* A closed socket still sends, and has no error queue: the data it holds is kept permanently. */
void csp_zerocopy_free(struct csp_rare *rare)
{
    if (rare->held && PyDict_GET_SIZE(rare->held) == 0)
        Py_DECREF(rare->held);
    rare->held = NULL;
}

static const struct csp_signature signature = { "send_zerocopy", "data flags", 1, 2 };

/* (sent, id) of a send of the view's bytes (new). */
static PyObject *send_view(struct csp_socket *self, PyObject *view, int flags)
{
    Py_buffer *buffer = PyMemoryView_GET_BUFFER(view);
    PyObject *held = held_of(self);
    bool pending = false;
    uint32_t id;
    ssize_t n;

    if (!held)
        return NULL;
    if (!PyBuffer_IsContiguous(buffer, 'C')) {
        PyErr_SetString(PyExc_BufferError, "send_zerocopy(): data must be contiguous");
        return NULL;
    }
    CSP_CALL(n = csk_send_zerocopy(&self->s, buffer->buf, (size_t)buffer->len, flags, &id, &pending,
                                   NULL));
    if (n < 0)
        return csp_raise(self->state, n);
    if (!pending)
        return Py_BuildValue("nO", (Py_ssize_t)n, Py_None);
    hold(held, id, view);
    return Py_BuildValue("nI", (Py_ssize_t)n, id);
}

static PyObject *sock_send_zerocopy(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                    PyObject *names)
{
    PyObject *values[2], *view, *result;
    int flags = 0;

    if (csp_arguments(&signature, args, count, names, values) < 0 ||
        csp_parameter_flags(values[1], "send_zerocopy", &flags) < 0)
        return NULL;
    if (!PyObject_CheckBuffer(values[0])) {
        csp_parameter_type(values[0], "send_zerocopy", "data", "a bytes-like object");
        return NULL;
    }
    if (!(view = PyMemoryView_FromObject(values[0])))
        return NULL;
    result = send_view((struct csp_socket *)op, view, flags);
    Py_DECREF(view);
    return result;
}

static const struct csp_function methods[] = {
    { CSP_KEYWORDS(sock_send_zerocopy),
      "send_zerocopy($self, /, data, flags=0)\n--\n\n"
      "Send bytes without copying them: return (nbytes, id). Faster from about 10 KB on.\n\n"
      "The socket keeps data alive, which must not change until errors() has returned an entry\n"
      "of origin 'zerocopy' with first <= id <= last; the entry's attribute copied is true if\n"
      "the kernel copied the data. id is None if it copied at once: there will be no entry." },
    { NULL },
};

int csp_zerocopy_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
