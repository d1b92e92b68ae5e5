/* The types of options.  They are created when they are first needed: most programs do not need
 * them. */
#include "args.h"
#include "define.h"
#include "option/options.h"
#include "setup.h"

#include <string.h>

static const struct option_type {
    PyType_Spec *spec;
    const struct csp_function *methods; /* NULL: none */
    char abstract[16];                  /* the abstract class for isinstance(), or "" */
} types[] = {
    [CSP_OPTION_VIEW] = { &csp_view_spec, csp_view_methods, "MutableMapping" },
    [CSP_OPTION_ENTRY] = { &csp_option_spec, NULL, "" },
    [CSP_OPTION_CATALOGUE] = { &csp_catalogue_spec, csp_catalogue_methods, "Mapping" },
    [CSP_OPTION_CONTROL] = { &csp_control_spec, csp_control_methods, "" },
    [CSP_OPTION_MESSAGE] = { &csp_message_spec, csp_message_methods, "" },
};

/* Every interpreter has imported the module behind collections.abc. */
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
    /* Programs cannot create instances, which would have no socket or option. */
    csp_forbid_new((PyTypeObject *)type);
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
    /* Another thread may have been faster; its type is used. */
    if (!__atomic_compare_exchange_n(slot, &none, type, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        Py_DECREF(type);
    return none ? none : type;
}

/* Names of fields that are reserved in Python. */
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

/* _option_struct(name, values) for copyreg: pickles refer to structs by their names. */
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

PyTypeObject *csp_tuple_class_of(struct csp_state *state, const struct csp_tuple *tuple)
{
    PyObject *class = cached_class(state, tuple->name), *text, *list;

    if (!class) {
        text = PyUnicode_FromString(tuple->fields);
        list = text ? PyObject_CallMethod(text, "split", NULL) : NULL;
        if (list)
            class = (PyObject *)csp_tuple_class(state, tuple->name, list);
        Py_XDECREF(text);
        Py_XDECREF(list);
    }
    if (class && tuple->getset && !PyObject_HasAttrString(class, tuple->getset->name) &&
        csp_add_getset((PyTypeObject *)class, tuple->getset) < 0)
        return NULL;
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

    /* Not the class's own __new__, which takes the values as separate arguments. */
    if (args)
        result = PyTuple_Type.tp_new(type, args, NULL);
    Py_XDECREF(args);
    Py_XDECREF(stolen);
    return result;
}

/* Called for each layout; ends the walk by returning true. */
typedef bool visitor(const struct csk_layout *layout, void *context);

/* Visit a layout, its variants, and the layout of its last field. */
static bool visit_layout(const struct csk_layout *layout, visitor *visit, void *context)
{
    const struct csk_layout *variant;

    if (!layout || csk_layout_is_plain(layout))
        return false;
    if (visit(layout, context))
        return true;
    for (size_t i = 0; (variant = csk_layout_variant(layout, i)); i++)
        if (visit(variant, context))
            return true;
    layout = csk_field_layout(csk_layout_field(layout, csk_layout_field_count(layout) - 1));
    return visit_layout(layout, visit, context);
}

static bool visit_option(const struct csk_option *option, visitor *visit, void *context)
{
    return visit_layout(csk_option_layout(option, CSK_OPTION_GET), visit, context) ||
           visit_layout(csk_option_layout(option, CSK_OPTION_SET), visit, context);
}

/* Visit the layouts of all options and control messages, some of them repeatedly. */
static bool visit_all(visitor *visit, void *context)
{
    const struct csk_option *option;

    for (size_t i = 0; (option = csk_option_at(i)); i++)
        if (visit_option(option, visit, context))
            return true;
    for (size_t i = 0; (option = csk_control_at(i)); i++)
        if (visit_option(option, visit, context))
            return true;
    return false;
}

struct search {
    const char *name;
    const struct csk_layout *found;
};

static bool has_name(const struct csk_layout *layout, void *context)
{
    struct search *search = context;

    if (strcmp(csk_layout_name(layout), search->name) == 0)
        search->found = layout;
    return search->found;
}

static const struct csp_tuple *const tuples[] = { &csp_option_field_tuple,
                                                  &csp_queued_error_tuple };

/* The class with that name, or a ValueError (borrowed). */
static PyTypeObject *class_named(struct csp_state *state, const char *name)
{
    struct search search = { name, NULL };

    for (size_t i = 0; i < sizeof tuples / sizeof *tuples; i++)
        if (strcmp(tuples[i]->name, name) == 0)
            return csp_tuple_class_of(state, tuples[i]);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(strrchr(types[i].spec->name, '.') + 1, name) == 0)
            return csp_option_type(state, (enum csp_option_type)i);
    if (visit_all(has_name, &search))
        return csp_struct_class(state, search.found);
    PyErr_Format(PyExc_ValueError, "no socket option has a struct %s", name);
    return NULL;
}

/* _option_struct(name, values): the counterpart of struct_reduce. */
static PyObject *option_struct(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    PyTypeObject *class;
    const char *name;

    if (csp_count("_option_struct", count, 2, 2) < 0 ||
        csp_text(args[0], "_option_struct", 1, "name", &name) < 0)
        return NULL;
    class = class_named(csp_state_of(module), name);
    if (class && !PyType_IsSubtype(class, &PyTuple_Type)) {
        PyErr_Format(PyExc_ValueError, "%s is not a struct", name);
        return NULL;
    }
    return class ? csp_named_tuple(class, PySequence_Tuple(args[1])) : NULL;
}

/* _option_class(name): the class of a struct, or another one of csocket.values. */
static PyObject *option_class(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    const char *name;

    if (csp_count("_option_class", count, 1, 1) < 0 ||
        csp_text(args[0], "_option_class", 1, "name", &name) < 0)
        return NULL;
    return Py_XNewRef((PyObject *)class_named(csp_state_of(module), name));
}

static int add_name(PyObject *set, const char *name)
{
    PyObject *object = PyUnicode_FromString(name);
    int n = object ? PySet_Add(set, object) : -1;

    Py_XDECREF(object);
    return n;
}

static bool add_layout(const struct csk_layout *layout, void *set)
{
    return add_name(set, csk_layout_name(layout)) < 0;
}

/* _option_classes(): the set of the names for which _option_class() returns a class. */
static PyObject *option_classes(PyObject *module, PyObject *unused)
{
    PyObject *set = PySet_New(NULL);
    int n = set ? 0 : -1;

    (void)module;
    (void)unused;
    for (size_t i = 0; n == 0 && i < sizeof tuples / sizeof *tuples; i++)
        n = add_name(set, tuples[i]->name);
    for (size_t i = 0; n == 0 && i < sizeof types / sizeof *types; i++)
        n = add_name(set, strrchr(types[i].spec->name, '.') + 1);
    if (n < 0 || visit_all(add_layout, set))
        Py_CLEAR(set);
    return set;
}

static const struct csp_function functions[] = {
    { CSP_FAST(option_class), "_option_class" },
    { option_classes, METH_NOARGS, "_option_classes" },
    { CSP_FAST(option_struct), "_option_struct" },
    { NULL },
};

int csp_option_types_setup(struct csp_state *state)
{
    state->option_structs = PyDict_New();
    return state->option_structs ? csp_add_functions(state->module, functions) : -1;
}
