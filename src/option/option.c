/* Options of a socket by name: as text, as a number, as bytes. */
#include "option/table.h"

#include <limits.h>
#include <string.h>

/* struct sock_fprog, which the kernel takes instead of the instructions themselves. */
struct program {
    unsigned short length;
    const void *instructions;
};

#define INSTRUCTION_SIZE 8

/* The layout of a direction of an option, or an error with the reason why it has none. */
static int layout_for(const struct csk_option *option, unsigned direction,
                      const struct csk_layout **layout, struct csk_error *error)
{
    const char *meaning;

    if (!option)
        return cski_fail(error, CSK_ENULL, "NULL where an option is needed");
    if (option->flags & CSK_OPTION_UNAVAILABLE) {
        meaning = cski_option_note(option, CSK_OPTION_NOTE_MEANING);
        return cski_fail(error, CSK_EOPTION, "%s is an option of %s%s%s", option->name,
                         cski_option_note(option, CSK_OPTION_NOTE_PLATFORM), *meaning ? ": " : "",
                         meaning);
    }
    if (!(*layout = cski_option_layout(option, direction)))
        return cski_fail(error, CSK_EOPTION, "%s can only be %s", option->name,
                         direction == CSK_OPTION_SET ? "read" : "set");
    return 0;
}

/* given: whether the caller has specified the additional data. */
static int find(const struct csk_socket *s, const char *name, bool given,
                const struct csk_option **option, struct csk_error *error)
{
    char suggestion[CSK_ERROR_TEXT_MAX];

    if (!s || !name || !given)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if (!(*option = csk_option_find(name, s->family)))
        return cski_fail(error, CSK_EOPTION, "unknown socket option %.100s%s", name,
                         cski_option_suggest_text(name, suggestion, sizeof suggestion));
    return 0;
}

/* Write a list of the catalogue as words: "CAP_NET_ADMIN,CAP_NET_RAW" with "or" between. */
static void out_list(struct cski_out *out, const char *list)
{
    for (; *list != '\0'; list++) {
        if (*list == ',')
            cski_out_text(out, " or ");
        else if (*list == ':')
            cski_out_text(out, " on ");
        else
            cski_out_char(out, *list);
    }
}

/* Write which sockets an option is for: " (for inet or inet6 sockets of type stream, since Linux
 * 2.6.20)". */
static void out_sockets(struct cski_out *out, const struct csk_option *option)
{
    const char *families = cski_option_note(option, CSK_OPTION_NOTE_FAMILIES);
    const char *types = cski_option_note(option, CSK_OPTION_NOTE_TYPES);
    const char *since = cski_option_note(option, CSK_OPTION_NOTE_SINCE);
    bool family = families && strcmp(families, "any") != 0;
    bool type = types && strcmp(types, "any") != 0;
    /* Every kernel has what 2.4 had, and "<=5.10" does not mean that older kernels lack it. */
    bool known = since && ((since[0] >= '3' && since[0] <= '9') || !strncmp(since, "2.6.", 4));

    if (!family && !type && !known)
        return;
    cski_out_text(out, " (");
    if (family || type)
        cski_out_text(out, "for ");
    if (family) {
        out_list(out, families);
        cski_out_char(out, ' ');
    }
    if (family || type)
        cski_out_text(out, "sockets");
    if (type) {
        cski_out_text(out, " of type ");
        out_list(out, types);
    }
    if (known)
        cski_out_format(out, "%ssince Linux %s", family || type ? ", " : "", since);
    cski_out_char(out, ')');
}

/* The kernel's error, with its likely reason in parentheses: "set TCP_KEEPIDLE to 60s (for inet or
 * inet6 sockets of type stream): Protocol not available".  value may be NULL. */
static int refused(const struct csk_option *option, unsigned direction, const char *value, int code,
                   struct csk_error *error)
{
    const char *privileges = cski_option_note(option, CSK_OPTION_NOTE_PRIVILEGES);
    char cause[CSK_ERROR_TEXT_MAX], text[CSK_ERROR_TEXT_MAX];
    struct cski_out out;

