/* AF_QIPCRTR between two sockets of one node. */
#include "family_test.h"

#include <string.h>

static void a_message_goes_to_a_port(void)
{
    struct csk_socket a = family_socket(AF_QIPCRTR, SOCK_DGRAM, 0);
    struct csk_socket b = family_socket(AF_QIPCRTR, SOCK_DGRAM, 0);
    struct csk_addr to, from, own;
    char data[16];

    own = family_own(&a);
    assert_string_equal(family_text(&own), "1,0"); /* the node itself is 1; no port yet */
    family_ok(csk_bind(&a, &own, NULL));
    family_ok(csk_bind(&b, &own, NULL));
    own = family_own(&a);
    to = family_own(&b);
    assert_int_not_equal(csk_addr_port(&to), csk_addr_port(&own));
    assert_int_equal(csk_sendto(&a, "hello", 5, 0, &to, NULL), 5);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 5);
    assert_memory_equal(data, "hello", 5);
    assert_true(csk_addr_equal(&from, &own));
    assert_int_equal(csk_addr_port(&from), csk_addr_port(&own));
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(a_message_goes_to_a_port))
