/* The sockets of this machine: sock_diag(7), Linux 3.3. */
#include "platform/sockdiag.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tipc.h>
#include <linux/tipc_netlink.h>
#include <linux/tipc_sockets_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define ALL_STATES 0xffffffffu

#define BUFFER 65536

/* Newer than the headers of some systems: MPTCP's protocol, which needs an attribute (Linux 5.6;
 * 5.9 lists such sockets), and xdp_diag.h (Linux 5.1). smc_diag.h (Linux 4.14) includes headers of
 * InfiniBand. */
#define PROTO_MPTCP 262
#define REQUEST_PROTOCOL 3 /* INET_DIAG_REQ_PROTOCOL */
#define XDP 44             /* AF_XDP */
#define XDP_SHOW 9         /* XDP_SHOW_INFO | XDP_SHOW_MEMINFO */
enum { XDP_INFO = 1, XDP_UID = 2, XDP_MEMINFO = 8 };

struct xdp_request {
    uint8_t family, protocol;
    uint16_t pad;
    uint32_t inode, show, cookie[2];
};

struct xdp_message {
    uint8_t family, type;
    uint16_t pad;
    uint32_t inode, cookie[2];
};

#define SMC 43 /* AF_SMC */
struct smc_request {
    uint8_t family, pad[2], extensions;
    struct inet_diag_sockid id;
};

struct smc_message {
    uint8_t family, state, mode, shutdown;
    struct inet_diag_sockid id;
    uint32_t uid;
    uint64_t inode; /* aligned to 8 bytes on i386, too */
} __attribute__((aligned(8)));

/* A request to the kernel. */
struct request {
    struct nlmsghdr header;
    union {
        struct sock_diag_req any;
        struct inet_diag_req_v2 inet;
        struct {
            struct inet_diag_req_v2 inet;
            struct nlattr header;
            uint32_t protocol;
        } long_inet;
        struct unix_diag_req un;
        struct netlink_diag_req netlink;
        struct packet_diag_req packet;
        struct vsock_diag_req vsock;
        struct xdp_request xdp;
        struct tipc_sock_diag_req tipc;
        struct smc_request smc;
    };
};

/* An attribute among others; NULL: missing. */
static const void *find_attribute(const void *attributes, size_t total, int type, size_t *size)
{
    const struct rtattr *at = attributes;
    int left = (int)total;

    for (; RTA_OK(at, left); at = RTA_NEXT(at, left))
        if ((at->rta_type & NLA_TYPE_MASK) == type) {
            *size = RTA_PAYLOAD(at);
            return RTA_DATA(at);
        }
    *size = 0;
    return NULL;
}

/* An attribute of a reply. */
static const void *attribute(const struct nlmsghdr *header, size_t fixed, int type, size_t *size)
{
    if (header->nlmsg_len < NLMSG_LENGTH(NLMSG_ALIGN(fixed))) {
        *size = 0;
        return NULL;
    }
    return find_attribute((const char *)NLMSG_DATA(header) + NLMSG_ALIGN(fixed),
                          header->nlmsg_len - NLMSG_LENGTH(NLMSG_ALIGN(fixed)), type, size);
}

/* A number in an attribute; 0: missing. */
static uint32_t find_number(const void *attributes, size_t total, int type)
{
    uint32_t number = 0;
    size_t size;
    const void *data = find_attribute(attributes, total, type, &size);

    if (data && size >= sizeof number)
        memcpy(&number, data, sizeof number);
    return number;
}

/* For families whose messages do not contain the queues: the memory that these use, as in ss(8). */
static void set_queues(struct cli_sock *sock)
{
    uint32_t values[SK_MEMINFO_WMEM_ALLOC + 1];

    if (!sock->memory || sock->memory_size < sizeof values)
        return;
    memcpy(values, sock->memory, sizeof values);
    sock->has_queues = true;
    sock->receive_queue = values[SK_MEMINFO_RMEM_ALLOC];
    sock->send_queue = values[SK_MEMINFO_WMEM_ALLOC];
}

static void set_uid(struct cli_sock *sock, const struct nlmsghdr *header, size_t fixed, int type)
{
    size_t size;
    const void *uid = attribute(header, fixed, type, &size);

    if ((sock->has_uid = uid && size >= sizeof sock->uid))
        memcpy(&sock->uid, uid, sizeof sock->uid);
}

static uint64_t join_cookie(const uint32_t words[2])
{
    return (uint64_t)words[1] << 32 | words[0];
}

