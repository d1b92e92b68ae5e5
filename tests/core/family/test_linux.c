/* Linux's other families: addresses have the layout of the kernel's headers, in both directions. */
#include "test.h"
#include "values.h"

#include <csocket/csocket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ax25.h>
#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/mctp.h>
#include <linux/netlink.h>
#include <linux/nfc.h>
#include <linux/phonet.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <linux/x25.h>
#include <string.h>

static void check_same_values(const struct csk_value *want, size_t count,
                              const struct csk_value *got, int n)
{
    assert_int_equal(n, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(got[i].kind, want[i].kind);
        if (want[i].kind == CSK_VALUE_TEXT || want[i].kind == CSK_VALUE_BYTES) {
            assert_int_equal(got[i].size, want[i].size);
            assert_memory_equal(got[i].data, want[i].data, want[i].size);
        } else {
            assert_int_equal(got[i].u, want[i].u);
        }
    }
}

/* The values are packed into these bytes, and the bytes unpacked into the values; the same holds
 * for the text.  Structs that have gaps are static, for these are zero then. */
static void check(int family, int proto, const struct csk_value *values, size_t count,
                  const void *bytes, socklen_t len, const char *text)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char room[CSK_ADDR_TEXT_MAX];
    struct csk_error error = { 0 };

    memset(&addr, 0xee, sizeof addr);
    if (csk_addr_pack(&addr, family, proto, values, count, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(addr.len, len);
    assert_memory_equal(addr.bytes, bytes, len);
    check_same_values(values, count, got, csk_addr_unpack(&addr, got, room));
    csk_addr_format(&addr, room, sizeof room);
    assert_string_equal(room, text);
    if (csk_addr_parse(&again, family, proto, text, &error) != 0)
        fail_msg("%s", error.text);
    assert_true(csk_addr_equal(&addr, &again));
}

/* The values are refused, with these words. */
static void refuse(int family, int proto, const struct csk_value *values, size_t count, int code,
                   const char *text)
{
    struct csk_addr addr, before;
    struct csk_error error = { 0 };

    memset(&addr, 0xee, sizeof addr);
    before = addr;
    assert_int_equal(csk_addr_pack(&addr, family, proto, values, count, &error), code);
    assert_int_equal(error.code, code);
    assert_string_equal(error.text, text);
    assert_memory_equal(&addr, &before, sizeof addr);
}

static void netlink(void)
{
    struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = 0x12345678, .nl_groups = 5 };

    check(AF_NETLINK, 0, VALUES(INT(0x12345678), INT(5)), &nl, sizeof nl, "305419896,0x5");
    refuse(AF_NETLINK, 0, VALUES(INT(1)), CSK_EADDRKIND,
           "AF_NETLINK address: 2 fields are required, got 1");
    refuse(AF_NETLINK, 0, VALUES(INT(1), INT(0x100000000)), CSK_EADDRFIELD,
           "AF_NETLINK address: groups 0x100000000 is out of range (0-0xffffffff)");
    refuse(AF_NETLINK, 0, VALUES(INT(1), INT(-0x80000001LL)), CSK_EADDRFIELD,
           "AF_NETLINK address: groups -2147483649 is out of range (0-0xffffffff)");
    refuse(AF_NETLINK, 0, VALUES(INT(1), TEXT("all")), CSK_EADDRKIND,
           "AF_NETLINK address: groups takes a number, 0 to 4294967295, not \"all\"");
}

static void minus_one_is_accepted_for_all_groups(void)
{
    struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_groups = 0xffffffff };
    struct csk_addr addr;

    assert_int_equal(csk_addr_pack(&addr, AF_NETLINK, 0, VALUES(INT(0), INT(-1)), NULL), 0);
    assert_memory_equal(addr.bytes, &nl, sizeof nl);
    assert_int_equal(csk_addr_parse(&addr, AF_NETLINK, 0, "0,-1", NULL), 0);
    assert_memory_equal(addr.bytes, &nl, sizeof nl);
}

