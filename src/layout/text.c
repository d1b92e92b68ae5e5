/* Text of options as it is written and read: words, escapes, hexadecimal, numbers, times. */
#include "layout/codec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void cski_out_init(struct cski_out *out, char *text, size_t size)
{
    out->text = text;
    out->size = size;
    out->used = 0;
    if (size > 0)
        text[0] = '\0';
}

void cski_out_char(struct cski_out *out, char c)
{
    if (out->used + 1 < out->size) {
        out->text[out->used] = c;
        out->text[out->used + 1] = '\0';
    }
    out->used++;
}

void cski_out_text(struct cski_out *out, const char *text)
{
    while (*text != '\0')
        cski_out_char(out, *text++);
}

void cski_out_format(struct cski_out *out, const char *format, ...)
{
    size_t room = out->used < out->size ? out->size - out->used : 0;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(room > 0 ? out->text + out->used : NULL, room, format, arguments);
    va_end(arguments);
    out->used += n > 0 ? (size_t)n : 0;
}

void cski_out_escaped(struct cski_out *out, const void *data, size_t size, const char *special)
{
    const unsigned char *bytes = data;
    size_t i;

    for (i = 0; i < size; i++) {
        if (bytes[i] < ' ' || bytes[i] > '~' || bytes[i] == '\\' || strchr(special, bytes[i]))
            cski_out_format(out, "\\x%02x", bytes[i]);
        else
            cski_out_char(out, (char)bytes[i]);
    }
}

