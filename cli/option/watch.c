/* csocket options --watch: read an option periodically. */
#include "option/watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_title(struct watch *w, const struct csk_socket *s)
{
    cli_addresses(s, w->local, w->peer);
    snprintf(w->title, sizeof w->title, "%.70s%s%.70s", w->local, *w->peer ? " to " : "", w->peer);
}

static int read_once(struct watch *w, struct csk_socket *s)
{
    struct csk_error error = { 0, "" };
    char bytes[CSK_OPTION_SIZE];
    size_t count = 0;
    int n = csk_option_get_bytes(s, w->a->watch, bytes, sizeof bytes, &count, &error);

    if (n < 0)
        return cli_failed(n, &error, "%s", csk_option_name(w->a->watch));
    if (w->readings == 0)
        write_title(w, s);
    watch_add_reading(w, bytes, count);
    return watch_record(w->record, w);
}

/* The duplicate of another process's socket is closed after each reading, as the socket would
 * otherwise stay open after the process closes it.  Its number may then belong to another
 * socket. */
static int reading(struct watch *w, struct csk_socket *s)
{
    const bool borrowed = w->a->pid >= 0;
    char before[sizeof w->title];
    int status = CLI_OK;

    if (borrowed && w->readings > 0 && kill((pid_t)w->a->pid, 0) != 0 && errno == ESRCH)
        return cli_error("process %lld has ended", (long long)w->a->pid);
    if (borrowed && w->readings > 0)
        status = options_open(w->a, s);
    if (status != CLI_OK)
        return status;
    if (borrowed && w->readings > 0) {
        memcpy(before, w->title, sizeof before);
        write_title(w, s);
        if (strcmp(before, w->title))
            status = cli_error("descriptor %d is another socket now", w->a->fd);
    }
    if (status == CLI_OK)
        status = read_once(w, s);
    if (borrowed)
        csk_close(s);
    return status;
}

static const struct watch_view *open_view(const struct watch *w, void **handle)
{
    const struct watch_view *view = &watch_screen;

    *handle = NULL;
    if (!w->a->format.json && isatty(STDOUT_FILENO))
        *handle = view->open(w);
    if (!*handle) {
        view = &watch_lines;
        *handle = view->open(w);
    }
    return view;
}

int options_watch(const struct options_arguments *a)
{
    struct watch *w = cli_alloc(sizeof *w);
    const struct watch_view *view = NULL;
    struct csk_socket s = CSK_SOCKET_INIT;
    void *handle;
    int64_t next = csk_now();
    int status;

    if (a->word_count > 0 && options_watch_address(a, &status)) {
        free(w);
        return status;
    }
    w->a = a;
    status = watch_choose_fields(w);
    if (status == CLI_OK)
        status = watch_record_open(a, &w->record);
    if (status == CLI_OK)
        status = options_open(a, &s);
    if (status == CLI_OK)
        status = reading(w, &s);
    if (status == CLI_OK) {
        view = open_view(w, &handle);
        view->show(handle, w);
    }
    while (status == CLI_OK && (a->count == 0 || w->readings < a->count)) {
        next += a->interval;
        if (!view->wait(handle, w, next))
            break;
        status = reading(w, &s);
        if (status == CLI_OK)
            view->show(handle, w);
    }
    if (view)
        view->close(handle, w);
    csk_close(&s);
    if (watch_record_close(w->record, a->record) != CLI_OK && status == CLI_OK)
        status = CLI_FAILED;
    free(w);
    return status;
}
