/* Waiting for events and until deadlines. */
#include "sockets.h"
#include "internal.h"

#include <limits.h>

static void events_are_reported_by_name(void)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_wait(&pair[0], POLLIN, 0), 0);
    assert_int_equal(csk_wait(&pair[0], POLLIN | POLLOUT, -1), POLLOUT);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_wait(&pair[0], POLLIN, 10 * SECOND), POLLIN);
    csk_close(&pair[1]);
    assert_true(csk_wait(&pair[0], POLLIN, -1) & POLLHUP);
    csk_close(&pair[0]);
}

static void a_wait_lasts_for_its_timeout_despite_signals(void)
{
    struct csk_socket pair[2];
    int64_t start;

    test_pair(pair, SOCK_STREAM);
    start = test_now();
    assert_int_equal(csk_wait(&pair[0], POLLIN, 30 * MS + 1), 0);
    assert_true(test_now() - start >= 30 * MS + 1);
    test_alarm_every(3);
    start = test_now();
    assert_int_equal(csk_wait(&pair[0], POLLIN, 50 * MS), 0);
    assert_true(test_now() - start >= 50 * MS);
    assert_true(test_alarms > 0);
    pair[0].on_interrupt = test_on_interrupt;
    test_interrupt_limit = 2;
    assert_int_equal(csk_wait(&pair[0], POLLIN, -1), CSK_EINTERRUPTED);
    test_close(pair);
}

static void closed_sockets_and_null_do_not_wait(void)
{
    struct csk_socket s = CSK_SOCKET_INIT;

    assert_int_equal(csk_wait(&s, POLLIN, -1), -EBADF);
    s.fd = 999;
    assert_int_equal(csk_wait(&s, POLLIN, -1), -EBADF);
    assert_int_equal(csk_wait(NULL, POLLIN, -1), CSK_ENULL);
}

static void a_deadline_is_now_plus_the_timeout(void)
{
    int64_t before = cski_os_now(), deadline = cski_deadline_in(20 * SECOND);

    assert_true(deadline >= before + 20 * SECOND);
    assert_true(deadline <= cski_os_now() + 20 * SECOND);
}

static void a_deadline_out_of_range_is_never_reached(void)
{
    assert_true(cski_deadline_in(-1) == CSKI_NEVER);
    assert_true(cski_deadline_in(INT64_MAX) == CSKI_NEVER);
    assert_int_equal(cski_deadline_poll_ms(CSKI_NEVER), -1);
}

static void a_wait_is_rounded_up_so_that_it_does_not_end_early(void)
{
    int64_t deadline = cski_os_now() + 20 * SECOND - 1;
    int ms = cski_deadline_poll_ms(deadline);

    assert_in_range(ms, 10 * 1000, 20 * 1000);
    assert_true(ms * MS >= deadline - cski_os_now());
}

static void a_wait_fits_into_polls_int(void)
{
    assert_int_equal(cski_deadline_poll_ms(CSKI_NEVER - 1), INT_MAX);
}

static void a_finished_connection_does_not_wait(void)
{
    assert_int_equal(cski_deadline_poll_ms(cski_os_now()), 0);
    assert_int_equal(cski_deadline_poll_ms(1), 0);
    assert_int_equal(cski_deadline_poll_ms(cski_deadline_in(0)), 0);
}

