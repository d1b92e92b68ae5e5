/* create_connection: the core resolves the host and tries its addresses in parallel.
 *
 * Whenever an attempt begins, the core calls on_open with the socket that it has opened.  There the
 * GIL is acquired, audit hooks are called, and the socket is bound. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "names/names.h"

#include <limits.h>
#include <string.h>

/* The number of failed attempts that are reported for a host whose number of addresses is not known
 * in advance; of more, only the last one is reported. */
#define ATTEMPTS_MAX 512

/* An address of a Python list, and its index there. */
struct candidate {
    struct csp_socket *probe; /* new: not open, for reading the address */
    size_t rank;
};

/* An attempt that has begun. */
struct begun {
    struct csp_socket *socket; /* new; open if it is the one that has connected */
    PyObject *error;           /* new: the exception of a failure before the core could connect it;
                                * or NULL */
    struct csk_addr addr;
    int fd;
};

struct race {
    struct csp_state *state;
    PyObject *source;           /* an address to bind to, or NULL (borrowed) */
    PyObject *errors;           /* the list of (rank, number, exception) */
    PyObject *timeout_argument; /* borrowed */
    int64_t timeout;            /* of the socket */
    struct begun *begun;
    size_t begun_count;
    struct csk_addrinfo *infos; /* the list's items */
    struct candidate *candidates;
    size_t count;
    struct csk_attempt *attempts; /* space for those that fail */
    size_t attempts_size;
};

/* Add the current exception to the list, if it is an OSError: an attempt has failed. */
static int note_error(struct race *race, size_t rank)
{
    struct csp_saved_exception saved;
    PyObject *entry;
    int n = -1;

    if (!PyErr_ExceptionMatches(PyExc_OSError))
        return -1;
    csp_save_exception(&saved);
    entry = Py_BuildValue("(nnO)", (Py_ssize_t)rank, PyList_GET_SIZE(race->errors),
                          csp_saved_value(&saved));
    if (entry)
        n = PyList_Append(race->errors, entry);
    Py_XDECREF(entry);
    csp_discard_exception(&saved);
    return n;
}

static PyObject *take_exception(void)
{
    struct csp_saved_exception saved;
    PyObject *exception;

    csp_save_exception(&saved);
    exception = Py_NewRef(csp_saved_value(&saved));
    csp_discard_exception(&saved);
    return exception;
}

/* Bind the socket that the core has opened: 0, or -1 with an exception, which ends all attempts if
 * *ends is set. */
static int bind_source(struct race *race, struct csk_socket *s, struct csp_socket *made, bool *ends)
{
    struct csk_addr addr;
    int n;

    if (csp_address_from(made, race->source, &addr, "bind") < 0)
        return csp_named("source_address");
    if (PySys_Audit("socket.bind", "OO", made, race->source) < 0) {
        *ends = true;
        return -1;
    }
    if ((n = csk_bind(s, &addr, NULL)) < 0)
        csp_raise_about(made, n, &addr);
    return n < 0 ? -1 : 0;
}

static int audit_connect(struct csp_socket *made, const struct csk_addr *addr, bool *ends)
{
    PyObject *address = csp_address_to(made, addr);
    int n = address ? PySys_Audit("socket.connect", "OO", made, address) : -1;

    *ends = n < 0;
    Py_XDECREF(address);
    return n;
}

/* A new attempt (borrowed), with space for its outcome; NULL with an exception. */
static struct begun *add_begun(struct race *race, struct csk_socket *s, const struct csk_addr *addr)
{
    size_t size = (race->begun_count + 1) * sizeof *race->begun;
    struct begun *all = PyMem_Realloc(race->begun, size);
    struct csp_socket *made;

    if (!all) {
        PyErr_NoMemory();
        return NULL;
    }
    race->begun = all;
    if (!(made = csp_opened(race->state, s, race->timeout)))
        return NULL;
    all[race->begun_count] = (struct begun){ made, NULL, *addr, csk_fileno(s) };
    return &all[race->begun_count++];
}

