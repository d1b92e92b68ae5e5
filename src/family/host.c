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

/* The first of the host's addresses in the family.  *answer is for freeaddrinfo. */
static int resolve(const struct cski_family *f, const struct csk_field *field,
                   const struct csk_value *value, int family, struct addrinfo **answer,
                   struct csk_error *error)
{
    struct addrinfo hints = { .ai_family = family };
    char name[HOST_MAX];
    int n;

    if (memchr(value->data, 0, value->size))
        return cski_family_fail(f, error, CSK_EADDRKIND, "%s must not contain a null character",
                                field->name);
    if (value->size >= sizeof name)
        return cski_family_fail(f, error, CSK_EAI(EAI_NONAME), "%s is too long", field->name);
    memcpy(name, value->data, value->size);
    name[value->size] = '\0';
    if ((n = cski_sys(getaddrinfo)(name, NULL, &hints, answer)) == 0)
        return 0;
    n = n == EAI_SYSTEM ? -errno : CSK_EAI(n);
    if (error) {
        char said[CSK_ERROR_TEXT_MAX];

        cski_fail(error, n, "%.100s: %s", name, csk_strerror(n, said, sizeof said));
    }
    return n;
}

int cski_host4(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[4], struct csk_error *error)
{
    struct addrinfo *answer;
    int n;

    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_inet4_parse(value->data, value->size, packed))
        return 0;
    if (value->size == 0 || is_broadcast(value)) {
        memset(packed, value->size == 0 ? 0 : 0xff, 4);
        return 0;
    }
    if ((n = resolve(f, field, value, AF_INET, &answer, error)) < 0)
        return n;
    memcpy(packed, &((const struct sockaddr_in *)(const void *)answer->ai_addr)->sin_addr, 4);
    cski_sys(freeaddrinfo)(answer);
    return 0;
}

int cski_host6(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[16], uint32_t *scope,
               struct csk_error *error)
{
    const struct sockaddr_in6 *sin6;
    struct addrinfo *answer;
    int n;

    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_inet6_parse(value->data, value->size, packed))
        return 0;
    if (value->size == 0) {
        memset(packed, 0, 16);
        return 0;
    }
    if (is_broadcast(value) || is_text(value, "255.255.255.255"))
        return cski_fail(error, CSK_EBROADCAST, "address family mismatched");
    if ((n = resolve(f, field, value, AF_INET6, &answer, error)) < 0)
        return n;
    sin6 = (const struct sockaddr_in6 *)(const void *)answer->ai_addr;
    memcpy(packed, &sin6->sin6_addr, 16);
    if (sin6->sin6_scope_id)
        *scope = sin6->sin6_scope_id;
    cski_sys(freeaddrinfo)(answer);
    return 0;
}
