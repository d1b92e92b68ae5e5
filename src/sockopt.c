/* Socket options as the kernel has them. */
#include "internal.h"

#include <csocket/option.h>

int csk_getsockopt(const struct csk_socket *s, int level, int name, void *value, socklen_t *size)
{
    if (!(s && value && size))
        return CSK_ENULL;
    return cski_sys(getsockopt)(cski_fd(s), level, name, value, size) < 0 ? -errno : 0;
}

int csk_getsockopt_int(const struct csk_socket *s, int level, int name, int *value)
{
    socklen_t size = sizeof *value;
    int n;

    if (!(s && value))
        return CSK_ENULL;
    *value = 0;
    n = csk_getsockopt(s, level, name, value, &size);
    return n;
}

int csk_setsockopt(struct csk_socket *s, int level, int name, const void *value, socklen_t size)
{
    if (!s)
        return CSK_ENULL;
    return cski_sys(setsockopt)(cski_fd(s), level, name, value, size) < 0 ? -errno : 0;
}

int csk_setsockopt_int(struct csk_socket *s, int level, int name, int value)
{
    return csk_setsockopt(s, level, name, &value, sizeof value);
}

static bool is_wide(const struct csk_socket *s, int level, int name, unsigned direction)
{
    const struct csk_option *option = csk_option_by_number(s->family, level, name, direction);
    const struct csk_optlayout *layout = !option                       ? NULL
                                         : direction == CSK_OPTION_SET ? option->set
                                                                       : option->get;

    return layout && layout->count == 1 && layout->size == sizeof(uint64_t) &&
           (layout->fields[0].kind == CSK_OPT_UINT || layout->fields[0].kind == CSK_OPT_INT);
}

int csk_getsockopt_wide(const struct csk_socket *s, int level, int name, uint64_t *value)
{
    socklen_t size = sizeof *value;

    if (!(s && value))
        return CSK_ENULL;
    if (!is_wide(s, level, name, CSK_OPTION_GET))
        return CSK_EOPTVALUE;
    *value = 0;
    return csk_getsockopt(s, level, name, value, &size);
}

int csk_setsockopt_wide(struct csk_socket *s, int level, int name, uint64_t value)
{
    if (!s)
        return CSK_ENULL;
    if (!is_wide(s, level, name, CSK_OPTION_SET))
        return CSK_EOPTVALUE;
    return csk_setsockopt(s, level, name, &value, sizeof value);
}
