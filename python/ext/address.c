/* Tuples into addresses and back, by walking the fields of the family: no family is named here.
 *
 * An address of two fields, a host that is numeric and a port, has a direct way in: it is what most
 * calls get, and the long way costs three times as much. */
#include "binding.h"

#include <arpa/inet.h>
#include <string.h>

/* The addresses that the direct way makes are no longer. */
#define DIRECT_MAX 32

/* The values of a tuple on their way into the core, and what keeps their text alive. */
struct values {
    struct csk_value value[CSK_ADDR_FIELDS_MAX];
    PyObject *keep[CSK_ADDR_FIELDS_MAX];
    Py_buffer view[CSK_ADDR_FIELDS_MAX];
    Py_ssize_t count;
};

static void release(struct values *v)
{
    for (Py_ssize_t i = 0; i < v->count; i++) {
        Py_XDECREF(v->keep[i]);
        if (v->view[i].obj)
            PyBuffer_Release(&v->view[i]);
    }
}

static int read_number(struct csk_value *value, PyObject *object)
{
    PyObject *index;
    bool too_large;

    if (csp_int64(object, &value->i, &too_large) < 0)
        return -1;
    value->kind = CSK_VALUE_INT;
    if (too_large && value->i > 0) {
        if (!(index = PyNumber_Index(object)))
            return -1;
        value->kind = CSK_VALUE_UINT;
        value->u = PyLong_AsUnsignedLongLong(index);
        Py_DECREF(index);
        /* What no field holds: the core says in its own words that it is out of range. */
        if (value->u == UINT64_MAX && PyErr_Occurred())
            PyErr_Clear();
    }
    return 0;
}

static int read_buffer(struct values *v, Py_ssize_t i, PyObject *object)
{
    struct csk_value *value = &v->value[i];

    if (PyObject_GetBuffer(object, &v->view[i], PyBUF_SIMPLE) < 0)
        return -1;
    value->kind = CSK_VALUE_BYTES;
    value->data = v->view[i].buf;
    value->size = (size_t)v->view[i].len;
    return 0;
}

/* A str in the file system's encoding, as names of files and interfaces are. */
static int read_text(struct values *v, Py_ssize_t i, PyObject *object)
{
    struct csk_value *value = &v->value[i];

    if (!PyUnicode_Check(object))
        return read_buffer(v, i, object);
    v->keep[i] = PyUnicode_EncodeFSDefault(object);
    if (!v->keep[i])
        return -1;
    value->kind = CSK_VALUE_TEXT;
    value->data = PyBytes_AS_STRING(v->keep[i]);
    value->size = (size_t)PyBytes_GET_SIZE(v->keep[i]);
    return 0;
}

static int read_path(struct values *v, Py_ssize_t i, PyObject *object)
{
    PyObject *path;
    int n;

    if (PyUnicode_Check(object) || PyObject_CheckBuffer(object) ||
        !PyObject_HasAttrString((PyObject *)Py_TYPE(object), "__fspath__"))
        return read_text(v, i, object);
    path = PyOS_FSPath(object);
    if (!path)
        return -1;
    n = read_text(v, i, path);
    /* A buffer keeps its own reference, and a str has been encoded. */
    Py_DECREF(path);
    return n;
}

static int read_host(struct values *v, Py_ssize_t i, PyObject *object)
{
    struct csk_value *value = &v->value[i];
    Py_ssize_t size;

    if (csp_host(object, false, &v->keep[i], &value->data, &size) < 0)
        return -1;
    value->kind = CSK_VALUE_TEXT;
    value->size = (size_t)size;
    return 0;
}

static int read_value(struct values *v, Py_ssize_t i, const struct csk_field *field,
                      PyObject *object)
{
    switch (field->kind) {
    case CSK_FIELD_UINT:
    case CSK_FIELD_NET:
    case CSK_FIELD_LE: return read_number(&v->value[i], object);
    case CSK_FIELD_HOST4:
    case CSK_FIELD_HOST6: return read_host(v, i, object);
    case CSK_FIELD_PATH: return read_path(v, i, object);
    case CSK_FIELD_BYTES:
        /* A short form may be a number. */
        return PyLong_Check(object) ? read_number(&v->value[i], object) : read_buffer(v, i, object);
    case CSK_FIELD_IFINDEX:
    case CSK_FIELD_CONTROL:
        return PyLong_Check(object) ? read_number(&v->value[i], object) : read_text(v, i, object);
    default: return read_text(v, i, object);
    }
}

static Py_ssize_t fields_needed(const struct csk_family *form)
{
    Py_ssize_t n = 0;

    while (n < (Py_ssize_t)form->field_count && !form->fields[n].optional)
        n++;
    return n;
}

