/* Options of a socket by name: as text, as a number, as bytes. */
#include "layout/codec.h"

#include <limits.h>
#include <string.h>

/* struct sock_fprog, which the kernel takes in the place of the instructions themselves. */
struct program {
    unsigned short length;
    const void *instructions;
};

#define INSTRUCTION_SIZE 8

/* A direction of an option: its layout, or an error that says why there is none. */
static int layout_for(const struct csk_option *option, unsigned direction,
                      const struct csk_optlayout **layout, struct csk_error *error)
{
    if (option == NULL)
        return cski_fail(error, CSK_ENULL, "NULL where an option is needed");
    if (option->flags & CSK_OPTION_ELSEWHERE)
        return cski_fail(error, CSK_EOPTION, "%s is an option of %s: %s", option->name,
                         option->platform, option->meaning);
    *layout = direction == CSK_OPTION_SET ? option->set : option->get;
    if (*layout == NULL)
        return cski_fail(error, CSK_EOPTION, "%s can only be %s", option->name,
                         direction == CSK_OPTION_SET ? "read" : "set");
    return 0;
}

/* given: whether the caller has given what else is needed. */
static int find(const struct csk_socket *s, const char *name, bool given,
                const struct csk_option **option, struct csk_error *error)
{
    char meant[CSK_ERROR_TEXT_MAX];

    if (s == NULL || name == NULL || !given)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    *option = csk_option_find(name, s->family);
    if (*option == NULL)
        return cski_fail(error, CSK_EOPTION, "%.100s is no socket option%s", name,
                         cski_option_meant(name, meant, sizeof meant));
    return 0;
}

/* "CAP_NET_ADMIN,CAP_NET_RAW" as words. */
static const char *with_or(const char *list, char *text, size_t size)
{
    struct cski_out out;

    cski_out_init(&out, text, size);
    for (; *list != '\0'; list++) {
        if (*list == ',')
            cski_out_text(&out, " or ");
        else if (*list == ':')
            cski_out_text(&out, " on ");
        else
            cski_out_char(&out, *list);
    }
    return text;
}

/* Which sockets an option is for, where that says anything: ": it is for inet or inet6 sockets of
 * type stream, since Linux 2.6.20". */
static const char *whose(const struct csk_option *option, char *text, size_t size)
{
    bool family = strcmp(option->families, "any") != 0, type = strcmp(option->types, "any") != 0;
    /* Every kernel has what 2.4 had, and "<=5.10" says nothing about an older one than that. */
    bool known = (option->since[0] >= '3' && option->since[0] <= '9') ||
                 strncmp(option->since, "2.6.", 4) == 0;
    char words[96];
    struct cski_out out;

    cski_out_init(&out, text, size);
    if (family || type)
        cski_out_text(&out, ": it is for ");
    if (family)
        cski_out_format(&out, "%s ", with_or(option->families, words, sizeof words));
    if (family || type)
        cski_out_text(&out, "sockets");
    if (type)
        cski_out_format(&out, " of type %s", with_or(option->types, words, sizeof words));
    if (known)
        cski_out_format(&out, "%s Linux %s", family || type ? ", since" : ": it is there since",
                        option->since);
    return text;
}

/* What the kernel's refusal may mean. */
static int refused(const struct csk_option *option, int code, struct csk_error *error)
{
    char text[CSK_ERROR_TEXT_MAX], more[CSK_ERROR_TEXT_MAX];

    csk_strerror(code, text, sizeof text);
    if ((code == -EPERM || code == -EACCES) && strcmp(option->privileges, "-") != 0)
        return cski_fail(error, code, "%s: %s: it needs %s", option->name, text,
                         with_or(option->privileges, more, sizeof more));
    if (code == -ENOPROTOOPT && (option->flags & CSK_OPTION_MISSING))
        return cski_fail(error, code, "%s: %s: Linux has never had code for it", option->name,
                         text);
    if (code == -ENOPROTOOPT || code == -EOPNOTSUPP)
        return cski_fail(error, code, "%s: %s%s", option->name, text,
                         whose(option, more, sizeof more));
    return cski_fail(error, code, "%s: %s", option->name, text);
}

static bool rest_is_zero(const unsigned char *bytes, size_t from, size_t to)
{
    for (; from < to; from++) {
        if (bytes[from] != 0)
            return false;
    }
    return true;
}

