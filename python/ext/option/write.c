/* Conversion of options from Python to the kernel: a value, a tuple or a dict of fields, bytes, or
 * text. */
#include "call.h"
#include "error.h"
#include "option/options.h"

#include <string.h>

/* Text is at most this much shorter than its bytes: "::1," makes a sockaddr_storage. */
#define TEXT_FACTOR 64
#define ITEM_SIZE 512

static int raise_core_error(const struct csp_packing *packing, int code,
                            const struct csk_error *error)
{
    csp_raise_info(packing->state, code, error);
    return -1;
}

/* Text for csk_option_set. */
static int pack_text(struct csp_packing *packing, PyObject *object)
{
    PyObject *encoded = PyUnicode_EncodeFSDefault(object);
    struct csk_error error = { 0, "" };
    int n;

    if (!encoded)
        return -1;
    if (strlen(PyBytes_AS_STRING(encoded)) != (size_t)PyBytes_GET_SIZE(encoded)) {
        Py_DECREF(encoded);
        return csp_option_refuse(packing, PyExc_ValueError, object);
    }
    if (packing->layout == csk_option_layout(packing->option, packing->direction))
        n = csk_option_parse(packing->option, packing->direction, PyBytes_AS_STRING(encoded),
                             packing->bytes, packing->size, &error);
    else /* one of the structs that the value ends with */
        n = csk_layout_parse(packing->layout, PyBytes_AS_STRING(encoded),
                             (size_t)PyBytes_GET_SIZE(encoded), packing->bytes, packing->size,
                             &error);
    Py_DECREF(encoded);
    if (n < 0)
        return raise_core_error(packing, n, &error);
    packing->count = (size_t)n;
    return 0;
}

/* The bytes of the struct, for example from struct.pack. */
static int pack_bytes(struct csp_packing *packing, PyObject *object)
{
    Py_buffer view;
    bool fits;

    if (csp_get_buffer(object, &view, PyBUF_SIMPLE) < 0)
        return -1;
    fits = (size_t)view.len <= packing->size &&
           ((size_t)view.len >= csk_layout_min_size(packing->layout) ||
            (view.len == 0 && (csk_option_flags(packing->option) & CSK_OPTION_LIST)));
    if (fits)
        memcpy(packing->bytes, view.buf, (size_t)view.len);
    else
        PyErr_Format(PyExc_ValueError, "%s takes %zu bytes, not %zd",
                     csk_option_name(packing->option), csk_layout_size(packing->layout), view.len);
    packing->count = (size_t)view.len;
    PyBuffer_Release(&view);
    return fits ? 0 : -1;
}

/* Whether a name is the field's: the result of csp_field_name, or the library's name. */
static bool is_field_name(PyObject *name, const struct csk_field *field)
{
    char text[CSP_FIELD_NAME_MAX];

    csp_field_name(field, text);
    return PyUnicode_CompareWithASCIIString(name, text) == 0 ||
           PyUnicode_CompareWithASCIIString(name, csk_field_name(field)) == 0;
}

static int find_field(const struct csk_layout *layout, PyObject *name)
{
    for (unsigned i = 0; PyUnicode_Check(name) && i < csk_layout_field_count(layout); i++)
        if (!csk_field_is_hidden(csk_layout_field(layout, i)) &&
            is_field_name(name, csk_layout_field(layout, i)))
            return (int)i;
    return -1;
}

/* The names of all fields (new). */
static PyObject *field_names(const struct csp_packing *packing)
{
    PyTypeObject *class = csp_struct_class(packing->state, packing->layout);
    PyObject *fields = class ? PyObject_GetAttrString((PyObject *)class, "_fields") : NULL;
    PyObject *comma = PyUnicode_FromString(", ");
    PyObject *text = fields && comma ? PyUnicode_Join(comma, fields) : NULL;

    Py_XDECREF(fields);
    Py_XDECREF(comma);
    return text;
}

static int refuse_fields(const struct csp_packing *packing, PyObject *stolen)
{
    PyObject *names = stolen ? field_names(packing) : NULL;

    if (names)
        PyErr_Format(PyExc_ValueError, "%s has the fields %U, not %S",
                     csk_option_name(packing->option), names, stolen);
    Py_XDECREF(names);
    Py_XDECREF(stolen);
    return -1;
}

