/* AF_INET: (host, port).  Both ways are direct, because sending a datagram takes only a
 * microsecond. */
#include "family.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

const struct csk_field cski_sin_fields[] = {
    { "host", CSK_FIELD_IN_ADDR, CSKI_AT(sockaddr_in, sin_addr), .flags = CSK_FIELD_FLAG_WILDCARD },
    { "port", CSK_FIELD_UINT, CSKI_AT(sockaddr_in, sin_port),
      .flags = CSK_FIELD_FLAG_NETWORK_ORDER },
};

static void fill(struct csk_addr *addr, const unsigned char host[4], uint64_t port)
{
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

    memcpy(&sin.sin_addr, host, sizeof sin.sin_addr);
    memcpy(addr->bytes, &sin, sizeof sin);
    addr->len = sizeof sin;
}

int cski_sin_pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                  size_t count, struct csk_error *error)
{
    unsigned char host[4];
    uint64_t port;
    int n;

    if (count != CSKI_COUNT(cski_sin_fields))
        return cski_family_check_count(f, count, error);
    port = values[1].u;
    if ((values[1].kind != CSK_VALUE_INT || port > 65535) &&
        (n = cski_family_number(f, &cski_sin_fields[1], &values[1], &port, error)) < 0)
        return n;
    if (!(cski_is_text(&values[0]) && cski_inet4_parse(values[0].data, values[0].size, host)) &&
        (n = cski_host(f, &cski_sin_fields[0], &values[0], host, error)) < 0)
        return n;
    fill(addr, host, port);
    return 0;
}

static uint16_t port_of(const struct csk_addr *addr)
{
    uint16_t port;

    memcpy(&port, addr->bytes + cski_sin_fields[1].offset, sizeof port);
    return ntohs(port);
}

int cski_sin_unpack(const struct csk_family *f, const struct csk_addr *addr,
                    struct csk_value *values, char *text)
{
    (void)f;
    values[0].kind = CSK_VALUE_TEXT;
    values[0].data = text;
    values[0].size = cski_inet4_format(addr->bytes + cski_sin_fields[0].offset, text);
    values[1].kind = CSK_VALUE_INT;
    values[1].i = port_of(addr);
    return 2;
}

int cski_sin_parse(const struct csk_family *f, struct csk_addr *addr, const char *text,
                   struct csk_error *error)
{
    struct csk_value values[2] = { { .kind = CSK_VALUE_TEXT, .data = text } };
    const char *colon = strchr(text, ':');
    int n;

    if (!colon)
        return cski_text_fail(f, text, error);
    values[0].size = (size_t)(colon - text);
    if ((n = cski_parse_port(f, colon + 1, strlen(colon + 1), &values[1], error)) < 0)
        return n;
    if (cski_host_needs_resolver(&cski_sin_fields[0], &values[0]))
        return cski_family_fail(f, error, CSK_EADDRTEXT, "\"%.100s\": the host must be numeric",
                                text);
    return cski_sin_pack(f, addr, values, CSKI_COUNT(values), error);
}

const int cski_sin_queued[] = { 0, IPPROTO_TCP, IPPROTO_UDP, -1 };

/* One colon, and not the beginning of a path or an IPv6 address. */
static bool guess(const char *text)
{
    const char *colon = strchr(text, ':');

    return colon && !strchr(colon + 1, ':') && !strchr(text, '/') && *text != '@' && *text != '[';
}

const struct csk_family cski_family_inet[] = {
    { .name = "AF_INET",
      .family = AF_INET,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct sockaddr_in),
      .max_len = sizeof(struct sockaddr_in),
      .syntax = "host:port",
      .queued = cski_sin_queued,
      .layout = CSKI_LAYOUT(sockaddr_in, cski_sin_fields),
      .flags = CSK_FAMILY_SHUTDOWN_WAKES,
      .raises_sigpipe = true,
      .notes = { .meaning = "IPv4: TCP, UDP, UDP-Lite, SCTP, MPTCP, raw",
                 .fields = CSKI_SIN_MEANINGS,
                 .sockets = "SOCK_STREAM",
                 .example = "connect 192.0.2.1:80",
                 .verified = "exchange wherever the tests run; SCTP, MPTCP on Linux 6.1 and 7.2" },
      .pack = cski_sin_pack,
      .unpack = cski_sin_unpack,
      .parse = cski_sin_parse,
      .format = cski_sin_format,
      .guess = guess },
    { .name = "" },
};
