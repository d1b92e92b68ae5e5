/* Sockets: opening, adopting, binding, connecting, closing.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_SOCKET_H
#define CSOCKET_SOCKET_H

#include <csocket/addr.h>
#include <csocket/cancel.h>
#include <csocket/err.h>

#ifdef __cplusplus
extern "C" {
#endif

struct csk_socket;

/* Called after a signal has interrupted a call: return 0 to continue it, or a negative code to end
 * it with that code.  A blocking call that sends in several parts also calls the hook after each
 * part, because the kernel does not report whether a signal has ended the part.  The library holds
 * no lock during the hook.  s->context is for the hook's use. */
typedef int csk_interrupt_fn(struct csk_socket *s);

/* A socket: a value that its owner may copy, move and embed.  Any code may read the members.  The
 * owner may set on_interrupt, context and cancel; functions set the others.  The members after
 * context are private, and their meaning may change in a future version.  Python's _ssl reads the
 * members up to timeout, which fixes their order and size.  All zero is a closed socket, as is
 * CSK_SOCKET_INIT. */
struct csk_socket {
    csk_fd_t fd; /* -1: closed */
    int family;  /* AF_* */
    int type;    /* SOCK_*, without SOCK_NONBLOCK and SOCK_CLOEXEC; 0: closed */
    int proto;
    csk_interrupt_fn *on_interrupt; /* NULL: interrupted calls continue */
    int64_t timeout;                /* ns; negative: blocking, 0: non-blocking */
    int64_t deadline;               /* on csk_now()'s clock; 0: none */
    struct csk_cancel *cancel;      /* ends the socket's calls (borrowed); NULL: none */
    void *context;                  /* for on_interrupt (borrowed) */
    int send_flags;                 /* MSG_* that every send adds */
    uint16_t wait_first;            /* number of receives that wait before they try */
    uint16_t limits;                /* whether a deadline or csk_setinterrupt's flag applies */
    uint32_t batch;                 /* results of csk_recv_many and csk_send_many */
    uint32_t pending;               /* state of previous calls for the next ones */
    uint32_t zerocopy;              /* number of csk_send_zerocopy calls with a completion */
    uint32_t reserved[1];
};

/* clang-format off */
/* The value of a closed socket; all zero is one as well. */
#define CSK_SOCKET_INIT { -1, 0, 0, 0, NULL, -1, 0, NULL, NULL, 0, 0, 0, 0, 0, 0, { 0 } }
/* clang-format on */

/* In C++ the function csk_socket hides the struct's name. */
typedef struct csk_socket csk_socket_t;

/* The default backlog, as in Python: min(SOMAXCONN, 128). */
#define CSK_BACKLOG_DEFAULT 128

/* A flag of csk_setinterrupt. */
#define CSK_INTERRUPT_POLL 1

/* For csk_adopt and csk_fromfd: query the kernel for the value. */
#define CSK_DETECT (-1)

/**
 * Open a socket.
 *
 * The socket is close-on-exec and has the default timeout (csk_setdefaulttimeout).
 *
 * @s       filled in, without hook, context, deadline and cancel; its former content is ignored
 * @family  AF_*
 * @type    SOCK_*, optionally with SOCK_NONBLOCK, which sets the timeout to 0, and SOCK_CLOEXEC
 * @proto   IPPROTO_*, or 0
 *
 * Returns: 0.
 * Errors:  -errno of socket(2); s is then closed (fd -1)
 * Python:  socket
 * Since:   0.1
 * See:     socket(2), csk_close(3)
 */
CSK_API int csk_socket(struct csk_socket *s, int family, int type, int proto);

/**
 * Make a socket of an existing descriptor.
 *
 * The kernel is queried for values that are CSK_DETECT; other values are not checked and only
 * determine how addresses are read.  The socket has the default timeout, and no hook, context,
 * deadline or cancel.
 *
 * @s       filled in; owns fd if the call succeeds
 * @fd      a socket's descriptor; remains the caller's if the call fails
 * @family  AF_* or CSK_DETECT
 * @type    SOCK_* or CSK_DETECT; with SOCK_NONBLOCK, timeout becomes 0 as in csk_socket
 * @proto   IPPROTO_* or CSK_DETECT
 *
 * Returns: 0.
 * Errors:  -EBADF fd is not open, or negative
 *          -ENOTSOCK fd is not a socket
 *          -errno of getsockopt(2), or of getsockname(2) on systems without SO_DOMAIN
 *          -errno of ioctl(2) if there is a default timeout
 * Python:  socket(fileno=)
 * Since:   0.1
 * See:     csk_fromfd(3), csk_detach(3)
 */
