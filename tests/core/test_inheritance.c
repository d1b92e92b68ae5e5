/* The members of a socket that dup, accept and adoption preserve, and the limits of times. */
#include "sockets.h"

static struct csk_cancel cancel = CSK_CANCEL_INIT;
static int context;

/* Set every member that belongs to the owner, and the timeout and deadline. */
static int64_t mark(struct csk_socket *s)
{
    int64_t deadline = csk_now() + 60 * SECOND;

    assert_int_equal(csk_settimeout(s, 7 * SECOND), 0);
    assert_int_equal(csk_setdeadline(s, deadline), 0);
    s->on_interrupt = test_on_interrupt;
    s->context = &context;
    s->cancel = &cancel;
    return deadline;
}

static void check_unmarked(const struct csk_socket *s)
{
    assert_null(s->on_interrupt);
    assert_null(s->context);
    assert_null(s->cancel);
    assert_true(csk_gettimeout(s) < 0);
    assert_true(csk_getdeadline(s) == 0);
}

static void a_duplicate_has_all_members(void)
{
    struct csk_socket s, copy;
    int64_t deadline;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    deadline = mark(&s);
    assert_int_equal(csk_dup(&s, &copy), 0);
    assert_ptr_equal(copy.on_interrupt, test_on_interrupt);
    assert_ptr_equal(copy.context, &context);
    assert_ptr_equal(copy.cancel, &cancel);
    assert_true(csk_gettimeout(&copy) == 7 * SECOND);
    assert_true(csk_getdeadline(&copy) == deadline);
    csk_close(&s);
    csk_close(&copy);
}

static void an_adopted_descriptor_has_no_timeout(void)
{
    struct csk_socket s, other;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    mark(&s);
    other = s; /* the previous contents of the variable are ignored */
    assert_int_equal(csk_fromfd(&other, s.fd, AF_INET, SOCK_DGRAM, 0), 0);
    check_unmarked(&other);
    csk_close(&other);
    other = s;
    assert_int_equal(csk_adopt(&other, s.fd, AF_INET, SOCK_DGRAM, 0), 0);
    check_unmarked(&other);
    csk_close(&other);
}

static void new_sockets_have_no_timeout(void)
{
    struct csk_socket s = CSK_SOCKET_INIT, pair[2];

    s.on_interrupt = test_on_interrupt;
    s.context = &context;
    s.cancel = &cancel;
    pair[0] = pair[1] = s;
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    check_unmarked(&s);
    csk_close(&s);
    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), 0);
    check_unmarked(&pair[0]);
    check_unmarked(&pair[1]);
    test_close(pair);
}

static void an_accepted_socket_has_the_hook_its_context_and_the_cancel(void)
{
    struct csk_socket listener, client, conn;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    mark(&listener);
    assert_int_equal(csk_socket(&client, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&client, &addr, NULL), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
    assert_ptr_equal(conn.on_interrupt, test_on_interrupt);
    assert_ptr_equal(conn.context, &context);
    assert_ptr_equal(conn.cancel, &cancel);
    assert_true(csk_gettimeout(&conn) < 0);
    assert_true(csk_getdeadline(&conn) == 0);
    csk_close(&conn);
    csk_close(&client);
    csk_close(&listener);
}

/* The largest numbers mean "forever"; none overflows when added to the clock. */
static void the_limits_of_times_are_defined(void)
{
    static const int64_t endless[] = { CSK_FOREVER, CSK_FOREVER - 1, INT64_MIN, -1 };
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        assert_int_equal(csk_settimeout(&pair[1], endless[i]), 0);
        assert_true(csk_getblocking(&pair[1]));
        assert_int_equal(csk_send(&pair[0], "x", 1, 0), 1);
        assert_int_equal(csk_wait(&pair[1], POLLIN, endless[i]), POLLIN);
        assert_int_equal(csk_recv(&pair[1], &byte, 1, 0), 1);
    }
    assert_int_equal(csk_settimeout(&pair[1], CSK_FOREVER), 0);
    assert_int_equal(csk_setdeadline(&pair[1], CSK_FOREVER), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[1], &byte, 1, 0), 1);
    /* A deadline that has passed: without data, calls time out at once. */
    assert_int_equal(csk_setdeadline(&pair[1], 1), 0);
    assert_int_equal(csk_recv(&pair[1], &byte, 1, 0), CSK_ETIMEDOUT);
    assert_int_equal(csk_setdeadline(&pair[1], INT64_MIN), CSK_ERANGE);
    assert_int_equal(csk_setdeadline(&pair[1], 0), 0);
    assert_int_equal(csk_wait(&pair[1], POLLIN, 0), 0);
    test_close(pair);
}

TESTS(TEST(a_duplicate_has_all_members), TEST(an_adopted_descriptor_has_no_timeout),
      TEST(new_sockets_have_no_timeout),
      TEST(an_accepted_socket_has_the_hook_its_context_and_the_cancel),
      TEST(the_limits_of_times_are_defined))
