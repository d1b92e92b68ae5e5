/* getaddrinfo and getnameinfo.
 *
 * Numeric hosts with numeric services, by far the most frequent question, are answered here: the C
 * library takes some 3 us for them.  Only questions with exactly known answers are; all others, and
 * all errors, are left to the C library. */
#include "names/lookup.h"

#include <netinet/in.h>
#include <string.h>

#ifndef AI_V4MAPPED
#define AI_V4MAPPED 0
#endif
#ifndef AI_ALL
#define AI_ALL 0
#endif
#ifndef AI_NUMERICSERV
#define AI_NUMERICSERV 0
#endif

/* The flags that change nothing about a numeric answer (AI_CANONNAME adds the host as it is).
 * AI_ADDRCONFIG does: the answer depends on the machine's interfaces.  AI_IDN changes names. */
#define KNOWN_FLAGS                                                                                \
    (AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV | AI_V4MAPPED | AI_ALL)

/* A question that can be answered without the C library. */
struct numeric {
    int family;
    socklen_t len;
    union {
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } addr;
    uint16_t port; /* network order */
    bool has_service;
};

/* Nothing, or a port in up to nine digits.  Other notations that strtoul accepts are left to the C
 * library.
 */
static bool read_service(struct numeric *q, const char *service)
{
    unsigned number = 0;
    const char *at = service;

    q->port = 0;
    q->has_service = at && *at;
    if (!q->has_service)
        return !at || cski_os_empty_service;
    for (; *at; at++) {
        if ((unsigned char)(*at - '0') > 9 || at - service == 9)
            return false;
        number = number * 10 + (unsigned)(*at - '0');
    }
    q->port = htons((uint16_t)number);
    return number <= UINT16_MAX;
}

static void set_in(struct numeric *q, const struct in_addr *host)
{
    q->family = AF_INET;
    q->len = sizeof q->addr.in;
    q->addr.in = (struct sockaddr_in){ .sin_family = AF_INET,
                                       .sin_port = q->port,
                                       .sin_addr = *host };
}

static void set_in6(struct numeric *q, const struct in6_addr *host)
{
    q->family = AF_INET6;
    q->len = sizeof q->addr.in6;
    q->addr.in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
                                         .sin6_port = q->port,
                                         .sin6_addr = *host };
}

/* The family's own wildcard or loopback address.  Without a family there are two, which the C
 * library puts in an order that depends on the machine; musl's have IPv4's as well if AI_V4MAPPED
 * is added to AF_INET6. */
static bool no_host(struct numeric *q, int family, int flags)
{
    const struct in_addr any = { .s_addr = htonl(INADDR_ANY) };
    const struct in_addr loopback = { .s_addr = htonl(INADDR_LOOPBACK) };

    if (family == AF_INET)
        set_in(q, flags & AI_PASSIVE ? &any : &loopback);
    else if (family == AF_INET6 && !(flags & AI_V4MAPPED))
        set_in6(q, flags & AI_PASSIVE ? &in6addr_any : &in6addr_loopback);
    else
        return false;
    return true;
}

static bool read_host(struct numeric *q, const char *host, size_t size, int family, int flags)
{
    struct in6_addr in6;
    struct in_addr in;

    if (family != AF_INET6 && cski_inet4_parse(host, size, (unsigned char *)&in)) {
        set_in(q, &in);
        return true;
    }
    /* AI_V4MAPPED together with AF_INET6 may drop an address: the C library's business. */
    if (family == AF_INET || (family == AF_INET6 && (flags & AI_V4MAPPED)) ||
        !cski_inet6_parse(host, size, (unsigned char *)&in6))
        return false;
    set_in6(q, &in6);
    return true;
}

static size_t default_services(const struct cski_service *found[])
{
    size_t count = 0;

    for (unsigned i = 0; i < cski_os_service_count; i++)
        if (cski_os_services[i].by_default)
            found[count++] = &cski_os_services[i];
    return count;
}

/* The sockets for the address. 0: the C library decides, or reports an error. */
static size_t find_services(const struct numeric *q, int type, int proto,
                            const struct cski_service *found[])
{
    const struct cski_service *s;

    if (type == 0 && proto == 0)
        return default_services(found);
    for (unsigned i = 0; i < cski_os_service_count; i++) {
        s = &cski_os_services[i];
        if ((type && type != s->type) || (proto && proto != s->proto && !s->raw))
            continue;
        found[0] = s;
        return !(s->raw && q->has_service);
    }
    return 0;
}

