/* Cancels, and the scopes of a thread. */
#include "sockets.h"

#include <pthread.h>
#include <sched.h>
#include <sys/time.h>

static bool is_readable(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };

    return poll(&p, 1, 0) == 1;
}

static void a_cancel_that_is_all_zero_is_ready_for_use(void)
{
    struct csk_cancel c, initialised;

    memset(&c, 0, sizeof c);
    memset(&initialised, 0xff, sizeof initialised);
    assert_int_equal(csk_cancel_init(&initialised), 0);
    assert_memory_equal(&c, &initialised, sizeof c);
    assert_int_equal(csk_cancel_test(&c), 0);
    assert_int_equal(csk_cancel_close(&c), 0);
}

static void cancelling_is_seen_by_test_and_by_poll(void)
{
    struct csk_cancel c = CSK_CANCEL_INIT;
    int fd = csk_cancel_fileno(&c);

    assert_true(fd >= 0);
    assert_int_equal(csk_cancel_fileno(&c), fd);
    assert_false(is_readable(fd));
    assert_int_equal(csk_cancel(&c), 0);
    assert_int_equal(csk_cancel(&c), 0);
    assert_int_equal(csk_cancel_test(&c), 1);
    assert_true(is_readable(fd));
    assert_int_equal(csk_cancel_reset(&c), 0);
    assert_int_equal(csk_cancel_test(&c), 0);
    assert_false(is_readable(fd));
    csk_cancel(&c);
    assert_true(is_readable(fd));
    csk_cancel_close(&c);
}

static void a_descriptor_opened_after_cancelling_is_readable(void)
{
    struct csk_cancel c = CSK_CANCEL_INIT;

    csk_cancel(&c);
    assert_true(is_readable(csk_cancel_fileno(&c)));
    csk_cancel_close(&c);
    assert_int_equal(csk_cancel_test(&c), 0);
}

static struct csk_cancel shared;

static void cancel_shared(int signal)
{
    (void)signal;
    csk_cancel(&shared);
}

static void a_signal_handler_may_cancel(void)
{
    signal(SIGUSR1, cancel_shared);
    errno = ERANGE;
    raise(SIGUSR1);
    assert_int_equal(errno, ERANGE);
    assert_true(is_readable(csk_cancel_fileno(&shared)));
    csk_cancel_close(&shared);
}

static void *open_and_wait(void *unused)
{
    struct pollfd p = { .fd = csk_cancel_fileno(&shared), .events = POLLIN };

    assert_int_equal(poll(&p, 1, -1), 1);
    return unused;
}

static void threads_that_open_the_descriptor_at_once_share_one(void)
{
    pthread_t threads[8];

    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 8; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, open_and_wait, NULL), 0);
        csk_cancel(&shared);
        for (int i = 0; i < 8; i++)
            pthread_join(threads[i], NULL);
        csk_cancel_close(&shared);
    }
}

static void the_soonest_deadline_of_nested_scopes_counts(void)
{
    struct csk_scope outer = { .deadline = csk_now() + CSK_SECOND };
    struct csk_scope middle = CSK_SCOPE_INIT;
    struct csk_scope inner = { .deadline = csk_now() + 2 * CSK_SECOND };

    assert_true(csk_scope_deadline() == CSK_FOREVER);
    assert_int_equal(csk_scope_push(&outer), 0);
    assert_int_equal(csk_scope_push(&middle), 0);
    assert_int_equal(csk_scope_push(&inner), 0);
    assert_true(csk_scope_deadline() == outer.deadline);
    assert_int_equal(csk_scope_test(), 0);
    outer.deadline = 1;
    assert_int_equal(csk_scope_test(), CSK_ETIMEDOUT);
    middle.shield = true;
    assert_true(csk_scope_deadline() == inner.deadline);
    assert_int_equal(csk_scope_test(), 0);
    assert_int_equal(csk_scope_pop(&inner), 0);
    assert_int_equal(csk_scope_pop(&middle), 0);
    assert_int_equal(csk_scope_pop(&outer), 0);
    assert_int_equal(csk_scope_test(), 0);
}

static void a_cancel_ends_all_scopes_inside(void)
{
    struct csk_cancel c = CSK_CANCEL_INIT;
    struct csk_scope outer = { .cancel = &c }, inner = CSK_SCOPE_INIT;

    csk_scope_push(&outer);
    csk_scope_push(&inner);
    assert_int_equal(csk_scope_test(), 0);
    csk_cancel(&c);
    assert_int_equal(csk_scope_test(), CSK_ECANCELED);
    inner.shield = true;
    assert_int_equal(csk_scope_test(), 0);
    csk_scope_pop(&inner);
    csk_scope_pop(&outer);
}

