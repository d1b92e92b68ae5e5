/* Options by level and number that are numbers of 64 bits. */
#include "option/table.h"

static bool is_uint64(const struct csk_socket *s, int level, int name, unsigned direction)
{
    const struct csk_option *option = csk_option_by_number(s->family, level, name, direction);
    const struct csk_layout *layout = option ? cski_option_layout(option, direction) : NULL;

    return layout && layout->count == 1 && layout->size == sizeof(uint64_t) &&
           (cski_fields(layout)[0].kind == CSK_FIELD_UINT ||
            cski_fields(layout)[0].kind == CSK_FIELD_INT);
}

int csk_getsockopt_uint64(const struct csk_socket *s, int level, int name, uint64_t *value)
{
    socklen_t size = sizeof *value;

    if (!(s && value))
        return CSK_ENULL;
    if (!is_uint64(s, level, name, CSK_OPTION_GET))
        return CSK_EOPTVALUE;
    *value = 0;
    return csk_getsockopt(s, level, name, value, &size);
}

int csk_setsockopt_uint64(struct csk_socket *s, int level, int name, uint64_t value)
{
    if (!s)
        return CSK_ENULL;
    if (!is_uint64(s, level, name, CSK_OPTION_SET))
        return CSK_EOPTVALUE;
    return csk_setsockopt(s, level, name, &value, sizeof value);
}
