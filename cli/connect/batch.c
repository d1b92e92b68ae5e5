/* Receiving and sending many datagrams in one call. */
#include "connect/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define INTERNET_MESSAGE ((size_t)1 << 16)
/* Longer than any record that the kernel carries by default; pages that are not used cost nothing.
 */
#define LONG_MESSAGE ((size_t)16 << 20)
#define LONG_BATCH 4

bool cli_is_internet(const struct csk_socket *s)
{
    const struct csk_family *family = csk_family_find(s->family, s->proto);
    const struct csk_field *host = csk_layout_field(csk_family_layout(family), 0);

    return csk_field_kind(host) == CSK_FIELD_IN_ADDR || csk_field_kind(host) == CSK_FIELD_IN6_ADDR;
}

int cli_batch_open(struct cli_batch *batch, const struct csk_socket *s)
{
    bool internet = cli_is_internet(s);
    struct csk_recv_memory *memory = &batch->memory;

    batch->size = internet ? CLI_BATCH : LONG_BATCH;
    memory->message_size = internet ? INTERNET_MESSAGE : LONG_MESSAGE;
    memory->size = batch->size * memory->message_size;
    memory->addrs = batch->addrs;
    memory->control = NULL;
    memory->control_size = 0;
    if ((memory->data = malloc(memory->size)))
        return CLI_OK;
    return cli_failed(-ENOMEM, NULL, "allocate a buffer");
}

void cli_batch_close(struct cli_batch *batch)
{
    free(batch->memory.data);
    batch->memory.data = NULL;
}

int64_t cli_batch_receive(struct cli_batch *batch, struct csk_socket *s)
{
    int64_t n = csk_recv_many(s, batch->messages, batch->size, &batch->memory, MSG_DONTWAIT);

    for (int64_t i = 0; i < n; i++)
        if (batch->messages[i].flags & MSG_TRUNC)
            return -EMSGSIZE;
    return n == -EAGAIN ? 0 : n;
}

bool cli_is_peer_error(int64_t code)
{
    return cli_accept_error(code) == CLI_ACCEPT_RETRY || code == -ENOBUFS || code == -ENOMEM;
}

/* The error for a reply to an unnamed socket. */
static int64_t send_some(struct csk_socket *s, const struct csk_datagram *messages, size_t count,
                         struct csk_error *error)
{
    size_t named = 0;

    while (named < count &&
           (!messages[named].addr || messages[named].addr->len > (socklen_t)sizeof(sa_family_t)))
        named++;
    if (named == 0)
        return -EDESTADDRREQ;
    return csk_send_many(s, messages, named, 0, error);
}

int64_t cli_batch_send(struct csk_socket *s, const struct csk_datagram *messages, size_t count,
                       bool quiet)
{
    int64_t bytes = 0;

    for (size_t done = 0; done < count;) {
        struct csk_error error = { 0, "" };
        int64_t n = send_some(s, messages + done, count - done, &error);

        if (n < 0 && !cli_is_peer_error(n) && n != -EDESTADDRREQ)
            return n;
        if (n < 0 && !quiet)
            cli_failed(n, &error, "reply");
        for (int64_t i = 0; i < n; i++)
            bytes += (int64_t)messages[done + (size_t)i].size;
        done += n < 1 ? 1 : (size_t)n;
    }
    return bytes;
}
