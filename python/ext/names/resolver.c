/* getaddrinfo and getnameinfo. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "names/names.h"

#include <netdb.h>
#include <string.h>

int csp_read_limits(struct csk_lookup_options *options, PyObject *timeout)
{
    int64_t limit = -1;

    *options = (struct csk_lookup_options){ .on_interrupt = csp_on_interrupt };
    if (timeout && csp_limit(timeout, "timeout", &limit) < 0)
        return -1;
    /* A deadline, because a timeout of 0 means no limit. */
    if (limit >= 0)
        options->deadline = csk_now() + limit;
    return 0;
}

/* UTF-8; a numeric address is always ASCII. */
static int numeric_text(struct csp_name *host, PyObject *object)
{
    Py_ssize_t size;
    int n;

    host->keep = PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass");
    if (!host->keep)
        return -1;
    n = csp_host(host->keep, true, &object, &host->text, &size);
    if (n == 0)
        Py_DECREF(object);
    else
        Py_CLEAR(host->keep);
    return n;
}

int csp_read_host(struct csp_name *host, PyObject *object, bool numeric)
{
    Py_ssize_t size;

    *host = (struct csp_name){ NULL, NULL, "" };
    if (object == Py_None)
        return 0;
    if (!PyUnicode_Check(object) && !PyBytes_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "getaddrinfo() argument 1 must be string or None");
        return -1;
    }
    if (numeric && PyUnicode_Check(object))
        return numeric_text(host, object);
    return csp_host(object, true, &host->keep, &host->text, &size);
}

/* The digits of a number, which end at `end`. */
static const char *print_number(char *end, int64_t number)
{
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    *--end = '\0';
    do
        *--end = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--end = '-';
    return end;
}

static int read_number(struct csp_name *service, PyObject *object)
{
    bool too_large;
    int64_t number;

    if (csp_int64(object, &number, &too_large) < 0)
        return -1;
    /* Such a number is not a port either: only its digits matter. */
    if (too_large) {
        service->text = csp_digits(object, service->digits);
        if (service->text[strspn(service->text, "-0123456789")])
            service->text = number > 0 ? "99999999999999999999" : "-99999999999999999999";
        return 0;
    }
    service->text = print_number(service->digits + sizeof service->digits, number);
    return 0;
}

