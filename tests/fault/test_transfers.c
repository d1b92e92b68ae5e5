/* Short reads and writes, repeated EAGAIN and EINTR, and a hook that ends a call at any point. */
#include "fault.h"

static char out[250], in[250];

static void prepare(struct csk_socket pair[2], int64_t timeout)
{
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (char)(i * 31);
    memset(in, 0, sizeof in);
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], timeout), 0);
    assert_int_equal(csk_settimeout(&pair[1], timeout), 0);
}

static void receive_all(struct csk_socket *s)
{
    size_t got = 0;

    while (got < sizeof in) {
        ssize_t n = csk_recv(s, in + got, sizeof in - got, 0);

        assert_true(n > 0);
        got += (size_t)n;
    }
    assert_memory_equal(in, out, sizeof in);
}

static void sendall_goes_on_after_every_short_write(void)
{
    static const size_t limits[] = { 1, 7, 249 };
    struct csk_socket pair[2];
    size_t sent;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        prepare(pair, i % 2 ? -1 : 5 * SECOND);
        fault_limit_transfers(limits[i]);
        assert_int_equal(csk_sendall(&pair[0], out, sizeof out, 0, &sent), 0);
        assert_int_equal(sent, sizeof out);
        assert_int_equal(fault_calls(CALL_send), (sizeof out + limits[i] - 1) / limits[i]);
        fault_limit_transfers(0);
        receive_all(&pair[1]);
        test_close(pair);
    }
}

static void sendfile_goes_on_after_every_short_write(void)
{
    struct csk_socket pair[2];
    FILE *file = tmpfile();
    int64_t offset = 0;

    prepare(pair, 5 * SECOND);
    assert_int_equal(fwrite(out, 1, sizeof out, file), sizeof out);
    fflush(file);
    fault_limit_transfers(10);
    assert_int_equal(csk_sendfile(&pair[0], fileno(file), &offset, -1), sizeof out);
    assert_int_equal(fault_calls(CALL_sendfile), 26);
    receive_all(&pair[1]);
    offset = 0;
    fault_arm(CALL_sendfile, EINVAL, 1); /* now by reading and sending, also in short pieces */
    assert_int_equal(csk_sendfile(&pair[0], fileno(file), &offset, -1), sizeof out);
    assert_true(fault_calls(CALL_pread) > 0);
    fault_limit_transfers(0);
    receive_all(&pair[1]);
    fclose(file);
    test_close(pair);
}

static void splice_goes_on_after_every_short_piece(void)
{
    static const int64_t timeouts[] = { -1, 20 * SECOND };
    static const int errors[] = { EAGAIN, EINTR, EINVAL };
    struct csk_socket pair[2];
    FILE *file = tmpfile();

    for (int i = 0; i < 6; i++) {
        int64_t offset = 0;
        struct csk_transfer t = { .from = { .s = &pair[0] },
                                  .to = { .fd = fileno(file), .offset = &offset } };

        prepare(pair, timeouts[i % 2]);
        assert_int_equal(csk_sendall(&pair[1], out, sizeof out, 0, NULL), 0);
        fault_limit_transfers(7);
        assert_int_equal(csk_splice(&t, 70), 70);
        assert_int_equal(fault_calls(CALL_splice), 20);
        /* A blocking socket's EAGAIN is its own timeout. */
        fault_arm(CALL_splice, errors[i / 2], i < 1 ? 0 : 20);
        assert_int_equal(csk_splice(&t, sizeof out - 70), sizeof out - 70);
        fault_limit_transfers(0);
        assert_int_equal(t.pending, 0);
        assert_int_equal(offset, sizeof out);
        assert_int_equal(pread(fileno(file), in, sizeof in, 0), sizeof in);
        assert_memory_equal(in, out, sizeof in);
        csk_splice_close(&t);
        test_close(pair);
    }
    fclose(file);
}

static void a_storm_does_not_let_splice_outlive_its_timeout(void)
{
    struct csk_socket pair[2];
    FILE *file = tmpfile();
    struct csk_transfer t = { .from = { .s = &pair[0] }, .to = { .fd = fileno(file) } };

    prepare(pair, 30 * MS);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    fault_arm(CALL_splice, EAGAIN, 1000000000);
    assert_int_equal(csk_splice(&t, -1), CSK_ETIMEDOUT);
    assert_true(fault_calls(CALL_splice) < 40);
    fault_limit_transfers(0);
    assert_int_equal(csk_splice(&t, 1), 1);
    csk_splice_close(&t);
    fclose(file);
    test_close(pair);
}

