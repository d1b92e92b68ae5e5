/* Ancillary data: for any contents of a buffer, the iteration stays inside and ends, items that are
 * built are found again unchanged, and the bytes of an item are read through the layout of every
 * control message: the text that csk_control_get returns can be sent, and remains the same.
 */
#include <csocket/csocket.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const uint8_t *data, size_t size)
{
    char *control = malloc(size ? size : 1); /* a separate allocation, so that a checker detects
                                              * reads beyond it */
    struct csk_msg msg = { .control = control, .control_size = size };
    struct csk_cmsg item = { 0 };
    volatile char sink = 0;

    memcpy(control, data, size);
    while (csk_cmsg_next(&msg, &item) == 1)
        for (size_t i = 0; i < item.size; i++)
            sink ^= ((const char *)item.data)[i];
    (void)sink; /* clang 14 does not count a volatile write as a use */
    free(control);
}

/* Each byte is the length of an item. */
static void build(const uint8_t *data, size_t size)
{
    _Alignas(size_t) static char control[4096];
    struct csk_msg msg = { .control = control };
    struct csk_cmsg item = { 0 };
    size_t count, length;

    for (count = 0; count < size; count++) {
        length = data[count] < size ? data[count] : size;
        if (csk_cmsg_put(control, sizeof control, &msg.control_size, (int)count, data[count], data,
                         length) < 0)
            break;
    }
    for (size_t i = 0; i < count; i++) {
        if (csk_cmsg_next(&msg, &item) != 1 || item.level != (int)i || item.type != data[i] ||
            item.truncated || memcmp(item.data, data, item.size) != 0)
            abort();
    }
    if (csk_cmsg_next(&msg, &item) != 0)
        abort();
}

#define SPACE 4096

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Every field by name; numbers may be missing, text must end. */
static void read_fields(const struct csk_msg *msg, const struct csk_option *control)
{
    const struct csk_layout *layout = csk_option_layout(control, CSK_OPTION_GET);
    const char *name = csk_option_name(control);
    struct csk_error error = { 0 };
    int64_t number;
    int n;

    n = csk_control_get_number(msg, name, &number, &error);
    check(n == 0 || (error.code == n && error.text[0]));
    for (size_t i = 0; i < csk_layout_field_count(layout); i++) {
        error.text[0] = '\0';
        n = csk_control_get_field(msg, name, csk_field_name(csk_layout_field(layout, i)), &number,
                                  &error);
        check(n == 0 || (error.code == n && error.text[0]));
    }
}

/* Send text, and receive it: the text, or NULL. */
static const char *sent(const struct csk_option *control, const char *text,
                        char received[8 * SPACE])
{
    _Alignas(size_t) static char bytes[2 * SPACE];
    struct csk_msg msg = { .control = bytes };
    struct csk_error error = { 0 };
    ssize_t n;
    int code = csk_control_put(bytes, sizeof bytes, &msg.control_size, csk_option_name(control),
                               text, &error);

    check(code == 0 || (error.code == code && error.text[0]));
    if (code < 0)
        return NULL;
    n = csk_control_get(&msg, csk_option_name(control), received, 8 * SPACE, &error);
    return n >= 0 && n < 8 * SPACE ? received : NULL;
}

/* Received values can be sent, if the catalogue permits it.  There may be fewer bytes than the
 * struct has: from the second time on the text remains the same. */
static void send_again(const struct csk_option *control, const char *text)
{
    static char first[8 * SPACE], second[8 * SPACE];

    if (!csk_option_layout(control, CSK_OPTION_SET) ||
        csk_control_find(csk_option_name(control), AF_UNSPEC) != control ||
        !sent(control, text, first))
        return;
    check(sent(control, first, second) && strcmp(first, second) == 0);
}

/* The first two bytes choose the control message, the rest are its data. */
static void read_as_control(const uint8_t *data, size_t size)
{
    _Alignas(size_t) static char bytes[2 * SPACE];
    static char text[8 * SPACE];
    struct csk_msg msg = { .control = bytes };
    const struct csk_option *control;
    size_t count = 0;
    ssize_t n;

    if (size < 2 || size > SPACE)
        return;
    while (csk_control_at(count))
        count++;
    control = csk_control_at((data[0] | data[1] << 8) % count);
    if (!csk_option_layout(control, CSK_OPTION_GET) || csk_option_number(control) < 0)
        return;
    check(csk_cmsg_put(bytes, sizeof bytes, &msg.control_size, csk_option_level(control),
                       csk_option_number(control), data + 2, size - 2) == 0);
    n = csk_control_format(&msg, AF_UNSPEC, text, sizeof text);
    check(n >= 0 && ((size_t)n >= sizeof text || strlen(text) == (size_t)n));
    read_fields(&msg, control);
    n = csk_control_get(&msg, csk_option_name(control), text, sizeof text, NULL);
    if (n >= 0 && (size_t)n < sizeof text)
        send_again(control, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_as_control(data, size);
    walk(data, size);
    build(data, size);
    return 0;
}
