/* Constants: two binary searches in the table that tools/gen_constants.py generates. */
#include <csocket/const.h>

#include <string.h>

#include "internal.h"

const struct csk_constant *csk_constant_find(const char *name)
{
    size_t low = 0, high = cski_constants_count;

    if (!name)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, cski_constants[middle].name);

        if (order == 0)
            return &cski_constants[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The constant at an index of the order by group and value; NULL outside the group. */
static const struct csk_constant *of_group(const char *group, size_t place)
{
    const struct csk_constant *constant;

    if (place >= cski_constants_count)
        return NULL;
    constant = &cski_constants[cski_constants_by_value[place]];
    return strcmp(constant->group, group) == 0 ? constant : NULL;
}

/* The first place of the order by group and value that is not before (group, value). */
static size_t lower_bound(const char *group, int64_t value)
{
    size_t low = 0, high = cski_constants_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct csk_constant *constant = &cski_constants[cski_constants_by_value[middle]];
        int order = strcmp(constant->group, group);

        if (order < 0 || (order == 0 && constant->value < value))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct csk_constant *csk_constant_by_value(const char *group, int64_t value)
{
    const struct csk_constant *constant;

    if (!group)
        return NULL;
    constant = of_group(group, lower_bound(group, value));
    if (!constant || constant->value != value || (constant->flags & CSK_CONSTANT_TEXT))
        return NULL;
    return constant;
}

const struct csk_constant *csk_constant_at(const char *group, size_t index)
{
    size_t first;

    if (index >= cski_constants_count)
        return NULL;
    if (!group)
        return &cski_constants[index];
    first = lower_bound(group, INT64_MIN);
    return of_group(group, first + index);
}

const char *csk_constant_meaning(const struct csk_constant *constant)
{
    uintptr_t at = (uintptr_t)constant, table = (uintptr_t)cski_constants;

    if (at < table || at >= table + cski_constants_count * sizeof *constant)
        return NULL;
    return cski_constants_meanings + cski_constants_meaning_at[(at - table) / sizeof *constant];
}
