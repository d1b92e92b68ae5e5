/* Flags and states that determine how a call waits. */
#include "sockets.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

static int64_t cpu_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void dontwait_does_not_wait_whatever_the_timeout(void)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND, 0 };
    struct csk_socket pair[2];
    struct csk_addr addr;
    struct iovec buffer;
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };
    char data[8] = { 0 };

    buffer = (struct iovec){ data, sizeof data };
    for (int i = 0; i < 3; i++) {
        test_pair(pair, SOCK_STREAM);
        assert_int_equal(csk_settimeout(&pair[0], timeouts[i]), 0);
        assert_int_equal(csk_recv(&pair[0], data, 1, MSG_DONTWAIT), -EAGAIN);
        assert_int_equal(csk_recv(&pair[0], data, 8, MSG_DONTWAIT | MSG_WAITALL), -EAGAIN);
        assert_int_equal(csk_recvfrom(&pair[0], data, 1, MSG_DONTWAIT, &addr), -EAGAIN);
        assert_int_equal(csk_recvmsg(&pair[0], &msg, MSG_DONTWAIT), -EAGAIN);
        assert_int_equal(csk_recvall(&pair[0], data, 1, MSG_DONTWAIT, NULL), -EAGAIN);
        pair[0].wait_first = 3;
        assert_int_equal(csk_recv(&pair[0], data, 1, MSG_DONTWAIT), -EAGAIN);
        test_fill(&pair[0]);
        assert_int_equal(csk_send(&pair[0], data, 1, MSG_DONTWAIT), -EAGAIN);
        assert_int_equal(csk_sendmsg(&pair[0], &msg, MSG_DONTWAIT, NULL), -EAGAIN);
        assert_int_equal(csk_sendall(&pair[0], data, 1, MSG_DONTWAIT, NULL), -EAGAIN);
        test_close(pair);
    }
}

static void dontwait_does_not_wait_for_messages_and_descriptors(void)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND, 0 };
    char data[64] = { 0 };
    struct csk_recv_memory memory = { .data = data, .size = sizeof data, .message_size = 8 };
    struct csk_datagram messages[2];
    struct csk_socket pair[2];
    struct iovec buffer = { data, 8 };
    size_t count;
    int fd, flags;

    for (int i = 0; i < 3; i++) {
        test_pair(pair, SOCK_DGRAM);
        assert_int_equal(csk_settimeout(&pair[0], timeouts[i]), 0);
        assert_int_equal(csk_recv_many(&pair[0], messages, 2, &memory, MSG_DONTWAIT), -EAGAIN);
        count = 1;
        flags = MSG_DONTWAIT;
        assert_int_equal(csk_recv_fds(&pair[0], data, 8, &fd, &count, &flags, NULL), -EAGAIN);
        test_fill(&pair[0]);
        messages[0] = (struct csk_datagram){ .data = data, .size = 8 };
        assert_int_equal(csk_send_many(&pair[0], messages, 1, MSG_DONTWAIT, NULL), -EAGAIN);
        fd = pair[1].fd;
        assert_int_equal(csk_send_fds(&pair[0], &buffer, 1, &fd, 1, MSG_DONTWAIT, NULL, NULL),
                         -EAGAIN);
        test_close(pair);
    }
}

static void dontwait_does_not_wait_for_a_full_unix_receiver(void)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND, 0 };
    struct csk_socket receiver, s;
    struct iovec buffer = { "x", 1 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };
    struct csk_datagram message = { .data = "x", .size = 1 };
    struct csk_addr addr;
    char text[64];

    snprintf(text, sizeof text, "@csk-test-dontwait-%d", (int)getpid());
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, text, NULL), 0);
    assert_int_equal(csk_socket(&receiver, AF_UNIX, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_bind(&receiver, &addr, NULL), 0);
    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_DGRAM, 0), 0);
    while (csk_sendto(&s, "x", 1, MSG_DONTWAIT, &addr, NULL) == 1)
        continue;
    msg.addr = message.addr = &addr;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(csk_settimeout(&s, timeouts[i]), 0);
        assert_int_equal(csk_sendto(&s, "x", 1, MSG_DONTWAIT, &addr, NULL), -EAGAIN);
        assert_int_equal(csk_sendmsg(&s, &msg, MSG_DONTWAIT, NULL), -EAGAIN);
        assert_int_equal(csk_send_many(&s, &message, 1, MSG_DONTWAIT, NULL), -EAGAIN);
    }
    csk_close(&s);
    csk_close(&receiver);
}

