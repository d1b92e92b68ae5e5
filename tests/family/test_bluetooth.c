/* AF_BLUETOOTH between two virtual controllers (tests/vm/bluetooth_pair.py). */
#include "family_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { L2CAP, HCI, SCO, RFCOMM };

static const char *controller(const char *which)
{
    const char *address = getenv(which);

    if (!address)
        test_skip("%s is not set: no virtual controllers", which);
    return address;
}

/* Bind at one controller and connect from the other; the arguments follow the controllers'
 * addresses. */
static void connections(int type, int proto, const char *channel, const char *any)
{
    const char *a = controller("CSK_BLUETOOTH_A"), *b = controller("CSK_BLUETOOTH_B");
    struct csk_socket listener = family_socket(AF_BLUETOOTH, type, proto);
    struct csk_socket client = family_socket(AF_BLUETOOTH, type, proto);
    char here[64], there[64];
    struct csk_addr to;

    snprintf(here, sizeof here, "%s%s", a, channel);
    snprintf(there, sizeof there, "%s%s", b, any);
    family_bind(&listener, here);
    to = family_own(&listener);
    assert_string_equal(family_text(&to), here);
    family_bind(&client, there);
    family_exchange_over_stream(&listener, &client, &to);
    csk_close(&client);
    csk_close(&listener);
}

static void l2cap(void)
{
    connections(SOCK_SEQPACKET, L2CAP, ",4097", ",0");
}

static void rfcomm(void)
{
    connections(SOCK_STREAM, RFCOMM, ",7", ",0");
}

static void l2cap_binds_for_low_energy(void)
{
    struct csk_socket s = family_socket(AF_BLUETOOTH, SOCK_SEQPACKET, L2CAP);
    struct csk_addr own;

    family_bind(&s, "00:00:00:00:00:00,0,4,1"); /* the attribute protocol's channel */
    own = family_own(&s);
    assert_string_equal(family_text(&own), "00:00:00:00:00:00,0,4,1");
    csk_close(&s);
}

/* The controller answers a command with an event. */
static void hci(void)
{
    static const unsigned char read_local_version[] = { 1, 0x01, 0x10, 0 };
    struct csk_socket s = family_socket(AF_BLUETOOTH, SOCK_RAW, HCI);
    struct {
        uint32_t type_mask, event_mask[2];
        uint16_t opcode;
    } filter = { 1 << 4, { 0xffffffff, 0xffffffff }, 0 };
    unsigned char event[260];
    struct csk_addr own;
    ssize_t n;

    controller("CSK_BLUETOOTH_A");
    family_bind(&s, "0");
    own = family_own(&s);
    assert_string_equal(family_text(&own), "0");
    family_ok(csk_setsockopt(&s, 0 /* SOL_HCI */, 2 /* HCI_FILTER */, &filter, sizeof filter));
    assert_int_equal(csk_send(&s, read_local_version, sizeof read_local_version, 0),
                     sizeof read_local_version);
    do
        n = family_ok(csk_recv(&s, event, sizeof event, 0));
    while (n < 7 || event[1] != 0x0e || event[4] != 0x01 || event[5] != 0x10);
    assert_int_equal(event[6], 0); /* it worked */
    csk_close(&s);
}

static void sco(void)
{
    connections(SOCK_SEQPACKET, SCO, "", "");
}

static void sco_binds_to_an_address_alone(void)
{
    struct csk_socket s = family_socket(AF_BLUETOOTH, SOCK_SEQPACKET, SCO);
    struct csk_addr own;

    family_bind(&s, "00:00:00:00:00:00");
    own = family_own(&s);
    assert_string_equal(family_text(&own), "00:00:00:00:00:00");
    csk_close(&s);
}

TESTS(TEST(l2cap), TEST(rfcomm), TEST(l2cap_binds_for_low_energy), TEST(hci), TEST(sco),
      TEST(sco_binds_to_an_address_alone))
