/* Readings drawn on the terminal, with ncurses: one graph per field, the newest reading at
 * the right. */
#include "option/watch.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#define LEVELS 8 /* distinguishable in a character cell */

struct screen {
    SCREEN *screen;
    bool keys; /* whether there is a keyboard */
    const char *const *blocks;
};

static const char *const unicode_blocks[LEVELS + 1] = {
    " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
};
static const char *const ascii_blocks[LEVELS + 1] = { " ", ".", ".", ".", ":", ":", ":", "|", "|" };

/* Whether ncurses knows the terminal, and the terminal can move its cursor. */
static bool can_draw(void)
{
    char cup[] = "cup";
    const char *motion;
    bool can;
    int problem;

    if (setupterm(NULL, STDOUT_FILENO, &problem) != OK)
        return false;
    motion = tigetstr(cup);
    can = motion && motion != (char *)-1;
    del_curterm(cur_term); /* newterm makes its own copy */
    return can;
}

/* https://no-color.org: set and not empty. */
static bool wants_colors(void)
{
    const char *none = getenv("NO_COLOR");

    return !none || !*none;
}

static void *open_screen(const struct watch *w)
{
    struct screen *screen;
    SCREEN *terminal = can_draw() ? newterm(NULL, stdout, stdin) : NULL;

    (void)w;
    if (!terminal)
        return NULL;
    screen = cli_alloc(sizeof *screen);
    screen->screen = terminal;
    screen->keys = isatty(STDIN_FILENO);
    screen->blocks = strcmp(nl_langinfo(CODESET), "UTF-8") ? ascii_blocks : unicode_blocks;
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    curs_set(0);
    if (wants_colors() && has_colors() && start_color() == OK && use_default_colors() == OK)
        init_pair(1, COLOR_GREEN, -1);
    return screen;
}

struct range {
    int64_t min, max;
};

static int64_t value_at(const struct watch_series *series, int64_t reading)
{
    return series->drawn[reading % WATCH_HISTORY];
}

/* For the readings that are drawn: `count` of them before the reading `end`. */
static struct range range_of(const struct watch_series *series, int64_t end, int64_t count)
{
    struct range range = { value_at(series, end - 1), value_at(series, end - 1) };

    for (int64_t i = end - count; i < end; i++) {
        if (value_at(series, i) < range.min)
            range.min = value_at(series, i);
        if (value_at(series, i) > range.max)
            range.max = value_at(series, i);
    }
    return range;
}

/* printw of ncurses 6.4 reads its arguments twice, and crashes, if the string is longer than the
 * whole screen. */
static void print_clipped(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void print_clipped(const char *format, ...)
{
    char text[512];
    size_t clipped;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    clipped = getcurx(stdscr) < COLS ? cli_clip(text, (size_t)(COLS - getcurx(stdscr))) : 0;
    addnstr(text, (int)clipped); /* a longer line would continue on the next one */
}

static void draw_heading(const struct watch_series *series, struct range range, int row)
{
    char now[32], min[32], max[32];
    const char *name = csk_field_name(series->field);

    if (move(row, 0) == ERR) /* below the screen's end */
        return;
    attron(A_BOLD);
    print_clipped("%s", *name ? name : "value");
    attroff(A_BOLD);
    if (!series->present) {
        print_clipped("  not in this kernel");
        return;
    }
    print_clipped("  %s", watch_text(series, series->last, now, sizeof now));
    if (csk_field_unit(series->field) && csk_field_kind(series->field) == CSK_FIELD_UINT)
        print_clipped(" %s", csk_field_unit(series->field));
    print_clipped("   %s%s to %s", series->counter ? "per interval " : "",
                  watch_text(series, range.min, min, sizeof min),
                  watch_text(series, range.max, max, sizeof max));
}

/* A graph from zero to the largest number shown; nonzero numbers are always visible. */
static void draw_graph(const struct screen *screen, const struct watch_series *series,
                       struct range range, int row, int height, int64_t end, int64_t count)
{
    for (int64_t i = end - count; i < end; i++) {
        int column = COLS - (int)(end - i);
        int64_t number = value_at(series, i), filled = 0;

        if (range.max > 0 && number > 0)
            filled = (int64_t)((double)number / (double)range.max * height * LEVELS);
        if (filled == 0 && number > 0)
            filled = 1;
        for (int y = 0; y < height; y++) {
            int64_t part = filled - (int64_t)(height - 1 - y) * LEVELS;

            part = part < 0 ? 0 : part > LEVELS ? LEVELS : part;
            mvaddstr(row + y, column, screen->blocks[part]);
        }
    }
}

static void show_screen(void *view, const struct watch *w)
{
    const struct screen *screen = view;
    int height = (LINES - 1) / (int)w->series_count - 1;
    int64_t count = w->readings < COLS ? w->readings : COLS;

    if (count > WATCH_HISTORY)
        count = WATCH_HISTORY;
    if (height < 0)
        height = 0; /* no space for graphs */
    erase();
    attron(A_REVERSE);
    move(0, 0);
    print_clipped(" %s%s  reading %lld  %s%s%s ", csk_option_name(w->a->watch),
                  screen->keys ? "  q: quit" : "", (long long)w->readings, w->state,
                  *w->state ? "  " : "", w->title);
    attroff(A_REVERSE);
    for (size_t i = 0; i < w->series_count; i++) {
        struct range range = range_of(&w->series[i], w->readings, count);
        int row = 1 + (int)i * (height + 1);

        draw_heading(&w->series[i], range, row);
        attron(COLOR_PAIR(1));
        draw_graph(screen, &w->series[i], range, row + 1, height, w->readings, count);
        attroff(COLOR_PAIR(1));
    }
    refresh();
}

static bool wait_screen(void *view, const struct watch *w, int64_t until)
{
    const struct screen *screen = view;
    int64_t left;

    if (!screen->keys) {
        watch_sleep(until);
        return true;
    }
    while ((left = until - csk_now()) > 0) {
        int key;

        timeout((int)(left / 1000000 < 3600000 ? left / 1000000 + 1 : 3600000));
        key = getch();
        if (key == 'q' || key == 'Q')
            return false;
        if (key == KEY_RESIZE)
            show_screen(view, w);
        if (key == ERR && isatty(STDIN_FILENO) == 0)
            return false; /* the terminal has disappeared */
    }
    return true;
}

static void close_screen(void *view, const struct watch *w)
{
    struct screen *screen = view;
    char text[32];

    endwin();
    delscreen(screen->screen);
    free(screen);
    /* The graphs disappear with the screen: print the last reading. */
    printf("%s %s after %lld readings:", csk_option_name(w->a->watch), w->title,
           (long long)w->readings);
    for (size_t i = 0; i < w->series_count; i++)
        printf(" %s=%s", csk_field_name(w->series[i].field),
               watch_text(&w->series[i], w->series[i].last, text, sizeof text));
    printf("\n");
}

const struct watch_view watch_screen = { open_screen, show_screen, wait_screen, close_screen };
