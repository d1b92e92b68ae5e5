/* Socket options in the form of the kernel. */
#include "internal.h"

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
    cski_set_batch(s, CSKI_BATCH_SINGLES, 0);
    return cski_sys(setsockopt)(cski_fd(s), level, name, value, size) < 0 ? -errno : 0;
}

int csk_setsockopt_int(struct csk_socket *s, int level, int name, int value)
{
    return csk_setsockopt(s, level, name, &value, sizeof value);
}
