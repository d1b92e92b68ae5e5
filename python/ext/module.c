/* The module csocket._socket: its state, and the list of the functions that fill it. */
#include "define.h"
#include "error.h"
#include "setup.h"
#include "names/names.h"

#include <string.h>

static int intern_names(struct csp_state *state)
{
#define INTERN(name)                                                                               \
    if (!(state->str_##name = PyUnicode_InternFromString(#name)))                                  \
        return -1;
    CSP_NAMES(INTERN)
#undef INTERN
    return 0;
}

/* The current version of socket.socket: see csp_is_plain.  Types get one when an attribute is
 * looked up. */
static int note_version(struct csp_state *state)
{
    PyObject *found = PyObject_GetAttr((PyObject *)state->package_type, state->str_close);

    Py_XDECREF(found);
    state->package_version = csp_type_version(state->package_type);
    return found ? 0 : -1;
}

/* (type, module): set the module of a type, as install() does.  Sockets remain as plain as before,
 * even if it is their base: see csp_is_plain. */
static PyObject *set_type_module(PyObject *module, PyObject *args)
{
    struct csp_state *state = csp_state_of(module);
    PyObject *name;
    PyTypeObject *type;
    bool plain;

    if (!PyArg_ParseTuple(args, "O!U:_set_type_module", &PyType_Type, &type, &name))
        return NULL;
    plain = csp_type_version(state->package_type) == state->package_version;
    if (PyDict_SetItemString(type->tp_dict, "__module__", name) < 0)
        return NULL;
    PyType_Modified(type);
    if (plain && note_version(state) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* Whether the methods of an object are called without being looked up: for tests. */
static PyObject *is_plain(PyObject *module, PyObject *object)
{
    return PyBool_FromLong(csp_is_plain(csp_state_of(module), object));
}

static const struct csp_function functions[] = {
    { is_plain, METH_O, "_is_plain" },
    { set_type_module, METH_VARARGS, "_set_type_module" },
    { NULL },
};

static int add_functions(struct csp_state *state)
{
    if (csp_add(state->module, "_version", PyUnicode_FromString(csk_version())) < 0)
        return -1;
    return csp_add_functions(state->module, functions);
}

/* In this order: a type's methods come after the type. */
static bool setup_fails(struct csp_state *state)
{
    return intern_names(state) < 0 || csp_error_setup(state) < 0 ||
           csp_constants_setup(state) < 0 || csp_enums_setup(state) < 0 ||
           csp_scope_setup(state) < 0 || csp_type_setup(state) < 0 ||
           csp_connect_setup(state) < 0 || csp_io_setup(state) < 0 || csp_msg_setup(state) < 0 ||
           csp_exact_setup(state) < 0 || csp_fds_setup(state) < 0 || csp_batch_setup(state) < 0 ||
           csp_batch_send_setup(state) < 0 || csp_zerocopy_setup(state) < 0 ||
           csp_control_setup(state) < 0 || csp_errors_setup(state) < 0 ||
           csp_sockopt_setup(state) < 0 || csp_method_setup(state) < 0 ||
           csp_package_setup(state) < 0 || csp_file_setup(state) < 0 ||
           csp_makefile_setup(state) < 0 || csp_sendfile_setup(state) < 0 ||
           csp_splice_setup(state) < 0 || csp_tls_setup(state) < 0 ||
           csp_resolver_setup(state) < 0 || csp_hosts_setup(state) < 0 ||
           csp_netfuncs_setup(state) < 0 || csp_interfaces_setup(state) < 0 ||
           csp_replaced_setup(state) < 0 || csp_server_setup(state) < 0 ||
           csp_create_connection_setup(state) < 0 || csp_option_types_setup(state) < 0 ||
           csp_options_setup(state) < 0 || csp_catalogue_setup(state) < 0 ||
           note_version(state) < 0 || add_functions(state) < 0;
}

static int module_exec(PyObject *module)
{
    struct csp_state *state = csp_state_of(module);

    state->module = module;
    state->default_timeout = -1;
    return setup_fails(state) ? -1 : 0;
}

static int traverse_members(const struct csp_members *members, visitproc visit, void *arg)
{
    Py_VISIT(members->type);
    for (int i = 0; i < CSP_MEMBERS_MAX; i++)
        Py_VISIT(members->member[i]);
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct csp_state *state = csp_state_of(module);
    int n;

    Py_VISIT(state->low_type);
    Py_VISIT(state->package_type);
    Py_VISIT(state->file_type);
    Py_VISIT(state->method_type);
    Py_VISIT(state->ifaddr_type);
    Py_VISIT(state->stand_in_type);
    Py_VISIT(state->tls_type);
    Py_VISIT(state->herror);
    Py_VISIT(state->gaierror);
    Py_VISIT(state->timeout);
    Py_VISIT(state->cancelled);
    Py_VISIT(state->namespace);
    Py_VISIT(state->giveup);
    Py_VISIT(state->io);
    Py_VISIT(state->raw_io);
    Py_VISIT(state->unsupported);
    Py_VISIT(state->option_structs);
    for (n = 0; n < CSP_OPTION_TYPES; n++)
        Py_VISIT(state->option_types[n]);
    if ((n = csp_visit_watches(state, visit, arg)) != 0 ||
        (n = traverse_members(&state->families, visit, arg)) != 0)
        return n;
    return traverse_members(&state->types, visit, arg);
}

static void clear_members(struct csp_members *members)
{
    Py_CLEAR(members->type);
    for (int i = 0; i < CSP_MEMBERS_MAX; i++)
        Py_CLEAR(members->member[i]);
}

/* There is no m_clear: objects use the state until they are freed, and the cycles of module and
 * types are broken when types release their module. */
static void module_free(void *module)
{
    struct csp_state *state = csp_state_of(module);

    Py_CLEAR(state->low_type);
    Py_CLEAR(state->package_type);
    Py_CLEAR(state->file_type);
    Py_CLEAR(state->method_type);
    Py_CLEAR(state->ifaddr_type);
    Py_CLEAR(state->stand_in_type);
    Py_CLEAR(state->tls_type);
    Py_CLEAR(state->herror);
    Py_CLEAR(state->gaierror);
    Py_CLEAR(state->timeout);
    Py_CLEAR(state->cancelled);
    Py_CLEAR(state->timed_out);
    csp_error_free(state);
    csp_free_watches(state);
    PyMem_RawFree(state->attempts);
    Py_CLEAR(state->giveup);
    Py_CLEAR(state->io);
    Py_CLEAR(state->raw_io);
    Py_CLEAR(state->unsupported);
    Py_CLEAR(state->option_structs);
    for (int i = 0; i < CSP_OPTION_TYPES; i++)
        Py_CLEAR(state->option_types[i]);
    clear_members(&state->families);
    clear_members(&state->types);
#define CLEAR_NAME(name) Py_CLEAR(state->str_##name);
    CSP_NAMES(CLEAR_NAME)
#undef CLEAR_NAME
}

static PyModuleDef_Slot slots[] = {
    { Py_mod_exec, module_exec },
    CSP_INTERPRETERS_SLOT CSP_GIL_SLOT{ 0, NULL },
};

struct PyModuleDef csp_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "csocket._socket",
    .m_doc = "The implementation of csocket. Use csocket, which exports all of it.",
    .m_size = sizeof(struct csp_state),
    .m_slots = slots,
    .m_traverse = module_traverse,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__socket(void);

PyMODINIT_FUNC PyInit__socket(void)
{
    return PyModuleDef_Init(&csp_module);
}
