/* Standard input to the socket, the socket to standard output: two threads, one a direction. */
#include "cli.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK 65536 /* no datagram is longer */

static bool is_stream(const struct csk_socket *s)
{
    return s->type == SOCK_STREAM || s->type == SOCK_SEQPACKET;
}

static int send_input(struct csk_socket *s)
{
    char data[CHUNK];
    int status = CLI_OK;
    ssize_t n;

    while ((n = read(STDIN_FILENO, data, sizeof data)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            status = cli_failed(-errno, NULL, "standard input");
            break;
        }
        n = csk_sendall(s, data, (size_t)n, 0, NULL);
        if (n < 0)
            return cli_failed(n, NULL, "send");
    }
    /* The peer learns that no more comes; a peer that is gone already is no mistake of ours. */
    if (is_stream(s))
        csk_shutdown(s, SHUT_WR);
    return status;
}

/* A thread's work, whose result is the status.  The socket, a duplicate that nobody else closes, is
 * its own. */
static void *feed(void *socket)
{
    int status = send_input(socket);

    csk_close(socket);
    free(socket);
    return (void *)(intptr_t)status;
}

enum end {
    END_PEER,   /* of the stream */
    END_IDLE,   /* nothing came for the socket's timeout */
    END_OUTPUT, /* standard output takes no more */
    END_ERROR,
};

static enum end receive(struct csk_socket *s)
{
    char data[CHUNK];
    int64_t n;

    /* Of datagrams, an empty one is not the end. */
    while ((n = csk_recv(s, data, sizeof data, 0)) > 0 || (n == 0 && !is_stream(s)))
        if (cli_write(data, (size_t)n) != CLI_OK)
            return END_OUTPUT;
    if (n == 0)
        return END_PEER;
    if (n == CSK_ETIMEDOUT)
        return END_IDLE;
    cli_failed(n, NULL, "receive");
    return END_ERROR;
}

int cli_receive(struct csk_socket *s, bool *gone)
{
    enum end end = receive(s);

    *gone = end == END_OUTPUT;
    return end == END_PEER || end == END_IDLE ? CLI_OK : CLI_FAILED;
}

static int start_feed(const struct csk_socket *s, pthread_t *thread)
{
    struct csk_socket *own = cli_alloc(sizeof *own);
    int n = csk_dup(s, own);

    if (n == 0)
        n = -pthread_create(thread, NULL, feed, own);
    if (n == 0)
        return CLI_OK;
    csk_close(own);
    free(own);
    return cli_failed(n, NULL, "thread");
}

int cli_relay(struct csk_socket *s)
{
    pthread_t thread;
    void *result;
    enum end end;

    if (start_feed(s, &thread) != CLI_OK)
        return CLI_FAILED;
    end = receive(s);
    /* The peer sends no more, but may still want what a file or a pipe has.  Who types sees that
     * it is over. */
    if (end == END_PEER && !isatty(STDIN_FILENO)) {
        pthread_join(thread, &result);
        return (int)(intptr_t)result;
    }
    pthread_detach(thread); /* which ends with the program, if not before */
    return end == END_PEER || end == END_IDLE ? CLI_OK : CLI_FAILED;
}
