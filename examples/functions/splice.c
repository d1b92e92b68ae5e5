/* Copy a file to a socket, and from it to another file, without copying bytes in the program. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

static int report(struct csk_transfer *t)
{
    printf("%lld bytes so far\n", (long long)t->moved);
    return 0; /* a negative code would end the call */
}

int main(void)
{
    FILE *source = tmpfile(), *copy = tmpfile();
    struct csk_socket pair[2];
    struct csk_transfer send, receive;
    char rest[100];
    ssize_t n;

    if (!source || !copy || csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0) < 0)
        err(1, "files and sockets");
    fputs("twelve bytes", source);
    rewind(source);
    send = (struct csk_transfer){ .from = { .fd = fileno(source) }, .to = { .s = &pair[0] } };
    if ((n = csk_splice(&send, -1)) < 0)
        errx(1, "%s", csk_errstr(n));
    csk_splice_close(&send);
    csk_close(&pair[0]);

    receive = (struct csk_transfer){ .from = { .s = &pair[1] },
                                     .to = { .fd = fileno(copy) },
                                     .on_progress = report };
    csk_settimeout(&pair[1], 5 * CSK_SECOND);
    if ((n = csk_splice(&receive, -1)) < 0)
        printf("%s, %lld bytes pending\n", csk_errstr(n), (long long)receive.pending);
    /* The received data that was not written; empty unless the call has failed. */
    n = csk_splice_pending(&receive, rest, sizeof rest);
    printf("%zd bytes remain\n", n);
    csk_splice_close(&receive);
    fclose(source);
    fclose(copy);
    return csk_close(&pair[1]) < 0;
}
