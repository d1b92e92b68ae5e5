/* Opening, pairing and closing sockets, their names and their modes (mode.c). */
#include "sockets.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>

static bool is_cloexec(int fd)
{
    return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

static bool is_nonblocking(int fd)
{
    return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

static void socket_stores_family_type_and_protocol(void)
{
    struct csk_socket s;

    memset(&s, 0x55, sizeof s);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
    assert_int_equal(s.family, AF_INET);
    assert_int_equal(s.type, SOCK_DGRAM);
    assert_int_equal(s.proto, IPPROTO_UDP);
    assert_int_equal(s.timeout, -1);
    assert_null(s.on_interrupt);
    assert_int_equal(csk_fileno(&s), s.fd);
    assert_true(is_cloexec(s.fd));
    assert_int_equal(csk_close(&s), 0);
    assert_int_equal(s.fd, -1);
    assert_int_equal(csk_fileno(&s), -1);
    assert_int_equal(csk_close(&s), 0);
}

static void type_flags_act_and_are_not_kept(void)
{
    struct csk_socket s;

    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 0);
    assert_int_equal(s.type, SOCK_STREAM);
    assert_int_equal(csk_gettimeout(&s), 0);
    assert_true(is_nonblocking(s.fd));
    csk_close(&s);
}

static void an_unknown_family_or_type_leaves_a_closed_socket(void)
{
    struct csk_socket s, pair[2];

    memset(&s, 0x55, sizeof s);
    assert_int_equal(csk_socket(&s, 12345, SOCK_STREAM, 0), -EAFNOSUPPORT);
    assert_int_equal(s.fd, -1);
    assert_int_equal(csk_socket(&s, AF_UNIX, 99, 0), -EINVAL);
    assert_int_equal(s.fd, -1);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 9999), -EINVAL);
    memset(pair, 0x55, sizeof pair);
    assert_int_equal(csk_socketpair(pair, AF_INET, SOCK_STREAM, 0), -EOPNOTSUPP);
    assert_int_equal(pair[0].fd, -1);
    assert_int_equal(pair[1].fd, -1);
}

static void adopt_detects_family_type_and_protocol(void)
{
    struct csk_socket s, t;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_adopt(&t, s.fd, CSK_DETECT, CSK_DETECT, CSK_DETECT), 0);
    assert_int_equal(t.fd, s.fd);
    assert_int_equal(t.family, AF_INET);
    assert_int_equal(t.type, SOCK_DGRAM);
    assert_int_equal(t.proto, IPPROTO_UDP);
    assert_int_equal(csk_adopt(&t, s.fd, AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 7), 0);
    assert_int_equal(t.family, AF_INET6);
    assert_int_equal(t.type, SOCK_STREAM);
    assert_int_equal(t.proto, 7);
    /* A type of 0 is accepted as well, and the socket owns the descriptor. */
    assert_int_equal(csk_adopt(&t, s.fd, AF_INET6, 0, 7), 0);
    assert_int_equal(csk_fileno(&t), s.fd);
    assert_int_equal(csk_close(&t), 0);
    assert_int_equal(csk_close(&s), -EBADF);
}

static void adopt_refuses_descriptors_that_are_not_sockets(void)
{
    struct csk_socket s;
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(csk_adopt(&s, fds[0], CSK_DETECT, CSK_DETECT, CSK_DETECT), -ENOTSOCK);
    assert_int_equal(s.fd, -1);
    assert_int_equal(csk_adopt(&s, -1, CSK_DETECT, CSK_DETECT, CSK_DETECT), -EBADF);
    close(fds[1]);
    assert_int_equal(csk_adopt(&s, fds[1], AF_INET, SOCK_STREAM, 0), -EBADF);
    assert_int_equal(csk_fromfd(&s, -1, AF_INET, SOCK_STREAM, 0), -EBADF);
    assert_int_equal(csk_fromfd(&s, fds[0], CSK_DETECT, CSK_DETECT, CSK_DETECT), -ENOTSOCK);
    assert_int_equal(csk_adopt(&s, fds[0], AF_INET, SOCK_STREAM, 0), -ENOTSOCK);
    close(fds[0]);
}

