/* Those statements of the documentation of Python 3.15's socket module that apply to C, one by one.
 * tests/python/specification/ has all of them. */
#include "sockets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

/* The statement that the following assertions check; a failure is reported with it. */
static const char *current;

static void report(void)
{
    if (current)
        fprintf(stderr, "the statement: %s\n", current);
}

#define STATES(heading, text) (current = heading ": " text)
#define BEGIN()                                                                                    \
    do {                                                                                           \
        atexit(report);                                                                            \
    } while (0)
#define END() (current = NULL)

static void receive(struct csk_socket *s, const char *text)
{
    char data[64];

    assert_int_equal(csk_recv(s, data, sizeof data, 0), strlen(text));
    assert_memory_equal(data, text, strlen(text));
}

static bool blocks(csk_fd_t fd)
{
    return !(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

static void socket_families(void)
{
    struct csk_addr addr;
    char text[CSK_ADDR_TEXT_MAX];

    BEGIN();
    STATES("Socket families", "AF_UNIX: an abstract address begins with a null byte");
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, "@name", NULL), 0);
    assert_int_equal(addr.len, offsetof(struct sockaddr_un, sun_path) + 5);
    assert_int_equal(((struct sockaddr_un *)&addr.sa)->sun_path[0], 0);
    STATES("Socket families", "AF_INET: '' is INADDR_ANY, '<broadcast>' is INADDR_BROADCAST");
    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, ":80", NULL), 0);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "0.0.0.0:80");
    STATES("Socket families", "AF_INET6: (host, port, flowinfo, scope_id)");
    assert_int_equal(csk_addr_parse(&addr, AF_INET6, 0, "[fe80::1%lo]:80", NULL), 0);
    assert_int_equal(csk_addr_port(&addr), 80);
    assert_int_not_equal(((struct sockaddr_in6 *)&addr.sa)->sin6_scope_id, 0);
    STATES("Socket families", "CAN_J1939: pgn is an unsigned integer of 32 bits");
    assert_int_equal(csk_addr_parse(&addr, AF_CAN, 7, "lo,0,0xffffffff,0", NULL), 0);
    assert_true(csk_addr_parse(&addr, AF_CAN, 7, "lo,0,0x100000000,0", NULL) < 0);
    STATES("Socket families", "an address has the form of its socket's family");
    assert_true(csk_addr_parse(&addr, AF_INET, 0, "/path", NULL) < 0);
    assert_true(csk_addr_parse(&addr, AF_INET6, 0, "127.0.0.1:80", NULL) < 0);
    END();
}

static void creating_sockets(void)
{
    struct csk_socket s, other, pair[2];
    int fd;

    BEGIN();
    STATES("Creating sockets: socket", "the new socket is not inheritable, and blocks");
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_get_inheritable(&s), 0);
    assert_true(csk_getblocking(&s) && blocks(s.fd));
    STATES("Creating sockets: socket", "fileno: family, type and proto are detected");
    fd = csk_detach(&s);
    assert_int_equal(csk_adopt(&s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT), 0);
    assert_true(s.fd == fd && s.family == AF_INET && s.type == SOCK_DGRAM && s.proto == 17);
    STATES("Creating sockets: socket", "fileno: explicit values overrule what is detected");
    assert_int_equal(csk_fromfd(&other, fd, AF_INET6, SOCK_STREAM, 99), 0);
    assert_true(other.family == AF_INET6 && other.type == SOCK_STREAM && other.proto == 99);
    STATES("Creating sockets: fromfd", "the socket is a duplicate and not inheritable");
    assert_true(other.fd != fd && csk_get_inheritable(&other) == 0);
    csk_close(&other);
    csk_close(&s);
    STATES("Creating sockets: socket", "SOCK_NONBLOCK is passed to the system and not kept");
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
    assert_true(s.type == SOCK_STREAM && !blocks(s.fd) && csk_gettimeout(&s) == 0);
    csk_close(&s);
    STATES("Creating sockets: socketpair", "two connected sockets that are not inheritable");
    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), 1);
    receive(&pair[1], "x");
    assert_true(csk_get_inheritable(&pair[0]) == 0 && csk_get_inheritable(&pair[1]) == 0);
    test_close(pair);
    END();
}

/* "127.0.0.1:port" of a socket's own address. */
static const char *name_of(struct csk_socket *s)
{
    static char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr;

    assert_int_equal(csk_getsockname(s, &addr), 0);
    return csk_addr_format(&addr, text, sizeof text);
}

