/* A server for requests over UDP, like DNS: receives all available questions, and sends all answers
 * in one call.  The answer is the question with the bit for answers set.
 *
 *     dns_server ADDRESS COUNT      ends after COUNT questions */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

#define MANY 64
#define QUESTION 512

static char data[MANY * QUESTION];
static struct csk_addr addrs[MANY];
static struct csk_datagram messages[MANY];
static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0) {
        fprintf(stderr, "dns_server: %s\n", error.text[0] ? error.text : csk_errstr(n));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    const struct csk_recv_memory memory = { data, sizeof data, QUESTION, addrs, NULL, 0 };
    long left = argc > 2 ? atol(argv[2]) : 0;
    struct csk_socket s;
    struct csk_addr addr;
    ssize_t n, sent;

    check(csk_addr_parse(&addr, AF_UNSPEC, 0, argc > 1 ? argv[1] : "", &error));
    check(csk_socket(&s, addr.sa.sa_family, SOCK_DGRAM, 0));
    check(csk_bind(&s, &addr, &error));
    check(csk_settimeout(&s, 20 * CSK_SECOND));
    puts("ready");
    fflush(stdout);
    for (; left > 0; left -= n) {
        check(n = csk_recv_many(&s, messages, MANY, &memory, 0));
        for (ssize_t i = 0; i < n; i++)
            if (messages[i].size > 2)
                ((unsigned char *)messages[i].data)[2] |= 0x80;
        /* An answer that cannot be sent is omitted: the client repeats the question. */
        for (ssize_t at = 0; at < n; at += sent) {
            sent = csk_send_many(&s, messages + at, (size_t)(n - at), 0, &error);
            if (sent <= 0)
                sent = 1;
        }
    }
    return csk_close(&s);
}
