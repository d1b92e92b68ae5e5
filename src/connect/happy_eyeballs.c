/* Happy Eyeballs (RFC 8305): when each attempt to connect begins, and which of them wins.
 *
 * The first address has a head start of one delay, then the next joins, and so on; if an attempt
 * fails, the next one begins at once.  The first to connect wins, the others are closed. */
#include "connect/connection.h"

/* Whether an attempt for the address has begun; its rank is then updated. */
static bool has_begun(struct csk_connection *c, const struct csk_addrinfo *to, size_t rank)
{
    for (size_t i = 0; i < c->started; i++) {
        if (csk_addr_equal(&c->attempts[i].to.addr, &to->addr)) {
            c->attempts[i].rank = rank;
            return true;
        }
    }
    return false;
}

/* Section 4: the families alternate, after the first addresses of the first family.  Fills in the
 * indexes of the addresses in the order of the attempts. */
static void interleave(size_t *order, const struct csk_addrinfo *list, size_t count,
                       size_t first_count)
{
    size_t same = 0, other = 0;

    for (size_t i = 0; i < count; i++) {
        bool first = i < first_count || (i - first_count) % 2 == 1;

        while (same < count && list[same].family != list[0].family)
            same++;
        while (other < count && list[other].family == list[0].family)
            other++;
        if (other == count || (first && same < count))
            order[i] = same++;
        else
            order[i] = other++;
    }
}

static void order_addresses(const struct csk_connection *c, size_t *order)
{
    int first_count = c->options.interleave ? c->options.interleave : 1;

    if (first_count > 0 && !cski_is_sequential(c)) {
        interleave(order, c->endpoint.list, c->endpoint.count, (size_t)first_count);
        return;
    }
    for (size_t i = 0; i < c->endpoint.count; i++)
        order[i] = i;
}

static int make_space(struct csk_connection *c, size_t count)
{
    struct cski_attempt *attempts;
    struct pollfd *fds;

    if (!(attempts = cski_sys(realloc)(c->attempts, count * sizeof *attempts)))
        return -ENOMEM;
    c->attempts = attempts;
    if (!c->fds && count <= CSKI_FEW_ATTEMPTS)
        return 0;
    if (!(fds = cski_sys(realloc)(c->fds, (count + CSKI_OTHER_FDS) * sizeof *fds)))
        return -ENOMEM;
    c->fds = fds;
    return 0;
}

int cski_race_plan(struct csk_connection *c)
{
    size_t count = c->endpoint.count, few[CSKI_FEW_ATTEMPTS], *order = few;
    int n;

    c->news = false;
    if (count == 0)
        return CSK_ENOADDRESS;
    if ((n = make_space(c, c->started + count)) < 0)
        return n;
    if (count > CSKI_FEW_ATTEMPTS && !(order = cski_sys(calloc)(count, sizeof *order)))
        return -ENOMEM;
    order_addresses(c, order);
    c->count = c->started;
    for (size_t i = 0; i < count; i++) {
        struct csk_addrinfo to = cski_endpoint_info(&c->endpoint, order[i]);

        if (c->started == 0 || !has_begun(c, &to, order[i]))
            c->attempts[c->count++] = (struct cski_attempt){ to, order[i],
                                                             .socket = CSK_SOCKET_INIT };
    }
    if (order != few)
        cski_sys(free)(order);
    return 0;
}

size_t cski_connection_pollfds(struct csk_connection *c, struct pollfd **fds)
{
    struct pollfd *to = c->fds ? c->fds : c->few;
    csk_fd_t cancel = c->options.cancel ? csk_cancel_fileno(c->options.cancel) : -1;
    size_t count = 0;

    *fds = to;
    if (cancel >= 0)
        to[count++] = (struct pollfd){ .fd = cancel, .events = POLLIN };
    count += (size_t)cski_endpoint_fds(&c->endpoint, to + count);
    count += (size_t)cski_endpoint_fds(&c->source, to + count);
    for (size_t i = 0; i < c->started; i++)
        if (c->attempts[i].state == CSKI_ATTEMPT_RUNNING)
            to[count++] = (struct pollfd){ .fd = cski_fd(&c->attempts[i].socket),
                                           .events = POLLOUT };
    return count;
}

void cski_connection_ended(struct csk_connection *c, int code)
{
    c->ended = true;
    c->code = code;
    for (size_t i = 0; i < c->started; i++)
        if (c->attempts[i].state != CSKI_ATTEMPT_CONNECTED)
            csk_close(&c->attempts[i].socket);
}

bool cski_is_under_way(const struct cski_attempt *attempt)
{
    return attempt->state == CSKI_ATTEMPT_RUNNING || attempt->state == CSKI_ATTEMPT_RETRYING;
}

static void fail_all(struct csk_connection *c, int code)
{
    for (size_t i = 0; i < c->started; i++)
        if (cski_is_under_way(&c->attempts[i]))
            cski_attempt_fail(&c->attempts[i], code);
}

