/* The databases of hosts, services and protocols, and this machine's own name. */
#include "names/lookup.h"

#include <ctype.h>
#include <string.h>

static int copy_text(char *to, size_t size, const char *from)
{
    size_t need = strlen(from) + 1;

    if (need > size)
        return CSK_ESPACE;
    memcpy(to, from, need);
    return 0;
}

/* A copy of a hostent under construction: one block, the struct, the two arrays, the texts. */
struct block {
    struct csk_hostent *host;
    char *text;
    size_t addresses;
};

static size_t count_of(char **list)
{
    size_t count = 0;

    while (list && list[count])
        count++;
    return count;
}

static int block_init(struct block *block, const struct hostent *from)
{
    size_t aliases = count_of(from->h_aliases), addresses = count_of(from->h_addr_list);
    size_t pointers = aliases + 1 + addresses + 1;
    size_t text = strlen(from->h_name) + 1 + addresses * CSKI_INET6_TEXT;

    for (size_t i = 0; i < aliases; i++)
        text += strlen(from->h_aliases[i]) + 1;
    block->host = cski_sys(calloc)(1, sizeof *block->host + pointers * sizeof(char *) + text);
    if (!block->host)
        return -ENOMEM;
    block->host->aliases = (const char **)(block->host + 1);
    block->host->addresses = block->host->aliases + aliases + 1;
    block->text = (char *)(block->host->aliases + pointers);
    block->addresses = addresses;
    return 0;
}

static const char *add_text(struct block *block, const char *text)
{
    char *at = block->text;
    size_t size = strlen(text) + 1;

    block->text += size;
    return memcpy(at, text, size);
}

/* The caller's request, and the destination of the copy. */
struct request {
    int family;
    struct csk_hostent **list;
};

static int copy_host(const struct hostent *from, void *arg)
{
    struct request *request = arg;
    char text[CSKI_INET6_TEXT];
    struct block block;
    int n;

    if (from->h_addrtype != request->family)
        return -EAFNOSUPPORT;
    if ((n = block_init(&block, from)) < 0)
        return n;
    block.host->family = from->h_addrtype;
    block.host->name = add_text(&block, from->h_name);
    for (size_t i = 0; from->h_aliases && from->h_aliases[i]; i++)
        block.host->aliases[i] = add_text(&block, from->h_aliases[i]);
    for (size_t i = 0; i < block.addresses; i++) {
        n = csk_inet_ntop(from->h_addrtype, from->h_addr_list[i], (size_t)from->h_length, text,
                          NULL);
        if (n < 0) {
            cski_sys(free)(block.host);
            return n;
        }
        block.host->addresses[i] = add_text(&block, text);
    }
    *request->list = block.host;
    return 0;
}

/* A positive number from the platform is an h_errno. */
static int host_code(int n)
{
    return n == 0 ? 0 : cski_lookup_code(n > 0 ? CSK_EHOST(n) : n);
}

int csk_gethostbyname(const char *host, const struct csk_lookup_options *options, char text[16],
                      struct csk_error *error)
{
    struct csk_addr addr;
    socklen_t size;
    int n;

    if (!host || !text)
        return cski_fail(error, CSK_ENULL, "the %s is NULL", host ? "buffer" : "host");
    if ((n = cski_host_addr(&addr, host, AF_INET, options, error)) < 0)
        return n;
    cski_inet4_format(cski_host_bytes(&addr, &size), text);
    return 0;
}

static int query_by_name(struct cski_lookup *q)
{
    struct request request = { AF_INET, &q->hostent };
    struct csk_addr unused;
    int n;

    /* As in Python: an unknown name is an error of getaddrinfo. */
    if ((n = cski_host_addr(&unused, q->host, AF_INET, NULL, NULL)) < 0)
        return n;
    return host_code(cski_os_hostbyname(q->host, copy_host, &request));
}

static int query_by_addr(struct cski_lookup *q)
{
    struct request request = { .list = &q->hostent };
    struct csk_addr addr;
    const void *bytes;
    socklen_t size;
    int n;

    if ((n = cski_host_addr(&addr, q->host, AF_UNSPEC, NULL, NULL)) < 0)
        return n;
    request.family = addr.sa.sa_family;
    bytes = cski_host_bytes(&addr, &size);
    return host_code(cski_os_hostbyaddr(bytes, size, request.family, copy_host, &request));
}

static int find_host(struct cski_lookup *q, const struct csk_lookup_options *options,
                     struct csk_hostent **list, struct csk_error *error)
{
    int n;

    if (!list)
        return cski_fail(error, CSK_ENULL, "the pointer to the host is NULL");
    *list = NULL;
    if (!q->host)
        return cski_fail(error, CSK_ENULL, "the host is NULL");
    if ((n = cski_lookup(q, options)) < 0)
        return cski_lookup_fail(error, n, q->host, NULL);
    *list = q->hostent;
    return 0;
}

int csk_gethostbyname_ex(const char *host, const struct csk_lookup_options *options,
                         struct csk_hostent **list, struct csk_error *error)
{
    struct cski_lookup q = { .query = query_by_name, .host = host };

    return find_host(&q, options, list, error);
}

