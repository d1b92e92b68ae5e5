/* Numeric IP addresses and byte order. */
#include "internal.h"

#include <arpa/inet.h>
#include <string.h>

int csk_inet_aton(const char *text, unsigned char packed[4])
{
    struct in_addr addr;

    if (!text || !packed)
        return CSK_ENULL;
    if (cski_inet4_parse(text, strlen(text), packed))
        return 0;
    /* The older forms ("127.1", "0x7f.1", octal) are what the system says they are. */
    if (!inet_aton(text, &addr))
        return CSK_EINETTEXT;
    memcpy(packed, &addr, 4);
    return 0;
}

int csk_inet_ntoa(const void *packed, size_t size, char text[16])
{
    if (!packed || !text)
        return CSK_ENULL;
    if (size != 4)
        return CSK_EINETLEN;
    text[cski_inet4_format(packed, text)] = 0;
    return 0;
}

int csk_inet_pton_n(int family, const char *text, size_t size, unsigned char packed[16])
{
    if (!text || !packed)
        return CSK_ENULL;
    if (family == AF_INET)
        return cski_inet4_parse(text, size, packed) ? 4 : CSK_EINETTEXT;
    if (family == AF_INET6)
        return cski_inet6_parse(text, size, packed) ? 16 : CSK_EINETTEXT;
    return -EAFNOSUPPORT;
}

int csk_inet_pton(int family, const char *text, unsigned char packed[16])
{
    return text ? csk_inet_pton_n(family, text, strlen(text), packed) : CSK_ENULL;
}

int csk_inet_ntop(int family, const void *packed, size_t size, char text[46])
{
    if (!packed || !text)
        return CSK_ENULL;
    if (family == AF_INET)
        return csk_inet_ntoa(packed, size, text);
    if (family != AF_INET6)
        return -EAFNOSUPPORT;
    if (size != 16)
        return CSK_EINETLEN;
    text[cski_inet6_format(packed, text)] = 0;
    return 0;
}

uint16_t csk_htons(uint16_t number)
{
    return htons(number);
}

uint16_t csk_ntohs(uint16_t number)
{
    return ntohs(number);
}

uint32_t csk_htonl(uint32_t number)
{
    return htonl(number);
}

uint32_t csk_ntohl(uint32_t number)
{
    return ntohl(number);
}

#ifdef AF_INET6
#define HAS_IPV6 true
#else
#define HAS_IPV6 false
#endif

bool csk_has_ipv6(void)
{
    return HAS_IPV6;
}