const struct cski_attempt *cski_last_failed(const struct csk_connection *c)
{
    const struct cski_attempt *last = NULL;

    for (size_t i = 0; i < c->started; i++)
        if (c->attempts[i].state == CSKI_ATTEMPT_FAILED &&
            (!last || c->attempts[i].rank > last->rank))
            last = &c->attempts[i];
    return last;
}

void cski_connection_end(struct csk_connection *c, int code)
{
    if (c->ended)
        return;
    if (c->started == 0)
        cski_endpoint_fail(&c->endpoint, code, &c->reason);
    fail_all(c, code);
    cski_connection_ended(c, code);
}

static void all_failed(struct csk_connection *c)
{
    const struct cski_attempt *last = cski_last_failed(c);

    if (!last)
        cski_endpoint_fail(&c->endpoint, CSK_ETIMEDOUT, &c->reason);
    cski_connection_ended(c, last ? last->code : CSK_ETIMEDOUT);
}

bool cski_is_sequential(const struct csk_connection *c)
{
    return c->options.happy_eyeballs_delay < 0;
}

/* The part of the remaining time that one more attempt may have, so that those after it are tried
 * as well. */
static int64_t share(const struct csk_connection *c, int64_t now, size_t attempts)
{
    return c->deadline == CSK_FOREVER ? CSK_FOREVER : (c->deadline - now) / (int64_t)attempts;
}

static int64_t later(int64_t now, int64_t time)
{
    return time < CSK_FOREVER - now ? now + time : CSK_FOREVER;
}

static void start(struct csk_connection *c, int64_t now)
{
    struct cski_attempt *attempt = &c->attempts[c->started++];
    size_t remaining = c->count - c->started;
    int64_t delay = c->options.happy_eyeballs_delay, part = share(c, now, remaining + 1);

    if (delay == 0)
        delay = CSKI_HAPPY_EYEBALLS_DELAY;
    attempt->until = c->timeout > 0 ? later(now, c->timeout) : CSK_FOREVER;
    if (cski_is_sequential(c) && later(now, part) < attempt->until)
        attempt->until = later(now, part);
    c->next_start = cski_is_sequential(c) ? CSK_FOREVER : later(now, delay < part ? delay : part);
    cski_attempt_start(attempt, &c->options, &c->source);
    if (c->never_wait && cski_is_under_way(attempt))
        cski_attempt_fail(attempt, -EINPROGRESS);
    /* After an interruption by the hook there are no further attempts. */
    if (attempt->state == CSKI_ATTEMPT_FAILED && attempt->code == CSK_EINTERRUPTED)
        cski_connection_end(c, CSK_EINTERRUPTED);
}

/* Attempts that poll reports, or whose time has come. */
static void look(struct csk_connection *c, int64_t now)
{
    struct pollfd *fds;
    size_t count = cski_connection_pollfds(c, &fds), at = count;
    const struct cski_limits none = { .deadline = CSKI_NEVER };
    int n = count > 0 ? cski_poll(fds, count, 1, &none) : 0; /* 1 has passed: without waiting */

    if (n < 0 && n != -EINTR && n != CSK_ETIMEDOUT) {
        cski_connection_end(c, n);
        return;
    }
    for (size_t i = c->started; i-- > 0;) {
        struct cski_attempt *attempt = &c->attempts[i];

        if (attempt->state == CSKI_ATTEMPT_RUNNING && fds[--at].revents && n > 0)
            cski_attempt_look(attempt);
        else if (attempt->state == CSKI_ATTEMPT_RETRYING && now >= attempt->next)
            cski_attempt_look(attempt);
        if (cski_is_under_way(attempt) && now >= attempt->until)
            cski_attempt_fail(attempt, CSK_ETIMEDOUT);
        if (attempt->state == CSKI_ATTEMPT_FAILED && !attempt->seen) {
            attempt->seen = true;
            c->next_start = 0;
        }
    }
}

static size_t number_of(const struct csk_connection *c, enum cski_attempt_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < c->started; i++)
        count += c->attempts[i].state == state;
    return count;
}

static size_t under_way(const struct csk_connection *c)
{
    return number_of(c, CSKI_ATTEMPT_RUNNING) + number_of(c, CSKI_ATTEMPT_RETRYING);
}

void cski_race_step(struct csk_connection *c)
{
    int64_t now = csk_now();

    look(c, now);
    if (c->ended)
        return;
    if (now >= c->deadline && number_of(c, CSKI_ATTEMPT_CONNECTED) == 0) {
        fail_all(c, CSK_ETIMEDOUT);
        all_failed(c);
        return;
    }
    while (!c->ended && number_of(c, CSKI_ATTEMPT_CONNECTED) == 0 && c->started < c->count &&
           (under_way(c) == 0 || (now >= c->next_start && !cski_is_sequential(c))))
        start(c, now);
    if (c->ended)
        return;
    if (number_of(c, CSKI_ATTEMPT_CONNECTED) > 0)
        cski_connection_ended(c, 0);
    else if (under_way(c) == 0 && c->endpoint.complete)
        all_failed(c);
}
