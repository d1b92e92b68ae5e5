/* One field of an option's value in memory, and as a number or text that a program works with. */
#include "layout/codec.h"

#include <stdio.h>
#include <string.h>

/* Where a part of a number begins, counted from the low bit. */
static unsigned low_bit(const struct csk_optfield *field)
{
    static const union {
        uint16_t number;
        uint8_t first;
    } order = { 1 };

    /* C compilers give the first bit-field the low bits on little-endian machines only. */
    if ((field->flags & CSK_OPTF_BITFIELD) && order.first == 0)
        return field->size * 8u - field->shift - field->bits;
    return field->shift;
}

static bool is_big_endian(const struct csk_optfield *field)
{
    const uint16_t one = 1;
    unsigned char first;

    memcpy(&first, &one, 1);
    if (field->flags & CSK_OPTF_NET)
        return true;
    return !(field->flags & CSK_OPTF_LE) && first == 0;
}

/* A number of size 1 to 8, all of it. */
static uint64_t load(const struct csk_optfield *field, const unsigned char *data)
{
    bool big = is_big_endian(field);
    uint64_t number = 0;
    unsigned i;

    for (i = 0; i < field->size; i++)
        number = number << 8 | data[big ? i : field->size - 1 - i];
    return number;
}

static void store(const struct csk_optfield *field, unsigned char *data, uint64_t number)
{
    bool big = is_big_endian(field);
    unsigned i;

    for (i = 0; i < field->size; i++, number >>= 8)
        data[big ? field->size - 1 - i : i] = (unsigned char)number;
}

static unsigned width(const struct csk_optfield *field)
{
    return field->bits > 0 ? field->bits : field->size * 8u;
}

bool cski_field_is_signed(const struct csk_optfield *field)
{
    return field->kind == CSK_OPT_INT || field->kind == CSK_OPT_FD ||
           field->kind == CSK_OPT_IFINDEX || (field->flags & CSK_OPTF_SIGNED);
}

uint64_t cski_slot_number(const struct csk_optfield *field, const unsigned char *data)
{
    uint64_t number = load(field, data);

    if (field->bits > 0)
        number = number >> low_bit(field) & ((UINT64_C(1) << field->bits) - 1);
    return number;
}

int64_t cski_slot_signed(const struct csk_optfield *field, const unsigned char *data)
{
    uint64_t number = cski_slot_number(field, data);
    unsigned bits = width(field);

    if (cski_field_is_signed(field) && bits < 64 && (number >> (bits - 1) & 1))
        number |= ~UINT64_C(0) << bits;
    return (int64_t)number;
}

/* Whether a number, negative ones wrapped round, fits in the field's bits. */
static bool fits(const struct csk_optfield *field, uint64_t number)
{
    unsigned bits = width(field);
    int64_t as_signed = (int64_t)number;

    if (bits >= 64)
        return true;
    if (cski_field_is_signed(field))
        return as_signed >= -(INT64_C(1) << (bits - 1)) && as_signed < INT64_C(1) << (bits - 1);
    return number >> bits == 0;
}

bool cski_slot_set_number(const struct csk_optfield *field, unsigned char *data, uint64_t number)
{
    uint64_t mask, whole;
    unsigned shift;

    if (!fits(field, number))
        return false;
    if (field->bits == 0) {
        store(field, data, number);
        return true;
    }
    shift = low_bit(field);
    mask = ((UINT64_C(1) << field->bits) - 1) << shift;
    whole = load(field, data) & ~mask;
    store(field, data, whole | (number << shift & mask));
    return true;
}

bool cski_field_is_hidden(const struct csk_optfield *field)
{
    if (field->flags & (CSK_OPTF_COUNT | CSK_OPTF_LEN))
        return !(field->flags & CSK_OPTF_INPUT);
    return field->flags & CSK_OPTF_HIDDEN;
}

bool cski_field_is_number(const struct csk_optfield *field)
{
    switch (field->kind) {
    case CSK_OPT_LENGTH:
    case CSK_OPT_BOOL:
    case CSK_OPT_INT:
    case CSK_OPT_UINT:
    case CSK_OPT_TIME:
    case CSK_OPT_FD:
    case CSK_OPT_IFINDEX: return true;
    default: return false;
    }
}

uint64_t cski_field_greatest(const struct csk_optfield *field)
{
    return UINT64_MAX >> (64 - width(field));
}

int64_t cski_times(int64_t number, int64_t scale)
{
    int64_t product;

    if (__builtin_mul_overflow(number, scale, &product))
        return number < 0 ? INT64_MIN : INT64_MAX;
    return product;
}