static void the_error_queue_is_never_waited_for(void)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND };
    struct csk_socket s;
    struct csk_addr addr;
    char data[8];

    for (int i = 0; i < 2; i++) {
        test_udp(&s, &addr);
        assert_int_equal(csk_settimeout(&s, timeouts[i]), 0);
        assert_int_equal(csk_recv(&s, data, 8, MSG_ERRQUEUE), -EAGAIN);
        assert_int_equal(csk_sendto(&s, "data", 4, 0, &addr, NULL), 4);
        assert_int_equal(csk_recv(&s, data, 8, MSG_ERRQUEUE), -EAGAIN);
        assert_int_equal(csk_recv(&s, data, 8, 0), 4);
        csk_close(&s);
    }
}

static void *send_slowly(void *s)
{
    for (int i = 0; i < 5; i++) {
        usleep(2000);
        assert_int_equal(csk_send(s, "0123456789", 10, 0), 10);
    }
    return NULL;
}

static void waitall_waits_for_all_bytes_in_every_mode(void)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND };
    struct csk_socket pair[2];
    char data[51], first[20];
    struct iovec buffers[2] = { { first, sizeof first }, { data, 30 } };
    struct csk_msg msg = { .buffers = buffers, .buffer_count = 2 };
    struct csk_addr addr;
    pthread_t thread;

    for (int i = 0; i < 10; i++) {
        test_pair(pair, SOCK_STREAM);
        assert_int_equal(csk_settimeout(&pair[0], timeouts[i % 2]), 0);
        assert_int_equal(pthread_create(&thread, NULL, send_slowly, &pair[1]), 0);
        if (i < 2)
            assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL), 50);
        else if (i < 4)
            assert_int_equal(csk_recvfrom(&pair[0], data, 50, MSG_WAITALL, &addr), 50);
        else if (i < 6)
            assert_int_equal(csk_recvmsg(&pair[0], &msg, MSG_WAITALL), 50);
        else if (i < 8)
            assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL | MSG_PEEK), 50);
        else
            assert_int_equal(csk_recvmsg(&pair[0], &msg, MSG_WAITALL | MSG_PEEK), 50);
        pthread_join(thread, NULL);
        assert_memory_equal(i < 4 || i / 2 == 3 ? data : first, "01234567890123456789", 20);
        test_close(pair);
    }
}

static void *close_later(void *s)
{
    usleep(20000);
    csk_close(s);
    return NULL;
}

/* The peer closes before the peek, or during it; the alarm ends a peek that does not notice. */
static void a_peek_with_waitall_ends_with_the_stream(void)
{
    const int64_t timeouts[] = { -1, 1000 * SECOND };
    struct csk_socket pair[2];
    char data[50];
    struct iovec buffers[2] = { { data, 25 }, { data + 25, 25 } };
    struct csk_msg msg = { .buffers = buffers, .buffer_count = 2 };
    struct csk_addr addr;
    pthread_t thread;

    for (int i = 0; i < 24; i++) {
        if (i < 12)
            test_pair(pair, SOCK_STREAM);
        else
            test_tcp_pair(pair);
        assert_int_equal(csk_settimeout(&pair[0], timeouts[i % 2]), 0);
        assert_int_equal(csk_send(&pair[1], "0123456789", 10, 0), 10);
        if (i % 4 / 2)
            csk_close(&pair[1]);
        else
            assert_int_equal(pthread_create(&thread, NULL, close_later, &pair[1]), 0);
        if (i % 12 < 4)
            assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL | MSG_PEEK), 10);
        else if (i % 12 < 8)
            assert_int_equal(csk_recvfrom(&pair[0], data, 50, MSG_WAITALL | MSG_PEEK, &addr), 10);
        else
            assert_int_equal(csk_recvmsg(&pair[0], &msg, MSG_WAITALL | MSG_PEEK), 10);
        assert_memory_equal(data, "0123456789", 10);
        if (i % 4 / 2 == 0)
            pthread_join(thread, NULL);
        csk_close(&pair[0]);
    }
}

#ifdef SO_PEEK_OFF
/* A second peek would see other bytes, and overwrite the first. */
static void with_a_peek_offset_waitall_returns_the_first_bytes(void)
{
    struct csk_socket pair[2];
    char data[50];
    int zero = 0;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_setsockopt(&pair[0], SOL_SOCKET, SO_PEEK_OFF, &zero, sizeof zero), 0);
    assert_int_equal(csk_settimeout(&pair[0], 1000 * SECOND), 0);
    assert_int_equal(csk_send(&pair[1], "0123456789", 10, 0), 10);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL | MSG_PEEK), 10);
    assert_memory_equal(data, "0123456789", 10);
    test_close(pair);
}
#else
static void with_a_peek_offset_waitall_returns_the_first_bytes(void)
{
    test_skip("no SO_PEEK_OFF");
}
#endif