static void fromfd_and_dup_duplicate_the_descriptor(void)
{
    struct csk_socket pair[2], copy, other;
    char data[4];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 5 * SECOND), 0);
    pair[0].on_interrupt = test_on_interrupt;
    assert_int_equal(csk_dup(&pair[0], &copy), 0);
    assert_int_not_equal(copy.fd, pair[0].fd);
    assert_true(is_cloexec(copy.fd));
    assert_int_equal(copy.timeout, 5 * SECOND);
    assert_ptr_equal(copy.on_interrupt, test_on_interrupt);
    assert_int_equal(csk_fromfd(&other, pair[0].fd, CSK_DETECT, CSK_DETECT, CSK_DETECT), 0);
    assert_int_equal(other.family, AF_UNIX);
    assert_true(is_cloexec(other.fd));
    assert_int_equal(csk_close(&pair[0]), 0);
    assert_int_equal(csk_send(&copy, "a", 1, 0), 1);
    assert_int_equal(csk_send(&other, "b", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[1], data, 2, MSG_WAITALL), 2);
    csk_close(&copy);
    csk_close(&other);
    csk_close(&pair[1]);
    assert_int_equal(csk_dup(&pair[0], &copy), -EBADF);
    assert_int_equal(copy.fd, -1);
}

static void detach_leaves_the_descriptor_open(void)
{
    struct csk_socket s;
    int fd;

    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_STREAM, 0), 0);
    fd = csk_detach(&s);
    assert_true(fd >= 0);
    assert_int_equal(s.fd, -1);
    assert_int_equal(csk_detach(&s), -1);
    assert_int_equal(csk_close(&s), 0);
    assert_int_equal(csk_close_fd(fd), 0);
    assert_int_equal(csk_close_fd(fd), -EBADF);
}

static void timeouts_set_the_mode(void)
{
    struct csk_socket s;

    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_true(csk_getblocking(&s));
    assert_false(is_nonblocking(s.fd));
    assert_int_equal(csk_settimeout(&s, 7), 0);
    assert_int_equal(csk_gettimeout(&s), 7);
    assert_true(csk_getblocking(&s));
    assert_true(is_nonblocking(s.fd));
    assert_int_equal(csk_setblocking(&s, false), 0);
    assert_false(csk_getblocking(&s));
    assert_int_equal(csk_settimeout(&s, -12345), 0);
    assert_int_equal(csk_gettimeout(&s), -1);
    assert_false(is_nonblocking(s.fd));
    csk_close(&s);
    assert_int_equal(csk_settimeout(&s, 5), -EBADF);
    assert_int_equal(csk_gettimeout(&s), -1);
}

static void new_sockets_have_the_default_timeout(void)
{
    struct csk_socket s, pair[2], adopted;

    assert_int_equal(csk_getdefaulttimeout(), -1);
    csk_setdefaulttimeout(3 * SECOND);
    assert_int_equal(csk_getdefaulttimeout(), 3 * SECOND);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(s.timeout, 3 * SECOND);
    assert_true(is_nonblocking(s.fd));
    test_pair(pair, SOCK_STREAM);
    assert_int_equal(pair[1].timeout, 3 * SECOND);
    csk_setdefaulttimeout(0);
    assert_int_equal(csk_adopt(&adopted, pair[0].fd, CSK_DETECT, CSK_DETECT, CSK_DETECT), 0);
    assert_int_equal(adopted.timeout, 0);
    csk_setdefaulttimeout(-5);
    assert_int_equal(csk_getdefaulttimeout(), -1);
    csk_close(&s);
    test_close(pair);
}

static void a_timeout_beyond_int_max_milliseconds_works(void)
{
    struct csk_socket pair[2];
    char data[4];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], INT64_C(4000000000) * MS), 0);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    pair[0].wait_first = 1;
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
    assert_int_equal(csk_settimeout(&pair[0], INT64_MAX), 0);
    pair[0].on_interrupt = test_on_interrupt;
    test_interrupt_limit = 1;
    test_alarm_every(10);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), CSK_EINTERRUPTED);
    test_close(pair);
}

static void inheritable_can_be_set_and_cleared(void)
{
    struct csk_socket s;

    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_get_inheritable(&s), 0);
    assert_int_equal(csk_set_inheritable(&s, true), 0);
    assert_int_equal(csk_get_inheritable(&s), 1);
    assert_int_equal(csk_set_inheritable(&s, false), 0);
    assert_true(is_cloexec(s.fd));
    csk_close(&s);
    assert_int_equal(csk_get_inheritable(&s), -EBADF);
    assert_int_equal(csk_set_inheritable(&s, true), -EBADF);
}

