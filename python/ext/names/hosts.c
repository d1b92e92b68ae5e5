/* The host and service databases, and this machine's name. */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "names/names.h"
#include "setup.h"

#include <netdb.h>
#include <string.h>

/* A host's name for gethostbyname and similar functions; -1 also if an audit hook raises an
 * exception.
 */
static int host_argument(struct csp_name *host, PyObject *object, const char *function,
                         const char *event)
{
    Py_ssize_t size;

    if (!PyUnicode_Check(object) && !PyBytes_Check(object) && !PyByteArray_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s() argument 1 must be str, bytes or bytearray, not %.50s",
                     function, object == Py_None ? "None" : Py_TYPE(object)->tp_name);
        return -1;
    }
    if (csp_host(object, true, &host->keep, &host->text, &size) < 0)
        return csp_named(strcmp(function, "gethostbyaddr") == 0 ? "ip_address" : "hostname");
    if (PySys_Audit(event, "(O)", object) == 0)
        return 0;
    Py_DECREF(host->keep);
    return -1;
}

/* The argument of a lookup by name: 0, or -1 with an exception. */
static int read_lookup(const char *function, const char *event, PyObject *const *args,
                       Py_ssize_t count, PyObject *names, struct csp_name *host,
                       struct csk_lookup_options *options)
{
    if (csp_count(function, count, 1, 1) < 0)
        return -1;
    if (csp_read_timeout(options, function, args + count, names) < 0)
        return -1;
    return host_argument(host, args[0], function, event);
}

static PyObject *sock_gethostbyname(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                    PyObject *names)
{
    struct csk_lookup_options options;
    struct csp_name host;
    char text[16];
    int n;

    if (read_lookup("gethostbyname", "socket.gethostbyname", args, count, names, &host, &options) <
        0)
        return NULL;
    CSP_CALL(n = csk_gethostbyname(host.text, &options, text, NULL));
    Py_DECREF(host.keep);
    return n < 0 ? csp_raise(csp_state_of(module), n) : csp_ascii(text, strlen(text));
}

/* A list of str (new). */
static PyObject *text_list(const char *const *texts)
{
    PyObject *list = PyList_New(0), *text;
    int n = 0;

    for (; list && n == 0 && *texts; texts++) {
        text = PyUnicode_DecodeFSDefault(*texts);
        n = text ? PyList_Append(list, text) : -1;
        Py_XDECREF(text);
    }
    if (n < 0)
        Py_CLEAR(list);
    return list;
}

/* csk_gethostbyname_ex or csk_gethostbyaddr */
typedef int find_host(const char *, const struct csk_lookup_options *, struct csk_hostent **,
                      struct csk_error *);

/* (name, aliases, addresses) (new) of a host. */
static PyObject *host_tuple(PyObject *module, struct csp_name *name, find_host *find,
                            const struct csk_lookup_options *options)
{
    struct csk_hostent *host;
    PyObject *tuple;
    int n;

    CSP_CALL(n = find(name->text, options, &host, NULL));
    Py_DECREF(name->keep);
    if (n < 0)
        return csp_raise(csp_state_of(module), n);
    tuple = Py_BuildValue("(NNN)", PyUnicode_DecodeFSDefault(host->name),
                          text_list((const char *const *)host->aliases),
                          text_list((const char *const *)host->addresses));
    csk_freehostent(host);
    return tuple;
}

/* The event is that of gethostbyname, as in the standard library. */
static PyObject *sock_gethostbyname_ex(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                       PyObject *names)
{
    struct csk_lookup_options options;
    struct csp_name name;
    int n = read_lookup("gethostbyname_ex", "socket.gethostbyname", args, count, names, &name,
                        &options);

    return n < 0 ? NULL : host_tuple(module, &name, csk_gethostbyname_ex, &options);
}

static PyObject *sock_gethostbyaddr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                    PyObject *names)
{
    struct csk_lookup_options options;
    struct csp_name name;

    if (read_lookup("gethostbyaddr", "socket.gethostbyaddr", args, count, names, &name, &options) <
        0)
        return NULL;
    return host_tuple(module, &name, csk_gethostbyaddr, &options);
}

static PyObject *sock_getservbyname(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    const char *name, *proto = NULL;
    int n;

    if (csp_count("getservbyname", count, 1, 2) < 0 ||
        csp_text(args[0], "getservbyname", 1, "servicename", &name) < 0 ||
        (count > 1 && csp_text(args[1], "getservbyname", 2, "protocolname", &proto) < 0) ||
        PySys_Audit("socket.getservbyname", "ss", name, proto) < 0)
        return NULL;
    CSP_CALL(n = csk_getservbyname(name, proto, NULL));
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyLong_FromLong(n);
}

