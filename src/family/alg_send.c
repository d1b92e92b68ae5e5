/* What AF_ALG sends beside its data: what to do with it. */
#include "family.h"

#include <string.h>

/* linux/if_alg.h's; where a system has no AF_ALG, no socket is of that family. */
#ifndef AF_ALG
#define AF_ALG (-2)
#endif

enum { SOL_ALG_LEVEL = 279, SET_IV = 2, SET_OP = 3, SET_AEAD_ASSOCLEN = 4 };

/* Far more than any cipher has: the longest in Linux 6 is 32. */
#define IV_MAX 256

struct iv {
    uint32_t size;
    unsigned char bytes[IV_MAX];
};

union control {
    size_t align;
    char room[CMSG_SPACE(sizeof(uint32_t)) * 2 + CMSG_SPACE(sizeof(struct iv))];
};

static int put(union control *control, size_t *used, int type, const void *data, size_t size)
{
    return csk_cmsg_put(control, sizeof *control, used, SOL_ALG_LEVEL, type, data, size);
}

ssize_t csk_sendmsg_afalg(struct csk_socket *s, const struct iovec *buffers, size_t count, int op,
                          const void *iv, size_t iv_size, int64_t assoclen, int flags)
{
    union control control;
    struct csk_msg msg = { .buffers = (struct iovec *)buffers,
                           .buffer_count = count,
                           .control = &control };
    uint32_t operation = (uint32_t)op, associated = (uint32_t)assoclen;
    struct iv vector = { .size = (uint32_t)iv_size };
    int n;

    if (!s || (!buffers && count) || (!iv && iv_size))
        return CSK_ENULL;
    if (s->family != AF_ALG)
        return CSK_EFAMILY;
    if (op < 0 || iv_size > IV_MAX || assoclen > UINT32_MAX)
        return CSK_ERANGE;
    if ((n = put(&control, &msg.control_size, SET_OP, &operation, sizeof operation)) < 0)
        return n;
    if (iv) {
        memcpy(vector.bytes, iv, iv_size);
        n = put(&control, &msg.control_size, SET_IV, &vector, offsetof(struct iv, bytes) + iv_size);
    }
    if (n == 0 && assoclen >= 0)
        n = put(&control, &msg.control_size, SET_AEAD_ASSOCLEN, &associated, sizeof associated);
    return n < 0 ? n : csk_sendmsg(s, &msg, flags);
}
