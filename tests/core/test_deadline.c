/* Points in monotonic time. */
#include "internal.h"
#include "sockets.h"

#include <limits.h>

static void a_deadline_is_so_much_later_than_now(void **state)
{
    int64_t before = cski_os_now(), deadline = cski_deadline_in(20 * SECOND);

    (void)state;
    assert_true(deadline >= before + 20 * SECOND);
    assert_true(deadline <= cski_os_now() + 20 * SECOND);
}

static void what_is_too_far_away_is_never(void **state)
{
    (void)state;
    assert_true(cski_deadline_in(-1) == CSKI_NEVER);
    assert_true(cski_deadline_in(INT64_MAX) == CSKI_NEVER);
    assert_int_equal(cski_deadline_poll_ms(CSKI_NEVER), -1);
}

static void a_wait_is_rounded_up_so_that_it_does_not_end_early(void **state)
{
    int64_t deadline = cski_os_now() + 20 * SECOND - 1;
    int ms = cski_deadline_poll_ms(deadline);

    (void)state;
    assert_in_range(ms, 10 * 1000, 20 * 1000);
    assert_true(ms * MS >= deadline - cski_os_now());
}

static void a_wait_fits_into_polls_int(void **state)
{
    (void)state;
    assert_int_equal(cski_deadline_poll_ms(CSKI_NEVER - 1), INT_MAX);
}

static void what_is_over_does_not_wait(void **state)
{
    (void)state;
    assert_int_equal(cski_deadline_poll_ms(cski_os_now()), 0);
    assert_int_equal(cski_deadline_poll_ms(1), 0);
    assert_int_equal(cski_deadline_poll_ms(cski_deadline_in(0)), 0);
}

TESTS(TEST(a_deadline_is_so_much_later_than_now),
      TEST(what_is_too_far_away_is_never),
      TEST(a_wait_is_rounded_up_so_that_it_does_not_end_early),
      TEST(a_wait_fits_into_polls_int),
      TEST(what_is_over_does_not_wait))
