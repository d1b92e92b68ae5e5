/* Bytes in and out. */
#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <string.h>

static void recv_returns_what_was_sent(void **state)
{
    struct csk_socket pair[2];
    char data[16];

    (void)state;
    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_send(&pair[0], "hello", 5, 0), 5);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 5);
    assert_memory_equal(data, "hello", 5);
    csk_close(&pair[0]);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 0);
    csk_close(&pair[1]);
}

static void recv_times_out_in_its_own_words(void **state)
{
    struct csk_socket pair[2];
    char data[16], text[CSK_ERROR_TEXT_MAX];
    int n;

    (void)state;
    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&pair[0], 10000000), 0);
    n = (int)csk_recv(&pair[0], data, sizeof data, 0);
    assert_int_equal(n, CSK_ETIMEDOUT);
    assert_string_equal(csk_strerror(n, text, sizeof text), "timed out");
    csk_close(&pair[0]);
    csk_close(&pair[1]);
}

TESTS(TEST(recv_returns_what_was_sent), TEST(recv_times_out_in_its_own_words))
