/* Sockets on which options are tried, and legal values for them. */
#include "probe.h"

#include <errno.h>
#include <linux/if_alg.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef AF_MCTP
#define AF_MCTP 45
#endif
#define PROTO_SCTP 132
#define PROTO_UDPLITE 136
#define PROTO_DCCP 33
#define PROTO_MPTCP 262

/* The other end of a connection, or a listener. */
static struct csk_socket others[2] = { CSK_SOCKET_INIT, CSK_SOCKET_INIT };

static int parse(struct csk_addr *addr, const struct csk_socket *s)
{
    const char *text = s->family == AF_INET6 ? "[::1]:0" : "127.0.0.1:0";

    return csk_addr_parse(addr, s->family, s->proto, text, NULL);
}

static int bind_it(struct csk_socket *s)
{
    struct csk_addr addr;
    int n = parse(&addr, s);

    return n < 0 ? n : csk_bind(s, &addr, NULL);
}

static int listen_it(struct csk_socket *s)
{
    int n = bind_it(s);

    return n < 0 ? n : csk_listen(s, 4);
}

/* Connected to a socket of the same kind. */
static int connect_it(struct csk_socket *s)
{
    struct csk_addr addr;
    int n;

    if ((n = csk_socket(&others[0], s->family, s->type, s->proto)) < 0)
        return n;
    if ((n = s->type == SOCK_DGRAM ? bind_it(&others[0]) : listen_it(&others[0])) < 0)
        return n;
    csk_settimeout(s, 2000000000);
    csk_settimeout(&others[0], 2000000000);
    if ((n = csk_getsockname(&others[0], &addr)) < 0 || (n = csk_connect(s, &addr, NULL)) < 0)
        return n;
    return s->type == SOCK_DGRAM ? 0 : csk_accept(&others[0], &others[1], NULL);
}

/* Connected, with the only congestion control of DCCP that reports its state. */
static int dccp_ccid3(struct csk_socket *s)
{
    int n = csk_option_set(s, "DCCP_SOCKOPT_CCID", "DCCPC_CCID3", NULL);

    return n < 0 ? n : connect_it(s);
}

/* Accepted from a listener that saves the SYN. */
static int accepted(struct csk_socket *s)
{
    struct csk_socket client = CSK_SOCKET_INIT;
    struct csk_addr addr;
    int n;

    if ((n = csk_socket(&others[0], s->family, s->type, s->proto)) < 0 ||
        (n = csk_option_set(&others[0], "TCP_SAVE_SYN", "1", NULL)) < 0 ||
        (n = listen_it(&others[0])) < 0 || (n = csk_getsockname(&others[0], &addr)) < 0 ||
        (n = csk_connect(s, &addr, NULL)) < 0 || (n = csk_accept(&others[0], &client, NULL)) < 0)
        return n;
    others[1] = *s;
    *s = client;
    return 0;
}

static int unix_pair(struct csk_socket *s)
{
    struct csk_socket pair[2];
    int n = csk_socketpair(pair, s->family, s->type, s->proto);

    if (n < 0)
        return n;
    csk_close(s);
    *s = pair[0];
    others[0] = pair[1];
    return 0;
}

static int with_tls(struct csk_socket *s)
{
    static const char keys[] = "version=TLS_1_3_VERSION cipher_type=TLS_CIPHER_AES_GCM_128"
                               " iv=0102030405060708 key=00112233445566778899aabbccddeeff"
                               " salt=01020304 rec_seq=0000000000000001";
    int n = connect_it(s);

    if (n < 0 || (n = csk_option_set(s, "TCP_ULP", "tls", NULL)) < 0)
        return n;
    if ((n = csk_option_set(s, "TLS_TX", keys, NULL)) < 0)
        return n;
    return csk_option_set(s, "TLS_RX", keys, NULL);
}

static int tls_ready(struct csk_socket *s)
{
    int n = connect_it(s);

    return n < 0 ? n : csk_option_set(s, "TCP_ULP", "tls", NULL);
}

static int in_repair(struct csk_socket *s)
{
    int n = csk_option_set(s, "TCP_REPAIR", "on", NULL);

    return n < 0 ? n : csk_option_set(s, "TCP_REPAIR_QUEUE", "TCP_SEND_QUEUE", NULL);
}

static int connected_in_repair(struct csk_socket *s)
{
    int n = connect_it(s);

    return n < 0 ? n : in_repair(s);
}

