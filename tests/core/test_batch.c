/* Many messages in one call. */
#include "sockets.h"

#include <netinet/udp.h>

#define COUNT 200
#define SIZE 1200

static char out[COUNT][SIZE], in[COUNT * SIZE + 2 * 65536];
static struct csk_datagram sent[COUNT], got[COUNT];
static struct csk_addr addrs[COUNT];
static const struct csk_recv_memory memory = {
    .data = in, .size = sizeof in, .message_size = SIZE, .addrs = addrs
};

/* Distinct messages, of one size or of several. */
static void make_messages(struct csk_addr *to, size_t count, bool varying)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < SIZE; j++)
            out[i][j] = (char)(i * 31 + j * 7 + j / 256);
        sent[i] = (struct csk_datagram){ .data = out[i], .addr = to };
        sent[i].size = varying ? (i * 37) % SIZE : 300;
    }
}

/* Receive count messages, with as many calls as necessary, and compare them with those sent,
 * starting with number first. */
static void receive_and_compare(struct csk_socket *s, size_t first, size_t count)
{
    ssize_t n;

    assert_int_equal(csk_settimeout(s, 20 * SECOND), 0);
    for (size_t i = 0; i < count; i += (size_t)n) {
        n = csk_recv_many(s, got, COUNT, &memory, 0);
        assert_in_range(n, 1, count - i);
        for (size_t j = 0; j < (size_t)n; j++) {
            assert_int_equal(got[j].size, sent[first + i + j].size);
            assert_int_equal(got[j].segment_size, 0);
            assert_int_equal(got[j].flags, 0);
            assert_memory_equal(got[j].data, sent[first + i + j].data, got[j].size);
        }
    }
}

static void prepare(struct csk_socket *s, struct csk_socket *peer, struct csk_addr *addr,
                    struct csk_addr *own)
{
    test_udp(peer, addr);
    test_udp(s, own);
    assert_int_equal(csk_setsockopt_int(peer, SOL_SOCKET, SO_RCVBUF, 1 << 20), 0);
}

static void messages_of_any_size_arrive_in_order(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    for (int varying = 0; varying < 2; varying++) {
        make_messages(&to, 100, varying);
        assert_int_equal(csk_send_many(&s, sent, 100, 0, NULL), 100);
        receive_and_compare(&peer, 0, 100);
        assert_true(csk_addr_equal(got[0].addr, &from));
    }
    csk_close(&s);
    csk_close(&peer);
}

static void each_message_goes_to_its_own_address(void)
{
    struct csk_socket s, peers[2];
    struct csk_addr to[2], from;

    prepare(&s, &peers[0], &to[0], &from);
    test_udp(&peers[1], &to[1]);
    make_messages(&to[0], 40, false);
    for (size_t i = 20; i < 40; i++)
        sent[i].addr = &to[1];
    assert_int_equal(csk_send_many(&s, sent, 40, 0, NULL), 40);
    receive_and_compare(&peers[0], 0, 20);
    receive_and_compare(&peers[1], 20, 20);
    csk_close(&s);
    csk_close(&peers[0]);
    csk_close(&peers[1]);
}

static void enable_merging(struct csk_socket *s)
{
    if (csk_setsockopt_int(s, IPPROTO_UDP, UDP_GRO, 1) < 0)
        test_skip("the kernel has no UDP_GRO");
}

static void merged_datagrams_are_divided_again(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    enable_merging(&peer);
    for (int varying = 0; varying < 2; varying++) {
        make_messages(&to, 150, varying);
        assert_int_equal(csk_send_many(&s, sent, 150, 0, NULL), 150);
        receive_and_compare(&peer, 0, 150);
        assert_true(csk_addr_equal(got[0].addr, &from));
    }
    csk_close(&s);
    csk_close(&peer);
}

