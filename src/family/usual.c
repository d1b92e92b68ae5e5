/* The text of the addresses that nearly every program has: AF_INET, AF_INET6 and AF_UNIX.
 *
 * In a file of their own, because an error's text needs them (fail.c) in programs that need none of
 * the descriptions of the families. */
#include "family.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

void cski_sin_format(const struct csk_family *f, const struct csk_addr *addr, char *text)
{
    struct sockaddr_in sin;
    struct cski_out out;

    (void)f;
    memcpy(&sin, addr->bytes, sizeof sin);
    cski_out_init(&out, text, CSK_ADDR_TEXT_MAX);
    out.used = cski_inet4_format((const unsigned char *)&sin.sin_addr, text);
    cski_out_char(&out, ':');
    cski_out_number(&out, ntohs(sin.sin_port));
}

/* The kernel takes 24 bytes too, RFC 2133's form, which ends before the scope. */
struct sockaddr_in6 cski_sin6_read(const struct csk_addr *addr)
{
    struct sockaddr_in6 sin6 = { .sin6_scope_id = 0 };

    memcpy(&sin6, addr->bytes,
           addr->len >= sizeof sin6 ? sizeof sin6 : offsetof(struct sockaddr_in6, sin6_scope_id));
    return sin6;
}

void cski_sin6_format(const struct csk_family *f, const struct csk_addr *addr, char *text)
{
    struct sockaddr_in6 sin6 = cski_sin6_read(addr);
    const struct in6_addr *host = &sin6.sin6_addr;
    uint32_t scope = sin6.sin6_scope_id;
    char name[IF_NAMESIZE];
    struct cski_out out;

    (void)f;
    cski_out_init(&out, text, CSK_ADDR_TEXT_MAX);
    cski_out_char(&out, '[');
    out.used += cski_inet6_format((const unsigned char *)host, text + 1);
    /* As getnameinfo: a scope is an interface if the address is link-local. */
    if (scope && (IN6_IS_ADDR_LINKLOCAL(host) || IN6_IS_ADDR_MC_LINKLOCAL(host)) &&
        cski_os_interface_name(-1, scope, name))
        cski_out_format(&out, "%%%s", name);
    else if (scope)
        cski_out_format(&out, "%%%u", (unsigned)scope);
    cski_out_text(&out, "]:");
    cski_out_number(&out, ntohs(sin6.sin6_port));
    if (sin6.sin6_flowinfo)
        cski_out_format(&out, ",0x%x", (unsigned)ntohl(sin6.sin6_flowinfo));
}

#define HEAD offsetof(struct sockaddr_un, sun_path)

/* Linux lets a path fill sun_path, and then says a length that is one byte greater. */
size_t cski_sun_path(const struct csk_addr *addr, const char **path)
{
    const char *at = (const char *)addr->bytes + HEAD;
    size_t space = addr->len - HEAD;

    *path = at;
    return space && *at ? strnlen(at, space) : space;
}

void cski_sun_format(const struct csk_family *f, const struct csk_addr *addr, char *text)
{
    const char *path;
    size_t size = cski_sun_path(addr, &path);
    struct cski_out out;

    (void)f;
    cski_out_init(&out, text, CSK_ADDR_TEXT_MAX);
    if (size && !*path)
        cski_out_char(&out, '@');
    else if (size && *path == '@') /* a file of that name, in the working directory */
        cski_out_escaped(&out, path, 1, "@");
    if (size && (!*path || *path == '@')) {
        path++;
        size--;
    }
    cski_out_escaped(&out, path, size, "");
}

bool cski_family_format_usual(const struct csk_addr *addr, char *text)
{
    int family = addr->sa.sa_family;

    if (family == AF_INET && addr->len >= sizeof(struct sockaddr_in))
        cski_sin_format(NULL, addr, text);
    else if (family == AF_INET6 && addr->len >= offsetof(struct sockaddr_in6, sin6_scope_id))
        cski_sin6_format(NULL, addr, text);
    else if (family == AF_UNIX && addr->len >= HEAD)
        cski_sun_format(NULL, addr, text);
    else
        return false;
    return true;
}
