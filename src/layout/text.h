/* The lowest level of layouts: text, escapes, hexadecimal, numbers and times.  It does not depend
 * on fields. */
#ifndef CSKI_LAYOUT_TEXT_H
#define CSKI_LAYOUT_TEXT_H

#include "internal.h"

#include <stddef.h>
#include <stdint.h>

/* The reason why a value is refused.  The errors of system calls, -errno, are returned beside
 * these. */
enum cski_refusal {
    CSKI_REFUSED = -5000, /* not a valid value */
    CSKI_WRONG_KIND,      /* for example text for a number */
    CSKI_OUT_OF_RANGE,    /* a number */
    CSKI_TOO_LONG,        /* text or bytes */
    CSKI_HAS_NULL,        /* text with a null byte in it */
    CSKI_BAD_ESCAPE,
};

/* text.c */

/* Text that is being formatted: the excess is counted and discarded. */
struct cski_out {
    char *text;
    size_t size, used;
};

void cski_out_init(struct cski_out *out, char *text, size_t size);
void cski_out_char(struct cski_out *out, char c);
void cski_out_text(struct cski_out *out, const char *text);
void cski_out_number(struct cski_out *out, uint64_t number); /* in decimal */
void cski_out_format(struct cski_out *out, const char *format, ...)
    __attribute__((format(CSKI_PRINTF, 2, 3)));

/* Bytes as text in which printable characters represent themselves, except those of `special`. */
void cski_out_escaped(struct cski_out *out, const void *data, size_t size, const char *special);
void cski_out_hex(struct cski_out *out, const void *data, size_t size);

/* Characters that must be escaped in a word of a struct: blanks end a word, "=" a name, quotes mark
 * "". */
#define CSKI_SPECIAL_IN_WORD " ,;=\""

/* A piece of the text being read. */
struct cski_in {
    const char *text;
    size_t size;
};

/* Read the next word, up to a blank or the end; false at the end. */
bool cski_in_word(struct cski_in *in, struct cski_in *word);
/* Read the piece before the next separator, without surrounding blanks; false at the end. */
bool cski_in_split(struct cski_in *in, char separator, struct cski_in *piece);
bool cski_in_is(const struct cski_in *in, const char *text); /* in any case */
struct cski_in cski_in_trim(struct cski_in in);
/* Undo cski_out_escaped: number of bytes, CSKI_BAD_ESCAPE or CSKI_TOO_LONG. */
int cski_in_unescape(struct cski_in in, unsigned char *data, size_t size);
/* Read hexadecimal, or what follows "text:": number of bytes, or a refusal. */
int cski_in_bytes(struct cski_in in, unsigned char *data, size_t size);

/* number.c */

/* The value of a hexadecimal digit, or -1. */
static inline int cski_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Read digits of a base: their number, 0 if the number they form has more than 64 bits. */
size_t cski_in_digits(struct cski_in in, unsigned base, uint64_t *number);
/* Read a whole number in C's notations; negative ones wrap around.  false if it is not one. */
bool cski_in_number(struct cski_in in, uint64_t *number, bool *negative);

/* The same, or a size with the suffix K, M, G or T (powers of 1024). */
bool cski_in_size(struct cski_in in, uint64_t *number, bool *negative);

/* Numbers of 1 to 8 bytes in memory. */
enum cski_order { CSKI_HOST_ORDER, CSKI_BIG_ENDIAN, CSKI_LITTLE_ENDIAN };
uint64_t cski_load(const unsigned char *data, unsigned size, enum cski_order order);
void cski_store(unsigned char *data, unsigned size, enum cski_order order, uint64_t number);

/* The product, or the limit that it exceeds; scale is positive. */
int64_t cski_times(int64_t number, int64_t scale);

/* time.c */

/* Read a time with a unit, or in units of `scale` ns without one: ns.  false if it is not one. */
bool cski_in_time(struct cski_in in, int64_t scale, int64_t *ns);
/* Write a number of units; unit is the unit's name. */
void cski_out_time(struct cski_out *out, int64_t number, int64_t scale, const char *unit);

/* struct timeval of two longs or of two 64-bit numbers (size: of the struct). */
int64_t cski_load_timeval(const unsigned char *data, unsigned size, int64_t unit);
/* Round up to microseconds, because less than one must not become "no limit"; false if too large or
 * negative. */
bool cski_store_timeval(unsigned char *data, unsigned size, int64_t unit, int64_t ns);
void cski_out_timeval(struct cski_out *out, const unsigned char *data, unsigned size, int64_t unit);

/* identifier.c: identifiers with groups of digits; format terminates them with a null byte. */
#define CSKI_BDADDR_TEXT 18
#define CSKI_UUID_TEXT 37

bool cski_bdaddr_parse(const char *text, size_t size, unsigned char bdaddr[6]);
void cski_bdaddr_format(const unsigned char bdaddr[6], char *text);
bool cski_uuid_parse(const char *text, size_t size, unsigned char guid[16]);
void cski_uuid_format(const unsigned char guid[16], char *text);

#endif
