/* csocket relay with datagrams: each sender has its own socket to the target, so that replies can
 * be passed back. */
#include "connect/batch.h"
#include "connect/server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define FLOW_IDLE (INT64_C(60) * CSK_SECOND) /* shorter than a NAT's two minutes (RFC 4787) */

/* A sender, and the socket that represents it. */
struct flow {
    struct csk_socket target;
    struct csk_addr peer;
    int64_t used; /* when a datagram was last passed on, of csk_now */
};

struct datagram_relay {
    struct cli_server *server;
    struct csk_socket *s;
    const struct cli_target *target;
    struct cli_batch *batch;
    struct flow *flows;
    struct csk_wait_item *items; /* the listening socket, then one per flow */
    size_t count;
    int64_t idle;           /* negative: never */
    bool had_flows, failed; /* to open one */
};

static void end_flow(struct datagram_relay *r, size_t index)
{
    csk_close(&r->flows[index].target);
    r->flows[index] = r->flows[--r->count];
}

/* The flow of a sender; NULL after an error message if it cannot be created. */
static struct flow *flow_of(struct datagram_relay *r, const struct csk_addr *peer)
{
    struct flow *flow;

    for (size_t i = 0; i < r->count; i++)
        if (csk_addr_equal(&r->flows[i].peer, peer))
            return &r->flows[i];
    if (r->count == (size_t)r->server->max_connections) {
        size_t oldest = 0;

        for (size_t i = 1; i < r->count; i++)
            oldest = r->flows[i].used < r->flows[oldest].used ? i : oldest;
        end_flow(r, oldest);
    }
    flow = &r->flows[r->count];
    if (cli_target_connect(r->target, r->s->type, &flow->target) != CLI_OK) {
        r->failed = true;
        return NULL;
    }
    cli_server_notice(r->server, "datagrams from", peer);
    flow->peer = *peer;
    r->count++;
    r->had_flows = true;
    return flow;
}

static void show(struct datagram_relay *r, const struct csk_addr *peer, bool sending,
                 const struct csk_datagram *message)
{
    struct cli_transfer *t = &r->server->transfer;
    char room[CSK_ADDR_TEXT_MAX];

    if (t->hex)
        cli_hex_dump(cli_sender(peer, room), sending, 0, message->data, message->size);
    atomic_fetch_add(sending ? &t->sent : &t->received, (long long)message->size);
}

/* From senders to the target: datagrams of one sender in a row are sent together. */
static int64_t forward(struct datagram_relay *r)
{
    struct csk_datagram *messages = r->batch->messages;
    int64_t count = cli_batch_receive(r->batch, r->s), n = 0;

    for (int64_t i = 0, end; i < count && n >= 0; i = end) {
        struct flow *flow = flow_of(r, messages[i].addr);
        const struct csk_addr *peer = messages[i].addr;

        for (end = i; end < count && csk_addr_equal(messages[end].addr, peer); end++)
            show(r, peer, true, &messages[end]);
        if (!flow)
            continue;
        for (int64_t k = i; k < end; k++)
            messages[k].addr = NULL;
        flow->used = csk_now();
        n = cli_batch_send(&flow->target, messages + i, (size_t)(end - i), r->server->quiet);
    }
    return count < 0 ? count : n;
}

/* From the target to the sender of a flow. */
static int64_t backward(struct datagram_relay *r, struct flow *flow)
{
    int64_t count = cli_batch_receive(r->batch, &flow->target);

    for (int64_t i = 0; i < count; i++) {
        show(r, &flow->peer, false, &r->batch->messages[i]);
        r->batch->messages[i].addr = &flow->peer;
    }
    flow->used = csk_now();
    return count < 0 ? count
                     : cli_batch_send(r->s, r->batch->messages, (size_t)count, r->server->quiet);
}

/* End flows that are idle.  The time of the next check, in csk_now's clock; 0: never. */
static int64_t end_idle_flows(struct datagram_relay *r)
{
    int64_t now = csk_now(), next = 0;

    for (size_t i = 0; r->idle >= 0 && i < r->count;) {
        int64_t end = r->flows[i].used + r->idle;

        if (end <= now) {
            end_flow(r, i);
            continue;
        }
        next = next == 0 || end < next ? end : next;
        i++;
    }
    return next;
}

/* Pass on available datagrams, replies first, as later steps change the flows.  0, or the code of a
 * permanent error. */
static int64_t pass_on(struct datagram_relay *r)
{
    int64_t n = 0;

    for (size_t i = r->count; i > 0; i--) {
        if (!r->items[i].revents)
            continue;
        if ((n = backward(r, &r->flows[i - 1])) < 0 && !cli_is_peer_error(n))
            return n;
        if (n < 0) { /* there is no socket; the next datagram tries again */
            if (!r->server->quiet)
                cli_failed(n, NULL, "%s", r->target->endpoint.text);
            end_flow(r, i - 1);
        }
    }
    n = r->items[0].revents ? forward(r) : 0;
    return n < 0 && (!cli_is_peer_error(n) || n == -EMSGSIZE) ? n : 0;
}

static int serve(struct datagram_relay *r)
{
    int64_t first = r->server->timeout >= 0 ? csk_now() + r->server->timeout : 0;

    for (;;) {
        int64_t deadline = r->had_flows ? end_idle_flows(r) : first, n;

        if (r->had_flows && r->count == 0 && !r->server->keep_open)
            return CLI_OK;
        r->items[0] = (struct csk_wait_item){ r->s, POLLIN, 0 };
        for (size_t i = 0; i < r->count; i++)
            r->items[i + 1] = (struct csk_wait_item){ &r->flows[i].target, POLLIN, 0 };
        n = csk_wait_many(r->items, r->count + 1, deadline, NULL);
        if (n == CSK_ETIMEDOUT && !r->had_flows)
            return cli_failed(n, NULL, "receive");
        if (n < 0 && n != CSK_ETIMEDOUT)
            return cli_failed(n, NULL, "wait");
        if (n > 0 && (n = pass_on(r)) < 0)
            return cli_failed(n, NULL, "relay");
        if (r->failed && r->count == 0 && !r->server->keep_open)
            return CLI_FAILED; /* after an error message */
    }
}

int cli_relay_datagrams(struct cli_server *server, struct csk_socket *s,
                        const struct cli_target *target)
{
    struct datagram_relay r = {
        .server = server,
        .s = s,
        .target = target,
        .batch = cli_alloc(sizeof *r.batch),
        .flows = cli_alloc((size_t)server->max_connections * sizeof *r.flows),
        .items = cli_alloc(((size_t)server->max_connections + 1) * sizeof *r.items),
        .idle = server->transfer.idle >= 0 ? server->transfer.idle : FLOW_IDLE,
    };
    int status = cli_batch_open(r.batch, s);

    cli_progress_start(&server->transfer, -1);
    if (status == CLI_OK)
        status = serve(&r);
    cli_progress_end(&server->transfer);
    while (r.count > 0)
        end_flow(&r, r.count - 1);
    cli_batch_close(r.batch);
    free(r.batch);
    free(r.flows);
    free(r.items);
    return status;
}
