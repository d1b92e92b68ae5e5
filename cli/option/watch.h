/* The numbers of an option over time. */
#ifndef CSOCKET_CLI_WATCH_H
#define CSOCKET_CLI_WATCH_H

#include "option/options.h"

#define WATCH_SERIES 8
#define WATCH_HISTORY 1024

struct watch_series {
    const struct csk_field *field;
    unsigned index;               /* of the field in its layout */
    bool counter;                 /* only grows: the increase per interval is drawn */
    bool present;                 /* in the last reading: structs of older kernels are shorter */
    int64_t last;                 /* as read */
    double rate;                  /* of a counter: per second, since the previous reading */
    int64_t drawn[WATCH_HISTORY]; /* a ring; reading number n is at n % WATCH_HISTORY */
};

struct watch {
    const struct options_arguments *a;
    char title[160]; /* the socket's addresses */
    char local[CSK_ADDR_TEXT_MAX], peer[CSK_ADDR_TEXT_MAX];
    uint64_t cookie; /* of a socket that was found by its address */
    bool seen;       /* in the latest list of sockets */
    FILE *record;    /* NULL: none */
    char state[32];  /* the field "state" of the last reading, if it has one */
    struct watch_series series[WATCH_SERIES];
    size_t series_count;
    int64_t readings;
    int64_t read_at; /* time of the last reading, in csk_now's clock */
    double time;     /* the same in seconds since 1970 */
};

/* The functions that show readings.  The functions receive the result of open. */
struct watch_view {
    void *(*open)(const struct watch *w); /* NULL: not supported */
    void (*show)(void *view, const struct watch *w);
    bool (*wait)(void *view, const struct watch *w, int64_t until); /* false: end */
    void (*close)(void *view, const struct watch *w);
};

/* watch_series.c.  Choose the fields.  CLI_OK, or CLI_USAGE after an error message. */
int watch_choose_fields(struct watch *w);

/* Add a reading: the bytes of the option. */
void watch_add_reading(struct watch *w, const char *bytes, size_t count);

/* watch_record.c: --record.  CLI_OK or CLI_FAILED after an error message. */
int watch_record_open(const struct options_arguments *a, FILE **file);
int watch_record(FILE *file, const struct watch *w);
int watch_record_close(FILE *file, const char *name);

/* watch_lines.c: one reading as an object, or as a line; title: with the addresses. */
void watch_print_json(FILE *file, const struct watch *w, bool title);
void watch_print_headings(const struct watch *w, bool title);
void watch_print_line(const struct watch *w, bool title);

extern const struct watch_view watch_screen; /* drawn on the terminal */
extern const struct watch_view watch_lines;  /* one line per reading */

/* Wait until a time in csk_now's clock. */
void watch_sleep(int64_t until);

/* A number of a series, short: "23.1ms", "1.2M". */
const char *watch_text(const struct watch_series *series, int64_t number, char *text, size_t size);

#endif
