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

/* The results are int64_t in every branch: as uint32_t a code would become a large number. */
static bool fits(int64_t number, int64_t max)
{
    return number >= 0 && number <= max;
}

int64_t csk_htons(int64_t number)
{
    return fits(number, UINT16_MAX) ? (int64_t)htons((uint16_t)number) : CSK_ERANGE;
}

int64_t csk_ntohs(int64_t number)
{
    return fits(number, UINT16_MAX) ? (int64_t)ntohs((uint16_t)number) : CSK_ERANGE;
}

int64_t csk_htonl(int64_t number)
{
    return fits(number, UINT32_MAX) ? (int64_t)htonl((uint32_t)number) : CSK_ERANGE;
}

int64_t csk_ntohl(int64_t number)
{
    return fits(number, UINT32_MAX) ? (int64_t)ntohl((uint32_t)number) : CSK_ERANGE;
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
