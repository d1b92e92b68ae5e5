/* Other systems' families, on the bytes that their public documentation describes.  The first two
 * bytes, a length and a family or a family alone, are the system's that runs. */
#include "address/address.h"
#include "test.h"
#include "values.h"

#include <string.h>

static const struct csk_family *find(const char *name)
{
    const struct csk_family *f;

    for (size_t i = 0; (f = cski_family_foreign(i)); i++)
        if (strcmp(f->name, name) == 0)
            return f;
    for (size_t i = 0; (f = csk_family_at(i)); i++)
        if (strcmp(csk_family_name(f), name) == 0)
            return f;
    fail_msg("no family %s", name);
    return NULL;
}

static void check(const char *name, const struct csk_value *values, size_t count,
                  const char *after_family, size_t size, const char *text)
{
    const struct csk_family *f = find(name);
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char room[CSK_ADDR_TEXT_MAX];
    struct csk_error error = { 0 };
    int n;

    if (cski_addr_pack(f, -1, &addr, 0, values, count, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(addr.len, size + 2);
    assert_memory_equal(addr.bytes + 2, after_family, size);
    n = cski_addr_unpack(f, -1, &addr, got, room);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(got[i].kind, values[i].kind);
        if (got[i].kind == CSK_VALUE_INT) {
            assert_int_equal(got[i].i, values[i].i);
        } else {
            assert_int_equal(got[i].size, values[i].size);
            assert_memory_equal(got[i].data, values[i].data, values[i].size);
        }
    }
    assert_true(n >= (int)count);
    cski_addr_format(f, &addr, room);
    assert_string_equal(room, text);
    if (cski_addr_parse(f, &again, 0, text, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(again.len, addr.len);
    assert_memory_equal(again.bytes, addr.bytes, addr.len);
}

static void refuse(const char *name, const struct csk_value *values, size_t count, int code,
                   const char *text)
{
    struct csk_error error = { 0 };
    struct csk_addr addr;

    assert_int_equal(cski_addr_pack(find(name), -1, &addr, 0, values, count, &error), code);
    assert_string_equal(error.text, text);
}

/* A GUID's first three numbers are little-endian. */
static void hyperv(void)
{
    check("AF_HYPERV",
          VALUES(TEXT("a42e7cda-d03f-480c-9cc2-a4de20abb878"),
                 TEXT("00000000-0000-0000-0000-000000000000")),
          RAW("\0\0\xda\x7c\x2e\xa4\x3f\xd0\x0c\x48\x9c\xc2\xa4\xde\x20\xab\xb8\x78"
              "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
          "a42e7cda-d03f-480c-9cc2-a4de20abb878,00000000-0000-0000-0000-000000000000");
    refuse("AF_HYPERV", VALUES(TEXT("00"), TEXT("00000000-0000-0000-0000-000000000000")),
           CSK_EADDRVALUE, "AF_HYPERV address vm_id is not a valid UUID string");
    refuse("AF_HYPERV", VALUES(TEXT("00000000-0000-0000-0000-000000000000"), TEXT("00")),
           CSK_EADDRVALUE, "AF_HYPERV address service_id is not a valid UUID string");
    refuse("AF_HYPERV", VALUES(INT(1), INT(2)), CSK_EADDRKIND,
           "AF_HYPERV address must be a str tuple (vm_id, service_id)");
    refuse("AF_HYPERV", VALUES(TEXT("a42e7cda-d03f-480c-9cc2_a4de20abb878"), TEXT("00")),
           CSK_EADDRVALUE, "AF_HYPERV address vm_id is not a valid UUID string");
    refuse("AF_HYPERV", VALUES(TEXT("a42e7cda-d03f-480c-9cc2-a4de20abb87g"), TEXT("00")),
           CSK_EADDRVALUE, "AF_HYPERV address vm_id is not a valid UUID string");
}

static void control(void)
{
    uint32_t numbers[8] = { 0, 0x12345, 2 };
    unsigned char bytes[32];
    uint16_t sysaddr = 2;

    memcpy(bytes, numbers, sizeof bytes);
    memcpy(bytes + 2, &sysaddr, 2);
    check("AF_SYSTEM", VALUES(INT(0x12345), INT(2)), (const char *)bytes + 2, 30, "74565,2");
    refuse("AF_SYSTEM", VALUES(INT(1), INT(2), INT(3)), CSK_EADDRKIND,
           "AF_SYSTEM SYSPROTO_CONTROL address: 1 to 2 fields are required, got 3");
    refuse("AF_SYSTEM", VALUES(INT(0x100000000), INT(0)), CSK_EADDRFIELD,
           "AF_SYSTEM SYSPROTO_CONTROL address: id 4294967296 is out of range (0-4294967295)");
}

static void divert(void)
{
    check("AF_DIVERT", VALUES(TEXT("0.0.0.0"), INT(1234)), RAW("\x04\xd2\0\0\0\0\0\0\0\0\0\0\0\0"),
          "0.0.0.0:1234");
}

static void link_addresses(void)
{
    char index[2];
    uint16_t number = 4;
    char bytes[18] = "\0\0\x06\x03\x06\0em0\x02\0\0\0\0\x01";

    memcpy(index, &number, 2);
    memcpy(bytes, index, 2);
    check("AF_LINK", VALUES(TEXT("em0"), INT(4), INT(6), BYTES("\x02\0\0\0\0\x01")), bytes, 18,
          "em0,4,6,020000000001");
    refuse(
        "AF_LINK",
        VALUES(TEXT("0123456789012345678901234567890123456789"), INT(0), INT(0), BYTES("1234567")),
        CSK_EADDRVALUE, "AF_LINK address: ifname and addr must be 46 bytes or less together");
    refuse("AF_LINK", VALUES(TEXT(""), INT(65536)), CSK_EADDRFIELD,
           "AF_LINK address: index 65536 is out of range (0-65535)");
}

static void a_value_of_another_kernel_is_read_within_its_length(void)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    const struct csk_family *f;
    char text[CSK_ADDR_TEXT_MAX], other[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr = { .len = 0 };
    uint32_t seed = 99;

    for (size_t i = 0; (f = cski_family_foreign(i)); i++)
        for (int round = 0; round < 5000; round++) {
            for (size_t k = 0; k < sizeof addr.bytes; k++)
                addr.bytes[k] = (unsigned char)((seed = seed * 1103515245 + 12345) >> 16);
            addr.len = f->min_len +
                       (socklen_t)round % (socklen_t)(sizeof addr.bytes - f->min_len + 1);
            assert_true(cski_addr_unpack(f, -1, &addr, got, text) > 0);
            cski_addr_format(f, &addr, text);
            memset(addr.bytes + addr.len, 0x5a, sizeof addr.bytes - addr.len);
            cski_addr_format(f, &addr, other);
            assert_string_equal(text, other);
        }
}

TESTS(TEST(hyperv), TEST(control), TEST(divert), TEST(link_addresses),
      TEST(a_value_of_another_kernel_is_read_within_its_length))
