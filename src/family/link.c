/* AF_LINK of the BSDs and macOS: (ifname, index, type, addr). */
#include "family.h"

#include <string.h>

#ifndef AF_LINK
#define AF_LINK 18
#endif

/* As in net/if_dl.h; macOS declares only 12 bytes of data, and uses more. */
struct dl {
    unsigned char len_family[2];
    uint16_t index;
    uint8_t type, nlen, alen, slen;
    char data[46];
};

#define DATA offsetof(struct dl, data)
#define SHORTEST (DATA + 12)

enum { IFNAME, INDEX, TYPE, ADDR };

static const struct csk_field fields[] = {
    { "ifname", CSK_FIELD_TEXT, CSKI_AT(dl, data) },
    { "index", CSK_FIELD_UINT, CSKI_AT(dl, index), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "type", CSK_FIELD_UINT, CSKI_AT(dl, type), .flags = CSK_FIELD_FLAG_OPTIONAL },
    { "addr", CSK_FIELD_BYTES, CSKI_AT(dl, data), .flags = CSK_FIELD_FLAG_OPTIONAL },
};

static int pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error)
{
    static const struct csk_value none = { .kind = CSK_VALUE_NONE };
    const struct csk_value *hardware = count > ADDR ? &values[ADDR] : &none;
    struct csk_addr made = { .sa.sa_family = AF_LINK };
    struct dl dl = { .index = 0 };
    size_t name, size = 0;
    uint64_t index, type;
    int n;

    if ((n = cski_family_check_count(f, count, error)) < 0)
        return n;
    if (!cski_is_text(&values[IFNAME]))
        return cski_family_wrong_kind(f, &fields[IFNAME], &values[IFNAME], error);
    if (hardware->kind != CSK_VALUE_NONE) {
        if (!cski_is_text(hardware))
            return cski_family_wrong_kind(f, &fields[ADDR], hardware, error);
        size = hardware->size;
    }
    if ((n = cski_family_number(f, &fields[INDEX], count > INDEX ? &values[INDEX] : &none, &index,
                                error)) < 0 ||
        (n = cski_family_number(f, &fields[TYPE], count > TYPE ? &values[TYPE] : &none, &type,
                                error)) < 0)
        return n;
    name = values[IFNAME].size;
    if (name > 0 && memchr(values[IFNAME].data, '\0', name))
        return cski_family_refuse(f, &fields[IFNAME], &values[IFNAME], CSKI_HAS_NULL, error);
    if (name > sizeof dl.data || size > sizeof dl.data - name)
        return cski_family_fail(f, error, CSK_EADDRVALUE,
                                "ifname and addr must be %zu bytes or less together",
                                sizeof dl.data);
    dl.index = (uint16_t)index;
    dl.type = (uint8_t)type;
    dl.nlen = (uint8_t)name;
    dl.alen = (uint8_t)size;
    memcpy(dl.data, values[IFNAME].data, name);
    if (size)
        memcpy(dl.data + name, hardware->data, size);
    memcpy(made.bytes + 2, (unsigned char *)&dl + 2, sizeof dl - 2);
    made.len = (socklen_t)(DATA + name + size > SHORTEST ? DATA + name + size : SHORTEST);
    *addr = made;
    return 0;
}

static int unpack(const struct csk_family *f, const struct csk_addr *addr, struct csk_value *values,
                  char *text)
{
    struct dl dl = { .index = 0 };
    size_t len = (size_t)addr->len < sizeof dl ? (size_t)addr->len : sizeof dl;
    size_t space = len - DATA, name, size;

    (void)f;
    memcpy(&dl, addr->bytes, len);
    name = dl.nlen < space ? dl.nlen : space;
    size = dl.alen < space - name ? dl.alen : space - name;
    memcpy(text, dl.data, name + size);
    values[IFNAME] = (struct csk_value){ .kind = CSK_VALUE_TEXT, .data = text, .size = name };
    values[INDEX] = (struct csk_value){ .kind = CSK_VALUE_INT, .i = dl.index };
    values[TYPE] = (struct csk_value){ .kind = CSK_VALUE_INT, .i = dl.type };
    values[ADDR] = (struct csk_value){ .kind = CSK_VALUE_BYTES, .data = text + name, .size = size };
    return 4;
}

const struct csk_family cski_family_link[] = {
    { .name = "AF_LINK",
      .family = AF_LINK,
      .proto = CSK_ANY_PROTO,
      .min_len = DATA,
      .max_len = sizeof(struct dl),
      .layout = CSKI_LAYOUT(dl, fields),
      .notes = { .since = "4.3BSD-Reno; macOS",
                 .meaning = "interfaces and their hardware addresses, as returned by getifaddrs",
                 .fields = { "interface's name, or \"\"", "interface's index, or 0", "IFT_*",
                             "hardware address, after the name" },
                 .example = "em0,1,6,020000000001",
                 .verified = "bytes only" },
      .pack = pack,
      .unpack = unpack },
    { .name = "" },
};
