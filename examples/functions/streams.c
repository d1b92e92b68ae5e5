/* Tools for protocols on a stream: lines, delimiters, and a FILE. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    struct csk_socket pair[2];
    char data[100], line[100];
    size_t length = 0;
    ssize_t n;
    FILE *file;

    if (csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0) < 0)
        errx(1, "socketpair");
    csk_sendall(&pair[0], "HTTP/1.0 200 OK\r\nname: value\r\n\r\nbody\n", 37, 0, NULL);
    n = csk_recvline(&pair[1], line, sizeof line, &length);
    if (n < 0)
        errx(1, "%s", csk_errstr(n));
    fputs(line, stdout);
    length = 0;
    n = csk_recvuntil(&pair[1], "\r\n\r\n", 4, data, sizeof data, &length);
    if (n < 0)
        errx(1, "%s", csk_errstr(n));
    printf("%zd bytes of header\n", n);
    if ((n = csk_makefile(&pair[1], "r", &file)) < 0)
        errx(1, "%s", csk_errstr(n));
    if (fgets(line, sizeof line, file))
        fputs(line, stdout);
    fclose(file);
    csk_close(&pair[0]);
    return csk_close(&pair[1]) < 0;
}
