/* Connections: connecting and accepting (accept.c). */
#include "sockets.h"

#include <stdio.h>
#include <pthread.h>
#include <fcntl.h>
#include <sys/un.h>

static void connect_reaches_a_listener_in_every_mode(void)
{
    static const int64_t timeouts[] = { -1, 10 * SECOND };
    struct csk_socket listener, s;
    struct csk_addr addr, peer;

    test_listen(&listener, &addr);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_settimeout(&s, timeouts[i]), 0);
        assert_int_equal(csk_connect(&s, &addr, NULL), 0);
        assert_int_equal(csk_getpeername(&s, &peer), 0);
        assert_memory_equal(&peer.sa, &addr.sa, addr.len);
        csk_close(&s);
    }
    csk_close(&listener);
}

static void a_closed_port_is_econnrefused_in_every_mode(void)
{
    static const int64_t timeouts[] = { -1, 10 * SECOND };
    struct csk_socket holder, s;
    struct csk_addr addr;

    test_refusing(&holder, SOCK_STREAM, &addr);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_settimeout(&s, timeouts[i % 2]), 0);
        if (i < 2)
            assert_int_equal(csk_connect(&s, &addr, NULL), -ECONNREFUSED);
        else
            assert_int_equal(csk_connect_ex(&s, &addr, NULL), ECONNREFUSED);
        csk_close(&s);
    }
    csk_close(&holder);
}

static void a_nonblocking_connect_goes_on_in_the_background(void)
{
    struct csk_socket listener, s, conn;
    struct csk_addr addr;
    int error, n;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
    n = csk_connect_ex(&s, &addr, NULL);
    assert_true(n == EINPROGRESS || n == 0);
    assert_int_equal(csk_wait(&s, POLLOUT, 10 * SECOND), POLLOUT);
    assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, SO_ERROR, &error), 0);
    assert_int_equal(error, 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
    csk_close(&conn);
    csk_close(&s);
    csk_close(&listener);
}

/* A listener whose queue is full drops new requests: on Linux connect(2) then retries and waits. */
static void fill_queue(struct csk_socket *listener, struct csk_addr *addr, struct csk_socket *s,
                       int count)
{
    test_listen(listener, addr);
    assert_int_equal(csk_listen(listener, 0), 0);
    for (int i = 0; i < count; i++) {
        assert_int_equal(csk_socket(&s[i], AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
        csk_connect(&s[i], addr, NULL);
    }
}

static void connect_that_takes_too_long_times_out(void)
{
    struct csk_socket listener, queued[4], s;
    struct csk_addr addr;

    fill_queue(&listener, &addr, queued, 4);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 50 * MS), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), CSK_ETIMEDOUT);
    csk_close(&s);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 50 * MS), 0);
    assert_int_equal(csk_connect_ex(&s, &addr, NULL), EAGAIN);
    csk_close(&s);
    for (int i = 0; i < 4; i++)
        csk_close(&queued[i]);
    csk_close(&listener);
}

static void an_interrupted_connect_goes_on_until_the_hook_ends_it(void)
{
    struct csk_socket listener, queued[4], s;
    struct csk_addr addr;

    fill_queue(&listener, &addr, queued, 4);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    s.on_interrupt = test_on_interrupt;
    test_interrupt_limit = 4;
    test_alarm_every(5);
    assert_int_equal(csk_connect(&s, &addr, NULL), CSK_EINTERRUPTED);
    assert_int_equal(test_interrupts, 4);
    csk_close(&s);
    for (int i = 0; i < 4; i++)
        csk_close(&queued[i]);
    csk_close(&listener);
}

static void accept_late(void *argument)
{
    struct csk_socket *listener = argument, conn;

    usleep(100000);
    for (int i = 0; i < 2; i++)
        if (csk_accept(listener, &conn, NULL) < 0)
            _exit(1);
}

static void an_interrupted_connect_succeeds_once_the_peer_accepts(void)
{
    struct csk_socket listener, queued, s;
    struct csk_addr addr;
    int pid;

    fill_queue(&listener, &addr, &queued, 1);
    pid = test_fork(accept_late, &listener);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    test_alarm_every(5);
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    test_join(pid);
    csk_close(&s);
    csk_close(&queued);
    csk_close(&listener);
}

