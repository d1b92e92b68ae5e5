/* AF_PACKET: (ifname, proto, pkttype, hatype, addr). */
#include "family.h"

/* As linux/if_packet.h has it, but with space for the longest hardware address (MAX_ADDR_LEN): the
 * kernel reads and writes more than its own struct has for InfiniBand's 20 bytes. */
struct ll {
    sa_family_t family;
    uint16_t protocol;
    int32_t ifindex;
    uint16_t hatype;
    uint8_t pkttype, halen;
    unsigned char addr[32];
};

#define ADDR offsetof(struct ll, addr)
#define SHORTEST (ADDR + 8) /* the minimum for bind and sendto */

static const struct csk_field fields[] = {
    { "ifname", CSK_FIELD_IFNAME, CSKI_AT(ll, ifindex) },
    { "proto", CSK_FIELD_UINT, CSKI_AT(ll, protocol), .flags = CSK_FIELD_FLAG_NETWORK_ORDER },
    { "pkttype", CSK_FIELD_UINT, CSKI_AT(ll, pkttype), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "hatype", CSK_FIELD_UINT, CSKI_AT(ll, hatype), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "addr", CSK_FIELD_BYTES, CSKI_AT(ll, addr), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "halen", CSK_FIELD_UINT, CSKI_AT(ll, halen), .flags = CSK_FIELD_FLAG_LENGTH, .other = 4,
      .base = ADDR, .scale = 1 },
};

static int packed(const struct csk_family *f, struct csk_addr *addr, struct csk_error *error)
{
    unsigned halen = addr->bytes[offsetof(struct ll, halen)];

    (void)f, (void)error;
    addr->len = (socklen_t)(halen > SHORTEST - ADDR ? ADDR + halen : SHORTEST);
    return 0;
}

const struct csk_family cski_family_packet[] = {
    { .name = "AF_PACKET",
      .family = AF_PACKET,
      .proto = CSK_ANY_PROTO,
      .min_len = ADDR,
      .max_len = sizeof(struct ll),
      .layout = CSKI_LAYOUT(ll, fields),
      .notes = { .module = "af_packet",
                 .since = "Linux 2.2",
                 .privilege = "CAP_NET_RAW",
                 .meaning = "frames of network interfaces",
                 .fields = { "interface; \"\": all", "ETH_P_* or ETHERTYPE_*; 0: receive nothing",
                             "PACKET_*", "ARPHRD_*", "hardware address" },
                 .sockets = "SOCK_RAW",
                 .example = "bind eth0,0x88b5",
                 .verified = "exchange on Linux 6.1 and 7.2: frames over lo, raw and cooked" },
      .packed = packed },
    { .name = "" },
};
