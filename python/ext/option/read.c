/* Conversion of options from the kernel to Python: numbers, seconds, strings, named tuples. */
#include "error.h"
#include "option/options.h"

#include <errno.h>
#include <string.h>

/* The text of a value that is longer than any sockaddr: a list of addresses. */
#define TEXT_MAX 16384

/* Addresses of different lengths, as a tuple of strings. */
static PyObject *addresses_object(const struct csk_layout *layout, unsigned field,
                                  const unsigned char *bytes, size_t count)
{
    char *text = PyMem_Malloc(TEXT_MAX);
    PyObject *all, *list = NULL, *tuple = NULL;
    int size;

    if (!text)
        return PyErr_NoMemory();
    size = csk_layout_format_field(layout, field, 0, bytes, count, text, TEXT_MAX);
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

/* {name: number} of a field's values (new). */
static PyObject *field_names(const struct csk_field *f)
{
    bool is_signed = csk_field_kind(f) == CSK_FIELD_INT;
    PyObject *names = PyDict_New(), *number;
    const char *name;
    uint64_t value;
    int n = 0;

    for (size_t i = 0; names && n == 0 && (name = csk_field_value_name(f, i, &value)); i++) {
        number = is_signed ? PyLong_FromLongLong((long long)value)
                           : PyLong_FromUnsignedLongLong(value);
        n = number ? PyDict_SetItemString(names, name, number) : -1;
        Py_XDECREF(number);
    }
    if (n < 0)
        Py_CLEAR(names);
    return names;
}

/* The enum of a field's values, or None; csocket.values makes it (new). */
static PyObject *make_enum(const struct csk_field *f)
{
    PyObject *is_flag = csk_field_flags(f) & CSK_FIELD_FLAG_BITMASK ? Py_True : Py_False;
    PyObject *module = PyImport_ImportModule("csocket.values");
    PyObject *names = module ? field_names(f) : NULL;
    PyObject *kind = names ? PyObject_CallMethod(module, "_enum_of", "OO", names, is_flag) : NULL;

    Py_XDECREF(module);
    Py_XDECREF(names);
    return kind;
}

/* The same, made once for each field (borrowed). */
static PyObject *field_enum(struct csp_state *state, const struct csk_field *f)
{
    PyObject *key = PyLong_FromVoidPtr((void *)f), *kind = NULL, *fresh;

    if (key && !(kind = PyDict_GetItemWithError(state->option_structs, key)) && !PyErr_Occurred() &&
        (fresh = make_enum(f))) {
        kind = PyDict_SetDefault(state->option_structs, key, fresh);
        Py_DECREF(fresh);
    }
    Py_XDECREF(key);
    return kind;
}

/* The enum member for a number, or the number (stolen; new). */
static PyObject *named_number(struct csp_state *state, const struct csk_field *f, PyObject *number)
{
    PyObject *kind, *member;

    if (!number || !PyLong_CheckExact(number) || !csk_field_value_name(f, 0, NULL) ||
        !(csk_field_kind(f) == CSK_FIELD_INT || csk_field_kind(f) == CSK_FIELD_UINT))
        return number;
    if (!(kind = field_enum(state, f))) {
        Py_DECREF(number);
        return NULL;
    }
    if (kind == Py_None)
        return number;
    member = PyObject_CallFunctionObjArgs(kind, number, NULL);
    if (!member && PyErr_ExceptionMatches(PyExc_ValueError)) { /* a newer kernel's */
        PyErr_Clear();
        return number;
    }
    Py_DECREF(number);
    return member;
}

static PyObject *value_object(struct csp_state *state, const struct csk_layout *layout,
                              unsigned field, size_t index, const unsigned char *bytes,
                              size_t count)
{
    const struct csk_field *f = csk_layout_field(layout, field);
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_value value;

    csk_layout_get(layout, field, index, bytes, count, &value, text);
    return named_number(state, f, csp_value_to(&value, f));
}

static PyObject *list_object(struct csp_state *state, const struct csk_layout *layout,
                             const unsigned char *bytes, size_t count);

/* The structs at the end of a struct, as a tuple. */
static PyObject *structs_object(struct csp_state *state, const struct csk_field *f,
                                const unsigned char *bytes, size_t count)
{
    size_t begin = csk_field_offset(f) < count ? csk_field_offset(f) : count;
    PyObject *list = list_object(state, csk_field_layout(f), bytes + begin, count - begin);
    PyObject *tuple = list ? PyList_AsTuple(list) : NULL;

    Py_XDECREF(list);
    return tuple;
}

/* The value of a field; None if the bytes end before it. */
static PyObject *field_object(struct csp_state *state, const struct csk_layout *layout,
                              unsigned field, const unsigned char *bytes, size_t count)
{
    const struct csk_field *f = csk_layout_field(layout, field);
    PyObject *tuple, *item;
    size_t value_count, i;

    if (csk_field_kind(f) == CSK_FIELD_STRUCT)
        return structs_object(state, f, bytes, count);
    if (csk_field_kind(f) == CSK_FIELD_SOCKADDRS)
        return addresses_object(layout, field, bytes, count);
    if (!(csk_field_flags(f) & CSK_FIELD_FLAG_TAIL) || csk_field_kind(f) == CSK_FIELD_BYTES)
        return value_object(state, layout, field, 0, bytes, count);
    value_count = csk_layout_value_count(layout, field, bytes, count);
    tuple = PyTuple_New((Py_ssize_t)value_count);
    for (i = 0; tuple && i < value_count; i++) {
        if ((item = value_object(state, layout, field, i, bytes, count)))
            PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, item);
        else
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *struct_object(struct csp_state *state, const struct csk_layout *layout,
                               const unsigned char *bytes, size_t count)
{
    PyTypeObject *class = csp_struct_class(state, layout);
    PyObject *tuple, *item;
    Py_ssize_t field_count = 0;
    unsigned i;

    for (i = 0; i < csk_layout_field_count(layout); i++)
        field_count += !csk_field_is_hidden(csk_layout_field(layout, i));
    tuple = class ? PyTuple_New(field_count) : NULL;
    for (i = 0, field_count = 0; tuple && i < csk_layout_field_count(layout); i++) {
        if (csk_field_is_hidden(csk_layout_field(layout, i)))
            continue;
        if ((item = field_object(state, layout, i, bytes, count)))
            PyTuple_SET_ITEM(tuple, field_count++, item);
        else
            Py_CLEAR(tuple);
    }
    return csp_named_tuple(class, tuple);
}

static PyObject *layout_object(struct csp_state *state, const struct csk_layout *layout,
                               const unsigned char *bytes, size_t count)
{
    layout = csk_layout_select(layout, bytes, count);
    /* An empty value, if the option permits it: there is no such header or policy. */
    if (csk_layout_field_count(layout) == 0 ||
        (count == 0 && !csk_layout_is_plain(layout) && csk_layout_min_size(layout) == 0))
        Py_RETURN_NONE;
    /* Some kernels write fewer bytes, or do not report the number: the rest is zero. */
    if (csk_layout_is_plain(layout))
        return field_object(state, layout, 0, bytes,
                            count < csk_layout_size(layout) ? csk_layout_size(layout) : count);
    return struct_object(state, layout, bytes, count);
}

static PyObject *list_object(struct csp_state *state, const struct csk_layout *layout,
                             const unsigned char *bytes, size_t count)
{
    PyObject *list = PyList_New(0), *item;
    size_t at = 0, span;
    int n = 0;

    while (list && n == 0 && (span = csk_layout_span(layout, bytes + at, count - at)) > 0) {
        item = layout_object(state, layout, bytes + at, span);
        at += span;
        n = item ? PyList_Append(list, item) : -1;
        Py_XDECREF(item);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

PyObject *csp_option_bytes_to(struct csp_state *state, const struct csk_option *option,
                              const unsigned char *bytes, size_t count)
{
    return csk_option_flags(option) & CSK_OPTION_GET_LIST
               ? list_object(state, csk_option_layout(option, CSK_OPTION_GET), bytes, count)
               : layout_object(state, csk_option_layout(option, CSK_OPTION_GET), bytes, count);
}

/* The buffer for a value: enough for most, or as large as the kernel requires. */
struct reading {
    unsigned char inline_bytes[CSK_OPTION_SIZE], *bytes;
    size_t size, count;
};

static int read_bytes(struct csp_socket *sock, const struct csk_option *option,
                      struct reading *reading, struct csk_error *error)
{
    size_t input = reading->count;
    int n = csk_option_get_bytes(&sock->s, option, reading->bytes, reading->size, &reading->count,
                                 error);

    /* The value may grow meanwhile. */
    while (n == CSK_ESPACE && reading->count > reading->size) {
        unsigned char *larger = PyMem_Calloc(1, reading->count);

        if (!larger) {
            PyErr_NoMemory();
            return CSK_EINTERRUPTED; /* an exception is set */
        }
        memcpy(larger, reading->bytes, input);
        if (reading->bytes != reading->inline_bytes)
            PyMem_Free(reading->bytes);
        reading->bytes = larger;
        reading->size = reading->count;
        reading->count = input;
        n = csk_option_get_bytes(&sock->s, option, reading->bytes, reading->size, &reading->count,
                                 error);
    }
    return n;
}

/* The input of an option, in the buffer for its value. */
static int pack_input(struct csp_socket *sock, const struct csk_option *option,
                      struct reading *reading, PyObject *input)
{
    struct csp_packing packing = { .state = sock->state,
                                   .option = option,
                                   .direction = CSK_OPTION_GET,
                                   .layout = csk_option_layout(option, CSK_OPTION_GET),
                                   .bytes = reading->bytes,
                                   .size = reading->size };

    if (!input || input == Py_None)
        return 0;
    if (!(csk_option_flags(option) & CSK_OPTION_INPUT) &&
        csk_layout_is_plain(csk_option_layout(option, CSK_OPTION_GET))) {
        PyErr_Format(PyExc_ValueError, "%s is read without input", csk_option_name(option));
        return -1;
    }
    if (csp_option_pack(&packing, input) < 0)
        return -1;
    reading->count = packing.count;
    return 0;
}

/* A value of fixed length needs no more space. */
static size_t initial_size(const struct csk_option *option)
{
    const struct csk_layout *layout = csk_option_layout(option, CSK_OPTION_GET);
    bool fixed = csk_layout_size(layout) > 0 && !csk_layout_variant(layout, 0) &&
                 !(csk_option_flags(option) & CSK_OPTION_GET_LIST) &&
                 !(csk_field_flags(csk_layout_field(layout, csk_layout_field_count(layout) - 1)) &
                   (CSK_FIELD_FLAG_VARIABLE | CSK_FIELD_FLAG_TAIL));

    return fixed ? csk_layout_size(layout) : CSK_OPTION_SIZE;
}

PyObject *csp_option_read(struct csp_socket *sock, const struct csk_option *option, PyObject *input)
{
    struct csk_error error = { 0, "" };
    struct reading reading;
    PyObject *value = NULL;
    int n;

    reading.bytes = reading.inline_bytes;
    reading.size = initial_size(option);
    reading.count = 0;
    if (pack_input(sock, option, &reading, input) < 0)
        return NULL;
    if ((n = read_bytes(sock, option, &reading, &error)) < 0)
        csp_raise_option(sock->state, n, csk_option_name(option), NULL, &error);
    else
        value = csp_option_bytes_to(sock->state, option, reading.bytes, reading.count);
    if (reading.bytes != reading.inline_bytes)
        PyMem_Free(reading.bytes);
    return value;
}

int csp_option_is_supported(struct csp_socket *sock, const struct csk_option *option)
{
    unsigned char bytes[CSK_OPTION_SIZE];
    size_t count = 0;
    int n = csk_option_get_bytes(&sock->s, option, bytes, initial_size(option), &count, NULL);

    if (n == -EBADF || n == -ENOTSOCK) {
        csp_raise_option(sock->state, n, csk_option_name(option), NULL, NULL);
        return -1;
    }
    return n == 0 || n == CSK_ESPACE;
}