/* The program may change the option without the library's knowledge. */
static void merging_can_end_at_any_time(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;
    int off = 0;

    prepare(&s, &peer, &to, &from);
    enable_merging(&peer);
    for (int i = 0; i < 3; i++) {
        make_messages(&to, 100, false);
        assert_int_equal(csk_send_many(&s, sent, 100, 0, NULL), 100);
        receive_and_compare(&peer, 0, 100);
        assert_int_equal(setsockopt(peer.fd, IPPROTO_UDP, UDP_GRO, &off, sizeof off), 0);
    }
    csk_close(&s);
    csk_close(&peer);
}

static void merged_datagrams_beyond_the_array_are_not_lost(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;
    size_t total = 0;
    ssize_t n;

    prepare(&s, &peer, &to, &from);
    enable_merging(&peer);
    make_messages(&to, 50, false);
    assert_int_equal(csk_send_many(&s, sent, 50, 0, NULL), 50);
    assert_int_equal(csk_settimeout(&peer, 20 * SECOND), 0);
    while (total < 50 * 300) {
        assert_true((n = csk_recv_many(&peer, got, 3, &memory, 0)) > 0 && n <= 3);
        for (size_t i = 0; i < (size_t)n; i++) {
            for (size_t at = 0; at < got[i].size; at += 300, total += 300)
                assert_memory_equal((char *)got[i].data + at, out[total / 300], 300);
            assert_true(got[i].segment_size == 300 || got[i].size == 300);
        }
    }
    assert_int_equal(total, 50 * 300);
    csk_close(&s);
    csk_close(&peer);
}

static void one_buffer_is_sent_as_datagrams(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    make_messages(&to, 101, false);
    for (size_t i = 0; i < 101; i++)
        memmove(&out[0][0] + i * 300, out[i], 300);
    for (size_t i = 0; i < 101; i++)
        sent[i].data = &out[0][0] + i * 300;
    sent[100].size = 7;
    assert_int_equal(csk_send_segments(&s, out, 100 * 300 + 7, 300, 0, &to, NULL), 101);
    receive_and_compare(&peer, 0, 101);
    assert_int_equal(csk_send_segments(&s, out, 10, 0, 0, &to, NULL), CSK_ERANGE);
    assert_int_equal(csk_send_segments(&s, NULL, 0, 1, 0, &to, NULL), 0);
    csk_close(&s);
    csk_close(&peer);
}

static void control_messages_that_do_not_fit_are_reported_and_not_sent(void)
{
    struct csk_error error;
    struct csk_socket s, peer;
    struct csk_addr to, from;
    static char huge[70000];

    prepare(&s, &peer, &to, &from);
    make_messages(&to, 10, false);
    sent[6] = (struct csk_datagram){ .data = huge, .size = sizeof huge, .addr = &to };
    assert_int_equal(csk_send_many(&s, sent, 10, 0, &error), 6);
    assert_int_equal(error.code, -EMSGSIZE);
    assert_non_null(strstr(error.text, "send to 127.0.0.1:"));
    receive_and_compare(&peer, 0, 6);
    assert_int_equal(csk_send_many(&s, sent + 6, 4, 0, &error), -EMSGSIZE);
    assert_int_equal(csk_send_many(&s, sent + 7, 3, 0, &error), 3);
    assert_int_equal(error.code, 0);
    receive_and_compare(&peer, 7, 3);
    csk_close(&s);
    csk_close(&peer);
}

static void a_full_queue_ends_a_non_blocking_send(void)
{
    struct csk_socket pair[2];
    struct csk_error error;
    ssize_t n;

    test_pair(pair, SOCK_DGRAM);
    make_messages(NULL, COUNT, true);
    assert_int_equal(csk_setblocking(&pair[0], false), 0);
    assert_int_equal(csk_setsockopt_int(&pair[0], SOL_SOCKET, SO_SNDBUF, 1), 0);
    n = csk_send_many(&pair[0], sent, COUNT, 0, &error);
    assert_in_range(n, 1, COUNT - 1);
    assert_int_equal(error.code, -EAGAIN);
    assert_int_equal(csk_send_many(&pair[0], sent + n, 1, 0, NULL), -EAGAIN);
    receive_and_compare(&pair[1], 0, (size_t)n);
    assert_int_equal(csk_setblocking(&pair[1], false), 0);
    assert_int_equal(csk_recv_many(&pair[1], got, COUNT, &memory, 0), -EAGAIN);
    test_close(pair);
}

