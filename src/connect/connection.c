/* A connection in progress, as steps that never wait: first lookups, then attempts that race. */
#include "connect/connection.h"

#include <string.h>

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* A copy of a string that may be NULL, after the previous ones. */
static const char *keep(char **at, const char *text)
{
    char *copy = *at;

    if (!text)
        return NULL;
    *at += size_of(text);
    return memcpy(copy, text, size_of(text));
}

static int connection_new(struct csk_connection **connection, const char *address,
                          const struct csk_connection_options *options)
{
    const struct csk_connection_options defaults = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_connection *c;
    size_t size;
    char *at;

    if (!options)
        options = &defaults;
    size = size_of(address) + size_of(options->service) + size_of(options->source_address);
    if (!(c = cski_sys(calloc)(1, sizeof *c + size + CSKI_HOST_SPACE(address) +
                                      CSKI_HOST_SPACE(options->source_address))))
        return -ENOMEM;
    at = c->texts;
    c->endpoint.host = at + size;
    c->source.host = c->endpoint.host + CSKI_HOST_SPACE(address);
    c->options = *options;
    c->endpoint.target.text = keep(&at, address);
    c->endpoint.target.service = keep(&at, options->service);
    c->source.target.text = keep(&at, options->source_address);
    c->caller = (struct csk_socket)CSK_SOCKET_INIT;
    c->caller.on_interrupt = options->on_interrupt;
    c->caller.context = options->context;
    c->caller.cancel = options->cancel;
    c->timeout = options->timeout == CSK_TIMEOUT_DEFAULT ? csk_getdefaulttimeout()
                                                         : options->timeout;
    c->deadline = options->total_timeout > 0 ? cski_deadline_in(options->total_timeout)
                                             : CSK_FOREVER;
    *connection = c;
    return 0;
}

/* Continue to resolve the addresses, and plan attempts for those that are new.  Attempts begin once
 * the source address is known. */
static int resolve(struct csk_connection *c)
{
    int n = cski_endpoint_step(&c->endpoint, &c->reason);

    if (n < 0 && c->started > 0) { /* the addresses found before must suffice */
        c->endpoint.complete = true;
        c->reason.code = 0;
        n = 0;
    }
    c->news |= n == 1;
    if (n >= 0)
        n = cski_endpoint_step(&c->source, &c->reason);
    if (n >= 0 && c->news && c->source.complete && (n = cski_race_plan(c)) < 0)
        cski_endpoint_fail(&c->endpoint, n, &c->reason);
    return n;
}

static void step(struct csk_connection *c)
{
    int n = resolve(c);

    c->stepped = true;
    if (n < 0)
        cski_connection_ended(c, n);
    else if (c->count > 0 && c->source.complete)
        cski_race_step(c);
    else if (csk_now() >= c->deadline)
        cski_connection_end(c, CSK_ETIMEDOUT);
}

static int begin_source(struct csk_connection *c, struct csk_error *error)
{
    const char *text = c->source.target.text;
    struct csk_error cause;
    int n;

    c->source.target.flags = AI_PASSIVE;
    c->source.complete = true;
    if (!text || !cski_is_host_port(text, c->options.family))
        return 0;
    if ((n = cski_endpoint_init(&c->source, &c->source.target, &cause)) < 0)
        return cski_fail(error, n, "source address %.60s: %.160s", text, cause.text);
    return 0;
}

static int check(const void *pointer, const char *name, struct csk_error *error)
{
    return pointer ? 0 : cski_fail(error, CSK_ENULL, "%s is NULL", name);
}

static int fail_new(struct csk_connection **connection, int code, struct csk_error *error)
{
    struct csk_error cause = { code, "" };

    if (error && error->code == code)
        cause = *error;
    csk_connection_free(*connection);
    *connection = NULL;
    return cause.text[0] ? code : cski_fail(error, code, "connect: %s", csk_errstr(code));
}

int csk_connection_begin(const char *address, const struct csk_connection_options *options,
                         struct csk_connection **connection, struct csk_error *error)
{
    struct csk_connection *c;
    int n;

    if ((n = check(connection, "connection", error)) < 0)
        return n;
    *connection = NULL;
    if (!(options && options->service) && (n = check(address, "the address", error)) < 0)
        return n;
    if ((n = connection_new(connection, address, options)) < 0)
        return cski_fail(error, n, "connect to %.100s: %s", address ? address : "this machine",
                         csk_errstr(n));
    c = *connection;
    c->endpoint.target.family = c->options.family;
    c->endpoint.target.type = c->options.type;
    c->endpoint.target.proto = c->options.proto;
    if ((n = cski_endpoint_init(&c->endpoint, &c->endpoint.target, error)) < 0 ||
        (n = begin_source(c, error)) < 0)
        return fail_new(connection, n, error);
    c->news = c->endpoint.complete;
    return 0;
}

int csk_connection_begin_any(const struct csk_addrinfo *list, size_t size,
                             const struct csk_connection_options *options,
                             struct csk_connection **connection, struct csk_error *error)
{
    struct csk_connection *c;
    int n;

