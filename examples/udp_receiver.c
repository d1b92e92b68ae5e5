/* Receive datagrams as a QUIC server does: many in one call, with their ECN marks and times.
 *
 *     udp_receiver ADDRESS COUNT      "127.0.0.1:4433 1000"; prints totals after COUNT of them
 */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>

#define MANY 64
#define CONTROL 256

static char data[4 * CSK_RECV_MANY_MIN];
static union {
    size_t align;
    char bytes[MANY * CONTROL];
} control;
static struct csk_addr addrs[MANY];
static struct csk_datagram messages[MANY];
static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0) {
        fprintf(stderr, "udp_receiver: %s\n", error.text[0] ? error.text : csk_errstr(n));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    const struct csk_recv_memory memory = { data, sizeof data, 2048, addrs, &control, CONTROL };
    long wanted = argc > 2 ? atol(argv[2]) : 0, count = 0, bytes = 0, calls = 0, marked = 0;
    struct csk_socket s;
    struct csk_addr addr;
    int64_t tos;
    ssize_t n;

    check(csk_addr_parse(&addr, AF_INET, 0, argc > 1 ? argv[1] : "", &error));
    check(csk_socket(&s, AF_INET, SOCK_DGRAM, 0));
    check(csk_option_set(&s, "SO_RCVBUF", "4M", &error));
    check(csk_option_set(&s, "IP_RECVTOS", "on", &error));
    csk_option_set(&s, "UDP_GRO", "on", NULL); /* kernels before 5.0 deliver them one by one */
    check(csk_bind(&s, &addr, &error));
    check(csk_settimeout(&s, 20 * CSK_SECOND));
    puts("ready");
    fflush(stdout);
    for (; count < wanted; count += n, calls++) {
        check(n = csk_recv_many(&s, messages, MANY, &memory, 0));
        for (ssize_t i = 0; i < n; i++) {
            struct csk_msg msg = {
                NULL, 0, messages[i].control, messages[i].control_size, NULL, 0
            };

            bytes += (long)messages[i].size;
            marked += csk_control_get_number(&msg, "IP_TOS", &tos, NULL) == 0 && (tos & 3) == 2;
        }
    }
    printf("%ld datagrams, %ld bytes, %ld with ECN\n", count, bytes, marked);
    return csk_close(&s);
}
