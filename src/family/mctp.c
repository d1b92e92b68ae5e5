/* AF_MCTP: (network, addr, type, tag). */
#include "family.h"

/* As linux/mctp.h has it. */
struct mctp {
    sa_family_t family;
    uint16_t pad0;
    uint32_t network;
    uint8_t addr, type, tag, pad1;
};

static const struct csk_field fields[] = {
    { "network", CSK_FIELD_UINT, CSKI_AT(mctp, network), .flags = CSK_FIELD_FLAG_WRAPS },
    { "addr", CSK_FIELD_UINT, CSKI_AT(mctp, addr) },
    { "type", CSK_FIELD_UINT, CSKI_AT(mctp, type) },
    { "tag", CSK_FIELD_UINT, CSKI_AT(mctp, tag), .flags = CSK_FIELD_FLAG_OPTIONAL },
};

const struct csk_family cski_family_mctp[] = {
    { .name = "AF_MCTP",
      .family = AF_MCTP,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct mctp),
      .max_len = sizeof(struct mctp),
      .layout = CSKI_LAYOUT(mctp, fields),
      .notes = { .module = "mctp",
                 .since = "Linux 5.15",
                 .meaning = "management controllers on a board",
                 .fields = { "0: any", "endpoint; 255: any", "of messages",
                             "8: the kernel chooses" },
                 .sockets = "SOCK_DGRAM",
                 .example = "bind 1,255,1",
                 .verified = "bytes: Debian 12's kernel is built without it" } },
    { .name = "" },
};