int csk_setopt_bytes(struct csk_socket *s, const struct csk_option *option, const void *bytes,
                     size_t count, struct csk_error *error)
{
    const struct csk_optlayout *layout = NULL;
    struct program program;
    enum csk_optkind kind;
    int64_t length;
    int n;

    if (s == NULL || (bytes == NULL && count > 0))
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if ((n = layout_for(option, CSK_OPTION_SET, &layout, error)) < 0)
        return n;
    if (count < layout->min_size && !(option->flags & CSK_OPTION_LIST))
        return cski_fail(error, CSK_EOPTVALUE, "%s takes %u bytes, not %zu", option->name,
                         layout->min_size, count);
    kind = layout->count > 0 ? layout->fields[0].kind : CSK_OPT_NONE;
    if (kind == CSK_OPT_FILTER) {
        if (count % INSTRUCTION_SIZE != 0 || count / INSTRUCTION_SIZE > USHRT_MAX)
            return cski_fail(error, CSK_EOPTVALUE, "%s takes up to %d instructions of %d bytes",
                             option->name, CSKI_FILTER_MAX, INSTRUCTION_SIZE);
        program.length = (unsigned short)(count / INSTRUCTION_SIZE);
        program.instructions = bytes;
        n = csk_setsockopt(s, option->level, option->number, &program, sizeof program);
    } else if (kind == CSK_OPT_LENGTH) {
        memcpy(&length, bytes, sizeof length);
        n = csk_setsockopt(s, option->level, option->number, NULL, (socklen_t)length);
    } else {
        n = csk_setsockopt(s, option->level, option->number, count > 0 ? bytes : NULL,
                           (socklen_t)count);
        /* An older kernel may know a shorter struct only. */
        if (n == -EINVAL && count == layout->size && layout->min_size < count &&
            layout->min_size > 0 && rest_is_zero(bytes, layout->min_size, count))
            n = csk_setsockopt(s, option->level, option->number, bytes, layout->min_size);
    }
    return n < 0 ? refused(option, n, error) : 0;
}

/* No text makes more bytes than this for each of its own: "::1," is an address of 128. */
#define BYTES_A_CHARACTER 32

int csk_setopt(struct csk_socket *s, const char *name, const char *text, struct csk_error *error)
{
    const struct csk_option *option = NULL;
    unsigned char usual[CSK_OPT_SIZE], *bytes = usual, *more = NULL;
    size_t room = sizeof usual;
    int n;

    if ((n = find(s, name, text != NULL, &option, error)) < 0)
        return n;
    if (strlen(text) > sizeof usual / BYTES_A_CHARACTER) {
        room += strlen(text) * BYTES_A_CHARACTER;
        bytes = more = cski_sys(calloc)(1, room);
        if (more == NULL)
            return cski_fail(error, -ENOMEM, "%s needs %zu bytes", option->name, room);
    }
    n = csk_option_parse(option, CSK_OPTION_SET, text, bytes, room, error);
    if (n >= 0)
        n = csk_setopt_bytes(s, option, bytes, (size_t)n, error);
    cski_sys(free)(more);
    return n;
}

/* Reading */

/* The most that is asked for because a caller says that there is so much. */
#define SAID_MAX ((size_t)1 << 28)

/* Bytes up to where the last field ends, if the caller must say it. */
static bool said_length(const struct csk_optlayout *layout, const unsigned char *bytes, size_t size,
                        size_t *length)
{
    const struct csk_optfield *tail = cski_layout_tail(layout), *f;

    if (tail == NULL ||
        (f = cski_layout_keeper(layout, layout->count - 1u, CSK_OPTF_COUNT | CSK_OPTF_LEN)) == NULL)
        return false;
    if (!(f->flags & CSK_OPTF_INPUT) || size < (size_t)f->offset + f->size)
        return false;
    if (f->flags & CSK_OPTF_LEN)
        *length = cski_length_end(f, bytes);
    else
        *length = cski_slot_place(layout, layout->count - 1u,
                                  (size_t)cski_slot_number(f, bytes + f->offset), NULL, 0);
    return true;
}

/* The length to ask for: the struct's, or all the room where there is no fixed length. */
static size_t first_length(const struct csk_option *option, const struct csk_optlayout *layout,
                           const unsigned char *bytes, size_t size)
{
    bool open = layout->count > 0 &&
                (layout->fields[layout->count - 1].flags & (CSK_OPTF_VARIABLE | CSK_OPTF_TAIL));
    size_t length;

    if (said_length(layout, bytes, size, &length))
        return length;
    if ((option->flags & CSK_OPTION_GET_LIST) || open)
        return size < CSK_OPT_SIZE ? size : CSK_OPT_SIZE;
    return layout->size;
}

