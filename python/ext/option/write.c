/* Options from Python to the kernel: a value, a tuple or a dict of fields, bytes, or text. */
#include "option/options.h"

#include <string.h>

/* Text is at most this much shorter than its bytes: "::1," makes a sockaddr_storage. */
#define TEXT_FACTOR 64
#define ITEM_SIZE 512

static int raise_found(const struct csp_packing *packing, int code, const struct csk_error *error)
{
    csp_raise_info(packing->state, code, error);
    return -1;
}

/* csk_setopt's text. */
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
    n = csk_option_parse(packing->option, packing->direction, PyBytes_AS_STRING(encoded),
                         packing->bytes, packing->size, &error);
    Py_DECREF(encoded);
    if (n < 0)
        return raise_found(packing, n, &error);
    packing->count = (size_t)n;
    return 0;
}

/* The struct itself, as struct.pack makes it. */
static int pack_bytes(struct csp_packing *packing, PyObject *object)
{
    Py_buffer view;
    bool fits;

    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0)
        return -1;
    fits = (size_t)view.len <= packing->size &&
           ((size_t)view.len >= packing->layout->min_size ||
            (view.len == 0 && (packing->option->flags & CSK_OPTION_LIST)));
    if (fits)
        memcpy(packing->bytes, view.buf, (size_t)view.len);
    else
        PyErr_Format(PyExc_ValueError, "%s takes %u bytes, not %zd", packing->option->name,
                     packing->layout->size, view.len);
    packing->count = (size_t)view.len;
    PyBuffer_Release(&view);
    return fits ? 0 : -1;
}

/* Whether a name is the field's: as csp_field_name makes it, or as the library has it. */
static bool names_field(PyObject *name, const struct csk_optfield *field)
{
    char text[CSP_FIELD_NAME_MAX];

    csp_field_name(field, text);
    return PyUnicode_CompareWithASCIIString(name, text) == 0 ||
           PyUnicode_CompareWithASCIIString(name, field->name) == 0;
}

static int field_named(const struct csk_optlayout *layout, PyObject *name)
{
    for (unsigned i = 0; PyUnicode_Check(name) && i < layout->count; i++)
        if (!csp_field_is_hidden(&layout->fields[i]) && names_field(name, &layout->fields[i]))
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
        PyErr_Format(PyExc_ValueError, "%s has the fields %U, not %S", packing->option->name, names,
                     stolen);
    Py_XDECREF(names);
    Py_XDECREF(stolen);
    return -1;
}

/* One of the structs that a struct ends with; a text is left to the library. */
static int pack_one(struct csp_packing *packing, unsigned field, size_t index, PyObject *object)
{
    const struct csk_optfield *f = &packing->layout->fields[field];
    struct csk_value value = { .kind = CSK_VALUE_BYTES };
    struct csp_packing one = *packing;
    struct csk_error error = { 0, "" };
    int n;

    if (f->kind != CSK_OPT_STRUCT || PyUnicode_Check(object))
        return csp_field_pack(packing, field, index, object);
    one.layout = f->layout;
    if (!(one.bytes = PyMem_Malloc(one.size))) {
        PyErr_NoMemory();
        return -1;
    }
    n = csp_option_pack(&one, object);
    if (n == 0) {
        value.data = (const char *)one.bytes;
        value.size = one.count;
        n = csk_optvalue_set(packing->layout, field, index, packing->bytes, packing->size,
                             &packing->count, &value, &error);
        if (n < 0)
            n = raise_found(packing, n, &error);
    }
    PyMem_Free(one.bytes);
    return n;
}