CSK_API int csk_adopt(struct csk_socket *s, csk_fd_t fd, int family, int type, int proto);

/**
 * Make a socket of a duplicate of a descriptor.
 *
 * @s       filled in
 * @fd      a socket's descriptor (borrowed)
 * @family  AF_* or CSK_DETECT
 * @type    SOCK_* or CSK_DETECT
 * @proto   IPPROTO_* or CSK_DETECT
 *
 * Returns: 0.
 * Errors:  as csk_dup and csk_adopt
 * Python:  fromfd
 * Since:   0.1
 * See:     csk_adopt(3)
 */
CSK_API int csk_fromfd(struct csk_socket *s, csk_fd_t fd, int family, int type, int proto);

/**
 * Open two sockets that are connected to each other.
 *
 * For messages between threads, or between a process and a child that inherits one of them. With
 * SOCK_STREAM both ends can also pass descriptors (csk_send_fds).
 *
 * @pair    both filled in
 * @family  AF_UNIX, or another family that supports pairs (AF_TIPC)
 * @type    as csk_socket
 * @proto   as csk_socket
 *
 * Returns: 0.
 * Errors:  -errno of socketpair(2); both are then closed
 * Python:  socketpair
 * Since:   0.1
 * See:     socketpair(2)
 */
CSK_API int csk_socketpair(struct csk_socket pair[2], int family, int type, int proto);

/**
 * Duplicate a socket: open another descriptor of the same connection.
 *
 * The copy has the timeout, deadline, cancel, on_interrupt and context of s.
 *
 * @s       the socket (borrowed)
 * @copy    filled in; close-on-exec
 *
 * Returns: 0.
 * Errors:  -errno of fcntl(2); copy is then closed
 * Python:  socket.dup
 * Since:   0.1
 * See:     dup(2)
 */
CSK_API int csk_dup(const struct csk_socket *s, struct csk_socket *copy);

/**
 * Detach the descriptor from a socket, which is then closed without closing the descriptor.
 *
 * @s       the socket
 *
 * Returns: the descriptor, which the caller then owns; -1 if the socket was closed.
 * Errors:  none, except CSK_ENULL if s is NULL
 * Python:  socket.detach
 * Since:   0.1
 * See:     csk_adopt(3)
 */
CSK_API csk_fd_t csk_detach(struct csk_socket *s);

/**
 * Close a socket.  Closing a closed socket does nothing.
 *
 * The descriptor is closed regardless of the result.  A connection that the peer has reset is not
 * an error.  As with close(2), a thread that waits in another call on the socket is not woken: call
 * csk_cancel or csk_shutdown first.
 *
 * @s       the socket
 *
 * Returns: 0.
 * Errors:  -errno of close(2), except EINTR and ECONNRESET
 * Python:  socket.close
 * Since:   0.1
 * See:     close(2), csk_shutdown(3)
 */
CSK_API int csk_close(struct csk_socket *s);

/**
 * Close a descriptor that does not belong to a struct csk_socket.
 *
 * @fd      a socket's descriptor
 *
 * Returns: 0.
 * Errors:  -errno of close(2), except EINTR and ECONNRESET
 * Python:  close
 * Since:   0.1
 * See:     csk_close(3)
 */
CSK_API int csk_close_fd(csk_fd_t fd);

/**
 * Shut down one or both directions of a connection, and wake the calls that wait on it.
 *
 * After SHUT_WR, used for example at the end of a request, the peer receives the remaining bytes
 * and then the end of the stream, and can still send. The descriptor remains open: call csk_close
 * as well.
 *
 * @s       the socket
 * @how     SHUT_RD, SHUT_WR or SHUT_RDWR
 *
 * Returns: 0.
 * Errors:  -errno of shutdown(2)
 * Python:  socket.shutdown
 * Since:   0.1
 * See:     shutdown(2)
 */
CSK_API int csk_shutdown(struct csk_socket *s, int how);

