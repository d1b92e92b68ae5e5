/* Many messages in one call, with system calls that fail: none is lost or sent twice. */
#include "fault.h"

#include <netinet/udp.h>

#define COUNT 6
#define SIZE 100

static char out[COUNT][SIZE], in[COUNT * SIZE + CSK_RECV_MANY_MIN];
static struct csk_datagram sent[COUNT], got[COUNT];
static const struct csk_recv_memory memory = { .data = in,
                                               .size = sizeof in,
                                               .message_size = SIZE };

static void prepare(struct world *w)
{
    struct csk_addr own;

    test_udp(&w->t[0], &own);
    test_udp(&w->t[1], &w->addr);
    assert_int_equal(csk_settimeout(&w->t[0], w->timeout), 0);
    for (int i = 0; i < COUNT; i++) {
        memset(out[i], 'a' + i, SIZE);
        sent[i] = (struct csk_datagram){ .data = out[i], .size = SIZE, .addr = &w->addr };
    }
}

/* Exactly the first count messages arrived, each once. */
static void compare(struct world *w, int64_t count)
{
    ssize_t n;

    assert_int_equal(csk_settimeout(&w->t[1], 0), 0);
    for (int64_t i = 0; i < count; i++) {
        n = csk_recv(&w->t[1], in, sizeof in, 0);
        assert_int_equal(n, sent[i].size);
        assert_memory_equal(in, out[i], n);
    }
    assert_int_equal(csk_recv(&w->t[1], in, sizeof in, 0), -EAGAIN);
}

static void check_sent(struct world *w, int64_t result)
{
    compare(w, result < 0 ? 0 : result);
}

static int64_t run_send(struct world *w)
{
    return csk_send_many(&w->t[0], sent, COUNT, 0, NULL);
}

OPERATION(send_many_to_one_address_handles_errors, .prepare = prepare, .run = run_send,
          .check = check_sent, .other_errors = true)

static void prepare_sizes(struct world *w)
{
    prepare(w);
    for (size_t i = 0; i < COUNT; i++)
        sent[i].size = SIZE - COUNT + i;
}

OPERATION(send_many_of_several_sizes_handles_errors, .prepare = prepare_sizes, .run = run_send,
          .check = check_sent, .other_errors = true)

static int64_t run_segments(struct world *w)
{
    return csk_send_segments(&w->t[0], out, sizeof out, SIZE, 0, &w->addr, NULL);
}

OPERATION(send_segments_handles_errors, .prepare = prepare, .run = run_segments,
          .check = check_sent, .other_errors = true)

static void prepare_receive(struct world *w)
{
    prepare(w);
    assert_int_equal(csk_send_many(&w->t[0], sent, COUNT, 0, NULL), COUNT);
    assert_int_equal(csk_settimeout(&w->t[1], w->timeout), 0);
}

static int64_t run_receive(struct world *w)
{
    return csk_recv_many(&w->t[1], got, COUNT, &memory, 0);
}

/* Messages that were not received are still queued. */
static void check_received(struct world *w, int64_t result)
{
    if (result < 0)
        compare(w, COUNT);
    for (int64_t i = 0; i < result; i++)
        assert_memory_equal(got[i].data, out[i], SIZE);
}

OPERATION(recv_many_handles_errors, .prepare = prepare_receive, .run = run_receive,
          .check = check_received, .other_errors = true)

/* The first attempt to send segments is refused: the rest of the call does not use them. */
static void a_device_that_refuses_segments_gets_datagrams(void)
{
    static const int errors[] = { EINVAL, EIO, EMSGSIZE, EOPNOTSUPP };
    static const struct csk_socket closed = CSK_SOCKET_INIT;

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct world w = { .t = { closed, closed }, .timeout = -1 };

        prepare(&w);
        fault_arm(CALL_sendmsg, errors[i], 1);
        assert_int_equal(run_send(&w), COUNT);
        assert_int_equal(fault_calls(CALL_sendmmsg), 1);
        fault_arm(CALL_sendmsg, errors[i], 1);
        assert_int_equal(run_segments(&w), COUNT);
        fault_limit_transfers(0);
        csk_close(&w.t[0]);
        csk_settimeout(&w.t[1], 0);
        for (int j = 0; j < 2 * COUNT; j++) {
            assert_int_equal(csk_recv(&w.t[1], in, sizeof in, 0), SIZE);
            assert_memory_equal(in, out[j % COUNT], SIZE);
        }
        assert_int_equal(csk_recv(&w.t[1], in, sizeof in, 0), -EAGAIN);
        csk_close(&w.t[1]);
    }
}

