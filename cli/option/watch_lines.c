/* Readings as lines: numbers in columns, or JSON, one object per line. */
#include "option/watch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define HEADINGS_EVERY 20
#define WIDTH 14

static void *open_lines(const struct watch *w)
{
    return (void *)(uintptr_t)w; /* there is no state */
}

void watch_print_json(FILE *file, const struct watch *w, bool title)
{
    fprintf(file, "{\"reading\":%lld,\"time\":%.3f", (long long)w->readings, w->time);
    if (title) {
        fprintf(file, ",\"local\":");
        cli_json_text(file, w->local, strlen(w->local));
        fprintf(file, ",\"peer\":");
        cli_json_text(file, w->peer, strlen(w->peer));
    }
    if (*w->state)
        fprintf(file, ",\"state\":\"%s\"", w->state);
    for (size_t i = 0; i < w->series_count; i++) {
        const char *name = csk_field_name(w->series[i].field);

        fprintf(file, ",\"%s\":", *name ? name : "value");
        if (w->series[i].present)
            fprintf(file, "%lld", (long long)w->series[i].last);
        else
            fprintf(file, "null");
        if (w->series[i].counter)
            fprintf(file, ",\"%s_per_second\":%.3f", name, w->series[i].rate);
    }
    fprintf(file, "}\n");
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

void watch_print_headings(const struct watch *w, bool title)
{
    printf("%-12s", "time");
    for (size_t i = 0; i < w->series_count; i++) {
        printf(" %*s", WIDTH, csk_field_name(w->series[i].field));
        if (w->series[i].counter)
            printf(" %9s", "per s");
    }
    printf("%s%s\n", *w->state ? "  state" : "", title ? "            connection" : "");
}

void watch_print_line(const struct watch *w, bool title)
{
    char text[32];

    print_time(w->time);
    for (size_t i = 0; i < w->series_count; i++) {
        const struct watch_series *series = &w->series[i];

        printf(" %*s", WIDTH,
               series->present ? watch_text(series, series->last, text, sizeof text) : "-");
        if (series->counter)
            printf(" %9s", watch_text(series, (int64_t)series->rate, text, sizeof text));
    }
    printf("%s%s", *w->state ? "  " : "", w->state);
    printf("%s%s\n", title ? "  " : "", title ? w->title : "");
}

static void show_lines(void *view, const struct watch *w)
{
    (void)view;
    if (w->a->format.json) {
        watch_print_json(stdout, w, false);
    } else {
        if (w->readings % HEADINGS_EVERY == 1 && !w->a->format.no_headings)
            watch_print_headings(w, false);
        watch_print_line(w, false);
    }
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
