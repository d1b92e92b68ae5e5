/* Moving bytes from one descriptor to another. */
#include "sockets.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>

#define SIZE ((size_t)300000)

static char content[SIZE], got[SIZE + 1];

/* Open a temporary file that is already deleted; fill it if size is not 0. */
static int make_file(size_t size, int flags)
{
    char name[] = "/tmp/csk-XXXXXX";
    int fd = mkstemp(name);

    assert_true(fd >= 0);
    test_pattern(content, SIZE, 0);
    assert_int_equal(pwrite(fd, content, size, 0), size);
    if (flags) {
        close(fd);
        fd = open(name, O_RDWR | flags);
        assert_true(fd >= 0);
    }
    assert_int_equal(unlink(name), 0);
    return fd;
}

static void check_file(int fd, size_t size)
{
    assert_int_equal(pread(fd, got, sizeof got, 0), size);
    assert_true(test_is_pattern(got, size, 0));
}

/* A thread that sends the content, or receives it. */
struct peer {
    struct csk_socket *s;
    int fd; /* instead of s */
    size_t size, done;
    pthread_t thread;
};

static void *send_content(void *arg)
{
    struct peer *p = arg;
    ssize_t n;

    while (p->done < p->size &&
           (n = write(p->s ? csk_fileno(p->s) : p->fd, content + p->done, p->size - p->done)) > 0)
        p->done += (size_t)n;
    if (p->s)
        csk_shutdown(p->s, SHUT_WR);
    else
        close(p->fd);
    return NULL;
}

static void *receive_content(void *arg)
{
    struct peer *p = arg;
    ssize_t n;

    while (p->done < p->size &&
           (n = read(p->s ? csk_fileno(p->s) : p->fd, got + p->done, p->size - p->done)) > 0)
        p->done += (size_t)n;
    return NULL;
}

static void start(struct peer *p, struct csk_socket *s, int fd, void *(*run)(void *))
{
    *p = (struct peer){ .s = s, .fd = fd, .size = SIZE };
    /* Another thread may be sending. */
    if (!test_is_pattern(content, SIZE, 0))
        test_pattern(content, SIZE, 0);
    if (run == receive_content)
        memset(got, 0, sizeof got);
    assert_int_equal(pthread_create(&p->thread, NULL, run, p), 0);
}

static void finish(struct peer *p, bool compare)
{
    pthread_join(p->thread, NULL);
    assert_int_equal(p->done, SIZE);
    if (compare)
        assert_true(test_is_pattern(got, SIZE, 0));
}

static void make_pair(struct csk_socket pair[2], bool tcp, int64_t timeout)
{
    if (tcp)
        test_tcp_pair(pair);
    else
        test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], timeout), 0);
}

static ssize_t splice_all(struct csk_splice_end from, struct csk_splice_end to)
{
    struct csk_transfer t = { .from = from, .to = to };
    ssize_t n = csk_splice(&t, -1);

    assert_int_equal(t.moved, n < 0 ? t.moved : n);
    assert_int_equal(t.pending, 0);
    assert_int_equal(csk_splice(&t, -1), n < 0 ? n : 0);
    assert_int_equal(csk_splice_close(&t), 0);
    return n;
}

#define SOCKET_END(socket) ((struct csk_splice_end){ .s = (socket) })
#define FD_END(descriptor) ((struct csk_splice_end){ .fd = (descriptor) })

/* Every kind of socket, blocking and with a timeout. */
#define EVERY_PAIR(pair)                                                                           \
    for (int kind = 0; kind < 4 && (make_pair(pair, kind & 1, kind & 2 ? 30 * SECOND : -1), true); \
         kind++, test_close(pair))

static void a_socket_is_received_into_a_file(void)
{
    struct csk_socket pair[2];
    struct peer peer;
    int file;

    EVERY_PAIR(pair)
    {
        file = make_file(0, 0);
        start(&peer, &pair[1], -1, send_content);
        assert_int_equal(splice_all(SOCKET_END(&pair[0]), FD_END(file)), SIZE);
        finish(&peer, false);
        check_file(file, SIZE);
        assert_int_equal(lseek(file, 0, SEEK_CUR), SIZE);
        close(file);
    }
}

