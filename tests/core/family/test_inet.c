/* AF_INET and AF_INET6, their hosts (host.c) and their text (usual.c). */
#include "test.h"

#include <csocket/csocket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct csk_value text_value(const char *text)
{
    return (struct csk_value){ .kind = CSK_VALUE_TEXT, .data = text, .size = strlen(text) };
}

static struct csk_value int_value(int64_t i)
{
    return (struct csk_value){ .kind = CSK_VALUE_INT, .i = i };
}

static int pack(struct csk_addr *addr, int family, const char *host, int64_t port,
                struct csk_error *error)
{
    struct csk_value values[] = { text_value(host), int_value(port) };

    return csk_addr_pack(addr, family, 0, values, 2, error);
}

static void ipv4_has_the_layout_of_the_system(void)
{
    struct sockaddr_in want = { .sin_family = AF_INET, .sin_port = htons(0x1234) };
    struct csk_addr addr;

    memset(&addr, 0xff, sizeof addr);
    inet_pton(AF_INET, "192.0.2.255", &want.sin_addr);
    assert_int_equal(pack(&addr, AF_INET, "192.0.2.255", 0x1234, NULL), 0);
    assert_int_equal(addr.len, sizeof want);
    assert_int_equal(addr.proto, 0);
    assert_memory_equal(addr.bytes, &want, sizeof want);
    assert_int_equal(csk_addr_port(&addr), 0x1234);
}

static void empty_and_broadcast_hosts_are_accepted(void)
{
    struct csk_addr addr;
    struct csk_error error;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(pack(&addr, AF_INET, "", 1, NULL), 0);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "0.0.0.0:1");
    assert_int_equal(pack(&addr, AF_INET, "<broadcast>", 1, NULL), 0);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "255.255.255.255:1");
    assert_int_equal(pack(&addr, AF_INET6, "", 1, NULL), 0);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "[::]:1");
    assert_int_equal(pack(&addr, AF_INET6, "<broadcast>", 1, &error), CSK_EBROADCAST);
    assert_string_equal(error.text, "address family mismatched");
    assert_int_equal(pack(&addr, AF_INET6, "255.255.255.255", 1, NULL), CSK_EBROADCAST);
}

static void ports_out_of_range_are_named(void)
{
    static const int64_t wrong[] = { -1, 65536, INT64_MIN, INT64_MAX };
    struct csk_value values[] = { text_value("no.such.host.invalid"),
                                  { .kind = CSK_VALUE_UINT, .u = UINT64_MAX } };
    struct csk_addr addr;
    struct csk_error error = { 0 };
    char text[64];

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pack(&addr, AF_INET, "1.2.3.4", wrong[i], &error), CSK_EPORT);
        snprintf(text, sizeof text, "port %" PRId64 " is out of range (0-65535)", wrong[i]);
        assert_string_equal(error.text, text);
        assert_int_equal(pack(&addr, AF_INET6, "::1", wrong[i], &error), CSK_EPORT);
    }
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, values, 2, &error), CSK_EPORT);
    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, "1.2.3.4:65536", &error), CSK_EPORT);
    assert_int_equal(csk_addr_parse(&addr, AF_INET6, 0, "[::]:65536", &error), CSK_EPORT);
    assert_int_equal(pack(&addr, AF_INET, "1.2.3.4", 65535, NULL), 0);
    assert_int_equal(pack(&addr, AF_INET, "1.2.3.4", 0, NULL), 0);
}

static void fields_of_the_wrong_kind_are_named(void)
{
    struct csk_value swapped[] = { int_value(80), text_value("1.2.3.4") };
    struct csk_value host_only[] = { text_value("1.2.3.4"), { .kind = CSK_VALUE_NONE } };
    struct csk_value number_host[] = { int_value(1), int_value(80) };
    struct csk_addr addr;
    struct csk_error error;

    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, swapped, 2, &error), CSK_EADDRKIND);
    assert_string_equal(error.text,
                        "AF_INET address: port takes a number, 0 to 65535, not \"1.2.3.4\"");
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, number_host, 2, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_INET address: host takes an IPv4 address, not 1");
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, host_only, 2, &error), CSK_EADDRKIND);
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, host_only, 1, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_INET address: 2 fields are required, got 1");
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, host_only, 1, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_INET6 address: 2 to 4 fields are required, got 1");
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, number_host, 2, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_INET6 address: host takes an IPv6 address, not 1");
}

