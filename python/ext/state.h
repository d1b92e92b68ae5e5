/* The module's state: shared by its files, and created once for each interpreter.
 *
 * A prototype states for each PyObject * that it returns: new (the caller owns it) or borrowed.
 * Arguments are borrowed.  NULL and -1 mean that an exception is set.  This holds for all headers
 * of the binding.
 *
 * csp_ is the binding's prefix.  It uses the core only through <csocket/...>, like any program.
 */
#ifndef CSP_STATE_H
#define CSP_STATE_H

#include "compat.h"

#include <csocket/const.h>
#include <csocket/csocket.h>

#include <assert.h>
#include <errno.h>
#include <stddef.h>

/* Numbers up to this have their members of enums in a table: see csp_enum_member. */
#define CSP_MEMBERS_MAX 64

/* Arguments of OSError are kept for numbers below this: see error.c. */
#define CSP_ERRNOS 140

/* The capsule _socket.CAPI, which _ssl reads. */
struct csp_capi {
    PyTypeObject *type;
    PyObject *error;
    PyObject *timeout_error;
};

/* Members of an enum by number, so that a property is one array access. */
struct csp_members {
    PyObject *type; /* AddressFamily, SocketKind; NULL before csocket has created it */
    PyObject *member[CSP_MEMBERS_MAX];
};

/* Names that are looked up often. */
/* clang-format off */
#define CSP_NAMES(X)                                                                               \
    X(_accept) X(_connect_in_turn) X(_decref_socketios) X(_real_close) X(_resolve) X(address)      \
    X(close) X(do_handshake) X(family)                                                             \
    X(fileno) X(pending) X(shutdown) X(write)                                                      \
    X(flush) X(getpeername) X(getsockname) X(mode) X(options) X(r) X(read) X(readall) X(recv_into) \
    X(seek) X(seekable) X(send) X(settimeout) X(socket) X(text_encoding) X(type)
/* clang-format on */

/* Types for options, created when they are needed. */
enum csp_option_type {
    CSP_OPTION_VIEW,      /* sock.options */
    CSP_OPTION_ENTRY,     /* of csocket.options */
    CSP_OPTION_CATALOGUE, /* csocket.options */
    CSP_OPTION_CONTROL,   /* message.control */
    CSP_OPTION_MESSAGE,   /* the result of recv_message */
    CSP_OPTION_TYPES,     /* their number */
};

struct csp_state {
    PyObject *module;                       /* borrowed */
    PyTypeObject *low_type;                 /* _socket.socket */
    PyTypeObject *package_type;             /* socket.socket */
    PyTypeObject *file_type;                /* socket.SocketIO */
    PyTypeObject *method_type;              /* of socket.socket's borrowable methods */
    PyTypeObject *ifaddr_type;              /* an entry of getifaddrs */
    PyTypeObject *stand_in_type, *tls_type; /* tls.c */
    Py_ssize_t file_offset;                 /* of SocketIO's own fields, which follow io's struct */
    unsigned package_version;               /* of package_type when created: see csp_is_plain */
    PyObject *herror, *gaierror, *timeout;
    PyObject *cancelled;                         /* Cancelled */
    PyObject *timed_out;                         /* the text of a timeout */
    struct csp_cached_errno *errnos[CSP_ERRNOS]; /* NULL before they are raised */
    PyObject *namespace;                         /* csocket's dict; NULL before it is known */
    int follower;                                /* of that dict: names/replaced.c */
    struct csp_lookup *lookups;                  /* under way: address.c */
    pid_t lookups_process;                       /* the owner of the fields */
    struct csp_watch *watches;                   /* of functions of the package */
    int watch_count;
    struct csk_attempt *attempts; /* not in use by a call; atomic: names/connect.c */
    PyObject *giveup;             /* _GiveupOnSendfile */
    PyObject *io;                 /* the module io */
    PyObject *raw_io, *unsupported;
    struct csp_members families, types;
    PyTypeObject *option_types[CSP_OPTION_TYPES]; /* atomic; NULL before they are needed */
    PyObject *option_structs;                     /* dict: named tuple classes by name, and
                                                   * enums by field */
    int64_t default_timeout;                      /* ns; atomic */
    struct csp_capi capi;
#define CSP_NAME_FIELD(name) PyObject *str_##name;
    CSP_NAMES(CSP_NAME_FIELD)
#undef CSP_NAME_FIELD
};

extern struct PyModuleDef csp_module; /* module.c */

static inline struct csp_state *csp_state_of(PyObject *module)
{
    return (struct csp_state *)PyModule_GetState(module);
}

/* The state of the module that made the type or one of its bases. */
static inline struct csp_state *csp_state_of_type(PyTypeObject *type)
{
    return csp_state_of(csp_module_of_type(type, &csp_module));
}

/* constants.c: the member of the enum, or the number if there is none (new). */
PyObject *csp_enum_member(struct csp_members *members, int number);

#endif
