/* Building and iterating over ancillary data, also in hostile buffers. */
#include "sockets.h"

#include <limits.h>
#include <stdlib.h>

static void lengths_agree_with_the_system(void)
{
    for (size_t n = 0; n < 100; n++) {
        assert_int_equal(csk_CMSG_LEN(n), CMSG_LEN(n));
        assert_int_equal(csk_CMSG_SPACE(n), CMSG_SPACE(n));
    }
    assert_int_equal(csk_CMSG_LEN(INT_MAX), CSK_ERANGE);
    assert_int_equal(csk_CMSG_SPACE(INT_MAX), CSK_ERANGE);
    assert_int_equal(csk_CMSG_LEN(SIZE_MAX), CSK_ERANGE);
    assert_int_equal(csk_CMSG_SPACE(SIZE_MAX), CSK_ERANGE);
    assert_int_equal(csk_CMSG_LEN(INT_MAX - CMSG_LEN(0)), INT_MAX);
}

static void a_control_buffer_is_built_and_iterated(void)
{
    _Alignas(size_t) char control[256];
    struct csk_msg msg = { .control = control };
    struct csk_cmsg item = { 0 };
    char data[] = "0123456789";

    memset(control, 0x55, sizeof control);
    for (int i = 0; i < 5; i++)
        assert_int_equal(csk_cmsg_put(control, sizeof control, &msg.control_size, i, 100 + i, data,
                                      (size_t)i * 2), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(csk_cmsg_next(&msg, &item), 1);
        assert_int_equal(item.level, i);
        assert_int_equal(item.type, 100 + i);
        assert_int_equal(item.size, i * 2);
        assert_memory_equal(item.data, data, item.size);
        assert_false(item.truncated);
    }
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);
}

/* The padding is passed to the kernel: it must not contain earlier contents of the buffer. */
static void padding_is_zero(void)
{
    _Alignas(size_t) char control[64];
    size_t used = 0;

    memset(control, 0x55, sizeof control);
    assert_int_equal(csk_cmsg_put(control, sizeof control, &used, 1, 2, "abc", 3), 0);
    for (size_t i = CMSG_LEN(3); i < used; i++)
        assert_int_equal(control[i], 0);
}

static void an_item_that_does_not_fit_is_not_begun(void)
{
    _Alignas(size_t) char control[64];
    size_t used = 0;

    memset(control, 0x55, sizeof control);
    assert_int_equal(csk_cmsg_put(control, CMSG_SPACE(48) - 1, &used, 1, 2, control, 48),
                     CSK_ESPACE);
    assert_int_equal(csk_cmsg_put(control, 64, &used, 1, 2, control, SIZE_MAX), CSK_ERANGE);
    assert_int_equal(used, 0);
    assert_int_equal(control[0], 0x55);
    used = 65;
    assert_int_equal(csk_cmsg_put(control, 64, &used, 1, 2, "", 0), CSK_ESPACE);
    used = 0;
    assert_int_equal(csk_cmsg_put(control, 64, &used, 1, 2, NULL, 0), 0);
    assert_int_equal(csk_cmsg_put(control, 64, &used, 1, 2, NULL, 1), CSK_ENULL);
    assert_int_equal(csk_cmsg_put(NULL, 64, &used, 1, 2, "", 0), CSK_ENULL);
    assert_int_equal(csk_cmsg_put(control, 64, NULL, 1, 2, "", 0), CSK_ENULL);
}

static void a_length_beyond_the_end_is_reduced_and_reported(void)
{
    struct cmsghdr header = { .cmsg_len = 1000000, .cmsg_level = 1, .cmsg_type = 2 };
    char *control = malloc(CMSG_LEN(5)); /* exact size: a checker detects reads beyond it */
    struct csk_msg msg = { .control = control, .control_size = CMSG_LEN(5) };
    struct csk_cmsg item = { 0 };

    memcpy(control, &header, sizeof header);
    memcpy(control + CMSG_LEN(0), "12345", 5);
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_true(item.truncated);
    assert_int_equal(item.size, 5);
    assert_memory_equal(item.data, "12345", 5);
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);
    header.cmsg_len = (__typeof__(header.cmsg_len))-1; /* a socklen_t in musl */
    memcpy(control, &header, sizeof header);
    item = (struct csk_cmsg){ 0 };
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_int_equal(item.size, 5);
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);
    free(control);
}

static void an_invalid_length_ends_the_iteration(void)
{
    struct cmsghdr header = { .cmsg_len = 3, .cmsg_level = 1, .cmsg_type = 2 };
    _Alignas(size_t) char control[64];
    struct csk_msg msg = { .control = control, .control_size = sizeof control };
    struct csk_cmsg item = { 0 };

    memset(control, 0, sizeof control);
    memcpy(control, &header, sizeof header);
    assert_int_equal(csk_cmsg_next(&msg, &item), CSK_EANCILLARY);
    assert_int_equal(csk_cmsg_next(NULL, &item), CSK_ENULL);
    assert_int_equal(csk_cmsg_next(&msg, NULL), CSK_ENULL);
    msg.control_size = 3;
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);
    msg.control = NULL;
    msg.control_size = 64;
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);
}

/* Any bytes of any size: the iteration ends and stays inside. */
static void random_bytes_are_walked_inside_their_buffer(void)
{
    srand(20261122);
    for (int round = 0; round < 20000; round++) {
        size_t size = (size_t)rand() % 80, steps = 0;
        char *control = malloc(size ? size : 1);
        struct csk_msg msg = { .control = control, .control_size = size };
        struct csk_cmsg item = { 0 };

        for (size_t i = 0; i < size; i++)
            control[i] = (char)(i % 8 == 0 || rand() % 8 == 0 ? rand() % 64 : 0);
        while (csk_cmsg_next(&msg, &item) == 1) {
            assert_true((const char *)item.data >= control);
            assert_true((const char *)item.data + item.size <= control + size);
            assert_true(++steps < 10);
        }
        free(control);
    }
}

TESTS(TEST(lengths_agree_with_the_system),
      TEST(a_control_buffer_is_built_and_iterated),
      TEST(padding_is_zero),
      TEST(an_item_that_does_not_fit_is_not_begun),
      TEST(a_length_beyond_the_end_is_reduced_and_reported),
      TEST(an_invalid_length_ends_the_iteration),
      TEST(random_bytes_are_walked_inside_their_buffer))
