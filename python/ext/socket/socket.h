/* Sockets: their structs, their creation, and functions for other files. */
#ifndef CSP_SOCKET_H
#define CSP_SOCKET_H

#include "args.h"
#include "call.h"

/* Members that most sockets never need: allocated by the first call that does. */
struct csp_rare {
    struct csk_cancel cancel;    /* cancel() triggers it; the core includes it in waits if needed */
    struct csp_scratch *scratch; /* batch.c's memory for the next call; atomic */
    PyObject *held;              /* dict: zerocopy.c's buffers, or NULL; atomic */
};

/* _socket.socket.  _ssl reads fd and timeout of the struct that follows PyObject_HEAD. */
struct csp_socket {
    PyObject_HEAD struct csk_socket s;
    struct csp_state *state;         /* borrowed: the type keeps the module */
    const struct csk_family *family; /* of its addresses; NULL if the core does not know it */
    bool large_reads;                /* the last large recv was filled: see csp_receive */
    bool queued;                     /* short messages are tried with the GIL: see call.c */
    bool closed;                     /* socket.socket's: close was called */
    int io_refs;                     /* socket.socket's: files that makefile has opened */
    struct csp_rare *rare;           /* or NULL; atomic: csp_rare_members */
    struct csp_senders *senders;     /* of the last messages; NULL before the first */
};
static_assert(offsetof(struct csp_socket, s) == sizeof(PyObject), "_ssl reads it there");
static_assert(offsetof(struct csk_socket, timeout) == 24, "_ssl reads it there");

/* socket.socket */
struct csp_package_socket {
    struct csp_socket low;
    PyObject *weakrefs;
};

static inline int csp_fd(const struct csp_socket *self)
{
    return __atomic_load_n(&self->s.fd, __ATOMIC_RELAXED);
}

static inline int64_t csp_timeout_of(const struct csp_socket *self)
{
    return __atomic_load_n(&self->s.timeout, __ATOMIC_RELAXED);
}

/* The rare members, or NULL if no call has needed them. */
static inline struct csp_rare *csp_rare_of(const struct csp_socket *self)
{
    return __atomic_load_n(&self->rare, __ATOMIC_ACQUIRE);
}

/* The rare members, which are allocated if necessary; NULL: there is no memory. */
struct csp_rare *csp_rare_members(struct csp_socket *self);

static inline bool csp_is_cancelled(const struct csp_socket *self)
{
    const struct csp_rare *rare = csp_rare_of(self);

    return rare && csk_cancel_test(&rare->cancel) > 0;
}

/* Other members for cancel().  Shutting down a socket of these families wakes all calls that are
 * blocked on it; on others they have to wait for the socket's cancel as well.  -1: MemoryError. */
static inline int csp_set_cancel(struct csp_socket *self)
{
    struct csp_rare *rare;

    self->s.cancel = NULL;
    if (self->family && csk_family_flags(self->family) & CSK_FAMILY_SHUTDOWN_WAKES)
        return 0;
    if (!(rare = csp_rare_members(self))) {
        PyErr_NoMemory();
        return -1;
    }
    self->s.cancel = &rare->cancel;
    return 0;
}

/* Set the family of its addresses, and members that depend on it: for a socket that has just been
 * opened.  -1: MemoryError. */
static inline int csp_find_family(struct csp_socket *self)
{
    self->family = csk_family_find(self->s.family, self->s.proto);
    self->queued = csp_is_queued(self);
    return csp_set_cancel(self);
}

/* type.c: _socket.socket */
/* A descriptor for which a class is called to create a socket, and whether one has adopted it. */
struct csp_offer {
    int fd;
    bool taken;
    struct csp_offer *outer;
};
extern CSP_THREAD_LOCAL struct csp_offer *csp_offers; /* those of this thread, the latest first */
PyObject *csp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
/* values: family, type, proto, fileno; each may be NULL. */
int csp_init(struct csp_socket *self, PyObject *const *values);
extern const struct csp_signature csp_init_signature;
/* A new socket.socket or _socket.socket around a socket that the core has opened. */
struct csp_socket *csp_wrap(struct csp_state *state, PyTypeObject *type, struct csk_socket *s);
/* Apply the module's default timeout to a socket that the core has just opened. */
int csp_default_timeout(struct csp_state *state, struct csk_socket *s);
PyObject *csp_close(struct csp_socket *self);
void csp_free_members(struct csp_socket *self); /* for tp_dealloc */
int csp_traverse(PyObject *self, visitproc visit, void *arg);
void csp_finalize(PyObject *self);

/* package.c: as csp_wrap, with the current class csocket.socket, which a program may have replaced
 * (new). */
PyObject *csp_make_socket(struct csp_state *state, struct csk_socket *s);

/* file.c: a SocketIO (new), which is counted in its socket. */
PyObject *csp_file_new(struct csp_state *state, PyObject *sock, bool reading, bool writing);
void csp_file_opened(PyObject *sock);

/* io.c.  Up to this many bytes are received on the stack, and the result is created in its exact
 * size, which costs less than shrinking an object that is too large. */
#define CSP_STACK_READ 4096
/* Shrink a bytes object that has no other owner (stolen; new). */
PyObject *csp_resize_bytes(PyObject *bytes, Py_ssize_t size);
/* Receive at most size bytes (new); from may be NULL. */
PyObject *csp_receive(struct csp_socket *self, Py_ssize_t size, int flags, struct csk_addr *from);
/* The number of bytes sent, or a code; to may be NULL. */
ssize_t csp_send(struct csp_socket *self, const struct csp_bytes *bytes, int flags,
                 const struct csk_addr *to);

/* The socket as a value on which a call with MSG_DONTWAIT never waits. */
static inline struct csk_socket csp_nonblocking(const struct csp_socket *self)
{
    return (struct csk_socket){ .fd = csp_fd(self),
                                .send_flags = self->s.send_flags,
                                .limits = __atomic_load_n(&self->s.limits, __ATOMIC_RELAXED) };
}

/* Whether the attempt must be repeated, or completed, in the usual way: a blocking send sends all,
 * and connects if the first data does that (TCP_FASTOPEN_CONNECT: EINPROGRESS). */
static inline bool csp_is_unfinished(const struct csp_socket *self, Py_ssize_t n, Py_ssize_t size)
{
    int64_t timeout = csp_timeout_of(self);

    return n == -EAGAIN ? timeout != 0 : n < size && timeout < 0 && (n >= 0 || n == -EINPROGRESS);
}

/* Return whether the object is a socket.socket itself, not of a subclass, and the class is
 * unmodified, so that its methods need not be looked up. */
static inline bool csp_is_plain(const struct csp_state *state, PyObject *object)
{
    const PyTypeObject *type = Py_TYPE(object);

    return type == state->package_type && state->package_version != 0 &&
           csp_type_version(type) == state->package_version;
}

/* sockopt.c: whether the kernel may deliver several datagrams as one. */
bool csp_merges_datagrams(struct csp_socket *self);

#endif
