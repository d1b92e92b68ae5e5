/* The internet families' other protocols, and AF_SMC, which has their addresses. */
#include "family_test.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static void streams(int family, int addresses, int proto, const char *any)
{
    struct csk_socket listener = family_socket(family, SOCK_STREAM, proto);
    struct csk_socket client = family_socket(family, SOCK_STREAM, proto);
    struct csk_addr to;

    family_bind(&listener, any);
    to = family_own(&listener);
    assert_int_equal(to.sa.sa_family, addresses);
    assert_true(csk_addr_port(&to) > 0);
    family_exchange_over_stream(&listener, &client, &to);
    csk_close(&listener);
    csk_close(&client);
}

static void mptcp(void)
{
    streams(AF_INET, AF_INET, IPPROTO_MPTCP, "127.0.0.1:0");
    streams(AF_INET6, AF_INET6, IPPROTO_MPTCP, "[::1]:0");
}

static void sctp_streams(void)
{
    streams(AF_INET, AF_INET, IPPROTO_SCTP, "127.0.0.1:0");
    streams(AF_INET6, AF_INET6, IPPROTO_SCTP, "[::1]:0");
}

static void smc(void)
{
    streams(AF_SMC, AF_INET, 0, "127.0.0.1:0");
    streams(AF_SMC, AF_INET6, 1, "[::1]:0");
}

/* From linux/udp.h; some versions of the C library lack it. */
enum { SEND_CSCOV = 10, RECV_CSCOV = 11 };

static void udplite_covers_a_part(void)
{
    struct csk_socket a = family_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
    struct csk_socket b = family_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
    struct csk_addr to, from;
    int covered = 20, got = 0;
    socklen_t size = sizeof got;
    char data[64];

    family_bind(&b, "127.0.0.1:0");
    to = family_own(&b);
    family_ok(csk_setsockopt(&a, IPPROTO_UDPLITE, SEND_CSCOV, &covered, sizeof covered));
    family_ok(csk_getsockopt(&a, IPPROTO_UDPLITE, SEND_CSCOV, &got, &size));
    assert_int_equal(got, 20);
    assert_int_equal(csk_sendto(&a, "twelve bytes and some", 21, 0, &to, NULL), 21);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 21);
    assert_memory_equal(data, "twelve bytes and some", 21);
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(mptcp), TEST(sctp_streams), TEST(smc), TEST(udplite_covers_a_part))
