/* The files of src/platform/ for BSD-derived systems, with a system-call table that behaves as
 * described in these systems' manual pages.  It is built once per folder with a config.h (macos/,
 * freebsd/).
 */
#include "platform/platform.h"
#include "platform/sys.h"
#include "test.h"

#include <errno.h>
#include <string.h>

/* The calls of the imitated system, and the results to return. */
static struct {
    char calls[512]; /* "fcntl(7, FD_CLOEXEC) ..." */
    const char *failing;
    int error;      /* errno of the call named failing */
    int next;       /* descriptor that the next call opens */
    off_t moved;    /* by sendfile */
    bool has_error; /* sendfile fails after that */
    int reads[3];   /* results of read */
    int read;
} fake;

static int answer(int result, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int answer(int result, const char *format, ...)
{
    size_t used = strlen(fake.calls), name = strcspn(format, "(");
    va_list list;

    va_start(list, format);
    vsnprintf(fake.calls + used, sizeof fake.calls - used, format, list);
    va_end(list);
    strncat(fake.calls, " ", sizeof fake.calls - strlen(fake.calls) - 1);
    if (!fake.failing || strlen(fake.failing) != name || strncmp(fake.failing, format, name) != 0)
        return result;
    errno = fake.error;
    return -1;
}

static int fake_socket(int family, int type, int proto)
{
    return answer(fake.next, "socket(%d, %d, %d)", family, type, proto);
}

static int fake_socketpair(int family, int type, int proto, int *pair)
{
    (void)type, (void)proto;
    pair[0] = fake.next;
    pair[1] = fake.next + 1;
    return answer(0, "socketpair(%d)", family);
}

static int fake_accept(int fd, struct sockaddr *addr, socklen_t *len)
{
    (void)addr, (void)len;
    return answer(fake.next, "accept(%d)", fd);
}

static int fake_close(int fd)
{
    return answer(0, "close(%d)", fd);
}

static int fake_pipe(int *fds)
{
    fds[0] = fake.next;
    fds[1] = fake.next + 1;
    return answer(0, "pipe()");
}

static int fake_fcntl(int fd, int command, ...)
{
    va_list list;
    int argument;

    va_start(list, command);
    argument = va_arg(list, int);
    va_end(list);
    if (command == F_DUPFD_CLOEXEC)
        return answer(fake.next, "fcntl(%d, F_DUPFD_CLOEXEC)", fd);
    assert_int_equal(command, F_SETFD);
    assert_int_equal(argument, FD_CLOEXEC);
    return answer(0, "fcntl(%d, FD_CLOEXEC)", fd);
}

static int fake_ioctl(int fd, unsigned long request, ...)
{
    va_list list;
    const int *flag;

    va_start(list, request);
    flag = va_arg(list, const int *);
    va_end(list);
    assert_int_equal(request, FIONBIO);
    return answer(0, "ioctl(%d, FIONBIO %d)", fd, *flag);
}

static int fake_setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
    assert_int_equal(level, SOL_SOCKET);
    assert_int_equal(size, sizeof(int));
    return answer(0, "setsockopt(%d, 0x%x, %d)", fd, (unsigned)option, *(const int *)value);
}

static ssize_t fake_read(int fd, void *data, size_t size)
{
    (void)data;
    assert_true(fake.reads[fake.read] <= (int)size);
    return answer(fake.reads[fake.read++], "read(%d)", fd);
}

static ssize_t fake_write(int fd, const void *data, size_t size)
{
    (void)data;
    return answer((int)size, "write(%d, %zu)", fd, size);
}

#ifdef CSK_HAVE_SENDFILE_MACOS
/* On a non-blocking socket it may send part of the data: then *count is the number of bytes sent,
 * and the result is EAGAIN.  A count of 0 means the whole file; the offset is not changed. */
static int fake_sendfile(int file, int sock, off_t offset, off_t *count, struct sf_hdtr *headers,
                         int flags)
{
    assert_null(headers);
    assert_int_equal(flags, 0);
    assert_int_not_equal(*count, 0);
    answer(0, "sendfile(%d to %d, %d at %d)", file, sock, (int)*count, (int)offset);
    if (!fake.has_error || fake.error == EAGAIN || fake.error == EINTR)
        *count = fake.moved;
    errno = fake.error;
    return fake.has_error ? -1 : 0;
}
#define DEVICE_ERROR ENOTSUP
#else
/* The number of bytes sent is set regardless of the result. */
static int fake_sendfile(int file, int sock, off_t offset, size_t count, struct sf_hdtr *headers,
                         off_t *sent, int flags)
{
    assert_null(headers);
    assert_int_equal(flags, 0);
    assert_int_not_equal(count, 0);
    answer(0, "sendfile(%d to %d, %d at %d)", file, sock, (int)count, (int)offset);
    *sent = fake.moved;
    errno = fake.error;
    return fake.has_error ? -1 : 0;
}
#define DEVICE_ERROR EINVAL
#endif