static void packet(void)
{
    struct sockaddr_ll ll = { .sll_family = AF_PACKET,
                              .sll_protocol = htons(0x88b5),
                              .sll_ifindex = 1,
                              .sll_hatype = 772,
                              .sll_pkttype = 4,
                              .sll_halen = 6,
                              .sll_addr = { 0, 1, 2, 0xa, 0xb, 0xc } };
    unsigned char infiniband[32] = { 0 };
    struct csk_addr addr;

    check(AF_PACKET, 0, VALUES(TEXT("lo"), INT(0x88b5), INT(4), INT(772), BYTES("\0\1\2\n\v\f")),
          &ll, sizeof ll, "lo,34997,4,772,0001020a0b0c");
    assert_int_equal(csk_addr_parse(&addr, AF_PACKET, 0, "1,0x88b5,4,772,0001020A0B0C", NULL), 0);
    assert_memory_equal(addr.bytes, &ll, sizeof ll);
    ll = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_protocol = htons(3) };
    assert_int_equal(csk_addr_pack(&addr, AF_PACKET, 0, VALUES(TEXT(""), INT(3)), NULL), 0);
    assert_int_equal(addr.len, sizeof ll);
    assert_memory_equal(addr.bytes, &ll, sizeof ll);

    /* A hardware address that is too long for the struct. */
    memset(infiniband, 7, 20);
    assert_int_equal(
        csk_addr_pack(&addr, AF_PACKET, 0,
                      VALUES(TEXT("lo"), INT(3), NONE, NONE,
                             { .kind = CSK_VALUE_BYTES, .data = (char *)infiniband, .size = 20 }),
                      NULL),
        0);
    assert_int_equal(addr.len, 12 + 20);
    assert_memory_equal(addr.bytes + 12, infiniband, 20);

    refuse(AF_PACKET, 0, VALUES(TEXT("lo"), INT(65536)), CSK_EADDRFIELD,
           "AF_PACKET address: proto 65536 is out of range (0-65535)");
    refuse(AF_PACKET, 0, VALUES(TEXT("lo"), INT(-1)), CSK_EADDRFIELD,
           "AF_PACKET address: proto -1 is out of range (0-65535)");
    refuse(AF_PACKET, 0, VALUES(TEXT("a-very-long-interface"), INT(1)), CSK_EINTERFACE,
           "AF_PACKET address: interface name too long: \"a-very-long-interface\"");
    refuse(AF_PACKET, 0, VALUES(TEXT("csk-none"), INT(1)), -ENODEV,
           "AF_PACKET address: no such interface: \"csk-none\"");
    refuse(AF_PACKET, 0,
           VALUES(TEXT("lo"), INT(1), INT(0), INT(0), TEXT("123456789012345678901234567890123")),
           CSK_EADDRVALUE, "AF_PACKET address: addr too long: 33 bytes, at most 32");
    refuse(AF_PACKET, 0, VALUES(NONE, INT(1)), CSK_EADDRKIND,
           "AF_PACKET address: ifname is missing");
}

