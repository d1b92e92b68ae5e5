/* Sends that do not copy. */
#include "control/table.h"

/* Bit of csk_socket.batch: the option that MSG_ZEROCOPY needs is set. */
#define ENABLED CSKI_BATCH_ZEROCOPY

ssize_t csk_send_zerocopy(struct csk_socket *s, const void *data, size_t size, int flags,
                          uint32_t *id, bool *pending, struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX];
    ssize_t n;

    if (!(s && (data || !size) && id && pending))
        return cski_fail_null(error);
    if (!(cski_batch(s) & ENABLED)) {
        if ((n = csk_option_set(s, "SO_ZEROCOPY", "on", error)) < 0)
            return n;
        cski_set_batch(s, ENABLED, ENABLED);
    }
    n = csk_send(s, data, size, flags | CSKI_MSG_ZEROCOPY);
    *pending = n > 0;
    if (n == -ENOBUFS) /* no memory for another completion: net.core.optmem_max */
        n = csk_send(s, data, size, flags);
    *id = *pending ? __atomic_fetch_add(&s->zerocopy, 1, __ATOMIC_RELAXED)
                   : __atomic_load_n(&s->zerocopy, __ATOMIC_RELAXED);
    return n < 0 ? cski_fail(error, (int)n, "send: %s", csk_strerror((int)n, cause, sizeof cause))
                 : n;
}