/* struct timeval of two longs (size 2 * sizeof(long)) or of two 64-bit numbers. */
static int64_t load_timeval(const struct csk_optfield *field, const unsigned char *data)
{
    struct csk_optfield half = *field;
    int64_t seconds, micros;

    half.size = field->size / 2;
    half.flags = CSK_OPTF_SIGNED;
    seconds = cski_slot_signed(&half, data);
    micros = cski_slot_signed(&half, data + half.size);
    seconds = cski_times(seconds, 1000000000);
    micros = cski_times(micros, 1000);
    if (__builtin_add_overflow(seconds, micros, &micros))
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    return micros;
}

static bool store_timeval(const struct csk_optfield *field, unsigned char *data, int64_t ns)
{
    struct csk_optfield half = *field;
    int64_t seconds = ns / 1000000000, rest = ns % 1000000000;

    half.size = field->size / 2;
    half.flags = CSK_OPTF_SIGNED;
    /* The kernel counts microseconds; less than one must not become "no limit". */
    rest = (rest + 999) / 1000;
    if (rest == 1000000) {
        seconds++;
        rest = 0;
    }
    return ns >= 0 && cski_slot_set_number(&half, data, (uint64_t)seconds) &&
           cski_slot_set_number(&half, data + half.size, (uint64_t)rest);
}

static const struct csk_optfield *field_at(const struct csk_optlayout *layout, unsigned field)
{
    return layout != NULL && field < layout->count ? &layout->fields[field] : NULL;
}

bool cski_field_is_array(const struct csk_optfield *field)
{
    return (field->flags & CSK_OPTF_TAIL) && field->kind != CSK_OPT_BYTES &&
           field->kind != CSK_OPT_SOCKADDRS;
}

/* Whether the value is as long as it is: text, bytes to the end. */
static bool is_open(const struct csk_optfield *field)
{
    return (field->flags & (CSK_OPTF_VARIABLE | CSK_OPTF_TAIL)) && !cski_field_is_array(field);
}

static void value_of_number(const struct csk_optfield *f, const unsigned char *data,
                            struct csk_value *value)
{
    value->kind = CSK_VALUE_INT;
    value->i = cski_slot_signed(f, data);
    if (f->kind == CSK_OPT_BOOL)
        value->i = value->i != 0;
    if (f->kind == CSK_OPT_TIME)
        value->i = cski_times(value->i, f->scale);
    if (f->kind == CSK_OPT_UINT) {
        value->kind = CSK_VALUE_UINT;
        value->u = cski_slot_number(f, data);
    }
}

static bool is_bytes(const struct csk_optfield *field)
{
    return field->kind == CSK_OPT_BYTES || field->kind == CSK_OPT_FILTER ||
           field->kind == CSK_OPT_STRUCT;
}

int csk_optvalue_get(const struct csk_optlayout *layout, unsigned field, size_t index,
                     const void *bytes, size_t count, struct csk_value *value,
                     char text[CSK_ADDR_TEXT_MAX])
{
    const struct csk_optfield *f = field_at(layout, field);
    const unsigned char *data = bytes;
    struct cski_out out;
    size_t at;

    if (layout == NULL || (bytes == NULL && count > 0) || value == NULL || text == NULL)
        return CSK_ENULL;
    if (f == NULL)
        return CSK_EOPTVALUE;
    memset(value, 0, sizeof *value);
    value->kind = CSK_VALUE_NONE;
    if (index >= csk_optvalue_count(layout, field, bytes, count))
        return 0;
    at = cski_slot_place(layout, field, index, bytes, count);
    data += at;
    if (cski_field_is_number(f)) {
        value_of_number(f, data, value);
    } else if (f->kind == CSK_OPT_TIMEVAL) {
        value->kind = CSK_VALUE_INT;
        value->i = load_timeval(f, data);
    } else {
        value->kind = is_bytes(f) ? CSK_VALUE_BYTES : CSK_VALUE_TEXT;
        value->data = (const char *)data;
        value->size = cski_slot_bytes(layout, field, at, bytes, count);
        if (value->kind == CSK_VALUE_TEXT && f->kind != CSK_OPT_TEXT) {
            cski_out_init(&out, text, CSK_ADDR_TEXT_MAX);
            cski_field_format(f, data, value->size, true, &out);
            value->data = text;
            value->size = strlen(text);
        }
    }
    return 0;
}