/* Add a value, at the next offset that its layout permits. */
static int pack_next(struct csp_packing *packing, PyObject *object)
{
    struct csp_packing one = *packing;
    size_t align = csk_layout_align(packing->layout),
           padding = (align - packing->count % align) % align;

    if (padding > packing->size - packing->count)
        return raise_core_error(packing, CSK_ESPACE, NULL);
    memset(packing->bytes + packing->count, 0, padding);
    packing->count += padding;
    one.bytes = packing->bytes + packing->count;
    one.size = packing->size - packing->count;
    if (csp_option_pack(&one, object) < 0)
        return -1;
    packing->count += one.count;
    return 0;
}

/* The structs at the end of a struct.  They are set at once, since each of them must be passed to
 * find the place of the next one. */
static int pack_structs(struct csp_packing *packing, unsigned field, PyObject *items)
{
    struct csk_value value = { .kind = CSK_VALUE_BYTES };
    struct csp_packing all = *packing;
    struct csk_error error = { 0, "" };
    int n = 0;

    if (PyTuple_GET_SIZE(items) == 0)
        return 0;
    all.layout = csk_field_layout(csk_layout_field(packing->layout, field));
    all.count = 0;
    if (!(all.bytes = PyMem_Malloc(all.size))) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; n == 0 && i < PyTuple_GET_SIZE(items); i++)
        n = pack_next(&all, PyTuple_GET_ITEM(items, i));
    if (n == 0) {
        value.data = (const char *)all.bytes;
        value.size = all.count;
        n = csk_layout_set(packing->layout, field, 0, packing->bytes, packing->size,
                           &packing->count, &value, &error);
        if (n < 0)
            n = raise_core_error(packing, n, &error);
    }
    PyMem_Free(all.bytes);
    return n;
}

/* One field, or all items of an array. */
static int pack_values(struct csp_packing *packing, unsigned field, PyObject *object)
{
    const struct csk_field *f = csk_layout_field(packing->layout, field);
    PyObject *items;
    int n = 0;

    if (!(csk_field_flags(f) & CSK_FIELD_FLAG_TAIL) || csk_field_kind(f) == CSK_FIELD_BYTES ||
        csk_field_kind(f) == CSK_FIELD_SOCKADDRS)
        return csp_field_pack(packing, field, 0, object);
    /* A private tuple: an item's __index__ may change the list. */
    if (PyUnicode_Check(object) || !(items = PySequence_Tuple(object))) {
        PyErr_Clear();
        return csp_option_refuse(packing, PyExc_TypeError, object);
    }
    if (csk_field_kind(f) == CSK_FIELD_STRUCT)
        n = pack_structs(packing, field, items);
    else
        for (Py_ssize_t i = 0; n == 0 && i < PyTuple_GET_SIZE(items); i++)
            n = csp_field_pack(packing, field, (size_t)i, PyTuple_GET_ITEM(items, i));
    Py_DECREF(items);
    return n;
}

/* A field's value among those of a dict or a tuple (borrowed); NULL without an exception if it is
 * missing or None. */
static PyObject *find_value(const struct csk_layout *layout, PyObject *values, unsigned field)
{
    Py_ssize_t index = 0, at = 0;
    PyObject *name, *value;

    if (PyDict_Check(values)) {
        while (PyDict_Next(values, &at, &name, &value))
            if (PyUnicode_Check(name) && is_field_name(name, csk_layout_field(layout, field)))
                return value == Py_None ? NULL : value;
        return NULL;
    }
    for (unsigned i = 0; i < field; i++)
        index += !csk_field_is_hidden(csk_layout_field(layout, i));
    if (index >= PyTuple_GET_SIZE(values))
        return NULL;
    value = PyTuple_GET_ITEM(values, index);
    return value == Py_None ? NULL : value;
}