/**
 * Return the file descriptor, for example for poll().
 *
 * @s       the socket (borrowed)
 *
 * Returns: the descriptor, which the socket owns; -1 if the socket is closed.
 * Errors:  none, except CSK_ENULL if s is NULL
 * Python:  socket.fileno
 * Since:   0.1
 * See:     csk_detach(3)
 */
CSK_API csk_fd_t csk_fileno(const struct csk_socket *s);

/**
 * End all calls on a socket, in all threads and permanently: calls that wait and later calls fail
 * with CSK_ECANCELED.  The socket can still be closed.
 *
 * May be called from any thread and from signal handlers.  It shuts the connection down, so that
 * the peer and duplicates of the socket see its end; a listener no longer listens.  That wakes
 * calls on sockets of AF_INET, AF_INET6 and AF_UNIX; calls on a socket of another family continue
 * unless s->cancel is set and triggered as well.  To end calls without shutting the connection
 * down, use a struct csk_cancel.
 *
 * @s       the socket
 *
 * Returns: 0; 1 if a thread was about to connect and may have missed it: call again after a moment.
 * Errors:  CSK_ENULL s is NULL
 * Python:  socket.cancel
 * Since:   0.1
 * See:     csk_cancel(3), csk_shutdown(3)
 */
CSK_API int csk_cancel_calls(struct csk_socket *s);

/**
 * Return whether programs started with execve inherit the descriptor.
 *
 * @s       the socket (borrowed)
 *
 * Returns: 1 if they do, 0 if not.
 * Errors:  -errno of fcntl(2)
 * Python:  socket.get_inheritable
 * Since:   0.1
 * See:     fcntl(2)
 */
CSK_API int csk_get_inheritable(const struct csk_socket *s);

/**
 * Set whether programs started with execve inherit the descriptor.
 *
 * @s           the socket
 * @inheritable whether they inherit it
 *
 * Returns: 0.
 * Errors:  -errno of fcntl(2)
 * Python:  socket.set_inheritable
 * Since:   0.1
 * See:     fcntl(2)
 */
CSK_API int csk_set_inheritable(struct csk_socket *s, bool inheritable);

/**
 * Set the socket's timeout and with it its mode.
 *
 * With a positive timeout, calls that take longer fail with CSK_ETIMEDOUT.  The kernel's O_NONBLOCK
 * flag is set unless the socket is blocking; duplicates of the descriptor share the flag, including
 * those in other processes.
 *
 * @s       the socket
 * @timeout nanoseconds; negative: blocking, 0: non-blocking
 *
 * Returns: 0.
 * Errors:  -errno of ioctl(2); the timeout is then unchanged
 * Python:  socket.settimeout
 * Since:   0.1
 * See:     csk_setblocking(3)
 */
CSK_API int csk_settimeout(struct csk_socket *s, int64_t timeout);

/**
 * Return the socket's timeout.
 *
 * @s       the socket (borrowed)
 *
 * Returns: the timeout in nanoseconds; negative: blocking, 0: non-blocking.
 * Errors:  none, except CSK_ENULL if s is NULL
 * Python:  socket.gettimeout
 * Since:   0.1
 * See:     csk_settimeout(3)
 */
CSK_API int64_t csk_gettimeout(const struct csk_socket *s);

/**
 * Set the socket's deadline: a point in time after which its calls fail with CSK_ETIMEDOUT.
 *
 * It applies to every later call until it is changed, in addition to the timeout: the sooner one
 * counts.  After the deadline a call fails before it tries, even if data is ready.  A call that
 * waits meanwhile notices a later deadline, but not a sooner one.
 *
 * @s       the socket
 * @when    a point in time on csk_now()'s clock, for example csk_now() + 10 * CSK_SECOND; 0: none
 *
 * Returns: 0.
 * Errors:  CSK_ERANGE when is negative
 * Python:  none
 * Since:   0.1
 * See:     csk_now(3), csk_settimeout(3)
 */
CSK_API int csk_setdeadline(struct csk_socket *s, int64_t when);

/**
 * Return the socket's deadline.
 *
 * @s       the socket (borrowed)
 *
 * Returns: the deadline on csk_now()'s clock; 0: none.
 * Errors:  CSK_ENULL s is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_setdeadline(3)
 */
CSK_API int64_t csk_getdeadline(const struct csk_socket *s);

