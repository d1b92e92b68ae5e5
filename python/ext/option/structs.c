/* The types of options.  They are made when they are first needed: most programs need none. */
#include "args.h"
#include "define.h"
#include "option/options.h"
#include "setup.h"

#include <string.h>

static const struct option_type {
    PyType_Spec *spec;
    const struct csp_function *methods; /* NULL: none */
    char abstract[16];                  /* the abstract class that isinstance() shall name, or "" */
} types[] = {
    [CSP_OPTION_VIEW] = { &csp_view_spec, csp_view_methods, "MutableMapping" },
    [CSP_OPTION_ENTRY] = { &csp_option_spec, NULL, "" },
    [CSP_OPTION_CATALOGUE] = { &csp_catalogue_spec, csp_catalogue_methods, "Mapping" },
    [CSP_OPTION_CONTROL] = { &csp_control_spec, csp_control_methods, "" },
    [CSP_OPTION_MESSAGE] = { &csp_message_spec, csp_message_methods, "" },
};

/* The module behind collections.abc is one that every interpreter has imported. */
static int register_abstract(PyObject *type, const char *name)
{
    PyObject *module, *class, *done = NULL;

    if (!name[0])
        return 0;
    module = PyImport_ImportModule("_collections_abc");
    class = module ? PyObject_GetAttrString(module, name) : NULL;
    if (class)
        done = PyObject_CallMethod(class, "register", "O", type);
    Py_XDECREF(module);
    Py_XDECREF(class);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* new */
static PyTypeObject *make_type(struct csp_state *state, enum csp_option_type which)
{
    const struct csp_attributes *a = &csp_option_attributes;
    const struct option_type *t = &types[which];
    PyObject *type = PyType_FromModuleAndSpec(state->module, t->spec, NULL);

    if (!type)
        return NULL;
    /* Nobody else can make what has no socket or option. */
    ((PyTypeObject *)type)->tp_new = NULL;
    if ((t->methods && csp_add_methods((PyTypeObject *)type, t->methods) < 0) ||
        (which == CSP_OPTION_ENTRY &&
         csp_add_attributes((PyTypeObject *)type, a->table, a->count, a->get) < 0) ||
        register_abstract(type, t->abstract) < 0)
        Py_CLEAR(type);
    return (PyTypeObject *)type;
}

PyTypeObject *csp_option_type(struct csp_state *state, enum csp_option_type which)
{
    PyTypeObject **slot = &state->option_types[which], *none = NULL, *type;

    if ((type = __atomic_load_n(slot, __ATOMIC_ACQUIRE)))
        return type;
    if (!(type = make_type(state, which)))
        return NULL;
    /* Another thread may have been faster; its type is the type. */
    if (!__atomic_compare_exchange_n(slot, &none, type, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        Py_DECREF(type);
    return none ? none : type;
}

/* Names of fields that Python keeps for itself. */
static const char keywords[][5] = { "as", "from", "if", "in", "is", "or" };

void csp_field_name(const struct csk_field *field, char *name)
{
    size_t i;

    for (i = 0; csk_field_name(field)[i] && i < CSP_FIELD_NAME_MAX - 2; i++)
        name[i] = csk_field_name(field)[i] == '.' ? '_' : csk_field_name(field)[i];
    name[i] = '\0';
    for (size_t k = 0; k < sizeof keywords / sizeof *keywords; k++)
        if (strcmp(name, keywords[k]) == 0)
            memcpy(name + i, "_", 2);
}

/* _option_struct(name, values) as copyreg wants it: pickles know structs by their names. */
static PyObject *struct_reduce(PyObject *self, PyObject *unused)
{
    PyObject *module = PyImport_ImportModule("csocket._socket"), *result = NULL;
    PyObject *rebuild = module ? PyObject_GetAttrString(module, "_option_struct") : NULL;
    PyObject *values = PySequence_Tuple(self);
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "__name__");

    (void)unused;
    if (rebuild && values && name)
        result = Py_BuildValue("(O(OO))", rebuild, name, values);
    Py_XDECREF(module);
    Py_XDECREF(rebuild);
    Py_XDECREF(values);
    Py_XDECREF(name);
    return result;
}

static const struct csp_function struct_methods[] = {
    { struct_reduce, METH_NOARGS, "__reduce__" },
    { NULL },
};

/* collections.namedtuple(name, fields), every field's default None (new). */
static PyObject *make_class(const char *name, PyObject *fields)
{
    PyObject *module = PyImport_ImportModule("collections"), *factory = NULL, *class = NULL;
    PyObject *args = Py_BuildValue("(sO)", name, fields), *defaults = NULL, *kwargs = NULL;

    if (module && args && (factory = PyObject_GetAttrString(module, "namedtuple")) &&
        (defaults = PyTuple_New(PySequence_Size(fields)))) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(defaults); i++)
            PyTuple_SET_ITEM(defaults, i, Py_NewRef(Py_None));
        kwargs = Py_BuildValue("{sOss}", "defaults", defaults, "module", "csocket.values");
    }
    if (kwargs)
        class = PyObject_Call(factory, args, kwargs);
    if (class && csp_add_methods((PyTypeObject *)class, struct_methods) < 0)
        Py_CLEAR(class);
    Py_XDECREF(module);
    Py_XDECREF(factory);
    Py_XDECREF(args);
    Py_XDECREF(defaults);
    Py_XDECREF(kwargs);
    return class;
}

