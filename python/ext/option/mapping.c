/* An entry of csocket.options: what is known of one socket option. */
#include "option/options.h"

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

/* None for "-". */
static PyObject *text_or_none(const char *text)
{
    if (!text || strcmp(text, "-") == 0)
        Py_RETURN_NONE;
    return PyUnicode_FromString(text);
}

/* The parts of a text, "-" having none (new). */
static PyObject *parts(const char *text, const char *separator)
{
    PyObject *whole, *list = NULL, *tuple = NULL;

    if (strcmp(text, "-") == 0)
        return PyTuple_New(0);
    whole = PyUnicode_FromString(text);
    if (whole && (list = PyObject_CallMethod(whole, "split", "s", separator)))
        tuple = PyList_AsTuple(list);
    Py_XDECREF(whole);
    Py_XDECREF(list);
    return tuple;
}

static PyObject *get_name(PyObject *op, void *unused)
{
    (void)unused;
    return PyUnicode_FromString(option_of(op)->name);
}

static PyObject *get_level_name(PyObject *op, void *unused)
{
    (void)unused;
    return PyUnicode_FromString(option_of(op)->level_name);
}

/* A number that this system does not have is None. */
static PyObject *number_here(PyObject *op, int number)
{
    if (option_of(op)->flags & CSK_OPTION_ELSEWHERE)
        Py_RETURN_NONE;
    return PyLong_FromLong(number);
}

static PyObject *get_level(PyObject *op, void *unused)
{
    (void)unused;
    return number_here(op, option_of(op)->level);
}

static PyObject *get_number(PyObject *op, void *unused)
{
    (void)unused;
    return number_here(op, option_of(op)->number);
}

/* What is read or, of options that cannot be, what is set. */
static const struct csk_optlayout *shown_layout(const struct csk_option *option, bool *list)
{
    *list = option->flags & (option->get ? CSK_OPTION_GET_LIST : CSK_OPTION_LIST);
    return option->get ? option->get : option->set;
}

static PyObject *get_kind(PyObject *op, void *unused)
{
    bool list;
    const struct csk_optlayout *layout = shown_layout(option_of(op), &list);

    (void)unused;
    return PyUnicode_FromFormat("%s%s", list ? "list of " : "", layout->name);
}

static PyObject *get_readable(PyObject *op, void *unused)
{
    const struct csk_option *option = option_of(op);

    (void)unused;
    return PyBool_FromLong(option->get && !(option->flags & CSK_OPTION_ELSEWHERE));
}

static PyObject *get_writable(PyObject *op, void *unused)
{
    const struct csk_option *option = option_of(op);

    (void)unused;
    return PyBool_FromLong(option->set && !(option->flags & CSK_OPTION_ELSEWHERE));
}

static PyObject *get_families(PyObject *op, void *unused)
{
    (void)unused;
    return parts(option_of(op)->families, ",");
}

static PyObject *get_types(PyObject *op, void *unused)
{
    (void)unused;
    return parts(option_of(op)->types, ",");
}

static PyObject *get_privileges(PyObject *op, void *unused)
{
    (void)unused;
    return parts(option_of(op)->privileges, ",");
}

static PyObject *get_notes(PyObject *op, void *unused)
{
    (void)unused;
    return parts(option_of(op)->notes, "; ");
}

static PyObject *get_since(PyObject *op, void *unused)
{
    (void)unused;
    return text_or_none(option_of(op)->since);
}

static PyObject *get_platform(PyObject *op, void *unused)
{
    (void)unused;
    return parts(option_of(op)->platform, ",");
}

static PyObject *get_meaning(PyObject *op, void *unused)
{
    (void)unused;
    return PyUnicode_FromString(option_of(op)->meaning);
}

static PyObject *get_alias(PyObject *op, void *unused)
{
    (void)unused;
    return text_or_none(option_of(op)->alias);
}

static PyObject *get_accepts(PyObject *op, void *unused)
{
    char text[ACCEPTS_MAX];

    (void)unused;
    if (!option_of(op)->set)
        Py_RETURN_NONE;
    return PyUnicode_FromString(
        csk_option_accepts(option_of(op), CSK_OPTION_SET, text, sizeof text));
}

/* Fields */

static const char *const kinds[] = {
    [CSK_OPT_NONE] = "none",
    [CSK_OPT_LENGTH] = "length",
    [CSK_OPT_BOOL] = "bool",
    [CSK_OPT_INT] = "int",
    [CSK_OPT_UINT] = "uint",
    [CSK_OPT_TIME] = "time",
    [CSK_OPT_TIMEVAL] = "timeval",
    [CSK_OPT_IN_ADDR] = "in_addr",
    [CSK_OPT_IN6_ADDR] = "in6_addr",
    [CSK_OPT_SOCKADDR] = "sockaddr",
    [CSK_OPT_SOCKADDRS] = "sockaddrs",
    [CSK_OPT_IFINDEX] = "ifindex",
    [CSK_OPT_TEXT] = "text",
    [CSK_OPT_BYTES] = "bytes",
    [CSK_OPT_FD] = "fd",
    [CSK_OPT_FILTER] = "filter",
    [CSK_OPT_STRUCT] = "list of ",
};