int csk_gethostbyaddr(const char *host, const struct csk_lookup_options *options,
                      struct csk_hostent **list, struct csk_error *error)
{
    struct cski_lookup q = { .query = query_by_addr, .host = host };

    return find_host(&q, options, list, error);
}

void csk_freehostent(struct csk_hostent *list)
{
    cski_sys(free)(list);
}

/* The first name with a dot, otherwise the host's own. */
static const char *qualified(const struct csk_hostent *host)
{
    if (strchr(host->name, '.'))
        return host->name;
    for (const char **alias = host->aliases; *alias; alias++)
        if (strchr(*alias, '.'))
            return *alias;
    return host->name;
}

/* The host without white space around it, or this machine's name. */
static int host_or_own(const char *host, char *name, size_t size)
{
    size_t length;

    while (isspace((unsigned char)*host))
        host++;
    length = strlen(host);
    while (length && isspace((unsigned char)host[length - 1]))
        length--;
    if (length >= size)
        return CSK_ESPACE;
    memcpy(name, host, length);
    name[length] = 0;
    if (!*name || strcmp(name, "0.0.0.0") == 0 || strcmp(name, "::") == 0)
        return csk_gethostname(name, size);
    return 0;
}

/* Whether an error means that the host is unknown, as opposed to a failed lookup.
 */
static bool is_not_found(int code)
{
    enum csk_error_kind kind = csk_error_kind(code);

    return kind == CSK_KIND_EAI || kind == CSK_KIND_HOST || code == -EAFNOSUPPORT;
}

int csk_getfqdn(const char *host, const struct csk_lookup_options *options, char *name, size_t size,
                struct csk_error *error)
{
    struct csk_hostent *found = NULL;
    char own[NI_MAXHOST];
    int n;

    if (!name)
        return cski_fail(error, CSK_ENULL, "the buffer is NULL");
    if ((n = host_or_own(host ? host : "", own, sizeof own)) < 0)
        return cski_lookup_fail(error, n, host, NULL);
    n = csk_gethostbyaddr(own, options, &found, error);
    if (n < 0 && !is_not_found(n))
        return n;
    n = copy_text(name, size, found ? qualified(found) : own);
    csk_freehostent(found);
    return n < 0 ? cski_lookup_fail(error, n, own, NULL) : 0;
}

int csk_gethostname(char *name, size_t size)
{
    char own[NI_MAXHOST];

    if (!name)
        return CSK_ENULL;
    if (cski_sys(gethostname)(own, sizeof own) < 0)
        return errno == ENAMETOOLONG ? CSK_ESPACE : -errno;
    own[sizeof own - 1] = 0; /* POSIX: a truncated name may lack its null byte */
    return copy_text(name, size, own);
}

int csk_sethostname(const char *name, size_t size, struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX];
    int n;

    if (!name)
        return cski_fail(error, CSK_ENULL, "the name is NULL");
    if (cski_sys(sethostname)(name, size) == 0)
        return 0;
    n = -errno;
    return cski_fail(error, n, "set the host name to %.*s: %s", size < 100 ? (int)size : 100, name,
                     csk_strerror(n, cause, sizeof cause));
}

/* Convert a code of the platform: missing entries have a code of their own. */
static int database_code(int n, int missing)
{
    return n < 0 ? cski_lookup_code(n == -ENOENT ? missing : n) : n;
}

int csk_getservbyname(const char *service, const char *proto, struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX];
    int n;

    if (!service)
        return cski_fail(error, CSK_ENULL, "the service is NULL");
    n = database_code(cski_os_servbyname(service, proto), CSK_ESERVICE);
    if (n >= 0)
        return n;
    return cski_fail(error, n, "find service %.60s%s%.20s: %s", service, proto ? "/" : "",
                     proto ? proto : "", csk_strerror(n, cause, sizeof cause));
}

struct buffer {
    char *text;
    size_t size;
};

static int copy_name(const char *found, void *arg)
{
    const struct buffer *buffer = arg;

    return copy_text(buffer->text, buffer->size, found);
}

int csk_getservbyport(int port, const char *proto, char *name, size_t size, struct csk_error *error)
{
    struct buffer buffer = { name, size };
    char cause[CSK_ERROR_TEXT_MAX];
    int n;

    if (!name)
        return cski_fail(error, CSK_ENULL, "the buffer is NULL");
    if (port < 0 || port > UINT16_MAX)
        return cski_fail(error, CSK_EPORT, "port %d is out of range (0-65535)", port);
    n = database_code(cski_os_servbyport(port, proto, copy_name, &buffer), CSK_EPORTSERVICE);
    if (n == 0)
        return 0;
    return cski_fail(error, n, "find the service of port %d%s%.20s: %s", port, proto ? "/" : "",
                     proto ? proto : "", csk_strerror(n, cause, sizeof cause));
}

int csk_getprotobyname(const char *proto, struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX];
    int n;

    if (!proto)
        return cski_fail(error, CSK_ENULL, "the protocol is NULL");
    n = database_code(cski_os_protobyname(proto), CSK_EPROTOCOL);
    if (n >= 0)
        return n;
    return cski_fail(error, n, "find protocol %.60s: %s", proto,
                     csk_strerror(n, cause, sizeof cause));
}
