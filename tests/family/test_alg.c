/* AF_ALG: known vectors. */
#include "family_test.h"

#include <errno.h>
#include <linux/if_alg.h>
#include <string.h>

#ifndef SOL_ALG
#define SOL_ALG 279
#endif

/* Return a socket for operations with an algorithm after setting its key. */
static struct csk_socket operation(const char *text, const void *key, size_t size, int tag)
{
    struct csk_socket s = family_socket(AF_ALG, SOCK_SEQPACKET, 0), op;
    struct csk_addr addr = family_address(AF_ALG, 0, text), peer;
    int n = csk_bind(&s, &addr, NULL);

    if (n == -ENOENT)
        test_skip("the kernel lacks %s", text);
    family_ok(n);
    if (size)
        family_ok(csk_setsockopt(&s, SOL_ALG, ALG_SET_KEY, key, (socklen_t)size));
    if (tag)
        family_ok(csk_setsockopt(&s, SOL_ALG, ALG_SET_AEAD_AUTHSIZE, NULL, (socklen_t)tag));
    /* The kernel has no getsockname operation for it, and aborts if the address is requested. */
    family_ok(csk_accept(&s, &op, &peer));
    assert_int_equal(peer.len, 0);
    family_ok(csk_settimeout(&op, INT64_C(30000000000)));
    csk_close(&s);
    return op;
}

/* FIPS 180-2, appendix B.1. */
static void sha256_of_abc(void)
{
    static const unsigned char want[33] =
        "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
        "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad";
    struct csk_socket op = operation("hash,sha256", NULL, 0, 0);
    unsigned char got[64];

    /* In two parts, as MSG_MORE allows. */
    assert_int_equal(csk_send(&op, "a", 1, MSG_MORE), 1);
    assert_int_equal(csk_send(&op, "bc", 2, 0), 2);
    assert_int_equal(csk_recv(&op, got, sizeof got, 0), 32);
    assert_memory_equal(got, want, 32);
    csk_close(&op);
}

/* RFC 4231, test case 2. */
static void hmac_of_what_do_ya_want(void)
{
    static const unsigned char want[33] =
        "\x5b\xdc\xc1\x46\xbf\x60\x75\x4e\x6a\x04\x24\x26\x08\x95\x75\xc7"
        "\x5a\x00\x3f\x08\x9d\x27\x39\x83\x9d\xec\x58\xb9\x64\xec\x38\x43";
    struct csk_socket op = operation("hash,hmac(sha256)", "Jefe", 4, 0);
    unsigned char got[64];

    assert_int_equal(csk_send(&op, "what do ya want for nothing?", 28, 0), 28);
    assert_int_equal(csk_recv(&op, got, sizeof got, 0), 32);
    assert_memory_equal(got, want, 32);
    csk_close(&op);
}

/* NIST SP 800-38A, F.2.1: the first two blocks. */
static void aes_cbc_both_ways(void)
{
    static const char key[] = "\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15\x88\x09\xcf\x4f\x3c";
    static const char iv[] = "\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";
    static const char plain[] = "\x6b\xc1\xbe\xe2\x2e\x40\x9f\x96\xe9\x3d\x7e\x11\x73\x93\x17\x2a"
                                "\xae\x2d\x8a\x57\x1e\x03\xac\x9c\x9e\xb7\x6f\xac\x45\xaf\x8e\x51";
    static const char cipher[] = "\x76\x49\xab\xac\x81\x19\xb2\x46\xce\xe9\x8e\x9b\x12\xe9\x19\x7d"
                                 "\x50\x86\xcb\x9b\x50\x72\x19\xee\x95\xdb\x11\x3a\x91\x76\x78\xb2";
    struct csk_socket op = operation("skcipher,cbc(aes)", key, 16, 0);
    struct iovec blocks[] = { { (void *)plain, 16 }, { (void *)(plain + 16), 16 } };
    struct iovec whole = { (void *)cipher, 32 };
    char got[64];

    assert_int_equal(csk_sendmsg_afalg(&op, blocks, 2, ALG_OP_ENCRYPT, iv, 16, -1, 0), 32);
    assert_int_equal(csk_recv(&op, got, 32, 0), 32);
    assert_memory_equal(got, cipher, 32);
    assert_int_equal(csk_sendmsg_afalg(&op, &whole, 1, ALG_OP_DECRYPT, iv, 16, -1, 0), 32);
    assert_int_equal(csk_recv(&op, got, 32, 0), 32);
    assert_memory_equal(got, plain, 32);

    /* The socket that was prepared, and the one for the operation. */
    assert_int_equal(csk_sendmsg_afalg(&op, NULL, 0, ALG_OP_ENCRYPT, iv, 16, -1, MSG_MORE), 0);
    assert_int_equal(csk_send(&op, plain, 32, 0), 32);
    assert_int_equal(csk_recv(&op, got, 32, 0), 32);
    assert_memory_equal(got, cipher, 32);
    csk_close(&op);
}

/* The specification of GCM (McGrew and Viega), test case 4. */
static const char gcm_key[] = "\xfe\xff\xe9\x92\x86\x65\x73\x1c\x6d\x6a\x8f\x94\x67\x30\x83\x08";
static const char gcm_iv[] = "\xca\xfe\xba\xbe\xfa\xce\xdb\xad\xde\xca\xf8\x88";
static const char gcm_assoc[] = "\xfe\xed\xfa\xce\xde\xad\xbe\xef\xfe\xed\xfa\xce\xde\xad\xbe\xef"
                                "\xab\xad\xda\xd2";
