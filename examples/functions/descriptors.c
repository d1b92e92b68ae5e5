/* Pass a file descriptor over an AF_UNIX socket. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int output = STDOUT_FILENO, received[4], flags = 0;
    char byte = 'x', data[100];
    struct iovec part = { &byte, 1 }; /* at least one byte must accompany descriptors */
    struct csk_socket pair[2];
    struct csk_error error;
    size_t count = 4;
    ssize_t n;

    if (csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0) < 0)
        errx(1, "socketpair");
    if (csk_send_fds(&pair[0], &part, 1, &output, 1, 0, NULL, &error) < 0)
        errx(1, "%s", error.text);
    if ((n = csk_recv_fds(&pair[1], data, sizeof data, received, &count, &flags, NULL)) < 0)
        errx(1, "%s", csk_errstr(n));
    for (size_t i = 0; i < count; i++) {
        dprintf(received[i], "%zu descriptor, %zd byte\n", count, n);
        close(received[i]);
    }
    csk_close(&pair[0]);
    return csk_close(&pair[1]) < 0;
}
