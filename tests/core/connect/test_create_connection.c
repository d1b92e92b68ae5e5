/* Connecting with one call. */
#include "peers.h"

#include <netdb.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef EAI_ADDRFAMILY /* obsolete, and missing on some systems */
#define EAI_ADDRFAMILY EAI_NONAME
#endif

static void connects_to(const char *address)
{
    struct csk_socket server = server_on(address), client;
    char text[TEXT];

    assert_int_equal(csk_create_connection(&client, text_of(&server, text), NULL, NULL), 0);
    assert_int_equal(client.type, SOCK_STREAM);
    check_they_talk(&server, &client);
    csk_close(&client);
    csk_close(&server);
}

static void connects_over_ipv4(void)
{
    connects_to("127.0.0.1:0");
}

static void connects_over_ipv6(void)
{
    connects_to("[::1]:0");
}

static void connects_to_an_abstract_name(void)
{
    char text[64];

    snprintf(text, sizeof text, "@csk-test-%d", (int)getpid());
    connects_to(text);
}

static void connects_to_a_path(void)
{
    char folder[] = "/tmp/csk-XXXXXX", path[64];

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/socket", folder);
    connects_to(path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void names_are_resolved_and_no_host_is_this_machine(void)
{
    struct csk_socket holder, server = server_alone_on("127.0.0.1:0", &holder), client;
    struct csk_addr addr = name_of(&server);
    char text[32];

    int port = (int)csk_addr_port(&addr);
    snprintf(text, sizeof text, ":%d", port);
    assert_int_equal(csk_create_connection(&client, text, NULL, NULL), 0);
    check_they_talk(&server, &client);
    csk_close(&client);
    snprintf(text, sizeof text, "localhost:%d", port);
    if (csk_create_connection(&client, text, NULL, NULL) == 0)
        check_they_talk(&server, &client);
    csk_close(&client);
    csk_close(&server);
    csk_close(&holder);
}

/* A host name that resembles another kind of address is still a host name. */
static void the_service_may_be_a_separate_argument(void)
{
    static const char *const none[] = { "", "/path", "@name", "[::1]", "127.0.0.1:1" };
    struct csk_socket server = server_on("127.0.0.1:0"), client;
    struct csk_addr addr = name_of(&server);
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_error error;
    char port[16];

    snprintf(port, sizeof port, "%d", (int)csk_addr_port(&addr));
    options.service = port;
    assert_int_equal(csk_create_connection(&client, "127.0.0.1", &options, NULL), 0);
    check_they_talk(&server, &client);
    csk_close(&client);
    assert_int_equal(csk_create_connection(&client, NULL, &options, NULL), 0);
    check_they_talk(&server, &client);
    csk_close(&client);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(csk_error_kind(csk_create_connection(&client, none[i], &options, NULL)),
                         CSK_KIND_EAI);
    options.service = "70000";
    assert_int_equal(csk_create_connection(&client, "127.0.0.1", &options, &error),
                     CSK_EAI(EAI_SERVICE));
    assert_non_null(strstr(error.text, "port 70000 is out of range"));
    csk_close(&server);
}

static void null_is_refused(void)
{
    struct csk_error error = { 0, "" };
    struct csk_socket s;
    size_t count = 1;

    assert_int_equal(csk_create_connection(NULL, "127.0.0.1:1", NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_create_connection(&s, NULL, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_create_connection_ex(&s, "127.0.0.1:1", NULL, NULL, &count, &error),
                     CSK_ENULL);
    assert_int_equal(error.code, CSK_ENULL);
    assert_int_equal(count, 0); /* no attempt has failed */
    assert_int_equal(csk_connect_any(&s, NULL, 1, NULL, NULL, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_connect_any(NULL, NULL, 0, NULL, NULL, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_connect_any(&s, NULL, 0, NULL, NULL, NULL, NULL), CSK_ENOADDRESS);
    assert_int_equal(csk_create_server(NULL, ":0", NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_create_server(&s, NULL, NULL, NULL), CSK_ENULL);
    assert_int_equal(s.fd, -1);
}

static void a_failure_names_the_address(void)
{
    struct csk_error error;
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_socket holder, s;
    struct csk_addr addr = refusing(&holder, AF_INET);
    char text[TEXT];

    csk_addr_format(&addr, text, sizeof text);
    assert_int_equal(csk_create_connection(&s, text, &options, &error), -ECONNREFUSED);
    assert_int_equal(s.fd, -1);
    assert_int_equal(error.code, -ECONNREFUSED);
    assert_non_null(strstr(error.text, text));
    assert_non_null(strstr(error.text, "Connection refused"));
    csk_close(&holder);
}

static void the_next_address_is_tried_and_failures_are_recorded(void)
{
    struct csk_socket holder, server = server_on("127.0.0.1:0"), s;
    struct csk_addr refused = refusing(&holder, AF_INET), good = name_of(&server);
    struct csk_addrinfo list[] = { target(&refused), target(&good), target(&refused) };
    struct csk_attempt attempts[4];
    struct csk_error error = { 0, "" };
    struct csk_connection_options options = { .happy_eyeballs_delay = -1 };
    size_t count = 4;

    list[0].family = 99; /* and a family whose socket cannot be opened */
    list[0].addr.sa.sa_family = 99;
    assert_int_equal(csk_connect_any(&s, (struct csk_addrinfo[]){ list[0], list[2], list[1] }, 3,
                                     &options, attempts, &count, &error),
                     0);
    assert_int_equal(count, 2);
    assert_int_equal(attempts[0].code, -EAFNOSUPPORT);
    assert_int_equal(attempts[1].code, -ECONNREFUSED);
    assert_true(csk_addr_equal(&attempts[1].addr, &refused));
    assert_int_equal(attempts[0].rank, 0);
    assert_int_equal(attempts[1].rank, 1);
    assert_int_equal(error.code, 0); /* filled in only when the call fails */
    check_they_talk(&server, &s);
    csk_close(&s);
    csk_close(&holder);
    csk_close(&server);
}

static void attempts_beyond_the_array_are_not_recorded(void)
{
    struct csk_socket holder, s;
    struct csk_addr refused = refusing(&holder, AF_INET);
    struct csk_addrinfo list[] = { target(&refused), target(&refused), target(&refused) };
    struct csk_attempt attempts[2] = { { .code = 7 }, { .code = 7 } };
    struct csk_connection_options options = { .happy_eyeballs_delay = -1 };
    size_t count = 1;

    assert_int_equal(csk_connect_any(&s, list, 3, &options, attempts, &count, NULL), -ECONNREFUSED);
    assert_int_equal(count, 1);
    assert_int_equal(attempts[0].code, -ECONNREFUSED);
    assert_int_equal(attempts[1].code, 7);
    csk_close(&holder);
}

static void the_source_address_is_bound(void)
{
    struct csk_socket server = server_on("127.0.0.1:0"), s, conn;
    struct csk_connection_options options = { .source_address = "127.0.0.2:0" };
    struct csk_addr peer;
    char text[TEXT];

    assert_int_equal(csk_create_connection(&s, text_of(&server, text), &options, NULL), 0);
    assert_int_equal(csk_accept(&server, &conn, &peer), 0);
    assert_int_equal(strncmp(csk_addr_format(&peer, text, sizeof text), "127.0.0.2:", 10), 0);
    csk_close(&conn);
    csk_close(&s);
    options.source_address = ":0";
    assert_int_equal(csk_create_connection(&s, text_of(&server, text), &options, NULL), 0);
    csk_close(&s);
    csk_close(&server);
}

static void a_source_address_that_does_not_fit_is_named(void)
{
    static const struct {
        const char *source;
        int code;
    } rows[] = { { "[::1]:0", CSK_EAI(EAI_ADDRFAMILY) },
                 { "192.0.2.77:0", -EADDRNOTAVAIL },
                 { "127.0.0.1:99999", CSK_EPORT },
                 { "nonsense", CSK_EADDRTEXT } };
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_error error;
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    char text[TEXT];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        options.source_address = rows[i].source;
        assert_int_equal(csk_create_connection(&s, text_of(&server, text), &options, &error),
                         rows[i].code);
        assert_int_equal(s.fd, -1);
        assert_non_null(strstr(error.text, rows[i].source));
    }
    csk_close(&server);
}

static void the_timeout_is_the_sockets(void)
{
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_connection_options options = { .timeout = 5000 * MS };
    char text[TEXT];

    text_of(&server, text);
    assert_int_equal(csk_create_connection(&s, text, &options, NULL), 0);
    assert_int_equal(csk_gettimeout(&s), 5000 * MS);
    csk_close(&s);
    options.timeout = -1;
    csk_setdefaulttimeout(3000 * MS);
    assert_int_equal(csk_create_connection(&s, text, &options, NULL), 0);
    assert_int_equal(csk_gettimeout(&s), -1);
    csk_close(&s);
    assert_int_equal(csk_create_connection(&s, text, NULL, NULL), 0);
    assert_int_equal(csk_gettimeout(&s), 3000 * MS);
    csk_close(&s);
    csk_setdefaulttimeout(-1);
    csk_close(&server);
}

static void an_attempt_without_answer_times_out(void)
{
    struct csk_error error;
    struct csk_connection_options options = { .timeout = 50 * MS };
    struct hanging h;
    struct csk_socket s;
    char text[TEXT];

    hang(&h);
    csk_addr_format(&h.addr, text, sizeof text);
    assert_int_equal(csk_create_connection(&s, text, &options, &error), CSK_ETIMEDOUT);
    assert_int_equal(s.fd, -1);
    assert_non_null(strstr(error.text, text));
    assert_non_null(strstr(error.text, "timed out"));
    hang_no_more(&h);
}

static int keep_alive(struct csk_socket *s, const struct csk_addr *at, void *context)
{
    struct csk_addr peer;

    assert_int_equal(at->sa.sa_family, AF_INET);
    if (csk_getpeername(s, &peer) != -ENOTCONN)
        return -EISCONN; /* too late */
    ++*(int *)context;
    return csk_setsockopt_int(s, SOL_SOCKET, SO_KEEPALIVE, 1);
}

static int refuse(struct csk_socket *s, const struct csk_addr *at, void *context)
{
    (void)s;
    (void)at;
    (void)context;
    return -EPERM;
}

static void options_are_set_before_the_connection(void)
{
    struct csk_socket server = server_on("127.0.0.1:0"), holder, s;
    struct csk_addr refused = refusing(&holder, AF_INET), good = name_of(&server);
    struct csk_addrinfo list[] = { target(&refused), target(&good) };
    struct csk_connection_options options = { .on_open = keep_alive };
    int count = 0, on = 0;

    options.context = &count;
    for (int round = 0; round < 2; round++) {
        options.happy_eyeballs_delay = round ? 250 * MS : -1;
        assert_int_equal(csk_connect_any(&s, list, 2, &options, NULL, NULL, NULL), 0);
        assert_int_equal(count, 2 * (round + 1));
        assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, &on), 0);
        assert_true(on);
        csk_close(&s);
    }
    csk_close(&holder);
    csk_close(&server);
}

static void a_socket_that_cannot_be_prepared_is_named(void)
{
    struct csk_socket server = server_on("127.0.0.1:0"), s;
    struct csk_error error;
    struct csk_connection_options options = { .on_open = refuse };
    char text[TEXT], expected[TEXT + 80];

    assert_int_equal(csk_create_connection(&s, text_of(&server, text), &options, &error), -EPERM);
    assert_int_equal(s.fd, -1);
    snprintf(expected, sizeof expected, "prepare a socket for %s: Operation not permitted", text);
    assert_string_equal(error.text, expected);
    csk_close(&server);
}

static void type_and_protocol_can_be_specified(void)
{
    struct csk_connection_options options = { .type = SOCK_DGRAM };
    struct csk_socket s;
    int n;

    assert_int_equal(csk_create_connection(&s, "127.0.0.1:9", &options, NULL), 0);
    assert_int_equal(s.type, SOCK_DGRAM);
    csk_close(&s);
    options.proto = IPPROTO_UDPLITE;
    n = csk_create_connection(&s, "127.0.0.1:9", &options, NULL);
    if (n == -EPROTONOSUPPORT)
        test_skip("no UDP-Lite here");
    assert_int_equal(n, 0);
    assert_int_equal(s.proto, IPPROTO_UDPLITE);
    csk_close(&s);
}

TESTS(TEST(connects_over_ipv4), TEST(connects_over_ipv6), TEST(connects_to_an_abstract_name),
      TEST(connects_to_a_path), TEST(names_are_resolved_and_no_host_is_this_machine),
      TEST(the_service_may_be_a_separate_argument), TEST(null_is_refused),
      TEST(a_failure_names_the_address), TEST(the_next_address_is_tried_and_failures_are_recorded),
      TEST(attempts_beyond_the_array_are_not_recorded), TEST(the_source_address_is_bound),
      TEST(a_source_address_that_does_not_fit_is_named), TEST(the_timeout_is_the_sockets),
      TEST(an_attempt_without_answer_times_out), TEST(options_are_set_before_the_connection),
      TEST(a_socket_that_cannot_be_prepared_is_named), TEST(type_and_protocol_can_be_specified))