/* "AF_INET6 address must be a tuple (host, port[, flowinfo[, scope_id]])" */
static void raise_count(const struct csk_family *form)
{
    char text[256];
    size_t used = 0;
    Py_ssize_t needed = fields_needed(form);
    Py_ssize_t count = (Py_ssize_t)form->field_count;

    text[0] = '\0';
    for (Py_ssize_t i = 0; i < count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", i < needed ? "" : "[",
                                 i ? ", " : "", form->fields[i].name);
    for (Py_ssize_t i = needed; i < count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "]");
    PyErr_Format(PyExc_TypeError, "%s address must be a %s (%s%s)", form->name,
                 needed == 2 && count == 2 ? "pair" : "tuple", text, count == 1 ? ", " : "");
}

static int read_tuple(struct values *v, const struct csk_family *form, PyObject *tuple)
{
    Py_ssize_t given = PyTuple_GET_SIZE(tuple);

    if (given > (Py_ssize_t)form->field_count || given < fields_needed(form)) {
        raise_count(form);
        return -1;
    }
    for (; v->count < given; v->count++) {
        v->keep[v->count] = NULL;
        v->view[v->count].obj = NULL;
        if (read_value(v, v->count, &form->fields[v->count], PyTuple_GET_ITEM(tuple, v->count)) <
            0) {
            Py_CLEAR(v->keep[v->count]);
            return -1;
        }
    }
    return 0;
}

static int read_strictly(struct values *v, const struct csk_family *form, PyObject *object,
                         const char *function)
{
    v->count = 0;
    if (PyTuple_Check(object) && !form->scalar_only)
        return read_tuple(v, form, object);
    if (!form->scalar_in) {
        PyErr_Format(PyExc_TypeError, "%s(): %s address must be tuple, not %.500s", function,
                     form->name, Py_TYPE(object)->tp_name);
        return -1;
    }
    v->keep[0] = NULL;
    v->view[0].obj = NULL;
    if (read_value(v, 0, &form->fields[0], object) < 0)
        return -1;
    v->count = 1;
    return 0;
}

static int read_object(struct values *v, const struct csk_family *form, PyObject *object,
                       const char *function)
{
    if (read_strictly(v, form, object, function) == 0)
        return 0;
    if (form->loose && (PyErr_ExceptionMatches(PyExc_TypeError) ||
                        (PyTuple_Check(object) && PyErr_ExceptionMatches(PyExc_UnicodeError)))) {
        PyErr_Clear();
        PyErr_Format(PyExc_OSError, "%s(): wrong format", function);
    }
    return -1;
}

static int long_way(struct csp_socket *self, const struct csk_family *form, PyObject *object,
                    struct csk_addr *addr, const char *function)
{
    struct csk_error error = { 0 };
    int family = self->s.family, proto = self->s.proto, n;
    struct values v;

    if (read_object(&v, form, object, function) < 0) {
        release(&v);
        return -1;
    }
    if (csk_addr_needs_resolver(family, proto, v.value, (size_t)v.count))
        CSP_CALL(n = csk_addr_resolve(addr, family, proto, v.value, (size_t)v.count, &error));
    else
        n = csk_addr_pack_for(&self->s, addr, v.value, (size_t)v.count, &error);
    release(&v);
    if (n < 0)
        csp_raise_in(self->state, n, &error, function);
    return n < 0 ? -1 : 0;
}

/* A number's field, if the number is one that needs no further thought. */
static inline bool put_number(struct csk_addr *addr, const struct csk_field *field, long number)
{
    unsigned char *at = addr->bytes + field->offset;
    bool net = field->kind == CSK_FIELD_NET;
    uint16_t two = (uint16_t)number;
    uint32_t four = (uint32_t)number;

    if (number < 0 || (field->max && (uint64_t)number > field->max))
        return false;
    if (field->size == sizeof two && number <= UINT16_MAX) {
        two = net ? htons(two) : two;
        memcpy(at, &two, sizeof two);
    } else if (field->size == sizeof four) {
        four = net ? htonl(four) : four;
        memcpy(at, &four, sizeof four);
    } else {
        return false;
    }
    return true;
}

/* (numeric host, number, ...): whether it was that, and addr is made.  Errors are the long way's.
 */
static bool direct_way(const struct csk_family *form, PyObject *tuple, struct csk_addr *addr)
{
    const struct csk_field *fields = form->fields;
    Py_ssize_t given = PyTuple_GET_SIZE(tuple);
    PyObject *host;
    long number;

    if (form->field_count < 2 ||
        (fields[0].kind != CSK_FIELD_HOST4 && fields[0].kind != CSK_FIELD_HOST6) || given < 2 ||
        given > (Py_ssize_t)form->field_count || form->max_len > DIRECT_MAX)
        return false;
    host = PyTuple_GET_ITEM(tuple, 0);
    memset(addr->bytes, 0, DIRECT_MAX);
    if (!PyUnicode_CheckExact(host) || !PyUnicode_IS_COMPACT_ASCII(host) ||
        csk_inet_pton_n(form->family, PyUnicode_DATA(host), (size_t)PyUnicode_GET_LENGTH(host),
                        addr->bytes + fields[0].offset) < 0)
        return false;
    for (Py_ssize_t i = 1; i < given; i++)
        if (!csp_small_int(PyTuple_GET_ITEM(tuple, i), &number) ||
            !put_number(addr, &fields[i], number))
            return false;
    addr->sa.sa_family = (sa_family_t)form->family;
    addr->len = form->max_len;
    return true;
}

int csp_address_from(struct csp_socket *self, PyObject *object, struct csk_addr *addr,
                     const char *function)
{
    addr->proto = self->s.proto;
    if (!self->form) {
        PyErr_Format(PyExc_OSError, "%s(): bad family", function);
        return -1;
    }
    if (PyTuple_CheckExact(object) && direct_way(self->form, object, addr))
        return 0;
    return long_way(self, self->form, object, addr, function);
}

PyObject *csp_ascii(const char *text, size_t size)
{
    PyObject *str = PyUnicode_New((Py_ssize_t)size, 127);

    if (str)
        memcpy(PyUnicode_1BYTE_DATA(str), text, size);
    return str;
}

static PyObject *write_value(const struct csk_value *value, const struct csk_field *field)
{
    switch (value->kind) {
    case CSK_VALUE_INT:
        return value->i == (long)value->i ? PyLong_FromLong((long)value->i)
                                          : PyLong_FromLongLong(value->i);
    case CSK_VALUE_UINT: return PyLong_FromUnsignedLongLong(value->u);
    case CSK_VALUE_BYTES: return PyBytes_FromStringAndSize(value->data, (Py_ssize_t)value->size);
    case CSK_VALUE_TEXT: break;
    default: Py_RETURN_NONE;
    }
    if (field->kind == CSK_FIELD_HOST4 || field->kind == CSK_FIELD_HOST6)
        return csp_ascii(value->data, value->size);
    return PyUnicode_DecodeFSDefaultAndSize(value->data, (Py_ssize_t)value->size);
}

static PyObject *write_tuple(const struct csk_field *fields, const struct csk_value *values, int n)
{
    PyObject *tuple = PyTuple_New(n), *item;

    for (int i = 0; tuple && i < n; i++) {
        if (!(item = write_value(&values[i], &fields[i])))
            Py_CLEAR(tuple);
        else
            PyTuple_SET_ITEM(tuple, i, item);
    }
    return tuple;
}

/* (family, bytes) for what the library cannot read. */
static PyObject *write_unknown(const struct csk_addr *addr)
{
    Py_ssize_t head = offsetof(struct sockaddr, sa_data);
    Py_ssize_t size = (Py_ssize_t)addr->len > head ? (Py_ssize_t)addr->len - head : 0;

    return Py_BuildValue("(iy#)", (int)addr->sa.sa_family, addr->bytes + head, size);
}

/* Apart, so that a call that gives no address need not make room for one. */
__attribute__((noinline)) static PyObject *write_address(const struct csp_socket *self,
                                                         const struct csk_addr *addr)
{
    const struct csk_family *form = self ? self->form : NULL;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    int n;

    n = csk_addr_unpack_for(self ? &self->s : NULL, addr, values, text);
    if (n < 0)
        return write_unknown(addr);
    if (!form || form->family != addr->sa.sa_family)
        form = csk_family_find(addr->sa.sa_family, addr->proto);
    if (!form)
        return write_unknown(addr);
    if (form->scalar_out && n == 1)
        return write_value(&values[0], &form->fields[0]);
    return write_tuple(form->fields, values, n);
}

PyObject *csp_address_to(const struct csp_socket *self, const struct csk_addr *addr)
{
    if (addr->len == 0)
        Py_RETURN_NONE;
    return write_address(self, addr);
}

/* Most messages come from the peer of the last one, and making the object costs more than the rest
 * of a recvfrom.  Only for families whose addresses mean the same forever: the names of interfaces
 * in others change.  Without a GIL two threads might take and replace it at once. */
PyObject *csp_peer_address(struct csp_socket *self, const struct csk_addr *addr)
{
    struct csp_peer *key = &self->peer_key;
    PyObject *address;

    if (CSP_FREE_THREADED || !self->queued || addr->len == 0 || addr->len > sizeof key->bytes)
        return csp_address_to(self, addr);
    if (self->peer && key->len == addr->len && memcmp(key->bytes, addr->bytes, addr->len) == 0)
        return Py_NewRef(self->peer);
    if (!(address = csp_address_to(self, addr)))
        return NULL;
    key->len = addr->len;
    memcpy(key->bytes, addr->bytes, addr->len);
    Py_XSETREF(self->peer, Py_NewRef(address));
    return address;
}
