/* socket.makefile: Python's own files on a SocketIO. */
#include "args.h"
#include "define.h"
#include "setup.h"
#include "socket/socket.h"

#include <string.h>

struct mode {
    PyObject *object; /* borrowed */
    bool reading, writing, binary;
};

static int read_mode(struct mode *mode, PyObject *object)
{
    Py_ssize_t size;
    const char *text = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, &size) : NULL;

    if (!text && PyErr_Occurred())
        return -1;
    if (!text && !csp_has_iter(object) && !PySequence_Check(object)) {
        PyErr_Format(PyExc_TypeError, "mode: '%s' object is not iterable",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    if (!text || strspn(text, "rwb") != (size_t)size) {
        PyErr_Format(PyExc_ValueError, "invalid mode %R (only r, w, b allowed)", object);
        return -1;
    }
    mode->object = object;
    mode->writing = strchr(text, 'w') != NULL;
    mode->reading = strchr(text, 'r') || !mode->writing;
    mode->binary = strchr(text, 'b') != NULL;
    return 0;
}

/* io.BufferedReader(raw, size) or a similar class (new). */
static PyObject *open_buffered(struct csp_state *state, const struct mode *mode, PyObject *raw,
                               PyObject *size)
{
    PyObject *class, *file = NULL;
    const char *name = mode->reading && mode->writing ? "BufferedRWPair"
                       : mode->reading                ? "BufferedReader"
                                                      : "BufferedWriter";

    if (!(class = PyObject_GetAttrString(state->io, name)))
        return NULL;
    if (mode->reading && mode->writing)
        file = PyObject_CallFunctionObjArgs(class, raw, raw, size, NULL);
    else
        file = PyObject_CallFunctionObjArgs(class, raw, size, NULL);
    Py_DECREF(class);
    if (!file)
        csp_named("buffering");
    return file;
}

/* The encoding, with the interpreter's warning if it is missing (new). */
static PyObject *text_encoding(struct csp_state *state, PyObject *encoding)
{
    if (!PyObject_HasAttr(state->io, state->str_text_encoding))
        return Py_NewRef(encoding);
    return PyObject_CallMethodOneArg(state->io, state->str_text_encoding, encoding);
}

/* Name the argument with a null character, which io's error about one does not. */
static void name_text(PyObject *const *values)
{
    static const char names[3][12] = { "encoding", "errors", "newline" };
    struct csp_saved_exception saved;
    int found = -1;

    csp_save_exception(&saved);
    for (int i = 0; i < 3; i++)
        if (values[i] && PyUnicode_Check(values[i]) && !csp_utf8(values[i])) {
            PyErr_Clear();
            found = i;
        }
    csp_restore_exception(&saved);
    if (found >= 0)
        csp_named(names[found]);
}

static PyObject *open_text(struct csp_state *state, const struct mode *mode, PyObject *buffer,
                           PyObject *const *values)
{
    PyObject *encoding = text_encoding(state, values[2] ? values[2] : Py_None);
    PyObject *class = NULL, *file = NULL;

    /* io would go on, and call raw.readable() with an exception set, which a C function must not
     * be. */
    if (values[3] && PyUnicode_Check(values[3]) && !PyUnicode_AsUTF8(values[3]))
        Py_CLEAR(encoding);
    if (encoding && (class = PyObject_GetAttrString(state->io, "TextIOWrapper")))
        file = PyObject_CallFunctionObjArgs(class, buffer, encoding,
                                            values[3] ? values[3] : Py_None,
                                            values[4] ? values[4] : Py_None, NULL);
    if (encoding && !file)
        name_text(values + 2);
    if (file && PyObject_SetAttr(file, state->str_mode, mode->object) < 0)
        Py_CLEAR(file);
    Py_XDECREF(encoding);
    Py_XDECREF(class);
    return file;
}

/* -1 with an exception if the object cannot be compared with numbers. */
static int compare_with_zero(PyObject *object, int operation)
{
    PyObject *zero = PyLong_FromLong(0);
    int n = zero ? PyObject_RichCompareBool(object, zero, operation) : -1;

    Py_XDECREF(zero);
    return n;
}

/* The size from the argument buffering (new). */
static PyObject *buffer_size(struct csp_state *state, PyObject *buffering)
{
    int negative = 1;

    if (buffering && buffering != Py_None)
        negative = compare_with_zero(buffering, Py_LT);
    if (negative < 0 && csp_named("buffering") < 0)
        return NULL;
    return negative ? PyObject_GetAttrString(state->io, "DEFAULT_BUFFER_SIZE")
                    : Py_NewRef(buffering);
}

/* The file around raw, which it may be itself (new). */
static PyObject *open_file(struct csp_state *state, const struct mode *mode, PyObject *raw,
                           PyObject *const *values)
{
    PyObject *size = buffer_size(state, values[1]), *file = NULL, *text;
    int unbuffered = size ? compare_with_zero(size, Py_EQ) : -1;

    if (unbuffered > 0 && !mode->binary)
        PyErr_SetString(PyExc_ValueError, "unbuffered streams must be binary");
    else if (unbuffered > 0)
        file = Py_NewRef(raw);
    else if (unbuffered == 0)
        file = open_buffered(state, mode, raw, size);
    Py_XDECREF(size);
    if (!file || mode->binary)
        return file;
    text = open_text(state, mode, file, values);
    Py_DECREF(file);
    return text;
}

static const struct csp_signature signature = { "makefile",
                                                "mode buffering encoding errors newline", 0, 5 };

static PyObject *sock_makefile(PyObject *op, PyObject *const *args, Py_ssize_t count,
                               PyObject *names)
{
    struct csp_state *state = ((struct csp_socket *)op)->state;
    struct mode mode = { NULL, true, false, false };
    PyObject *values[5], *raw, *file;

    if (count > 2) {
        PyErr_Format(PyExc_TypeError,
                     "makefile() takes from 1 to 3 positional arguments but %zd were given",
                     count + 1);
        return NULL;
    }
    if (csp_arguments(&signature, args, count, names, values) < 0 ||
        (values[0] && read_mode(&mode, values[0]) < 0))
        return NULL;
    if (!mode.object)
        mode.object = state->str_r;
    raw = csp_file_new(state, op, mode.reading, mode.writing);
    if (!raw)
        return NULL;
    csp_file_opened(op);
    file = open_file(state, &mode, raw, values);
    Py_DECREF(raw);
    return file;
}

static const struct csp_function methods[] = {
    { CSP_KEYWORDS(sock_makefile),
      "makefile($self, /, mode='r', buffering=None, *, encoding=None, errors=None, newline=None)\n"
      "--\n\n"
      "A file of the socket. The arguments are those of open() after the name; mode is made of\n"
      "'r', 'w' and 'b'. The connection ends when both file and socket are closed." },
    { NULL },
};

int csp_makefile_setup(struct csp_state *state)
{
    return csp_add_borrowable(state, state->package_type, methods);
}