int csp_read_service(struct csp_name *service, PyObject *object)
{
    service->keep = NULL;
    service->text = NULL;
    if (object == Py_None)
        return 0;
    if (PyLong_Check(object))
        return read_number(service, object);
    if (PyUnicode_Check(object))
        return csp_text(object, "getaddrinfo", 2, "port", &service->text);
    if (!PyBytes_Check(object)) {
        PyErr_Format(PyExc_OSError, "Int or String expected for port, not %.100s",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    service->text = PyBytes_AS_STRING(object);
    if (strlen(service->text) != (size_t)PyBytes_GET_SIZE(object)) {
        PyErr_SetString(PyExc_ValueError, "port: embedded null byte");
        return -1;
    }
    return 0;
}

/* One of the numbers of an entry: the member of an enum or the number (new). */
static PyObject *member(struct csp_members *members, int number)
{
    return members ? csp_enum_member(members, number) : PyLong_FromLong(number);
}

/* A canonical name, which only the first entry has (new). */
static PyObject *canonical_name(const char *name)
{
    return *name ? PyUnicode_DecodeFSDefault(name) : PyUnicode_FromStringAndSize(NULL, 0);
}

/* One of the five-tuples (new); takes ownership of address. */
static PyObject *entry(struct csp_state *state, const struct csk_addrinfo *info, PyObject *address,
                       bool enums)
{
    PyObject *family = member(enums ? &state->families : NULL, info->family);
    PyObject *type = member(enums ? &state->types : NULL, info->type);
    PyObject *proto = PyLong_FromLong(info->proto);
    PyObject *name = canonical_name(info->canonname), *tuple = NULL;

    if (family && type && proto && name && address)
        tuple = PyTuple_New(5);
    if (!tuple) {
        Py_XDECREF(family);
        Py_XDECREF(type);
        Py_XDECREF(proto);
        Py_XDECREF(name);
        Py_XDECREF(address);
        return NULL;
    }
    PyTuple_SET_ITEM(tuple, 0, family);
    PyTuple_SET_ITEM(tuple, 1, type);
    PyTuple_SET_ITEM(tuple, 2, proto);
    PyTuple_SET_ITEM(tuple, 3, name);
    PyTuple_SET_ITEM(tuple, 4, address);
    return tuple;
}

/* The address of an entry (new): that of the previous entry if they are equal, as for the socket
 * types of one address. */
static PyObject *entry_address(const struct csk_addrinfo *infos, int i, PyObject *list)
{
    if (i > 0 && csk_addr_equal(&infos[i].addr, &infos[i - 1].addr))
        return Py_NewRef(PyTuple_GET_ITEM(PyList_GET_ITEM(list, i - 1), 4));
    return csp_address_to(NULL, &infos[i].addr);
}

/* Takes ownership of infos. */
static PyObject *entries(struct csp_state *state, struct csk_addrinfo *infos, int count, bool enums)
{
    PyObject *list = PyList_New(count), *one;

    for (int i = 0; list && i < count; i++) {
        if (!(one = entry(state, &infos[i], entry_address(infos, i, list), enums)))
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, one);
    }
    csk_freeaddrinfo(infos);
    return list;
}

static const struct csp_signature signature = { "getaddrinfo",
                                                "host port family type proto flags timeout", 2, 7 };

/* Like csk_getaddrinfo, without the GIL if the answer may take time. */
static int ask(struct csk_addrinfo **infos, const char *host, const char *service,
               const int numbers[4], const struct csk_lookup_options *options,
               struct csk_error *error)
{
    int n = csk_getaddrinfo_numeric(host, service, numbers[0], numbers[1], numbers[2], numbers[3],
                                    infos, error);

    if (n == 0)
        CSP_CALL(n = csk_getaddrinfo(host, service, numbers[0], numbers[1], numbers[2], numbers[3],
                                     options, infos, error));
    return n;
}

static PyObject *resolve(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *names,
                         bool enums)
{
    static const char number_names[4][8] = { "family", "type", "proto", "flags" };
    struct csp_state *state = csp_state_of(module);
    int numbers[4] = { 0, 0, 0, 0 }, n;
    struct csk_lookup_options options;
    struct csk_error error = { 0 };
    struct csk_addrinfo *infos;
    struct csp_name host, service;
    PyObject *values[7];

    if (count > 6) { /* timeout is a keyword */
        PyErr_Format(PyExc_TypeError, "getaddrinfo() takes at most 6 arguments (%zd given)", count);
        return NULL;
    }
    if (csp_arguments(&signature, args, count, names, values) < 0)
        return NULL;
    for (int i = 0; i < 4; i++)
        if (values[i + 2] && csp_int(values[i + 2], number_names[i], &numbers[i]) < 0)
            return NULL;
    if (csp_read_limits(&options, values[6]) < 0 ||
        csp_read_host(&host, values[0], numbers[3] & AI_NUMERICHOST) < 0)
        return NULL;
    if (csp_read_service(&service, values[1]) < 0 ||
        PySys_Audit("socket.getaddrinfo", "OOiii", values[0], values[1], numbers[0], numbers[1],
                    numbers[2]) < 0) {
        Py_XDECREF(host.keep);
        return NULL;
    }
    n = ask(&infos, host.text, service.text, numbers, &options, &error);
    Py_XDECREF(host.keep);
    return n < 0 ? csp_raise_info(state, n, &error) : entries(state, infos, n, enums);
}

static PyObject *getaddrinfo_plain(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                   PyObject *names)
{
    return resolve(module, args, count, names, false);
}

static PyObject *getaddrinfo_enums(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                   PyObject *names)
{
    return resolve(module, args, count, names, true);
}

/* A tuple for getnameinfo. */
struct address_tuple {
    const char *host;
    struct csp_name port;
    int64_t extra[2]; /* flowinfo, scope_id */
    Py_ssize_t count;
};

/* The address that a tuple names, which must be numeric: 0, or a code. */
static int numeric_address(struct csk_addr *addr, const struct address_tuple *tuple,
                           struct csk_error *error)
{
    const int numbers[4] = { AF_UNSPEC, SOCK_DGRAM, 0, AI_NUMERICHOST };
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addrinfo *infos;
    int n, fields;

    if ((n = ask(&infos, tuple->host, tuple->port.text, numbers, NULL, error)) < 0)
        return n;
    *addr = infos->addr;
    csk_freeaddrinfo(infos);
    if (n > 1) {
        snprintf(error->text, sizeof error->text, "sockaddr resolved to multiple addresses");
        return CSK_EFAMILY;
    }
    fields = csk_addr_unpack(addr, values, text);
    if (fields < tuple->count) {
        snprintf(error->text, sizeof error->text, "IPv4 sockaddr must be 2 tuple");
        return CSK_EFAMILY;
    }
    /* A zone in the host ("fe80::1%eth0") is preserved unless scope_id specifies another one. */
    for (int i = 2; i < fields && i < 4; i++) {
        values[i].kind = CSK_VALUE_INT;
        if (tuple->extra[i - 2])
            values[i].i = tuple->extra[i - 2];
    }
    return csk_addr_pack(addr, addr->sa.sa_family, 0, values, (size_t)fields, error);
}

static PyObject *name_of(struct csp_state *state, const struct csk_addr *addr, int flags,
                         const struct csk_lookup_options *options)
{
    char host[NI_MAXHOST], service[NI_MAXSERV];
    int n;

    CSP_CALL(n = csk_getnameinfo(addr, flags, options, host, sizeof host, service, sizeof service,
                                 NULL));
    if (n < 0)
        return csp_raise(state, n);
    return Py_BuildValue("(NN)", PyUnicode_DecodeFSDefault(host),
                         PyUnicode_DecodeFSDefault(service));
}

/* flowinfo or scope_id, which has 32 bits: the standard library ignores the others. */
static int read_extra(int64_t *number, const char *name, int64_t min, int64_t max, PyObject *object)
{
    char digits[CSP_DIGITS_SIZE];
    bool too_large;

    if (!object)
        return 0;
    if (csp_int64(object, number, &too_large) < 0)
        return -1;
    if (*number >= min && *number <= max)
        return 0;
    PyErr_Format(PyExc_OverflowError, "getnameinfo(): %s must be 0-%lld, not %s", name,
                 (long long)max, csp_digits(object, digits));
    return -1;
}

static int read_sockaddr(struct address_tuple *tuple, PyObject *object)
{
    PyObject *port, *flowinfo = NULL, *scope_id = NULL;

    *tuple = (struct address_tuple){ .host = NULL };
    if (!PyTuple_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "getnameinfo() argument 1 must be a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(object, "sO|OO;getnameinfo(): illegal sockaddr argument", &tuple->host,
                          &port, &flowinfo, &scope_id) ||
        read_number(&tuple->port, port) < 0 ||
        read_extra(&tuple->extra[0], "flowinfo", 0, 0xfffff, flowinfo) < 0 ||
        read_extra(&tuple->extra[1], "scope_id", INT32_MIN, UINT32_MAX, scope_id) < 0)
        return -1;
    /* As everywhere, -1 means the largest number. */
    tuple->extra[1] = (uint32_t)tuple->extra[1];
    tuple->count = PyTuple_GET_SIZE(object);
    return 0;
}

