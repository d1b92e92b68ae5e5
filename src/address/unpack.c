/* Addresses to values, by the fields of the family's layout. */
#include "address/address.h"

#include <string.h>

static struct csk_value number_value(uint64_t number)
{
    return (struct csk_value){ .kind = number > INT64_MAX ? CSK_VALUE_UINT : CSK_VALUE_INT,
                               .u = number };
}

/* The size of a field of bytes: its length field's, but not beyond the address. */
static size_t bytes_size(const struct csk_family *f, unsigned index, const unsigned char *bytes,
                         size_t len)
{
    const struct csk_field *field = &f->layout.fields[index];
    const struct csk_field *length = cski_layout_counter(&f->layout, index, CSK_FIELD_FLAG_LENGTH);
    uint64_t size = length ? cski_field_number(length, bytes + length->offset) : field->size;

    if (size > field->size)
        size = field->size;
    if (field->offset + size > len)
        size = len > field->offset ? len - field->offset : 0;
    return (size_t)size;
}

/* A field's value.  Formatted text is written to *text, which is advanced.  bytes are zero from len
 * on, so that only a field with a length in another field must be compared with it. */
static struct csk_value unpack_field(const struct csk_family *f, int fd, unsigned index,
                                     const unsigned char *bytes, size_t len, char **text)
{
    const struct csk_field *field = &f->layout.fields[index];
    const unsigned char *at = bytes + field->offset;
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = *text };
    struct cski_out out;

    switch ((enum csk_field_kind)field->kind) {
    case CSK_FIELD_UINT:
    case CSK_FIELD_CONTROL: return number_value(cski_field_number(field, at));
    case CSK_FIELD_IFNAME:
        /* The name of an interface that was removed is "", as in Python. */
        if (cski_os_interface_name(fd, (unsigned)cski_field_number(field, at), *text))
            value.size = strlen(*text);
        break;
    case CSK_FIELD_TEXT:
        value.size = strnlen((const char *)at, field->size);
        memcpy(*text, at, value.size);
        break;
    case CSK_FIELD_BYTES:
        value.kind = CSK_VALUE_BYTES;
        value.size = bytes_size(f, index, bytes, len);
        memcpy(*text, at, value.size);
        break;
    default:
        cski_out_init(&out, *text, CSKI_INET6_TEXT);
        cski_network_format(field, at, &out);
        value.size = out.used;
    }
    *text += value.size;
    return value;
}

int cski_unpack_fields(const struct csk_family *f, int fd, const struct csk_addr *addr,
                       struct csk_value *values, char *text)
{
    unsigned char bytes[sizeof addr->storage] = { 0 };
    unsigned count = cski_family_field_count(f);

    /* Fields beyond the length read as zero. */
    memcpy(bytes, addr->bytes, addr->len);
    for (unsigned i = 0; i < count; i++)
        values[i] = unpack_field(f, fd, i, bytes, addr->len, &text);
    return (int)count;
}

static int read_values(const struct csk_family *f, int fd, const struct csk_addr *addr,
                       struct csk_value *values, char *text)
{
    return f->unpack ? f->unpack(f, addr, values, text)
                     : cski_unpack_fields(f, fd, addr, values, text);
}

int cski_addr_unpack(const struct csk_family *f, int fd, const struct csk_addr *addr,
                     struct csk_value *values, char *text)
{
    const struct csk_field *fields = f->layout.fields;
    int n, least;

    if (!f->omits_defaults)
        return read_values(f, fd, addr, values, text);
    least = n = read_values(f, fd, addr, values, text);
    while (least > 0 && cski_is_optional(&fields[least - 1]) &&
           values[least - 1].u == fields[least - 1].preset)
        least--;
    /* All of them or none: (a, b, c, d) or (a, b). */
    return least > 0 && cski_is_optional(&fields[least - 1]) ? n : least;
}
