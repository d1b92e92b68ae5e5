/* Numbers of addresses. */
#include "family.h"

int cski_family_number(const struct csk_family *f, const struct csk_field *field,
                       const struct csk_value *value, uint64_t *number, struct csk_error *error)
{
    bool negative = value->kind == CSK_VALUE_INT && value->i < 0;
    int n;

    if (value->kind == CSK_VALUE_NONE && cski_is_optional(field)) {
        *number = field->preset;
        return 0;
    }
    if (value->kind != CSK_VALUE_INT && value->kind != CSK_VALUE_UINT)
        return cski_family_wrong_kind(f, field, value, error);
    if ((n = cski_field_check(field, value->u, negative)) < 0)
        return cski_family_refuse(f, field, value, n, error);
    *number = field->size < 8 ? value->u & (UINT64_MAX >> (64 - 8 * field->size)) : value->u;
    return 0;
}

int cski_parse_port(const struct csk_family *f, const char *text, size_t size,
                    struct csk_value *value, struct csk_error *error)
{
    bool negative;
    uint64_t number;

    if (!cski_in_number((struct cski_in){ text, size }, &number, &negative))
        return cski_family_fail(f, error, CSK_EADDRTEXT, "port \"%.*s\" is not a number",
                                size > 64 ? 64 : (int)size, text);
    value->kind = number > INT64_MAX && !negative ? CSK_VALUE_UINT : CSK_VALUE_INT;
    value->u = number;
    return 0;
}
