/* Conversion between tuples and addresses, by iterating over the fields of the family: no family is
 * named here.
 *
 * An address of a numeric host and a port has a fast path: most calls use one, and the other path
 * takes three times as long. */
#include "address.h"
#include "call.h"
#include "error.h"
#include "peers.h"
#include "socket/socket.h"
#include "value.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The values of a tuple for the core, and the owners of their memory. */
struct values {
    struct csk_value value[CSK_ADDR_FIELDS_MAX];
    struct csp_value_owner owner[CSK_ADDR_FIELDS_MAX];
    Py_ssize_t count;
};

static void release(struct values *v)
{
    for (Py_ssize_t i = 0; i < v->count; i++)
        csp_value_release(&v->owner[i]);
}

/* Add a value. */
static int read_value(struct values *v, const struct csk_field *field, PyObject *object)
{
    struct csp_value_owner *owner = &v->owner[v->count];
    int n;

    owner->object = NULL;
    owner->view.obj = NULL;
    n = csp_value_from(&v->value[v->count], owner, field, object, false);
    if (n == CSP_TOO_LARGE)
        n = csp_refuse_large(field, object);
    if (n == 0)
        v->count++;
    else
        csp_value_release(owner);
    return n == 0 ? 0 : -1;
}

/* The number of fields that have values. */
static Py_ssize_t field_count(const struct csk_layout *layout)
{
    const struct csk_field *field;
    Py_ssize_t n = 0;

    while ((field = csk_layout_field(layout, (size_t)n)) && !csk_field_is_hidden(field))
        n++;
    return n;
}

static bool is_optional(const struct csk_field *field)
{
    return csk_field_flags(field) & CSK_FIELD_FLAG_OPTIONAL;
}

/* The number of required fields among count. */
static Py_ssize_t required_count(const struct csk_layout *layout, Py_ssize_t count)
{
    Py_ssize_t n = 0;

    while (n < count && !is_optional(csk_layout_field(layout, (size_t)n)))
        n++;
    return n;
}

