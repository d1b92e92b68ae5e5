/* AF_PHONET: datagrams between two objects of this machine; tests/vm/links.py sets its address. */
#include "family_test.h"

#include <errno.h>

/* Device 0 means no device; the kernel chooses a port from its objects. */
static void the_kernel_chooses_an_object(void)
{
    struct csk_socket s = family_socket(AF_PHONET, SOCK_DGRAM, 0);
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr own;

    family_bind(&s, "0,0");
    own = family_own(&s);
    assert_int_equal(csk_addr_unpack(&own, values, text), 3);
    assert_true(values[0].i != 0 || values[1].i != 0);
    csk_close(&s);
}

static struct csk_socket object(const char *text)
{
    struct csk_socket s = family_socket(AF_PHONET, SOCK_DGRAM, 0);
    struct csk_addr addr = family_address(AF_PHONET, 0, text);
    int n = csk_bind(&s, &addr, NULL);

    if (n == -EADDRNOTAVAIL)
        test_skip("this machine has no Phonet address 0x40");
    family_ok(n);
    return s;
}

static void datagrams_go_from_object_to_object(void)
{
    struct csk_socket a = object("0x40,0x21"), b = object("0x40,0x22,0x55");
    struct csk_addr to = family_address(AF_PHONET, 0, "0x40,0x22,0x55");

    family_exchange_datagrams(&a, &b, &to, "64,33,85");
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(the_kernel_chooses_an_object), TEST(datagrams_go_from_object_to_object))