/* The kind's second half: of structs their name. */
static const char *kind_rest(const struct csk_optfield *field)
{
    return field->layout ? field->layout->name : "";
}

/* {name: number} (new) */
static PyObject *field_values(const struct csk_optfield *field)
{
    PyObject *dict = PyDict_New(), *number;
    bool negative = field->kind == CSK_OPT_INT || field->kind == CSK_OPT_TIME;
    int n = 0;

    for (unsigned i = 0; dict && n == 0 && i < field->name_count; i++) {
        number = negative ? PyLong_FromLongLong((long long)field->names[i].number)
                          : PyLong_FromUnsignedLongLong(field->names[i].number);
        n = number ? PyDict_SetItemString(dict, field->names[i].name, number) : -1;
        Py_XDECREF(number);
    }
    if (n < 0)
        Py_CLEAR(dict);
    return dict;
}

static PyTypeObject *field_class(struct csp_state *state)
{
    static const char *const names[] = { "name",    "kind",    "unit", "values",
                                         "minimum", "maximum", "since" };
    Py_ssize_t count = sizeof names / sizeof *names;
    PyObject *fields = PyTuple_New(count), *name;
    PyTypeObject *class;

    for (Py_ssize_t i = 0; fields && i < count; i++) {
        if ((name = PyUnicode_FromString(names[i])))
            PyTuple_SET_ITEM(fields, i, name);
        else
            Py_CLEAR(fields);
    }
    class = fields ? csp_tuple_class(state, "OptionField", fields) : NULL;
    Py_XDECREF(fields);
    return class;
}

static PyObject *field_object(struct csp_state *state, const struct csk_optfield *field)
{
    PyTypeObject *class = field_class(state);
    PyObject *values = class ? field_values(field) : NULL, *kind, *minimum, *maximum;
    bool range = field->flags & CSK_OPTF_RANGE;
    char name[CSP_FIELD_NAME_MAX];

    if (!values)
        return NULL;
    csp_field_name(field, name);
    kind = PyUnicode_FromFormat("%s%s", kinds[field->kind], kind_rest(field));
    minimum = range ? PyLong_FromLongLong(field->min) : Py_NewRef(Py_None);
    maximum = range ? PyLong_FromLongLong(field->max) : Py_NewRef(Py_None);
    return csp_named_tuple(class, Py_BuildValue("(sNzNNNz)", name, kind, field->unit, values,
                                                minimum, maximum, field->since));
}

static PyObject *get_fields(PyObject *op, void *unused)
{
    bool list;
    const struct csk_optlayout *layout = shown_layout(option_of(op), &list);
    PyObject *fields = PyList_New(0), *one, *tuple;
    int n = 0;

    (void)unused;
    for (unsigned i = 0; fields && n == 0 && i < layout->count; i++) {
        if (csp_field_is_hidden(&layout->fields[i]))
            continue;
        one = field_object(((struct csp_option *)op)->state, &layout->fields[i]);
        n = one ? PyList_Append(fields, one) : -1;
        Py_XDECREF(one);
    }
    tuple = fields && n == 0 ? PyList_AsTuple(fields) : NULL;
    Py_XDECREF(fields);
    return tuple;
}

/* Texts */

static const char *directions(const struct csk_option *option)
{
    if (!option->get)
        return "set only";
    return option->set ? "get and set" : "get only";
}

/* A line more, of a format with one text; "-" and "" have none.  text is stolen; new. */
static PyObject *line(PyObject *text, const char *label, const char *value)
{
    PyObject *more;

    if (!text || strcmp(value, "-") == 0 || value[0] == '\0')
        return text;
    more = PyUnicode_FromFormat("%U\n%s%s", text, label, value);
    Py_DECREF(text);
    return more;
}

