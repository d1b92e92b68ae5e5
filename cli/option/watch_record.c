/* csocket options --watch --record: readings in a file. */
#include "option/watch.h"

#include <errno.h>
#include <string.h>

static bool is_csv(const char *name)
{
    size_t length = strlen(name);

    return length >= 4 && !strcmp(name + length - 4, ".csv");
}

int watch_record_open(const struct options_arguments *a, FILE **file)
{
    *file = NULL;
    if (!a->record || (*file = fopen(a->record, "ae")))
        return CLI_OK;
    return cli_failed(-errno, NULL, "%s", a->record);
}

static void print_csv_headings(FILE *file, const struct watch *w)
{
    fprintf(file, "time,local,peer,state");
    for (size_t i = 0; i < w->series_count; i++) {
        const char *name = *csk_field_name(w->series[i].field) ? csk_field_name(w->series[i].field)
                                                               : "value";

        fprintf(file, ",%s", name);
        if (w->series[i].counter)
            fprintf(file, ",%s_per_second", name);
    }
    fprintf(file, "\n");
}

/* A quoted string; quotes are doubled (RFC 4180). */
static void print_csv_text(FILE *file, const char *text)
{
    fprintf(file, ",\"");
    for (; *text; text++)
        fprintf(file, *text == '"' ? "\"\"" : "%c", *text);
    fprintf(file, "\"");
}

static void print_csv(FILE *file, const struct watch *w)
{
    fprintf(file, "%.3f", w->time);
    print_csv_text(file, w->local);
    print_csv_text(file, w->peer);
    fprintf(file, ",%s", w->state);
    for (size_t i = 0; i < w->series_count; i++) {
        if (w->series[i].present)
            fprintf(file, ",%lld", (long long)w->series[i].last);
        else
            fprintf(file, ",");
        if (w->series[i].counter)
            fprintf(file, ",%.3f", w->series[i].rate);
    }
    fprintf(file, "\n");
}

int watch_record(FILE *file, const struct watch *w)
{
    if (!file)
        return CLI_OK;
    if (is_csv(w->a->record)) {
        if (fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0)
            print_csv_headings(file, w);
        print_csv(file, w);
    } else {
        watch_print_json(file, w, true);
    }
    return fflush(file) == 0 ? CLI_OK : cli_failed(-errno, NULL, "%s", w->a->record);
}

int watch_record_close(FILE *file, const char *name)
{
    return !file || fclose(file) == 0 ? CLI_OK : cli_failed(-errno, NULL, "%s", name);
}