/* One call; of a filter the kernel counts instructions, not bytes. */
static int ask(struct csk_socket *s, const struct csk_option *option, bool filter, void *bytes,
               size_t *length)
{
    socklen_t size = (socklen_t)(filter ? *length / INSTRUCTION_SIZE : *length);
    int n = csk_getsockopt(s, option->level, option->number, bytes, &size);

    *length = filter ? (size_t)size * INSTRUCTION_SIZE : size;
    return n;
}

/* Some options take no buffer that is longer than what there is (SO_PEERNAME). */
static int ask_shorter(struct csk_socket *s, const struct csk_option *option, unsigned char *bytes,
                       size_t *length)
{
    size_t size = *length;
    int n = -EINVAL;

    while (n == -EINVAL && size > 2) {
        size -= 2;
        *length = size;
        n = ask(s, option, false, bytes, length);
    }
    return n;
}

/* Of a program the kernel tells the length only to those who ask for none of it. */
static int ask_program(struct csk_socket *s, const struct csk_option *option, unsigned char *bytes,
                       size_t size, size_t *count)
{
    int n;

    *count = 0;
    n = ask(s, option, true, bytes, count);
    if (n < 0 || *count == 0)
        return n;
    return *count > size ? CSK_ESPACE : ask(s, option, true, bytes, count);
}

static int ask_all(struct csk_socket *s, const struct csk_option *option,
                   const struct csk_optlayout *layout, unsigned char *bytes, size_t size,
                   size_t *count)
{
    const struct csk_optfield *first_field = layout->count > 0 ? layout->fields : NULL;
    size_t first = first_length(option, layout, bytes, size), length = first;
    int n;

    if (first_field != NULL && first_field->kind == CSK_OPT_FILTER)
        return ask_program(s, option, bytes, size, count);
    if (length > size) {
        *count = length;
        return CSK_ESPACE;
    }
    n = ask(s, option, false, bytes, &length);
    if (n == -EINVAL && first_field != NULL && first_field->kind == CSK_OPT_SOCKADDR &&
        (first_field->flags & CSK_OPTF_VARIABLE)) {
        *count = first;
        return ask_shorter(s, option, bytes, count);
    }
    /* Failed or not, the kernel may tell that there is more; meanwhile there may be still more. */
    while (length > first && length <= size) {
        first = length;
        n = ask(s, option, false, bytes, &length);
    }
    *count = length;
    return length > first ? CSK_ESPACE : n;
}

int csk_getopt_bytes(struct csk_socket *s, const struct csk_option *option, void *bytes,
                     size_t size, size_t *count, struct csk_error *error)
{
    const struct csk_optlayout *layout = NULL, *variant;
    size_t input, said;
    int n;

    if (s == NULL || bytes == NULL || count == NULL)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if ((n = layout_for(option, CSK_OPTION_GET, &layout, error)) < 0)
        return n;
    input = *count < size ? *count : size;
    memset((unsigned char *)bytes + input, 0, size - input);
    if (input == 0)
        cski_layout_preset(layout, bytes, size);
    if (layout->size <= size)
        cski_layout_capacity(layout, bytes, first_length(option, layout, bytes, size));
    if (said_length(layout, bytes, size, &said) && said > SAID_MAX)
        return cski_fail(error, CSK_EOPTVALUE, "%s: %zu bytes are more than there can be",
                         option->name, said);
    n = ask_all(s, option, layout, bytes, size, count);
    if (n == 0 && (option->flags & CSK_OPTION_HEADLESS) && *count + layout->size <= size)
        *count += layout->size;
    if (n == 0 && (variant = csk_optlayout_of(layout, bytes, *count)) != layout)
        n = ask_all(s, option, variant, bytes, size, count);
    if (n == CSK_ESPACE)
        return cski_fail(error, n, "%s needs room for %zu bytes", option->name, *count);
    return n < 0 ? refused(option, n, error) : 0;
}

/* Read into a buffer of the usual size or, where that is too small, one of the right size. */
static int get_text(struct csk_socket *s, const struct csk_option *option, const void *input,
                    size_t input_size, char *text, size_t size, struct csk_error *error)
{
    unsigned char usual[CSK_OPT_SIZE], *bytes = usual, *more = NULL;
    size_t room = sizeof usual, count = input_size;
    int n;

    memcpy(usual, input, input_size);
    n = csk_getopt_bytes(s, option, usual, sizeof usual, &count, error);
    if (n == CSK_ESPACE) {
        room = count;
        more = cski_sys(calloc)(1, room);
        if (more == NULL)
            return cski_fail(error, -ENOMEM, "%s needs %zu bytes", option->name, room);
        memcpy(more, input, input_size < room ? input_size : room);
        bytes = more;
        count = input_size;
        n = csk_getopt_bytes(s, option, bytes, room, &count, error);
    }
    if (n == 0)
        n = csk_option_format(option, CSK_OPTION_GET, bytes, count, text, size);
    cski_sys(free)(more);
    return n;
}

