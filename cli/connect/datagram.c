/* csocket listen with datagrams: receive from anyone, reply to the last sender. */
#include "connect/server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#define RECORD_BUFFER ((size_t)16 << 20) /* as transfer.c's; unused pages cost nothing */

/* What the two threads share. */
struct datagram_server {
    struct cli_server *server;
    struct csk_socket *s;
    struct csk_addr peer; /* the last sender */
    bool has_peer;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t received_total;
};

/* Errors that a peer or the network causes: the next datagram may fare better. */
static bool is_peer_error(int64_t code)
{
    return cli_accept_error(code) == CLI_ACCEPT_RETRY || code == -ENOBUFS || code == -ENOMEM;
}

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

/* Send, unless the sender has no address to which one could. */
static int64_t reply(struct datagram_server *d, const struct csk_addr *peer, const void *data,
                     size_t size)
{
    bool unnamed = peer->len <= (socklen_t)sizeof(sa_family_t);
    struct csk_error error = { 0, "" };
    int64_t n = unnamed ? -EDESTADDRREQ : csk_sendto(d->s, data, size, 0, peer, &error);

    if (n >= 0) {
        atomic_fetch_add(&d->server->transfer.sent, n);
        return n;
    }
    if (!d->server->quiet)
        cli_failed(n, &error, "reply");
    return is_peer_error(n) || unnamed ? 0 : n;
}

/* Standard input, a record for each read, to whoever was the last to send. */
static void *send_input(void *context)
{
    struct datagram_server *d = context;
    size_t size = d->server->transfer.record_size ? d->server->transfer.record_size : RECORD_BUFFER;
    char *data = malloc(size);
    struct csk_addr peer;
    int64_t n;

    if (!data) {
        cli_failed(-ENOMEM, NULL, "allocate a buffer");
        return NULL;
    }
    while ((n = cli_read_some(STDIN_FILENO, data, size)) > 0) {
        wait_for_peer(d, &peer);
        if (d->server->transfer.hex)
            cli_hex_dump(true, 0, data, (size_t)n);
        if (reply(d, &peer, data, (size_t)n) < 0)
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

static int64_t receive(struct datagram_server *d, char *data, struct csk_addr *peer)
{
    struct iovec buffer = { data, RECORD_BUFFER };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1, .addr = peer };
    int64_t n = csk_recvmsg(d->s, &msg, 0);

    return n >= 0 && msg.flags & MSG_TRUNC ? -EMSGSIZE : n;
}

/* How long to wait for the next datagram: the first one has a limit of its own. */
static int64_t receive_timeout(const struct datagram_server *d)
{
    if (!d->has_peer)
        return d->server->timeout;
    return d->server->keep_open ? -1 : d->server->transfer.idle;
}

static int serve(struct datagram_server *d, char *data)
{
    struct csk_addr peer;

    for (;;) {
        int64_t n = csk_wait(d->s, POLLIN, receive_timeout(d));

        if (n == 0)
            return d->has_peer ? CLI_OK : cli_failed(CSK_ETIMEDOUT, NULL, "receive");
        n = n < 0 ? n : receive(d, data, &peer);
        if (n < 0 && is_peer_error(n) && n != -EMSGSIZE)
            continue;
        if (n < 0)
            return cli_failed(n, NULL, "receive");
        set_peer(d, &peer);
        if (d->server->transfer.hex)
            cli_hex_dump(false, d->received_total, data, (size_t)n);
        d->received_total += n;
        atomic_fetch_add(&d->server->transfer.received, n);
        if (d->server->echo)
            n = reply(d, &peer, data, (size_t)n);
        else
            n = cli_write_all(STDOUT_FILENO, data, (size_t)n);
        if (n < 0)
            return n == -EPIPE ? CLI_FAILED : cli_failed(n, NULL, "standard output");
    }
}

int cli_serve_datagrams(struct cli_server *server, struct csk_socket *s)
{
    struct datagram_server *d = cli_alloc(sizeof *d); /* the thread's, until the program ends */
    char *data = cli_alloc(RECORD_BUFFER);
    int status = CLI_OK;

    d->server = server;
    d->s = s;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->changed, NULL);
    cli_progress_start(&server->transfer, -1);
    if (!server->echo)
        status = start_sending(d);
    if (status == CLI_OK)
        status = serve(d, data);
    cli_progress_end(&server->transfer);
    free(data);
    return status;
}
