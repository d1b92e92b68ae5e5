/* Ancillary data: whatever bytes a buffer holds, the walk stays inside and ends, and what is built
 * is walked back as it was. */
#include <csocket/csocket.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const uint8_t *data, size_t size)
{
    char *control = malloc(size ? size : 1); /* of its own, so that a checker sees its end */
    struct csk_msg msg = { .control = control, .control_size = size };
    struct csk_cmsg item = { 0 };
    volatile char sink = 0;

    memcpy(control, data, size);
    while (csk_cmsg_next(&msg, &item) == 1)
        for (size_t i = 0; i < item.size; i++)
            sink ^= ((const char *)item.data)[i];
    (void)sink; /* clang 14 counts no volatile write as a use */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk(data, size);
    build(data, size);
    return 0;
}
