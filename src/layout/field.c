/* One field in memory, as a number. */
#include "layout/layout.h"

/* The beginning of a part of a number, counted from the low bit. */
static unsigned low_bit(const struct csk_field *field)
{
    static const union {
        uint16_t number;
        uint8_t first;
    } order = { 1 };

    /* C compilers give the first bit-field the low bits on little-endian machines only. */
    if ((field->flags & CSK_FIELD_FLAG_BITFIELD) && order.first == 0)
        return field->size * 8u - field->shift - field->bits;
    return field->shift;
}

static enum cski_order order_of(const struct csk_field *field)
{
    if (field->flags & CSK_FIELD_FLAG_NETWORK_ORDER)
        return CSKI_BIG_ENDIAN;
    return field->flags & CSK_FIELD_FLAG_LITTLE_ENDIAN ? CSKI_LITTLE_ENDIAN : CSKI_HOST_ORDER;
}

static unsigned width(const struct csk_field *field)
{
    return field->bits > 0 ? field->bits : field->size * 8u;
}

bool cski_field_is_signed(const struct csk_field *field)
{
    return field->kind == CSK_FIELD_INT || field->kind == CSK_FIELD_FD ||
           field->kind == CSK_FIELD_IFINDEX || (field->flags & CSK_FIELD_FLAG_SIGNED);
}

uint64_t cski_field_number(const struct csk_field *field, const unsigned char *data)
{
    uint64_t number = cski_load(data, field->size, order_of(field));

    if (field->bits > 0)
        number = number >> low_bit(field) & ((UINT64_C(1) << field->bits) - 1);
    return number;
}

int64_t cski_field_signed(const struct csk_field *field, const unsigned char *data)
{
    uint64_t number = cski_field_number(field, data);
    unsigned bits = width(field);

    if (cski_field_is_signed(field) && bits < 64 && (number >> (bits - 1) & 1))
        number |= ~UINT64_C(0) << bits;
    return (int64_t)number;
}

/* Whether a number, negative ones wrapped around, fits into the field's bits. */
static bool fits(const struct csk_field *field, uint64_t number)
{
    unsigned bits = width(field);
    int64_t as_signed = (int64_t)number;

    if (bits >= 64)
        return true;
    if (cski_field_is_signed(field))
        return as_signed >= -(INT64_C(1) << (bits - 1)) && as_signed < INT64_C(1) << (bits - 1);
    /* The range of negative numbers is that of a signed number of this size: C programs pass -1 for
     * "all". */
    if (field->flags & CSK_FIELD_FLAG_WRAPS && as_signed < 0)
        return as_signed >= -(INT64_C(1) << (bits - 1));
    return number >> bits == 0;
}

bool cski_field_store(const struct csk_field *field, unsigned char *data, uint64_t number)
{
    uint64_t mask, whole;
    unsigned shift;

    if (!fits(field, number))
        return false;
    if (field->bits == 0) {
        cski_store(data, field->size, order_of(field), number);
        return true;
    }
    shift = low_bit(field);
    mask = ((UINT64_C(1) << field->bits) - 1) << shift;
    whole = cski_load(data, field->size, order_of(field)) & ~mask;
    cski_store(data, field->size, order_of(field), whole | (number << shift & mask));
    return true;
}

bool cski_field_is_hidden(const struct csk_field *field)
{
    if (field->flags & (CSK_FIELD_FLAG_COUNT | CSK_FIELD_FLAG_LENGTH))
        return !(field->flags & CSK_FIELD_FLAG_INPUT);
    return field->flags & CSK_FIELD_FLAG_HIDDEN;
}

bool cski_field_is_number(const struct csk_field *field)
{
    switch (field->kind) {
    case CSK_FIELD_LENGTH:
    case CSK_FIELD_BOOL:
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT:
    case CSK_FIELD_TIME:
    case CSK_FIELD_FD:
    case CSK_FIELD_IFINDEX:
    case CSK_FIELD_IFNAME:
    case CSK_FIELD_CONTROL: return true;
    default: return false;
    }
}

bool cski_field_is_array(const struct csk_field *field)
{
    return (field->flags & CSK_FIELD_FLAG_TAIL) && field->kind != CSK_FIELD_BYTES &&
           field->kind != CSK_FIELD_SOCKADDRS;
}

bool cski_field_is_open(const struct csk_field *field)
{
    return (field->flags & (CSK_FIELD_FLAG_VARIABLE | CSK_FIELD_FLAG_TAIL)) &&
           !cski_field_is_array(field);
}

uint64_t cski_field_greatest(const struct csk_field *field)
{
    if (field->flags & CSK_FIELD_FLAG_RANGE && field->max >= 0)
        return (uint64_t)field->max;
    return width(field) >= 64 ? UINT64_MAX : UINT64_MAX >> (64 - width(field));
}

int cski_field_check(const struct csk_field *field, uint64_t number, bool negative)
{
    bool large = !negative && number > INT64_MAX;
    uint64_t ranged = number & ~field->extra_bits;

    if (negative && !cski_field_is_signed(field))
        return field->flags & CSK_FIELD_FLAG_WRAPS && fits(field, number) ? 0 : CSKI_OUT_OF_RANGE;
    /* fits() treats it as a negative number. */
    if (large && (cski_field_is_signed(field) || width(field) < 64))
        return CSKI_OUT_OF_RANGE;
    if ((field->flags & CSK_FIELD_FLAG_RANGE) &&
        ((!negative && ranged > INT64_MAX) || (int64_t)ranged < field->min ||
         (int64_t)ranged > field->max))
        return CSKI_OUT_OF_RANGE;
    return fits(field, number) ? 0 : CSKI_OUT_OF_RANGE;
}
