/* Addresses of hosts by name. */
#include "address/address.h"

#include <netdb.h>
#include <string.h>

/* The longest name passed to getaddrinfo, including its null byte. */
#define HOST_MAX 1025

/* The first address of a host by name, in the family of f's addresses. */
static int resolve(const struct csk_family *f, const struct csk_field *field,
                   const struct csk_value *host, const struct csk_lookup_options *options,
                   struct csk_addr *addr, struct csk_error *error)
{
    char name[HOST_MAX];

    if (memchr(host->data, 0, host->size))
        return cski_family_fail(f, error, CSK_EADDRKIND, "%s must not contain a null character",
                                field->name);
    if (host->size >= sizeof name)
        return cski_family_fail(f, error, CSK_EAI(EAI_NONAME), "%s is too long", field->name);
    memcpy(name, host->data, host->size);
    name[host->size] = '\0';
    return cski_host_addr(addr, name, cski_sa_family(f), options, error);
}

/* Values whose host is numeric.  A zone in the name ("fe80::1%eth0") is a field of the address that
 * was found, and counts where the caller's own value is missing or 0.  The number of values. */
static size_t merge(const struct csk_family *f, struct csk_value *found,
                    const struct csk_value *values, size_t host, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (i != host && values[i].kind != CSK_VALUE_NONE &&
            (!cski_is_optional(&f->layout.fields[i]) || values[i].u))
            found[i] = values[i];
    return cski_family_field_count(f);
}

int csk_addr_resolve(struct csk_addr *addr, int family, int proto, const struct csk_value *values,
                     size_t count, const struct csk_lookup_options *options,
                     struct csk_error *error)
{
    const struct csk_family *f = cski_family_find(family, proto);
    struct csk_value found[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr resolved;
    size_t host = 0;
    int n;

    while (f && values && host < count && host < cski_family_field_count(f) &&
           !cski_host_needs_resolver(&f->layout.fields[host], &values[host]))
        host++;
    if (!addr || !f || !values || host == count || count > cski_family_field_count(f))
        return csk_addr_pack(addr, family, proto, values, count, error);
    /* Errors in other fields need not wait for the resolver: check with a wildcard host. */
    memcpy(found, values, count * sizeof *values);
    found[host].size = 0;
    if ((n = csk_addr_pack(&resolved, family, proto, found, count, error)) < 0 ||
        (n = resolve(f, &f->layout.fields[host], &values[host], options, &resolved, error)) < 0)
        return n;
    cski_addr_unpack(f, -1, &resolved, found, text);
    count = merge(f, found, values, host, count);
    return csk_addr_pack(addr, family, proto, found, count, error);
}
