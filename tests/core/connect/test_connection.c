/* A connection in progress (connection.c, attempt.c), driven by the test's own event loop. */
#include "nameserver.h"
#include "peers.h"

#include <pthread.h>
#include <unistd.h>

#define FDS 8

/* Take all steps, and wait between them as the connection requests; return the number of waits. */
static int drive(struct csk_connection *c)
{
    struct pollfd fds[FDS];
    int waits = 0, ms;
    int64_t left;
    ssize_t n;

    while (csk_connection_step(c) == 0) {
        n = csk_connection_events(c, fds, FDS);
        assert_in_range(n, 0, FDS);
        left = csk_connection_wakeup(c) - csk_now();
        ms = left <= 0 ? 0 : left > 20000 * MS ? 20000 : (int)(left / MS + 1);
        poll(fds, (nfds_t)n, ms);
        assert_true(++waits < 1000); /* no busy loop */
    }
    return waits;
}

static void an_event_loop_connects(void)
{
    struct csk_connection_options options = { .timeout = 30000 * MS };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_connection *c;
    struct csk_error error;
    char text[TEXT];

    assert_int_equal(csk_connection_begin(text_of(&server, text), &options, &c, &error), 0);
    drive(c);
    assert_int_equal(csk_connection_step(c), 1);
    assert_int_equal(csk_connection_events(c, NULL, 0), 0);
    assert_int_equal(csk_connection_finish(c, &s, NULL, NULL, &error), 0);
    assert_int_equal(csk_gettimeout(&s), 30000 * MS);
    check_they_talk(&server, &s);
    csk_close(&s);
    assert_int_equal(csk_connection_finish(c, &s, NULL, NULL, &error), -EISCONN);
    csk_connection_free(c);
    csk_close(&server);
}

static void names_are_resolved_without_waiting(void)
{
    struct csk_socket holder, server = server_alone_on("127.0.0.1:0", &holder), s;
    struct csk_addr addr = name_of(&server);
    struct csk_connection *c;
    char text[TEXT];

    snprintf(text, sizeof text, "localhost:%d", (int)csk_addr_port(&addr));
    assert_int_equal(csk_connection_begin(text, NULL, &c, NULL), 0);
    drive(c);
    assert_int_equal(csk_connection_finish(c, &s, NULL, NULL, NULL), 0);
    check_they_talk(&server, &s);
    csk_close(&s);
    csk_connection_free(c);
    csk_close(&server);
    csk_close(&holder);
}

static void a_step_never_waits(void)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 2000 * MS };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_addr good = name_of(&server);
    struct csk_addrinfo list[2];
    struct csk_connection *c;
    struct pollfd fds[FDS];
    struct hanging h;
    int64_t begin, wakeup;

    hang(&h);
    list[0] = target(&h.addr);
    list[1] = target(&good);
    assert_int_equal(csk_connection_begin_any(list, 2, &options, &c, NULL), 0);
    assert_true(csk_connection_wakeup(c) <= csk_now());
    begin = csk_now();
    assert_int_equal(csk_connection_step(c), 0);
    assert_int_equal(csk_connection_events(c, fds, FDS), 1);
    assert_int_equal(fds[0].events, POLLOUT);
    wakeup = csk_connection_wakeup(c);
    assert_true(wakeup >= begin + 2000 * MS && wakeup <= csk_now() + 2000 * MS);
    /* A step that comes early changes nothing. */
    assert_int_equal(csk_connection_step(c), 0);
    assert_int_equal(csk_connection_wakeup(c), wakeup);
    drive(c);
    assert_int_equal(csk_connection_finish(c, &s, NULL, NULL, NULL), 0);
    check_they_talk(&server, &s);
    csk_close(&s);
    csk_connection_free(c);
    hang_no_more(&h);
    csk_close(&server);
}

