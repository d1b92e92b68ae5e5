/* Formatting and parsing text: words, escapes, hexadecimal. */
#include "layout/text.h"

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

void cski_out_number(struct cski_out *out, uint64_t number)
{
    char digits[20];
    int n = 0;

    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (n > 0)
        cski_out_char(out, digits[--n]);
}

void cski_out_format(struct cski_out *out, const char *format, ...)
{
    size_t space = out->used < out->size ? out->size - out->used : 0;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(space > 0 ? out->text + out->used : NULL, space, format, arguments);
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

    if (!in->text)
        return false;
    end = in->size > 0 ? memchr(in->text, separator, in->size) : NULL;
    size = end ? (size_t)(end - in->text) : in->size;
    *piece = cski_in_trim((struct cski_in){ in->text, size });
    /* NULL means that the last piece, which may be empty, has been returned. */
    *in = end ? (struct cski_in){ end + 1, in->size - size - 1 } : (struct cski_in){ NULL, 0 };
    return true;
}

bool cski_in_is(const struct cski_in *in, const char *text)
{
    return strlen(text) == in->size && strncasecmp(in->text, text, in->size) == 0;
}

int cski_in_unescape(struct cski_in in, unsigned char *data, size_t size)
{
    size_t i, n = 0;

    for (i = 0; i < in.size; n++) {
        int c = (unsigned char)in.text[i];

        if (c == '\\') {
            int high = i + 3 < in.size ? cski_hex_digit(in.text[i + 2]) : -1;
            int low = i + 3 < in.size ? cski_hex_digit(in.text[i + 3]) : -1;

            if (high < 0 || low < 0 || in.text[i + 1] != 'x')
                return CSKI_BAD_ESCAPE;
            c = high << 4 | low;
            i += 4;
        } else {
            i++;
        }
        if (n >= size || n >= INT32_MAX)
            return CSKI_TOO_LONG;
        data[n] = (unsigned char)c;
    }
    return (int)n;
}

int cski_in_bytes(struct cski_in in, unsigned char *data, size_t size)
{
    size_t n = 0;

    if (in.size >= 5 && memcmp(in.text, "text:", 5) == 0)
        return cski_in_unescape((struct cski_in){ in.text + 5, in.size - 5 }, data, size);
    if (in.size >= 2 && in.text[0] == '0' && (in.text[1] == 'x' || in.text[1] == 'X'))
        in = (struct cski_in){ in.text + 2, in.size - 2 };
    while (in.size > 0) {
        int high = cski_hex_digit(in.text[0]);
        int low = in.size > 1 ? cski_hex_digit(in.text[1]) : -1;

        if (high < 0 || low < 0)
            return CSKI_REFUSED;
        if (n >= size || n >= INT32_MAX)
            return CSKI_TOO_LONG;
        data[n++] = (unsigned char)(high << 4 | low);
        in = (struct cski_in){ in.text + 2, in.size - 2 };
        if (in.size > 1 && (in.text[0] == ':' || is_blank(in.text[0])))
            in = (struct cski_in){ in.text + 1, in.size - 1 };
    }
    return (int)n;
}
