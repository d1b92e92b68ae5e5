/* Connecting with a report of all attempts, to a list of addresses, and in steps. */
#include <csocket/csocket.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0)
        errx(1, "%s", error.text[0] ? error.text : csk_errstr(n));
}

/* Like an event loop, which would also wait for other descriptors. */
static void finish(struct csk_connection *connection, struct csk_socket *s)
{
    struct pollfd fds[4];

    while (csk_connection_step(connection) == 0) {
        int64_t left = csk_connection_wakeup(connection) - csk_now();

        poll(fds, (nfds_t)csk_connection_events(connection, fds, 4),
             left < CSK_SECOND ? (int)(left / CSK_MS) + 1 : 1000);
    }
    check(csk_connection_finish(connection, s, NULL, NULL, &error));
    csk_connection_free(connection);
}

int main(void)
{
    char text[CSK_ADDR_TEXT_MAX], port[20];
    struct csk_socket server, conn, s;
    struct csk_connection *connection;
    struct csk_attempt attempts[4];
    struct csk_addrinfo *list;
    struct csk_addr addr;
    size_t count = 4;

    check(csk_create_server(&server, "127.0.0.1:0", NULL, &error));
    check(csk_getsockname(&server, &addr));
    snprintf(port, sizeof port, "%d", (int)csk_addr_port(&addr));
    csk_addr_format(&addr, text, sizeof text);

    check(csk_create_connection_ex(&s, text, NULL, attempts, &count, &error));
    printf("%zu failed attempts\n", count);
    check(csk_accept4(&server, &conn, &addr, SOCK_NONBLOCK));
    csk_close(&conn);
    csk_close(&s);

    check(csk_getaddrinfo_numeric("127.0.0.1", port, 0, SOCK_STREAM, 0, 0, &list, &error));
    check(csk_connect_any(&s, list, 1, NULL, NULL, NULL, &error));
    csk_close(&s);
    check(csk_connection_begin_any(list, 1, NULL, &connection, &error));
    finish(connection, &s);
    csk_close(&s);
    check(csk_connection_begin(text, NULL, &connection, &error));
    finish(connection, &s);
    csk_close(&s);

    check(csk_socket(&s, AF_INET, SOCK_STREAM, 0));
    printf("errno: %d\n", csk_connect_ex(&s, &list->addr, &error));
    csk_freeaddrinfo(list);
    csk_close(&s);
    return csk_close(&server) < 0;
}
