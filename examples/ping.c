/* Check whether a UDP port of a machine is reachable: prints the time of the answer, or the sender
 * and the reason of an error.
 *
 *     ping ADDRESS      "192.0.2.1:53" */
#include <csocket/csocket.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0) {
        fprintf(stderr, "ping: %s\n", error.text[0] ? error.text : csk_errstr(n));
        exit(1);
    }
}

static void print_errors(struct csk_socket *s, int64_t *sent_at)
{
    struct csk_queued_error entry;
    char text[CSK_ADDR_TEXT_MAX];

    while (csk_recv_error(s, &entry, NULL, 0) >= 0) {
        if (entry.origin == CSK_ORIGIN_TIMESTAMP && entry.stage == CSK_STAGE_SENT) {
            *sent_at = entry.hardware ? entry.hardware : entry.software;
        } else if (entry.code) {
            csk_addr_format(&entry.offender, text, sizeof text);
            printf("%s: %s (ICMP type %d, code %d)\n", text, csk_errstr(entry.code),
                   entry.icmp_type, entry.icmp_code);
            exit(2);
        }
    }
}

int main(int argc, char **argv)
{
    static union {
        size_t align;
        char bytes[CSK_CONTROL_MAX];
    } control;
    char data[1500];
    struct iovec part = { data, sizeof data };
    struct csk_msg msg = { &part, 1, &control, sizeof control, NULL, 0 };
    int64_t sent_at = 0, received_at = 0;
    struct csk_socket s;
    struct csk_addr to;
    int events;

    check(csk_addr_parse(&to, AF_INET, 0, argc > 1 ? argv[1] : "", &error));
    check(csk_socket(&s, AF_INET, SOCK_DGRAM, 0));
    check(csk_option_set(&s, "IP_RECVERR", "on", &error));
    check(csk_enable_timestamps(&s, true, &error));
    check(csk_connect(&s, &to, &error));
    check(csk_send(&s, "ping", 4, 0));
    do {
        check(events = csk_wait(&s, POLLIN, 5 * CSK_SECOND));
        print_errors(&s, &sent_at);
    } while (events && !(events & POLLIN));
    if (!events) {
        puts("no answer");
        return 2;
    }
    check(csk_recvmsg(&s, &msg, 0));
    /* The kernel may not yet have recorded times of arrival when it arrived. */
    if (csk_control_get_field(&msg, "SCM_TIMESTAMPING", "software", &received_at, NULL) < 0)
        puts("answer without a time");
    else
        printf("answer after %.3f ms\n", (double)(received_at - sent_at) / 1e6);
    return csk_close(&s);
}