static void a_missing_interface_is_written_as_its_index(void)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_addr_parse(&addr, AF_PACKET, 0, "2000000000,3", NULL), 0);
    assert_int_equal(csk_addr_unpack(&addr, got, text), 5);
    assert_int_equal(got[0].size, 0); /* as in Python */
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "2000000000,3,0,0,");
    assert_int_equal(csk_addr_parse(&again, AF_PACKET, 0, text, NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
}

/* The offset of the interface in AF_PACKET's and AF_CAN's addresses. */
static int ifindex_of(const struct csk_addr *addr)
{
    int ifindex;

    memcpy(&ifindex, addr->bytes + 4, sizeof ifindex);
    return ifindex;
}

static void interfaces_are_looked_up_with_and_without_a_socket(void)
{
    static const struct csk_value lo[] = { TEXT("lo"), INT(3) };
    static const struct csk_value none[] = { TEXT("csk-none"), INT(3) };
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_socket s, closed = CSK_SOCKET_INIT;
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr;

    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_DGRAM, 0), 0);
    s.family = closed.family = AF_PACKET;
    for (int i = 0; i < 2; i++) {
        const struct csk_socket *asked = i ? &closed : &s;

        assert_int_equal(csk_addr_pack_for(asked, &addr, lo, 2, NULL), 0);
        assert_int_equal(ifindex_of(&addr), 1);
        assert_int_equal(csk_addr_unpack_for(asked, &addr, got, text), 5);
        assert_int_equal(got[0].size, 2);
        assert_memory_equal(got[0].data, "lo", 2);
        assert_int_equal(csk_addr_pack_for(asked, &addr, none, 2, NULL), -ENODEV);
        assert_int_equal(csk_addr_parse(&addr, AF_PACKET, 0, "2000000000,3", NULL), 0);
        assert_int_equal(csk_addr_unpack_for(asked, &addr, got, text), 5);
        assert_int_equal(got[0].size, 0);
    }
    csk_close(&s);
}

static void families_that_the_kernel_refuses_are_written_as_bytes(void)
{
    struct csk_addr addr = { .len = 16 };
    char text[CSK_ADDR_TEXT_MAX];

    addr.sa.sa_family = AF_TIPC;
    addr.bytes[2] = 9;
    assert_string_equal(csk_addr_format(&addr, text, sizeof text),
                        "AF_30 0x0900000000000000000000000000");
}

static void a_hardware_address_is_read_within_the_address(void)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr = { .len = 18 };
    char room[CSK_ADDR_TEXT_MAX];

    /* The kernel's getsockname returns 12 + 6 bytes for Ethernet. */
    memset(addr.bytes, 9, sizeof addr.bytes);
    addr.sa.sa_family = AF_PACKET;
    addr.bytes[11] = 6;
    assert_int_equal(csk_addr_unpack(&addr, got, room), 5);
    assert_int_equal(got[4].size, 6);
    addr.bytes[11] = 255;
    assert_int_equal(csk_addr_unpack(&addr, got, room), 5);
    assert_int_equal(got[4].size, 6);
    addr.len = 12;
    assert_int_equal(csk_addr_unpack(&addr, got, room), 5);
    assert_int_equal(got[4].size, 0);
}

static void can_raw_and_bcm(void)
{
    struct sockaddr_can can = { .can_family = AF_CAN, .can_ifindex = 1 };
    struct csk_addr addr;

    check(AF_CAN, 1, VALUES(TEXT("lo")), &can, sizeof can, "lo");
    can.can_ifindex = 0;
    check(AF_CAN, 2, VALUES(TEXT("")), &can, sizeof can, "");
    assert_int_equal(csk_addr_pack(&addr, AF_CAN, 1, VALUES(INT(1)), NULL), 0);
    can.can_ifindex = 1;
    assert_memory_equal(addr.bytes, &can, sizeof can);
    refuse(AF_CAN, 1, VALUES(TEXT("xxxxxxxxxxxxxxxxxxxx")), CSK_EINTERFACE,
           "AF_CAN address: interface name too long: \"xxxxxxxxxxxxxxxxxxxx\"");
    refuse(AF_CAN, 1, VALUES(TEXT("lo"), INT(1)), CSK_EADDRKIND,
           "AF_CAN address: 1 field is required, got 2");
}

