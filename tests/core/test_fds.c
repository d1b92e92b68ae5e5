/* Descriptors sent and received. */
#include "sockets.h"

#include <fcntl.h>

static void descriptors_arrive_close_on_exec(void)
{
    struct iovec parts[2] = { { (void *)"a", 1 }, { (void *)"bc", 2 } };
    struct csk_socket pair[2];
    size_t count = 8;
    int fds[2], got[8], flags = 0;
    char data[8];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(csk_send_fds(&pair[0], parts, 2, fds, 2, 0, NULL, NULL), 3);
    assert_int_equal(csk_recv_fds(&pair[1], data, sizeof data, got, &count, &flags, NULL), 3);
    assert_memory_equal(data, "abc", 3);
    assert_int_equal(count, 2);
    assert_int_equal(flags, 0);
    assert_true(fcntl(got[0], F_GETFD) & FD_CLOEXEC);
    assert_int_equal(write(got[1], "x", 1), 1);
    assert_int_equal(read(fds[0], data, 1), 1);
    for (int i = 0; i < 2; i++) {
        close(fds[i]);
        close(got[i]);
    }
    test_close(pair);
}

static void descriptors_that_do_not_fit_are_closed_and_reported(void)
{
    struct iovec part = { (void *)"a", 1 };
    struct csk_socket pair[2];
    size_t count = 1;
    int fds[3] = { 0, 1, 2 }, got[4], flags = 0, before;
    char data[8];

    test_pair(pair, SOCK_DGRAM);
    before = test_open_descriptors();
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 3, 0, NULL, NULL), 1);
    assert_int_equal(csk_recv_fds(&pair[1], data, sizeof data, got, &count, &flags, NULL), 1);
    assert_int_equal(flags & MSG_CTRUNC, MSG_CTRUNC);
    for (size_t i = 0; i < count; i++)
        close(got[i]);
    assert_int_equal(test_open_descriptors(), before);
    /* One descriptor too many would still fit into the padding at the end. */
    count = 1;
    flags = 0;
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 2, 0, NULL, NULL), 1);
    assert_int_equal(csk_recv_fds(&pair[1], data, sizeof data, got, &count, &flags, NULL), 1);
    assert_int_equal(count, 1);
    assert_int_equal(flags & MSG_CTRUNC, MSG_CTRUNC);
    close(got[0]);
    assert_int_equal(test_open_descriptors(), before);
    count = 0;
    flags = 0;
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 3, 0, NULL, NULL), 1);
    assert_int_equal(csk_recv_fds(&pair[1], data, sizeof data, NULL, &count, &flags, NULL), 1);
    assert_int_equal(count, 0);
    assert_int_equal(flags & MSG_CTRUNC, MSG_CTRUNC);
    assert_int_equal(test_open_descriptors(), before);
    test_close(pair);
}

static void flags_and_address_are_honoured(void)
{
    struct iovec part = { (void *)"a", 1 };
    struct csk_socket pair[2];
    struct csk_addr wrong = test_loopback(1);
    size_t count = 1;
    int fd = 0, got, flags = MSG_DONTWAIT;
    char data[8];

    test_pair(pair, SOCK_DGRAM);
    assert_int_equal(csk_recv_fds(&pair[1], data, 8, &got, &count, &flags, NULL), -EAGAIN);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, &fd, 1, 0, &wrong, NULL), -EINVAL);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, &fd, 1, MSG_DONTWAIT, NULL, NULL), 1);
    flags = MSG_PEEK;
    assert_int_equal(csk_recv_fds(&pair[1], data, 8, &got, &count, &flags, NULL), 1);
    close(got);
    flags = 0;
    count = 1;
    assert_int_equal(csk_recv_fds(&pair[1], data, 8, &got, &count, &flags, NULL), 1);
    assert_int_equal(count, 1);
    close(got);
    test_close(pair);
}

/* The result of the C library's sendmsg(2) for that many descriptors: musl has space for fewer than
 * the kernel accepts, and fails with ENOMEM. */
static ssize_t send_by_hand(const struct csk_socket *s, const int *fds, size_t count)
{
    _Alignas(size_t) char control[CMSG_SPACE(253 * sizeof(int))] = { 0 };
    struct iovec part = { (void *)"a", 1 };
    struct msghdr msg = { .msg_iov = &part,
                          .msg_iovlen = 1,
                          .msg_control = control,
                          .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
    struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
    ssize_t n;

    assert_in_range(count, 1, 253);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(head), fds, count * sizeof(int));
    n = sendmsg(s->fd, &msg, 0);
    return n < 0 ? -errno : n;
}