static void shutdown_ends_each_direction(void)
{
    struct csk_socket pair[2];
    char data[4];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_shutdown(&pair[0], SHUT_WR), 0);
    assert_int_equal(csk_recv(&pair[1], data, 1, 0), 0);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), 1);
    assert_int_equal(csk_shutdown(&pair[0], 99), -EINVAL);
    test_close(pair);
    assert_int_equal(csk_shutdown(&pair[0], SHUT_RD), -EBADF);
}

static void names_are_returned(void)
{
    struct csk_socket pair[2], s;
    struct csk_addr here, there;

    test_tcp_pair(pair);
    assert_int_equal(csk_getsockname(&pair[0], &here), 0);
    assert_int_equal(csk_getpeername(&pair[1], &there), 0);
    assert_int_equal(here.len, sizeof(struct sockaddr_in));
    assert_int_equal(there.len, here.len);
    assert_memory_equal(&here.sa, &there.sa, here.len);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_getpeername(&s, &there), -ENOTCONN);
    csk_close(&s);
    assert_int_equal(csk_getsockname(&s, &there), -EBADF);
    test_close(pair);
}

static void bind_and_listen_report_the_system(void)
{
    struct csk_socket listener, s;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_bind(&s, &addr, NULL), -EADDRINUSE);
    assert_int_equal(csk_listen(&listener, -7), 0);
    assert_int_equal(csk_listen(&listener, INT_MAX), 0);
    csk_close(&s);
    assert_int_equal(csk_listen(&s, 1), -EBADF);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_listen(&s, 1), -EOPNOTSUPP);
    csk_close(&s);
    csk_close(&listener);
}

