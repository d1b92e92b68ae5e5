/* Hosts in addresses: numeric ones.  A name has been resolved before (names/address.c). */
#include "family.h"

#include <string.h>

static bool is_text(const struct csk_value *value, const char *text)
{
    return value->size == strlen(text) && memcmp(value->data, text, value->size) == 0;
}

/* IPv4's broadcast address, which no other family has. */
static bool is_broadcast(const struct csk_value *value)
{
    return is_text(value, "<broadcast>") || is_text(value, "255.255.255.255");
}

static bool is_host(const struct csk_field *field)
{
    return field->kind == CSK_FIELD_IN_ADDR || field->kind == CSK_FIELD_IN6_ADDR;
}

bool cski_host_needs_resolver(const struct csk_field *field, const struct csk_value *value)
{
    unsigned char packed[16];

    return is_host(field) && cski_is_text(value) &&
           !cski_host_parse(field, (struct cski_in){ value->data, value->size }, packed) &&
           !is_broadcast(value);
}

int cski_host(const struct csk_family *f, const struct csk_field *field,
              const struct csk_value *value, unsigned char *packed, struct csk_error *error)
{
    if (!cski_is_text(value))
        return cski_family_wrong_kind(f, field, value, error);
    if (cski_host_parse(field, (struct cski_in){ value->data, value->size }, packed))
        return 0;
    if (is_broadcast(value))
        return cski_fail(error, CSK_EBROADCAST, "address family mismatched");
    if (memchr(value->data, 0, value->size))
        return cski_family_fail(f, error, CSK_EADDRKIND, "%s must not contain a null character",
                                field->name);
    return cski_family_fail(f, error, CSK_EADDRVALUE, "%s must be a numeric address, got \"%.*s\"",
                            field->name, value->size > 64 ? 64 : (int)value->size, value->data);
}
