/* csocket connect --check: report which ports accept connections. */
#include "connect/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORTS 65536

struct result {
    int port;
    int code;     /* 0: the port accepts */
    bool is_late; /* the deadline has come first */
};

struct check {
    const struct cli_kind *kind;
    char host[CSK_ADDR_TEXT_MAX];
    int64_t timeout, until; /* of csk_now; INT64_MAX: no deadline */
    struct result *results;
    size_t count, next;
    pthread_mutex_t lock;
};

/* "80", "8000-8100". */
static bool read_range(const char *word, int64_t *first, int64_t *last)
{
    const char *dash = strchr(word, '-');
    struct csk_error error;
    char low[64];

    if (csk_number_parse(word, first, &error) == 0) {
        *last = *first;
        return true;
    }
    if (!dash)
        return false;
    snprintf(low, sizeof low, "%.*s", (int)(dash - word), word);
    return csk_number_parse(low, first, &error) == 0 &&
           csk_number_parse(dash + 1, last, &error) == 0;
}

/* Convert "22,80,8000-8100" to ports; a service means its port. */
static int read_ports(struct check *c, const char *list)
{
    while (*list) {
        size_t length = strcspn(list, ",");
        struct csk_error error;
        int64_t first, last;
        char word[64];

        snprintf(word, sizeof word, "%.*s", (int)length, list);
        if (!read_range(word, &first, &last))
            first = last = csk_getservbyname(word, NULL, &error);
        if (first < 1 || last > 65535 || first > last) {
            cli_error("%s: \"%s\" is not a port (1-65535), a range of ports or a service", list,
                      word);
            return CLI_USAGE;
        }
        for (; first <= last && c->count < PORTS; first++)
            c->results[c->count++].port = (int)first;
        list += length + (list[length] == ',');
    }
    if (c->count == 0)
        cli_error("the ports are missing");
    return c->count ? CLI_OK : CLI_USAGE;
}

static void check_one(const struct check *c, struct result *result)
{
    int64_t left = c->until - csk_now();
    struct csk_connection_options options = {
        .family = c->kind->family,
        .type = c->kind->type,
        .proto = c->kind->proto,
        .timeout = c->timeout,
        .total_timeout = c->until == INT64_MAX ? 0 : left,
    };
    char address[CSK_ADDR_TEXT_MAX + 8];
    struct csk_socket s;

    snprintf(address, sizeof address, "%s:%d", c->host, result->port);
    result->code = left > 0 ? csk_create_connection(&s, address, &options, NULL) : CSK_ETIMEDOUT;
    result->is_late = result->code == CSK_ETIMEDOUT && csk_now() >= c->until;
    if (result->code == 0)
        csk_close(&s);
}

static void *work(void *context)
{
    struct check *c = context;

    for (;;) {
        size_t index;

        pthread_mutex_lock(&c->lock);
        index = c->next++;
        pthread_mutex_unlock(&c->lock);
        if (index >= c->count)
            return NULL;
        check_one(c, &c->results[index]);
    }
}

/* This thread works, too; fewer threads than requested are enough. */
static void work_in_parallel(struct check *c, size_t count)
{
    pthread_t *threads = cli_alloc(count * sizeof *threads);
    size_t started = 0;

    count = count < c->count ? count : c->count;
    while (started + 1 < count && pthread_create(&threads[started], NULL, work, c) == 0)
        started++;
    work(c);
    while (started > 0)
        pthread_join(threads[--started], NULL);
    free(threads);
}

static int report(const struct check *c, const struct cli_format *format, int64_t deadline)
{
    static const struct cli_column columns[] = {
        { "HOST", CLI_TEXT },
        { "PORT", CLI_NUMBER },
        { "STATE", CLI_TEXT },
        { "ERROR", CLI_TEXT },
    };
    struct cli_table *table = cli_table(format, "ports", columns, 4);
    size_t failing = 0, late = 0;
    int status;

    for (size_t i = 0; i < c->count; i++) {
        const struct result *result = &c->results[i];
        char port[12];
        const char *cells[] = { c->host, port, result->code ? "fails" : "accepts",
                                result->is_late ? "not finished"
                                : result->code  ? csk_errstr(result->code)
                                                : NULL };

        snprintf(port, sizeof port, "%d", result->port);
        failing += result->code != 0;
        late += result->is_late;
        cli_table_row(table, cells);
    }
    status = cli_table_print(table);
    if (late > 0)
        return cli_late(c->host, deadline);
    return status == CLI_OK && failing > 0 ? CLI_FAILED : status;
}

int cli_check(const char *const words[2], const struct cli_kind *kind,
              const struct cli_format *format, int64_t parallel, int64_t timeout, int64_t deadline)
{
    const int64_t now = csk_now();
    struct check c = {
        .kind = kind,
        .timeout = timeout,
        .until = deadline >= 0 && deadline < INT64_MAX - now ? now + deadline : INT64_MAX,
        .lock = PTHREAD_MUTEX_INITIALIZER,
    };
    const char *colon = strrchr(words[0], ':'), *ports = words[1];
    size_t length = strlen(words[0]);
    bool bare;
    int status;

    if (!ports && !colon) {
        cli_error("%s: the ports are missing", words[0]);
        return CLI_USAGE;
    }
    if (!ports) {
        ports = colon + 1;
        length = (size_t)(colon - words[0]);
    }
    bare = words[1] && strchr(words[0], ':') && *words[0] != '[';
    snprintf(c.host, sizeof c.host, bare ? "[%.*s]" : "%.*s", (int)length, words[0]);
    c.results = cli_alloc(PORTS * sizeof *c.results);
    if ((status = read_ports(&c, ports)) == CLI_OK) {
        work_in_parallel(&c, (size_t)parallel);
        status = report(&c, format, deadline);
    }
    free(c.results);
    return status;
}
