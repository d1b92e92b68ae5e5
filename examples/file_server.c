/* Send a file to each client, without copying it through the program.
 *
 *     file_server ADDRESS FILE COUNT      ends after COUNT clients */
#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC */
#include <csocket/csocket.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct csk_error error;

static void check(int64_t n)
{
    if (n < 0) {
        fprintf(stderr, "file_server: %s\n", error.text[0] ? error.text : csk_errstr((int)n));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    int file = argc > 3 ? open(argv[2], O_RDONLY | O_CLOEXEC) : -1;
    struct csk_socket s, conn;
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr peer;
    int64_t offset, n;

    if (file < 0) {
        perror("file_server");
        return 1;
    }
    check(csk_create_server(&s, argv[1], NULL, &error));
    puts("ready");
    fflush(stdout);
    for (long left = atol(argv[3]); left > 0; left--) {
        check(csk_accept(&s, &conn, &peer));
        offset = 0;
        n = csk_sendfile(&conn, file, &offset, -1);
        printf("%s: %lld bytes%s%s\n", csk_addr_format(&peer, text, sizeof text), (long long)offset,
               n < 0 ? ", then " : "", n < 0 ? csk_errstr((int)n) : "");
        csk_close(&conn);
    }
    close(file);
    return csk_close(&s);
}