static void a_file_that_cannot_be_spliced_to_is_written(void)
{
    struct csk_socket pair[2];
    struct peer peer;
    int file;

    EVERY_PAIR(pair)
    {
        file = make_file(0, O_APPEND);
        start(&peer, &pair[1], -1, send_content);
        assert_int_equal(splice_all(SOCKET_END(&pair[0]), FD_END(file)), SIZE);
        finish(&peer, false);
        check_file(file, SIZE);
        close(file);
    }
}

static void a_file_is_sent(void)
{
    struct csk_socket pair[2];
    struct peer peer;
    int file;

    EVERY_PAIR(pair)
    {
        file = make_file(SIZE, 0);
        lseek(file, 0, SEEK_SET);
        start(&peer, &pair[1], -1, receive_content);
        assert_int_equal(splice_all(FD_END(file), SOCKET_END(&pair[0])), SIZE);
        finish(&peer, true);
        close(file);
    }
}

static void a_socket_is_passed_on_to_another(void)
{
    struct csk_socket pair[2], other[2];
    struct peer sender, receiver;

    EVERY_PAIR(pair)
    {
        make_pair(other, !(kind & 1), 30 * SECOND);
        start(&sender, &pair[1], -1, send_content);
        start(&receiver, &other[1], -1, receive_content);
        assert_int_equal(splice_all(SOCKET_END(&pair[0]), SOCKET_END(&other[0])), SIZE);
        finish(&sender, false);
        finish(&receiver, true);
        test_close(other);
    }
}

static void a_pipe_is_sent_and_received(void)
{
    struct csk_socket pair[2];
    struct peer sender, receiver;
    int fds[2];

    EVERY_PAIR(pair)
    {
        assert_int_equal(pipe(fds), 0);
        start(&sender, NULL, fds[1], send_content);
        start(&receiver, &pair[1], -1, receive_content);
        assert_int_equal(splice_all(FD_END(fds[0]), SOCKET_END(&pair[0])), SIZE);
        finish(&sender, false);
        finish(&receiver, true);
        close(fds[0]);
        assert_int_equal(pipe(fds), 0);
        start(&sender, &pair[1], -1, send_content);
        start(&receiver, NULL, fds[0], receive_content);
        assert_int_equal(splice_all(SOCKET_END(&pair[0]), FD_END(fds[1])), SIZE);
        finish(&sender, false);
        finish(&receiver, true);
        close(fds[0]);
        close(fds[1]);
    }
}

static void no_socket_is_needed(void)
{
    int from = make_file(SIZE, 0), to = make_file(0, 0), appending = make_file(0, O_APPEND);

    lseek(from, 0, SEEK_SET);
    assert_int_equal(splice_all(FD_END(from), FD_END(to)), SIZE);
    check_file(to, SIZE);
    lseek(from, 0, SEEK_SET);
    assert_int_equal(splice_all(FD_END(from), FD_END(appending)), SIZE);
    check_file(appending, SIZE);
    close(from);
    close(to);
    close(appending);
}

static void offsets_advance_by_the_bytes_transferred(void)
{
    int from = make_file(SIZE, 0), to = make_file(0, 0);
    int64_t source = 1000, target = 0;
    struct csk_transfer t = { .from = { .fd = from, .offset = &source },
                              .to = { .fd = to, .offset = &target } };

    assert_int_equal(csk_splice(&t, 5000), 5000);
    assert_int_equal(source, 6000);
    assert_int_equal(target, 5000);
    assert_int_equal(csk_splice(&t, -1), SIZE - 6000);
    assert_int_equal(t.moved, SIZE - 1000);
    assert_int_equal(target, SIZE - 1000);
    assert_int_equal(pread(to, got, sizeof got, 0), SIZE - 1000);
    assert_true(test_is_pattern(got, SIZE - 1000, 1000));
    assert_int_equal(lseek(to, 0, SEEK_CUR), 0);
    assert_int_equal(csk_splice_close(&t), 0);
    close(from);
    close(to);
}