/* Check that every value has a field. */
static int check_fields(const struct csp_packing *packing, PyObject *values)
{
    Py_ssize_t field_count = 0, at = 0;
    PyObject *name, *value;

    if (PyDict_Check(values)) {
        while (PyDict_Next(values, &at, &name, &value))
            if (find_field(packing->layout, name) < 0)
                return refuse_fields(packing, PyObject_Repr(name));
        return 0;
    }
    for (unsigned i = 0; i < csk_layout_field_count(packing->layout); i++)
        field_count += !csk_field_is_hidden(csk_layout_field(packing->layout, i));
    if (PyTuple_GET_SIZE(values) <= field_count)
        return 0;
    return refuse_fields(packing, PyUnicode_FromFormat("%zd of them", PyTuple_GET_SIZE(values)));
}

static bool is_zero(const struct csp_packing *packing, unsigned field)
{
    struct csk_value value = { .kind = CSK_VALUE_NONE };
    char text[CSK_ADDR_TEXT_MAX];

    csk_layout_get(packing->layout, field, 0, packing->bytes, packing->count, &value, text);
    return value.kind == CSK_VALUE_INT && value.i == 0;
}

/* Fields without a name in the text form are required there, and therefore here.  "off" needs no
 * further fields. */
static int check_required(const struct csp_packing *packing, PyObject *values)
{
    for (unsigned i = 0; i < csk_layout_field_count(packing->layout); i++) {
        const struct csk_field *f = csk_layout_field(packing->layout, i);

        if (!(csk_field_flags(f) & CSK_FIELD_FLAG_POSITIONAL))
            continue;
        if (csk_field_flags(f) & CSK_FIELD_FLAG_OPTIONAL)
            return 0;
        if (!find_value(packing->layout, values, i)) {
            PyErr_Format(PyExc_ValueError, "%s needs its %s", csk_option_name(packing->option),
                         csk_field_name(f));
            return -1;
        }
        if (is_zero(packing, i))
            return 0;
    }
    return 0;
}

/* For a layout with variants, the one that the selector among the values specifies. */
static int choose_variant(struct csp_packing *packing, PyObject *values)
{
    const struct csk_layout *layout = packing->layout;
    PyObject *value;
    int n;

    if (csk_layout_selector(layout) < 0)
        return 0;
    value = find_value(layout, values, (unsigned)csk_layout_selector(layout));
    if (!value) {
        PyErr_Format(
            PyExc_ValueError, "%s needs its %s", csk_option_name(packing->option),
            csk_field_name(csk_layout_field(layout, (unsigned)csk_layout_selector(layout))));
        return -1;
    }
    Py_INCREF(value);
    n = csp_field_pack(packing, (unsigned)csk_layout_selector(layout), 0, value);
    Py_DECREF(value);
    if (n < 0)
        return -1;
    packing->layout = csk_layout_select(layout, packing->bytes, packing->count);
    return 0;
}

static int clear_fields(struct csp_packing *packing)
{
    if (csk_layout_size(packing->layout) > packing->size)
        return raise_core_error(packing, CSK_ESPACE, NULL);
    memset(packing->bytes, 0, csk_layout_size(packing->layout));
    packing->count = csk_layout_size(packing->layout);
    return 0;
}

/* values: a tuple, or a dict to which there is no other reference */
static int pack_fields(struct csp_packing *packing, PyObject *values)
{
    const struct csk_layout *layout;
    PyObject *value;
    int n;

    if (clear_fields(packing) < 0 || choose_variant(packing, values) < 0 ||
        clear_fields(packing) < 0 || check_fields(packing, values) < 0)
        return -1;
    layout = packing->layout;
    for (unsigned i = 0; i < csk_layout_field_count(layout); i++) {
        if (csk_field_is_hidden(csk_layout_field(layout, i)) ||
            !(value = find_value(layout, values, i)))
            continue;
        /* The dict belongs to the caller, and packing may run the caller's code. */
        Py_INCREF(value);
        n = pack_values(packing, i, value);
        Py_DECREF(value);
        if (n < 0)
            return -1;
    }
    return check_required(packing, values);
}

