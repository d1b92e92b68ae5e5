/* Values that say how long they are, and values one after the other: lists, structs at the end of
 * structs.  Lengths come from the kernel or from a stranger: none is believed beyond the bytes. */
#include "layout/codec.h"

#include <string.h>

size_t cski_align(const struct csk_optlayout *layout, size_t size)
{
    return layout->align > 1 ? (size + layout->align - 1) / layout->align * layout->align : size;
}

const struct csk_optfield *cski_layout_tail(const struct csk_optlayout *layout)
{
    const struct csk_optfield *last = layout->count > 0 ? &layout->fields[layout->count - 1] : NULL;

    return last != NULL && (last->flags & CSK_OPTF_TAIL) ? last : NULL;
}

const struct csk_optfield *cski_layout_keeper(const struct csk_optlayout *layout, unsigned field,
                                              uint32_t flag)
{
    unsigned i;

    for (i = 0; i < layout->count; i++) {
        if ((layout->fields[i].flags & flag) && layout->fields[i].other == field)
            return &layout->fields[i];
    }
    return NULL;
}

size_t cski_length_end(const struct csk_optfield *length, const unsigned char *bytes)
{
    uint64_t number = cski_slot_number(length, bytes + length->offset);
    uint64_t most = (SIZE_MAX / 4 - length->base) / (uint64_t)length->scale;

    return length->base + (size_t)((number < most ? number : most) * (uint64_t)length->scale);
}

/* The field that says how long another one is, if the bytes reach to it. */
static const struct csk_optfield *length_of(const struct csk_optlayout *layout, unsigned field,
                                            size_t count)
{
    const struct csk_optfield *length = cski_layout_keeper(layout, field, CSK_OPTF_LEN);

    return length != NULL && count >= (size_t)length->offset + length->size ? length : NULL;
}

/* Where a field ends at the latest: with the bytes, or where its length says. */
static size_t end_of(const struct csk_optlayout *layout, unsigned field, const unsigned char *bytes,
                     size_t count)
{
    const struct csk_optfield *length = length_of(layout, field, count);
    size_t end = length != NULL ? cski_length_end(length, bytes) : count;

    return end < count ? end : count;
}

size_t csk_optlayout_span(const struct csk_optlayout *layout, const void *bytes, size_t count)
{
    const struct csk_optlayout *form;
    size_t span;

    if (layout == NULL || bytes == NULL || count == 0)
        return 0;
    form = csk_optlayout_of(layout, bytes, count);
    span = form->size;
    if (cski_layout_tail(form) != NULL)
        span = end_of(form, form->count - 1u, bytes, count);
    else if (count < form->size)
        return 0;
    if (count < form->min_size)
        return 0;
    /* A length that says less than the fixed part must not stop the walk. */
    span = cski_align(layout, span < form->size ? form->size : span);
    return span < count ? span : count;
}

/* Whether all structs of a field are of one length. */
static bool is_regular(const struct csk_optfield *field)
{
    return field->kind != CSK_OPT_STRUCT ||
           (field->layout->variant_count == 0 && cski_layout_tail(field->layout) == NULL);
}

size_t cski_slot_place(const struct csk_optlayout *layout, unsigned field, size_t index,
                       const unsigned char *bytes, size_t count)
{
    const struct csk_optfield *f = &layout->fields[field];
    size_t at = f->offset, span;

    if (!cski_field_is_array(f))
        return at;
    if (is_regular(f))
        return index < SIZE_MAX / 4 / f->size ? at + index * f->size : SIZE_MAX / 4;
    while (index-- > 0 && at < count &&
           (span = csk_optlayout_span(f->layout, bytes + at, count - at)) > 0)
        at += span;
    return f->offset + cski_align(f->layout, at - f->offset);
}

size_t cski_slot_bytes(const struct csk_optlayout *layout, unsigned field, size_t place,
                       const unsigned char *bytes, size_t count)
{
    const struct csk_optfield *f = &layout->fields[field];
    bool array = cski_field_is_array(f);
    bool open = !array && (f->flags & (CSK_OPTF_VARIABLE | CSK_OPTF_TAIL));
    size_t end, size = f->size;

    if (f->kind == CSK_OPT_STRUCT && !is_regular(f))
        return place < count ? csk_optlayout_span(f->layout, bytes + place, count - place) : 0;
    if (array)
        return size;
    end = end_of(layout, field, bytes, count);
    if ((open && f->size <= 1) || end < place + size)
        size = end > place ? end - place : 0;
    return open || length_of(layout, field, count) != NULL ? size : f->size;
}

size_t csk_optvalue_count(const struct csk_optlayout *layout, unsigned field, const void *bytes,
                          size_t count)
{
    const struct csk_optfield *f;
    const unsigned char *data = bytes;
    size_t at, n = 0, span;

    if (layout == NULL || field >= layout->count)
        return 0;
    f = &layout->fields[field];
    if (!cski_field_is_array(f))
        return f->flags & (CSK_OPTF_VARIABLE | CSK_OPTF_TAIL)
                   ? count >= f->offset
                   : count >= (size_t)f->offset + f->size;
    if (bytes == NULL || is_regular(f))
        return count > f->offset ? (count - f->offset) / f->size : 0;
    for (at = f->offset;
         at < count && (span = csk_optlayout_span(f->layout, data + at, count - at)) > 0;
         at += span)
        n++;
    return n;
}

/* Zeroes up to the end of the last unit of a length. */
static bool fill_up(const struct csk_optfield *length, unsigned char *bytes, size_t size,
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

bool cski_layout_keep(const struct csk_optlayout *layout, unsigned field, unsigned char *bytes,
                      size_t size, size_t *count, size_t used)
{
    const struct csk_optfield *f = &layout->fields[field];
    const struct csk_optfield *number = cski_layout_keeper(layout, field, CSK_OPTF_COUNT);
    const struct csk_optfield *length = cski_layout_keeper(layout, field, CSK_OPTF_LEN);
    size_t end = f->flags & CSK_OPTF_TAIL ? *count : f->offset + used;

    if (number != NULL && *count >= (size_t)number->offset + number->size &&
        !cski_slot_set_number(number, bytes + number->offset,
                              csk_optvalue_count(layout, field, bytes, *count)))
        return false;
    if (length == NULL || *count < (size_t)length->offset + length->size)
        return true;
    end = end > length->base ? end - length->base : 0;
    if (!cski_slot_set_number(length, bytes + length->offset,
                              (end + (size_t)length->scale - 1) / (size_t)length->scale))
        return false;
    return length->scale == 1 || fill_up(length, bytes, size, count);
}