static void the_timeout_is_for_the_first_message(void)
{
    struct csk_socket s;
    struct csk_addr addr;

    test_udp(&s, &addr);
    assert_int_equal(csk_settimeout(&s, 20 * MS), 0);
    assert_int_equal(csk_recv_many(&s, got, COUNT, &memory, 0), CSK_ETIMEDOUT);
    make_messages(&addr, 1, false);
    assert_int_equal(csk_send_many(&s, sent, 1, 0, NULL), 1);
    assert_int_equal(csk_recv_many(&s, got, COUNT, &memory, 0), 1);
    csk_close(&s);
}

static void the_end_of_a_connection_is_one_empty_message(void)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_SEQPACKET);
    make_messages(NULL, 5, false);
    assert_int_equal(csk_send_many(&pair[0], sent, 5, 0, NULL), 5);
    csk_close(&pair[0]);
    assert_int_equal(csk_recv_many(&pair[1], got, COUNT, &memory, 0), 6);
    assert_int_equal(got[4].size, 300);
    assert_int_equal(got[5].size, 0);
    csk_close(&pair[1]);
}

static void truncation_is_reported_per_message(void)
{
    struct csk_recv_memory small = { .data = in, .size = 30, .message_size = 10 };
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    make_messages(&to, 2, false);
    sent[0].size = 5;
    assert_int_equal(csk_send_many(&s, sent, 2, 0, NULL), 2);
    assert_int_equal(csk_recv_many(&peer, got, COUNT, &small, 0), 2);
    assert_int_equal(got[0].size, 5);
    assert_int_equal(got[0].flags, 0);
    assert_null(got[0].addr);
    assert_int_equal(got[1].size, 10);
    assert_int_equal(got[1].flags, MSG_TRUNC);
    csk_close(&s);
    csk_close(&peer);
}

static void ancillary_data_is_each_messages_own(void)
{
    static _Alignas(size_t) char control[COUNT][64];
    struct csk_recv_memory more = memory;
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    assert_int_equal(csk_setsockopt_int(&peer, IPPROTO_IP, IP_RECVTTL, 1), 0);
    make_messages(&to, 30, false);
    assert_int_equal(csk_send_many(&s, sent, 30, 0, NULL), 30);
    more.control = control;
    more.control_size = sizeof control[0];
    for (ssize_t n, total = 0; total < 30; total += n) {
        assert_true((n = csk_recv_many(&peer, got, COUNT, &more, 0)) > 0);
        for (ssize_t i = 0; i < n; i++) {
            struct csk_msg msg = { .control = got[i].control, .control_size = got[i].control_size };
            struct csk_cmsg item = { 0 };

            assert_int_equal(csk_cmsg_next(&msg, &item), 1);
            assert_int_equal(item.level, IPPROTO_IP);
            assert_int_equal(item.type, IP_TTL);
            assert_int_equal(csk_cmsg_next(&msg, &item), 0);
        }
    }
    csk_close(&s);
    csk_close(&peer);
}

/* The control messages of one message are not sent with the following ones. */
static void ancillary_data_is_sent_with_its_message_alone(void)
{
    static _Alignas(size_t) char given[64], control[COUNT][64];
    struct csk_recv_memory more = memory;
    struct csk_socket s, peer;
    struct csk_addr to, from;
    int ttl = 7;

    prepare(&s, &peer, &to, &from);
    assert_int_equal(csk_setsockopt_int(&peer, IPPROTO_IP, IP_RECVTTL, 1), 0);
    make_messages(&to, 4, false);
    sent[0].control = given;
    assert_int_equal(csk_cmsg_put(given, sizeof given, &sent[0].control_size, IPPROTO_IP, IP_TTL,
                                  &ttl, sizeof ttl),
                     0);
    assert_int_equal(csk_send_many(&s, sent, 4, 0, NULL), 4);
    more.control = control;
    more.control_size = sizeof control[0];
    for (ssize_t n, total = 0; total < 4; total += n) {
        assert_true((n = csk_recv_many(&peer, got, COUNT, &more, 0)) > 0);
        for (ssize_t i = 0; i < n; i++) {
            struct csk_msg msg = { .control = got[i].control, .control_size = got[i].control_size };
            struct csk_cmsg item = { 0 };
            int hops;

            assert_int_equal(csk_cmsg_next(&msg, &item), 1);
            memcpy(&hops, item.data, sizeof hops);
            assert_true((hops == 7) == (total + i == 0));
        }
    }
    csk_close(&s);
    csk_close(&peer);
}

