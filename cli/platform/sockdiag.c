/* The sockets of this machine: sock_diag(7), Linux 3.3. */
#include "platform/sockdiag.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define ALL_STATES 0xffffffffu

#define BUFFER 65536

/* Newer than some systems' headers: MPTCP's protocol, which needs an attribute (Linux 5.6; 5.9
 * lists such sockets), and xdp_diag.h (Linux 5.1). */
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

/* A question to the kernel. */
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
    };
};

/* An attribute of an answer; NULL: missing. */
static const void *attribute(const struct nlmsghdr *header, size_t fixed, int type, size_t *size)
{
    const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(header) + NLMSG_ALIGN(fixed));
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(fixed));

    for (; RTA_OK(at, left); at = RTA_NEXT(at, left))
        if (at->rta_type == type) {
            *size = RTA_PAYLOAD(at);
            return RTA_DATA(at);
        }
    *size = 0;
    return NULL;
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

static void read_inet(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct inet_diag_msg *msg = NLMSG_DATA(header);
    const char *name;
    size_t size;

    sock->family = msg->idiag_family;
    sock->proto = proto;
    sock->type = proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ? SOCK_DGRAM
                 : proto == IPPROTO_RAW                           ? SOCK_RAW
                                                                  : SOCK_STREAM;
    sock->state = msg->idiag_state;
    sock->interface = msg->id.idiag_if;
    sock->uid = msg->idiag_uid;
    sock->inode = msg->idiag_inode;
    sock->cookie = join_cookie(msg->id.idiag_cookie);
    sock->receive_queue = msg->idiag_rqueue;
    sock->send_queue = msg->idiag_wqueue;
    set_inet(&sock->local, sock->family, msg->id.idiag_src, msg->id.idiag_sport, sock->interface);
    if (msg->id.idiag_dport)
        set_inet(&sock->peer, sock->family, msg->id.idiag_dst, msg->id.idiag_dport,
                 sock->interface);
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
    const void *name, *uid;
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
        sock->receive_queue = queue->udiag_rqueue;
        sock->send_queue = queue->udiag_wqueue;
    }
    if ((uid = attribute(header, sizeof *msg, UNIX_DIAG_UID, &size)))
        memcpy(&sock->uid, uid, sizeof sock->uid);
    sock->memory = attribute(header, sizeof *msg, UNIX_DIAG_MEMINFO, &sock->memory_size);
}

static void read_netlink(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct netlink_diag_msg *msg = NLMSG_DATA(header);
    struct sockaddr_nl *local = (struct sockaddr_nl *)&sock->local.storage;

    (void)proto;
    sock->family = AF_NETLINK;
    sock->type = msg->ndiag_type;
    sock->proto = msg->ndiag_protocol;
    sock->inode = msg->ndiag_ino;
    sock->cookie = join_cookie(msg->ndiag_cookie);
    local->nl_family = AF_NETLINK;
    local->nl_pid = msg->ndiag_portid;
    sock->local.len = sizeof *local;
    sock->memory = attribute(header, sizeof *msg, NETLINK_DIAG_MEMINFO, &sock->memory_size);
}

static void read_packet(struct cli_sock *sock, const struct nlmsghdr *header, int proto)
{
    const struct packet_diag_msg *msg = NLMSG_DATA(header);
    const struct packet_diag_info *info;
    size_t size;

    (void)proto;
    sock->family = AF_PACKET;
    sock->type = msg->pdiag_type;
    sock->proto = msg->pdiag_num;
    sock->inode = msg->pdiag_ino;
    sock->cookie = join_cookie(msg->pdiag_cookie);
    if ((info = attribute(header, sizeof *msg, PACKET_DIAG_INFO, &size)))
        sock->interface = info->pdi_index;
    sock->memory = attribute(header, sizeof *msg, PACKET_DIAG_MEMINFO, &sock->memory_size);
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
    if ((data = attribute(header, sizeof *msg, XDP_UID, &size)))
        memcpy(&sock->uid, data, sizeof sock->uid);
    sock->memory = attribute(header, sizeof *msg, XDP_MEMINFO, &sock->memory_size);
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

typedef void read_fn(struct cli_sock *sock, const struct nlmsghdr *header, int proto);

/* Hand the messages of a datagram to the callback; 1: there is more to come. */
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
    default:
        request.vsock = (struct vsock_diag_req){
            .sdiag_family = AF_VSOCK,
            .vdiag_states = ALL_STATES,
        };
        return request_dump(s, &request, sizeof request.vsock, read_vsock, 0, callback, context);
    }
}

/* Families and protocols that this kernel has no answers about are left out. */
static bool is_missing(int code)
{
    return code == -ENOENT || code == -EINVAL || code == -EOPNOTSUPP || code == -EPROTONOSUPPORT;
}

int cli_platform_sockets(int family, cli_sock_fn *callback, void *context)
{
    static const int protocols[] = { IPPROTO_TCP, IPPROTO_UDP,  IPPROTO_UDPLITE, IPPROTO_SCTP,
                                     PROTO_MPTCP, IPPROTO_DCCP, IPPROTO_RAW };
    static const int inet[] = { AF_INET, AF_INET6 };
    static const int others[] = { AF_UNIX, AF_NETLINK, AF_PACKET, AF_VSOCK, XDP };
    struct csk_socket s;
    int n = csk_socket(&s, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);

    if (n < 0)
        return n == -EPROTONOSUPPORT ? -ENOSYS : n;
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < sizeof protocols / sizeof *protocols; k++)
            if ((n == 0 || is_missing(n)) && (!family || family == inet[i]))
                n = request_inet(&s, inet[i], protocols[k], callback, context);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if ((n == 0 || is_missing(n)) && (!family || family == others[i]))
            n = request_other(&s, others[i], callback, context);
    csk_close(&s);
    return is_missing(n) ? 0 : n;
}
