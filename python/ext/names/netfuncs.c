/* Byte order, numeric addresses, interfaces, descriptors, sizes of ancillary data, default timeout.
 */
#include "address.h"
#include "args.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"
#include "socket/socket.h"

#include <limits.h>
#include <string.h>

/* An error with a different message than the code's. */
static PyObject *raise_text(PyObject *module, int code, const char *text)
{
    struct csk_error error = { .code = code };

    snprintf(error.text, sizeof error.text, "%s", text);
    return csp_raise_info(csp_state_of(module), code, &error);
}

/* A number of 16 or 32 bits, with the messages of 3.14. */
static int read_unsigned_new(PyObject *object, const char *type, int64_t max, int64_t *number)
{
    char digits[CSP_DIGITS_SIZE];
    bool too_large;

    if (csp_int64(object, number, &too_large) < 0)
        return -1;
    if (*number < 0)
        PyErr_Format(PyExc_ValueError, "Cannot convert negative int: %s is out of range (0-%lld)",
                     csp_digits(object, digits), (long long)max);
    else if (*number > max)
        PyErr_Format(PyExc_OverflowError,
                     "Python int too large for C %s: %s is out of range (0-%lld)", type,
                     csp_digits(object, digits), (long long)max);
    return *number < 0 || *number > max ? -1 : 0;
}

/* Before 3.10. */
static int truncate_16(const char *function, int64_t *number)
{
    *number &= 0xffff;
    return PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                            "%s: Python int too large to convert to C 16-bit unsigned integer "
                            "(The silent truncation is deprecated)",
                            function);
}

static int read_16_old(PyObject *object, const char *function, int64_t *number)
{
    char digits[CSP_DIGITS_SIZE];
    bool too_large;

    if (csp_int64(object, number, &too_large) < 0)
        return -1;
    if (*number >= 0 && *number <= 0xffff)
        return 0;
    if (*number > 0 && *number <= INT_MAX && CSP_TRUNCATES_16_BITS)
        return truncate_16(function, number);
    csp_digits(object, digits);
    if (too_large)
        PyErr_Format(PyExc_OverflowError,
                     "Python int too large to convert to C long: %s is out of range (0-65535)",
                     digits);
    else if (*number > INT_MAX || *number < INT_MIN)
        PyErr_Format(PyExc_OverflowError, "signed integer is %s: %s is out of range (0-65535)",
                     *number < 0 ? "less than minimum" : "greater than maximum", digits);
    else
        PyErr_Format(PyExc_OverflowError,
                     "%s: %s to C 16-bit unsigned integer: %s is out of range (0-65535)", function,
                     *number < 0 ? "can't convert negative Python int"
                                 : "Python int too large to convert",
                     digits);
    return -1;
}

static int read_32_old(PyObject *object, int64_t *number)
{
    char digits[CSP_DIGITS_SIZE];
    bool too_large;
    int64_t n;

    if (!PyLong_Check(object)) {
        PyErr_Format(PyExc_TypeError, "expected int, %s found", Py_TYPE(object)->tp_name);
        return -1;
    }
    csp_int64(object, &n, &too_large);
    *number = n;
    if (n >= 0 && n <= 0xffffffff)
        return 0;
    PyErr_Format(PyExc_OverflowError, "%s: %s is out of range (0-4294967295)",
                 n < 0       ? "can't convert negative value to unsigned int"
                 : too_large ? "Python int too large to convert to C unsigned long"
                             : "int larger than 32 bits",
                 csp_digits(object, digits));
    return -1;
}

static PyObject *convert_16(PyObject *object, const char *function, uint16_t (*convert)(uint16_t))
{
    int64_t number;
    int n = CSP_NEW_UNSIGNED_ERRORS ? read_unsigned_new(object, "uint16_t", 0xffff, &number)
                                    : read_16_old(object, function, &number);

    if (n < 0 && csp_named("integer") < 0)
        return NULL;
    return PyLong_FromUnsignedLong(convert((uint16_t)number));
}