static void can_isotp(void)
{
    struct sockaddr_can can = { .can_family = AF_CAN,
                                .can_ifindex = 1,
                                .can_addr.tp = { .rx_id = 0x123, .tx_id = 0x9fffffff } };

    check(AF_CAN, CAN_ISOTP, VALUES(TEXT("lo"), INT(0x123), INT(0x9fffffff)), &can, sizeof can,
          "lo,0x123,0x9fffffff");
    refuse(AF_CAN, CAN_ISOTP, VALUES(TEXT("lo"), INT(0x20000000), INT(0)), CSK_EADDRFIELD,
           "AF_CAN ISOTP address: rx_addr 0x20000000 is out of range (0-0x1fffffff)");
    refuse(AF_CAN, CAN_ISOTP, VALUES(TEXT("lo"), INT(0), INT(0xffffffff)), CSK_EADDRFIELD,
           "AF_CAN ISOTP address: tx_addr 0xffffffff is out of range (0-0x1fffffff)");
    refuse(AF_CAN, CAN_ISOTP, VALUES(TEXT("lo"), INT(-1), INT(0)), CSK_EADDRFIELD,
           "AF_CAN ISOTP address: rx_addr -1 is out of range (0-0x1fffffff)");
    refuse(AF_CAN, CAN_ISOTP, VALUES(TEXT("lo"), UINT(UINT64_MAX), INT(0)), CSK_EADDRFIELD,
           "AF_CAN ISOTP address: rx_addr 0xffffffffffffffff is out of range (0-0x1fffffff)");
}

static void can_j1939(void)
{
    static struct sockaddr_can can = { .can_family = AF_CAN, .can_ifindex = 1 };

    can.can_addr.j1939.name = 0xfedcba9876543210;
    can.can_addr.j1939.pgn = UINT32_MAX;
    can.can_addr.j1939.addr = 0x20;
    check(AF_CAN, CAN_J1939,
          VALUES(TEXT("lo"), UINT(0xfedcba9876543210), INT(UINT32_MAX), INT(0x20)), &can,
          offsetof(struct sockaddr_can, can_addr) + 16, "lo,0xfedcba9876543210,0xffffffff,32");
    refuse(AF_CAN, CAN_J1939, VALUES(TEXT("lo"), INT(0), UINT(UINT64_C(1) << 32), INT(0)),
           CSK_EADDRFIELD, "AF_CAN J1939 address: pgn 0x100000000 is out of range (0-0xffffffff)");
}

/* Kernels before J1939 have a shorter struct, and newer ones return only the part in use. */
static void short_can_addresses_are_read(void)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr = { .len = 8, .proto = 1 };
    char room[CSK_ADDR_TEXT_MAX];
    const int loopback = 1;

    addr.sa.sa_family = AF_CAN;
    memcpy(addr.bytes + 4, &loopback, sizeof loopback);
    check_same_values((struct csk_value[]){ TEXT("lo") }, 1, got,
                      csk_addr_unpack(&addr, got, room));
    addr.proto = CAN_ISOTP;
    assert_int_equal(csk_addr_unpack(&addr, got, room), CSK_EADDRLEN);
    addr.len = 16;
    assert_int_equal(csk_addr_unpack(&addr, got, room), 3);
}

static void alg(void)
{
    struct sockaddr_alg alg = { .salg_family = AF_ALG,
                                .salg_type = "skcipher",
                                .salg_name = "cbc(aes)",
                                .salg_feat = 1,
                                .salg_mask = 2 };
    struct csk_addr addr;

    check(AF_ALG, 0, VALUES(TEXT("skcipher"), TEXT("cbc(aes)"), INT(1), INT(2)), &alg, sizeof alg,
          "skcipher,cbc(aes),0x1,0x2");
    assert_int_equal(csk_addr_pack(&addr, AF_ALG, 0, VALUES(TEXT("t"), TEXT("n")), NULL), 0);
    assert_int_equal(csk_addr_pack(&addr, AF_ALG, 0,
                                   VALUES(TEXT("1234567890123"),
                                          TEXT("123456789012345678901234567890123456789012345678901"
                                               "234567890123")),
                                   NULL),
                     0);
    refuse(AF_ALG, 0, VALUES(TEXT("12345678901234"), TEXT("n")), CSK_EADDRVALUE,
           "AF_ALG address: type too long: 14 bytes, at most 13");
    refuse(
        AF_ALG, 0,
        VALUES(TEXT("t"), TEXT("1234567890123456789012345678901234567890123456789012345678901234")),
        CSK_EADDRVALUE, "AF_ALG address: name too long: 64 bytes, at most 63");
    refuse(AF_ALG, 0, VALUES(TEXT("t"), TEXT("a\0b")), CSK_EADDRVALUE,
           "AF_ALG address: name must not contain a null character");
    refuse(AF_ALG, 0, VALUES(TEXT("t"), INT(1)), CSK_EADDRKIND,
           "AF_ALG address: name takes text, not 1");
}