    cski_out_init(&out, text, sizeof text);
    cski_out_format(&out, "%s %s", direction == CSK_OPTION_SET ? "set" : "get", option->name);
    if (value)
        cski_out_format(&out, " to %.60s", value);
    if ((code == -EPERM || code == -EACCES) && privileges) {
        cski_out_text(&out, " (requires ");
        out_list(&out, privileges);
        cski_out_char(&out, ')');
    } else if (code == -ENOPROTOOPT && (option->flags & CSK_OPTION_UNIMPLEMENTED)) {
        cski_out_text(&out, " (Linux has never implemented it)");
    } else if (code == -ENOPROTOOPT || code == -EOPNOTSUPP) {
        out_sockets(&out, option);
    }
    return cski_fail(error, code, "%s: %s", text, csk_strerror(code, cause, sizeof cause));
}

static bool rest_is_zero(const unsigned char *bytes, size_t from, size_t to)
{
    for (; from < to; from++) {
        if (bytes[from] != 0)
            return false;
    }
    return true;
}

/* text: the source of the bytes, or NULL. */
static int set_bytes(struct csk_socket *s, const struct csk_option *option, const void *bytes,
                     size_t count, const char *text, struct csk_error *error)
{
    const struct csk_layout *layout = NULL;
    struct program program;
    enum csk_field_kind kind;
    int64_t length;
    int n;

    if ((n = layout_for(option, CSK_OPTION_SET, &layout, error)) < 0)
        return n;
    if (count < layout->min_size && !(option->flags & CSK_OPTION_LIST))
        return cski_fail(error, CSK_EOPTVALUE, "%s takes %u bytes, not %zu", option->name,
                         layout->min_size, count);
    kind = layout->count > 0 ? cski_fields(layout)[0].kind : CSK_FIELD_NONE;
    if (kind == CSK_FIELD_FILTER) {
        if (count % INSTRUCTION_SIZE != 0 || count / INSTRUCTION_SIZE > USHRT_MAX)
            return cski_fail(error, CSK_EOPTVALUE, "%s takes up to %d instructions of %d bytes",
                             option->name, CSKI_FILTER_MAX, INSTRUCTION_SIZE);
        program.length = (unsigned short)(count / INSTRUCTION_SIZE);
        program.instructions = bytes;
        n = csk_setsockopt(s, option->level, option->number, &program, sizeof program);
    } else if (kind == CSK_FIELD_LENGTH) {
        memcpy(&length, bytes, sizeof length);
        n = csk_setsockopt(s, option->level, option->number, NULL, (socklen_t)length);
    } else {
        n = csk_setsockopt(s, option->level, option->number, count > 0 ? bytes : NULL,
                           (socklen_t)count);
        /* An older kernel may only support a shorter struct. */
        if (n == -EINVAL && count == layout->size && layout->min_size < count &&
            layout->min_size > 0 && rest_is_zero(bytes, layout->min_size, count))
            n = csk_setsockopt(s, option->level, option->number, bytes, layout->min_size);
    }
    return n < 0 ? refused(option, CSK_OPTION_SET, text, n, error) : 0;
}

int csk_option_set_bytes(struct csk_socket *s, const struct csk_option *option, const void *bytes,
                         size_t count, struct csk_error *error)
{
    if (!s || (!bytes && count > 0))
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    return set_bytes(s, option, bytes, count, NULL, error);
}

/* The maximum number of bytes for each byte of text: "::1," is an address of 128. */
#define BYTES_PER_CHARACTER 32

int csk_option_set(struct csk_socket *s, const char *name, const char *text,
                   struct csk_error *error)
{
    const struct csk_option *option = NULL;
    unsigned char usual[CSK_OPTION_SIZE], *bytes = usual, *more = NULL;
    size_t space = sizeof usual;
    int n;

    if ((n = find(s, name, text != NULL, &option, error)) < 0)
        return n;
    if (strlen(text) > sizeof usual / BYTES_PER_CHARACTER) {
        space += strlen(text) * BYTES_PER_CHARACTER;
        bytes = more = cski_sys(calloc)(1, space);
        if (!more)
            return cski_fail(error, -ENOMEM, "%s needs %zu bytes", option->name, space);
    }
    n = csk_option_parse(option, CSK_OPTION_SET, text, bytes, space, error);
    if (n >= 0)
        n = set_bytes(s, option, bytes, (size_t)n, text, error);
    cski_sys(free)(more);
    return n;
}