static void an_unfinished_connection_can_be_abandoned(void)
{
    struct csk_addrinfo list[1];
    struct csk_connection *c;
    struct csk_error error;
    struct csk_socket s;
    struct hanging h;

    test_count_threads();
    hang(&h);
    list[0] = target(&h.addr);
    assert_int_equal(csk_connection_begin_any(list, 1, NULL, &c, NULL), 0);
    assert_int_equal(csk_connection_step(c), 0);
    assert_int_equal(csk_connection_finish(c, &s, NULL, NULL, &error), -EINPROGRESS);
    assert_int_equal(s.fd, -1);
    csk_connection_free(c);
    assert_int_equal(csk_connection_begin("localhost:80", NULL, &c, NULL), 0);
    assert_int_equal(csk_connection_step(c), 0);
    csk_connection_free(c); /* cancels the lookup too: its thread ends with the answer */
    test_wait_for_one_thread();
    hang_no_more(&h);
}

/* The last address is tried although any of the others would use up the whole timeout. */
static void the_total_timeout_is_shared(int64_t delay)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = delay,
                                              .total_timeout = 3000 * MS };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_addr good = name_of(&server);
    struct csk_addrinfo list[3];
    struct csk_error error;
    struct hanging h;

    hang(&h);
    list[0] = list[1] = target(&h.addr);
    list[2] = target(&good);
    assert_int_equal(csk_connect_any(&s, list, 3, &options, NULL, NULL, &error), 0);
    check_they_talk(&server, &s);
    csk_close(&s);
    hang_no_more(&h);
    csk_close(&server);
}

static void a_dead_address_does_not_starve_the_next_one(void)
{
    the_total_timeout_is_shared(-1);
    the_total_timeout_is_shared(60000 * MS); /* longer than the total timeout */
}

static void the_total_timeout_limits_everything(void)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 20 * MS,
                                              .total_timeout = 200 * MS,
                                              .timeout = CSK_FOREVER };
    struct csk_attempt attempts[4];
    size_t count = 4;
    struct csk_addrinfo list[2];
    struct csk_error error;
    struct csk_socket s;
    struct hanging h;

    hang(&h);
    list[0] = list[1] = target(&h.addr);
    assert_int_equal(csk_connect_any(&s, list, 2, &options, attempts, &count, &error),
                     CSK_ETIMEDOUT);
    assert_int_equal(count, 2);
    assert_non_null(strstr(error.text, ": timed out"));
    hang_no_more(&h);
}

static void the_last_address_of_the_resolvers_order_is_reported(void)
{
    struct csk_socket hold[3], s;
    struct csk_addr v6 = refusing(&hold[0], AF_INET6), v4 = refusing(&hold[1], AF_INET);
    struct csk_addr last6 = refusing(&hold[2], AF_INET6);
    struct csk_addrinfo list[] = { target(&v6), target(&v6), target(&v4), target(&last6) };
    struct csk_error error;
    char text[TEXT];

    /* They are tried in the order 6 4 6 6, and then 4 6 6. */
    assert_int_equal(csk_connect_any(&s, list, 4, NULL, NULL, NULL, &error), -ECONNREFUSED);
    csk_addr_format(&last6, text, sizeof text);
    assert_non_null(strstr(error.text, text));
    list[3] = target(&v4);
    assert_int_equal(csk_connect_any(&s, list, 4, NULL, NULL, NULL, &error), -ECONNREFUSED);
    csk_addr_format(&v4, text, sizeof text);
    assert_non_null(strstr(error.text, text));
    for (int i = 0; i < 3; i++)
        csk_close(&hold[i]);
}

static void *cancel_soon(void *cancel)
{
    usleep(50000);
    csk_cancel(cancel);
    return NULL;
}

static void a_cancel_ends_it(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    struct csk_connection_options options = { .cancel = &cancel };
    struct csk_addrinfo list[1];
    struct csk_connection *c;
    struct csk_error error;
    struct csk_socket s;
    struct hanging h;
    pthread_t thread;

    hang(&h);
    list[0] = target(&h.addr);
    pthread_create(&thread, NULL, cancel_soon, &cancel);
    assert_int_equal(csk_connect_any(&s, list, 1, &options, NULL, NULL, &error), CSK_ECANCELED);
    pthread_join(thread, NULL);
    /* The cancel is triggered before the steps, and during them; their descriptors include the
     * cancel's. */
    assert_int_equal(csk_connect_any(&s, list, 1, &options, NULL, NULL, &error), CSK_ECANCELED);
    csk_cancel_reset(&cancel);
    assert_int_equal(csk_connection_begin_any(list, 1, &options, &c, NULL), 0);
    pthread_create(&thread, NULL, cancel_soon, &cancel);
    drive(c);
    pthread_join(thread, NULL);
    assert_int_equal(csk_connection_finish(c, &s, NULL, NULL, &error), CSK_ECANCELED);
    csk_connection_free(c);
    csk_cancel_close(&cancel);
    hang_no_more(&h);
}