/* Not the dict itself: a value's own code may change it. */
static int pack_dict(struct csp_packing *packing, PyObject *dict)
{
    PyObject *copy = PyDict_Copy(dict);
    int n = copy ? pack_fields(packing, copy) : -1;

    Py_XDECREF(copy);
    return n;
}

/* A named tuple is converted by its names. */
static int pack_tuple(struct csp_packing *packing, PyObject *tuple)
{
    PyObject *dict;
    int n;

    if (PyTuple_CheckExact(tuple) || !PyObject_HasAttrString(tuple, "_asdict"))
        return pack_fields(packing, tuple);
    if (!(dict = PyObject_CallMethod(tuple, "_asdict", NULL)))
        return -1;
    n = PyDict_Check(dict) ? pack_dict(packing, dict)
                           : csp_option_refuse(packing, PyExc_TypeError, tuple);
    Py_DECREF(dict);
    return n;
}

/* The only required field or, if no field is required, the first, if its value alone is
 * sufficient. */
static const struct csk_field *sole_required_field(const struct csk_layout *layout)
{
    const struct csk_field *required = NULL, *first = NULL;

    for (unsigned i = 0; i < csk_layout_field_count(layout); i++) {
        const struct csk_field *f = csk_layout_field(layout, i);

        if (csk_field_is_hidden(f))
            continue;
        if (!first && (csk_field_flags(f) & CSK_FIELD_FLAG_POSITIONAL))
            first = f;
        if (csk_field_flags(f) & CSK_FIELD_FLAG_OPTIONAL)
            continue;
        if (required || !(csk_field_flags(f) & CSK_FIELD_FLAG_POSITIONAL))
            return NULL;
        required = f;
    }
    return required ? required : first;
}

static int pack_struct(struct csp_packing *packing, PyObject *object)
{
    const struct csk_field *required = sole_required_field(packing->layout);
    PyObject *values;
    int n;

    if (PyObject_CheckBuffer(object))
        return pack_bytes(packing, object);
    if (object == Py_None && csk_layout_min_size(packing->layout) == 0) {
        packing->count = 0;
        return 0;
    }
    if (PyTuple_Check(object))
        return pack_tuple(packing, object);
    if (PyDict_Check(object))
        return pack_dict(packing, object);
    if (PyList_Check(object))
        values = PyList_AsTuple(object);
    else if (object != Py_None && required)
        values = Py_BuildValue("{sO}", csk_field_name(required), object);
    else
        return csp_option_refuse(packing, PyExc_TypeError, object);
    n = values ? pack_fields(packing, values) : -1;
    Py_XDECREF(values);
    return n;
}

static int pack_plain(struct csp_packing *packing, PyObject *object)
{
    const struct csk_layout *layout = packing->layout;
    enum csk_field_kind kind = csk_layout_field_count(layout) > 0
                                   ? csk_field_kind(csk_layout_field(layout, 0))
                                   : CSK_FIELD_NONE;

    if (clear_fields(packing) < 0)
        return -1;
    if (csk_layout_field_count(layout) == 0) {
        if (object == Py_None)
            return 0;
        return csp_option_refuse(packing, PyExc_TypeError, object);
    }
    /* The bytes for the kernel, from any supported object. */
    if (kind != CSK_FIELD_BYTES && kind != CSK_FIELD_FILTER && kind != CSK_FIELD_TEXT &&
        kind != CSK_FIELD_LENGTH && PyObject_CheckBuffer(object))
        return pack_bytes(packing, object);
    return pack_values(packing, 0, object);
}

int csp_option_pack(struct csp_packing *packing, PyObject *object)
{
    const struct csk_layout *layout = packing->layout;
    bool plain = csk_layout_is_plain(layout);

    /* A plain string is the value itself; all other values have a text form. */
    if (PyUnicode_Check(object) && !(plain && csk_layout_field_count(layout) &&
                                     csk_field_kind(csk_layout_field(layout, 0)) == CSK_FIELD_TEXT))
        return pack_text(packing, object);
    return plain ? pack_plain(packing, object) : pack_struct(packing, object);
}

