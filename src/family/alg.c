/* AF_ALG: (type, name, feat, mask). */
#include "family.h"

#include <string.h>

/* As linux/if_alg.h has it. */
struct alg {
    sa_family_t family;
    char type[14];
    uint32_t feat, mask;
    char name[64];
};

static const struct csk_field fields[] = {
    { "type", CSK_FIELD_TEXT, CSKI_AT(alg, type) },
    { "name", CSK_FIELD_TEXT, CSKI_AT(alg, name) },
    { "feat", CSK_FIELD_UINT, CSKI_AT(alg, feat),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS },
    { "mask", CSK_FIELD_UINT, CSKI_AT(alg, mask),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS },
};

/* linux/if_alg.h's. */
enum { SOL_ALG_LEVEL = 279, SET_IV = 2, SET_OP = 3, SET_AEAD_ASSOCLEN = 4 };

static void add(struct cski_cipher *cipher, int type, const void *data, size_t size)
{
    struct cski_control_item *item = &cipher->items[cipher->count++];

    item->level = SOL_ALG_LEVEL;
    item->type = type;
    item->data = data;
    item->size = size;
}

/* One control message per parameter. */
static int encode(struct cski_cipher *cipher)
{
    if (cipher->op < 0 || cipher->iv_size > CSKI_CIPHER_IV_MAX || cipher->assoclen > UINT32_MAX)
        return CSK_ERANGE;
    cipher->operation = (uint32_t)cipher->op;
    add(cipher, SET_OP, &cipher->operation, sizeof cipher->operation);
    if (cipher->iv) {
        cipher->vector.size = (uint32_t)cipher->iv_size;
        memcpy(cipher->vector.bytes, cipher->iv, cipher->iv_size);
        add(cipher, SET_IV, &cipher->vector, sizeof cipher->vector.size + cipher->iv_size);
    }
    if (cipher->assoclen >= 0) {
        cipher->associated = (uint32_t)cipher->assoclen;
        add(cipher, SET_AEAD_ASSOCLEN, &cipher->associated, sizeof cipher->associated);
    }
    return 0;
}

const struct csk_family cski_family_alg[] = {
    { .name = "AF_ALG",
      .family = AF_ALG,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct alg),
      .max_len = sizeof(struct alg),
      .layout = CSKI_LAYOUT(alg, fields),
      .notes = { .module = "af_alg, and one per type: algif_hash, algif_skcipher, algif_aead, "
                           "algif_rng",
                 .since = "Linux 2.6.38",
                 .meaning = "the kernel's cryptography",
                 .fields = { "\"hash\", \"skcipher\", \"aead\", \"rng\"",
                             "\"sha256\", \"cbc(aes)\"",
                             "CRYPTO_ALG_* that the algorithm must have",
                             "CRYPTO_ALG_* that matter" },
                 .sockets = "SOCK_SEQPACKET",
                 .example = "bind hash,sha256",
                 .verified =
                     "known vectors on Linux 6.1 and 7.2: SHA-256, HMAC, AES-CBC, AES-GCM" },
      /* Its getname is sock_no_getname, for which accept4 fails with ECONNABORTED (Linux 6.1). */
      .nameless_peers = true,
      .encode_cipher = encode },
    { .name = "" },
};
