/* Peers to connect to: some accept, some refuse and some never answer. */
#ifndef CSK_TEST_PEERS_H
#define CSK_TEST_PEERS_H

#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS INT64_C(1000000)
#define TEXT CSK_ADDR_TEXT_MAX

static inline struct csk_addr name_of(const struct csk_socket *s)
{
    struct csk_addr addr;

    assert_int_equal(csk_getsockname(s, &addr), 0);
    return addr;
}

static inline const char *text_of(const struct csk_socket *s, char text[TEXT])
{
    struct csk_addr addr = name_of(s);

    return csk_addr_format(&addr, text, TEXT);
}

static inline struct csk_socket server_on(const char *address)
{
    struct csk_error error = { 0, "" };
    struct csk_socket s;
    int n = csk_create_server(&s, address, NULL, &error);

    if (n == -EADDRNOTAVAIL || n == -EAFNOSUPPORT)
        test_skip("%s", error.text);
    if (n < 0)
        print_error("%s\n", error.text);
    assert_int_equal(n, 0);
    return s;
}

/* Return whether holder now occupies a server's port in the other internet family, where another
 * program could listen: a host name, or none, means addresses of both families. */
static inline bool keep_port(const struct csk_socket *server, struct csk_socket *holder)
{
    struct csk_addr addr = name_of(server), other;
    int family = addr.sa.sa_family == AF_INET ? AF_INET6 : AF_INET;
    char text[TEXT];

    if (csk_socket(holder, family, SOCK_STREAM, 0) < 0)
        return true; /* no IPv6 */
    if (family == AF_INET6)
        assert_int_equal(csk_setsockopt_int(holder, IPPROTO_IPV6, IPV6_V6ONLY, 1), 0);
    snprintf(text, sizeof text, "%s:%d", family == AF_INET ? "0.0.0.0" : "[::]",
             (int)csk_addr_port(&addr));
    assert_int_equal(csk_addr_parse(&other, family, 0, text, NULL), 0);
    if (csk_bind(holder, &other, NULL) != -EADDRINUSE)
        return true;
    csk_close(holder);
    return false;
}

static inline struct csk_socket server_alone_on(const char *address, struct csk_socket *holder)
{
    struct csk_socket s = server_on(address);

    while (!keep_port(&s, holder)) {
        csk_close(&s);
        s = server_on(address);
    }
    return s;
}

static inline struct csk_addrinfo target(const struct csk_addr *addr)
{
    return (struct csk_addrinfo){ addr->sa.sa_family, SOCK_STREAM, 0, "", *addr };
}

/* An address without a listener: bound, so that no other process can listen there. */
static inline struct csk_addr refusing(struct csk_socket *holder, int family)
{
    struct csk_addr addr;

    assert_int_equal(csk_socket(holder, family, SOCK_STREAM, 0), 0);
    assert_int_equal(
        csk_addr_parse(&addr, family, 0, family == AF_INET ? "127.0.0.1:0" : "[::1]:0", NULL), 0);
    if (csk_bind(holder, &addr, NULL) == -EADDRNOTAVAIL)
        test_skip("there is no IPv6 loopback address");
    return name_of(holder);
}

/* A listener whose queue is full: attempts to connect wait until they are abandoned. */
struct hanging {
    struct csk_socket server, filler[8];
    struct csk_addr addr;
};

static inline void hang(struct hanging *h)
{
    h->server = server_on("127.0.0.1:0");
    assert_int_equal(csk_listen(&h->server, 0), 0);
    h->addr = name_of(&h->server);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(csk_socket(&h->filler[i], AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
        csk_connect(&h->filler[i], &h->addr, NULL);
    }
    if (csk_wait(&h->filler[7], POLLOUT, 100 * MS) != 0)
        test_skip("the kernel answers more connections than were asked for");
}

static inline void hang_no_more(struct hanging *h)
{
    for (int i = 0; i < 8; i++)
        csk_close(&h->filler[i]);
    csk_close(&h->server);
}

static inline int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void check_they_talk(struct csk_socket *server, struct csk_socket *client)
{
    struct csk_socket conn;
    char data[8];

    assert_int_equal(csk_accept(server, &conn, NULL), 0);
    assert_int_equal(csk_sendall(client, "hello", 5, 0, NULL), 0);
    assert_int_equal(csk_recv(&conn, data, sizeof data, 0), 5);
    csk_close(&conn);
}

#endif
