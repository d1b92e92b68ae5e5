/* The text that names a service ("host:port", a path) into addresses to connect or bind to. */
#include "connect/connection.h"

#include <string.h>

/* The maximum length of text that an error repeats. */
#define QUOTED "%.120s"

/* An all-numeric port is checked here, because getaddrinfo cuts it to 16 bits.  Names of services
 * may begin with a digit ("3com-tsmux") but not with a sign. */
static int check_port(const char *text, const char *port, struct csk_error *error)
{
    size_t digits = strspn(port, "0123456789");
    unsigned long number = 0;

    if (!*port)
        return cski_fail(error, CSK_EADDRTEXT, "address \"" QUOTED "\" has an empty port", text);
    for (size_t i = 0; i < digits && number <= UINT16_MAX; i++)
        number = number * 10 + (unsigned long)(port[i] - '0');
    /* strtoul, which parses it, would accept white space and a sign, and truncate large numbers. */
    if ((!port[digits] && number > UINT16_MAX) || strchr("+- \t\n\v\f\r", *port))
        return cski_fail(error, CSK_EPORT, "port %.60s is out of range (0-65535)", port);
    return 0;
}

static int set_host(struct cski_endpoint *to, const char *host, size_t size, int too_long,
                    struct csk_error *error)
{
    if (size >= NI_MAXHOST)
        return cski_fail(error, too_long, "host \"%.60s...\" is longer than %d bytes", host,
                         NI_MAXHOST - 1);
    memcpy(to->host, host, size);
    to->host[size] = 0;
    to->has_host = true;
    return 0;
}

static int split(const char *text, struct cski_endpoint *to, struct csk_error *error)
{
    const char *colon = strrchr(text, ':'), *host = text;
    size_t size;
    int n;

    if (!colon)
        return cski_fail(error, CSK_EADDRTEXT,
                         "address \"%.60s\" has no port: write HOST:PORT, [IPv6]:PORT or :PORT",
                         text);
    size = (size_t)(colon - text);
    if (*text == '[') {
        if (text[size - 1] != ']' || !memchr(text, ':', size))
            return cski_fail(error, CSK_EADDRTEXT, "address \"" QUOTED "\" is not [IPv6]:PORT",
                             text);
        host++;
        size -= 2;
    } else if (memchr(text, ':', size)) {
        return cski_fail(error, CSK_EADDRTEXT,
                         "address \"%.60s\": an IPv6 address must be enclosed in brackets", text);
    }
    if ((n = set_host(to, host, size, CSK_EADDRTEXT, error)) < 0)
        return n;
    to->has_host = size > 0;
    to->port = colon + 1;
    return check_port(text, to->port, error);
}

/* An address that needs no resolver. */
static int parse_one(struct cski_endpoint *endpoint, struct csk_error *error)
{
    const struct cski_target *target = &endpoint->target;
    struct csk_addrinfo *one = cski_sys(calloc)(1, sizeof *one);
    int n;

    if (!one)
        return cski_fail(error, -ENOMEM, "resolve " QUOTED ": %s", target->text,
                         csk_errstr(-ENOMEM));
    n = csk_addr_parse(&one->addr, target->family, target->proto, target->text, error);
    if (n < 0) {
        cski_sys(free)(one);
        return n;
    }
    one->family = one->addr.sa.sa_family;
    one->canonname = "";
    endpoint->own = one;
    return 1;
}

bool cski_is_host_port(const char *text, int family)
{
    if (family == AF_UNSPEC)
        return *text != '@' && !strchr(text, '/');
    return family == AF_INET || family == AF_INET6;
}

bool cski_has_port(const struct cski_target *target)
{
    return target->service || cski_is_host_port(target->text, target->family);
}

static const char *host_of(const struct cski_endpoint *endpoint)
{
    return endpoint->has_host ? endpoint->host : NULL;
}

/* Find the addresses that are known without a name server; return their number. */
static int find_numeric(struct cski_endpoint *endpoint, struct csk_error *error)
{
    const struct cski_target *target = &endpoint->target;

    if (!cski_has_port(target))
        return parse_one(endpoint, error);
    if (endpoint->has_host)
        return csk_getaddrinfo_numeric(endpoint->host, endpoint->port, target->family, SOCK_STREAM,
                                       0, target->flags, &endpoint->own, error);
    /* Without a host, the C library only chooses the order of the families. */
    return csk_getaddrinfo(NULL, endpoint->port, target->family, SOCK_STREAM, 0,
                           target->flags | AI_NUMERICHOST, NULL, &endpoint->own, error);
}

