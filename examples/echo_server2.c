/* Echo server program for both internet families: it listens on the first address to which it can
 * bind.
 *
 *     echo_server2 [PORT [HOST]] */
#define _POSIX_C_SOURCE 200809L /* AI_PASSIVE */
#include <csocket/csocket.h>

#include <stdio.h>

#define HOST NULL    /* All available interfaces */
#define PORT "50007" /* An arbitrary non-privileged port */

int main(int argc, char **argv)
{
    const char *port = argc > 1 ? argv[1] : PORT, *host = argc > 2 ? argv[2] : HOST;
    char data[1024], text[CSK_ADDR_TEXT_MAX];
    struct csk_socket s = CSK_SOCKET_INIT, conn;
    struct csk_addrinfo *list;
    struct csk_addr addr;
    ssize_t n;
    int count = csk_getaddrinfo(host, port, AF_UNSPEC, SOCK_STREAM, 0, AI_PASSIVE, NULL, &list,
                                NULL);

    for (int i = 0; i < count; i++) {
        if (csk_socket(&s, list[i].family, list[i].type, list[i].proto) < 0)
            continue;
        if (csk_bind(&s, &list[i].addr, NULL) < 0 || csk_listen(&s, 1) < 0) {
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
    if (csk_accept(&s, &conn, &addr) < 0)
        return 1;
    printf("Connected by %s\n", csk_addr_format(&addr, text, sizeof text));
    while ((n = csk_recv(&conn, data, sizeof data, 0)) > 0)
        csk_send(&conn, data, (size_t)n, 0);
    csk_close(&conn);
    csk_close(&s);
    return n < 0;
}
