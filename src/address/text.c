/* Addresses as text. */
#include "family/family.h"

#include <stdio.h>
#include <string.h>

/* Where sa_family ends. */
#define HEAD (offsetof(struct sockaddr, sa_family) + sizeof(sa_family_t))

static const char hex_digits[] = "0123456789abcdef";

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *cski_text_write(char *out, uint64_t number)
{
    char digits[20], *at = digits + sizeof digits;

    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    while (at < digits + sizeof digits)
        *out++ = *at++;
    *out = '\0';
    return out;
}

static char *write_hex(char *out, const unsigned char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        *out++ = hex_digits[data[i] >> 4];
        *out++ = hex_digits[data[i] & 15];
    }
    *out = '\0';
    return out;
}

/* The number of bytes, or -1. */
static int read_hex(char *out, size_t room, const char *text, size_t size)
{
    if (size % 2 || size / 2 > room)
        return -1;
    for (size_t i = 0; i < size; i += 2) {
        int high = hex_value(text[i]), low = hex_value(text[i + 1]);

        if (high < 0 || low < 0)
            return -1;
        out[i / 2] = (char)(high << 4 | low);
    }
    return (int)(size / 2);
}

size_t cski_text_escape(char *out, const char *data, size_t size, const char *special)
{
    char *start = out;

    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c >= 0x20 && c < 0x7f && c != '\\' && !strchr(special, c)) {
            *out++ = (char)c;
        } else {
            *out++ = '\\';
            *out++ = 'x';
            out = write_hex(out, &c, 1);
        }
    }
    *out = '\0';
    return (size_t)(out - start);
}

int cski_text_unescape(char *out, size_t room, const char *text, size_t size)
{
    const char *end = text + size;
    size_t count = 0;

    while (text < end) {
        if (count == room)
            return -1;
        /* A backslash that begins no escape is itself: paths may hold some. */
        if (end - text >= 4 && text[0] == '\\' && text[1] == 'x' &&
            read_hex(out + count, 1, text + 2, 2) == 1) {
            text += 4;
            count++;
        } else {
            out[count++] = *text++;
        }
    }
    return (int)count;
}

bool cski_text_number(const char *text, size_t size, struct csk_value *value)
{
    bool negative = size > 1 && text[0] == '-';
    unsigned base = 10;
    uint64_t number = 0;
    size_t i = negative;

    if (size - i > 2 && text[i] == '0' && (text[i + 1] | 0x20) == 'x') {
        base = 16;
        i += 2;
    }
    if (i >= size)
        return false;
    for (; i < size; i++) {
        int digit = hex_value(text[i]);

        if (digit < 0 || (unsigned)digit >= base || number > (UINT64_MAX - (unsigned)digit) / base)
            return false;
        number = number * base + (unsigned)digit;
    }
    if (negative && number > INT64_MAX)
        return false;
    value->kind = number > INT64_MAX ? CSK_VALUE_UINT : CSK_VALUE_INT;
    value->u = negative ? -number : number;
    return true;
}