static PyObject *convert_32(PyObject *object, uint32_t (*convert)(uint32_t))
{
    int64_t number;
    int n = CSP_NEW_UNSIGNED_ERRORS ? read_unsigned_new(object, "uint32_t", 0xffffffff, &number)
                                    : read_32_old(object, &number);

    if (n < 0 && csp_named("integer") < 0)
        return NULL;
    return PyLong_FromUnsignedLong(convert((uint32_t)number));
}

static PyObject *sock_htons(PyObject *module, PyObject *arg)
{
    (void)module;
    return convert_16(arg, "htons", csk_htons);
}

static PyObject *sock_ntohs(PyObject *module, PyObject *arg)
{
    (void)module;
    return convert_16(arg, "ntohs", csk_ntohs);
}

static PyObject *sock_htonl(PyObject *module, PyObject *arg)
{
    (void)module;
    return convert_32(arg, csk_htonl);
}

static PyObject *sock_ntohl(PyObject *module, PyObject *arg)
{
    (void)module;
    return convert_32(arg, csk_ntohl);
}

static PyObject *sock_inet_aton(PyObject *module, PyObject *arg)
{
    unsigned char packed[4];
    const char *text;
    int n;

    if (csp_text(arg, "inet_aton", CSP_NEW_KEYWORD_ERRORS ? 0 : 1, "ip_addr", &text) < 0)
        return NULL;
    n = csk_inet_aton(text, packed, NULL);
    if (n < 0)
        return raise_text(module, n, "illegal IP address string passed to inet_aton");
    return PyBytes_FromStringAndSize((char *)packed, sizeof packed);
}

static PyObject *sock_inet_ntoa(PyObject *module, PyObject *arg)
{
    struct csp_bytes packed;
    char text[16];
    int n;

    if (csp_bytes_get(&packed, arg) < 0 && csp_named("packed_ip") < 0)
        return NULL;
    n = csk_inet_ntoa(packed.data, (size_t)packed.size, text, NULL);
    csp_bytes_release(&packed);
    if (n < 0)
        return raise_text(module, CSK_EINETTEXT, "packed IP wrong length for inet_ntoa");
    return csp_ascii(text, strlen(text));
}

/* Bytes (new) of a packed address.  A copy of known size is an instruction instead of a call. */
static PyObject *packed_bytes(const unsigned char *packed, int size)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);

    if (bytes && size == 4)
        memcpy(PyBytes_AS_STRING(bytes), packed, 4);
    else if (bytes)
        memcpy(PyBytes_AS_STRING(bytes), packed, 16);
    return bytes;
}

static PyObject *sock_inet_pton(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    unsigned char packed[16];
    const char *text;
    int family, n;

    if (csp_count("inet_pton", count, 2, 2) < 0 || csp_int(args[0], "address_family", &family) < 0)
        return NULL;
    n = -EINVAL;
    if (PyUnicode_CheckExact(args[1]) && PyUnicode_IS_COMPACT_ASCII(args[1]))
        n = csk_inet_pton_n(family, PyUnicode_DATA(args[1]), (size_t)PyUnicode_GET_LENGTH(args[1]),
                            packed, NULL);
    if (n < 0 && csp_text(args[1], "inet_pton", 2, "ip_string", &text) < 0)
        return NULL;
    if (n < 0)
        n = csk_inet_pton(family, text, packed, NULL);
    return n < 0 ? csp_raise(csp_state_of(module), n) : packed_bytes(packed, n);
}