/**
 * Set the hook that is called when a signal interrupts a call, its context and when it is called.
 *
 * The members on_interrupt and context may also be set directly; this function adds flags.  Without
 * CSK_INTERRUPT_POLL a signal whose handler was installed with SA_RESTART, as signal(3) does, does
 * not interrupt a blocking call.  With it, calls wait in poll(2), which every signal with a handler
 * interrupts, and call the hook once before the first wait.  A signal that arrives between that
 * call and the wait is not noticed until the wait ends: only csk_cancel, called by the signal's
 * handler, always ends the wait.
 *
 * @s       the socket
 * @hook    the hook; may be NULL
 * @context the value of s->context (borrowed while s has it); may be NULL
 * @flags   0 or CSK_INTERRUPT_POLL
 *
 * Returns: 0.
 * Errors:  -EINVAL flags has an unknown flag
 * Python:  none
 * Since:   0.1
 * See:     csk_cancel(3), signal(7)
 */
CSK_API int csk_setinterrupt(struct csk_socket *s, csk_interrupt_fn *hook, void *context,
                             int flags);

/**
 * Make calls on a blocking socket wait in poll(2) instead of their own system call.
 *
 * The descriptor becomes non-blocking, and remains so until csk_settimeout or csk_setblocking is
 * called; the timeout is unchanged.  For code with a time limit that makes its own system calls on
 * the descriptor, such as a TLS library.
 *
 * @s       the socket
 *
 * Returns: 0.
 * Errors:  -errno of ioctl(2)
 * Python:  none
 * Since:   0.1
 * See:     csk_settimeout(3), csk_wait(3)
 */
CSK_API int csk_wait_in_poll(struct csk_socket *s);

/**
 * Make the socket blocking (timeout -1) or non-blocking (timeout 0).
 *
 * @s        the socket
 * @blocking true for blocking
 *
 * Returns: 0.
 * Errors:  -errno of ioctl(2); the mode is then unchanged
 * Python:  socket.setblocking
 * Since:   0.1
 * See:     csk_settimeout(3)
 */
CSK_API int csk_setblocking(struct csk_socket *s, bool blocking);

/**
 * Return whether calls on the socket may wait: its timeout is not 0.
 *
 * @s       the socket (borrowed)
 *
 * Returns: whether they may.
 * Errors:  none
 * Python:  socket.getblocking
 * Since:   0.1
 * See:     csk_setblocking(3)
 */
CSK_API bool csk_getblocking(const struct csk_socket *s);

/**
 * Set the default timeout of new sockets for the whole process.
 *
 * @timeout nanoseconds; negative (the default): blocking, 0: non-blocking
 *
 * Returns: nothing.
 * Errors:  none
 * Python:  setdefaulttimeout
 * Since:   0.1
 * See:     csk_settimeout(3)
 */
CSK_API void csk_setdefaulttimeout(int64_t timeout);

/**
 * Return the default timeout of new sockets.
 *
 * Returns: the timeout in nanoseconds; negative: blocking, 0: non-blocking.
 * Errors:  none
 * Python:  getdefaulttimeout
 * Since:   0.1
 * See:     csk_setdefaulttimeout(3)
 */
CSK_API int64_t csk_getdefaulttimeout(void);

/**
 * Bind the socket to a local address.
 *
 * Port 0 lets the system choose a port, which csk_getsockname returns. A server that is restarted
 * binds to a port with old connections only if SO_REUSEADDR is set, which csk_create_server does.
 * Binding an AF_UNIX socket to a path creates a file, which the caller removes.
 *
 * @s       the socket
 * @addr    the address (borrowed)
 * @error   filled in on failure: "bind to [::]:80: Address already in use"; may be NULL
 *
 * Returns: 0.
 * Errors:  -errno of bind(2)
 * Python:  socket.bind
 * Since:   0.1
 * See:     bind(2), csk_addr_parse(3)
 */
CSK_API int csk_bind(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error);

/**
 * Make the socket accept connections.
 *
 * The kernel completes connections on its own and keeps them until csk_accept is called. If there
 * are backlog of them, further clients wait or are refused, depending on the family. The kernel
 * lowers a backlog above net.core.somaxconn.
 *
 * @s       the socket
 * @backlog maximum number of connections that wait to be accepted, for example
 *          CSK_BACKLOG_DEFAULT; a negative number is treated as 0
 *
 * Returns: 0.
 * Errors:  -errno of listen(2)
 * Python:  socket.listen
 * Since:   0.1
 * See:     listen(2), csk_accept(3)
 */