char *cski_text_write_hex(char *out, uint64_t number)
{
    int shift = 60;

    *out++ = '0';
    *out++ = 'x';
    while (shift > 0 && !(number >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *out++ = hex_digits[number >> shift & 15];
    *out = '\0';
    return out;
}

int cski_text_fail(const struct cski_family *f, const char *text, struct csk_error *error)
{
    return cski_fail(error, CSK_EADDRTEXT, "\"%.100s\" is not an address of %s%s%s: %s", text,
                     f->form.name, f->form.variant ? " " : "",
                     f->form.variant ? f->form.variant : "",
                     f->form.form ? f->form.form : "fields separated by commas");
}

/* "AF_NN 0xHEX": whether text is of that form.  *code becomes 0 or the error. */
static bool parse_raw(struct csk_addr *addr, int family, int proto, const char *text,
                      struct csk_error *error, int *code)
{
    const char *space = strchr(text, ' ');
    struct csk_value number;
    struct csk_addr made = { .proto = proto };
    int size;

    if (strncmp(text, "AF_", 3) != 0 || !space || strncmp(space, " 0x", 3) != 0 ||
        !cski_text_number(text + 3, (size_t)(space - text) - 3, &number))
        return false;
    *code = CSK_EADDRTEXT;
    size = read_hex((char *)made.bytes + HEAD, sizeof made.bytes - HEAD, space + 3,
                    strlen(space + 3));
    if (size < 0 || number.u > (sa_family_t)-1 ||
        (family != AF_UNSPEC && (uint64_t)family != number.u)) {
        cski_fail(error, CSK_EADDRTEXT, "\"%.100s\" is not an address of family %d", text, family);
        return true;
    }
    made.len = (socklen_t)(HEAD + (size_t)size);
    made.sa.sa_family = (sa_family_t)number.u;
    *addr = made;
    *code = 0;
    return true;
}

/* One field's text; room is for what its escapes stand for, and moves. */
static bool parse_field(const struct csk_field *field, const char *text, size_t size,
                        struct csk_value *value, char **room, const char *room_end)
{
    int n;

    if (size == 0 && field->optional) {
        value->kind = CSK_VALUE_NONE;
        return true;
    }
    if (field->kind == CSK_FIELD_UINT || field->kind == CSK_FIELD_NET ||
        field->kind == CSK_FIELD_LE)
        return cski_text_number(text, size, value);
    /* Interfaces may be given by their index; some bytes have a short form that is a number. */
    if ((field->kind == CSK_FIELD_IFINDEX || field->kind == CSK_FIELD_CONTROL ||
         (field->kind == CSK_FIELD_BYTES && strncmp(text, "0x", 2) == 0)) &&
        cski_text_number(text, size, value))
        return true;
    value->kind = field->kind == CSK_FIELD_BYTES ? CSK_VALUE_BYTES : CSK_VALUE_TEXT;
    n = (value->kind == CSK_VALUE_BYTES ? read_hex : cski_text_unescape)(
        *room, (size_t)(room_end - *room), text, size);
    if (n < 0)
        return false;
    value->data = *room;
    value->size = (size_t)n;
    *room += n;
    return true;
}

/* The text form of the families that have none of their own. */
static int parse_fields(const struct cski_family *f, struct csk_addr *addr, int proto,
                        const char *text, struct csk_error *error)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX] = { { .kind = CSK_VALUE_NONE } };
    char room[CSK_ADDR_TEXT_MAX], *next = room;
    const char *at = text;
    size_t count = 0, size;

    for (;;) {
        if (count == f->form.field_count)
            return cski_text_fail(f, text, error);
        size = strcspn(at, ",");
        if (!parse_field(&f->form.fields[count], at, size, &values[count], &next,
                         room + sizeof room) ||
            cski_host_needs_resolver(&f->form.fields[count], &values[count]))
            return cski_text_fail(f, text, error);
        count++;
        if (!at[size])
            break;
        at += size + 1;
    }
    return cski_form_pack(f, -1, addr, proto, values, count, error);
}

int cski_form_parse(const struct cski_family *f, struct csk_addr *addr, int proto, const char *text,
                    struct csk_error *error)
{
    int n;

    if (!f->parse)
        return parse_fields(f, addr, proto, text, error);
    if ((n = f->parse(f, addr, text, error)) == 0)
        addr->proto = proto;
    return n;
}

int csk_addr_parse(struct csk_addr *addr, int family, int proto, const char *text,
                   struct csk_error *error)
{
    const struct cski_family *f;
    int n;

