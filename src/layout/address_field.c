/* The fields of addresses: values to bytes and back, by what the family's table says of each. */
#include "family/family.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cski_family_fail(const struct cski_family *f, struct csk_error *error, int code,
                     const char *format, ...)
{
    va_list args;
    int n;

    if (!error)
        return code;
    error->code = code;
    n = snprintf(error->text, sizeof error->text, "%s%s%s address: ", f->form.name,
                 f->form.variant ? " " : "", f->form.variant ? f->form.variant : "");
    va_start(args, format);
    vsnprintf(error->text + n, sizeof error->text - (size_t)n, format, args);
    va_end(args);
    return code;
}

static int misfit(const struct cski_family *f)
{
    return f->form.loose ? CSK_EADDRFORM : CSK_EADDRKIND;
}

int cski_field_wrong_kind(const struct cski_family *f, const struct csk_field *field,
                          const char *wanted, struct csk_error *error)
{
    return cski_family_fail(f, error, misfit(f), "%s must be %s", field->name, wanted);
}

int cski_field_check_count(const struct cski_family *f, size_t count, struct csk_error *error)
{
    unsigned least = 0;

    while (least < f->form.field_count && !f->form.fields[least].optional)
        least++;
    if (count >= least && count <= f->form.field_count)
        return 0;
    if (least == f->form.field_count)
        return cski_family_fail(f, error, misfit(f), "%u field%s needed, got %zu", least,
                                least == 1 ? " is" : "s are", count);
    return cski_family_fail(f, error, misfit(f), "%u to %u fields are needed, got %zu", least,
                            f->form.field_count, count);
}

static uint64_t greatest(const struct csk_field *field)
{
    if (field->max)
        return field->max;
    return field->size >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * field->size)) - 1;
}

static int out_of_range(const struct cski_family *f, const struct csk_field *field,
                        const struct csk_value *value, struct csk_error *error)
{
    uint64_t max = greatest(field);
    char got[32];

    if (max == 65535 && strcmp(field->name, "port") == 0)
        return cski_fail(error, CSK_EPORT, "port must be 0-65535.");
    if (value->kind == CSK_VALUE_INT && value->i < 0)
        snprintf(got, sizeof got, "%" PRId64, value->i);
    else
        snprintf(got, sizeof got, max > 0xffff ? "0x%" PRIx64 : "%" PRIu64, value->u);
    if (max > 0xffff)
        return cski_family_fail(f, error, CSK_EADDRFIELD, "%s must be 0 to 0x%" PRIx64 ", got %s",
                                field->name, max, got);
    return cski_family_fail(f, error, CSK_EADDRFIELD, "%s must be 0 to %" PRIu64 ", got %s",
                            field->name, max, got);
}

int cski_field_number(const struct cski_family *f, const struct csk_field *field,
                      const struct csk_value *value, uint64_t *number, struct csk_error *error)
{
    uint64_t max = greatest(field);

    if (value->kind == CSK_VALUE_NONE && field->optional) {
        *number = field->preset;
        return 0;
    }
    if (value->kind != CSK_VALUE_INT && value->kind != CSK_VALUE_UINT)
        return cski_field_wrong_kind(f, field, "a number", error);
    if (value->kind == CSK_VALUE_INT && value->i < 0) {
        /* As far below as a signed number of that size goes: -1 is what C passes for "all". */
        if (!field->wraps || -(value->i + 1) > (int64_t)(max >> 1))
            return out_of_range(f, field, value, error);
        *number = value->u & max;
        return 0;
    }
    if ((value->u & ~field->flags) > max)
        return out_of_range(f, field, value, error);
    *number = value->u;
    return 0;
}

/* Numbers of 1, 2, 4 or 8 bytes; the byte order is the field's. */
static void write_number(unsigned char *at, const struct csk_field *field, uint64_t number)
{
    bool little = field->kind == CSK_FIELD_LE;

    if (field->kind != CSK_FIELD_NET && field->kind != CSK_FIELD_LE) {
        uint16_t as16 = (uint16_t)number;
        uint32_t as32 = (uint32_t)number;

        switch (field->size) {
        case 1: *at = (unsigned char)number; break;
        case 2: memcpy(at, &as16, sizeof as16); break;
        case 4: memcpy(at, &as32, sizeof as32); break;
        default: memcpy(at, &number, sizeof number);
        }
        return;
    }
    for (unsigned i = 0; i < field->size; i++, number >>= 8)
        at[little ? i : field->size - 1 - i] = (unsigned char)number;
}

