/* Every kind of socket that the kernel opens: rules that hold for all families. */
#include "family_test.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAMILIES 48
#define TYPES 5
#define PROTOS 8

typedef void kind_fn(int family, int type, int proto);

static bool opens(int family, int type, int proto)
{
    int fd = socket(family, type | SOCK_CLOEXEC, proto);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Return whether to try a kind: the kernel tries to load a module for each unknown one, which is
 * slow. All protocols are tried for the internet families; few other families lack protocol 0. */
static bool is_worth_trying(int family, int type, int proto)
{
    bool internet = family == AF_INET || family == AF_INET6;
    bool many = family == AF_NETLINK || family == AF_CAN || family == AF_BLUETOOTH;

    return internet ? proto == (type == SOCK_RAW ? IPPROTO_ICMP : 0) : many || proto < 2;
}

/* Call a function for every kind of socket. */
static void for_every_kind(kind_fn *function)
{
    int kinds = 0;

    signal(SIGPIPE, SIG_IGN);
    for (int family = 1; family < FAMILIES; family++) {
        for (int type = 1; type <= TYPES; type++) {
            for (int proto = 0; proto < PROTOS; proto++) {
                errno = 0;
                if (is_worth_trying(family, type, proto) && opens(family, type, proto)) {
                    function(family, type, proto);
                    kinds++;
                }
                if (errno == EAFNOSUPPORT) /* of any type */
                    proto = type = PROTOS;
            }
        }
    }
    print_message("%d kinds of socket\n", kinds);
    assert_true(kinds > 3);
}

/* The result of a system call made without the library: a number or -errno. */
static ssize_t plain_recvmsg(int fd, struct csk_msg *msg)
{
    struct msghdr h = { .msg_name = &msg->addr->sa,
                        .msg_namelen = sizeof msg->addr->storage,
                        .msg_iov = msg->buffers,
                        .msg_iovlen = msg->buffer_count,
                        .msg_control = msg->control,
                        .msg_controllen = msg->control_size };
    ssize_t n = recvmsg(fd, &h, MSG_DONTWAIT);

    return n < 0 ? -errno : n;
}

static void compare_calls(int family, int type, int proto)
{
    _Alignas(size_t) char control[512];
    char data[64];
    struct iovec part = { data, sizeof data };
    struct csk_addr from;
    struct csk_msg msg = { .buffers = &part,
                           .buffer_count = 1,
                           .addr = &from,
                           .control = control,
                           .control_size = sizeof control };
    int fd = socket(family, type | SOCK_CLOEXEC, proto);
    ssize_t wanted = plain_recvmsg(fd, &msg), n;
    struct csk_socket s;

    close(fd);
    family_ok(csk_socket(&s, family, type, proto));
    n = csk_recvmsg(&s, &msg, MSG_DONTWAIT);
    csk_close(&s);
    if ((n < 0 || wanted < 0) && n != wanted)
        fail_msg("recvmsg, family %d, type %d, protocol %d: %zd, not %zd", family, type, proto, n,
                 wanted);
    fd = socket(family, type | SOCK_CLOEXEC, proto);
    wanted = send(fd, "x", 1, MSG_DONTWAIT) < 0 ? -errno : 1;
    close(fd);
    family_ok(csk_socket(&s, family, type, proto));
    n = csk_send(&s, "x", 1, MSG_DONTWAIT);
    csk_close(&s);
    if (n != wanted)
        fail_msg("send, family %d, type %d, protocol %d: %zd, not %zd", family, type, proto, n,
                 wanted);
}

static void no_call_fails_because_of_a_flag_that_was_not_requested(void)
{
    for_every_kind(compare_calls);
}

static void check_kind(const struct csk_socket *s, int family, int type, int proto)
{
    if (s->family != family || s->type != type || s->proto != proto)
        fail_msg("family %d, type %d, protocol %d: detected %d, %d, %d", family, type, proto,
                 s->family, s->type, s->proto);
}

/* The kernel's own answer: AF_UNIX turns SOCK_RAW into SOCK_DGRAM, AF_INET with SOCK_PACKET is
 * AF_PACKET, and several families choose the protocol themselves. */
static int kernel_number(int fd, int option)
{
    socklen_t size = sizeof(int);
    int number;

    assert_int_equal(getsockopt(fd, SOL_SOCKET, option, &number, &size), 0);
    return number;
}

static void duplicate(int family, int type, int proto)
{
    struct csk_socket s, copy;
    int fd, kernel_family, kernel_type, kernel_proto;

    family_ok(csk_socket(&s, family, type, proto));
    kernel_family = kernel_number(s.fd, SO_DOMAIN);
    kernel_type = kernel_number(s.fd, SO_TYPE);
    kernel_proto = kernel_number(s.fd, SO_PROTOCOL);
    family_ok(csk_dup(&s, &copy));
    check_kind(&copy, family, type, proto);
    family_ok(csk_close(&copy));
    family_ok(csk_fromfd(&copy, s.fd, family, type, proto));
    check_kind(&copy, family, type, proto);
    family_ok(csk_close(&copy));
    family_ok(csk_fromfd(&copy, s.fd, CSK_DETECT, CSK_DETECT, CSK_DETECT));
    check_kind(&copy, kernel_family, kernel_type, kernel_proto);
    family_ok(csk_close(&copy));
    fd = csk_detach(&s);
    family_ok(csk_adopt(&s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT));
    check_kind(&s, kernel_family, kernel_type, kernel_proto);
    assert_int_equal(csk_detach(&s), fd);
    family_ok(csk_adopt(&s, fd, family, type, proto));
    check_kind(&s, family, type, proto);
    family_ok(csk_close(&s));
}

static void every_socket_can_be_duplicated_and_adopted(void)
{
    for_every_kind(duplicate);
}

TESTS(TEST(no_call_fails_because_of_a_flag_that_was_not_requested),
      TEST(every_socket_can_be_duplicated_and_adopted))
