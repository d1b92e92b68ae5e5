/* Network interfaces with their addresses. */
#include "address.h"
#include "call.h"
#include "define.h"
#include "error.h"
#include "setup.h"

static const struct csp_attribute fields[] = {
    { "name", "the interface's name" },
    { "index", "the interface's index" },
    { "flags", "IFF_* of the interface, a csocket.values.InterfaceFlag" },
    { "family", "the addresses' family; None if there is no address" },
    { "address", "in the form of getsockname(), with port 0; None if there is none" },
    { "netmask", "the network's mask in the same form, or None" },
    { "broadcast", "the broadcast address or, if flags has IFF_POINTOPOINT, the other end's; "
                   "or None" },
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

/* The named tuple class (new). */
static PyObject *make_type(void)
{
    PyStructSequence_Field list[FIELD_COUNT + 1] = { { NULL, NULL } };
    PyStructSequence_Desc desc = {
        .name = "csocket.ifaddr",
        .doc = "An address of a network interface: see getifaddrs().",
        .fields = list,
        .n_in_sequence = FIELD_COUNT,
    };

    for (size_t i = 0; i < FIELD_COUNT; i++)
        list[i] = (PyStructSequence_Field){ fields[i].name, fields[i].doc };
    return (PyObject *)PyStructSequence_NewType(&desc);
}

static PyObject *family_of(struct csp_state *state, const struct csk_addr *addr)
{
    if (addr->len == 0)
        Py_RETURN_NONE;
    return csp_enum_member(&state->families, addr->sa.sa_family);
}

/* The bits as a flag, whose enum is created at its first use (new). */
static PyObject *flags_of(unsigned flags)
{
    PyObject *module = PyImport_ImportModule("csocket.values");
    PyObject *member = module ? PyObject_CallMethod(module, "InterfaceFlag", "I", flags) : NULL;

    Py_XDECREF(module);
    return member;
}

/* Take ownership of a value that may be NULL: 0, or -1 with an exception. */
static int put(PyObject *tuple, Py_ssize_t place, PyObject *stolen)
{
    if (!stolen)
        return -1;
    PyStructSequence_SetItem(tuple, place, stolen);
    return 0;
}

/* new */
static PyObject *entry(struct csp_state *state, const struct csk_ifaddr *each)
{
    PyObject *tuple = PyStructSequence_New(state->ifaddr_type);

    if (tuple && (put(tuple, 0, PyUnicode_DecodeFSDefault(each->name)) < 0 ||
                  put(tuple, 1, PyLong_FromUnsignedLong(each->index)) < 0 ||
                  put(tuple, 2, flags_of(each->flags)) < 0 ||
                  put(tuple, 3, family_of(state, &each->addr)) < 0 ||
                  put(tuple, 4, csp_address_to(NULL, &each->addr)) < 0 ||
                  put(tuple, 5, csp_address_to(NULL, &each->netmask)) < 0 ||
                  put(tuple, 6, csp_address_to(NULL, &each->broadcast)) < 0))
        Py_CLEAR(tuple);
    return tuple;
}

static PyObject *sock_getifaddrs(PyObject *module, PyObject *unused)
{
    struct csp_state *state = csp_state_of(module);
    struct csk_ifaddr *list;
    PyObject *result, *one;
    int n;

    (void)unused;
    CSP_CALL(n = csk_getifaddrs(&list));
    if (n < 0)
        return csp_raise(state, n);
    result = PyList_New(n);
    for (int i = 0; result && i < n; i++) {
        if (!(one = entry(state, &list[i])))
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, one);
    }
    csk_freeifaddrs(list);
    return result;
}

static PyObject *as_dict(PyObject *self, PyObject *unused)
{
    PyObject *dict = PyDict_New();

    (void)unused;
    for (size_t i = 0; dict && i < FIELD_COUNT; i++)
        if (PyDict_SetItemString(dict, fields[i].name, PyTuple_GET_ITEM(self, (Py_ssize_t)i)) < 0)
            Py_CLEAR(dict);
    return dict;
}

static const struct csp_function methods[] = {
    { as_dict, METH_NOARGS,
      "_asdict($self, /)\n--\n\nReturn a dict of the fields, as for named tuples." },
    { NULL },
};

static const struct csp_function package_functions[] = {
    { sock_getifaddrs, METH_NOARGS,
      "getifaddrs()\n--\n\n"
      "Return the addresses of the network interfaces, a list of named tuples:\n"
      "(name, index, flags, family, address, netmask, broadcast).\n\n"
      "An interface has one entry per address, including its hardware address (AF_PACKET); an\n"
      "interface without addresses has one entry with None." },
    { NULL },
};

/* Names that the standard library does not have: csocket imports them, "import *" does not. */
int csp_interfaces_setup(struct csp_state *state)
{
    PyObject *type = make_type();

    state->ifaddr_type = (PyTypeObject *)type;
    if (!type || csp_add_methods(state->ifaddr_type, methods) < 0 ||
        csp_add(state->module, "_ifaddr", Py_NewRef(type)) < 0)
        return -1;
    return csp_add_package_function(state->module, "_getifaddrs", package_functions);
}
