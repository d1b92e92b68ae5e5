/* csocket listen with datagrams: receive from anyone, reply to the last sender. */
#include "connect/batch.h"
#include "connect/server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RECORD_BUFFER ((size_t)16 << 20) /* as in transfer.c; unused pages cost nothing */

/* Data shared by the two threads. */
struct datagram_server {
    struct cli_server *server;
    struct csk_socket *s;
    struct csk_addr peer; /* the last sender */
    bool has_peer;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static void wait_for_peer(struct datagram_server *d, struct csk_addr *peer)
{
    pthread_mutex_lock(&d->lock);
    while (!d->has_peer)
        pthread_cond_wait(&d->changed, &d->lock);
    *peer = d->peer;
    pthread_mutex_unlock(&d->lock);
}

static void set_peer(struct datagram_server *d, const struct csk_addr *peer)
{
    bool is_new;

    pthread_mutex_lock(&d->lock);
    is_new = !d->has_peer || !csk_addr_equal(peer, &d->peer);
    d->peer = *peer;
    d->has_peer = true;
    pthread_cond_signal(&d->changed);
    pthread_mutex_unlock(&d->lock);
    if (is_new)
        cli_server_notice(d->server, "datagrams from", peer);
}

static int64_t send_to(struct datagram_server *d, const struct csk_datagram *messages, size_t count)
{
    int64_t n = cli_batch_send(d->s, messages, count, d->server->quiet);

    if (n > 0)
        atomic_fetch_add(&d->server->transfer.sent, n);
    return n;
}

/* Send standard input, one record per read, to the sender of the last datagram. */
static void *send_input(void *context)
{
    struct datagram_server *d = context;
    size_t size = d->server->transfer.record_size ? d->server->transfer.record_size : RECORD_BUFFER;
    char *data = malloc(size);
    char room[CSK_ADDR_TEXT_MAX];
    struct csk_addr peer;
    int64_t n;

    if (!data) {
        cli_failed(-ENOMEM, NULL, "allocate a buffer");
        return NULL;
    }
    while ((n = cli_read_some(STDIN_FILENO, data, size)) > 0) {
        wait_for_peer(d, &peer);
        if (d->server->transfer.hex)
            cli_hex_dump(cli_sender(&peer, room), true, 0, data, (size_t)n);
        if (send_to(d, &(struct csk_datagram){ .data = data, .size = (size_t)n, .addr = &peer },
                    1) < 0)
            break;
    }
    if (n < 0)
        cli_failed(n, NULL, "standard input");
    free(data);
    return NULL;
}

static int start_sending(struct datagram_server *d)
{
    pthread_t thread;
    int n = pthread_create(&thread, NULL, send_input, d);

    if (n != 0)
        return cli_failed(-n, NULL, "start a thread");
    pthread_detach(thread); /* ends with the program, if not before */
    return CLI_OK;
}

/* The time to wait for the next datagram: the first one has a separate limit. */
static int64_t receive_timeout(const struct datagram_server *d)
{
    if (!d->has_peer)
        return d->server->timeout;
    return d->server->keep_open ? -1 : d->server->transfer.idle;
}

/* Record the senders, and show the datagrams. */
static void record_messages(struct datagram_server *d, const struct cli_batch *batch, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        const struct csk_datagram *message = &batch->messages[i];
        char room[CSK_ADDR_TEXT_MAX];

        set_peer(d, message->addr);
        if (d->server->transfer.hex)
            cli_hex_dump(cli_sender(message->addr, room), false, 0, message->data, message->size);
        atomic_fetch_add(&d->server->transfer.received, (long long)message->size);
    }
}

static int64_t write_all(const struct cli_batch *batch, int64_t count)
{
    int64_t n = 0;

    for (int64_t i = 0; i < count && n >= 0; i++)
        n = cli_write_all(STDOUT_FILENO, batch->messages[i].data, batch->messages[i].size);
    return n;
}

static int serve(struct datagram_server *d, struct cli_batch *batch)
{
    for (;;) {
        int64_t n = csk_wait(d->s, POLLIN, receive_timeout(d)), written;

        if (n == 0)
            return d->has_peer ? CLI_OK : cli_failed(CSK_ETIMEDOUT, NULL, "receive");
        n = n < 0 ? n : cli_batch_receive(batch, d->s);
        if (n < 0 && cli_is_peer_error(n) && n != -EMSGSIZE)
            continue;
        if (n < 0)
            return cli_failed(n, NULL, "receive");
        record_messages(d, batch, n);
        written = d->server->echo ? send_to(d, batch->messages, (size_t)n) : write_all(batch, n);
        if (written == -EPIPE && !d->server->echo)
            return CLI_FAILED;
        if (written < 0)
            return cli_failed(written, NULL, d->server->echo ? "reply" : "standard output");
    }
}

int cli_serve_datagrams(struct cli_server *server, struct csk_socket *s)
{
    struct datagram_server *d = cli_alloc(sizeof *d); /* used by the thread until the program
                                                       * ends */
    struct cli_batch *batch = cli_alloc(sizeof *batch);
    int status = cli_batch_open(batch, s);

    d->server = server;
    d->s = s;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->changed, NULL);
    cli_progress_start(&server->transfer, -1);
    if (status == CLI_OK && !server->echo)
        status = start_sending(d);
    if (status == CLI_OK)
        status = serve(d, batch);
    cli_progress_end(&server->transfer);
    cli_batch_close(batch);
    free(batch);
    return status;
}
