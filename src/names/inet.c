/* Numeric IP addresses and byte order. */
#include "internal.h"

#include <arpa/inet.h>
#include <string.h>

static int not_an_address(const char *text, size_t size, const char *kind, struct csk_error *error)
{
    return cski_fail(error, CSK_EINETTEXT, "\"%.*s\" is not an %s address",
                     size < 64 ? (int)size : 64, text, kind);
}

static int no_such_family(int family, struct csk_error *error)
{
    return cski_fail(error, -EAFNOSUPPORT, "address family %d is neither AF_INET nor AF_INET6",
                     family);
}

int csk_inet_aton(const char *text, unsigned char packed[4], struct csk_error *error)
{
    struct in_addr addr;

    if (!text || !packed)
        return cski_fail(error, CSK_ENULL, "the %s is NULL", text ? "buffer" : "string");
    if (cski_inet4_parse(text, strlen(text), packed))
        return 0;
    /* The system parses the older forms ("127.1", "0x7f.1", octal). */
    if (!inet_aton(text, &addr))
        return not_an_address(text, strlen(text), "IPv4", error);
    memcpy(packed, &addr, 4);
    return 0;
}

int csk_inet_ntoa(const void *packed, size_t size, char text[16], struct csk_error *error)
{
    if (!packed || !text)
        return cski_fail(error, CSK_ENULL, "the %s is NULL", packed ? "buffer" : "address");
    if (size != 4)
        return cski_fail(error, CSK_EINETLEN, "an IPv4 address has 4 bytes, not %zu", size);
    text[cski_inet4_format(packed, text)] = 0;
    return 0;
}

ssize_t csk_inet_pton_n(int family, const char *text, size_t size, unsigned char packed[16],
                        struct csk_error *error)
{
    if (!text || !packed)
        return cski_fail(error, CSK_ENULL, "the %s is NULL", text ? "buffer" : "string");
    if (family == AF_INET)
        return cski_inet4_parse(text, size, packed) ? 4 : not_an_address(text, size, "IPv4", error);
    if (family == AF_INET6)
        return cski_inet6_parse(text, size, packed) ? 16
                                                    : not_an_address(text, size, "IPv6", error);
    return no_such_family(family, error);
}

ssize_t csk_inet_pton(int family, const char *text, unsigned char packed[16],
                      struct csk_error *error)
{
    return csk_inet_pton_n(family, text, text ? strlen(text) : 0, packed, error);
}

int csk_inet_ntop(int family, const void *packed, size_t size, char text[46],
                  struct csk_error *error)
{
    if (!packed || !text)
        return cski_fail(error, CSK_ENULL, "the %s is NULL", packed ? "buffer" : "address");
    if (family == AF_INET)
        return csk_inet_ntoa(packed, size, text, error);
    if (family != AF_INET6)
        return no_such_family(family, error);
    if (size != 16)
        return cski_fail(error, CSK_EINETLEN, "an IPv6 address has 16 bytes, not %zu", size);
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
