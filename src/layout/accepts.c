/* The valid values of a field in words, and errors that name them. */
#include "layout/layout.h"

#include <stdio.h>
#include <string.h>

static void accepts_names(const struct csk_field *field, struct cski_out *out)
{
    const struct cski_number_name *names = cski_number_names(field);
    unsigned i, most = field->name_count < 12 ? field->name_count : 12;

    for (i = 0; i < most; i++)
        cski_out_format(out, "%s%s",
                        i == 0                                  ? ""
                        : field->flags & CSK_FIELD_FLAG_BITMASK ? "|"
                                                                : ", ",
                        names[i].name);
    if (most < field->name_count)
        cski_out_text(out, field->flags & CSK_FIELD_FLAG_BITMASK ? "|..." : ", ...");
}

static const char kind_words[][72] = {
    [CSK_FIELD_NONE] = "no value",
    [CSK_FIELD_LENGTH] = "a number",
    [CSK_FIELD_BOOL] = "on or off",
    [CSK_FIELD_INT] = "a number",
    [CSK_FIELD_UINT] = "a number",
    [CSK_FIELD_TIME] = "a time",
    [CSK_FIELD_TIMEVAL] = "a time like 1.5s",
    [CSK_FIELD_IN_ADDR] = "an IPv4 address",
    [CSK_FIELD_IN6_ADDR] = "an IPv6 address",
    [CSK_FIELD_SOCKADDR] = "an address",
    [CSK_FIELD_SOCKADDRS] = "addresses separated by commas",
    [CSK_FIELD_IFINDEX] = "an interface by name or number",
    [CSK_FIELD_IFNAME] = "an interface by name or number",
    [CSK_FIELD_TEXT] = "text",
    [CSK_FIELD_BYTES] = "bytes in hexadecimal or text:...",
    [CSK_FIELD_FD] = "a file descriptor",
    [CSK_FIELD_FILTER] = "BPF instructions like ld #proto; ret #96, or output of tcpdump -ddd",
    [CSK_FIELD_BDADDR] = "a Bluetooth address like 00:11:22:33:44:55",
    [CSK_FIELD_UUID] = "a UUID",
    [CSK_FIELD_CONTROL] = "a number or a name",
    [CSK_FIELD_PATH] = "a path",
};

void cski_field_accepts(const struct csk_field *field, struct cski_out *out)
{
    const char *own = cski_field_unit(field);
    const char *unit = field->kind == CSK_FIELD_TIME ? own : "";

    cski_out_text(out, field->flags & CSK_FIELD_FLAG_BITMASK ? "flags" : kind_words[field->kind]);
    if (field->kind == CSK_FIELD_TIME)
        cski_out_format(out, " in whole %s, like 5%s", unit,
                        field->scale == 10000000 ? "0ms" : unit);
    else if (own && cski_field_is_number(field))
        cski_out_format(out, " (%s)", own);
    if ((field->flags & CSK_FIELD_FLAG_RANGE) &&
        (field->kind == CSK_FIELD_TEXT || field->kind == CSK_FIELD_BYTES))
        cski_out_format(out, ", %lld to %lld bytes", (long long)field->min, (long long)field->max);
    else if (field->flags & CSK_FIELD_FLAG_RANGE)
        cski_out_format(out, ", %lld%s to %lld%s", (long long)field->min, unit,
                        (long long)field->max, unit);
    else if (field->kind == CSK_FIELD_UINT && field->name_count == 0)
        cski_out_format(out, ", 0 to %llu", (unsigned long long)cski_field_greatest(field));
    if (field->name_count > 0) {
        cski_out_text(out, ": ");
        accepts_names(field, out);
    }
}

/* Bytes of the valid values that an error has space for. */
#define ACCEPTS_SIZE 160
#define ACCEPTS_SIZE_WITH_RANGE 96

/* The reason, if it is other than an invalid value. */
static const char *reason(int refusal)
{
    switch (refusal) {
    case CSKI_BAD_ESCAPE: return " (a backslash must begin \\xNN)";
    case CSKI_HAS_NULL: return " (it has a null byte)";
    case CSKI_TOO_LONG: return " (it is too long)";
    default: return "";
    }
}

static void format_given(const struct csk_field *f, const struct csk_value *value,
                         struct cski_out *out)
{
    bool time = f->kind == CSK_FIELD_TIME || f->kind == CSK_FIELD_TIMEVAL;

