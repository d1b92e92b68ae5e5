/* Sending and receiving bytes, and when these calls wait. */
#include "sockets.h"

#include <sys/time.h>
#include <stdio.h>
#include <pthread.h>

static void recv_returns_the_data_and_then_the_end(void)
{
    struct csk_socket pair[2];
    char data[16];

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

static void the_timeout_of_recv_has_its_own_message(void)
{
    struct csk_socket pair[2];
    char data[16], text[CSK_ERROR_TEXT_MAX];
    int64_t start;
    int n;

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

static void nonblocking_calls_return_eagain(void)
{
    struct csk_socket pair[2];
    char data[16];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_setblocking(&pair[0], false), 0);
    assert_int_equal(csk_recv(&pair[0], data, sizeof data, 0), -EAGAIN);
    assert_int_equal(csk_recvfrom(&pair[0], data, sizeof data, 0, NULL), -EAGAIN);
    assert_true(test_fill(&pair[0]) > 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), -EAGAIN);
    assert_int_equal(csk_sendto(&pair[0], "x", 1, 0, NULL, NULL), -EAGAIN);
    test_close(pair);
}

static void a_send_without_space_times_out(void)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    test_fill(&pair[0]);
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), CSK_ETIMEDOUT);
    test_close(pair);
}

static void send_to_a_closed_peer_is_epipe_and_no_signal(void)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_close(&pair[1]), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), -EPIPE);
    assert_int_equal(csk_sendall(&pair[0], "x", 1, 0, NULL), -EPIPE);
    assert_int_equal(csk_sendto(&pair[0], "x", 1, 0, NULL, NULL), -EPIPE);
    assert_int_equal(csk_close(&pair[0]), 0);
}

