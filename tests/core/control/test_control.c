/* Control messages by name: sent, received, parsed and formatted. */
#include "sockets.h"

#include <net/if.h>
#include <string.h>
#include <time.h>

static _Alignas(size_t) char control[CSK_CONTROL_MAX];
static struct csk_msg msg = { .control = control };
static char text[1000];

static void put(const char *name, const char *value)
{
    struct csk_error error = { 0, "" };

    if (csk_control_put(control, sizeof control, &msg.control_size, name, value, &error) < 0)
        fail_msg("%s %s: %s", name, value, error.text);
}

static void enable(struct csk_socket *s, int level, int option)
{
    assert_int_equal(csk_setsockopt_int(s, level, option, 1), 0);
}

static void receive(struct csk_socket *s)
{
    char data[10];
    struct iovec part = { data, sizeof data };

    msg = (struct csk_msg){
        .buffers = &part, .buffer_count = 1, .control = control, .control_size = sizeof control
    };
    assert_int_equal(csk_recvmsg(s, &msg, 0), 1);
    assert_int_equal(msg.flags, 0);
    msg.buffers = NULL;
}

static void received_control_messages_are_read_by_name(void)
{
    struct csk_socket s;
    struct csk_addr addr;
    int64_t number, before = (int64_t)time(NULL);
    struct csk_cmsg item;

    test_udp(&s, &addr);
    enable(&s, IPPROTO_IP, IP_PKTINFO);
    enable(&s, IPPROTO_IP, IP_RECVTTL);
    enable(&s, IPPROTO_IP, IP_RECVTOS);
    enable(&s, SOL_SOCKET, SO_TIMESTAMPNS);
    assert_int_equal(csk_sendto(&s, "x", 1, 0, &addr, NULL), 1);
    receive(&s);
    assert_int_equal(csk_control_get_number(&msg, "IP_TTL", &number, NULL), 0);
    assert_int_equal(number, 64);
    assert_int_equal(csk_control_get_number(&msg, "timestampns", &number, NULL), 0);
    assert_true(number / SECOND >= before - 1 && number / SECOND <= before + 60);
    assert_int_equal(csk_control_get_field(&msg, "IP_PKTINFO", "ifindex", &number, NULL), 0);
    assert_int_equal(number, if_nametoindex("lo"));
    assert_true(csk_control_get(&msg, "IP_PKTINFO", text, sizeof text, NULL) > 0);
    assert_string_equal(text, "ifindex=lo spec_dst=127.0.0.1 addr=127.0.0.1");
    assert_int_equal(csk_control_get_bytes(&msg, "IP_TOS", &item, NULL), 1);
    assert_int_equal(item.size, 1);
    assert_true(csk_control_format(&msg, AF_INET, text, sizeof text) > 0);
    assert_non_null(strstr(text, "SCM_TIMESTAMPNS="));
    assert_non_null(
        strstr(text, "IP_PKTINFO=(ifindex=lo spec_dst=127.0.0.1 addr=127.0.0.1), IP_TTL=64"));
    csk_close(&s);
}

static void added_control_messages_are_sent(void)
{
    struct iovec part = { "x", 1 };
    struct csk_socket s;
    struct csk_addr addr;
    int64_t number;

    test_udp(&s, &addr);
    enable(&s, IPPROTO_IP, IP_RECVTTL);
    enable(&s, IPPROTO_IP, IP_RECVTOS);
    msg = (struct csk_msg){
        .buffers = &part, .buffer_count = 1, .control = control, .addr = &addr
    };
    put("IP_TTL", "7");
    put("ip_tos", "2");
    put("IP_PKTINFO", "spec_dst=127.0.0.1");
    assert_int_equal(csk_sendmsg(&s, &msg, 0, NULL), 1);
    receive(&s);
    assert_int_equal(csk_control_get_number(&msg, "IP_TTL", &number, NULL), 0);
    assert_int_equal(number, 7);
    assert_int_equal(csk_control_get_number(&msg, "IP_TOS", &number, NULL), 0);
    assert_int_equal(number, 2);
    csk_close(&s);
}

/* For every layout that can be sent and received, the text can be parsed again. */
static void text_is_read_back(void)
{
    static const char *const values[][2] = {
        { "SCM_CREDENTIALS", "pid=1 uid=2 gid=3" }, { "SO_MARK", "17" },
        { "IPV6_PKTINFO", "fe80::1 dev lo" },       { "IPV6_HOPLIMIT", "3" },
        { "SCTP_SNDRCV", "stream=1 ppid=2" },       { "RDS_CMSG_RDMA_DEST", "5" },
    };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        msg.control_size = 0;
        put(values[i][0], values[i][1]);
        assert_true(csk_control_get(&msg, values[i][0], text, sizeof text, NULL) >= 0);
        assert_string_equal(text, values[i][1]);
    }
}

