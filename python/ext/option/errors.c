/* The error queue and timestamps: errors, enable_timestamps. */
#include "address.h"
#include "args.h"
#include "define.h"
#include "error.h"
#include "option/options.h"
#include "setup.h"
#include "socket/socket.h"
#include "socket/zerocopy.h"

#include <errno.h>

static const char origins[][12] = { "none",      "local",    "icmp",  "icmp6",
                                    "timestamp", "zerocopy", "txtime" };
static const char stages[][12] = { "sent", "scheduled", "acked" };
#define NAME(names, number)                                                                        \
    ((number) < sizeof(names) / sizeof *(names) ? (names)[number] : "unknown")

PyObject *csp_utc(int64_t ns)
{
    PyObject *module, *epoch = NULL, *delta = NULL, *time = NULL;

    if (ns == 0)
        Py_RETURN_NONE;
    if (!(module = PyImport_ImportModule("datetime")))
        return NULL;
    delta = PyObject_CallMethod(module, "timedelta", "iiL", 0, 0, (long long)(ns / 1000));
    if (delta) {
        PyObject *zones = PyObject_GetAttrString(module, "timezone");
        PyObject *utc = zones ? PyObject_GetAttrString(zones, "utc") : NULL;

        if (utc)
            epoch = PyObject_CallMethod(module, "datetime", "iiiiiiiO", 1970, 1, 1, 0, 0, 0, 0,
                                        utc);
        Py_XDECREF(zones);
        Py_XDECREF(utc);
    }
    if (epoch)
        time = PyNumber_Add(epoch, delta);
    Py_DECREF(module);
    Py_XDECREF(delta);
    Py_XDECREF(epoch);
    return time;
}

/* The time of a send as a datetime. */
static PyObject *entry_time(PyObject *op, void *unused)
{
    PyObject *software = PyObject_GetAttrString(op, "software");
    long long ns = software ? PyLong_AsLongLong(software) : -1;

    (void)unused;
    Py_XDECREF(software);
    return PyErr_Occurred() ? NULL : csp_utc(ns);
}

static PyGetSetDef entry_getset[] = {
    { "time", entry_time, NULL, NULL, NULL },
    { NULL },
};

const struct csp_tuple csp_queued_error_tuple = {
    "queued_error",
    "origin errno icmp_type icmp_code mtu offender address data stage "
    "id software hardware first last copied",
    entry_getset
};

static PyObject *entry_object(struct csp_socket *self, const struct csk_queued_error *e,
                              const char *data, ssize_t size)
{
    bool time = e->origin == CSK_ORIGIN_TIMESTAMP, zerocopy = e->origin == CSK_ORIGIN_ZEROCOPY;
    PyTypeObject *class = csp_tuple_class_of(self->state, &csp_queued_error_tuple);
    PyObject *offender = csp_address_to(NULL, &e->offender);
    PyObject *address = csp_address_to(self, &e->addr), *tuple = NULL;

    if (class && offender && address)
        tuple = Py_BuildValue("siiiIOOy#zILLIIO", NAME(origins, e->origin), -e->code, e->icmp_type,
                              e->icmp_code, e->mtu, offender, address, data, (Py_ssize_t)size,
                              time ? NAME(stages, e->stage) : NULL, e->id, (long long)e->software,
                              (long long)e->hardware, e->first, e->last,
                              zerocopy && e->copied ? Py_True : Py_False);
    Py_XDECREF(offender);
    Py_XDECREF(address);
    return tuple ? csp_named_tuple(class, tuple) : NULL;
}

/* All entries of the error queue; never waits. */
static PyObject *sock_errors(PyObject *op, PyObject *unused)
{
    struct csp_socket *self = (struct csp_socket *)op;
    struct csk_queued_error entry;
    PyObject *list = PyList_New(0), *object;
    char data[2048];
    ssize_t n;
    int done = 0;

    (void)unused;
    while (list && done == 0) {
        n = csk_recv_error(&self->s, &entry, data, sizeof data);
        if (n == -EAGAIN)
            return list;
        if (n < 0) {
            Py_DECREF(list);
            return csp_raise(self->state, n);
        }
        if (entry.origin == CSK_ORIGIN_ZEROCOPY)
            csp_zerocopy_done(self, entry.first, entry.last);
        object = entry_object(self, &entry, data,
                              n < (ssize_t)sizeof data ? n : (ssize_t)sizeof data);
        done = object ? PyList_Append(list, object) : -1;
        Py_XDECREF(object);
    }
    Py_XDECREF(list);
    return NULL;
}

static const struct csp_signature stamp_signature = { "enable_timestamps", "sent", 0, 1 };

static PyObject *sock_enable_timestamps(PyObject *op, PyObject *const *args, Py_ssize_t count,
                                        PyObject *names)
{
    struct csp_socket *self = (struct csp_socket *)op;
    PyObject *value;
    struct csk_error error = { 0 };
    int sent = 0, n;

    if (csp_arguments(&stamp_signature, args, count, names, &value) < 0 ||
        (value && (sent = PyObject_IsTrue(value)) < 0))
        return NULL;
    n = csk_enable_timestamps(&self->s, sent, &error);
    if (n < 0)
        return csp_raise_info(self->state, n, &error);
    Py_RETURN_NONE;
}

static const struct csp_function methods[] = {
    { sock_errors, METH_NOARGS,
      "errors($self, /)\n--\n\n"
      "Return the entries of the error queue: errors, times and completions (MSG_ZEROCOPY) of\n"
      "sends. Never waits." },
    { CSP_KEYWORDS(sock_enable_timestamps),
      "enable_timestamps($self, /, sent=False)\n--\n\n"
      "Enable all timestamps that the kernel and the device can deliver, of received messages\n"
      "and, if sent is true, of sent ones, which errors() returns." },
    { NULL },
};

int csp_errors_setup(struct csp_state *state)
{
    return csp_add_methods(state->low_type, methods);
}
