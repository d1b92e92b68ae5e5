/* One field as text: a case for each enum csk_field_kind. */
#include "layout/layout.h"

#include <string.h>

/* Represents no characters. */
#define EMPTY "\"\""

static bool is_zero(const unsigned char *data, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        if (data[i] != 0)
            return false;
    }
    return true;
}

/* Names */

/* The number of a name: the name in any case, or its end after a "_" ("do" for IP_PMTUDISC_DO).  If
 * several names have that end, it is the shortest; two of the same length are ambiguous. */
static bool name_number(const struct csk_field *field, struct cski_in in, uint64_t *number)
{
    const struct cski_number_name *names = cski_number_names(field);
    size_t best = SIZE_MAX;
    bool unique = false;
    unsigned i;

    for (i = 0; i < field->name_count; i++) {
        const char *name = names[i].name;
        size_t size = strlen(name);

        if (cski_in_is(&in, name)) {
            *number = names[i].number;
            return true;
        }
        if (in.size == 0 || in.size >= size || size > best || name[size - in.size - 1] != '_' ||
            !cski_in_is(&in, name + size - in.size))
            continue;
        unique = size < best;
        best = size;
        *number = names[i].number;
    }
    return unique;
}

static const char *number_name(const struct csk_field *field, uint64_t number)
{
    const struct cski_number_name *names = cski_number_names(field);
    unsigned i;

    for (i = 0; i < field->name_count; i++) {
        if (names[i].number == number)
            return names[i].name;
    }
    return NULL;
}

static void format_plain(const struct csk_field *field, uint64_t number, struct cski_out *out)
{
    if (field->flags & CSK_FIELD_FLAG_HEX)
        cski_out_format(out, "0x%llx", (unsigned long long)number);
    else if (!cski_field_is_signed(field))
        cski_out_format(out, "%llu", (unsigned long long)number);
    else
        cski_out_format(out, "%lld", (long long)number);
}

static void format_bits(const struct csk_field *field, uint64_t number, struct cski_out *out)
{
    const struct cski_number_name *names = cski_number_names(field);
    uint64_t rest = number;
    const char *separator = "";
    unsigned i;

    for (i = 0; i < field->name_count; i++) {
        uint64_t bit = names[i].number;

        if (bit == 0 || (rest & bit) != bit)
            continue;
        cski_out_format(out, "%s%s", separator, names[i].name);
        separator = "|";
        rest &= ~bit;
    }
    if (rest != 0)
        cski_out_format(out, "%s0x%llx", separator, (unsigned long long)rest);
    else if (number == 0)
        cski_out_text(out, "0");
}

/* Numbers */

/* Linux has no larger errno. */
#define ERRNO_MAX 4095

static bool is_errno(const struct csk_field *field)
{
    const char *unit = cski_field_unit(field);

    return unit && strcmp(unit, "errno") == 0;
}

/* The number of an errno's name. */
static bool errno_number(struct cski_in in, uint64_t *number)
{
    const char *name;

    for (*number = 1; *number <= ERRNO_MAX; ++*number) {
        name = csk_error_name(-(int)*number);
        if (name && cski_in_is(&in, name))
            return true;
    }
    return false;
}

/* Number of a word: a name, a number, with a size's suffix where the unit is bytes. */
static bool word_number(const struct csk_field *field, struct cski_in in, uint64_t *number,
                        bool *negative)
{
    const char *unit = cski_field_unit(field);

    *negative = false;
    if (in.size == 0)
        return false;
    if (name_number(field, in, number)) {
        *negative = cski_field_is_signed(field) && (int64_t)*number < 0;
        return true;
    }
    if (is_errno(field) && errno_number(in, number))
        return true;
    if (unit && strncmp(unit, "bytes", 5) == 0)
        return cski_in_size(in, number, negative);
    return cski_in_number(in, number, negative);
}

static bool parse_bits(const struct csk_field *field, struct cski_in in, uint64_t *number)
{
    struct cski_in piece;

    *number = 0;
    while (cski_in_split(&in, '|', &piece)) {
        uint64_t bit;
        bool negative;

        if (!word_number(field, piece, &bit, &negative) || negative)
            return false;
        *number |= bit;
    }
    return true;
}

/* A number of text, negative ones wrapped round. */
static bool read_number(const struct csk_field *field, struct cski_in in, uint64_t *number,
                        bool *negative)
{
    int64_t ns;

    *negative = false;
    if (field->kind == CSK_FIELD_TIME && !name_number(field, in, number)) {
        if (!cski_in_time(in, field->scale, &ns) || ns % field->scale != 0)
            return false;
        *number = (uint64_t)(ns / field->scale);
        *negative = ns < 0;
        return true;
    }
    if (field->flags & CSK_FIELD_FLAG_BITMASK)
        return parse_bits(field, in, number);
    return word_number(field, in, number, negative);
}

