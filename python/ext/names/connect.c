/* Connecting to the first of several addresses that answers: create_connection's Happy Eyeballs.
 *
 * All that is Python's is done before and after the race, which runs without the GIL. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <string.h>

/* An address to connect to, and the one to bind before. */
struct candidate {
    struct csp_socket *probe; /* what audit hooks and errors are told of: not open */
    struct csk_addr source;   /* length 0: none */
    int bind_code;            /* why source could not be bound */
};

struct race {
    struct csp_state *state;
    size_t count;
    struct candidate *candidates;
    struct csk_addrinfo *infos; /* the same places */
    struct csk_attempt *attempts;
};

/* A socket (new) that has a family but no descriptor. */
static struct csp_socket *make_probe(struct csp_state *state, int family, int type, int proto)
{
    PyTypeObject *class = state->package_type;
    struct csp_socket *probe = (struct csp_socket *)class->tp_alloc(class, 0);

    if (!probe)
        return NULL;
    probe->s = (struct csk_socket)CSK_SOCKET_INIT;
    probe->s.family = family;
    probe->s.type = type;
    probe->s.proto = proto;
    probe->state = state;
    csp_find_family(probe);
    return probe;
}

static int read_addresses(struct candidate *candidate, struct csk_addrinfo *info, PyObject *address,
                          PyObject *source)
{
    PyObject *probe = (PyObject *)candidate->probe;

    if (csp_address_from(candidate->probe, address, &info->addr, "connect") < 0)
        return -1;
    if (source && (csp_address_from(candidate->probe, source, &candidate->source, "bind") < 0 ||
                   PySys_Audit("socket.bind", "OO", probe, source) < 0))
        return -1;
    return PySys_Audit("socket.connect", "OO", probe, address);
}

/* Put the exception that is set into the list, if it is an OSError: that attempt has failed. */
static int note_error(PyObject *errors)
{
    struct csp_saved_exception saved;
    int n;

    if (!PyErr_ExceptionMatches(PyExc_OSError))
        return -1;
    csp_save_exception(&saved);
    n = PyList_Append(errors, csp_saved_value(&saved));
    csp_discard_exception(&saved);
    return n;
}

/* One of getaddrinfo's five: what it takes to try it. */
static int add_candidate(struct race *race, PyObject *entry, PyObject *source, PyObject *errors)
{
    struct candidate *candidate = &race->candidates[race->count];
    struct csk_addrinfo *info = &race->infos[race->count];
    PyObject *five = PySequence_Tuple(entry), *name, *address;
    int n = -1;

    if (five &&
        PyArg_ParseTuple(five, "iiiOO:create_connection", &info->family, &info->type, &info->proto,
                         &name, &address) &&
        (candidate->probe = make_probe(race->state, info->family, info->type, info->proto)))
        n = read_addresses(candidate, info, address, source);
    Py_XDECREF(five);
    if (n == 0) {
        race->count++;
        return 0;
    }
    Py_XDECREF(candidate->probe);
    *candidate = (struct candidate){ .probe = NULL };
    return note_error(errors);
}

static int add_candidates(struct race *race, PyObject *entries, PyObject *source, PyObject *errors)
{
    size_t size = (size_t)PyTuple_GET_SIZE(entries);
    int n = 0;

    race->candidates = PyMem_Calloc(size + 1, sizeof *race->candidates);
    race->infos = PyMem_Calloc(size + 1, sizeof *race->infos);
    race->attempts = PyMem_Calloc(size + 1, sizeof *race->attempts);
    if (!race->candidates || !race->infos || !race->attempts) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; n == 0 && i < size; i++)
        n = add_candidate(race, PyTuple_GET_ITEM(entries, (Py_ssize_t)i), source, errors);
    return n;
}

static void release(struct race *race)
{
    for (size_t i = 0; i < race->count; i++)
        Py_DECREF(race->candidates[i].probe);
    PyMem_Free(race->candidates);
    PyMem_Free(race->infos);
    PyMem_Free(race->attempts);
}

/* Candidates of one family have the same source. */
static struct candidate *first_of(const struct race *race, int family, int proto)
{
    for (size_t i = 0; i < race->count; i++)
        if (race->infos[i].family == family && race->infos[i].proto == proto)
            return &race->candidates[i];
    return NULL;
}

/* Without the GIL. */
static int bind_source(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    struct candidate *candidate = first_of(context, s->family, s->proto);

    (void)addr;
    if (!candidate || candidate->source.len == 0)
        return 0;
    candidate->bind_code = csk_bind(s, &candidate->source, NULL);
    return candidate->bind_code;
}

static bool same_address(const struct csk_addr *a, const struct csk_addr *b)
{
    return a->len == b->len && memcmp(&a->storage, &b->storage, a->len) == 0;
}

/* The exceptions of the attempts that have failed, in that order. */
static int note_attempts(const struct race *race, size_t count, PyObject *errors)
{
    const struct candidate *first;
    int n = 0;

    for (size_t i = 0; n == 0 && i < count; i++) {
        const struct csk_attempt *attempt = &race->attempts[i];
        size_t at = 0;

        while (at + 1 < race->count && !same_address(&race->infos[at].addr, &attempt->addr))
            at++;
        first = first_of(race, race->infos[at].family, race->infos[at].proto);
        csp_raise_about(race->candidates[at].probe, attempt->code,
                        first->bind_code < 0 ? &first->source : &attempt->addr);
        n = note_error(errors);
    }
    return n;
}

/* The socket that is connected; or None, and what was wrong is in the list (new).  Not a
 * descriptor, which nobody would close if an exception came before a socket is made of it. */
static PyObject *run(struct race *race, int64_t delay, int64_t limit, PyObject *errors)
{
    struct csk_connection_options options = { .timeout = limit == 0 ? 1 : limit,
                                              .happy_eyeballs_delay = delay > 0 ? delay : 1,
                                              .on_interrupt = csp_on_interrupt,
                                              .on_open = bind_source,
                                              .context = race };
    size_t failed = race->count;
    struct csk_socket s;
    int n;

    CSP_CALL(
        n = csk_connect_any(&s, race->infos, race->count, &options, race->attempts, &failed, NULL));
    if (n == CSK_EINTERRUPTED)
        return NULL;
    if (n < 0) {
        if (note_attempts(race, failed, errors) < 0)
            return NULL;
        Py_RETURN_NONE;
    }
    /* The socket that is made of it has a timeout of its own. */
    if ((n = csk_settimeout(&s, -1)) < 0) {
        csk_close(&s);
        return csp_raise(race->state, n);
    }
    return csp_make_socket(race->state, &s);
}

/* (entries, source or None, delay, limit, errors): entries as getaddrinfo has them */
static PyObject *connect_first(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct race race = { .state = csp_state_of(module) };
    PyObject *entries, *source, *result = NULL;
    int64_t delay, limit;

    if (csp_count("_connect_first", count, 5, 5) < 0 || csp_timeout(args[2], &delay) < 0 ||
        csp_timeout(args[3], &limit) < 0 || !(entries = PySequence_Tuple(args[0])))
        return NULL;
    source = args[1] == Py_None ? NULL : args[1];
    if (add_candidates(&race, entries, source, args[4]) == 0)
        result = run(&race, delay, limit, args[4]);
    release(&race);
    Py_DECREF(entries);
    return result;
}

static const struct csp_function functions[] = {
    { CSP_FAST(connect_first), "_connect_first" },
    { NULL },
};

int csp_create_connection_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
