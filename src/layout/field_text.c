/* One field of an option as text: a case for each enum csk_optkind. */
#include "layout/codec.h"

#include <string.h>

/* Text that stands for no characters, where nothing would not be seen. */
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

/* The number of a name: the name in any case, or its end after a "_" ("do" for IP_PMTUDISC_DO).  Of
 * several with that end the shortest is meant; two of one length are none. */
static bool name_number(const struct csk_optfield *field, struct cski_in in, uint64_t *number)
{
    size_t best = SIZE_MAX;
    bool unique = false;
    unsigned i;

    for (i = 0; i < field->name_count; i++) {
        const char *name = field->names[i].name;
        size_t size = strlen(name);

        if (cski_in_is(&in, name)) {
            *number = field->names[i].number;
            return true;
        }
        if (in.size == 0 || in.size >= size || size > best || name[size - in.size - 1] != '_' ||
            !cski_in_is(&in, name + size - in.size))
            continue;
        unique = size < best;
        best = size;
        *number = field->names[i].number;
    }
    return unique;
}

static const char *number_name(const struct csk_optfield *field, uint64_t number)
{
    unsigned i;

    for (i = 0; i < field->name_count; i++) {
        if (field->names[i].number == number)
            return field->names[i].name;
    }
    return NULL;
}

static void format_plain(const struct csk_optfield *field, uint64_t number, struct cski_out *out)
{
    if (field->flags & CSK_OPTF_HEX)
        cski_out_format(out, "0x%llx", (unsigned long long)number);
    else if (field->kind == CSK_OPT_UINT)
        cski_out_format(out, "%llu", (unsigned long long)number);
    else
        cski_out_format(out, "%lld", (long long)number);
}

