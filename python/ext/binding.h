/* The binding's only private header: what its files know of each other.
 *
 * A prototype says of each PyObject * that it returns: new (the caller owns it) or borrowed.  What
 * is passed in is borrowed.  NULL and -1 mean that an exception is set.
 *
 * csp_ is the binding's prefix.  It sees the core through <csocket/...> alone, as any program does.
 */
#ifndef CSP_BINDING_H
#define CSP_BINDING_H

#include "compat.h"

#include <csocket/const.h>
#include <csocket/csocket.h>

#include <assert.h>
#include <errno.h>
#include <stddef.h>

/* Numbers up to this have their enum members in a table: see csp_enum_member. */
#define CSP_MEMBERS_MAX 64

/* What OSError is called with is kept for numbers below this: see error.c. */
#define CSP_ERRNOS 140

/* The capsule _socket.CAPI, as _ssl reads it. */
struct csp_capi {
    PyTypeObject *type;
    PyObject *error;
    PyObject *timeout_error;
};

/* Members of an enum by number, so that a property is one array access. */
struct csp_members {
    PyObject *type; /* AddressFamily, SocketKind; NULL before csocket has made it */
    PyObject *member[CSP_MEMBERS_MAX];
};

/* Names that are looked up again and again. */
/* clang-format off */
#define CSP_NAMES(X)                                                                               \
    X(_accept) X(_decref_socketios) X(_real_close) X(address) X(close) X(family) X(fileno)         \
    X(flush) X(getpeername) X(getsockname) X(mode) X(options) X(r) X(read) X(readall) X(recv_into) \
    X(seek) X(seekable) X(send) X(settimeout) X(socket) X(text_encoding) X(type)
/* clang-format on */

/* Types that options need, made when they are needed. */
enum csp_option_type {
    CSP_OPTION_VIEW,      /* sock.options */
    CSP_OPTION_ENTRY,     /* of csocket.options */
    CSP_OPTION_CATALOGUE, /* csocket.options */
    CSP_OPTION_CONTROL,   /* message.control */
    CSP_OPTION_MESSAGE,   /* what recv_message returns */
    CSP_OPTION_TYPES,     /* how many there are */
};

struct csp_state {
    PyObject *module;           /* borrowed */
    PyTypeObject *low_type;     /* _socket.socket */
    PyTypeObject *package_type; /* socket.socket */
    PyTypeObject *file_type;    /* socket.SocketIO */
    PyTypeObject *method_type;  /* of socket.socket's borrowable methods */
    PyTypeObject *ifaddr_type;  /* what getifaddrs lists */
    Py_ssize_t file_offset;     /* of SocketIO's own fields: io's struct is in front of them */
    unsigned package_version;   /* of package_type as it was made: see csp_is_plain */
    PyObject *herror, *gaierror, *timeout;
    PyObject *cancelled;                  /* Cancelled */
    PyObject *timed_out;                  /* the text of a timeout */
    struct csp_errno *errnos[CSP_ERRNOS]; /* NULL before they are raised */
    PyObject *namespace;                  /* csocket's dict; NULL before it is told */
    PyObject *giveup;                     /* _GiveupOnSendfile */
    PyObject *io;                         /* the module io */
    PyObject *raw_io, *unsupported;
    struct csp_members families, types;
    PyTypeObject *option_types[CSP_OPTION_TYPES]; /* atomic; NULL before they are needed */
    PyObject *option_structs;                     /* dict: named tuple classes by name */
    int64_t default_timeout;                      /* ns; atomic */
    struct csp_capi capi;
#define CSP_NAME_FIELD(name) PyObject *str_##name;
    CSP_NAMES(CSP_NAME_FIELD)
#undef CSP_NAME_FIELD
};

/* _socket.socket.  _ssl reads fd and timeout of the struct that follows PyObject_HEAD. */
struct csp_socket {
    PyObject_HEAD struct csk_socket s;
    struct csp_state *state;         /* borrowed: the type keeps the module */
    const struct csk_family *family; /* of its addresses; NULL if the core does not know it */
    bool large_reads;                /* the last large recv was filled: see csp_recv */
    bool queued;                     /* short messages are tried with the GIL: see call.c */
    struct csp_scratch *scratch;     /* batch.c's memory for the next call; atomic */
    PyObject *peer;                  /* the last peer's address, for the next message: address.c */
    struct csp_peer {
        socklen_t len;
        unsigned char bytes[28];
    } peer_key;
};
static_assert(offsetof(struct csp_socket, s) == sizeof(PyObject), "_ssl reads it there");
static_assert(offsetof(struct csk_socket, timeout) == 24, "_ssl reads it there");

