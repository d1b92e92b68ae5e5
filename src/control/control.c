/* Control messages of a message by name: as text, as a number, as bytes. */
#include "control/table.h"

#include <string.h>

/* Size of a buffer for the value of a control message that is sent. */
#define VALUE_SIZE 4096

/* Whether an item has the name; names are unique except for those with two levels. */
static bool is_named(const struct csk_cmsg *item, const struct csk_option *first)
{
    for (size_t i = 0; i < cski_controls_count; i++) {
        const struct csk_option *row = &cski_controls[i];

        if (row->level == item->level && row->number == item->type &&
            (row == first || strcmp(row->name, first->name) == 0))
            return true;
    }
    return false;
}

static int find(const struct csk_msg *msg, const char *name, const struct csk_option **control,
                struct csk_cmsg *item, struct csk_error *error)
{
    int n;

    if (!(msg && name && item))
        return cski_fail_null(error);
    if (!(*control = csk_control_find(name, AF_UNSPEC)))
        return cski_fail(error, CSK_EOPTION, "unknown control message %.100s", name);
    *item = (struct csk_cmsg){ 0 };
    while ((n = csk_cmsg_next(msg, item)) > 0) {
        if (is_named(item, *control)) {
            *control = csk_control_by_number(AF_UNSPEC, item->level, item->type);
            return (int)item->size;
        }
    }
    if (n < 0)
        return cski_fail(error, n, "malformed ancillary data");
    return cski_fail(error, -ENOMSG, "the message has no %s", (*control)->name);
}

ssize_t csk_control_get_bytes(const struct csk_msg *msg, const char *name, struct csk_cmsg *item,
                              struct csk_error *error)
{
    const struct csk_option *control;

    return find(msg, name, &control, item, error);
}

ssize_t csk_control_get(const struct csk_msg *msg, const char *name, char *text, size_t size,
                        struct csk_error *error)
{
    const struct csk_option *control;
    struct csk_cmsg item;
    int n;

    if (!text)
        return cski_fail(error, CSK_ENULL, "the text is NULL");
    if ((n = find(msg, name, &control, &item, error)) < 0)
        return n;
    n = csk_option_format(control, CSK_OPTION_GET, item.data, item.size, text, size);
    return n < 0 ? cski_fail(error, n, "%s has %zu bytes, which are too few", control->name,
                             item.size)
                 : n;
}

/* Read a number or a time; index: of the field. */
static int read_number(const struct csk_option *control, const struct csk_cmsg *item, size_t index,
                       int64_t *number, struct csk_error *error)
{
    const struct csk_layout *layout = csk_option_layout(control, CSK_OPTION_GET);
    char text[CSK_VALUE_TEXT_MAX];
    struct csk_value value;
    int n = csk_layout_get(layout, index, 0, item->data, item->size, &value, text);

    if (n < 0)
        return cski_fail(error, n, "%s has no such field", control->name);
    if (value.kind != CSK_VALUE_INT && (value.kind != CSK_VALUE_UINT || value.u > INT64_MAX))
        return cski_fail(error, CSK_EOPTVALUE, "%s is not a number", control->name);
    *number = value.i;
    return 0;
}

int csk_control_get_number(const struct csk_msg *msg, const char *name, int64_t *number,
                           struct csk_error *error)
{
    const struct csk_option *control;
    struct csk_cmsg item;
    int n;

    if (!number)
        return cski_fail_null(error);
    if ((n = find(msg, name, &control, &item, error)) < 0)
        return n;
    if (!csk_layout_is_plain(csk_option_layout(control, CSK_OPTION_GET)))
        return cski_fail(error, CSK_EOPTVALUE, "%s is not a number", control->name);
    return read_number(control, &item, 0, number, error);
}

int csk_control_get_field(const struct csk_msg *msg, const char *name, const char *field,
                          int64_t *number, struct csk_error *error)
{
    const struct csk_option *control;
    struct csk_cmsg item;
    int n, index;

    if (!(number && field))
        return cski_fail_null(error);
    if ((n = find(msg, name, &control, &item, error)) < 0)
        return n;
    index = csk_layout_find(csk_option_layout(control, CSK_OPTION_GET), field);
    if (index < 0)
        return cski_fail(error, CSK_EOPTVALUE, "%s has no field %.60s", control->name, field);
    return read_number(control, &item, (size_t)index, number, error);
}

int csk_control_put(void *control, size_t size, size_t *used, const char *name, const char *text,
                    struct csk_error *error)
{
    _Alignas(max_align_t) unsigned char bytes[VALUE_SIZE];
    const struct csk_option *row;
    int n;

    if (!(control && used && name && text))
        return cski_fail_null(error);
    if (!(row = csk_control_find(name, AF_UNSPEC)))
        return cski_fail(error, CSK_EOPTION, "unknown control message %.100s", name);
    if (!csk_option_layout(row, CSK_OPTION_SET))
        return cski_fail(error, CSK_EOPTION, "%s can only be received", row->name);
    n = csk_option_parse(row, CSK_OPTION_SET, text, bytes, sizeof bytes, error);
    if (n < 0)
        return n;
    n = csk_cmsg_put(control, size, used, row->level, row->number, bytes, (size_t)n);
    return n < 0 ? cski_fail(error, n, "%s does not fit into the buffer", row->name) : 0;
}

static void out_bytes(struct cski_out *out, const struct csk_cmsg *item)
{
    cski_out_format(out, "%d:%d=", item->level, item->type);
    for (size_t i = 0; i < item->size; i++)
        cski_out_format(out, "%02x", ((const unsigned char *)item->data)[i]);
}

static void out_item(struct cski_out *out, int family, const struct csk_cmsg *item)
{
    const struct csk_option *control = csk_control_by_number(family, item->level, item->type);
    char text[VALUE_SIZE];
    bool plain;

    if (!control ||
        csk_option_format(control, CSK_OPTION_GET, item->data, item->size, text, sizeof text) < 0) {
        out_bytes(out, item);
        return;
    }
    plain = csk_layout_is_plain(csk_option_layout(control, CSK_OPTION_GET));
    cski_out_format(out, plain ? "%s=%s" : "%s=(%s)", control->name, text);
}

ssize_t csk_control_format(const struct csk_msg *msg, int family, char *text, size_t size)
{
    struct csk_cmsg item = { 0 };
    struct cski_out out;
    bool first = true;

    if (!msg || (!text && size))
        return CSK_ENULL;
    cski_out_init(&out, text, size);
    while (csk_cmsg_next(msg, &item) > 0) {
        if (!first)
            cski_out_text(&out, ", ");
        first = false;
        out_item(&out, family, &item);
        if (item.truncated)
            cski_out_text(&out, " (truncated)");
    }
    return (int)out.used;
}
