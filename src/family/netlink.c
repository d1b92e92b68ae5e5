/* AF_NETLINK: (pid, groups). */
#include "family.h"

/* As linux/netlink.h has it. */
struct nl {
    sa_family_t family;
    uint16_t pad;
    uint32_t pid, groups;
};

static const struct csk_field fields[] = {
    { "pid", CSK_FIELD_UINT, CSKI_AT(nl, pid), .flags = CSK_FIELD_FLAG_WRAPS },
    { "groups", CSK_FIELD_UINT, CSKI_AT(nl, groups),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_WRAPS },
};

const struct csk_family cski_family_netlink[] = {
    { .name = "AF_NETLINK",
      .family = AF_NETLINK,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct nl),
      .max_len = sizeof(struct nl),
      .layout = CSKI_LAYOUT(nl, fields),
      .notes = { .since = "Linux 2.2",
                 .privilege = "some groups and commands: CAP_NET_ADMIN",
                 .meaning = "the kernel's own services: routes, links, audit, udev",
                 .fields = { "port's number; 0: the kernel, or in bind: the kernel chooses",
                             "multicast groups, one bit each; -1: all" },
                 .sockets = "SOCK_RAW, NETLINK_ROUTE",
                 .example = "bind 0,0x1",
                 .verified = "exchange on Linux 6.1 and 7.2: the kernel and another socket" } },
    { .name = "" },
};