static void waitall_returns_what_has_arrived_when_the_limit_is_reached(void)
{
    struct csk_socket pair[2];
    char data[50];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(csk_send(&pair[1], "0123456789", 10, 0), 10);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL | MSG_PEEK), 10);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL), 10);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL), CSK_ETIMEDOUT);
    assert_int_equal(csk_send(&pair[1], "01234", 5, 0), 5);
    csk_close(&pair[1]);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL), 5);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL), 0);
    csk_close(&pair[0]);
}

static void waitall_leaves_datagrams_whole(void)
{
    struct csk_socket pair[2];
    char data[50];

    test_pair(pair, SOCK_DGRAM);
    assert_int_equal(csk_settimeout(&pair[0], 100 * SECOND), 0);
    assert_int_equal(csk_send(&pair[1], "0123456789", 10, 0), 10);
    assert_int_equal(csk_recv(&pair[0], data, 50, MSG_WAITALL), 10);
    test_close(pair);
}

static void *send_urgent(void *s)
{
    usleep(20000);
    assert_int_equal(csk_send(s, "!", 1, MSG_OOB), 1);
    return NULL;
}

static void urgent_data_is_received_after_receives_that_had_to_wait(void)
{
    struct csk_socket pair[2];
    char data[8];
    pthread_t thread;

    test_tcp_pair(pair);
    assert_int_equal(csk_settimeout(&pair[0], 100 * SECOND), 0);
    pair[0].wait_first = 5;
    assert_int_equal(csk_recv(&pair[0], data, 1, MSG_OOB | MSG_DONTWAIT), -EINVAL);
    assert_int_equal(pthread_create(&thread, NULL, send_urgent, &pair[1]), 0);
    assert_int_equal(csk_recv(&pair[0], data, 8, MSG_OOB), 1);
    assert_int_equal(data[0], '!');
    pthread_join(thread, NULL);
    test_close(pair);
}

static void a_wait_for_urgent_data_ends(void)
{
    struct csk_socket pair[2];
    struct iovec buffer = { (char[8]){ 0 }, 8 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };
    int64_t used = cpu_time();
    char data[8];

    test_tcp_pair(pair);
    assert_int_equal(csk_recv(&pair[0], data, 1, MSG_OOB), -EINVAL); /* a blocking socket */
    assert_int_equal(csk_settimeout(&pair[0], 50 * MS), 0);
    assert_int_equal(csk_recv(&pair[0], data, 1, MSG_OOB), CSK_ETIMEDOUT);
    assert_int_equal(csk_recvmsg(&pair[0], &msg, MSG_OOB), CSK_ETIMEDOUT);
    assert_true(cpu_time() - used < 50 * MS);
    assert_int_equal(csk_settimeout(&pair[0], 100 * SECOND), 0);
    assert_int_equal(csk_setsockopt_int(&pair[0], SOL_SOCKET, SO_OOBINLINE, 1), 0);
    assert_int_equal(csk_recv(&pair[0], data, 1, MSG_OOB), -EINVAL);
    assert_int_equal(csk_setsockopt_int(&pair[0], SOL_SOCKET, SO_OOBINLINE, 0), 0);
    assert_int_equal(csk_shutdown(&pair[1], SHUT_WR), 0);
    assert_int_equal(csk_recv(&pair[0], data, 1, MSG_OOB), -EINVAL);
    test_close(pair);
    assert_int_equal(csk_socket(&pair[0], AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&pair[0], 100 * SECOND), 0);
    assert_true(csk_recv(&pair[0], data, 1, MSG_OOB) < 0); /* not connected */
    csk_close(&pair[0]);
}

struct late_shutdown {
    struct csk_socket *s;
    int how;
};

static void *shut_down_soon(void *arg)
{
    struct late_shutdown *late = arg;

    usleep(20000);
    csk_shutdown(late->s, late->how);
    return NULL;
}

static void shutting_down_a_datagram_socket_ends_its_receives(void)
{
    static const int how[] = { SHUT_RD, SHUT_RDWR };
    struct iovec buffer;
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };
    struct late_shutdown late;
    struct csk_socket s;
    struct csk_addr addr, from;
    char data[8];
    int64_t used;
    pthread_t thread;

    buffer = (struct iovec){ data, sizeof data };
    for (int i = 0; i < 6; i++) {
        test_udp(&s, &addr);
        assert_int_equal(csk_connect(&s, &addr, NULL), 0);
        assert_int_equal(csk_settimeout(&s, 100 * SECOND), 0);
        late = (struct late_shutdown){ &s, how[i % 2] };
        assert_int_equal(pthread_create(&thread, NULL, shut_down_soon, &late), 0);
        used = cpu_time();
        if (i < 2)
            assert_int_equal(csk_recv(&s, data, 8, 0), 0);
        else if (i < 4)
            assert_int_equal(csk_recvfrom(&s, data, 8, 0, &from), 0);
        else
            assert_int_equal(csk_recvmsg(&s, &msg, 0), 0);
        assert_int_equal(csk_recv(&s, data, 8, 0), 0);
        assert_true(cpu_time() - used < 100 * MS);
        pthread_join(thread, NULL);
        csk_close(&s);
    }
}

