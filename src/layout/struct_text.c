/* Layouts as text: "239.1.1.1 dev lo", "initial=3000ms max=60000ms min=1000ms", "mangle; pcnt=1
 * bcnt=60; pcnt=0 bcnt=0".
 *
 * Fields without names come first, in order; then "name value" and "name=value" in the order of the
 * struct.  Optional fields are omitted if they are zero.  The structs at the end of a struct
 * follow, each after a ";". */
#include "layout/layout.h"

#include <string.h>

/* Writing */

static bool field_is_zero(const struct csk_field *f, const unsigned char *data, size_t size)
{
    size_t i;

    if (f->bits > 0)
        return cski_field_number(f, data) == 0;
    for (i = 0; i < size; i++) {
        if (data[i] != 0)
            return false;
    }
    return true;
}

/* The value of a field, or the values of an array, separated by commas. */
static void format_values(const struct csk_layout *layout, unsigned field,
                          const unsigned char *bytes, size_t count, struct cski_out *out)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    size_t n = cski_value_count(layout, field, bytes, count), i;

    if (!cski_field_is_array(f)) {
        cski_field_format(f, bytes + f->offset,
                          cski_value_size(layout, field, f->offset, bytes, count),
                          CSKI_SPECIAL_IN_WORD, out);
        return;
    }
    for (i = 0; i < n; i++) {
        if (i > 0)
            cski_out_char(out, ',');
        cski_field_format(f, bytes + f->offset + i * f->size, f->size, CSKI_SPECIAL_IN_WORD, out);
    }
}

static bool is_written(const struct csk_layout *layout, unsigned field, const unsigned char *bytes,
                       size_t count)
{
    const struct csk_field *f = &cski_fields(layout)[field];
    bool tail = f->flags & CSK_FIELD_FLAG_TAIL;
    size_t size;

    if (cski_field_is_hidden(f) || f->kind == CSK_FIELD_STRUCT)
        return false;
    if (cski_value_count(layout, field, bytes, count) == 0 || (tail && count <= f->offset))
        return false;
    size = cski_value_size(layout, field, f->offset, bytes, count);
    /* Even zeroes in a tail are significant: they determine the number of its items. */
    return !(f->flags & CSK_FIELD_FLAG_OPTIONAL) ||
           (tail ? size > 0 : !field_is_zero(f, bytes + f->offset, size));
}

static void format_structs(const struct csk_field *f, const unsigned char *bytes, size_t count,
                           struct cski_out *out)
{
    size_t at, span;

    for (at = f->offset; at < count; at += span) {
        span = cski_layout_span(cski_field_layout(f), bytes + at, count - at);
        if (span == 0)
            break;
        cski_out_text(out, "; ");
        cski_layout_format(cski_field_layout(f), bytes + at, span, out);
    }
}

static void format_struct(const struct csk_layout *layout, const unsigned char *bytes, size_t count,
                          struct cski_out *out)
{
    const struct csk_field *tail = cski_layout_tail(layout);
    const char *separator = "";
    int round;
    unsigned i;

    for (round = 0; round < 2; round++) {
        for (i = 0; i < layout->count; i++) {
            const struct csk_field *f = &cski_fields(layout)[i];
            bool first = f->flags & CSK_FIELD_FLAG_POSITIONAL;

            if (first != (round == 0) || !is_written(layout, i, bytes, count))
                continue;
            cski_out_text(out, separator);
            if (!first)
                cski_out_format(out, f->flags & CSK_FIELD_FLAG_KEYWORD ? "%s " : "%s=", f->name);
            format_values(layout, i, bytes, count, out);
            separator = " ";
        }
    }
    if (tail && tail->kind == CSK_FIELD_STRUCT)
        format_structs(tail, bytes, count, out);
}

