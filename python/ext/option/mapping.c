/* An entry of csocket.options: the description of one socket option. */
#include "option/options.h"
#include "socket/socket.h"

#include <string.h>

#define ACCEPTS_MAX 4096

static const struct csk_option *option_of(PyObject *op)
{
    return ((struct csp_option *)op)->option;
}

PyObject *csp_option_object(struct csp_state *state, const struct csk_option *option)
{
    PyTypeObject *type = csp_option_type(state, CSP_OPTION_ENTRY);
    struct csp_option *self = type ? (struct csp_option *)type->tp_alloc(type, 0) : NULL;

    if (self) {
        self->state = state;
        self->option = option;
    }
    return (PyObject *)self;
}

/* None for no text. */
static PyObject *text_or_none(const char *text)
{
    if (!text)
        Py_RETURN_NONE;
    return PyUnicode_FromString(text);
}

/* The parts of a text, which may be NULL (new). */
static PyObject *split_text(const char *text, const char *separator)
{
    PyObject *whole, *list = NULL, *tuple = NULL;

    if (!text)
        return PyTuple_New(0);
    whole = PyUnicode_FromString(text);
    if (whole && (list = PyObject_CallMethod(whole, "split", "s", separator)))
        tuple = PyList_AsTuple(list);
    Py_XDECREF(whole);
    Py_XDECREF(list);
    return tuple;
}

static PyObject *get_name(PyObject *op)
{
    return PyUnicode_FromString(csk_option_name(option_of(op)));
}

static PyObject *get_level_name(PyObject *op)
{
    return PyUnicode_FromString(csk_option_note(option_of(op), CSK_OPTION_NOTE_LEVEL));
}

/* A number that this system does not have is None. */
static PyObject *available_number(PyObject *op, int number)
{
    if (csk_option_flags(option_of(op)) & CSK_OPTION_UNAVAILABLE)
        Py_RETURN_NONE;
    return PyLong_FromLong(number);
}

static PyObject *get_level(PyObject *op)
{
    return available_number(op, csk_option_level(option_of(op)));
}

static PyObject *get_number(PyObject *op)
{
    return available_number(op, csk_option_number(option_of(op)));
}

/* The value read or, for write-only options, the value set. */
static const struct csk_layout *described_layout(const struct csk_option *option, bool *list)
{
    const struct csk_layout *layout = csk_option_layout(option, CSK_OPTION_GET);

    *list = csk_option_flags(option) & (layout ? CSK_OPTION_GET_LIST : CSK_OPTION_LIST);
    return layout ? layout : csk_option_layout(option, CSK_OPTION_SET);
}

static PyObject *get_kind(PyObject *op)
{
    bool list;
    const struct csk_layout *layout = described_layout(option_of(op), &list);

    return PyUnicode_FromFormat("%s%s", list ? "list of " : "", csk_layout_name(layout));
}

static PyObject *get_readable(PyObject *op)
{
    const struct csk_option *option = option_of(op);

    return PyBool_FromLong(csk_option_layout(option, CSK_OPTION_GET) &&
                           !(csk_option_flags(option) & CSK_OPTION_UNAVAILABLE));
}

static PyObject *get_writable(PyObject *op)
{
    const struct csk_option *option = option_of(op);

    return PyBool_FromLong(csk_option_layout(option, CSK_OPTION_SET) &&
                           !(csk_option_flags(option) & CSK_OPTION_UNAVAILABLE));
}

static PyObject *get_families(PyObject *op)
{
    return split_text(csk_option_note(option_of(op), CSK_OPTION_NOTE_FAMILIES), ",");
}

static PyObject *get_types(PyObject *op)
{
    return split_text(csk_option_note(option_of(op), CSK_OPTION_NOTE_TYPES), ",");
}

static PyObject *get_privileges(PyObject *op)
{
    return split_text(csk_option_note(option_of(op), CSK_OPTION_NOTE_PRIVILEGES), ",");
}

static PyObject *get_notes(PyObject *op)
{
    return split_text(csk_option_note(option_of(op), CSK_OPTION_NOTE_REMARKS), "; ");
}

static PyObject *get_since(PyObject *op)
{
    return text_or_none(csk_option_note(option_of(op), CSK_OPTION_NOTE_SINCE));
}

static PyObject *get_platform(PyObject *op)
{
    return split_text(csk_option_note(option_of(op), CSK_OPTION_NOTE_PLATFORM), ",");
}

