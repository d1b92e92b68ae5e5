/* Numeric addresses as text and as bytes, and the byte order of the network. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    unsigned char packed[16];
    struct csk_error error;
    char text[46];
    ssize_t size;

    if ((size = csk_inet_pton(AF_INET6, "2001:db8::1", packed, &error)) < 0 ||
        csk_inet_ntop(AF_INET6, packed, (size_t)size, text, &error) < 0)
        errx(1, "%s", error.text);
    puts(text);
    if ((size = csk_inet_pton_n(AF_INET, "192.0.2.1/24", 9, packed, &error)) < 0)
        errx(1, "%s", error.text);
    if (csk_inet_aton("127.1", packed, &error) < 0 || csk_inet_ntoa(packed, 4, text, &error) < 0)
        errx(1, "%s", error.text);
    puts(text);
    printf("%d %d\n", csk_ntohs(csk_htons(80)), csk_ntohl(csk_htonl(80)) == 80);
    printf("IPv6: %d, dual stack: %d\n", csk_has_ipv6(), csk_has_dualstack_ipv6());
    return 0;
}