static void vsock(void)
{
    struct sockaddr_vm vm = { .svm_family = AF_VSOCK, .svm_cid = 3, .svm_port = 0x12345 };
    struct csk_addr addr;

    check(AF_VSOCK, 0, VALUES(INT(3), INT(0x12345)), &vm, sizeof vm, "3,74565");
    vm.svm_flags = 1;
    check(AF_VSOCK, 0, VALUES(INT(3), INT(0x12345), INT(1)), &vm, sizeof vm, "3,74565,1");
    assert_int_equal(csk_addr_pack(&addr, AF_VSOCK, 0, VALUES(INT(-1), INT(-1)), NULL), 0);
    assert_int_equal(csk_addr_port(&addr), 0xffffffff);
}

static void tipc(void)
{
    struct sockaddr_tipc a = { .family = AF_TIPC, .addrtype = TIPC_SERVICE_RANGE, .scope = 3 };
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr;
    char room[CSK_ADDR_TEXT_MAX];

    a.addr.nameseq = (struct tipc_service_range){ .type = 71, .lower = 10, .upper = 20 };
    check(AF_TIPC, 0, VALUES(INT(1), INT(71), INT(10), INT(20), INT(3)), &a, sizeof a,
          "1,71,10,20,3");
    a.addrtype = TIPC_SERVICE_ADDR;
    a.addr.name.domain = 0;
    check(AF_TIPC, 0, VALUES(INT(2), INT(71), INT(10), INT(0), INT(3)), &a, sizeof a,
          "2,71,10,0,3");
    memset(&a.addr, 0, sizeof a.addr);
    a.addrtype = TIPC_SOCKET_ADDR;
    a.addr.id.node = 0x1001001;
    a.addr.id.ref = 5;
    check(AF_TIPC, 0, VALUES(INT(3), INT(0x1001001), INT(5), INT(0), INT(3)), &a, sizeof a,
          "3,16781313,5,0,3");

    /* Python's default is the cluster; a negative scope takes a name back. */
    assert_int_equal(
        csk_addr_pack(&addr, AF_TIPC, 0, VALUES(INT(1), INT(71), INT(0), INT(0)), NULL), 0);
    assert_int_equal(csk_addr_unpack(&addr, got, room), 5);
    assert_int_equal(got[4].i, TIPC_CLUSTER_SCOPE);
    assert_int_equal(
        csk_addr_pack(&addr, AF_TIPC, 0, VALUES(INT(1), INT(7), INT(0), INT(0), INT(-2)), NULL), 0);
    assert_int_equal(csk_addr_unpack(&addr, got, room), 5);
    assert_int_equal(got[4].i, -2);
    assert_string_equal(csk_addr_format(&addr, room, sizeof room), "1,7,0,0,-2");
    refuse(AF_TIPC, 0, VALUES(INT(4), INT(71), INT(0), INT(0)), CSK_EADDRKIND,
           "AF_TIPC address: addr_type must be TIPC_ADDR_NAMESEQ, TIPC_ADDR_NAME or TIPC_ADDR_ID, "
           "got 4");
    refuse(AF_TIPC, 0, VALUES(INT(1), INT(71), INT(0)), CSK_EADDRKIND,
           "AF_TIPC address: 4 to 5 fields are required, got 3");
}

