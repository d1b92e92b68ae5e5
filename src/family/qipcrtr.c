/* AF_QIPCRTR: (node, port). */
#include "family.h"

/* As linux/qrtr.h has it. */
struct qrtr {
    sa_family_t family;
    uint32_t node, port;
};

static const struct csk_field fields[] = {
    { "node", CSK_FIELD_UINT, CSKI_AT(qrtr, node), .flags = CSK_FIELD_FLAG_WRAPS },
    { "port", CSK_FIELD_UINT, CSKI_AT(qrtr, port), .flags = CSK_FIELD_FLAG_WRAPS },
};

const struct csk_family cski_family_qipcrtr[] = {
    { .name = "AF_QIPCRTR",
      .family = AF_QIPCRTR,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct qrtr),
      .max_len = sizeof(struct qrtr),
      .layout = CSKI_LAYOUT(qrtr, fields),
      .notes = { .module = "qrtr",
                 .since = "Linux 4.7",
                 .privilege = "ports below 0x4000: CAP_NET_ADMIN",
                 .meaning = "Qualcomm's co-processors",
                 .fields = { "processor; -1: all", "32 bits; -2: the name service" },
                 .sockets = "SOCK_DGRAM",
                 .example = "connect 1,0x4000",
                 .verified = "exchange on Linux 6.1 and 7.2: two sockets of one node" } },
    { .name = "" },
};
