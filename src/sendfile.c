/* Files into sockets. */
#include "internal.h"

/* What one try may move: so that a signal or a timeout is seen in time, and a ssize_t holds it. */
#define PIECE ((size_t)1 << 30)

/* Read here and send: for what the kernel cannot move by itself. */
struct copy {
    char data[16384];
    bool seekable;
};

static ssize_t copy_piece(struct csk_socket *s, struct copy *copy, int file, int64_t *offset,
                          size_t count)
{
    size_t want = count < sizeof copy->data ? count : sizeof copy->data, sent = 0;
    ssize_t got;
    int n;

    for (;;) {
        got = copy->seekable ? cski_sys(pread)(file, copy->data, want, (off_t)*offset)
                             : cski_sys(read)(file, copy->data, want);
        if (got >= 0)
            break;
        if (errno != EINTR)
            return -errno;
        if ((n = cski_interrupted(s)) < 0)
            return n;
    }
    n = csk_sendall(s, copy->data, (size_t)got, 0, &sent);
    *offset += (int64_t)sent;
    return n < 0 ? n : got;
}

static ssize_t move_piece(struct csk_socket *s, int file, int64_t *offset, size_t count)
{
    int64_t deadline = 0;
    ssize_t n;
    int error;

    while ((n = cski_os_sendfile(cski_fd(s), file, offset, count)) < 0)
        if ((error = cski_retry(s, POLLOUT, (int)-n, &deadline)) < 0)
            return error;
    return n;
}

/* Less has moved than was wanted.  With a timeout the next try says why: the socket is full, or the
 * file has ended.  Without one a signal may have ended the try, and the next would wait as if none
 * had come, so the hook is asked, unless the file has ended.  Positive: go on. */
static int after_a_part(struct csk_socket *s, int file, int64_t offset)
{
    char byte;
    int n;

    if (cski_timeout(s) >= 0)
        return 1;
    if (cski_sys(pread)(file, &byte, 1, (off_t)offset) == 0)
        return 0;
    n = cski_interrupted(s);
    return n < 0 ? n : 1;
}

static bool kernel_cannot(ssize_t n)
{
    return n == -ENOSYS || n == -EINVAL || n == -ESPIPE || n == -EOPNOTSUPP;
}

int64_t csk_sendfile(struct csk_socket *s, int file, int64_t *offset, int64_t count)
{
    int64_t start, left;
    struct cski_sigpipe hold;
    struct copy copy;
    bool copying = false;
    size_t want;
    ssize_t n;

    if (!(s && offset))
        return CSK_ENULL;
    start = *offset;
    if (start < 0)
        return CSK_ERANGE;
    if (cski_fd(s) < 0)
        return -EBADF;
    if (s->type != SOCK_STREAM)
        return CSK_ESOCKTYPE;
    if (cski_timeout(s) == 0)
        return CSK_ENONBLOCK;
    /* Never beyond the greatest offset that there is. */
    left = count < 0 || count > INT64_MAX - start ? INT64_MAX - start : count;
    copy.seekable = cski_sys(lseek)(file, 0, SEEK_CUR) >= 0;
    cski_os_sigpipe_hold(&hold);
    for (;;) {
        want = left > (int64_t)PIECE ? PIECE : (size_t)left;
        if (want == 0)
            n = 0;
        else if (copying)
            n = copy_piece(s, &copy, file, offset, want);
        else
            n = move_piece(s, file, offset, want);
        /* Said before anything has moved, it is about the kind of file, not the transfer. */
        if (n < 0 && !copying && *offset == start && kernel_cannot(n)) {
            copying = true;
            continue;
        }
        if (n <= 0)
            break;
        left -= n;
        if (!copying && (size_t)n < want && (n = after_a_part(s, file, *offset)) <= 0)
            break;
    }
    cski_os_sigpipe_release(&hold);
    return n < 0 ? n : *offset - start;
}
