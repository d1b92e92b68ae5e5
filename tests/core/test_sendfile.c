/* Files into sockets. */
#include "sockets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define FILE_SIZE 300000

static char content[FILE_SIZE];

static int make_file(void)
{
    FILE *file = tmpfile();
    int fd;

    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)(i * 7 + i / 251);
    assert_int_equal(fwrite(content, 1, sizeof content, file), sizeof content);
    assert_int_equal(fflush(file), 0);
    fd = dup(fileno(file));
    fclose(file);
    return fd;
}

/* The peer: reads to the end and compares with content from an offset on. */
struct reader {
    struct csk_socket *pair;
    size_t start, size;
};

static void read_and_compare(void *argument)
{
    static char data[FILE_SIZE + 1];
    struct reader *r = argument;
    size_t got = 0;
    ssize_t n;

    csk_close(&r->pair[0]);
    while ((n = csk_recv(&r->pair[1], data + got, sizeof data - got, 0)) > 0)
        got += (size_t)n;
    if (n < 0 || got != r->size || memcmp(data, content + r->start, got) != 0)
        _exit(1);
}

static void check(int file, int64_t start, int64_t count, size_t expected)
{
    struct csk_socket pair[2];
    struct reader reader = { pair, (size_t)start, expected };
    int64_t offset = start;
    int pid;

    test_pair(pair, SOCK_STREAM);
    pid = test_fork(read_and_compare, &reader);
    assert_int_equal(csk_settimeout(&pair[0], 30 * SECOND), 0);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, count), expected);
    assert_int_equal(offset, start + (int64_t)expected);
    test_close(pair);
    test_join(pid);
}

static void a_whole_file_or_a_part_of_it_is_sent(void)
{
    int file = make_file();

    check(file, 0, -1, FILE_SIZE);
    check(file, 12345, -1, FILE_SIZE - 12345);
    check(file, 100, 5000, 5000);
    check(file, FILE_SIZE - 10, 5000, 10);
    check(file, FILE_SIZE, -1, 0);
    check(file, 0, 0, 0);
    assert_int_equal(lseek(file, 0, SEEK_CUR), FILE_SIZE); /* unchanged since fwrite */
    close(file);
}

static void write_content(void *argument)
{
    int *fds = argument;
    size_t done = 0;
    ssize_t n;

    close(fds[0]);
    while (done < sizeof content && (n = write(fds[1], content + done, sizeof content - done)) > 0)
        done += (size_t)n;
    close(fds[1]);
}

static void a_pipe_is_read_and_sent(void)
{
    int fds[2], pid;

    close(make_file()); /* fills content */
    assert_int_equal(pipe(fds), 0);
    pid = test_fork(write_content, fds);
    close(fds[1]);
    check(fds[0], 0, -1, FILE_SIZE);
    test_join(pid);
    close(fds[0]);
}

static void progress_is_reported_if_the_call_fails(void)
{
    int file = make_file();
    struct csk_socket pair[2];
    static char data[FILE_SIZE];
    int64_t offset = 1000;
    size_t got = 0;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_setsockopt_int(&pair[0], SOL_SOCKET, SO_SNDBUF, 20000), 0);
    assert_int_equal(csk_settimeout(&pair[0], 30 * MS), 0);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), CSK_ETIMEDOUT);
    assert_in_range(offset, 1001, FILE_SIZE - 1);
    assert_int_equal(csk_shutdown(&pair[0], SHUT_WR), 0);
    for (ssize_t n; (n = csk_recv(&pair[1], data + got, sizeof data - got, 0)) > 0;)
        got += (size_t)n;
    assert_int_equal(got, offset - 1000);
    assert_memory_equal(data, content + 1000, got);
    test_close(pair);
    close(file);
}

static void catch_alarm(int signal)
{
    (void)signal;
    test_alarms++;
}

/* The kernel returns the number of bytes transferred, and does not report the signal. */
static void a_signal_in_the_middle_of_a_blocking_transfer_is_not_missed(void)
{
    struct itimerval once = { { 0, 0 }, { 0, 50000 } };
    struct sigaction action = { .sa_handler = catch_alarm };
    int file = make_file();
    struct csk_socket pair[2];
    int64_t offset = 0;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_setsockopt_int(&pair[0], SOL_SOCKET, SO_SNDBUF, 20000), 0);
    pair[0].on_interrupt = test_on_interrupt;
    test_interrupt_limit = 1;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &once, NULL), 0);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), CSK_EINTERRUPTED);
    assert_int_equal(test_alarms, 1);
    assert_in_range(offset, 1, FILE_SIZE - 1);
    test_close(pair);
    close(file);
}

static void the_hook_is_not_called_at_the_end_of_a_file(void)
{
    struct csk_socket pair[2];
    FILE *file = tmpfile();
    int64_t offset = 0;

    test_pair(pair, SOCK_STREAM);
    fputs("short", file);
    fflush(file);
    pair[0].on_interrupt = test_on_interrupt;
    test_interrupt_limit = 1;
    assert_int_equal(csk_sendfile(&pair[0], fileno(file), &offset, -1), 5);
    assert_int_equal(test_interrupts, 0);
    fclose(file);
    test_close(pair);
}