int csp_read_timeout(struct csk_lookup_options *options, const char *function,
                     PyObject *const *values, PyObject *names)
{
    struct csp_signature keyword = { "", "timeout", 0, 1 };
    PyObject *timeout = NULL;

    if (!names)
        return csp_read_limits(options, NULL);
    PyOS_snprintf(keyword.function, sizeof keyword.function, "%s", function);
    if (csp_arguments(&keyword, values, 0, names, &timeout) < 0)
        return -1;
    return csp_read_limits(options, timeout);
}

static PyObject *sock_getnameinfo(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                  PyObject *names)
{
    struct csp_state *state = csp_state_of(module);
    struct csk_lookup_options options;
    struct csk_error error = { 0 };
    struct address_tuple tuple;
    struct csk_addr addr;
    int flags, n;

    if (csp_count("getnameinfo", count, 2, 2) < 0 ||
        csp_read_timeout(&options, "getnameinfo", args + count, names) < 0 ||
        csp_int(args[1], "flags", &flags) < 0 || read_sockaddr(&tuple, args[0]) < 0 ||
        PySys_Audit("socket.getnameinfo", "(O)", args[0]) < 0)
        return NULL;
    n = numeric_address(&addr, &tuple, &error);
    if (n < 0)
        return csp_raise_in(state, n, &error, "getnameinfo");
    return name_of(state, &addr, flags, &options);
}

#define GETADDRINFO_DOC                                                                            \
    "getaddrinfo(host, port, family=0, type=0, proto=0, flags=0, *, timeout=None)\n--\n\n"         \
    "Resolve a host and a port into a list of (family, type, proto, canonname, address).\n\n"      \
    "host is a name, a numeric address, or None; port is a number, a service name, or None.\n"     \
    "Raise TimeoutError after timeout seconds."

static const struct csp_function functions[] = {
    { CSP_KEYWORDS(getaddrinfo_plain), GETADDRINFO_DOC },
    { CSP_KEYWORDS(sock_getnameinfo), "getnameinfo(sockaddr, flags, /, *, timeout=None)\n--\n\n"
                                      "Return the names of an address: (host, port)." },
    { NULL },
};

/* Named differently in the package, so that both namespaces can be patched. */
static const struct csp_function package_functions[] = {
    { CSP_KEYWORDS(getaddrinfo_enums), GETADDRINFO_DOC },
    { NULL },
};

int csp_resolver_setup(struct csp_state *state)
{
    if (csp_add_functions(state->module, functions) < 0)
        return -1;
    return csp_add_package_function(state->module, "_getaddrinfo", package_functions);
}
