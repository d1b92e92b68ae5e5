/* Values that contain their length, and sequences of values: lists, structs at the end of structs.
 * Lengths come from the kernel or from a peer: none is trusted beyond the end of the bytes. */
#include "layout/layout.h"

#include <string.h>

size_t cski_align(const struct csk_layout *layout, size_t size)
{
    return layout->align > 1 ? (size + layout->align - 1) / layout->align * layout->align : size;
}

const struct csk_field *cski_layout_tail(const struct csk_layout *layout)
{
    const struct csk_field *last = layout->count > 0 ? &cski_fields(layout)[layout->count - 1]
                                                     : NULL;

    return last && (last->flags & CSK_FIELD_FLAG_TAIL) ? last : NULL;
}

bool cski_layout_is_plain(const struct csk_layout *layout)
{
    return layout->count == 0 || (layout->count == 1 && cski_fields(layout)[0].name[0] == '\0');
}

const struct csk_layout *cski_layout_select(const struct csk_layout *layout,
                                            const unsigned char *bytes, size_t count)
{
    const struct cski_variant *variants = cski_at_offset(layout, layout->variants);
    const struct csk_field *selector;
    uint64_t number;
    unsigned i;

    if (layout->selector < 0)
        return layout;
    selector = &cski_fields(layout)[layout->selector];
    if (count < (size_t)selector->offset + selector->size)
        return layout;
    number = cski_field_number(selector, bytes + selector->offset);
    for (i = 0; i < layout->variant_count; i++) {
        if (variants[i].number == number)
            return cski_at_offset(&variants[i], variants[i].layout);
    }
    return layout;
}

const struct csk_field *cski_layout_counter(const struct csk_layout *layout, unsigned field,
                                            uint32_t flag)
{
    unsigned i;

    for (i = 0; i < layout->count; i++) {
        if ((cski_fields(layout)[i].flags & flag) && cski_fields(layout)[i].other == field)
            return &cski_fields(layout)[i];
    }
    return NULL;
}

size_t cski_length_end(const struct csk_field *length, const unsigned char *bytes)
{
    uint64_t number = cski_field_number(length, bytes + length->offset);
    uint64_t most = (SIZE_MAX / 4 - length->base) / (uint64_t)length->scale;

    return length->base + (size_t)((number < most ? number : most) * (uint64_t)length->scale);
}

/* The field with the length of another one, if the bytes include it. */
static const struct csk_field *length_of(const struct csk_layout *layout, unsigned field,
                                         size_t count)
{
    const struct csk_field *length = cski_layout_counter(layout, field, CSK_FIELD_FLAG_LENGTH);

    return length && count >= (size_t)length->offset + length->size ? length : NULL;
}

/* The limit of a field: the end of the bytes, or its length. */
static size_t end_of(const struct csk_layout *layout, unsigned field, const unsigned char *bytes,
                     size_t count)
{
    const struct csk_field *length = length_of(layout, field, count);
    size_t end = length ? cski_length_end(length, bytes) : count;

    return end < count ? end : count;
}

size_t cski_layout_span(const struct csk_layout *layout, const unsigned char *bytes, size_t count)
{
    const struct csk_layout *selected;
    size_t span;

    if (count == 0)
        return 0;
    selected = cski_layout_select(layout, bytes, count);
    span = selected->size;
    if (cski_layout_tail(selected))
        span = end_of(selected, selected->count - 1u, bytes, count);
    else if (count < selected->size)
        return 0;
    if (count < selected->min_size)
        return 0;
    /* A length smaller than the fixed part must not end the iteration. */
    span = cski_align(layout, span < selected->size ? selected->size : span);
    return span < count ? span : count;
}

/* Whether all structs of a field have the same length. */
static bool is_regular(const struct csk_field *field)
{
    return field->kind != CSK_FIELD_STRUCT || (cski_field_layout(field)->variant_count == 0 &&
                                               !cski_layout_tail(cski_field_layout(field)));
}

size_t cski_value_place(const struct csk_layout *layout, unsigned field, size_t index,
                        const unsigned char *bytes, size_t count)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    size_t at = f->offset, span;

    if (!cski_field_is_array(f))
        return at;
    if (is_regular(f))
        return index < SIZE_MAX / 4 / f->size ? at + index * f->size : SIZE_MAX / 4;
    while (index-- > 0 && at < count &&
           (span = cski_layout_span(cski_field_layout(f), bytes + at, count - at)) > 0)
        at += span;
    return f->offset + cski_align(cski_field_layout(f), at - f->offset);
}