void cski_layout_format(const struct csk_layout *layout, const unsigned char *bytes, size_t count,
                        struct cski_out *out)
{
    layout = cski_layout_select(layout, bytes, count);
    if (!cski_layout_is_plain(layout))
        format_struct(layout, bytes, count, out);
    else if (layout->count > 0)
        cski_field_format(&cski_fields(layout)[0], bytes,
                          cski_value_size(layout, 0, 0, bytes, count), CSKI_SPECIAL_ALONE, out);
}

/* Reading */

/* A struct that is being parsed: its size so far, and the fields that have been given. */
struct reading {
    const struct csk_layout *layout;
    unsigned char *bytes;
    size_t size, count;
    bool given[CSKI_FIELDS_MAX];
    struct csk_error *error;
};

static int set_text(struct reading *r, unsigned field, size_t index, struct cski_in in)
{
    const struct csk_field *f = &cski_fields(r->layout)[field];
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = in.text, .size = in.size };
    unsigned char text[256];
    int used;

    /* The text is escaped here, unlike that for cski_value_set. */
    if (f->kind == CSK_FIELD_TEXT) {
        used = cski_in_is(&in, "\"\"") ? 0 : cski_in_unescape(in, text, sizeof text);
        if (used < 0)
            return cski_field_refuse(f, &value, used, r->error);
        value.data = (const char *)text;
        value.size = (size_t)used;
    }
    return cski_value_set(r->layout, field, index, r->bytes, r->size, &r->count, &value, r->error);
}

static int read_field(struct reading *r, unsigned field, struct cski_in in)
{
    const struct csk_field *f = &cski_fields(r->layout)[field];
    struct cski_in piece;
    size_t index = 0;
    int n = 0;

    if (r->given[field])
        return cski_fail(r->error, CSK_EOPTVALUE, "%s is given twice", f->name);
    r->given[field] = true;
    if (!cski_field_is_array(f))
        return set_text(r, field, 0, in);
    while (n == 0 && in.size > 0 && cski_in_split(&in, ',', &piece))
        n = set_text(r, field, index++, piece);
    return n;
}

/* The field of a word: "name=value" (rest is the value), "name" of a field whose value is the next
 * word, or the first missing field without a name.  -1: none. */
static int field_of_word(const struct reading *r, struct cski_in word, struct cski_in *rest)
{
    const char *equals = memchr(word.text, '=', word.size);
    struct cski_in name = word;
    unsigned i;

    *rest = word;
    if (equals) {
        name.size = (size_t)(equals - word.text);
        *rest = (struct cski_in){ equals + 1, word.size - name.size - 1 };
    }
    for (i = 0; i < r->layout->count; i++) {
        const struct csk_field *f = &cski_fields(r->layout)[i];

        if (cski_field_is_hidden(f) || f->kind == CSK_FIELD_STRUCT)
            continue;
        if (cski_in_is(&name, f->name) && (equals || (f->flags & CSK_FIELD_FLAG_KEYWORD)))
            return (int)i;
    }
    for (i = 0; !equals && i < r->layout->count; i++) {
        if ((cski_fields(r->layout)[i].flags & CSK_FIELD_FLAG_POSITIONAL) && !r->given[i])
            return (int)i;
    }
    return -1;
}

static int read_fields(struct reading *r, struct cski_in in)
{
    struct cski_in word, value;
    int field, n;

    while (cski_in_word(&in, &word)) {
        field = field_of_word(r, word, &value);
        if (field < 0)
            return cski_fail(r->error, CSK_EOPTVALUE, "does not know \"%.*s\"",
                             (int)(word.size < 60 ? word.size : 60), word.text);
        if (value.text == word.text &&
            (cski_fields(r->layout)[field].flags & CSK_FIELD_FLAG_KEYWORD) &&
            !cski_in_word(&in, &value))
            return cski_fail(r->error, CSK_EOPTVALUE, "%s needs a value",
                             cski_fields(r->layout)[field].name);
        if ((n = read_field(r, (unsigned)field, value)) < 0)
            return n;
    }
    return 0;
}