static void datagrams_have_the_address_of_their_sender(void)
{
    struct csk_socket a, b;
    struct csk_addr addr_a, addr_b, from;
    char data[16];

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

static void recvfrom_on_a_stream_returns_no_address(void)
{
    struct csk_socket pair[2];
    struct csk_addr from = { .len = 99 };
    char data[4];

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

static void sendall_sends_all_through_a_slow_reader(void)
{
    static char data[SLOWLY_READ];
    struct csk_socket pair[2];
    size_t sent = 0;
    int pid;

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

static void sendall_reports_the_bytes_sent_before_the_timeout(void)
{
    static char data[8000000];
    struct csk_socket pair[2];
    size_t sent = 0, got = 0;

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

/* Forty receives that all wait: more than the library needs to poll before the first try, so that
 * both ways are tested. */
static void requests_and_answers_work_if_every_recv_waits_first(void)
{
    struct csk_socket pair[2];
    char data[4];
    bool waits_first = false;
    int pid;

    test_pair(pair, SOCK_STREAM);
    pid = test_fork(feed_every_10_ms, &pair[1]);
    assert_int_equal(csk_settimeout(&pair[0], 20 * SECOND), 0);
    for (int i = 0; i < 40; i++) {
        assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
        waits_first |= pair[0].wait_first > 0;
    }
    assert_true(waits_first);
    test_join(pid);
    test_close(pair);
}

static void a_receive_that_waits_first_still_times_out(void)
{
    struct csk_socket pair[2];
    char data[4];

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

static void signals_do_not_end_a_recv(void)
{
    struct csk_socket pair[2];
    char data[4];
    int pid;

    test_pair(pair, SOCK_STREAM);
    pid = test_fork(feed_every_10_ms, &pair[1]);
    test_alarm_every(3);
    for (int i = 0; i < 40; i++)
        assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
    assert_true(test_alarms > 10);
    test_join(pid);
    test_close(pair);
}

static void the_hook_ends_a_recv(void)
{
    struct csk_socket pair[2];
    char data[4];

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

static void the_timeout_is_for_the_whole_call_however_often_it_is_interrupted(void)
{
    struct csk_socket pair[2];
    int64_t start;
    char data[4];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 500 * MS), 0);
    test_alarm_every(5);
    start = test_now();
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), CSK_ETIMEDOUT);
    assert_true(test_now() - start < 20 * SECOND);
    assert_true(test_alarms > 2);
    test_close(pair);
}

static void closed_and_foreign_descriptors_are_distinguished(void)
{
    struct csk_socket closed = CSK_SOCKET_INIT, foreign = CSK_SOCKET_INIT;
    struct csk_addr addr;
    char data[4] = "abc";
    int fds[2];

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

static void null_is_refused(void)
{
    struct csk_addr addr;
    char data[4];

    assert_int_equal(csk_recv(NULL, data, 1, 0), CSK_ENULL);
    assert_int_equal(csk_recvfrom(NULL, data, 1, 0, &addr), CSK_ENULL);
    assert_int_equal(csk_send(NULL, data, 1, 0), CSK_ENULL);
    assert_int_equal(csk_sendto(NULL, data, 1, 0, &addr, NULL), CSK_ENULL);
    assert_int_equal(csk_sendall(NULL, data, 1, 0, NULL), CSK_ENULL);
}

static void *send_slowly(void *s)
{
    for (int i = 0; i < 5; i++) {
        usleep(2000);
        assert_int_equal(csk_send(s, "0123456789", 10, 0), 10);
    }
    return NULL;
}

static void recvall_receives_exactly_and_reports_partial_data(void)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND };
    struct csk_socket pair[2];
    char data[60];
    size_t received;
    pthread_t thread;

    for (int i = 0; i < 2; i++) {
        test_pair(pair, SOCK_STREAM);
        assert_int_equal(csk_settimeout(&pair[0], timeouts[i]), 0);
        assert_int_equal(pthread_create(&thread, NULL, send_slowly, &pair[1]), 0);
        assert_int_equal(csk_recvall(&pair[0], data, 45, 0, &received), 0);
        assert_int_equal(received, 45);
        pthread_join(thread, NULL);
        assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
        assert_int_equal(csk_recvall(&pair[0], data, 60, 0, &received), CSK_ETIMEDOUT);
        assert_int_equal(received, 5);
        csk_close(&pair[1]);
        assert_int_equal(csk_recvall(&pair[0], data, 60, 0, &received), CSK_EINCOMPLETE);
        assert_int_equal(received, 0);
        assert_int_equal(csk_recvall(&pair[0], data, 0, 0, NULL), 0);
        assert_int_equal(csk_recvall(&pair[0], data, 1, MSG_PEEK, NULL), -EOPNOTSUPP);
        csk_close(&pair[0]);
    }
}

static void recvuntil_receives_the_delimiter_and_nothing_after_it(void)
{
    struct csk_socket pair[2];
    char data[16];
    size_t length = 0;

    test_pair(pair, SOCK_STREAM);
    csk_settimeout(&pair[0], 10 * MS);
    assert_int_equal(csk_send(&pair[1], "a\r\n\r", 4, 0), 4);
    assert_int_equal(csk_recvuntil(&pair[0], "\r\n\r\n", 4, data, sizeof data, &length),
                     CSK_ETIMEDOUT);
    assert_int_equal(length, 4);
    assert_int_equal(csk_send(&pair[1], "\nrest", 5, 0), 5);
    assert_int_equal(csk_recvuntil(&pair[0], "\r\n\r\n", 4, data, sizeof data, &length), 5);
    assert_memory_equal(data, "a\r\n\r\n", 5);
    length = 0;
    assert_int_equal(csk_recvuntil(&pair[0], "\n", 1, data, 2, &length), CSK_ESPACE);
    assert_int_equal(length, 2);
    csk_close(&pair[1]);
    assert_int_equal(csk_recvuntil(&pair[0], "\n", 1, data, sizeof data, &length), CSK_EINCOMPLETE);
    assert_memory_equal(data, "rest", length);
    assert_int_equal(length, 4);
    assert_int_equal(csk_recvuntil(&pair[0], "", 0, data, sizeof data, &length), CSK_ERANGE);
    csk_close(&pair[0]);
}

static void recvline_receives_one_line_and_no_more(void)
{
    struct csk_socket pair[2];
    char line[16], data[8];
    size_t length = 0;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_sendall(&pair[1], "one\n\nbodylast", 13, 0, NULL), 0);
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), 4);
    assert_string_equal(line, "one\n");
    length = 0;
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), 1);
    assert_string_equal(line, "\n");
    assert_int_equal(csk_recvall(&pair[0], data, 4, 0, NULL), 0);
    assert_memory_equal(data, "body", 4);
    csk_close(&pair[1]);
    length = 0;
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), 4);
    assert_string_equal(line, "last");
    length = 0;
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), 0);
    csk_close(&pair[0]);
}