/* A kernel without the calls, or without the option. */
static void old_kernels_send_and_receive_singly(void)
{
    static const struct csk_socket closed = CSK_SOCKET_INIT;
    static const enum call missing[] = { CALL_sendmmsg, CALL_recvmmsg, CALL_getsockopt };
    struct world w = { .t = { closed, closed }, .timeout = -1 };

    prepare_sizes(&w);
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        fault_arm(missing[i], missing[i] == CALL_getsockopt ? ENOPROTOOPT : ENOSYS, 1000);
        assert_int_equal(run_send(&w), COUNT);
        assert_int_equal(csk_recv_many(&w.t[1], got, COUNT, &memory, 0), COUNT);
        for (size_t j = 0; j < COUNT; j++) {
            assert_int_equal(got[j].size, sent[j].size);
            assert_memory_equal(got[j].data, out[j], got[j].size);
        }
    }
    fault_limit_transfers(0);
    csk_close(&w.t[0]);
    csk_close(&w.t[1]);
}

/* The results of the error queue's calls if the system call fails. */
static void the_error_queues_calls_return_the_error(void)
{
    static const int errors[] = { EAGAIN, EBADF, ENOMEM, ENOTSOCK };
    struct csk_queued_error entry;
    struct csk_socket pair[2];
    bool pending;
    uint32_t id;

    test_tcp_pair(pair);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        fault_arm(CALL_recvmsg, errors[i], 1);
        assert_int_equal(csk_recv_error(&pair[0], &entry, NULL, 0), -errors[i]);
        fault_arm(CALL_setsockopt, errors[i], 1);
        assert_int_equal(csk_enable_timestamps(&pair[0], true, NULL), -errors[i]);
        fault_arm(CALL_setsockopt, errors[i], 1);
        assert_int_equal(csk_send_zerocopy(&pair[0], "x", 1, 0, &id, &pending, NULL), -errors[i]);
    }
    fault_arm(CALL_recvmsg, EINTR, 3);
    assert_int_equal(csk_recv_error(&pair[0], &entry, NULL, 0), -EAGAIN);
    fault_arm(CALL_setsockopt, EINVAL, 2); /* kernels with fewer flags */
    assert_int_equal(csk_enable_timestamps(&pair[0], true, NULL), 0);
    fault_limit_transfers(0);
    test_close(pair);
}

/* Without memory for a completion the bytes are copied, and no completion is pending. */
static void a_zero_copy_send_without_memory_copies(void)
{
    struct csk_error error = { 0 };
    struct csk_socket pair[2];
    bool pending = true;
    uint32_t id;

    test_tcp_pair(pair);
    if (csk_send_zerocopy(&pair[0], "x", 1, 0, &id, &pending, &error) < 0)
        test_skip("%s", error.text);
    fault_arm(CALL_send, ENOBUFS, 1);
    assert_int_equal(csk_send_zerocopy(&pair[0], "y", 1, 0, &id, &pending, NULL), 1);
    assert_false(pending);
    fault_arm(CALL_send, EPIPE, 1);
    assert_int_equal(csk_send_zerocopy(&pair[0], "y", 1, 0, &id, &pending, &error), -EPIPE);
    assert_false(pending);
    fault_limit_transfers(0);
    assert_int_equal(csk_recv(&pair[1], in, 2, MSG_WAITALL), 2);
    test_close(pair);
}

TESTS(TEST(the_error_queues_calls_return_the_error), TEST(a_zero_copy_send_without_memory_copies),
      TEST(send_many_to_one_address_handles_errors),
      TEST(send_many_of_several_sizes_handles_errors), TEST(send_segments_handles_errors),
      TEST(recv_many_handles_errors), TEST(a_device_that_refuses_segments_gets_datagrams),
      TEST(old_kernels_send_and_receive_singly))