static void wrong_families_missing_paths_and_null_are_refused(void)
{
    struct csk_socket s, u;
    struct csk_addr addr = test_loopback(1), path = { .len = sizeof(struct sockaddr_un) };

    memset(&path.storage, 0, sizeof path.storage);
    path.sa.sa_family = AF_UNIX;
    memcpy(path.sa.sa_data, "/nowhere/at/all", 16);
    assert_int_equal(csk_socket(&u, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&u, &path, NULL), -ENOENT);
    assert_int_equal(csk_connect(&u, &addr, NULL), -EINVAL);
    assert_int_equal(csk_connect(&u, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_connect_ex(&u, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_connect(NULL, &addr, NULL), CSK_ENULL);
    csk_close(&u);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    csk_close(&s);
    assert_int_equal(csk_connect(&s, &addr, NULL), -EBADF);
    assert_int_equal(csk_connect_ex(&s, &addr, NULL), EBADF);
}

static void accept_returns_the_connection_and_its_peer(void)
{
    struct csk_socket listener, client, conn;
    struct csk_addr addr, peer, name;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&client, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&client, &addr, NULL), 0);
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

/* The specification: accepted connections have the default timeout, not the listener's. */
static void a_connection_has_the_default_timeout_not_the_listeners(void)
{
    static const int64_t listeners[] = { -1, 0, 5 * SECOND };
    struct csk_socket listener, client, conn;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    for (size_t i = 0; i < 6; i++) {
        csk_setdefaulttimeout(-1);
        assert_int_equal(csk_socket(&client, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_connect(&client, &addr, NULL), 0);
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

static void accept_times_out_and_leaves_a_closed_socket(void)
{
    struct csk_socket listener, conn;
    struct csk_addr addr;

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

static void accept_refuses_what_does_not_listen_and_null(void)
{
    struct csk_socket s, conn;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_accept(&s, &conn, NULL), -EINVAL);
    assert_int_equal(csk_accept(&s, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_accept(NULL, &conn, NULL), CSK_ENULL);
    csk_close(&s);
}

static void the_hook_ends_an_accept(void)
{
    struct csk_socket listener, conn;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    listener.on_interrupt = test_on_interrupt;
    test_interrupt_limit = 2;
    test_alarm_every(5);
    assert_int_equal(csk_accept(&listener, &conn, NULL), CSK_EINTERRUPTED);
    csk_close(&listener);
}

static struct csk_socket shared_listener;

/* Accept and close connections until the deadline. */
static void *accept_until_the_deadline(void *result)
{
    struct csk_scope scope = { .deadline = csk_now() + 300 * MS };
    struct csk_socket conn;
    int n;

    csk_scope_push(&scope);
    while ((n = csk_accept(&shared_listener, &conn, NULL)) == 0)
        csk_close(&conn);
    csk_scope_pop(&scope);
    *(int *)result = n;
    return NULL;
}

static void two_threads_on_one_blocking_listener_keep_their_limits(void)
{
    int results[2];
    pthread_t threads[2];
    struct csk_socket s;
    struct csk_addr addr;

    test_listen(&shared_listener, &addr);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, accept_until_the_deadline, &results[i]),
                         0);
    /* Each of them wakes both threads. */
    for (int i = 0; i < 50; i++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_connect(&s, &addr, NULL), 0);
        csk_close(&s);
        usleep(1000);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(results[i], CSK_ETIMEDOUT);
    }
    csk_close(&shared_listener);
}

static void *connect_soon(void *addr)
{
    struct csk_socket s;

    usleep(20000);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&s, addr, NULL), 0);
    csk_close(&s);
    return NULL;
}

/* The descriptor remains non-blocking, but the socket blocks. */
static void a_listener_blocks_after_a_limit_as_before(void)
{
    struct csk_scope scope = { .deadline = csk_now() + 10 * MS };
    struct csk_socket listener, conn;
    struct csk_addr addr;
    pthread_t thread;

    test_listen(&listener, &addr);
    csk_scope_push(&scope);
    assert_int_equal(csk_accept(&listener, &conn, NULL), CSK_ETIMEDOUT);
    csk_scope_pop(&scope);
    assert_true(csk_getblocking(&listener));
    assert_int_equal(pthread_create(&thread, NULL, connect_soon, &addr), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
    pthread_join(thread, NULL);
    csk_close(&conn);
    csk_close(&listener);
}

static void a_limit_leaves_a_connected_socket_blocking(void)
{
    struct csk_scope scope = { .deadline = csk_now() + 100 * SECOND };
    struct csk_socket listener, s;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    csk_scope_push(&scope);
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    csk_scope_pop(&scope);
    assert_false(fcntl(s.fd, F_GETFL) & O_NONBLOCK);
    csk_close(&s);
    csk_close(&listener);
}

static void a_connection_inherits_hook_context_and_cancel_from_its_listener(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    struct csk_socket listener, s, conn;
    struct csk_addr addr;
    int context;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    listener.on_interrupt = test_on_interrupt;
    listener.context = &context;
    listener.cancel = &cancel;
    csk_setdeadline(&listener, csk_now() + 100 * SECOND);
    assert_int_equal(csk_settimeout(&listener, 100 * SECOND), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
    assert_ptr_equal(conn.on_interrupt, test_on_interrupt);
    assert_ptr_equal(conn.context, &context);
    assert_ptr_equal(conn.cancel, &cancel);
    assert_int_equal(csk_getdeadline(&conn), 0);
    assert_int_equal(csk_gettimeout(&conn), -1);
    csk_cancel(&cancel);
    assert_int_equal(csk_send(&conn, "x", 1, 0), CSK_ECANCELED);
    csk_close(&conn);
    csk_close(&s);
    csk_close(&listener);
    csk_cancel_close(&cancel);
}

static void accept4_makes_a_connection_nonblocking(void)
{
    struct csk_socket listener, s, conn;
    struct csk_addr addr;
    char byte;

    test_listen(&listener, &addr);
    for (int flags = 0; flags < 2; flags++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_connect(&s, &addr, NULL), 0);
        assert_int_equal(csk_accept4(&listener, &conn, NULL, flags ? SOCK_NONBLOCK : 0), 0);
        assert_int_equal(csk_gettimeout(&conn), flags ? 0 : -1);
        assert_int_equal(!!(fcntl(conn.fd, F_GETFL) & O_NONBLOCK), flags);
        assert_true(fcntl(conn.fd, F_GETFD) & FD_CLOEXEC);
        if (flags)
            assert_int_equal(csk_recv(&conn, &byte, 1, 0), -EAGAIN);
        csk_close(&conn);
        csk_close(&s);
    }
    assert_int_equal(csk_accept4(&listener, &conn, NULL, 1 << 30), -EINVAL);
    csk_close(&listener);
}

static void *accept_one(void *listener)
{
    struct csk_socket conn;

    usleep(30000);
    assert_int_equal(csk_accept(listener, &conn, NULL), 0);
    csk_close(&conn);
    return NULL;
}

static void connect_waits_for_space_in_a_full_unix_backlog(void)
{
    struct csk_socket listener, first, s;
    struct csk_addr addr;
    pthread_t thread;
    char text[64];

    snprintf(text, sizeof text, "@csk-test-backlog-%d", (int)getpid());
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, text, NULL), 0);
    assert_int_equal(csk_socket(&listener, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_bind(&listener, &addr, NULL), 0);
    assert_int_equal(csk_listen(&listener, 0), 0);
    assert_int_equal(csk_socket(&first, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&first, &addr, NULL), 0);
    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 0), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), -EAGAIN);
    assert_int_equal(csk_settimeout(&s, 20 * MS), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), CSK_ETIMEDOUT);
    assert_int_equal(csk_settimeout(&s, 100 * SECOND), 0);
    assert_int_equal(pthread_create(&thread, NULL, accept_one, &listener), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    pthread_join(thread, NULL);
    csk_close(&s);
    csk_close(&first);
    csk_close(&listener);
}