static void a_line_survives_a_timeout(void)
{
    struct csk_socket pair[2];
    char line[16];
    size_t length = 0;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(csk_send(&pair[1], "begin", 5, 0), 5);
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), CSK_ETIMEDOUT);
    assert_int_equal(length, 5);
    assert_string_equal(line, "begin");
    assert_int_equal(csk_send(&pair[1], " end\n", 5, 0), 5);
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), 10);
    assert_string_equal(line, "begin end\n");
    test_close(pair);
}

static void a_line_that_is_too_long_is_an_error(void)
{
    struct csk_socket pair[2], datagrams[2];
    char line[8];
    size_t length = 0;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send(&pair[1], "1234567\n1234567890", 18, 0), 18);
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), CSK_ESPACE);
    assert_int_equal(length, 7);
    assert_string_equal(line, "1234567");
    length = 0;
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), 1);
    length = 8;
    assert_int_equal(csk_recvline(&pair[0], line, sizeof line, &length), CSK_ESPACE);
    test_pair(datagrams, SOCK_DGRAM);
    length = 0;
    assert_int_equal(csk_recvline(&datagrams[0], line, sizeof line, &length), CSK_ESOCKTYPE);
    assert_int_equal(csk_recvall(&datagrams[0], line, 1, 0, &length), CSK_ESOCKTYPE);
    assert_int_equal(length, 0);
    test_close(datagrams);
    test_close(pair);
}

static int seen_context;

static int use_context(struct csk_socket *s)
{
    seen_context = *(int *)s->context;
    return CSK_EINTERRUPTED;
}

static void the_hook_has_a_context_and_is_called_before_the_first_wait(void)
{
    struct csk_socket pair[2];
    int context = 7;
    char byte;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_setinterrupt(&pair[0], use_context, &context, 2), -EINVAL);
    assert_int_equal(csk_setinterrupt(&pair[0], use_context, &context, CSK_INTERRUPT_POLL), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_EINTERRUPTED);
    assert_int_equal(seen_context, 7);
    /* Without a wait the hook is not called. */
    seen_context = 0;
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
    assert_int_equal(seen_context, 0);
    test_close(pair);
}

static int count_and_stop(struct csk_socket *s)
{
    return ++*(int *)s->context == 2 ? CSK_EINTERRUPTED : 0;
}

static void count_nothing(int number)
{
    (void)number;
}

static void a_signal_that_restarts_calls_interrupts_one_that_polls(void)
{
    const struct itimerval soon = { .it_interval = { 0, 20000 }, .it_value = { 0, 20000 } };
    struct csk_socket pair[2];
    int asked = 0;
    char byte;

    signal(SIGALRM, count_nothing); /* SA_RESTART */
    test_pair(pair, SOCK_STREAM);
    csk_setinterrupt(&pair[0], count_and_stop, &asked, CSK_INTERRUPT_POLL);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_EINTERRUPTED);
    assert_int_equal(asked, 2);
    setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL);
    test_close(pair);
}

TESTS(TEST(recv_returns_the_data_and_then_the_end), TEST(the_timeout_of_recv_has_its_own_message),
      TEST(nonblocking_calls_return_eagain), TEST(a_send_without_space_times_out),
      TEST(send_to_a_closed_peer_is_epipe_and_no_signal),
      TEST(datagrams_have_the_address_of_their_sender),
      TEST(recvfrom_on_a_stream_returns_no_address), TEST(sendall_sends_all_through_a_slow_reader),
      TEST(sendall_reports_the_bytes_sent_before_the_timeout),
      TEST(requests_and_answers_work_if_every_recv_waits_first),
      TEST(a_receive_that_waits_first_still_times_out), TEST(signals_do_not_end_a_recv),
      TEST(the_hook_ends_a_recv),
      TEST(the_timeout_is_for_the_whole_call_however_often_it_is_interrupted),
      TEST(closed_and_foreign_descriptors_are_distinguished), TEST(null_is_refused),
      TEST(recvall_receives_exactly_and_reports_partial_data),
      TEST(recvuntil_receives_the_delimiter_and_nothing_after_it),
      TEST(recvline_receives_one_line_and_no_more), TEST(a_line_survives_a_timeout),
      TEST(a_line_that_is_too_long_is_an_error),
      TEST(the_hook_has_a_context_and_is_called_before_the_first_wait),
      TEST(a_signal_that_restarts_calls_interrupts_one_that_polls))