/* After single messages, a few calls suffice until all that have arrived are received at once
 * again; none is lost. */
static void many_messages_are_found_after_single_ones(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;
    ssize_t n, most = 0;

    prepare(&s, &peer, &to, &from);
    make_messages(&to, 60, true);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(csk_send_many(&s, &sent[20], 1, 0, NULL), 1);
        receive_and_compare(&peer, 20, 1);
    }
    assert_int_equal(csk_send_many(&s, sent, 60, 0, NULL), 60);
    for (size_t i = 0; i < 60; i += (size_t)n) {
        n = csk_recv_many(&peer, got, COUNT, &memory, 0);
        assert_in_range(n, 1, 60 - i);
        for (size_t j = 0; j < (size_t)n; j++) {
            assert_int_equal(got[j].size, sent[i + j].size);
            assert_memory_equal(got[j].data, sent[i + j].data, got[j].size);
        }
        most = n > most ? n : most;
    }
    assert_true(most > 40);
    csk_close(&s);
    csk_close(&peer);
}

/* If all the memory is used to receive a single message, the result is still one of message_size,
 * or several merged ones. */
static void single_messages_are_truncated_and_divided(void)
{
    struct csk_recv_memory small = memory;
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    enable_merging(&peer);
    make_messages(&to, 10, false);
    small.message_size = 100;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(csk_send_many(&s, sent, 1, 0, NULL), 1);
        assert_int_equal(csk_recv_many(&peer, got, COUNT, &small, 0), 1);
    }
    assert_int_equal(got[0].size, 100);
    assert_int_equal(got[0].flags, MSG_TRUNC);
    assert_int_equal(csk_send_many(&s, sent, 10, 0, NULL), 10);
    receive_and_compare(&peer, 0, 10);
    csk_close(&s);
    csk_close(&peer);
}

static void truncation_of_single_messages_is_exact(void)
{
    struct csk_recv_memory small = memory;
    struct csk_socket s, peer;
    struct csk_addr to, from;
    static const size_t sizes[] = { 99, 100, 101 };

    prepare(&s, &peer, &to, &from);
    make_messages(&to, 1, false);
    small.message_size = 100;
    for (int i = 0; i < 9; i++) {
        sent[0].size = sizes[i % 3];
        assert_int_equal(csk_send_many(&s, sent, 1, 0, NULL), 1);
        assert_int_equal(csk_recv_many(&peer, got, COUNT, &small, 0), 1);
        assert_int_equal(got[0].size, sizes[i % 3] < 100 ? sizes[i % 3] : 100);
        assert_int_equal(got[0].flags, sizes[i % 3] > 100 ? MSG_TRUNC : 0);
        assert_true(csk_addr_equal(got[0].addr, &from));
    }
    csk_close(&s);
    csk_close(&peer);
}

static void merging_that_begins_after_single_messages_is_noticed(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;

    prepare(&s, &peer, &to, &from);
    make_messages(&to, 10, false);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(csk_send_many(&s, sent, 1, 0, NULL), 1);
        receive_and_compare(&peer, 0, 1);
    }
    enable_merging(&peer);
    assert_int_equal(csk_send_many(&s, sent, 10, 0, NULL), 10);
    receive_and_compare(&peer, 0, 10);
    csk_close(&s);
    csk_close(&peer);
}