static void set_inet(struct csk_addr *addr, int family, const uint32_t *host, uint16_t port,
                     uint32_t interface)
{
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&addr->storage;
    struct sockaddr_in *four = (struct sockaddr_in *)&addr->storage;

    if (family == AF_INET) {
        four->sin_family = AF_INET;
        four->sin_port = port;
        memcpy(&four->sin_addr, host, sizeof four->sin_addr);
        addr->len = sizeof *four;
        return;
    }
    six->sin6_family = AF_INET6;
    six->sin6_port = port;
    memcpy(&six->sin6_addr, host, sizeof six->sin6_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr))
        six->sin6_scope_id = interface;
    addr->len = sizeof *six;
}

/* For a raw socket the kernel reports the protocol as its port. */
static void set_raw_protocol(struct cli_sock *sock, const struct inet_diag_msg *msg)
{
    static const uint32_t any[4];

    sock->proto = ntohs(msg->id.idiag_sport);
    set_inet(&sock->local, sock->family, msg->id.idiag_src, 0, sock->interface);
    if (memcmp(msg->id.idiag_dst, any, sizeof any) != 0)
        set_inet(&sock->peer, sock->family, msg->id.idiag_dst, 0, sock->interface);
}

static void read_inet(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct inet_diag_msg *msg = NLMSG_DATA(header);
    const char *name;
    size_t size;

    sock->family = msg->idiag_family;
    sock->proto = proto;
    sock->protocols = "IPPROTO";
    sock->type = proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ? SOCK_DGRAM
                 : proto == IPPROTO_RAW                           ? SOCK_RAW
                 : proto == IPPROTO_DCCP                          ? SOCK_DCCP
                                                                  : SOCK_STREAM;
    sock->state = msg->idiag_state;
    sock->interface = msg->id.idiag_if;
    sock->has_uid = sock->has_queues = true;
    sock->uid = msg->idiag_uid;
    sock->inode = msg->idiag_inode;
    sock->cookie = join_cookie(msg->id.idiag_cookie);
    sock->receive_queue = msg->idiag_rqueue;
    sock->send_queue = msg->idiag_wqueue;
    set_inet(&sock->local, sock->family, msg->id.idiag_src, msg->id.idiag_sport, sock->interface);
    if (msg->id.idiag_dport)
        set_inet(&sock->peer, sock->family, msg->id.idiag_dst, msg->id.idiag_dport,
                 sock->interface);
    if (proto == IPPROTO_RAW)
        set_raw_protocol(sock, msg);
    sock->info = attribute(header, sizeof *msg, INET_DIAG_INFO, &sock->info_size);
    sock->memory = attribute(header, sizeof *msg, INET_DIAG_SKMEMINFO, &sock->memory_size);
    if ((name = attribute(header, sizeof *msg, INET_DIAG_CONG, &size)) && size > 0)
        memcpy(sock->congestion, name,
               size < sizeof sock->congestion ? size : sizeof sock->congestion - 1);
}

static void read_unix(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct unix_diag_msg *msg = NLMSG_DATA(header);
    struct sockaddr_un *un = (struct sockaddr_un *)&sock->local.storage;
    const struct unix_diag_rqlen *queue;
    const void *name;
    size_t size;

    (void)proto;
    sock->family = AF_UNIX;
    sock->type = msg->udiag_type;
    sock->state = msg->udiag_state;
    sock->inode = msg->udiag_ino;
    sock->cookie = join_cookie(msg->udiag_cookie);
    un->sun_family = AF_UNIX;
    sock->local.len = sizeof un->sun_family;
    name = attribute(header, sizeof *msg, UNIX_DIAG_NAME, &size);
    if (name && size <= sizeof un->sun_path) {
        memcpy(un->sun_path, name, size);
        sock->local.len += (socklen_t)size;
    }
    if ((queue = attribute(header, sizeof *msg, UNIX_DIAG_RQLEN, &size))) {
        sock->has_queues = true;
        sock->receive_queue = queue->udiag_rqueue;
        sock->send_queue = queue->udiag_wqueue;
    }
    set_uid(sock, header, sizeof *msg, UNIX_DIAG_UID);
    sock->memory = attribute(header, sizeof *msg, UNIX_DIAG_MEMINFO, &sock->memory_size);
}