static uint64_t read_number(const unsigned char *at, const struct csk_field *field)
{
    bool little = field->kind == CSK_FIELD_LE;
    uint64_t number = 0;
    uint16_t as16;
    uint32_t as32;

    if (field->kind != CSK_FIELD_NET && field->kind != CSK_FIELD_LE) {
        switch (field->size) {
        case 1: return *at;
        case 2: memcpy(&as16, at, sizeof as16); return as16;
        case 4: memcpy(&as32, at, sizeof as32); return as32;
        default: memcpy(&number, at, sizeof number); return number;
        }
    }
    for (unsigned i = 0; i < field->size; i++)
        number = number << 8 | at[little ? field->size - 1 - i : i];
    return number;
}

int cski_interface_index(const struct cski_family *f, int fd, const char *text, size_t size,
                         uint32_t *index, struct csk_error *error)
{
    char name[IF_NAMESIZE];

    *index = 0;
    if (size >= sizeof name)
        return cski_family_fail(f, error, CSK_EINTERFACE, "interface name too long: \"%.*s\"",
                                size > 64 ? 64 : (int)size, text);
    if (size == 0)
        return 0;
    memcpy(name, text, size);
    name[size] = '\0';
    errno = 0;
    if (!(*index = cski_os_interface_index(fd, name)))
        return cski_family_fail(f, error, errno ? -errno : -ENODEV, "there is no interface \"%s\"",
                                name);
    return 0;
}

/* An interface's name is kept as its index; a number is taken for the index itself. */
static int pack_interface(const struct cski_family *f, int fd, const struct csk_field *field,
                          const struct csk_value *value, unsigned char *at, struct csk_error *error)
{
    uint64_t number;
    uint32_t index;
    int n;

    if (value->kind == CSK_VALUE_NONE && !field->optional)
        return cski_field_wrong_kind(f, field, "an interface's name", error);
    if (!cski_is_text(value)) {
        if ((n = cski_field_number(f, field, value, &number, error)) == 0)
            write_number(at, field, number);
        return n;
    }
    if ((n = cski_interface_index(f, fd, value->data, value->size, &index, error)) == 0)
        write_number(at, field, index);
    return n;
}

static int pack_text(const struct cski_family *f, const struct csk_field *field,
                     const struct csk_value *value, unsigned char *at, struct csk_error *error)
{
    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "text", error);
    if (memchr(value->data, 0, value->size))
        return cski_family_fail(f, error, CSK_EADDRVALUE, "%s must not contain a null character",
                                field->name);
    if (value->size >= field->size)
        return cski_family_fail(f, error, CSK_EADDRVALUE, "%s too long: %zu bytes, at most %d",
                                field->name, value->size, field->size - 1);
    memcpy(at, value->data, value->size);
    return 0;
}

static int pack_bytes(const struct cski_family *f, const struct csk_field *field,
                      const struct csk_value *value, struct csk_addr *addr, struct csk_error *error)
{
    if (value->kind == CSK_VALUE_NONE)
        return 0;
    if (!cski_is_text(value))
        return cski_field_wrong_kind(f, field, "bytes", error);
    if (value->size > field->size)
        return cski_family_fail(f, error, CSK_EADDRVALUE, "%s must be %d bytes or less, got %zu",
                                field->name, field->size, value->size);
    memcpy(addr->bytes + field->offset, value->data, value->size);
    addr->bytes[field->count] = (unsigned char)value->size;
    return 0;
}

/* Text alone, as in Python; but where an address is this and no more, bytes are taken as well. */
static int pack_bdaddr(const struct cski_family *f, const struct csk_field *field,
                       const struct csk_value *value, unsigned char *at, struct csk_error *error)
{
    if (value->kind != CSK_VALUE_TEXT && !(value->kind == CSK_VALUE_BYTES && f->form.scalar_only))
        return cski_field_wrong_kind(f, field, "text", error);
    if (cski_bdaddr_parse(value->data, value->size, at))
        return 0;
    if (f->form.scalar_only && memchr(value->data, 0, value->size))
        return cski_family_fail(f, error, CSK_EADDRVALUE, "%s must not contain a null character",
                                field->name);
    return cski_family_fail(f, error, CSK_EADDRFORM,
                            "%s must be a Bluetooth address like 00:11:22:33:44:55, got \"%.*s\"",
                            field->name, value->size > 64 ? 64 : (int)value->size, value->data);
}

static int pack_uuid(const struct cski_family *f, const struct csk_field *field,
                     const struct csk_value *value, unsigned char *at, struct csk_error *error)
{
    if (!cski_is_text(value))
        return cski_fail(error, CSK_EADDRKIND, "%s address must be a str tuple (%s, %s)",
                         f->form.name, f->form.fields[0].name, f->form.fields[1].name);
    if (cski_uuid_parse(value->data, value->size, at))
        return 0;
    return cski_fail(error, CSK_EADDRVALUE, "%s address %s is not a valid UUID string",
                     f->form.name, field->name);
}

