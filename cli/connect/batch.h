/* Many datagrams in one call. */
#ifndef CSOCKET_CLI_BATCH_H
#define CSOCKET_CLI_BATCH_H

#include "connect/connect.h"

#define CLI_BATCH 64

struct cli_batch {
    struct csk_datagram messages[CLI_BATCH]; /* as received; addr is the sender */
    struct csk_addr addrs[CLI_BATCH];
    struct csk_recv_memory memory;
    size_t size; /* the number of messages that fit in memory */
};

/* Whether the family is the internet's, whose messages have at most 64 KiB. */
bool cli_is_internet(const struct csk_socket *s);

/* Allocate memory for received data.  CLI_OK, or CLI_FAILED after an error message. */
int cli_batch_open(struct cli_batch *batch, const struct csk_socket *s);
void cli_batch_close(struct cli_batch *batch);

/* Receive available messages, without waiting: their number, or a code; -EMSGSIZE if one is
 * longer than the memory. */
int64_t cli_batch_receive(struct cli_batch *batch, struct csk_socket *s);

/* Whether a peer or the network causes the error, so that the next datagram may succeed. */
bool cli_is_peer_error(int64_t code);

/* Send datagrams.  One that fails because of its peer is skipped, after a message unless quiet.
 * The number of bytes sent, or a code. */
int64_t cli_batch_send(struct csk_socket *s, const struct csk_datagram *messages, size_t count,
                       bool quiet);

#endif
