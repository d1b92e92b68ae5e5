/* Socket addresses in options: CSK_FIELD_SOCKADDR, CSK_FIELD_SOCKADDRS.
 *
 * The text is that of the address; the port 0, which has no meaning in an option, may be omitted,
 * and then the brackets as well. */
#include "address/address.h"

#include <string.h>

static bool parse_address(struct cski_in in, struct csk_addr *addr)
{
    static const char formats[][2][4] = { { "", "" }, { "", ":0" }, { "[", "]:0" } };
    unsigned char plain[CSK_ADDR_TEXT_MAX - 8];
    int used = cski_in_unescape(in, plain, sizeof plain - 1);
    char text[CSK_ADDR_TEXT_MAX];
    struct cski_out out;
    size_t i;

    if (used <= 0 || memchr(plain, '\0', (size_t)used))
        return false;
    plain[used] = '\0';
    for (i = 0; i < sizeof formats / sizeof *formats; i++) {
        cski_out_init(&out, text, sizeof text);
        cski_out_text(&out, formats[i][0]);
        cski_out_text(&out, (const char *)plain);
        cski_out_text(&out, formats[i][1]);
        if (csk_addr_parse(addr, AF_UNSPEC, 0, text, NULL) == 0)
            return true;
    }
    return false;
}

/* Without the port 0, and then without brackets. */
static size_t shorten(char **text, size_t size)
{
    if (size < 2 || strcmp(*text + size - 2, ":0") != 0)
        return size;
    size -= 2;
    if (size > 2 && (*text)[0] == '[' && (*text)[size - 1] == ']') {
        ++*text;
        size -= 2;
    }
    return size;
}

/* Write text if it would be parsed as the same address: the family must be guessed, and a path may
 * look like an address of another family. */
static bool write_text(const struct csk_addr *addr, const char *text, size_t size,
                       struct cski_out *out)
{
    char escaped[4 * CSK_ADDR_TEXT_MAX];
    struct cski_out buffer;
    struct csk_addr parsed;

    cski_out_init(&buffer, escaped, sizeof escaped);
    cski_out_escaped(&buffer, text, size, CSKI_SPECIAL_IN_WORD);
    if (!parse_address((struct cski_in){ escaped, buffer.used }, &parsed) ||
        !cski_addr_same(&parsed, addr))
        return false;
    cski_out_text(out, escaped);
    return true;
}

static void format_address(const struct csk_addr *addr, struct cski_out *out)
{
    char text[CSK_ADDR_TEXT_MAX], *start = text;
    size_t size, short_size;

    csk_addr_format(addr, text, sizeof text);
    size = strlen(text);
    short_size = csk_addr_port(addr) == 0 ? shorten(&start, size) : size;
    if (write_text(addr, start, short_size, out) || write_text(addr, text, size, out))
        return;
    cski_addr_format_bytes(addr, text);
    cski_out_escaped(out, text, strlen(text), CSKI_SPECIAL_IN_WORD);
}

/* The address in the bytes of a field: the length of its family, if there are that many bytes. */
static void read_address(const unsigned char *data, size_t size, struct csk_addr *addr)
{
    const struct csk_family *family;

    memset(addr, 0, sizeof *addr);
    if (size > sizeof addr->bytes)
        size = sizeof addr->bytes;
    memcpy(addr->bytes, data, size);
    if (size < CSKI_ADDR_HEAD)
        return;
    family = cski_family_find(addr->sa.sa_family, 0);
    addr->len = (socklen_t)(family && family->max_len < size ? family->max_len : size);
}

static void format_list(const unsigned char *data, size_t size, struct cski_out *out)
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

/* Only such addresses can be distinguished when they are consecutive. */
static bool has_full_length(const struct csk_addr *addr)
{
    const struct csk_family *family = cski_family_find(addr->sa.sa_family, 0);

    return family && addr->len == family->max_len;
}

static int parse_list(struct cski_in in, unsigned char *data, size_t space)
{
    struct cski_in piece;
    struct csk_addr addr;
    size_t used = 0;

    if (in.size == 0)
        return 0;
    while (cski_in_split(&in, ',', &piece)) {
        if (!parse_address(piece, &addr) || !has_full_length(&addr))
            return CSKI_REFUSED;
        if (addr.len > space - used)
            return CSKI_TOO_LONG;
        memcpy(data + used, addr.bytes, addr.len);
        used += addr.len;
    }
    return (int)used;
}

static void format_sockaddr(const struct csk_field *field, const unsigned char *data, size_t size,
                            struct cski_out *out)
{
    struct csk_addr addr;

    if (field->kind == CSK_FIELD_SOCKADDRS) {
        format_list(data, size, out);
        return;
    }
    read_address(data, size, &addr);
    /* An empty address is written as "0", and read back as zeros. */
    if (addr.len == 0 || addr.sa.sa_family == AF_UNSPEC)
        cski_out_char(out, '0');
    else
        format_address(&addr, out);
}

static int parse_sockaddr(const struct csk_field *field, struct cski_in in, unsigned char *data,
                          size_t space)
{
    bool whole = !(field->flags & CSK_FIELD_FLAG_VARIABLE);
    struct csk_addr addr;

    if (field->kind == CSK_FIELD_SOCKADDRS)
        return parse_list(in, data, space);
    if (cski_in_is(&in, "0")) {
        if (space < field->size)
            return CSKI_TOO_LONG;
        memset(data, 0, field->size);
        return field->size;
    }
    if (!parse_address(in, &addr))
        return CSKI_REFUSED;
    if (addr.len > space || addr.len > field->size)
        return CSKI_TOO_LONG;
    if (whole)
        memset(data, 0, field->size);
    memcpy(data, addr.bytes, addr.len);
    return whole ? (int)field->size : (int)addr.len;
}

const struct cski_kind cski_sockaddr_kind = { format_sockaddr, parse_sockaddr };