static void qipcrtr(void)
{
    struct sockaddr_qrtr qrtr;

    memset(&qrtr, 0, sizeof qrtr); /* with its padding */
    qrtr.sq_family = AF_QIPCRTR;
    qrtr.sq_node = 1;
    qrtr.sq_port = 0x4000;
    check(AF_QIPCRTR, 0, VALUES(INT(1), INT(0x4000)), &qrtr, sizeof qrtr, "1,16384");
}

static void families_with_internet_addresses(void)
{
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(80) };
    struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(80) };
    struct csk_addr addr;

    inet_pton(AF_INET, "127.0.0.2", &sin.sin_addr);
    inet_pton(AF_INET6, "::2", &sin6.sin6_addr);
    check(AF_RDS, 0, VALUES(TEXT("127.0.0.2"), INT(80)), &sin, sizeof sin, "127.0.0.2:80");
    check(AF_SMC, 0, VALUES(TEXT("127.0.0.2"), INT(80)), &sin, sizeof sin, "127.0.0.2:80");
    check(AF_SMC, 1, VALUES(TEXT("::2"), INT(80), INT(0), INT(0)), &sin6, sizeof sin6, "[::2]:80");
    refuse(AF_RDS, 0, VALUES(TEXT("127.0.0.2"), INT(-1)), CSK_EPORT,
           "port -1 is out of range (0-65535)");
    refuse(AF_RDS, 0, VALUES(TEXT("127.0.0.2")), CSK_EADDRKIND,
           "AF_RDS address: 2 fields are required, got 1");
    assert_true(csk_addr_needs_resolver(AF_RDS, 0, VALUES(TEXT("localhost"), INT(1))));
    /* Names are looked up in the family of the addresses, which is not that of the socket. */
    inet_pton(AF_INET, "127.0.0.1", &sin.sin_addr);
    assert_int_equal(
        csk_addr_resolve(&addr, AF_RDS, 0, VALUES(TEXT("localhost"), INT(80)), NULL, NULL), 0);
    assert_memory_equal(addr.bytes, &sin, sizeof sin);
    assert_false(csk_addr_needs_resolver(AF_SMC, 1, VALUES(TEXT("::1"), INT(1))));
}

static void xdp(void)
{
    struct sockaddr_xdp xdp = { .sxdp_family = AF_XDP,
                                .sxdp_flags = 4,
                                .sxdp_ifindex = 1,
                                .sxdp_queue_id = 2,
                                .sxdp_shared_umem_fd = 17 };

    check(AF_XDP, 0, VALUES(TEXT("lo"), INT(2), INT(4), INT(17)), &xdp, sizeof xdp, "lo,2,4,17");
}

static void kcm_has_no_address(void)
{
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr;
    char room[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_addr_pack(&addr, AF_KCM, 0, NULL, 0, NULL), 0);
    assert_int_equal(addr.len, sizeof(sa_family_t));
    assert_int_equal(csk_addr_unpack(&addr, got, room), 0);
    refuse(AF_KCM, 0, VALUES(INT(1)), CSK_EADDRKIND,
           "AF_KCM address: 0 fields are required, got 1");
}

static void nfc(void)
{
    static struct sockaddr_nfc raw = {
        .sa_family = AF_NFC, .dev_idx = 1, .target_idx = 2, .nfc_protocol = NFC_PROTO_MIFARE
    };
    static struct sockaddr_nfc_llcp llcp = { .sa_family = AF_NFC,
                                             .dev_idx = 1,
                                             .target_idx = 2,
                                             .nfc_protocol = NFC_PROTO_NFC_DEP,
                                             .dsap = 4,
                                             .ssap = 32,
                                             .service_name = "urn",
                                             .service_name_len = 3 };

    check(AF_NFC, NFC_SOCKPROTO_RAW, VALUES(INT(1), INT(2), INT(NFC_PROTO_MIFARE)), &raw,
          sizeof raw, "1,2,2");
    check(AF_NFC, NFC_SOCKPROTO_LLCP,
          VALUES(INT(1), INT(2), INT(NFC_PROTO_NFC_DEP), INT(4), INT(32), BYTES("urn")), &llcp,
          sizeof llcp, "1,2,5,4,32,75726e");
}