static void clients_and_servers(void)
{
    struct csk_connection_options how = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_server_options serve = CSK_SERVER_OPTIONS_INIT;
    struct csk_socket server, client, conn;
    struct csk_addr addr, peer;
    char text[CSK_ADDR_TEXT_MAX];
    int number;

    BEGIN();
    STATES("Creating sockets: create_server", "a listening TCP socket, with SO_REUSEADDR");
    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", NULL, NULL), 0);
    assert_int_equal(csk_getsockopt_int(&server, SOL_SOCKET, SO_REUSEADDR, &number), 0);
    assert_true(number && server.family == AF_INET && server.type == SOCK_STREAM);
    STATES("Creating sockets: create_connection", "timeout and source_address are applied");
    how.timeout = 7 * SECOND;
    how.source_address = "127.0.0.9:0";
    assert_int_equal(csk_create_connection(&client, name_of(&server), &how, NULL), 0);
    assert_int_equal(csk_gettimeout(&client), 7 * SECOND);
    assert_memory_equal(name_of(&client), "127.0.0.9:", 10);
    STATES("Socket objects: accept", "a new socket, not inheritable, and the peer's address");
    assert_int_equal(csk_accept(&server, &conn, &peer), 0);
    assert_int_equal(csk_getsockname(&client, &addr), 0);
    assert_true(csk_addr_equal(&addr, &peer) && csk_get_inheritable(&conn) == 0);
    STATES("Socket objects: getpeername", "the address to which the socket is connected");
    assert_int_equal(csk_getpeername(&conn, &peer), 0);
    assert_true(csk_addr_equal(&addr, &peer));
    csk_close(&conn);
    csk_close(&client);
    csk_close(&server);
    STATES("Creating sockets: create_server", "dualstack_ipv6: IPv4-mapped addresses");
    serve.dualstack_ipv6 = true;
    if (csk_has_dualstack_ipv6() > 0) {
        assert_int_equal(csk_create_server(&server, ":0", &serve, NULL), 0);
        assert_int_equal(csk_getsockname(&server, &addr), 0);
        snprintf(text, sizeof text, "127.0.0.1:%d", (int)csk_addr_port(&addr));
        assert_int_equal(csk_create_connection(&client, text, NULL, NULL), 0);
        assert_int_equal(csk_accept(&server, &conn, &peer), 0);
        csk_addr_format(&peer, text, sizeof text);
        assert_memory_equal(text, "[::ffff:127.0.0.1]:", 19);
        csk_close(&conn);
        csk_close(&client);
        csk_close(&server);
    }
    END();
}

static void byte_order_and_numeric_addresses(void)
{
    unsigned char packed[16];
    char text[46];

    BEGIN();
    STATES("Other functions: htons, htonl", "host to network byte order, and back");
    assert_int_equal(csk_htons(0x0102), htons(0x0102));
    assert_int_equal(csk_htonl(0x01020304), htonl(0x01020304));
    assert_int_equal(csk_ntohs(htons(7)), 7);
    assert_int_equal(csk_ntohl(htonl(7)), 7);
    STATES("Other functions: inet_aton", "fewer than three dots are accepted");
    assert_true(csk_inet_aton("127.1", packed, NULL) >= 0);
    assert_memory_equal(packed, "\x7f\0\0\1", 4);
    assert_true(csk_inet_aton("256.1.1.1", packed, NULL) < 0);
    assert_true(csk_inet_aton("::1", packed, NULL) < 0);
    STATES("Other functions: inet_ntoa", "exactly 4 bytes");
    assert_true(csk_inet_ntoa("\x7f\0\0\1", 4, text, NULL) >= 0);
    assert_string_equal(text, "127.0.0.1");
    assert_true(csk_inet_ntoa("\x7f\0\0", 3, text, NULL) < 0);
    assert_true(csk_inet_ntoa(packed, 5, text, NULL) < 0);
    STATES("Other functions: inet_pton", "AF_INET and AF_INET6; an error for invalid addresses");
    assert_true(csk_inet_pton(AF_INET6, "5aef:2b::8", packed, NULL) >= 0);
    assert_memory_equal(packed, "\x5a\xef\0\x2b\0\0\0\0\0\0\0\0\0\0\0\x8", 16);
    assert_true(csk_inet_pton(AF_INET, "127.1", packed, NULL) < 0);
    assert_true(csk_inet_pton(AF_UNIX, "path", packed, NULL) < 0);
    STATES("Other functions: inet_ntop", "the length must be right for the family");
    assert_true(csk_inet_ntop(AF_INET, "\x7\xa\0\5", 4, text, NULL) >= 0);
    assert_string_equal(text, "7.10.0.5");
    assert_true(csk_inet_ntop(AF_INET6, packed, 15, text, NULL) < 0);
    STATES("Other functions: CMSG_LEN, CMSG_SPACE",
           "without padding, with it; an error if too long");
    assert_true(csk_CMSG_LEN(3) == csk_CMSG_LEN(0) + 3 && csk_CMSG_SPACE(3) >= csk_CMSG_LEN(3));
    assert_true(csk_CMSG_LEN(SIZE_MAX) < 0 && csk_CMSG_SPACE(SIZE_MAX) < 0);
    END();
}

