/* The public functions of layouts and fields. */
#include "layout/layout.h"

#include <string.h>

const char *csk_layout_name(const struct csk_layout *layout)
{
    return layout ? layout->name : "";
}

size_t csk_layout_size(const struct csk_layout *layout)
{
    return layout ? layout->size : 0;
}

size_t csk_layout_min_size(const struct csk_layout *layout)
{
    return layout ? layout->min_size : 0;
}

size_t csk_layout_align(const struct csk_layout *layout)
{
    return layout ? cski_align(layout, 1) : 0;
}

size_t csk_layout_field_count(const struct csk_layout *layout)
{
    return layout ? layout->count : 0;
}

const struct csk_field *csk_layout_field(const struct csk_layout *layout, size_t index)
{
    return layout && index < layout->count ? &cski_fields(layout)[index] : NULL;
}

int csk_layout_find(const struct csk_layout *layout, const char *name)
{
    struct cski_in wanted = { name, name ? strlen(name) : 0 };

    if (!layout || !name)
        return CSK_ENULL;
    for (unsigned i = 0; i < layout->count; i++) {
        const struct csk_field *field = &cski_fields(layout)[i];

        if (!cski_field_is_hidden(field) && cski_in_is(&wanted, field->name))
            return (int)i;
    }
    return CSK_EOPTVALUE;
}

bool csk_layout_is_plain(const struct csk_layout *layout)
{
    return layout && cski_layout_is_plain(layout);
}

const struct csk_layout *csk_layout_variant(const struct csk_layout *layout, size_t index)
{
    const struct cski_variant *variants;

    if (!layout || index >= layout->variant_count)
        return NULL;
    variants = cski_at_offset(layout, layout->variants);
    return cski_at_offset(&variants[index], variants[index].layout);
}

int csk_layout_selector(const struct csk_layout *layout)
{
    if (!layout)
        return CSK_ENULL;
    return layout->selector >= 0 ? layout->selector : CSK_EOPTVALUE;
}

const struct csk_layout *csk_layout_select(const struct csk_layout *layout, const void *bytes,
                                           size_t count)
{
    return layout && bytes ? cski_layout_select(layout, bytes, count) : layout;
}

size_t csk_layout_span(const struct csk_layout *layout, const void *bytes, size_t count)
{
    return layout && bytes ? cski_layout_span(layout, bytes, count) : 0;
}

size_t csk_layout_value_count(const struct csk_layout *layout, size_t field, const void *bytes,
                              size_t count)
{
    if (!layout || field >= layout->count)
        return 0;
    return cski_value_count(layout, (unsigned)field, bytes, count);
}

int csk_layout_get(const struct csk_layout *layout, size_t field, size_t index, const void *bytes,
                   size_t count, struct csk_value *value, char text[CSK_VALUE_TEXT_MAX])
{
    size_t place;

    if (!layout || (!bytes && count > 0) || !value || !text)
        return CSK_ENULL;
    if (field >= layout->count)
        return CSK_EOPTVALUE;
    memset(value, 0, sizeof *value);
    if (index >= csk_layout_value_count(layout, field, bytes, count))
        return 0;
    place = cski_value_place(layout, (unsigned)field, index, bytes, count);
    cski_value_get(layout, (unsigned)field, place, bytes, count, value, text);
    return 0;
}

/* One of the structs that can follow a value, as text: it is parsed first, and then set as
 * bytes. */
static int set_struct_text(const struct csk_layout *layout, unsigned field, size_t index,
                           unsigned char *bytes, size_t size, size_t *count, struct cski_in in,
                           struct csk_error *error)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    size_t at = cski_value_place(layout, field, index, bytes, *count), space;
    struct csk_value value = { .kind = CSK_VALUE_BYTES };
    unsigned char *copy;
    int n;

    if (at > size)
        return cski_fail(error, CSK_ESPACE, "no space for %s", f->name);
    space = size - at;
    if (!(copy = cski_sys(calloc)(1, space + 1)))
        return cski_fail(error, -ENOMEM, "no memory for %s", f->name);
    n = cski_layout_parse(cski_field_layout(f), in, copy, space, error);
    if (n >= 0) {
        value.data = (const char *)copy;
        value.size = (size_t)n;
        n = cski_value_set(layout, field, index, bytes, size, count, &value, error);
    }
    cski_sys(free)(copy);
    return n;
}

