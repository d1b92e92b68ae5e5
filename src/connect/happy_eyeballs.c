/* Happy Eyeballs (RFC 8305): several attempts to connect at the same time.
 *
 * The first address has a head start of one stagger, then the next joins, and so on; an attempt
 * that fails lets the next one start at once.  The first to connect wins, the others are closed. */
#include "internal.h"

#include <string.h>

/* Section 5. */
#define DEFAULT_DELAY (250 * CSK_MS)

struct race {
    struct cski_dial *dial;
    struct csk_socket *caller; /* whom the interrupt hook is asked about */
    const struct csk_addrinfo **order;
    struct csk_socket *sockets; /* one a started attempt; closed where it failed */
    struct pollfd *fds;         /* the same; -1 where it failed */
    size_t count, started, running;
    int64_t next_start, deadline;
};

/* Section 4: the families alternate after the first addresses of the first family. */
static void interleave(const struct csk_addrinfo **order, const struct csk_addrinfo *list,
                       size_t count, int first)
{
    size_t same = 0, other = 0, lead = first > 0 ? (size_t)first - 1 : 0;

    for (size_t i = 0; i < count; i++) {
        while (same < count && list[same].family != list[0].family)
            same++;
        while (other < count && list[other].family == list[0].family)
            other++;
        if (first < 0)
            order[i] = &list[i];
        else if (other == count || (same < count && (i <= lead || (i - lead) % 2 == 0)))
            order[i] = &list[same++];
        else
            order[i] = &list[other++];
    }
}

static int race_init(struct race *race, const struct csk_addrinfo *list, size_t count)
{
    char *block = cski_sys(calloc)(count,
                                   sizeof *race->sockets + sizeof *race->order + sizeof *race->fds);

    if (!block)
        return -ENOMEM;
    race->sockets = (struct csk_socket *)(void *)block;
    race->order = (const struct csk_addrinfo **)(void *)(race->sockets + count);
    race->fds = (struct pollfd *)(void *)(race->order + count);
    race->count = count;
    interleave(race->order, list, count, race->dial->options->interleave);
    return 0;
}

static void race_free(struct race *race)
{
    for (size_t i = 0; i < race->started; i++)
        csk_close(&race->sockets[i]);
    cski_sys(free)(race->sockets);
}

static void failed(struct race *race, size_t i, int code)
{
    race->fds[i].fd = -1;
    cski_dial_failed(race->dial, &race->sockets[i], &race->order[i]->addr, code);
    race->next_start = 0;
}

/* Start the next attempt.  Whether it is connected already. */
static bool start(struct race *race)
{
    size_t i = race->started++;
    struct csk_socket *s = &race->sockets[i];
    int64_t delay = race->dial->options->happy_eyeballs_delay;
    int n = cski_dial_open(race->dial, s, race->order[i]);

    s->on_interrupt = NULL;
    if (n == 0)
        n = csk_settimeout(s, 0);
    if (n == 0 && (n = csk_connect(s, &race->order[i]->addr, NULL)) == 0)
        return true;
    /* Interrupted, the attempt goes on in the kernel. */
    if (n != -EINPROGRESS && n != -EINTR) {
        failed(race, i, n);
        return false;
    }
    race->fds[i] = (struct pollfd){ .fd = cski_fd(s), .events = POLLOUT };
    race->running++;
    race->next_start = cski_deadline_in(delay ? delay : DEFAULT_DELAY);
    return false;
}

/* Look at the attempts that poll has pointed out: the one that is connected, or NULL. */
static struct csk_socket *look(struct race *race)
{
    for (size_t i = 0; i < race->started; i++) {
        int n;

        if (race->fds[i].fd < 0 || !race->fds[i].revents)
            continue;
        n = cski_connect_outcome(&race->sockets[i]);
        if (n == 0)
            return &race->sockets[i];
        race->running--;
        failed(race, i, n);
    }
    return NULL;
}

/* The time is up: all that still run have failed. */
static int give_up(struct race *race, int code)
{
    race->dial->step = CSKI_DIAL_CONNECT;
    for (size_t i = 0; i < race->started; i++)
        if (race->fds[i].fd >= 0)
            failed(race, i, code);
    return code;
}

/* Run until one is connected (*winner), or until all have failed or the time is up. */
static int run(struct race *race, struct csk_socket **winner)
{
    int64_t until;
    int n;

    for (;;) {
        if (race->started < race->count &&
            (race->running == 0 || race->next_start == 0 || cski_os_now() >= race->next_start)) {
            *winner = &race->sockets[race->started];
            if (start(race))
                return 0;
            continue;
        }
        if (race->running == 0)
            return race->dial->code;
        until = race->started < race->count && race->next_start < race->deadline ? race->next_start
                                                                                 : race->deadline;
        n = cski_wait_many(race->caller, race->fds, race->started, until);
        if (n > 0) {
            race->dial->step = CSKI_DIAL_CONNECT;
            if ((*winner = look(race)))
                return 0;
        } else if (n != CSK_ETIMEDOUT || until == race->deadline) {
            return give_up(race, n);
        }
    }
}

/* Give the winner to the caller, with the mode that was asked for. */
static int hand_over(struct race *race, struct csk_socket *winner, int64_t timeout)
{
    size_t i = (size_t)(winner - race->sockets);
    int n = csk_settimeout(winner, timeout);

    if (n < 0) {
        cski_dial_failed(race->dial, winner, &race->order[i]->addr, n);
        return n;
    }
    winner->on_interrupt = race->dial->options->on_interrupt;
    winner->context = race->dial->options->context;
    *race->caller = *winner;
    csk_detach(winner);
    return 0;
}

int cski_race(struct cski_dial *dial, struct csk_socket *s, const struct csk_addrinfo *list,
              size_t count, int64_t timeout)
{
    struct race race = { .dial = dial, .caller = s, .deadline = cski_deadline_in(timeout) };
    struct csk_socket *winner = NULL;
    int n = race_init(&race, list, count);

    if (n < 0) {
        dial->step = CSKI_DIAL_SOCKET;
        cski_dial_failed(dial, s, &list[0].addr, n);
        return n;
    }
    s->on_interrupt = dial->options->on_interrupt;
    s->context = dial->options->context;
    n = run(&race, &winner);
    if (n == 0)
        n = hand_over(&race, winner, timeout);
    race_free(&race);
    return n;
}
