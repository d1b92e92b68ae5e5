/* AF_IEEE802154: (addr_type, pan_id, addr), where addr is a number or eight bytes. */
#include "family.h"

#include <string.h>

/* As the kernel's net/af_ieee802154.h has it, which is not for user space but is its interface. */
struct wpan {
    sa_family_t family;
    int32_t addr_type;
    uint16_t pan_id;
    union {
        unsigned char hwaddr[8];
        uint16_t short_addr;
    } u;
};

enum { NONE = 0, SHORT = 2, LONG = 3 };
enum { ADDR_TYPE, PAN_ID, ADDR };

static const struct csk_field fields[] = {
    { "addr_type", CSK_FIELD_UINT, CSKI_AT(wpan, addr_type), .flags = CSK_FIELD_FLAG_RANGE,
      .max = LONG },
    { "pan_id", CSK_FIELD_UINT, CSKI_AT(wpan, pan_id) },
    { "addr", CSK_FIELD_BYTES, CSKI_AT(wpan, u.hwaddr),
      .flags = CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_NUMBER | CSK_FIELD_FLAG_HEX },
};

/* The short form, as a field of its own. */
static const struct csk_field short_addr = { "addr", CSK_FIELD_UINT, CSKI_AT(wpan, u.short_addr) };

static int pack_addr(const struct csk_family *f, struct wpan *wpan, const struct csk_value *value,
                     struct csk_error *error)
{
    static const struct csk_value none = { .kind = CSK_VALUE_NONE };
    uint64_t number;
    int n;

    switch (wpan->addr_type) {
    case NONE:
        if (value && value->kind != CSK_VALUE_NONE)
            return cski_family_fail(f, error, CSK_EADDRKIND, "addr_type 0 has no addr");
        return 0;
    case SHORT:
        if (!value)
            return cski_family_wrong_kind(f, &short_addr, &none, error);
        if ((n = cski_family_number(f, &short_addr, value, &number, error)) == 0)
            wpan->u.short_addr = (uint16_t)number;
        return n;
    case LONG:
        if (!value || !cski_is_text(value))
            return cski_family_wrong_kind(f, &fields[ADDR], value ? value : &none, error);
        if (value->size != sizeof wpan->u.hwaddr)
            return cski_family_fail(f, error, CSK_EADDRVALUE, "addr must be 8 bytes, got %zu",
                                    value->size);
        memcpy(wpan->u.hwaddr, value->data, sizeof wpan->u.hwaddr);
        return 0;
    default:
        return cski_family_fail(f, error, CSK_EADDRFIELD, "addr_type must be 0, 2 or 3, got %d",
                                (int)wpan->addr_type);
    }
}

static int pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error)
{
    struct wpan wpan = { .family = AF_IEEE802154 };
    uint64_t type, pan;
    int n;

    if ((n = cski_family_check_count(f, count, error)) < 0 ||
        (n = cski_family_number(f, &fields[ADDR_TYPE], &values[ADDR_TYPE], &type, error)) < 0 ||
        (n = cski_family_number(f, &fields[PAN_ID], &values[PAN_ID], &pan, error)) < 0)
        return n;
    wpan.addr_type = (int32_t)type;
    wpan.pan_id = (uint16_t)pan;
    if ((n = pack_addr(f, &wpan, count > ADDR ? &values[ADDR] : NULL, error)) < 0)
        return n;
    memcpy(addr->bytes, &wpan, sizeof wpan);
    addr->len = sizeof wpan;
    return 0;
}

static int unpack(const struct csk_family *f, const struct csk_addr *addr, struct csk_value *values,
                  char *text)
{
    struct wpan wpan;

    (void)f;
    memcpy(&wpan, addr->bytes, sizeof wpan);
    values[ADDR_TYPE] = (struct csk_value){ .kind = CSK_VALUE_INT, .i = wpan.addr_type };
    values[PAN_ID] = (struct csk_value){ .kind = CSK_VALUE_INT, .i = wpan.pan_id };
    if (wpan.addr_type == SHORT) {
        values[ADDR] = (struct csk_value){ .kind = CSK_VALUE_INT, .i = wpan.u.short_addr };
        return 3;
    }
    if (wpan.addr_type == LONG) {
        memcpy(text, wpan.u.hwaddr, sizeof wpan.u.hwaddr);
        values[ADDR] = (struct csk_value){ .kind = CSK_VALUE_BYTES,
                                           .data = text,
                                           .size = sizeof wpan.u.hwaddr };
        return 3;
    }
    return 2;
}

const struct csk_family cski_family_ieee802154[] = {
    { .name = "AF_IEEE802154",
      .family = AF_IEEE802154,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct wpan),
      .max_len = sizeof(struct wpan),
      .layout = CSKI_LAYOUT(wpan, fields),
      .notes = { .module = "ieee802154_socket",
                 .since = "Linux 2.6.31",
                 .privilege = "SOCK_RAW: CAP_NET_RAW",
                 .meaning = "low-rate wireless networks, below Zigbee and Thread",
                 .fields = { "0: none, 2: short, 3: long", "network; 0xffff: all",
                             "8 bytes; a number of 16 bits if short" },
                 .sockets = "SOCK_DGRAM",
                 .example = "bind 2,0xabcd,0x1",
                 .verified = "exchange on Linux 6.1 and 7.2: two simulated radios" },
      .pack = pack,
      .unpack = unpack },
    { .name = "" },
};