/* socket.socket */
struct csp_package_socket {
    struct csp_socket low;
    PyObject *weakrefs;
    Py_ssize_t io_refs;
    bool closed;
};

/* module.c */
extern struct PyModuleDef csp_module;
struct csp_state *csp_state_of(PyObject *module);
/* The state of the module that made the type or one of its bases. */
struct csp_state *csp_state_of_type(PyTypeObject *type);
/* Add an object that may be NULL (then an exception is set), and let go of it. */
int csp_add(PyObject *module, const char *name, PyObject *stolen);
/* Put a table of methods into a type that was made from a spec; a file each has its own table. */
int csp_add_methods(PyTypeObject *type, PyMethodDef *methods);
/* What the interpreter's texts call _socket.socket. */
#define CSP_LOW_NAME "_socket.socket"
/* Refuse changes of a type, where the interpreter has no flag for that. */
int csp_freeze(PyTypeObject *type);
int csp_add_getset(PyTypeObject *type, PyGetSetDef *getset);

/* error.c: the only place that turns codes into exceptions.  All return NULL. */
PyObject *csp_raise(struct csp_state *state, int64_t code);
PyObject *csp_raise_info(struct csp_state *state, int64_t code, const struct csk_error *info);
/* For errors about an address: it becomes the exception's attribute address. */
PyObject *csp_raise_about(const struct csp_socket *self, int64_t code, const struct csk_addr *addr);
/* For the errors that name the function: "bind(): port must be 0-65535." */
PyObject *csp_raise_in(struct csp_state *state, int64_t code, const struct csk_error *info,
                       const char *function);
/* For an error of the option called name: what info says besides goes into the exception's note. */
PyObject *csp_raise_option(struct csp_state *state, int code, const char *name,
                           const struct csk_error *info);
int csp_error_setup(struct csp_state *state);
void csp_error_free(struct csp_state *state);

/* call.c: the only place that lets go of the GIL.  CSP_CALL(result = csk_...(...)) does so around
 * one operation, in which no Python object may be touched. */
extern CSP_THREAD_LOCAL PyThreadState *csp_thread;
int csp_on_interrupt(struct csk_socket *s);
#define CSP_CALL(statement)                                                                        \
    do {                                                                                           \
        struct csk_scope csp_mask;                                                                 \
        bool csp_masked = csp_scopes && csp_mask_scopes(&csp_mask);                                \
        PyThreadState *csp_saved = PyEval_SaveThread();                                            \
        csp_thread = csp_saved;                                                                    \
        statement;                                                                                 \
        csp_thread = NULL;                                                                         \
        PyEval_RestoreThread(csp_saved);                                                           \
        if (csp_masked)                                                                            \
            csp_unmask_scopes(&csp_mask);                                                          \
    } while (0)

/* limits.c: this thread's innermost CancelScope. */
struct scope;
extern CSP_THREAD_LOCAL struct scope *csp_scopes;
/* Hide the scopes that were left open at a yield or await, for one call; false if there are none.
 */
bool csp_mask_scopes(struct csk_scope *mask);
void csp_unmask_scopes(struct csk_scope *mask);
/* As csk_scope_test, without those. */
int csp_scope_test(void);
int csp_scope_setup(struct csp_state *state); /* scope.c: CancelScope */

/* Whether a short sendto or sendmsg on the socket may be tried without letting go of it. */
bool csp_is_queued(const struct csp_socket *self);
/* Whether no other thread of the interpreter can want it. */
bool csp_is_alone(void);
/* Whether a socket of the family may be opened without letting go of it. */
bool csp_opens_at_once(const struct csk_family *family);

/* args.c: what comes from Python.  They return 0, or -1 with an exception, unless said otherwise.
 */
int csp_wrong_count(const char *function, Py_ssize_t given, Py_ssize_t min, Py_ssize_t max);
static inline int csp_count(const char *function, Py_ssize_t given, Py_ssize_t min, Py_ssize_t max)
{
    return given >= min && given <= max ? 0 : csp_wrong_count(function, given, min, max);
}
struct csp_signature {
    const char *function;
    const char *const *keywords; /* ends with NULL */
    Py_ssize_t min, max;
};
/* Sort positional and keyword arguments into values (borrowed; NULL where missing). */
int csp_arguments(const struct csp_signature *signature, PyObject *const *args, Py_ssize_t count,
                  PyObject *names, PyObject **values);
/* type.__call__ with its tuple and dict, for a type that somebody has changed (new). */
PyObject *csp_call_slowly(PyTypeObject *type, PyObject *const *args, Py_ssize_t count,
                          PyObject *names);
