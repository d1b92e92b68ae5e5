/* Rules for the addresses of every family, including those of other systems: packing and unpacking
 * preserves values.  The values are random, with the types of the fields. Also tests error.c and
 * number.c. */
#include "address/address.h"
#include "test.h"

#include <string.h>

enum { ROUNDS = 2000, ENOUGH = 20, ROOM = 256 };

static uint32_t seed = 20240229;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static uint64_t number(const struct csk_field *field)
{
    uint64_t max = cski_field_greatest(field);
    uint64_t small = any(5), n = (uint64_t)any(UINT32_MAX) << 32 | any(UINT32_MAX);

    if (any(2))
        n = small < max ? small : max;
    else if (any(8) == 0)
        n = max;
    else if (max < UINT64_MAX)
        n %= max + 1;
    return any(4) ? n : n | field->extra_bits;
}

/* Letters and digits, as in callsigns, parts of X.121 addresses and names. */
static size_t word(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        text[i] = "ABCXYZ0189"[any(10)];
    return size;
}

static size_t host(const struct csk_field *field, char *text)
{
    unsigned char bytes[16];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = any(3) ? (unsigned char)any(256) : 0;
    /* inet_ntop() is not used because musl's formats the same address differently. */
    return csk_field_kind(field) == CSK_FIELD_IN_ADDR ? cski_inet4_format(bytes, text)
                                                      : cski_inet6_format(bytes, text);
}

static size_t identifier(const struct csk_field *field, char *text)
{
    unsigned char bytes[16];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)any(256);
    if (csk_field_kind(field) == CSK_FIELD_BDADDR)
        cski_bdaddr_format(bytes, text);
    else
        cski_uuid_format(bytes, text);
    return strlen(text);
}

static size_t bytes_of(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        text[i] = (char)any(256);
    return size;
}

static struct csk_value value(const struct csk_field *field, char *text)
{
    struct csk_value v = { .kind = CSK_VALUE_TEXT, .data = text };
    size_t short_size = any(8);

    switch (csk_field_kind(field)) {
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR: v.size = host(field, text); break;
    case CSK_FIELD_IFNAME:
        memcpy(text, "lo", 2);
        v.size = any(3) ? 2 : 0;
        break;
    case CSK_FIELD_TEXT:
        v.size = word(text, any(2) ? short_size : any(csk_field_size(field)));
        break;
    case CSK_FIELD_PATH: v.size = word(text, any(csk_field_size(field))); break;
    case CSK_FIELD_BDADDR:
    case CSK_FIELD_UUID: v.size = identifier(field, text); break;
    case CSK_FIELD_BYTES:
        v.kind = CSK_VALUE_BYTES;
        v.size = bytes_of(text, any(2) ? csk_field_size(field) : any(csk_field_size(field) + 1u));
        break;
    default: v.kind = CSK_VALUE_UINT; v.u = number(field);
    }
    return v;
}

/* Python's forms are incomplete: they lack the channel of a classic Bluetooth connection and parts
 * of an identity. */
static bool is_said_whole(const struct csk_family *f, const struct csk_value *values, int count)
{
    if (strcmp(f->variant, "L2CAP") == 0)
        return count == 4;
    return strcmp(f->name, "AF_TIPC") != 0 || values[0].u != 3 || values[3].u == 0;
}

static bool same(const struct csk_field *field, const struct csk_value *in,
                 const struct csk_value *out)
{
    uint64_t mask = csk_field_size(field) >= 8 ? UINT64_MAX
                                               : (UINT64_C(1) << (8 * csk_field_size(field))) - 1;

    if (in->kind != CSK_VALUE_TEXT && in->kind != CSK_VALUE_BYTES)
        return (in->u & mask) == (out->u & mask);
    return out->size == in->size && memcmp(out->data, in->data, in->size) == 0;
}

/* Return whether the values form an address of the family; if so, check that unpacking preserves
 * them. */
