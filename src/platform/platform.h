/* The functions that the core needs from the system in addition to the socket calls of POSIX.
 *
 * Each function has one or more implementations, one file per mechanism (accept_accept4.c,
 * accept_fcntl.c), of which src/meson.build chooses one.  All return 0, a value or -errno. */
#ifndef CSKI_PLATFORM_H
#define CSKI_PLATFORM_H

#include "config.h"

#ifdef CSK_HAVE_WINSOCK
#include "sys.h"
#endif

#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>

/* open_*.c: descriptors that are close-on-exec from the first moment where the system can do that.
 * type may hold SOCK_NONBLOCK. */
int cski_os_socket(int family, int type, int proto);
int cski_os_socketpair(int family, int type, int proto, int pair[2]);
int cski_os_dup(int fd);

/* accept_*.c: the new descriptor, close-on-exec and non-blocking or not, regardless of fd's mode.
 * One try. */
int cski_os_accept(int fd, struct sockaddr *addr, socklen_t *len, bool nonblocking);

/* On systems derived from BSD the first byte of an address is its length. */
#ifdef CSK_HAVE_SA_LEN
static inline void cski_os_set_sa_len(void *addr, socklen_t len)
{
    ((struct sockaddr *)addr)->sa_len = (uint8_t)len;
}
static inline socklen_t cski_os_sa_len(const struct sockaddr *addr, socklen_t most)
{
    return addr->sa_len < most ? addr->sa_len : most;
}
#else
static inline void cski_os_set_sa_len(void *addr, socklen_t len)
{
    (void)addr, (void)len;
}
static inline socklen_t cski_os_sa_len(const struct sockaddr *addr, socklen_t most)
{
    (void)addr;
    return most;
}
#endif

/* sendfile_*.c: one try to move up to count bytes from file at offset to sock: the number of bytes
 * sent. -ENOSYS, -EINVAL: this file and this socket cannot do it; the caller reads and sends. */
ssize_t cski_os_sendfile(int sock, int file, int64_t offset, size_t count);

/* splice_*.c: moving bytes inside the kernel, through a pipe.  pipe: open one, close-on-exec;
 * returns its size.  splice: one try to move up to count bytes, at an offset of each
 * (negative: at the file's own position): how many.  -ENOSYS, -EINVAL, -ESPIPE, -EOPNOTSUPP: these
 * two cannot do it; the caller reads and writes.  nonblocking: does not wait for a pipe. */
int cski_os_splice_pipe(int fds[2]);
ssize_t cski_os_splice(int from, int64_t from_offset, int to, int64_t to_offset, size_t count,
                       bool nonblocking);

/* mmsg_*.c: many messages in one call, as recvmmsg(2) and sendmmsg(2): their number, or -errno;
 * -ENOSYS if there is no such call.  cski_os_wait_for_one: the flag with which recvmmsg waits for
 * the first message only. */
struct cski_mmsg {
    struct msghdr header;
    unsigned size; /* of the message */
};
int cski_os_recvmmsg(int fd, struct cski_mmsg *messages, unsigned count, int flags);
int cski_os_sendmmsg(int fd, struct cski_mmsg *messages, unsigned count, int flags);
extern const int cski_os_wait_for_one;

/* segments_*.c: datagrams that cross the kernel together.  sends, receives: whether the kernel
 * divides data sent on the socket, and whether the socket has merging enabled.  put: the control
 * message that has the size of a segment, in control (CSKI_SEGMENT_CONTROL bytes, aligned); returns
 * its size.  get: the size in a received message's ancillary data, or 0. */
#define CSKI_SEGMENT_CONTROL 32
bool cski_os_sends_segments(int fd);
bool cski_os_receives_segments(int fd);
size_t cski_os_put_segment_size(void *control, size_t size);
size_t cski_os_segment_size(const struct msghdr *header);

/* sigpipe_*.c: keep SIGPIPE from being raised in this thread, for calls that have no MSG_NOSIGNAL.
 * release unblocks it, after consuming one that was raised in between. */
struct cski_sigpipe {
    sigset_t before;
    bool was_pending;
};
void cski_os_sigpipe_hold(struct cski_sigpipe *hold);
void cski_os_sigpipe_release(struct cski_sigpipe *hold);

/* Keep a new socket from raising it, where MSG_NOSIGNAL is newer than such a property of sockets:
 * a program may be built for a macOS that has the flag, and run on one that ignores it. */
void cski_os_no_sigpipe(int fd);

