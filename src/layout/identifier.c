/* Identifiers with digits in groups: Bluetooth addresses and UUIDs. */
#include "layout/text.h"

#include <string.h>

static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";

/* Six numbers of one or two digits; the kernel stores the last one first. */
bool cski_bdaddr_parse(const char *text, size_t size, unsigned char bdaddr[6])
{
    const char *end = text + size;
    unsigned char out[6];
    int digit, value;

    for (int i = 5; i >= 0; i--) {
        if (i < 5 && (text == end || *text++ != ':'))
            return false;
        if (text == end || (value = cski_hex_digit(*text++)) < 0)
            return false;
        if (text < end && (digit = cski_hex_digit(*text)) >= 0) {
            value = value << 4 | digit;
            text++;
        }
        out[i] = (unsigned char)value;
    }
    if (text != end)
        return false;
    memcpy(bdaddr, out, sizeof out);
    return true;
}

void cski_bdaddr_format(const unsigned char bdaddr[6], char *text)
{
    for (int i = 5; i >= 0; i--) {
        *text++ = upper[bdaddr[i] >> 4];
        *text++ = upper[bdaddr[i] & 15];
        *text++ = i ? ':' : '\0';
    }
}

/* The index of each pair of digits in a GUID, whose first three numbers are little-endian. -1 is a
 * dash. */
static const signed char uuid_places[] = { 3,  2, 1, 0,  -1, 5,  4,  -1, 7,  6,
                                           -1, 8, 9, -1, 10, 11, 12, 13, 14, 15 };

bool cski_uuid_parse(const char *text, size_t size, unsigned char guid[16])
{
    unsigned char out[16];
    int high, low;

    if (size != CSKI_UUID_TEXT - 1)
        return false;
    for (size_t i = 0; i < sizeof uuid_places; i++) {
        if (uuid_places[i] < 0) {
            if (*text++ != '-')
                return false;
            continue;
        }
        high = cski_hex_digit(text[0]);
        low = cski_hex_digit(text[1]);
        if (high < 0 || low < 0)
            return false;
        out[uuid_places[i]] = (unsigned char)(high << 4 | low);
        text += 2;
    }
    memcpy(guid, out, sizeof out);
    return true;
}

void cski_uuid_format(const unsigned char guid[16], char *text)
{
    for (size_t i = 0; i < sizeof uuid_places; i++) {
        if (uuid_places[i] < 0) {
            *text++ = '-';
            continue;
        }
        *text++ = lower[guid[uuid_places[i]] >> 4];
        *text++ = lower[guid[uuid_places[i]] & 15];
    }
    *text = '\0';
}