static void format_bits(const struct csk_optfield *field, uint64_t number, struct cski_out *out)
{
    uint64_t rest = number;
    const char *separator = "";
    unsigned i;

    for (i = 0; i < field->name_count; i++) {
        uint64_t bit = field->names[i].number;

        if (bit == 0 || (rest & bit) != bit)
            continue;
        cski_out_format(out, "%s%s", separator, field->names[i].name);
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

static bool is_errno(const struct csk_optfield *field)
{
    return field->unit != NULL && strcmp(field->unit, "errno") == 0;
}

/* The number of an errno's name. */
static bool errno_number(struct cski_in in, uint64_t *number)
{
    const char *name;

    for (*number = 1; *number <= ERRNO_MAX; ++*number) {
        name = csk_error_name(-(int)*number);
        if (name != NULL && cski_in_is(&in, name))
            return true;
    }
    return false;
}

/* Number of a word: a name, a number, with a size's suffix where the unit is bytes. */
static bool word_number(const struct csk_optfield *field, struct cski_in in, uint64_t *number,
                        bool *negative)
{
    static const char suffixes[] = "KMGT";
    const char *suffix;

    *negative = false;
    if (in.size == 0)
        return false;
    if (name_number(field, in, number)) {
        *negative = cski_field_is_signed(field) && (int64_t)*number < 0;
        return true;
    }
    if (is_errno(field) && errno_number(in, number))
        return true;
    if (field->unit != NULL && strncmp(field->unit, "bytes", 5) == 0 && in.size > 1) {
        suffix = strchr(suffixes, in.text[in.size - 1] & ~0x20);
        if (suffix != NULL && *suffix != '\0') {
            unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);

            in.size--;
            if (!cski_in_number(in, number, negative) || *negative || *number >> (64 - shift) != 0)
                return false;
            *number <<= shift;
            return true;
        }
    }
    return cski_in_number(in, number, negative);
}

static bool parse_bits(const struct csk_optfield *field, struct cski_in in, uint64_t *number)
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
static bool read_number(const struct csk_optfield *field, struct cski_in in, uint64_t *number,
                        bool *negative)
{
    int64_t ns;

    *negative = false;
    if (field->kind == CSK_OPT_TIME && !name_number(field, in, number)) {
        if (!cski_in_time(in, field->scale, &ns) || ns % field->scale != 0)
            return false;
        *number = (uint64_t)(ns / field->scale);
        *negative = ns < 0;
        return true;
    }
    if (field->flags & CSK_OPTF_BITFLAGS)
        return parse_bits(field, in, number);
    return word_number(field, in, number, negative);
}

static int parse_number(const struct csk_optfield *field, struct cski_in in, unsigned char *data)
{
    bool negative, range = field->flags & CSK_OPTF_RANGE;
    uint64_t number;

    if (!read_number(field, in, &number, &negative))
        return -1;
    if (negative ? !cski_field_is_signed(field)
                 : number > INT64_MAX && (range || cski_field_is_signed(field)))
        return -1;
    if (range && ((int64_t)number < field->min || (int64_t)number > field->max))
        return -1;
    return cski_slot_set_number(field, data, number) ? (int)field->size : -1;
}

static void format_number(const struct csk_optfield *field, const unsigned char *data,
                          struct cski_out *out)
{
    uint64_t number = field->kind == CSK_OPT_UINT ? cski_slot_number(field, data)
                                                  : (uint64_t)cski_slot_signed(field, data);
    const char *name = number_name(field, number);

    if (name == NULL && is_errno(field))
        name = number <= ERRNO_MAX ? csk_error_name(-(int)number) : NULL;
    if (field->flags & CSK_OPTF_BITFLAGS)
        format_bits(field, number, out);
    else if (name != NULL)
        cski_out_text(out, name);
    else
        format_plain(field, number, out);
}

static const struct csk_optname bool_names[] = {
    { "on", 1 },  { "off", 0 }, { "true", 1 }, { "false", 0 },
    { "yes", 1 }, { "no", 0 },  { "1", 1 },    { "0", 0 },
};

static int parse_bool(const struct csk_optfield *field, struct cski_in in, unsigned char *data)
{
    size_t i;

    for (i = 0; i < sizeof bool_names / sizeof *bool_names; i++) {
        if (!cski_in_is(&in, bool_names[i].name))
            continue;
        return cski_slot_set_number(field, data, bool_names[i].number) ? (int)field->size : -1;
    }
    return -1;
}

/* Times: the number and the unit; TIMEVAL is seconds with a fraction. */

static void format_time(const struct csk_optfield *field, const unsigned char *data,
                        struct cski_out *out)
{
    const char *name = number_name(field, (uint64_t)cski_slot_signed(field, data));
    int64_t number = cski_slot_signed(field, data);

    if (name != NULL)
        cski_out_text(out, name);
    else if (field->scale == 10000000) /* no unit has this name */
        cski_out_format(out, "%lldms", (long long)number * 10);
    else
        cski_out_format(out, "%lld%s", (long long)number, field->unit);
}

static void format_timeval(const struct csk_optfield *field, const unsigned char *data,
                           struct cski_out *out)
{
    struct csk_optfield half = *field;
    int64_t seconds, micros;

    half.kind = CSK_OPT_INT;
    half.size = field->size / 2;
    seconds = cski_slot_signed(&half, data);
    micros = cski_slot_signed(&half, data + half.size);
    cski_out_format(out, "%lld", (long long)seconds);
    if (micros > 0) {
        int digits = 6;

        for (; micros % 10 == 0; micros /= 10)
            digits--;
        cski_out_format(out, ".%0*lld", digits, (long long)micros);
    }
    cski_out_char(out, 's');
}

static int parse_timeval(const struct csk_optfield *field, struct cski_in in, unsigned char *data)
{
    struct csk_optfield half = *field;
    int64_t ns;

    half.kind = CSK_OPT_INT;
    half.size = field->size / 2;
    if (!cski_in_time(in, 1000000000, &ns) || ns < 0 || ns % 1000 != 0)
        return -1;
    if (!cski_slot_set_number(&half, data, (uint64_t)(ns / 1000000000)) ||
        !cski_slot_set_number(&half, data + half.size, (uint64_t)(ns % 1000000000 / 1000)))
        return -1;
    return (int)field->size;
}

/* Texts and bytes */

static void format_text(const unsigned char *data, size_t size, bool alone, struct cski_out *out)
{
    const unsigned char *end = memchr(data, '\0', size);

    if (end != NULL)
        size = (size_t)(end - data);
    /* Inside a struct a blank would end the word, and "=" begin a value. */
    if (size == 0 && !alone)
        cski_out_text(out, EMPTY);
    else
        cski_out_escaped(out, data, size, alone ? "" : " ,;=\"");
}

static int parse_text(struct cski_in in, unsigned char *data, size_t room)
{
    int used;

    if (cski_in_is(&in, EMPTY))
        return 0;
    used = cski_in_unescape(in, data, room);
    if (used > 0 && memchr(data, '\0', (size_t)used) != NULL)
        return -1;
    return used;
}

static int parse_bytes(struct cski_in in, unsigned char *data, size_t room)
{
    return cski_in_is(&in, EMPTY) ? 0 : cski_in_bytes(in, data, room);
}

/* Formatting and parsing by kind */

void cski_field_format(const struct csk_optfield *field, const unsigned char *data, size_t size,
                       bool alone, struct cski_out *out)
{
    switch (field->kind) {
    case CSK_OPT_NONE: break;
    case CSK_OPT_BOOL: cski_out_text(out, is_zero(data, field->size) ? "off" : "on"); break;
    case CSK_OPT_TIME: format_time(field, data, out); break;
    case CSK_OPT_TIMEVAL: format_timeval(field, data, out); break;
    case CSK_OPT_TEXT: format_text(data, size, alone, out); break;
    case CSK_OPT_BYTES:
        if (size == 0 && !alone)
            cski_out_text(out, EMPTY);
        cski_out_hex(out, data, size);
        break;
    case CSK_OPT_FILTER: cski_filter_format(data, size, out); break;
    case CSK_OPT_STRUCT: cski_layout_format(field->layout, data, size, out); break;
    case CSK_OPT_LENGTH:
    case CSK_OPT_INT:
    case CSK_OPT_UINT:
    case CSK_OPT_FD: format_number(field, data, out); break;
    case CSK_OPT_IN_ADDR:
    case CSK_OPT_IN6_ADDR:
    case CSK_OPT_SOCKADDR:
    case CSK_OPT_SOCKADDRS:
    case CSK_OPT_IFINDEX: cski_field_format_net(field, data, size, out); break;
    }
}

int cski_field_parse(const struct csk_optfield *field, struct cski_in in, bool alone,
                     unsigned char *data, size_t room)
{
    if (field->kind != CSK_OPT_TEXT || !alone)
        in = cski_in_trim(in);
    if (field->size > 1 && !(field->flags & CSK_OPTF_VARIABLE) && room < field->size)
        return -1;
    switch (field->kind) {
    case CSK_OPT_NONE: return in.size == 0 ? 0 : -1;
    case CSK_OPT_BOOL: return parse_bool(field, in, data);
    case CSK_OPT_TIMEVAL: return parse_timeval(field, in, data);
    case CSK_OPT_TEXT: return parse_text(in, data, room);
    case CSK_OPT_BYTES: return parse_bytes(in, data, room);
    case CSK_OPT_FILTER: return cski_filter_parse(in, data, room, NULL);
    case CSK_OPT_STRUCT: return cski_layout_parse(field->layout, in, data, room, NULL);
    case CSK_OPT_LENGTH:
    case CSK_OPT_INT:
    case CSK_OPT_UINT:
    case CSK_OPT_TIME:
    case CSK_OPT_FD: return parse_number(field, in, data);
    case CSK_OPT_IN_ADDR:
    case CSK_OPT_IN6_ADDR:
    case CSK_OPT_SOCKADDR:
    case CSK_OPT_SOCKADDRS:
    case CSK_OPT_IFINDEX: return cski_field_parse_net(field, in, data, room);
    }
    return -1;
}

/* What a field accepts, in words */

static void accepts_names(const struct csk_optfield *field, struct cski_out *out)
{
    unsigned i, most = field->name_count < 12 ? field->name_count : 12;

    for (i = 0; i < most; i++)
        cski_out_format(out, "%s%s",
                        i == 0                             ? ""
                        : field->flags & CSK_OPTF_BITFLAGS ? "|"
                                                           : ", ",
                        field->names[i].name);
    if (most < field->name_count)
        cski_out_text(out, field->flags & CSK_OPTF_BITFLAGS ? "|..." : ", ...");
}

static const char *const kind_words[] = {
    [CSK_OPT_NONE] = "no value",
    [CSK_OPT_LENGTH] = "a number",
    [CSK_OPT_BOOL] = "on or off",
    [CSK_OPT_INT] = "a number",
    [CSK_OPT_UINT] = "a number",
    [CSK_OPT_TIME] = "a time",
    [CSK_OPT_TIMEVAL] = "a time like 1.5s",
    [CSK_OPT_IN_ADDR] = "an IPv4 address",
    [CSK_OPT_IN6_ADDR] = "an IPv6 address",
    [CSK_OPT_SOCKADDR] = "an address",
    [CSK_OPT_SOCKADDRS] = "addresses with commas between",
    [CSK_OPT_IFINDEX] = "an interface by name or number",
    [CSK_OPT_TEXT] = "text",
    [CSK_OPT_BYTES] = "bytes in hexadecimal or text:...",
    [CSK_OPT_FD] = "a descriptor's number",
    [CSK_OPT_FILTER] = "BPF instructions like ld #proto; ret #96, or as tcpdump -ddd prints them",
};

void cski_field_accepts(const struct csk_optfield *field, struct cski_out *out)
{
    const char *unit = field->kind == CSK_OPT_TIME ? field->unit : "";

    if (field->kind == CSK_OPT_STRUCT) {
        cski_layout_accepts(field->layout, 0, out);
        return;
    }
    cski_out_text(out, field->flags & CSK_OPTF_BITFLAGS ? "bits" : kind_words[field->kind]);
    if (field->kind == CSK_OPT_TIME)
        cski_out_format(out, " in whole %s, like 5%s", field->unit,
                        field->scale == 10000000 ? "0ms" : field->unit);
    else if (field->unit != NULL && cski_field_is_number(field))
        cski_out_format(out, " (%s)", field->unit);
    if ((field->flags & CSK_OPTF_RANGE) &&
        (field->kind == CSK_OPT_TEXT || field->kind == CSK_OPT_BYTES))
        cski_out_format(out, ", %lld to %lld bytes", (long long)field->min, (long long)field->max);
    else if (field->flags & CSK_OPTF_RANGE)
        cski_out_format(out, ", %lld%s to %lld%s", (long long)field->min, unit,
                        (long long)field->max, unit);
    else if (field->kind == CSK_OPT_UINT && field->name_count == 0)
        cski_out_format(out, ", 0 to %llu", (unsigned long long)cski_field_greatest(field));
    if (field->name_count > 0) {
        cski_out_text(out, ": ");
        accepts_names(field, out);
    }
}
