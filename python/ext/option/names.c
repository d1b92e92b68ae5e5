/* Names of options: case-insensitive lookup, and suggestions for unknown names. */
#include "option/options.h"

#include <string.h>

#define NAME_MAX_SIZE 48

bool csp_option_is_private(PyObject *name)
{
    /* __getattribute__ may be called with any object. */
    return !PyUnicode_Check(name) || PyUnicode_GET_LENGTH(name) == 0 ||
           PyUnicode_READ_CHAR(name, 0) == '_';
}

bool csp_option_is_name(PyObject *name)
{
    return !csp_option_is_private(name) &&
           PyUnicode_FindChar(name, '_', 1, PyUnicode_GET_LENGTH(name), 1) > 0;
}

const struct csk_option *csp_option_by_name(PyObject *name, int family)
{
    const struct csk_option *option;
    const char *text = csp_utf8(name);

    if (!text) {
        PyErr_Clear();
        return NULL;
    }
    option = csk_option_find(text, family);
    /* Some levels have an option of this name only for other families. */
    return option || family == AF_UNSPEC ? option : csk_option_find(text, AF_UNSPEC);
}

PyObject *csp_option_name_object(const char *name, bool lower)
{
    char text[NAME_MAX_SIZE + 1];
    size_t i;

    for (i = 0; name[i] && i < NAME_MAX_SIZE; i++)
        text[i] = lower && name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    return PyUnicode_FromStringAndSize(text, (Py_ssize_t)i);
}

/* "; did you mean so_linger or so_..?", or "" (new). */
static PyObject *suggestion(PyObject *name, bool lower)
{
    const struct csk_option *similar[CSK_OPTION_SUGGESTIONS_MAX];
    const char *text = PyUnicode_AsUTF8(name);
    size_t count = csk_option_suggest(text, similar, CSK_OPTION_SUGGESTIONS_MAX);
    PyObject *result = PyUnicode_FromString(""), *one;

    if (!text)
        PyErr_Clear();
    for (size_t k = 0; result && k < count; k++) {
        if (!(one = csp_option_name_object(csk_option_name(similar[k]), lower))) {
            Py_CLEAR(result);
            break;
        }
        Py_SETREF(result,
                  PyUnicode_FromFormat("%U%s%U", result, k == 0 ? "; did you mean " : " or ", one));
        Py_DECREF(one);
    }
    if (result && count > 0)
        Py_SETREF(result, PyUnicode_FromFormat("%U?", result));
    return result;
}

PyObject *csp_option_raise_unknown(PyObject *type, PyObject *name, bool lower)
{
    PyObject *suggested;

    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "a socket option's name is a str, not %.100s",
                     Py_TYPE(name)->tp_name);
        return NULL;
    }
    if ((suggested = suggestion(name, lower))) {
        PyErr_Format(type, "no socket option %U%U", name, suggested);
        Py_DECREF(suggested);
    }
    return NULL;
}

int csp_option_list_names(PyObject *list, bool (*fits)(const struct csk_option *, void *),
                          void *context)
{
    const struct csk_option *option;
    PyObject *name;
    int n = 0;

    for (size_t i = 0; n == 0 && (option = csk_option_at(i)); i++) {
        if (!fits(option, context))
            continue;
        name = csp_option_name_object(csk_option_name(option), true);
        n = name ? PyList_Append(list, name) : -1;
        Py_XDECREF(name);
    }
    return n;
}