    if ((n = check(connection, "connection", error)) < 0)
        return n;
    *connection = NULL;
    if (size > 0 && (n = check(list, "the list of addresses", error)) < 0)
        return n;
    if (size == 0)
        return cski_fail(error, CSK_ENOADDRESS, "%s", csk_errstr(CSK_ENOADDRESS));
    if ((n = connection_new(connection, NULL, options)) < 0)
        return cski_fail(error, n, "connect: %s", csk_errstr(n));
    c = *connection;
    c->endpoint = (struct cski_endpoint){ .list = list, .count = size, .complete = true };
    if ((n = begin_source(c, error)) < 0 || (n = cski_race_plan(c)) < 0)
        return fail_new(connection, n, error);
    c->endpoint.list = NULL; /* the attempts have copies */
    c->endpoint.count = 0;
    return 0;
}

ssize_t csk_connection_events(const struct csk_connection *c, struct pollfd *fds, size_t size)
{
    struct pollfd *all;
    size_t count;

    if (!c || (!fds && size))
        return CSK_ENULL;
    /* The descriptors are collected in the connection's own array. */
    count = c->ended ? 0 : cski_connection_pollfds((struct csk_connection *)c, &all);
    for (size_t i = 0; i < count && i < size; i++)
        fds[i] = all[i];
    return (ssize_t)count;
}

int64_t csk_connection_wakeup(const struct csk_connection *c)
{
    int64_t when, names;

    if (!c)
        return CSK_ENULL;
    if (c->ended || !c->stepped)
        return 1; /* which has passed */
    when = c->deadline;
    if ((names = cski_endpoint_wakeup(&c->endpoint)) < when)
        when = names;
    if ((names = cski_endpoint_wakeup(&c->source)) < when)
        when = names;
    for (size_t i = 0; i < c->started; i++) {
        const struct cski_attempt *attempt = &c->attempts[i];

        if (cski_is_under_way(attempt) && attempt->until < when)
            when = attempt->until;
        if (attempt->state == CSKI_ATTEMPT_RETRYING && attempt->next < when)
            when = attempt->next;
    }
    if (c->started < c->count && !cski_is_sequential(c) && c->next_start < when)
        when = c->next_start;
    return when;
}

int csk_connection_step(struct csk_connection *c)
{
    if (!c)
        return CSK_ENULL;
    if (!c->ended && c->options.cancel && csk_cancel_test(c->options.cancel))
        cski_connection_end(c, CSK_ECANCELED);
    if (!c->ended)
        step(c);
    return c->ended;
}

static int report(const struct csk_connection *c, struct csk_error *error)
{
    const struct cski_attempt *last = cski_last_failed(c);

    if (c->reason.code)
        return cski_fail(error, c->code, "%s", c->reason.text);
    if (!last)
        return cski_fail(error, c->code, "connect: %s", csk_errstr(c->code));
    return cski_attempt_report(last, c->source.target.text, error);
}

/* Copy the failed attempts, in the order in which they began. */
static void list_attempts(const struct csk_connection *c, struct csk_attempt *attempts,
                          size_t *count)
{
    size_t size = count ? *count : 0, filled = 0;

    for (size_t i = 0; i < c->started && filled < size; i++)
        if (c->attempts[i].state == CSKI_ATTEMPT_FAILED)
            attempts[filled++] = (struct csk_attempt){ c->attempts[i].to.addr, c->attempts[i].code,
                                                       c->attempts[i].rank };
    if (count)
        *count = filled;
}

/* Pass the connected socket to the caller, with the requested timeout. */
static int take(struct csk_connection *c, struct csk_socket *s)
{
    struct cski_attempt *winner = c->attempts;
    int n;

    while (winner->state != CSKI_ATTEMPT_CONNECTED)
        winner++;
    if ((n = csk_settimeout(&winner->socket, c->timeout)) < 0) {
        cski_attempt_fail(winner, n);
        c->code = n;
        return n;
    }
    *s = winner->socket;
    s->on_interrupt = c->options.on_interrupt;
    s->cancel = c->options.cancel;
    winner->socket = (struct csk_socket)CSK_SOCKET_INIT;
    c->code = -EISCONN;
    return 0;
}

int csk_connection_finish(struct csk_connection *c, struct csk_socket *s,
                          struct csk_attempt *attempts, size_t *count, struct csk_error *error)
{
    int n;

    if ((n = check(c, "connection", error)) < 0 || (n = check(s, "the socket", error)) < 0 ||
        (count && *count && (n = check(attempts, "the list of attempts", error)) < 0))
        return n;
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    if (!c->ended)
        return cski_fail(error, -EINPROGRESS, "the connection is not complete");
    list_attempts(c, attempts, count);
    if (c->code == -EISCONN)
        return cski_fail(error, -EISCONN, "the connection was finished before");
    if (c->code == 0 && take(c, s) == 0)
        return 0;
    return report(c, error);
}

void csk_connection_free(struct csk_connection *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->started; i++)
        csk_close(&c->attempts[i].socket);
    cski_endpoint_free(&c->endpoint);
    cski_endpoint_free(&c->source);
    cski_sys(free)(c->attempts);
    cski_sys(free)(c->fds);
    cski_sys(free)(c);
}
