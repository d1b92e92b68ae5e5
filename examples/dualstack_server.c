/* Echo server program for both internet families at once, with one socket that is created in one
 * call.
 *
 *     dualstack_server [ADDRESS]      ":50007" by default */
#include <csocket/csocket.h>

#include <stdio.h>

#define ADDRESS ":50007" /* All interfaces, port 50007 */

int main(int argc, char **argv)
{
    const char *address = argc > 1 ? argv[1] : ADDRESS;
    char data[1024], text[CSK_ADDR_TEXT_MAX];
    struct csk_error error;
    struct csk_server_options options = CSK_SERVER_OPTIONS_INIT;
    struct csk_socket s, conn;
    struct csk_addr addr;
    ssize_t n;

    if (csk_has_dualstack_ipv6() > 0) {
        options.family = AF_INET6;
        options.dualstack_ipv6 = true;
    }
    if (csk_create_server(&s, address, &options, &error) < 0) {
        fprintf(stderr, "dualstack_server: %s\n", error.text);
        return 1;
    }
    if (csk_accept(&s, &conn, &addr) < 0)
        return 1;
    printf("Connected by %s\n", csk_addr_format(&addr, text, sizeof text));
    while ((n = csk_recv(&conn, data, sizeof data, 0)) > 0)
        csk_sendall(&conn, data, (size_t)n, 0, NULL);
    csk_close(&conn);
    csk_close(&s);
    return n < 0;
}