/* Reading */

/* The greatest length that a caller can request. */
#define CALLER_LENGTH_MAX ((size_t)1 << 28)

/* The offset of the end of the last field, if the caller must set it. */
static bool caller_length(const struct csk_layout *layout, const unsigned char *bytes, size_t size,
                          size_t *length)
{
    const struct csk_field *tail = cski_layout_tail(layout), *f;

    if (!tail || !(f = cski_layout_counter(layout, layout->count - 1u,
                                           CSK_FIELD_FLAG_COUNT | CSK_FIELD_FLAG_LENGTH)))
        return false;
    if (!(f->flags & CSK_FIELD_FLAG_INPUT) || size < (size_t)f->offset + f->size)
        return false;
    if (f->flags & CSK_FIELD_FLAG_LENGTH)
        *length = cski_length_end(f, bytes);
    else
        *length = cski_value_place(layout, layout->count - 1u,
                                   (size_t)cski_field_number(f, bytes + f->offset), NULL, 0);
    return true;
}

/* The length to request: the struct's, or the whole buffer if the length is not fixed. */
static size_t first_length(const struct csk_option *option, const struct csk_layout *layout,
                           const unsigned char *bytes, size_t size)
{
    bool open = layout->count > 0 && (cski_fields(layout)[layout->count - 1].flags &
                                      (CSK_FIELD_FLAG_VARIABLE | CSK_FIELD_FLAG_TAIL));
    size_t length;

    if (caller_length(layout, bytes, size, &length))
        return length;
    if ((option->flags & CSK_OPTION_GET_LIST) || open)
        return size < CSK_OPTION_SIZE ? size : CSK_OPTION_SIZE;
    return layout->size;
}

/* One call; the kernel counts a filter in instructions, not bytes. */
static int get_once(const struct csk_socket *s, const struct csk_option *option, bool filter,
                    void *bytes, size_t *length)
{
    socklen_t size = (socklen_t)(filter ? *length / INSTRUCTION_SIZE : *length);
    int n = csk_getsockopt(s, option->level, option->number, bytes, &size);

    *length = filter ? (size_t)size * INSTRUCTION_SIZE : size;
    return n;
}

/* Some options reject a buffer that is longer than the value (SO_PEERNAME). */
static int get_shorter(const struct csk_socket *s, const struct csk_option *option,
                       unsigned char *bytes, size_t *length)
{
    size_t size = *length;
    int n = -EINVAL;

    while (n == -EINVAL && size > 2) {
        size -= 2;
        *length = size;
        n = get_once(s, option, false, bytes, length);
    }
    return n;
}

/* The kernel returns the length of a program only if the buffer is empty. */
static int get_program(const struct csk_socket *s, const struct csk_option *option,
                       unsigned char *bytes, size_t size, size_t *count)
{
    int n;

    *count = 0;
    n = get_once(s, option, true, bytes, count);
    if (n < 0 || *count == 0)
        return n;
    return *count > size ? CSK_ESPACE : get_once(s, option, true, bytes, count);
}

static int get_all(const struct csk_socket *s, const struct csk_option *option,
                   const struct csk_layout *layout, unsigned char *bytes, size_t size,
                   size_t *count)
{
    const struct csk_field *first_field = layout->count > 0 ? cski_fields(layout) : NULL;
    size_t first = first_length(option, layout, bytes, size), length = first;
    int n;

    if (first_field && first_field->kind == CSK_FIELD_FILTER)
        return get_program(s, option, bytes, size, count);
    if (length > size) {
        *count = length;
        return CSK_ESPACE;
    }
    n = get_once(s, option, false, bytes, &length);
    if (n == -EINVAL && first_field && first_field->kind == CSK_FIELD_SOCKADDR &&
        (first_field->flags & CSK_FIELD_FLAG_VARIABLE)) {
        *count = first;
        return get_shorter(s, option, bytes, count);
    }
    /* The kernel may report that there is more, even if the call fails; meanwhile there may be
     * still more. */
    while (length > first && length <= size) {
        first = length;
        n = get_once(s, option, false, bytes, &length);
    }
    *count = length;
    return length > first ? CSK_ESPACE : n;
}

