/* Without ncurses nothing is drawn: readings are printed as lines. */
#include "option/watch.h"

static void *open_screen(const struct watch *w)
{
    (void)w;
    return NULL;
}

const struct watch_view watch_screen = { .open = open_screen };
