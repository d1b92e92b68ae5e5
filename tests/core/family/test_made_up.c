/* A family that does not exist: one file and one line make the library know it. */
#include "test.h"

#include <csocket/csocket.h>

#include <string.h>

enum { AF_MADE_UP = 150 };

static const struct csk_value values[] = {
    { .kind = CSK_VALUE_INT, .i = 7 },
    { .kind = CSK_VALUE_TEXT, .data = "alice", .size = 5 },
    { .kind = CSK_VALUE_BYTES, .data = "\0\xff", .size = 2 },
};

static void it_is_found_and_listed(void)
{
    const struct csk_family *entry = csk_family_find(AF_MADE_UP, 0), *last = NULL, *f;

    assert_non_null(entry);
    assert_string_equal(csk_family_name(entry), "AF_MADE_UP");
    for (size_t i = 0; (f = csk_family_at(i)); i++)
        last = f;
    assert_ptr_equal(last, entry);
    /* Only the list of families differs from the library's own. */
    assert_null(csk_family_find(AF_NETLINK, 0));
    assert_non_null(csk_family_find(AF_INET, 0));
}

static void its_addresses_are_packed_and_unpacked(void)
{
    static const unsigned char bytes[] = "\0\7alice\0\0\0\0\0\0\0\2\0\xff\0\0\0\0\0";
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_addr_pack(&addr, AF_MADE_UP, 0, values, 3, NULL), 0);
    assert_int_equal(addr.sa.sa_family, AF_MADE_UP);
    assert_int_equal(addr.len, 24);
    assert_memory_equal(addr.bytes + 2, bytes, 22);
    assert_int_equal(csk_addr_unpack(&addr, got, text), 3);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(got[i].kind, values[i].kind);
        assert_int_equal(got[i].size, values[i].size);
        assert_memory_equal(got[i].data, values[i].data, values[i].size);
    }
    assert_int_equal(got[0].i, 7);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "7,alice,00ff");
    assert_int_equal(csk_addr_parse(&again, AF_MADE_UP, 0, text, NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
}

static void its_errors_name_its_fields(void)
{
    struct csk_error error;
    struct csk_addr addr;

    assert_int_equal(csk_addr_parse(&addr, AF_MADE_UP, 0, "1000,alice", &error), CSK_EADDRFIELD);
    assert_string_equal(error.text, "AF_MADE_UP address: channel 1000 is out of range (0-999)");
    assert_int_equal(csk_addr_parse(&addr, AF_MADE_UP, 0, "1,a-name-of-16-ch", &error),
                     CSK_EADDRVALUE);
    assert_string_equal(error.text, "AF_MADE_UP address: name too long: 15 bytes, at most 11");
    assert_int_equal(csk_addr_pack(&addr, AF_MADE_UP, 0, values, 1, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_MADE_UP address: 2 to 3 fields are required, got 1");
}

TESTS(TEST(it_is_found_and_listed), TEST(its_addresses_are_packed_and_unpacked),
      TEST(its_errors_name_its_fields))
