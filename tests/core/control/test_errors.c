/* The error queue and timestamps, on the loopback interface. */
#include "sockets.h"

#include <string.h>
#include <time.h>

static struct csk_queued_error entry;
static char data[100];

/* Wait for the next entry, and assert that poll() reports it as an error. */
static ssize_t next_entry(struct csk_socket *s)
{
    ssize_t n;

    for (int i = 0; i < 1000; i++) {
        if ((n = csk_recv_error(s, &entry, data, sizeof data)) != -EAGAIN)
            return n;
        assert_true(csk_wait(s, 0, 100 * MS) >= 0);
    }
    return n;
}

static void a_closed_port_is_reported_with_its_address(void)
{
    struct csk_socket s, closed;
    struct csk_addr addr, own;

    test_refusing(&closed, SOCK_DGRAM, &addr);
    test_udp(&s, &own);
    assert_int_equal(csk_setsockopt_int(&s, IPPROTO_IP, IP_RECVERR, 1), 0);
    assert_int_equal(csk_recv_error(&s, &entry, data, sizeof data), -EAGAIN);
    assert_int_equal(csk_sendto(&s, "hello", 5, 0, &addr, NULL), 5);
    assert_int_equal(next_entry(&s), 5);
    assert_memory_equal(data, "hello", 5);
    assert_int_equal(entry.origin, CSK_ORIGIN_ICMP);
    assert_int_equal(entry.code, -ECONNREFUSED);
    assert_int_equal(entry.icmp_type, 3);
    assert_int_equal(entry.icmp_code, 3);
    assert_true(csk_addr_equal(&entry.addr, &addr));
    assert_int_equal(csk_addr_port(&entry.offender), 0);
    assert_int_equal(entry.offender.sa.sa_family, AF_INET);
    assert_int_equal(csk_recv_error(&s, &entry, data, sizeof data), -EAGAIN);
    csk_close(&s);
    csk_close(&closed);
}

static void a_message_that_is_too_long_is_reported_with_the_mtu(void)
{
    static char large[65000];
    struct csk_socket s;
    struct csk_addr addr;

    test_udp(&s, &addr);
    assert_int_equal(csk_setsockopt_int(&s, IPPROTO_IP, IP_RECVERR, 1), 0);
    assert_int_equal(csk_setsockopt_int(&s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO), 0);
    addr = test_loopback(9);
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    if (csk_send(&s, large, sizeof large, 0) != -EMSGSIZE)
        test_skip("the loopback interface takes 65000 bytes");
    assert_int_equal(next_entry(&s) >= 0, 1);
    assert_int_equal(entry.origin, CSK_ORIGIN_LOCAL);
    assert_int_equal(entry.code, -EMSGSIZE);
    assert_in_range(entry.mtu, 68, 65535);
    assert_int_equal(entry.offender.len, 0);
    csk_close(&s);
}

static void sends_have_timestamps_and_ids(void)
{
    int64_t now = (int64_t)time(NULL) * SECOND;
    struct csk_error error = { 0, "" };
    struct csk_socket s;
    struct csk_addr addr;
    bool sent[3] = { false };

    test_udp(&s, &addr);
    if (csk_enable_timestamps(&s, true, &error) < 0)
        test_skip("%s", error.text);
    for (int i = 0; i < 3; i++)
        assert_int_equal(csk_sendto(&s, "x", 1, 0, &addr, NULL), 1);
    while (!(sent[0] && sent[1] && sent[2])) {
        assert_true(next_entry(&s) >= 0);
        assert_int_equal(entry.origin, CSK_ORIGIN_TIMESTAMP);
        assert_int_equal(entry.code, 0);
        assert_in_range(entry.id, 0, 2);
        assert_true(entry.software > now - 10 * SECOND && entry.software < now + 1000 * SECOND);
        if (entry.stage == CSK_STAGE_SENT)
            sent[entry.id] = true;
        else
            assert_int_equal(entry.stage, CSK_STAGE_SCHEDULED);
    }
    csk_close(&s);
}

static void received_messages_have_a_time(void)
{
    _Alignas(size_t) static char control[CSK_CONTROL_MAX];
    struct iovec part = { data, sizeof data };
    struct csk_msg msg = {
        .buffers = &part, .buffer_count = 1, .control = control, .control_size = sizeof control
    };
    int64_t now = (int64_t)time(NULL) * SECOND, at = 0;
    struct csk_socket s;
    struct csk_addr addr;

    test_udp(&s, &addr);
    assert_int_equal(csk_enable_timestamps(&s, false, NULL), 0);
    /* The kernel begins to take timestamps a moment later. */
    for (int i = 0; at == 0 && i < 5000; i++) {
        msg.control_size = sizeof control;
        assert_int_equal(csk_sendto(&s, "x", 1, 0, &addr, NULL), 1);
        assert_int_equal(csk_recvmsg(&s, &msg, 0), 1);
        if (csk_control_get_field(&msg, "SCM_TIMESTAMPING", "software", &at, NULL) < 0)
            usleep(1000);
    }
    assert_true(at > now - 10 * SECOND && at < now + 1000 * SECOND);
    assert_int_equal(csk_recv_error(&s, &entry, data, sizeof data), -EAGAIN);
    csk_close(&s);
}

static void wrong_arguments_are_refused(void)
{
    struct csk_socket s = CSK_SOCKET_INIT;

    assert_int_equal(csk_recv_error(NULL, &entry, data, 1), CSK_ENULL);
    assert_int_equal(csk_recv_error(&s, NULL, data, 1), CSK_ENULL);
    assert_int_equal(csk_recv_error(&s, &entry, NULL, 1), CSK_ENULL);
    assert_int_equal(csk_recv_error(&s, &entry, NULL, 0), -EBADF);
    assert_int_equal(csk_enable_timestamps(NULL, true, NULL), CSK_ENULL);
}

TESTS(TEST(a_closed_port_is_reported_with_its_address),
      TEST(a_message_that_is_too_long_is_reported_with_the_mtu),
      TEST(sends_have_timestamps_and_ids), TEST(received_messages_have_a_time),
      TEST(wrong_arguments_are_refused))