static void ipv6_has_two_to_four_fields(void)
{
    struct sockaddr_in6 want = { .sin6_family = AF_INET6, .sin6_port = htons(80) };
    struct csk_value values[] = { text_value("fe80::1"), int_value(80), int_value(0x12345),
                                  int_value(7) };
    struct csk_addr addr;

    inet_pton(AF_INET6, "fe80::1", &want.sin6_addr);
    memset(&addr, 0xff, sizeof addr);
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 2, NULL), 0);
    assert_int_equal(addr.len, sizeof want);
    assert_memory_equal(addr.bytes, &want, sizeof want);
    want.sin6_flowinfo = htonl(0x12345);
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 3, NULL), 0);
    assert_memory_equal(addr.bytes, &want, sizeof want);
    want.sin6_scope_id = 7;
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 4, NULL), 0);
    assert_memory_equal(addr.bytes, &want, sizeof want);
    values[2].kind = values[3].kind = CSK_VALUE_NONE;
    want.sin6_flowinfo = 0;
    want.sin6_scope_id = 0;
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 4, NULL), 0);
    assert_memory_equal(addr.bytes, &want, sizeof want);
}

static void scope_id_has_32_bits(void)
{
    struct csk_value values[] = { text_value("::1"), int_value(80), int_value(0), int_value(-1) };
    struct csk_addr addr;
    struct csk_error error;

    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 4, &error), 0);
    /* -1 is refused although it has the same bits. */
    values[3] = (struct csk_value){ .kind = CSK_VALUE_UINT, .u = UINT64_MAX };
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 4, &error), CSK_EADDRFIELD);
    values[3] = (struct csk_value){ .kind = CSK_VALUE_UINT, .u = UINT32_MAX };
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 4, &error), 0);
}

static void flowinfo_has_20_bits(void)
{
    static const int64_t wrong[] = { -1, -10, 0x100000, INT64_MAX };
    struct csk_value values[] = { text_value("::1"), int_value(80), int_value(0) };
    struct csk_addr addr;
    struct csk_error error;

    for (size_t i = 0; i < 4; i++) {
        values[2] = int_value(wrong[i]);
        assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 3, &error), CSK_EADDRFIELD);
        assert_non_null(strstr(error.text, "is out of range (0-1048575)"));
    }
    values[2] = int_value(0xfffff);
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 3, &error), 0);
    values[2] = text_value("1");
    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 0, values, 3, &error), CSK_EADDRKIND);
    assert_string_equal(error.text,
                        "AF_INET6 address: flowinfo takes a number, 0 to 1048575, not \"1\"");
}

static void packed_addresses_are_unpacked_unchanged(void)
{
    struct csk_value in[] = { text_value("2001:db8::ff"),
                              int_value(443),
                              int_value(0xabcde),
                              { .kind = CSK_VALUE_INT, .i = UINT32_MAX } };
    struct csk_value out[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_addr_pack(&addr, AF_INET6, 6, in, 4, NULL), 0);
    assert_int_equal(addr.proto, 6);
    assert_int_equal(csk_addr_unpack(&addr, out, text), 4);
    assert_int_equal(out[0].kind, CSK_VALUE_TEXT);
    assert_int_equal(out[0].size, 12);
    assert_memory_equal(out[0].data, "2001:db8::ff", 12);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(out[i].kind, CSK_VALUE_INT);
        assert_int_equal(out[i].i, in[i].i);
    }
    assert_int_equal(csk_addr_port(&addr), 443);
    addr.len = 24;
    assert_int_equal(csk_addr_unpack(&addr, out, text), 4);
    assert_int_equal(out[3].i, 0);
}

static void hosts_are_numeric(void)
{
    static const struct {
        int family;
        const char *host;
        bool needs_resolver;
    } cases[] = {
        { AF_INET, "127.0.0.1", false },    { AF_INET, "", false },
        { AF_INET, "<broadcast>", false },  { AF_INET, "localhost", true },
        { AF_INET, "::1", true },           { AF_INET, "1.2.3", true },
        { AF_INET6, "::1", false },         { AF_INET6, "", false },
        { AF_INET6, "<broadcast>", false }, { AF_INET6, "localhost", true },
        { AF_INET6, "1.2.3.4", true },      { AF_INET6, "255.255.255.255", false },
        { AF_UNIX, "localhost", false },    { 12345, "localhost", false },
    };
    struct csk_value null[] = { { .kind = CSK_VALUE_TEXT, .data = "a\0b", .size = 3 },
                                int_value(1) };
    struct csk_addr addr;
    struct csk_error error = { 0 };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csk_value values[] = { text_value(cases[i].host), int_value(80) };
        int family = cases[i].family;

        assert_int_equal(csk_addr_needs_resolver(family, 0, values, 2), cases[i].needs_resolver);
        assert_false(csk_addr_needs_resolver(family, 0, values, 0));
        if (cases[i].needs_resolver)
            assert_int_equal(csk_addr_pack(&addr, family, 0, values, 2, &error), CSK_EADDRVALUE);
        values[0].kind = CSK_VALUE_INT;
        assert_false(csk_addr_needs_resolver(family, 0, values, 1));
    }
    assert_int_equal(pack(&addr, AF_INET, "localhost", 80, &error), CSK_EADDRVALUE);
    assert_string_equal(error.text,
                        "AF_INET address: host must be a numeric address, got \"localhost\"");
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, null, 2, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_INET address: host must not contain a null character");
}

