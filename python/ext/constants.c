/* The constants, and the members of the enums that csocket creates from them. */
#include "args.h"
#include "define.h"
#include "setup.h"

#include <string.h>

static PyObject *constant_value(const struct csk_constant *constant)
{
    if (constant->flags & CSK_CONSTANT_TEXT)
        return PyUnicode_FromString(constant->text);
    return PyLong_FromLongLong(constant->value);
}

/* The groups whose constants csocket turns into enums. */
static const char enum_groups[][5] = { "AF", "SOCK", "MSG", "AI" };

/* The enum that a name belongs to by its beginning; NULL: none. */
static const char *enum_group(const char *name)
{
    size_t k;

    for (size_t i = 0; i < sizeof enum_groups / sizeof *enum_groups; i++) {
        for (k = 0; enum_groups[i][k] && enum_groups[i][k] == name[k]; k++)
            ;
        if (!enum_groups[i][k] && name[k] == '_')
            return enum_groups[i];
    }
    return NULL;
}

/* Whether the constant would wrongly become a member of an enum: a constant of another group with
 * such a name, or a second name that sorts before the one that Python shows. */
static bool spoils_enum(const struct csk_constant *constant)
{
    const char *group = enum_group(constant->name);

    return group &&
           (strcmp(constant->group, group) != 0 ||
            (constant->flags & (CSK_CONSTANT_PYTHON | CSK_CONSTANT_ALIAS)) == CSK_CONSTANT_ALIAS);
}

/* Attributes of _socket are the constants of Python, and the other members of the enums. */
static bool is_common(const struct csk_constant *constant)
{
    return (constant->flags & CSK_CONSTANT_PYTHON) ||
           (enum_group(constant->name) && !spoils_enum(constant));
}

/* The names of the common ones are interned, like names in the code of programs.  Most of the
 * others are never used. */
static PyObject *constant_name(const struct csk_constant *constant, bool common)
{
    return common ? PyUnicode_InternFromString(constant->name)
                  : PyUnicode_FromString(constant->name);
}

/* Add the common constants, or the others, to a dict. */
static int add_constants(PyObject *dict, bool common)
{
    const struct csk_constant *constant;
    PyObject *name, *value;
    int n = 0;

    for (size_t i = 0; n == 0 && (constant = csk_constant_at(NULL, i)); i++) {
        if (is_common(constant) != common || (!common && spoils_enum(constant)))
            continue;
        name = constant_name(constant, common);
        value = name ? constant_value(constant) : NULL;
        n = value ? PyDict_SetItem(dict, name, value) : -1;
        Py_XDECREF(name);
        Py_XDECREF(value);
    }
    return n;
}

/* The others, four times as many, exist in csocket only.  They are also created at once: a module's
 * __getattr__ would slow down every lookup, even of functions, because the interpreter specializes
 * lookups only in modules without one. */
static PyObject *add_more_constants(PyObject *module, PyObject *dict)
{
    (void)module;
    if (!PyDict_Check(dict))
        return PyErr_Format(PyExc_TypeError, "a dict is needed");
    if (add_constants(dict, false) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* Like str.isupper: enums do not have AF_DECnet. */
static bool is_upper(const char *name)
{
    while (*name && !(*name >= 'a' && *name <= 'z'))
        name++;
    return !*name;
}

static int append_member(PyObject *list, PyObject *attributes, const char *text)
{
    PyObject *name = PyUnicode_InternFromString(text);
    PyObject *value = name ? PyDict_GetItemWithError(attributes, name) : NULL;
    PyObject *pair = value ? PyTuple_Pack(2, value, name) : NULL;
    int n = pair ? PyList_Append(list, pair) : PyErr_Occurred() ? -1 : 0;

    Py_XDECREF(name);
    Py_XDECREF(pair);
    return n;
}

/* A list (new) of the attributes that are members of an enum, (number, name), in its order. */
static PyObject *enum_members(PyObject *module, PyObject *group)
{
    PyObject *attributes = PyModule_GetDict(module), *list = PyList_New(0);
    const char *text = PyUnicode_Check(group) ? csp_utf8(group) : "";
    const struct csk_constant *constant;
    int n = text ? 0 : -1;

    for (size_t i = 0; list && n == 0 && (constant = csk_constant_at(text, i)); i++)
        if (is_common(constant) && is_upper(constant->name))
            n = append_member(list, attributes, constant->name);
    if (n < 0 || (list && PyList_Sort(list) < 0))
        Py_CLEAR(list);
    return list;
}

/* (dict, list): copy the public attributes into the dict, and append their names to the list. */
static PyObject *export_names(PyObject *module, PyObject *args)
{
    PyObject *dict, *list, *name, *value;
    Py_ssize_t place = 0;

    if (!PyArg_ParseTuple(args, "O!O!:_export", &PyDict_Type, &dict, &PyList_Type, &list))
        return NULL;
    while (PyDict_Next(PyModule_GetDict(module), &place, &name, &value))
        if (PyUnicode_READ_CHAR(name, 0) != '_' &&
            (PyDict_SetItem(dict, name, value) < 0 || PyList_Append(list, name) < 0))
            return NULL;
    Py_RETURN_NONE;
}

/* The member with that number, or the number itself if there is none (new). */
static PyObject *look_up_member(PyObject *type, int number)
{
    PyObject *n = PyLong_FromLong(number), *member;

    if (!n || !type)
        return n;
    member = PyObject_CallOneArg(type, n);
    if (member || !PyErr_ExceptionMatches(PyExc_ValueError)) {
        Py_DECREF(n);
        return member;
    }
    PyErr_Clear();
    return n;
}

PyObject *csp_enum_member(struct csp_members *members, int number)
{
    if (number >= 0 && number < CSP_MEMBERS_MAX && members->member[number])
        return Py_NewRef(members->member[number]);
    return look_up_member(members->type, number);
}

static int store_members(struct csp_members *members, PyObject *type)
{
    PyObject *by_value = PyObject_GetAttrString(type, "_value2member_map_"), *number, *member;
    int i, n = by_value ? 0 : -1;

    Py_XSETREF(members->type, Py_NewRef(type));
    for (i = 0; n == 0 && i < CSP_MEMBERS_MAX; i++) {
        /* Not by calling the type, which raises an exception for each number without a member. */
        number = PyLong_FromLong(i);
        member = number ? PyDict_GetItemWithError(by_value, number) : NULL;
        Py_XSETREF(members->member[i], Py_XNewRef(member ? member : number));
        Py_XDECREF(number);
        n = PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(by_value);
    return n;
}

/* csocket calls it when it has created its enums. */
static PyObject *set_enums(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csp_state *state = csp_state_of(module);

    if (csp_count("_set_enums", count, 2, 2) < 0 || store_members(&state->families, args[0]) < 0 ||
        store_members(&state->types, args[1]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static const struct csp_function functions[] = {
    { add_more_constants, METH_O, "_add_more_constants" },
    { enum_members, METH_O, "_enum_members" },
    { export_names, METH_VARARGS, "_export" },
    { CSP_FAST(set_enums), "_set_enums" },
    { NULL },
};

int csp_constants_setup(struct csp_state *state)
{
    return add_constants(PyModule_GetDict(state->module), true) < 0 ||
                   csp_add(state->module, "has_ipv6", PyBool_FromLong(csk_has_ipv6())) < 0
               ? -1
               : csp_add_functions(state->module, functions);
}
