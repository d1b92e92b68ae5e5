/* AF_X25: (address,). */
#include "family.h"

/* As linux/x25.h has it. */
struct x25 {
    sa_family_t family;
    char address[16];
};

static const struct csk_field fields[] = {
    { "address", CSK_FIELD_TEXT, CSKI_AT(x25, address) },
};

const struct csk_family cski_family_x25[] = {
    { .name = "AF_X25",
      .family = AF_X25,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct x25),
      .max_len = sizeof(struct x25),
      .layout = CSKI_LAYOUT(x25, fields),
      .notes = { .module = "x25",
                 .since = "Linux 2.1.16",
                 .meaning = "X.25 packet networks",
                 .fields = { "X.121: up to 15 digits" },
                 .sockets = "SOCK_SEQPACKET",
                 .example = "connect 123456",
                 .verified = "bytes: Debian 12's kernel is built without it" } },
    { .name = "" },
};
