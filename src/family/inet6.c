/* AF_INET6: (host, port, flowinfo, scope_id). */
#include "family.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { HOST, PORT, FLOWINFO, SCOPE };

const struct csk_field cski_sin6_fields[] = {
    { "host", CSK_FIELD_HOST6, CSKI_AT(sockaddr_in6, sin6_addr),
      .meaning = "name or address; \"\" is any" },
    { "port", CSK_FIELD_NET, CSKI_AT(sockaddr_in6, sin6_port),
      .meaning = "0 lets the system choose" },
    { "flowinfo", CSK_FIELD_NET, CSKI_AT(sockaddr_in6, sin6_flowinfo), .optional = true,
      .max = 0xfffff, .meaning = "flow label" },
    { "scope_id", CSK_FIELD_UINT, CSKI_AT(sockaddr_in6, sin6_scope_id), .optional = true,
      .wraps = true, .meaning = "interface's index, for link-local addresses" },
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

int cski_sin6_pack(const struct cski_family *f, struct csk_addr *addr,
                   const struct csk_value *values, size_t count, struct csk_error *error)
{
    const struct csk_field *fields = cski_sin6_fields;
    uint64_t port, flowinfo = 0, scope = 0;
    unsigned char host[16];
    int n;

    if ((n = cski_field_check_count(f, count, error)) < 0 ||
        (n = cski_field_number(f, &fields[PORT], &values[PORT], &port, error)) < 0)
        return n;
    if (count > FLOWINFO &&
        (n = cski_field_number(f, &fields[FLOWINFO], &values[FLOWINFO], &flowinfo, error)) < 0) {
        if (n == CSK_EADDRFIELD)
            cski_fail(error, n, "flowinfo must be 0-1048575.");
        return n;
    }
    if ((count > SCOPE &&
         (n = cski_field_number(f, &fields[SCOPE], &values[SCOPE], &scope, error)) < 0) ||
        (n = cski_host6(f, &fields[HOST], &values[HOST], host, error)) < 0)
        return n;
    fill(addr, host, port, flowinfo, (uint32_t)scope);
    return 0;
}

/* The kernel takes 24 bytes too, RFC 2133's form, which ends before the scope. */
static struct sockaddr_in6 read_address(const struct csk_addr *addr)
{
    struct sockaddr_in6 sin6 = { .sin6_scope_id = 0 };

    memcpy(&sin6, addr->bytes,
           addr->len >= sizeof sin6 ? sizeof sin6 : offsetof(struct sockaddr_in6, sin6_scope_id));
    return sin6;
}

int cski_sin6_unpack(const struct cski_family *f, const struct csk_addr *addr,
                     struct csk_value *values, char *text)
{
    struct sockaddr_in6 sin6 = read_address(addr);

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

/* "%eth0" or "%2", of which the text holds only what follows the percent sign. */
static int parse_zone(const struct cski_family *f, const char *zone, size_t size, uint32_t *scope,
                      struct csk_error *error)
{
    struct csk_value number;

    if (cski_text_number(zone, size, &number) && number.u <= UINT32_MAX) {
        *scope = (uint32_t)number.u;
        return 0;
    }
    if (size == 0)
        return cski_family_fail(f, error, CSK_EINTERFACE, "the interface's name is missing");
    return cski_interface_index(f, -1, zone, size, scope, error);
}

/* "[host%zone]" or nothing, at the beginning of text: where it ends, or NULL with *code. */
static const char *parse_host(const struct cski_family *f, const char *text, unsigned char host[16],
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
        cski_text_fail(f, text, error);
        return NULL;
    }
    if (zone && (*code = parse_zone(f, zone + 1, (size_t)(end - zone) - 1, scope, error)) < 0)
        return NULL;
    return end + 1;
}

int cski_sin6_parse(const struct cski_family *f, struct csk_addr *addr, const char *text,
                    struct csk_error *error)
{
    struct csk_value number = { .kind = CSK_VALUE_NONE }, flowinfo = { .kind = CSK_VALUE_INT };
    unsigned char host[16];
    uint32_t scope = 0;
    uint64_t port;
    const char *rest, *comma;
    size_t size;
    int n;

    if (!(rest = parse_host(f, text, host, &scope, error, &n)))
        return n;
    comma = strchr(rest, ',');
    size = comma ? (size_t)(comma - rest) : strlen(rest);
    if (*rest != ':' || !cski_text_number(rest + 1, size - 1, &number) ||
        (comma && !cski_text_number(comma + 1, strlen(comma + 1), &flowinfo)))
        return cski_text_fail(f, text, error);
    if ((n = cski_field_number(f, &cski_sin6_fields[PORT], &number, &port, error)) < 0)
        return n;
    /* The kernel may set all 32 bits of flowinfo, and what was formatted can be parsed. */
    if (flowinfo.u > UINT32_MAX)
        return cski_text_fail(f, text, error);
    fill(addr, host, port, flowinfo.u, scope);
    return 0;
}

void cski_sin6_format(const struct cski_family *f, const struct csk_addr *addr, char *text)
{
    struct sockaddr_in6 sin6 = read_address(addr);
    const struct in6_addr *host = &sin6.sin6_addr;
    uint32_t scope = sin6.sin6_scope_id;
    char *p = text;

    (void)f;
    *p++ = '[';
    p += cski_inet6_format((const unsigned char *)host, p);
    /* As getnameinfo: a scope is an interface where the address is link-local. */
    if (scope && (IN6_IS_ADDR_LINKLOCAL(host) || IN6_IS_ADDR_MC_LINKLOCAL(host)) &&
        cski_sys(if_indextoname)(scope, p + 1)) {
        *p = '%';
        p += strlen(p);
    } else if (scope) {
        *p++ = '%';
        p = cski_text_write(p, scope);
    }
    *p++ = ']';
    *p++ = ':';
    p = cski_text_write(p, ntohs(sin6.sin6_port));
    if (sin6.sin6_flowinfo) {
        *p++ = ',';
        cski_text_write_hex(p, ntohl(sin6.sin6_flowinfo));
    }
}

static bool guess(const char *text)
{
    return *text == '[';
}

const struct cski_family cski_family_inet6[] = {
    { .form = { .name = "AF_INET6",
                .family = AF_INET6,
                .proto = CSK_ANY_PROTO,
                .min_len = offsetof(struct sockaddr_in6, sin6_scope_id),
                .max_len = sizeof(struct sockaddr_in6),
                .fields = cski_sin6_fields,
                .field_count = CSKI_COUNT(cski_sin6_fields),
                .form = "[host%interface]:port,flowinfo",
                .meaning = "IPv6: TCP, UDP, UDP-Lite, SCTP, MPTCP, raw",
                .sockets = "SOCK_STREAM",
                .queued = cski_sin_queued,
                .example = "connect [fe80::1%eth0]:80",
                .verified = "exchange wherever the tests run; SCTP, MPTCP on Linux 6.1 and 7.2" },
      .raises_sigpipe = true,
      .pack = cski_sin6_pack,
      .unpack = cski_sin6_unpack,
      .parse = cski_sin6_parse,
      .format = cski_sin6_format,
      .guess = guess },
    { .form.name = NULL },
};