/* Prepare an attempt: 0, or a code that ends it, or all attempts if it is CSK_EINTERRUPTED. */
static int begin(struct race *race, struct csk_socket *s, const struct csk_addr *addr)
{
    struct begun *begun = add_begun(race, s, addr);
    bool ends = false;
    int n = 0, given_back;

    if (!begun)
        return CSK_EINTERRUPTED;
    if (race->source)
        n = bind_source(race, s, begun->socket, &ends);
    if (n == 0)
        n = audit_connect(begun->socket, addr, &ends);
    given_back = csp_give_back(begun->socket, s);
    if (n == 0)
        return given_back;
    if (ends || !PyErr_ExceptionMatches(PyExc_OSError))
        return CSK_EINTERRUPTED;
    begun->error = take_exception();
    return -ECANCELED; /* for the core: the attempt has failed */
}

/* Called without the GIL. */
static int on_open(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    int n;

    csp_acquire_gil();
    n = begin(context, s, addr);
    csp_release_gil();
    return n;
}

/* Add one of getaddrinfo's tuples to the candidates. */
static int add_candidate(struct race *race, PyObject *entry, size_t rank)
{
    struct csk_addrinfo *info = &race->infos[race->count];
    PyObject *five = PySequence_Tuple(entry), *name, *address;
    struct csp_socket *probe = NULL;
    int n = -1;

    if (five &&
        PyArg_ParseTuple(five, "iiiOO:create_connection", &info->family, &info->type, &info->proto,
                         &name, &address) &&
        (probe = csp_probe(race->state, info->family, info->type, info->proto)))
        n = csp_address_from(probe, address, &info->addr, "connect");
    Py_XDECREF(five);
    if (n < 0) {
        Py_XDECREF(probe);
        return note_error(race, rank);
    }
    race->candidates[race->count++] = (struct candidate){ probe, rank };
    return 0;
}

static int add_candidates(struct race *race, PyObject *entries)
{
    PyObject *tuple = PySequence_Tuple(entries);
    size_t size = tuple ? (size_t)PyTuple_GET_SIZE(tuple) : 0;
    int n = 0;

    if (!tuple)
        return -1;
    race->candidates = PyMem_Calloc(size + 1, sizeof *race->candidates);
    race->infos = PyMem_Calloc(size + 1, sizeof *race->infos);
    if (!race->candidates || !race->infos) {
        PyErr_NoMemory();
        n = -1;
    }
    for (size_t i = 0; n == 0 && i < size; i++)
        n = add_candidate(race, PyTuple_GET_ITEM(tuple, (Py_ssize_t)i), i);
    Py_DECREF(tuple);
    return n;
}

/* Space for the attempts that fail: if a host's number of addresses is not known in advance, so
 * much that it is kept for the next call. */
static int get_attempts(struct race *race, size_t size)
{
    if (size == ATTEMPTS_MAX)
        race->attempts = __atomic_exchange_n(&race->state->attempts, NULL, __ATOMIC_ACQ_REL);
    if (!race->attempts)
        race->attempts = PyMem_RawMalloc((size + 1) * sizeof *race->attempts);
    race->attempts_size = size;
    return race->attempts ? 0 : -1;
}

static void return_attempts(struct race *race)
{
    if (race->attempts_size == ATTEMPTS_MAX)
        race->attempts = __atomic_exchange_n(&race->state->attempts, race->attempts,
                                             __ATOMIC_ACQ_REL);
    PyMem_RawFree(race->attempts);
}

static void release(struct race *race)
{
    for (size_t i = 0; i < race->count; i++)
        Py_DECREF(race->candidates[i].probe);
    for (size_t i = 0; i < race->begun_count; i++) {
        Py_DECREF(race->begun[i].socket);
        Py_XDECREF(race->begun[i].error);
    }
    PyMem_Free(race->candidates);
    PyMem_Free(race->infos);
    return_attempts(race);
    PyMem_Free(race->begun);
}

/* The unreported attempt to connect to the address; NULL: its socket was not opened. */
static struct begun *begun_for(struct race *race, const struct csk_addr *addr)
{
    for (size_t i = 0; i < race->begun_count; i++) {
        struct begun *begun = &race->begun[i];

        if (begun->fd >= 0 && csk_addr_equal(&begun->addr, addr)) {
            begun->fd = -1;
            return begun;
        }
    }
    return NULL;
}

/* Set the exception of an attempt that has failed. */
static void raise_attempt(struct race *race, const struct csk_attempt *attempt)
{
    struct begun *begun = begun_for(race, &attempt->addr);

    if (!begun)
        csp_raise(race->state, attempt->code);
    else if (begun->error)
        PyErr_SetObject((PyObject *)Py_TYPE(begun->error), begun->error);
    else
        csp_raise_about(begun->socket, attempt->code, &attempt->addr);
}

