/* A stdio file on functions, with funopen of the BSDs and macOS. */
#include "platform.h"
#include "sys.h"

#include <stdio.h>

struct bridge {
    void *cookie;
    const struct cski_stream_ops *ops;
};

static int bridge_read(void *p, char *data, int size)
{
    struct bridge *b = p;

    return (int)b->ops->read(b->cookie, data, (size_t)size);
}

static int bridge_write(void *p, const char *data, int size)
{
    struct bridge *b = p;

    return (int)b->ops->write(b->cookie, data, (size_t)size);
}

static int bridge_close(void *p)
{
    struct bridge *b = p;
    int n = b->ops->close(b->cookie);

    cski_sys(free)(b);
    return n;
}

/* The stream writes the remaining bytes again, until a write fails without sending any. */
ssize_t cski_os_stream_failed(size_t sent)
{
    return sent > 0 ? (ssize_t)sent : -1;
}

FILE *cski_os_stream(void *cookie, const char *mode, const struct cski_stream_ops *ops)
{
    struct bridge *b = cski_sys(malloc)(sizeof *b);
    bool reads = mode[0] == 'r', writes = mode[0] == 'w' || mode[1] == '+';
    FILE *file;

    if (!b)
        return NULL;
    *b = (struct bridge){ cookie, ops };
    file = funopen(b, reads ? bridge_read : NULL, writes ? bridge_write : NULL, NULL, bridge_close);
    if (!file)
        cski_sys(free)(b);
    return file;
}
