/* Dumps and progress, on standard error. */
#include "connect/connect.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BYTES 16 /* per line of a dump */

void cli_hex_dump(const char *peer, bool sending, int64_t offset, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    char shown[4 * CSK_ADDR_TEXT_MAX] = "";
    size_t width;

    if (peer)
        cli_escape(peer, strlen(peer), shown, sizeof shown, &width);
    flockfile(stderr);
    for (size_t at = 0; at < size; at += BYTES) {
        size_t count = size - at < BYTES ? size - at : BYTES;

        fprintf(stderr, "%s%s%c %08llx ", shown, peer ? " " : "", sending ? '>' : '<',
                (unsigned long long)(offset + (int64_t)at));
        for (size_t i = 0; i < BYTES; i++)
            if (i < count)
                fprintf(stderr, "%s %02x", i == BYTES / 2 ? " " : "", bytes[at + i]);
            else
                fprintf(stderr, "%s   ", i == BYTES / 2 ? " " : "");
        fprintf(stderr, "  |");
        for (size_t i = 0; i < count; i++)
            putc(bytes[at + i] < 0x7f && isprint(bytes[at + i]) ? bytes[at + i] : '.', stderr);
        fprintf(stderr, "|\n");
    }
    funlockfile(stderr);
}

struct cli_progress {
    struct cli_transfer *t;
    int64_t total, begin;
    bool terminal, end;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    pthread_t thread;
};

static int64_t clock_now(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * CSK_SECOND + now.tv_nsec;
}

static const char *amount(double bytes, char text[16])
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
    size_t i = 0;

    for (; bytes >= 1000 && i < 4; i++)
        bytes /= 1000;
    snprintf(text, 16, "%.*f %s", i && bytes < 100 ? 1 : 0, bytes, units[i]);
    return text;
}

static const char *duration(double seconds, char text[24])
{
    long whole = seconds < 3.6e6 ? (long)(seconds + 0.5) : 3600000;

    if (whole >= 3600)
        snprintf(text, 24, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, 24, "%ld:%02ld", whole / 60, whole % 60);
    return text;
}

/* "[####----] 42%", as wide as the terminal allows. */
static void bar(char *text, size_t size, int64_t done, int64_t total, size_t columns)
{
    char marks[64];
    size_t length = columns > 60 ? columns - 50 : 10, filled;
    double part = total > 0 ? (double)done / (double)total : 1;

    part = part > 1 ? 1 : part;
    length = length < sizeof marks ? length : sizeof marks - 1;
    filled = (size_t)(part * (double)length);
    memset(marks, '#', filled);
    memset(marks + filled, '-', length - filled);
    snprintf(text, size, "[%.*s] %3d%%  ", (int)length, marks, (int)(part * 100));
}

static void show(struct cli_progress *p, bool last)
{
    long long sent = atomic_load(&p->t->sent), received = atomic_load(&p->t->received);
    double seconds = (double)(csk_now() - p->begin) / 1e9;
    double rate = seconds > 0 ? (double)(sent + received) / seconds : 0;
    char line[256] = "", a[16], b[16], c[16], time[24];
    struct winsize size = { .ws_col = 80 };
    size_t used;

    if (p->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0)
        size.ws_col = 80;
    if (p->terminal && p->total >= 0)
        bar(line, sizeof line, sent, p->total, size.ws_col);
    used = strlen(line);
    used += (size_t)snprintf(line + used, sizeof line - used, "sent %s, received %s, %s/s, %s",
                             amount((double)sent, a), amount((double)received, b), amount(rate, c),
                             duration(seconds, time));
    if (!last && p->total > sent && rate > 0)
        snprintf(line + used, sizeof line - used, ", %s left",
                 duration((double)(p->total - sent) / rate, time));
    if (p->terminal && size.ws_col > 1)
        line[cli_clip(line, size.ws_col - 1u)] = '\0';
    fprintf(stderr, p->terminal ? "\r%s\033[K%s" : "csocket: %s%s", line,
            last || !p->terminal ? "\n" : "");
}

static void *show_all(void *context)
{
    struct cli_progress *p = context;
    bool end = false;

    while (!end) {
        int64_t until = clock_now(CLOCK_REALTIME) + (p->terminal ? CSK_SECOND / 5 : CSK_SECOND);
        const struct timespec time = { until / CSK_SECOND, until % CSK_SECOND };
        int n = 0;

        pthread_mutex_lock(&p->lock);
        while (!p->end && n != ETIMEDOUT)
            n = pthread_cond_timedwait(&p->ended, &p->lock, &time);
        end = p->end;
        pthread_mutex_unlock(&p->lock);
        show(p, end);
    }
    return NULL;
}

void cli_progress_start(struct cli_transfer *t, int64_t total)
{
    struct cli_progress *p;

    if (!t->progress)
        return;
    p = cli_alloc(sizeof *p);
    p->t = t;
    p->total = total;
    p->begin = csk_now();
    p->terminal = isatty(STDERR_FILENO);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->ended, NULL);
    if (pthread_create(&p->thread, NULL, show_all, p) == 0)
        t->shown = p;
    else
        free(p); /* without a thread, the progress is not shown */
}

void cli_progress_end(struct cli_transfer *t)
{
    struct cli_progress *p = t->shown;

    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->end = true;
    pthread_cond_signal(&p->ended);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    t->shown = NULL;
    free(p);
}
