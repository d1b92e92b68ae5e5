/* Several attempts to connect at the same time. */
#include "peers.h"

#include <signal.h>
#include <unistd.h>

static void a_race_does_not_wait_for_an_address_without_answer(void)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 50 * MS,
                                              .timeout = 30000 * MS };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_addr good = name_of(&server), peer;
    struct csk_addrinfo list[2];
    struct hanging h;
    int64_t begin, took;

    hang(&h);
    list[0] = target(&h.addr);
    list[1] = target(&good);
    begin = now();
    assert_int_equal(csk_connect_any(&s, list, 2, &options, NULL, NULL, NULL), 0);
    took = now() - begin;
    assert_true(took >= 49 * MS && took < 10000 * MS);
    assert_int_equal(csk_getpeername(&s, &peer), 0);
    assert_true(csk_addr_equal(&peer, &good));
    assert_int_equal(csk_gettimeout(&s), 30000 * MS);
    check_they_talk(&server, &s);
    csk_close(&s);
    options.timeout = CSK_TIMEOUT_DEFAULT;
    assert_int_equal(csk_connect_any(&s, list, 2, &options, NULL, NULL, NULL), 0);
    assert_int_equal(csk_gettimeout(&s), -1);
    check_they_talk(&server, &s);
    csk_close(&s);
    hang_no_more(&h);
    csk_close(&server);
}

static void a_race_goes_on_at_once_after_a_failure(void)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 20000 * MS };
    struct csk_socket holder, server = server_on("127.0.0.1:0"), s;
    struct csk_addr refused = refusing(&holder, AF_INET), good = name_of(&server);
    struct csk_addrinfo list[] = { target(&refused), target(&refused), target(&good) };
    int64_t begin = now();

    assert_int_equal(csk_connect_any(&s, list, 3, &options, NULL, NULL, NULL), 0);
    assert_true(now() - begin < 10000 * MS);
    check_they_talk(&server, &s);
    csk_close(&s);
    csk_close(&holder);
    csk_close(&server);
}

/* No process listens on a path that is missing: connect fails at once, not in the background. */
static void an_attempt_that_fails_at_once_is_recorded(void)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 20000 * MS };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_addr good = name_of(&server), missing;
    struct csk_addrinfo list[2];
    struct csk_attempt attempts[2];
    struct csk_error error;
    size_t count = 2;

    assert_int_equal(csk_addr_parse(&missing, AF_UNIX, 0, "/nonexistent/socket", &error), 0);
    list[0] = list[1] = target(&missing);
    assert_int_equal(csk_connect_any(&s, list, 2, &options, attempts, &count, &error), -ENOENT);
    assert_int_equal(count, 2);
    assert_int_equal(attempts[0].code, -ENOENT);
    assert_int_equal(attempts[1].code, -ENOENT);
    list[1] = target(&good);
    assert_int_equal(csk_connect_any(&s, list, 2, &options, NULL, NULL, NULL), 0);
    check_they_talk(&server, &s);
    csk_close(&s);
    csk_close(&server);
}

static void families_take_turns_in_a_race(void)
{
    struct csk_socket hold4, hold6, s;
    struct csk_addr v4 = refusing(&hold4, AF_INET), v6 = refusing(&hold6, AF_INET6);
    struct csk_addrinfo list[] = { target(&v6), target(&v6), target(&v6), target(&v4),
                                   target(&v4) };
    static const int order[] = { AF_INET6, AF_INET, AF_INET6, AF_INET, AF_INET6 };
    struct csk_attempt attempts[8];
    struct csk_error error;
    struct csk_connection_options options = { .happy_eyeballs_delay = 1000 * MS };
    size_t count = 8;

    assert_int_equal(csk_connect_any(&s, list, 5, &options, attempts, &count, &error),
                     -ECONNREFUSED);
    assert_int_equal(s.fd, -1);
    assert_int_equal(count, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(attempts[i].code, -ECONNREFUSED);
        assert_int_equal(attempts[i].addr.sa.sa_family, order[i]);
    }
    /* This is the last address in the list, but not the last to be tried. */
    assert_non_null(strstr(error.text, "connect to 127.0.0.1:"));
    csk_close(&hold4);
    csk_close(&hold6);
}

