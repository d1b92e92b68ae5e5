/* AF_MADE_UP: (channel, name, key), the worked example of docs/adding-a-family.md. */
#include "family/family.h"

#define AF_MADE_UP 150

/* As a kernel header would declare it. */
struct made_up {
    sa_family_t family;
    uint16_t channel; /* network byte order */
    char name[12];
    uint8_t key_size;
    unsigned char key[7];
};

static const struct csk_field fields[] = {
    { "channel", CSK_FIELD_UINT, CSKI_AT(made_up, channel),
      .flags = CSK_FIELD_FLAG_NETWORK_ORDER | CSK_FIELD_FLAG_RANGE, .max = 999 },
    { "name", CSK_FIELD_TEXT, CSKI_AT(made_up, name) },
    { "key", CSK_FIELD_BYTES, CSKI_AT(made_up, key), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "key_size", CSK_FIELD_UINT, CSKI_AT(made_up, key_size), .flags = CSK_FIELD_FLAG_LENGTH,
      .other = 2, .base = offsetof(struct made_up, key), .scale = 1 },
};

const struct csk_family cski_family_made_up[] = {
    { .name = "AF_MADE_UP",
      .family = AF_MADE_UP,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct made_up),
      .max_len = sizeof(struct made_up),
      .layout = CSKI_LAYOUT(made_up, fields),
      .notes = { .meaning = "fictitious conversations",
                 .fields = { "1-999; 0: any", "name of the participant", "key of the participant" },
                 .sockets = "SOCK_DGRAM",
                 .example = "connect 7,alice,00ff" } },
    { .name = "" },
};