int csk_getopt(struct csk_socket *s, const char *name, char *text, size_t size,
               struct csk_error *error)
{
    const struct csk_option *option = NULL;
    int n;

    char needs[CSK_ERROR_TEXT_MAX];

    if ((n = find(s, name, text != NULL || size == 0, &option, error)) < 0)
        return n;
    n = get_text(s, option, "", 0, text, size, error);
    if (n == -EINVAL && (option->flags & CSK_OPTION_INPUT))
        return cski_fail(error, n, "%s must be told what to read: %s", option->name,
                         csk_option_accepts(option, CSK_OPTION_GET, needs, sizeof needs));
    return n;
}

int csk_getopt_for(struct csk_socket *s, const char *name, const char *input, char *text,
                   size_t size, struct csk_error *error)
{
    const struct csk_option *option = NULL;
    const struct csk_optlayout *layout = NULL;
    unsigned char bytes[CSK_OPT_SIZE];
    int n;

    if ((n = find(s, name, input != NULL && (text != NULL || size == 0), &option, error)) < 0)
        return n;
    if ((n = layout_for(option, CSK_OPTION_GET, &layout, error)) < 0)
        return n;
    if (!(option->flags & CSK_OPTION_INPUT) && cski_layout_is_plain(layout))
        return cski_fail(error, CSK_EOPTVALUE, "%s is read without being told anything",
                         option->name);
    n = csk_option_parse(option, CSK_OPTION_GET, input, bytes, sizeof bytes, error);
    if (n < 0)
        return n;
    return get_text(s, option, bytes, (size_t)n, text, size, error);
}

/* Numbers */

/* The one field of an option that is a number, or an error. */
static int number_field(const struct csk_option *option, const struct csk_optlayout *layout,
                        bool list, const struct csk_optfield **field, struct csk_error *error)
{
    const struct csk_optfield *f = layout->fields;

    if (list || !cski_layout_is_plain(layout) || layout->count == 0 ||
        (!cski_field_is_number(f) && f->kind != CSK_OPT_TIMEVAL))
        return cski_fail(error, CSK_EOPTION, "%s is no number", option->name);
    *field = f;
    return 0;
}

int csk_setopt_number(struct csk_socket *s, const char *name, int64_t number,
                      struct csk_error *error)
{
    const struct csk_option *option = NULL;
    const struct csk_optlayout *layout = NULL;
    const struct csk_optfield *field = NULL;
    struct csk_value value = { .kind = CSK_VALUE_INT, .i = number };
    struct csk_error found = { 0, "" };
    unsigned char bytes[16] = { 0 };
    size_t count;
    int n;

    if ((n = find(s, name, true, &option, error)) < 0 ||
        (n = layout_for(option, CSK_OPTION_SET, &layout, error)) < 0 ||
        (n = number_field(option, layout, option->flags & CSK_OPTION_LIST, &field, error)) < 0)
        return n;
    if (field->kind == CSK_OPT_TIME && __builtin_mul_overflow(number, field->scale, &value.i))
        return cski_fail(error, CSK_EOPTVALUE, "%s: %lld is too large", option->name,
                         (long long)number);
    count = layout->size;
    n = csk_optvalue_set(layout, 0, 0, bytes, sizeof bytes, &count, &value, &found);
    if (n < 0)
        return cski_fail(error, n, "%s %s", option->name, found.text);
    return csk_setopt_bytes(s, option, bytes, count, error);
}

int csk_getopt_number(struct csk_socket *s, const char *name, int64_t *number,
                      struct csk_error *error)
{
    const struct csk_option *option = NULL;
    const struct csk_optlayout *layout = NULL;
    const struct csk_optfield *field = NULL;
    unsigned char bytes[16] = { 0 };
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_value value;
    size_t count = 0;
    int n;

    if ((n = find(s, name, number != NULL, &option, error)) < 0 ||
        (n = layout_for(option, CSK_OPTION_GET, &layout, error)) < 0 ||
        (n = number_field(option, layout, option->flags & CSK_OPTION_GET_LIST, &field, error)) < 0)
        return n;
    if ((n = csk_getopt_bytes(s, option, bytes, sizeof bytes, &count, error)) < 0)
        return n;
    csk_optvalue_get(layout, 0, 0, bytes, layout->size, &value, text);
    *number = field->kind == CSK_OPT_TIME ? value.i / field->scale : value.i;
    return 0;
}
