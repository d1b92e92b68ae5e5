/* Accepting connections despite errors of peers and of the system. */
#include "connect/connect.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define PAUSE_MIN 10000000 /* ns between two attempts while the system lacks a resource */
#define PAUSE_MAX 1000000000

/* accept(2) returns errors that are pending on the new connection, and those of a firewall.  Only
 * errors of the listening socket itself are permanent. */
enum cli_accept_error cli_accept_error(int64_t code)
{
    switch (-code) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: return CLI_ACCEPT_BACKOFF;
    case EBADF:
    case EFAULT:
    case EINVAL:
    case ENOTSOCK: return CLI_ACCEPT_FATAL;
    default: return code <= -4096 ? CLI_ACCEPT_FATAL : CLI_ACCEPT_RETRY;
    }
}

static void pause_for(int64_t time)
{
    const struct timespec pause = { time / 1000000000, time % 1000000000 };

    nanosleep(&pause, NULL);
}

int cli_accept(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer)
{
    int64_t pause = PAUSE_MIN;
    int last = 0;

    for (unsigned failures = 0;; failures++) {
        int n = csk_accept(s, conn, peer);
        enum cli_accept_error kind;

        if (n == 0 || (kind = cli_accept_error(n)) == CLI_ACCEPT_FATAL)
            return n;
        if (n != last && kind == CLI_ACCEPT_BACKOFF)
            cli_failed(n, NULL, "accept (trying again)");
        last = n;
        /* An error that recurs immediately must not keep a processor busy. */
        if (kind == CLI_ACCEPT_RETRY && failures < 16)
            continue;
        pause_for(pause);
        pause = pause < PAUSE_MAX / 2 ? pause * 2 : PAUSE_MAX;
    }
}

struct cli_slots {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    size_t left;
};

struct cli_slots *cli_slots(size_t count)
{
    struct cli_slots *slots = cli_alloc(sizeof *slots);

    pthread_mutex_init(&slots->lock, NULL);
    pthread_cond_init(&slots->freed, NULL);
    slots->left = count;
    return slots;
}

void cli_slots_take(struct cli_slots *slots)
{
    pthread_mutex_lock(&slots->lock);
    while (slots->left == 0)
        pthread_cond_wait(&slots->freed, &slots->lock);
    slots->left--;
    pthread_mutex_unlock(&slots->lock);
}

void cli_slots_free(struct cli_slots *slots)
{
    pthread_mutex_lock(&slots->lock);
    slots->left++;
    pthread_cond_signal(&slots->freed);
    pthread_mutex_unlock(&slots->lock);
}

void cli_slots_end(struct cli_slots *slots, size_t count)
{
    bool unused;

    pthread_mutex_lock(&slots->lock);
    unused = slots->left == count;
    pthread_mutex_unlock(&slots->lock);
    if (unused)
        free(slots);
}