static void times_have_nanoseconds(void)
{
    struct timespec times[3] = { { 1, 5 }, { 0, 0 }, { 2, 250000000 } };
    struct timeval micros = { 3, 5 };
    int64_t number;

    msg.control_size = 0;
    assert_int_equal(csk_cmsg_put(control, sizeof control, &msg.control_size, SOL_SOCKET,
                                  SO_TIMESTAMPING, times, sizeof times),
                     0);
    assert_int_equal(csk_cmsg_put(control, sizeof control, &msg.control_size, SOL_SOCKET,
                                  SO_TIMESTAMP, &micros, sizeof micros),
                     0);
    assert_true(csk_control_format(&msg, AF_INET, text, sizeof text) > 0);
    assert_string_equal(text, "SCM_TIMESTAMPING=(software=1.000000005s hardware=2.25s), "
                              "SCM_TIMESTAMP=3.000005s");
    assert_int_equal(csk_control_get_field(&msg, "timestamping", "hardware", &number, NULL), 0);
    assert_true(number == 2250000000);
    assert_int_equal(csk_control_get_number(&msg, "timestamp", &number, NULL), 0);
    assert_true(number == 3000005000);
}

static void expect(int code, int expected, const struct csk_error *error, const char *words)
{
    assert_int_equal(code, expected);
    assert_int_equal(error->code, expected);
    assert_string_equal(error->text, words);
}

static void errors_name_their_cause(void)
{
    struct csk_error error;
    struct csk_cmsg item;
    int64_t number;
    size_t used = 0;

    msg.control_size = 0;
    put("SCM_CREDENTIALS", "pid=1 uid=2 gid=3");
    expect(csk_control_get_number(&msg, "IP_TTL", &number, &error), -ENOMSG, &error,
           "the message has no IP_TTL");
    expect(csk_control_get(&msg, "IP_TTLL", text, sizeof text, &error), CSK_EOPTION, &error,
           "unknown control message IP_TTLL");
    expect(csk_control_get_number(&msg, "credentials", &number, &error), CSK_EOPTVALUE, &error,
           "SCM_CREDENTIALS is not a number");
    expect(csk_control_get_field(&msg, "credentials", "sid", &number, &error), CSK_EOPTVALUE,
           &error, "SCM_CREDENTIALS has no field sid");
    expect(csk_control_put(control, 10, &used, "IP_TTL", "1", &error), CSK_ESPACE, &error,
           "IP_TTL does not fit into the buffer");
    expect(csk_control_put(control, 10, &used, "UDP_GRO", "1", &error), CSK_EOPTION, &error,
           "UDP_GRO can only be received");
    expect(csk_control_put(control, 10, &used, "XX", "1", &error), CSK_EOPTION, &error,
           "unknown control message XX");
    assert_int_equal(csk_control_put(control, 100, &used, "IP_TTL", "x", &error), CSK_EOPTVALUE);
    assert_int_equal(used, 0);
    assert_int_equal(csk_control_get_bytes(NULL, "IP_TTL", &item, NULL), CSK_ENULL);
    assert_int_equal(csk_control_get_number(&msg, "IP_TTL", NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_control_get_field(&msg, "IP_TTL", NULL, &number, NULL), CSK_ENULL);
    assert_int_equal(csk_control_put(NULL, 0, &used, "IP_TTL", "1", NULL), CSK_ENULL);
    assert_int_equal(csk_control_format(NULL, 0, text, 1), CSK_ENULL);
    memset(control, 1, 100);
    msg.control_size = 3 * sizeof(size_t);
    memset(control, 0, sizeof(size_t));
    assert_int_equal(csk_control_get(&msg, "IP_TTL", text, sizeof text, NULL), CSK_EANCILLARY);
}

static void unknown_and_short_messages_are_read_as_bytes(void)
{
    msg.control_size = 0;
    assert_int_equal(
        csk_cmsg_put(control, sizeof control, &msg.control_size, 4321, 7, "\x01\xff", 2), 0);
    assert_int_equal(
        csk_cmsg_put(control, sizeof control, &msg.control_size, IPPROTO_IP, IP_TTL, "\x40", 1), 0);
    assert_true(csk_control_format(&msg, AF_INET, text, sizeof text) > 0);
    assert_string_equal(text, "4321:7=01ff, 0:2=40");
    assert_int_equal(csk_control_format(&msg, AF_INET, text, 5), 19);
    assert_string_equal(text, "4321");
}

TESTS(TEST(received_control_messages_are_read_by_name), TEST(added_control_messages_are_sent),
      TEST(text_is_read_back), TEST(times_have_nanoseconds), TEST(errors_name_their_cause),
      TEST(unknown_and_short_messages_are_read_as_bytes))