static void the_error_names_the_descriptor_that_is_not_open(void)
{
    struct iovec part = { (void *)"a", 1 };
    struct csk_socket pair[2], closed = { .fd = -1 };
    struct csk_error error;
    int fds[3] = { 0, 987, 0 };

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 3, 0, NULL, &error), -EBADF);
    assert_string_equal(error.text, "send descriptor 987, number 2 of 3: Bad file descriptor");
    closed.type = SOCK_STREAM;
    assert_int_equal(csk_send_fds(&closed, &part, 1, fds, 1, 0, NULL, &error), -EBADF);
    assert_null(strstr(error.text, "descriptor 0"));
    csk_close(&pair[0]);
    csk_close(&pair[1]);
}

/* The kernel takes the descriptors of an empty message of a stream, and closes them. */
static void descriptors_without_data_are_refused_on_a_stream(void)
{
    struct iovec parts[2] = { { (void *)"a", 0 }, { NULL, 0 } };
    struct csk_socket pair[2];
    struct csk_error error;
    int fds[2] = { 0, 1 }, got[2], flags = 0;
    size_t count = 2;
    char data[1];

    test_pair(pair, SOCK_STREAM);
    for (size_t i = 0; i <= 2; i++) {
        assert_int_equal(csk_send_fds(&pair[0], parts, i, fds, 2, 0, NULL, &error), -EINVAL);
        assert_string_equal(error.text,
                            "descriptors are sent with at least one byte: Invalid argument");
    }
    assert_int_equal(csk_send_fds(&pair[0], parts, 2, NULL, 0, 0, NULL, NULL), 0);
    csk_close(&pair[0]);
    csk_close(&pair[1]);
    test_pair(pair, SOCK_SEQPACKET);
    assert_int_equal(csk_send_fds(&pair[0], parts, 1, fds, 2, 0, NULL, NULL), 0);
    assert_int_equal(csk_recv_fds(&pair[1], data, 1, got, &count, &flags, NULL), 0);
    assert_int_equal(count, 2);
    close(got[0]);
    close(got[1]);
    csk_close(&pair[0]);
    csk_close(&pair[1]);
}

static void bad_descriptors_and_too_many_are_refused(void)
{
    struct iovec part = { (void *)"a", 1 };
    struct csk_socket pair[2];
    int many[254] = { 0 }, bad = -1, flags = 0;
    size_t count = 1;
    char data[2];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, &bad, 1, 0, NULL, NULL), -EBADF);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, many, 254, 0, NULL, NULL), -EINVAL);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, many, 253, 0, NULL, NULL),
                     send_by_hand(&pair[0], many, 253));
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, NULL, 1, 0, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_send_fds(&pair[0], NULL, 1, many, 1, 0, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_send_fds(NULL, &part, 1, many, 1, 0, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_recv_fds(&pair[1], NULL, 1, many, &count, &flags, NULL), CSK_ENULL);
    assert_int_equal(csk_recv_fds(&pair[1], data, 1, NULL, &count, &flags, NULL), CSK_ENULL);
    assert_int_equal(csk_recv_fds(&pair[1], data, 1, many, NULL, &flags, NULL), CSK_ENULL);
    assert_int_equal(csk_recv_fds(&pair[1], data, 1, many, &count, NULL, NULL), CSK_ENULL);
    test_close(pair);
}

static void all_descriptors_of_a_message_can_be_closed_in_one_call(void)
{
    struct iovec part = { (void *)"a", 1 };
    _Alignas(size_t) char control[256];
    struct csk_msg msg = {
        .buffers = &part, .buffer_count = 1, .control = control, .control_size = sizeof control
    };
    struct csk_socket pair[2];
    int fds[3] = { 0, 1, 2 }, before;
    char data[2];

    test_pair(pair, SOCK_STREAM);
    before = test_open_descriptors();
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 3, 0, NULL, NULL), 1);
    part.iov_base = data;
    assert_int_equal(csk_recvmsg(&pair[1], &msg, 0), 1);
    assert_int_equal(test_open_descriptors(), before + 3);
    assert_int_equal(csk_cmsg_close_fds(&msg), 3);
    assert_int_equal(test_open_descriptors(), before);
    assert_int_equal(csk_cmsg_close_fds(NULL), CSK_ENULL);
    test_close(pair);
}