static void null_is_refused(void)
{
    struct csk_socket s = CSK_SOCKET_INIT;
    struct csk_addr addr = { .len = 0 };

    assert_int_equal(csk_socket(NULL, AF_INET, SOCK_STREAM, 0), CSK_ENULL);
    assert_int_equal(csk_socketpair(NULL, AF_UNIX, SOCK_STREAM, 0), CSK_ENULL);
    assert_int_equal(csk_adopt(NULL, 0, 0, 0, 0), CSK_ENULL);
    assert_int_equal(csk_fromfd(NULL, 0, 0, 0, 0), CSK_ENULL);
    assert_int_equal(csk_dup(&s, NULL), CSK_ENULL);
    assert_int_equal(csk_dup(NULL, &s), CSK_ENULL);
    assert_int_equal(csk_detach(NULL), CSK_ENULL);
    assert_int_equal(csk_close(NULL), CSK_ENULL);
    assert_int_equal(csk_shutdown(NULL, SHUT_RD), CSK_ENULL);
    assert_int_equal(csk_fileno(NULL), CSK_ENULL);
    assert_int_equal(csk_get_inheritable(NULL), CSK_ENULL);
    assert_int_equal(csk_set_inheritable(NULL, true), CSK_ENULL);
    assert_int_equal(csk_settimeout(NULL, 0), CSK_ENULL);
    assert_int_equal(csk_gettimeout(NULL), CSK_ENULL);
    assert_int_equal(csk_setblocking(NULL, true), CSK_ENULL);
    assert_false(csk_getblocking(NULL));
    assert_int_equal(csk_bind(&s, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_bind(NULL, &addr, NULL), CSK_ENULL);
    assert_int_equal(csk_listen(NULL, 1), CSK_ENULL);
    assert_int_equal(csk_getsockname(&s, NULL), CSK_ENULL);
    assert_int_equal(csk_getsockname(NULL, &addr), CSK_ENULL);
    assert_int_equal(csk_getpeername(&s, NULL), CSK_ENULL);
    assert_int_equal(csk_getpeername(NULL, &addr), CSK_ENULL);
}

static void the_socket_begins_with_the_members_of_the_binary_interface(void)
{
    struct beginning {
        int fd, family, type, proto;
        void *on_interrupt;
        int64_t timeout;
    };

    assert_int_equal(offsetof(struct csk_socket, fd), 0);
    assert_int_equal(offsetof(struct csk_socket, family), 4);
    assert_int_equal(offsetof(struct csk_socket, type), 8);
    assert_int_equal(offsetof(struct csk_socket, proto), 12);
    assert_int_equal(offsetof(struct csk_socket, on_interrupt), 16);
    assert_int_equal(offsetof(struct csk_socket, timeout), offsetof(struct beginning, timeout));
}

static void a_zeroed_socket_is_closed(void)
{
    struct csk_socket s;

    memset(&s, 0, sizeof s);
    assert_int_equal(csk_fileno(&s), -1);
    assert_int_equal(csk_detach(&s), -1);
    assert_int_equal(csk_close(&s), 0);
    assert_true(fcntl(0, F_GETFD) >= 0);
}

static void the_deadline_is_kept_until_it_is_changed(void)
{
    struct csk_socket s = CSK_SOCKET_INIT;
    int64_t when = csk_now() + SECOND;

    assert_int_equal(csk_getdeadline(&s), 0);
    assert_int_equal(csk_setdeadline(&s, when), 0);
    assert_true(csk_getdeadline(&s) == when);
    assert_int_equal(csk_setdeadline(&s, -1), CSK_ERANGE);
    assert_true(csk_getdeadline(&s) == when);
    assert_int_equal(csk_setdeadline(&s, 0), 0);
    assert_int_equal(csk_getdeadline(&s), 0);
}

static void a_pair_is_connected_both_ways(void)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    struct csk_socket pair[2];
    char data[8];

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

static void a_pair_may_be_nonblocking_from_the_start(void)
{
    struct csk_socket pair[2];
    char data[8];

    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
    assert_int_equal(csk_recv(&pair[0], data, 1, 0), -EAGAIN);
    assert_int_equal(csk_recv(&pair[1], data, 1, 0), -EAGAIN);
    assert_int_equal(csk_get_inheritable(&pair[0]), 0);
    assert_int_equal(csk_get_inheritable(&pair[1]), 0);
    test_close(pair);
}

static void a_duplicate_has_all_settings_of_the_original(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    struct csk_socket pair[2], copy, adopted;
    int64_t deadline = csk_now() + 100 * SECOND;
    int context;
    char byte;

    test_pair(pair, SOCK_STREAM);
    csk_setinterrupt(&pair[0], test_on_interrupt, &context, 0);
    pair[0].cancel = &cancel;
    csk_setdeadline(&pair[0], deadline);
    assert_int_equal(csk_settimeout(&pair[0], 5 * SECOND), 0);
    assert_int_equal(csk_dup(&pair[0], &copy), 0);
    assert_ptr_equal(copy.on_interrupt, test_on_interrupt);
    assert_ptr_equal(copy.context, &context);
    assert_ptr_equal(copy.cancel, &cancel);
    assert_true(csk_getdeadline(&copy) == deadline);
    assert_int_equal(csk_gettimeout(&copy), 5 * SECOND);
    copy.cancel = NULL;
    csk_setdeadline(&pair[0], 1);
    assert_int_equal(csk_send(&copy, "x", 1, 0), 1);
    /* The deadline takes effect and is not only stored. */
    csk_close(&copy);
    assert_int_equal(csk_dup(&pair[0], &copy), 0);
    copy.cancel = NULL;
    assert_int_equal(csk_recv(&copy, &byte, 1, 0), CSK_ETIMEDOUT);
    assert_int_equal(csk_adopt(&adopted, csk_detach(&copy), CSK_DETECT, CSK_DETECT, CSK_DETECT), 0);
    assert_null(adopted.on_interrupt);
    assert_null(adopted.context);
    assert_null(adopted.cancel);
    assert_int_equal(csk_getdeadline(&adopted), 0);
    assert_int_equal(csk_gettimeout(&adopted), -1);
    csk_close(&adopted);
    test_close(pair);
}

TESTS(TEST(socket_stores_family_type_and_protocol), TEST(a_zeroed_socket_is_closed),
      TEST(the_deadline_is_kept_until_it_is_changed), TEST(type_flags_act_and_are_not_kept),
      TEST(an_unknown_family_or_type_leaves_a_closed_socket),
      TEST(adopt_detects_family_type_and_protocol),
      TEST(adopt_refuses_descriptors_that_are_not_sockets),
      TEST(fromfd_and_dup_duplicate_the_descriptor), TEST(detach_leaves_the_descriptor_open),
      TEST(timeouts_set_the_mode), TEST(new_sockets_have_the_default_timeout),
      TEST(a_timeout_beyond_int_max_milliseconds_works), TEST(inheritable_can_be_set_and_cleared),
      TEST(shutdown_ends_each_direction), TEST(names_are_returned),
      TEST(bind_and_listen_report_the_system), TEST(null_is_refused),
      TEST(the_socket_begins_with_the_members_of_the_binary_interface),
      TEST(a_pair_is_connected_both_ways), TEST(a_pair_may_be_nonblocking_from_the_start),
      TEST(a_duplicate_has_all_settings_of_the_original))