size_t cski_value_size(const struct csk_layout *layout, unsigned field, size_t place,
                       const unsigned char *bytes, size_t count)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    bool array = cski_field_is_array(f);
    bool open = !array && (f->flags & (CSK_FIELD_FLAG_VARIABLE | CSK_FIELD_FLAG_TAIL));
    size_t end, size = f->size;

    if (f->kind == CSK_FIELD_STRUCT && !is_regular(f))
        return place < count ? cski_layout_span(cski_field_layout(f), bytes + place, count - place)
                             : 0;
    if (array)
        return size;
    end = end_of(layout, field, bytes, count);
    if ((open && f->size <= 1) || end < place + size)
        size = end > place ? end - place : 0;
    return open || length_of(layout, field, count) ? size : f->size;
}

size_t cski_value_count(const struct csk_layout *layout, unsigned field, const unsigned char *bytes,
                        size_t count)
{
    const struct csk_field *f;
    size_t at, n = 0, span;

    f = &cski_fields(layout)[field];
    if (!cski_field_is_array(f))
        return f->flags & (CSK_FIELD_FLAG_VARIABLE | CSK_FIELD_FLAG_TAIL)
                   ? count >= f->offset
                   : count >= (size_t)f->offset + f->size;
    if (!bytes || is_regular(f))
        return count > f->offset ? (count - f->offset) / f->size : 0;
    for (at = f->offset;
         at < count && (span = cski_layout_span(cski_field_layout(f), bytes + at, count - at)) > 0;
         at += span)
        n++;
    return n;
}

/* Zeroes up to the end of the last unit of a length. */
static bool fill_up(const struct csk_field *length, unsigned char *bytes, size_t size,
                    size_t *count)
{
    size_t end = cski_length_end(length, bytes);

    if (end > size)
        return false;
    if (end > *count) {
        memset(bytes + *count, 0, end - *count);
        *count = end;
    }
    return true;
}

static bool update(const struct csk_layout *layout, unsigned field, unsigned char *bytes,
                   size_t size, size_t *count, size_t used)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    const struct csk_field *number = cski_layout_counter(layout, field, CSK_FIELD_FLAG_COUNT);
    const struct csk_field *length = cski_layout_counter(layout, field, CSK_FIELD_FLAG_LENGTH);
    size_t end = f->flags & CSK_FIELD_FLAG_TAIL ? *count : f->offset + used;

    if (number && *count >= (size_t)number->offset + number->size &&
        !cski_field_store(number, bytes + number->offset,
                          cski_value_count(layout, field, bytes, *count)))
        return false;
    if (!length || *count < (size_t)length->offset + length->size)
        return true;
    end = end > length->base ? end - length->base : 0;
    if (!cski_field_store(length, bytes + length->offset,
                          (end + (size_t)length->scale - 1) / (size_t)length->scale))
        return false;
    return length->scale == 1 || fill_up(length, bytes, size, count);
}

int cski_layout_update(const struct csk_layout *layout, unsigned field, unsigned char *bytes,
                       size_t size, size_t *count, size_t used, struct csk_error *error)
{
    unsigned last = layout->count - 1u;
    const struct csk_field *counter = cski_layout_counter(
        layout, last, CSK_FIELD_FLAG_COUNT | CSK_FIELD_FLAG_LENGTH);

    if (!update(layout, field, bytes, size, count, used))
        return cski_fail(error, CSK_EOPTVALUE, "has no space for so much %s",
                         cski_fields(layout)[field].name);
    /* Of an empty tail as well, unless the caller sets its length. */
    if (field != last && cski_layout_tail(layout) && counter &&
        !(counter->flags & CSK_FIELD_FLAG_INPUT))
        update(layout, last, bytes, size, count, 0);
    return 0;
}

void cski_layout_preset(const struct csk_layout *layout, unsigned char *bytes, size_t size)
{
    unsigned i;

    for (i = 0; i < layout->count; i++) {
        const struct csk_field *f = &cski_fields(layout)[i];

        if ((f->flags & CSK_FIELD_FLAG_PRESET) && (size_t)f->offset + f->size <= size)
            cski_field_store(f, bytes + f->offset, f->preset);
    }
}

void cski_layout_capacity(const struct csk_layout *layout, unsigned char *bytes, size_t size)
{
    unsigned i;

    for (i = 0; i < layout->count; i++) {
        const struct csk_field *f = &cski_fields(layout)[i];

        if ((f->flags & CSK_FIELD_FLAG_COUNT) && !(f->flags & CSK_FIELD_FLAG_INPUT) &&
            (size_t)f->offset + f->size <= size)
            cski_field_store(f, bytes + f->offset, cski_value_count(layout, f->other, NULL, size));
    }
}
