/* AF_XDP: (ifname, queue_id, flags, shared_umem_fd). */
#include "family.h"

/* As linux/if_xdp.h has it. */
struct xdp {
    sa_family_t family;
    uint16_t flags;
    uint32_t ifindex, queue_id, shared_umem_fd;
};

static const struct csk_field fields[] = {
    { "ifname", CSK_FIELD_IFNAME, CSKI_AT(xdp, ifindex) },
    { "queue_id", CSK_FIELD_UINT, CSKI_AT(xdp, queue_id) },
    { "flags", CSK_FIELD_UINT, CSKI_AT(xdp, flags), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "shared_umem_fd", CSK_FIELD_UINT, CSKI_AT(xdp, shared_umem_fd),
      .flags = CSK_FIELD_FLAG_OPTIONAL },
};

const struct csk_family cski_family_xdp[] = {
    { .name = "AF_XDP",
      .family = AF_XDP,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct xdp),
      .max_len = sizeof(struct xdp),
      .layout = CSKI_LAYOUT(xdp, fields),
      .notes = { .since = "Linux 4.18",
                 .privilege = "CAP_NET_RAW",
                 .meaning = "frames in memory shared with the kernel",
                 .fields = { "interface", "the interface's queue", "XDP_*",
                             "with XDP_SHARED_UMEM: the socket that has the memory" },
                 .sockets = "SOCK_RAW",
                 .example = "bind eth0,0",
                 .verified =
                     "exchange on Linux 6.1 and 7.2: frames in and out of a virtual cable" } },
    { .name = "" },
};