static const char gcm_plain[] = "\xd9\x31\x32\x25\xf8\x84\x06\xe5\xa5\x59\x09\xc5\xaf\xf5\x26\x9a"
                                "\x86\xa7\xa9\x53\x15\x34\xf7\xda\x2e\x4c\x30\x3d\x8a\x31\x8a\x72"
                                "\x1c\x3c\x0c\x95\x95\x68\x09\x53\x2f\xcf\x0e\x24\x49\xa6\xb5\x25"
                                "\xb1\x6a\xed\xf5\xaa\x0d\xe6\x57\xba\x63\x7b\x39";
static const char gcm_cipher[] = "\x42\x83\x1e\xc2\x21\x77\x74\x24\x4b\x72\x21\xb7\x84\xd0\xd4\x9c"
                                 "\xe3\xaa\x21\x2f\x2c\x02\xa4\xe0\x35\xc1\x7e\x23\x29\xac\xa1\x2e"
                                 "\x21\xd5\x14\xb2\x54\x66\x93\x1c\x7d\x8f\x6a\x5a\xac\x84\xaa\x05"
                                 "\x1b\xa3\x0b\x39\x6a\x0a\xac\x97\x3d\x58\xe0\x91"
                                 "\x5b\xc9\x4f\xbc\x32\x21\xa5\xdb\x94\xfa\xe9\x5a\xe7\x12\x1a\x47";

enum { ASSOC = 20, PLAIN = 60, TAG = 16 };

static void aes_gcm_makes_the_known_tag(void)
{
    struct csk_socket op = operation("aead,gcm(aes)", gcm_key, 16, TAG);
    struct iovec parts[] = { { (void *)gcm_assoc, ASSOC }, { (void *)gcm_plain, PLAIN } };
    char got[ASSOC + PLAIN + TAG];

    assert_int_equal(csk_sendmsg_afalg(&op, parts, 2, ALG_OP_ENCRYPT, gcm_iv, 12, ASSOC, 0),
                     ASSOC + PLAIN);
    assert_int_equal(csk_recv(&op, got, sizeof got, 0), sizeof got);
    assert_memory_equal(got + ASSOC, gcm_cipher, PLAIN + TAG);
    csk_close(&op);
}

static void aes_gcm_refuses_a_wrong_tag(void)
{
    struct csk_socket op = operation("aead,gcm(aes)", gcm_key, 16, TAG);
    char cipher[PLAIN + TAG], got[ASSOC + PLAIN];
    struct iovec parts[] = { { (void *)gcm_assoc, ASSOC }, { cipher, sizeof cipher } };

    memcpy(cipher, gcm_cipher, sizeof cipher);
    assert_int_equal(csk_sendmsg_afalg(&op, parts, 2, ALG_OP_DECRYPT, gcm_iv, 12, ASSOC, 0),
                     ASSOC + PLAIN + TAG);
    assert_int_equal(csk_recv(&op, got, sizeof got, 0), sizeof got);
    assert_memory_equal(got + ASSOC, gcm_plain, PLAIN);
    cipher[PLAIN + TAG - 1] ^= 1;
    assert_int_equal(csk_sendmsg_afalg(&op, parts, 2, ALG_OP_DECRYPT, gcm_iv, 12, ASSOC, 0),
                     ASSOC + PLAIN + TAG);
    assert_int_equal(csk_recv(&op, got, sizeof got, 0), -EBADMSG);
    csk_close(&op);
}

static void random_numbers_after_a_seed(void)
{
    struct csk_socket s = family_socket(AF_ALG, SOCK_SEQPACKET, 0), op;
    struct csk_addr addr = family_address(AF_ALG, 0, "rng,drbg_nopr_sha256");
    unsigned char first[32], second[32];
    int n = csk_bind(&s, &addr, NULL);

    if (n == -ENOENT)
        test_skip("the kernel lacks drbg_nopr_sha256");
    family_ok(n);
    family_ok(csk_setsockopt(&s, SOL_ALG, ALG_SET_KEY, "a seed", 6));
    family_ok(csk_accept(&s, &op, NULL));
    assert_int_equal(csk_recv(&op, first, sizeof first, 0), sizeof first);
    assert_int_equal(csk_recv(&op, second, sizeof second, 0), sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
    csk_close(&op);
    csk_close(&s);
}

static void a_missing_algorithm_is_enoent(void)
{
    struct csk_socket s = family_socket(AF_ALG, SOCK_SEQPACKET, 0);
    struct csk_addr addr = family_address(AF_ALG, 0, "hash,no-such-hash");

    assert_int_equal(csk_bind(&s, &addr, NULL), -ENOENT);
    csk_close(&s);
}

TESTS(TEST(sha256_of_abc), TEST(hmac_of_what_do_ya_want), TEST(aes_cbc_both_ways),
      TEST(aes_gcm_makes_the_known_tag), TEST(aes_gcm_refuses_a_wrong_tag),
      TEST(random_numbers_after_a_seed), TEST(a_missing_algorithm_is_enoent))