static void text_and_address_are_the_same_thing(void)
{
    static const struct {
        int family;
        const char *in, *out;
    } cases[] = {
        { AF_INET, "127.0.0.1:80", NULL },
        { AF_INET, ":80", "0.0.0.0:80" },
        { AF_INET, "<broadcast>:9", "255.255.255.255:9" },
        { AF_INET, "0.0.0.0:0", NULL },
        { AF_INET6, "[::1]:80", NULL },
        { AF_INET6, ":80", "[::]:80" },
        { AF_INET6, "[FE80::1%1]:80", "[fe80::1%lo]:80" },
        { AF_INET6, "[fe80::1%lo]:80", NULL },
        { AF_INET6, "[ff02::1%lo]:80", NULL },
        { AF_INET6, "[fe80::1%4000000000]:80", NULL },
        { AF_INET6, "[2001:db8::1%1]:80", NULL },
        { AF_INET6, "[::1]:80,0xfffff", NULL },
        { AF_INET6, "[::1]:80,4294967295", "[::1]:80,0xffffffff" },
        { AF_INET6, "[::1]:80,0", "[::1]:80" },
        { AF_INET6, "[::ffff:1.2.3.4]:65535", NULL },
    };
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(csk_addr_parse(&addr, cases[i].family, 0, cases[i].in, NULL), 0);
        csk_addr_format(&addr, text, sizeof text);
        assert_string_equal(text, cases[i].out ? cases[i].out : cases[i].in);
    }
}

static void text_that_is_not_an_address_is_refused(void)
{
    static const struct {
        int family;
        const char *text;
        int code;
    } cases[] = {
        { AF_INET, "", CSK_EADDRTEXT },
        { AF_INET, "127.0.0.1", CSK_EADDRTEXT },
        { AF_INET, "127.0.0.1:", CSK_EADDRTEXT },
        { AF_INET, "127.0.0.1:-", CSK_EADDRTEXT },
        { AF_INET, "127.0.0.1:8 0", CSK_EADDRTEXT },
        { AF_INET, "127.0.0.1:80 ", CSK_EADDRTEXT },
        { AF_INET, "localhost:80", CSK_EADDRTEXT },
        { AF_INET, "[127.0.0.1]:80", CSK_EADDRTEXT },
        { AF_INET, "::1:80", CSK_EADDRTEXT },
        { AF_INET, "127.0.0.1:-1", CSK_EPORT },
        { AF_INET, "127.0.0.1:99999999999999999999999", CSK_EADDRTEXT },
        { AF_INET6, "", CSK_EADDRTEXT },
        { AF_INET6, "::1:80", CSK_EADDRTEXT },
        { AF_INET6, "[::1]", CSK_EADDRTEXT },
        { AF_INET6, "[::1]80", CSK_EADDRTEXT },
        { AF_INET6, "[::1:80", CSK_EADDRTEXT },
        { AF_INET6, "[1.2.3.4]:80", CSK_EADDRTEXT },
        { AF_INET6, "[]:80", CSK_EADDRTEXT },
        { AF_INET6, "[::1]:80,", CSK_EADDRTEXT },
        { AF_INET6, "[::1]:80,x", CSK_EADDRTEXT },
        { AF_INET6, "[::1]:80,0x100000000", CSK_EADDRTEXT },
        { AF_INET6, "[fe80::1%]:80", CSK_EINTERFACE },
        { AF_INET6, "[fe80::1%an-interface-name]:80", CSK_EINTERFACE },
        { AF_INET6, "[fe80::1%csk-none]:80", -ENODEV },
    };
    struct csk_error error;
    struct csk_addr addr;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&error, 0, sizeof error);
        assert_int_equal(csk_addr_parse(&addr, cases[i].family, 0, cases[i].text, &error),
                         cases[i].code);
        assert_int_equal(error.code, cases[i].code);
        assert_true(error.text[0]);
    }
}

TESTS(TEST(ipv4_has_the_layout_of_the_system), TEST(empty_and_broadcast_hosts_are_accepted),
      TEST(ports_out_of_range_are_named), TEST(fields_of_the_wrong_kind_are_named),
      TEST(ipv6_has_two_to_four_fields), TEST(flowinfo_has_20_bits), TEST(scope_id_has_32_bits),
      TEST(packed_addresses_are_unpacked_unchanged), TEST(hosts_are_numeric),
      TEST(text_and_address_are_the_same_thing), TEST(text_that_is_not_an_address_is_refused))
