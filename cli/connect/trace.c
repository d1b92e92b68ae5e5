/* csocket connect --trace: a connection's parallel attempts, step by step. */
#include "connect/trace.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define ATTEMPTS 32
#define UNFINISHED "not finished"

struct attempt {
    struct csk_addr addr;
    int fd; /* until the connection is made */
    bool ended;
    int64_t begin, end; /* in csk_now's clock */
};

struct trace {
    const struct csk_connection_options *options;
    struct attempt attempts[ATTEMPTS];
    size_t count;
    int64_t begin, end;
    int64_t until;            /* of csk_now; INT64_MAX: no deadline */
    struct csk_cancel cancel; /* triggered at the deadline */
};

static void end_attempt(struct attempt *attempt)
{
    if (attempt->ended)
        return;
    attempt->ended = true;
    attempt->end = csk_now();
}

/* A csk_open_fn: an attempt begins.  A socket with the number of an earlier one replaces it. */
static int begin_attempt(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    struct trace *t = context;
    const struct csk_connection_options *options = t->options;

    for (size_t i = 0; i < t->count; i++)
        if (t->attempts[i].fd == csk_fileno(s))
            end_attempt(&t->attempts[i]);
    if (t->count < ATTEMPTS)
        t->attempts[t->count++] = (struct attempt){
            .addr = *addr,
            .fd = csk_fileno(s),
            .begin = csk_now(),
        };
    return options->on_open ? options->on_open(s, addr, options->context) : 0;
}

/* Attempts that no longer wait have ended.  The number of descriptors to wait for. */
static size_t end_attempts(struct trace *t, struct csk_connection *c, struct pollfd fds[ATTEMPTS])
{
    ssize_t n = csk_connection_events(c, fds, ATTEMPTS);
    size_t count = n < 0 ? 0 : n < ATTEMPTS ? (size_t)n : ATTEMPTS;

    for (size_t i = 0; i < t->count; i++) {
        bool is_pending = false;

        for (size_t k = 0; k < count; k++)
            is_pending = is_pending || fds[k].fd == t->attempts[i].fd;
        if (!is_pending)
            end_attempt(&t->attempts[i]);
    }
    return count;
}

static void wait_for_step(struct trace *t, struct csk_connection *c)
{
    struct csk_socket sockets[ATTEMPTS];
    struct csk_wait_item items[ATTEMPTS];
    struct pollfd fds[ATTEMPTS];
    size_t count = end_attempts(t, c, fds);
    int64_t wakeup = csk_connection_wakeup(c);

    wakeup = wakeup < t->until ? wakeup : t->until;
    for (size_t i = 0; i < count; i++) { /* waiting uses only these fields */
        sockets[i] = (struct csk_socket)CSK_SOCKET_INIT;
        sockets[i].fd = fds[i].fd;
        items[i] = (struct csk_wait_item){ &sockets[i], fds[i].events, 0 };
    }
    csk_wait_many(items, count, wakeup == CSK_FOREVER ? 0 : wakeup, NULL);
    if (csk_now() >= t->until)
        csk_cancel(&t->cancel);
}

static void run_steps(struct trace *t, struct csk_connection *c)
{
    struct pollfd fds[ATTEMPTS];

    while (csk_connection_step(c) == 0)
        wait_for_step(t, c);
    end_attempts(t, c, fds);
    t->end = csk_now();
}

/* In JSON nanoseconds. */
static void write_time(const struct cli_format *format, int64_t ns, char text[24])
{
    if (format->json)
        snprintf(text, 24, "%lld", (long long)ns);
    else
        snprintf(text, 24, "%lld.%03lldms", (long long)(ns / CSK_MS),
                 (long long)(ns % CSK_MS / CSK_US));
}

static void add_row(struct cli_table *table, const struct cli_format *format, const char *step,
                    const char *address, int64_t begin, int64_t end, const char *result)
{
    char at[24], time[24];
    const char *cells[] = { step, address, at, time, result };

    write_time(format, begin, at);
    write_time(format, end - begin, time);
    cli_table_row(table, cells);
}

/* The result of an attempt: its error, success for the socket of the connection, or none. */
static const char *result_of(const struct attempt *attempt, int connected_fd,
                             const struct csk_attempt *failed, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (csk_addr_equal(&failed[i].addr, &attempt->addr))
            return failed[i].code == CSK_ECANCELED ? UNFINISHED : csk_errstr(failed[i].code);
    return attempt->fd == connected_fd ? "connected" : "abandoned";
}

static int print(const struct trace *t, const struct cli_format *format, const char *address,
                 int connected_fd, const struct csk_attempt *failed, size_t count)
{
    static const struct cli_column columns[] = {
        { "STEP", CLI_TEXT },   { "ADDRESS", CLI_TEXT }, { "BEGIN", CLI_NUMBER },
        { "TIME", CLI_NUMBER }, { "RESULT", CLI_TEXT },
    };
    struct cli_table *table = cli_table(format, "steps", columns, 5);
    int64_t resolved = t->count ? t->attempts[0].begin : t->end;

    add_row(table, format, "resolve", address, 0, resolved - t->begin,
            t->count                      ? "found"
            : csk_cancel_test(&t->cancel) ? UNFINISHED
                                          : "failed");
    for (size_t i = 0; i < t->count; i++) {
        const struct attempt *attempt = &t->attempts[i];
        char text[CSK_ADDR_TEXT_MAX];

        add_row(table, format, "connect", csk_addr_format(&attempt->addr, text, sizeof text),
                attempt->begin - t->begin, attempt->end - t->begin,
                result_of(attempt, connected_fd, failed, count));
    }
    return cli_table_print(table);
}

int cli_trace(const char *address, const struct csk_connection_options *options,
              const struct cli_format *format, int64_t deadline)
{
    struct trace t = { .options = options, .begin = csk_now(), .until = INT64_MAX };
    struct csk_connection_options own = *options;
    struct csk_attempt failed[ATTEMPTS];
    size_t count = ATTEMPTS;
    struct csk_error error = { 0, "" };
    struct csk_connection *c;
    struct csk_socket s = CSK_SOCKET_INIT;
    int n, status;

    own.on_open = begin_attempt;
    own.context = &t;
    own.cancel = &t.cancel;
    if (deadline >= 0 && deadline < t.until - t.begin)
        t.until = t.begin + deadline;
    if ((n = csk_connection_begin(address, &own, &c, &error)) < 0)
        return cli_failed(n, &error, "%s", address);
    run_steps(&t, c);
    n = csk_connection_finish(c, &s, failed, &count, &error);
    status = print(&t, format, address, n == 0 ? csk_fileno(&s) : -1, failed, count);
    if (n == CSK_ECANCELED)
        status = cli_late(address, deadline);
    else if (n < 0)
        status = cli_failed(n, &error, "%s", address);
    csk_close(&s);
    csk_connection_free(c);
    csk_cancel_close(&t.cancel);
    return status;
}
