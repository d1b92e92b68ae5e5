/* AF_INET6: (host, port, flowinfo, scope_id). */
#include "family.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { HOST, PORT, FLOWINFO, SCOPE };

const struct csk_field cski_sin6_fields[] = {
    { "host", CSK_FIELD_IN6_ADDR, CSKI_AT(sockaddr_in6, sin6_addr),
      .flags = CSK_FIELD_FLAG_WILDCARD },
    { "port", CSK_FIELD_UINT, CSKI_AT(sockaddr_in6, sin6_port),
      .flags = CSK_FIELD_FLAG_NETWORK_ORDER },
    { "flowinfo", CSK_FIELD_UINT, CSKI_AT(sockaddr_in6, sin6_flowinfo),
      .flags = CSK_FIELD_FLAG_NETWORK_ORDER | CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_RANGE,
      .max = 0xfffff },
    { "scope_id", CSK_FIELD_UINT, CSKI_AT(sockaddr_in6, sin6_scope_id),
      .flags = CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS },
};

static void fill(struct csk_addr *addr, const unsigned char host[16], uint64_t port,
                 uint64_t flowinfo, uint32_t scope)
{
    struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6,
                                 .sin6_port = htons((uint16_t)port),
                                 .sin6_flowinfo = htonl((uint32_t)flowinfo),
                                 .sin6_scope_id = scope };

    memcpy(&sin6.sin6_addr, host, sizeof sin6.sin6_addr);
    memcpy(addr->bytes, &sin6, sizeof sin6);
    addr->len = sizeof sin6;
}

int cski_sin6_pack(const struct csk_family *f, struct csk_addr *addr,
                   const struct csk_value *values, size_t count, struct csk_error *error)
{
    const struct csk_field *fields = cski_sin6_fields;
    uint64_t port, flowinfo = 0, scope = 0;
    unsigned char host[16];
    int n;

    if ((n = cski_family_check_count(f, count, error)) < 0 ||
        (n = cski_family_number(f, &fields[PORT], &values[PORT], &port, error)) < 0)
        return n;
    if ((count > FLOWINFO &&
         (n = cski_family_number(f, &fields[FLOWINFO], &values[FLOWINFO], &flowinfo, error)) < 0) ||
        (count > SCOPE &&
         (n = cski_family_number(f, &fields[SCOPE], &values[SCOPE], &scope, error)) < 0) ||
        (n = cski_host(f, &fields[HOST], &values[HOST], host, error)) < 0)
        return n;
    fill(addr, host, port, flowinfo, (uint32_t)scope);
    return 0;
}

int cski_sin6_unpack(const struct csk_family *f, const struct csk_addr *addr,
                     struct csk_value *values, char *text)
{
    struct sockaddr_in6 sin6 = cski_sin6_read(addr);

    (void)f;
    values[HOST].kind = CSK_VALUE_TEXT;
    values[HOST].data = text;
    values[HOST].size = cski_inet6_format((const unsigned char *)&sin6.sin6_addr, text);
    values[PORT].kind = CSK_VALUE_INT;
    values[PORT].i = ntohs(sin6.sin6_port);
    values[FLOWINFO].kind = CSK_VALUE_INT;
    values[FLOWINFO].i = ntohl(sin6.sin6_flowinfo);
    values[SCOPE].kind = CSK_VALUE_INT;
    values[SCOPE].i = sin6.sin6_scope_id;
    return 4;
}

/* "%eth0" or "%2", of which zone is what follows the percent sign.  A name is formatted only for
 * link-local addresses, so a number is an index first. */
static int parse_zone(const struct csk_family *f, const char *zone, size_t size, uint32_t *scope,
                      struct csk_error *error)
{
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = zone, .size = size };
    static const struct csk_field field = { .name = "interface", .kind = CSK_FIELD_IFNAME };
    uint64_t number;
    bool negative;
    int n;

    if (cski_in_number((struct cski_in){ zone, size }, &number, &negative) && !negative &&
        number <= UINT32_MAX) {
        *scope = (uint32_t)number;
        return 0;
    }
    if (size == 0)
        return cski_family_fail(f, error, CSK_EINTERFACE, "the interface's name is missing");
    n = cski_interface_index(-1, zone, size, scope);
    return n < 0 ? cski_family_refuse(f, &field, &value, n, error) : 0;
}