static PyObject *get_meaning(PyObject *op)
{
    return PyUnicode_FromString(csk_option_note(option_of(op), CSK_OPTION_NOTE_MEANING));
}

static PyObject *get_alias(PyObject *op)
{
    return text_or_none(csk_option_note(option_of(op), CSK_OPTION_NOTE_ALIAS));
}

static PyObject *get_accepts(PyObject *op)
{
    char text[ACCEPTS_MAX];

    if (!csk_option_layout(option_of(op), CSK_OPTION_SET))
        Py_RETURN_NONE;
    return PyUnicode_FromString(
        csk_option_accepts(option_of(op), CSK_OPTION_SET, text, sizeof text));
}

/* Fields */

static const char kinds[][12] = {
    [CSK_FIELD_NONE] = "none",           [CSK_FIELD_LENGTH] = "length",
    [CSK_FIELD_BOOL] = "bool",           [CSK_FIELD_INT] = "int",
    [CSK_FIELD_UINT] = "uint",           [CSK_FIELD_TIME] = "time",
    [CSK_FIELD_TIMEVAL] = "timeval",     [CSK_FIELD_IN_ADDR] = "in_addr",
    [CSK_FIELD_IN6_ADDR] = "in6_addr",   [CSK_FIELD_SOCKADDR] = "sockaddr",
    [CSK_FIELD_SOCKADDRS] = "sockaddrs", [CSK_FIELD_IFINDEX] = "ifindex",
    [CSK_FIELD_IFNAME] = "ifname",       [CSK_FIELD_TEXT] = "text",
    [CSK_FIELD_BYTES] = "bytes",         [CSK_FIELD_FD] = "fd",
    [CSK_FIELD_FILTER] = "filter",       [CSK_FIELD_STRUCT] = "list of ",
    [CSK_FIELD_BDADDR] = "bdaddr",       [CSK_FIELD_UUID] = "uuid",
    [CSK_FIELD_CONTROL] = "control",     [CSK_FIELD_PATH] = "path",
};

/* The second half of the kind: the name of a struct. */
static const char *kind_suffix(const struct csk_field *field)
{
    return csk_layout_name(csk_field_layout(field));
}

/* {name: number} (new) */
static PyObject *field_values(const struct csk_field *field)
{
    PyObject *dict = PyDict_New(), *object;
    bool negative = csk_field_kind(field) == CSK_FIELD_INT ||
                    csk_field_kind(field) == CSK_FIELD_TIME;
    const char *name;
    uint64_t number;
    int n = 0;

    for (size_t i = 0; dict && n == 0 && (name = csk_field_value_name(field, i, &number)); i++) {
        object = negative ? PyLong_FromLongLong((long long)number)
                          : PyLong_FromUnsignedLongLong(number);
        n = object ? PyDict_SetItemString(dict, name, object) : -1;
        Py_XDECREF(object);
    }
    if (n < 0)
        Py_CLEAR(dict);
    return dict;
}

const struct csp_tuple csp_option_field_tuple = { "OptionField",
                                                  "name kind unit values minimum maximum since",
                                                  NULL };

static PyObject *field_object(struct csp_state *state, const struct csk_field *field)
{
    PyTypeObject *class = csp_tuple_class_of(state, &csp_option_field_tuple);
    PyObject *values = class ? field_values(field) : NULL, *kind, *minimum, *maximum;
    int64_t min = 0, max = 0;
    bool range = csk_field_range(field, &min, &max);
    char name[CSP_FIELD_NAME_MAX];

    if (!values)
        return NULL;
    csp_field_name(field, name);
    kind = PyUnicode_FromFormat("%s%s", kinds[csk_field_kind(field)], kind_suffix(field));
    minimum = range ? PyLong_FromLongLong(min) : Py_NewRef(Py_None);
    maximum = range ? PyLong_FromLongLong(max) : Py_NewRef(Py_None);
    return csp_named_tuple(class, Py_BuildValue("(sNzNNNz)", name, kind, csk_field_unit(field),
                                                values, minimum, maximum, csk_field_since(field)));
}

