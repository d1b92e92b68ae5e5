/* Names of options: found in any case, and what was meant where there is none. */
#include "options.h"

#include <string.h>

#define NAME_MAX_SIZE 48
#define NEAR_MAX 3

bool csp_option_is_private(PyObject *name)
{
    /* Who calls __getattribute__ may give it anything. */
    return !PyUnicode_Check(name) || PyUnicode_GET_LENGTH(name) == 0 ||
           PyUnicode_READ_CHAR(name, 0) == '_';
}

bool csp_option_is_name(PyObject *name)
{
    return !csp_option_is_private(name) &&
           PyUnicode_FindChar(name, '_', 1, PyUnicode_GET_LENGTH(name), 1) > 0;
}

const struct csk_option *csp_option_named(PyObject *name, int family)
{
    const struct csk_option *option;
    const char *text = PyUnicode_AsUTF8(name);

    if (!text) {
        PyErr_Clear();
        return NULL;
    }
    option = csk_option_find(text, family);
    /* Some have an option of this name for other families only. */
    return option || family == AF_UNSPEC ? option : csk_option_find(text, AF_UNSPEC);
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be changed, added, taken away or swapped to make one text of the other. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned rows[3][NAME_MAX_SIZE + 1], *before = rows[0], *last = rows[1], *row = rows[2], *free;
    size_t i, k;

    for (k = 0; k <= b_size; k++)
        last[k] = (unsigned)k;
    for (i = 1; i <= a_size; i++) {
        row[0] = (unsigned)i;
        for (k = 1; k <= b_size; k++) {
            row[k] = least(last[k - 1] + (a[i - 1] != b[k - 1]), least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = least(row[k], before[k - 2] + 1);
        }
        free = before;
        before = last;
        last = row;
        row = free;
    }
    return last[b_size];
}

/* How far a name is from a text; 3 and more is too far.  "NODELAY" is near to TCP_NODELAY. */
static unsigned farness(const char *text, size_t size, const char *name)
{
    size_t length = strlen(name);

    if (length > NAME_MAX_SIZE)
        return 3;
    if (length > size + 1 && name[length - size - 1] == '_' &&
        strcmp(name + length - size, text) == 0)
        return 1;
    if (length > size + 2 || size > length + 2)
        return 3;
    return distance(text, size, name, length);
}

/* The nearest names, the best first; how many. */
static unsigned find_near(const char *text, size_t size, const char *near[NEAR_MAX])
{
    const struct csk_option *option;
    unsigned far[NEAR_MAX], count = 0, distance_here, at;

    for (size_t i = 0; (option = csk_option_at(i)); i++) {
        distance_here = farness(text, size, option->name);
        if (distance_here > 2 || csk_option_find(option->name, AF_UNSPEC) != option)
            continue;
        for (at = count; at > 0 && far[at - 1] > distance_here; at--) {
            if (at < NEAR_MAX) {
                far[at] = far[at - 1];
                near[at] = near[at - 1];
            }
        }
        if (at < NEAR_MAX) {
            far[at] = distance_here;
            near[at] = option->name;
            count += count < NEAR_MAX;
        }
    }
    return count;
}

/* The name as the catalogue or as an attribute has it (new). */
static PyObject *written(const char *name, bool lower)
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
    const char *near[NEAR_MAX], *text = PyUnicode_AsUTF8(name);
    char capitals[NAME_MAX_SIZE + 1];
    size_t size = text ? strlen(text) : 0, i;
    PyObject *result, *one;
    unsigned count = 0;

    PyErr_Clear();
    if (size > 3 && size <= NAME_MAX_SIZE) {
        for (i = 0; i <= size; i++)
            capitals[i] = upper(text[i]);
        count = find_near(capitals, size, near);
    }
    result = PyUnicode_FromString("");
    for (unsigned k = 0; result && k < count; k++) {
        if (!(one = written(near[k], lower))) {
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

PyObject *csp_option_unknown(PyObject *type, PyObject *name, bool lower)
{
    PyObject *more;

    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "a socket option's name is a str, not %.100s",
                     Py_TYPE(name)->tp_name);
        return NULL;
    }
    if ((more = suggestion(name, lower))) {
        PyErr_Format(type, "no socket option %U%U", name, more);
        Py_DECREF(more);
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
        name = written(option->name, true);
        n = name ? PyList_Append(list, name) : -1;
        Py_XDECREF(name);
    }
    return n;
}
