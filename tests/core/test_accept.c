/* Accepting. */
#include "sockets.h"

#include <fcntl.h>

static void accept_gives_the_connection_and_its_peer(void **state)
{
    struct csk_socket listener, client, conn;
    struct csk_addr addr, peer, name;

    (void)state;
    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&client, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&client, &addr), 0);
    listener.on_interrupt = test_on_interrupt;
    assert_int_equal(csk_accept(&listener, &conn, &peer), 0);
    assert_int_equal(csk_getsockname(&client, &name), 0);
    assert_int_equal(peer.len, name.len);
    assert_memory_equal(&peer.sa, &name.sa, name.len);
    assert_int_equal(conn.family, AF_INET);
    assert_int_equal(conn.type, SOCK_STREAM);
    assert_int_equal(csk_get_inheritable(&conn), 0);
    assert_ptr_equal(conn.on_interrupt, test_on_interrupt);
    csk_close(&conn);
    csk_close(&client);
    csk_close(&listener);
}

/* The specification: a listener's timeout is not its connections'; the default timeout is. */
static void a_connection_takes_the_default_timeout_and_not_the_listeners(void **state)
{
    static const int64_t listeners[] = { -1, 0, 5 * SECOND };
    struct csk_socket listener, client, conn;
    struct csk_addr addr;

    (void)state;
    test_listen(&listener, &addr);
    for (size_t i = 0; i < 6; i++) {
        csk_setdefaulttimeout(-1);
        assert_int_equal(csk_socket(&client, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_connect(&client, &addr), 0);
        assert_int_equal(csk_settimeout(&listener, listeners[i % 3]), 0);
        csk_setdefaulttimeout(i < 3 ? -1 : 9 * SECOND);
        assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
        assert_int_equal(conn.timeout, i < 3 ? -1 : 9 * SECOND);
        assert_int_equal(!!(fcntl(conn.fd, F_GETFL) & O_NONBLOCK), i >= 3);
        csk_close(&conn);
        csk_close(&client);
    }
    csk_close(&listener);
}

static void accept_times_out_and_leaves_a_closed_socket(void **state)
{
    struct csk_socket listener, conn;
    struct csk_addr addr;

    (void)state;
    test_listen(&listener, &addr);
    memset(&conn, 0x55, sizeof conn);
    assert_int_equal(csk_settimeout(&listener, 10 * MS), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), CSK_ETIMEDOUT);
    assert_int_equal(conn.fd, -1);
    assert_int_equal(csk_setblocking(&listener, false), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), -EAGAIN);
    csk_close(&listener);
    assert_int_equal(csk_accept(&listener, &conn, NULL), -EBADF);
}

static void accept_refuses_what_does_not_listen_and_null(void **state)
{
    struct csk_socket s, conn;

    (void)state;
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_accept(&s, &conn, NULL), -EINVAL);
    assert_int_equal(csk_accept(&s, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_accept(NULL, &conn, NULL), CSK_ENULL);
    csk_close(&s);
}

static void the_hook_ends_an_accept(void **state)
{
    struct csk_socket listener, conn;
    struct csk_addr addr;

    (void)state;
    test_listen(&listener, &addr);
    listener.on_interrupt = test_on_interrupt;
    test_interrupt_limit = 2;
    test_alarm_every(5);
    assert_int_equal(csk_accept(&listener, &conn, NULL), CSK_EINTERRUPTED);
    csk_close(&listener);
}

TESTS(TEST(accept_gives_the_connection_and_its_peer),
      TEST(a_connection_takes_the_default_timeout_and_not_the_listeners),
      TEST(accept_times_out_and_leaves_a_closed_socket),
      TEST(accept_refuses_what_does_not_listen_and_null),
      TEST(the_hook_ends_an_accept))