/* The same as csp_arguments for tp_init. */
int csp_tuple_arguments(const struct csp_signature *signature, PyObject *args, PyObject *kwargs,
                        PyObject **values);
int csp_int_slow(PyObject *object, int *number);
/* as the argument parser's "i" */
static inline int csp_int(PyObject *object, int *number)
{
    long small;

    if (!csp_small_int(object, &small))
        return csp_int_slow(object, number);
    *number = (int)small;
    return 0;
}
int csp_plain_int(PyObject *object, int *number); /* as PyLong_AsInt */
int csp_size_slow(PyObject *object, Py_ssize_t *number);
/* as "n" */
static inline int csp_size(PyObject *object, Py_ssize_t *number)
{
    long small;

    if (!csp_small_int(object, &small))
        return csp_size_slow(object, number);
    *number = small;
    return 0;
}
/* Text for a C function (borrowed from object); function and the argument's number are for the
 * error; number 0: the only one. */
int csp_text(PyObject *object, const char *function, int number, const char **text);
/* A name in the file system's encoding: str, bytes or path-like.  keep (new) owns text (borrowed).
 */
int csp_fs_text(PyObject *object, PyObject **keep, const char **text, Py_ssize_t *size);
/* A timeout: None is -1. */
int csp_timeout(PyObject *object, int64_t *timeout);
PyObject *csp_seconds(int64_t timeout); /* new: None or a float */
/* A time limit of ours, in seconds or as a timedelta: None and inf are -1; NaN, negative numbers,
 * bool and str are refused with an error that names the parameter. */
int csp_limit(PyObject *object, const char *parameter, int64_t *limit);
/* A host's name as bytes without a null byte.  keep (new) owns what text (borrowed) points into.
 * strict: ASCII is checked as the codec idna does, which getaddrinfo uses and addresses do not. */
int csp_host(PyObject *object, bool strict, PyObject **keep, const char **text, Py_ssize_t *size);
/* Any integer; what does not fit becomes the nearest that does. */
int csp_int64(PyObject *object, int64_t *number, bool *too_large);

/* Bytes to send: a bytes object itself, or a buffer. */
struct csp_bytes {
    const char *data;
    Py_ssize_t size;
    Py_buffer view; /* obj is NULL for bytes */
};
int csp_bytes_get(struct csp_bytes *bytes, PyObject *object);
/* A writable buffer; function and the argument's number are for the error's text. */
int csp_writable(Py_buffer *view, PyObject *object, const char *function, int number);

static inline void csp_bytes_release(struct csp_bytes *bytes)
{
    if (bytes->view.obj)
        PyBuffer_Release(&bytes->view);
}

/* address.c: tuples and addresses */
int csp_address_from(struct csp_socket *self, PyObject *object, struct csk_addr *addr,
                     const char *function);
/* The family of its addresses, and what follows from it: for a socket that has just been opened. */
static inline void csp_find_family(struct csp_socket *self)
{
    self->family = csk_family_find(self->s.family, self->s.proto);
    self->queued = csp_is_queued(self);
}
/* self is the socket that gave the address, or NULL (new). */
PyObject *csp_address_to(const struct csp_socket *self, const struct csk_addr *addr);
/* The same for where a message came from: the last peer's object again, if it is that (new). */
PyObject *csp_peer_address(struct csp_socket *self, const struct csk_addr *addr);
/* A str of ASCII (new). */
PyObject *csp_ascii(const char *text, size_t size);

/* constants.c */
int csp_constants_setup(struct csp_state *state);
PyObject *csp_enum_member(struct csp_members *members, int number); /* new */

/* Up to so many bytes are received on the stack, and the result is made in its exact size: cheaper
 * than an object that is too large and must be cut. */
#define CSP_STACK_READ 4096

/* sock_io.c: give a bytes object, which only the caller has, its size (stolen; new). */
PyObject *csp_cut(PyObject *bytes, Py_ssize_t size);
/* Receive at most size bytes (new); from may be NULL. */
PyObject *csp_receive(struct csp_socket *self, Py_ssize_t size, int flags, struct csk_addr *from);
/* How many bytes were sent, or a code; to may be NULL. */
ssize_t csp_send(struct csp_socket *self, const struct csp_bytes *bytes, int flags,
                 const struct csk_addr *to);

