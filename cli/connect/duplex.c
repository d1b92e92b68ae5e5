/* Both directions of a conversation: two threads, one per direction. */
#include "connect/connect.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A direction that runs in a separate thread, which owns the struct. */
struct direction {
    struct csk_socket socket; /* a duplicate that nothing else closes */
    struct csk_socket from;   /* of a pair of sockets: also a duplicate */
    struct csk_cancel *stop;  /* of a pair of sockets: ends the other direction */
    struct cli_transfer *t;
    const char *peer; /* as in cli_end */
    bool is_pair;
};

static void sleep_for(int64_t time)
{
    struct timespec left = { time / CSK_SECOND, time % CSK_SECOND };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

/* At the end of input, shut down sending unless that could end the conversation. */
static void input_ended(struct direction *d)
{
    int n = 0;

    if (!d->t->no_shutdown && cli_has_connections(d->socket.type))
        n = csk_shutdown(&d->socket, SHUT_WR);
    if (n < 0 && !cli_is_end(&d->socket, n)) { /* the peer would wait for more */
        cli_failed(n, NULL, "shut down the connection");
        if (!d->is_pair)
            cli_quit(CLI_FAILED);
        csk_cancel(d->stop);
    }
    if (d->is_pair || d->t->quit_after < 0)
        return;
    sleep_for(d->t->quit_after);
    pthread_mutex_lock(&d->t->lock);
    cli_progress_end(d->t);
    cli_quit(CLI_OK);
}

/* The thread's result is the exit status. */
static void *run_direction(void *context)
{
    struct direction *d = context;
    const struct cli_end from = { d->is_pair ? &d->from : NULL, STDIN_FILENO, "standard input",
                                  d->peer };
    const struct cli_end to = { &d->socket, -1, "send", NULL };
    enum cli_ending end = cli_copy(d->t, &from, &to, true);

    if (end == CLI_END)
        input_ended(d);
    else if (!d->is_pair && !cli_has_connections(d->socket.type))
        cli_quit(CLI_FAILED); /* the end of a connection would not end it */
    if (end == CLI_END_ERROR && d->is_pair)
        csk_cancel(d->stop);
    else if (end == CLI_END_ERROR) /* the peer must not wait for the rest */
        csk_shutdown(&d->socket, SHUT_WR);
    csk_close(&d->socket);
    if (d->is_pair)
        csk_close(&d->from);
    free(d);
    return (void *)(intptr_t)(end == CLI_END_ERROR ? CLI_FAILED : CLI_OK);
}

static int start_direction(struct csk_socket *to, struct csk_socket *from, struct cli_transfer *t,
                           const char *peer, pthread_t *thread)
{
    struct direction *d = cli_alloc(sizeof *d);
    int n = csk_dup(to, &d->socket);

    d->t = t;
    d->peer = peer;
    d->is_pair = from != NULL;
    if (n == 0 && from && (n = csk_dup(from, &d->from)) < 0)
        csk_close(&d->socket);
    if (n == 0 && from)
        d->socket.cancel = d->from.cancel = d->stop = to->cancel;
    if (n < 0) {
        free(d);
        return cli_failed(n, NULL, "duplicate the socket");
    }
    if ((n = -pthread_create(thread, NULL, run_direction, d)) == 0)
        return CLI_OK;
    csk_close(&d->socket);
    if (from)
        csk_close(&d->from);
    free(d);
    return cli_failed(n, NULL, "start a thread");
}

int cli_receive(struct csk_socket *s, struct cli_transfer *t, const char *peer, bool *output_closed)
{
    const struct cli_end from = { s, -1, "receive", peer };
    const struct cli_end to = { NULL, STDOUT_FILENO, "standard output", NULL };
    enum cli_ending end = cli_copy(t, &from, &to, false);

    *output_closed = end == CLI_END_OUTPUT;
    return end == CLI_END || end == CLI_END_IDLE ? CLI_OK : CLI_FAILED;
}

/* The number of remaining bytes of standard input; -1 if unknown. */
static int64_t input_size(void)
{
    struct stat status;
    off_t at;

    if (fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode))
        return -1;
    at = lseek(STDIN_FILENO, 0, SEEK_CUR);
    return at < 0 || at > status.st_size ? -1 : status.st_size - at;
}

int cli_relay(struct csk_socket *s, struct cli_transfer *t)
{
    const struct cli_end from = { s, -1, "receive", NULL };
    const struct cli_end to = { NULL, STDOUT_FILENO, "standard output", NULL };
    enum cli_ending end;
    pthread_t thread;
    void *result = NULL;

    cli_progress_start(t, input_size());
    cli_dialogue(s, t);
    if (start_direction(s, NULL, t, NULL, &thread) != CLI_OK) {
        cli_progress_end(t);
        return CLI_FAILED;
    }
    end = cli_copy(t, &from, &to, false);
    /* The peer sends no more, but may still read the rest of a file or a pipe.  A user at a
     * terminal sees that the conversation has ended. */
    if (end == CLI_END && cli_has_connections(s->type) && !isatty(STDIN_FILENO))
        pthread_join(thread, &result);
    else
        pthread_detach(thread); /* ends with the program, if not before */
    cli_progress_end(t);
    if (end == CLI_END || end == CLI_END_IDLE)
        return (int)(intptr_t)result;
    return CLI_FAILED;
}

int cli_relay_pair(struct csk_socket *a, struct csk_socket *b, struct cli_transfer *t,
                   const char *peer)
{
    const struct cli_end from = { b, -1, "receive", peer };
    const struct cli_end to = { a, -1, "send", NULL };
    struct csk_cancel stop; /* what fails in one direction ends the other */
    enum cli_ending end;
    pthread_t thread;
    void *result = NULL;
    int n = csk_cancel_init(&stop);

    if (n < 0)
        return cli_failed(n, NULL, "relay");
    a->cancel = b->cancel = &stop;
    if (start_direction(b, a, t, peer, &thread) == CLI_OK) {
        end = cli_copy(t, &from, &to, false);
        if (end == CLI_END && cli_has_connections(a->type))
            csk_shutdown(a, SHUT_WR);
        if (end != CLI_END)
            csk_cancel(&stop);
        pthread_join(thread, &result);
    } else {
        end = CLI_END_ERROR;
    }
    a->cancel = b->cancel = NULL;
    csk_cancel_close(&stop);
    return end == CLI_END || end == CLI_END_IDLE ? (int)(intptr_t)result : CLI_FAILED;
}