void cski_out_hex(struct cski_out *out, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    size_t i;

    for (i = 0; i < size; i++)
        cski_out_format(out, "%02x", bytes[i]);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct cski_in cski_in_trim(struct cski_in in)
{
    while (in.size > 0 && is_blank(in.text[0])) {
        in.text++;
        in.size--;
    }
    while (in.size > 0 && is_blank(in.text[in.size - 1]))
        in.size--;
    return in;
}

bool cski_in_word(struct cski_in *in, struct cski_in *word)
{
    size_t end = 0;

    *in = cski_in_trim(*in);
    if (in->size == 0)
        return false;
    while (end < in->size && !is_blank(in->text[end]))
        end++;
    *word = (struct cski_in){ in->text, end };
    in->text += end;
    in->size -= end;
    return true;
}

bool cski_in_split(struct cski_in *in, char separator, struct cski_in *piece)
{
    const char *end;
    size_t size;

    if (in->text == NULL)
        return false;
    end = in->size > 0 ? memchr(in->text, separator, in->size) : NULL;
    size = end ? (size_t)(end - in->text) : in->size;
    *piece = cski_in_trim((struct cski_in){ in->text, size });
    /* NULL marks that the last piece, which may be empty, has been given out. */
    *in = end ? (struct cski_in){ end + 1, in->size - size - 1 } : (struct cski_in){ NULL, 0 };
    return true;
}

bool cski_in_is(const struct cski_in *in, const char *text)
{
    return strlen(text) == in->size && strncasecmp(in->text, text, in->size) == 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int cski_in_unescape(struct cski_in in, unsigned char *data, size_t size)
{
    size_t i, n = 0;

    for (i = 0; i < in.size; n++) {
        int c = (unsigned char)in.text[i];

        if (c == '\\') {
            int high = i + 3 < in.size ? hex_digit(in.text[i + 2]) : -1;
            int low = i + 3 < in.size ? hex_digit(in.text[i + 3]) : -1;

            if (high < 0 || low < 0 || in.text[i + 1] != 'x')
                return -1;
            c = high << 4 | low;
            i += 4;
        } else {
            i++;
        }
        if (n >= size)
            return -1;
        data[n] = (unsigned char)c;
    }
    return n <= INT32_MAX ? (int)n : -1;
}

int cski_in_bytes(struct cski_in in, unsigned char *data, size_t size)
{
    size_t n = 0;

    if (in.size >= 5 && memcmp(in.text, "text:", 5) == 0)
        return cski_in_unescape((struct cski_in){ in.text + 5, in.size - 5 }, data, size);
    if (in.size >= 2 && in.text[0] == '0' && (in.text[1] == 'x' || in.text[1] == 'X'))
        in = (struct cski_in){ in.text + 2, in.size - 2 };
    while (in.size > 0) {
        int high = hex_digit(in.text[0]), low = in.size > 1 ? hex_digit(in.text[1]) : -1;

        if (high < 0 || low < 0 || n >= size)
            return -1;
        data[n++] = (unsigned char)(high << 4 | low);
        in = (struct cski_in){ in.text + 2, in.size - 2 };
        if (in.size > 1 && (in.text[0] == ':' || is_blank(in.text[0])))
            in = (struct cski_in){ in.text + 1, in.size - 1 };
    }
    return n <= INT32_MAX ? (int)n : -1;
}

/* Digits of a base up to the end of the text or, for base 10, to what is no digit: how many. */
static size_t read_digits(struct cski_in in, unsigned base, uint64_t *number)
{
    size_t i;

    *number = 0;
    for (i = 0; i < in.size; i++) {
        int digit = hex_digit(in.text[i]);

        if (digit < 0 || (unsigned)digit >= base)
            break;
        if (*number > (UINT64_MAX - (unsigned)digit) / base)
            return 0;
        *number = *number * base + (unsigned)digit;
    }
    return i;
}

bool cski_in_number(struct cski_in in, uint64_t *number, bool *negative)
{
    unsigned base = 10;

    *negative = in.size > 0 && in.text[0] == '-';
    if (*negative || (in.size > 0 && in.text[0] == '+'))
        in = (struct cski_in){ in.text + 1, in.size - 1 };
    if (in.size > 2 && in.text[0] == '0' && (in.text[1] == 'x' || in.text[1] == 'X')) {
        in = (struct cski_in){ in.text + 2, in.size - 2 };
        base = 16;
    }
    if (in.size == 0 || read_digits(in, base, number) != in.size)
        return false;
    if (*negative && *number > UINT64_C(1) << 63)
        return false;
    if (*negative)
        *number = 0 - *number;
    return true;
}

static const struct {
    const char *name;
    int64_t ns;
} units[] = {
    { "ns", 1 },
    { "us", 1000 },
    { "ms", 1000000 },
    { "s", 1000000000 },
    { "min", INT64_C(60) * 1000000000 },
    { "m", INT64_C(60) * 1000000000 },
    { "h", INT64_C(3600) * 1000000000 },
    { "d", INT64_C(86400) * 1000000000 },
};

/* The nanoseconds of a unit's name; 0 if there is no such unit. */
static int64_t unit_scale(struct cski_in name, int64_t plain)
{
    size_t i;

    if (name.size == 0)
        return plain;
    for (i = 0; i < sizeof units / sizeof *units; i++) {
        if (cski_in_is(&name, units[i].name))
            return units[i].ns;
    }
    return 0;
}

/* The digits after the point, of `scale` ns: false where they say less than a nanosecond. */
static bool read_fraction(struct cski_in *in, int64_t scale, int64_t *ns)
{
    *ns = 0;
    while (in->size > 0 && hex_digit(in->text[0]) >= 0 && hex_digit(in->text[0]) < 10) {
        int digit = hex_digit(in->text[0]);

        if (digit != 0 && (scale == 0 || digit * scale % 10 != 0))
            return false;
        *ns += digit * scale / 10;
        scale /= 10;
        *in = (struct cski_in){ in->text + 1, in->size - 1 };
    }
    return true;
}

bool cski_in_time(struct cski_in in, int64_t scale, int64_t *ns)
{
    bool negative = in.size > 0 && in.text[0] == '-';
    struct cski_in fraction = { NULL, 0 }, unit;
    uint64_t whole;
    int64_t part = 0;
    size_t n;

    if (negative)
        in = (struct cski_in){ in.text + 1, in.size - 1 };
    n = read_digits(in, 10, &whole);
    if (n == 0 || whole > INT64_MAX)
        return false;
    unit = (struct cski_in){ in.text + n, in.size - n };
    if (unit.size > 0 && unit.text[0] == '.') {
        fraction = (struct cski_in){ unit.text + 1, unit.size - 1 };
        for (n = 0;
             n < fraction.size && hex_digit(fraction.text[n]) >= 0 && fraction.text[n] <= '9'; n++)
            ;
        unit = (struct cski_in){ fraction.text + n, fraction.size - n };
        fraction.size = n;
    }
    scale = unit_scale(unit, scale);
    if (scale == 0 || (whole != 0 && (int64_t)whole > INT64_MAX / scale - 1))
        return false;
    if (!read_fraction(&fraction, scale, &part))
        return false;
    *ns = (int64_t)whole * scale + part;
    if (negative)
        *ns = -*ns;
    return true;
}
