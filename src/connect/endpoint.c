/* The text that names a service ("host:port", a path) into addresses to connect or bind to. */
#include "internal.h"

#include <string.h>

/* How much of a text an error repeats. */
#define SHOWN "%.120s"

struct host_port {
    char host[NI_MAXHOST];
    const char *port;
};

/* An all-numeric port is checked here, because getaddrinfo cuts it to 16 bits.  Names of services
 * may begin with a digit ("3com-tsmux") but not with a sign. */
static int check_port(const char *text, const char *port, struct csk_error *error)
{
    size_t digits = strspn(port, "0123456789");
    unsigned long number = 0;

    if (!*port)
        return cski_fail(error, CSK_EADDRTEXT, "address \"" SHOWN "\" has an empty port", text);
    for (size_t i = 0; i < digits && number <= UINT16_MAX; i++)
        number = number * 10 + (unsigned long)(port[i] - '0');
    /* strtoul, which reads it, would take white space and a sign, and cut what is too large. */
    if ((!port[digits] && number > UINT16_MAX) || strchr("+- \t\n\v\f\r", *port))
        return cski_fail(error, CSK_EPORT, "port %.60s is out of range (0-65535)", port);
    return 0;
}

static int split(const char *text, struct host_port *to, struct csk_error *error)
{
    const char *colon = strrchr(text, ':'), *host = text;
    size_t size;

    if (!colon)
        return cski_fail(error, CSK_EADDRTEXT,
                         "address \"%.60s\" has no port: write HOST:PORT, [IPv6]:PORT or :PORT",
                         text);
    size = (size_t)(colon - text);
    if (*text == '[') {
        if (text[size - 1] != ']' || !memchr(text, ':', size))
            return cski_fail(error, CSK_EADDRTEXT, "address \"" SHOWN "\" is not [IPv6]:PORT",
                             text);
        host++;
        size -= 2;
    } else if (memchr(text, ':', size)) {
        return cski_fail(error, CSK_EADDRTEXT,
                         "address \"%.60s\": an IPv6 address must be enclosed in brackets", text);
    }
    if (size >= sizeof to->host)
        return cski_fail(error, CSK_EADDRTEXT, "host \"%.60s...\" is longer than %d bytes", host,
                         NI_MAXHOST - 1);
    memcpy(to->host, host, size);
    to->host[size] = 0;
    to->port = colon + 1;
    return check_port(text, to->port, error);
}

/* A list of one address that needs no resolver. */
static int parse_one(struct csk_addrinfo **list, const struct cski_target *target,
                     struct csk_error *error)
{
    struct csk_addrinfo *one = cski_sys(calloc)(1, sizeof *one);
    int n;

    if (!one)
        return cski_fail(error, -ENOMEM, "resolve " SHOWN ": %s", target->text,
                         csk_errstr(-ENOMEM));
    n = csk_addr_parse(&one->addr, target->family, target->proto, target->text, error);
    if (n < 0) {
        cski_sys(free)(one);
        return n;
    }
    one->family = one->addr.sa.sa_family;
    one->canonname = "";
    *list = one;
    return 1;
}

bool cski_is_host_port(const char *text, int family)
{
    if (family == AF_UNSPEC)
        return *text != '@' && !strchr(text, '/');
    return family == AF_INET || family == AF_INET6;
}

static int resolve(struct csk_addrinfo **list, const struct cski_target *target,
                   struct csk_error *error)
{
    struct host_port where;
    int n;

    if ((n = split(target->text, &where, error)) < 0)
        return n;
    return csk_getaddrinfo(*where.host ? where.host : NULL, where.port, target->family, SOCK_STREAM,
                           0, target->flags, NULL, list, error);
}

int cski_resolve_text(struct csk_addrinfo **list, const struct cski_target *target,
                      struct csk_error *error)
{
    bool usual = !target->type && !target->proto;
    int n;

    *list = NULL;
    if (cski_is_host_port(target->text, target->family))
        n = resolve(list, target, error);
    else
        n = parse_one(list, target, error);
    /* The resolver knows few types and protocols; the addresses are the same for all. */
    for (int i = 0; i < n; i++) {
        (*list)[i].type = target->type ? target->type : SOCK_STREAM;
        (*list)[i].proto = usual ? (*list)[i].proto : target->proto;
    }
    return n;
}
