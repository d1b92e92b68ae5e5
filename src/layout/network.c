/* Addresses, interfaces and identifiers in a field. */
#include "layout/layout.h"

#include <string.h>

/* The size in the C library's headers, or more. */
#define NAME_SIZE (IF_NAMESIZE > 32 ? IF_NAMESIZE : 32)

int cski_interface_index(int fd, const char *name, size_t size, uint32_t *index)
{
    char copy[NAME_SIZE];

    *index = 0;
    if (size >= IF_NAMESIZE)
        return CSKI_TOO_LONG;
    /* The kernel would use the part before it. */
    if (memchr(name, '\0', size))
        return CSKI_HAS_NULL;
    memcpy(copy, name, size);
    copy[size] = '\0';
    errno = 0;
    if (!(*index = cski_os_interface_index(fd, copy)))
        return cski_lookup_code(errno ? -errno : -ENODEV);
    return 0;
}

static void format_interface(const struct csk_field *field, const unsigned char *data,
                             struct cski_out *out)
{
    char name[NAME_SIZE];
    int64_t index = cski_field_signed(field, data);

    if (index == 0 && field->kind == CSK_FIELD_IFNAME)
        return;
    /* An interface that is gone has no name any more, but still its index. */
    if (index > 0 && cski_os_interface_name(-1, (unsigned)index, name))
        cski_out_escaped(out, name, strlen(name), CSKI_SPECIAL_IN_WORD);
    else
        cski_out_format(out, "%lld", (long long)index);
}

static int parse_interface(const struct csk_field *field, int fd, struct cski_in in,
                           unsigned char *data)
{
    char name[NAME_SIZE];
    int used = cski_in_unescape(in, (unsigned char *)name, sizeof name), n = 0;
    uint32_t index = 0;
    uint64_t number;
    bool negative;

    if (used < 0)
        return used;
    if (used == 0 && field->kind == CSK_FIELD_IFINDEX)
        return CSKI_REFUSED;
    /* A name that consists of digits is first looked up as a name, because it is formatted like
     * that. */
    if (used > 0)
        n = cski_interface_index(fd, name, (size_t)used, &index);
    if (n == 0)
        return cski_field_store(field, data, index) ? (int)field->size : CSKI_OUT_OF_RANGE;
    if (!cski_in_number(in, &number, &negative))
        return n;
    return !negative && cski_field_store(field, data, number) ? (int)field->size
                                                              : CSKI_OUT_OF_RANGE;
}

bool cski_host_parse(const struct csk_field *field, struct cski_in in, unsigned char *packed)
{
    bool four = field->kind == CSK_FIELD_IN_ADDR;

    if (field->flags & CSK_FIELD_FLAG_WILDCARD) {
        if (in.size == 0) {
            memset(packed, 0, four ? 4 : 16);
            return true;
        }
        if (four && in.size == 11 && memcmp(in.text, "<broadcast>", 11) == 0) {
            memset(packed, 0xff, 4);
            return true;
        }
    }
    return four ? cski_inet4_parse(in.text, in.size, packed)
                : cski_inet6_parse(in.text, in.size, packed);
}

void cski_network_format(const struct csk_field *field, const unsigned char *data,
                         struct cski_out *out)
{
    char text[CSKI_INET6_TEXT];

    switch (field->kind) {
    case CSK_FIELD_IN_ADDR: cski_inet4_format(data, text); break;
    case CSK_FIELD_IN6_ADDR: cski_inet6_format(data, text); break;
    case CSK_FIELD_BDADDR: cski_bdaddr_format(data, text); break;
    case CSK_FIELD_UUID: cski_uuid_format(data, text); break;
    default: format_interface(field, data, out); return;
    }
    cski_out_text(out, text);
}

int cski_network_parse(const struct csk_field *field, int fd, struct cski_in in,
                       unsigned char *data, size_t space)
{
    bool parsed = false;

    if (space < field->size)
        return CSKI_TOO_LONG;
    switch (field->kind) {
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR: parsed = cski_host_parse(field, in, data); break;
    case CSK_FIELD_BDADDR: parsed = cski_bdaddr_parse(in.text, in.size, data); break;
    case CSK_FIELD_UUID: parsed = cski_uuid_parse(in.text, in.size, data); break;
    default: return parse_interface(field, fd, in, data);
    }
    return parsed ? (int)field->size : CSKI_REFUSED;
}
