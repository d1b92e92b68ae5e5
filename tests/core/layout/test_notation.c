/* The notation of single values, which programs use for their own settings. */
#include "test.h"

#include <csocket/csocket.h>

#include <string.h>

static void assert_time(const char *text, int64_t unit, int64_t expected)
{
    struct csk_error error = { 0, "" };
    int64_t ns = -1;

    assert_int_equal(csk_time_parse(text, unit, &ns, &error), 0);
    assert_int_equal(ns, expected);
    /* The same rules as for options with a unit. */
    if (expected >= 0 && expected % CSK_US == 0 && unit == CSK_SECOND) {
        char bytes[64];

        assert_true(csk_option_parse(csk_option_find("SO_RCVTIMEO", AF_UNSPEC), CSK_OPTION_SET,
                                     text, bytes, sizeof bytes, &error) > 0);
    }
}

static void times_have_units(void)
{
    assert_time("0", CSK_SECOND, 0);
    assert_time("2", CSK_SECOND, 2 * CSK_SECOND);
    assert_time("2", CSK_MS, 2 * CSK_MS);
    assert_time("1.5", CSK_SECOND, 1500 * CSK_MS);
    assert_time("1.5s", CSK_MS, 1500 * CSK_MS);
    assert_time(".5", CSK_SECOND, CSK_SECOND / 2);
    assert_time(".25ms", 0, 250 * CSK_US);
    assert_time("-.5s", 0, -CSK_SECOND / 2);
    assert_time("5.", CSK_SECOND, 5 * CSK_SECOND);
    assert_time("250ms", 0, 250 * CSK_MS);
    assert_time("3us", CSK_SECOND, 3 * CSK_US);
    assert_time("0.000000001s", CSK_SECOND, 1);
    assert_time("2min", CSK_SECOND, 120 * CSK_SECOND);
    assert_time("2m", CSK_SECOND, 120 * CSK_SECOND);
    assert_time("1h", CSK_SECOND, 3600 * CSK_SECOND);
    assert_time("1d", CSK_SECOND, 86400 * CSK_SECOND);
    assert_time(" 1s ", CSK_SECOND, CSK_SECOND);
    assert_time("-1ms", CSK_SECOND, -CSK_MS);
}

static void an_invalid_time_is_explained(void)
{
    static const char *const texts[] = { "",     "soon", "1x",    "1 s",  "1e3",
                                         "0x10", "inf",  "nan",   ".",    ".s",
                                         "..5",  "-.",   "1.5.",  ".5.",  "0.0000000001",
                                         " ",    "--1s", "1s1ms", "300y", "9999999999999999999" };
    struct csk_error error;
    int64_t ns;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(csk_time_parse(texts[i], CSK_SECOND, &ns, &error), CSK_EOPTVALUE);
        assert_int_equal(error.code, CSK_EOPTVALUE);
        assert_non_null(strstr(error.text, texts[i]));
        assert_non_null(strstr(error.text, "a time, such as"));
    }
    assert_int_equal(csk_time_parse("5", 0, &ns, &error), CSK_EOPTVALUE);
    assert_int_equal(csk_time_parse("5", 0, &ns, NULL), CSK_EOPTVALUE);
    assert_int_equal(csk_time_parse(NULL, 0, &ns, &error), CSK_ENULL);
    assert_int_equal(csk_time_parse("5", 0, NULL, &error), CSK_ENULL);
}

static void numbers_are_decimal_or_hexadecimal(void)
{
    static const struct {
        const char *text;
        int64_t number;
    } good[] = {
        { "0", 0 },
        { "80", 80 },
        { "-1", -1 },
        { "+5", 5 },
        { "0x1f", 31 },
        { "010", 10 },
        { "9223372036854775807", INT64_MAX },
        { "-9223372036854775808", INT64_MIN },
    };
    static const char *const bad[] = {
        "", "-", "x", "1 1", "1.5", "0x", "1K", "0b1", "9223372036854775808", "-9223372036854775809"
    };
    struct csk_error error;
    int64_t number;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(csk_number_parse(good[i].text, &number, &error), 0);
        assert_int_equal(number, good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(csk_number_parse(bad[i], &number, &error), CSK_EOPTVALUE);
        assert_non_null(strstr(error.text, "a number is expected, not"));
        assert_non_null(strstr(error.text, bad[i]));
    }
    assert_int_equal(csk_number_parse(NULL, &number, &error), CSK_ENULL);
    assert_int_equal(csk_number_parse("1", NULL, &error), CSK_ENULL);
}

static void sizes_have_suffixes(void)
{
    static const struct {
        const char *text;
        int64_t size;
    } good[] = {
        { "0", 0 },
        { "4096", 4096 },
        { "64K", 65536 },
        { "64k", 65536 },
        { "16M", 16 << 20 },
        { "2G", INT64_C(2) << 30 },
        { "1T", INT64_C(1) << 40 },
    };
    static const char *const bad[] = { "", "K", "-1", "-1K", "1KB", "1.5M", "1 K", "16777216T" };
    struct csk_error error;
    int64_t size;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(csk_size_parse(good[i].text, &size, &error), 0);
        assert_int_equal(size, good[i].size);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(csk_size_parse(bad[i], &size, &error), CSK_EOPTVALUE);
        assert_non_null(strstr(error.text, "a size in bytes, such as"));
    }
    assert_int_equal(csk_size_parse(NULL, &size, &error), CSK_ENULL);
    assert_int_equal(csk_size_parse("1", NULL, &error), CSK_ENULL);
}

TESTS(TEST(times_have_units), TEST(an_invalid_time_is_explained),
      TEST(numbers_are_decimal_or_hexadecimal), TEST(sizes_have_suffixes))
