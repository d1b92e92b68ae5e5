/* Sends that do not copy, on the loopback interface. */
#include "sockets.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

#define SIZE 100000

static char out[SIZE], in[SIZE];

static void every_buffer_has_a_completion(void)
{
    struct csk_queued_error entry;
    struct csk_error error = { 0, "" };
    struct csk_socket pair[2];
    bool pending, done[3] = { false };
    uint32_t id;
    ssize_t n;

    test_tcp_pair(pair);
    for (size_t i = 0; i < SIZE; i++)
        out[i] = (char)(i * 7);
    for (uint32_t i = 0; i < 3; i++) {
        n = csk_send_zerocopy(&pair[0], out, SIZE, 0, &id, &pending, &error);
        if (n == -ENOPROTOOPT)
            test_skip("%s", error.text);
        assert_int_equal(n, SIZE);
        if (!pending)
            test_skip("no memory for completions");
        assert_int_equal(id, i);
        assert_int_equal(csk_recv(&pair[1], in, SIZE, MSG_WAITALL), SIZE);
        assert_memory_equal(in, out, SIZE);
    }
    while (!(done[0] && done[1] && done[2])) {
        assert_true(csk_wait(&pair[0], 0, 20 * SECOND) > 0);
        assert_int_equal(csk_recv_error(&pair[0], &entry, NULL, 0), 0);
        assert_int_equal(entry.origin, CSK_ORIGIN_ZEROCOPY);
        assert_int_equal(entry.code, 0);
        assert_true(entry.first <= entry.last && entry.last < 3);
        for (uint32_t i = entry.first; i <= entry.last; i++) {
            assert_false(done[i]);
            done[i] = true;
        }
    }
    assert_int_equal(csk_recv_error(&pair[0], &entry, NULL, 0), -EAGAIN);
    test_close(pair);
}

static void unsupported_sockets_are_refused(void)
{
    struct csk_socket pair[2];
    struct csk_error error;
    bool pending;
    uint32_t id;

    test_pair(pair, SOCK_STREAM);
    assert_true(csk_send_zerocopy(&pair[0], "x", 1, 0, &id, &pending, &error) < 0);
    assert_non_null(strstr(error.text, "SO_ZEROCOPY"));
    assert_int_equal(csk_send_zerocopy(NULL, "x", 1, 0, &id, &pending, NULL), CSK_ENULL);
    assert_int_equal(csk_send_zerocopy(&pair[0], NULL, 1, 0, &id, &pending, NULL), CSK_ENULL);
    assert_int_equal(csk_send_zerocopy(&pair[0], "x", 1, 0, NULL, &pending, NULL), CSK_ENULL);
    test_close(pair);
}

/* Both features store state about the socket. */
static void merged_datagrams_do_not_replace_the_option(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;
    struct csk_datagram got[4];
    struct csk_recv_memory memory = { .data = in, .size = SIZE, .message_size = 2048 };
    bool pending;
    uint32_t id;
    int value;

    test_udp(&s, &from);
    test_udp(&peer, &to);
    if (csk_setsockopt_int(&peer, IPPROTO_UDP, UDP_GRO, 1) < 0)
        test_skip("the kernel has no UDP_GRO");
    assert_int_equal(csk_connect(&peer, &from, NULL), 0);
    assert_int_equal(csk_send_segments(&s, out, 20, 10, 0, &to, NULL), 2);
    assert_true(csk_recv_many(&peer, got, 4, &memory, 0) > 0);
    if (csk_send_zerocopy(&peer, "x", 1, 0, &id, &pending, NULL) < 0)
        test_skip("the kernel has no SO_ZEROCOPY for UDP");
    assert_int_equal(csk_getsockopt_int(&peer, SOL_SOCKET, SO_ZEROCOPY, &value), 0);
    assert_int_equal(value, 1);
    csk_close(&s);
    csk_close(&peer);
}

TESTS(TEST(every_buffer_has_a_completion), TEST(unsupported_sockets_are_refused),
      TEST(merged_datagrams_do_not_replace_the_option))
