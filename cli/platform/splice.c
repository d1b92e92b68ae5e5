/* Moving bytes between descriptors inside the kernel: splice(2), Linux 2.6.17. */
#include "platform/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIPE_SIZE (1 << 20)

static bool is_pipe(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

int cli_platform_splice_open(struct cli_splice *splice, int from, int to)
{
    *splice = (struct cli_splice){ .from = from, .to = to, .pipe = { -1, -1 } };
    /* splice(2) sleeps with a pipe's lock held: whoever else uses the pipe could not be killed. */
    if (is_pipe(from) || is_pipe(to))
        return -EINVAL;
    if (pipe2(splice->pipe, O_CLOEXEC) != 0)
        return -errno;
    splice->size = fcntl(splice->pipe[1], F_SETPIPE_SZ, PIPE_SIZE);
    if (splice->size < 0) /* the user's limit for pipes is reached */
        splice->size = 65536;
    return 0;
}

static int64_t move(int from, int to, size_t size)
{
    ssize_t n;

    do
        n = splice(from, NULL, to, NULL, size, SPLICE_F_MOVE);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

/* Some files take nothing by splice (opened with O_APPEND, terminals): read it back and write. */
static int64_t write_out(struct cli_splice *splice)
{
    char data[65536];
    ssize_t n = read(splice->pipe[0], data, sizeof data), written;

    for (ssize_t at = 0; at<n; at += written> 0 ? written : 0) {
        written = write(splice->to, data + at, (size_t)(n - at));
        if (written < 0 && errno == EAGAIN && splice->wait_output(splice->to) > 0)
            continue;
        if (written < 0 && errno != EINTR)
            return -errno;
    }
    return n;
}

static int64_t empty_pipe(struct cli_splice *splice, int64_t size)
{
    int64_t n;

    for (int64_t left = size; left > 0; left -= n) {
        n = splice->copies ? -EINVAL : move(splice->pipe[0], splice->to, (size_t)left);
        if (n == -EINVAL) {
            splice->copies = true;
            n = write_out(splice);
        }
        if (n == -EAGAIN && splice->wait_output(splice->to) > 0)
            n = 0;
        else if (n <= 0) {
            splice->output_failed = true;
            return n;
        }
    }
    return size;
}

int64_t cli_platform_splice(struct cli_splice *splice)
{
    int64_t n;

    n = move(splice->from, splice->pipe[1], (size_t)splice->size);
    return n > 0 ? empty_pipe(splice, n) : n;
}

void cli_platform_splice_close(struct cli_splice *splice)
{
    close(splice->pipe[0]);
    close(splice->pipe[1]);
}
