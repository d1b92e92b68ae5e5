/* csk_peek, the worked example of docs/adding-an-operation.md: what would go into io.c. */
#include "peek.h"

#include "internal.h"

ssize_t csk_peek(struct csk_socket *s, void *data, size_t size)
{
    int64_t deadline = 0;
    ssize_t n;
    int error;

    if (!s)
        return CSK_ENULL;
    while ((n = cski_sys(recv)(cski_fd(s), data, size, MSG_PEEK)) < 0)
        if ((error = cski_retry(s, POLLIN, errno, &deadline)) < 0)
            return error;
    return n;
}