static void phonet(void)
{
    struct sockaddr_pn pn = {
        .spn_family = AF_PHONET, .spn_obj = 1, .spn_dev = 0x6c, .spn_resource = 0x10
    };

    check(AF_PHONET, 0, VALUES(INT(0x6c), INT(1), INT(0x10)), &pn, sizeof pn, "108,1,16");
}

static void mctp(void)
{
    struct sockaddr_mctp mctp = { .smctp_family = AF_MCTP,
                                  .smctp_network = 1,
                                  .smctp_addr.s_addr = 8,
                                  .smctp_type = 1,
                                  .smctp_tag = MCTP_TAG_OWNER };

    check(AF_MCTP, 0, VALUES(INT(1), INT(8), INT(1), INT(MCTP_TAG_OWNER)), &mctp, sizeof mctp,
          "1,8,1,8");
}

static void x25(void)
{
    struct sockaddr_x25 x25 = { .sx25_family = AF_X25, .sx25_addr = { "123456789012345" } };

    check(AF_X25, 0, VALUES(TEXT("123456789012345")), &x25, sizeof x25, "123456789012345");
    refuse(AF_X25, 0, VALUES(TEXT("1234567890123456")), CSK_EADDRVALUE,
           "AF_X25 address: address too long: 16 bytes, at most 15");
}

static void ax25(void)
{
    static struct full_sockaddr_ax25 ax25 = { .fsa_ax25 = { .sax25_family = AF_AX25 } };
    static const char first[] = "N0CALL", relay[] = "RELAY ", wide[] = "WIDE2 ";
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr;

    for (int i = 0; i < 6; i++) {
        ax25.fsa_ax25.sax25_call.ax25_call[i] = (char)(first[i] << 1);
        ax25.fsa_digipeater[0].ax25_call[i] = (char)(relay[i] << 1);
        ax25.fsa_digipeater[1].ax25_call[i] = (char)(wide[i] << 1);
    }
    ax25.fsa_ax25.sax25_call.ax25_call[6] = 15 << 1;
    check(AF_AX25, 0, VALUES(TEXT("N0CALL-15")), &ax25.fsa_ax25, sizeof ax25.fsa_ax25, "N0CALL-15");
    ax25.fsa_digipeater[1].ax25_call[6] = 1 << 1;
    ax25.fsa_ax25.sax25_ndigis = 2;
    check(AF_AX25, 0, VALUES(TEXT("N0CALL-15"), TEXT("RELAY WIDE2-1")), &ax25, sizeof ax25,
          "N0CALL-15,RELAY WIDE2-1");
    assert_int_equal(csk_addr_parse(&addr, AF_AX25, 0, "n0call-15,relay wide2-1", NULL), 0);
    assert_memory_equal(addr.bytes, &ax25, sizeof ax25);
    /* A frame's flags, which the kernel leaves in the address of a sender. */
    addr.bytes[2 + 6] |= 0x61;
    addr.bytes[16 + 7 + 6] |= 0x80;
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "N0CALL-15,RELAY WIDE2-1");
    refuse(AF_AX25, 0, VALUES(TEXT("N0CALLS")), CSK_EADDRVALUE,
           "AF_AX25 address: a callsign is up to 6 letters and digits, and -1 to -15, got "
           "\"N0CALLS\"");
    assert_int_equal(csk_addr_parse(&addr, AF_AX25, 0, "N0CALL-16", NULL), CSK_EADDRVALUE);
    assert_int_equal(csk_addr_parse(&addr, AF_AX25, 0, "N0CALL-", NULL), CSK_EADDRVALUE);
    assert_int_equal(csk_addr_parse(&addr, AF_AX25, 0, "N0CALL,A  B", NULL), CSK_EADDRVALUE);
    assert_int_equal(csk_addr_parse(&addr, AF_AX25, 0, "A,1 2 3 4 5 6 7 8", NULL), 0);
    assert_int_equal(csk_addr_parse(&addr, AF_AX25, 0, "A,1 2 3 4 5 6 7 8 9", NULL),
                     CSK_EADDRVALUE);
}

