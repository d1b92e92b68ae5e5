/* AF_ALG: (type, name, feat, mask). */
#include "family.h"

/* As linux/if_alg.h has it. */
struct alg {
    sa_family_t family;
    char type[14];
    uint32_t feat, mask;
    char name[64];
};

static const struct csk_field fields[] = {
    { "type", CSK_FIELD_TEXT, CSKI_AT(alg, type),
      .meaning = "\"hash\", \"skcipher\", \"aead\", \"rng\"" },
    { "name", CSK_FIELD_TEXT, CSKI_AT(alg, name), .meaning = "\"sha256\", \"cbc(aes)\"" },
    { "feat", CSK_FIELD_UINT, CSKI_AT(alg, feat),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS,
      .meaning = "CRYPTO_ALG_* that the algorithm must have" },
    { "mask", CSK_FIELD_UINT, CSKI_AT(alg, mask),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS,
      .meaning = "CRYPTO_ALG_* that matter" },
};

const struct csk_family cski_family_alg[] = {
    { .name = "AF_ALG",
      .family = AF_ALG,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct alg),
      .max_len = sizeof(struct alg),
      .layout = CSKI_LAYOUT(alg, fields),
      .notes = { .module = "af_alg, and one a type: algif_hash, algif_skcipher, algif_aead, "
                           "algif_rng",
                 .since = "Linux 2.6.38",
                 .meaning = "the kernel's cryptography",
                 .sockets = "SOCK_SEQPACKET",
                 .example = "bind hash,sha256",
                 .verified =
                     "known vectors on Linux 6.1 and 7.2: SHA-256, HMAC, AES-CBC, AES-GCM" },
      /* Its getname is sock_no_getname, which accept4 makes ECONNABORTED of (Linux 6.1). */
      .nameless_peers = true },
    { .name = "" },
};
