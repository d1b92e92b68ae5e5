/* AF_NETLINK: the kernel answers, with its own address. */
#include "family_test.h"

#include <linux/rtnetlink.h>
#include <string.h>

static void the_kernel_lists_the_links(void)
{
    struct csk_socket s = family_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    struct {
        struct nlmsghdr head;
        struct ifinfomsg info;
    } request = { .head = { .nlmsg_len = sizeof request,
                            .nlmsg_type = RTM_GETLINK,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                            .nlmsg_seq = 7 } };
    union {
        struct nlmsghdr head;
        char bytes[32768];
    } answer;
    struct csk_addr kernel, from, own;

    kernel = family_address(AF_NETLINK, 0, "0,0");
    family_bind(&s, "0,0");
    own = family_own(&s);
    assert_string_not_equal(family_text(&own), "0,0"); /* the kernel chose a number */
    assert_int_equal(csk_sendto(&s, &request, sizeof request, 0, &kernel, NULL), sizeof request);
    assert_true(csk_recvfrom(&s, &answer, sizeof answer, 0, &from) > 0);
    assert_int_equal(answer.head.nlmsg_type, RTM_NEWLINK);
    assert_int_equal(answer.head.nlmsg_seq, 7);
    assert_true(csk_addr_equal(&from, &kernel));
    csk_close(&s);
}

static void two_processes_could_talk(void)
{
    struct csk_socket a = family_socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
    struct csk_socket b = family_socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
    struct csk_addr to, from, own;
    char data[16];

    family_bind(&a, "0,0");
    family_bind(&b, "0,0");
    own = family_own(&a);
    to = family_own(&b);
    assert_int_equal(csk_sendto(&a, "hello", 5, 0, &to, NULL), 5);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 5);
    assert_true(csk_addr_equal(&from, &own));
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(the_kernel_lists_the_links), TEST(two_processes_could_talk))