/* "AF_INET6 address must be a tuple (host, port[, flowinfo[, scope_id]])" */
static void raise_count(const struct csk_family *family, Py_ssize_t required, Py_ssize_t count)
{
    const struct csk_layout *layout = csk_family_layout(family);
    char text[256];
    size_t used = 0;

    text[0] = '\0';
    for (Py_ssize_t i = 0; i < count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", i < required ? "" : "[",
                                 i ? ", " : "",
                                 csk_field_name(csk_layout_field(layout, (size_t)i)));
    for (Py_ssize_t i = required; i < count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "]");
    PyErr_Format(PyExc_TypeError, "%s address must be a %s (%s%s)", csk_family_name(family),
                 required == 2 && count == 2 ? "pair" : "tuple", text, count == 1 ? ", " : "");
}

static int read_tuple(struct values *v, const struct csk_family *family, PyObject *tuple)
{
    const struct csk_layout *layout = csk_family_layout(family);
    Py_ssize_t given = PyTuple_GET_SIZE(tuple), count = field_count(layout);
    Py_ssize_t required = required_count(layout, count);

    if (given > count || given < required) {
        raise_count(family, required, count);
        return -1;
    }
    while (v->count < given)
        if (read_value(v, csk_layout_field(layout, (size_t)v->count),
                       PyTuple_GET_ITEM(tuple, v->count)) < 0)
            return -1;
    return 0;
}

static int read_checked(struct values *v, const struct csk_family *family, PyObject *object,
                        const char *function)
{
    unsigned flags = csk_family_flags(family);

    v->count = 0;
    if (PyTuple_Check(object) && !(flags & CSK_FAMILY_SCALAR_ONLY))
        return read_tuple(v, family, object);
    if (!(flags & CSK_FAMILY_SCALAR_IN)) {
        PyErr_Format(PyExc_TypeError, "%s(): %s address must be tuple, not %.500s", function,
                     csk_family_name(family), Py_TYPE(object)->tp_name);
        return -1;
    }
    if (read_value(v, csk_layout_field(csk_family_layout(family), 0), object) < 0)
        return csp_named("address");
    return 0;
}

static int read_object(struct values *v, const struct csk_family *family, PyObject *object,
                       const char *function)
{
    if (read_checked(v, family, object, function) == 0)
        return 0;
    if (csk_family_flags(family) & CSK_FAMILY_WRONG_FORMAT &&
        (PyErr_ExceptionMatches(PyExc_TypeError) ||
         (PyTuple_Check(object) && PyErr_ExceptionMatches(PyExc_UnicodeError)))) {
        PyErr_Clear();
        PyErr_Format(PyExc_OSError, "%s(): wrong format", function);
    }
    return -1;
}

/* The lookup of a name in an address, which cancel() ends.  The socket's own cancel would keep a
 * descriptor open.  There are few, so those of all sockets are in one list. */
struct csp_lookup {
    const struct csp_socket *of;
    struct csk_cancel cancel;
    struct csp_lookup *next;
};

/* The list, which is locked.  In a child process it may contain lookups of threads that do not
 * exist there, and whose stacks new threads use. */
static struct csp_lookup **lookups_of(struct csp_state *state)
{
    if (state->lookups_process != getpid()) {
        state->lookups_process = getpid();
        state->lookups = NULL;
    }
    return &state->lookups;
}

static void begin_lookup(struct csp_socket *self, struct csp_lookup *lookup)
{
    struct csp_state *state = self->state;
    struct csp_lookup **first;

    *lookup = (struct csp_lookup){ .of = self, .cancel = CSK_CANCEL_INIT };
    CSP_LOCKED(state->module);
    first = lookups_of(state);
    lookup->next = *first;
    *first = lookup;
    CSP_UNLOCKED();
    if (csp_is_cancelled(self))
        csk_cancel(&lookup->cancel);
}

static void end_lookup(struct csp_socket *self, struct csp_lookup *lookup)
{
    struct csp_lookup **at;

    CSP_LOCKED(self->state->module);
    at = lookups_of(self->state);
    while (*at && *at != lookup)
        at = &(*at)->next;
    if (*at) /* a signal handler may fork; its child must have none */
        *at = lookup->next;
    CSP_UNLOCKED();
    csk_cancel_close(&lookup->cancel);
}

void csp_cancel_lookups(struct csp_socket *self)
{
    CSP_LOCKED(self->state->module);
    for (struct csp_lookup *i = *lookups_of(self->state); i; i = i->next)
        if (i->of == self)
            csk_cancel(&i->cancel);
    CSP_UNLOCKED();
}

static int look_up(const struct csp_socket *self, const struct values *v, struct csk_addr *addr,
                   struct csk_cancel *cancel, struct csk_error *error)
{
    const struct csk_lookup_options options = { .on_interrupt = csp_on_interrupt,
                                                .deadline = self->s.deadline,
                                                .cancel = cancel };
    /* Scopes do not apply to non-blocking sockets. */
    struct csk_scope shield = { .shield = true };
    bool shielded = csp_scopes && csp_timeout_of(self) == 0 && csk_scope_push(&shield) == 0;
    int n;

    CSP_CALL(n = csk_addr_resolve(addr, self->s.family, self->s.proto, v->value, (size_t)v->count,
                                  &options, error));
    if (shielded)
        csk_scope_pop(&shield);
    return n;
}

static int resolve(struct csp_socket *self, const struct values *v, struct csk_addr *addr,
                   struct csk_error *error)
{
    struct csp_lookup lookup;
    int n;

    begin_lookup(self, &lookup);
    n = look_up(self, v, addr, &lookup.cancel, error);
    /* Without a thread for it, a lookup without a limit cannot be cancelled. */
    if (n == -EAGAIN && !csp_scopes)
        n = look_up(self, v, addr, NULL, error);
    end_lookup(self, &lookup);
    return n;
}

static int slow_path(struct csp_socket *self, PyObject *object, struct csk_addr *addr,
                     const char *function)
{
    struct csk_error error = { 0 };
    int family = self->s.family, proto = self->s.proto, n;
    struct values v;

    if (read_object(&v, self->family, object, function) < 0) {
        release(&v);
        return -1;
    }
    if (csk_addr_needs_resolver(family, proto, v.value, (size_t)v.count))
        n = resolve(self, &v, addr, &error);
    else
        n = csk_addr_pack_for(&self->s, addr, v.value, (size_t)v.count, &error);
    release(&v);
    if (n < 0)
        csp_raise_in(self->state, n, &error, function);
    return n < 0 ? -1 : 0;
}

/* The numbers after the host: a port, a flow label and a scope. */
#define CSP_NUMBERS_MAX 3

/* (numeric host, number, ...): whether it had this form, and addr is filled in.  Errors are left to
 * the slow path. */
static bool fast_path(const struct csk_family *family, PyObject *tuple, struct csk_addr *addr)
{
    Py_ssize_t given = PyTuple_GET_SIZE(tuple);
    int64_t numbers[CSP_NUMBERS_MAX];
    PyObject *host;
    long number;

    if (given < 2 || given > CSP_NUMBERS_MAX + 1)
        return false;
    host = PyTuple_GET_ITEM(tuple, 0);
    if (!PyUnicode_CheckExact(host) || !PyUnicode_IS_COMPACT_ASCII(host))
        return false;
    for (Py_ssize_t i = 1; i < given; i++) {
        if (!csp_small_int(PyTuple_GET_ITEM(tuple, i), &number))
            return false;
        numbers[i - 1] = number;
    }
    return csk_addr_pack_numeric(addr, family, PyUnicode_DATA(host),
                                 (size_t)PyUnicode_GET_LENGTH(host), numbers, (size_t)given - 1);
}

/* A reply is sent to the address object received with the request, which cannot have changed. */
static bool is_peer(const struct csp_socket *self, PyObject *object, struct csk_addr *addr)
{
    const struct csp_senders *senders = self->senders;
    const struct csp_peer *peer;

    if (!senders || !PyTuple_CheckExact(object))
        return false;
    peer = &senders->last;
    if (peer->object != object &&
        !(senders->others && (peer = csp_peers_find_object(senders->others, object))))
        return false;
    memcpy(addr->bytes, peer->bytes, sizeof peer->bytes); /* of a constant size, which is faster */
    addr->len = peer->len;
    return true;
}

int csp_address_from(struct csp_socket *self, PyObject *object, struct csk_addr *addr,
                     const char *function)
{
    addr->proto = self->s.proto;
    if (is_peer(self, object, addr))
        return 0;
    if (!self->family) {
        PyErr_Format(PyExc_OSError, "%s(): bad family", function);
        return -1;
    }
    if (PyTuple_CheckExact(object) && fast_path(self->family, object, addr))
        return 0;
    return slow_path(self, object, addr, function);
}

/* Most values are hosts and ports. */
static inline PyObject *value_object(const struct csk_value *value)
{
    if (value->kind == CSK_VALUE_TEXT)
        return csp_text_to(value->data, value->size);
    return value->kind == CSK_VALUE_INT && value->i == (long)value->i
               ? PyLong_FromLong((long)value->i)
               : csp_value_to(value, NULL);
}

static PyObject *write_tuple(const struct csk_value *values, int n)
{
    PyObject *tuple = PyTuple_New(n), *item;

    for (int i = 0; tuple && i < n; i++) {
        if (!(item = value_object(&values[i])))
            Py_CLEAR(tuple);
        else
            PyTuple_SET_ITEM(tuple, i, item);
    }
    return tuple;
}

/* (family, bytes) for an address that the library cannot convert. */
static PyObject *write_unknown(const struct csk_addr *addr)
{
    Py_ssize_t head = offsetof(struct sockaddr, sa_data);
    Py_ssize_t size = (Py_ssize_t)addr->len > head ? (Py_ssize_t)addr->len - head : 0;

    return Py_BuildValue("(iy#)", (int)addr->sa.sa_family, addr->bytes + head, size);
}

PyObject *csp_address_to_slow(const struct csp_socket *self, const struct csk_addr *addr)
{
    const struct csk_family *family = self ? self->family : NULL;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    int n;

    n = csk_addr_unpack_for(self ? &self->s : NULL, addr, values, text);
    if (n < 0)
        return write_unknown(addr);
    if (!family || self->s.family != addr->sa.sa_family)
        family = csk_family_find(addr->sa.sa_family, addr->proto);
    if (!family)
        return write_unknown(addr);
    if (n == 1 && csk_family_flags(family) & CSK_FAMILY_SCALAR_OUT)
        return value_object(&values[0]);
    return write_tuple(values, n);
}

/* Keep an address and its object.  Without memory, the object is not kept. */
static void keep_peer(struct csp_socket *self, const struct csk_addr *addr, PyObject *object)
{
    struct csp_senders *senders = self->senders;

    if (!senders && !(self->senders = senders = PyMem_Calloc(1, sizeof *senders)))
        return;
    Py_XDECREF(senders->last.object);
    csp_peer_set(&senders->last, addr, Py_NewRef(object));
    if (senders->others)
        csp_peers_keep(senders->others, addr, object);
}

/* Most messages come from the peer of the last one, and creating the object takes longer than the
 * rest of a recvfrom.  Only for families whose addresses never change their meaning: names of
 * interfaces in others change.  Without a GIL two threads might read and replace it at once. */
PyObject *csp_peer_address_slow(struct csp_socket *self, const struct csk_addr *addr)
{
    const struct csp_senders *senders = self->senders;
    const struct csp_peer *peer;
    PyObject *address;

    if (CSP_FREE_THREADED || !self->queued || addr->len > sizeof peer->bytes)
        return csp_address_to(self, addr);
    if (senders && csp_peer_is(&senders->last, addr))
        return Py_NewRef(senders->last.object);
    if (senders && senders->others && (peer = csp_peers_find(senders->others, addr)))
        return Py_NewRef(peer->object);
    if ((address = csp_address_to(self, addr)))
        keep_peer(self, addr, address);
    return address;
}

void csp_free_peer(struct csp_socket *self)
{
    struct csp_senders *senders = self->senders;

    self->senders = NULL;
    if (!senders)
        return;
    Py_XDECREF(senders->last.object);
    csp_peers_free(senders->others);
    PyMem_Free(senders);
}

/* Errors */

/* Whether the error concerns the address.  An attempt in progress is not a failure, and event loops
 * make many of them; a closed socket is not an error of the address. */
static bool is_about_address(int64_t code)
{
    int kind = csk_error_kind((int)code);

    return kind == CSK_KIND_TIMEOUT ||
           (kind == CSK_KIND_SYSTEM && code != -EINPROGRESS && code != -EALREADY &&
            code != -EAGAIN && code != -EWOULDBLOCK && code != -ENOMEM && code != -EBADF);
}

/* Message, arguments and errno of the exception remain those that programs expect
 * (python/cpython#115068). */
PyObject *csp_raise_about(const struct csp_socket *self, int64_t code, const struct csk_addr *addr)
{
    PyObject *exception, *address;
    struct csp_saved_exception saved;

    csp_raise(self->state, code);
    if (!is_about_address(code))
        return NULL;
    csp_save_exception(&saved);
    exception = csp_saved_value(&saved);
    /* Not the caller's object, which may not be a tuple of plain values that can be pickled. */
    address = csp_address_to(self, addr);
    if (address)
        PyObject_SetAttr(exception, self->state->str_address, address);
    Py_XDECREF(address);
    PyErr_Clear();
    csp_restore_exception(&saved);
    return NULL;
}
