/* Measure when a message leaves.  Sends some, and prints the time of each at the points that the
 * kernel and the device report.
 *
 *     send_times ADDRESS COUNT */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0) {
        fprintf(stderr, "send_times: %s\n", error.text[0] ? error.text : csk_errstr(n));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    static const char *const stages[] = { "sent", "scheduled", "acknowledged" };
    long count = argc > 2 ? atol(argv[2]) : 0, sent = 0;
    struct csk_queued_error entry;
    struct csk_socket s;
    struct csk_addr to;

    check(csk_addr_parse(&to, AF_INET, 0, argc > 1 ? argv[1] : "", &error));
    check(csk_socket(&s, AF_INET, SOCK_DGRAM, 0));
    check(csk_enable_timestamps(&s, true, &error));
    for (long i = 0; i < count; i++)
        check(csk_sendto(&s, "x", 1, 0, &to, &error));
    while (sent < count && csk_wait(&s, 0, 5 * CSK_SECOND) > 0) {
        while (csk_recv_error(&s, &entry, NULL, 0) >= 0) {
            if (entry.origin != CSK_ORIGIN_TIMESTAMP)
                continue;
            printf("message %u %s at %lld ns\n", entry.id, stages[entry.stage],
                   (long long)(entry.hardware ? entry.hardware : entry.software));
            sent += entry.stage == CSK_STAGE_SENT;
        }
    }
    csk_close(&s);
    return sent < count;
}
