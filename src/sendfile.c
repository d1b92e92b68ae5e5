/* Files into sockets. */
#include "internal.h"

#include <limits.h>

/* The maximum of one try, so that signals and timeouts are noticed in time, and the count fits in a
 * ssize_t. */
#define PIECE ((size_t)1 << 30)

/* A transfer in progress. */
struct transfer {
    struct csk_socket *s;
    int file;
    int64_t offset; /* of the next byte; counts the bytes if the file is not seekable */
    int64_t left;   /* bytes to send at most */
    int64_t sent;
    bool seekable;
    bool copying; /* read and send, for files that the kernel cannot send */
    char data[16384];
};

static ssize_t read_piece(struct transfer *t, size_t want)
{
    ssize_t got;
    int n;

    for (;;) {
        got = t->seekable ? cski_sys(pread)(t->file, t->data, want, (off_t)t->offset)
                          : cski_sys(read)(t->file, t->data, want);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return -errno;
        if ((n = cski_interrupted(t->s)) < 0)
            return n;
    }
}

static void moved(struct transfer *t, int64_t bytes)
{
    t->offset += bytes;
    t->sent += bytes;
    t->left -= bytes;
}

static ssize_t copy_piece(struct transfer *t, size_t count)
{
    ssize_t got = read_piece(t, count < sizeof t->data ? count : sizeof t->data);
    size_t sent = 0;
    int n;

    if (got <= 0)
        return got;
    n = csk_sendall(t->s, t->data, (size_t)got, 0, &sent);
    moved(t, (int64_t)sent);
    return n < 0 ? n : got;
}

static ssize_t move_piece(struct transfer *t, size_t count)
{
    struct cski_call call;
    ssize_t n;
    int error = cski_call_begin(&call, t->s, POLLOUT, 0);

    if (error < 0)
        return error;
    /* The count is the kernel's return value: the offset does not move in files such as /dev/zero.
     */
    while ((n = cski_os_sendfile(cski_fd(t->s), t->file, t->offset, count)) < 0)
        if ((error = cski_retry(&call, (int)-n)) < 0)
            return error;
    moved(t, n);
    return n;
}

/* The kernel sent less than requested.  With a timeout the next try reports the reason: the socket
 * is full, or the file has ended.  Without one a signal may have ended the try, and the next would
 * wait regardless of it, so the hook is called, unless the file has ended.  Positive: go on. */
static int check_after_short_piece(struct transfer *t)
{
    char byte;
    int n;

    if (cski_is_cancelled(t->s))
        return CSK_ECANCELED;
    if (cski_timeout(t->s) >= 0)
        return 1;
    if (cski_sys(pread)(t->file, &byte, 1, (off_t)t->offset) == 0)
        return 0;
    n = cski_interrupted(t->s);
    return n < 0 ? n : 1;
}

/* Errors of sendfile() that mean an unsupported kind of file or socket.  They occur before any byte
 * of the piece has been sent. */
static bool is_unsupported(ssize_t n)
{
    return n == -ENOSYS || n == -EINVAL || n == -ESPIPE || n == -EOPNOTSUPP;
}

static int run(struct transfer *t)
{
    size_t want;
    ssize_t n = 1;

    while (n > 0 && t->left > 0) {
        want = t->left > (int64_t)PIECE ? PIECE : (size_t)t->left;
        if (t->copying) {
            n = copy_piece(t, want);
            continue;
        }
        n = move_piece(t, want);
        if (is_unsupported(n)) {
            t->copying = true;
            n = 1;
        } else if (n > 0 && (size_t)n < want) {
            n = check_after_short_piece(t);
        }
    }
    return n < 0 ? (int)n : 0;
}

/* Bytes before offset cannot be skipped in a file that is not seekable. */
static int check_offset(struct transfer *t)
{
    t->seekable = cski_sys(lseek)(t->file, 0, SEEK_CUR) >= 0;
    return t->seekable || t->offset == 0 ? 0 : -errno;
}

ssize_t csk_sendfile(struct csk_socket *s, int file, int64_t *offset, int64_t count)
{
    struct cski_sigpipe hold;
    struct transfer t;
    int n;

    if (!(s && offset))
        return CSK_ENULL;
    if (*offset < 0)
        return CSK_ERANGE;
    if (cski_fd(s) < 0)
        return -EBADF;
    if (s->type != SOCK_STREAM)
        return CSK_ESOCKTYPE;
    if (cski_timeout(s) == 0)
        return CSK_ENONBLOCK;
    t.s = s;
    t.file = file;
    t.offset = *offset;
    t.sent = 0;
    /* sendfile() has no MSG_DONTWAIT: while a limit is in force, a blocking socket's bytes are
     * copied. */
    t.copying = cski_timeout(s) < 0 && cski_is_limited(s);
    /* Never beyond the greatest offset, or more than the result can count. */
    t.left = count < 0 || count > INT64_MAX - t.offset ? INT64_MAX - t.offset : count;
    if (t.left > (int64_t)SSIZE_MAX)
        t.left = (int64_t)SSIZE_MAX;
    if ((n = check_offset(&t)) < 0)
        return n;
    cski_os_sigpipe_hold(&hold);
    n = run(&t);
    cski_os_sigpipe_release(&hold);
    *offset = t.offset;
    return n < 0 ? n : (ssize_t)t.sent;
}
