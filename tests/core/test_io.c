/* Bytes in and out, and when they wait. */
#include "sockets.h"

static void recv_returns_what_was_sent_and_then_the_end(void **state)
{
    struct csk_socket pair[2];
    char data[16];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send(&pair[0], "hello", 5, 0), 5);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, MSG_PEEK), 5);
    assert_int_equal(csk_recv(&pair[1], data, 2, 0), 2);
    assert_int_equal(csk_recv(&pair[1], data + 2, sizeof data - 2, 0), 3);
    assert_memory_equal(data, "hello", 5);
    assert_int_equal(csk_shutdown(&pair[0], SHUT_WR), 0);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 0);
    test_close(pair);
}

static void recv_times_out_in_its_own_words(void **state)
{
    struct csk_socket pair[2];
    char data[16], text[CSK_ERROR_TEXT_MAX];
    int64_t start;
    int n;

    (void)state;
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 30 * MS), 0);
    start = test_now();
    n = (int)csk_recv(&pair[0], data, sizeof data, 0);
    assert_true(test_now() - start >= 30 * MS);
    assert_int_equal(n, CSK_ETIMEDOUT);
    assert_string_equal(csk_strerror(n, text, sizeof text), "timed out");
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], data, sizeof data, 0), 1);
    test_close(pair);
}

static void nonblocking_calls_say_eagain(void **state)
{
    struct csk_socket pair[2];
    char data[16];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_setblocking(&pair[0], false), 0);
    assert_int_equal(csk_recv(&pair[0], data, sizeof data, 0), -EAGAIN);
    assert_int_equal(csk_recvfrom(&pair[0], data, sizeof data, 0, NULL), -EAGAIN);
    assert_true(test_fill(&pair[0]) > 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), -EAGAIN);
    assert_int_equal(csk_sendto(&pair[0], "x", 1, 0, NULL, NULL), -EAGAIN);
    test_close(pair);
}

static void send_that_finds_no_room_times_out(void **state)
{
    struct csk_socket pair[2];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    test_fill(&pair[0]);
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), CSK_ETIMEDOUT);
    test_close(pair);
}

static void send_to_a_closed_peer_is_epipe_and_no_signal(void **state)
{
    struct csk_socket pair[2];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_close(&pair[1]), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), -EPIPE);
    assert_int_equal(csk_sendall(&pair[0], "x", 1, 0, NULL), -EPIPE);
    assert_int_equal(csk_sendto(&pair[0], "x", 1, 0, NULL, NULL), -EPIPE);
    assert_int_equal(csk_close(&pair[0]), 0);
}

static void datagrams_carry_their_senders_address(void **state)
{
    struct csk_socket a, b;
    struct csk_addr addr_a, addr_b, from;
    char data[16];

    (void)state;
    test_udp(&a, &addr_a);
    test_udp(&b, &addr_b);
    assert_int_equal(csk_sendto(&a, "one", 3, 0, &addr_b, NULL), 3);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 3);
    assert_int_equal(from.len, addr_a.len);
    assert_memory_equal(&from.sa, &addr_a.sa, addr_a.len);
    assert_int_equal(csk_sendto(&a, "", 0, 0, &addr_b, NULL), 0);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, NULL), 0);
    csk_close(&a);
    csk_close(&b);
}

static void a_streams_recvfrom_gives_no_address(void **state)
{
    struct csk_socket pair[2];
    struct csk_addr from = { .len = 99 };
    char data[4];

    (void)state;
    test_tcp_pair(pair);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), 1);
    assert_int_equal(csk_recvfrom(&pair[1], data, sizeof data, 0, &from), 1);
    assert_int_equal(from.len, 0);
    test_close(pair);
}

enum { SLOWLY_READ = 3000000 };

static void read_slowly(void *argument)
{
    struct csk_socket *s = argument;
    char data[4096];
    size_t got = 0;

    for (ssize_t n; (n = csk_recv(s, data, sizeof data, 0)) > 0; got += (size_t)n) {
        if (!test_is_pattern(data, (size_t)n, got))
            _exit(1);
        usleep(100);
    }
    if (got != SLOWLY_READ)
        _exit(1);
}

static void sendall_sends_all_through_a_slow_reader(void **state)
{
    static char data[SLOWLY_READ];
    struct csk_socket pair[2];
    size_t sent = 0;
    int pid;

    (void)state;
    test_pattern(data, sizeof data, 0);
    test_pair(pair, SOCK_STREAM);
    pid = test_fork(read_slowly, &pair[1]);
    assert_int_equal(csk_close(&pair[1]), 0);
    assert_int_equal(csk_settimeout(&pair[0], 50 * SECOND), 0);
    assert_int_equal(csk_sendall(&pair[0], data, sizeof data, 0, &sent), 0);
    assert_int_equal(sent, sizeof data);
    assert_int_equal(csk_shutdown(&pair[0], SHUT_RDWR), 0);
    assert_int_equal(csk_close(&pair[0]), 0);
    test_join(pid);
}

static void sendall_says_how_much_went_before_the_timeout(void **state)
{
    static char data[8000000];
    struct csk_socket pair[2];
    size_t sent = 0, got = 0;

    (void)state;
    test_pattern(data, sizeof data, 0);
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 30 * MS), 0);
    assert_int_equal(csk_sendall(&pair[0], data, sizeof data, 0, &sent), CSK_ETIMEDOUT);
    assert_in_range(sent, 1, sizeof data - 1);
    for (ssize_t n; got < sent; got += (size_t)n) {
        n = csk_recv(&pair[1], data, sizeof data, 0);
        assert_true(n > 0);
        assert_true(test_is_pattern(data, (size_t)n, got));
    }
    assert_int_equal(got, sent);
    assert_int_equal(csk_sendall(&pair[0], NULL, 0, 0, &sent), 0);
    assert_int_equal(sent, 0);
    test_close(pair);
}