CSK_API int csk_listen(struct csk_socket *s, int backlog);

/**
 * Accept a connection.
 *
 * Waits for at most the timeout of s.  The new socket has the default timeout, or is blocking if
 * there is none.  It has on_interrupt, context and cancel of s, and no deadline.
 *
 * @s       a listening socket
 * @conn    filled in with the connection, close-on-exec
 * @peer    filled in with the peer's address; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_ETIMEDOUT no connection arrived before the timeout or a deadline
 *          CSK_ECANCELED a cancel ended the call
 *          -EAGAIN s is non-blocking and no connection is pending
 *          -errno of accept(2); the code that on_interrupt returned.  conn is then closed
 * Python:  socket.accept
 * Since:   0.1
 * See:     accept4(2)
 */
CSK_API int csk_accept(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer);

/**
 * Accept a connection, with flags for its descriptor.
 *
 * SOCK_NONBLOCK makes the connection non-blocking (timeout 0), without another system call if the
 * system has accept4(2).  SOCK_CLOEXEC is always implied.
 *
 * @s       a listening socket
 * @conn    as csk_accept
 * @peer    as csk_accept
 * @flags   0, or SOCK_NONBLOCK and SOCK_CLOEXEC
 *
 * Returns: 0.
 * Errors:  as csk_accept; -EINVAL another flag is set
 * Python:  none
 * Since:   0.1
 * See:     accept4(2)
 */
CSK_API int csk_accept4(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer,
                        int flags);

/**
 * Connect to an address.
 *
 * Waits until the socket is connected, for at most the timeout.  A signal does not end the wait
 * unless on_interrupt ends it.
 *
 * @s       the socket
 * @addr    the address (borrowed)
 * @error   filled in on failure: "connect to 127.0.0.1:80: Connection refused"; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_ETIMEDOUT the timeout or a deadline expired; the attempt continues in the kernel:
 *          close the socket
 *          CSK_ECANCELED a cancel ended the call
 *          -EINPROGRESS s is non-blocking; wait until it is writable and read SO_ERROR
 *          -errno of connect(2) or of the failed attempt; the code that on_interrupt returned
 * Python:  socket.connect
 * Since:   0.1
 * See:     connect(2), csk_connect_ex(3), csk_create_connection(3)
 */
CSK_API int csk_connect(struct csk_socket *s, const struct csk_addr *addr, struct csk_error *error);

/**
 * Connect to an address and return the system's error as a positive errno.
 *
 * @s       the socket
 * @addr    the address (borrowed)
 * @error   as csk_connect; may be NULL
 *
 * Returns: 0, or errno of connect(2) as a positive number; EAGAIN if the timeout expired; ECANCELED
 *          if a cancel ended the call.
 * Errors:  the code that on_interrupt returned
 * Python:  socket.connect_ex
 * Since:   0.1
 * See:     csk_connect(3)
 */
CSK_API int csk_connect_ex(struct csk_socket *s, const struct csk_addr *addr,
                           struct csk_error *error);

/**
 * Return the socket's local address.
 *
 * After csk_bind to port 0 it has the port that the system has chosen; after csk_connect the
 * address from which the connection was made. An unbound AF_UNIX socket has an address without a
 * name.
 *
 * @s       the socket (borrowed)
 * @addr    filled in
 *
 * Returns: 0.
 * Errors:  -errno of getsockname(2)
 * Python:  socket.getsockname
 * Since:   0.1
 * See:     getsockname(2)
 */
CSK_API int csk_getsockname(const struct csk_socket *s, struct csk_addr *addr);

/**
 * Return the address to which the socket is connected.
 *
 * @s       the socket (borrowed)
 * @addr    filled in
 *
 * Returns: 0.
 * Errors:  -ENOTCONN the socket is not connected; -errno of getpeername(2)
 * Python:  socket.getpeername
 * Since:   0.1
 * See:     getpeername(2)
 */
CSK_API int csk_getpeername(const struct csk_socket *s, struct csk_addr *addr);

#ifdef __cplusplus
}
#endif

#endif