/* A socket whose messages carry a pidfd and credentials in addition to the data sent. */
static void pass_pidfd(struct csk_socket *s)
{
    int option = 76; /* SO_PASSPIDFD, Linux 6.5 */

    if (!csk_constant_find("SO_PASSPIDFD") || csk_setsockopt_int(s, SOL_SOCKET, option, 1) < 0)
        test_skip("this kernel has no SO_PASSPIDFD");
    assert_int_equal(csk_setsockopt_int(s, SOL_SOCKET, SO_PASSCRED, 1), 0);
}

static void descriptors_arrive_with_credentials_and_a_pidfd(void)
{
    struct iovec part = { (void *)"a", 1 };
    struct csk_socket pair[2];
    int fds[2] = { 0, 1 }, got[2], flags = 0, before;
    size_t count = 2;
    char data[2];

    test_pair(pair, SOCK_STREAM);
    pass_pidfd(&pair[1]);
    before = test_open_descriptors();
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 2, 0, NULL, NULL), 1);
    assert_int_equal(csk_recv_fds(&pair[1], data, 2, got, &count, &flags, NULL), 1);
    assert_int_equal(count, 2);
    assert_int_equal(flags, 0);
    assert_int_equal(test_open_descriptors(), before + 2);
    close(got[0]);
    close(got[1]);
    /* A message without descriptors, and one without space for any. */
    count = 0;
    assert_int_equal(csk_send(&pair[0], "b", 1, 0), 1);
    assert_int_equal(csk_recv_fds(&pair[1], data, 2, NULL, &count, &flags, NULL), 1);
    assert_int_equal(count, 0);
    assert_int_equal(test_open_descriptors(), before);
    test_close(pair);
}

static void a_pidfd_is_closed_with_the_other_descriptors(void)
{
    struct iovec part = { (void *)"a", 1 };
    _Alignas(size_t) char control[256];
    struct csk_msg msg = {
        .buffers = &part, .buffer_count = 1, .control = control, .control_size = sizeof control
    };
    struct csk_socket pair[2];
    struct csk_cmsg item = { 0 };
    int fds[2] = { 0, 1 }, before, fd, items = 0;
    char data[2];

    test_pair(pair, SOCK_STREAM);
    pass_pidfd(&pair[1]);
    before = test_open_descriptors();
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, fds, 2, 0, NULL, NULL), 1);
    part.iov_base = data;
    assert_int_equal(csk_recvmsg(&pair[1], &msg, 0), 1);
    while (csk_cmsg_next(&msg, &item) > 0) {
        if (item.level != SOL_SOCKET || item.type == SCM_CREDENTIALS)
            continue;
        memcpy(&fd, item.data, sizeof fd);
        assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        items++;
    }
    assert_int_equal(items, 2);
    assert_int_equal(csk_cmsg_close_fds(&msg), 3);
    assert_int_equal(test_open_descriptors(), before);
    test_close(pair);
}

static void descriptors_are_close_on_exec_regardless_of_the_specified_family(void)
{
    struct iovec part = { (void *)"a", 1 };
    struct csk_socket pair[2], other;
    size_t count = 1;
    int fd = 0, got, flags = 0;
    char data[2];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_fromfd(&other, pair[1].fd, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_send_fds(&pair[0], &part, 1, &fd, 1, 0, NULL, NULL), 1);
    assert_int_equal(csk_recv_fds(&other, data, 2, &got, &count, &flags, NULL), 1);
    assert_int_equal(count, 1);
    assert_true(fcntl(got, F_GETFD) & FD_CLOEXEC);
    close(got);
    csk_close(&other);
    test_close(pair);
}

TESTS(TEST(descriptors_arrive_close_on_exec),
      TEST(descriptors_that_do_not_fit_are_closed_and_reported),
      TEST(flags_and_address_are_honoured), TEST(bad_descriptors_and_too_many_are_refused),
      TEST(the_error_names_the_descriptor_that_is_not_open),
      TEST(descriptors_without_data_are_refused_on_a_stream),
      TEST(all_descriptors_of_a_message_can_be_closed_in_one_call),
      TEST(descriptors_arrive_with_credentials_and_a_pidfd),
      TEST(a_pidfd_is_closed_with_the_other_descriptors),
      TEST(descriptors_are_close_on_exec_regardless_of_the_specified_family))
