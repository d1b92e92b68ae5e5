/* Reply from the address to which a request was sent: a socket bound to all addresses of the
 * machine, for IPv4 and IPv6, does not let the routing table choose the source of its replies.
 *
 *     reply_address PORT COUNT      ends after COUNT questions */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0) {
        fprintf(stderr, "reply_address: %s\n", error.text[0] ? error.text : csk_errstr(n));
        exit(1);
    }
}

/* Ancillary data for the answer: the destination of the question as source.  To a socket for both
 * families IPv4 addresses are ::ffff:192.0.2.1. */
static void answer_from(struct csk_msg *msg, void *control, size_t size)
{
    char text[200], source[sizeof text];

    check(csk_control_get(msg, "IPV6_PKTINFO", text, sizeof text, &error));
    text[strcspn(text, " ")] = '\0';
    printf("asked at %s\n", text);
    fflush(stdout);
    snprintf(source, sizeof source, "%.100s", text);
    msg->control = control;
    msg->control_size = 0;
    check(csk_control_put(control, size, &msg->control_size, "IPV6_PKTINFO", source, &error));
}

int main(int argc, char **argv)
{
    static union {
        size_t align;
        char bytes[CSK_CONTROL_MAX];
    } received, sent;
    char data[1500], text[50];
    struct iovec part = { data, sizeof data };
    struct csk_socket s;
    struct csk_addr addr;
    ssize_t n;

    snprintf(text, sizeof text, "[::]:%s", argc > 1 ? argv[1] : "0");
    check(csk_addr_parse(&addr, AF_INET6, 0, text, &error));
    check(csk_socket(&s, AF_INET6, SOCK_DGRAM, 0));
    check(csk_option_set(&s, "IPV6_V6ONLY", "off", &error));
    check(csk_option_set(&s, "IPV6_RECVPKTINFO", "on", &error));
    check(csk_bind(&s, &addr, &error));
    check(csk_settimeout(&s, 20 * CSK_SECOND));
    puts("ready");
    fflush(stdout);
    for (long left = argc > 2 ? atol(argv[2]) : 0; left > 0; left--) {
        struct csk_msg msg = { &part, 1, &received, sizeof received, &addr, 0 };

        part.iov_len = sizeof data;
        check(n = csk_recvmsg(&s, &msg, 0));
        answer_from(&msg, &sent, sizeof sent);
        part.iov_len = (size_t)n;
        check(csk_sendmsg(&s, &msg, 0, NULL));
    }
    return csk_close(&s);
}
