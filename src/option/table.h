/* The table of options, made by tools/gen_options.py from data/option*.tsv, and what the files of
 * src/option/ share.
 *
 * The table has no pointers, which would be relocated in every process that loads the library: its
 * rows refer to layouts and text by offsets (layout/layout.h). */
#ifndef CSKI_OPTION_TABLE_H
#define CSKI_OPTION_TABLE_H

#include "layout/layout.h"

#include <csocket/option.h>

#include <time.h>

/* Instead of a number that this system does not have.  No option of any system has it. */
#define CSKI_NO_OPTION (-0x7fff0000)

#define CSKI_OPTION_NAME_MAX 40

/* A row of the catalogue. */
struct csk_option {
    char name[CSKI_OPTION_NAME_MAX];          /* "SO_LINGER" */
    int level, number;                        /* as getsockopt(2) takes them */
    unsigned flags;                           /* CSK_OPTION_* */
    cski_offset set, get;                     /* layouts; 0: it cannot be set, or read */
    cski_offset notes[CSK_OPTION_NOTE_COUNT]; /* text by enum csk_option_note; 0: none */
};

/* Which sockets an option is for; zero is any. */
struct cski_option_use {
    uint64_t families; /* bit AF_* */
    uint8_t types;     /* bit SOCK_* */
    uint8_t proto_count;
    uint16_t protos[3];
};

extern const struct csk_option *const cski_options;
extern const struct cski_option_use cski_option_uses[];
extern const uint16_t cski_options_by_name[];
extern const size_t cski_options_count;

static inline const struct csk_layout *cski_option_layout(const struct csk_option *option,
                                                          unsigned direction)
{
    return cski_at_offset(option, direction == CSK_OPTION_SET ? option->set : option->get);
}

static inline const char *cski_option_note(const struct csk_option *option,
                                           enum csk_option_note note)
{
    return cski_at_offset(option, option->notes[note]);
}

/* suggest.c: "; did you mean SO_LINGER?", or "" if no name is similar: text. */
const char *cski_option_suggest_text(const char *name, char *text, size_t size);

#endif