static void default_timeouts(void)
{
    struct csk_socket s, pair[2];

    BEGIN();
    STATES("Other functions: getdefaulttimeout", "no timeout at first");
    assert_true(csk_getdefaulttimeout() < 0);
    STATES("Other functions: setdefaulttimeout", "the timeout of new sockets");
    csk_setdefaulttimeout(4 * SECOND);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_gettimeout(&s), 4 * SECOND);
    assert_int_equal(csk_gettimeout(&pair[1]), 4 * SECOND);
    STATES("Notes on socket timeouts", "the descriptor of a socket with a timeout does not block");
    assert_false(blocks(s.fd));
    csk_close(&s);
    test_close(pair);
    csk_setdefaulttimeout(-1);
    END();
}

static void opening_and_closing(void)
{
    struct csk_socket pair[2], copy;
    struct csk_addr addr;
    int fd;

    BEGIN();
    test_pair(pair, SOCK_STREAM);
    STATES("Socket objects: close", "all later operations fail; the peer receives the end");
    csk_close(&pair[0]);
    assert_true(csk_send(&pair[0], "x", 1, 0) < 0 && csk_getsockname(&pair[0], &addr) < 0);
    assert_int_equal(csk_close(&pair[0]), 0);
    assert_int_equal(csk_recv(&pair[1], &fd, 1, 0), 0);
    csk_close(&pair[1]);
    test_pair(pair, SOCK_STREAM);
    STATES("Socket objects: dup", "another descriptor of the same endpoint, not inheritable");
    assert_int_equal(csk_dup(&pair[0], &copy), 0);
    assert_true(copy.fd != pair[0].fd && csk_get_inheritable(&copy) == 0);
    csk_close(&pair[0]);
    assert_int_equal(csk_send(&copy, "x", 1, 0), 1);
    receive(&pair[1], "x");
    STATES("Socket objects: detach", "the descriptor stays open");
    fd = csk_detach(&copy);
    assert_int_equal(csk_fileno(&copy), -1);
    assert_int_equal(write(fd, "y", 1), 1);
    receive(&pair[1], "y");
    STATES("Other functions: close", "closes a descriptor");
    assert_int_equal(csk_close_fd(fd), 0);
    assert_true(csk_close_fd(fd) < 0);
    STATES("Socket objects: set_inheritable, get_inheritable", "the flag of the descriptor");
    assert_int_equal(csk_set_inheritable(&pair[1], true), 0);
    assert_true(csk_get_inheritable(&pair[1]) == 1 && !(fcntl(pair[1].fd, F_GETFD) & FD_CLOEXEC));
    csk_close(&pair[1]);
    END();
}

static void connecting(void)
{
    struct csk_socket listener, s;
    struct csk_addr addr, closed;
    struct pollfd poll_one = { .events = POLLOUT };

    BEGIN();
    test_listen(&listener, &addr);
    STATES("Socket objects: connect", "a non-blocking socket reports that it is in progress");
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
    assert_int_equal(csk_connect(&s, &addr, NULL), -EINPROGRESS);
    poll_one.fd = s.fd;
    assert_int_equal(poll(&poll_one, 1, 20000), 1);
    csk_close(&s);
    STATES("Socket objects: connect_ex", "0, or the errno of connect");
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect_ex(&s, &addr, NULL), 0);
    csk_close(&s);
    csk_close(&listener);
    test_refusing(&listener, SOCK_STREAM, &closed);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect_ex(&s, &closed, NULL), ECONNREFUSED);
    csk_close(&s);
    csk_close(&listener);
    STATES("Socket objects: listen", "a backlog below 0 is 0");
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_listen(&s, -5), 0);
    csk_close(&s);
    END();
}