int csk_layout_set(const struct csk_layout *layout, size_t field, size_t index, void *bytes,
                   size_t size, size_t *count, const struct csk_value *value,
                   struct csk_error *error)
{
    if (!layout || !bytes || !count || !value)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if (field >= layout->count)
        return cski_fail(error, CSK_EOPTVALUE, "no such field");
    if (cski_fields(layout)[field].kind == CSK_FIELD_STRUCT && value->kind == CSK_VALUE_TEXT)
        return set_struct_text(layout, (unsigned)field, index, bytes, size, count,
                               (struct cski_in){ value->data, value->size }, error);
    return cski_value_set(layout, (unsigned)field, index, bytes, size, count, value, error);
}

ssize_t csk_layout_format_field(const struct csk_layout *layout, size_t field, size_t index,
                                const void *bytes, size_t count, char *text, size_t size)
{
    const struct csk_field *f;
    struct cski_out out;
    size_t at, span;

    if (!layout || (!bytes && count > 0) || (!text && size > 0))
        return CSK_ENULL;
    if (field >= layout->count)
        return CSK_EOPTVALUE;
    f = &cski_fields(layout)[field];
    cski_out_init(&out, text, size);
    if (index >= csk_layout_value_count(layout, field, bytes, count))
        return 0;
    at = cski_value_place(layout, (unsigned)field, index, bytes, count);
    span = cski_value_size(layout, (unsigned)field, at, bytes, count);
    if (f->kind == CSK_FIELD_STRUCT)
        cski_layout_format(cski_field_layout(f), (const unsigned char *)bytes + at, span, &out);
    else
        cski_field_format(f, (const unsigned char *)bytes + at, span,
                          f->name[0] == '\0' ? CSKI_SPECIAL_ALONE : CSKI_SPECIAL_IN_WORD, &out);
    return (int)out.used;
}

ssize_t csk_layout_parse(const struct csk_layout *layout, const char *text, size_t length,
                         void *bytes, size_t size, struct csk_error *error)
{
    if (!layout || (!text && length > 0) || (!bytes && size > 0))
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    return cski_layout_parse(layout, (struct cski_in){ text ? text : "", length }, bytes, size,
                             error);
}

ssize_t csk_layout_format(const struct csk_layout *layout, const void *bytes, size_t count,
                          char *text, size_t size)
{
    struct cski_out out;

    if (!layout || (!bytes && count > 0) || (!text && size > 0))
        return CSK_ENULL;
    if (cski_layout_is_plain(layout) && count < layout->min_size)
        return CSK_EOPTVALUE;
    cski_out_init(&out, text, size);
    cski_layout_format(layout, bytes, count, &out);
    return (int)out.used;
}

const char *csk_field_name(const struct csk_field *field)
{
    return field ? field->name : "";
}

enum csk_field_kind csk_field_kind(const struct csk_field *field)
{
    return field ? (enum csk_field_kind)field->kind : CSK_FIELD_NONE;
}

uint32_t csk_field_flags(const struct csk_field *field)
{
    return field ? field->flags : 0;
}

bool csk_field_is_hidden(const struct csk_field *field)
{
    return field && cski_field_is_hidden(field);
}

size_t csk_field_size(const struct csk_field *field)
{
    return field ? field->size : 0;
}

size_t csk_field_offset(const struct csk_field *field)
{
    return field ? field->offset : 0;
}

const char *csk_field_unit(const struct csk_field *field)
{
    return field ? cski_field_unit(field) : NULL;
}

int64_t csk_field_unit_ns(const struct csk_field *field)
{
    if (!field)
        return CSK_ENULL;
    if (field->kind == CSK_FIELD_TIMEVAL)
        return cski_timeval_unit(field);
    return field->kind == CSK_FIELD_TIME ? field->scale : 0;
}

const char *csk_field_since(const struct csk_field *field)
{
    return field ? cski_at_offset(field, field->since) : NULL;
}

bool csk_field_range(const struct csk_field *field, int64_t *min, int64_t *max)
{
    if (!field || !min || !max || !(field->flags & CSK_FIELD_FLAG_RANGE))
        return false;
    *min = field->min;
    *max = field->max;
    return true;
}

uint64_t csk_field_default(const struct csk_field *field)
{
    return field ? field->preset : 0;
}

const char *csk_field_value_name(const struct csk_field *field, size_t index, uint64_t *number)
{
    const struct cski_number_name *name;

    if (!field || index >= field->name_count)
        return NULL;
    name = &cski_number_names(field)[index];
    if (number)
        *number = name->number;
    return name->name;
}

const struct csk_layout *csk_field_layout(const struct csk_field *field)
{
    return field ? cski_field_layout(field) : NULL;
}