/* One field or, of one that there are many of, all. */
static int pack_values(struct csp_packing *packing, unsigned field, PyObject *object)
{
    const struct csk_optfield *f = &packing->layout->fields[field];
    PyObject *items;
    int n = 0;

    if (!(f->flags & CSK_OPTF_TAIL) || f->kind == CSK_OPT_BYTES || f->kind == CSK_OPT_SOCKADDRS)
        return csp_field_pack(packing, field, 0, object);
    /* A tuple of our own: what an item's __index__ does to the list must not matter. */
    if (PyUnicode_Check(object) || !(items = PySequence_Tuple(object))) {
        PyErr_Clear();
        return csp_option_refuse(packing, PyExc_TypeError, object);
    }
    for (Py_ssize_t i = 0; n == 0 && i < PyTuple_GET_SIZE(items); i++)
        n = pack_one(packing, field, (size_t)i, PyTuple_GET_ITEM(items, i));
    Py_DECREF(items);
    return n;
}

/* A field's value in what has been given, by name or by place; NULL without an exception where
 * there is none, or None (borrowed). */
static PyObject *given_value(const struct csk_optlayout *layout, PyObject *given, unsigned field)
{
    Py_ssize_t place = 0, at = 0;
    PyObject *name, *value;

    if (PyDict_Check(given)) {
        while (PyDict_Next(given, &at, &name, &value))
            if (PyUnicode_Check(name) && names_field(name, &layout->fields[field]))
                return value == Py_None ? NULL : value;
        return NULL;
    }
    for (unsigned i = 0; i < field; i++)
        place += !csp_field_is_hidden(&layout->fields[i]);
    if (place >= PyTuple_GET_SIZE(given))
        return NULL;
    value = PyTuple_GET_ITEM(given, place);
    return value == Py_None ? NULL : value;
}

/* Whatever has been given has a field. */
static int check_fields(const struct csp_packing *packing, PyObject *given)
{
    Py_ssize_t places = 0, at = 0;
    PyObject *name, *value;

    if (PyDict_Check(given)) {
        while (PyDict_Next(given, &at, &name, &value))
            if (field_named(packing->layout, name) < 0)
                return refuse_fields(packing, PyObject_Repr(name));
        return 0;
    }
    for (unsigned i = 0; i < packing->layout->count; i++)
        places += !csp_field_is_hidden(&packing->layout->fields[i]);
    if (PyTuple_GET_SIZE(given) <= places)
        return 0;
    return refuse_fields(packing, PyUnicode_FromFormat("%zd of them", PyTuple_GET_SIZE(given)));
}

static bool is_zero(const struct csp_packing *packing, unsigned field)
{
    struct csk_value value = { .kind = CSK_VALUE_NONE };
    char text[CSK_ADDR_TEXT_MAX];

    csk_optvalue_get(packing->layout, field, 0, packing->bytes, packing->count, &value, text);
    return value.kind == CSK_VALUE_INT && value.i == 0;
}

/* The text form cannot do without the fields that have no name in it; nor can this.  What is off
 * needs no more of them. */
static int check_given(const struct csp_packing *packing, PyObject *given)
{
    for (unsigned i = 0; i < packing->layout->count; i++) {
        const struct csk_optfield *f = &packing->layout->fields[i];

        if (!(f->flags & CSK_OPTF_POS))
            continue;
        if (f->flags & CSK_OPTF_OPTIONAL)
            return 0;
        if (!given_value(packing->layout, given, i)) {
            PyErr_Format(PyExc_ValueError, "%s needs its %s", packing->option->name, f->name);
            return -1;
        }
        if (is_zero(packing, i))
            return 0;
    }
    return 0;
}

/* Of a layout with variants, the one that the given selector asks for. */
static int choose_variant(struct csp_packing *packing, PyObject *given)
{
    const struct csk_optlayout *layout = packing->layout;
    PyObject *value;
    int n;

    if (layout->selector < 0)
        return 0;
    value = given_value(layout, given, (unsigned)layout->selector);
    if (!value) {
        PyErr_Format(PyExc_ValueError, "%s needs its %s", packing->option->name,
                     layout->fields[layout->selector].name);
        return -1;
    }
    Py_INCREF(value);
    n = csp_field_pack(packing, (unsigned)layout->selector, 0, value);
    Py_DECREF(value);
    if (n < 0)
        return -1;
    packing->layout = csk_optlayout_of(layout, packing->bytes, packing->count);
    return 0;
}

