/* Numeric IP addresses and byte order, compared with the C library. */
#include "test.h"

#include <csocket/csocket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static void inet_aton_accepts_the_older_forms(void)
{
    static const struct {
        const char *text;
        unsigned char packed[4];
    } rows[] = {
        { "127.0.0.1", { 127, 0, 0, 1 } },
        { "127.1", { 127, 0, 0, 1 } },
        { "0x7f000001", { 127, 0, 0, 1 } },
        { "017.0.0.1", { 15, 0, 0, 1 } },
        { "255.255.255.255", { 255, 255, 255, 255 } },
        { "0", { 0, 0, 0, 0 } },
        { "10.258", { 10, 0, 1, 2 } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char packed[4] = { 9, 9, 9, 9 };

        assert_int_equal(csk_inet_aton(rows[i].text, packed, NULL), 0);
        assert_memory_equal(packed, rows[i].packed, 4);
    }
}

static void inet_aton_refuses_invalid_addresses(void)
{
    static const char *const texts[] = { "", "a", "1.2.3.256", "1.2.3.4.5", "::1", "08", "1..2" };
    unsigned char packed[4] = { 9, 9, 9, 9 };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(csk_inet_aton(texts[i], packed, NULL), CSK_EINETTEXT);
    assert_memory_equal(packed, "\x09\x09\x09\x09", 4);
    assert_int_equal(csk_inet_aton(NULL, packed, NULL), CSK_ENULL);
    assert_int_equal(csk_inet_aton("1.2.3.4", NULL, NULL), CSK_ENULL);
}

static void inet_ntoa_requires_four_bytes(void)
{
    char text[16] = "before";

    assert_int_equal(csk_inet_ntoa("\xff\x00\x0a\x63", 4, text, NULL), 0);
    assert_string_equal(text, "255.0.10.99");
    assert_int_equal(csk_inet_ntoa("\xff\xff\xff", 3, text, NULL), CSK_EINETLEN);
    assert_int_equal(csk_inet_ntoa("\xff\xff\xff\xff\xff", 5, text, NULL), CSK_EINETLEN);
    assert_int_equal(csk_inet_ntoa("", 0, text, NULL), CSK_EINETLEN);
    assert_string_equal(text, "255.0.10.99");
    assert_int_equal(csk_inet_ntoa(NULL, 4, text, NULL), CSK_ENULL);
}

static void inet_pton_returns_the_number_of_bytes(void)
{
    unsigned char packed[16];

    assert_int_equal(csk_inet_pton(AF_INET, "1.2.3.4", packed, NULL), 4);
    assert_memory_equal(packed, "\x01\x02\x03\x04", 4);
    assert_int_equal(csk_inet_pton(AF_INET6, "::ffff:1.2.3.4", packed, NULL), 16);
    assert_memory_equal(packed, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x01\x02\x03\x04", 16);
    assert_int_equal(csk_inet_pton(AF_INET, "::1", packed, NULL), CSK_EINETTEXT);
    assert_int_equal(csk_inet_pton(AF_INET6, "1.2.3.4", packed, NULL), CSK_EINETTEXT);
    assert_int_equal(csk_inet_pton(AF_INET6, "fe80::1%lo", packed, NULL), CSK_EINETTEXT);
    assert_int_equal(csk_inet_pton(AF_UNIX, "1.2.3.4", packed, NULL), -EAFNOSUPPORT);
    assert_int_equal(csk_inet_pton(AF_INET, NULL, packed, NULL), CSK_ENULL);
}

static void inet_ntop_requires_the_length_of_the_family(void)
{
    static const unsigned char loopback[16] = { [15] = 1 };
    char text[46];

    assert_int_equal(csk_inet_ntop(AF_INET, "\x7f\0\0\x01", 4, text, NULL), 0);
    assert_string_equal(text, "127.0.0.1");
    assert_int_equal(csk_inet_ntop(AF_INET6, loopback, 16, text, NULL), 0);
    assert_string_equal(text, "::1");
    assert_int_equal(csk_inet_ntop(AF_INET, loopback, 16, text, NULL), CSK_EINETLEN);
    assert_int_equal(csk_inet_ntop(AF_INET6, loopback, 4, text, NULL), CSK_EINETLEN);
    assert_int_equal(csk_inet_ntop(AF_UNIX, loopback, 4, text, NULL), -EAFNOSUPPORT);
    assert_int_equal(csk_inet_ntop(AF_INET6, loopback, 16, NULL, NULL), CSK_ENULL);
}

/* A small generator: the same strings in every run. */
static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245 + 12345;
    return *seed >> 16;
}

static void hosts_are_parsed_as_in_the_c_library(void)
{
    static const char letters[] = "0123456789abfF:::...%x ";
    static const unsigned char nothing[16];
    unsigned seed = 1, addresses = 0;
    char text[24];

    for (int round = 0; round < 400000; round++) {
        int family = round & 1 ? AF_INET : AF_INET6;
        /* A small alphabet for IPv4, so that some of the strings are addresses. */
        unsigned range = family == AF_INET ? 3 : sizeof letters - 1;
        size_t size = next_random(&seed) % (sizeof text - 1);
        unsigned char ours[16] = { 0 }, theirs[16] = { 0 };
        struct in_addr old;
        int n;

        for (size_t i = 0; i < size; i++)
            text[i] = family == AF_INET && i % 2 ? '.' : letters[next_random(&seed) % range];
        text[size] = 0;
        n = csk_inet_pton(family, text, ours, NULL);
        assert_int_equal(n > 0, inet_pton(family, text, theirs));
        /* musl's inet_pton() writes the part before the error when it fails; ours writes
         * nothing. */
        assert_memory_equal(ours, n > 0 ? theirs : nothing, 16);
        addresses += n > 0;
        n = csk_inet_aton(text, ours, NULL);
        assert_int_equal(n == 0, inet_aton(text, &old));
        if (n == 0)
            assert_memory_equal(ours, &old, 4);
    }
    assert_true(addresses > 1000); /* otherwise the test proves nothing */
}

/* layout/test_inet_text.c tests the text form of addresses. */
static void formatted_addresses_are_parsed_by_the_c_library(void)
{
    unsigned seed = 7;
    unsigned char back[16];
    char ours[46];

    for (int round = 0; round < 200000; round++) {
        unsigned char packed[16];
        unsigned zeros = next_random(&seed);

        for (size_t i = 0; i < 16; i++)
            packed[i] = zeros >> (i / 2) & 1 ? 0 : (unsigned char)next_random(&seed);
        assert_int_equal(csk_inet_ntop(AF_INET6, packed, 16, ours, NULL), 0);
        assert_int_equal(inet_pton(AF_INET6, ours, back), 1);
        assert_memory_equal(back, packed, 16);
        assert_int_equal(csk_inet_ntoa(packed, 4, ours, NULL), 0);
        assert_int_equal(inet_pton(AF_INET, ours, back), 1);
        assert_memory_equal(back, packed, 4);
    }
}

static void byte_order_calls_check_the_range(void)
{
    assert_int_equal(csk_htons(0x1234), htons(0x1234));
    assert_int_equal(csk_ntohs(csk_htons(50007)), 50007);
    assert_int_equal(csk_htonl(0x12345678), htonl(0x12345678));
    assert_int_equal(csk_ntohl(csk_htonl(0xdeadbeef)), 0xdeadbeef);
    assert_int_equal(csk_htons(65535), 65535);
    assert_int_equal(csk_htonl(0xffffffff), 0xffffffff);
}

static void ipv6_is_supported(void)
{
    assert_true(csk_has_ipv6());
}

TESTS(TEST(inet_aton_accepts_the_older_forms), TEST(inet_aton_refuses_invalid_addresses),
      TEST(inet_ntoa_requires_four_bytes), TEST(inet_pton_returns_the_number_of_bytes),
      TEST(inet_ntop_requires_the_length_of_the_family), TEST(hosts_are_parsed_as_in_the_c_library),
      TEST(formatted_addresses_are_parsed_by_the_c_library),
      TEST(byte_order_calls_check_the_range), TEST(ipv6_is_supported))