    switch (value->kind) {
    case CSK_VALUE_UINT: cski_out_format(out, "%llu", (unsigned long long)value->u); break;
    case CSK_VALUE_INT:
        /* No unit has the name of 10 ms. */
        if (time &&
            (f->kind == CSK_FIELD_TIMEVAL || f->scale == 10000000 || value->i % f->scale != 0))
            cski_out_format(out, "%.10gs", (double)value->i / 1e9);
        else if (time)
            cski_out_time(out, value->i / f->scale, f->scale, cski_field_unit(f));
        else
            cski_out_format(out, "%lld", (long long)value->i);
        break;
    case CSK_VALUE_BYTES: cski_out_format(out, "%zu bytes", value->size); break;
    default: break;
    }
}

/* The value may be valid, but could not be looked up or stored. */
static bool is_shortage(int refusal)
{
    return refusal == -ENOMEM || refusal == -ENOBUFS || refusal == -EMFILE || refusal == -ENFILE;
}

static bool is_numeric(const struct csk_value *value)
{
    const char *text = value->data;

    if (value->kind == CSK_VALUE_TEXT)
        return value->size > 0 && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
    return value->kind == CSK_VALUE_INT || value->kind == CSK_VALUE_UINT;
}

/* Numbers that fit, unless the words for the field have them: an error about a number must not
 * leave open which ones are valid. */
static void add_range(const struct csk_field *f, const struct csk_value *value,
                      struct cski_out *out)
{
    bool plain = f->name_count == 0 && (f->kind == CSK_FIELD_INT || f->kind == CSK_FIELD_LENGTH);
    uint64_t most, below_zero = 0;

    if (!cski_field_is_number(f) || f->kind == CSK_FIELD_BOOL || f->flags & CSK_FIELD_FLAG_RANGE ||
        (f->kind == CSK_FIELD_UINT && f->name_count == 0) || !(plain || is_numeric(value)))
        return;
    most = cski_field_greatest(f);
    if (cski_field_is_signed(f)) {
        most >>= 1;
        if (f->kind == CSK_FIELD_INT || f->kind == CSK_FIELD_TIME)
            below_zero = most + 1;
    }
    if (f->kind == CSK_FIELD_TIME)
        cski_out_format(out, ", %.10gs to %.10gs", -(double)below_zero * (double)f->scale / 1e9,
                        (double)most * (double)f->scale / 1e9);
    else
        cski_out_format(out, "%s %s%llu to %llu", f->name_count > 0 ? ", or" : ",",
                        below_zero ? "-" : "", (unsigned long long)below_zero,
                        (unsigned long long)most);
}

int cski_field_refuse(const struct csk_field *f, const struct csk_value *value, int refusal,
                      struct csk_error *error)
{
    char accepts[ACCEPTS_SIZE + sizeof "..."], range[64], given[32], *end;
    struct cski_out out;
    size_t size;

    if (is_shortage(refusal))
        return cski_fail(error, refusal, "%s%s%s", f->name, f->name[0] ? ": " : "",
                         csk_errstr(refusal));
    cski_out_init(&out, range, sizeof range);
    add_range(f, value, &out);
    size = out.used > 0 ? ACCEPTS_SIZE_WITH_RANGE : ACCEPTS_SIZE;
    cski_out_init(&out, accepts, size);
    cski_field_accepts(f, &out);
    if (out.used >= size && (end = strrchr(accepts, f->flags & CSK_FIELD_FLAG_BITMASK ? '|' : ' ')))
        memcpy(end, "...", sizeof "..."); /* a list of names is cut between two of them */
    if (value->kind == CSK_VALUE_NONE)
        return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s%s", f->name, f->name[0] ? " " : "",
                         accepts, range);
    if (value->kind == CSK_VALUE_TEXT) {
        struct cski_in wrong = { value->data, value->size };

        /* Only the wrong part of a whole program is named. */
        if (f->kind == CSK_FIELD_FILTER)
            cski_filter_parse(wrong, NULL, 0, &wrong);
        return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s%s, not \"%.*s\"%s", f->name,
                         f->name[0] ? " " : "", accepts, range,
                         (int)(wrong.size < 60 ? wrong.size : 60), wrong.text, reason(refusal));
    }
    cski_out_init(&out, given, sizeof given);
    format_given(f, value, &out);
    return cski_fail(error, CSK_EOPTVALUE, "%s%stakes %s%s, not %s", f->name, f->name[0] ? " " : "",
                     accepts, range, given);
}
