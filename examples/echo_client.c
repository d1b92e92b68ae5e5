/* Echo client program.
 *
 *     echo_client [ADDRESS]      "127.0.0.1:50007" by default; also "[::1]:50007", "/tmp/echo" */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

#define ADDRESS "127.0.0.1:50007" /* The remote host; the same port as used by the server */

static void check(int n, const char *what)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n < 0) {
        fprintf(stderr, "echo_client: %s: %s\n", what, csk_strerror(n, text, sizeof text));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    const char *address = argc > 1 ? argv[1] : ADDRESS;
    struct csk_socket s;
    struct csk_addr addr;
    char data[1024];
    ssize_t n;

    check(csk_addr_parse(&addr, AF_UNSPEC, 0, address, NULL), address);
    check(csk_socket(&s, addr.sa.sa_family, SOCK_STREAM, 0), "socket");
    check(csk_connect(&s, &addr, NULL), address);
    check(csk_sendall(&s, "Hello, world", 12, 0, NULL), "send");
    n = csk_recv(&s, data, sizeof data, 0);
    check((int)n, "receive");
    csk_close(&s);
    printf("Received %.*s\n", (int)n, data);
    return 0;
}
