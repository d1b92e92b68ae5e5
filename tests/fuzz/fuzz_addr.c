/* Addresses.  The first byte selects the form, the second the meaning of the rest: text to parse,
 * or bytes as from the kernel. */
#include <csocket/csocket.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct csk_family *family_at(uint8_t number)
{
    size_t count = 0;

    while (csk_family_at(count))
        count++;
    return csk_family_at(number % count);
}

#ifndef AF_AX25
#define AF_AX25 255
#endif

/* Missing bytes are read as zero. */
static int is_same(const struct csk_addr *a, const struct csk_addr *b)
{
    struct csk_addr whole[2] = { { .len = 0 }, { .len = 0 } };

    memcpy(whole[0].bytes, a->bytes, a->len);
    memcpy(whole[1].bytes, b->bytes, b->len);
    return memcmp(whole[0].bytes, whole[1].bytes, sizeof whole[0].bytes) == 0;
}

/* The other bits in the byte with the SSID of a callsign belong to a frame. */
static void clear_flags(struct csk_addr *addr)
{
    if (addr->sa.sa_family != AF_AX25)
        return;
    addr->bytes[2 + 6] &= 0x1e;
    for (size_t at = 16 + 6; at < addr->len; at += 7)
        addr->bytes[at] &= 0x1e;
}

/* parse(format(x)) == x for any x. */
static void check_law(const struct csk_addr *addr, const char *text)
{
    struct csk_addr again, whole = *addr;

    if (addr->len < offsetof(struct sockaddr, sa_data))
        return;
    if (csk_addr_parse(&again, addr->sa.sa_family, addr->proto, text, NULL) < 0 ||
        (!is_same(addr, &again) && (clear_flags(&whole), !is_same(&whole, &again))))
        abort();
}

/* A parsed address can be formatted, and the text parsed and formatted to the same text. */
static void parse(const struct csk_family *entry, int family, const char *text)
{
    char first[CSK_ADDR_TEXT_MAX], second[CSK_ADDR_TEXT_MAX];
    struct csk_error error = { 0 };
    struct csk_addr addr, again;

    if (csk_addr_parse(&addr, family, csk_family_proto(entry), text, &error) < 0) {
        if (!error.text[0] || !memchr(error.text, 0, sizeof error.text))
            abort();
        return;
    }
    csk_addr_format(&addr, first, sizeof first);
    if (csk_addr_parse(&again, addr.sa.sa_family, csk_family_proto(entry), first, NULL) < 0)
        abort();
    if (strcmp(first, csk_addr_format(&again, second, sizeof second)) != 0)
        abort();
    check_law(&addr, first);
}

/* Regardless of the address's bytes, values point into it or into the buffer for text. */
static void unpack(const struct csk_family *entry, const uint8_t *data, size_t size)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char room[CSK_ADDR_TEXT_MAX], text[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr = { .proto = csk_family_proto(entry) };
    int n;

    if (size > sizeof addr.bytes)
        size = sizeof addr.bytes;
    memcpy(addr.bytes, data, size);
    addr.sa.sa_family = (sa_family_t)csk_family_number(entry);
    addr.len = (socklen_t)size;
    csk_addr_format(&addr, text, sizeof text);
    check_law(&addr, text);
    csk_addr_port(&addr);
    n = csk_addr_unpack(&addr, values, room);
    for (int i = 0; i < n; i++)
        if (values[i].kind == CSK_VALUE_TEXT || values[i].kind == CSK_VALUE_BYTES) {
            const char *at = values[i].data, *end = at + values[i].size;
            const char *in = (const char *)addr.bytes;

            if (!(at >= room && end <= room + sizeof room) && !(at >= in && end <= in + addr.len))
                abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct csk_family *entry;
    char *text;

    if (size < 2)
        return 0;
    entry = family_at(data[0]);
    if (data[1] & 1) {
        unpack(entry, data + 2, size - 2);
        return 0;
    }
    text = malloc(size - 1);
    if (!text)
        return 0;
    memcpy(text, data + 2, size - 2);
    text[size - 2] = '\0';
    parse(entry, data[1] & 2 ? AF_UNSPEC : csk_family_number(entry), text);
    free(text);
    return 0;
}
