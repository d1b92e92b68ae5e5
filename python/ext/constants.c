/* The constants, and the members of the enums that csocket makes of them. */
#include "binding.h"

#include <string.h>

static PyObject *constant_value(const struct csk_constant *constant)
{
    if (constant->flags & CSK_CONSTANT_TEXT)
        return PyUnicode_FromString(constant->text);
    return PyLong_FromLongLong(constant->value);
}

/* Whether csocket would make a member of an enum of it that does not belong there: a constant of
 * another group with such a name, or a second name that sorts before the one that Python shows. */
static bool spoils_enum(const struct csk_constant *constant)
{
    static const char *const groups[] = { "AF", "SOCK", "MSG", "AI" };
    size_t length;

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        length = strlen(groups[i]);
        if (strncmp(constant->name, groups[i], length) == 0 && constant->name[length] == '_')
            return strcmp(constant->group, groups[i]) != 0 ||
                   (constant->flags & (CSK_CONSTANT_PYTHON | CSK_CONSTANT_ALIAS)) ==
                       CSK_CONSTANT_ALIAS;
    }
    return false;
}

/* All others are module attributes, by the table that the core was built with. */
static int add_constants(struct csp_state *state)
{
    PyObject *dict = PyModule_GetDict(state->module), *value;
    const struct csk_constant *constant;
    int n = 0;

    for (size_t i = 0; n == 0 && (constant = csk_constant_at(NULL, i)); i++) {
        if (spoils_enum(constant))
            continue;
        value = constant_value(constant);
        n = value ? PyDict_SetItemString(dict, constant->name, value) : -1;
        Py_XDECREF(value);
    }
    return n < 0 ? -1 : csp_add(state->module, "has_ipv6", PyBool_FromLong(csk_has_ipv6()));
}

/* The member with that number, or the number itself where there is none (new). */
static PyObject *look_up(PyObject *type, int number)
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
    return look_up(members->type, number);
}

static int keep_members(struct csp_members *members, PyObject *type)
{
    PyObject *member;

    Py_XSETREF(members->type, Py_NewRef(type));
    for (int i = 0; i < CSP_MEMBERS_MAX; i++) {
        if (!(member = look_up(type, i)))
            return -1;
        Py_XSETREF(members->member[i], member);
    }
    return 0;
}

/* csocket calls it when it has made its enums. */
static PyObject *set_enums(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csp_state *state = csp_state_of(module);

    if (csp_count("_set_enums", count, 2, 2) < 0 || keep_members(&state->families, args[0]) < 0 ||
        keep_members(&state->types, args[1]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    { "_set_enums", (PyCFunction)(void (*)(void))set_enums, METH_FASTCALL, NULL },
    { NULL },
};

int csp_constants_setup(struct csp_state *state)
{
    return add_constants(state) < 0 ? -1 : PyModule_AddFunctions(state->module, functions);
}
