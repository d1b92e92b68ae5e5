/* Converts codes to exceptions: the only file of the binding that chooses the class of an error. */
#include "define.h"
#include "error.h"
#include "scope.h"
#include "setup.h"

#include <errno.h>
#include <string.h>

#include <langinfo.h>
#include <netdb.h>

/* Values with this many items are too long for an error message. */
#define LONG_VALUE 64

/* The class for the library's own errors; those of the system are OSErrors. */
static PyObject *misuse_type(int code)
{
    switch (code) {
    case CSK_EADDRKIND: return PyExc_TypeError;
    case CSK_ERANGE:
    case CSK_EPORT:
    case CSK_EADDRFIELD: return PyExc_OverflowError;
    case CSK_ENULL:
    case CSK_EADDRTEXT:
    case CSK_EADDRVALUE:
    case CSK_ESPACE:
    case CSK_EANCILLARY:
    case CSK_ENONBLOCK:
    case CSK_ESOCKTYPE:
    case CSK_EMODE:
    case CSK_EDUALSTACK:
    case CSK_EDUALSTACKFAMILY:
    case CSK_EREUSEPORT:
    case CSK_EINETLEN:
    case CSK_EOPTION:
    case CSK_EOPTVALUE: return PyExc_ValueError;
    default: return PyExc_OSError;
    }
}

/* A string from the system (new): in the locale's encoding, as Python decodes strerror's
 * strings. */
static PyObject *system_text(const char *text)
{
    return PyUnicode_DecodeLocale(text, "surrogateescape");
}

/* A string from the library (new), which may contain bytes of a name, truncated anywhere. */
static PyObject *library_text(const char *text)
{
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "backslashreplace");
}

/* Raise class(argument), or class(*argument) for a tuple. */
static PyObject *raise_with(PyObject *class, PyObject *stolen_argument)
{
    if (stolen_argument)
        PyErr_SetObject(class, stolen_argument);
    Py_XDECREF(stolen_argument);
    return NULL;
}

/* class(number, text), the form of OSError and its subclasses. */
static PyObject *raise_numbered(PyObject *class, int number, const char *text)
{
    PyObject *message = system_text(text);

    return raise_with(class, message ? Py_BuildValue("(iN)", number, message) : NULL);
}

/* Decoding strerror's string takes most of the time of an OSError, so the arguments are kept.  The
 * string depends on the locale: kept arguments are valid for the same bytes and encoding. */
struct csp_cached_errno {
    char *text, *encoding;
    bool untranslated;
    PyObject *args; /* (errno, text) */
};