static void feed_every_10_ms(void *argument)
{
    struct csk_socket *s = argument;

    for (int i = 0; i < 40; i++) {
        usleep(10000);
        if (csk_send(s, "x", 1, 0) != 1)
            _exit(1);
    }
}

/* Forty receives that all wait: more than the number that wait first, so both ways are taken. */
static void request_and_answer_keeps_working_when_every_recv_waits(void **state)
{
    struct csk_socket pair[2];
    char data[4];
    int pid;

    (void)state;
    test_pair(pair, SOCK_STREAM);
    pid = test_fork(feed_every_10_ms, &pair[1]);
    assert_int_equal(csk_settimeout(&pair[0], 20 * SECOND), 0);
    for (int i = 0; i < 40; i++)
        assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
    test_join(pid);
    test_close(pair);
}

static void a_receive_that_waits_first_still_times_out(void **state)
{
    struct csk_socket pair[2];
    char data[4];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 10 * MS), 0);
    pair[0].wait_first = 3;
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), CSK_ETIMEDOUT);
    assert_int_equal(pair[0].wait_first, 2);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
    assert_int_equal(pair[0].wait_first, 1);
    assert_int_equal(csk_settimeout(&pair[0], -1), 0);
    assert_int_equal(pair[0].wait_first, 0);
    test_close(pair);
}

static void signals_do_not_end_a_recv(void **state)
{
    struct csk_socket pair[2];
    char data[4];
    int pid;

    (void)state;
    test_pair(pair, SOCK_STREAM);
    pid = test_fork(feed_every_10_ms, &pair[1]);
    test_alarm_every(3);
    for (int i = 0; i < 40; i++)
        assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
    assert_true(test_alarms > 10);
    test_join(pid);
    test_close(pair);
}

static void the_hook_ends_a_recv(void **state)
{
    struct csk_socket pair[2];
    char data[4];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    pair[0].on_interrupt = test_on_interrupt;
    test_interrupt_limit = 3;
    test_alarm_every(5);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), CSK_EINTERRUPTED);
    assert_int_equal(test_interrupts, 3);
    test_interrupts = 0;
    assert_int_equal(csk_settimeout(&pair[0], 50 * SECOND), 0);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), CSK_EINTERRUPTED);
    assert_int_equal(test_interrupts, 3);
    test_close(pair);
}

static void the_timeout_is_for_the_whole_call_however_often_it_is_interrupted(void **state)
{
    struct csk_socket pair[2];
    int64_t start;
    char data[4];

    (void)state;
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 100 * MS), 0);
    test_alarm_every(5);
    start = test_now();
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), CSK_ETIMEDOUT);
    assert_true(test_now() - start < 20 * SECOND);
    assert_true(test_alarms > 2);
    test_close(pair);
}

static void closed_and_foreign_descriptors_are_told_apart(void **state)
{
    struct csk_socket closed = CSK_SOCKET_INIT, foreign = CSK_SOCKET_INIT;
    struct csk_addr addr;
    char data[4] = "abc";
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    foreign.fd = fds[0];
    assert_int_equal(csk_recv(&closed, data, 1, 0), -EBADF);
    assert_int_equal(csk_send(&closed, data, 1, 0), -EBADF);
    assert_int_equal(csk_sendall(&closed, data, 1, 0, NULL), -EBADF);
    assert_int_equal(csk_recvfrom(&closed, data, 1, 0, &addr), -EBADF);
    assert_int_equal(csk_recv(&foreign, data, 1, 0), -ENOTSOCK);
    assert_int_equal(csk_send(&foreign, data, 1, 0), -ENOTSOCK);
    close(fds[0]);
    close(fds[1]);
}

static void null_is_refused(void **state)
{
    struct csk_addr addr;
    char data[4];

    (void)state;
    assert_int_equal(csk_recv(NULL, data, 1, 0), CSK_ENULL);
    assert_int_equal(csk_recvfrom(NULL, data, 1, 0, &addr), CSK_ENULL);
    assert_int_equal(csk_send(NULL, data, 1, 0), CSK_ENULL);
    assert_int_equal(csk_sendto(NULL, data, 1, 0, &addr, NULL), CSK_ENULL);
    assert_int_equal(csk_sendall(NULL, data, 1, 0, NULL), CSK_ENULL);
}

TESTS(TEST(recv_returns_what_was_sent_and_then_the_end), TEST(recv_times_out_in_its_own_words),
      TEST(nonblocking_calls_say_eagain), TEST(send_that_finds_no_room_times_out),
      TEST(send_to_a_closed_peer_is_epipe_and_no_signal),
      TEST(datagrams_carry_their_senders_address), TEST(a_streams_recvfrom_gives_no_address),
      TEST(sendall_sends_all_through_a_slow_reader),
      TEST(sendall_says_how_much_went_before_the_timeout),
      TEST(request_and_answer_keeps_working_when_every_recv_waits),
      TEST(a_receive_that_waits_first_still_times_out), TEST(signals_do_not_end_a_recv),
      TEST(the_hook_ends_a_recv),
      TEST(the_timeout_is_for_the_whole_call_however_often_it_is_interrupted),
      TEST(closed_and_foreign_descriptors_are_told_apart), TEST(null_is_refused))