/* Create the list in one block: the entries, then the canonical name. */
static int answer(struct csk_addrinfo **list, const struct numeric *q, int proto, size_t count,
                  const struct cski_service *services[], const char *name, size_t name_size)
{
    struct csk_addrinfo *all = cski_sys(malloc)(count * sizeof *all + name_size);
    const char *canonname = "";

    if (!all)
        return -ENOMEM;
    if (name_size)
        canonname = memcpy(all + count, name, name_size);
    for (size_t i = 0; i < count; i++) {
        all[i].family = q->family;
        all[i].type = services[i]->type;
        all[i].proto = services[i]->raw ? proto : services[i]->proto;
        all[i].canonname = i == 0 ? canonname : "";
        all[i].addr.proto = all[i].proto;
        all[i].addr.len = q->len;
        memcpy(&all[i].addr.storage, &q->addr, sizeof q->addr);
        cski_os_set_sa_len(all[i].addr.bytes, q->len);
    }
    *list = all;
    return (int)count;
}

/* The number of entries, an error, or 0: the C library must be asked. */
static int numeric(struct csk_addrinfo **list, const char *host, const char *service, int family,
                   int type, int proto, int flags)
{
    const struct cski_service *services[CSKI_OS_SERVICES_MAX];
    struct numeric q;
    size_t size = 0, count;

    if ((flags & ~KNOWN_FLAGS) ||
        (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) ||
        !read_service(&q, service))
        return 0;
    if (host) {
        size = strlen(host);
        if (!read_host(&q, host, size, family, flags))
            return 0;
    } else if (!service || (flags & AI_CANONNAME) || !no_host(&q, family, flags)) {
        return 0;
    }
    count = find_services(&q, type, proto, services);
    if (count == 0)
        return 0;
    return answer(list, &q, proto, count, services, host, flags & AI_CANONNAME ? size + 1 : 0);
}

static int resolver_error(int error)
{
    if (error == EAI_SYSTEM)
        return cski_lookup_code(errno > 0 ? -errno : CSK_EAI(EAI_FAIL));
    return cski_lookup_code(CSK_EAI(error));
}

/* A number that is not a port, of which the C library uses the last 16 bits. */
static bool is_out_of_range(const char *service)
{
    char *end;
    long number;

    if (!service || !*service)
        return false;
    errno = 0;
    number = strtol(service, &end, 10);
    return !*end && (errno || number < 0 || number > UINT16_MAX);
}

static int copy_list(struct csk_addrinfo **list, const struct addrinfo *system, bool named)
{
    size_t count = 0, text = 0, size;
    struct csk_addrinfo *all, *to;
    char *name;

    for (const struct addrinfo *at = system; at; at = at->ai_next) {
        count++;
        text += named && at->ai_canonname ? strlen(at->ai_canonname) + 1 : 0;
    }
    if (count == 0)
        return CSK_ENOADDRESS;
    to = all = cski_sys(calloc)(1, count * sizeof *all + text);
    if (!all)
        return -ENOMEM;
    name = (char *)(all + count);
    for (const struct addrinfo *at = system; at; at = at->ai_next, to++) {
        to->family = at->ai_family;
        to->type = at->ai_socktype;
        to->proto = at->ai_protocol;
        to->canonname = "";
        if (named && at->ai_canonname) { /* musl returns one without a request */
            size = strlen(at->ai_canonname) + 1;
            to->canonname = memcpy(name, at->ai_canonname, size);
            name += size;
        }
        cski_addr_received(&to->addr, at->ai_addrlen, at->ai_protocol);
        memcpy(&to->addr.storage, at->ai_addr, to->addr.len);
    }
    *list = all;
    return (int)count;
}

static int query_addrinfo(struct cski_lookup *q)
{
    const struct addrinfo hints = {
        .ai_flags = q->flags,
        .ai_family = q->family,
        .ai_socktype = q->type,
        .ai_protocol = q->proto,
    };
    struct addrinfo *system = NULL;
    int n = cski_sys(getaddrinfo)(q->host, q->service, &hints, &system);

    if (n != 0)
        return resolver_error(n);
    n = copy_list(&q->list, system, q->flags & AI_CANONNAME);
    if (system)
        cski_sys(freeaddrinfo)(system);
    return n;
}

/* A list, an error with its message, or 0: the resolver must be asked. */
static int without_resolver(const struct cski_lookup *q, struct csk_addrinfo **list,
                            struct csk_error *error)
{
    int n;

