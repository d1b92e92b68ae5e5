/* AF_MADE_UP: (channel, name, key), the worked example of docs/adding-a-family.md. */
#include "family/family.h"

#define AF_MADE_UP 150

/* As the kernel's header would have it. */
struct made_up {
    sa_family_t family;
    uint16_t channel; /* network byte order */
    char name[12];
    uint8_t key_size;
    unsigned char key[7];
};

static const struct csk_field fields[] = {
    { "channel", CSK_FIELD_NET, CSKI_AT(made_up, channel), .max = 999, .meaning = "1-999; 0: any" },
    { "name", CSK_FIELD_TEXT, CSKI_AT(made_up, name), .meaning = "whom to ask for" },
    { "key", CSK_FIELD_BYTES, CSKI_AT(made_up, key), .count = offsetof(struct made_up, key_size),
      .optional = true, .meaning = "what opens the door" },
};

const struct cski_family cski_family_made_up[] = {
    { .form = { .name = "AF_MADE_UP",
                .family = AF_MADE_UP,
                .proto = CSK_ANY_PROTO,
                .min_len = sizeof(struct made_up),
                .max_len = sizeof(struct made_up),
                .fields = fields,
                .field_count = CSKI_COUNT(fields),
                .meaning = "conversations that nobody has",
                .sockets = "SOCK_DGRAM",
                .example = "connect 7,alice,00ff" } },
    { .form.name = NULL },
};