/* The sequence of structs that a struct ends with. */
static int read_structs(struct reading *r, const struct csk_field *tail, struct cski_in in)
{
    const struct csk_layout *layout = cski_field_layout(tail);
    size_t at = tail->offset, start;
    struct cski_in piece;
    int n;

    if (!in.text)
        return 0;
    while (cski_in_split(&in, ';', &piece)) {
        if (piece.size == 0)
            return cski_fail(r->error, CSK_EOPTVALUE, "has a part that is empty");
        start = tail->offset + cski_align(layout, at - tail->offset);
        if (start > r->size)
            return cski_fail(r->error, CSK_ESPACE, "no space for %s", tail->name);
        memset(r->bytes + at, 0, start - at);
        n = cski_layout_parse(layout, piece, r->bytes + start, r->size - start, r->error);
        if (n < 0)
            return n;
        at = start + (size_t)n;
    }
    r->count = at;
    return cski_layout_update(r->layout, r->layout->count - 1u, r->bytes, r->size, &r->count, 0,
                              r->error);
}

static int read_struct(struct reading *r, struct cski_in in)
{
    const struct csk_field *tail = cski_layout_tail(r->layout);
    struct cski_in piece = in;
    int n;

    if (!tail || tail->kind != CSK_FIELD_STRUCT)
        return read_fields(r, in);
    cski_in_split(&in, ';', &piece);
    n = read_fields(r, piece);
    return n < 0 ? n : read_structs(r, tail, in);
}

/* The variant that the text asks for: the selector's field must be named in it. */
static int choose_variant(struct reading *r, struct cski_in in)
{
    const struct csk_field *selector = &cski_fields(r->layout)[r->layout->selector];
    struct cski_in word, value;
    int n;

    while (cski_in_word(&in, &word)) {
        if (field_of_word(r, word, &value) != r->layout->selector ||
            (value.text == word.text && !(selector->flags & CSK_FIELD_FLAG_POSITIONAL)))
            continue;
        if ((n = read_field(r, (unsigned)r->layout->selector, value)) < 0)
            return n;
        r->layout = cski_layout_select(r->layout, r->bytes, r->count);
        r->count = r->layout->size;
        memset(r->given, 0, sizeof r->given);
        return 0;
    }
    return cski_fail(r->error, CSK_EOPTVALUE, "needs %s=", selector->name);
}

/* Fields without a name are required, up to the first optional one.  "off" needs no more words; but
 * lingering for 0s must be requested explicitly. */
static int check_given(const struct reading *r)
{
    unsigned i;

    for (i = 0; i < r->layout->count; i++) {
        const struct csk_field *f = &cski_fields(r->layout)[i];

        if (!(f->flags & CSK_FIELD_FLAG_POSITIONAL))
            continue;
        if (f->flags & CSK_FIELD_FLAG_OPTIONAL)
            return 0;
        if (!r->given[i])
            return cski_fail(r->error, CSK_EOPTVALUE, "needs its %s", f->name);
        if (field_is_zero(f, r->bytes + f->offset, f->size))
            return 0;
    }
    return 0;
}

static int parse_plain(struct reading *r, struct cski_in in)
{
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = in.text, .size = in.size };

    /* Text alone is escaped as well, because not every byte is printable. */
    if (cski_fields(r->layout)[0].kind == CSK_FIELD_TEXT)
        return set_text(r, 0, 0, in);
    return cski_value_set(r->layout, 0, 0, r->bytes, r->size, &r->count, &value, r->error);
}

