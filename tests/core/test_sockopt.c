/* Raw options. */
#include "sockets.h"

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <stdlib.h>

static void an_int_is_set_and_read_back(void)
{
    struct csk_socket s;
    int value = -1;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, &value), 0);
    assert_int_equal(value, 1);
    assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, SO_TYPE, &value), 0);
    assert_int_equal(value, SOCK_STREAM);
    csk_close(&s);
    assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, SO_TYPE, &value), -EBADF);
}

static void a_struct_goes_in_and_out_as_bytes(void)
{
    struct linger in = { 1, 7 }, out = { 0, 0 };
    struct csk_socket s;
    socklen_t size = sizeof out;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_setsockopt(&s, SOL_SOCKET, SO_LINGER, &in, sizeof in), 0);
    assert_int_equal(csk_getsockopt(&s, SOL_SOCKET, SO_LINGER, &out, &size), 0);
    assert_int_equal(size, sizeof out);
    assert_memory_equal(&in, &out, sizeof in);
    csk_close(&s);
}

/* More than Python's limit of 1024 bytes: a filter of 300 instructions is read back. */
static void options_may_be_longer_than_1024_bytes(void)
{
    struct sock_filter *in = calloc(300, sizeof *in), *out = calloc(300, sizeof *out);
    struct sock_fprog program = { .len = 300, .filter = in };
    struct csk_socket s;
    socklen_t size = 300; /* SO_GET_FILTER counts instructions */

    for (int i = 0; i < 300; i++)
        in[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (uint32_t)i);
    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_setsockopt(&s, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
    assert_int_equal(csk_getsockopt(&s, SOL_SOCKET, SO_ATTACH_FILTER, out, &size), 0);
    assert_int_equal(size, 300);
    assert_memory_equal(in, out, 300 * sizeof *in);
    csk_close(&s);
    free(in);
    free(out);
}

/* Like TCP_ZEROCOPY_RECEIVE, IP_MSFILTER reads the buffer, and all kernels have it. */
static void the_kernel_reads_the_buffer_of_a_get(void)
{
    struct {
        struct in_addr multiaddr, interface;
        uint32_t mode, count;
        struct in_addr sources[1];
    } filter;
    struct csk_socket s;
    socklen_t size = sizeof filter;
    struct ip_mreq join;

    memset(&filter, 0, sizeof filter);
    join.imr_multiaddr.s_addr = filter.multiaddr.s_addr = htonl(0xe8010101);
    join.imr_interface.s_addr = filter.interface.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    if (csk_setsockopt(&s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) < 0) {
        csk_close(&s);
        test_skip("the loopback interface takes no multicast membership here");
    }
    assert_int_equal(csk_getsockopt(&s, IPPROTO_IP, IP_MSFILTER, &filter, &size), 0);
    assert_int_equal(filter.mode, MCAST_EXCLUDE);
    filter.multiaddr.s_addr = htonl(0xe8010102);
    size = sizeof filter;
    assert_int_equal(csk_getsockopt(&s, IPPROTO_IP, IP_MSFILTER, &filter, &size), -EADDRNOTAVAIL);
    csk_close(&s);
}

static void null_with_a_length_reaches_the_kernel(void)
{
    struct csk_socket s;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, NULL, 4), -EFAULT);
    assert_int_equal(csk_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, NULL, 0), -EINVAL);
    csk_close(&s);
}

static void mistakes_are_named(void)
{
    struct csk_socket s;
    socklen_t size = 4;
    int value = 0;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_setsockopt_int(&s, SOL_SOCKET, 99999, 1), -ENOPROTOOPT);
    assert_int_equal(csk_getsockopt_int(&s, SOL_SOCKET, 99999, &value), -ENOPROTOOPT);
    assert_int_equal(csk_getsockopt(&s, 0, 0, NULL, &size), CSK_ENULL);
    assert_int_equal(csk_getsockopt(&s, 0, 0, &value, NULL), CSK_ENULL);
    assert_int_equal(csk_getsockopt(NULL, 0, 0, &value, &size), CSK_ENULL);
    assert_int_equal(csk_getsockopt_int(&s, 0, 0, NULL), CSK_ENULL);
    assert_int_equal(csk_setsockopt(NULL, 0, 0, &value, size), CSK_ENULL);
    assert_int_equal(csk_setsockopt_int(NULL, 0, 0, 1), CSK_ENULL);
    csk_close(&s);
}

TESTS(TEST(an_int_is_set_and_read_back), TEST(a_struct_goes_in_and_out_as_bytes),
      TEST(options_may_be_longer_than_1024_bytes), TEST(the_kernel_reads_the_buffer_of_a_get),
      TEST(null_with_a_length_reaches_the_kernel), TEST(mistakes_are_named))
