/* Ancillary data, item by item, and the catalogue of control messages. */
#include <csocket/csocket.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0)
        errx(1, "%s", error.text[0] ? error.text : csk_errstr(n));
}

int main(void)
{
    static union {
        size_t align;
        char bytes[CSK_CONTROL_MAX];
    } control;
    char data[] = { 'x' }, text[200];
    struct iovec part = { data, 1 };
    struct csk_msg msg = { &part, 1, &control, 0, NULL, 0 };
    struct csk_cmsg item = { 0 };
    struct csk_socket pair[2];
    int fds[2] = { 0, 1 };

    check(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0));
    printf("%d bytes in %d\n", (int)csk_CMSG_LEN(sizeof fds), (int)csk_CMSG_SPACE(sizeof fds));
    check(csk_cmsg_put(&control, sizeof control, &msg.control_size, SOL_SOCKET, SCM_RIGHTS, fds,
                       sizeof fds));
    check(csk_sendmsg(&pair[0], &msg, 0, &error));

    msg.control_size = sizeof control;
    check(csk_recvmsg(&pair[1], &msg, 0));
    while (csk_cmsg_next(&msg, &item) > 0) {
        const struct csk_option *known = csk_control_by_number(AF_UNIX, item.level, item.type);

        printf("%s\n", known ? csk_option_name(known) : "unknown");
    }
    check(csk_control_format(&msg, AF_UNIX, text, sizeof text));
    puts(text);
    check(csk_control_get_bytes(&msg, "SCM_RIGHTS", &item, &error));
    printf("%d descriptors closed\n", (int)csk_cmsg_close_fds(&msg));
    if (csk_control_find("IP_PKTINFO", AF_INET) && csk_control_at(0))
        puts("the catalogue is not empty");
    csk_close(&pair[0]);
    return csk_close(&pair[1]) < 0;
}
