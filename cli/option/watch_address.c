/* csocket options --watch ADDRESS: the connections at an address, in all processes.  The kernel's
 * list of sockets has their TCP_INFO, which requires no privilege. */
#include "option/watch.h"
#include "sockets/sockets.h"

#include <stdlib.h>
#include <string.h>

#define CONNECTIONS 64
#define HEADINGS_EVERY 20

struct group {
    const struct options_arguments *a;
    struct watch *watches[CONNECTIONS];
    size_t count;
    FILE *record;
    int status;
};

/* Options that are not in the list are read through a descriptor. */
static bool bytes_of(const struct options_arguments *a, const struct cli_sock *sock,
                     const void **bytes, size_t *size)
{
    bool info = !strcmp(csk_option_name(a->watch), "TCP_INFO");

    *bytes = info ? sock->info : sock->memory;
    *size = info ? sock->info_size : sock->memory_size;
    return (info || !strcmp(csk_option_name(a->watch), "SO_MEMINFO")) && *bytes && *size > 0;
}

static bool is_watched(const struct group *g, const struct cli_sock *sock)
{
    const char *pattern = g->a->words[0];

    return sock->peer.len > 0 && (sockets_address_matches(&sock->local, pattern) ||
                                  sockets_address_matches(&sock->peer, pattern));
}

static struct watch *watch_of(struct group *g, const struct cli_sock *sock)
{
    struct watch *w;

    for (size_t i = 0; i < g->count; i++)
        if (g->watches[i]->cookie == sock->cookie)
            return g->watches[i];
    if (g->count == CONNECTIONS)
        return NULL;
    w = cli_alloc(sizeof *w);
    w->a = g->a;
    w->cookie = sock->cookie;
    csk_addr_format(&sock->local, w->local, sizeof w->local);
    csk_addr_format(&sock->peer, w->peer, sizeof w->peer);
    snprintf(w->title, sizeof w->title, "%.70s to %.70s", w->local, w->peer);
    if ((g->status = watch_choose_fields(w)) != CLI_OK) {
        free(w);
        return NULL;
    }
    return g->watches[g->count++] = w;
}

static int read_one(const struct cli_sock *sock, void *context)
{
    struct group *g = context;
    const void *bytes;
    struct watch *w;
    size_t size;

    if (!is_watched(g, sock) || !bytes_of(g->a, sock, &bytes, &size))
        return 0;
    if (!(w = watch_of(g, sock)))
        return g->status != CLI_OK; /* or there are too many to watch */
    w->seen = true;
    watch_add_reading(w, bytes, size);
    g->status = watch_record(g->record, w);
    return g->status != CLI_OK;
}

/* Remove the connections that have been closed. */
static void drop_ended(struct group *g)
{
    size_t kept = 0;

    for (size_t i = 0; i < g->count; i++) {
        struct watch *w = g->watches[i];

        if (w->seen) {
            w->seen = false;
            g->watches[kept++] = w;
            continue;
        }
        cli_notice("%s has ended", w->title);
        free(w);
    }
    g->count = kept;
}

static int read_all(struct group *g)
{
    int n = cli_platform_sockets(AF_UNSPEC, read_one, g);

    if (n < 0)
        return cli_failed(n, NULL, "list the sockets");
    drop_ended(g);
    return g->status;
}

static void show(const struct group *g, int64_t round)
{
    if (round % HEADINGS_EVERY == 0 && !g->a->format.json && !g->a->format.no_headings)
        watch_print_headings(g->watches[0], true);
    for (size_t i = 0; i < g->count; i++)
        if (g->a->format.json)
            watch_print_json(stdout, g->watches[i], true);
        else
            watch_print_line(g->watches[i], true);
    fflush(stdout);
}

bool options_watch_address(const struct options_arguments *a, int *status)
{
    struct group g = { .a = a };
    int64_t next = csk_now();

    if ((*status = watch_record_open(a, &g.record)) != CLI_OK)
        return true;
    if (cli_platform_sockets(AF_UNSPEC, read_one, &g) < 0 || (g.count == 0 && !g.status)) {
        watch_record_close(g.record, a->record);
        return false;
    }
    *status = g.status;
    for (int64_t round = 0; *status == CLI_OK && g.count > 0; round++) {
        show(&g, round);
        if (ferror(stdout) || (a->count && round + 1 == a->count))
            break;
        next += a->interval;
        watch_sleep(next);
        for (size_t i = 0; i < g.count; i++)
            g.watches[i]->seen = false;
        *status = read_all(&g);
    }
    while (g.count > 0)
        free(g.watches[--g.count]);
    if (watch_record_close(g.record, a->record) != CLI_OK && *status == CLI_OK)
        *status = CLI_FAILED;
    return true;
}
