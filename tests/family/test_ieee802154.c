/* AF_IEEE802154: datagrams between fakelb's two radios, numbers 1 and 2 of the network 0xabcd. */
#include "family_test.h"

#include <errno.h>

static struct csk_socket radio(const char *text)
{
    struct csk_socket s = family_socket(AF_IEEE802154, SOCK_DGRAM, 0);
    struct csk_addr addr = family_address(AF_IEEE802154, 0, text);
    int n = csk_bind(&s, &addr, NULL);

    if (n == -ENODEV)
        test_skip("no radio has the address %s", text);
    family_ok(n);
    return s;
}

static void datagrams_go_from_radio_to_radio(void)
{
    struct csk_socket a = radio("2,0xabcd,0x1"), b = radio("2,0xabcd,0x2");
    struct csk_addr to = family_address(AF_IEEE802154, 0, "2,0xabcd,0x2");

    family_exchange_datagrams(&a, &b, &to, "2,43981,0x1");
    csk_close(&a);
    csk_close(&b);
}

static void raw_sockets_send_whole_frames(void)
{
    /* A data frame, number 7, within the network, between short addresses: to 2, from 1. */
    static const char frame[] = "\x41\x88\x07\xcd\xab\x02\0\x01\0hello";
    struct csk_socket b = radio("2,0xabcd,0x2"), s = family_socket(AF_IEEE802154, SOCK_RAW, 0);
    struct csk_addr own = family_address(AF_IEEE802154, 0, "2,0xabcd,0x1"), from;
    char data[128];

    family_ok(csk_bind(&s, &own, NULL));
    assert_int_equal(csk_send(&s, frame, sizeof frame - 1, 0), sizeof frame - 1);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 5);
    assert_memory_equal(data, "hello", 5);
    assert_string_equal(family_text(&from), "2,43981,0x1");
    csk_close(&s);
    csk_close(&b);
}

static void an_address_of_a_missing_radio_is_refused(void)
{
    struct csk_socket s = family_socket(AF_IEEE802154, SOCK_DGRAM, 0);
    struct csk_addr addr = family_address(AF_IEEE802154, 0, "2,0x1234,0x5678");

    assert_int_equal(csk_bind(&s, &addr, NULL), -ENODEV);
    csk_close(&s);
}

TESTS(TEST(datagrams_go_from_radio_to_radio), TEST(raw_sockets_send_whole_frames),
      TEST(an_address_of_a_missing_radio_is_refused))
