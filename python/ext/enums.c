/* The enums that csocket creates from its constants.
 *
 * Enum._convert_ takes 40,000 instructions per member, which would be a third of the import.  It
 * makes the first member, and the others are made here in the same way: on versions whose enums are
 * known, if the first member and its class have the expected attributes. */
#include "define.h"
#include "setup.h"

#include <stdint.h>

#if !defined PYPY_VERSION && PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x03100000
/* The attributes of a member, in the order in which they are set. */
enum { VALUE, NAME, CLASS, ORDER, ATTRIBUTES };

static const char attributes[ATTRIBUTES][14] = { "_value_", "_name_", "__objclass__",
                                                 "_sort_order_" };

struct enumeration {
    PyTypeObject *type;
    PyObject *names, *map, *by_value; /* borrowed, as the next ones */
    PyObject *hashable;               /* from 3.12 on; NULL if there is none */
    PyTypeObject *redirect;           /* of the class's attributes on 3.11; NULL: the members */
    PyObject *attributes[ATTRIBUTES]; /* new */
    bool flags;
    uint64_t all, single;
};

static PyObject *item(PyTypeObject *type, const char *name, PyTypeObject *kind)
{
    PyObject *value = PyDict_GetItemString(type->tp_dict, name);

    return value && Py_IS_TYPE(value, kind) ? value : NULL;
}

/* Whether the member has these attributes and no others. */
static bool is_plain_member(const struct enumeration *e, PyObject *member)
{
    PyObject *dict = PyObject_GenericGetDict(member, NULL);
    bool plain = dict && PyDict_GET_SIZE(dict) == ATTRIBUTES;

    for (int i = 0; plain && i < ATTRIBUTES; i++)
        plain = PyDict_GetItemWithError(dict, e->attributes[i]) != NULL;
    Py_XDECREF(dict);
    return plain;
}

static void note_bits(struct enumeration *e, uint64_t value)
{
    e->all |= value;
    if (value && !(value & (value - 1)))
        e->single |= value;
}

/* Whether the enum, which has one member, is of the form that this file makes. */
static bool begin(struct enumeration *e)
{
    PyObject *name, *member, *attribute;
    Py_ssize_t place = 0;

    if (!(e->type->tp_flags & Py_TPFLAGS_HEAPTYPE))
        return false;
    e->names = item(e->type, "_member_names_", &PyList_Type);
    e->map = item(e->type, "_member_map_", &PyDict_Type);
    e->by_value = item(e->type, "_value2member_map_", &PyDict_Type);
    e->hashable = item(e->type, "_hashable_values_", &PyList_Type);
    e->flags = item(e->type, "_flag_mask_", &PyLong_Type) != NULL;
    if (!(e->names && e->map && e->by_value) || PyDict_GET_SIZE(e->map) != 1 ||
        !PyDict_Next(e->map, &place, &name, &member) || !PyLong_Check(member))
        return false;
    note_bits(e, PyLong_AsUnsignedLongLongMask(member));
    attribute = PyDict_GetItemWithError(e->type->tp_dict, name);
    if (attribute && attribute != member)
        e->redirect = Py_TYPE(attribute);
    return attribute && is_plain_member(e, member) &&
           (!e->redirect || strcmp(e->redirect->tp_name, "property") == 0);
}

/* A member with a number that no other has (new). */
static PyObject *make_member(struct enumeration *e, PyObject *value, PyObject *name)
{
    PyObject *args = PyTuple_Pack(1, value);
    PyObject *order = PyLong_FromSsize_t(PyList_GET_SIZE(e->names));
    PyObject *member = args && order ? PyLong_Type.tp_new(e->type, args, NULL) : NULL;
    PyObject *values[ATTRIBUTES] = { value, name, (PyObject *)e->type, order };
    int n = member ? 0 : -1;

    for (int i = 0; n == 0 && i < ATTRIBUTES; i++)
        n = PyObject_GenericSetAttr(member, e->attributes[i], values[i]);
    if (n == 0)
        n = PyDict_SetItem(e->by_value, value, member);
    if (n == 0 && e->hashable)
        n = PyList_Append(e->hashable, value);
    Py_XDECREF(args);
    Py_XDECREF(order);
    if (n < 0)
        Py_CLEAR(member);
    return member;
}