/* The host and the port of a target that has them. */
static int read_target(struct cski_endpoint *endpoint, struct csk_error *error)
{
    const struct cski_target *target = &endpoint->target;

    if (!target->service)
        return split(target->text, endpoint, error);
    endpoint->port = target->service;
    return target->text
               ? set_host(endpoint, target->text, strlen(target->text), CSK_EAI(EAI_NONAME), error)
               : 0;
}

int cski_endpoint_init(struct cski_endpoint *endpoint, const struct cski_target *target,
                       struct csk_error *error)
{
    int n;

    endpoint->target = *target;
    if (cski_has_port(target) && (n = read_target(endpoint, error)) < 0)
        return n;
    if ((n = find_numeric(endpoint, error)) < 0)
        return n;
    endpoint->list = endpoint->own;
    endpoint->count = (size_t)n;
    endpoint->complete = n > 0;
    return 0;
}

static int start(struct cski_endpoint *endpoint, struct csk_error *error)
{
    int n = cski_resolution_begin(&endpoint->resolution, endpoint->host, endpoint->port,
                                  endpoint->target.family, SOCK_STREAM, 0, endpoint->target.flags,
                                  error);

    endpoint->started = n == 0;
    return n < 0 ? n : endpoint->resolution.complete;
}

int cski_endpoint_step(struct cski_endpoint *endpoint, struct csk_error *error)
{
    struct cski_resolution *r = &endpoint->resolution;
    int n;

    if (endpoint->complete)
        return 0;
    n = endpoint->started ? cski_resolution_step(r, error) : start(endpoint, error);
    if (n < 0)
        return n;
    endpoint->list = r->list;
    endpoint->count = (size_t)r->count;
    endpoint->complete = r->complete;
    return n;
}

int cski_endpoint_fds(const struct cski_endpoint *endpoint, struct pollfd *fds)
{
    return endpoint->started && !endpoint->complete
               ? cski_resolution_fds(&endpoint->resolution, fds)
               : 0;
}

int64_t cski_endpoint_wakeup(const struct cski_endpoint *endpoint)
{
    return endpoint->started ? cski_resolution_wake(&endpoint->resolution) : CSK_FOREVER;
}

/* The resolver knows few types and protocols; the addresses are the same for all. */
struct csk_addrinfo cski_endpoint_info(const struct cski_endpoint *endpoint, size_t index)
{
    const struct cski_target *target = &endpoint->target;
    struct csk_addrinfo info = endpoint->list[index];

    if (!target->text && !target->service)
        return info;
    info.type = target->type ? target->type : SOCK_STREAM;
    if (target->type || target->proto)
        info.proto = target->proto;
    return info;
}

int cski_endpoint_fail(const struct cski_endpoint *endpoint, int code, struct csk_error *error)
{
    const char *text = endpoint->target.text;

    if (endpoint->port)
        return cski_lookup_fail(error, code, host_of(endpoint), endpoint->port);
    return cski_fail(error, code, "connect%s" QUOTED ": %s", text ? " to " : "", text ? text : "",
                     csk_errstr(code));
}

void cski_endpoint_free(struct cski_endpoint *endpoint)
{
    if (endpoint->started)
        cski_resolution_end(&endpoint->resolution);
    csk_freeaddrinfo(endpoint->own);
    endpoint->own = NULL;
    endpoint->list = NULL;
    endpoint->count = 0;
    endpoint->started = false;
    endpoint->complete = true;
}

/* The addresses of an endpoint: their number. */
static int find_all(struct cski_endpoint *endpoint, const struct cski_target *target,
                    struct csk_error *error)
{
    int n = cski_endpoint_init(endpoint, target, error);

    if (n < 0)
        return n;
    n = (int)endpoint->count;
    if (!endpoint->complete)
        n = csk_getaddrinfo(endpoint->host, endpoint->port, target->family, SOCK_STREAM, 0,
                            target->flags, NULL, &endpoint->own, error);
    endpoint->list = endpoint->own;
    for (int i = 0; i < n; i++)
        endpoint->own[i] = cski_endpoint_info(endpoint, (size_t)i);
    return n;
}

int cski_resolve_text(struct csk_addrinfo **list, const struct cski_target *target,
                      struct csk_error *error)
{
    char host[NI_MAXHOST];
    struct cski_endpoint endpoint = { .host = host };
    int n;

    host[0] = '\0';
    n = find_all(&endpoint, target, error);
    *list = n < 0 ? NULL : endpoint.own;
    return n;
}