static int begin(struct csp_packing *packing)
{
    if (packing->layout->size > packing->size)
        return raise_found(packing, CSK_ESPACE, NULL);
    memset(packing->bytes, 0, packing->layout->size);
    packing->count = packing->layout->size;
    return 0;
}

/* given: a tuple, or a dict that nobody else has */
static int pack_fields(struct csp_packing *packing, PyObject *given)
{
    const struct csk_optlayout *layout;
    PyObject *value;
    int n;

    if (begin(packing) < 0 || choose_variant(packing, given) < 0 || begin(packing) < 0 ||
        check_fields(packing, given) < 0)
        return -1;
    layout = packing->layout;
    for (unsigned i = 0; i < layout->count; i++) {
        if (csp_field_is_hidden(&layout->fields[i]) || !(value = given_value(layout, given, i)))
            continue;
        /* The dict is the caller's, and packing may run code of theirs. */
        Py_INCREF(value);
        n = pack_values(packing, i, value);
        Py_DECREF(value);
        if (n < 0)
            return -1;
    }
    return check_given(packing, given);
}

/* Not the dict itself: a value's own code may change it. */
static int pack_dict(struct csp_packing *packing, PyObject *dict)
{
    PyObject *copy = PyDict_Copy(dict);
    int n = copy ? pack_fields(packing, copy) : -1;

    Py_XDECREF(copy);
    return n;
}

/* A tuple with names of its own is taken by them. */
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

/* The one field that must be given or, where none must, the first; if its value alone says all. */
static const struct csk_optfield *needed_field(const struct csk_optlayout *layout)
{
    const struct csk_optfield *needed = NULL, *first = NULL;

    for (unsigned i = 0; i < layout->count; i++) {
        const struct csk_optfield *f = &layout->fields[i];

        if (csp_field_is_hidden(f))
            continue;
        if (!first && (f->flags & CSK_OPTF_POS))
            first = f;
        if (f->flags & CSK_OPTF_OPTIONAL)
            continue;
        if (needed || !(f->flags & CSK_OPTF_POS))
            return NULL;
        needed = f;
    }
    return needed ? needed : first;
}

static int pack_struct(struct csp_packing *packing, PyObject *object)
{
    const struct csk_optfield *needed = needed_field(packing->layout);
    PyObject *given;
    int n;

    if (PyObject_CheckBuffer(object))
        return pack_bytes(packing, object);
    if (object == Py_None && packing->layout->min_size == 0) {
        packing->count = 0;
        return 0;
    }
    if (PyTuple_Check(object))
        return pack_tuple(packing, object);
    if (PyDict_Check(object))
        return pack_dict(packing, object);
    if (PyList_Check(object))
        given = PyList_AsTuple(object);
    else if (object != Py_None && needed)
        given = Py_BuildValue("{sO}", needed->name, object);
    else
        return csp_option_refuse(packing, PyExc_TypeError, object);
    n = given ? pack_fields(packing, given) : -1;
    Py_XDECREF(given);
    return n;
}

static int pack_plain(struct csp_packing *packing, PyObject *object)
{
    const struct csk_optlayout *layout = packing->layout;
    enum csk_optkind kind = layout->count > 0 ? layout->fields[0].kind : CSK_OPT_NONE;

    if (begin(packing) < 0)
        return -1;
    if (layout->count == 0) {
        if (object == Py_None)
            return 0;
        return csp_option_refuse(packing, PyExc_TypeError, object);
    }
    /* The bytes that the kernel takes, of whatever they are. */
    if (kind != CSK_OPT_BYTES && kind != CSK_OPT_FILTER && kind != CSK_OPT_TEXT &&
        kind != CSK_OPT_LENGTH && PyObject_CheckBuffer(object))
        return pack_bytes(packing, object);
    return pack_values(packing, 0, object);
}

