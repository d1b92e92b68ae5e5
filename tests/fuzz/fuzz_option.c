/* Options and control messages: text to bytes and back, bytes to text and back.
 *
 * The first two bytes choose the option, the third the direction; its second bit chooses a control
 * message instead.  Text that is parsed and formatted must remain the same when this is repeated,
 * in both directions; formatted bytes must be parsed into bytes with the same text.  Every
 * rejection of text has an explanation. */
#include <csocket/csocket.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 4096

static void check(int holds)
{
    if (!holds)
        abort();
}

/* The text of bytes; NULL if it is truncated or there is none. */
static char *text_of(const struct csk_option *option, unsigned direction, const void *bytes,
                     size_t count, char *text)
{
    int n = csk_option_format(option, direction, bytes, count, text, 8 * ROOM);

    if (n < 0 || n >= 8 * ROOM)
        return NULL;
    check(strlen(text) == (size_t)n);
    return text;
}

static void from_text(const struct csk_option *option, unsigned direction, const char *text)
{
    static unsigned char bytes[ROOM], again[ROOM];
    static char written[8 * ROOM], rewritten[8 * ROOM];
    struct csk_error error = { 0, "" };
    int n = csk_option_parse(option, direction, text, bytes, sizeof bytes, &error), m;

    if (n < 0) {
        check(error.code == n && error.text[0] != '\0');
        return;
    }
    check((size_t)n <= sizeof bytes);
    if (!text_of(option, direction, bytes, (size_t)n, written))
        return;
    m = csk_option_parse(option, direction, written, again, sizeof again, &error);
    check(m == n && memcmp(bytes, again, (size_t)n) == 0);
    check(text_of(option, direction, again, (size_t)m, rewritten) != NULL);
    check(strcmp(written, rewritten) == 0);
}

static void each_field(const struct csk_layout *layout, const unsigned char *bytes, size_t count)
{
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_value value;
    unsigned field;
    size_t index;

    layout = csk_layout_select(layout, bytes, count);
    for (field = 0; field < csk_layout_field_count(layout); field++) {
        for (index = 0; index < csk_layout_value_count(layout, field, bytes, count); index++) {
            check(csk_layout_get(layout, field, index, bytes, count, &value, text) == 0);
            if (value.kind == CSK_VALUE_BYTES) {
                const unsigned char *data = (const unsigned char *)value.data;

                check(value.size <= count && data >= bytes && data + value.size <= bytes + count);
                if (csk_field_layout(csk_layout_field(layout, field)) != NULL)
                    each_field(csk_field_layout(csk_layout_field(layout, field)), data, value.size);
            }
            check(csk_layout_format_field(layout, field, index, bytes, count, text, sizeof text) >=
                  0);
        }
    }
}

/* In a copy of exactly its size, so that the sanitizer detects reads beyond it. */
static void from_bytes(const struct csk_option *option, const uint8_t *data, size_t size)
{
    static char text[8 * ROOM];
    unsigned char *bytes = malloc(size ? size : 1);

    check(bytes != NULL);
    if (size > 0)
        memcpy(bytes, data, size);
    if (csk_option_layout(option, CSK_OPTION_GET) != NULL) {
        if (text_of(option, CSK_OPTION_GET, bytes, size, text) != NULL)
            from_text(option, CSK_OPTION_GET, text);
        if (!(csk_option_flags(option) & CSK_OPTION_GET_LIST))
            each_field(csk_option_layout(option, CSK_OPTION_GET), bytes, size);
    }
    if (csk_option_layout(option, CSK_OPTION_SET) != NULL &&
        text_of(option, CSK_OPTION_SET, bytes, size, text) != NULL)
        from_text(option, CSK_OPTION_SET, text);
    free(bytes);
}

static const struct csk_option *choose(size_t index, const struct csk_option *(*at)(size_t))
{
    size_t count = 0;

    while (at(count))
        count++;
    return at(index % count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct csk_option *option;
    char text[ROOM];

    if (size < 3 || size - 3 >= sizeof text)
        return 0;
    option = choose(data[0] | data[1] << 8, data[2] & 2 ? csk_control_at : csk_option_at);
    if (data[2] & 1) {
        from_bytes(option, data + 3, size - 3);
    } else {
        memcpy(text, data + 3, size - 3);
        text[size - 3] = '\0';
        if (csk_option_layout(option, CSK_OPTION_SET) != NULL)
            from_text(option, CSK_OPTION_SET, text);
        if (csk_option_layout(option, CSK_OPTION_GET) != NULL)
            from_text(option, CSK_OPTION_GET, text);
    }
    return 0;
}