/* The class's attribute for a member (new). */
static PyObject *attribute_for(struct enumeration *e, PyObject *name, PyObject *member)
{
    PyObject *attribute, *done;

    if (!e->redirect)
        return Py_NewRef(member);
    if (!(attribute = PyObject_CallNoArgs((PyObject *)e->redirect)))
        return NULL;
    done = PyObject_CallMethod(attribute, "__set_name__", "OO", e->type, name);
    if (!done)
        Py_CLEAR(attribute);
    Py_XDECREF(done);
    return attribute;
}

static int add_member(struct enumeration *e, PyObject *value, PyObject *name, PyObject *namespace)
{
    uint64_t number = PyLong_AsUnsignedLongLongMask(value);
    PyObject *member = PyDict_GetItemWithError(e->by_value, value), *attribute = NULL;
    int n = 0;

    if (member) {
        Py_INCREF(member); /* an alias */
    } else {
        if (!(member = make_member(e, value, name)))
            return -1;
        note_bits(e, number);
        if (!e->flags || (number && !(number & (number - 1))))
            n = PyList_Append(e->names, name);
    }
    if (n < 0 || !(attribute = attribute_for(e, name, member)) ||
        PyDict_SetItem(e->map, name, member) < 0 ||
        PyDict_SetItem(e->type->tp_dict, name, attribute) < 0 ||
        PyDict_SetItem(namespace, name, member) < 0)
        n = -1;
    Py_XDECREF(attribute);
    Py_DECREF(member);
    return n;
}

/* 3.11.0 to 3.11.3 do not have all of these attributes. */
static int set_bits(struct enumeration *e, const char *name, uint64_t bits)
{
    bool exists = PyObject_HasAttrString((PyObject *)e->type, name);
    PyObject *number = exists ? PyLong_FromUnsignedLongLong(bits) : NULL;
    int n = 0;

    if (exists)
        n = number ? PyDict_SetItemString(e->type->tp_dict, name, number) : -1;
    Py_XDECREF(number);
    return n;
}

/* Every bit up to the highest one. */
static uint64_t filled(uint64_t bits)
{
    for (unsigned step = 1; step < 64; step *= 2)
        bits |= bits >> step;
    return bits;
}

static int add_members(struct enumeration *e, PyObject *members, PyObject *namespace)
{
    for (Py_ssize_t i = 1; i < PyList_GET_SIZE(members); i++) {
        PyObject *pair = PyList_GET_ITEM(members, i);

        if (add_member(e, PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1), namespace) < 0)
            return -1;
    }
    if (e->flags &&
        (set_bits(e, "_flag_mask_", e->all) < 0 || set_bits(e, "_singles_mask_", e->single) < 0 ||
         set_bits(e, "_all_bits_", filled(e->all)) < 0))
        return -1;
    PyType_Modified(e->type);
    return 0;
}

static int extend(struct enumeration *e, PyObject *members, PyObject *namespace)
{
    int n = 1;

    for (int i = 0; n > 0 && i < ATTRIBUTES; i++)
        if (!(e->attributes[i] = PyUnicode_InternFromString(attributes[i])))
            n = -1;
    if (n > 0)
        n = begin(e);
    if (n > 0 && add_members(e, members, namespace) < 0)
        n = -1;
    for (int i = 0; i < ATTRIBUTES; i++)
        Py_XDECREF(e->attributes[i]);
    return PyErr_Occurred() ? -1 : n;
}
#else
struct enumeration {
    PyTypeObject *type;
};

static int extend(struct enumeration *e, PyObject *members, PyObject *namespace)
{
    (void)e, (void)members, (void)namespace;
    return 0;
}
#endif

/* (enum, members, namespace): add the members after the first one, pairs (number, name) in their
 * order, to an enum of the first one, and to the namespace.  False if it is not of a known form. */
static PyObject *extend_enum(PyObject *module, PyObject *args)
{
    struct enumeration e = { 0 };
    PyObject *members, *namespace;
    int n;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!O!:_extend_enum", &PyType_Type, &e.type, &PyList_Type,
                          &members, &PyDict_Type, &namespace))
        return NULL;
    n = extend(&e, members, namespace);
    return n < 0 ? NULL : PyBool_FromLong(n);
}

static const struct csp_function functions[] = {
    { extend_enum, METH_VARARGS, "_extend_enum" },
    { NULL },
};

int csp_enums_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
