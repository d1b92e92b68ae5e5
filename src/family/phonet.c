/* AF_PHONET: (device, object, resource). */
#include "family.h"

/* As linux/phonet.h has it. */
struct pn {
    sa_family_t family;
    uint8_t obj, dev, resource;
    unsigned char zero[11];
};

static const struct csk_field fields[] = {
    { "device", CSK_FIELD_UINT, CSKI_AT(pn, dev),
      .meaning = "device, and the two high bits of the port" },
    { "object", CSK_FIELD_UINT, CSKI_AT(pn, obj), .meaning = "the port's low 8 bits" },
    { "resource", CSK_FIELD_UINT, CSKI_AT(pn, resource), .optional = true, .meaning = "service" },
};

const struct cski_family cski_family_phonet[] = {
    { .form = { .name = "AF_PHONET",
                .family = AF_PHONET,
                .proto = CSK_ANY_PROTO,
                .min_len = sizeof(struct pn),
                .max_len = sizeof(struct pn),
                .fields = fields,
                .field_count = CSKI_COUNT(fields),
                .module = "phonet",
                .since = "Linux 2.6.28",
                .privilege = "CAP_SYS_ADMIN",
                .meaning = "Nokia's modems",
                .sockets = "SOCK_DGRAM",
                .example = "bind 0,0,16",
                .verified = "exchange on Linux 6.1 and 7.2: two objects of one machine" } },
    { .form.name = NULL },
};
