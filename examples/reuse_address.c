/* Echo server program that can be started again at once.
 *
 * It closes its connection first, which leaves the port in TIME_WAIT; without SO_REUSEADDR the next
 * start would fail until that has expired.
 *
 *     reuse_address [ADDRESS] */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

#define ADDRESS ":50007"

static void check(int n, const char *what)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n < 0) {
        fprintf(stderr, "reuse_address: %s: %s\n", what, csk_strerror(n, text, sizeof text));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    const char *address = argc > 1 ? argv[1] : ADDRESS;
    char data[1024], text[CSK_ADDR_TEXT_MAX];
    struct csk_socket s, conn;
    struct csk_addr addr;
    ssize_t n;

    check(csk_addr_parse(&addr, AF_INET, 0, address, NULL), address);
    check(csk_socket(&s, AF_INET, SOCK_STREAM, 0), "socket");
    check(csk_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), "SO_REUSEADDR");
    check(csk_bind(&s, &addr, NULL), address);
    check(csk_listen(&s, 1), "listen");
    check(csk_accept(&s, &conn, &addr), "accept");
    printf("Connected by %s\n", csk_addr_format(&addr, text, sizeof text));
    n = csk_recv(&conn, data, sizeof data, 0);
    check((int)n, "receive");
    check(csk_sendall(&conn, data, (size_t)n, 0, NULL), "send");
    csk_close(&conn);
    csk_close(&s);
    return 0;
}