    if (!addr || !text)
        return cski_fail(error, CSK_ENULL, "NULL where an address or its text is needed");
    if (parse_raw(addr, family, proto, text, error, &n))
        return n;
    f = family == AF_UNSPEC ? cski_family_guess(text) : cski_family_find(family, proto);
    if (!f && family == AF_UNSPEC)
        return cski_fail(error, CSK_EADDRTEXT,
                         "\"%.100s\" is not an address: host:port, [host]:port, /path or @name",
                         text);
    if (!f)
        return cski_fail(error, CSK_EFAMILY, "unknown address family %d, protocol %d", family,
                         proto);
    return cski_form_parse(f, addr, proto, text, error);
}

static char *format_value(char *out, const struct csk_field *field, const struct csk_value *value)
{
    uint64_t max = field->max ? field->max : field->size > 2 ? UINT64_MAX : 0xffff;

    switch (value->kind) {
    case CSK_VALUE_TEXT: return out + cski_text_escape(out, value->data, value->size, ",");
    case CSK_VALUE_BYTES: return write_hex(out, (const unsigned char *)value->data, value->size);
    case CSK_VALUE_NONE: *out = '\0'; return out;
    default:
        if (value->kind == CSK_VALUE_INT && value->i < 0) {
            *out++ = '-';
            return cski_text_write(out, -value->u);
        }
        /* Where bytes may stand as well, the 0x tells a number from them. */
        return field->kind == CSK_FIELD_BYTES || (max > 0xffff && value->u > 9)
                   ? cski_text_write_hex(out, value->u)
                   : cski_text_write(out, value->u);
    }
}

/* An interface that is gone has no name any more, but still its index. */
static char *format_index(char *out, const struct csk_field *field, const struct csk_addr *addr)
{
    uint32_t index = 0;

    if ((size_t)field->offset + field->size <= addr->len)
        memcpy(&index, addr->bytes + field->offset, sizeof index);
    return index ? cski_text_write(out, index) : out;
}

static void format_fields(const struct cski_family *f, const struct csk_addr *addr, char *out)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    int n = cski_form_unpack(f, -1, addr, values, text);

    *out = '\0';
    for (int i = 0; i < n; i++) {
        const struct csk_field *field = &f->form.fields[i];

        if (i > 0)
            *out++ = ',';
        out = format_value(out, field, &values[i]);
        if (field->kind == CSK_FIELD_IFINDEX && values[i].size == 0)
            out = format_index(out, field, addr);
    }
}

static void format_raw(const struct csk_addr *addr, char *out)
{
    memcpy(out, "AF_", 3);
    out = cski_text_write(out + 3, addr->sa.sa_family);
    memcpy(out, " 0x", 3);
    write_hex(out + 3, addr->bytes + HEAD, addr->len - HEAD);
}

void cski_form_format(const struct cski_family *f, const struct csk_addr *addr, char *out)
{
    struct csk_addr again;

    if (f->format) {
        f->format(f, addr, out);
        return;
    }
    format_fields(f, addr, out);
    /* A kernel may say what nobody may say to it.  Such an address is written as its bytes. */
    if (f->form.field_count == 0 || cski_form_parse(f, &again, addr->proto, out, NULL) < 0)
        format_raw(addr, out);
}

static void format(const struct csk_addr *addr, char *out)
{
    const struct cski_family *f;

    if (!addr || addr->len < HEAD || addr->len > sizeof addr->storage) {
        *out = '\0';
        return;
    }
    f = cski_family_find(addr->sa.sa_family, addr->proto);
    if (f && addr->len >= f->form.min_len)
        cski_form_format(f, addr, out);
    else
        format_raw(addr, out);
}

/* snprintf would do, but for gcc, which warns that it may cut. */
static void cut_text(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);

    if (size == 0)
        return;
    if (length >= size)
        length = size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

const char *csk_addr_format(const struct csk_addr *addr, char *text, size_t size)
{
    char room[CSK_ADDR_TEXT_MAX];

    if (!text)
        return NULL;
    if (size >= sizeof room) {
        format(addr, text);
        return text;
    }
    format(addr, room);
    cut_text(text, size, room);
    return text;
}
