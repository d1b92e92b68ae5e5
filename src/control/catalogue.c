/* The catalogue of control messages: lookup and iteration. */
#include "control/table.h"

#include <string.h>
#include <strings.h>

#define NAME_MAX_SIZE 64

static bool is_usable(size_t place, int family)
{
    uint64_t families = cski_control_uses[place].families;

    return !(cski_controls[place].flags & CSK_OPTION_UNAVAILABLE) &&
           (families == 0 || family == AF_UNSPEC ||
            (family > 0 && family < 64 && (families >> family & 1)));
}

/* The first place in the order by name that is not before the name. */
static size_t lower_bound(const char *name)
{
    size_t low = 0, high = cski_controls_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(name, cski_controls[cski_controls_by_name[middle]].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct csk_option *find(const char *prefix, const char *name, int family)
{
    char upper[NAME_MAX_SIZE];
    size_t n = strlen(prefix), i;

    memcpy(upper, prefix, n);
    for (i = 0; i == 0 || name[i - 1] != '\0'; i++)
        upper[n + i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    for (i = lower_bound(upper); i < cski_controls_count; i++) {
        size_t place = cski_controls_by_name[i];

        if (strcmp(upper, cski_controls[place].name) != 0)
            break;
        if (is_usable(place, family))
            return &cski_controls[place];
    }
    return NULL;
}

const struct csk_option *csk_control_find(const char *name, int family)
{
    const struct csk_option *found;

    if (!name || strlen(name) >= NAME_MAX_SIZE - 4)
        return NULL;
    if ((found = find("", name, family)) || (found = find("SCM_", name, family)))
        return found;
    return find("SO_", name, family);
}

const struct csk_option *csk_control_by_number(int family, int level, int type)
{
    for (size_t i = 0; i < cski_controls_count; i++) {
        const struct csk_option *row = &cski_controls[i];

        if (row->number == type && row->level == level && is_usable(i, family))
            return row;
    }
    return NULL;
}

const struct csk_option *csk_control_at(size_t index)
{
    return index < cski_controls_count ? &cski_controls[index] : NULL;
}
