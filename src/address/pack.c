/* Values to addresses, by the fields of the family's layout. */
#include "address/address.h"

#include <string.h>

/* The length of a field of bytes is kept in another field, if the layout has one. */
static void store_length(const struct csk_family *f, unsigned index, int used,
                         struct csk_addr *addr)
{
    const struct csk_field *length = cski_layout_counter(&f->layout, index, CSK_FIELD_FLAG_LENGTH);

    if (length)
        cski_field_store(length, addr->bytes + length->offset, (uint64_t)used);
}

/* A UUID's errors are those of CPython's address of Hyper-V. */
static int refuse_uuid(const struct csk_family *f, const struct csk_field *field, int refusal,
                       struct csk_error *error)
{
    if (refusal == CSKI_WRONG_KIND)
        return cski_fail(error, CSK_EADDRKIND, "%s address must be a str tuple (%s, %s)", f->name,
                         f->layout.fields[0].name, f->layout.fields[1].name);
    return cski_fail(error, CSK_EADDRVALUE, "%s address %s is not a valid UUID string", f->name,
                     field->name);
}

/* The value in the form of the field's kind: text and bytes are interchangeable, except that a
 * Bluetooth address must be text, as in Python, unless it is the whole address.  Null bytes are not
 * allowed in text. */
static struct csk_value convert(const struct csk_family *f, const struct csk_field *field,
                                const struct csk_value *value)
{
    struct csk_value converted = *value;

    if (field->kind == CSK_FIELD_BYTES && value->kind == CSK_VALUE_TEXT)
        converted.kind = CSK_VALUE_BYTES;
    if (value->kind == CSK_VALUE_BYTES &&
        (field->kind == CSK_FIELD_UUID || field->kind == CSK_FIELD_TEXT ||
         (field->kind == CSK_FIELD_BDADDR && f->flags & CSK_FAMILY_SCALAR_ONLY)))
        converted.kind = CSK_VALUE_TEXT;
    return converted;
}

static int pack_interface(const struct csk_family *f, int fd, const struct csk_field *field,
                          const struct csk_value *value, unsigned char *at, struct csk_error *error)
{
    uint64_t number;
    uint32_t index = 0;
    int n;

    if (!cski_is_text(value)) {
        if ((n = cski_family_number(f, field, value, &number, error)) == 0)
            cski_field_store(field, at, number);
        return n;
    }
    if (value->size > 0 && (n = cski_interface_index(fd, value->data, value->size, &index)) < 0)
        return cski_family_refuse(f, field, value, n, error);
    cski_field_store(field, at, index);
    return 0;
}

/* Exactly the identifier, without blanks. */
static int pack_identifier(const struct csk_family *f, const struct csk_field *field,
                           const struct csk_value *value, unsigned char *at,
                           struct csk_error *error)
{
    int n = CSKI_WRONG_KIND;

    if (value->kind == CSK_VALUE_TEXT)
        n = cski_network_parse(field, -1, (struct cski_in){ value->data, value->size }, at,
                               field->size);
    if (n >= 0)
        return 0;
    if (field->kind == CSK_FIELD_UUID)
        return refuse_uuid(f, field, n, error);
    if (f->flags & CSK_FAMILY_SCALAR_ONLY && cski_is_text(value) &&
        memchr(value->data, 0, value->size))
        n = CSKI_HAS_NULL;
    return cski_family_refuse(f, field, value, n, error);
}

static int pack_field(const struct csk_family *f, int fd, unsigned index,
                      const struct csk_value *given, struct csk_addr *addr, struct csk_error *error)
{
    const struct csk_field *field = &f->layout.fields[index];
    unsigned char *at = addr->bytes + field->offset;
    const struct csk_value value = convert(f, field, given);
    uint64_t number;
    int n;

    if (value.kind == CSK_VALUE_NONE && !cski_is_optional(field))
        return cski_family_fail(
            f, error, f->flags & CSK_FAMILY_WRONG_FORMAT ? CSK_EADDRFORMAT : CSK_EADDRKIND,
            "%s is missing", field->name);
    switch ((enum csk_field_kind)field->kind) {
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR: return cski_host(f, field, &value, at, error);
    case CSK_FIELD_IFNAME: return pack_interface(f, fd, field, &value, at, error);
    case CSK_FIELD_BDADDR:
    case CSK_FIELD_UUID: return pack_identifier(f, field, &value, at, error);
    case CSK_FIELD_UINT:
        if ((n = cski_family_number(f, field, &value, &number, error)) == 0)
            cski_field_store(field, at, number);
        return n;
    default: break;
    }
    if (value.kind == CSK_VALUE_NONE)
        return 0;
    /* Text is terminated by a null byte. */
    n = cski_field_put(field, fd, at, field->size - (field->kind == CSK_FIELD_TEXT), &value);
    if (n < 0)
        return cski_family_refuse(f, field, &value, n, error);
    store_length(f, index, n, addr);
    return 0;
}

static int pack_fields(const struct csk_family *f, int fd, struct csk_addr *addr,
                       const struct csk_value *values, size_t count, struct csk_error *error)
{
    static const struct csk_value none = { .kind = CSK_VALUE_NONE };
    const sa_family_t family = (sa_family_t)cski_sa_family(f);
    int n = cski_family_check_count(f, count, error);

    memset(addr, 0, sizeof *addr);
    addr->len = f->max_len;
    /* Written as a byte like the fields: after an access to the member of addr->sa, gcc 12 would
     * treat writes at the fields' offsets as writes beyond that member. */
    memcpy(addr->bytes + offsetof(struct sockaddr, sa_family), &family, sizeof family);
    for (unsigned i = 0; n == 0 && i < cski_family_field_count(f); i++)
        n = pack_field(f, fd, i, i < count ? &values[i] : &none, addr, error);
    return n;
}

int cski_addr_pack(const struct csk_family *f, int fd, struct csk_addr *addr, int proto,
                   const struct csk_value *values, size_t count, struct csk_error *error)
{
    struct csk_addr made;
    int n;

    if (f->pack) {
        n = f->pack(f, addr, values, count, error);
    } else {
        n = pack_fields(f, fd, &made, values, count, error);
        if (n == 0 && f->packed)
            n = f->packed(f, &made, error);
        if (n == 0)
            *addr = made;
    }
    if (n == 0) {
        addr->proto = proto;
        cski_os_set_sa_len(addr->bytes, addr->len);
    }
    return n;
}
