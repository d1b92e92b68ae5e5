/* Readings as lines: numbers in columns, or JSON, an object a line. */
#include "option/watch.h"

#include <stdio.h>
#include <time.h>

#define HEADINGS_EVERY 20
#define WIDTH 14

static void *open_lines(const struct watch *w)
{
    return (void *)(uintptr_t)w; /* there is nothing to keep */
}

static void show_json(const struct watch *w)
{
    printf("{\"reading\":%lld,\"time\":%.3f", (long long)w->readings, w->time);
    if (*w->state)
        printf(",\"state\":\"%s\"", w->state);
    for (size_t i = 0; i < w->series_count; i++) {
        const char *name = w->series[i].field->name;

        printf(",\"%s\":", *name ? name : "value");
        if (w->series[i].there)
            printf("%lld", (long long)w->series[i].last);
        else
            printf("null");
        if (w->series[i].counter)
            printf(",\"%s_per_second\":%.3f", name, w->series[i].rate);
    }
    printf("}\n");
}

/* "12:34:56.789", in local time. */
static void print_time(double seconds)
{
    time_t whole = (time_t)seconds;
    struct tm parts;
    char text[16] = "";

    if (localtime_r(&whole, &parts))
        strftime(text, sizeof text, "%H:%M:%S", &parts);
    printf("%s.%03d", text, (int)((seconds - (double)whole) * 1000));
}

static void show_lines(void *view, const struct watch *w)
{
    char text[32];

    (void)view;
    if (w->a->format.json) {
        show_json(w);
        fflush(stdout);
        return;
    }
    if (w->readings % HEADINGS_EVERY == 1 && !w->a->format.no_headings) {
        printf("%-12s", "time");
        for (size_t i = 0; i < w->series_count; i++) {
            printf(" %*s", WIDTH, w->series[i].field->name);
            if (w->series[i].counter)
                printf(" %9s", "per s");
        }
        printf("%s\n", *w->state ? "  state" : "");
    }
    print_time(w->time);
    for (size_t i = 0; i < w->series_count; i++) {
        printf(" %*s", WIDTH,
               w->series[i].there ? watch_text(&w->series[i], w->series[i].last, text, sizeof text)
                                  : "-");
        if (w->series[i].counter)
            printf(" %9s",
                   watch_text(&w->series[i], (int64_t)w->series[i].rate, text, sizeof text));
    }
    printf("%s%s\n", *w->state ? "  " : "", w->state);
    fflush(stdout);
}

static bool wait_lines(void *view, const struct watch *w, int64_t until)
{
    (void)view;
    (void)w;
    watch_sleep(until);
    return !ferror(stdout);
}

static void close_lines(void *view, const struct watch *w)
{
    (void)view;
    (void)w;
}

const struct watch_view watch_lines = { open_lines, show_lines, wait_lines, close_lines };
