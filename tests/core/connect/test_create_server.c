/* Listening with one call. */
#include "peers.h"
#include "sockets.h"

#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

static void servers_can_be_started_again_at_once(void)
{
    struct csk_socket server = server_on("127.0.0.1:0"), client, conn;
    char text[TEXT], data[1];
    int reuse = 0;

    assert_int_equal(csk_getsockopt_int(&server, SOL_SOCKET, SO_REUSEADDR, &reuse), 0);
    assert_true(reuse);
    text_of(&server, text);
    assert_int_equal(csk_create_connection(&client, text, NULL, NULL), 0);
    assert_int_equal(csk_accept(&server, &conn, NULL), 0);
    csk_close(&conn); /* the server closes first, so its socket remains in TIME_WAIT */
    assert_int_equal(csk_recv(&client, data, 1, 0), 0);
    csk_close(&client);
    csk_close(&server);
    server = server_on(text);
    csk_close(&server);
}

static void an_address_in_use_is_named(void)
{
    struct csk_socket server = server_on("127.0.0.1:0"), second;
    struct csk_error error;
    struct csk_server_options options = CSK_SERVER_OPTIONS_INIT;
    char text[TEXT], expected[TEXT + 80];

    text_of(&server, text);
    assert_int_equal(csk_create_server(&second, text, &options, &error), -EADDRINUSE);
    assert_int_equal(second.fd, -1);
    snprintf(expected, sizeof expected, "bind to %s: %s", text, strerror(EADDRINUSE));
    assert_string_equal(error.text, expected);
    csk_close(&server);
}

static void servers_can_share_a_port(void)
{
    struct csk_server_options options = { .reuse_port = true };
    struct csk_socket first, second;
    char text[TEXT];

    assert_int_equal(csk_create_server(&first, "127.0.0.1:0", &options, NULL), 0);
    assert_int_equal(csk_create_server(&second, text_of(&first, text), &options, NULL), 0);
    csk_close(&first);
    csk_close(&second);
}

static void a_dualstack_server_serves_ipv4_too(void)
{
    static const struct {
        const char *address;
        int family;
    } rows[] = { { "[::]:0", AF_UNSPEC }, { ":0", AF_UNSPEC }, { ":0", AF_INET6 } };
    struct csk_server_options options = { .dualstack_ipv6 = true };
    struct csk_socket server, client, conn;
    struct csk_addr addr;
    char text[TEXT];

    if (csk_has_dualstack_ipv6() <= 0)
        test_skip("no dual-stack sockets here");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        options.family = rows[i].family;
        assert_int_equal(csk_create_server(&server, rows[i].address, &options, NULL), 0);
        addr = name_of(&server);
        snprintf(text, sizeof text, "127.0.0.1:%d", (int)csk_addr_port(&addr));
        assert_int_equal(csk_create_connection(&client, text, NULL, NULL), 0);
        assert_int_equal(csk_accept(&server, &conn, &addr), 0);
        csk_addr_format(&addr, text, sizeof text);
        assert_int_equal(strncmp(text, "[::ffff:127.0.0.1]:", 19), 0);
        csk_close(&conn);
        csk_close(&client);
        csk_close(&server);
    }
}

static void an_ipv6_server_serves_ipv6_alone(void)
{
    struct csk_socket holder, server = server_alone_on("[::]:0", &holder), client;
    struct csk_addr addr = name_of(&server);
    char text[TEXT];
    int only = 0;

    assert_int_equal(csk_getsockopt_int(&server, IPPROTO_IPV6, IPV6_V6ONLY, &only), 0);
    assert_true(only);
    snprintf(text, sizeof text, "127.0.0.1:%d", (int)csk_addr_port(&addr));
    assert_int_equal(csk_create_connection(&client, text, NULL, NULL), -ECONNREFUSED);
    csk_close(&server);
    csk_close(&holder);
}

static void dualstack_needs_ipv6(void)
{
    static const struct {
        const char *address;
        int family;
    } rows[] = { { "127.0.0.1:0", AF_UNSPEC }, { ":0", AF_INET }, { "@abstract", AF_UNSPEC } };
    struct csk_error error;
    struct csk_server_options options = { .dualstack_ipv6 = true };
    struct csk_socket s;

    if (csk_has_dualstack_ipv6() <= 0)
        test_skip("no dual-stack sockets here");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        options.family = rows[i].family;
        assert_int_equal(csk_create_server(&s, rows[i].address, &options, &error),
                         CSK_EDUALSTACKFAMILY);
        assert_int_equal(s.fd, -1);
        assert_non_null(strstr(error.text, "dualstack_ipv6 requires AF_INET6 family"));
    }
}

static void the_family_can_be_specified(void)
{
    struct csk_server_options options = { .family = AF_INET6 };
    struct csk_connection_options client_options = { .family = AF_INET6 };
    struct csk_socket holder, server, client;
    struct csk_addr addr;
    char text[TEXT];
    bool kept;

    do {
        if (csk_create_server(&server, ":0", &options, NULL) < 0)
            test_skip("no IPv6 here");
        if (!(kept = keep_port(&server, &holder)))
            csk_close(&server);
    } while (!kept);
    addr = name_of(&server);
    assert_int_equal(addr.sa.sa_family, AF_INET6);
    snprintf(text, sizeof text, ":%d", (int)csk_addr_port(&addr));
    assert_int_equal(csk_create_connection(&client, text, &client_options, NULL), 0);
    assert_int_equal(client.family, AF_INET6);
    csk_close(&client);
    client_options.family = AF_INET;
    assert_int_equal(csk_create_connection(&client, text, &client_options, NULL), -ECONNREFUSED);
    csk_close(&server);
    csk_close(&holder);
    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", &options, NULL),
                     test_wrong_family("127.0.0.1", AF_INET6));
}