/* For each way in which a call begins: with a try, with a wait because earlier receives had to
 * wait, and under a limit. */
static void the_end_of_a_datagram_socket_has_no_sender(void)
{
    struct csk_socket s;
    struct csk_addr addr, from;
    char data[8];

    for (int i = 0; i < 4; i++) {
        test_udp(&s, &addr);
        assert_int_equal(csk_connect(&s, &addr, NULL), 0);
        assert_int_equal(csk_settimeout(&s, 100 * SECOND), 0);
        assert_int_equal(csk_shutdown(&s, SHUT_RD), 0);
        if (i & 1)
            s.wait_first = 3;
        if (i & 2)
            csk_setdeadline(&s, csk_now() + 100 * SECOND);
        memset(&from, 0xff, sizeof from);
        assert_int_equal(csk_recvfrom(&s, data, 8, 0, &from), 0);
        assert_int_equal(from.len, 0);
        csk_close(&s);
    }
}

static void *make_room(void *receiver)
{
    char data[8];

    usleep(30000);
    while (csk_recv(receiver, data, 8, MSG_DONTWAIT) >= 0)
        continue;
    return NULL;
}

static void a_full_unix_receiver_is_waited_for_without_spinning(void)
{
    struct csk_socket receiver, s;
    struct csk_addr addr;
    char text[64];
    int64_t used;
    pthread_t thread;

    snprintf(text, sizeof text, "@csk-test-full-%d", (int)getpid());
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, text, NULL), 0);
    assert_int_equal(csk_socket(&receiver, AF_UNIX, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_bind(&receiver, &addr, NULL), 0);
    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 100 * SECOND), 0);
    while (csk_sendto(&s, "x", 1, MSG_DONTWAIT, &addr, NULL) == 1)
        continue;
    assert_int_equal(pthread_create(&thread, NULL, make_room, &receiver), 0);
    used = cpu_time();
    assert_int_equal(csk_sendto(&s, "x", 1, 0, &addr, NULL), 1);
    assert_true(cpu_time() - used < 10 * MS);
    pthread_join(thread, NULL);
    csk_close(&s);
    csk_close(&receiver);
}

static void fast_open_waits_for_the_connection_and_sends(void)
{
    static const int64_t timeouts[] = { 100 * SECOND, -1 };
    struct csk_socket listener, s, conn;
    struct csk_addr addr;
    struct csk_error error;
    char data[8];
    ssize_t n;

    test_listen(&listener, &addr);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_settimeout(&s, timeouts[i % 2]), 0);
        if (i == 2)
            csk_setdeadline(&s, csk_now() + 100 * SECOND);
        n = csk_sendto(&s, "data", 4, MSG_FASTOPEN, &addr, &error);
        if (n == -EOPNOTSUPP)
            test_skip("TCP Fast Open is switched off here");
        assert_int_equal(n, 4);
        assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
        assert_int_equal(csk_recv(&conn, data, 8, 0), 4);
        csk_close(&conn);
        csk_close(&s);
    }
    csk_close(&listener);
    test_refusing(&listener, SOCK_STREAM, &addr);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 100 * SECOND), 0);
    assert_int_equal(csk_sendto(&s, "data", 4, MSG_FASTOPEN, &addr, &error), -ECONNREFUSED);
    assert_int_equal(strncmp(error.text, "send to 127.0.0.1:", 18), 0);
    csk_close(&s);
    csk_close(&listener);
}

TESTS(TEST(dontwait_does_not_wait_whatever_the_timeout),
      TEST(dontwait_does_not_wait_for_messages_and_descriptors),
      TEST(dontwait_does_not_wait_for_a_full_unix_receiver),
      TEST(the_error_queue_is_never_waited_for), TEST(waitall_waits_for_all_bytes_in_every_mode),
      TEST(a_peek_with_waitall_ends_with_the_stream),
      TEST(with_a_peek_offset_waitall_returns_the_first_bytes),
      TEST(waitall_returns_what_has_arrived_when_the_limit_is_reached),
      TEST(waitall_leaves_datagrams_whole),
      TEST(urgent_data_is_received_after_receives_that_had_to_wait),
      TEST(a_wait_for_urgent_data_ends), TEST(shutting_down_a_datagram_socket_ends_its_receives),
      TEST(the_end_of_a_datagram_socket_has_no_sender),
      TEST(a_full_unix_receiver_is_waited_for_without_spinning),
      TEST(fast_open_waits_for_the_connection_and_sends))