/* The kernel's net/af_ieee802154.h is not among the headers for user space. */
static void ieee802154(void)
{
    static struct {
        sa_family_t family;
        int addr_type;
        uint16_t pan_id;
        unsigned char addr[8];
    } wpan = { AF_IEEE802154, 2, 0xabcd, { 0 } };
    uint16_t number = 0x1234;

    memcpy(wpan.addr, &number, sizeof number);
    check(AF_IEEE802154, 0, VALUES(INT(2), INT(0xabcd), INT(0x1234)), &wpan, 20, "2,43981,0x1234");
    number = 1;
    memcpy(wpan.addr, &number, sizeof number);
    check(AF_IEEE802154, 0, VALUES(INT(2), INT(0xabcd), INT(1)), &wpan, 20, "2,43981,0x1");
    wpan.addr_type = 3;
    memcpy(wpan.addr, "\1\2\3\4\5\6\7\10", 8);
    check(AF_IEEE802154, 0, VALUES(INT(3), INT(0xabcd), BYTES("\1\2\3\4\5\6\7\10")), &wpan, 20,
          "3,43981,0102030405060708");
    wpan.addr_type = 0;
    memset(wpan.addr, 0, 8);
    check(AF_IEEE802154, 0, VALUES(INT(0), INT(0xabcd)), &wpan, 20, "0,43981");
    refuse(AF_IEEE802154, 0, VALUES(INT(1), INT(1)), CSK_EADDRFIELD,
           "AF_IEEE802154 address: addr_type must be 0, 2 or 3, got 1");
    refuse(AF_IEEE802154, 0, VALUES(INT(3), INT(1), BYTES("1234567")), CSK_EADDRVALUE,
           "AF_IEEE802154 address: addr must be 8 bytes, got 7");
    refuse(AF_IEEE802154, 0, VALUES(INT(2), INT(1), INT(65536)), CSK_EADDRFIELD,
           "AF_IEEE802154 address: addr 65536 is out of range (0-65535)");
    refuse(AF_IEEE802154, 0, VALUES(INT(2), INT(1)), CSK_EADDRKIND,
           "AF_IEEE802154 address: addr takes a number, 0 to 65535");
    refuse(AF_IEEE802154, 0, VALUES(INT(3), INT(1), INT(1)), CSK_EADDRKIND,
           "AF_IEEE802154 address: addr takes bytes in hexadecimal or text:..., not 1");
    refuse(AF_IEEE802154, 0, VALUES(INT(0), INT(1), INT(1)), CSK_EADDRKIND,
           "AF_IEEE802154 address: addr_type 0 has no addr");
}

TESTS(TEST(netlink), TEST(minus_one_is_accepted_for_all_groups), TEST(packet),
      TEST(a_missing_interface_is_written_as_its_index),
      TEST(interfaces_are_looked_up_with_and_without_a_socket),
      TEST(families_that_the_kernel_refuses_are_written_as_bytes),
      TEST(a_hardware_address_is_read_within_the_address), TEST(can_raw_and_bcm), TEST(can_isotp),
      TEST(can_j1939), TEST(short_can_addresses_are_read), TEST(alg), TEST(vsock), TEST(tipc),
      TEST(qipcrtr), TEST(families_with_internet_addresses), TEST(xdp), TEST(kcm_has_no_address),
      TEST(nfc), TEST(phonet), TEST(mctp), TEST(x25), TEST(ax25), TEST(ieee802154))