/* A list of values. */
static int pack_list(struct csp_packing *packing, PyObject *object)
{
    PyObject *items;
    int n = 0;

    if (PyUnicode_Check(object))
        return pack_text(packing, object);
    if (PyObject_CheckBuffer(object))
        return pack_bytes(packing, object);
    if (!PyList_Check(object) && !PyTuple_Check(object))
        return csp_option_refuse(packing, PyExc_TypeError, object);
    items = PySequence_Tuple(object);
    packing->count = 0;
    for (Py_ssize_t i = 0; items && n == 0 && i < PyTuple_GET_SIZE(items); i++) {
        n = pack_next(packing, PyTuple_GET_ITEM(items, i));
    }
    Py_XDECREF(items);
    return items ? n : -1;
}

int csp_option_pack_all(struct csp_packing *packing, PyObject *object)
{
    return csk_option_flags(packing->option) & CSK_OPTION_LIST ? pack_list(packing, object)
                                                               : csp_option_pack(packing, object);
}

static size_t size_estimate(PyObject *object, int depth);

/* The same for all items of a tuple, list or dict, regardless of concurrent changes. */
static size_t size_of_items(PyObject *object, int depth)
{
    PyObject *values = PyDict_Check(object) ? PyDict_Values(object) : Py_NewRef(object);
    PyObject *items = values ? PySequence_Tuple(values) : NULL;
    size_t size_needed = ITEM_SIZE;

    for (Py_ssize_t i = 0; items && i < PyTuple_GET_SIZE(items); i++)
        size_needed += size_estimate(PyTuple_GET_ITEM(items, i), depth + 1);
    PyErr_Clear();
    Py_XDECREF(values);
    Py_XDECREF(items);
    return size_needed;
}

/* Space that is certainly sufficient. */
static size_t size_estimate(PyObject *object, int depth)
{
    Py_ssize_t size = PyUnicode_Check(object) ? PyUnicode_GET_LENGTH(object) * TEXT_FACTOR : 0;

    if (PyObject_CheckBuffer(object) || PyUnicode_Check(object)) {
        size = size > 0 ? size : PyObject_Size(object);
        PyErr_Clear();
        return ITEM_SIZE + (size > 0 ? (size_t)size * 8 : 0);
    }
    if (depth <= 3 && (PyDict_Check(object) || PyTuple_Check(object) || PyList_Check(object)))
        return size_of_items(object, depth);
    return ITEM_SIZE;
}

static int set_bytes(struct csp_socket *sock, const struct csk_option *option,
                     const struct csp_packing *packing, PyObject *object)
{
    struct csk_error error = { 0, "" };
    int n;

    /* Joining a group waits for the kernel's lock of all interfaces; others may connect. */
    if (csk_option_flags(option) & CSK_OPTION_ACTION)
        CSP_CALL(
            n = csk_option_set_bytes(&sock->s, option, packing->bytes, packing->count, &error));
    else
        n = csk_option_set_bytes(&sock->s, option, packing->bytes, packing->count, &error);
    if (n < 0)
        csp_raise_option(sock->state, n, csk_option_name(option), object, &error);
    return n < 0 ? -1 : 0;
}

int csp_option_write(struct csp_socket *sock, const struct csk_option *option, PyObject *object)
{
    unsigned char inline_bytes[CSK_OPTION_SIZE];
    size_t size_needed = PyLong_Check(object) ? sizeof inline_bytes
                                              : size_estimate(object, 0) + CSK_OPTION_SIZE / 2;
    struct csp_packing packing = { .state = sock->state,
                                   .option = option,
                                   .direction = CSK_OPTION_SET,
                                   .layout = csk_option_layout(option, CSK_OPTION_SET),
                                   .bytes = inline_bytes,
                                   .size = sizeof inline_bytes };
    int n;

    if (size_needed > sizeof inline_bytes) {
        if (!(packing.bytes = PyMem_Malloc(size_needed))) {
            PyErr_NoMemory();
            return -1;
        }
        packing.size = size_needed;
    }
    n = csp_option_pack_all(&packing, object);
    if (n == 0)
        n = set_bytes(sock, option, &packing, object);
    if (packing.bytes != inline_bytes)
        PyMem_Free(packing.bytes);
    return n;
}