static PyObject *get_fields(PyObject *op)
{
    bool list;
    const struct csk_layout *layout = described_layout(option_of(op), &list);
    PyObject *fields = PyList_New(0), *one, *tuple;
    int n = 0;

    for (unsigned i = 0; fields && n == 0 && i < csk_layout_field_count(layout); i++) {
        if (csk_field_is_hidden(csk_layout_field(layout, i)))
            continue;
        one = field_object(((struct csp_option *)op)->state, csk_layout_field(layout, i));
        n = one ? PyList_Append(fields, one) : -1;
        Py_XDECREF(one);
    }
    tuple = fields && n == 0 ? PyList_AsTuple(fields) : NULL;
    Py_XDECREF(fields);
    return tuple;
}

/* Texts */

static const char *access_text(const struct csk_option *option)
{
    if (!csk_option_layout(option, CSK_OPTION_GET))
        return "set only";
    return csk_option_layout(option, CSK_OPTION_SET) ? "get and set" : "get only";
}

/* Append a line, unless value is NULL. text is stolen; new. */
static PyObject *append_line(PyObject *text, const char *label, const char *value)
{
    PyObject *extended;

    if (!text || !value)
        return text;
    extended = PyUnicode_FromFormat("%U\n%s%s", text, label, value);
    Py_DECREF(text);
    return extended;
}

/* Append one line per field of a struct, and of the structs that can follow it. text is stolen;
 * new. */
static PyObject *append_field_lines(PyObject *text, const struct csk_layout *layout,
                                    const char *indent)
{
    char name[CSP_FIELD_NAME_MAX];
    PyObject *extended;

    for (unsigned i = 0; text && i < csk_layout_field_count(layout); i++) {
        const struct csk_field *f = csk_layout_field(layout, i);

        if (csk_field_is_hidden(f) || csk_layout_is_plain(layout))
            continue;
        csp_field_name(f, name);
        extended = PyUnicode_FromFormat(
            "%U\n%s%s: %s%s%s%s%s%s%s", text, indent, name, kinds[csk_field_kind(f)],
            kind_suffix(f), csk_field_unit(f) ? " (" : "",
            csk_field_unit(f) ? csk_field_unit(f) : "", csk_field_unit(f) ? ")" : "",
            csk_field_since(f) ? ", since Linux " : "",
            csk_field_since(f) ? csk_field_since(f) : "");
        Py_DECREF(text);
        text = csk_field_layout(f) ? append_field_lines(extended, csk_field_layout(f), "        ")
                                   : extended;
    }
    return text;
}

static PyObject *option_str(PyObject *op)
{
    const struct csk_option *option = option_of(op);
    char accepts[ACCEPTS_MAX];
    bool list;
    const struct csk_layout *layout = described_layout(option, &list);
    PyObject *text = PyUnicode_FromFormat("%s: %s%s, %s\n\n%s.\n", csk_option_name(option),
                                          list ? "list of " : "", csk_layout_name(layout),
                                          access_text(option),
                                          csk_option_note(option, CSK_OPTION_NOTE_MEANING));

    text = append_line(text, "another name of: ", csk_option_note(option, CSK_OPTION_NOTE_ALIAS));
    text = append_line(text, "level:      ", csk_option_note(option, CSK_OPTION_NOTE_LEVEL));
    if (text && !(csk_option_flags(option) & CSK_OPTION_UNAVAILABLE))
        Py_SETREF(text, PyUnicode_FromFormat("%U (%d), number %d", text, csk_option_level(option),
                                             csk_option_number(option)));
    text = append_line(text, "families:   ", csk_option_note(option, CSK_OPTION_NOTE_FAMILIES));
    text = append_line(text, "types:      ", csk_option_note(option, CSK_OPTION_NOTE_TYPES));
    text = append_line(text, "platform:   ", csk_option_note(option, CSK_OPTION_NOTE_PLATFORM));
    text = append_line(text, "since:      Linux ", csk_option_note(option, CSK_OPTION_NOTE_SINCE));
    text = append_line(text, "privileges: ", csk_option_note(option, CSK_OPTION_NOTE_PRIVILEGES));
    if (csk_option_layout(option, CSK_OPTION_SET))
        text = append_line(text, "accepts:    ",
                           csk_option_accepts(option, CSK_OPTION_SET, accepts, sizeof accepts));
    text = append_line(text, "note:       ", csk_option_note(option, CSK_OPTION_NOTE_REMARKS));
    if (!csk_layout_is_plain(layout))
        text = append_line(text, "fields:", " ");
    return append_field_lines(text, layout, "    ");
}

static PyObject *get_doc(PyObject *op)
{
    return option_str(op);
}