static void a_count_limits_the_transfer(void)
{
    struct csk_socket pair[2];
    char rest[8];
    int file = make_file(0, 0);

    EVERY_PAIR(pair)
    {
        struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .fd = file } };

        assert_int_equal(csk_sendall(&pair[1], "12345678", 8, 0, NULL), 0);
        assert_int_equal(csk_splice(&t, 0), 0);
        assert_int_equal(csk_splice(&t, 5), 5);
        assert_int_equal(csk_recv(&pair[0], rest, sizeof rest, 0), 3);
        assert_memory_equal(rest, "678", 3);
        csk_splice_close(&t);
    }
    close(file);
}

static void the_count_is_right_for_devices(void)
{
    int zero = open("/dev/zero", O_RDONLY), full = open("/dev/full", O_WRONLY);
    int file = make_file(0, 0);
    struct csk_transfer t = { .from = { .fd = zero }, .to = { .fd = file } };

    assert_int_equal(csk_splice(&t, 1000000), 1000000);
    assert_int_equal(lseek(file, 0, SEEK_END), 1000000);
    if (full >= 0) {
        t.to.fd = full;
        assert_int_equal(csk_splice(&t, 1000), -ENOSPC);
        assert_int_equal(t.moved, 1000000);
        assert_int_equal(t.pending, 1000);
        t.to.fd = file; /* pending bytes come first */
        assert_int_equal(csk_splice(&t, -1 + 1500), 1499);
        assert_int_equal(t.pending, 0);
        assert_int_equal(lseek(file, 0, SEEK_END), 1001499);
        close(full);
    }
    csk_splice_close(&t);
    close(zero);
    close(file);
}

/* The bytes that arrived, were taken back or are still in the source are the content. */
static void check_nothing_lost(struct csk_transfer *t, int64_t arrived, struct csk_socket *source)
{
    int64_t total = arrived;
    ssize_t n;

    assert_true(test_is_pattern(got, (size_t)arrived, 0));
    while ((n = csk_splice_pending(t, got + total, SIZE - (size_t)total)) > 0)
        total += n;
    assert_int_equal(n, 0);
    assert_int_equal(t->pending, 0);
    assert_int_equal(csk_settimeout(source, 30 * SECOND), 0);
    while ((n = csk_recv(source, got + total, sizeof got - (size_t)total, 0)) > 0)
        total += n;
    assert_int_equal(total, SIZE);
    assert_true(test_is_pattern(got, SIZE, 0));
}

static ssize_t receive_waiting(struct csk_socket *s)
{
    ssize_t total = 0, n;

    assert_int_equal(csk_settimeout(s, 0), 0);
    while ((n = csk_recv(s, got + total, SIZE, 0)) > 0)
        total += n;
    return total;
}

static void a_timeout_loses_nothing(void)
{
    struct csk_socket pair[2], other[2];
    struct peer sender;

    EVERY_PAIR(pair)
    {
        struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .s = &other[0] } };
        int64_t arrived;

        make_pair(other, false, 50 * MS);
        csk_setsockopt_int(&other[0], SOL_SOCKET, SO_SNDBUF, 20000);
        start(&sender, &pair[1], -1, send_content);
        assert_int_equal(csk_splice(&t, -1), CSK_ETIMEDOUT);
        assert_in_range(t.moved, 1, SIZE - 1);
        arrived = receive_waiting(&other[1]);
        assert_int_equal(arrived, t.moved);
        check_nothing_lost(&t, arrived, &pair[0]);
        pthread_join(sender.thread, NULL);
        csk_splice_close(&t);
        test_close(other);
    }
}

static void a_transfer_that_timed_out_can_go_on(void)
{
    struct csk_socket pair[2], other[2];
    struct peer sender, receiver;

    EVERY_PAIR(pair)
    {
        struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .s = &other[0] } };

        make_pair(other, false, 50 * MS);
        start(&sender, &pair[1], -1, send_content);
        assert_int_equal(csk_splice(&t, -1), CSK_ETIMEDOUT);
        assert_int_equal(csk_settimeout(&other[0], 30 * SECOND), 0);
        start(&receiver, &other[1], -1, receive_content);
        assert_true(csk_splice(&t, -1) > 0);
        assert_int_equal(t.moved, SIZE);
        assert_int_equal(t.pending, 0);
        finish(&sender, false);
        finish(&receiver, true);
        csk_splice_close(&t);
        test_close(other);
    }
}

