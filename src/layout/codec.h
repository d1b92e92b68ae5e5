/* What option.c, opt_*.c and the generated table of options have in common. */
#ifndef CSKI_LAYOUT_CODEC_H
#define CSKI_LAYOUT_CODEC_H

#include "internal.h"

#include <csocket/option.h>

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* The table, made by tools/gen_options.py of data/option*.tsv. */

/* In the place of a number that this system does not have.  No option of any system has it. */
#define CSKI_NO_OPTION (-0x7fff0000)

/* Which sockets an option is for; zero is any. */
struct cski_option_use {
    uint64_t families; /* bit AF_* */
    uint8_t types;     /* bit SOCK_* */
    uint8_t proto_count;
    uint16_t protos[3];
};

extern const struct csk_option cski_options[];
extern const struct cski_option_use cski_option_uses[];
extern const uint16_t cski_options_by_name[];
extern const size_t cski_options_count;

/* opt_near.c: "; did you mean SO_LINGER?", or "" where nothing resembles the name: text. */
const char *cski_option_meant(const char *name, char *text, size_t size);

/* opt_text.c: text as it is written and read. */

/* Text on its way out: what does not fit is counted and left out. */
struct cski_out {
    char *text;
    size_t size, used;
};

void cski_out_init(struct cski_out *out, char *text, size_t size);
void cski_out_char(struct cski_out *out, char c);
void cski_out_text(struct cski_out *out, const char *text);
void cski_out_format(struct cski_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes as text in which printable characters stand for themselves, those of `special` excepted. */
void cski_out_escaped(struct cski_out *out, const void *data, size_t size, const char *special);
void cski_out_hex(struct cski_out *out, const void *data, size_t size);

/* A piece of the text that is being read. */
struct cski_in {
    const char *text;
    size_t size;
};

/* The next word, up to a blank or the end; false if there is none. */
bool cski_in_word(struct cski_in *in, struct cski_in *word);
/* The piece before the next `separator`, without blanks at its ends; false if nothing is left. */
bool cski_in_split(struct cski_in *in, char separator, struct cski_in *piece);
bool cski_in_is(const struct cski_in *in, const char *text); /* in any case */
struct cski_in cski_in_trim(struct cski_in in);
/* Undo cski_out_escaped: bytes, or -1 where the text is malformed or does not fit. */
int cski_in_unescape(struct cski_in in, unsigned char *data, size_t size);
/* Bytes of hexadecimal, or of what follows "text:"; -1 as cski_in_unescape. */
int cski_in_bytes(struct cski_in in, unsigned char *data, size_t size);
/* A whole number in C's notations; what is negative wraps round.  false if it is none. */
bool cski_in_number(struct cski_in in, uint64_t *number, bool *negative);
/* A time with its unit, or in units of `scale` ns without: nanoseconds.  false if it is none. */
bool cski_in_time(struct cski_in in, int64_t scale, int64_t *ns);

/* opt_value.c: one field in memory. */

/* A product, or the limit that it goes beyond; scale is positive. */
int64_t cski_times(int64_t number, int64_t scale);

/* A field that the library fills in by itself, or nobody. */
bool cski_field_is_hidden(const struct csk_optfield *field);
uint64_t cski_slot_number(const struct csk_optfield *field, const unsigned char *data);
bool cski_slot_set_number(const struct csk_optfield *field, unsigned char *data, uint64_t number);
int64_t cski_slot_signed(const struct csk_optfield *field, const unsigned char *data);
bool cski_field_is_signed(const struct csk_optfield *field);
bool cski_field_is_number(const struct csk_optfield *field);
/* The greatest number without a sign that the field's bits hold. */
uint64_t cski_field_greatest(const struct csk_optfield *field);
/* Whether there are as many as there are: a tail that is not bytes. */
bool cski_field_is_array(const struct csk_optfield *field);

/* field_text.c: one field as text.  parse: bytes used, or -1 (the caller says what is accepted). */
void cski_field_format(const struct csk_optfield *field, const unsigned char *data, size_t size,
                       bool alone, struct cski_out *out);
int cski_field_parse(const struct csk_optfield *field, struct cski_in in, bool alone,
                     unsigned char *data, size_t room);
void cski_field_accepts(const struct csk_optfield *field, struct cski_out *out);

/* opt_net.c: fields that hold addresses and interfaces. */
void cski_field_format_net(const struct csk_optfield *field, const unsigned char *data, size_t size,
                           struct cski_out *out);
int cski_field_parse_net(const struct csk_optfield *field, struct cski_in in, unsigned char *data,
                         size_t room);

/* bpf.c: classic BPF programs as text. */

/* The kernel's own limit, BPF_MAXINSNS. */
#define CSKI_FILTER_MAX 4096

void cski_filter_format(const unsigned char *data, size_t size, struct cski_out *out);
/* Bytes used, or -1 and the piece of text that is wrong (wrong may be NULL).  Without data the
 * program is only looked at. */
int cski_filter_parse(struct cski_in in, unsigned char *data, size_t room, struct cski_in *wrong);

/* opt_record.c: what is as long as it is, and values one after the other. */

/* The next multiple of a layout's alignment. */
size_t cski_align(const struct csk_optlayout *layout, size_t size);
/* The last field, if there are as many of it as there are; or NULL. */
const struct csk_optfield *cski_layout_tail(const struct csk_optlayout *layout);
/* The field that counts (CSK_OPTF_COUNT) or measures (CSK_OPTF_LEN) another one, or NULL. */
const struct csk_optfield *cski_layout_keeper(const struct csk_optlayout *layout, unsigned field,
                                              uint32_t flag);
/* Where a CSK_OPTF_LEN says that the field ends which it measures. */
size_t cski_length_end(const struct csk_optfield *length, const unsigned char *bytes);
/* Where a value begins, the index-th of several; at the end of the bytes the place of a new one. */
size_t cski_slot_place(const struct csk_optlayout *layout, unsigned field, size_t index,
                       const unsigned char *bytes, size_t count);
/* The bytes of that value. */
size_t cski_slot_bytes(const struct csk_optlayout *layout, unsigned field, size_t place,
                       const unsigned char *bytes, size_t count);
/* After a change: the fields that count or measure this one.  false where one is too narrow, or no
 * room is left to fill up the last unit. */
bool cski_layout_keep(const struct csk_optlayout *layout, unsigned field, unsigned char *bytes,
                      size_t size, size_t *count, size_t used);

/* opt_struct.c: layouts as text. */

/* No struct of the table has more fields; tools/gen_options.py checks it. */
#define CSKI_FIELDS_MAX 128

void cski_layout_format(const struct csk_optlayout *layout, const unsigned char *bytes,
                        size_t count, struct cski_out *out);
int cski_layout_parse(const struct csk_optlayout *layout, struct cski_in in, unsigned char *bytes,
                      size_t size, struct csk_error *error);
/* What the layout accepts; only, if not 0, its fields with these flags. */
void cski_layout_accepts(const struct csk_optlayout *layout, uint32_t flags, struct cski_out *out);
bool cski_layout_is_plain(const struct csk_optlayout *layout);
void cski_layout_preset(const struct csk_optlayout *layout, unsigned char *bytes, size_t size);
/* Counts as input: how many there is room for, unless the caller says how many. */
void cski_layout_capacity(const struct csk_optlayout *layout, unsigned char *bytes, size_t size);

#endif
