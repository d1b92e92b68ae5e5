/* AF_PHONET: (device, object, resource). */
#include "family.h"

/* As linux/phonet.h has it. */
struct pn {
    sa_family_t family;
    uint8_t obj, dev, resource;
    unsigned char zero[11];
};

static const struct csk_field fields[] = {
    { "device", CSK_FIELD_UINT, CSKI_AT(pn, dev) },
    { "object", CSK_FIELD_UINT, CSKI_AT(pn, obj) },
    { "resource", CSK_FIELD_UINT, CSKI_AT(pn, resource), .flags = CSK_FIELD_FLAG_OPTIONAL },
};

const struct csk_family cski_family_phonet[] = {
    { .name = "AF_PHONET",
      .family = AF_PHONET,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct pn),
      .max_len = sizeof(struct pn),
      .layout = CSKI_LAYOUT(pn, fields),
      .notes = { .module = "phonet",
                 .since = "Linux 2.6.28",
                 .privilege = "CAP_SYS_ADMIN",
                 .meaning = "Nokia's modems",
                 .fields = { "device, and the two high bits of the port", "the port's low 8 bits",
                             "service" },
                 .sockets = "SOCK_DGRAM",
                 .example = "bind 0,0,16",
                 .verified = "exchange on Linux 6.1 and 7.2: two objects of one machine" } },
    { .name = "" },
};
