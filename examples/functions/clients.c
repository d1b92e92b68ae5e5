/* A client and a server, with a time limit for the client. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    struct csk_connection_options options = { .timeout = 3 * CSK_SECOND,
                                              .total_timeout = 10 * CSK_SECOND };
    struct csk_socket server, client, conn;
    char address[CSK_ADDR_TEXT_MAX];
    struct csk_error error;
    struct csk_addr addr;
    char data[100];
    ssize_t n;

    if (csk_create_server(&server, "127.0.0.1:0", NULL, &error) < 0)
        errx(1, "%s", error.text);
    csk_getsockname(&server, &addr);
    csk_addr_format(&addr, address, sizeof address);

    if (csk_create_connection(&client, address, &options, &error) < 0)
        errx(1, "%s", error.text);
    csk_accept(&server, &conn, NULL);
    csk_sendall(&client, "hello", 5, 0, NULL);
    if ((n = csk_recv(&conn, data, sizeof data, 0)) < 0)
        errx(1, "%s", csk_errstr(n));
    printf("received %.*s\n", (int)n, data);
    csk_close(&conn);
    csk_close(&client);
    csk_close(&server);
    return 0;
}