static int parse_number(const struct csk_field *field, struct cski_in in, unsigned char *data)
{
    uint64_t number;
    bool negative;
    int n;

    if (!read_number(field, in, &number, &negative))
        return CSKI_REFUSED;
    if ((n = cski_field_check(field, number, negative)) < 0)
        return n;
    return cski_field_store(field, data, number) ? (int)field->size : CSKI_OUT_OF_RANGE;
}

static void format_number(const struct csk_field *field, const unsigned char *data,
                          struct cski_out *out)
{
    uint64_t number = cski_field_is_signed(field) ? (uint64_t)cski_field_signed(field, data)
                                                  : cski_field_number(field, data);
    const char *name = number_name(field, number);

    if (!name && is_errno(field))
        name = number <= ERRNO_MAX ? csk_error_name(-(int)number) : NULL;
    if (field->flags & CSK_FIELD_FLAG_BITMASK)
        format_bits(field, number, out);
    else if (name)
        cski_out_text(out, name);
    else
        format_plain(field, number, out);
}

static int parse_bool(const struct csk_field *field, struct cski_in in, unsigned char *data)
{
    static const char words[2][4][6] = { { "off", "false", "no", "0" },
                                         { "on", "true", "yes", "1" } };
    size_t i;

    for (i = 0; i < 8; i++) {
        if (cski_in_is(&in, words[i / 4][i % 4]))
            return cski_field_store(field, data, i / 4) ? (int)field->size : CSKI_OUT_OF_RANGE;
    }
    return CSKI_REFUSED;
}

static void format_time(const struct csk_field *field, const unsigned char *data,
                        struct cski_out *out)
{
    int64_t number = cski_field_signed(field, data);
    const char *name = number_name(field, (uint64_t)number);

    if (name)
        cski_out_text(out, name);
    else
        cski_out_time(out, number, field->scale, cski_field_unit(field));
}

static int parse_timeval(const struct csk_field *field, struct cski_in in, unsigned char *data)
{
    int64_t ns;

    if (!cski_in_time(in, 1000000000, &ns))
        return CSKI_REFUSED;
    return cski_store_timeval(data, field->size, cski_timeval_unit(field), ns) ? (int)field->size
                                                                               : CSKI_OUT_OF_RANGE;
}

/* Text and bytes */

/* In a struct, an empty value must be visible. */
static bool needs_mark(const char *special)
{
    return strchr(special, ' ') != NULL;
}

static void format_text(const unsigned char *data, size_t size, const char *special,
                        struct cski_out *out)
{
    const unsigned char *end = memchr(data, '\0', size);

    if (end)
        size = (size_t)(end - data);
    if (size == 0 && needs_mark(special))
        cski_out_text(out, EMPTY);
    else
        cski_out_escaped(out, data, size, special);
}

static int parse_text(struct cski_in in, unsigned char *data, size_t space)
{
    int used;

    if (cski_in_is(&in, EMPTY))
        return 0;
    used = cski_in_unescape(in, data, space);
    if (used > 0 && memchr(data, '\0', (size_t)used))
        return CSKI_HAS_NULL;
    return used;
}

static int parse_bytes(struct cski_in in, unsigned char *data, size_t space)
{
    return cski_in_is(&in, EMPTY) ? 0 : cski_in_bytes(in, data, space);
}

/* By kind */

void cski_field_format(const struct csk_field *field, const unsigned char *data, size_t size,
                       const char *special, struct cski_out *out)
{
    switch ((enum csk_field_kind)field->kind) {
    case CSK_FIELD_NONE:
    case CSK_FIELD_STRUCT: break;
    case CSK_FIELD_BOOL: cski_out_text(out, is_zero(data, field->size) ? "off" : "on"); break;
    case CSK_FIELD_TIME: format_time(field, data, out); break;
    case CSK_FIELD_TIMEVAL:
        cski_out_timeval(out, data, field->size, cski_timeval_unit(field));
        break;
    case CSK_FIELD_TEXT: format_text(data, size, special, out); break;
    case CSK_FIELD_BYTES:
        if (size == 0 && needs_mark(special))
            cski_out_text(out, EMPTY);
        cski_out_hex(out, data, size);
        break;
    case CSK_FIELD_FILTER: cski_filter_format(data, size, out); break;
    case CSK_FIELD_LENGTH:
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT:
    case CSK_FIELD_CONTROL:
    case CSK_FIELD_FD: format_number(field, data, out); break;
    case CSK_FIELD_PATH: cski_out_escaped(out, data, size, special); break;
    case CSK_FIELD_SOCKADDR:
    case CSK_FIELD_SOCKADDRS: cski_sockaddr_kind.format(field, data, size, out); break;
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR:
    case CSK_FIELD_IFINDEX:
    case CSK_FIELD_IFNAME:
    case CSK_FIELD_BDADDR:
    case CSK_FIELD_UUID: cski_network_format(field, data, out); break;
    }
}

