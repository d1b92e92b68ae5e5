/* Addresses as text. */
#include "address/address.h"

#include <string.h>

/* "AF_NN 0x", with which the form of any address can begin, known or not; return the end of the
 * digits of NN. */
static const char *bytes_notation(const char *text)
{
    const char *at = text + 3;

    if (strncmp(text, "AF_", 3) != 0)
        return NULL;
    while (*at >= '0' && *at <= '9')
        at++;
    return at > text + 3 && strncmp(at, " 0x", 3) == 0 ? at : NULL;
}

static int parse_bytes_notation(struct csk_addr *addr, int family, int proto, const char *text,
                                const char *end, struct csk_error *error)
{
    struct cski_in digits = { text + 3, (size_t)(end - text) - 3 };
    struct cski_in hex = { end + 1, strlen(end + 1) };
    struct csk_addr made = { .proto = proto };
    uint64_t number = UINT64_MAX;
    bool negative;
    int size = cski_in_bytes(hex, made.bytes + CSKI_ADDR_HEAD, sizeof made.bytes - CSKI_ADDR_HEAD);

    if (!cski_in_number(digits, &number, &negative) || number > (sa_family_t)-1)
        return cski_fail(error, CSK_EADDRTEXT, "\"%.100s\": no such address family", text);
    if (family != AF_UNSPEC && (uint64_t)family != number)
        return cski_fail(error, CSK_EADDRTEXT, "\"%.100s\" is not an address of family %d", text,
                         family);
    if (size < 0)
        return cski_fail(error, CSK_EADDRTEXT,
                         "\"%.100s\": AF_NN 0x is followed by up to %zu bytes"
                         " in hexadecimal",
                         text, sizeof made.bytes - CSKI_ADDR_HEAD);
    made.len = (socklen_t)(CSKI_ADDR_HEAD + (size_t)size);
    made.sa.sa_family = (sa_family_t)number;
    cski_os_set_sa_len(made.bytes, made.len);
    *addr = made;
    return 0;
}

/* The buffer for the text and bytes of fields. */
struct space {
    unsigned char bytes[CSK_ADDR_TEXT_MAX], *next;
};

static int take_bytes(struct space *space, struct csk_value *value, enum csk_value_kind kind, int n)
{
    if (n < 0)
        return n;
    value->kind = kind;
    value->data = (const char *)space->next;
    value->size = (size_t)n;
    space->next += n;
    return 0;
}

static int parse_number(struct cski_in in, struct csk_value *value)
{
    bool negative;
    uint64_t number;

    if (!cski_in_number(in, &number, &negative))
        return CSKI_REFUSED;
    value->kind = number > INT64_MAX && !negative ? CSK_VALUE_UINT : CSK_VALUE_INT;
    value->u = number;
    return 0;
}

/* A name, or the index if there is no interface of that name: a name is unpacked as a name. */
static int parse_interface(struct space *space, size_t left, struct cski_in in,
                           struct csk_value *value)
{
    struct csk_value number;
    uint32_t index;
    int n = take_bytes(space, value, CSK_VALUE_TEXT, cski_in_unescape(in, space->next, left));

    if (n == 0 && parse_number(in, &number) == 0 &&
        cski_interface_index(-1, value->data, value->size, &index) < 0)
        *value = number;
    return n;
}

/* The text of one field: 0, or a refusal. */
static int parse_field(const struct csk_field *field, struct cski_in in, struct csk_value *value,
                       struct space *space)
{
    size_t left = (size_t)(space->bytes + sizeof space->bytes - space->next);

    if (in.size == 0 && cski_is_optional(field)) {
        value->kind = CSK_VALUE_NONE;
        return 0;
    }
    switch ((enum csk_field_kind)field->kind) {
    case CSK_FIELD_UINT: return parse_number(in, value);
    case CSK_FIELD_CONTROL:
        if (parse_number(in, value) == 0)
            return 0;
        break;
    case CSK_FIELD_BYTES:
        if (field->flags & CSK_FIELD_FLAG_NUMBER && in.size > 2 && memcmp(in.text, "0x", 2) == 0)
            return parse_number(in, value);
        return take_bytes(space, value, CSK_VALUE_BYTES, cski_in_bytes(in, space->next, left));
    case CSK_FIELD_IFNAME: return parse_interface(space, left, in, value);
    default: break;
    }
    return take_bytes(space, value, CSK_VALUE_TEXT, cski_in_unescape(in, space->next, left));
}

/* Text that is not valid in a field. */
static int field_fail(const struct csk_family *f, const struct csk_field *field, struct cski_in in,
                      int refusal, struct csk_error *error)
{
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = in.text, .size = in.size };
    struct csk_error found = { 0, "" };

    cski_field_refuse(field, &value, refusal, &found);
    return cski_family_fail(f, error, CSK_EADDRTEXT, "%.160s", found.text);
}

/* The default text form of families. */
static int parse_fields(const struct csk_family *f, struct csk_addr *addr, int proto,
                        const char *text, struct csk_error *error)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX] = { { .kind = CSK_VALUE_NONE } };
    struct space space = { .next = space.bytes };
    unsigned most = cski_family_field_count(f), count = 0;
    struct cski_in in = { text, 0 };
    int n;

    for (;; in.text += in.size + 1) {
        const struct csk_field *field;

        if (count == most) /* a family without fields has no first field */
            return cski_text_fail(f, text, error);
        field = &f->layout.fields[count];
        in.size = strcspn(in.text, ",");
        if ((n = parse_field(field, in, &values[count], &space)) < 0)
            return field_fail(f, field, in, n, error);
        count++;
        if (!in.text[in.size])
            break;
    }
    return cski_addr_pack(f, -1, addr, proto, values, count, error);
}

