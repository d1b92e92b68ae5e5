/* AF_QIPCRTR: (node, port). */
#include "family.h"

/* As linux/qrtr.h has it. */
struct qrtr {
    sa_family_t family;
    uint32_t node, port;
};

static const struct csk_field fields[] = {
    { "node", CSK_FIELD_UINT, CSKI_AT(qrtr, node), .wraps = true, .meaning = "processor; -1: all" },
    { "port", CSK_FIELD_UINT, CSKI_AT(qrtr, port), .wraps = true,
      .meaning = "32 bits; -2: the name service" },
};

const struct cski_family cski_family_qipcrtr[] = {
    { .form = { .name = "AF_QIPCRTR",
                .family = AF_QIPCRTR,
                .proto = CSK_ANY_PROTO,
                .min_len = sizeof(struct qrtr),
                .max_len = sizeof(struct qrtr),
                .fields = fields,
                .field_count = CSKI_COUNT(fields),
                .module = "qrtr",
                .since = "Linux 4.7",
                .privilege = "ports below 0x4000: CAP_NET_ADMIN",
                .meaning = "Qualcomm's co-processors",
                .sockets = "SOCK_DGRAM",
                .example = "connect 1,0x4000",
                .verified = "exchange on Linux 6.1 and 7.2: two sockets of one node" } },
    { .form.name = NULL },
};