/* A line a field of a struct, and of the structs that it ends with.  text is stolen; new. */
static PyObject *field_lines(PyObject *text, const struct csk_optlayout *layout, const char *indent)
{
    char name[CSP_FIELD_NAME_MAX];
    PyObject *more;

    for (unsigned i = 0; text && i < layout->count; i++) {
        const struct csk_optfield *f = &layout->fields[i];

        if (csp_field_is_hidden(f) || csp_layout_is_plain(layout))
            continue;
        csp_field_name(f, name);
        more = PyUnicode_FromFormat("%U\n%s%s: %s%s%s%s%s%s%s", text, indent, name, kinds[f->kind],
                                    kind_rest(f), f->unit ? " (" : "", f->unit ? f->unit : "",
                                    f->unit ? ")" : "", f->since ? ", since Linux " : "",
                                    f->since ? f->since : "");
        Py_DECREF(text);
        text = f->layout ? field_lines(more, f->layout, "        ") : more;
    }
    return text;
}

static PyObject *option_str(PyObject *op)
{
    const struct csk_option *option = option_of(op);
    char accepts[ACCEPTS_MAX];
    bool list;
    const struct csk_optlayout *layout = shown_layout(option, &list);
    PyObject *text = PyUnicode_FromFormat("%s: %s%s, %s\n\n%s.\n", option->name,
                                          list ? "list of " : "", layout->name, directions(option),
                                          option->meaning);

    text = line(text, "another name of: ", option->alias ? option->alias : "-");
    text = line(text, "level:      ", option->level_name);
    if (text && !(option->flags & CSK_OPTION_ELSEWHERE))
        Py_SETREF(text,
                  PyUnicode_FromFormat("%U (%d), number %d", text, option->level, option->number));
    text = line(text, "families:   ", option->families);
    text = line(text, "types:      ", option->types);
    text = line(text, "platform:   ", option->platform);
    text = line(text, "since:      Linux ", option->since);
    text = line(text, "privileges: ", option->privileges);
    if (option->set)
        text = line(text, "accepts:    ",
                    csk_option_accepts(option, CSK_OPTION_SET, accepts, sizeof accepts));
    text = line(text, "note:       ", option->notes);
    if (!csp_layout_is_plain(layout))
        text = line(text, "fields:", " ");
    return field_lines(text, layout, "    ");
}

static PyObject *get_doc(PyObject *op, void *unused)
{
    (void)unused;
    return option_str(op);
}

static PyObject *option_repr(PyObject *op)
{
    const struct csk_option *option = option_of(op);
    bool list;

    if (option->flags & CSK_OPTION_ELSEWHERE)
        return PyUnicode_FromFormat("<socket option %s: %s, of %s>", option->name,
                                    shown_layout(option, &list)->name, option->platform);
    return PyUnicode_FromFormat("<socket option %s: %s, %s, %s %d>", option->name,
                                shown_layout(option, &list)->name, directions(option),
                                option->level_name, option->number);
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

static PyGetSetDef getset[] = {
    { "__doc__", get_doc, NULL, NULL, NULL },
    { "name", get_name, NULL, "as the headers have it", NULL },
    { "level", get_level, NULL, "the number that getsockopt takes; None if not on this system",
      NULL },
    { "level_name", get_level_name, NULL, "\"SOL_SOCKET\"", NULL },
    { "number", get_number, NULL, "the number that getsockopt takes; None if not on this system",
      NULL },
    { "kind", get_kind, NULL, "what a value is: a kind of number or text, or a struct", NULL },
    { "readable", get_readable, NULL, "whether getsockopt has it on this system", NULL },
    { "writable", get_writable, NULL, "whether setsockopt has it on this system", NULL },
    { "families", get_families, NULL, "address families in lower case, or \"any\"", NULL },
    { "types", get_types, NULL, "types of socket in lower case, or \"any\"", NULL },
    { "privileges", get_privileges, NULL, "any one of these is needed; usually none", NULL },
    { "since", get_since, NULL,
      "the first Linux that has it, \"<=5.10\" if an older one may, or None", NULL },
    { "platform", get_platform, NULL, "the systems that have it", NULL },
    { "accepts", get_accepts, NULL, "which text it takes, in words; None if it cannot be set",
      NULL },
    { "meaning", get_meaning, NULL, "one line", NULL },
    { "notes", get_notes, NULL, "what else to know", NULL },
    { "fields", get_fields, NULL, "what a value consists of; a plain value has one, named \"\"",
      NULL },
    { "alias", get_alias, NULL, "the option that this is another name of, or None", NULL },
    { NULL },
};

static PyType_Slot slots[] = {
    { Py_tp_repr, option_repr },
    { Py_tp_str, option_str },
    { Py_tp_hash, option_hash },
    { Py_tp_richcompare, option_compare },
    { Py_tp_traverse, option_traverse },
    { Py_tp_dealloc, option_dealloc },
    { Py_tp_getset, getset },
    { 0, NULL },
};

PyType_Spec csp_option_spec = {
    .name = "csocket.Option",
    .basicsize = sizeof(struct csp_option),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | CSP_IMMUTABLE_TYPE,
    .slots = slots,
};