int cski_addr_parse(const struct csk_family *f, struct csk_addr *addr, int proto, const char *text,
                    struct csk_error *error)
{
    int n;

    if (!f->parse)
        return parse_fields(f, addr, proto, text, error);
    if ((n = f->parse(f, addr, text, error)) == 0) {
        addr->proto = proto;
        cski_os_set_sa_len(addr->bytes, addr->len);
    }
    return n;
}

int csk_addr_parse(struct csk_addr *addr, int family, int proto, const char *text,
                   struct csk_error *error)
{
    const struct csk_family *f;
    const char *end;

    if (!addr || !text)
        return cski_fail(error, CSK_ENULL, "NULL where an address or its text is needed");
    if ((end = bytes_notation(text)))
        return parse_bytes_notation(addr, family, proto, text, end, error);
    f = family == AF_UNSPEC ? cski_family_guess(text) : cski_family_find(family, proto);
    if (!f && family == AF_UNSPEC)
        return cski_fail(error, CSK_EADDRTEXT,
                         "\"%.100s\" is not an address: host:port, [host]:port, /path or @name",
                         text);
    if (!f)
        return cski_fail(error, CSK_EFAMILY, "unknown address family %d, protocol %d", family,
                         proto);
    return cski_addr_parse(f, addr, proto, text, error);
}

static void format_number(struct cski_out *out, const struct csk_field *field,
                          const struct csk_value *value)
{
    if (value->kind == CSK_VALUE_INT && value->i < 0)
        cski_out_format(out, "%lld", (long long)value->i);
    else
        cski_out_format(out, field->flags & CSK_FIELD_FLAG_HEX ? "0x%llx" : "%llu",
                        (unsigned long long)value->u);
}

static void format_value(struct cski_out *out, const struct csk_field *field,
                         const struct csk_value *value, const struct csk_addr *addr)
{
    switch (value->kind) {
    case CSK_VALUE_TEXT:
        /* An interface that was removed has no name any more, but its index remains. */
        if (field->kind == CSK_FIELD_IFNAME && value->size == 0)
            cski_network_format(field, addr->bytes + field->offset, out);
        else
            cski_out_escaped(out, value->data, value->size, ",");
        break;
    case CSK_VALUE_BYTES: cski_out_hex(out, value->data, value->size); break;
    case CSK_VALUE_NONE: break;
    default: format_number(out, field, value);
    }
}

static void format_fields(const struct csk_family *f, const struct csk_addr *addr, char *text)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    struct csk_addr whole = { .len = 0 };
    char space[CSK_ADDR_TEXT_MAX];
    struct cski_out out;
    int n = cski_addr_unpack(f, -1, addr, values, space);

    memcpy(whole.bytes, addr->bytes, addr->len);
    cski_out_init(&out, text, CSK_ADDR_TEXT_MAX);
    for (int i = 0; i < n; i++) {
        if (i > 0)
            cski_out_char(&out, ',');
        format_value(&out, &f->layout.fields[i], &values[i], &whole);
    }
}

/* Escape the first letter of text that looks like an address as bytes, and is not. */
static void escape_bytes_notation(char *text)
{
    size_t size = strlen(text);

    if (!bytes_notation(text) || size + 4 > CSK_ADDR_TEXT_MAX)
        return;
    memmove(text + 4, text + 1, size);
    memcpy(text, "\\x41", 4);
}

bool cski_addr_same(const struct csk_addr *a, const struct csk_addr *b)
{
    const struct csk_addr *longer = a->len > b->len ? a : b;
    size_t common = a->len < b->len ? a->len : b->len;

    if (memcmp(a->bytes, b->bytes, common) != 0)
        return false;
    for (size_t i = common; i < longer->len; i++)
        if (longer->bytes[i] != 0)
            return false;
    return true;
}

/* Whether the text is the address: a kernel may return an address that it does not accept. */
static bool is_text_of(const struct csk_family *f, const struct csk_addr *addr, const char *text)
{
    struct csk_addr again, whole = *addr;

    if (f->clear_flags)
        f->clear_flags(&whole);
    return cski_addr_parse(f, &again, addr->proto, text, NULL) == 0 &&
           cski_addr_same(&again, &whole);
}

void cski_addr_format(const struct csk_family *f, const struct csk_addr *addr, char *text)
{
    if (f->format)
        f->format(f, addr, text);
    else
        format_fields(f, addr, text);
    escape_bytes_notation(text);
    if (cski_family_field_count(f) == 0 || !is_text_of(f, addr, text))
        cski_addr_format_bytes(addr, text);
}

static void format(const struct csk_addr *addr, char *text)
{
    const struct csk_family *f;

    if (!addr || addr->len < CSKI_ADDR_HEAD || addr->len > sizeof addr->storage) {
        *text = '\0';
        return;
    }
    f = cski_family_find(addr->sa.sa_family, addr->proto);
    if (f && addr->len >= f->min_len)
        cski_addr_format(f, addr, text);
    else
        cski_addr_format_bytes(addr, text);
}

/* Not snprintf, because gcc warns that it may truncate. */
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
    char space[CSK_ADDR_TEXT_MAX];

    if (!text)
        return NULL;
    if (size >= sizeof space) {
        format(addr, text);
        return text;
    }
    format(addr, space);
    cut_text(text, size, space);
    return text;
}