/* If its pages are not copied, the pipe holds more than the data sent. */
#ifdef F_SETPIPE_SZ
static void make_small(int fd)
{
    fcntl(fd, F_SETPIPE_SZ, 4096);
}
#else
static void make_small(int fd)
{
    (void)fd;
}
#endif

static void a_full_pipe_is_waited_for(void)
{
    struct csk_socket pair[2];
    struct peer sender;
    int fds[2];

    EVERY_PAIR(pair)
    {
        struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .fd = -1 } };

        assert_int_equal(pipe(fds), 0);
        make_small(fds[1]);
        t.to.fd = fds[1];
        csk_setdeadline(&pair[0], csk_now() + 500 * MS);
        start(&sender, &pair[1], -1, send_content);
        assert_int_equal(csk_splice(&t, -1), CSK_ETIMEDOUT);
        assert_in_range(t.moved, 1, SIZE - 1);
        assert_int_equal(read(fds[0], got, (size_t)t.moved), t.moved);
        csk_setdeadline(&pair[0], 0);
        check_nothing_lost(&t, t.moved, &pair[0]);
        pthread_join(sender.thread, NULL);
        csk_splice_close(&t);
        close(fds[0]);
        close(fds[1]);
    }
}

static void a_socket_that_does_not_block_does_not_wait(void)
{
    struct csk_socket pair[2], other[2];
    struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .s = &other[0] } };
    int64_t moved = 0, pending;
    ssize_t n;
    int fds[2];

    make_pair(pair, false, 0);
    make_pair(other, false, -1);
    assert_int_equal(csk_splice(&t, -1), -EAGAIN);
    assert_int_equal(csk_send(&pair[1], "12345678", 8, 0), 8);
    assert_int_equal(csk_splice(&t, -1), 8);
    assert_int_equal(csk_splice(&t, -1), -EAGAIN);
    assert_int_equal(pipe(fds), 0);
    t.to = FD_END(fds[1]);
    while ((n = csk_send(&pair[1], content, 4096, MSG_DONTWAIT)) > 0 &&
           (n = csk_splice(&t, -1)) != -EAGAIN) {
        assert_true(n > 0);
        moved += n;
    }
    assert_int_equal(n, -EAGAIN);
    assert_int_equal(t.moved, 8 + moved);
    assert_true(t.pending > 0);
    t.to = SOCKET_END(&other[0]);
    pending = t.pending;
    assert_int_equal(csk_splice(&t, -1), pending);
    csk_shutdown(&pair[1], SHUT_WR);
    assert_int_equal(csk_splice(&t, -1), 0);
    csk_splice_close(&t);
    close(fds[0]);
    close(fds[1]);
    test_close(pair);
    test_close(other);
}

static int count_progress(struct csk_transfer *t)
{
    int64_t *last = t->context;

    assert_true(t->moved > *last);
    *last = t->moved;
    return t->moved >= 100000 ? CSK_EINTERRUPTED : 0;
}

static void progress_is_reported_and_can_end_the_call(void)
{
    struct csk_socket pair[2];
    struct peer sender;
    int file;

    EVERY_PAIR(pair)
    {
        int64_t last = 0;
        struct csk_transfer t = { .from = { .s = &pair[0] },
                                  .on_progress = count_progress,
                                  .context = &last };

        file = make_file(0, 0);
        t.to.fd = file;
        csk_setsockopt_int(&pair[1], SOL_SOCKET, SO_SNDBUF, 20000);
        start(&sender, &pair[1], -1, send_content);
        assert_int_equal(csk_splice(&t, -1), CSK_EINTERRUPTED);
        assert_int_equal(last, t.moved);
        t.on_progress = NULL;
        assert_true(csk_splice(&t, -1) >= 0);
        finish(&sender, false);
        check_file(file, SIZE);
        csk_splice_close(&t);
        close(file);
    }
}