static bool goes_both_ways(const struct csk_family *f, const struct csk_value *values, size_t count)
{
    struct csk_value out[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char room[CSK_ADDR_TEXT_MAX], text[CSK_ADDR_TEXT_MAX];
    int proto = f->proto == CSK_ANY_PROTO ? 0 : f->proto, n;

    memset(&addr, 0x55, sizeof addr);
    if (cski_addr_pack(f, -1, &addr, proto, values, count, NULL) < 0)
        return false;
    n = cski_addr_unpack(f, -1, &addr, out, room);
    if (n < 0 || !is_said_whole(f, out, n))
        return n >= 0;
    for (int i = 0; i < n && i < (int)count; i++)
        if (!same(&f->layout.fields[i], &values[i], &out[i]))
            fail_msg("%s: field %d of %zu is another", f->name, i, count);
    if (cski_addr_pack(f, -1, &again, proto, out, (size_t)n, NULL) < 0 ||
        !csk_addr_equal(&addr, &again))
        fail_msg("%s: its values make another address", f->name);
    cski_addr_format(f, &addr, text);
    if (cski_family_field_count(f) > 0 && /* without any, there is no text but its bytes */
        (cski_addr_parse(f, &again, proto, text, NULL) < 0 || !csk_addr_equal(&addr, &again)))
        fail_msg("%s: \"%s\" is another address", f->name, text);
    return true;
}

static void packed_values_are_unpacked_unchanged(void)
{
    char texts[CSK_ADDR_FIELDS_MAX][ROOM];
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    const struct csk_family *f;

    for (size_t i = 0; (f = cski_family_any(i)); i++) {
        unsigned needed = cski_family_field_count(f), good = 0;

        while (needed > 0 && cski_is_optional(&f->layout.fields[needed - 1]))
            needed--;
        for (int round = 0; round < ROUNDS; round++) {
            size_t count = needed + any(cski_family_field_count(f) - needed + 1);

            for (size_t k = 0; k < count; k++)
                values[k] = value(&f->layout.fields[k], texts[k]);
            good += goes_both_ways(f, values, count);
        }
        if (good < ENOUGH)
            fail_msg("%s %s: only %u of %d were addresses", f->name, f->variant, good, ROUNDS);
    }
}

/* Text with a null byte is refused in every field with text. */
static unsigned refuse_null_bytes(const struct csk_family *f, struct csk_value *values, int count)
{
    int proto = f->proto == CSK_ANY_PROTO ? 0 : f->proto;
    char text[ROOM + 2];
    struct csk_addr addr;
    unsigned tried = 0;

    for (int i = 0; i < count; i++) {
        struct csk_value good = values[i];

        if (good.kind != CSK_VALUE_TEXT || good.size == 0)
            continue;
        memcpy(text, good.data, good.size);
        memcpy(text + good.size, "\0x", 2);
        for (int kind = 0; kind < 2; kind++, tried++) {
            values[i].kind = kind ? CSK_VALUE_BYTES : CSK_VALUE_TEXT;
            values[i].data = text;
            values[i].size = good.size + 2;
            if (cski_addr_pack(f, -1, &addr, proto, values, (size_t)count, NULL) >= 0)
                fail_msg("%s: a null byte is part of %s", f->name, f->layout.fields[i].name);
        }
        values[i] = good;
    }
    return tried;
}

static void no_text_contains_a_null_byte(void)
{
    char texts[CSK_ADDR_FIELDS_MAX][ROOM];
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    const struct csk_family *f;
    unsigned tried = 0;

    for (size_t i = 0; (f = cski_family_any(i)); i++) {
        int count = (int)cski_family_field_count(f);

        for (int round = 0; round < ROUNDS / 10; round++) {
            for (int k = 0; k < count; k++)
                values[k] = value(&f->layout.fields[k], texts[k]);
            if (goes_both_ways(f, values, (size_t)count))
                tried += refuse_null_bytes(f, values, count);
        }
    }
    assert_true(tried > 1000);
}

TESTS(TEST(packed_values_are_unpacked_unchanged), TEST(no_text_contains_a_null_byte))
