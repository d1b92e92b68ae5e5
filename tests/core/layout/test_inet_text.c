/* Numeric internet addresses: parsing is compared with inet_pton, formatting with RFC 5952 and RFC
 * 4291, as in inet_ntop of glibc; other C libraries format some addresses differently. */
#include "internal.h"
#include "test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 20251;

static uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

/* Assert that both parsers agree about a string.  The copy on the heap ends with the text, for the
 * sanitizer. */
static void check_parse(const char *text)
{
    unsigned char want[16], got[16];
    size_t size = strlen(text);
    char *copy = malloc(size ? size : 1);
    int ok;

    memcpy(copy, text, size);
    ok = inet_pton(AF_INET, text, want);
    if (cski_inet4_parse(copy, size, got) != ok || (ok && memcmp(want, got, 4)))
        fail_msg("IPv4 \"%s\": inet_pton says %d", text, ok);
    ok = inet_pton(AF_INET6, text, want);
    if (cski_inet6_parse(copy, size, got) != ok || (ok && memcmp(want, got, 16)))
        fail_msg("IPv6 \"%s\": inet_pton says %d", text, ok);
    free(copy);
}

static void parse_accepts_the_same_addresses_as_inet_pton(void)
{
    static const char *const texts[] = {
        "", "1", "1.2.3.4", "127.0.0.1", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5",
        "1.2.3.4.", ".1.2.3.4", "1..2.3", "01.2.3.4", "1.2.3.04", "0.0.0.0", "00.0.0.0",
        "1.2.3.4 ", " 1.2.3.4", "1.2.3.0x4", "1.2.3.999999999999", "+1.2.3.4", "::", "::1", "1::",
        ":", ":::", "1:::2", "::1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
        "1:2:3::5:6:7:8", "fe80::1%lo", "fe80::1%1", "12345::", "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4", "1::1.2.3.4:5", "::1.2.3", "::1.2.3.4.5", "::12345.2.3.4", "::g",
        "ABCD:EF01:2345:6789:abcd:ef01:2345:6789", "::ffff:0:0", "0:0:0:0:0:0:0:0", "00001::",
        "[::1]", "::0.0.0.0", "::1.2.3.256", "1.2.3.4::", "::1.2.3.4::", "::a.2.3.4", "1:2", "1:",
        "::1:",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_parse(texts[i]);
}

static void parse_agrees_with_inet_pton_on_random_text(void)
{
    static const char letters[] = "0011259afF::::....g% x";
    char text[48];

    for (int round = 0; round < 200000; round++) {
        size_t size = next_random() % 24;

        for (size_t i = 0; i < size; i++)
            text[i] = letters[next_random() % (sizeof letters - 1)];
        text[size] = '\0';
        check_parse(text);
    }
}

/* A valid address with one change is closer to the limits of the syntax than random text. */
static void parse_agrees_with_inet_pton_on_damaged_text(void)
{
    static const char letters[] = "019afF:.%g";
    unsigned char packed[16];
    char text[64];

    for (int round = 0; round < 200000; round++) {
        bool six = next_random() & 1;
        size_t at;

        for (int i = 0; i < 16; i++)
            packed[i] = next_random() & 1 ? 0 : (unsigned char)next_random();
        inet_ntop(six ? AF_INET6 : AF_INET, packed, text, sizeof text);
        check_parse(text);
        at = next_random() % (strlen(text) + 1);
        switch (next_random() % 3) {
        case 0: memmove(text + at + 1, text + at, strlen(text + at) + 1); /* fall through */
        case 1:
            if (text[at])
                text[at] = letters[next_random() % (sizeof letters - 1)];
            break;
        default:
            if (text[at])
                memmove(text + at, text + at + 1, strlen(text + at));
        }
        check_parse(text);
    }
}

static void a_null_byte_is_not_part_of_an_address(void)
{
    unsigned char packed[16];

    assert_false(cski_inet4_parse("1.2.3.4\0", 8, packed));
    assert_false(cski_inet4_parse("1.2.3.\0004", 8, packed));
    assert_false(cski_inet6_parse("::1\0", 4, packed));
}

static void a_failed_parse_writes_nothing(void)
{
    unsigned char packed[16];

    memset(packed, 0xaa, sizeof packed);
    assert_false(cski_inet4_parse("1.2.3.x", 7, packed));
    assert_false(cski_inet6_parse("1:2:3:4:5:6:7:x", 15, packed));
    for (size_t i = 0; i < sizeof packed; i++)
        assert_int_equal(packed[i], 0xaa);
}

/* The groups from..to of an address with colons between them; the last two as IPv4 if dotted. */
static void write_groups(const unsigned char packed[16], int from, int to, bool dotted,
                         char text[48])
{
    size_t at = 0;

    text[0] = '\0';
    for (int i = from; i < to; i++) {
        const char *colon = i > from ? ":" : "";

        if (dotted && i == 6) {
            snprintf(text + at, 48 - at, "%s%d.%d.%d.%d", colon, packed[12], packed[13], packed[14],
                     packed[15]);
            return;
        }
        at += (size_t)snprintf(text + at, 48 - at, "%s%x", colon,
                               packed[2 * i] << 8 | packed[2 * i + 1]);
    }
}

/* The definition: compress the longest run of two or more zero groups, the first if several are
 * equal; the last four bytes are written as IPv4 after 96 zero bits, or after 80 zero bits and
 * ffff. */
static void format_by_definition(const unsigned char packed[16], char *text, size_t size)
{
    static const unsigned char zeros[16];
    char before[48], after[48];
    int start = 8, length = 1;
    bool dotted;

    for (int from = 0; from < 8; from++)
        for (int to = from + 1; to <= 8; to++)
            if (to - from > length && !memcmp(packed + from * 2, zeros, (size_t)(to - from) * 2)) {
                start = from;
                length = to - from;
            }
    dotted = start == 0 && (length == 6 || (length == 5 && packed[10] == 255 && packed[11] == 255));
    write_groups(packed, 0, start, false, before);
    if (start == 8)
        after[0] = '\0';
    else
        write_groups(packed, start + length, 8, dotted, after);
    snprintf(text, size, "%s%s%s", before, start == 8 ? "" : "::", after);
}

static void check_format(const unsigned char packed[16])
{
    unsigned char back[16];
    char want[128], got[64];
    size_t size;

    format_by_definition(packed, want, sizeof want);
    size = cski_inet6_format(packed, got);
    assert_string_equal(got, want);
    assert_int_equal(size, strlen(want));
    assert_true(size < CSKI_INET6_TEXT);
    assert_int_equal(inet_pton(AF_INET6, got, back), 1);
    assert_memory_equal(back, packed, 16);
    inet_ntop(AF_INET, packed, want, sizeof want);
    size = cski_inet4_format(packed, got);
    assert_string_equal(got, want);
    assert_int_equal(size, strlen(want));
    assert_true(size < CSKI_INET4_TEXT);
}

/* All 256 patterns of zero and nonzero groups, with values at which the number of digits
 * changes. */
static void every_pattern_of_zeros_is_written_by_the_definition(void)
{
    static const unsigned values[] = { 1, 0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000, 0xffff };
    unsigned char packed[16];

    for (unsigned mask = 0; mask < 256; mask++)
        for (unsigned shift = 0; shift < 8; shift++) {
            for (unsigned i = 0; i < 8; i++) {
                unsigned group = mask >> i & 1 ? values[(i + shift) % 8] : 0;

                packed[2 * i] = (unsigned char)(group >> 8);
                packed[2 * i + 1] = (unsigned char)group;
            }
            check_format(packed);
        }
}

static void random_bytes_are_written_by_the_definition(void)
{
    unsigned char packed[16];

    for (int round = 0; round < 200000; round++) {
        unsigned zeros = next_random();

        for (int i = 0; i < 16; i++)
            packed[i] = zeros >> i / 2 & 1 ? 0 : (unsigned char)next_random();
        if (zeros & 0x100)
            memcpy(packed, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
        check_format(packed);
    }
}

TESTS(TEST(parse_accepts_the_same_addresses_as_inet_pton),
      TEST(parse_agrees_with_inet_pton_on_random_text),
      TEST(parse_agrees_with_inet_pton_on_damaged_text),
      TEST(a_null_byte_is_not_part_of_an_address), TEST(a_failed_parse_writes_nothing),
      TEST(every_pattern_of_zeros_is_written_by_the_definition),
      TEST(random_bytes_are_written_by_the_definition))
