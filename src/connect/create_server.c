/* Listening in one call. */
#include "connect/connection.h"

#include <netinet/in.h>
#include <string.h>

#ifdef SO_REUSEPORT
#define REUSEPORT SO_REUSEPORT
#else
#define REUSEPORT (-1) /* which no system has: ENOPROTOOPT, as from a kernel without it */
#endif

static int check_dualstack(const char *address, int family,
                           const struct csk_server_options *options, struct csk_error *error)
{
    int has;
    char text[CSK_ADDR_TEXT_MAX];
    if ((has = csk_has_dualstack_ipv6()) < 0)
        return cski_fail_at(error, has, "open a socket", NULL);
    if (!has)
        return cski_fail(error, CSK_EDUALSTACK, "dualstack_ipv6 not supported on this platform");
    if (family != AF_INET6)
        return cski_fail(
            error, CSK_EDUALSTACKFAMILY, "dualstack_ipv6 requires AF_INET6 family: %.120s",
            options->addr ? csk_addr_format(options->addr, text, sizeof text) : address);
    return 0;
}

/* The family of the address to bind to.  AF_UNSPEC: determined by its form. */
static int server_family(const char *address, const struct csk_server_options *options)
{
    bool numeric4;
    size_t digits;

    if (options->family != AF_UNSPEC || !cski_is_host_port(address, AF_UNSPEC))
        return options->family;
    if (*address == '[')
        return AF_INET6;
    digits = strspn(address, "0123456789.");
    numeric4 = digits > 0 && address[digits] == ':';
    return options->dualstack_ipv6 && !numeric4 ? AF_INET6 : AF_INET;
}

static bool listens(int type)
{
    return type != SOCK_DGRAM && type != SOCK_RAW && type != SOCK_RDM;
}

static int set_server_options(struct csk_socket *s, const struct csk_server_options *options)
{
    int n;

    /* If it fails, bind reports an address that is in use.  Two datagram sockets with it could
     * take each other's datagrams. */
    if (listens(s->type))
        csk_setsockopt_int(s, SOL_SOCKET, SO_REUSEADDR, 1);
    if (options->reuse_port && (n = csk_setsockopt_int(s, SOL_SOCKET, REUSEPORT, 1)) < 0)
        return n == -ENOPROTOOPT ? CSK_EREUSEPORT : n;
    if (s->family == AF_INET6)
        return csk_setsockopt_int(s, IPPROTO_IPV6, IPV6_V6ONLY, !options->dualstack_ipv6);
    return 0;
}

static int listen_on(struct csk_socket *s, const struct csk_addrinfo *at,
                     const struct csk_server_options *options, struct csk_error *error)
{
    const char *step = "open a socket for";
    int n = csk_socket(s, at->family, at->type, at->proto);

    if (n == 0) {
        step = "set an option of the socket for";
        n = set_server_options(s, options);
    }
    if (n == 0 && options->on_open) {
        step = "prepare a socket for";
        n = options->on_open(s, &at->addr, options->context);
    }
    if (n == 0) {
        step = "bind to";
        n = csk_bind(s, &at->addr, NULL);
    }
    if (n == 0 && listens(s->type)) {
        step = "listen on";
        n = csk_listen(s, options->backlog ? options->backlog : CSK_BACKLOG_DEFAULT);
    }
    if (n == 0)
        return 0;
    csk_close(s);
    return cski_fail_at(error, n, step, &at->addr);
}

static int listen_on_addr(struct csk_socket *s, const struct csk_server_options *options,
                          struct csk_error *error)
{
    const struct csk_addrinfo at = { .family = options->addr->sa.sa_family,
                                     .type = options->type ? options->type : SOCK_STREAM,
                                     .proto = options->proto,
                                     .addr = *options->addr };

    return listen_on(s, &at, options, error);
}

static int listen_on_text(struct csk_socket *s, const char *address, int family,
                          const struct csk_server_options *options, struct csk_error *error)
{
    const struct cski_target target = { .text = address,
                                        .family = family,
                                        .type = options->type,
                                        .proto = options->proto,
                                        .flags = AI_PASSIVE };
    struct csk_addrinfo *list;
    int n = cski_resolve_text(&list, &target, error);

    if (n < 0)
        return n;
    n = listen_on(s, list, options, error);
    csk_freeaddrinfo(list);
    return n;
}

int csk_create_server(struct csk_socket *s, const char *address,
                      const struct csk_server_options *options, struct csk_error *error)
{
    const struct csk_server_options defaults = CSK_SERVER_OPTIONS_INIT;
    int family, n;

    if (!s)
        return cski_fail(error, CSK_ENULL, "the socket is NULL");
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    if (!options)
        options = &defaults;
    if (!options->addr && !address)
        return cski_fail(error, CSK_ENULL, "the address is NULL");
    family = options->addr ? options->addr->sa.sa_family : server_family(address, options);
    if (options->dualstack_ipv6 && (n = check_dualstack(address, family, options, error)) < 0)
        return n;
    return options->addr ? listen_on_addr(s, options, error)
                         : listen_on_text(s, address, family, options, error);
}

int csk_has_dualstack_ipv6(void)
{
    int fd = cski_os_socket(AF_INET6, SOCK_STREAM, 0);
    const int off = 0;
    bool has;

    /* Errors of a system without IPv6; others, such as EMFILE, do not answer the question. */
    if (fd < 0)
        return errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT ? 0 : -errno;
    has = cski_sys(setsockopt)(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
    cski_sys(close)(fd);
    return has;
}
