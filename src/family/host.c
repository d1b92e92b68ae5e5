/* Hosts in addresses: numeric ones.  A name has been resolved before (names/address.c). */
#include "family.h"

#include <string.h>

static bool is_text(const struct csk_value *value, const char *text)
{
    return value->size == strlen(text) && memcmp(value->data, text, value->size) == 0;
}

static bool is_broadcast(const struct csk_value *value)
{
    return is_text(value, "<broadcast>");
}

bool cski_host_needs_resolver(const struct csk_field *field, const struct csk_value *value)
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

static int not_numeric(const struct cski_family *f, const struct csk_field *field,
                       const struct csk_value *value, struct csk_error *error)
{
    if (memchr(value->data, 0, value->size))
        return cski_family_fail(f, error, CSK_EADDRKIND, "%s must not contain a null character",
                                field->name);
    return cski_family_fail(f, error, CSK_EADDRVALUE, "%s must be a numeric address, got \"%.*s\"",
                            field->name, value->size > 64 ? 64 : (int)value->size, value->data);
}

int cski_host4(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[4], struct csk_error *error)
{
    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_inet4_parse(value->data, value->size, packed))
        return 0;
    if (value->size && !is_broadcast(value))
        return not_numeric(f, field, value, error);
    memset(packed, value->size == 0 ? 0 : 0xff, 4);
    return 0;
}

int cski_host6(const struct cski_family *f, const struct csk_field *field,
               const struct csk_value *value, unsigned char packed[16], struct csk_error *error)
{
    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_inet6_parse(value->data, value->size, packed))
        return 0;
    if (is_broadcast(value) || is_text(value, "255.255.255.255"))
        return cski_fail(error, CSK_EBROADCAST, "address family mismatched");
    if (value->size)
        return not_numeric(f, field, value, error);
    memset(packed, 0, 16);
    return 0;
}