/* A number of a program into a field; false where it does not fit. */
static bool put_number(const struct csk_optfield *f, unsigned char *data,
                       const struct csk_value *value)
{
    bool big = value->kind == CSK_VALUE_UINT && value->u > INT64_MAX;
    int64_t number = value->i;

    if (f->kind == CSK_OPT_TIMEVAL)
        return !big && store_timeval(f, data, number);
    if (f->kind == CSK_OPT_TIME) {
        if (big || number % f->scale != 0)
            return false;
        number /= f->scale;
    }
    if (f->kind == CSK_OPT_BOOL && (number < 0 || number > 1))
        return false;
    if (cski_field_is_signed(f) ? big : !big && number < 0)
        return false;
    if ((f->flags & CSK_OPTF_RANGE) && (big || number < f->min || number > f->max))
        return false;
    return cski_slot_set_number(f, data, (uint64_t)number);
}

static int copy_bytes(unsigned char *data, const struct csk_value *value)
{
    if (value->size > 0)
        memcpy(data, value->data, value->size);
    return (int)value->size;
}

/* A value of a program into the bytes of one field: bytes used, or negative. */
static int put(const struct csk_optfield *f, unsigned char *data, size_t room,
               const struct csk_value *value)
{
    bool alone = f->name[0] == '\0';

    if (value->kind == CSK_VALUE_INT || value->kind == CSK_VALUE_UINT) {
        if (!cski_field_is_number(f) && f->kind != CSK_OPT_TIMEVAL)
            return -1;
        return room >= f->size && put_number(f, data, value) ? (int)f->size : -1;
    }
    if (value->kind == CSK_VALUE_TEXT && f->kind == CSK_OPT_TEXT) {
        if (value->size > room ||
            (value->size > 0 && memchr(value->data, '\0', value->size) != NULL))
            return -1;
        return copy_bytes(data, value);
    }
    if (value->kind == CSK_VALUE_TEXT)
        return cski_field_parse(f, (struct cski_in){ value->data, value->size }, alone, data, room);
    if (value->kind == CSK_VALUE_BYTES &&
        (f->kind == CSK_OPT_BYTES || f->kind == CSK_OPT_FILTER || f->kind == CSK_OPT_TEXT)) {
        return value->size > room ? -1 : copy_bytes(data, value);
    }
    return -1;
}

/* How long a value of any length may be. */
static bool length_fits(const struct csk_optfield *f, int used)
{
    if (!(f->flags & CSK_OPTF_RANGE) || (f->kind != CSK_OPT_TEXT && f->kind != CSK_OPT_BYTES))
        return true;
    return used >= f->min && used <= f->max;
}

/* Bytes of what a field accepts that an error has room for. */
#define CUT 160

static int refuse(const struct csk_optfield *f, const struct csk_value *value,
                  struct csk_error *error)
{
    char text[CUT + sizeof "..."], *end;
    struct cski_out out;

    cski_out_init(&out, text, CUT);
    cski_field_accepts(f, &out);
    if (out.used >= CUT && (end = strrchr(text, f->flags & CSK_OPTF_BITFLAGS ? '|' : ' ')) != NULL)
        memcpy(end, "...", sizeof "..."); /* a list of names is cut between two of them */
    if (value->kind == CSK_VALUE_TEXT) {
        struct cski_in wrong = { value->data, value->size };

        /* Of a whole program say where. */
        if (f->kind == CSK_OPT_FILTER)
            cski_filter_parse(wrong, NULL, 0, &wrong);
        return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s, not \"%.*s\"", f->name,
                         f->name[0] ? " " : "", text, (int)(wrong.size < 60 ? wrong.size : 60),
                         wrong.text);
    }
    if (value->kind == CSK_VALUE_INT) {
        bool time = f->kind == CSK_OPT_TIME || f->kind == CSK_OPT_TIMEVAL;
        char given[32];

        /* No unit has the name of 10 ms. */
        if (time && (f->kind == CSK_OPT_TIMEVAL || f->scale == 10000000 || value->i % f->scale))
            snprintf(given, sizeof given, "%.10gs", (double)value->i / 1e9);
        else
            snprintf(given, sizeof given, "%lld%s",
                     (long long)(time ? value->i / f->scale : value->i), time ? f->unit : "");
        return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s, not %s", f->name,
                         f->name[0] ? " " : "", text, given);
    }
    if (value->kind == CSK_VALUE_BYTES)
        return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s, not %zu bytes", f->name,
                         f->name[0] ? " " : "", text, value->size);
    return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s", f->name, f->name[0] ? " " : "", text);
}

