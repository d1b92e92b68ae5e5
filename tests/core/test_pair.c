/* Pairs. */
#include "sockets.h"

static void a_pair_is_connected_both_ways(void **state)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    struct csk_socket pair[2];
    char data[8];

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        test_pair(pair, types[i]);
        assert_int_equal(pair[0].type, types[i]);
        assert_int_equal(pair[1].family, AF_UNIX);
        assert_int_equal(csk_send(&pair[0], "there", 5, 0), 5);
        assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 5);
        assert_int_equal(csk_send(&pair[1], "back", 4, 0), 4);
        assert_int_equal(csk_recv(&pair[0], data, sizeof data, 0), 4);
        test_close(pair);
    }
}

static void a_pair_may_be_nonblocking_from_the_start(void **state)
{
    struct csk_socket pair[2];
    char data[8];

    (void)state;
    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), -EAGAIN);
    assert_int_equal(csk_recv(&pair[1], data, 1, 0), -EAGAIN);
    assert_int_equal(csk_get_inheritable(&pair[0]), 0);
    assert_int_equal(csk_get_inheritable(&pair[1]), 0);
    test_close(pair);
}

TESTS(TEST(a_pair_is_connected_both_ways), TEST(a_pair_may_be_nonblocking_from_the_start))
