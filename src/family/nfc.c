/* AF_NFC: (dev_idx, target_idx, nfc_protocol), with LLCP also (..., dsap, ssap, service_name). */
#include "family.h"

/* The layout of linux/nfc.h. */
struct nfc {
    sa_family_t family;
    uint32_t dev_idx, target_idx, nfc_protocol;
};

struct llcp {
    sa_family_t family;
    uint32_t dev_idx, target_idx, nfc_protocol;
    uint8_t dsap, ssap;
    char service_name[63];
    size_t service_name_len;
};

enum { LLCP = 1 };

#define DEVICE(type)                                                                               \
    { "dev_idx", CSK_FIELD_UINT, CSKI_AT(type, dev_idx), .flags = CSK_FIELD_FLAG_WRAPS },          \
        { "target_idx", CSK_FIELD_UINT, CSKI_AT(type, target_idx),                                 \
          .flags = CSK_FIELD_FLAG_WRAPS },                                                         \
    {                                                                                              \
        "nfc_protocol", CSK_FIELD_UINT, CSKI_AT(type, nfc_protocol)                                \
    }

static const struct csk_field raw_fields[] = { DEVICE(nfc) };

static const struct csk_field llcp_fields[] = {
    DEVICE(llcp),
    { "dsap", CSK_FIELD_UINT, CSKI_AT(llcp, dsap), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "ssap", CSK_FIELD_UINT, CSKI_AT(llcp, ssap), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "service_name", CSK_FIELD_BYTES, CSKI_AT(llcp, service_name),
      .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "service_name_len", CSK_FIELD_UINT, CSKI_AT(llcp, service_name_len),
      .flags = CSK_FIELD_FLAG_LENGTH, .other = 5, .base = offsetof(struct llcp, service_name),
      .scale = 1 },
};

const struct csk_family cski_family_nfc[] = {
    { .name = "AF_NFC",
      .variant = "LLCP",
      .family = AF_NFC,
      .proto = LLCP,
      .min_len = sizeof(struct llcp),
      .max_len = sizeof(struct llcp),
      .layout = CSKI_LAYOUT(llcp, llcp_fields),
      .notes = { .module = "nfc",
                 .since = "Linux 3.3",
                 .meaning = "NFC between two devices",
                 .fields = { "reader", "tag or peer; 0 in bind", "NFC_PROTO_*",
                             "destination's access point", "source's access point",
                             "b\"urn:nfc:sn:snep\"" },
                 .sockets = "SOCK_STREAM, NFC_SOCKPROTO_LLCP",
                 .example = "bind 0,0,5,0,0,75726e3a6e66633a736e3a736e6570",
                 .verified = "exchange on Linux 6.1 and 7.2: two simulated devices" } },
    { .name = "AF_NFC",
      .family = AF_NFC,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct nfc),
      .max_len = sizeof(struct nfc),
      .layout = CSKI_LAYOUT(nfc, raw_fields),
      .notes = { .module = "nfc",
                 .since = "Linux 3.1",
                 .meaning = "NFC tags",
                 .fields = { "reader", "tag or peer; 0 in bind", "NFC_PROTO_*" },
                 .sockets = "SOCK_SEQPACKET",
                 .example = "connect 0,1,2",
                 .verified =
                     "bytes; refused on Linux 6.1 and 7.2, whose simulated devices are no tags" } },
    { .name = "" },
};