#ifdef CSK_HAVE_SIGTIMEDWAIT
static int fake_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    assert_true(sigismember(set, SIGPIPE));
    assert_null(info);
    assert_int_equal(timeout->tv_sec + timeout->tv_nsec, 0);
    return answer(SIGPIPE, "take SIGPIPE");
}
#else
static int fake_sigwait(const sigset_t *set, int *number)
{
    assert_true(sigismember(set, SIGPIPE));
    *number = SIGPIPE;
    return answer(0, "take SIGPIPE");
}
#endif

/* Imitates stdio of these systems, which writes the rest again until a write fails. */
static struct {
    int (*read)(void *, char *, int);
    int (*write)(void *, const char *, int);
    int (*close)(void *);
    bool fails;
} funopened;

static ssize_t stdio_read(void *cookie, char *data, size_t size)
{
    return funopened.read(cookie, data, (int)size);
}

static ssize_t stdio_write(void *cookie, const char *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        int n = funopened.write(cookie, data + done, (int)(size - done));

        if (n <= 0)
            return STDIO_ERROR; /* of fopencookie() on this system: see meson.build */
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static int stdio_close(void *cookie)
{
    return funopened.close(cookie);
}

FILE *funopen(const void *cookie, int (*read)(void *, char *, int),
              int (*write)(void *, const char *, int), fpos_t (*seek)(void *, fpos_t, int),
              int (*close)(void *))
{
    const cookie_io_functions_t functions = { read ? stdio_read : NULL, write ? stdio_write : NULL,
                                              NULL, stdio_close };

    assert_null(seek);
    if (funopened.fails)
        return NULL;
    funopened.read = read;
    funopened.write = write;
    funopened.close = close;
    return fopencookie((void *)(uintptr_t)cookie,
                       read && write ? "r+"
                       : read        ? "r"
                                     : "w",
                       functions);
}

static unsigned fake_if_nametoindex(const char *name)
{
    return (unsigned)answer(3, "if_nametoindex(%s)", name);
}

static char *fake_if_indextoname(unsigned index, char *name)
{
    strcpy(name, "en0");
    return answer(0, "if_indextoname(%u)", index) < 0 ? NULL : name;
}

struct cski_sys cski_sys_table = {
    .socket = fake_socket,
    .socketpair = fake_socketpair,
    .accept = fake_accept,
    .close = fake_close,
    .pipe = fake_pipe,
    .fcntl = fake_fcntl,
    .ioctl = fake_ioctl,
    .setsockopt = fake_setsockopt,
    .read = fake_read,
    .write = fake_write,
    .sendfile = fake_sendfile,
    .if_nametoindex = fake_if_nametoindex,
    .if_indextoname = fake_if_indextoname,
    .malloc = malloc,
    .free = free,
#ifdef CSK_HAVE_SIGTIMEDWAIT
    .sigtimedwait = fake_sigtimedwait,
#else
    .sigwait = fake_sigwait,
#endif
};

/* The option that a new socket gets on systems that have it; here, macOS. */
#ifdef SO_NOSIGPIPE
#define NO_SIGPIPE(fd) " setsockopt(" #fd ", 0x1022, 1)"
#else
#define NO_SIGPIPE(fd) ""
#endif

static void begin(const char *failing, int error)
{
    memset(&fake, 0, sizeof fake);
    fake.failing = failing;
    fake.error = error;
    fake.next = 7;
}

static void calls_were(const char *expected)
{
    if (*fake.calls)
        fake.calls[strlen(fake.calls) - 1] = '\0';
    assert_string_equal(fake.calls, expected);
}

static void opened_sockets_are_not_inherited(void)
{
    int pair[2];

    begin(NULL, 0);
    assert_int_equal(cski_os_socket(1, 2, 3), 7);
    calls_were("socket(1, 2, 3) fcntl(7, FD_CLOEXEC)" NO_SIGPIPE(7));
    begin(NULL, 0);
    assert_int_equal(cski_os_socketpair(1, 2, 3, pair), 0);
    calls_were("socketpair(1) fcntl(7, FD_CLOEXEC)" NO_SIGPIPE(7) " fcntl(8, FD_CLOEXEC)" //
               NO_SIGPIPE(8));
    begin(NULL, 0);
    assert_int_equal(cski_os_dup(5), 7);
    calls_were("fcntl(5, F_DUPFD_CLOEXEC)");
}

static void what_cannot_be_marked_is_closed(void)
{
    int pair[2];

    begin("fcntl", EBADF);
    assert_int_equal(cski_os_socket(1, 2, 3), -EBADF);
    calls_were("socket(1, 2, 3) fcntl(7, FD_CLOEXEC) close(7)");
    begin("fcntl", EBADF);
    assert_int_equal(cski_os_socketpair(1, 2, 3, pair), -EBADF);
    calls_were("socketpair(1) fcntl(7, FD_CLOEXEC) close(7) close(8)");
    begin("socket", EMFILE);
    assert_int_equal(cski_os_socket(1, 2, 3), -EMFILE);
    begin("accept", EMFILE);
    assert_int_equal(cski_os_accept(4, NULL, NULL, false), -EMFILE);
    calls_were("accept(4)");
    begin("ioctl", EINVAL);
    assert_int_equal(cski_os_accept(4, NULL, NULL, true), -EINVAL);
    calls_were("accept(4) fcntl(7, FD_CLOEXEC) ioctl(7, FIONBIO 1) close(7)");
}

/* On these systems an accepted socket inherits O_NONBLOCK, so that either mode must be set. */
static void an_accepted_socket_has_the_mode_that_is_wanted(void)
{
    begin(NULL, 0);
    assert_int_equal(cski_os_accept(4, NULL, NULL, false), 7);
    calls_were("accept(4) fcntl(7, FD_CLOEXEC) ioctl(7, FIONBIO 0)" NO_SIGPIPE(7));
    begin(NULL, 0);
    assert_int_equal(cski_os_accept(4, NULL, NULL, true), 7);
    calls_were("accept(4) fcntl(7, FD_CLOEXEC) ioctl(7, FIONBIO 1)" NO_SIGPIPE(7));
}

/* Some sockets, for example of AF_SYSTEM, refuse the option and raise no signal. */
static void a_socket_without_the_option_is_a_socket(void)
{
    begin("setsockopt", ENOPROTOOPT);
    assert_int_equal(cski_os_socket(1, 2, 3), 7);
    assert_null(strstr(fake.calls, "close"));
    begin("setsockopt", EINVAL);
    assert_int_equal(cski_os_accept(4, NULL, NULL, false), 7);
    assert_null(strstr(fake.calls, "close"));
}

static void an_event_is_a_pipe_that_never_blocks(void)
{
    int fds[2];

    begin(NULL, 0);
    assert_int_equal(cski_os_event_open(fds), 0);
    calls_were("pipe() fcntl(7, FD_CLOEXEC) ioctl(7, FIONBIO 1) fcntl(8, FD_CLOEXEC)"
               " ioctl(8, FIONBIO 1)");
    begin(NULL, 0);
    cski_os_event_set(8);
    calls_were("write(8, 1)");
    /* Called more often than the buffer has bytes. */
    begin(NULL, 0);
    fake.reads[0] = 64;
    fake.reads[1] = 1;
    cski_os_event_clear(7);
    calls_were("read(7) read(7)");
    begin("ioctl", ENOTTY);
    assert_int_equal(cski_os_event_open(fds), -ENOTTY);
    calls_were("pipe() fcntl(7, FD_CLOEXEC) ioctl(7, FIONBIO 1) close(7) close(8)");
    begin("pipe", ENFILE);
    assert_int_equal(cski_os_event_open(fds), -ENFILE);
    calls_were("pipe()");
}

static ssize_t send_file(off_t moved, int error)
{
    begin(NULL, error);
    fake.moved = moved;
    fake.has_error = error != 0;
    return cski_os_sendfile(4, 5, 1000, 300);
}

static void sendfile_returns_the_number_of_bytes(void)
{
    assert_int_equal(send_file(300, 0), 300);
    calls_were("sendfile(5 to 4, 300 at 1000)");
    assert_int_equal(send_file(200, 0), 200); /* the file ended */
    assert_int_equal(send_file(0, 0), 0);
    assert_int_equal(send_file(100, EAGAIN), 100);
    assert_int_equal(send_file(100, EINTR), 100);
    assert_int_equal(send_file(0, EAGAIN), -EAGAIN);
    assert_int_equal(send_file(0, EINTR), -EINTR);
    assert_int_equal(send_file(0, EPIPE), -EPIPE);
    assert_int_equal(send_file(0, ENOTCONN), -ENOTCONN);
    /* Otherwise the whole file would be sent. */
    begin(NULL, 0);
    assert_int_equal(cski_os_sendfile(4, 5, 0, 0), 0);
    calls_were("");
}

/* The caller copies such files. */
static void sendfile_of_a_device_is_refused_as_on_linux(void)
{
    assert_int_equal(send_file(0, DEVICE_ERROR), -EINVAL);
}

static void interfaces_are_found_without_a_socket(void)
{
    char name[IF_NAMESIZE];

    begin(NULL, 0);
    assert_int_equal(cski_os_interface_index(-1, "en0"), 3);
    assert_string_equal(cski_os_interface_name(-1, 3, name), "en0");
    begin("if_indextoname", ENXIO);
    assert_null(cski_os_interface_name(-1, 9, name));
    assert_int_equal(errno, ENXIO);
}

static void a_pending_signal_is_consumed(void)
{
    sigset_t set;

    begin(NULL, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    cski_os_take_signal(&set);
    calls_were("take SIGPIPE");
}

/* A file on functions that move 3 bytes per call. */
struct cookie {
    char data[32];
    size_t size, failing_at;
    bool is_closed;
};

static ssize_t cookie_read(void *p, char *data, size_t size)
{
    struct cookie *cookie = p;
    size_t count = cookie->size < 3 ? cookie->size : 3;

    assert_true(size >= count);
    memcpy(data, cookie->data, count);
    memmove(cookie->data, cookie->data + count, cookie->size -= count);
    return (ssize_t)count;
}

static ssize_t cookie_write(void *p, const char *data, size_t size)
{
    struct cookie *cookie = p;
    size_t count = size < 3 ? size : 3;

    if (cookie->failing_at && cookie->size >= cookie->failing_at) {
        errno = EPIPE;
        return cski_os_stream_failed(0);
    }
    memcpy(cookie->data + cookie->size, data, count);
    cookie->size += count;
    return (ssize_t)count;
}

static int cookie_close(void *p)
{
    ((struct cookie *)p)->is_closed = true;
    return 0;
}

static const struct cski_stream_ops ops = { cookie_read, cookie_write, cookie_close };

static void a_stream_reads_and_writes(void)
{
    struct cookie cookie = { .data = "some text", .size = 9 };
    char text[16];
    FILE *file = cski_os_stream(&cookie, "r", &ops);

    assert_non_null(file);
    assert_null(funopened.write);
    assert_int_equal(fread(text, 1, sizeof text, file), 9);
    assert_memory_equal(text, "some text", 9);
    assert_int_equal(fclose(file), 0);
    assert_true(cookie.is_closed);

    cookie = (struct cookie){ .size = 0 };
    assert_non_null(file = cski_os_stream(&cookie, "w", &ops));
    assert_null(funopened.read);
    assert_true(fputs("other text", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(cookie.size, 10);
    assert_memory_equal(cookie.data, "other text", 10);

    assert_non_null(file = cski_os_stream(&cookie, "r+", &ops));
    assert_true(funopened.read && funopened.write);
    assert_int_equal(fclose(file), 0);
}

static void a_stream_reports_errors(void)
{
    struct cookie cookie = { .failing_at = 6 };
    FILE *file = cski_os_stream(&cookie, "w", &ops);

    assert_non_null(file);
    assert_int_equal(cski_os_stream_failed(3), 3); /* bytes written before the error count */
    assert_true(fputs("some text", file) >= 0);
    assert_int_equal(fclose(file), EOF);
    assert_int_equal(errno, EPIPE);
    assert_int_equal(cookie.size, 6);
    assert_true(cookie.is_closed);
    /* If there is no memory for a stream, nothing leaks. */
    funopened.fails = true;
    assert_null(cski_os_stream(&cookie, "w", &ops));
}

TESTS(TEST(opened_sockets_are_not_inherited), TEST(what_cannot_be_marked_is_closed),
      TEST(an_accepted_socket_has_the_mode_that_is_wanted),
      TEST(a_socket_without_the_option_is_a_socket), TEST(an_event_is_a_pipe_that_never_blocks),
      TEST(sendfile_returns_the_number_of_bytes), TEST(sendfile_of_a_device_is_refused_as_on_linux),
      TEST(interfaces_are_found_without_a_socket), TEST(a_stream_reads_and_writes),
      TEST(a_stream_reports_errors), TEST(a_pending_signal_is_consumed))