int csk_option_get_bytes(const struct csk_socket *s, const struct csk_option *option, void *bytes,
                         size_t size, size_t *count, struct csk_error *error)
{
    const struct csk_layout *layout = NULL, *variant;
    size_t input, length;
    int n;

    if (!s || !bytes || !count)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if ((n = layout_for(option, CSK_OPTION_GET, &layout, error)) < 0)
        return n;
    input = *count < size ? *count : size;
    memset((unsigned char *)bytes + input, 0, size - input);
    if (input == 0)
        cski_layout_preset(layout, bytes, size);
    if (layout->size <= size)
        cski_layout_capacity(layout, bytes, first_length(option, layout, bytes, size));
    if (caller_length(layout, bytes, size, &length) && length > CALLER_LENGTH_MAX)
        return cski_fail(error, CSK_EOPTVALUE, "%s: %zu bytes are more than any kernel has",
                         option->name, length);
    n = get_all(s, option, layout, bytes, size, count);
    if (n == 0 && (option->flags & CSK_OPTION_EXCLUDES_HEADER) && *count + layout->size <= size)
        *count += layout->size;
    if (n == 0 && (variant = cski_layout_select(layout, bytes, *count)) != layout)
        n = get_all(s, option, variant, bytes, size, count);
    if (n == CSK_ESPACE)
        return cski_fail(error, n, "%s needs space for %zu bytes", option->name, *count);
    return n < 0 ? refused(option, CSK_OPTION_GET, NULL, n, error) : 0;
}

/* Read into a buffer of the usual size or, if that is too small, one of the right size. */
static int get_text(const struct csk_socket *s, const struct csk_option *option, const void *input,
                    size_t input_size, char *text, size_t size, struct csk_error *error)
{
    unsigned char usual[CSK_OPTION_SIZE], *bytes = usual, *more = NULL;
    size_t space = sizeof usual, count = input_size;
    int n;

    memcpy(usual, input, input_size);
    n = csk_option_get_bytes(s, option, usual, sizeof usual, &count, error);
    if (n == CSK_ESPACE) {
        space = count;
        more = cski_sys(calloc)(1, space);
        if (!more)
            return cski_fail(error, -ENOMEM, "%s needs %zu bytes", option->name, space);
        memcpy(more, input, input_size < space ? input_size : space);
        bytes = more;
        count = input_size;
        n = csk_option_get_bytes(s, option, bytes, space, &count, error);
    }
    if (n == 0)
        n = csk_option_format(option, CSK_OPTION_GET, bytes, count, text, size);
    cski_sys(free)(more);
    return n;
}

ssize_t csk_option_get(const struct csk_socket *s, const char *name, char *text, size_t size,
                       struct csk_error *error)
{
    const struct csk_option *option = NULL;
    int n;

    char needs[CSK_ERROR_TEXT_MAX];

    if ((n = find(s, name, text || size == 0, &option, error)) < 0)
        return n;
    n = get_text(s, option, "", 0, text, size, error);
    if (n == -EINVAL && (option->flags & CSK_OPTION_INPUT))
        return cski_fail(error, n, "%s requires input: %s", option->name,
                         csk_option_accepts(option, CSK_OPTION_GET, needs, sizeof needs));
    return n;
}

ssize_t csk_option_query(const struct csk_socket *s, const char *name, const char *input,
                         char *text, size_t size, struct csk_error *error)
{
    const struct csk_option *option = NULL;
    const struct csk_layout *layout = NULL;
    unsigned char bytes[CSK_OPTION_SIZE];
    int n;

    if ((n = find(s, name, input && (text || size == 0), &option, error)) < 0)
        return n;
    if ((n = layout_for(option, CSK_OPTION_GET, &layout, error)) < 0)
        return n;
    if (!(option->flags & CSK_OPTION_INPUT) && cski_layout_is_plain(layout))
        return cski_fail(error, CSK_EOPTVALUE, "%s is read without input", option->name);
    n = csk_option_parse(option, CSK_OPTION_GET, input, bytes, sizeof bytes, error);
    if (n < 0)
        return n;
    return get_text(s, option, bytes, (size_t)n, text, size, error);
}

/* Numbers */