static void receiving(void)
{
    struct csk_socket pair[2], udp[2];
    struct csk_addr to, own, from;
    char data[8];

    BEGIN();
    test_pair(pair, SOCK_STREAM);
    STATES("Socket objects: recv", "at most so many bytes; 0 at the end; flags are the system's");
    assert_int_equal(csk_send(&pair[0], "abcdef", 6, 0), 6);
    assert_int_equal(csk_recv(&pair[1], data, 4, MSG_PEEK), 4);
    assert_int_equal(csk_recv(&pair[1], data, 4, 0), 4);
    receive(&pair[1], "ef");
    assert_int_equal(csk_recv(&pair[1], data, 4, MSG_DONTWAIT), -EAGAIN);
    csk_close(&pair[0]);
    assert_int_equal(csk_recv(&pair[1], data, 4, 0), 0);
    csk_close(&pair[1]);
    test_udp(&udp[0], &own);
    test_udp(&udp[1], &to);
    STATES("Socket objects: sendto, recvfrom", "the destination, and the sender's address");
    assert_int_equal(csk_sendto(&udp[0], "x", 1, 0, &to, NULL), 1);
    assert_int_equal(csk_recvfrom(&udp[1], data, sizeof data, 0, &from), 1);
    assert_true(csk_addr_equal(&from, &own));
    STATES("Socket objects: send", "the socket must be connected");
    assert_int_equal(csk_send(&udp[0], "x", 1, 0), -EDESTADDRREQ);
    test_close(udp);
    END();
}

static void sending_all(void)
{
    struct csk_socket pair[2];
    static char data[10000000];
    int64_t start;
    size_t sent;

    BEGIN();
    test_pair(pair, SOCK_STREAM);
    STATES("Socket objects: sendall", "the timeout is for the whole; what was sent is known in C");
    assert_int_equal(csk_settimeout(&pair[0], 50 * MS), 0);
    start = test_now();
    assert_int_equal(csk_sendall(&pair[0], data, sizeof data, 0, &sent), CSK_ETIMEDOUT);
    assert_true(test_now() - start >= 50 * MS && sent > 0 && sent < sizeof data);
    STATES("Socket objects: shutdown", "SHUT_WR: no further sends");
    assert_int_equal(csk_shutdown(&pair[0], SHUT_WR), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), -EPIPE);
    test_close(pair);
    END();
}

static void modes_and_options(void)
{
    struct csk_socket s;
    socklen_t size = 4;
    char linger[8];
    int number;

    BEGIN();
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    STATES("Socket objects: setblocking, settimeout", "the one is short for the other");
    assert_int_equal(csk_setblocking(&s, false), 0);
    assert_true(csk_gettimeout(&s) == 0 && !csk_getblocking(&s) && !blocks(s.fd));
    assert_int_equal(csk_settimeout(&s, 5), 0);
    assert_true(csk_gettimeout(&s) == 5 && csk_getblocking(&s) && !blocks(s.fd));
    assert_int_equal(csk_setblocking(&s, true), 0);
    assert_true(csk_gettimeout(&s) < 0 && csk_getblocking(&s) && blocks(s.fd));
    STATES("Socket objects: getsockopt", "an integer, or bytes of at most so many");
    assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, SO_TYPE, &number), 0);
    assert_int_equal(number, SOCK_STREAM);
    assert_int_equal(csk_getsockopt(&s, SOL_SOCKET, SO_LINGER, linger, &size), 0);
    assert_int_equal(size, 4);
    STATES("Socket objects: setsockopt", "an integer or bytes; NULL of a length");
    assert_int_equal(csk_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    assert_true(csk_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, NULL, 4) < 0);
    STATES("Socket objects", "family, type and proto are the constructor's");
    assert_true(s.family == AF_INET && s.type == SOCK_STREAM && s.proto == 0);
    csk_close(&s);
    END();
}

static void timeouts(void)
{
    struct csk_socket pair[2], listener, conn;
    struct csk_addr addr;
    char byte;

    BEGIN();
    test_pair(pair, SOCK_STREAM);
    STATES("Notes on socket timeouts", "calls fail if they are not completed in time");
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    STATES("Notes on socket timeouts", "non-blocking mode: calls fail at once");
    assert_int_equal(csk_setblocking(&pair[0], false), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), -EAGAIN);
    test_close(pair);
    test_listen(&listener, &addr);
    assert_int_equal(csk_settimeout(&listener, 20 * MS), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), CSK_ETIMEDOUT);
    STATES("Timeouts and the accept method", "without a default timeout accepted sockets block");
    assert_int_equal(csk_settimeout(&listener, 20 * SECOND), 0);
    assert_int_equal(csk_socket(&pair[0], AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&pair[0], &addr, NULL), 0);
    assert_int_equal(csk_accept(&listener, &conn, NULL), 0);
    assert_true(csk_gettimeout(&conn) < 0 && blocks(conn.fd));
    csk_close(&conn);
    csk_close(&pair[0]);
    csk_close(&listener);
    END();
}

TESTS(TEST(socket_families), TEST(creating_sockets), TEST(clients_and_servers),
      TEST(byte_order_and_numeric_addresses), TEST(default_timeouts), TEST(opening_and_closing),
      TEST(connecting), TEST(receiving), TEST(sending_all), TEST(modes_and_options), TEST(timeouts))