int cski_layout_parse(const struct csk_layout *layout, struct cski_in in, unsigned char *bytes,
                      size_t size, struct csk_error *error)
{
    struct reading r = { layout, bytes, size, layout->size, { false }, error };
    int n = 0;

    if (layout->size > size)
        return cski_fail(error, CSK_ESPACE, "needs space for %u bytes", layout->size);
    memset(bytes, 0, layout->size);
    if (layout->count == 0)
        return cski_in_trim(in).size == 0
                   ? 0
                   : cski_fail(error, CSK_EOPTVALUE, "takes no value, not \"%.*s\"",
                               (int)(in.size < 60 ? in.size : 60), in.text);
    if (cski_layout_is_plain(layout)) {
        n = parse_plain(&r, in);
        return n < 0 ? n : (int)r.count;
    }
    if (layout->min_size == 0 && cski_in_trim(in).size == 0)
        return 0;
    if (layout->selector >= 0 && (n = choose_variant(&r, in)) < 0)
        return n;
    if (r.layout->size > size)
        return cski_fail(error, CSK_ESPACE, "needs space for %u bytes", r.layout->size);
    memset(bytes, 0, r.layout->size);
    if ((n = read_struct(&r, in)) < 0 || (n = check_given(&r)) < 0)
        return n;
    return (int)r.count;
}

/* Whether programs write the field. */
static bool is_given(const struct csk_field *f, uint32_t flags)
{
    return !cski_field_is_hidden(f) && f->kind != CSK_FIELD_STRUCT && (f->flags & flags) == flags;
}

/* For a small struct, the values that each of its fields accepts: " (onoff is ...; linger is
 * ...)" */
static void accept_fields(const struct csk_layout *layout, uint32_t flags, struct cski_out *out)
{
    const char *separator = " (";
    unsigned i, count = 0;

    for (i = 0; i < layout->count; i++)
        count += is_given(&cski_fields(layout)[i], flags);
    for (i = 0; count <= 3 && i < layout->count; i++) {
        const struct csk_field *f = &cski_fields(layout)[i];

        if (!is_given(f, flags))
            continue;
        cski_out_format(out, "%s%s is ", separator, f->name);
        cski_field_accepts(f, out);
        separator = "; ";
    }
    cski_out_text(out, count > 0 && count <= 3 ? ")" : "");
}

/* The form of a struct: "<multiaddr> [address=] [dev <...>]", "<nexthdr>; <type> [<data>]; ..." */
static void describe_syntax(const struct csk_layout *layout, uint32_t flags, struct cski_out *out)
{
    const struct csk_field *tail = cski_layout_tail(layout);
    const char *separator = "";
    int round;
    unsigned i;

    for (round = 0; round < 2; round++) {
        for (i = 0; i < layout->count; i++) {
            const struct csk_field *f = &cski_fields(layout)[i];
            bool optional = f->flags & CSK_FIELD_FLAG_OPTIONAL;

            if (!(f->flags & CSK_FIELD_FLAG_POSITIONAL) == (round == 0) || !is_given(f, flags))
                continue;
            cski_out_format(out, "%s%s", separator, optional ? "[" : "");
            if (f->flags & CSK_FIELD_FLAG_POSITIONAL)
                cski_out_format(out, "<%s>", f->name);
            else
                cski_out_format(out,
                                f->flags & CSK_FIELD_FLAG_KEYWORD ? "%s <...>" : "%s=", f->name);
            cski_out_text(out, optional ? "]" : "");
            separator = " ";
        }
    }
    if (tail && tail->kind == CSK_FIELD_STRUCT && (tail->flags & flags) == flags) {
        cski_out_text(out, "; ");
        describe_syntax(cski_field_layout(tail), 0, out);
        cski_out_text(out, "; ...");
    }
}

/* The values that a layout accepts: "<multiaddr> [address=] [dev <...>] (multiaddr is an IPv4
 * address; ...)"
 */
void cski_layout_accepts(const struct csk_layout *layout, uint32_t flags, struct cski_out *out)
{
    if (cski_layout_is_plain(layout)) {
        if (layout->count == 0)
            cski_out_text(out, "no value");
        else
            cski_field_accepts(&cski_fields(layout)[0], out);
        return;
    }
    describe_syntax(layout, flags, out);
    accept_fields(layout, flags, out);
}