/* The index of a field, of which name may be NULL: the only one.  It must be a number. */
static int number_field(const struct csk_option *option, const struct csk_layout *layout, bool list,
                        const char *name, struct csk_error *error)
{
    int index = !name && cski_layout_is_plain(layout) && layout->count > 0 ? 0 : CSK_EOPTION;
    const struct csk_field *f;

    if (name && !list && (index = csk_layout_find(layout, name)) < 0)
        return cski_fail(error, CSK_EOPTION, "%s has no field %.60s", option->name, name);
    f = index >= 0 && !list ? &cski_fields(layout)[index] : NULL;
    if (!f || cski_field_is_array(f) || (!cski_field_is_number(f) && f->kind != CSK_FIELD_TIMEVAL))
        return cski_fail(error, CSK_EOPTION, "%s%s%s is not a number", option->name,
                         name ? "." : "", name ? name : "");
    return index;
}

int csk_option_set_number(struct csk_socket *s, const char *name, int64_t number,
                          struct csk_error *error)
{
    const struct csk_option *option = NULL;
    const struct csk_layout *layout = NULL;
    struct csk_value value = { .kind = CSK_VALUE_INT, .i = number };
    struct csk_error found = { 0, "" };
    const struct csk_field *field;
    unsigned char bytes[16] = { 0 };
    size_t count;
    int n;

    if ((n = find(s, name, true, &option, error)) < 0 ||
        (n = layout_for(option, CSK_OPTION_SET, &layout, error)) < 0 ||
        (n = number_field(option, layout, option->flags & CSK_OPTION_LIST, NULL, error)) < 0)
        return n;
    field = &cski_fields(layout)[0];
    if (field->kind == CSK_FIELD_TIME && __builtin_mul_overflow(number, field->scale, &value.i))
        return cski_fail(error, CSK_EOPTVALUE, "%s: %lld is too large", option->name,
                         (long long)number);
    count = layout->size;
    n = csk_layout_set(layout, 0, 0, bytes, sizeof bytes, &count, &value, &found);
    if (n < 0)
        return cski_fail(error, n, "%s %s", option->name, found.text);
    return csk_option_set_bytes(s, option, bytes, count, error);
}

/* One field of the struct read; that of an older kernel may end before it. */
static int read_number(const struct csk_option *option, const struct csk_layout *layout, int index,
                       const unsigned char *bytes, size_t count, int64_t *number,
                       struct csk_error *error)
{
    const struct csk_field *field = &cski_fields(layout)[index];
    char text[CSK_VALUE_TEXT_MAX];
    struct csk_value value;

    if (cski_layout_is_plain(layout) && count < layout->size)
        count = layout->size; /* some kernels write fewer bytes, or do not return their number */
    csk_layout_get(layout, (size_t)index, 0, bytes, count, &value, text);
    if (value.kind == CSK_VALUE_NONE)
        return cski_fail(error, CSK_EOPTION, "%s.%s is not in this kernel", option->name,
                         field->name);
    *number = field->kind == CSK_FIELD_TIME ? value.i / field->scale : value.i;
    return 0;
}

static int get_number(const struct csk_socket *s, const char *name, const char *field, bool given,
                      int64_t *number, struct csk_error *error)
{
    const struct csk_option *option = NULL;
    const struct csk_layout *layout = NULL;
    unsigned char bytes[CSK_OPTION_SIZE] = { 0 };
    size_t count = 0;
    int index, n;

    if ((n = find(s, name, given && number, &option, error)) < 0 ||
        (n = layout_for(option, CSK_OPTION_GET, &layout, error)) < 0 ||
        (index = n = number_field(option, layout, option->flags & CSK_OPTION_GET_LIST, field,
                                  error)) < 0 ||
        (n = csk_option_get_bytes(s, option, bytes, layout->size < 16 ? 16 : layout->size, &count,
                                  error)) < 0)
        return n;
    return read_number(option, layout, index, bytes, count, number, error);
}

int csk_option_get_number(const struct csk_socket *s, const char *name, int64_t *number,
                          struct csk_error *error)
{
    return get_number(s, name, NULL, true, number, error);
}

int csk_option_get_field(const struct csk_socket *s, const char *name, const char *field,
                         int64_t *number, struct csk_error *error)
{
    return get_number(s, name, field, field != NULL, number, error);
}