static int reuseport(struct csk_socket *s)
{
    int n = csk_option_set(s, "SO_REUSEPORT", "on", NULL);

    return n < 0 ? n : bind_it(s);
}

static int with_program(struct csk_socket *s)
{
    int n = reuseport(s);

    if (n < 0 || (n = csk_option_set(s, "SO_ATTACH_REUSEPORT_CBPF", "6 0 0 0", NULL)) < 0)
        return n;
    return csk_option_set(s, "SO_ATTACH_FILTER", "6 0 0 65535", NULL);
}

/* A member of the groups that the samples leave. */
static int member(struct csk_socket *s)
{
    static const char *const joins[][2] = {
        { "IP_ADD_MEMBERSHIP", "239.1.1.9 dev lo" },
        { "IPV6_ADD_MEMBERSHIP", "ff05::9 dev lo" },
        { "MCAST_JOIN_SOURCE_GROUP", "239.1.1.8 dev lo source 192.0.2.1" },
        { "MCAST_JOIN_SOURCE_GROUP", "ff05::8 dev lo source 2001:db8::1" },
        { "IPV6_JOIN_ANYCAST", "2001:db8::7 dev lo" },
    };
    size_t i;
    int joined = 0;

    for (i = 0; i < sizeof joins / sizeof *joins; i++)
        joined += csk_option_set(s, joins[i][0], joins[i][1], NULL) == 0;
    if (csk_option_set(s, "MCAST_BLOCK_SOURCE",
                       s->family == AF_INET6 ? "ff05::9 dev lo source 2001:db8::2"
                                             : "239.1.1.9 dev lo source 192.0.2.2",
                       NULL) == 0)
        joined++;
    return joined > 0 ? 0 : -EINVAL;
}

/* With an interface and a route of each kind, for the samples to remove. */
static int router(struct csk_socket *s)
{
    bool v6 = s->family == AF_INET6;
    int n = csk_option_set(s, v6 ? "MRT6_INIT" : "MRT_INIT", "on", NULL);

    if (n < 0)
        return n;
    csk_option_set(s, v6 ? "MRT6_ADD_MIF" : "MRT_ADD_VIF",
                   v6 ? "mifi=1 pifi=1" : "vifi=1 flags=USE_IFINDEX lcl_addr=1.0.0.0", NULL);
    csk_option_set(s, v6 ? "MRT6_ADD_MFC" : "MRT_ADD_MFC",
                   v6 ? "origin=2001:db8::9 mcastgrp=ff05::9 parent=1 ifset=02000000"
                      : "origin=192.0.2.9 mcastgrp=239.1.1.9 parent=1 ttls=0001",
                   NULL);
    csk_option_set(s, v6 ? "MRT6_ADD_MFC_PROXY" : "MRT_ADD_MFC_PROXY",
                   v6 ? "origin=:: mcastgrp=ff05::8 parent=1 ifset=02000000"
                      : "origin=0.0.0.0 mcastgrp=239.1.1.8 parent=1 ttls=0001",
                   NULL);
    return 0;
}

/* With a virtual service and a real server of IPVS; they may already exist. */
static int balancer(struct csk_socket *s)
{
    csk_option_set(s, "IP_VS_SO_SET_ADD", "protocol=TCP addr=192.0.2.1 port=80 sched_name=rr",
                   NULL);
    csk_option_set(s, "IP_VS_SO_SET_ADDDEST",
                   "service.protocol=TCP service.addr=192.0.2.1 service.port=80 dest.addr=192.0.2.2"
                   " dest.port=80 dest.weight=1",
                   NULL);
    return 0;
}

/* An IPv6 socket that talks IPv4. */
static int mapped(struct csk_socket *s)
{
    struct csk_addr addr;
    char text[CSK_ADDR_TEXT_MAX];
    int n;

    if ((n = csk_socket(&others[0], AF_INET, s->type, 0)) < 0 || (n = listen_it(&others[0])) < 0 ||
        (n = csk_getsockname(&others[0], &addr)) < 0)
        return n;
    snprintf(text, sizeof text, "[::ffff:127.0.0.1]:%d", (int)csk_addr_port(&addr));
    if ((n = csk_addr_parse(&addr, AF_INET6, 0, text, NULL)) < 0)
        return n;
    return csk_connect(s, &addr, NULL);
}