static void connecting_again_after_a_timeout_continues_to_wait(void)
{
    struct csk_socket listener, fillers[8], s;
    struct csk_addr addr;

    fill_queue(&listener, &addr, fillers, 8);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 20 * MS), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), CSK_ETIMEDOUT);
    assert_int_equal(csk_connect(&s, &addr, NULL), CSK_ETIMEDOUT);
    assert_int_equal(csk_settimeout(&s, 0), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), -EALREADY);
    csk_close(&s);
    for (int i = 0; i < 8; i++)
        csk_close(&fillers[i]);
    csk_close(&listener);
}

static void an_error_names_the_address(void)
{
    struct csk_socket holder, s;
    struct csk_addr addr;
    struct csk_error error = { 0, "" };
    char text[CSK_ADDR_TEXT_MAX], expected[CSK_ADDR_TEXT_MAX + 80];

    test_refusing(&holder, SOCK_STREAM, &addr);
    csk_addr_format(&addr, text, sizeof text);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&s, &addr, &error), -ECONNREFUSED);
    snprintf(expected, sizeof expected, "connect to %s: Connection refused", text);
    assert_string_equal(error.text, expected);
    assert_int_equal(error.code, -ECONNREFUSED);
    csk_close(&s);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_bind(&s, &addr, &error), -EADDRINUSE);
    snprintf(expected, sizeof expected, "bind to %s: %s", text, strerror(EADDRINUSE));
    assert_string_equal(error.text, expected);
    csk_close(&s);
    csk_close(&holder);
}

TESTS(TEST(connect_reaches_a_listener_in_every_mode),
      TEST(a_closed_port_is_econnrefused_in_every_mode),
      TEST(a_nonblocking_connect_goes_on_in_the_background),
      TEST(connect_that_takes_too_long_times_out),
      TEST(an_interrupted_connect_goes_on_until_the_hook_ends_it),
      TEST(an_interrupted_connect_succeeds_once_the_peer_accepts),
      TEST(wrong_families_missing_paths_and_null_are_refused),
      TEST(accept_returns_the_connection_and_its_peer),
      TEST(a_connection_has_the_default_timeout_not_the_listeners),
      TEST(accept_times_out_and_leaves_a_closed_socket),
      TEST(accept_refuses_what_does_not_listen_and_null), TEST(the_hook_ends_an_accept),
      TEST(two_threads_on_one_blocking_listener_keep_their_limits),
      TEST(a_listener_blocks_after_a_limit_as_before),
      TEST(a_limit_leaves_a_connected_socket_blocking),
      TEST(a_connection_inherits_hook_context_and_cancel_from_its_listener),
      TEST(accept4_makes_a_connection_nonblocking),
      TEST(connect_waits_for_space_in_a_full_unix_backlog),
      TEST(connecting_again_after_a_timeout_continues_to_wait), TEST(an_error_names_the_address))