/* sigwait_*.c: take away a blocked signal that is pending for this thread. */
void cski_os_take_signal(const sigset_t *set);

/* ifname_*.c: an interface's index, 0 with errno if there is none; and an interface's name, in name
 * (IF_NAMESIZE bytes), or NULL.  fd is any socket, or -1: asking it may save opening one. */
unsigned cski_os_interface_index(int fd, const char *name);
char *cski_os_interface_name(int fd, unsigned index, char *name);

/* clock.c: monotonic time in ns, greater than 0. */
int64_t cski_os_now(void);

/* event_*.c: an event that one thread sets and others poll for.  open: the descriptors to poll and
 * to set, which may be the same one; close-on-exec and non-blocking.  Setting is async-signal-safe,
 * but may change errno. */
int cski_os_event_open(int fds[2]);
void cski_os_event_set(int writer);
void cski_os_event_clear(int reader);
void cski_os_event_close(const int fds[2]);

/* event_renew.c: open another event under the same numbers, after a fork; it may fail, and the
 * event is then still the parent's as well. */
void cski_os_event_renew(const int fds[2]);

/* thread_*.c: threads, and one lock for their shared data.  Threads are started with all signals
 * blocked.  Each ends with cski_os_thread_detach or is joined by another thread. */
struct cski_thread {
    uintptr_t id;
};
int cski_os_thread_start(void *(*run)(void *arg), void *arg);
struct cski_thread cski_os_thread_self(void);
void cski_os_thread_detach(void);
void cski_os_thread_join(struct cski_thread thread);
void cski_os_lock(void);
void cski_os_unlock(void);

/* From now on a fork waits for the lock; in the child process, child is called with it held.  Must
 * be called before the lock is taken for the first time; otherwise a fork that has begun would
 * leave it locked in the child.  More calls, by several threads at the same time, do no harm. */
int cski_os_thread_at_fork(void (*child)(void));

/* pin_*.c: keep the library in memory until the process ends, because a thread may be in it. */
void cski_os_pin(void);

/* errname_*.c: an errno's text (in text, or constant) and its name (constant, or NULL). */
const char *cski_os_strerror(int error, char *text, size_t size);
const char *cski_os_errno_name(int error);

/* A constant string; NULL for an unknown number. */
const char *cski_os_errno_text(int error);

/* stream_*.c: a stdio file on functions of the caller's.  They return as read(2), write(2) and
 * close(2) do, with errno.  NULL with errno if there is no memory. */
struct cski_stream_ops {
    ssize_t (*read)(void *cookie, char *data, size_t size);
    ssize_t (*write)(void *cookie, const char *data, size_t size);
    int (*close)(void *cookie);
};
FILE *cski_os_stream(void *cookie, const char *mode, const struct cski_stream_ops *ops);

/* The result of write if it failed after it had sent some bytes, which differs between stdio
 * libraries. */
ssize_t cski_os_stream_failed(size_t sent);

/* services_*.c: the sockets for which the system's getaddrinfo gives an address, in its order, as
 * far as that is known without asking it. */
struct cski_service {
    int type;
    int proto;
    bool by_default; /* is returned if neither a type nor a protocol is requested */
    bool raw;        /* fits every protocol, and has no ports */
};
#define CSKI_OS_SERVICES_MAX 8
extern const struct cski_service cski_os_services[];
extern const unsigned cski_os_service_count;
extern const bool cski_os_empty_service; /* the empty string means no service, without an error */

/* hostdb_*.c: the databases of hosts, services and protocols.  Entries are passed to use,
 * whose result is returned, because they may be in storage that the next call reuses.  hostby*: a
 * positive number is an h_errno.  The others: -ENOENT if there is no such entry. */
typedef int cski_host_fn(const struct hostent *found, void *arg);
typedef int cski_name_fn(const char *found, void *arg);
int cski_os_hostbyname(const char *name, cski_host_fn *use, void *arg);
int cski_os_hostbyaddr(const void *addr, socklen_t len, int family, cski_host_fn *use, void *arg);
int cski_os_servbyname(const char *name, const char *proto);
int cski_os_servbyport(int port, const char *proto, cski_name_fn *use, void *arg);
int cski_os_protobyname(const char *name);

/* Flags that sends and receives add where the system has them. */
extern const int cski_os_send_flags;    /* MSG_NOSIGNAL */
extern const int cski_os_recvmsg_flags; /* MSG_CMSG_CLOEXEC */
extern const int cski_os_error_queue;   /* MSG_ERRQUEUE, or 0 */

#endif