static int pack_field(const struct cski_family *f, int fd, const struct csk_field *field,
                      const struct csk_value *value, struct csk_addr *addr, struct csk_error *error)
{
    unsigned char *at = addr->bytes + field->offset;
    uint64_t number;
    int n;

    if (value->kind == CSK_VALUE_NONE && !field->optional)
        return cski_family_fail(f, error, misfit(f), "%s is missing", field->name);
    switch (field->kind) {
    case CSK_FIELD_UINT:
    case CSK_FIELD_NET:
    case CSK_FIELD_LE:
        if ((n = cski_field_number(f, field, value, &number, error)) == 0)
            write_number(at, field, number);
        return n;
    case CSK_FIELD_HOST4: return cski_host4(f, field, value, at, error);
    case CSK_FIELD_HOST6: return cski_host6(f, field, value, at, error);
    case CSK_FIELD_IFINDEX: return pack_interface(f, fd, field, value, at, error);
    case CSK_FIELD_TEXT: return pack_text(f, field, value, at, error);
    case CSK_FIELD_BYTES: return pack_bytes(f, field, value, addr, error);
    case CSK_FIELD_BDADDR: return pack_bdaddr(f, field, value, at, error);
    case CSK_FIELD_UUID: return pack_uuid(f, field, value, at, error);
    default: return cski_family_fail(f, error, CSK_EADDRKIND, "%s cannot be set", field->name);
    }
}

int cski_pack_fields(const struct cski_family *f, int fd, struct csk_addr *addr,
                     const struct csk_value *values, size_t count, struct csk_error *error)
{
    static const struct csk_value none = { .kind = CSK_VALUE_NONE };
    const sa_family_t family = (sa_family_t)cski_sa_family(f);
    int n = cski_field_check_count(f, count, error);

    memset(addr, 0, sizeof *addr);
    addr->len = f->form.max_len;
    /* As a byte like the fields: once gcc 12 has seen it as a member of addr->sa, it takes what is
     * written at the fields' offsets for writes beyond that member. */
    memcpy(addr->bytes + offsetof(struct sockaddr, sa_family), &family, sizeof family);
    for (unsigned i = 0; n == 0 && i < f->form.field_count; i++)
        n = pack_field(f, fd, &f->form.fields[i], i < count ? &values[i] : &none, addr, error);
    return n;
}

static struct csk_value number_value(uint64_t number)
{
    return (struct csk_value){ .kind = number > INT64_MAX ? CSK_VALUE_UINT : CSK_VALUE_INT,
                               .u = number };
}

static struct csk_value text_value(enum csk_value_kind kind, const void *data, size_t size)
{
    return (struct csk_value){ .kind = kind, .data = data, .size = size };
}

/* A field's value.  What must be written out goes to *text, which moves.  bytes are zero from len
 * on, so that only a field whose size another tells has to look at it. */
static struct csk_value unpack_field(const struct csk_field *field, int fd,
                                     const unsigned char *bytes, size_t len, char **text)
{
    const unsigned char *at = bytes + field->offset;
    char *out = *text;
    size_t size = 0;

    switch (field->kind) {
    case CSK_FIELD_HOST4: size = cski_inet4_format(at, out); break;
    case CSK_FIELD_HOST6: size = cski_inet6_format(at, out); break;
    case CSK_FIELD_IFINDEX:
        /* An interface that is gone is "", as in Python. */
        if (cski_os_interface_name(fd, (unsigned)read_number(at, field), out))
            size = strlen(out);
        break;
    case CSK_FIELD_TEXT:
        size = strnlen((const char *)at, field->size);
        memcpy(out, at, size);
        break;
    case CSK_FIELD_BDADDR:
        cski_bdaddr_format(at, out);
        size = CSKI_BDADDR_TEXT - 1;
        break;
    case CSK_FIELD_UUID:
        cski_uuid_format(at, out);
        size = CSKI_UUID_TEXT - 1;
        break;
    case CSK_FIELD_BYTES:
        size = bytes[field->count] < field->size ? bytes[field->count] : field->size;
        if (field->offset + size > len)
            size = len > field->offset ? len - field->offset : 0;
        memcpy(out, at, size);
        *text += size;
        return text_value(CSK_VALUE_BYTES, out, size);
    default: return number_value(read_number(at, field));
    }
    *text += size;
    return text_value(CSK_VALUE_TEXT, out, size);
}

int cski_unpack_fields(const struct cski_family *f, int fd, const struct csk_addr *addr,
                       struct csk_value *values, char *text)
{
    unsigned char bytes[sizeof addr->storage] = { 0 };

    /* Fields beyond the length read as zero. */
    memcpy(bytes, addr->bytes, addr->len);
    for (unsigned i = 0; i < f->form.field_count; i++)
        values[i] = unpack_field(&f->form.fields[i], fd, bytes, addr->len, &text);
    return (int)f->form.field_count;
}