/* The end of the file cannot be determined: the next try reports it. */
static void sendfile_goes_on_where_the_end_of_the_file_is_not_known(void)
{
    struct csk_socket pair[2];
    FILE *file = tmpfile();
    int64_t offset = 0;

    prepare(pair, -1);
    assert_int_equal(fwrite(out, 1, sizeof out, file), sizeof out);
    fflush(file);
    fault_arm(CALL_pread, EIO, 1);
    assert_int_equal(csk_sendfile(&pair[0], fileno(file), &offset, -1), sizeof out);
    assert_int_equal(fault_calls(CALL_pread), 1);
    assert_int_equal(fault_calls(CALL_sendfile), 2);
    fault_limit_transfers(0);
    receive_all(&pair[1]);
    fclose(file);
    test_close(pair);
}

/* A hook that changes errno, as a signal handler may. */
static int spoil_errno(struct csk_socket *s)
{
    (void)s;
    errno = ENOTTY;
    return ++test_interrupts == test_interrupt_limit ? CSK_EINTERRUPTED : 0;
}

static void the_errno_of_a_hook_is_not_returned(void)
{
    struct csk_socket pair[2];
    int64_t offset = 0;
    int fds[2];

    prepare(pair, -1);
    pair[0].on_interrupt = spoil_errno;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "12", 2), 2);
    close(fds[1]);
    test_interrupts = 0;
    test_interrupt_limit = 3;
    fault_arm(CALL_read, EINTR, 1000);
    assert_int_equal(csk_sendfile(&pair[0], fds[0], &offset, -1), CSK_EINTERRUPTED);
    test_interrupts = 0;
    fault_arm(CALL_read, EINTR, 2);
    assert_int_equal(csk_sendfile(&pair[0], fds[0], &offset, -1), 2);
    fault_limit_transfers(0);
    close(fds[0]);
    test_close(pair);
}

static void repeated_eagain_does_not_fail_a_call(void)
{
    struct csk_socket pair[2];
    char byte;

    prepare(pair, 20 * SECOND);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    /* After the second there is a pause before each try, and poll() measures it. */
    fault_arm(CALL_recv, EAGAIN, 20);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
    assert_int_equal(fault_calls(CALL_recv), 21);
    assert_true(fault_calls(CALL_poll) >= 20);
    fault_arm(CALL_send, EAGAIN, 20);
    assert_int_equal(csk_sendall(&pair[0], "x", 1, 0, NULL), 0);
    assert_int_equal(fault_calls(CALL_send), 21);
    fault_arm(CALL_poll, EINTR, 1000);
    assert_int_equal(csk_wait(&pair[0], POLLOUT, SECOND), POLLOUT);
    assert_int_equal(fault_calls(CALL_poll), 1001);
    fault_limit_transfers(0);
    test_close(pair);
}

/* A poll that wrongly reports "ready" each time must not make the call outlive its timeout. */
static void a_storm_that_does_not_end_is_ended_by_the_timeout(void)
{
    struct csk_socket pair[2];
    char byte;

    prepare(pair, 20 * MS);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    fault_arm(CALL_recv, EAGAIN, 1000000000);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    fault_limit_transfers(0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
    test_close(pair);
}

static void the_ready_path_makes_one_call(void)
{
    static const int64_t timeouts[] = { -1, 20 * SECOND };
    struct csk_socket pair[2], udp;
    struct csk_addr addr;
    char byte;

    for (int i = 0; i < 2; i++) {
        prepare(pair, timeouts[i]);
        test_udp(&udp, &addr);
        assert_int_equal(csk_settimeout(&udp, timeouts[i]), 0);
        fault_limit_transfers(0);
        assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
        assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
        assert_int_equal(csk_sendto(&udp, "x", 1, 0, &addr, NULL), 1);
        assert_int_equal(csk_recvfrom(&udp, &byte, 1, 0, &addr), 1);
        assert_int_equal(fault_calls(CALL_send), 1);
        assert_int_equal(fault_calls(CALL_recv), 1);
        assert_int_equal(fault_calls(CALL_sendto), 1);
        assert_int_equal(fault_calls(CALL_recvfrom), 1);
        assert_int_equal(fault_calls(CALL_poll), 0);
        assert_int_equal(fault_calls(CALL_clock_gettime), 0);
        assert_int_equal(fault_calls(CALL_fcntl) + fault_calls(CALL_ioctl), 0);
        csk_close(&udp);
        test_close(pair);
    }
}

static struct csk_socket *answerer;

/* The answer arrives when the library waits for it, and not before. */
static int answer_and_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    if (send(answerer->fd, "x", 1, 0) != 1)
        return -1;
    return poll(fds, count, timeout);
}

