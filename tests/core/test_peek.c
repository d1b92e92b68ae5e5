/* csk_peek, the worked example of docs/adding-an-operation.md: the part for test_io.c. */
#include "peek.h"
#include "sockets.h"

static void peeked_data_is_received_later(void)
{
    struct csk_socket pair[2];
    char data[8];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send(&pair[1], "abc", 3, 0), 3);
    assert_int_equal(csk_peek(&pair[0], data, 2), 2);
    assert_int_equal(csk_recv(&pair[0], data, sizeof data, 0), 3);
    assert_memory_equal(data, "abc", 3);
    test_close(pair);
}

static void a_peek_waits_at_most_for_the_timeout(void)
{
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    csk_settimeout(&pair[0], 10 * MS);
    assert_int_equal(csk_peek(&pair[0], &byte, 1), CSK_ETIMEDOUT);
    assert_int_equal(csk_peek(NULL, &byte, 1), CSK_ENULL);
    test_close(pair);
}

TESTS(TEST(peeked_data_is_received_later), TEST(a_peek_waits_at_most_for_the_timeout))
