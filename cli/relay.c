/* Standard input to the socket, the socket to standard output: two threads, one a direction. */
#include "cli.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK 65536 /* no datagram is longer */

struct feeder {
    struct csk_socket socket; /* a copy: the other thread changes its own */
    int status;
};

static bool is_stream(const struct csk_socket *s)
{
    return s->type == SOCK_STREAM || s->type == SOCK_SEQPACKET;
}

static void *feed(void *context)
{
    struct feeder *feeder = context;
    char data[CHUNK];
    ssize_t n;
    int code;

    while ((n = read(STDIN_FILENO, data, sizeof data)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            feeder->status = cli_failed(-errno, NULL, "standard input");
            break;
        }
        code = csk_sendall(&feeder->socket, data, (size_t)n, 0, NULL);
        if (code < 0) {
            feeder->status = cli_failed(code, NULL, "send");
            return NULL;
        }
    }
    /* The peer learns that no more comes; a peer that is gone already is no mistake of ours. */
    if (is_stream(&feeder->socket))
        csk_shutdown(&feeder->socket, SHUT_WR);
    return NULL;
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

int cli_relay(struct csk_socket *s)
{
    struct feeder *feeder = cli_alloc(sizeof *feeder);
    pthread_t thread;
    enum end end;
    int status, n;

    feeder->socket = *s;
    if ((n = pthread_create(&thread, NULL, feed, feeder)) != 0) {
        free(feeder);
        return cli_failed(-n, NULL, "thread");
    }
    end = receive(s);
    /* The peer sends no more, but may still want what a file or a pipe has.  Who types sees that
     * it is over. */
    if (end != END_PEER || isatty(STDIN_FILENO)) {
        pthread_detach(thread); /* keeps its feeder: both end with the program */
        return end == END_PEER || end == END_IDLE ? CLI_OK : CLI_FAILED;
    }
    pthread_join(thread, NULL);
    status = feeder->status;
    free(feeder);
    return status;
}