static PyObject *sock_inet_ntop(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct csp_bytes packed;
    char text[46];
    int family, n;

    if (csp_count("inet_ntop", count, 2, 2) < 0 ||
        csp_int(args[0], "address_family", &family) < 0 ||
        (csp_bytes_get(&packed, args[1]) < 0 && csp_named("packed_ip") < 0))
        return NULL;
    n = csk_inet_ntop(family, packed.data, (size_t)packed.size, text, NULL);
    csp_bytes_release(&packed);
    if (n == CSK_EINETLEN) {
        raise_text(module, n, "invalid length of packed IP address string");
        csp_named("packed_ip");
        return NULL;
    }
    if (n < 0) {
        PyErr_Format(PyExc_ValueError, "address_family: unknown address family %d", family);
        return NULL;
    }
    return csp_ascii(text, strlen(text));
}

static PyObject *sock_if_nameindex(PyObject *module, PyObject *unused)
{
    struct csk_if *list;
    PyObject *result, *pair;
    int n = csk_if_nameindex(&list), appended = 0;

    (void)unused;
    if (n < 0)
        return csp_raise(csp_state_of(module), n);
    result = PyList_New(0);
    for (int i = 0; result && i < n && appended == 0; i++) {
        pair = Py_BuildValue("(IN)", list[i].index, PyUnicode_DecodeFSDefault(list[i].name));
        appended = pair ? PyList_Append(result, pair) : -1;
        Py_XDECREF(pair);
    }
    csk_if_freenameindex(list);
    if (appended < 0)
        Py_CLEAR(result);
    return result;
}

static PyObject *sock_if_nametoindex(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t size;
    PyObject *keep;
    const char *name;
    int n;

    if (csp_count("if_nametoindex", count, 1, 1) < 0 ||
        (csp_fs_text(args[0], &keep, &name, &size) < 0 && csp_named("if_name") < 0))
        return NULL;
    n = csk_if_nametoindex(name, NULL);
    Py_DECREF(keep);
    if (n == CSK_EINTERFACE && CSP_NEW_UNSIGNED_ERRORS)
        n = -ENODEV;
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyLong_FromLong(n);
}

/* An unsigned int, with the errors of versions before 3.14. */
static int read_index_old(PyObject *object, int64_t *number)
{
    unsigned long n;

    if (!PyLong_Check(object) && !PyIndex_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "an integer is required");
        return -1;
    }
    n = PyLong_AsUnsignedLong(object);
    if (n == (unsigned long)-1 && PyErr_Occurred())
        return -1;
    *number = (int64_t)n;
    if (n <= UINT_MAX)
        return 0;
    PyErr_SetString(PyExc_OverflowError, "index is too large");
    return -1;
}

static PyObject *sock_if_indextoname(PyObject *module, PyObject *arg)
{
    char name[IF_NAMESIZE];
    int64_t index;
    int n = CSP_NEW_UNSIGNED_ERRORS ? read_unsigned_new(arg, "unsigned int", UINT_MAX, &index)
                                    : read_index_old(arg, &index);

    if (n < 0 && csp_named("if_index") < 0)
        return NULL;
    n = csk_if_indextoname((unsigned)index, name, NULL);
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyUnicode_DecodeFSDefault(name);
}

/* A file descriptor; a number beyond the range of int has the same error as one that is not
 * open. */
static int read_fd(PyObject *object, int *fd)
{
    char digits[CSP_DIGITS_SIZE];
    bool too_large;
    int64_t n;

    if (csp_int64(object, &n, &too_large) < 0)
        return csp_named("fd");
    if (too_large) {
        PyErr_Format(PyExc_OverflowError,
                     "fd: Python int too large to convert to C long: %s is out of range (0-%d)",
                     csp_digits(object, digits), INT_MAX);
        return -1;
    }
    *fd = n < 0 || n > INT_MAX ? -1 : (int)n;
    return 0;
}

static PyObject *sock_close(PyObject *module, PyObject *arg)
{
    int fd, n;

    if (read_fd(arg, &fd) < 0)
        return NULL;
    CSP_CALL(n = csk_close_fd(fd));
    if (n < 0)
        return csp_raise(csp_state_of(module), n);
    Py_RETURN_NONE;
}

