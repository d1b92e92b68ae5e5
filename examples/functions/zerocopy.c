/* Send without copying: the buffer belongs to the kernel until the completion. */
#include <csocket/csocket.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>

int main(void)
{
    static char data[65536];
    struct csk_socket server, conn, s;
    struct csk_queued_error entry;
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_error error;
    struct csk_addr addr;
    bool pending;
    uint32_t id;
    ssize_t n;

    if (csk_create_server(&server, "127.0.0.1:0", NULL, &error) < 0 ||
        csk_getsockname(&server, &addr) < 0 ||
        csk_create_connection(&s, csk_addr_format(&addr, text, sizeof text), NULL, &error) < 0 ||
        csk_accept(&server, &conn, NULL) < 0)
        errx(1, "%s", error.text);
    n = csk_send_zerocopy(&s, data, sizeof data, 0, &id, &pending, &error);
    if (n < 0)
        puts(error.text); /* a kernel without MSG_ZEROCOPY */
    while (n > 0 && pending && csk_wait(&s, 0, 10 * CSK_SECOND) > 0)
        while (csk_recv_error(&s, &entry, NULL, 0) >= 0)
            if (entry.origin == CSK_ORIGIN_ZEROCOPY && entry.first <= id && id <= entry.last)
                pending = false; /* data may change now */
    csk_close(&s);
    csk_close(&conn);
    return csk_close(&server) < 0;
}
