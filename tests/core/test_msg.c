/* Messages of many buffers. */
#include "sockets.h"

#include <limits.h>
#include <stdlib.h>

static void buffers_are_gathered_and_scattered(void)
{
    char out[] = "Mary had a little lamb", a[4], b[7], c[20];
    struct iovec parts[] = { { out, 5 }, { out + 5, 0 }, { out + 5, 17 } };
    struct iovec rooms[] = { { a, 4 }, { b, 7 }, { c, 20 } };
    struct csk_msg send = { .buffers = parts, .buffer_count = 3 };
    struct csk_msg recv = { .buffers = rooms, .buffer_count = 3 };
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_sendmsg(&pair[0], &send, 0, NULL), 22);
    assert_int_equal(csk_recvmsg(&pair[1], &recv, 0), 22);
    assert_memory_equal(a, "Mary", 4);
    assert_memory_equal(b, " had a ", 7);
    assert_memory_equal(c, "little lamb", 11);
    assert_int_equal(recv.flags, 0);
    assert_int_equal(recv.control_size, 0);
    test_close(pair);
}

static void a_truncated_datagram_is_reported_with_its_sender(void)
{
    struct csk_socket a, b;
    struct csk_addr addr_a, addr_b, from;
    char data[3];
    struct iovec part = { (void *)"abcdef", 6 }, room = { data, 3 };
    struct csk_msg send = { .buffers = &part, .buffer_count = 1, .addr = &addr_b };
    struct csk_msg recv = { .buffers = &room, .buffer_count = 1, .addr = &from };

    test_udp(&a, &addr_a);
    test_udp(&b, &addr_b);
    assert_int_equal(csk_sendmsg(&a, &send, 0, NULL), 6);
    assert_int_equal(csk_recvmsg(&b, &recv, 0), 3);
    assert_int_equal(recv.flags, MSG_TRUNC);
    assert_int_equal(from.len, addr_a.len);
    assert_memory_equal(&from.sa, &addr_a.sa, from.len);
    csk_close(&a);
    csk_close(&b);
}

static void ancillary_data_comes_with_the_message(void)
{
    struct csk_socket a;
    struct csk_addr addr;
    struct csk_cmsg item = { 0 };
    _Alignas(size_t) char control[256];
    char data[4];
    struct iovec part = { (void *)"x", 1 }, room = { data, 4 };
    struct csk_msg send = { .buffers = &part, .buffer_count = 1, .addr = &addr };
    struct csk_msg recv = {
        .buffers = &room, .buffer_count = 1, .control = control, .control_size = sizeof control
    };
    int ttl = 0;

    test_udp(&a, &addr);
    assert_int_equal(csk_setsockopt_int(&a, IPPROTO_IP, IP_RECVTTL, 1), 0);
    assert_int_equal(csk_setsockopt_int(&a, IPPROTO_IP, IP_RECVTOS, 1), 0);
    assert_int_equal(csk_setsockopt_int(&a, IPPROTO_IP, IP_TTL, 42), 0);
    assert_int_equal(csk_sendmsg(&a, &send, 0, NULL), 1);
    assert_int_equal(csk_recvmsg(&a, &recv, 0), 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_cmsg_next(&recv, &item), 1);
        assert_int_equal(item.level, IPPROTO_IP);
        if (item.type == IP_TTL)
            memcpy(&ttl, item.data, sizeof ttl);
    }
    assert_int_equal(ttl, 42);
    assert_int_equal(csk_cmsg_next(&recv, &item), 0);
    csk_close(&a);
}

#define TOO_MANY (IOV_MAX + 10)

static void a_stream_sends_the_first_of_too_many_buffers(void)
{
    struct iovec *many = calloc(TOO_MANY, sizeof *many);
    struct csk_msg msg = { .buffers = many, .buffer_count = TOO_MANY };
    char bytes[TOO_MANY], back[TOO_MANY] = { 0 };
    struct csk_socket pair[2];

    assert_non_null(many);
    for (int i = 0; i < TOO_MANY; i++) {
        bytes[i] = (char)('a' + i % 26);
        many[i] = (struct iovec){ &bytes[i], 1 };
    }
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_sendmsg(&pair[0], &msg, 0, NULL), IOV_MAX);
    assert_int_equal(csk_send(&pair[0], bytes + IOV_MAX, 10, 0), 10);
    for (int i = 0; i < TOO_MANY; i++)
        many[i].iov_base = &back[i];
    assert_int_equal(csk_recvmsg(&pair[1], &msg, MSG_PEEK), IOV_MAX);
    assert_int_equal(csk_recvmsg(&pair[1], &msg, MSG_WAITALL), TOO_MANY);
    assert_memory_equal(back, bytes, TOO_MANY);
    csk_close(&pair[0]);
    csk_close(&pair[1]);
    test_pair(pair, SOCK_DGRAM);
    assert_int_equal(csk_sendmsg(&pair[0], &msg, 0, NULL), -EMSGSIZE);
    assert_int_equal(csk_recvmsg(&pair[0], &msg, 0), -EMSGSIZE);
    csk_close(&pair[0]);
    csk_close(&pair[1]);
    free(many);
}

static void time_out_and_null_are_reported(void)
{
    char byte = 'x';
    struct iovec one = { &byte, 1 };
    struct csk_msg msg = { .buffers = &one, .buffer_count = 1 };
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 10 * MS), 0);
    assert_int_equal(csk_recvmsg(&pair[0], &msg, 0), CSK_ETIMEDOUT);
    test_fill(&pair[0]);
    assert_int_equal(csk_sendmsg(&pair[0], &msg, 0, NULL), CSK_ETIMEDOUT);
    assert_int_equal(csk_sendmsg(&pair[0], NULL, 0, NULL), CSK_ENULL);
    assert_int_equal(csk_recvmsg(NULL, &msg, 0), CSK_ENULL);
    csk_close(&pair[1]);
    assert_int_equal(csk_sendmsg(&pair[0], &msg, 0, NULL), -EPIPE);
    csk_close(&pair[0]);
}

TESTS(TEST(buffers_are_gathered_and_scattered),
      TEST(a_truncated_datagram_is_reported_with_its_sender),
      TEST(ancillary_data_comes_with_the_message),
      TEST(a_stream_sends_the_first_of_too_many_buffers), TEST(time_out_and_null_are_reported))