/* The class with that name, NULL without an exception if there is none (borrowed). */
static PyObject *cached_class(struct csp_state *state, const char *name)
{
    return state->option_structs ? PyDict_GetItemString(state->option_structs, name) : NULL;
}

PyTypeObject *csp_tuple_class(struct csp_state *state, const char *name, PyObject *fields)
{
    PyObject *class = cached_class(state, name), *key, *created;

    if (class)
        return (PyTypeObject *)class;
    created = make_class(name, fields);
    key = created ? PyUnicode_FromString(name) : NULL;
    if (key)
        class = PyDict_SetDefault(state->option_structs, key, created);
    Py_XDECREF(key);
    Py_XDECREF(created);
    return (PyTypeObject *)class;
}

PyTypeObject *csp_tuple_class_of(struct csp_state *state, const char *name, const char *fields)
{
    PyObject *class = cached_class(state, name), *text, *list;

    if (class)
        return (PyTypeObject *)class;
    text = PyUnicode_FromString(fields);
    list = text ? PyObject_CallMethod(text, "split", NULL) : NULL;
    if (list)
        class = (PyObject *)csp_tuple_class(state, name, list);
    Py_XDECREF(text);
    Py_XDECREF(list);
    return (PyTypeObject *)class;
}

PyTypeObject *csp_struct_class(struct csp_state *state, const struct csk_layout *layout)
{
    PyObject *class = cached_class(state, csk_layout_name(layout)), *fields, *name;
    char text[CSP_FIELD_NAME_MAX];
    int n = 0;

    if (class)
        return (PyTypeObject *)class;
    if (!(fields = PyList_New(0)))
        return NULL;
    for (unsigned i = 0; n == 0 && i < csk_layout_field_count(layout); i++) {
        if (csk_field_is_hidden(csk_layout_field(layout, i)))
            continue;
        csp_field_name(csk_layout_field(layout, i), text);
        name = PyUnicode_FromString(text);
        n = name ? PyList_Append(fields, name) : -1;
        Py_XDECREF(name);
    }
    if (n == 0)
        class = (PyObject *)csp_tuple_class(state, csk_layout_name(layout), fields);
    Py_DECREF(fields);
    return (PyTypeObject *)class;
}

PyObject *csp_named_tuple(PyTypeObject *type, PyObject *stolen)
{
    PyObject *args = stolen && type ? PyTuple_Pack(1, stolen) : NULL, *result = NULL;

    /* Not the class's own __new__, which wants the values one by one. */
    if (args)
        result = PyTuple_Type.tp_new(type, args, NULL);
    Py_XDECREF(args);
    Py_XDECREF(stolen);
    return result;
}

/* The layout, one of its variants, or what it ends with; NULL if it is none of them. */
static const struct csk_layout *find_layout_in(const struct csk_layout *layout, const char *name)
{
    const struct csk_layout *variant;

    if (!layout || csk_layout_is_plain(layout))
        return NULL;
    if (strcmp(csk_layout_name(layout), name) == 0)
        return layout;
    for (size_t i = 0; (variant = csk_layout_variant(layout, i)); i++)
        if (strcmp(csk_layout_name(variant), name) == 0)
            return variant;
    return find_layout_in(
        csk_field_layout(csk_layout_field(layout, csk_layout_field_count(layout) - 1)), name);
}

static const struct csk_layout *find_layout_of(const struct csk_option *option, const char *name)
{
    const struct csk_layout *found = find_layout_in(csk_option_layout(option, CSK_OPTION_GET),
                                                    name);

    return found ? found : find_layout_in(csk_option_layout(option, CSK_OPTION_SET), name);
}

/* Of an option or a control message. */
static const struct csk_layout *find_layout(const char *name)
{
    const struct csk_layout *found = NULL;
    const struct csk_option *option;

    for (size_t i = 0; !found && (option = csk_option_at(i)); i++)
        found = find_layout_of(option, name);
    for (size_t i = 0; !found && (option = csk_control_at(i)); i++)
        found = find_layout_of(option, name);
    return found;
}

/* _option_struct(name, values): what struct_reduce has written. */
static PyObject *option_struct(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    const struct csk_layout *layout;
    PyTypeObject *class;
    const char *name;

    if (csp_count("_option_struct", count, 2, 2) < 0 ||
        csp_text(args[0], "_option_struct", 1, &name) < 0)
        return NULL;
    if (!(layout = find_layout(name))) {
        PyErr_Format(PyExc_ValueError, "no socket option has a struct %s", name);
        return NULL;
    }
    class = csp_struct_class(csp_state_of(module), layout);
    return class ? csp_named_tuple(class, PySequence_Tuple(args[1])) : NULL;
}

static const struct csp_function functions[] = {
    { CSP_FAST(option_struct), "_option_struct" },
    { NULL },
};

int csp_option_types_setup(struct csp_state *state)
{
    state->option_structs = PyDict_New();
    return state->option_structs ? csp_add_functions(state->module, functions) : -1;
}