static PyObject *sock_getservbyport(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    const char *proto = NULL;
    char name[NI_MAXSERV], digits[CSP_DIGITS_SIZE];
    bool too_large;
    int64_t number;
    int port, n;

    if (csp_count("getservbyport", count, 1, 2) < 0 ||
        (csp_int64(args[0], &number, &too_large) < 0 && csp_named("port") < 0) ||
        (count > 1 && csp_text(args[1], "getservbyport", 2, "protocolname", &proto) < 0))
        return NULL;
    if (number < 0 || number > 0xffff) {
        PyErr_Format(PyExc_OverflowError, "getservbyport: port must be 0-65535, not %s",
                     csp_digits(args[0], digits));
        return NULL;
    }
    port = (int)number;
    if (PySys_Audit("socket.getservbyport", "is", port, proto) < 0)
        return NULL;
    CSP_CALL(n = csk_getservbyport(port, proto, name, sizeof name, NULL));
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyUnicode_DecodeFSDefault(name);
}

static PyObject *sock_getprotobyname(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    const char *name;
    int n;

    if (csp_count("getprotobyname", count, 1, 1) < 0 ||
        csp_text(args[0], "getprotobyname", 1, "protocolname", &name) < 0)
        return NULL;
    CSP_CALL(n = csk_getprotobyname(name, NULL));
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyLong_FromLong(n);
}

static PyObject *sock_gethostname(PyObject *module, PyObject *unused)
{
    char name[1024];
    int n;

    (void)unused;
    if (PySys_Audit("socket.gethostname", NULL) < 0)
        return NULL;
    n = csk_gethostname(name, sizeof name);
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyUnicode_DecodeFSDefault(name);
}

static bool is_this_machine(PyObject *name)
{
    return PyUnicode_GET_LENGTH(name) == 0 ||
           PyUnicode_CompareWithASCIIString(name, "0.0.0.0") == 0 ||
           PyUnicode_CompareWithASCIIString(name, "::") == 0;
}

/* The fully qualified name (new); name itself if that is unknown. */
static PyObject *qualify(struct csp_state *state, PyObject *name,
                         const struct csk_lookup_options *options)
{
    struct csp_name host;
    char text[NI_MAXHOST];
    bool found;
    int n, kind;

    if (host_argument(&host, name, "gethostbyaddr", "socket.gethostbyaddr") < 0)
        return NULL;
    CSP_CALL(n = csk_getfqdn(host.text, options, text, sizeof text, NULL));
    found = n == 0 && strcmp(text, host.text) != 0;
    Py_DECREF(host.keep);
    kind = csk_error_kind(n);
    if (n < 0 && (n == CSK_EINTERRUPTED || kind == CSK_KIND_TIMEOUT || kind == CSK_KIND_CANCEL))
        return csp_raise(state, n);
    return found ? PyUnicode_DecodeFSDefault(text) : Py_NewRef(name);
}

/* (name, timeout): name is a str without white space around it */
static PyObject *sock_getfqdn(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csk_lookup_options options;
    PyObject *name, *result;

    if (csp_count("_getfqdn", count, 2, 2) < 0 || csp_read_limits(&options, args[1]) < 0)
        return NULL;
    name = is_this_machine(args[0]) ? sock_gethostname(module, NULL) : Py_NewRef(args[0]);
    if (!name)
        return NULL;
    result = qualify(csp_state_of(module), name, &options);
    Py_DECREF(name);
    return result;
}

static PyObject *sock_sethostname(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    int n = CSK_EINTERRUPTED;
    PyObject *name;

    /* The hooks always receive it as bytes. */
    if (csp_count("sethostname", count, 1, 1) < 0 || !PyUnicode_FSConverter(args[0], &name))
        return NULL;
    if (PySys_Audit("socket.sethostname", "(O)", name) == 0)
        n = csk_sethostname(PyBytes_AS_STRING(name), (size_t)PyBytes_GET_SIZE(name), NULL);
    Py_DECREF(name);
    if (n < 0)
        return csp_raise(csp_state_of(module), n);
    Py_RETURN_NONE;
}

static const struct csp_function functions[] = {
    { CSP_FAST(sock_getfqdn), "_getfqdn" },
    { CSP_KEYWORDS(sock_gethostbyname), "gethostbyname(hostname, /, *, timeout=None)\n--\n\n"
                                        "Return the first IPv4 address of a host." },
    { CSP_KEYWORDS(sock_gethostbyname_ex), "gethostbyname_ex(hostname, /, *, timeout=None)\n--\n\n"
                                           "Return (name, aliases, IPv4 addresses) of a host." },
    { CSP_KEYWORDS(sock_gethostbyaddr),
      "gethostbyaddr(ip_address, /, *, timeout=None)\n--\n\n"
      "Return (name, aliases, addresses) of the host with an IPv4 or IPv6 address." },
    { CSP_FAST(sock_getservbyname),
      "getservbyname(servicename, protocolname='', /)\n--\n\nReturn the port of a service." },
    { CSP_FAST(sock_getservbyport), "getservbyport(port, protocolname='', /)\n--\n\n"
                                    "Return the name of the service at a port." },
    { CSP_FAST(sock_getprotobyname),
      "getprotobyname(protocolname, /)\n--\n\nReturn the number of an internet protocol." },
    { sock_gethostname, METH_NOARGS, "gethostname()\n--\n\nReturn this machine's name." },
    { CSP_FAST(sock_sethostname), "sethostname(name, /)\n--\n\nSet this machine's name." },
    { NULL },
};

int csp_hosts_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