static void the_first_family_can_have_a_head_start(void)
{
    static const struct {
        int interleave, order[5];
    } rows[] = {
        { 0, { AF_INET6, AF_INET, AF_INET6, AF_INET, AF_INET6 } },
        { 2, { AF_INET6, AF_INET6, AF_INET, AF_INET6, AF_INET } },
        { 9, { AF_INET6, AF_INET6, AF_INET6, AF_INET, AF_INET } },
        { -1, { AF_INET6, AF_INET, AF_INET, AF_INET6, AF_INET6 } },
    };
    struct csk_socket hold4, hold6, s;
    struct csk_addr v4 = refusing(&hold4, AF_INET), v6 = refusing(&hold6, AF_INET6);
    struct csk_addrinfo list[] = { target(&v6), target(&v4), target(&v4), target(&v6),
                                   target(&v6) };
    struct csk_connection_options options = { .happy_eyeballs_delay = 1000 * MS };
    struct csk_attempt attempts[5];
    size_t count;

    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        options.interleave = rows[row].interleave;
        count = 5;
        assert_int_equal(csk_connect_any(&s, list, 5, &options, attempts, &count, NULL),
                         -ECONNREFUSED);
        assert_int_equal(count, 5);
        for (int i = 0; i < 5; i++)
            assert_int_equal(attempts[i].addr.sa.sa_family, rows[row].order[i]);
    }
    csk_close(&hold4);
    csk_close(&hold6);
}

static void a_race_has_one_deadline_for_all(void)
{
    struct csk_attempt attempts[4];
    struct csk_error error;
    struct csk_connection_options options = { .happy_eyeballs_delay = 40 * MS,
                                              .timeout = 100 * MS };
    size_t count = 4;
    struct csk_addrinfo list[2];
    struct csk_socket s;
    struct hanging h;
    int64_t begin, took;

    hang(&h);
    list[0] = list[1] = target(&h.addr);
    begin = now();
    assert_int_equal(csk_connect_any(&s, list, 2, &options, attempts, &count, &error),
                     CSK_ETIMEDOUT);
    took = now() - begin;
    assert_true(took >= 99 * MS && took < 10000 * MS);
    assert_int_equal(s.fd, -1);
    assert_int_equal(count, 2);
    assert_int_equal(attempts[0].code, CSK_ETIMEDOUT);
    assert_int_equal(attempts[1].code, CSK_ETIMEDOUT);
    assert_non_null(strstr(error.text, "timed out"));
    hang_no_more(&h);
}

static int stop(struct csk_socket *s)
{
    (void)s;
    return CSK_EINTERRUPTED;
}

static void do_nothing(int number)
{
    (void)number;
}

static void interrupts_end(int64_t delay)
{
    struct csk_connection_options options = { .on_interrupt = stop, .happy_eyeballs_delay = delay };
    const struct timespec soon = { 0, 50000000 };
    struct sigaction action = { .sa_handler = do_nothing };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
    struct csk_addrinfo list[2];
    struct csk_socket s;
    struct hanging h;
    timer_t timer;

    hang(&h);
    list[0] = list[1] = target(&h.addr);
    sigaction(SIGUSR1, &action, NULL);
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    /* Repeatedly, because the first one may arrive before the wait has begun. */
    timer_settime(timer, 0, &(struct itimerspec){ soon, soon }, NULL);
    assert_int_equal(csk_connect_any(&s, list, 2, &options, NULL, NULL, NULL), CSK_EINTERRUPTED);
    timer_delete(timer);
    assert_int_equal(s.fd, -1);
    hang_no_more(&h);
}

static void the_interrupt_hook_can_end_the_attempts(void)
{
    interrupts_end(-1);
}

static void the_interrupt_hook_can_end_a_race(void)
{
    interrupts_end(20000 * MS);
}

static void the_winner_keeps_the_interrupt_hook(void)
{
    struct csk_connection_options options = { .on_interrupt = stop,
                                              .happy_eyeballs_delay = 100 * MS };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_addr good = name_of(&server);
    struct csk_addrinfo list[] = { target(&good), target(&good) };

    assert_int_equal(csk_connect_any(&s, list, 2, &options, NULL, NULL, NULL), 0);
    assert_ptr_equal(s.on_interrupt, stop);
    csk_close(&s);
    csk_close(&server);
}

TESTS(TEST(a_race_does_not_wait_for_an_address_without_answer),
      TEST(a_race_goes_on_at_once_after_a_failure), TEST(an_attempt_that_fails_at_once_is_recorded),
      TEST(families_take_turns_in_a_race), TEST(the_first_family_can_have_a_head_start),
      TEST(a_race_has_one_deadline_for_all), TEST(the_interrupt_hook_can_end_the_attempts),
      TEST(the_interrupt_hook_can_end_a_race), TEST(the_winner_keeps_the_interrupt_hook))