static void read_netlink(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct netlink_diag_msg *msg = NLMSG_DATA(header);
    struct sockaddr_nl *local = (struct sockaddr_nl *)&sock->local.storage;

    (void)proto;
    sock->family = AF_NETLINK;
    sock->protocols = "NETLINK";
    sock->type = msg->ndiag_type;
    sock->proto = msg->ndiag_protocol;
    sock->inode = msg->ndiag_ino;
    sock->cookie = join_cookie(msg->ndiag_cookie);
    local->nl_family = AF_NETLINK;
    local->nl_pid = msg->ndiag_portid;
    sock->local.len = sizeof *local;
    sock->memory = attribute(header, sizeof *msg, NETLINK_DIAG_MEMINFO, &sock->memory_size);
    set_queues(sock);
}

static void read_packet(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct packet_diag_msg *msg = NLMSG_DATA(header);
    const struct packet_diag_info *info;
    size_t size;

    (void)proto;
    sock->family = AF_PACKET;
    sock->protocols = "ETH_P";
    sock->type = msg->pdiag_type;
    sock->proto = msg->pdiag_num;
    sock->inode = msg->pdiag_ino;
    sock->cookie = join_cookie(msg->pdiag_cookie);
    if ((info = attribute(header, sizeof *msg, PACKET_DIAG_INFO, &size)))
        sock->interface = info->pdi_index;
    set_uid(sock, header, sizeof *msg, PACKET_DIAG_UID);
    sock->memory = attribute(header, sizeof *msg, PACKET_DIAG_MEMINFO, &sock->memory_size);
    set_queues(sock);
}

static void read_xdp(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct xdp_message *msg = NLMSG_DATA(header);
    const void *data;
    size_t size;

    (void)proto;
    sock->family = XDP;
    sock->type = msg->type;
    sock->inode = msg->inode;
    sock->cookie = join_cookie(msg->cookie);
    if ((data = attribute(header, sizeof *msg, XDP_INFO, &size)))
        memcpy(&sock->interface, data, sizeof sock->interface);
    set_uid(sock, header, sizeof *msg, XDP_UID);
    sock->memory = attribute(header, sizeof *msg, XDP_MEMINFO, &sock->memory_size);
    set_queues(sock);
}

static void set_vsock(struct csk_addr *addr, uint32_t cid, uint32_t port)
{
    struct sockaddr_vm *vm = (struct sockaddr_vm *)&addr->storage;

    vm->svm_family = AF_VSOCK;
    vm->svm_cid = cid;
    vm->svm_port = port;
    addr->len = sizeof *vm;
}

static void read_vsock(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct vsock_diag_msg *msg = NLMSG_DATA(header);

    (void)proto;
    sock->family = AF_VSOCK;
    sock->type = msg->vdiag_type;
    sock->state = msg->vdiag_state;
    sock->inode = msg->vdiag_ino;
    sock->cookie = join_cookie(msg->vdiag_cookie);
    set_vsock(&sock->local, msg->vdiag_src_cid, msg->vdiag_src_port);
    if (msg->vdiag_dst_port != VMADDR_PORT_ANY)
        set_vsock(&sock->peer, msg->vdiag_dst_cid, msg->vdiag_dst_port);
}

static void set_tipc(struct csk_addr *addr, uint32_t node, uint32_t reference)
{
    struct sockaddr_tipc *tipc = (struct sockaddr_tipc *)&addr->storage;

    tipc->family = AF_TIPC;
    tipc->addrtype = TIPC_ADDR_ID;
    tipc->addr.id.node = node;
    tipc->addr.id.ref = reference;
    addr->len = sizeof *tipc;
}

/* All values are in attributes; the states have TCP's numbers. */
static void read_tipc(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    size_t size, part_size;
    const void *all = attribute(header, 0, TIPC_NLA_SOCK, &size), *part;

    (void)proto;
    sock->family = AF_TIPC;
    if (!all)
        return;
    sock->type = (int)find_number(all, size, TIPC_NLA_SOCK_TYPE);
    sock->state = (int)find_number(all, size, TIPC_NLA_SOCK_TIPC_STATE);
    sock->has_uid = true;
    sock->uid = find_number(all, size, TIPC_NLA_SOCK_UID);
    sock->inode = find_number(all, size, TIPC_NLA_SOCK_INO);
    if ((part = find_attribute(all, size, TIPC_NLA_SOCK_COOKIE, &part_size)) &&
        part_size >= sizeof sock->cookie)
        memcpy(&sock->cookie, part, sizeof sock->cookie);
    set_tipc(&sock->local, find_number(all, size, TIPC_NLA_SOCK_ADDR),
             find_number(all, size, TIPC_NLA_SOCK_REF));
    if ((part = find_attribute(all, size, TIPC_NLA_SOCK_CON, &part_size)))
        set_tipc(&sock->peer, find_number(part, part_size, TIPC_NLA_CON_NODE),
                 find_number(part, part_size, TIPC_NLA_CON_SOCK));
    if ((part = find_attribute(all, size, TIPC_NLA_SOCK_STAT, &part_size))) {
        sock->has_queues = true;
        sock->receive_queue = find_number(part, part_size, TIPC_NLA_SOCK_STAT_RCVQ);
        sock->send_queue = find_number(part, part_size, TIPC_NLA_SOCK_STAT_SENDQ);
    }
}

