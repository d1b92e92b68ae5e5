/* stdio files on sockets. */
#include "internal.h"

#include <string.h>

#define BUFFER 8192

/* A file's socket, on a duplicate of the descriptor, follows its owner's limits.
 *
 * stdio has one buffer per file, whose unread bytes are lost when the program turns to writing.  A
 * file that reads and writes therefore has a buffer of its own for reading, and stdio's is filled
 * with single bytes, so that none is unread. */
struct stream {
    struct csk_socket socket;
    struct csk_socket *owner;
    size_t start, end;
    char buffer[BUFFER];
    char written[BUFFER]; /* stdio's buffer, if the file reads and writes */
};

/* Called with the file's socket: the hook is the owner's. */
static int query_owner(struct csk_socket *s)
{
    return cski_interrupted(((struct stream *)(void *)s)->owner);
}

/* Copy the current limits of the owner to the file's socket. */
static struct csk_socket *current(struct stream *f)
{
    struct csk_socket *s = &f->socket;

    s->timeout = cski_timeout(f->owner);
    s->deadline = csk_getdeadline(f->owner);
    s->cancel = f->owner->cancel;
    s->limits = __atomic_load_n(&f->owner->limits, __ATOMIC_RELAXED);
    s->pending = __atomic_load_n(&f->owner->pending, __ATOMIC_RELAXED);
    s->on_interrupt = f->owner->on_interrupt ? query_owner : NULL;
    return s;
}

/* stdio's functions report errors in errno. */
static ssize_t to_errno(ssize_t n)
{
    if (n >= 0)
        return n;
    errno = csk_error_kind(n) == CSK_KIND_SYSTEM ? (int)-n
            : n == CSK_ETIMEDOUT                 ? ETIMEDOUT
            : n == CSK_ECANCELED                 ? ECANCELED
                                                 : EINTR;
    return -1;
}

/* Whether stdio reads into its own buffer.  musl keeps the first bytes of it for ungetc. */
static bool is_stdios(const struct stream *f, const char *data)
{
    return (uintptr_t)data - (uintptr_t)f->written < sizeof f->written;
}

/* The owner's calls may have been ended meanwhile (csk_cancel_calls). */
static ssize_t receive(struct stream *f, char *data, size_t size)
{
    ssize_t n = csk_recv(current(f), data, size, 0);

    return n <= 0 && cski_is_cancelled(f->owner) ? CSK_ECANCELED : n;
}

static ssize_t stream_read(void *cookie, char *data, size_t size)
{
    struct stream *f = cookie;
    ssize_t n;

    if (f->start == f->end) {
        if (size >= sizeof f->buffer && !is_stdios(f, data))
            return to_errno(receive(f, data, size));
        n = receive(f, f->buffer, sizeof f->buffer);
        if (n <= 0)
            return to_errno(n);
        f->start = 0;
        f->end = (size_t)n;
    }
    if (is_stdios(f, data))
        size = 1;
    if (size > f->end - f->start)
        size = f->end - f->start;
    memcpy(data, f->buffer + f->start, size);
    f->start += size;
    return (ssize_t)size;
}

static ssize_t stream_write(void *cookie, const char *data, size_t size)
{
    struct stream *f = cookie;
    size_t sent = 0;
    int n = csk_sendall(current(f), data, size, 0, &sent);

    if (n < 0 && cski_is_cancelled(f->owner))
        n = CSK_ECANCELED;
    if (n == 0)
        return (ssize_t)sent;
    to_errno(n);
    return cski_os_stream_failed(sent);
}

static int stream_close(void *cookie)
{
    struct stream *f = cookie;
    int n = csk_close(&f->socket);

    cski_sys(free)(f);
    return (int)to_errno(n);
}

/* stdio's mode for one of makefile's: "r", "w", or "r+" for both; NULL if it is not one.  As in
 * Python, a file that does not write reads: "" and "b" are "r". */
static const char *stdio_mode(const char *mode)
{
    bool reads = false, writes = false, repeated = false;
    bool *seen;

    for (; *mode; mode++) {
        switch (*mode) {
        case 'r': seen = &reads; break;
        case 'w': seen = &writes; break;
        case '+': reads = writes = true; continue;
        case 'b': continue;
        default: return NULL;
        }
        repeated |= *seen;
        *seen = true;
    }
    if (repeated)
        return NULL;
    return !writes ? "r" : reads ? "r+" : "w";
}

int csk_makefile(struct csk_socket *s, const char *mode, FILE **file)
{
    static const struct cski_stream_ops ops = { stream_read, stream_write, stream_close };
    struct stream *f;
    int n;

    if (!(s && file))
        return CSK_ENULL;
    *file = NULL;
    if (!(mode = stdio_mode(mode ? mode : "r")))
        return CSK_EMODE;
    if (cski_timeout(s) == 0)
        return CSK_ENONBLOCK;
    if (!(f = cski_sys(malloc)(sizeof *f)))
        return -ENOMEM;
    f->owner = s;
    f->start = f->end = 0;
    if ((n = csk_dup(s, &f->socket)) < 0)
        goto out;
    if (!(*file = cski_os_stream(f, mode, &ops))) {
        n = errno ? -errno : -ENOMEM;
        csk_close(&f->socket);
        goto out;
    }
    if (mode[1] == '+')
        setvbuf(*file, f->written, _IOFBF, sizeof f->written);
    return 0;
out:
    cski_sys(free)(f);
    return n;
}
