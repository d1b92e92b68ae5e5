/* Values into addresses and back.  The values and the text of an address make an address with the
 * same values and text.  The first byte chooses the family; the rest are values. */
#include <csocket/csocket.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static const struct csk_family *family_at(uint8_t number)
{
    size_t count = 0;

    while (csk_family_at(count))
        count++;
    return csk_family_at(number % count);
}

/* One value: a kind, then 8 bytes of a number, or a length and that many bytes. */
static size_t read_value(struct csk_value *value, const uint8_t *data, size_t size)
{
    size_t used = 1;

    *value = (struct csk_value){ .kind = CSK_VALUE_NONE };
    switch (data[0] % 5) {
    case 0: break;
    case 1:
    case 2:
        value->kind = data[0] % 5 == 1 ? CSK_VALUE_INT : CSK_VALUE_UINT;
        used += size - 1 < 8 ? size - 1 : 8;
        memcpy(&value->u, data + 1, used - 1);
        break;
    default:
        value->kind = data[0] % 5 == 3 ? CSK_VALUE_TEXT : CSK_VALUE_BYTES;
        value->data = "";
        if (size < 2)
            break;
        value->data = (const char *)data + 2;
        value->size = data[1] < size - 2 ? data[1] : size - 2;
        used += 1 + value->size;
    }
    return used;
}

/* The bytes may differ: a path, for example, may end with a null byte or with the address. */
static void compare(const struct csk_addr *a, const struct csk_addr *b)
{
    struct csk_value values[2][CSK_ADDR_FIELDS_MAX];
    char room[2][CSK_ADDR_TEXT_MAX], text[2][CSK_ADDR_TEXT_MAX];
    int n = csk_addr_unpack(a, values[0], room[0]);

    check(csk_addr_unpack(b, values[1], room[1]) == n);
    for (int i = 0; i < n; i++) {
        const struct csk_value *one = &values[0][i], *other = &values[1][i];

        /* An interface that does not exist has no name. */
        if (one->kind == CSK_VALUE_TEXT && one->size == 0)
            return;
        check(one->kind == other->kind);
        if (one->kind == CSK_VALUE_TEXT || one->kind == CSK_VALUE_BYTES)
            check(one->size == other->size && !memcmp(one->data, other->data, one->size));
        else
            check(one->u == other->u);
    }
    csk_addr_format(a, text[0], sizeof text[0]);
    csk_addr_format(b, text[1], sizeof text[1]);
    /* Addresses in hexadecimal bytes: the values are incomplete, for example for a path that
     * continues after a null byte. */
    if (strncmp(text[0], "AF_", 3) == 0)
        return;
    check(strcmp(text[0], text[1]) == 0);
}

static void unpack(const struct csk_family *family, const struct csk_addr *addr)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char room[CSK_ADDR_TEXT_MAX], text[CSK_ADDR_TEXT_MAX];
    struct csk_addr again;
    int n = csk_addr_unpack(addr, values, room);

    check(n >= 0 && n <= CSK_ADDR_FIELDS_MAX);
    check(addr->len <= sizeof addr->storage);
    check(csk_addr_pack(&again, csk_family_number(family), csk_family_proto(family), values,
                        (size_t)n, NULL) == 0);
    compare(addr, &again);
    csk_addr_format(addr, text, sizeof text);
    check(csk_addr_parse(&again, csk_family_number(family), csk_family_proto(family), text, NULL) ==
          0);
    compare(addr, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX + 1];
    const struct csk_family *family;
    struct csk_error error = { 0 };
    struct csk_addr addr;
    size_t count = 0, at = 1;
    int n;

    if (size < 2)
        return 0;
    family = family_at(data[0]);
    while (at < size && count < sizeof values / sizeof *values)
        at += read_value(&values[count++], data + at, size - at);
    /* Host names would be looked up. */
    if (csk_addr_needs_resolver(csk_family_number(family), csk_family_proto(family), values, count))
        return 0;
    n = csk_addr_pack(&addr, csk_family_number(family), csk_family_proto(family), values, count,
                      &error);
    if (n < 0)
        check(error.code == n && error.text[0] && memchr(error.text, 0, sizeof error.text));
    else
        unpack(family, &addr);
    return 0;
}