/* The TCP state with the meaning of one of SMC's (net/smc/smc.h); others have TCP's numbers. */
static int smc_state(int state)
{
    enum { INIT = 2, PEER_CLOSE_WAIT_1 = 20, PROCESS_ABORT = 27 };
    enum { FIN_WAIT_1 = 4, FIN_WAIT_2 = 5, CLOSE = 7, CLOSE_WAIT = 8, LAST_ACK = 9, CLOSING = 11 };
    static const int closing[] = { FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSE_WAIT,
                                   LAST_ACK,   CLOSING,    CLOSE,      CLOSE };

    if (state == INIT)
        return CLOSE;
    return state >= PEER_CLOSE_WAIT_1 && state <= PROCESS_ABORT ? closing[state - PEER_CLOSE_WAIT_1]
                                                                : state;
}

/* The addresses are those of the underlying TCP connection. Their family is not in the message, and
 * an IPv4 address fills a quarter of the space. */
static void read_smc(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct smc_message *msg = NLMSG_DATA(header);
    static const uint32_t zeros[3];
    bool is_six = memcmp(msg->id.idiag_src + 1, zeros, sizeof zeros) != 0 ||
                  memcmp(msg->id.idiag_dst + 1, zeros, sizeof zeros) != 0;
    int family = is_six ? AF_INET6 : AF_INET;

    (void)proto;
    sock->family = SMC;
    sock->type = SOCK_STREAM;
    sock->protocols = "SMCPROTO";
    sock->proto = is_six;
    sock->state = smc_state(msg->state);
    sock->interface = msg->id.idiag_if;
    sock->has_uid = true;
    sock->uid = msg->uid;
    sock->inode = msg->inode;
    sock->cookie = join_cookie(msg->id.idiag_cookie);
    set_inet(&sock->local, family, msg->id.idiag_src, msg->id.idiag_sport, sock->interface);
    if (msg->id.idiag_dport)
        set_inet(&sock->peer, family, msg->id.idiag_dst, msg->id.idiag_dport, sock->interface);
}

typedef void read_fn(struct cli_sock *sock, const struct nlmsghdr *header, int proto);

/* Pass the messages of a datagram to the callback; 1: more will follow. */
static int read_messages(const char *data, size_t size, read_fn *read, int proto,
                         cli_sock_fn *callback, void *context)
{
    const struct nlmsghdr *header;
    int n = 0;

    for (size_t at = 0; at + sizeof *header <= size && n == 0;
         at += NLMSG_ALIGN(header->nlmsg_len)) {
        struct cli_sock sock = { 0 };

        header = (const void *)(data + at);
        if (header->nlmsg_len < sizeof *header || header->nlmsg_len > size - at)
            break;
        if (header->nlmsg_type == NLMSG_DONE)
            return 0;
        if (header->nlmsg_type == NLMSG_ERROR)
            return ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
        read(&sock, header, proto);
        n = callback(&sock, context);
    }
    return n ? n : 1;
}

static int request_dump(struct csk_socket *s, struct request *request, size_t size, read_fn *read,
                        int proto, cli_sock_fn *callback, void *context)
{
    char *data = malloc(BUFFER);
    ssize_t n;

    if (!data)
        return -ENOMEM;
    request->header = (struct nlmsghdr){
        .nlmsg_len = (uint32_t)(NLMSG_LENGTH(size)),
        .nlmsg_type = SOCK_DIAG_BY_FAMILY,
        .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
    };
    n = csk_send(s, request, request->header.nlmsg_len, 0);
    while (n >= 0 && (n = csk_recv(s, data, BUFFER, 0)) >= 0)
        if ((n = read_messages(data, (size_t)n, read, proto, callback, context)) != 1)
            break;
    free(data);
    return (int)n;
}

