/* Echo client program for both internet families: it uses the first address that answers.
 *
 *     echo_client2 [PORT [HOST]] */
#include <csocket/csocket.h>

#include <stdio.h>

#define HOST "localhost" /* The remote host */
#define PORT "50007"     /* The same port as used by the server */

int main(int argc, char **argv)
{
    const char *port = argc > 1 ? argv[1] : PORT, *host = argc > 2 ? argv[2] : HOST;
    struct csk_socket s = CSK_SOCKET_INIT;
    struct csk_addrinfo *list;
    char data[1024];
    ssize_t n;
    int count = csk_getaddrinfo(host, port, AF_UNSPEC, SOCK_STREAM, 0, 0, NULL, &list, NULL);

    for (int i = 0; i < count; i++) {
        if (csk_socket(&s, list[i].family, list[i].type, list[i].proto) < 0)
            continue;
        if (csk_connect(&s, &list[i].addr, NULL) < 0) {
            csk_close(&s);
            continue;
        }
        break;
    }
    csk_freeaddrinfo(list);
    if (csk_fileno(&s) < 0) {
        puts("could not open socket");
        return 1;
    }
    csk_sendall(&s, "Hello, world", 12, 0, NULL);
    n = csk_recv(&s, data, sizeof data, 0);
    csk_close(&s);
    if (n < 0)
        return 1;
    printf("Received %.*s\n", (int)n, data);
    return 0;
}
