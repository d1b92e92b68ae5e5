/* csk_peek, the worked example of docs/adding-an-operation.md: the part for io.c. */
#include "peek.h"

#include "internal.h"

ssize_t csk_peek(struct csk_socket *s, void *data, size_t size)
{
    struct cski_call call;
    ssize_t n;
    int code;

    if (!s)
        return CSK_ENULL;
    if ((code = cski_call_begin(&call, s, POLLIN, MSG_PEEK)) < 0)
        return code;
    while ((n = cski_sys(recv)(cski_fd(s), data, size, call.flags)) < 0)
        if ((code = cski_retry(&call, errno)) != 0)
            return code == CSKI_ENDED ? 0 : code;
    return n;
}
