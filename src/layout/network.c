/* Fields of options that hold addresses and interfaces. */
#include "layout/codec.h"

#include <stddef.h>
#include <string.h>

/* An interface's name is longer on no system. */
#define NAME_MAX_SIZE 32

static void format_interface(const struct csk_optfield *field, const unsigned char *data,
                             struct cski_out *out)
{
    char name[IF_NAMESIZE > NAME_MAX_SIZE ? IF_NAMESIZE : NAME_MAX_SIZE];
    int64_t index = cski_slot_signed(field, data);

    if (index > 0 && cski_sys(if_indextoname)((unsigned)index, name) != NULL)
        cski_out_escaped(out, name, strlen(name), " ,;=\"");
    else
        cski_out_format(out, "%lld", (long long)index);
}

static int parse_interface(const struct csk_optfield *field, struct cski_in in, unsigned char *data)
{
    unsigned char name[NAME_MAX_SIZE];
    int used = cski_in_unescape(in, name, sizeof name - 1);
    uint64_t index;
    bool negative;

    if (used <= 0)
        return -1;
    /* A name of digits only is a name first: that is how it is written. */
    name[used] = '\0';
    index = cski_sys(if_nametoindex)((const char *)name);
    if (index == 0 && (!cski_in_number(in, &index, &negative) || negative))
        return -1;
    return cski_slot_set_number(field, data, index) ? (int)field->size : -1;
}

/* Addresses.  The text is the library's own; the port 0, which means nothing in an option, may be
 * left out, and then so may the brackets. */

static void format_address(const struct csk_addr *addr, struct cski_out *out)
{
    char text[CSK_ADDR_TEXT_MAX];
    size_t size;

    csk_addr_format(addr, text, sizeof text);
    size = strlen(text);
    if (csk_addr_port(addr) != 0 || size < 2 || strcmp(text + size - 2, ":0") != 0) {
        cski_out_escaped(out, text, size, " ,;=\"");
        return;
    }
    size -= 2;
    if (size > 2 && text[0] == '[' && text[size - 1] == ']')
        cski_out_escaped(out, text + 1, size - 2, " ,;=\"");
    else
        cski_out_escaped(out, text, size, " ,;=\"");
}

static bool parse_address(struct cski_in in, struct csk_addr *addr)
{
    static const struct {
        const char *before, *after;
    } forms[] = { { "", "" }, { "", ":0" }, { "[", "]:0" } };
    char text[CSK_ADDR_TEXT_MAX];
    struct cski_out out;
    size_t i;
    int used;

    for (i = 0; i < sizeof forms / sizeof *forms; i++) {
        unsigned char plain[CSK_ADDR_TEXT_MAX - 8];

        used = cski_in_unescape(in, plain, sizeof plain - 1);
        if (used <= 0 || memchr(plain, '\0', (size_t)used) != NULL)
            return false;
        plain[used] = '\0';
        cski_out_init(&out, text, sizeof text);
        cski_out_text(&out, forms[i].before);
        cski_out_text(&out, (const char *)plain);
        cski_out_text(&out, forms[i].after);
        if (csk_addr_parse(addr, AF_UNSPEC, 0, text, NULL) == 0)
            return true;
    }
    return false;
}

/* The address in bytes of a field: as many as its family has, if there are as many. */
static void read_address(const unsigned char *data, size_t size, struct csk_addr *addr)
{
    const struct csk_family *family;

    memset(addr, 0, sizeof *addr);
    if (size > sizeof addr->bytes)
        size = sizeof addr->bytes;
    memcpy(addr->bytes, data, size);
    if (size < offsetof(struct sockaddr, sa_data))
        return;
    family = csk_family_find(addr->sa.sa_family, 0);
    addr->len = (socklen_t)(family && family->max_len < size ? family->max_len : size);
}

static void format_addresses(const unsigned char *data, size_t size, struct cski_out *out)
{
    struct csk_addr addr;
    const char *separator = "";

    while (size > 0) {
        read_address(data, size, &addr);
        if (addr.len == 0)
            break;
        cski_out_text(out, separator);
        format_address(&addr, out);
        separator = ",";
        data += addr.len;
        size -= addr.len;
    }
}

/* Only such addresses can be told apart again when they lie one after the other. */
static bool has_full_length(const struct csk_addr *addr)
{
    const struct csk_family *family = csk_family_find(addr->sa.sa_family, 0);

    return family && addr->len == family->max_len;
}

static int parse_addresses(struct cski_in in, unsigned char *data, size_t room)
{
    struct cski_in piece;
    struct csk_addr addr;
    size_t used = 0;

    if (in.size == 0)
        return 0;
    while (cski_in_split(&in, ',', &piece)) {
        if (!parse_address(piece, &addr) || !has_full_length(&addr) || addr.len > room - used)
            return -1;
        memcpy(data + used, addr.bytes, addr.len);
        used += addr.len;
    }
    return (int)used;
}

/* No address is written "0", and read back as zeroes. */
static void format_sockaddr(const unsigned char *data, size_t size, struct cski_out *out)
{
    struct csk_addr addr;

    read_address(data, size, &addr);
    if (addr.len == 0 || addr.sa.sa_family == AF_UNSPEC)
        cski_out_char(out, '0');
    else
        format_address(&addr, out);
}

static int parse_sockaddr(const struct csk_optfield *field, struct cski_in in, unsigned char *data,
                          size_t room)
{
    struct csk_addr addr;
    bool whole = !(field->flags & CSK_OPTF_VARIABLE);

    if (cski_in_is(&in, "0")) {
        if (room < field->size)
            return -1;
        memset(data, 0, field->size);
        return field->size;
    }
    if (!parse_address(in, &addr) || addr.len > room || addr.len > field->size)
        return -1;
    if (whole)
        memset(data, 0, field->size);
    memcpy(data, addr.bytes, addr.len);
    return whole ? (int)field->size : (int)addr.len;
}

void cski_field_format_net(const struct csk_optfield *field, const unsigned char *data, size_t size,
                           struct cski_out *out)
{
    char text[46];

    switch (field->kind) {
    case CSK_OPT_IN_ADDR:
        cski_inet4_format(data, text);
        cski_out_text(out, text);
        break;
    case CSK_OPT_IN6_ADDR:
        cski_inet6_format(data, text);
        cski_out_text(out, text);
        break;
    case CSK_OPT_IFINDEX: format_interface(field, data, out); break;
    case CSK_OPT_SOCKADDRS: format_addresses(data, size, out); break;
    default: format_sockaddr(data, size, out); break;
    }
}

int cski_field_parse_net(const struct csk_optfield *field, struct cski_in in, unsigned char *data,
                         size_t room)
{
    switch (field->kind) {
    case CSK_OPT_IN_ADDR: return room >= 4 && cski_inet4_parse(in.text, in.size, data) ? 4 : -1;
    case CSK_OPT_IN6_ADDR: return room >= 16 && cski_inet6_parse(in.text, in.size, data) ? 16 : -1;
    case CSK_OPT_IFINDEX: return parse_interface(field, in, data);
    case CSK_OPT_SOCKADDRS: return parse_addresses(in, data, room);
    default: return parse_sockaddr(field, in, data, room);
    }
}
