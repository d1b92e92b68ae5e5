/* AF_RDS over TCP on loopback. */
#include "family_test.h"

#include <string.h>

static void a_message_goes_both_ways(void)
{
    struct csk_socket a = family_socket(AF_RDS, SOCK_SEQPACKET, 0);
    struct csk_socket b = family_socket(AF_RDS, SOCK_SEQPACKET, 0);
    struct csk_addr to, from, own;
    char data[16];

    family_bind(&a, "127.0.0.1:0");
    family_bind(&b, "127.0.0.1:0");
    own = family_own(&a);
    to = family_own(&b);
    assert_int_equal(to.sa.sa_family, AF_INET);
    assert_true(csk_addr_port(&to) > 0);
    assert_int_equal(csk_sendto(&a, "hello", 5, 0, &to, NULL), 5);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 5);
    assert_memory_equal(data, "hello", 5);
    assert_true(csk_addr_equal(&from, &own));
    assert_int_equal(csk_sendto(&b, "again!", 6, 0, &from, NULL), 6);
    assert_int_equal(csk_recvfrom(&a, data, sizeof data, 0, &from), 6);
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(a_message_goes_both_ways))