/* The exceptions of the attempts that have failed. */
static int note_attempts(struct race *race, size_t count)
{
    int n = 0;

    for (size_t i = 0; n == 0 && i < count; i++) {
        const struct csk_attempt *attempt = &race->attempts[i];

        raise_attempt(race, attempt);
        n = note_error(race, race->infos ? race->candidates[attempt->rank].rank : attempt->rank);
    }
    return n;
}

/* The exception of the last address, if its attempt found no space in the list. */
static int note_last(struct race *race, int code, const struct csk_error *error)
{
    for (size_t i = 0; i < race->begun_count; i++) {
        if (race->begun[i].fd >= 0) { /* not reported */
            csp_raise_info(race->state, code, error);
            return note_error(race, PY_SSIZE_T_MAX);
        }
    }
    return 0;
}

/* None if the exceptions are in the list; otherwise the exception that ends all attempts. */
static PyObject *failed(struct race *race, int code, size_t count, const struct csk_error *error)
{
    if (PyErr_Occurred() || code == CSK_EINTERRUPTED)
        return NULL;
    /* A scope of the thread has ended the call. */
    if (csp_scope_test() < 0)
        return csp_raise(race->state, code);
    if (count == 0 && (!race->infos || race->count > 0))
        return csp_raise_info(race->state, code, error);
    if (note_attempts(race, count) < 0 || (!race->infos && note_last(race, code, error) < 0))
        return NULL;
    Py_RETURN_NONE;
}

/* The object of the attempt that has connected, which is the last with that descriptor (new). */
static PyObject *connected(struct race *race, const struct csk_socket *s)
{
    size_t i = race->begun_count - 1;

    while (race->begun[i].fd != csk_fileno(s))
        i--;
    csp_take_over(race->begun[i].socket, s);
    return Py_NewRef(race->begun[i].socket);
}

static PyObject *run(struct race *race, const char *host, struct csk_connection_options *options)
{
    size_t size = race->infos ? race->count : ATTEMPTS_MAX, count = size;
    struct csk_error error = { .code = 0 };
    struct csk_socket s;
    int n;

    /* Only now: an invalid host is reported before an invalid timeout. */
    if (csp_timeout(race->timeout_argument, &race->timeout) < 0)
        return NULL;
    if (get_attempts(race, size) < 0)
        return PyErr_NoMemory();
    options->timeout = race->timeout;
    options->on_interrupt = csp_on_interrupt;
    options->on_open = on_open;
    options->context = race;
    if (race->infos)
        CSP_CALL(
            n = csk_connect_any(&s, race->infos, size, options, race->attempts, &count, &error));
    else
        CSP_CALL(n = csk_create_connection_ex(&s, host, options, race->attempts, &count, &error));
    return n == 0 ? connected(race, &s) : failed(race, n, count, &error);
}

/* The core resolves the host. */
static PyObject *run_host(struct race *race, PyObject *host, PyObject *port,
                          struct csk_connection_options *options)
{
    struct csp_name name, service;
    PyObject *result;

    if (csp_read_host(&name, host, false) < 0)
        return NULL;
    if (csp_read_service(&service, port) < 0 ||
        PySys_Audit("socket.getaddrinfo", "OOiii", host, port, 0, SOCK_STREAM, 0) < 0) {
        Py_XDECREF(name.keep);
        return NULL;
    }
    options->service = service.text;
    result = run(race, name.text, options);
    Py_XDECREF(name.keep);
    return result;
}

/* 0 stands for the default in the core's options; here it is the shortest time. */
static int64_t at_least_one(int64_t time)
{
    return time == 0 ? 1 : time;
}