static void a_scope_limits_it(void)
{
    struct csk_scope scope = { .deadline = csk_now() + 100 * MS };
    struct csk_addrinfo list[2];
    struct csk_error error;
    struct csk_socket s;
    struct hanging h;

    hang(&h);
    list[0] = list[1] = target(&h.addr);
    scope.deadline = csk_now() + 100 * MS;
    assert_int_equal(csk_scope_push(&scope), 0);
    assert_int_equal(csk_connect_any(&s, list, 2, NULL, NULL, NULL, &error), CSK_ETIMEDOUT);
    assert_int_equal(csk_connect_any(&s, list, 2, NULL, NULL, NULL, &error), CSK_ETIMEDOUT);
    assert_int_equal(csk_scope_pop(&scope), 0);
    hang_no_more(&h);
}

static void *accept_soon(void *server)
{
    struct csk_socket conn;

    usleep(100000);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_accept(server, &conn, NULL), 0);
        csk_close(&conn);
    }
    return NULL;
}

/* connect to a full AF_UNIX backlog fails at once, and no event reports when there is space. */
static void a_full_backlog_is_tried_again(void)
{
    struct csk_connection_options options = { .total_timeout = 20000 * MS };
    struct csk_socket server, first, second, third;
    pthread_t thread;
    char text[TEXT];

    snprintf(text, sizeof text, "@csk-test-tried-again-%d", (int)getpid());
    server = server_on(text);
    assert_int_equal(csk_listen(&server, 0), 0);
    assert_int_equal(csk_create_connection(&first, text, NULL, NULL), 0);
    options.total_timeout = 100 * MS;
    assert_int_equal(csk_create_connection(&third, text, &options, NULL), CSK_ETIMEDOUT);
    options.total_timeout = 20000 * MS;
    pthread_create(&thread, NULL, accept_soon, &server);
    assert_int_equal(csk_create_connection(&second, text, &options, NULL), 0);
    pthread_join(thread, NULL);
    csk_close(&first);
    csk_close(&second);
    csk_close(&server);
}

static void arguments_that_prevent_a_connection_are_named(void)
{
    struct csk_connection_options options = { .source_address = "nonsense" };
    struct csk_connection *c;
    struct csk_error error;

    assert_int_equal(csk_connection_begin("localhost", NULL, &c, &error), CSK_EADDRTEXT);
    assert_null(c);
    assert_non_null(strstr(error.text, "localhost"));
    assert_int_equal(csk_connection_begin("127.0.0.1:1", &options, &c, &error), CSK_EADDRTEXT);
    assert_null(c);
    assert_non_null(strstr(error.text, "nonsense"));
    assert_int_equal(csk_connection_begin_any(NULL, 0, NULL, &c, &error), CSK_ENOADDRESS);
    assert_int_equal(csk_connection_begin_any(NULL, 1, NULL, &c, &error), CSK_ENULL);
    assert_int_equal(csk_connection_begin(NULL, NULL, &c, &error), CSK_ENULL);
    assert_int_equal(csk_connection_step(NULL), CSK_ENULL);
}

TESTS(TEST(an_event_loop_connects), TEST(names_are_resolved_without_waiting),
      TEST(a_step_never_waits), TEST(an_unfinished_connection_can_be_abandoned),
      TEST(a_dead_address_does_not_starve_the_next_one), TEST(the_total_timeout_limits_everything),
      TEST(the_last_address_of_the_resolvers_order_is_reported), TEST(a_cancel_ends_it),
      TEST(a_scope_limits_it), TEST(a_full_backlog_is_tried_again),
      TEST(arguments_that_prevent_a_connection_are_named))
