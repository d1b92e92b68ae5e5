/* Options from the kernel to Python: numbers, seconds, texts, named tuples. */
#include "option/options.h"

#include <errno.h>
#include <string.h>

/* What is longer than any sockaddr, as text: a list of addresses. */
#define TEXT_MAX 16384

bool csp_layout_is_plain(const struct csk_optlayout *layout)
{
    return layout->count == 0 || (layout->count == 1 && layout->fields[0].name[0] == '\0');
}

bool csp_field_is_hidden(const struct csk_optfield *field)
{
    if (field->flags & (CSK_OPTF_COUNT | CSK_OPTF_LEN))
        return !(field->flags & CSK_OPTF_INPUT);
    return field->flags & CSK_OPTF_HIDDEN;
}

static PyObject *text_object(const struct csk_optfield *field, const struct csk_value *value)
{
    size_t size = value->size;
    const char *end;

    if (field->kind == CSK_OPT_TEXT && (end = memchr(value->data, '\0', size)))
        size = (size_t)(end - value->data);
    return PyUnicode_DecodeFSDefaultAndSize(value->data, (Py_ssize_t)size);
}

static PyObject *value_object(const struct csk_optfield *field, const struct csk_value *value)
{
    switch (value->kind) {
    case CSK_VALUE_INT:
        if (field->kind == CSK_OPT_BOOL)
            return PyBool_FromLong(value->i != 0);
        if (field->kind == CSK_OPT_TIME || field->kind == CSK_OPT_TIMEVAL)
            return PyFloat_FromDouble((double)value->i / 1e9);
        return PyLong_FromLongLong(value->i);
    case CSK_VALUE_UINT: return PyLong_FromUnsignedLongLong(value->u);
    case CSK_VALUE_TEXT: return text_object(field, value);
    case CSK_VALUE_BYTES: return PyBytes_FromStringAndSize(value->data, (Py_ssize_t)value->size);
    default: Py_RETURN_NONE;
    }
}

/* Addresses of their own lengths, as a tuple of texts. */
static PyObject *addresses_object(const struct csk_optlayout *layout, unsigned field,
                                  const unsigned char *bytes, size_t count)
{
    char *text = PyMem_Malloc(TEXT_MAX);
    PyObject *all, *list = NULL, *tuple = NULL;
    int size;

    if (!text)
        return PyErr_NoMemory();
    size = csk_optvalue_text(layout, field, 0, bytes, count, text, TEXT_MAX);
    if (size > TEXT_MAX - 1)
        size = TEXT_MAX - 1;
    all = PyUnicode_DecodeFSDefaultAndSize(text, size < 0 ? 0 : size);
    PyMem_Free(text);
    if (all && PyUnicode_GET_LENGTH(all) == 0)
        tuple = PyTuple_New(0);
    else if (all && (list = PyObject_CallMethod(all, "split", "s", ",")))
        tuple = PySequence_Tuple(list);
    Py_XDECREF(all);
    Py_XDECREF(list);
    return tuple;
}

static PyObject *one_object(const struct csk_optlayout *layout, unsigned field, size_t index,
                            const unsigned char *bytes, size_t count)
{
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_value value;

    csk_optvalue_get(layout, field, index, bytes, count, &value, text);
    return value_object(&layout->fields[field], &value);
}

static PyObject *list_object(struct csp_state *state, const struct csk_optlayout *layout,
                             const unsigned char *bytes, size_t count);

/* The structs that a struct ends with, as a tuple. */
static PyObject *structs_object(struct csp_state *state, const struct csk_optfield *f,
                                const unsigned char *bytes, size_t count)
{
    size_t begin = f->offset < count ? f->offset : count;
    PyObject *list = list_object(state, f->layout, bytes + begin, count - begin);
    PyObject *tuple = list ? PyList_AsTuple(list) : NULL;

    Py_XDECREF(list);
    return tuple;
}

