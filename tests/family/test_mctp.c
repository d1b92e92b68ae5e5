/* AF_MCTP: a request and its answer between two endpoints of this machine. */
#include "family_test.h"

#include <errno.h>

static void a_request_is_answered(void)
{
    struct csk_socket a = family_socket(AF_MCTP, SOCK_DGRAM, 0);
    struct csk_socket b = family_socket(AF_MCTP, SOCK_DGRAM, 0);
    struct csk_addr from, to = family_address(AF_MCTP, 0, "0,8,1,8"); /* MCTP_TAG_OWNER */
    char data[16];
    int64_t n;

    family_bind(&b, "0,255,1");
    n = csk_sendto(&a, "request", 7, 0, &to, NULL);
    if (n == -EHOSTUNREACH)
        test_skip("this machine has no MCTP address 8");
    assert_int_equal(n, 7);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 7);
    assert_memory_equal(data, "request", 7);
    from.bytes[offsetof(
        struct {
            char before[10];
            char tag;
        },
        tag)] &= 7; /* the answerer's tag */
    assert_int_equal(csk_sendto(&b, "answer", 6, 0, &from, NULL), 6);
    assert_int_equal(csk_recvfrom(&a, data, sizeof data, 0, &from), 6);
    assert_memory_equal(data, "answer", 6);
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(a_request_is_answered))
