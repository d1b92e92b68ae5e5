/* The version and the clock. */
#include "sockets.h"

#include <stdio.h>

static void the_version_consists_of_its_parts(void)
{
    char text[32];

    snprintf(text, sizeof text, "%d.%d.%d", CSK_VERSION_MAJOR, CSK_VERSION_MINOR,
             CSK_VERSION_PATCH);
    assert_string_equal(CSK_VERSION, text);
    assert_string_equal(csk_version(), text);
    assert_string_equal(csk_version(), TEST_PROJECT_VERSION);
}

static void the_clock_is_monotonic_and_in_nanoseconds(void)
{
    int64_t before = csk_now(), after;

    usleep(20000);
    after = csk_now();
    assert_true(before > 0);
    assert_true(after - before >= 20 * CSK_MS);
    assert_true(CSK_SECOND == 1000 * CSK_MS && CSK_MS == 1000 * CSK_US && CSK_US == 1000 * CSK_NS);
}

TESTS(TEST(the_version_consists_of_its_parts), TEST(the_clock_is_monotonic_and_in_nanoseconds))
