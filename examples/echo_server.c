/* Echo server program: serves one client, then ends.
 *
 *     echo_server [ADDRESS]      ":50007" by default; also "[::]:50007", "/tmp/echo", "@echo" */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

#define ADDRESS ":50007" /* All available interfaces; an arbitrary non-privileged port */

static void check(int n, const char *what)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n < 0) {
        fprintf(stderr, "echo_server: %s: %s\n", what, csk_strerror(n, text, sizeof text));
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

    check(csk_addr_parse(&addr, AF_UNSPEC, 0, address, NULL), address);
    check(csk_socket(&s, addr.sa.sa_family, SOCK_STREAM, 0), "socket");
    check(csk_bind(&s, &addr, NULL), address);
    check(csk_listen(&s, 1), "listen");
    check(csk_accept(&s, &conn, &addr), "accept");
    printf("Connected by %s\n", csk_addr_format(&addr, text, sizeof text));
    while ((n = csk_recv(&conn, data, sizeof data, 0)) > 0)
        check(csk_sendall(&conn, data, (size_t)n, 0, NULL), "send");
    check((int)n, "receive");
    csk_close(&conn);
    csk_close(&s);
    return 0;
}
