/* The numbers of an option: which ones are watched, and their readings. */
#include "option/watch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void watch_sleep(int64_t until)
{
    int64_t left;

    while ((left = until - csk_now()) > 0) { /* clock_nanosleep is missing on macOS */
        const struct timespec pause = { left / CSK_SECOND, left % CSK_SECOND };

        nanosleep(&pause, NULL);
    }
}

const char *watch_text(const struct watch_series *series, int64_t number, char *text, size_t size)
{
    static const struct {
        const char *name;
        int64_t unit;
    } times[] = { { "s", CSK_SECOND }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 } },
      counts[] = { { "G", 1000000000 }, { "M", 1000000 }, { "k", 1000 }, { "", 1 } };
    bool is_time = csk_field_kind(series->field) == CSK_FIELD_TIME ||
                   csk_field_kind(series->field) == CSK_FIELD_TIMEVAL;
    size_t i = 0;

    if (is_time) {
        while (i < 3 && number != 0 && number < times[i].unit)
            i++;
        snprintf(text, size, "%.*f%s", number % times[i].unit ? 1 : 0,
                 (double)number / (double)times[i].unit, times[i].name);
        return text;
    }
    while (i < 3 && number < 10 * counts[i].unit)
        i++;
    snprintf(text, size, "%.*f%s", i == 3 ? 0 : 1, (double)number / (double)counts[i].unit,
             counts[i].name);
    return text;
}

/* Numbers that never decrease. */
static bool is_counter(const char *name)
{
    static const char *const names[] = {
        "total_retrans", "bytes_acked",   "bytes_received", "segs_out",   "segs_in",
        "data_segs_in",  "data_segs_out", "busy_time",      "delivered",  "delivered_ce",
        "bytes_sent",    "bytes_retrans", "rwnd_limited",   "dsack_dups", "reord_seen",
        "rcv_ooopack",   "total_rto",     "sndbuf_limited", "rehash",     "total_rto_time",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool is_number(const struct csk_field *field)
{
    switch (csk_field_kind(field)) {
    case CSK_FIELD_BOOL:
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT:
    case CSK_FIELD_TIME:
    case CSK_FIELD_TIMEVAL:
        return !(csk_field_flags(field) & (CSK_FIELD_FLAG_HIDDEN | CSK_FIELD_FLAG_TAIL));
    default: return false;
    }
}

static void add_series(struct watch *w, unsigned index)
{
    struct watch_series *series = &w->series[w->series_count++];

    series->index = index;
    series->field = csk_layout_field(csk_option_layout(w->a->watch, CSK_OPTION_GET), index);
    series->counter = is_counter(csk_field_name(series->field));
}

/* The field of this name, or -1. */
static int find_field(const struct csk_layout *layout, const char *name, size_t length)
{
    for (unsigned i = 0; i < csk_layout_field_count(layout); i++)
        if (strlen(csk_field_name(csk_layout_field(layout, i))) == length &&
            !memcmp(csk_field_name(csk_layout_field(layout, i)), name, length))
            return (int)i;
    return -1;
}

static int field_error(const struct csk_layout *layout, const char *option, const char *name,
                       size_t length)
{
    char list[2048] = "";
    size_t used = 0;

    for (unsigned i = 0; i < csk_layout_field_count(layout) && used < sizeof list; i++)
        if (is_number(csk_layout_field(layout, i)))
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "",
                                     csk_field_name(csk_layout_field(layout, i)));
    if (!*list)
        cli_error("%s cannot be watched: its value has no numbers", option);
    else
        cli_error("%s has no number \"%.*s\"; it has %s", option, (int)length, name, list);
    return CLI_USAGE;
}

static int choose_fields(struct watch *w, const char *fields)
{
    const struct csk_option *option = w->a->watch;
    const struct csk_layout *layout = csk_option_layout(option, CSK_OPTION_GET);

    for (const char *at = fields; at;) {
        size_t length = strcspn(at, ",");
        int index = find_field(layout, at, length);

        if (index < 0 || !is_number(csk_layout_field(layout, index)))
            return field_error(layout, csk_option_name(option), at, length);
        if (w->series_count == WATCH_SERIES) {
            cli_error("--fields takes %d fields at most", WATCH_SERIES);
            return CLI_USAGE;
        }
        add_series(w, (unsigned)index);
        at = at[length] ? at + length + 1 : NULL;
    }
    return CLI_OK;
}

/* The requested fields; by default the usual three of TCP_INFO, otherwise the first ones. */
int watch_choose_fields(struct watch *w)
{
    const struct csk_layout *layout = csk_option_layout(w->a->watch, CSK_OPTION_GET);

    if (!layout || csk_option_flags(w->a->watch) & (CSK_OPTION_INPUT | CSK_OPTION_NEW_FD)) {
        cli_error("%s cannot be watched", csk_option_name(w->a->watch));
        return CLI_USAGE;
    }
    if (w->a->fields)
        return choose_fields(w, w->a->fields);
    if (find_field(layout, "total_retrans", 13) >= 0)
        return choose_fields(w, "rtt,snd_cwnd,total_retrans");
    for (unsigned i = 0; i < csk_layout_field_count(layout) && w->series_count < WATCH_SERIES / 2;
         i++)
        if (is_number(csk_layout_field(layout, i)))
            add_series(w, i);
    return w->series_count ? CLI_OK : field_error(layout, csk_option_name(w->a->watch), "", 0);
}

void watch_add_reading(struct watch *w, const char *bytes, size_t count)
{
    const struct csk_layout *layout = csk_option_layout(w->a->watch, CSK_OPTION_GET);
    int state = find_field(layout, "state", 5);
    int64_t before = w->read_at;
    struct timespec now;

    w->read_at = csk_now();
    clock_gettime(CLOCK_REALTIME, &now);
    w->time = (double)now.tv_sec + (double)now.tv_nsec / 1e9;

    if (state >= 0)
        csk_layout_format_field(layout, (unsigned)state, 0, bytes, count, w->state,
                                sizeof w->state);
    for (size_t i = 0; i < w->series_count; i++) {
        struct watch_series *series = &w->series[i];
        struct csk_value value = { .kind = CSK_VALUE_NONE };
        char text[CSK_ADDR_TEXT_MAX];
        int64_t number = 0;

        csk_layout_get(layout, series->index, 0, bytes, count, &value, text);
        series->present = value.kind == CSK_VALUE_INT || value.kind == CSK_VALUE_UINT;
        if (value.kind == CSK_VALUE_INT)
            number = value.i;
        else if (value.kind == CSK_VALUE_UINT)
            number = value.u > INT64_MAX ? INT64_MAX : (int64_t)value.u;
        series->drawn[w->readings % WATCH_HISTORY] = !series->counter ? number
                                                     : w->readings    ? number - series->last
                                                                      : 0;
        if (series->counter && w->readings && w->read_at > before)
            series->rate = (double)(number - series->last) * 1e9 / (double)(w->read_at - before);
        series->last = number;
    }
    w->readings++;
}
