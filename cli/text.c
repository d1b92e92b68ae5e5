/* Text from untrusted sources: names of peers, interfaces, zones and programs.  Control characters
 * do not reach the terminal, and JSON is valid UTF-8 for any bytes. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

/* Invisible code points, which can reorder or hide the text around them. */
static bool is_invisible(wint_t c)
{
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x061c || c == 0x00ad;
}

/* The length of the character at text in the locale's encoding if it can be shown unchanged, and
 * its width; 0 if it must be escaped. */
static size_t printable_char(const char *text, size_t size, int *width)
{
    mbstate_t state = { 0 };
    wchar_t c;
    size_t n = mbrtowc(&c, text, size, &state);

    if (n == 0 || n > size)
        return 0;
    if (is_invisible((wint_t)c) || (*width = wcwidth(c)) < 0)
        return 0;
    return n;
}

size_t cli_escape(const char *text, size_t size, char *out, size_t room, size_t *width)
{
    size_t used = 0;

    *width = 0;
    for (size_t i = 0; i < size;) {
        int cells = 0;
        size_t n = printable_char(text + i, size - i, &cells);
        char escaped[8];
        const char *from = text + i;

        if (n == 0) {
            snprintf(escaped, sizeof escaped, "\\x%02x", (unsigned char)text[i]);
            from = escaped;
            cells = 4;
        }
        if (used + (n ? n : 4) >= room)
            break;
        memcpy(out + used, from, n ? n : 4);
        used += n ? n : 4;
        *width += (size_t)cells;
        i += n ? n : 1;
    }
    if (room > 0)
        out[used] = '\0';
    return used;
}

size_t cli_clip(const char *text, size_t columns)
{
    size_t i = 0, used = 0, size = strlen(text);

    while (i < size) {
        int width = 1;
        size_t n = printable_char(text + i, size - i, &width);

        if (used + (size_t)width > columns)
            break;
        used += (size_t)width;
        i += n ? n : 1;
    }
    return i;
}

/* The length of the UTF-8 sequence at text, or 0: RFC 3629's table. */
static size_t utf8_length(const unsigned char *s, size_t size)
{
    static const struct {
        unsigned char first, last, low, high, length;
    } ranges[] = {
        { 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        size_t length = ranges[i].length;

        if (*s < ranges[i].first || *s > ranges[i].last || length > size)
            continue;
        if (length > 1 && (s[1] < ranges[i].low || s[1] > ranges[i].high))
            return 0;
        for (size_t k = 2; k < length; k++)
            if ((s[k] & 0xc0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

void cli_json_text(FILE *file, const char *text, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;

    putc('"', file);
    for (size_t i = 0; i < size;) {
        size_t n = utf8_length(s + i, size - i);

        if (n == 0)
            fprintf(file, "\\\\x%02x", s[i]); /* the notation of addresses for other bytes */
        else if (s[i] == '"' || s[i] == '\\')
            fprintf(file, "\\%c", s[i]);
        else if (s[i] < 0x20 || s[i] == 0x7f || (s[i] == 0xc2 && s[i + 1] < 0xa0))
            fprintf(file, "\\u%04x", n == 2 ? s[i + 1] : s[i]);
        else
            fwrite(s + i, 1, n, file);
        i += n ? n : 1;
    }
    putc('"', file);
}