static int read_interleave(PyObject *object, int *number)
{
    PyObject *index;
    long value;
    int overflow;

    if (PyBool_Check(object) || !PyIndex_Check(object)) {
        PyErr_Format(PyExc_TypeError, "interleave must be an int, not %.200s",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    if (!(index = PyNumber_Index(object)))
        return -1;
    value = csp_as_long(index, &overflow);
    Py_DECREF(index);
    if (overflow || value < 0 || value > INT_MAX) {
        PyErr_Format(PyExc_ValueError, "interleave must be an int from 0 to %d, not %R", INT_MAX,
                     object);
        return -1;
    }
    *number = value > 0 ? (int)value : -1; /* 0 stands for the default */
    return 0;
}

/* Arguments that the standard library's function lacks. */
static int read_parameters(struct csk_connection_options *options, PyObject *delay,
                           PyObject *interleave, PyObject *total)
{
    int64_t delay_ns, total_ns;

    if (csp_limit(delay, "happy_eyeballs_delay", &delay_ns) < 0 ||
        csp_limit(total, "total_timeout", &total_ns) < 0 ||
        read_interleave(interleave, &options->interleave) < 0)
        return -1;
    options->happy_eyeballs_delay = at_least_one(delay_ns);
    options->total_timeout = at_least_one(total_ns);
    return 0;
}

/* (delay, interleave, total timeout): the last in seconds, or None (new) */
static PyObject *total_of(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;

    (void)module;
    if (csp_count("_total_of", count, 3, 3) < 0 ||
        read_parameters(&options, args[0], args[1], args[2]) < 0)
        return NULL;
    return csp_seconds(options.total_timeout);
}

/* The socket; or, for None, the list of (rank, number, exception) of all attempts (new). */
static PyObject *finish(struct race *race, PyObject *result)
{
    PyObject *errors = race->errors;

    release(race);
    if (result == Py_None) {
        Py_DECREF(result);
        return errors;
    }
    Py_DECREF(errors);
    return result;
}

/* (result of getaddrinfo, timeout, source or None, delay, interleave, total timeout): see finish.
 * timeout is not 0. */
static PyObject *connect_first(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    struct race race = { .state = csp_state_of(module) };
    PyObject *result = NULL;

    if (csp_count("_connect_first", count, 6, 6) < 0 ||
        read_parameters(&options, args[3], args[4], args[5]) < 0 || !(race.errors = PyList_New(0)))
        return NULL;
    race.timeout_argument = args[1];
    race.source = args[2] == Py_None ? NULL : args[2];
    if (add_candidates(&race, args[0]) == 0)
        result = race.count > 0 ? run(&race, NULL, &options) : Py_NewRef(Py_None);
    return finish(&race, result);
}

static int is_zero(PyObject *number)
{
    PyObject *zero;
    int is;

    if (number == Py_None || PyFloat_CheckExact(number))
        return number != Py_None && PyFloat_AS_DOUBLE(number) == 0.0;
    if (!(zero = PyLong_FromLong(0)))
        return -1;
    is = PyObject_RichCompareBool(number, zero, Py_EQ);
    Py_DECREF(zero);
    return is;
}

/* ((host, port), timeout, source or None, delay, interleave, total timeout): see finish.  None: the
 * module's functions must be called, because a program has replaced one, or because the sockets are
 * non-blocking and attempts cannot be made in parallel. */
static PyObject *create_connection(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    struct race race = { .state = csp_state_of(module) };
    PyObject *host, *port;
    int zero;

    if (csp_count("_create_connection", count, 6, 6) < 0 ||
        read_parameters(&options, args[3], args[4], args[5]) < 0 || (zero = is_zero(args[1])) < 0)
        return NULL;
    host = PyTuple_GET_ITEM(args[0], 0);
    port = PyTuple_GET_ITEM(args[0], 1);
    if (zero || port == Py_None || csp_is_replaced(race.state, race.state->str__resolve) ||
        csp_is_replaced(race.state, race.state->str__connect_in_turn))
        Py_RETURN_NONE;
    if (!(race.errors = PyList_New(0)))
        return NULL;
    race.timeout_argument = args[1];
    race.source = args[2] == Py_None ? NULL : args[2];
    return finish(&race, run_host(&race, host, port, &options));
}

/* (value, parameter): a time limit in seconds, as a float; None: no limit */
static PyObject *limit_of(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    const char *parameter;
    int64_t limit;

    (void)module;
    if (csp_count("_limit", count, 2, 2) < 0 ||
        csp_text(args[1], "_limit", 2, "parameter", &parameter) < 0 ||
        csp_limit(args[0], parameter, &limit) < 0)
        return NULL;
    return csp_seconds(limit);
}

static const struct csp_function functions[] = {
    { CSP_FAST(limit_of), "_limit" },
    { CSP_FAST(total_of), "_total_of" },
    { CSP_FAST(connect_first), "_connect_first" },
    { CSP_FAST(create_connection), "_create_connection" },
    { NULL },
};

int csp_create_connection_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