static int alg(struct csk_socket *s, const char *type, const char *name)
{
    struct sockaddr_alg addr = { .salg_family = AF_ALG };
    struct csk_addr bound = { .len = sizeof addr };

    snprintf((char *)addr.salg_type, sizeof addr.salg_type, "%s", type);
    snprintf((char *)addr.salg_name, sizeof addr.salg_name, "%s", name);
    memcpy(bound.bytes, &addr, sizeof addr);
    return csk_bind(s, &bound, NULL);
}

static int alg_cipher(struct csk_socket *s)
{
    return alg(s, "skcipher", "cbc(aes)");
}

static int alg_aead(struct csk_socket *s)
{
    return alg(s, "aead", "gcm(aes)");
}

static int packet_bound(struct csk_socket *s)
{
    struct csk_addr addr;
    int n = csk_addr_parse(&addr, AF_PACKET, 0, "lo,3", NULL);

    return n < 0 ? n : csk_bind(s, &addr, NULL);
}

static int packet_fanout(struct csk_socket *s)
{
    int n = packet_bound(s);

    return n < 0 ? n : csk_option_set(s, "PACKET_FANOUT", "id=7 type=CBPF", NULL);
}

static int rollover(struct csk_socket *s)
{
    int n = packet_bound(s);

    return n < 0 ? n : csk_option_set(s, "PACKET_FANOUT", "id=8 type=ROLLOVER", NULL);
}

static int netlink_member(struct csk_socket *s)
{
    return csk_option_set(s, "NETLINK_ADD_MEMBERSHIP", "1", NULL);
}

static int tipc_member(struct csk_socket *s)
{
    return csk_option_set(s, "TIPC_GROUP_JOIN", "type=4711 instance=1 scope=TIPC_NODE_SCOPE", NULL);
}

static int sctp_auth(struct csk_socket *s)
{
    int n = csk_option_set(s, "SCTP_AUTH_SUPPORTED", "1", NULL);

    return n < 0 ? n : csk_option_set(s, "SCTP_AUTH_KEY", "keynumber=2 key=text:other", NULL);
}

static int xdp_tx(struct csk_socket *s)
{
    return csk_option_set(s, "XDP_TX_RING", "64", NULL);
}

