/* The kernel's cryptography: AF_ALG encrypts the data sent, with the parameters of each message. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

#define ENCRYPT 1 /* ALG_OP_ENCRYPT of linux/if_alg.h */

int main(void)
{
    unsigned char key[16] = { 0 }, iv[16] = { 0 }, block[16] = "fifteen letters";
    struct iovec part = { block, sizeof block };
    struct csk_socket s, operation;
    struct csk_error error;
    struct csk_addr addr;

    if (csk_socket(&s, AF_ALG, SOCK_SEQPACKET, 0) < 0 ||
        csk_addr_parse(&addr, AF_ALG, 0, "skcipher,cbc(aes)", &error) < 0 ||
        csk_bind(&s, &addr, &error) < 0) {
        puts("this kernel has no AF_ALG");
        return 0;
    }
    if (csk_setsockopt(&s, 279 /* SOL_ALG */, 1 /* ALG_SET_KEY */, key, sizeof key) < 0 ||
        csk_accept(&s, &operation, NULL) < 0)
        errx(1, "accept");
    if (csk_sendmsg_afalg(&operation, &part, 1, ENCRYPT, iv, sizeof iv, -1, 0) < 0 ||
        csk_recvall(&operation, block, sizeof block, 0, NULL) < 0)
        errx(1, "encrypt");
    for (size_t i = 0; i < sizeof block; i++)
        printf("%02x", block[i]);
    putchar('\n');
    csk_close(&operation);
    return csk_close(&s) < 0;
}
