/* See fault.h. */
#include "fault.h"

#include <netdb.h>

static const char *const names[] = {
#define NAME(type, name, params) [CALL_##name] = #name,
    CSKI_SYS_MAP(NAME)
};

/* The failures of the next calls. */
static struct {
    bool recording;
    enum call trace[256];
    int length;     /* calls made */
    int target;     /* index in the trace that fails; -1: none */
    enum call kind; /* with times: calls of this kind fail */
    int times;
    int error;
    int made[CALLS];
    size_t limit;
    bool fired;
} plan = { .target = -1 };

bool fault_fails(enum call call)
{
    int index = plan.length++;

    plan.made[call]++;
    if (plan.recording && index < (int)(sizeof plan.trace / sizeof *plan.trace))
        plan.trace[index] = call;
    if (index == plan.target || (plan.times > 0 && call == plan.kind)) {
        if (plan.times > 0)
            plan.times--;
        plan.fired = true;
        errno = plan.error;
        return true;
    }
    return false;
}

int fault_error(void)
{
    return plan.error;
}

static size_t cut(size_t size)
{
    return plan.limit && size > plan.limit ? plan.limit : size;
}

#define REAL(name) cski_sys_real.name

/* A stand-in that fails with -1 and errno without making the call. */
#define STAND_IN(type, name, params, args)                                                         \
    static type fake_##name params                                                                 \
    {                                                                                              \
        return fault_fails(CALL_##name) ? (type)-1 : REAL(name) args;                              \
    }

/* One that makes the call and then reports a failure: the descriptor is closed, the connection
 * attempt continues. */
#define STAND_IN_AFTER(type, name, params, args)                                                   \
    static type fake_##name params                                                                 \
    {                                                                                              \
        bool fail = fault_fails(CALL_##name);                                                      \
        type result;                                                                               \
                                                                                                   \
        result = REAL(name) args;                                                                  \
        if (!fail)                                                                                 \
            return result;                                                                         \
        errno = plan.error;                                                                        \
        return (type)-1;                                                                           \
    }

#define STAND_IN_NULL(type, name, params, args)                                                    \
    static type fake_##name params                                                                 \
    {                                                                                              \
        return fault_fails(CALL_##name) ? NULL : REAL(name) args;                                  \
    }

STAND_IN(int, socket, (int a, int b, int c), (a, b, c))
STAND_IN(int, socketpair, (int a, int b, int c, int *d), (a, b, c, d))
STAND_IN(int, bind, (int a, const struct sockaddr *b, socklen_t c), (a, b, c))
STAND_IN(int, listen, (int a, int b), (a, b))
STAND_IN(int, accept, (int a, struct sockaddr *b, socklen_t *c), (a, b, c))
STAND_IN(int, accept4, (int a, struct sockaddr *b, socklen_t *c, int d), (a, b, c, d))
STAND_IN_AFTER(int, connect, (int a, const struct sockaddr *b, socklen_t c), (a, b, c))
STAND_IN(int, getsockname, (int a, struct sockaddr *b, socklen_t *c), (a, b, c))
STAND_IN(int, getpeername, (int a, struct sockaddr *b, socklen_t *c), (a, b, c))
STAND_IN(int, getsockopt, (int a, int b, int c, void *d, socklen_t *e), (a, b, c, d, e))
STAND_IN(int, setsockopt, (int a, int b, int c, const void *d, socklen_t e), (a, b, c, d, e))
STAND_IN(int, shutdown, (int a, int b), (a, b))
STAND_IN_AFTER(int, close, (int a), (a))
STAND_IN(int, poll, (struct pollfd * a, nfds_t b, int c), (a, b, c))
STAND_IN(ssize_t, recv, (int a, void *b, size_t c, int d), (a, b, cut(c), d))
STAND_IN(ssize_t, recvfrom, (int a, void *b, size_t c, int d, struct sockaddr *e, socklen_t *f),
         (a, b, cut(c), d, e, f))
STAND_IN(ssize_t, recvmsg, (int a, struct msghdr *b, int c), (a, b, c))
STAND_IN(ssize_t, send, (int a, const void *b, size_t c, int d), (a, b, cut(c), d))
STAND_IN(ssize_t, sendto,
         (int a, const void *b, size_t c, int d, const struct sockaddr *e, socklen_t f),
         (a, b, cut(c), d, e, f))
STAND_IN(ssize_t, sendmsg, (int a, const struct msghdr *b, int c), (a, b, c))
STAND_IN(int, recvmmsg, (int a, struct mmsghdr *b, unsigned c, int d, struct timespec *e),
         (a, b, c, d, e))
STAND_IN(int, sendmmsg, (int a, struct mmsghdr *b, unsigned c, int d), (a, b, c, d))
STAND_IN(ssize_t, sendfile, (int a, int b, off_t *c, size_t d), (a, b, c, cut(d)))
STAND_IN(int, eventfd, (unsigned a, int b), (a, b))
STAND_IN(int, pipe, (int *a), (a))
STAND_IN(ssize_t, write, (int a, const void *b, size_t c), (a, b, c))
STAND_IN(ssize_t, read, (int a, void *b, size_t c), (a, b, cut(c)))
STAND_IN(ssize_t, pread, (int a, void *b, size_t c, off_t d), (a, b, cut(c), d))
STAND_IN(ssize_t, pwrite, (int a, const void *b, size_t c, off_t d), (a, b, cut(c), d))
STAND_IN(ssize_t, splice, (int a, loff_t *b, int c, loff_t *d, size_t e, unsigned f),
         (a, b, c, d, cut(e), f))
STAND_IN(int, pipe2, (int *a, int b), (a, b))
STAND_IN(off_t, lseek, (int a, off_t b, int c), (a, b, c))
STAND_IN(int, clock_gettime, (clockid_t a, struct timespec *b), (a, b))
STAND_IN(int, gethostname, (char *a, size_t b), (a, b))
/* A stand-in that only pretends to succeed: the machine keeps its name. */
static int fake_sethostname(const char *name, size_t size)
{
    (void)name, (void)size;
    return fault_fails(CALL_sethostname) ? -1 : 0;
}

STAND_IN(int, getifaddrs, (struct ifaddrs * *a), (a))
STAND_IN_NULL(struct if_nameindex *, if_nameindex, (void), ())
STAND_IN_NULL(char *, if_indextoname, (unsigned a, char *b), (a, b))
STAND_IN_NULL(void *, malloc, (size_t a), (a))
STAND_IN_NULL(void *, calloc, (size_t a, size_t b), (a, b))
STAND_IN_NULL(void *, realloc, (void *a, size_t b), (a, b))

static int fake_fcntl(int fd, int command, ...)
{
    va_list args;
    int argument;

    va_start(args, command);
    argument = va_arg(args, int);
    va_end(args);
    return fault_fails(CALL_fcntl) ? -1 : REAL(fcntl)(fd, command, argument);
}

static int fake_ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    void *argument;

    va_start(args, request);
    argument = va_arg(args, void *);
    va_end(args);
    return fault_fails(CALL_ioctl) ? -1 : REAL(ioctl)(fd, request, argument);
}

static unsigned fake_if_nametoindex(const char *name)
{
    return fault_fails(CALL_if_nametoindex) ? 0 : REAL(if_nametoindex)(name);
}

STAND_IN(int, dup2, (int a, int b), (a, b))

/* Thread functions return their errors. */
static int fake_pthread_create(pthread_t *a, const pthread_attr_t *b, void *(*c)(void *), void *d)
{
    return fault_fails(CALL_pthread_create) ? plan.error : REAL(pthread_create)(a, b, c, d);
}

static int fake_pthread_atfork(void (*a)(void), void (*b)(void), void (*c)(void))
{
    return fault_fails(CALL_pthread_atfork) ? plan.error : REAL(pthread_atfork)(a, b, c);
}

/* The resolver returns its errors; errno is relevant with EAI_SYSTEM only. */
static int fake_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                            struct addrinfo **list)
{
    return fault_fails(CALL_getaddrinfo) ? EAI_SYSTEM
                                         : REAL(getaddrinfo)(host, service, hints, list);
}

static int fake_getnameinfo(const struct sockaddr *a, socklen_t b, char *c, socklen_t d, char *e,
                            socklen_t f, int g)
{
    return fault_fails(CALL_getnameinfo) ? EAI_SYSTEM : REAL(getnameinfo)(a, b, c, d, e, f, g);
}

static void install(void)
{
    cski_sys_table = cski_sys_real;
#define INSTALL(name) cski_sys_table.name = fake_##name
    INSTALL(socket), INSTALL(socketpair), INSTALL(bind), INSTALL(listen), INSTALL(accept);
    INSTALL(accept4);
    INSTALL(connect), INSTALL(getsockname), INSTALL(getpeername), INSTALL(getsockopt);
    INSTALL(setsockopt), INSTALL(shutdown), INSTALL(close), INSTALL(poll), INSTALL(recv);
    INSTALL(recvfrom), INSTALL(recvmsg), INSTALL(send), INSTALL(sendto), INSTALL(sendmsg);
    INSTALL(recvmmsg), INSTALL(sendmmsg), INSTALL(splice), INSTALL(pipe2), INSTALL(pwrite);
    INSTALL(sendfile), INSTALL(read), INSTALL(pread), INSTALL(lseek), INSTALL(gethostname);
    INSTALL(sethostname), INSTALL(getifaddrs), INSTALL(if_nameindex), INSTALL(if_indextoname);
    INSTALL(malloc), INSTALL(calloc), INSTALL(realloc), INSTALL(fcntl), INSTALL(ioctl);
    INSTALL(if_nametoindex), INSTALL(clock_gettime), INSTALL(getaddrinfo), INSTALL(getnameinfo);
    fault_install_hostdb();
    INSTALL(eventfd), INSTALL(pipe), INSTALL(write), INSTALL(dup2);
    INSTALL(pthread_create), INSTALL(pthread_atfork);
}

static void start(bool recording, int target, int error)
{
    memset(&plan, 0, sizeof plan);
    plan.recording = recording;
    plan.target = target;
    plan.error = error;
    install();
}

static void stop(void)
{
    cski_sys_table = cski_sys_real;
}

void fault_arm(enum call call, int error, int times)
{
    start(false, -1, error);
    plan.kind = call;
    plan.times = times;
}

void fault_limit_transfers(size_t limit)
{
    start(false, -1, 0);
    plan.limit = limit;
}

int fault_calls(enum call call)
{
    return plan.made[call];
}

int fault_calls_in_all(void)
{
    return plan.length;
}

/* The errors that each call can return (its manual page), including EINTR and EAGAIN. */
static const int errors[CALLS][24] = {
    [CALL_socket] = { EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM,
                      EPROTONOSUPPORT, EPROTOTYPE, EPERM },
    [CALL_socketpair] = { EACCES, EAFNOSUPPORT, EFAULT, EINVAL, EMFILE, ENFILE, ENOMEM, EOPNOTSUPP,
                          EPROTONOSUPPORT },
    [CALL_bind] = { EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EBADF, EFAULT, EINVAL, ELOOP,
                    ENAMETOOLONG, ENODEV, ENOENT, ENOMEM, ENOTDIR, ENOTSOCK, EROFS },
    [CALL_listen] = { EADDRINUSE, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP },
    [CALL_accept] = { EAGAIN, EBADF, ECONNABORTED, EINTR, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM,
                      ENOTSOCK, EOPNOTSUPP, EPERM, EPROTO },
    [CALL_accept4] = { EAGAIN,  EBADF,  ECONNABORTED, EFAULT,      EHOSTDOWN,   EHOSTUNREACH,
                       EINTR,   EINVAL, EMFILE,       ENETDOWN,    ENETUNREACH, ENFILE,
                       ENOBUFS, ENOMEM, ENONET,       ENOPROTOOPT, ENOTSOCK,    EOPNOTSUPP,
                       EPERM,   EPROTO, ETIMEDOUT },
    [CALL_connect] = { EACCES, EADDRINUSE,   EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN,       EALREADY,
                       EBADF,  ECONNREFUSED, ECONNRESET,    EFAULT,       EHOSTUNREACH, EINPROGRESS,
                       EINTR,  EINVAL,       EISCONN,       ENETUNREACH,  ENOENT,       ENOTSOCK,
                       EPERM,  EPROTOTYPE,   ETIMEDOUT },
    [CALL_getsockname] = { EBADF, EFAULT, EINVAL, ENOBUFS, ENOTSOCK },
    [CALL_getpeername] = { EBADF, EFAULT, EINVAL, ENOBUFS, ENOTCONN, ENOTSOCK },
    [CALL_getsockopt] = { EACCES, EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK, EOPNOTSUPP, EPERM },
    [CALL_setsockopt] = { EACCES, EBADF, EDOM, EFAULT, EINVAL, EISCONN, ENODEV, ENOMEM, ENOPROTOOPT,
                          ENOTSOCK, EOPNOTSUPP, EPERM },
    [CALL_shutdown] = { EBADF, EINVAL, ENOTCONN, ENOTSOCK },
    [CALL_close] = { EBADF, ECONNRESET, EDQUOT, EINTR, EIO, ENOSPC },
    [CALL_fcntl] = { EBADF, EINVAL, EMFILE, EPERM },
    [CALL_ioctl] = { EBADF, EFAULT, EINVAL, ENOTTY },
    [CALL_poll] = { EFAULT, EINTR, EINVAL, ENOMEM },
    [CALL_recv] = { EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EHOSTUNREACH, EINTR, EINVAL,
                    EIO, ENETDOWN, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPERM, ETIMEDOUT },
    [CALL_recvfrom] = { EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EHOSTUNREACH, EINTR,
                        EINVAL, EIO, ENETDOWN, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP, ETIMEDOUT },
    [CALL_recvmsg] = { EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EINTR, EINVAL, EIO,
                       EMSGSIZE, ENETDOWN, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK, ETIMEDOUT },
    [CALL_send] = { EACCES,     EAGAIN,       EBADF,   ECONNREFUSED, ECONNRESET, EDESTADDRREQ,
                    EFAULT,     EHOSTUNREACH, EINTR,   EINVAL,       EIO,        EMSGSIZE,
                    ENETDOWN,   ENETUNREACH,  ENOBUFS, ENOMEM,       ENOTCONN,   ENOTSOCK,
                    EOPNOTSUPP, EPERM,        EPIPE,   ETIMEDOUT },
    [CALL_sendto] = { EACCES,       EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN,       EALREADY, EBADF,
                      ECONNREFUSED, EDESTADDRREQ,  EFAULT,       EHOSTUNREACH, EINTR,    EINVAL,
                      EISCONN,      EMSGSIZE,      ENETUNREACH,  ENOBUFS,      ENOMEM,   ENOTCONN,
                      ENOTSOCK,     EOPNOTSUPP,    EPERM,        EPIPE },
    [CALL_sendmsg] = { EACCES,  EAGAIN,       EBADF,    ECONNREFUSED, ECONNRESET, EDESTADDRREQ,
                       EFAULT,  EINTR,        EINVAL,   EISCONN,      EMSGSIZE,   ENETUNREACH,
                       ENOBUFS, ENOMEM,       ENOTCONN, ENOTSOCK,     EOPNOTSUPP, EPERM,
                       EPIPE,   ETOOMANYREFS, ETIMEDOUT },
    [CALL_recvmmsg] = { EAGAIN, EBADF, ECONNREFUSED, EFAULT, EHOSTUNREACH, EINTR, EINVAL, EIO,
                        ENETDOWN, ENOBUFS, ENOMEM, ENOSYS, ENOTCONN, ENOTSOCK, ETIMEDOUT },
    [CALL_sendmmsg] = { EACCES, EAGAIN, EBADF, ECONNREFUSED, EDESTADDRREQ, EFAULT, EINTR, EINVAL,
                        EIO, EMSGSIZE, ENETUNREACH, ENOBUFS, ENOMEM, ENOSYS, ENOTCONN, ENOTSOCK,
                        EOPNOTSUPP, EPERM, EPIPE },
    [CALL_sendfile] = { EAGAIN, EBADF, ECONNRESET, EFAULT, EINTR, EINVAL, EIO, ENOMEM, ENOSYS,
                        ENOTCONN, EOPNOTSUPP, EOVERFLOW, EPIPE, ESPIPE },
    [CALL_splice] = { EAGAIN, EBADF, ECONNRESET, EINTR, EINVAL, EIO, ENOMEM, ENOSPC, ENOSYS,
                      ENOTCONN, EOPNOTSUPP, EPIPE, ESPIPE },
    [CALL_pipe2] = { EINVAL, EMFILE, ENFILE },
    [CALL_pwrite] = { EBADF, EDQUOT, EFBIG, EINTR, EINVAL, EIO, ENOSPC, ENXIO, EOVERFLOW, EPERM },
    [CALL_eventfd] = { EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM },
    [CALL_dup2] = { EBADF, EBUSY, EINTR, EMFILE },
    [CALL_pthread_create] = { EAGAIN, EPERM },
    [CALL_pthread_atfork] = { ENOMEM },
    [CALL_pipe] = { EFAULT, EMFILE, ENFILE },
    [CALL_write] = { EAGAIN, EBADF, EINVAL },
    [CALL_read] = { EAGAIN, EBADF, EFAULT, EINTR, EINVAL, EIO, EISDIR },
    [CALL_pread] = { EBADF, EFAULT, EINTR, EINVAL, EIO, EISDIR, ENXIO, EOVERFLOW, ESPIPE },
    [CALL_lseek] = { EBADF, EINVAL, EOVERFLOW, ESPIPE },
    [CALL_gethostname] = { EFAULT, EPERM }, /* ENAMETOOLONG is reported as CSK_ESPACE */
    [CALL_sethostname] = { EFAULT, EINVAL, EPERM },
    [CALL_getifaddrs] = { EMFILE, ENFILE, ENOBUFS, ENOMEM },
    [CALL_if_nameindex] = { EMFILE, ENFILE, ENOBUFS, ENOMEM },
    [CALL_if_indextoname] = { EMFILE, ENFILE, ENXIO },
    [CALL_if_nametoindex] = { EMFILE, ENFILE, ENODEV },
    [CALL_malloc] = { ENOMEM },
    [CALL_calloc] = { ENOMEM },
    [CALL_realloc] = { ENOMEM },
    [CALL_getaddrinfo] = { ECONNREFUSED, EMFILE, ENFILE, ENOMEM },
    [CALL_getnameinfo] = { EMFILE, ENFILE, ENOMEM },
};

static const int *errors_of(enum call call)
{
    return fault_is_hostdb(call) ? fault_hostdb_errors : errors[call];
}

/* Errors that the library handles, so that the caller sees none. */
static bool coped_with(enum call call, int error, int64_t timeout)
{
    if (fault_is_hostdb(call))
        return error == ERANGE; /* the answer needs more space */
    switch (call) {
    case CALL_close: return error == EINTR || error == ECONNRESET;
    case CALL_lseek: return true; /* tests whether the file is seekable: an error means no */
    case CALL_sendfile:
        if (error == ENOSYS || error == EINVAL || error == ESPIPE || error == EOPNOTSUPP)
            return true;
        break;
    case CALL_connect:
        if (timeout > 0 && (error == EINPROGRESS || error == EALREADY || error == EAGAIN))
            return true;
        return error == EINTR;
    case CALL_read: return error == EINTR; /* the timeout does not apply to the file's EAGAIN */
    default: break;
    }
    return error == EINTR || (error == EAGAIN && timeout > 0);
}

static void carry(struct csk_socket *from, struct csk_socket *to)
{
    char byte = 0;
    ssize_t n;

    assert_int_equal(csk_send(from, "!", 1, 0), 1);
    /* Data that the operation left unread comes first. */
    while ((n = csk_recv(to, &byte, 1, 0)) == 1 && byte != '!')
        continue;
    assert_int_equal(n, 1);
}

void fault_pair_works(struct world *w)
{
    carry(&w->pair[0], &w->pair[1]);
    carry(&w->pair[1], &w->pair[0]);
}

void fault_opened_or_closed(struct world *w, int64_t result)
{
    if (result < 0)
        assert_int_equal(w->s.fd, -1);
    else
        assert_true(fcntl(w->s.fd, F_GETFD) & FD_CLOEXEC);
    fault_pair_works(w);
}

static void begin(struct world *w, const struct operation *operation, int64_t timeout)
{
    static const struct csk_socket closed = CSK_SOCKET_INIT;

    *w = (struct world){ .s = closed, .t = { closed, closed }, .fd = -1, .timeout = timeout };
    test_pair(w->pair, SOCK_STREAM);
    csk_settimeout(&w->pair[0], timeout);
    csk_settimeout(&w->pair[1], timeout);
    if (operation->prepare)
        operation->prepare(w);
}

static void end(struct world *w)
{
    if (w->file)
        fclose(w->file);
    csk_close(&w->pair[0]);
    csk_close(&w->pair[1]);
    csk_close(&w->s);
    csk_close(&w->t[0]);
    csk_close(&w->t[1]);
    if (w->fd >= 0)
        close(w->fd);
    csk_freeaddrinfo(w->infos);
    csk_freehostent(w->host);
    csk_if_freenameindex(w->ifs);
    csk_freeifaddrs(w->ifaddrs);
}

static void examine(struct world *w, const struct operation *operation, int64_t result)
{
    if (operation->check)
        operation->check(w, result);
    else
        fault_pair_works(w);
}

/* One run with one failure. */
static void fail_at(const char *name, const struct operation *operation, int64_t timeout, int index,
                    enum call call, int error, int64_t normal)
{
    bool other_errors = operation->other_errors ||
                        (fault_is_hostdb(call) && !fault_hostdb_says_why);
    int before = test_open_descriptors();
    struct world w;
    int64_t result;

    begin(&w, operation, timeout);
    start(false, index, error);
    result = operation->run(&w);
    stop();
    if (!plan.fired)
        fail_msg("%s: call %d was not %s again", name, index, names[call]);
    if (coped_with(call, error, timeout)) {
        if (result != normal)
            fail_msg("%s: %s with errno %d: %lld, not %lld", name, names[call], error,
                     (long long)result, (long long)normal);
    } else if (result != -error && !(other_errors && (result < 0 || result == normal))) {
        fail_msg("%s: %s with errno %d: %lld", name, names[call], error, (long long)result);
    }
    examine(&w, operation, result);
    end(&w);
    if (test_open_descriptors() != before)
        fail_msg("%s: %s with errno %d: a descriptor is left over", name, names[call], error);
}

void fault_everywhere(const char *name, const struct operation *operation)
{
    static const int64_t timeouts[] = { -1, 20 * SECOND };
    enum call trace[sizeof plan.trace / sizeof *plan.trace];
    struct world w;
    int64_t normal;
    int length, tried = 0;

    for (size_t t = 0; t < 2; t++) {
        begin(&w, operation, timeouts[t]);
        start(true, -1, 0);
        normal = operation->run(&w);
        stop();
        length = plan.length;
        memcpy(trace, plan.trace, sizeof trace);
        assert_true(normal >= 0);
        assert_in_range(length, 1, sizeof trace / sizeof *trace);
        examine(&w, operation, normal);
        end(&w);
        for (int i = 0; i < length; i++)
            for (const int *e = errors_of(trace[i]); *e; e++, tried++)
                fail_at(name, operation, timeouts[t], i, trace[i], *e, normal);
    }
    assert_true(tried > 0);
}
