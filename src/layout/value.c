/* One field of a layout as a value. */
#include "layout/layout.h"

#include <string.h>

static void get_number(const struct csk_field *f, const unsigned char *data,
                       struct csk_value *value)
{
    if (!cski_field_is_signed(f) && f->kind != CSK_FIELD_BOOL && f->kind != CSK_FIELD_TIME &&
        f->kind != CSK_FIELD_LENGTH) {
        value->kind = CSK_VALUE_UINT;
        value->u = cski_field_number(f, data);
        return;
    }
    value->kind = CSK_VALUE_INT;
    value->i = cski_field_signed(f, data);
    if (f->kind == CSK_FIELD_BOOL)
        value->i = value->i != 0;
    if (f->kind == CSK_FIELD_TIME)
        value->i = cski_times(value->i, f->scale);
}

static bool is_bytes(const struct csk_field *field)
{
    return field->kind == CSK_FIELD_BYTES || field->kind == CSK_FIELD_FILTER ||
           field->kind == CSK_FIELD_STRUCT;
}

void cski_value_get(const struct csk_layout *layout, unsigned field, size_t place,
                    const unsigned char *bytes, size_t count, struct csk_value *value, char *text)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    const unsigned char *data = bytes + place;
    struct cski_out out;

    if (cski_field_is_number(f) && f->kind != CSK_FIELD_IFNAME) {
        get_number(f, data, value);
        return;
    }
    if (f->kind == CSK_FIELD_TIMEVAL) {
        value->kind = CSK_VALUE_INT;
        value->i = cski_load_timeval(data, f->size, cski_timeval_unit(f));
        return;
    }
    value->kind = is_bytes(f) ? CSK_VALUE_BYTES : CSK_VALUE_TEXT;
    value->data = (const char *)data;
    value->size = cski_value_size(layout, field, place, bytes, count);
    if (value->kind == CSK_VALUE_TEXT && f->kind != CSK_FIELD_TEXT) {
        cski_out_init(&out, text, CSK_VALUE_TEXT_MAX);
        cski_field_format(f, data, value->size, CSKI_SPECIAL_ALONE, &out);
        value->data = text;
        value->size = strlen(text);
    }
}

/* Write a sequence of structs; return their length, or a negative code. */
static int put_structs(const struct csk_field *f, unsigned char *data, size_t space,
                       const struct csk_value *value, struct csk_error *error)
{
    const struct csk_layout *layout = cski_field_layout(f);
    bool fixed = layout->variant_count == 0 && !cski_layout_tail(layout);

    if (value->kind != CSK_VALUE_BYTES || value->size > space || value->size < layout->min_size ||
        (fixed && value->size % layout->size != 0))
        return cski_field_refuse(f, value, CSKI_REFUSED, error);
    if (value->size > 0)
        memcpy(data, value->data, value->size);
    return (int)value->size;
}

static int set_structs(const struct csk_layout *layout, unsigned field, size_t index,
                       unsigned char *bytes, size_t size, size_t *count,
                       const struct csk_value *value, struct csk_error *error)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    size_t at = cski_value_place(layout, field, index, bytes, *count), before, end;
    int n;

    if (at > size)
        return cski_fail(error, CSK_ESPACE, "no space for %s", f->name);
    before = at < *count ? cski_value_size(layout, field, at, bytes, *count) : 0;
    if (at > *count)
        memset(bytes + *count, 0, at - *count);
    n = put_structs(f, bytes + at, size - at, value, error);
    if (n < 0)
        return n;
    end = at + (size_t)n;
    if (end > *count || (size_t)n != before)
        *count = end;
    return cski_layout_update(layout, field, bytes, size, count, (size_t)n, error);
}

/* Whether text or bytes of variable length have a valid length. */
static bool length_fits(const struct csk_field *f, int used)
{
    if (!(f->flags & CSK_FIELD_FLAG_RANGE) ||
        (f->kind != CSK_FIELD_TEXT && f->kind != CSK_FIELD_BYTES))
        return true;
    return used >= f->min && used <= f->max;
}

/* In a copy: a failure changes nothing, and the other parts of a number are kept. */
static int put_fixed(const struct csk_field *f, unsigned char *data, size_t space,
                     const struct csk_value *value)
{
    unsigned char copy[256] = { 0 };
    int used;

    if (f->bits > 0)
        memcpy(copy, data, f->size);
    used = cski_field_put(f, -1, copy, space, value);
    if (used >= 0 && length_fits(f, used))
        memcpy(data, copy, f->size);
    return used;
}

int cski_value_set(const struct csk_layout *layout, unsigned field, size_t index,
                   unsigned char *bytes, size_t size, size_t *count, const struct csk_value *value,
                   struct csk_error *error)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    bool open = cski_field_is_open(f);
    size_t at, space, end;
    int used;

    if (f->kind == CSK_FIELD_STRUCT)
        return set_structs(layout, field, index, bytes, size, count, value, error);
    at = cski_value_place(layout, field, index, bytes, *count);
    space = at < size ? size - at : 0;
    if (space > f->size && (f->size > 1 || !open))
        space = f->size;
    if (!open && space < f->size)
        return cski_fail(error, CSK_ESPACE, "no space for %s", f->name);
    used = open ? cski_field_put(f, -1, bytes + at, space, value)
                : put_fixed(f, bytes + at, space, value);
    if (used < 0 || !length_fits(f, used))
        return cski_field_refuse(f, value, used, error);
    end = at + (open ? (size_t)used : f->size);
    if (end > *count || open)
        *count = end;
    return cski_layout_update(layout, field, bytes, size, count, (size_t)used, error);
}
