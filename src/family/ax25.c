/* AF_AX25: (callsign, digipeaters), "N0CALL-5" and "RELAY WIDE2-1". */
#include "family.h"

#include <string.h>

/* As linux/ax25.h has it.  The letters are stored shifted by one bit, as they are transmitted. */
struct full_ax25 {
    sa_family_t family;
    unsigned char call[7];
    int32_t ndigis;
    unsigned char digipeater[8][7];
};

#define SHORT_LEN offsetof(struct full_ax25, digipeater)
#define DIGIS_MAX 8
#define LETTERS 6

enum { CALLSIGN, DIGIPEATERS };

static const struct csk_field fields[] = {
    { "callsign", CSK_FIELD_TEXT, CSKI_AT(full_ax25, call) },
    { "digipeaters", CSK_FIELD_TEXT, CSKI_AT(full_ax25, digipeater),
      .flags = CSK_FIELD_FLAG_OPTIONAL },
};

static int upper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool encode(const char *text, size_t size, unsigned char call[7])
{
    const char *dash = memchr(text, '-', size);
    size_t letters = dash ? (size_t)(dash - text) : size;
    uint64_t ssid = 0;
    bool negative = false;

    if (letters > LETTERS)
        return false;
    if (dash &&
        (!cski_in_number((struct cski_in){ dash + 1, size - letters - 1 }, &ssid, &negative) ||
         negative || ssid > 15))
        return false;
    memset(call, ' ' << 1, LETTERS);
    for (size_t i = 0; i < letters; i++) {
        int c = upper(text[i]);

        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            return false;
        call[i] = (unsigned char)(c << 1);
    }
    call[LETTERS] = (unsigned char)(ssid << 1);
    return true;
}

static char *decode(const unsigned char call[7], char *text)
{
    unsigned ssid = call[LETTERS] >> 1 & 15;

    for (int i = 0; i < LETTERS && call[i] >> 1 > ' '; i++)
        *text++ = (char)upper(call[i] >> 1);
    if (ssid) {
        *text++ = '-';
        if (ssid > 9)
            *text++ = '1';
        *text++ = (char)('0' + ssid % 10);
    }
    return text;
}

static int bad_call(const struct csk_family *f, const char *text, size_t size,
                    struct csk_error *error)
{
    return cski_family_fail(f, error, CSK_EADDRVALUE,
                            "a callsign is up to 6 letters and digits, and -1 to -15, got \"%.*s\"",
                            size > 64 ? 64 : (int)size, text);
}

static int pack_digipeaters(const struct csk_family *f, struct full_ax25 *ax25,
                            const struct csk_value *value, struct csk_error *error)
{
    const char *at = value->data, *end = at + value->size, *space;
    size_t size;

    while (at < end) {
        space = memchr(at, ' ', (size_t)(end - at));
        size = (size_t)((space ? space : end) - at);
        if (ax25->ndigis == DIGIS_MAX)
            return cski_family_fail(f, error, CSK_EADDRVALUE, "more than 8 digipeaters");
        if (size == 0 || !encode(at, size, ax25->digipeater[ax25->ndigis++]))
            return bad_call(f, at, size, error);
        at += size + 1;
    }
    return 0;
}

static int pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error)
{
    struct full_ax25 ax25 = { .family = AF_AX25 };
    size_t len;
    int n;

    if ((n = cski_family_check_count(f, count, error)) < 0)
        return n;
    if (!cski_is_text(&values[CALLSIGN]))
        return cski_family_wrong_kind(f, &fields[CALLSIGN], &values[CALLSIGN], error);
    if (!encode(values[CALLSIGN].data, values[CALLSIGN].size, ax25.call))
        return bad_call(f, values[CALLSIGN].data, values[CALLSIGN].size, error);
    if (count > DIGIPEATERS && values[DIGIPEATERS].kind != CSK_VALUE_NONE) {
        if (!cski_is_text(&values[DIGIPEATERS]))
            return cski_family_wrong_kind(f, &fields[DIGIPEATERS], &values[DIGIPEATERS], error);
        if ((n = pack_digipeaters(f, &ax25, &values[DIGIPEATERS], error)) < 0)
            return n;
    }
    len = ax25.ndigis ? sizeof ax25 : SHORT_LEN;
    memcpy(addr->bytes, &ax25, len);
    addr->len = (socklen_t)len;
    return 0;
}

static int unpack(const struct csk_family *f, const struct csk_addr *addr, struct csk_value *values,
                  char *text)
{
    struct full_ax25 ax25 = { .ndigis = 0 };
    size_t len = addr->len < sizeof ax25 ? addr->len : sizeof ax25;
    size_t digis = (len - SHORT_LEN) / sizeof ax25.call;
    char *start = text;

    (void)f;
    memcpy(&ax25, addr->bytes, len);
    text = decode(ax25.call, text);
    values[CALLSIGN] = (struct csk_value){ .kind = CSK_VALUE_TEXT,
                                           .data = start,
                                           .size = (size_t)(text - start) };
    start = text;
    if (ax25.ndigis >= 0 && (size_t)ax25.ndigis < digis)
        digis = (size_t)ax25.ndigis;
    for (size_t i = 0; i < digis; i++) {
        char *end = decode(ax25.digipeater[i], text + (i > 0));

        if (end == text + (i > 0)) /* no callsign: the list ends */
            break;
        if (i > 0)
            *text = ' ';
        text = end;
    }
    values[DIGIPEATERS] = (struct csk_value){ .kind = CSK_VALUE_TEXT,
                                              .data = start,
                                              .size = (size_t)(text - start) };
    return text > start ? 2 : 1;
}

/* In addition to the number of a callsign, the last byte has flags of the frame: the end of the
 * list, a command or a response, repeated.  The kernel does not compare them, either. */
static void clear_flags(struct csk_addr *addr)
{
    size_t at = offsetof(struct full_ax25, call) + LETTERS;

    addr->bytes[at] &= 15 << 1;
    for (at = SHORT_LEN + LETTERS; at < addr->len; at += sizeof(unsigned char[7]))
        addr->bytes[at] &= 15 << 1;
}

const struct csk_family cski_family_ax25[] = {
    { .name = "AF_AX25",
      .family = AF_AX25,
      .proto = CSK_ANY_PROTO,
      .min_len = SHORT_LEN,
      .max_len = sizeof(struct full_ax25),
      .layout = CSKI_LAYOUT(full_ax25, fields),
      .notes = { .module = "ax25",
                 .since = "Linux 2.0",
                 .meaning = "amateur packet radio",
                 .fields = { "\"N0CALL\" or \"N0CALL-15\"",
                             "up to 8 callsigns, separated by spaces" },
                 .sockets = "SOCK_SEQPACKET",
                 .example = "connect N0CALL-5,RELAY WIDE2-1",
                 .verified = "exchange on Linux 6.1; Debian's 7.2 is built without it" },
      .pack = pack,
      .unpack = unpack,
      .clear_flags = clear_flags },
    { .name = "" },
};
