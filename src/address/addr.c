/* Addresses of every family. */
#include "family/family.h"

#include <string.h>

/* Where sa_family ends: what is shorter has none. */
#define HEAD (offsetof(struct sockaddr, sa_family) + sizeof(sa_family_t))

/* The form of an address that has a family; NULL with *code. */
static const struct cski_family *form_of(const struct csk_addr *addr, int *code)
{
    const struct cski_family *f;

    *code = CSK_EADDRLEN;
    if (addr->len < HEAD || addr->len > sizeof addr->storage)
        return NULL;
    if (!(f = cski_family_find(addr->sa.sa_family, addr->proto))) {
        *code = CSK_EFAMILY;
        return NULL;
    }
    return addr->len < f->form.min_len ? NULL : f;
}

/* The way of the families that the fields describe whole. */
static int pack_fields(const struct cski_family *f, int fd, struct csk_addr *addr,
                       const struct csk_value *values, size_t count, struct csk_error *error)
{
    struct csk_addr made;
    int n = cski_pack_fields(f, fd, &made, values, count, error);

    if (n == 0 && f->packed)
        n = f->packed(f, &made, error);
    if (n == 0)
        *addr = made;
    return n;
}

int cski_form_pack(const struct cski_family *f, int fd, struct csk_addr *addr, int proto,
                   const struct csk_value *values, size_t count, struct csk_error *error)
{
    int n = f->pack ? f->pack(f, addr, values, count, error)
                    : pack_fields(f, fd, addr, values, count, error);

    if (n == 0)
        addr->proto = proto;
    return n;
}

int csk_addr_pack(struct csk_addr *addr, int family, int proto, const struct csk_value *values,
                  size_t count, struct csk_error *error)
{
    const struct cski_family *f;

    if (!addr || (!values && count))
        return cski_fail(error, CSK_ENULL, "NULL where an address or its values are needed");
    if (!(f = cski_family_find(family, proto)))
        return cski_fail(error, CSK_EFAMILY, "unknown address family %d, protocol %d", family,
                         proto);
    return cski_form_pack(f, -1, addr, proto, values, count, error);
}

int csk_addr_pack_for(const struct csk_socket *s, struct csk_addr *addr,
                      const struct csk_value *values, size_t count, struct csk_error *error)
{
    const struct cski_family *f;

    if (!s || !addr || (!values && count))
        return cski_fail(error, CSK_ENULL, "NULL where an address or its values are needed");
    if (!(f = cski_family_find(s->family, s->proto)))
        return cski_fail(error, CSK_EFAMILY, "unknown address family %d, protocol %d", s->family,
                         s->proto);
    return cski_form_pack(f, cski_fd(s), addr, s->proto, values, count, error);
}

bool csk_addr_needs_resolver(int family, int proto, const struct csk_value *values, size_t count)
{
    const struct cski_family *f = cski_family_find(family, proto);

    for (size_t i = 0; f && values && i < f->form.field_count && i < count; i++)
        if (cski_host_needs_resolver(&f->form.fields[i], &values[i]))
            return true;
    return false;
}

int cski_form_unpack(const struct cski_family *f, int fd, const struct csk_addr *addr,
                     struct csk_value *values, char *text)
{
    int n = f->unpack ? f->unpack(f, addr, values, text)
                      : cski_unpack_fields(f, fd, addr, values, text);
    int least = n;

    if (!f->short_out)
        return n;
    while (least > 0 && f->form.fields[least - 1].optional &&
           values[least - 1].u == f->form.fields[least - 1].preset)
        least--;
    /* All of them or none: (a, b, c, d) or (a, b). */
    return least > 0 && f->form.fields[least - 1].optional ? n : least;
}

int csk_addr_unpack(const struct csk_addr *addr, struct csk_value values[CSK_ADDR_FIELDS_MAX],
                    char text[CSK_ADDR_TEXT_MAX])
{
    return csk_addr_unpack_for(NULL, addr, values, text);
}

int csk_addr_unpack_for(const struct csk_socket *s, const struct csk_addr *addr,
                        struct csk_value values[CSK_ADDR_FIELDS_MAX], char text[CSK_ADDR_TEXT_MAX])
{
    const struct cski_family *f;
    int code;

    if (!addr || !values || !text)
        return CSK_ENULL;
    if (addr->len == 0)
        return 0;
    if (!(f = form_of(addr, &code)))
        return code;
    return cski_form_unpack(f, s ? cski_fd(s) : -1, addr, values, text);
}

bool csk_addr_equal(const struct csk_addr *a, const struct csk_addr *b)
{
    return a && b && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

int64_t csk_addr_port(const struct csk_addr *addr)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    const struct cski_family *f;
    int code, n;

    if (!addr)
        return CSK_ENULL;
    if (!(f = form_of(addr, &code)))
        return code;
    for (unsigned i = 0; i < f->form.field_count; i++)
        if (strcmp(f->form.fields[i].name, "port") == 0) {
            if ((n = csk_addr_unpack(addr, values, text)) < 0)
                return n;
            return (unsigned)n > i ? values[i].i : CSK_EADDRLEN;
        }
    return CSK_EFAMILY;
}
