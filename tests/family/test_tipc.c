/* AF_TIPC: services by name, with each of the four socket types. */
#include "family_test.h"

#include <linux/tipc.h>
#include <string.h>

static void datagrams(int type, const char *range, const char *name)
{
    struct csk_socket server = family_socket(AF_TIPC, type, 0);
    struct csk_socket client = family_socket(AF_TIPC, type, 0);
    struct csk_addr to = family_address(AF_TIPC, 0, name), from, own;
    char data[16];

    family_bind(&server, range);
    own = family_own(&client);
    assert_int_equal(strncmp(family_text(&own), "3,", 2), 0); /* TIPC_ADDR_ID */
    assert_int_equal(csk_sendto(&client, "ping", 4, 0, &to, NULL), 4);
    assert_int_equal(csk_recvfrom(&server, data, sizeof data, 0, &from), 4);
    /* The sender's address is the client's identity, to which an answer can be sent. */
    assert_true(csk_addr_equal(&from, &own));
    assert_int_equal(csk_sendto(&server, "pong!", 5, 0, &from, NULL), 5);
    assert_int_equal(csk_recvfrom(&client, data, sizeof data, 0, &from), 5);
    assert_memory_equal(data, "pong!", 5);
    csk_close(&server);
    csk_close(&client);
}

static void reliable_datagrams(void)
{
    datagrams(SOCK_RDM, "1,0x2000,10,20,2", "2,0x2000,15,0");
}

static void plain_datagrams(void)
{
    datagrams(SOCK_DGRAM, "1,0x2001,10,20,2", "2,0x2001,15,0");
}

static void connections(int type, const char *range, const char *name)
{
    struct csk_socket listener = family_socket(AF_TIPC, type, 0);
    struct csk_socket client = family_socket(AF_TIPC, type, 0);
    struct csk_addr to = family_address(AF_TIPC, 0, name);

    family_bind(&listener, range);
    family_exchange_over_stream(&listener, &client, &to);
    csk_close(&listener);
    csk_close(&client);
}

static void streams(void)
{
    connections(SOCK_STREAM, "1,0x2002,1,1,2", "2,0x2002,1,0");
}

static void packets(void)
{
    connections(SOCK_SEQPACKET, "1,0x2003,1,1,2", "2,0x2003,1,0");
}

static void one_message_to_all_of_a_range(void)
{
    struct csk_socket a = family_socket(AF_TIPC, SOCK_RDM, 0);
    struct csk_socket b = family_socket(AF_TIPC, SOCK_RDM, 0);
    struct csk_addr to = family_address(AF_TIPC, 0, "1,0x2004,0,99");
    char data[16];

    family_bind(&a, "1,0x2004,1,1");
    family_bind(&b, "1,0x2004,2,2");
    assert_int_equal(csk_sendto(&a, "all", 3, 0, &to, NULL), 3);
    assert_int_equal(csk_recv(&b, data, sizeof data, 0), 3);
    csk_close(&a);
    csk_close(&b);
}

static void a_negative_scope_withdraws_the_name(void)
{
    struct csk_socket s = family_socket(AF_TIPC, SOCK_RDM, 0);

    family_bind(&s, "1,0x2005,1,1,2");
    family_bind(&s, "1,0x2005,1,1,-2");
    csk_close(&s);
}

static void a_pair(void)
{
    struct csk_socket probe = family_socket(AF_TIPC, SOCK_SEQPACKET, 0), pair[2];
    char data[16];

    csk_close(&probe);
    family_ok(csk_socketpair(pair, AF_TIPC, SOCK_SEQPACKET, 0));
    assert_int_equal(csk_send(&pair[0], "twin", 4, 0), 4);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 4);
    csk_close(&pair[0]);
    csk_close(&pair[1]);
}

TESTS(TEST(reliable_datagrams), TEST(plain_datagrams), TEST(streams), TEST(packets),
      TEST(one_message_to_all_of_a_range), TEST(a_negative_scope_withdraws_the_name), TEST(a_pair))