static int request_inet(struct csk_socket *s, int family, int proto, cli_sock_fn *callback,
                        void *context)
{
    struct request request = { .inet = {
                                   .sdiag_family = (uint8_t)family,
                                   .sdiag_protocol = (uint8_t)(proto > 255 ? 0 : proto),
                                   .idiag_ext = 1 << (INET_DIAG_INFO - 1) |
                                                1 << (INET_DIAG_CONG - 1) |
                                                1 << (INET_DIAG_SKMEMINFO - 1),
                                   .idiag_states = ALL_STATES,
                               } };

    if (proto > 255) {
        request.long_inet.header.nla_len = sizeof(struct nlattr) + sizeof(uint32_t);
        request.long_inet.header.nla_type = REQUEST_PROTOCOL;
        request.long_inet.protocol = (uint32_t)proto;
        return request_dump(s, &request, sizeof request.long_inet, read_inet, proto, callback,
                            context);
    }
    return request_dump(s, &request, sizeof request.inet, read_inet, proto, callback, context);
}

static int request_other(struct csk_socket *s, int family, cli_sock_fn *callback, void *context)
{
    struct request request = { 0 };

    switch (family) {
    case AF_UNIX:
        request.un = (struct unix_diag_req){
            .sdiag_family = AF_UNIX,
            .udiag_states = ALL_STATES,
            .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO | UDIAG_SHOW_UID,
        };
        return request_dump(s, &request, sizeof request.un, read_unix, 0, callback, context);
    case AF_NETLINK:
        request.netlink = (struct netlink_diag_req){
            .sdiag_family = AF_NETLINK,
            .sdiag_protocol = NDIAG_PROTO_ALL,
            .ndiag_show = NDIAG_SHOW_MEMINFO,
        };
        return request_dump(s, &request, sizeof request.netlink, read_netlink, 0, callback,
                            context);
    case AF_PACKET:
        request.packet = (struct packet_diag_req){
            .sdiag_family = AF_PACKET,
            .pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO,
        };
        return request_dump(s, &request, sizeof request.packet, read_packet, 0, callback, context);
    case XDP:
        request.xdp = (struct xdp_request){ .family = XDP, .show = XDP_SHOW };
        return request_dump(s, &request, sizeof request.xdp, read_xdp, 0, callback, context);
    case AF_TIPC:
        request.tipc = (struct tipc_sock_diag_req){
            .sdiag_family = AF_TIPC,
            .tidiag_states = ALL_STATES,
        };
        return request_dump(s, &request, sizeof request.tipc, read_tipc, 0, callback, context);
    case SMC:
        request.smc = (struct smc_request){ .family = SMC };
        return request_dump(s, &request, sizeof request.smc, read_smc, 0, callback, context);
    default:
        request.vsock = (struct vsock_diag_req){
            .sdiag_family = AF_VSOCK,
            .vdiag_states = ALL_STATES,
        };
        return request_dump(s, &request, sizeof request.vsock, read_vsock, 0, callback, context);
    }
}

/* Families and protocols that this kernel does not list are omitted. */
static bool is_missing(int code)
{
    return code == -ENOENT || code == -EINVAL || code == -EOPNOTSUPP || code == -EPROTONOSUPPORT;
}

/* The combined result of the queries for several families and protocols. */
struct outcome {
    int code;      /* that ended the listing */
    bool answered; /* the kernel supports one of them */
};

static bool goes_on(struct outcome *o, int n)
{
    o->answered = o->answered || !is_missing(n);
    o->code = is_missing(n) ? 0 : n;
    return o->code == 0;
}

static void list_all(struct csk_socket *s, int family, struct outcome *o, cli_sock_fn *callback,
                     void *context)
{
    static const int protocols[] = { IPPROTO_TCP, IPPROTO_UDP,  IPPROTO_UDPLITE, IPPROTO_SCTP,
                                     PROTO_MPTCP, IPPROTO_DCCP, IPPROTO_RAW };
    static const int inet[] = { AF_INET, AF_INET6 };
    static const int others[] = { AF_UNIX, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_TIPC, SMC, XDP };

    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < sizeof protocols / sizeof *protocols; k++)
            if ((!family || family == inet[i]) &&
                !goes_on(o, request_inet(s, inet[i], protocols[k], callback, context)))
                return;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if ((!family || family == others[i]) &&
            !goes_on(o, request_other(s, others[i], callback, context)))
            return;
}

int cli_platform_sockets(int family, cli_sock_fn *callback, void *context)
{
    struct outcome o = { 0, false };
    struct csk_socket s;
    int n = csk_socket(&s, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);

    if (n < 0)
        return n == -EPROTONOSUPPORT ? -ENOSYS : n;
    list_all(&s, family, &o, callback, context);
    csk_close(&s);
    return o.answered ? o.code : family ? -EAFNOSUPPORT : -ENOSYS;
}