static void the_backlog_is_passed_to_the_kernel(void)
{
    struct csk_server_options options = { .backlog = -5 };
    struct csk_socket server;

    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", &options, NULL), 0);
    csk_close(&server);
    options.backlog = 3;
    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", &options, NULL), 0);
    csk_close(&server);
}

static int prepare(struct csk_socket *s, const struct csk_addr *at, void *context)
{
    struct csk_addr addr = name_of(s);

    assert_int_equal(at->sa.sa_family, AF_INET);
    if (csk_addr_port(&addr) != 0)
        return -EISCONN; /* too late */
    return *(int *)context ? *(int *)context : csk_setsockopt_int(s, SOL_SOCKET, SO_KEEPALIVE, 1);
}

static void options_are_set_before_the_socket_is_bound(void)
{
    int code = 0, on = 0;
    struct csk_error error;
    struct csk_server_options options = { .on_open = prepare, .context = &code };
    struct csk_socket server;

    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", &options, &error), 0);
    assert_int_equal(csk_getsockopt_int(&server, SOL_SOCKET, SO_KEEPALIVE, &on), 0);
    assert_true(on);
    csk_close(&server);
    code = -EPERM;
    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", &options, &error), -EPERM);
    assert_int_equal(server.fd, -1);
    assert_non_null(
        strstr(error.text, "prepare a socket for 127.0.0.1:0: Operation not permitted"));
}

static void the_type_can_be_specified(void)
{
    struct csk_server_options options = { .type = SOCK_SEQPACKET };
    struct csk_connection_options client_options = { .type = SOCK_SEQPACKET };
    struct csk_socket server, client;
    char text[TEXT];

    snprintf(text, sizeof text, "@csk-test-type-%d", (int)getpid());
    assert_int_equal(csk_create_server(&server, text, &options, NULL), 0);
    assert_int_equal(server.type, SOCK_SEQPACKET);
    text_of(&server, text);
    assert_int_equal(csk_create_connection(&client, text, NULL, NULL), -ECONNREFUSED);
    assert_int_equal(csk_create_connection(&client, text, &client_options, NULL), 0);
    csk_close(&client);
    csk_close(&server);
}

static void a_datagram_socket_is_bound_and_does_not_listen(void)
{
    struct csk_server_options options = { .type = SOCK_DGRAM };
    struct csk_connection_options client_options = { .type = SOCK_DGRAM };
    struct csk_socket server, client;
    char text[TEXT], data[8];
    int reuse = 1;

    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", &options, NULL), 0);
    assert_int_equal(server.type, SOCK_DGRAM);
    assert_int_equal(csk_getsockopt_int(&server, SOL_SOCKET, SO_REUSEADDR, &reuse), 0);
    assert_false(reuse);
    text_of(&server, text);
    assert_int_equal(csk_create_connection(&client, text, &client_options, NULL), 0);
    assert_int_equal(csk_send(&client, "datagram", 8, 0), 8);
    assert_int_equal(csk_recv(&server, data, sizeof data, 0), 8);
    csk_close(&client);
    csk_close(&server);
}

static void an_address_that_is_packed_already_is_bound_to(void)
{
    struct csk_addr addr, bound;
    struct csk_server_options options = { .addr = &addr };
    struct csk_socket server, second;
    struct csk_error error;
    char text[TEXT], expected[TEXT + 80];

    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, "127.0.0.1:0", NULL), 0);
    assert_int_equal(csk_create_server(&server, NULL, &options, NULL), 0);
    assert_int_equal(server.family, AF_INET);
    assert_int_equal(server.type, SOCK_STREAM);
    assert_int_equal(csk_getsockname(&server, &bound), 0);
    addr = bound;
    assert_int_equal(csk_create_server(&second, "[::1]:0", &options, &error), -EADDRINUSE);
    text_of(&server, text);
    snprintf(expected, sizeof expected, "bind to %s: %s", text, strerror(EADDRINUSE));
    assert_string_equal(error.text, expected);
    options.dualstack_ipv6 = true;
    assert_true(csk_create_server(&second, NULL, &options, &error) < 0);
    assert_int_equal(csk_create_server(&second, NULL, NULL, &error), CSK_ENULL);
    csk_close(&server);
}

TESTS(TEST(servers_can_be_started_again_at_once), TEST(an_address_in_use_is_named),
      TEST(servers_can_share_a_port), TEST(a_dualstack_server_serves_ipv4_too),
      TEST(an_ipv6_server_serves_ipv6_alone), TEST(dualstack_needs_ipv6),
      TEST(the_family_can_be_specified), TEST(the_backlog_is_passed_to_the_kernel),
      TEST(options_are_set_before_the_socket_is_bound), TEST(the_type_can_be_specified),
      TEST(a_datagram_socket_is_bound_and_does_not_listen),
      TEST(an_address_that_is_packed_already_is_bound_to))
