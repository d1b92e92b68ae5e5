/* Send datagrams as a QUIC client does: one buffer, which the kernel divides.
 *
 *     udp_sender ADDRESS COUNT SIZE      "127.0.0.1:4433 1000 1200" */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

#define BURST 50 /* datagrams of one call */

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0) {
        fprintf(stderr, "udp_sender: %s\n", error.text[0] ? error.text : csk_errstr(n));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    long left = argc > 3 ? atol(argv[2]) : 0, size = argc > 3 ? atol(argv[3]) : 1, burst;
    void *data = calloc(BURST, (size_t)size);
    struct csk_socket s;
    struct csk_addr to;
    ssize_t n;

    if (!data)
        return 1;
    check(csk_addr_parse(&to, AF_INET, 0, argc > 1 ? argv[1] : "", &error));
    check(csk_socket(&s, AF_INET, SOCK_DGRAM, 0));
    check(csk_option_set(&s, "IP_TOS", "2", &error)); /* ECN-capable: ECT(0) */
    for (; left > 0; left -= n) {
        burst = left < BURST ? left : BURST;
        check(
            n = csk_send_segments(&s, data, (size_t)(burst * size), (size_t)size, 0, &to, &error));
    }
    free(data);
    return csk_close(&s);
}