/* "[host%zone]" or nothing, at the beginning of text: return its end, or NULL with *code. */
static const char *parse_host(const struct csk_family *f, const char *text, unsigned char host[16],
                              uint32_t *scope, struct csk_error *error, int *code)
{
    const char *end, *zone;

    *code = CSK_EADDRTEXT;
    memset(host, 0, 16);
    if (*text == ':')
        return text;
    if (*text != '[' || !(end = strchr(text, ']'))) {
        cski_text_fail(f, text, error);
        return NULL;
    }
    zone = memchr(text, '%', (size_t)(end - text));
    if (!cski_inet6_parse(text + 1, (size_t)((zone ? zone : end) - text) - 1, host)) {
        cski_family_fail(f, error, CSK_EADDRTEXT, "\"%.100s\": the host must be numeric", text);
        return NULL;
    }
    if (zone && (*code = parse_zone(f, zone + 1, (size_t)(end - zone) - 1, scope, error)) < 0)
        return NULL;
    return end + 1;
}

int cski_sin6_parse(const struct csk_family *f, struct csk_addr *addr, const char *text,
                    struct csk_error *error)
{
    struct csk_value number = { .kind = CSK_VALUE_NONE };
    unsigned char host[16];
    uint32_t scope = 0;
    uint64_t port, flowinfo = 0;
    const char *rest, *comma;
    bool negative = false;
    size_t size;
    int n;

    if (!(rest = parse_host(f, text, host, &scope, error, &n)))
        return n;
    comma = strchr(rest, ',');
    size = comma ? (size_t)(comma - rest) : strlen(rest);
    if (*rest != ':')
        return cski_text_fail(f, text, error);
    if ((n = cski_parse_port(f, rest + 1, size - 1, &number, error)) < 0 ||
        (n = cski_family_number(f, &cski_sin6_fields[PORT], &number, &port, error)) < 0)
        return n;
    /* The kernel may set all 32 bits of flowinfo, and formatted addresses can be parsed. */
    if (comma &&
        (!cski_in_number((struct cski_in){ comma + 1, strlen(comma + 1) }, &flowinfo, &negative) ||
         negative || flowinfo > UINT32_MAX))
        return cski_text_fail(f, text, error);
    fill(addr, host, port, flowinfo, scope);
    return 0;
}

static bool guess(const char *text)
{
    return *text == '[';
}

const struct csk_family cski_family_inet6[] = {
    { .name = "AF_INET6",
      .family = AF_INET6,
      .proto = CSK_ANY_PROTO,
      .min_len = offsetof(struct sockaddr_in6, sin6_scope_id),
      .max_len = sizeof(struct sockaddr_in6),
      .syntax = "[host%interface]:port,flowinfo",
      .queued = cski_sin_queued,
      .layout = CSKI_LAYOUT(sockaddr_in6, cski_sin6_fields),
      .flags = CSK_FAMILY_SHUTDOWN_WAKES,
      .raises_sigpipe = true,
      .notes = { .meaning = "IPv6: TCP, UDP, UDP-Lite, SCTP, MPTCP, raw",
                 .fields = CSKI_SIN6_MEANINGS,
                 .sockets = "SOCK_STREAM",
                 .example = "connect [fe80::1%eth0]:80",
                 .verified = "exchange wherever the tests run; SCTP, MPTCP on Linux 6.1 and 7.2" },
      .pack = cski_sin6_pack,
      .unpack = cski_sin6_unpack,
      .parse = cski_sin6_parse,
      .format = cski_sin6_format,
      .guess = guess },
    { .name = "" },
};
