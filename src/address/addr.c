/* Addresses of every family. */
#include "address/address.h"

#include <arpa/inet.h>
#include <string.h>

/* The family of an address; NULL with *code. */
static const struct csk_family *family_of(const struct csk_addr *addr, int *code)
{
    const struct csk_family *f;

    *code = CSK_EADDRLEN;
    if (addr->len < CSKI_ADDR_HEAD || addr->len > sizeof addr->storage)
        return NULL;
    if (!(f = cski_family_find(addr->sa.sa_family, addr->proto))) {
        *code = CSK_EFAMILY;
        return NULL;
    }
    return addr->len < f->min_len ? NULL : f;
}

int csk_addr_pack(struct csk_addr *addr, int family, int proto, const struct csk_value *values,
                  size_t count, struct csk_error *error)
{
    const struct csk_family *f;

    if (!addr || (!values && count))
        return cski_fail(error, CSK_ENULL, "NULL where an address or its values are needed");
    if (!(f = cski_family_find(family, proto)))
        return cski_fail(error, CSK_EFAMILY, "unknown address family %d, protocol %d", family,
                         proto);
    return cski_addr_pack(f, -1, addr, proto, values, count, error);
}

int csk_addr_pack_for(const struct csk_socket *s, struct csk_addr *addr,
                      const struct csk_value *values, size_t count, struct csk_error *error)
{
    const struct csk_family *f;

    if (!s || !addr || (!values && count))
        return cski_fail(error, CSK_ENULL, "NULL where an address or its values are needed");
    if (!(f = cski_family_find(s->family, s->proto)))
        return cski_fail(error, CSK_EFAMILY, "unknown address family %d, protocol %d", s->family,
                         s->proto);
    return cski_addr_pack(f, cski_fd(s), addr, s->proto, values, count, error);
}

bool csk_addr_needs_resolver(int family, int proto, const struct csk_value *values, size_t count)
{
    const struct csk_family *f = cski_family_find(family, proto);

    for (size_t i = 0; f && values && i < cski_family_field_count(f) && i < count; i++)
        if (cski_host_needs_resolver(&f->layout.fields[i], &values[i]))
            return true;
    return false;
}

ssize_t csk_addr_unpack(const struct csk_addr *addr, struct csk_value values[CSK_ADDR_FIELDS_MAX],
                        char text[CSK_ADDR_TEXT_MAX])
{
    return csk_addr_unpack_for(NULL, addr, values, text);
}

ssize_t csk_addr_unpack_for(const struct csk_socket *s, const struct csk_addr *addr,
                            struct csk_value values[CSK_ADDR_FIELDS_MAX],
                            char text[CSK_ADDR_TEXT_MAX])
{
    const struct csk_family *f;
    int code;

    if (!addr || !values || !text)
        return CSK_ENULL;
    if (addr->len == 0)
        return 0;
    if (!(f = family_of(addr, &code)))
        return code;
    /* Nearly all are of the internet families. */
    if (f->unpack && !f->omits_defaults)
        return f->unpack(f, addr, values, text);
    return cski_addr_unpack(f, s ? cski_fd(s) : -1, addr, values, text);
}

bool csk_addr_equal(const struct csk_addr *a, const struct csk_addr *b)
{
    return a && b && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* The index of the field that is an address's port, or a negative code. */
static int port_of(const struct csk_addr *addr, const struct csk_family **f)
{
    int code;

    if (!(*f = family_of(addr, &code)))
        return code;
    for (unsigned i = 0; i < cski_family_field_count(*f); i++)
        if (strcmp((*f)->layout.fields[i].name, "port") == 0)
            return (int)i;
    return CSK_EFAMILY;
}

int64_t csk_addr_port(const struct csk_addr *addr)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    const struct csk_family *f;
    int port, n;

    if (!addr)
        return CSK_ENULL;
    if ((port = port_of(addr, &f)) < 0)
        return port;
    if ((n = csk_addr_unpack(addr, values, text)) < 0)
        return n;
    return n > port ? values[port].i : CSK_EADDRLEN;
}

int csk_addr_set_port(struct csk_addr *addr, int64_t port, struct csk_error *error)
{
    struct csk_value value = { .kind = CSK_VALUE_INT, .i = port };
    const struct csk_field *field;
    const struct csk_family *f;
    uint64_t number;
    int index, n;

    if (!addr)
        return cski_fail(error, CSK_ENULL, "NULL where an address is needed");
    if ((index = port_of(addr, &f)) == CSK_EFAMILY)
        return cski_fail(error, index, "addresses of family %d have no port", addr->sa.sa_family);
    if (index < 0)
        return cski_fail(error, index, "the address is too short: %u bytes", (unsigned)addr->len);
    field = &f->layout.fields[index];
    if ((n = cski_family_number(f, field, &value, &number, error)) == 0)
        cski_field_store(field, addr->bytes + field->offset, number);
    return n;
}

ssize_t csk_addr_host(const struct csk_addr *addr, char *text, size_t size)
{
    struct cski_out out;
    const struct csk_family *f;
    int code;

    if (!addr || (!text && size > 0))
        return CSK_ENULL;
    cski_out_init(&out, text, size);
    if (!(f = family_of(addr, &code)))
        return code;
    for (unsigned i = 0; i < cski_family_field_count(f); i++) {
        const struct csk_field *field = &f->layout.fields[i];

        if (field->kind != CSK_FIELD_IN_ADDR && field->kind != CSK_FIELD_IN6_ADDR)
            continue;
        cski_network_format(field, addr->bytes + field->offset, &out);
        return (int)out.used;
    }
    return CSK_EFAMILY;
}

/* A number, which needs no conversion. */
static inline bool store_number(unsigned char *bytes, const struct csk_field *field, int64_t number)
{
    unsigned char *at = bytes + field->offset;
    bool net = field->flags & CSK_FIELD_FLAG_NETWORK_ORDER;
    uint16_t two = (uint16_t)number;
    uint32_t four = (uint32_t)number;

    if (number < 0 || (field->flags & CSK_FIELD_FLAG_RANGE && number > field->max))
        return false;
    if (field->size == sizeof two && number <= UINT16_MAX) {
        two = net ? htons(two) : two;
        memcpy(at, &two, sizeof two);
    } else if (field->size == sizeof four && number <= UINT32_MAX) {
        four = net ? htonl(four) : four;
        memcpy(at, &four, sizeof four);
    } else {
        return false;
    }
    return true;
}

/* No address that is packed without its family's functions is longer. */
#define NUMERIC_MAX 32

bool csk_addr_pack_numeric(struct csk_addr *addr, const struct csk_family *family, const char *host,
                           size_t size, const int64_t *numbers, size_t count)
{
    const struct csk_field *fields;

    if (!addr || !family || !host || !numbers || count == 0 || count >= family->layout.count ||
        family->max_len > NUMERIC_MAX)
        return false;
    fields = family->layout.fields;
    memset(addr->bytes, 0, NUMERIC_MAX);
    if (fields[0].kind == CSK_FIELD_IN_ADDR
            ? !cski_inet4_parse(host, size, addr->bytes + fields[0].offset)
            : fields[0].kind != CSK_FIELD_IN6_ADDR ||
                  !cski_inet6_parse(host, size, addr->bytes + fields[0].offset))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!store_number(addr->bytes, &fields[i + 1], numbers[i]))
            return false;
    addr->sa.sa_family = (sa_family_t)cski_sa_family(family);
    addr->len = family->max_len;
    cski_os_set_sa_len(addr->bytes, addr->len);
    return true;
}
