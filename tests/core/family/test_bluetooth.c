/* AF_BLUETOOTH: the bytes, as the kernel's include/net/bluetooth has them, and Python's errors. */
#include "test.h"
#include "values.h"

#include <csocket/csocket.h>

#include <string.h>

enum { L2CAP, HCI, SCO, RFCOMM };

static void check(int proto, const struct csk_value *values, size_t count, const char *after_family,
                  size_t size, socklen_t len, const char *text)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char room[CSK_ADDR_TEXT_MAX];
    struct csk_error error = { 0 };

    if (csk_addr_pack(&addr, AF_BLUETOOTH, proto, values, count, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(addr.len, len);
    assert_int_equal(addr.sa.sa_family, AF_BLUETOOTH);
    assert_memory_equal(addr.bytes + 2, after_family, size);
    assert_int_equal(csk_addr_unpack(&addr, got, room), count);
    for (size_t i = 0; i < count; i++)
        if (got[i].kind == CSK_VALUE_INT)
            assert_int_equal(got[i].i, values[i].i);
        else
            assert_int_equal(got[i].size, strlen("00:11:22:33:44:55"));
    csk_addr_format(&addr, room, sizeof room);
    assert_string_equal(room, text);
    assert_int_equal(csk_addr_parse(&again, AF_BLUETOOTH, proto, text, NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
}

static void refuse(int proto, const struct csk_value *values, size_t count, int code,
                   const char *text)
{
    struct csk_error error = { 0 };
    struct csk_addr addr;

    assert_int_equal(csk_addr_pack(&addr, AF_BLUETOOTH, proto, values, count, &error), code);
    assert_string_equal(error.text, text);
}

static void l2cap_has_little_endian_numbers_and_a_reversed_address(void)
{
    check(L2CAP, VALUES(TEXT("00:11:22:AA:BB:CC"), INT(0x1001)),
          RAW("\x01\x10\xcc\xbb\xaa\x22\x11\x00\x00\x00\x00"), 14, "00:11:22:AA:BB:CC,4097");
    check(L2CAP, VALUES(TEXT("00:11:22:aa:bb:cc"), INT(0), INT(4), INT(1)),
          RAW("\x00\x00\xcc\xbb\xaa\x22\x11\x00\x04\x00\x01"), 14, "00:11:22:AA:BB:CC,0,4,1");
    check(L2CAP, VALUES(TEXT("0:1:2:a:b:c"), INT(0x80), INT(0), INT(2)),
          RAW("\x80\x00\x0c\x0b\x0a\x02\x01\x00\x00\x00\x02"), 14, "00:01:02:0A:0B:0C,128,0,2");
}

static void rfcomm_hci_and_sco(void)
{
    static const uint16_t hci[] = { 0, 1 }; /* in host byte order */

    check(RFCOMM, VALUES(TEXT("00:11:22:AA:BB:CC"), INT(30)),
          RAW("\xcc\xbb\xaa\x22\x11\x00\x1e\x00"), 10, "00:11:22:AA:BB:CC,30");
    check(HCI, VALUES(INT(0)), RAW("\0\0\0\0"), 6, "0");
    check(HCI, VALUES(INT(0), INT(1)), (const char *)hci, sizeof hci, 6, "0,1");
    check(SCO, VALUES(TEXT("00:11:22:AA:BB:CC")), RAW("\xcc\xbb\xaa\x22\x11\x00"), 8,
          "00:11:22:AA:BB:CC");
    check(SCO, VALUES(BYTES("00:11:22:AA:BB:CC")), RAW("\xcc\xbb\xaa\x22\x11\x00"), 8,
          "00:11:22:AA:BB:CC");
}

/* Python raises OSError, not TypeError, here: CSK_EADDRFORMAT. */
static void fields_of_the_wrong_type_are_refused(void)
{
    refuse(L2CAP, VALUES(TEXT("00:00:00:00:00:00")), CSK_EADDRFORMAT,
           "AF_BLUETOOTH L2CAP address: 2 to 4 fields are required, got 1");
    refuse(L2CAP, VALUES(BYTES("00:00:00:00:00:00"), INT(1)), CSK_EADDRFORMAT,
           "AF_BLUETOOTH L2CAP address: bdaddr takes a Bluetooth address like "
           "00:11:22:33:44:55, not 17 bytes");
    refuse(RFCOMM, VALUES(TEXT("00:00:00:00:00:00"), INT(1), INT(0)), CSK_EADDRFORMAT,
           "AF_BLUETOOTH RFCOMM address: 2 fields are required, got 3");
    refuse(RFCOMM, VALUES(TEXT("00:00:00:00:00:00\0"), INT(1)), CSK_EADDRFORMAT,
           "AF_BLUETOOTH RFCOMM address: bdaddr takes a Bluetooth address like "
           "00:11:22:33:44:55, not \"00:00:00:00:00:00\"");
    refuse(RFCOMM, VALUES(TEXT("invalid"), INT(1)), CSK_EADDRFORMAT,
           "AF_BLUETOOTH RFCOMM address: bdaddr takes a Bluetooth address like "
           "00:11:22:33:44:55, not \"invalid\"");
    refuse(HCI, NULL, 0, CSK_EADDRFORMAT,
           "AF_BLUETOOTH HCI address: 1 to 2 fields are required, got 0");
    refuse(HCI, VALUES(TEXT("00:00:00:00:00:00")), CSK_EADDRFORMAT,
           "AF_BLUETOOTH HCI address: device_id takes a number, 0 to 65535, not "
           "\"00:00:00:00:00:00\"");
    refuse(SCO, VALUES(TEXT("00:00:00:00:00:00\0")), CSK_EADDRVALUE,
           "AF_BLUETOOTH SCO address: bdaddr must not contain a null character");
    refuse(RFCOMM, VALUES(TEXT("00:00:00:00:00:00"), INT(256)), CSK_EADDRFIELD,
           "AF_BLUETOOTH RFCOMM address: channel 256 is out of range (0-255)");
}

static void invalid_bluetooth_addresses_are_refused(void)
{
    static const char *const wrong[] = { "",
                                         "00:11:22:33:44",
                                         "00:11:22:33:44:",
                                         "00:11:22:33:44:55:66",
                                         "00:11:22:33:44:555",
                                         "00:11:22:33:44:5g",
                                         "00-11-22-33-44-55",
                                         " 00:11:22:33:44:55",
                                         "00:11:22:33:44:55 ",
                                         ":11:22:33:44:55" };
    struct csk_addr addr;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(csk_addr_parse(&addr, AF_BLUETOOTH, SCO, wrong[i], NULL), CSK_EADDRFORMAT);
}

static void family_descriptions_mark_addresses_without_a_tuple(void)
{
    assert_true(csk_family_flags(csk_family_find(AF_BLUETOOTH, SCO)) & CSK_FAMILY_SCALAR_ONLY);
    assert_true(csk_family_flags(csk_family_find(AF_BLUETOOTH, HCI)) & CSK_FAMILY_SCALAR_IN);
    assert_false(csk_family_flags(csk_family_find(AF_BLUETOOTH, HCI)) & CSK_FAMILY_SCALAR_ONLY);
    assert_false(csk_family_flags(csk_family_find(AF_BLUETOOTH, L2CAP)) & CSK_FAMILY_SCALAR_IN);
    assert_null(csk_family_find(AF_BLUETOOTH, 99));
}

TESTS(TEST(l2cap_has_little_endian_numbers_and_a_reversed_address),
      TEST(rfcomm_hci_and_sco), TEST(fields_of_the_wrong_type_are_refused),
      TEST(invalid_bluetooth_addresses_are_refused),
      TEST(family_descriptions_mark_addresses_without_a_tuple))