    if (!list)
        return cski_fail(error, CSK_ENULL, "the pointer to the list is NULL");
    *list = NULL;
    n = numeric(list, q->host, q->service, q->family, q->type, q->proto, q->flags);
    if (n < 0)
        return cski_lookup_fail(error, n, q->host, q->service);
    if (n == 0 && is_out_of_range(q->service))
        return cski_fail(error, CSK_EAI(EAI_SERVICE), "port %.40s is out of range (0-65535)",
                         q->service);
    return n;
}

ssize_t csk_getaddrinfo_numeric(const char *host, const char *service, int family, int type,
                                int proto, int flags, struct csk_addrinfo **list,
                                struct csk_error *error)
{
    const struct cski_lookup q = {
        .host = host,
        .service = service,
        .family = family,
        .type = type,
        .proto = proto,
        .flags = flags,
    };

    return without_resolver(&q, list, error);
}

struct cski_lookup cski_lookup_addrinfo(const char *host, const char *service, int type, int proto,
                                        int flags)
{
    return (struct cski_lookup){
        .query = query_addrinfo,
        .host = host,
        .service = service,
        .type = type,
        .proto = proto,
        .flags = flags,
    };
}

ssize_t csk_getaddrinfo(const char *host, const char *service, int family, int type, int proto,
                        int flags, const struct csk_lookup_options *options,
                        struct csk_addrinfo **list, struct csk_error *error)
{
    struct cski_lookup q = cski_lookup_addrinfo(host, service, type, proto, flags);
    int n;

    q.family = family;
    n = without_resolver(&q, list, error);
    if (n != 0)
        return n;
    if ((n = cski_lookup(&q, options)) < 0)
        return cski_lookup_fail(error, n, host, service);
    *list = q.list;
    return n;
}

void csk_freeaddrinfo(struct csk_addrinfo *list)
{
    cski_sys(free)(list);
}

int cski_host_addr(struct csk_addr *addr, const char *host, int family,
                   const struct csk_lookup_options *options, struct csk_error *error)
{
    struct csk_addrinfo *list;
    int n;

    if (strcmp(host, "<broadcast>") == 0)
        host = "255.255.255.255";
    if (family == AF_INET6 && strcmp(host, "255.255.255.255") == 0)
        return cski_fail(error, CSK_EBROADCAST, "address family mismatched");
    if (*host) {
        n = csk_getaddrinfo(host, NULL, family, 0, 0, 0, options, &list, error);
    } else {
        n = csk_getaddrinfo(NULL, "0", family, SOCK_DGRAM, 0, AI_PASSIVE, options, &list, error);
        if (n > 1) {
            csk_freeaddrinfo(list);
            return cski_fail(error, CSK_EWILDCARD, "wildcard resolved to multiple address");
        }
    }
    if (n < 0)
        return n;
    *addr = list->addr;
    csk_freeaddrinfo(list);
    return 0;
}

const void *cski_host_bytes(const struct csk_addr *addr, socklen_t *size)
{
    const void *at = &addr->storage;
    const struct sockaddr_in6 *in6 = at;
    const struct sockaddr_in *in = at;

    *size = addr->sa.sa_family == AF_INET6 ? sizeof in6->sin6_addr : sizeof in->sin_addr;
    return addr->sa.sa_family == AF_INET6 ? (const void *)&in6->sin6_addr : &in->sin_addr;
}

static int query_nameinfo(struct cski_lookup *q)
{
    int n = cski_sys(getnameinfo)(&q->addr->sa, q->addr->len, q->name, (socklen_t)q->name_size,
                                  q->text, (socklen_t)q->text_size, q->flags);

    return n == 0 ? 0 : resolver_error(n);
}

/* The C library's buffers have a socklen_t, and need no more than this. */
static size_t space(const char *text, size_t size)
{
    return !text ? 0 : size < UINT16_MAX ? size : UINT16_MAX;
}

int csk_getnameinfo(const struct csk_addr *addr, int flags,
                    const struct csk_lookup_options *options, char *host, size_t host_size,
                    char *service, size_t service_size, struct csk_error *error)
{
    struct cski_lookup q = {
        .query = query_nameinfo,
        .addr = addr,
        .flags = flags,
        .name = host,
        .name_size = space(host, host_size),
        .text = service,
        .text_size = space(service, service_size),
    };
    char text[CSK_ADDR_TEXT_MAX];
    int n;

    if (!addr)
        return cski_fail(error, CSK_ENULL, "the address is NULL");
    if ((n = cski_lookup(&q, options)) < 0)
        return cski_lookup_fail(error, n, csk_addr_format(addr, text, sizeof text), NULL);
    return 0;
}