static PyObject *sock_dup(PyObject *module, PyObject *arg)
{
    struct csk_socket s = CSK_SOCKET_INIT, copy;
    int n;

    if (read_fd(arg, &s.fd) < 0)
        return NULL;
    s.type = SOCK_STREAM; /* any value except 0, which means closed */
    n = csk_dup(&s, &copy);
    /* Not csk_detach: a copy of a socket without a type is not open. */
    return n < 0 ? csp_raise(csp_state_of(module), n) : PyLong_FromLong(copy.fd);
}

/* A socket (new): of the low-level class, or of the current csocket.socket. */
static PyObject *wrap(struct csp_state *state, bool low, struct csk_socket *s)
{
    return low ? (PyObject *)csp_wrap(state, state->low_type, s) : csp_make_socket(state, s);
}

/* (a, b) (new); takes ownership of the pair. */
static PyObject *wrap_pair(struct csp_state *state, bool low, struct csk_socket pair[2])
{
    PyObject *a = wrap(state, low, &pair[0]), *b = NULL, *tuple;

    if (a)
        b = wrap(state, low, &pair[1]);
    else
        csk_close(&pair[1]);
    tuple = b ? PyTuple_Pack(2, a, b) : NULL;
    Py_XDECREF(a);
    Py_XDECREF(b);
    return tuple;
}

static const struct csp_signature pair_signature = { "socketpair", "family type proto", 0, 3 };

static PyObject *open_pair(PyObject *module, bool low, PyObject *const *values)
{
    int family = AF_UNIX, type = SOCK_STREAM, proto = 0, n;
    struct csp_state *state = csp_state_of(module);
    struct csk_socket pair[2];

    if ((values[0] && values[0] != Py_None && csp_int(values[0], "family", &family) < 0) ||
        (values[1] && csp_int(values[1], "type", &type) < 0) ||
        (values[2] && csp_int(values[2], "proto", &proto) < 0))
        return NULL;
    if (csp_opens_immediately(csk_family_find(family, proto)))
        n = csk_socketpair(pair, family, type, proto);
    else
        CSP_CALL(n = csk_socketpair(pair, family, type, proto));
    return n < 0 ? csp_raise(state, n) : wrap_pair(state, low, pair);
}

static PyObject *sock_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    PyObject *values[3];

    if (csp_count("socketpair", count, 0, 3) < 0 ||
        csp_arguments(&pair_signature, args, count, NULL, values) < 0)
        return NULL;
    return open_pair(module, true, values);
}

static PyObject *package_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                    PyObject *names)
{
    PyObject *values[3];

    if (csp_arguments(&pair_signature, args, count, names, values) < 0)
        return NULL;
    return open_pair(module, false, values);
}

static PyObject *cmsg_size(PyObject *const *args, Py_ssize_t count, const char *function,
                           int64_t (*compute)(size_t))
{
    Py_ssize_t length;
    int64_t size;

    if (csp_count(function, count, 1, 1) < 0 || csp_size(args[0], "length", &length) < 0)
        return NULL;
    size = length < 0 ? -1 : compute((size_t)length);
    if (size >= 0)
        return PyLong_FromLongLong(size);
    PyErr_Format(PyExc_OverflowError, "length: %s() argument out of range", function);
    return NULL;
}

static PyObject *sock_CMSG_LEN(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return cmsg_size(args, count, "CMSG_LEN", csk_CMSG_LEN);
}

static PyObject *sock_CMSG_SPACE(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return cmsg_size(args, count, "CMSG_SPACE", csk_CMSG_SPACE);
}

static PyObject *sock_getdefaulttimeout(PyObject *module, PyObject *unused)
{
    (void)unused;
    return csp_seconds(__atomic_load_n(&csp_state_of(module)->default_timeout, __ATOMIC_RELAXED));
}