static void free_cached_errno(struct csp_cached_errno *cached)
{
    if (!cached)
        return;
    Py_XDECREF(cached->args);
    PyMem_Free(cached->text);
    PyMem_Free(cached->encoding);
    PyMem_Free(cached);
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = PyMem_Malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

static struct csp_cached_errno *new_cached_errno(int number, const char *text, const char *encoding)
{
    struct csp_cached_errno *made = PyMem_Calloc(1, sizeof *made);
    PyObject *message = made ? system_text(text) : NULL;

    if (message)
        made->args = Py_BuildValue("(iN)", number, message);
    if (made)
        made->untranslated = csp_is_untranslated();
    if (made && made->args && (made->text = copy_text(text)) &&
        (made->encoding = copy_text(encoding)))
        return made;
    free_cached_errno(made);
    if (!PyErr_Occurred())
        PyErr_NoMemory();
    return NULL;
}

/* (errno, text) (new) */
static PyObject *errno_arguments(struct csp_state *state, int number)
{
    struct csp_cached_errno *cached, *made;
    char text[CSK_ERROR_TEXT_MAX];
    const char *encoding;
    PyObject *args = NULL;

    if (number < 0 || number >= CSP_ERRNOS) {
        csk_strerror(-number, text, sizeof text);
        return Py_BuildValue("(iN)", number, system_text(text));
    }
    if (csp_is_untranslated() && (cached = state->errnos[number]) && cached->untranslated)
        return Py_NewRef(cached->args);
    csk_strerror(-number, text, sizeof text);
    encoding = nl_langinfo(CODESET);
    CSP_LOCKED(state->module);
    if ((cached = state->errnos[number]) && strcmp(cached->text, text) == 0 &&
        strcmp(cached->encoding, encoding) == 0) {
        args = Py_NewRef(cached->args);
    } else if ((made = new_cached_errno(number, text, encoding))) {
        state->errnos[number] = made;
        args = Py_NewRef(made->args);
        free_cached_errno(cached);
    }
    CSP_UNLOCKED();
    return args;
}

void csp_error_free(struct csp_state *state)
{
    for (int i = 0; i < CSP_ERRNOS; i++)
        free_cached_errno(state->errnos[i]);
}

/* OSError(errno, text), which chooses one of its subclasses. */
static PyObject *raise_errno(struct csp_state *state, int number)
{
    PyObject *args, *exception, *class = PyExc_OSError;

    if (number == EINTR && csp_check_signals() < 0)
        return NULL;
    if (!(args = errno_arguments(state, number)))
        return NULL;
    /* The most frequent one is created directly, without OSError's table. */
    if (number == EAGAIN)
        class = PyExc_BlockingIOError;
    exception = PyObject_Call(class, args, NULL);
    Py_DECREF(args);
    if (exception)
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    Py_XDECREF(exception);
    return NULL;
}

/* Whether the library has its own message for a cause that the resolver's message does not name: a
 * port that is out of range.  Otherwise the message is the resolver's, which programs may
 * compare. */
static bool is_more_specific(const struct csk_error *info, const char *text)
{
    return info && info->text[0] && !strstr(info->text, text);
}

/* A limit has ended the call: Cancelled reports the limit of a scope, an OSError that of a
 * socket. */
static PyObject *raise_limit(struct csp_state *state, int code)
{
    if (csp_scope_test() < 0 || csp_has_scope_expired())
        PyErr_SetNone(state->cancelled);
    else if (code == CSK_ECANCELED)
        raise_errno(state, ECANCELED);
    else
        PyErr_SetObject(state->timeout, state->timed_out);
    return NULL;
}

PyObject *csp_raise_info(struct csp_state *state, int64_t code, const struct csk_error *info)
{
    char text[CSK_ERROR_TEXT_MAX];
    int number = csk_error_number((int)code);

    if (code == CSK_EINTERRUPTED)
        return NULL;
    switch (csk_error_kind((int)code)) {
    case CSK_KIND_SYSTEM: return raise_errno(state, number);
    case CSK_KIND_TIMEOUT:
    case CSK_KIND_CANCEL: return raise_limit(state, (int)code);
    default: break;
    }
    csk_strerror((int)code, text, sizeof text);
    switch (csk_error_kind((int)code)) {
    case CSK_KIND_EAI:
        return raise_numbered(state->gaierror, number,
                              is_more_specific(info, text) ? info->text : text);
    case CSK_KIND_HOST: return raise_numbered(state->herror, number, text);
    case CSK_KIND_CANCEL: return raise_numbered(PyExc_OSError, ECANCELED, text);
    default: break;
    }
    return raise_with(misuse_type((int)code),
                      library_text(info && info->text[0] ? info->text : text));
}

PyObject *csp_raise(struct csp_state *state, int64_t code)
{
    return csp_raise_info(state, code, NULL);
}

/* "bind(): port must be 0-65535, not 70000", where the core has "port 70000 is out of range
 * (0-65535)" after a prefix: programs know the standard library's texts, which lack the number. */
static bool raise_number(PyObject *type, const struct csk_error *info, const char *function,
                         const char *prefix, const char *range)
{
    size_t size = strlen(prefix);
    char number[32];

    if (strncmp(info->text, prefix, size) != 0)
        return false;
    PyOS_snprintf(number, sizeof number, "%.*s", (int)strcspn(info->text + size, " "),
                  info->text + size);
    PyErr_Format(type, "%s(): %s, not %s", function, range, number);
    return true;
}

PyObject *csp_raise_in(struct csp_state *state, int64_t code, const struct csk_error *info,
                       const char *function)
{
    char text[CSK_ERROR_TEXT_MAX];

    /* Messages of OSError do not begin with the function. */
    if (csk_error_kind((int)code) != CSK_KIND_MISUSE || code == CSK_EINTERRUPTED ||
        misuse_type((int)code) == PyExc_OSError)
        return csp_raise_info(state, code, info);
    if (code == CSK_EPORT && info &&
        raise_number(misuse_type((int)code), info, function, "port ", "port must be 0-65535"))
        return NULL;
    if (code == CSK_EADDRFIELD && info &&
        raise_number(misuse_type((int)code), info, function, "AF_INET6 address: flowinfo ",
                     "flowinfo must be 0-1048575"))
        return NULL;
    csk_strerror((int)code, text, sizeof text);
    PyErr_Format(misuse_type((int)code), "%s(): %s", function,
                 code != CSK_EPORT && info && info->text[0] ? info->text : text);
    return NULL;
}

/* The likely reason in info, "set NAME (reason): text": its length is set, 0 if there is none. */
static const char *reason_in(const struct csk_error *info, int *length)
{
    const char *begin = info ? strrchr(info->text, '(') : NULL;
    const char *end = begin ? strstr(begin, "): ") : NULL;

    *length = end ? (int)(end - begin) - 1 : 0;
    return end ? begin + 1 : NULL;
}

/* Exceptions have notes from 3.11 on; before, this one is not shown. stolen_note may be NULL. */
static void add_note(PyObject *exception, PyObject *stolen_note)
{
    PyObject *done = NULL;

    /* Not with "N": if there is no such method, the note would be leaked. */
    if (stolen_note)
        done = PyObject_CallMethod(exception, "add_note", "O", stolen_note);
    Py_XDECREF(stolen_note);
    Py_XDECREF(done);
    PyErr_Clear();
}

/* OSError(errno, text, name, None, value): name and value replace the file names, so that errno and
 * strerror remain the kernel's. */
static void raise_named(int number, const char *name, PyObject *value)
{
    PyObject *object = PyUnicode_FromString(name);
    Py_ssize_t size = !value || PyLong_Check(value) || PyFloat_Check(value) ? 0
                                                                            : PyObject_Size(value);

    PyErr_Clear();
    if (size < 0 || size > LONG_VALUE)
        value = NULL;
    errno = number;
    if (object)
        PyErr_SetFromErrnoWithFilenameObjects(PyExc_OSError, object, value);
    Py_XDECREF(object);
}

PyObject *csp_raise_option(struct csp_state *state, int code, const char *name, PyObject *value,
                           const struct csk_error *info)
{
    char text[CSK_ERROR_TEXT_MAX];
    struct csp_saved_exception saved;
    const char *reason;
    int length;

    if (csk_error_kind(code) != CSK_KIND_SYSTEM)
        return csp_raise_info(state, code, info);
    raise_named(csk_error_number(code), name, value);
    if (!(reason = reason_in(info, &length)))
        return NULL;
    PyOS_snprintf(text, sizeof text, "%s: %.*s", name, length, reason);
    csp_save_exception(&saved);
    add_note(csp_saved_value(&saved), library_text(text));
    csp_restore_exception(&saved);
    return NULL;
}

static PyObject *new_error(const char *name, PyObject *base, const char *doc)
{
    return PyErr_NewExceptionWithDoc(name, doc, base, NULL);
}

#if CSP_TIMEOUT_IS_OUR_OWN
static PyObject *timeout_type(void)
{
    return new_error(
        "csocket.timeout", PyExc_OSError,
        "A socket's timeout has passed.\n\nAn alias of TimeoutError from Python 3.10.");
}
#else
static PyObject *timeout_type(void)
{
    return Py_NewRef(PyExc_TimeoutError);
}
#endif

int csp_error_setup(struct csp_state *state)
{
    PyObject *module = state->module;

    state->herror = new_error("csocket.herror", PyExc_OSError,
                              "A host was not found by gethostbyname_ex or gethostbyaddr.");
    state->gaierror = new_error("csocket.gaierror", PyExc_OSError,
                                "A name or an address could not be resolved.");
    state->timeout = timeout_type();
    state->timed_out = system_text("timed out");
    if (!state->herror || !state->gaierror || !state->timeout || !state->timed_out)
        return -1;
    return csp_add(module, "error", Py_NewRef(PyExc_OSError)) < 0 ||
                   csp_add(module, "herror", Py_NewRef(state->herror)) < 0 ||
                   csp_add(module, "gaierror", Py_NewRef(state->gaierror)) < 0 ||
                   csp_add(module, "timeout", Py_NewRef(state->timeout)) < 0 ||
                   csp_add(module, "_errnos", Py_BuildValue("(iii)", EBADF, EAGAIN, EWOULDBLOCK)) <
                       0
               ? -1
               : 0;
}