static void only_the_innermost_scope_can_be_popped(void)
{
    struct csk_scope outer = CSK_SCOPE_INIT, inner = CSK_SCOPE_INIT;

    assert_int_equal(csk_scope_pop(&outer), CSK_ESCOPE);
    csk_scope_push(&outer);
    csk_scope_push(&inner);
    assert_int_equal(csk_scope_pop(&outer), CSK_ESCOPE);
    assert_int_equal(csk_scope_pop(&inner), 0);
    assert_int_equal(csk_scope_pop(&outer), 0);
}

static void a_scope_that_is_in_force_cannot_be_pushed_again(void)
{
    struct csk_scope outer = CSK_SCOPE_INIT, inner = { .deadline = 1 };

    csk_scope_push(&outer);
    assert_int_equal(csk_scope_push(&outer), CSK_ESCOPE);
    csk_scope_push(&inner);
    assert_int_equal(csk_scope_push(&outer), CSK_ESCOPE);
    assert_int_equal(csk_scope_push(&inner), CSK_ESCOPE);
    assert_int_equal(csk_scope_test(), CSK_ETIMEDOUT);
    assert_int_equal(csk_scope_pop(&inner), 0);
    assert_int_equal(csk_scope_pop(&outer), 0);
    assert_int_equal(csk_scope_push(&outer), 0);
    assert_int_equal(csk_scope_pop(&outer), 0);
}

static void a_suspended_scope_neither_limits_nor_shields(void)
{
    struct csk_cancel c = CSK_CANCEL_INIT;
    struct csk_scope outer = { .deadline = csk_now() + 100 * SECOND };
    struct csk_scope inner = { .cancel = &c, .deadline = 1, .shield = true, .suspended = true };

    csk_cancel(&c);
    csk_scope_push(&outer);
    csk_scope_push(&inner);
    assert_int_equal(csk_scope_test(), 0);
    assert_true(csk_scope_deadline() == outer.deadline);
    inner.suspended = false;
    assert_int_equal(csk_scope_test(), CSK_ECANCELED);
    csk_scope_pop(&inner);
    csk_scope_pop(&outer);
}

/* A change that another thread makes to a scope while this one waits in it; it may then send
 * data. */
struct change {
    struct csk_scope *scope;
    int64_t deadline;
    bool shield;
    struct csk_socket *peer; /* NULL: nothing is sent */
    int64_t until;           /* time at which it is sent */
    int yields;              /* before the change */
};

static void *change_scope(void *arg)
{
    struct change *change = arg;

    for (int i = 0; i < change->yields; i++)
        sched_yield();
    assert_int_equal(csk_scope_setshield(change->scope, change->shield), 0);
    assert_int_equal(csk_scope_setdeadline(change->scope, change->deadline), 0);
    if (!change->peer)
        return NULL;
    csk_wait_many(NULL, 0, change->until, NULL);
    assert_int_equal(csk_send(change->peer, "x", 1, 0), 1);
    return NULL;
}

static ssize_t recv_one(struct csk_socket *s)
{
    char c;

    return csk_recv(s, &c, 1, 0);
}

static ssize_t wait_one(struct csk_socket *s)
{
    return csk_wait(s, POLLIN, -1) == POLLIN ? 1 : csk_scope_test();
}

static ssize_t wait_many_one(struct csk_socket *s)
{
    struct csk_wait_item item = { .s = s, .events = POLLIN };

    return csk_wait_many(&item, 1, 0, NULL);
}

static ssize_t (*const waits[])(struct csk_socket *) = { recv_one, wait_one, wait_many_one };

static ssize_t wait_during(struct change *change, size_t i)
{
    struct csk_socket pair[2];
    pthread_t thread;
    ssize_t n;

    test_pair(pair, SOCK_STREAM);
    change->peer = change->until ? &pair[1] : NULL;
    assert_int_equal(pthread_create(&thread, NULL, change_scope, change), 0);
    n = waits[i](&pair[0]);
    pthread_join(thread, NULL);
    test_close(pair);
    return n;
}

static void a_deadline_that_is_moved_later_is_not_noticed_at_the_old_time(void)
{
    for (size_t i = 0; i < 3; i++) {
        struct csk_scope outer = { .deadline = csk_now() + SECOND }, inner = CSK_SCOPE_INIT;
        struct change change = { .scope = &outer, .until = outer.deadline + 20 * MS };

        csk_scope_push(&outer);
        csk_scope_push(&inner);
        change.deadline = i % 2 ? 0 : csk_now() + 100 * SECOND;
        assert_int_equal(wait_during(&change, i), 1);
        outer.deadline = csk_now() + SECOND;
        change = (struct change){ .scope = &inner,
                                  .shield = true,
                                  .until = outer.deadline + 20 * MS };
        assert_int_equal(wait_during(&change, i), 1);
        csk_scope_pop(&inner);
        csk_scope_pop(&outer);
    }
}

