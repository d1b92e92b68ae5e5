/* Errors about addresses: they name the family, the field, the value and the valid values. */
#include "family.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cski_family_fail(const struct csk_family *f, struct csk_error *error, int code,
                     const char *format, ...)
{
    va_list args;
    int n;

    if (!error)
        return code;
    error->code = code;
    n = snprintf(error->text, sizeof error->text, "%s%s%s address: ", f->name,
                 f->variant[0] ? " " : "", f->variant);
    va_start(args, format);
    vsnprintf(error->text + n, sizeof error->text - (size_t)n, format, args);
    va_end(args);
    return code;
}

/* The code of an error about the kind or the number of values. */
static int kind_code(const struct csk_family *f)
{
    return f->flags & CSK_FAMILY_WRONG_FORMAT ? CSK_EADDRFORMAT : CSK_EADDRKIND;
}

int cski_family_check_count(const struct csk_family *f, size_t count, struct csk_error *error)
{
    unsigned most = cski_family_field_count(f), least = 0;

    while (least < most && !cski_is_optional(&f->layout.fields[least]))
        least++;
    if (count >= least && count <= most)
        return 0;
    if (least == most)
        return cski_family_fail(f, error, kind_code(f), "%u field%s required, got %zu", least,
                                least == 1 ? " is" : "s are", count);
    return cski_family_fail(f, error, kind_code(f), "%u to %u fields are required, got %zu", least,
                            most, count);
}

static int out_of_range(const struct csk_family *f, const struct csk_field *field,
                        const struct csk_value *value, struct csk_error *error)
{
    unsigned long long max = cski_field_greatest(field);
    bool hex = field->flags & CSK_FIELD_FLAG_HEX;
    char number[32];

    if (value->kind == CSK_VALUE_INT && value->i < 0)
        snprintf(number, sizeof number, "%lld", (long long)value->i);
    else
        snprintf(number, sizeof number, hex ? "0x%llx" : "%llu", (unsigned long long)value->u);
    if (max == 65535 && strcmp(field->name, "port") == 0)
        return cski_fail(error, CSK_EPORT, "port %s is out of range (0-65535)", number);
    return cski_family_fail(f, error, CSK_EADDRFIELD,
                            hex ? "%s %s is out of range (0-0x%llx)"
                                : "%s %s is out of range (0-%llu)",
                            field->name, number, max);
}

/* Text of a value that an error has space for. */
static int quoted_length(const struct csk_value *value)
{
    return value->size > 64 ? 64 : (int)value->size;
}

static int no_interface(const struct csk_family *f, const struct csk_value *value, int code,
                        struct csk_error *error)
{
    if (code == CSKI_TOO_LONG)
        return cski_family_fail(f, error, CSK_EINTERFACE, "interface name too long: \"%.*s\"",
                                quoted_length(value), value->data);
    /* Others, such as EMFILE, do not mean that it does not exist. */
    if (code != -ENODEV && code != -ENXIO)
        return cski_family_fail(f, error, code, "find interface \"%.*s\": %s", quoted_length(value),
                                value->data, csk_errstr(code));
    return cski_family_fail(f, error, code, "no such interface: \"%.*s\"", quoted_length(value),
                            value->data);
}

int cski_family_wrong_kind(const struct csk_family *f, const struct csk_field *field,
                           const struct csk_value *value, struct csk_error *error)
{
    struct csk_error found = { 0, "" };

    cski_field_refuse(field, value, CSKI_WRONG_KIND, &found);
    return cski_family_fail(f, error, kind_code(f), "%.150s", found.text);
}

int cski_family_refuse(const struct csk_family *f, const struct csk_field *field,
                       const struct csk_value *value, int refusal, struct csk_error *error)
{
    struct csk_error found = { 0, "" };

    if (field->kind == CSK_FIELD_IFNAME && (refusal == CSKI_TOO_LONG || refusal > CSKI_REFUSED + 9))
        return no_interface(f, value, refusal, error);
    switch (refusal) {
    case CSKI_OUT_OF_RANGE: return out_of_range(f, field, value, error);
    case CSKI_WRONG_KIND: return cski_family_wrong_kind(f, field, value, error);
    case CSKI_HAS_NULL:
        return cski_family_fail(f, error, CSK_EADDRVALUE, "%s must not contain a null character",
                                field->name);
    case CSKI_TOO_LONG:
        return cski_family_fail(f, error, CSK_EADDRVALUE, "%s too long: %zu bytes, at most %d",
                                field->name, value->size,
                                field->size - (field->kind == CSK_FIELD_TEXT));
    default: break;
    }
    cski_field_refuse(field, value, refusal, &found);
    return cski_family_fail(f, error,
                            field->kind == CSK_FIELD_BDADDR ? CSK_EADDRFORMAT : CSK_EADDRVALUE,
                            "%.150s", found.text);
}

int cski_text_fail(const struct csk_family *f, const char *text, struct csk_error *error)
{
    return cski_fail(error, CSK_EADDRTEXT, "\"%.100s\" is not an address of %s%s%s: %s", text,
                     f->name, f->variant[0] ? " " : "", f->variant,
                     f->syntax[0] ? f->syntax : "fields separated by commas");
}