static void a_receive_that_waited_makes_the_next_one_wait_first(void)
{
    struct csk_socket pair[2];
    char byte;

    prepare(pair, 20 * SECOND);
    answerer = &pair[1];
    fault_limit_transfers(0);
    cski_sys_table.poll = answer_and_poll;
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
    assert_int_equal(fault_calls(CALL_recv), 2); /* no data yet; after the wait there is some */
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
        assert_int_equal(fault_calls(CALL_recv), 2 + i);
    }
    test_close(pair);
}

static int outcome_is_eisconn(int fd, int level, int option, void *value, socklen_t *size)
{
    (void)fd;
    assert_int_equal(level, SOL_SOCKET);
    assert_int_equal(option, SO_ERROR);
    assert_int_equal(*size, sizeof(int));
    memcpy(value, &(int){ EISCONN }, sizeof(int));
    return 0;
}

/* Some systems report the end of an attempt in this way. */
static void an_attempt_that_ends_connected_has_succeeded(void)
{
    struct csk_socket s;
    struct csk_addr addr = test_loopback(1);

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 20 * SECOND), 0);
    fault_arm(CALL_connect, EINPROGRESS, 1);
    cski_sys_table.getsockopt = outcome_is_eisconn;
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    csk_close(&s);
}

static void the_hook_is_called_at_each_interruption_and_can_end_the_call(void)
{
    static const enum call calls[] = { CALL_recv, CALL_poll };
    struct csk_socket pair[2];
    char byte;

    for (size_t i = 0; i < 2; i++) {
        prepare(pair, 20 * SECOND);
        pair[0].on_interrupt = test_on_interrupt;
        test_interrupts = 0;
        test_interrupt_limit = 5;
        fault_arm(calls[i], EINTR, 1000);
        assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_EINTERRUPTED);
        assert_int_equal(test_interrupts, 5);
        fault_limit_transfers(0);
        assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
        assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
        test_close(pair);
    }
}

/* A signal arrives when part of the data has been sent: the kernel returns the number of bytes, and
 * the hook must run. */
static void a_partial_sendall_calls_the_hook(void)
{
    struct csk_socket pair[2];
    size_t sent = 0;

    prepare(pair, -1);
    pair[0].on_interrupt = test_on_interrupt;
    test_interrupts = 0;
    test_interrupt_limit = 3;
    fault_limit_transfers(10);
    assert_int_equal(csk_sendall(&pair[0], out, sizeof out, 0, &sent), CSK_EINTERRUPTED);
    assert_int_equal(sent, 30);
    /* With a timeout, a short count means that the socket was full; a signal interrupts poll(). */
    test_interrupts = 0;
    assert_int_equal(csk_settimeout(&pair[0], 20 * SECOND), 0);
    assert_int_equal(csk_sendall(&pair[0], out, sizeof out, 0, NULL), 0);
    assert_int_equal(test_interrupts, 0);
    fault_limit_transfers(0);
    test_close(pair);
}

TESTS(TEST(sendall_goes_on_after_every_short_write), TEST(sendfile_goes_on_after_every_short_write),
      TEST(sendfile_goes_on_where_the_end_of_the_file_is_not_known),
      TEST(splice_goes_on_after_every_short_piece),
      TEST(a_storm_does_not_let_splice_outlive_its_timeout),
      TEST(the_errno_of_a_hook_is_not_returned), TEST(repeated_eagain_does_not_fail_a_call),
      TEST(a_storm_that_does_not_end_is_ended_by_the_timeout), TEST(the_ready_path_makes_one_call),
      TEST(a_receive_that_waited_makes_the_next_one_wait_first),
      TEST(an_attempt_that_ends_connected_has_succeeded),
      TEST(the_hook_is_called_at_each_interruption_and_can_end_the_call),
      TEST(a_partial_sendall_calls_the_hook))