/* sock_type.c: _socket.socket */
int csp_type_setup(struct csp_state *state);
PyObject *csp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
/* values: family, type, proto, fileno; each may be NULL. */
int csp_init(struct csp_socket *self, PyObject *const *values);
extern const struct csp_signature csp_init_signature;
/* A new socket.socket or _socket.socket around what the core has opened. */
struct csp_socket *csp_wrap(struct csp_state *state, PyTypeObject *type, struct csk_socket *s);
/* The same of the class that csocket calls socket now, if a program has put its own there (new). */
PyObject *csp_make(struct csp_state *state, struct csk_socket *s);
/* Apply the module's default timeout to what the core has just opened. */
int csp_default_timeout(struct csp_state *state, struct csk_socket *s);
PyObject *csp_close(struct csp_socket *self);
void csp_free_members(struct csp_socket *self); /* for tp_dealloc */
int csp_traverse(PyObject *self, visitproc visit, void *arg);
void csp_finalize(PyObject *self);

/* Methods, a file each */
int csp_conn_setup(struct csp_state *state);    /* sock_conn.c: bind, connect, accept, listen ... */
int csp_io_setup(struct csp_state *state);      /* sock_io.c: recv ..., send ... */
int csp_msg_setup(struct csp_state *state);     /* sock_msg.c: recvmsg, sendmsg ... */
int csp_fds_setup(struct csp_state *state);     /* fds.c: recv_fds */
int csp_opt_setup(struct csp_state *state);     /* sock_opt.c */
int csp_batch_setup(struct csp_state *state);   /* batch.c: recv_many, send_many ... */
int csp_control_setup(struct csp_state *state); /* control.c: recv_message, send_message */
int csp_errors_setup(struct csp_state *state);  /* errors.c: errors, enable_timestamps */
void csp_free_scratch(struct csp_socket *self);
/* method.c: the same as csp_add_methods, for methods that work on any object. */
int csp_method_setup(struct csp_state *state);
int csp_add_borrowable(struct csp_state *state, PyTypeObject *type, PyMethodDef *table);
/* Let a slot's method, as __repr__ is, do so. */
int csp_make_borrowable(struct csp_state *state, PyTypeObject *type, const char *name);
int csp_package_setup(struct csp_state *state);      /* package.c: socket.socket */
int csp_makefile_setup(struct csp_state *state);     /* makefile.c */
int csp_file_setup(struct csp_state *state);         /* file.c: SocketIO */
int csp_sendfile_setup(struct csp_state *state);     /* sendfile.c */
int csp_option_types_setup(struct csp_state *state); /* option_types.c: named tuples */
int csp_options_setup(struct csp_state *state);      /* options.c: sock.options */
int csp_catalogue_setup(struct csp_state *state);    /* option_catalogue.c: csocket.options */
/* A SocketIO (new), and a note in its socket that there is one more. */
PyObject *csp_file_new(struct csp_state *state, PyObject *sock, bool reading, bool writing);
void csp_file_opened(PyObject *sock);
int csp_resolver_setup(struct csp_state *state);   /* resolver.c */
int csp_interfaces_setup(struct csp_state *state); /* interfaces.c */
int csp_dial_setup(struct csp_state *state);       /* dial.c */
int csp_netfuncs_setup(struct csp_state *state);   /* netfuncs.c */

static inline int csp_fd(const struct csp_socket *self)
{
    return __atomic_load_n(&self->s.fd, __ATOMIC_RELAXED);
}

static inline int64_t csp_timeout_of(const struct csp_socket *self)
{
    return __atomic_load_n(&self->s.timeout, __ATOMIC_RELAXED);
}

/* call.c: sends that are tried without letting go of the GIL, if they are no longer than this. */
#define CSP_SHORT 4096

/* The socket as a value on which a call with MSG_DONTWAIT never waits. */
static inline struct csk_socket csp_at_once(const struct csp_socket *self)
{
    return (struct csk_socket){ .fd = csp_fd(self), .send_flags = self->s.send_flags };
}

/* Whether what was tried so is to be done again, or completed, in the usual way: a blocking send
 * sends all, and connects where the first data does that (TCP_FASTOPEN_CONNECT: EINPROGRESS). */
static inline bool csp_is_unfinished(const struct csp_socket *self, Py_ssize_t n, Py_ssize_t size)
{
    int64_t timeout = csp_timeout_of(self);

    return n == -EAGAIN ? timeout != 0 : n < size && timeout < 0 && (n >= 0 || n == -EINPROGRESS);
}

/* The object is a socket.socket whose class nobody has changed or derived from: its methods are
 * ours, and need not be looked up. */
static inline bool csp_is_plain(const struct csp_state *state, PyObject *object)
{
    const PyTypeObject *type = Py_TYPE(object);

    return type == state->package_type && state->package_version != 0 &&
           csp_type_version(type) == state->package_version;
}

#endif