static PyObject *sock_setdefaulttimeout(PyObject *module, PyObject *arg)
{
    int64_t timeout;

    if (csp_timeout(arg, &timeout) < 0)
        return NULL;
    __atomic_store_n(&csp_state_of(module)->default_timeout, timeout, __ATOMIC_RELAXED);
    Py_RETURN_NONE;
}

static const struct csp_function functions[] = {
    { sock_htons, METH_O,
      "htons(integer, /)\n--\n\n"
      "Convert a 16-bit number from host to network byte order." },
    { sock_ntohs, METH_O,
      "ntohs(integer, /)\n--\n\n"
      "Convert a 16-bit number from network to host byte order." },
    { sock_htonl, METH_O,
      "htonl(integer, /)\n--\n\n"
      "Convert a 32-bit number from host to network byte order." },
    { sock_ntohl, METH_O,
      "ntohl(integer, /)\n--\n\n"
      "Convert a 32-bit number from network to host byte order." },
    { sock_inet_aton, METH_O,
      "inet_aton(ip_addr, /)\n--\n\n"
      "Return the 4 bytes of an IPv4 address, which may have an old short form." },
    { sock_inet_ntoa, METH_O,
      "inet_ntoa(packed_ip, /)\n--\n\n"
      "Return an IPv4 address of 4 bytes as a string." },
    { CSP_FAST(sock_inet_pton), "inet_pton(address_family, ip_string, /)\n--\n\n"
                                "Return the 4 or 16 bytes of a numeric address." },
    { CSP_FAST(sock_inet_ntop), "inet_ntop(address_family, packed_ip, /)\n--\n\n"
                                "Return an address of 4 or 16 bytes as a string." },
    { sock_if_nameindex, METH_NOARGS,
      "if_nameindex()\n--\n\n"
      "Return a list of (index, name) of the network interfaces." },
    { CSP_FAST(sock_if_nametoindex),
      "if_nametoindex(if_name, /)\n--\n\nReturn the index of a network interface." },
    { sock_if_indextoname, METH_O,
      "if_indextoname(if_index, /)\n--\n\nReturn the name of a network interface." },
    { sock_close, METH_O, "close(fd, /)\n--\n\nClose a socket's descriptor." },
    { sock_dup, METH_O,
      "dup(fd, /)\n--\n\n"
      "Duplicate a socket's descriptor; programs started later do not inherit it." },
    { CSP_FAST(sock_socketpair), "socketpair(family=AF_UNIX, type=SOCK_STREAM, proto=0, /)\n--\n\n"
                                 "Return two sockets that are connected to each other." },
    { CSP_FAST(sock_CMSG_LEN),
      "CMSG_LEN(length, /)\n--\n\n"
      "Return the size of an item of ancillary data with length bytes of data, without the\n"
      "padding after it." },
    { CSP_FAST(sock_CMSG_SPACE),
      "CMSG_SPACE(length, /)\n--\n\n"
      "Return the size of an item of ancillary data with length bytes of data, including the\n"
      "padding after it." },
    { sock_getdefaulttimeout, METH_NOARGS,
      "getdefaulttimeout()\n--\n\n"
      "Return the default timeout of new sockets in seconds, or None." },
    { sock_setdefaulttimeout, METH_O,
      "setdefaulttimeout(timeout, /)\n--\n\n"
      "Set the default timeout of new sockets in seconds, or None." },
    { NULL },
};

static const struct csp_function package_functions[] = {
    { CSP_KEYWORDS(package_socketpair),
      "socketpair(family=None, type=SOCK_STREAM, proto=0)\n--\n\n"
      "Return two sockets that are connected to each other, of AF_UNIX if family is None." },
    { NULL },
};

int csp_netfuncs_setup(struct csp_state *state)
{
    if (csp_add_functions(state->module, functions) < 0)
        return -1;
    return csp_add_package_function(state->module, "_socketpair", package_functions);
}