/* The caller has not requested descriptors; the test fails if one is left open. */
static void descriptors_of_single_messages_are_not_received(void)
{
    struct iovec buffer = { "x", 1 };
    struct csk_socket pair[2];

    test_pair(pair, SOCK_DGRAM);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(csk_send_fds(&pair[0], &buffer, 1, &pair[0].fd, 1, 0, NULL, NULL), 1);
        assert_int_equal(csk_recv_many(&pair[1], got, COUNT, &memory, 0), 1);
        assert_int_equal(got[0].size, 1);
    }
    test_close(pair);
}

static void wrong_arguments_are_refused(void)
{
    struct csk_recv_memory small = { .data = in, .size = 9, .message_size = 10 };
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    make_messages(NULL, 1, false);
    assert_int_equal(csk_send_many(&pair[0], sent, 1, 0, NULL), -EOPNOTSUPP);
    assert_int_equal(csk_recv_many(&pair[0], got, 1, &memory, 0), -EOPNOTSUPP);
    test_close(pair);
    test_pair(pair, SOCK_DGRAM);
    assert_int_equal(csk_recv_many(&pair[0], got, 1, &small, 0), CSK_ESPACE);
    assert_int_equal(csk_recv_many(&pair[0], got, 0, &memory, 0), 0);
    assert_int_equal(csk_recv_many(&pair[0], got, 1, NULL, 0), CSK_ENULL);
    assert_int_equal(csk_recv_many(&pair[0], NULL, 1, &memory, 0), CSK_ENULL);
    assert_int_equal(csk_recv_many(NULL, got, 1, &memory, 0), CSK_ENULL);
    assert_int_equal(csk_send_many(&pair[0], NULL, 1, 0, NULL), CSK_ENULL);
    sent[0].data = NULL;
    assert_int_equal(csk_send_many(&pair[0], sent, 1, 0, NULL), CSK_ENULL);
    assert_int_equal(csk_send_segments(NULL, out, 1, 1, 0, NULL, NULL), CSK_ENULL);
    test_close(pair);
    assert_int_equal(csk_send_many(&pair[0], sent, 0, 0, NULL), 0);
    assert_int_equal(csk_recv_many(&pair[0], got, 1, &memory, 0), -EBADF);
}

/* Like any other message that cannot be sent, at any position. */
static void a_message_without_data_ends_the_call(void)
{
    struct csk_socket s, peer;
    struct csk_addr to, from;
    struct csk_error error;

    prepare(&s, &peer, &to, &from);
    for (size_t at = 0; at < 70; at += at < 3 ? 1 : 33) {
        for (int varying = 0; varying < 2; varying++) {
            make_messages(&to, 70, varying);
            sent[at].data = NULL;
            sent[at].size = 300;
            assert_int_equal(csk_send_many(&s, sent, 70, 0, &error), at ? (int)at : CSK_ENULL);
            assert_int_equal(error.code, CSK_ENULL);
            receive_and_compare(&peer, 0, at);
            assert_int_equal(csk_recv_many(&peer, got, 1, &memory, MSG_DONTWAIT), -EAGAIN);
        }
    }
    csk_close(&s);
    csk_close(&peer);
}

TESTS(TEST(messages_of_any_size_arrive_in_order), TEST(each_message_goes_to_its_own_address),
      TEST(merged_datagrams_are_divided_again), TEST(merging_can_end_at_any_time),
      TEST(merged_datagrams_beyond_the_array_are_not_lost), TEST(one_buffer_is_sent_as_datagrams),
      TEST(control_messages_that_do_not_fit_are_reported_and_not_sent),
      TEST(a_full_queue_ends_a_non_blocking_send), TEST(the_timeout_is_for_the_first_message),
      TEST(the_end_of_a_connection_is_one_empty_message), TEST(truncation_is_reported_per_message),
      TEST(ancillary_data_is_each_messages_own),
      TEST(ancillary_data_is_sent_with_its_message_alone),
      TEST(many_messages_are_found_after_single_ones),
      TEST(single_messages_are_truncated_and_divided), TEST(truncation_of_single_messages_is_exact),
      TEST(merging_that_begins_after_single_messages_is_noticed),
      TEST(descriptors_of_single_messages_are_not_received), TEST(wrong_arguments_are_refused),
      TEST(a_message_without_data_ends_the_call))