static void wait_many_reports_the_ready_sockets(void)
{
    struct csk_socket pair[2], closed = CSK_SOCKET_INIT;
    struct csk_wait_item items[3] = { { .events = POLLIN } };

    test_pair(pair, SOCK_STREAM);
    items[1] = (struct csk_wait_item){ .s = &pair[0], .events = POLLIN };
    items[2] = (struct csk_wait_item){ .s = &pair[1], .events = POLLIN | POLLOUT };
    assert_int_equal(csk_wait_many(items, 3, 0, NULL), 1);
    assert_int_equal(items[0].revents, 0);
    assert_int_equal(items[1].revents, 0);
    assert_int_equal(items[2].revents, POLLOUT);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_wait_many(items, 3, 0, NULL), 2);
    assert_int_equal(items[1].revents, POLLIN);
    items[0].s = &closed;
    assert_int_equal(csk_wait_many(items, 1, 0, NULL), 1);
    assert_int_equal(items[0].revents, POLLNVAL);
    assert_int_equal(csk_wait_many(items, 3, 1, NULL), 3);
    assert_int_equal(csk_wait_many(NULL, 1, 0, NULL), CSK_ENULL);
    assert_int_equal(csk_wait_many(items, 3, -1, NULL), CSK_ERANGE);
    assert_int_equal(csk_wait_many(NULL, 0, csk_now() + 5 * MS, NULL), CSK_ETIMEDOUT);
    test_close(pair);
}

static void wait_many_obeys_the_limits_of_all(void)
{
    struct csk_cancel own = CSK_CANCEL_INIT, of_socket = CSK_CANCEL_INIT;
    struct csk_socket pair[2];
    struct csk_wait_item items[2];

    test_pair(pair, SOCK_STREAM);
    items[0] = (struct csk_wait_item){ .s = &pair[0], .events = POLLIN };
    items[1] = (struct csk_wait_item){ .s = &pair[1], .events = POLLIN };
    csk_setdeadline(&pair[1], csk_now() + 10 * MS);
    assert_int_equal(csk_wait_many(items, 2, csk_now() + 100 * SECOND, &own), CSK_ETIMEDOUT);
    csk_setdeadline(&pair[1], 0);
    assert_int_equal(csk_wait_many(items, 2, csk_now() + 10 * MS, &own), CSK_ETIMEDOUT);
    csk_cancel(&own);
    assert_int_equal(csk_wait_many(items, 2, 0, &own), CSK_ECANCELED);
    pair[0].cancel = &of_socket;
    csk_cancel(&of_socket);
    assert_int_equal(csk_wait_many(items, 2, 0, NULL), CSK_ECANCELED);
    csk_cancel_close(&own);
    csk_cancel_close(&of_socket);
    test_close(pair);
}

static void wait_many_takes_more_sockets_than_fit_on_the_stack(void)
{
    enum { MANY = 200 };
    struct csk_wait_item items[MANY];
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    for (int i = 0; i < MANY; i++)
        items[i] = (struct csk_wait_item){ .s = &pair[i == MANY - 1],
                                           .events = i == MANY - 1 ? POLLOUT : POLLIN };
    assert_int_equal(csk_wait_many(items, MANY, 0, NULL), 1);
    assert_int_equal(items[MANY - 1].revents, POLLOUT);
    test_close(pair);
}

static void cancel_in_child(void *cancel)
{
    csk_cancel(cancel);
}

/* A child process shares the descriptor of a cancel, but not its state. */
static void a_cancel_in_a_child_process_is_not_ours(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    pair[0].cancel = &cancel;
    assert_true(csk_cancel_fileno(&cancel) >= 0);
    test_join(test_fork(cancel_in_child, &cancel));
    assert_int_equal(csk_settimeout(&pair[0], 50 * MS), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    csk_cancel(&cancel);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ECANCELED);
    csk_cancel_close(&cancel);
    test_close(pair);
}

TESTS(TEST(events_are_reported_by_name), TEST(a_wait_lasts_for_its_timeout_despite_signals),
      TEST(closed_sockets_and_null_do_not_wait), TEST(a_deadline_is_now_plus_the_timeout),
      TEST(a_deadline_out_of_range_is_never_reached),
      TEST(a_wait_is_rounded_up_so_that_it_does_not_end_early), TEST(a_wait_fits_into_polls_int),
      TEST(a_finished_connection_does_not_wait), TEST(wait_many_reports_the_ready_sockets),
      TEST(wait_many_obeys_the_limits_of_all),
      TEST(wait_many_takes_more_sockets_than_fit_on_the_stack),
      TEST(a_cancel_in_a_child_process_is_not_ours))
