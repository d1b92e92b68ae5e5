/* Numeric internet addresses to text and back.
 *
 * The accepted and written forms are those of glibc's inet_pton and inet_ntop; not calling the C
 * library's functions saves most of the time for a small datagram's address. */
#include "layout/text.h"

#include <string.h>

/* The value of a digit; the end of the text and a dot have other numbers. */
#define END 256u
#define DOT ((unsigned)'.' - (unsigned)'0')

static inline unsigned digit_at(const char *text, const char *end)
{
    return text < end ? (unsigned)(unsigned char)*text - (unsigned)'0' : END;
}

/* Read up to three digits, without leading zeros, which some parsers treat as octal and inet_pton
 * therefore rejects.  `next` must follow them; otherwise return NULL. */
static inline const char *read_byte(const char *text, const char *end, unsigned next,
                                    unsigned char *byte)
{
    unsigned value = digit_at(text, end), digit;

    if (value > 9)
        return NULL;
    if ((digit = digit_at(++text, end)) <= 9) {
        if (value == 0)
            return NULL;
        value = value * 10 + digit;
        if ((digit = digit_at(++text, end)) <= 9) {
            value = value * 10 + digit;
            digit = digit_at(++text, end);
        }
    }
    *byte = (unsigned char)value;
    return digit == next && value <= 255 ? text + 1 : NULL;
}

bool cski_inet4_parse(const char *text, size_t size, unsigned char packed[4])
{
    const char *end = text + size;
    unsigned char out[4];

    if (!(text = read_byte(text, end, DOT, &out[0])) ||
        !(text = read_byte(text, end, DOT, &out[1])) ||
        !(text = read_byte(text, end, DOT, &out[2])) || !read_byte(text, end, END, &out[3]))
        return false;
    memcpy(packed, out, sizeof out);
    return true;
}

static char *write_byte(char *text, unsigned value)
{
    if (value >= 100) {
        *text++ = (char)('0' + value / 100);
        value %= 100;
        *text++ = (char)('0' + value / 10);
        value %= 10;
    } else if (value >= 10) {
        *text++ = (char)('0' + value / 10);
        value %= 10;
    }
    *text++ = (char)('0' + value);
    return text;
}

size_t cski_inet4_format(const unsigned char packed[4], char *text)
{
    char *p = write_byte(text, packed[0]);

    for (int i = 1; i < 4; i++) {
        *p++ = '.';
        p = write_byte(p, packed[i]);
    }
    *p = '\0';
    return (size_t)(p - text);
}

/* The part of an address that has been parsed: count bytes, and the place of "::" in them. */
struct reading {
    unsigned char bytes[16];
    size_t count, gap;
};

#define NO_GAP SIZE_MAX

/* Parse one group of hexadecimal digits, or the IPv4 address that may be at the end instead. Return
 * NULL for other text. */
static const char *read_group(const char *text, const char *end, struct reading *r)
{
    const char *start = text;
    unsigned value = 0;
    int digit;

    while (text < end && text - start < 4 && (digit = cski_hex_digit(*text)) >= 0) {
        value = value << 4 | (unsigned)digit;
        text++;
    }
    if (text < end && *text == '.') {
        if (r->count + 4 > sizeof r->bytes ||
            !cski_inet4_parse(start, (size_t)(end - start), r->bytes + r->count))
            return NULL;
        r->count += 4;
        return end;
    }
    if (text == start || r->count + 2 > sizeof r->bytes)
        return NULL;
    r->bytes[r->count++] = (unsigned char)(value >> 8);
    r->bytes[r->count++] = (unsigned char)value;
    return text;
}

bool cski_inet6_parse(const char *text, size_t size, unsigned char packed[16])
{
    const char *end = text + size;
    struct reading r = { .gap = NO_GAP };
    size_t after;

    if (size >= 2 && text[0] == ':' && text[1] == ':') {
        r.gap = 0;
        text += 2;
    }
    while (text < end) {
        if (!(text = read_group(text, end, &r)))
            return false;
        if (text == end)
            break;
        if (*text++ != ':' || text == end)
            return false;
        if (*text == ':') {
            if (r.gap != NO_GAP)
                return false;
            r.gap = r.count;
            text++;
        }
    }
    /* In glibc "::" replaces at least one group: after eight groups it is an error. */
    if ((r.count == 16) != (r.gap == NO_GAP))
        return false;
    if (r.gap == NO_GAP)
        r.gap = 16;
    after = r.count - r.gap;
    memset(packed, 0, 16);
    memcpy(packed, r.bytes, r.gap);
    memcpy(packed + 16 - after, r.bytes + r.gap, after);
    return true;
}

static char *write_group(char *text, unsigned value)
{
    static const char digits[] = "0123456789abcdef";

    if (value >= 0x1000)
        *text++ = digits[value >> 12];
    if (value >= 0x100)
        *text++ = digits[value >> 8 & 15];
    if (value >= 0x10)
        *text++ = digits[value >> 4 & 15];
    *text++ = digits[value & 15];
    return text;
}

/* The longest run of two or more zero groups, the first of equals (RFC 5952 4.2). */
static int longest_gap(const unsigned groups[8], int *start)
{
    int best = 1, length = 0;

    *start = -1;
    for (int i = 0; i < 8; i++) {
        length = groups[i] == 0 ? length + 1 : 0;
        if (length > best) {
            best = length;
            *start = i - length + 1;
        }
    }
    return *start < 0 ? 0 : best;
}

size_t cski_inet6_format(const unsigned char packed[16], char *text)
{
    unsigned groups[8];
    int start, length, i;
    char *p = text;

    for (i = 0; i < 8; i++)
        groups[i] = (unsigned)packed[2 * i] << 8 | packed[2 * i + 1];
    length = longest_gap(groups, &start);
    for (i = 0; i < 8; i++) {
        if (i == start) {
            *p++ = ':';
            if ((i += length) == 8) {
                *p++ = ':';
                break;
            }
        }
        if (i > 0)
            *p++ = ':';
        /* IPv4-compatible and IPv4-mapped addresses end as IPv4 ones do. */
        if (i == 6 && start == 0 && length == 6)
            return (size_t)(p - text) + cski_inet4_format(packed + 12, p);
        if (i == 5 && start == 0 && length == 5 && groups[5] == 0xffff) {
            memcpy(p, "ffff:", 5);
            return (size_t)(p - text) + 5 + cski_inet4_format(packed + 12, p + 5);
        }
        p = write_group(p, groups[i]);
    }
    *p = '\0';
    return (size_t)(p - text);
}
