/* Hosts in addresses: numeric ones at once, names through the C library's resolver. */
#include "family.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* The longest name that getaddrinfo is asked about, its null byte included. */
#define HOST_MAX 1025

static bool is_text(const struct csk_value *value, const char *text)
{
    return value->size == strlen(text) && memcmp(value->data, text, value->size) == 0;
}

static bool is_broadcast(const struct csk_value *value)
{
    return is_text(value, "<broadcast>");
}

bool cski_host_waits(const struct csk_field *field, const struct csk_value *value)
{
    unsigned char packed[16];

    if (field->kind != CSK_FIELD_HOST4 && field->kind != CSK_FIELD_HOST6)
        return false;
    if (!cski_is_text(value) || value->size == 0)
        return false;
    if (field->kind == CSK_FIELD_HOST4 ? cski_inet4_parse(value->data, value->size, packed)
                                       : cski_inet6_parse(value->data, value->size, packed))
        return false;
    return !is_broadcast(value) && !is_text(value, "255.255.255.255");
}

/* Any host but "", which each family reads as its own wildcard: a name is asked of the resolver. */
static int resolve(const struct cski_family *f, const struct csk_field *field,
                   const struct csk_value *value, int family, struct csk_addr *addr,
                   struct csk_error *error)
{
    char name[HOST_MAX], said[CSK_ERROR_TEXT_MAX];
    int n;

    if (memchr(value->data, 0, value->size))
        return cski_family_fail(f, error, CSK_EADDRKIND, "%s must not contain a null character",
                                field->name);
    if (value->size >= sizeof name)
        return cski_family_fail(f, error, CSK_EAI(EAI_NONAME), "%s is too long", field->name);
    memcpy(name, value->data, value->size);
    name[value->size] = '\0';
    n = cski_host_addr(addr, name, family);
    if (n == CSK_EBROADCAST)
        return cski_fail(error, n, "address family mismatched");
    if (n < 0 && error)
        cski_fail(error, n, "%.100s: %s", name, csk_strerror(n, said, sizeof said));
    return n;
}

/* Its bytes in packed, and the whole in addr.  The family is the addresses', not the socket's. */
static int host(const struct cski_family *f, const struct csk_field *field,
                const struct csk_value *value, int family, struct csk_addr *addr,
                unsigned char *packed, struct csk_error *error)
{
    const void *bytes;
    socklen_t size;
    int n = resolve(f, field, value, family, addr, error);

    if (n < 0)
        return n;
    bytes = cski_host_bytes(addr, &size);
    memcpy(packed, bytes, size);
    return 0;
}

int cski_host4(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[4], struct csk_error *error)
{
    struct csk_addr addr;

    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_inet4_parse(value->data, value->size, packed))
        return 0;
    if (value->size == 0 || is_broadcast(value)) {
        memset(packed, value->size == 0 ? 0 : 0xff, 4);
        return 0;
    }
    return host(f, field, value, AF_INET, &addr, packed, error);
}

int cski_host6(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[16], uint32_t *scope,
               struct csk_error *error)
{
    const struct sockaddr_in6 *sin6;
    struct csk_addr addr;
    int n;

    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_inet6_parse(value->data, value->size, packed))
        return 0;
    if (value->size == 0) {
        memset(packed, 0, 16);
        return 0;
    }
    if ((n = host(f, field, value, AF_INET6, &addr, packed, error)) < 0)
        return n;
    sin6 = (const struct sockaddr_in6 *)(const void *)&addr.storage;
    if (sin6->sin6_scope_id)
        *scope = sin6->sin6_scope_id;
    return 0;
}