static void a_sooner_deadline_ends_a_wait_at_once(void)
{
    for (size_t i = 0; i < 600; i++) {
        struct csk_cancel c = CSK_CANCEL_INIT;
        struct csk_scope outer = { .cancel = &c }, inner = CSK_SCOPE_INIT;
        struct change change = { .scope = &outer, .deadline = 1, .yields = (int)i % 20 };

        csk_scope_push(&outer);
        csk_scope_push(&inner);
        outer.deadline = i % 2 ? 0 : csk_now() + 1000 * SECOND;
        assert_int_equal(wait_during(&change, i % 3), CSK_ETIMEDOUT);
        csk_scope_pop(&inner);
        csk_scope_pop(&outer);
        csk_cancel_close(&c);
    }
}

static void a_shield_that_is_taken_away_ends_a_wait_at_once(void)
{
    for (size_t i = 0; i < 300; i++) {
        struct csk_cancel c = CSK_CANCEL_INIT;
        struct csk_scope outer = { .deadline = 1 }, inner = { .cancel = &c, .shield = true };
        struct change change = { .scope = &inner, .yields = (int)i % 20 };

        csk_scope_push(&outer);
        csk_scope_push(&inner);
        assert_int_equal(wait_during(&change, i % 3), CSK_ETIMEDOUT);
        csk_scope_pop(&inner);
        csk_scope_pop(&outer);
        csk_cancel_close(&c);
    }
}

static struct csk_scope signalled = CSK_SCOPE_INIT;
static volatile sig_atomic_t handler_keeps_errno;

static void change_signalled(int number)
{
    int saved = errno;

    (void)number;
    csk_scope_setdeadline(&signalled, 1);
    handler_keeps_errno = errno == saved;
}

static void a_signal_handler_may_change_a_scope(void)
{
    const struct itimerval soon = { .it_value = { 0, 20000 } };
    struct csk_cancel c = CSK_CANCEL_INIT;
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    signal(SIGALRM, change_signalled);
    signalled.cancel = &c;
    csk_scope_push(&signalled);
    setitimer(ITIMER_REAL, &soon, NULL);
    assert_int_equal(recv_one(&pair[0]), CSK_ETIMEDOUT);
    assert_true(handler_keeps_errno);
    csk_scope_pop(&signalled);
    csk_cancel_close(&c);
    test_close(pair);
}

static void invalid_deadlines_are_refused(void)
{
    struct csk_scope scope = CSK_SCOPE_INIT;

    assert_int_equal(csk_scope_setdeadline(&scope, -1), CSK_ERANGE);
    assert_int_equal(scope.deadline, 0);
}

static void scopes_with_a_cancel_are_limited_in_number(void)
{
    struct csk_scope scopes[CSK_SCOPES_MAX], plain = CSK_SCOPE_INIT, another;
    struct csk_cancel c = CSK_CANCEL_INIT;

    for (int i = 0; i < CSK_SCOPES_MAX; i++) {
        scopes[i] = (struct csk_scope){ .cancel = &c };
        assert_int_equal(csk_scope_push(&scopes[i]), 0);
    }
    another = scopes[0];
    assert_int_equal(csk_scope_push(&another), CSK_ESCOPE);
    assert_int_equal(csk_scope_push(&plain), 0);
    assert_int_equal(csk_scope_pop(&plain), 0);
    for (int i = CSK_SCOPES_MAX; i-- > 0;)
        assert_int_equal(csk_scope_pop(&scopes[i]), 0);
}

static void *expect_no_scope(void *unused)
{
    assert_true(csk_scope_deadline() == CSK_FOREVER);
    assert_int_equal(csk_scope_test(), 0);
    return unused;
}

static void threads_do_not_inherit_scopes(void)
{
    struct csk_scope scope = { .deadline = 1 };
    pthread_t thread;

    csk_scope_push(&scope);
    assert_int_equal(pthread_create(&thread, NULL, expect_no_scope, NULL), 0);
    pthread_join(thread, NULL);
    csk_scope_pop(&scope);
}

TESTS(TEST(a_cancel_that_is_all_zero_is_ready_for_use),
      TEST(cancelling_is_seen_by_test_and_by_poll),
      TEST(a_descriptor_opened_after_cancelling_is_readable), TEST(a_signal_handler_may_cancel),
      TEST(threads_that_open_the_descriptor_at_once_share_one),
      TEST(the_soonest_deadline_of_nested_scopes_counts), TEST(a_cancel_ends_all_scopes_inside),
      TEST(only_the_innermost_scope_can_be_popped),
      TEST(a_scope_that_is_in_force_cannot_be_pushed_again),
      TEST(a_suspended_scope_neither_limits_nor_shields),
      TEST(a_deadline_that_is_moved_later_is_not_noticed_at_the_old_time),
      TEST(a_sooner_deadline_ends_a_wait_at_once),
      TEST(a_shield_that_is_taken_away_ends_a_wait_at_once),
      TEST(a_signal_handler_may_change_a_scope), TEST(invalid_deadlines_are_refused),
      TEST(scopes_with_a_cancel_are_limited_in_number), TEST(threads_do_not_inherit_scopes))