/* One of the structs that a value ends with. */
static int put_struct(const struct csk_optfield *f, unsigned char *data, size_t room,
                      const struct csk_value *value, struct csk_error *error)
{
    const struct csk_optlayout *layout = f->layout;
    bool fixed = layout->variant_count == 0 && cski_layout_tail(layout) == NULL;
    struct cski_in in = { value->data, value->size };

    if (value->kind == CSK_VALUE_TEXT)
        return cski_layout_parse(layout, in, data, room, error);
    if (value->kind != CSK_VALUE_BYTES || value->size > room || value->size < layout->min_size ||
        (fixed && value->size != layout->size))
        return refuse(f, value, error);
    return copy_bytes(data, value);
}

/* What the library keeps of a field that has changed, and of the last one, which may not have: that
 * is left alone where the caller says it. */
static int keep(const struct csk_optlayout *layout, unsigned field, unsigned char *bytes,
                size_t size, size_t *count, size_t used, struct csk_error *error)
{
    unsigned last = layout->count - 1u;
    const struct csk_optfield *number = cski_layout_keeper(layout, last,
                                                           CSK_OPTF_COUNT | CSK_OPTF_LEN);

    if (!cski_layout_keep(layout, field, bytes, size, count, used))
        return cski_fail(error, CSK_EOPTVALUE, "has no room for so much %s",
                         layout->fields[field].name);
    if (field != last && cski_layout_tail(layout) != NULL && number != NULL &&
        !(number->flags & CSK_OPTF_INPUT))
        cski_layout_keep(layout, last, bytes, size, count, 0);
    return 0;
}

static int set_struct(const struct csk_optlayout *layout, unsigned field, size_t index,
                      unsigned char *bytes, size_t size, size_t *count,
                      const struct csk_value *value, struct csk_error *error)
{
    const struct csk_optfield *f = &layout->fields[field];
    size_t at = cski_slot_place(layout, field, index, bytes, *count), before, end;
    int n;

    if (at > size)
        return cski_fail(error, CSK_ESPACE, "no room for %s", f->name);
    before = at < *count ? cski_slot_bytes(layout, field, at, bytes, *count) : 0;
    if (at > *count)
        memset(bytes + *count, 0, at - *count);
    n = put_struct(f, bytes + at, size - at, value, error);
    if (n < 0)
        return n;
    end = at + (size_t)n;
    if (end > *count || (size_t)n != before)
        *count = end;
    return keep(layout, field, bytes, size, count, (size_t)n, error);
}

int csk_optvalue_set(const struct csk_optlayout *layout, unsigned field, size_t index, void *bytes,
                     size_t size, size_t *count, const struct csk_value *value,
                     struct csk_error *error)
{
    const struct csk_optfield *f = field_at(layout, field);
    unsigned char copy[256], *data = bytes;
    size_t at, room, end;
    int used;

    if (layout == NULL || bytes == NULL || count == NULL || value == NULL)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if (f == NULL)
        return cski_fail(error, CSK_EOPTVALUE, "no such field");
    if (f->kind == CSK_OPT_STRUCT)
        return set_struct(layout, field, index, bytes, size, count, value, error);
    at = cski_slot_place(layout, field, index, bytes, *count);
    room = at < size ? size - at : 0;
    if (room > f->size && (f->size > 1 || !is_open(f)))
        room = f->size;
    if (!is_open(f) && room < f->size)
        return cski_fail(error, CSK_ESPACE, "no room for %s", f->name);
    if (is_open(f)) {
        used = put(f, data + at, room, value);
    } else {
        /* By way of a copy: a failure changes nothing, a part of a number keeps the other parts. */
        memset(copy, 0, sizeof copy);
        if (f->bits > 0)
            memcpy(copy, data + at, f->size);
        used = put(f, copy, room, value);
    }
    if (used < 0 || !length_fits(f, used))
        return refuse(f, value, error);
    if (!is_open(f))
        memcpy(data + at, copy, f->size);
    end = is_open(f) ? at + (size_t)used : at + f->size;
    if (end > *count || is_open(f))
        *count = end;
    return keep(layout, field, bytes, size, count, (size_t)used, error);
}

int csk_optvalue_text(const struct csk_optlayout *layout, unsigned field, size_t index,
                      const void *bytes, size_t count, char *text, size_t size)
{
    const struct csk_optfield *f = field_at(layout, field);
    struct cski_out out;

    if (layout == NULL || (bytes == NULL && count > 0) || (text == NULL && size > 0))
        return CSK_ENULL;
    if (f == NULL)
        return CSK_EOPTVALUE;
    cski_out_init(&out, text, size);
    if (index < csk_optvalue_count(layout, field, bytes, count)) {
        size_t at = cski_slot_place(layout, field, index, bytes, count);

        cski_field_format(f, (const unsigned char *)bytes + at,
                          cski_slot_bytes(layout, field, at, bytes, count), f->name[0] == '\0',
                          &out);
    }
    return (int)out.used;
}