/* A field's value; None where the bytes end before. */
static PyObject *field_object(struct csp_state *state, const struct csk_optlayout *layout,
                              unsigned field, const unsigned char *bytes, size_t count)
{
    const struct csk_optfield *f = &layout->fields[field];
    PyObject *tuple, *item;
    size_t many, i;

    if (f->kind == CSK_OPT_STRUCT)
        return structs_object(state, f, bytes, count);
    if (f->kind == CSK_OPT_SOCKADDRS)
        return addresses_object(layout, field, bytes, count);
    if (!(f->flags & CSK_OPTF_TAIL) || f->kind == CSK_OPT_BYTES)
        return one_object(layout, field, 0, bytes, count);
    many = csk_optvalue_count(layout, field, bytes, count);
    tuple = PyTuple_New((Py_ssize_t)many);
    for (i = 0; tuple && i < many; i++) {
        if ((item = one_object(layout, field, i, bytes, count)))
            PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, item);
        else
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *struct_object(struct csp_state *state, const struct csk_optlayout *layout,
                               const unsigned char *bytes, size_t count)
{
    PyTypeObject *class = csp_struct_class(state, layout);
    PyObject *tuple, *item;
    Py_ssize_t visible = 0;
    unsigned i;

    for (i = 0; i < layout->count; i++)
        visible += !csp_field_is_hidden(&layout->fields[i]);
    tuple = class ? PyTuple_New(visible) : NULL;
    for (i = 0, visible = 0; tuple && i < layout->count; i++) {
        if (csp_field_is_hidden(&layout->fields[i]))
            continue;
        if ((item = field_object(state, layout, i, bytes, count)))
            PyTuple_SET_ITEM(tuple, visible++, item);
        else
            Py_CLEAR(tuple);
    }
    return csp_named_tuple(class, tuple);
}

static PyObject *layout_object(struct csp_state *state, const struct csk_optlayout *layout,
                               const unsigned char *bytes, size_t count)
{
    layout = csk_optlayout_of(layout, bytes, count);
    /* No bytes where there may be none: there is no such header, or policy. */
    if (layout->count == 0 || (count == 0 && !csp_layout_is_plain(layout) && layout->min_size == 0))
        Py_RETURN_NONE;
    /* Some kernels write fewer bytes, or do not say how many: the rest is zero. */
    if (csp_layout_is_plain(layout))
        return field_object(state, layout, 0, bytes, count < layout->size ? layout->size : count);
    return struct_object(state, layout, bytes, count);
}

static PyObject *list_object(struct csp_state *state, const struct csk_optlayout *layout,
                             const unsigned char *bytes, size_t count)
{
    PyObject *list = PyList_New(0), *item;
    size_t at = 0, span;
    int n = 0;

    while (list && n == 0 && (span = csk_optlayout_span(layout, bytes + at, count - at)) > 0) {
        item = layout_object(state, layout, bytes + at, span);
        at += span;
        n = item ? PyList_Append(list, item) : -1;
        Py_XDECREF(item);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *bytes_object(struct csp_state *state, const struct csk_option *option,
                              const unsigned char *bytes, size_t count)
{
    return option->flags & CSK_OPTION_GET_LIST ? list_object(state, option->get, bytes, count)
                                               : layout_object(state, option->get, bytes, count);
}

/* Where a value is read to: room for most, or as much as the kernel asks for. */
struct reading {
    unsigned char usual[CSK_OPT_SIZE], *bytes;
    size_t size, count;
};

static int read_bytes(struct csp_socket *sock, const struct csk_option *option,
                      struct reading *reading, struct csk_error *error)
{
    size_t input = reading->count;
    int n = csk_getopt_bytes(&sock->s, option, reading->bytes, reading->size, &reading->count,
                             error);

    /* What there is to read may grow meanwhile. */
    while (n == CSK_ESPACE && reading->count > reading->size) {
        unsigned char *more = PyMem_Calloc(1, reading->count);

        if (!more) {
            PyErr_NoMemory();
            return CSK_EINTERRUPTED; /* an exception is set */
        }
        memcpy(more, reading->bytes, input);
        if (reading->bytes != reading->usual)
            PyMem_Free(reading->bytes);
        reading->bytes = more;
        reading->size = reading->count;
        reading->count = input;
        n = csk_getopt_bytes(&sock->s, option, reading->bytes, reading->size, &reading->count,
                             error);
    }
    return n;
}

/* What an option reads in the buffer before it answers. */
static int pack_input(struct csp_socket *sock, const struct csk_option *option,
                      struct reading *reading, PyObject *input)
{
    struct csp_packing packing = { .state = sock->state,
                                   .option = option,
                                   .direction = CSK_OPTION_GET,
                                   .layout = option->get,
                                   .bytes = reading->bytes,
                                   .size = reading->size };

    if (!input || input == Py_None)
        return 0;
    if (!(option->flags & CSK_OPTION_INPUT) && csp_layout_is_plain(option->get)) {
        PyErr_Format(PyExc_ValueError, "%s is read without input", option->name);
        return -1;
    }
    if (csp_option_pack(&packing, input) < 0)
        return -1;
    reading->count = packing.count;
    return 0;
}

/* What is of one length needs no more room than that. */
static size_t room_for(const struct csk_option *option)
{
    const struct csk_optlayout *layout = option->get;
    bool fixed = layout->size > 0 && layout->variant_count == 0 &&
                 !(option->flags & CSK_OPTION_GET_LIST) &&
                 !(layout->fields[layout->count - 1].flags & (CSK_OPTF_VARIABLE | CSK_OPTF_TAIL));

    return fixed ? layout->size : CSK_OPT_SIZE;
}

PyObject *csp_option_read(struct csp_socket *sock, const struct csk_option *option, PyObject *input)
{
    struct csk_error error = { 0, "" };
    struct reading reading;
    PyObject *value = NULL;
    int n;

    reading.bytes = reading.usual;
    reading.size = room_for(option);
    reading.count = 0;
    if (pack_input(sock, option, &reading, input) < 0)
        return NULL;
    if ((n = read_bytes(sock, option, &reading, &error)) < 0)
        csp_raise_option(sock->state, n, option->name, &error);
    else
        value = bytes_object(sock->state, option, reading.bytes, reading.count);
    if (reading.bytes != reading.usual)
        PyMem_Free(reading.bytes);
    return value;
}

int csp_option_answers(struct csp_socket *sock, const struct csk_option *option)
{
    unsigned char bytes[CSK_OPT_SIZE];
    size_t count = 0;
    int n = csk_getopt_bytes(&sock->s, option, bytes, room_for(option), &count, NULL);

    if (n == -EBADF || n == -ENOTSOCK) {
        csp_raise_option(sock->state, n, option->name, NULL);
        return -1;
    }
    return n == 0 || n == CSK_ESPACE;
}