static PyObject *option_repr(PyObject *op)
{
    const struct csk_option *option = option_of(op);
    bool list;

    if (csk_option_flags(option) & CSK_OPTION_UNAVAILABLE)
        return PyUnicode_FromFormat("<socket option %s: %s, of %s>", csk_option_name(option),
                                    csk_layout_name(described_layout(option, &list)),
                                    csk_option_note(option, CSK_OPTION_NOTE_PLATFORM));
    return PyUnicode_FromFormat("<socket option %s: %s, %s, %s %d>", csk_option_name(option),
                                csk_layout_name(described_layout(option, &list)),
                                access_text(option), csk_option_note(option, CSK_OPTION_NOTE_LEVEL),
                                csk_option_number(option));
}

/* The object */

static Py_hash_t option_hash(PyObject *op)
{
    return _Py_HashPointer((void *)option_of(op));
}

static PyObject *option_compare(PyObject *op, PyObject *other, int how)
{
    bool same;

    if (Py_TYPE(other) != Py_TYPE(op) || (how != Py_EQ && how != Py_NE))
        Py_RETURN_NOTIMPLEMENTED;
    same = option_of(op) == option_of(other);
    return PyBool_FromLong(same == (how == Py_EQ));
}

static int option_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    return 0;
}

static void option_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);

    PyObject_GC_UnTrack(op);
    type->tp_free(op);
    Py_DECREF(type);
}

/* In the order of enum attribute. */
static const struct csp_attribute attributes[] = {
    { "__doc__", "" },
    { "name", "as in the headers" },
    { "level", "the number that getsockopt takes; None if not on this system" },
    { "level_name", "\"SOL_SOCKET\"" },
    { "number", "the number that getsockopt takes; None if not on this system" },
    { "kind", "what a value is: a kind of number or text, or a struct" },
    { "readable", "whether getsockopt has it on this system" },
    { "writable", "whether setsockopt has it on this system" },
    { "families", "address families in lower case, or \"any\"" },
    { "types", "types of socket in lower case, or \"any\"" },
    { "privileges", "any one of these is needed; usually none" },
    { "since", "the first Linux that has it, \"<=5.10\" if an older one may, or None" },
    { "platform", "the systems that have it" },
    { "accepts", "which text it takes, in words; None if it cannot be set" },
    { "meaning", "one line" },
    { "notes", "what else to know" },
    { "fields", "what a value consists of; a plain value has one, named \"\"" },
    { "alias", "the option that this is another name of, or None" },
};

enum attribute {
    DOC,
    NAME,
    LEVEL,
    LEVEL_NAME,
    NUMBER,
    KIND,
    READABLE,
    WRITABLE,
    FAMILIES,
    TYPES,
    PRIVILEGES,
    SINCE,
    PLATFORM,
    ACCEPTS,
    MEANING,
    NOTES,
    FIELDS,
    ALIAS,
};

static PyObject *get_attribute(PyObject *op, void *index)
{
    switch ((enum attribute)CSP_INDEX(index)) {
    case DOC: return get_doc(op);
    case NAME: return get_name(op);
    case LEVEL: return get_level(op);
    case LEVEL_NAME: return get_level_name(op);
    case NUMBER: return get_number(op);
    case KIND: return get_kind(op);
    case READABLE: return get_readable(op);
    case WRITABLE: return get_writable(op);
    case FAMILIES: return get_families(op);
    case TYPES: return get_types(op);
    case PRIVILEGES: return get_privileges(op);
    case SINCE: return get_since(op);
    case PLATFORM: return get_platform(op);
    case ACCEPTS: return get_accepts(op);
    case MEANING: return get_meaning(op);
    case NOTES: return get_notes(op);
    case FIELDS: return get_fields(op);
    case ALIAS: return get_alias(op);
    }
    return NULL;
}

const struct csp_attributes csp_option_attributes = {
    attributes,
    sizeof attributes / sizeof *attributes,
    get_attribute,
};

static PyType_Slot slots[] = {
    { Py_tp_repr, option_repr },
    { Py_tp_str, option_str },
    { Py_tp_hash, option_hash },
    { Py_tp_richcompare, option_compare },
    { Py_tp_traverse, option_traverse },
    { Py_tp_dealloc, option_dealloc },
    CSP_NO_NEW_SLOTS,
};

PyType_Spec csp_option_spec = {
    .name = "csocket.values.Option",
    .basicsize = sizeof(struct csp_option),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | CSP_IMMUTABLE_TYPE,
    .slots = slots,
};