static void offsets_do_not_overflow(void)
{
    int64_t offset = INT64_MAX - 3;
    struct csk_socket pair[2];
    char data[8];
    int file = open("/dev/zero", O_RDONLY | O_CLOEXEC);

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, 5), 3);
    assert_true(offset == INT64_MAX);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 3);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), 0);
    close(file);
    test_close(pair);
}

static void an_offset_in_a_file_that_is_not_seekable_is_refused(void)
{
    struct csk_socket pair[2];
    int64_t offset = 1;
    int fds[2];
    char data[8];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "12345", 5), 5);
    close(fds[1]);
    assert_int_equal(csk_sendfile(&pair[0], fds[0], &offset, -1), -ESPIPE);
    assert_true(offset == 1);
    offset = 0;
    assert_int_equal(csk_sendfile(&pair[0], fds[0], &offset, 2), 2);
    offset = 0;
    assert_int_equal(csk_sendfile(&pair[0], fds[0], &offset, -1), 3);
    assert_int_equal(csk_recv(&pair[1], data, 5, MSG_WAITALL), 5);
    assert_memory_equal(data, "12345", 5);
    close(fds[0]);
    test_close(pair);
}

/* Every kind of file: the count is the number of bytes that arrive, and the offset advances by
 * it. */
static void check_count(int file, int64_t count, bool compare)
{
    static char expected[4096], got[4096];
    struct csk_socket pair[2];
    int64_t offset = 0, sent;
    ssize_t total = 0, n;

    test_pair(pair, SOCK_STREAM);
    if (compare)
        assert_true((n = pread(file, expected, (size_t)count, 0)) > 0);
    sent = csk_sendfile(&pair[0], file, &offset, count);
    assert_true(sent > 0 && sent <= count);
    assert_true(offset == sent);
    assert_int_equal(csk_shutdown(&pair[0], SHUT_WR), 0);
    while ((n = csk_recv(&pair[1], got + total, sizeof got - (size_t)total, 0)) > 0)
        total += n;
    assert_int_equal(total, sent);
    if (compare)
        assert_memory_equal(got, expected, (size_t)sent);
    test_close(pair);
}

static void the_count_is_right_for_every_kind_of_file(void)
{
    static const struct {
        const char *path;
        bool compare;
    } files[] = {
        { "/dev/zero", true },
        { "/dev/urandom", false },
        { "/proc/self/status", false },
        { "/proc/version", true },
    };
    int file;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if ((file = open(files[i].path, O_RDONLY | O_CLOEXEC)) < 0)
            continue;
        check_count(file, 4000, files[i].compare);
        close(file);
    }
    file = make_file();
    assert_int_equal(fcntl(file, F_SETFL, O_APPEND), 0);
    check_count(file, 4000, true);
    close(file);
}

static void a_closed_peer_is_epipe_and_no_signal(void)
{
    int file = make_file();
    struct csk_socket pair[2];
    int64_t offset = 0;
    sigset_t before, after, pending;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_close(&pair[1]), 0);
    sigprocmask(SIG_BLOCK, NULL, &before);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), -EPIPE);
    assert_int_equal(offset, 0);
    sigprocmask(SIG_BLOCK, NULL, &after);
    assert_int_equal(sigismember(&before, SIGPIPE), sigismember(&after, SIGPIPE));
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
    csk_close(&pair[0]);
    close(file);
}

static void a_sigpipe_that_was_pending_before_stays(void)
{
    int file = make_file();
    struct csk_socket pair[2];
    int64_t offset = 0;
    sigset_t set, pending;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_close(&pair[1]), 0);
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGPIPE);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), -EPIPE);
    sigpending(&pending);
    assert_true(sigismember(&pending, SIGPIPE));
    csk_close(&pair[0]);
    close(file);
}

static void unsupported_files_are_refused(void)
{
    int file = make_file();
    struct csk_socket pair[2];
    int64_t offset = -1;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), CSK_ERANGE);
    offset = 0;
    assert_int_equal(csk_sendfile(&pair[0], 999, &offset, -1), -EBADF);
    assert_int_equal(csk_sendfile(&pair[0], file, NULL, -1), CSK_ENULL);
    assert_int_equal(csk_sendfile(NULL, file, &offset, -1), CSK_ENULL);
    assert_int_equal(csk_setblocking(&pair[0], false), 0);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), CSK_ENONBLOCK);
    test_close(pair);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), -EBADF);
    test_pair(pair, SOCK_DGRAM);
    assert_int_equal(csk_sendfile(&pair[0], file, &offset, -1), CSK_ESOCKTYPE);
    test_close(pair);
    close(file);
}

TESTS(TEST(a_whole_file_or_a_part_of_it_is_sent), TEST(a_pipe_is_read_and_sent),
      TEST(progress_is_reported_if_the_call_fails),
      TEST(a_signal_in_the_middle_of_a_blocking_transfer_is_not_missed),
      TEST(the_hook_is_not_called_at_the_end_of_a_file), TEST(offsets_do_not_overflow),
      TEST(an_offset_in_a_file_that_is_not_seekable_is_refused),
      TEST(the_count_is_right_for_every_kind_of_file), TEST(a_closed_peer_is_epipe_and_no_signal),
      TEST(a_sigpipe_that_was_pending_before_stays), TEST(unsupported_files_are_refused))