static void a_signal_calls_the_hook(void)
{
    struct csk_socket pair[2];
    int file = make_file(0, 0);

    EVERY_PAIR(pair)
    {
        struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .fd = file } };

        pair[0].on_interrupt = test_on_interrupt;
        test_interrupts = 0;
        test_interrupt_limit = 3;
        test_alarm_every(10);
        assert_int_equal(csk_splice(&t, -1), CSK_EINTERRUPTED);
        test_alarm_every(0);
        assert_int_equal(test_interrupts, 3);
        csk_splice_close(&t);
    }
    close(file);
}

static void the_receive_timeout_of_a_blocking_socket_is_its_own(void)
{
    struct timeval timeout = { .tv_usec = 20000 };
    struct csk_socket pair[2];
    int file = make_file(0, 0);
    struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .fd = file } };

    make_pair(pair, true, -1);
    assert_int_equal(
        setsockopt(csk_fileno(&pair[0]), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout), 0);
    assert_int_equal(csk_splice(&t, -1), -EAGAIN);
    csk_splice_close(&t);
    test_close(pair);
    close(file);
}

static void a_closed_peer_is_epipe_and_no_signal(void)
{
    int file = make_file(SIZE, 0);
    struct csk_socket pair[2];
    int64_t offset = 0;
    struct csk_transfer t = { .from = { .fd = file, .offset = &offset }, .to = { .s = &pair[0] } };
    sigset_t pending;

    test_pair(pair, SOCK_STREAM);
    csk_close(&pair[1]);
    assert_int_equal(csk_splice(&t, 1000), -EPIPE);
    assert_int_equal(t.moved, 0);
    assert_int_equal(t.pending, 1000);
    assert_int_equal(offset, 1000);
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
    csk_splice_close(&t);
    assert_int_equal(t.pending, 0);
    csk_close(&pair[0]);
    close(file);
}

static void wrong_ends_are_refused(void)
{
    struct csk_socket pair[2], packets[2];
    int file = make_file(10, 0), fds[2];
    int64_t offset = -1;
    struct csk_transfer t = { .from = { .fd = file, .offset = &offset }, .to = { .s = &pair[0] } };

    test_pair(pair, SOCK_STREAM);
    test_pair(packets, SOCK_DGRAM);
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(csk_splice(NULL, 1), CSK_ENULL);
    assert_int_equal(csk_splice_pending(NULL, got, 1), CSK_ENULL);
    assert_int_equal(csk_splice_close(NULL), CSK_ENULL);
    assert_int_equal(csk_splice(&t, 1), CSK_ERANGE);
    t.from = FD_END(-1);
    assert_int_equal(csk_splice(&t, 1), -EBADF);
    t.from = FD_END(9999);
    assert_int_equal(csk_splice(&t, 1), -EBADF);
    t.from = SOCKET_END(&packets[0]);
    assert_int_equal(csk_splice(&t, 1), CSK_ESOCKTYPE);
    offset = 0;
    t.from = (struct csk_splice_end){ .s = &pair[0], .offset = &offset };
    assert_int_equal(csk_splice(&t, 1), -ESPIPE);
    t.from = (struct csk_splice_end){ .fd = fds[0], .offset = &offset };
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(csk_splice(&t, 1), -ESPIPE);
    assert_int_equal(t.moved + t.pending, 0);
    csk_splice_close(&t);
    csk_splice_close(&t);
    close(fds[0]);
    close(fds[1]);
    close(file);
    test_close(pair);
    test_close(packets);
}

TESTS(TEST(a_socket_is_received_into_a_file), TEST(a_file_that_cannot_be_spliced_to_is_written),
      TEST(a_file_is_sent), TEST(a_socket_is_passed_on_to_another),
      TEST(a_pipe_is_sent_and_received), TEST(no_socket_is_needed),
      TEST(offsets_advance_by_the_bytes_transferred), TEST(a_count_limits_the_transfer),
      TEST(the_count_is_right_for_devices), TEST(a_timeout_loses_nothing),
      TEST(a_transfer_that_timed_out_can_go_on), TEST(a_full_pipe_is_waited_for),
      TEST(a_socket_that_does_not_block_does_not_wait),
      TEST(progress_is_reported_and_can_end_the_call), TEST(a_signal_calls_the_hook),
      TEST(the_receive_timeout_of_a_blocking_socket_is_its_own),
      TEST(a_closed_peer_is_epipe_and_no_signal), TEST(wrong_ends_are_refused))
