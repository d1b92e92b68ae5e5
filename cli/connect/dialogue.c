/* Short messages in turn, as in a dialogue: one thread for both directions.  A round trip through
 * two threads, which run on different processors, takes 4 % longer.  One thread must not wait for
 * space, because the program that should make it could wait for the other direction: then, and for
 * everything but short messages, there are two. */
#include "connect/connect.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a pipe takes without blocking if poll(2) reports that it can be written. */
#define SHORT 4096
#define INPUT 65536

static bool is_possible(const struct csk_socket *s, const struct cli_transfer *t)
{
    struct stat input;

    return cli_is_stream(s) && t->idle < 0 && t->quit_after < 0 && !t->hex && !t->crlf &&
           fstat(STDIN_FILENO, &input) == 0 && !S_ISREG(input.st_mode);
}

static bool is_temporary(int64_t code)
{
    return code == -EAGAIN || code == -EWOULDBLOCK || code == -EINTR;
}

/* Each of the two returns whether the dialogue goes on; if not, t->rest says what is left. */
static bool pass_input(struct csk_socket *s, struct cli_transfer *t)
{
    struct cli_rest *rest = &t->rest;
    ssize_t n = read(STDIN_FILENO, rest->data, INPUT);
    int64_t sent;

    if (n < 0)
        return is_temporary(-errno); /* or the next read fails as well */
    if (n == 0) {
        rest->input_ended = true;
        return false;
    }
    sent = csk_send(s, rest->data, (size_t)n, MSG_DONTWAIT);
    if (sent < 0 && !is_temporary(sent))
        rest->send_code = sent;
    sent = sent < 0 ? 0 : sent;
    atomic_fetch_add(&t->sent, (long long)sent);
    rest->begin = (size_t)sent;
    rest->end = (size_t)n;
    return sent == n && n <= SHORT;
}

static bool pass_output(struct csk_socket *s, struct cli_transfer *t)
{
    char data[SHORT];
    int64_t n;

    if (cli_wait_fd(STDOUT_FILENO, POLLOUT, 0) <= 0)
        return false;
    n = csk_recv(s, data, sizeof data, MSG_DONTWAIT);
    if (n <= 0) {
        t->rest.receive_code = is_temporary(n) ? 0 : n;
        return is_temporary(n); /* an end is found again */
    }
    t->rest.write_code = cli_write_all(STDOUT_FILENO, data, (size_t)n);
    if (t->rest.write_code < 0)
        return false;
    atomic_fetch_add(&t->received, (long long)n);
    return n < SHORT;
}

void cli_dialogue(struct csk_socket *s, struct cli_transfer *t)
{
    struct csk_socket input = CSK_SOCKET_INIT;
    struct csk_wait_item items[] = { { &input, POLLIN, 0 }, { s, POLLIN, 0 } };
    bool goes_on = is_possible(s, t) && (t->rest.data = malloc(INPUT));

    input.fd = STDIN_FILENO;
    input.type = SOCK_STREAM; /* otherwise descriptor 0 is a closed socket's */
    while (goes_on)
        goes_on = csk_wait_many(items, 2, 0, NULL) > 0 &&
                  (!items[1].revents || pass_output(s, t)) &&
                  (!items[0].revents || pass_input(s, t));
}