int csp_option_pack(struct csp_packing *packing, PyObject *object)
{
    const struct csk_optlayout *layout = packing->layout;
    bool plain = csp_layout_is_plain(layout);

    /* A text alone is the value itself; all other values have a text form. */
    if (PyUnicode_Check(object) &&
        !(plain && layout->count && layout->fields[0].kind == CSK_OPT_TEXT))
        return pack_text(packing, object);
    return plain ? pack_plain(packing, object) : pack_struct(packing, object);
}

/* One more value, at the next place that its layout may have. */
static int pack_next(struct csp_packing *packing, PyObject *object)
{
    struct csp_packing one = *packing;
    size_t align = packing->layout->align, gap = (align - packing->count % align) % align;

    if (gap > packing->size - packing->count)
        return raise_found(packing, CSK_ESPACE, NULL);
    memset(packing->bytes + packing->count, 0, gap);
    packing->count += gap;
    one.bytes = packing->bytes + packing->count;
    one.size = packing->size - packing->count;
    if (csp_option_pack(&one, object) < 0)
        return -1;
    packing->count += one.count;
    return 0;
}

/* Values one after the other. */
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

static size_t room_for(PyObject *object, int depth);

/* The same for all that a tuple, list or dict holds; as it is now, whatever happens meanwhile. */
static size_t room_for_items(PyObject *object, int depth)
{
    PyObject *values = PyDict_Check(object) ? PyDict_Values(object) : Py_NewRef(object);
    PyObject *items = values ? PySequence_Tuple(values) : NULL;
    size_t room = ITEM_SIZE;

    for (Py_ssize_t i = 0; items && i < PyTuple_GET_SIZE(items); i++)
        room += room_for(PyTuple_GET_ITEM(items, i), depth + 1);
    PyErr_Clear();
    Py_XDECREF(values);
    Py_XDECREF(items);
    return room;
}

/* Room that is surely enough. */
static size_t room_for(PyObject *object, int depth)
{
    Py_ssize_t size = PyUnicode_Check(object) ? PyUnicode_GET_LENGTH(object) * TEXT_FACTOR : 0;

    if (PyObject_CheckBuffer(object) || PyUnicode_Check(object)) {
        size = size > 0 ? size : PyObject_Size(object);
        PyErr_Clear();
        return ITEM_SIZE + (size > 0 ? (size_t)size * 8 : 0);
    }
    if (depth <= 3 && (PyDict_Check(object) || PyTuple_Check(object) || PyList_Check(object)))
        return room_for_items(object, depth);
    return ITEM_SIZE;
}

static int set_bytes(struct csp_socket *sock, const struct csk_option *option,
                     const struct csp_packing *packing)
{
    struct csk_error error = { 0, "" };
    int n;

    /* Joining a group waits for the kernel's lock of all interfaces; others may connect. */
    if (option->flags & CSK_OPTION_ACTION)
        CSP_CALL(n = csk_setopt_bytes(&sock->s, option, packing->bytes, packing->count, &error));
    else
        n = csk_setopt_bytes(&sock->s, option, packing->bytes, packing->count, &error);
    if (n < 0)
        csp_raise_option(sock->state, n, option->name, &error);
    return n < 0 ? -1 : 0;
}

int csp_option_write(struct csp_socket *sock, const struct csk_option *option, PyObject *object)
{
    unsigned char usual[CSK_OPT_SIZE];
    size_t room = PyLong_Check(object) ? sizeof usual : room_for(object, 0) + CSK_OPT_SIZE / 2;
    struct csp_packing packing = { .state = sock->state,
                                   .option = option,
                                   .direction = CSK_OPTION_SET,
                                   .layout = option->set,
                                   .bytes = usual,
                                   .size = sizeof usual };
    int n;

    if (room > sizeof usual) {
        if (!(packing.bytes = PyMem_Malloc(room))) {
            PyErr_NoMemory();
            return -1;
        }
        packing.size = room;
    }
    n = option->flags & CSK_OPTION_LIST ? pack_list(&packing, object)
                                        : csp_option_pack(&packing, object);
    if (n == 0)
        n = set_bytes(sock, option, &packing);
    if (packing.bytes != usual)
        PyMem_Free(packing.bytes);
    return n;
}
