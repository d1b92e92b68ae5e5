/* Print a line for each packet: the network sniffer of Python's documentation, for Linux.
 *
 *     sniffer [INTERFACE [COUNT]]      all interfaces and no end by default; needs CAP_NET_RAW */
#include <csocket/csocket.h>

#include <net/ethernet.h>
#include <stdio.h>
#include <stdlib.h>

static void check(int n, const char *what)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n < 0) {
        fprintf(stderr, "sniffer: %s: %s\n", what, csk_strerror(n, text, sizeof text));
        exit(1);
    }
}

/* "127.0.0.1 > 127.0.0.2, protocol 17", for an internet packet. */
static void print_internet(int family, const unsigned char *addresses, size_t size, int protocol)
{
    char from[46], to[46];

    check(csk_inet_ntop(family, addresses, size, from, NULL), "source");
    check(csk_inet_ntop(family, addresses + size, size, to, NULL), "target");
    printf(" %s > %s, protocol %d", from, to, protocol);
}

int main(int argc, char **argv)
{
    long left = argc > 2 ? strtol(argv[2], NULL, 10) : -1;
    struct csk_value field[CSK_ADDR_FIELDS_MAX]; /* ifname, proto, pkttype, hatype, addr */
    char name[64], text[CSK_ADDR_TEXT_MAX];
    unsigned char data[65536];
    struct csk_socket s;
    struct csk_addr addr;
    ssize_t n;

    setvbuf(stdout, NULL, _IOLBF, 0);
    check(csk_socket(&s, AF_PACKET, SOCK_DGRAM, 0), "socket");
    snprintf(name, sizeof name, "%s,%d", argc > 1 ? argv[1] : "", ETH_P_ALL);
    check(csk_addr_parse(&addr, AF_PACKET, 0, name, NULL), name);
    check(csk_bind(&s, &addr, NULL), "bind");
    for (; left != 0; left -= left > 0) {
        check((int)(n = csk_recvfrom(&s, data, sizeof data, 0, &addr)), "receive");
        check(csk_addr_unpack(&addr, field, text), "address");
        printf("%.*s 0x%04x %zd bytes", (int)field[0].size, field[0].data, (int)field[1].i, n);
        if (field[1].i == ETHERTYPE_IP && n >= 20)
            print_internet(AF_INET, data + 12, 4, data[9]);
        else if (field[1].i == ETHERTYPE_IPV6 && n >= 40)
            print_internet(AF_INET6, data + 8, 16, data[6]);
        putchar('\n');
    }
    csk_close(&s);
    return 0;
}
