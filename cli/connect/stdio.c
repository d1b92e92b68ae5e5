/* Standard input and output, which another program may have made non-blocking. */
#include "connect/connect.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* The library can wait on any descriptor, and uses only these fields. */
int cli_wait_fd(int fd, int events, int64_t timeout)
{
    struct csk_socket s = CSK_SOCKET_INIT;

    s.fd = fd;
    return csk_wait(&s, events, timeout);
}

int64_t cli_read_some(int fd, void *data, size_t size)
{
    for (;;) {
        ssize_t n = read(fd, data, size);

        if (n >= 0)
            return n;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            int ready = cli_wait_fd(fd, POLLIN, -1);

            if (ready < 0)
                return ready;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
}

int cli_write_all(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t n = write(fd, at, size);

        if (n >= 0) {
            at += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            int ready = cli_wait_fd(fd, POLLOUT, -1);

            if (ready < 0)
                return ready;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}