int cski_field_parse(const struct csk_field *field, int fd, struct cski_in in, bool alone,
                     unsigned char *data, size_t space)
{
    if (field->kind != CSK_FIELD_TEXT || !alone)
        in = cski_in_trim(in);
    if (field->size > 1 && !(field->flags & CSK_FIELD_FLAG_VARIABLE) && space < field->size)
        return CSKI_TOO_LONG;
    switch ((enum csk_field_kind)field->kind) {
    case CSK_FIELD_NONE: return in.size == 0 ? 0 : CSKI_REFUSED;
    case CSK_FIELD_STRUCT: return CSKI_WRONG_KIND;
    case CSK_FIELD_BOOL: return parse_bool(field, in, data);
    case CSK_FIELD_TIMEVAL: return parse_timeval(field, in, data);
    case CSK_FIELD_TEXT: return parse_text(in, data, space);
    case CSK_FIELD_PATH: return cski_in_unescape(in, data, space);
    case CSK_FIELD_BYTES: return parse_bytes(in, data, space);
    case CSK_FIELD_FILTER: return cski_filter_parse(in, data, space, NULL);
    case CSK_FIELD_LENGTH:
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT:
    case CSK_FIELD_TIME:
    case CSK_FIELD_CONTROL:
    case CSK_FIELD_FD: return parse_number(field, in, data);
    case CSK_FIELD_SOCKADDR:
    case CSK_FIELD_SOCKADDRS: return cski_sockaddr_kind.parse(field, in, data, space);
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR:
    case CSK_FIELD_IFINDEX:
    case CSK_FIELD_IFNAME:
    case CSK_FIELD_BDADDR:
    case CSK_FIELD_UUID: return cski_network_parse(field, fd, in, data, space);
    }
    return CSKI_REFUSED;
}

/* Values */

/* Write the number of a value. */
static int put_number(const struct csk_field *f, unsigned char *data, const struct csk_value *value)
{
    bool large = value->kind == CSK_VALUE_UINT && value->u > INT64_MAX;
    bool negative = value->kind == CSK_VALUE_INT && value->i < 0;
    uint64_t number = value->u;
    int n;

    if (f->kind == CSK_FIELD_TIMEVAL)
        return !large && cski_store_timeval(data, f->size, cski_timeval_unit(f), value->i)
                   ? 0
                   : CSKI_OUT_OF_RANGE;
    if (f->kind == CSK_FIELD_TIME) {
        if (large || value->i % f->scale != 0)
            return CSKI_OUT_OF_RANGE;
        number = (uint64_t)(value->i / f->scale);
    }
    if (f->kind == CSK_FIELD_BOOL && number > 1)
        return CSKI_OUT_OF_RANGE;
    if ((n = cski_field_check(f, number, negative)) < 0)
        return n;
    return cski_field_store(f, data, number) ? 0 : CSKI_OUT_OF_RANGE;
}

static int copy_bytes(unsigned char *data, size_t space, const struct csk_value *value)
{
    if (value->size > space)
        return CSKI_TOO_LONG;
    if (value->size > 0)
        memcpy(data, value->data, value->size);
    return (int)value->size;
}

int cski_field_put(const struct csk_field *f, int fd, unsigned char *data, size_t space,
                   const struct csk_value *value)
{
    bool is_number = value->kind == CSK_VALUE_INT || value->kind == CSK_VALUE_UINT;
    int n;

    if (is_number) {
        if (!cski_field_is_number(f) && f->kind != CSK_FIELD_TIMEVAL)
            return CSKI_WRONG_KIND;
        if (space < f->size)
            return CSKI_TOO_LONG;
        return (n = put_number(f, data, value)) < 0 ? n : (int)f->size;
    }
    if (value->kind == CSK_VALUE_TEXT && f->kind == CSK_FIELD_TEXT && value->size > 0 &&
        memchr(value->data, '\0', value->size))
        return CSKI_HAS_NULL;
    if (value->kind == CSK_VALUE_TEXT && f->kind != CSK_FIELD_TEXT && f->kind != CSK_FIELD_PATH)
        return cski_field_parse(f, fd, (struct cski_in){ value->data, value->size },
                                f->name[0] == '\0', data, space);
    if (value->kind == CSK_VALUE_TEXT ||
        (value->kind == CSK_VALUE_BYTES &&
         (f->kind == CSK_FIELD_BYTES || f->kind == CSK_FIELD_FILTER || f->kind == CSK_FIELD_TEXT ||
          f->kind == CSK_FIELD_PATH)))
        return copy_bytes(data, space, value);
    return CSKI_WRONG_KIND;
}
