/* Short messages in turn, as in a dialogue: one thread for both directions.  A round trip through
 * two threads, which run on different processors, takes 4 % longer.  A single thread must not wait
 * for space, because the peer might make space only after the other direction has progressed. In
 * that case, and for all but short messages, there are two threads. */
#include "connect/batch.h"
#include "connect/connect.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number of bytes that a pipe accepts without blocking if poll(2) reports it as writable. */
#define SHORT 4096
/* The capacity of a pipe, which is larger than any internet datagram. */
#define BUFFER 65536
/* Messages in one direction without a reply: not a dialogue, and batches are faster. */
#define MONOLOGUE 16

struct dialogue {
    struct csk_socket *s;
    struct cli_transfer *t;
    int replies; /* messages in one direction since the last one in the other; negative: input */
};

static bool is_possible(const struct csk_socket *s, const struct cli_transfer *t)
{
    struct stat input;

    return (cli_is_stream(s) || (s->type == SOCK_DGRAM && cli_is_internet(s))) && t->idle < 0 &&
           t->quit_after < 0 && !t->record_size && !t->hex && !t->crlf &&
           fstat(STDIN_FILENO, &input) == 0 && !S_ISREG(input.st_mode);
}

static bool is_temporary(int64_t code)
{
    return code == -EAGAIN || code == -EWOULDBLOCK || code == -EINTR;
}

/* Each of the two returns whether the dialogue goes on; if not, t->rest has the remaining bytes. */
static bool pass_input(struct dialogue *d)
{
    struct cli_rest *rest = &d->t->rest;
    ssize_t n = read(STDIN_FILENO, rest->data, BUFFER);
    int64_t sent = 0;

    if (n < 0)
        return is_temporary(-errno); /* or the next read fails as well */
    if (n == 0) {
        rest->input_ended = true;
        return false;
    }
    if (n < BUFFER) /* otherwise more of a record may follow */
        sent = csk_send(d->s, rest->data, (size_t)n, MSG_DONTWAIT);
    if (sent < 0 && !is_temporary(sent))
        rest->send_code = sent;
    sent = sent < 0 ? 0 : sent;
    atomic_fetch_add(&d->t->sent, (long long)sent);
    rest->begin = (size_t)sent;
    rest->end = (size_t)n;
    d->replies = d->replies > 0 ? -1 : d->replies - 1;
    return sent == n && n <= SHORT && d->replies > -MONOLOGUE;
}

static bool pass_output(struct dialogue *d)
{
    struct cli_rest *rest = &d->t->rest;
    bool stream = cli_is_stream(d->s);
    int64_t n;

    if (cli_wait_fd(STDOUT_FILENO, POLLOUT, 0) <= 0)
        return false;
    n = csk_recv(d->s, rest->output, stream ? SHORT : BUFFER, MSG_DONTWAIT);
    if (n == 0 && !stream)
        return true;
    if (n <= 0) {
        rest->receive_code = is_temporary(n) ? 0 : n;
        return is_temporary(n); /* the end is detected again */
    }
    if (n > SHORT) {
        rest->output_size = (size_t)n;
        return false;
    }
    rest->write_code = cli_write_all(STDOUT_FILENO, rest->output, (size_t)n);
    if (rest->write_code < 0)
        return false;
    atomic_fetch_add(&d->t->received, (long long)n);
    d->replies = d->replies < 0 ? 1 : d->replies + 1;
    return (n < SHORT || !stream) && d->replies < MONOLOGUE;
}

void cli_dialogue(struct csk_socket *s, struct cli_transfer *t)
{
    struct dialogue d = { s, t, 0 };
    struct csk_socket input = CSK_SOCKET_INIT;
    struct csk_wait_item items[] = { { &input, POLLIN, 0 }, { s, POLLIN, 0 } };
    bool goes_on = is_possible(s, t) && (t->rest.data = malloc(BUFFER)) &&
                   (t->rest.output = malloc(BUFFER));

    input.fd = STDIN_FILENO;
    input.type = SOCK_STREAM; /* otherwise descriptor 0 would belong to a closed socket */
    while (goes_on)
        goes_on = csk_wait_many(items, 2, 0, NULL) > 0 && (!items[1].revents || pass_output(&d)) &&
                  (!items[0].revents || pass_input(&d));
}