/* The most suitable ones first: an option is tried until one works. */
const struct situation situations[] = {
    { "tcp", AF_INET, SOCK_STREAM, 0, NULL },
    { "tcp connected", AF_INET, SOCK_STREAM, 0, connect_it },
    { "tcp listening", AF_INET, SOCK_STREAM, 0, listen_it },
    { "tcp accepted", AF_INET, SOCK_STREAM, 0, accepted },
    { "tcp tls", AF_INET, SOCK_STREAM, 0, with_tls },
    { "tcp tls ready", AF_INET, SOCK_STREAM, 0, tls_ready },
    { "tcp repair", AF_INET, SOCK_STREAM, 0, in_repair },
    { "tcp connected repair", AF_INET, SOCK_STREAM, 0, connected_in_repair },
    { "tcp6", AF_INET6, SOCK_STREAM, 0, NULL },
    { "tcp6 connected", AF_INET6, SOCK_STREAM, 0, connect_it },
    { "tcp6 mapped", AF_INET6, SOCK_STREAM, 0, mapped },
    { "mptcp connected", AF_INET, SOCK_STREAM, PROTO_MPTCP, connect_it },
    { "udp", AF_INET, SOCK_DGRAM, 0, NULL },
    { "udp connected", AF_INET, SOCK_DGRAM, 0, connect_it },
    { "udp member", AF_INET, SOCK_DGRAM, 0, member },
    { "udp reuseport", AF_INET, SOCK_DGRAM, 0, reuseport },
    { "udp program", AF_INET, SOCK_DGRAM, 0, with_program },
    { "udp6", AF_INET6, SOCK_DGRAM, 0, NULL },
    { "udp6 connected", AF_INET6, SOCK_DGRAM, 0, connect_it },
    { "udp6 member", AF_INET6, SOCK_DGRAM, 0, member },
    { "udplite", AF_INET, SOCK_DGRAM, PROTO_UDPLITE, NULL },
    { "unix pair", AF_UNIX, SOCK_STREAM, 0, unix_pair },
    { "unix datagram", AF_UNIX, SOCK_DGRAM, 0, NULL },
    { "raw icmp", AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL },
    { "raw igmp", AF_INET, SOCK_RAW, IPPROTO_IGMP, NULL },
    { "raw igmp router", AF_INET, SOCK_RAW, IPPROTO_IGMP, router },
    { "raw", AF_INET, SOCK_RAW, IPPROTO_RAW, NULL },
    { "raw balancer", AF_INET, SOCK_RAW, IPPROTO_RAW, balancer },
    { "raw icmpv6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, NULL },
    { "raw icmpv6 router", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, router },
    { "raw6", AF_INET6, SOCK_RAW, IPPROTO_RAW, NULL },
    { "netlink", AF_NETLINK, SOCK_RAW, 0, NULL },
    { "netlink member", AF_NETLINK, SOCK_RAW, 0, netlink_member },
    { "packet", AF_PACKET, SOCK_RAW, 0, NULL },
    { "packet bound", AF_PACKET, SOCK_RAW, 0x0300, packet_bound },
    { "packet fanout", AF_PACKET, SOCK_RAW, 0x0300, packet_fanout },
    { "packet rollover", AF_PACKET, SOCK_RAW, 0x0300, rollover },
    { "can raw", AF_CAN, SOCK_RAW, 1, NULL },
    { "can isotp", AF_CAN, SOCK_DGRAM, 6, NULL },
    { "can j1939", AF_CAN, SOCK_DGRAM, 7, NULL },
    { "alg cipher", AF_ALG, SOCK_SEQPACKET, 0, alg_cipher },
    { "alg aead", AF_ALG, SOCK_SEQPACKET, 0, alg_aead },
    { "sctp", AF_INET, SOCK_STREAM, PROTO_SCTP, NULL },
    { "sctp many", AF_INET, SOCK_SEQPACKET, PROTO_SCTP, NULL },
    { "sctp connected", AF_INET, SOCK_STREAM, PROTO_SCTP, connect_it },
    { "sctp auth", AF_INET, SOCK_STREAM, PROTO_SCTP, sctp_auth },
    { "sctp6", AF_INET6, SOCK_STREAM, PROTO_SCTP, NULL },
    { "dccp", AF_INET, 6, PROTO_DCCP, NULL },
    { "dccp connected", AF_INET, 6, PROTO_DCCP, connect_it },
    { "dccp ccid 3", AF_INET, 6, PROTO_DCCP, dccp_ccid3 },
    { "tipc stream", AF_TIPC, SOCK_STREAM, 0, NULL },
    { "tipc rdm", AF_TIPC, SOCK_RDM, 0, NULL },
    { "tipc rdm member", AF_TIPC, SOCK_RDM, 0, tipc_member },
    { "rds", AF_RDS, SOCK_SEQPACKET, 0, NULL },
    { "vsock", AF_VSOCK, SOCK_STREAM, 0, NULL },
    { "xdp", AF_XDP, SOCK_RAW, 0, NULL },
    { "xdp ring", AF_XDP, SOCK_RAW, 0, xdp_tx },
    { "smc", AF_SMC, SOCK_STREAM, 0, NULL },
    { "kcm", AF_KCM, SOCK_DGRAM, 0, NULL },
    { "llc", AF_LLC, SOCK_STREAM, 0, NULL },
    { "l2cap", AF_BLUETOOTH, SOCK_SEQPACKET, 0, NULL },
    { "hci", AF_BLUETOOTH, SOCK_RAW, 1, NULL },
    { "sco", AF_BLUETOOTH, SOCK_SEQPACKET, 2, NULL },
    { "rfcomm", AF_BLUETOOTH, SOCK_STREAM, 3, NULL },
    { "iso", AF_BLUETOOTH, SOCK_SEQPACKET, 8, NULL },
    { "x25", AF_X25, SOCK_SEQPACKET, 0, NULL },
    { "ax25", AF_AX25, SOCK_SEQPACKET, 0, NULL },
    { "netrom", AF_NETROM, SOCK_SEQPACKET, 0, NULL },
    { "rose", AF_ROSE, SOCK_SEQPACKET, 0, NULL },
    { "pppox", AF_PPPOX, SOCK_DGRAM, 1, NULL },
    { "phonet", AF_PHONET, SOCK_SEQPACKET, 2, NULL },
    { "nfc", AF_NFC, SOCK_STREAM, 1, NULL },
    { "rxrpc", AF_RXRPC, SOCK_DGRAM, AF_INET, NULL },
    { "mctp", AF_MCTP, SOCK_DGRAM, 0, NULL },
    { "caif", AF_CAIF, SOCK_STREAM, 0, NULL },
    { "ieee802154", AF_IEEE802154, SOCK_DGRAM, 0, NULL },
    { "atm", AF_ATMPVC, SOCK_DGRAM, 0, NULL },
};
const size_t situation_count = sizeof situations / sizeof *situations;

int open_situation(const struct situation *situation, struct csk_socket *s)
{
    int n = csk_socket(s, situation->family, situation->type, situation->proto);

    if (n == 0 && situation->prepare != NULL && (n = situation->prepare(s)) < 0)
        close_situation(s);
    return n;
}

void close_situation(struct csk_socket *s)
{
    csk_close(s);
    csk_close(&others[0]);
    csk_close(&others[1]);
}

/* NAME or LEVEL.NAME, value.  Several for one option: for different situations. */
static const struct {
    const char *name, *text;
} samples[] = {
    { "SO_BINDTODEVICE", "lo" },
    { "SO_ATTACH_FILTER", "6 0 0 65535" },
    { "SO_ATTACH_REUSEPORT_CBPF", "6 0 0 0" },
    { "SO_DETACH_FILTER", "ignored" },
    { "SO_DETACH_REUSEPORT_BPF", "ignored" },
    { "SO_CNX_ADVICE", "negative" },
    { "SO_TXTIME", "CLOCK_MONOTONIC" },
    { "SO_INCOMING_CPU", "0" },
    { "IP_OPTIONS", "RA 0000" },
    { "IP_IPSEC_POLICY", "BYPASS dir=OUTBOUND" },
    { "IPV6_IPSEC_POLICY", "BYPASS dir=OUTBOUND" },
    { "IP_XFRM_POLICY", "family=AF_INET priority=0 index=0 dir=OUT action=ALLOW; "
                        "daddr=a00:1:: spi=0x10 proto=ESP family=AF_INET mode=TRANSPORT "
                        "aalgos=0xffffffff ealgos=0xffffffff calgos=0xffffffff" },
    { "IPV6_XFRM_POLICY", "family=AF_INET6 priority=0 index=0 dir=OUT action=BLOCK" },
    { "IP_MULTICAST_IF", "0.0.0.0 dev lo" },
    { "IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo" },
    { "IP_DROP_MEMBERSHIP", "239.1.1.9 dev lo" },
    { "IP_BLOCK_SOURCE", "239.1.1.9 interface=127.0.0.1 source 192.0.2.3" },
    { "IP_UNBLOCK_SOURCE", "239.1.1.9 interface=127.0.0.1 source 192.0.2.2" },
    { "IP_ADD_SOURCE_MEMBERSHIP", "239.1.1.2 interface=127.0.0.1 source 192.0.2.1" },
    { "IP_DROP_SOURCE_MEMBERSHIP", "239.1.1.8 interface=127.0.0.1 source 192.0.2.1" },
    { "IP_MSFILTER", "239.1.1.9 interface=127.0.0.1 fmode=INCLUDE slist=192.0.2.4" },
    { "IP_LOCAL_PORT_RANGE", "low=40000 high=41000" },
    { "IPT_SO_GET_INFO", "filter" },
    { "IP6T_SO_GET_INFO", "filter" },
    { "ARPT_SO_GET_INFO", "filter" },
    { "EBT_SO_GET_INFO", "filter" },
    { "EBT_SO_GET_INIT_INFO", "filter" },
    { "IP_VS_SO_GET_SERVICES", "1" },
    { "IP_VS_SO_GET_SERVICE", "protocol=TCP addr=192.0.2.1 port=80" },
    { "IP_VS_SO_GET_DESTS", "protocol=TCP addr=192.0.2.1 port=80 num_dests=1" },
    { "IP_VS_SO_SET_ADD", "protocol=UDP addr=192.0.2.1 port=81 sched_name=rr" },
    { "IP_VS_SO_SET_EDIT", "protocol=TCP addr=192.0.2.1 port=80 sched_name=rr flags=PERSISTENT"
                           " timeout=300s netmask=255.255.255.255" },
    { "IP_VS_SO_SET_ZERO", "protocol=TCP addr=192.0.2.1 port=80" },
    { "IP_VS_SO_SET_DEL", "protocol=TCP addr=192.0.2.1 port=80" },
    { "IP_VS_SO_SET_ADDDEST", "service.protocol=TCP service.addr=192.0.2.1 service.port=80"
                              " dest.addr=192.0.2.3 dest.port=80 dest.conn_flags=TUNNEL" },
    { "IP_VS_SO_SET_EDITDEST", "service.protocol=TCP service.addr=192.0.2.1 service.port=80"
                               " dest.addr=192.0.2.2 dest.port=80 dest.weight=2" },
    { "IP_VS_SO_SET_DELDEST", "service.protocol=TCP service.addr=192.0.2.1 service.port=80"
                              " dest.addr=192.0.2.2 dest.port=80" },
    { "IP_VS_SO_SET_TIMEOUT", "tcp=900s tcp_fin=120s udp=300s" },
    /* The initial tables, on a 64-bit machine. */
    { "IPT_SO_GET_ENTRIES", "filter size=632" },
    { "IP6T_SO_GET_ENTRIES", "filter size=856" },
    { "ARPT_SO_GET_ENTRIES", "filter size=952" },
    { "IPT_SO_SET_ADD_COUNTERS", "filter; pcnt=1 bcnt=60; pcnt=0 bcnt=0; pcnt=0 bcnt=0; pcnt=0 "
                                 "bcnt=0" },
    { "IP6T_SO_SET_ADD_COUNTERS", "filter; pcnt=1 bcnt=60; pcnt=0 bcnt=0; pcnt=0 bcnt=0; pcnt=0 "
                                  "bcnt=0" },
    { "ARPT_SO_SET_ADD_COUNTERS", "filter; pcnt=1 bcnt=60; pcnt=0 bcnt=0; pcnt=0 bcnt=0; pcnt=0 "
                                  "bcnt=0" },
    { "IPT_SO_GET_REVISION_MATCH", "tcp revision=0" },
    { "IP6T_SO_GET_REVISION_MATCH", "tcp revision=0" },
    { "PACKET_HDRLEN", "TPACKET_V3" },
    { "SOL_IP.MCAST_JOIN_GROUP", "239.1.1.3 dev lo" },
    { "SOL_IP.MCAST_LEAVE_GROUP", "239.1.1.9 dev lo" },
    { "SOL_IP.MCAST_BLOCK_SOURCE", "239.1.1.9 dev lo source 192.0.2.3" },
    { "SOL_IP.MCAST_UNBLOCK_SOURCE", "239.1.1.9 dev lo source 192.0.2.2" },
    { "SOL_IP.MCAST_JOIN_SOURCE_GROUP", "239.1.1.4 dev lo source 192.0.2.1" },
    { "SOL_IP.MCAST_LEAVE_SOURCE_GROUP", "239.1.1.8 dev lo source 192.0.2.1" },
    { "SOL_IP.MCAST_MSFILTER", "239.1.1.9 dev lo fmode=EXCLUDE slist=192.0.2.4" },
    { "SOL_IPV6.MCAST_JOIN_GROUP", "ff05::3 dev lo" },
    { "SOL_IPV6.MCAST_LEAVE_GROUP", "ff05::9 dev lo" },
    { "SOL_IPV6.MCAST_BLOCK_SOURCE", "ff05::9 dev lo source 2001:db8::3" },
    { "SOL_IPV6.MCAST_UNBLOCK_SOURCE", "ff05::9 dev lo source 2001:db8::2" },
    { "SOL_IPV6.MCAST_JOIN_SOURCE_GROUP", "ff05::4 dev lo source 2001:db8::1" },
    { "SOL_IPV6.MCAST_LEAVE_SOURCE_GROUP", "ff05::8 dev lo source 2001:db8::1" },
    { "SOL_IPV6.MCAST_MSFILTER", "ff05::9 dev lo fmode=EXCLUDE slist=2001:db8::4" },
    { "IPV6_ADD_MEMBERSHIP", "ff05::1 dev lo" },
    { "IPV6_DROP_MEMBERSHIP", "ff05::9 dev lo" },
    { "IPV6_JOIN_ANYCAST", "2001:db8::8 dev lo" },
    { "IPV6_LEAVE_ANYCAST", "2001:db8::7 dev lo" },
    { "IPV6_PKTINFO", "::1 dev lo" },
    { "IPV6_MTU", "1400" },
    { "IPV6_HOPOPTS", "0; ROUTERALERT 0000" },
    { "IPV6_DSTOPTS", "0; PADN 00000000" },
    { "IPV6_RTHDRDSTOPTS", "0; 30 001122; PADN 00" },
    { "IPV6_RTHDR", "TYPE_4 segments=2001:db8::1" },
    { "IPV6_2292PKTOPTIONS", "IPPROTO_IPV6 type=52 data=40000000" },
    { "IPV6_ADDRFORM", "AF_INET" },
    { "UDP_ENCAP", "UDP_ENCAP_L2TPINUDP" },
    { "PACKET_FANOUT", "id=9 type=LB" },
    { "MRT_DEL_VIF", "vifi=1" },
    { "MRT_ADD_MFC", "origin=192.0.2.7 mcastgrp=239.1.1.7 parent=1 ttls=0001" },
    { "MRT_DEL_MFC", "origin=192.0.2.9 mcastgrp=239.1.1.9 parent=1" },
    { "MRT_ADD_MFC_PROXY", "origin=0.0.0.0 mcastgrp=239.1.1.6 parent=1 ttls=0001" },
    { "MRT_DEL_MFC_PROXY", "origin=0.0.0.0 mcastgrp=239.1.1.8 parent=1" },
    { "MRT6_DEL_MIF", "1" },
    { "MRT6_ADD_MFC", "origin=2001:db8::7 mcastgrp=ff05::7 parent=1 ifset=02000000" },
    { "MRT6_DEL_MFC", "origin=2001:db8::9 mcastgrp=ff05::9 parent=1 ifset=00" },
    { "MRT6_ADD_MFC_PROXY", "origin=:: mcastgrp=ff05::6 parent=1 ifset=02000000" },
    { "MRT6_DEL_MFC_PROXY", "origin=:: mcastgrp=ff05::8 parent=1 ifset=00" },
    { "IPV6_2292PKTOPTIONS", "" },
    { "IPV6_FLOWLABEL_MGR",
      "dst=::1 label=0 action=GET share=ANY flags=CREATE expires=0s linger=6s" },
    { "IPV6_ADDR_PREFERENCES", "PUBLIC" },
    { "IPV6_CHECKSUM", "2" },
    { "IP_XFRM_POLICY", "family=AF_INET dir=OUT action=ALLOW priority=0" },
    { "IPV6_XFRM_POLICY", "family=AF_INET6 dir=OUT action=ALLOW priority=0" },
    { "MRT_ADD_VIF", "vifi=0 flags=USE_IFINDEX lcl_addr=1.0.0.0" },
    { "MRT_TABLE", "100" },
    { "MRT_FLUSH", "MRT_FLUSH_MFC" },
    { "MRT6_TABLE", "100" },
    { "MRT6_ADD_MIF", "mifi=0 pifi=1" },
    { "MRT6_FLUSH", "MRT6_FLUSH_MFC" },
    { "MRT6_PIM", "on" },
    { "MRT_PIM", "on" },
    { "TCP_MAXSEG", "1000" },
    { "TCP_CONGESTION", "reno" },
    { "TCP_MD5SIG", "addr=127.0.0.1:0 key=text:secret" },
    { "TCP_MD5SIG_EXT", "addr=127.0.0.0:0 flags=PREFIX prefixlen=8 key=text:secret" },
    { "TCP_AO_ADD_KEY",
      "addr=127.0.0.1 alg_name=hmac(sha1) prefix=32 sndid=1 rcvid=2 key=text:secret" },
    { "TCP_FASTOPEN_KEY", "00112233445566778899aabbccddeeff" },
    { "TCP_FASTOPEN", "8" },
    { "TCP_ULP", "tls" },
    { "TCP_REPAIR", "TCP_REPAIR_ON" },
    { "TCP_REPAIR_QUEUE", "TCP_RECV_QUEUE" },
    { "TCP_QUEUE_SEQ", "12345" },
    { "TCP_REPAIR_OPTIONS", "code=2 val=1400" },
    { "TCP_RTO_MIN_US", "100000us" },
    { "TCP_DELACK_MAX_US", "100000us" },
    { "TLS_TX", "version=TLS_1_2_VERSION cipher_type=TLS_CIPHER_AES_GCM_128 iv=0102030405060708"
                " key=00112233445566778899aabbccddeeff salt=01020304 rec_seq=0000000000000000" },
    { "TLS_RX", "version=TLS_1_2_VERSION cipher_type=TLS_CIPHER_AES_GCM_128 iv=0102030405060708"
                " key=00112233445566778899aabbccddeeff salt=01020304 rec_seq=0000000000000000" },
    { "PACKET_ADD_MEMBERSHIP", "PROMISC dev lo" },
    { "PACKET_DROP_MEMBERSHIP", "PROMISC dev lo" },
    { "PACKET_RX_RING", "block_size=4096 block_nr=1 frame_size=2048 frame_nr=2" },
    { "PACKET_TX_RING", "block_size=4096 block_nr=1 frame_size=2048 frame_nr=2" },
    { "PACKET_FANOUT_DATA", "6 0 0 0" },
    { "PACKET_VNET_HDR_SZ", "10" },
    { "NETLINK_ADD_MEMBERSHIP", "1" },
    { "NETLINK_DROP_MEMBERSHIP", "1" },
    { "CAN_RAW_FILTER", "id=0x123 mask=0x7ff; id=0x200 mask=0x700" },
    { "SO_J1939_FILTER", "pgn=0x100 pgn_mask=0x3ffff" },
    { "CAN_ISOTP_LL_OPTS", "mtu=72 tx_dl=32 tx_flags=0x0" },
    { "ALG_SET_KEY", "00112233445566778899aabbccddeeff" },
    { "ALG_SET_AEAD_AUTHSIZE", "16" },
    { "TIPC_GROUP_JOIN", "type=4711 instance=1 scope=TIPC_NODE_SCOPE" },
    { "SO_RDS_TRANSPORT", "RDS_TRANS_TCP" },
    { "SO_RDS_MSG_RXPATH_LATENCY", "traces=1 trace_pos.0=0" },
    { "SO_VM_SOCKETS_BUFFER_MAX_SIZE", "1M" },
    { "XDP_RX_RING", "64" },
    { "XDP_TX_RING", "64" },
    { "XDP_UMEM_FILL_RING", "64" },
    { "XDP_UMEM_COMPLETION_RING", "64" },
    { "XDP_MAX_TX_SKB_BUDGET", "32" },
    { "SCTP_EVENT", "type=SCTP_SHUTDOWN_EVENT on=1" },
    { "SCTP_AUTH_CHUNK", "1" },
    { "SCTP_AUTH_KEY", "keynumber=1 key=text:secret" },
    { "SCTP_AUTH_ACTIVE_KEY", "2" },
    { "SCTP_AUTH_DELETE_KEY", "2" },
    { "SCTP_HMAC_IDENT", "idents=SHA1" },
    { "SCTP_SOCKOPT_BINDX_ADD", "127.0.0.1" },
    { "SCTP_PR_ASSOC_STATUS", "policy=SCTP_PR_SCTP_TTL" },
    { "SCTP_PR_STREAM_STATUS", "sid=0 policy=SCTP_PR_SCTP_TTL" },
    { "BT_SECURITY", "BT_SECURITY_MEDIUM" },
    { "BT_POWER", "0" },
    { "BT_VOICE", "BT_VOICE_TRANSPARENT" },
    { "L2CAP_OPTIONS", "omtu=672 imtu=672 flush_to=65535 mode=0 fcs=1 max_tx=3 txwin_size=63" },
    { "L2CAP_LM", "LM_AUTH" },
    { "RFCOMM_LM", "LM_AUTH" },
    { "BT_ISO_BASE", "0102" },
    { "BT_CHANNEL_POLICY", "0" },
    { "SCTP_RTOINFO", "initial=3000ms max=60000ms min=1000ms" },
    { "RXRPC_MIN_SECURITY_LEVEL", "RXRPC_SECURITY_PLAIN" },
    { "DCCP_SOCKOPT_SERVICE", "42" },
    { "DCCP_SOCKOPT_CCID", "DCCPC_CCID2" },
    { "DCCP_SOCKOPT_TX_CCID", "DCCPC_CCID2" },
    { "DCCP_SOCKOPT_RX_CCID", "DCCPC_CCID2" },
};

const char *sample_of(const struct csk_option *option)
{
    size_t i, n = strlen(csk_option_note(option, CSK_OPTION_NOTE_LEVEL));

    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        const char *name = samples[i].name;

        if (strncmp(name, csk_option_note(option, CSK_OPTION_NOTE_LEVEL), n) == 0 && name[n] == '.')
            name += n + 1;
        if (strcmp(name, csk_option_name(option)) == 0)
            return samples[i].text;
    }
    return NULL;
}
