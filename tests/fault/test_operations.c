/* Every call of every operation fails with every error that it can return. */
#include "fault.h"

#include <fcntl.h>

static int64_t run_socket(struct world *w)
{
    return csk_socket(&w->s, AF_INET, SOCK_STREAM, 0);
}

OPERATION(socket_handles_errors, .run = run_socket, .check = fault_opened_or_closed)

static void set_default_timeout(struct world *w)
{
    (void)w;
    csk_setdefaulttimeout(5 * SECOND);
}

OPERATION(socket_with_a_default_timeout_handles_errors, .prepare = set_default_timeout,
          .run = run_socket, .check = fault_opened_or_closed)

static int64_t run_adopt(struct world *w)
{
    return csk_adopt(&w->s, w->fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);
}

static void prepare_adopt(struct world *w)
{
    w->fd = dup(w->pair[0].fd);
    fcntl(w->fd, F_SETFD, FD_CLOEXEC);
}

/* If adoption fails, the caller still owns the descriptor. */
static void check_adopt(struct world *w, int64_t result)
{
    if (result == 0)
        w->fd = -1;
    else
        assert_true(fcntl(w->fd, F_GETFD) >= 0);
    fault_opened_or_closed(w, result);
}

/* Without SO_DOMAIN, getsockname is called. */
OPERATION(adopt_handles_errors, .prepare = prepare_adopt, .run = run_adopt, .check = check_adopt,
          .other_errors = true)

static int64_t run_fromfd(struct world *w)
{
    return csk_fromfd(&w->s, w->pair[0].fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);
}

OPERATION(fromfd_handles_errors, .run = run_fromfd, .check = fault_opened_or_closed,
          .other_errors = true)

static int64_t run_dup(struct world *w)
{
    return csk_dup(&w->pair[0], &w->s);
}

OPERATION(dup_handles_errors, .run = run_dup, .check = fault_opened_or_closed)

static int64_t run_socketpair(struct world *w)
{
    return csk_socketpair(w->t, AF_UNIX, SOCK_STREAM, 0);
}

static void check_socketpair(struct world *w, int64_t result)
{
    if (result < 0) {
        assert_int_equal(w->t[0].fd, -1);
        assert_int_equal(w->t[1].fd, -1);
    } else {
        assert_int_equal(csk_send(&w->t[0], "x", 1, 0), 1);
    }
}

OPERATION(socketpair_handles_errors, .run = run_socketpair, .check = check_socketpair)
OPERATION(socketpair_with_a_default_timeout_handles_errors, .prepare = set_default_timeout,
          .run = run_socketpair, .check = check_socketpair)

static int64_t run_close(struct world *w)
{
    return csk_close(&w->pair[0]);
}

static void check_closed(struct world *w, int64_t result)
{
    char byte;

    (void)result;
    assert_int_equal(w->pair[0].fd, -1);
    assert_int_equal(csk_recv(&w->pair[1], &byte, 1, 0), 0);
}

OPERATION(close_closes_despite_errors, .run = run_close, .check = check_closed)

static int64_t run_shutdown(struct world *w)
{
    return csk_shutdown(&w->pair[0], SHUT_WR);
}

static void check_shutdown(struct world *w, int64_t result)
{
    char byte;

    if (result < 0) {
        fault_pair_works(w);
    } else {
        assert_int_equal(csk_recv(&w->pair[1], &byte, 1, 0), 0);
    }
}

OPERATION(shutdown_handles_errors, .run = run_shutdown, .check = check_shutdown)

static int64_t run_settimeout(struct world *w)
{
    return csk_settimeout(&w->pair[0], 7 * SECOND);
}

/* After a failure the timeout is unchanged. */
static void check_settimeout(struct world *w, int64_t result)
{
    assert_int_equal(csk_gettimeout(&w->pair[0]), result < 0 ? w->timeout : 7 * SECOND);
    fault_pair_works(w);
}

OPERATION(settimeout_handles_errors, .run = run_settimeout, .check = check_settimeout)

static int64_t run_set_inheritable(struct world *w)
{
    return csk_set_inheritable(&w->pair[0], true);
}

static void check_set_inheritable(struct world *w, int64_t result)
{
    assert_int_equal(csk_get_inheritable(&w->pair[0]), result == 0);
    fault_pair_works(w);
}

OPERATION(set_inheritable_handles_errors, .run = run_set_inheritable,
          .check = check_set_inheritable)

static int64_t run_get_inheritable(struct world *w)
{
    return csk_get_inheritable(&w->pair[0]);
}

static struct csk_cancel cancel;

static int64_t run_cancel_fileno(struct world *w)
{
    int64_t n = csk_cancel_fileno(&cancel);

    (void)w;
    return n < 0 ? n : 0;
}

static void check_cancel_fileno(struct world *w, int64_t result)
{
    fault_pair_works(w);
    if (result < 0)
        assert_true(csk_cancel_fileno(&cancel) >= 0);
    csk_cancel_close(&cancel);
}

OPERATION(cancel_fileno_handles_errors, .run = run_cancel_fileno, .check = check_cancel_fileno)

OPERATION(get_inheritable_handles_errors, .run = run_get_inheritable)

static void prepare_bind(struct world *w)
{
    w->addr = test_loopback(0);
    assert_int_equal(csk_socket(&w->s, AF_INET, SOCK_STREAM, 0), 0);
}

static int64_t run_bind(struct world *w)
{
    return csk_bind(&w->s, &w->addr, NULL);
}

/* A failed bind can be repeated. */
static void check_bind(struct world *w, int64_t result)
{
    if (result < 0)
        assert_int_equal(csk_bind(&w->s, &w->addr, NULL), 0);
    assert_int_equal(csk_listen(&w->s, 1), 0);
}

OPERATION(bind_handles_errors, .prepare = prepare_bind, .run = run_bind, .check = check_bind)

static int64_t run_listen(struct world *w)
{
    return csk_listen(&w->s, 1);
}

static void check_listen(struct world *w, int64_t result)
{
    if (result < 0)
        assert_int_equal(csk_listen(&w->s, 1), 0);
}

OPERATION(listen_handles_errors, .prepare = prepare_bind, .run = run_listen, .check = check_listen)

static void prepare_accept(struct world *w)
{
    test_listen(&w->t[0], &w->addr);
    assert_int_equal(csk_socket(&w->t[1], AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&w->t[1], &w->addr, NULL), 0);
    assert_int_equal(csk_settimeout(&w->t[0], w->timeout), 0);
}

static int64_t run_accept(struct world *w)
{
    return csk_accept(&w->t[0], &w->s, &w->addr);
}

static int64_t run_accept4(struct world *w)
{
    return csk_accept4(&w->t[0], &w->s, &w->addr, SOCK_CLOEXEC);
}

/* A connection that was not accepted waits for the next accept().  If accept takes two steps, the
 * accepted connection is closed when the second fails. */
static void check_accept(struct world *w, int64_t result)
{
    char byte;

    if (result < 0) {
        assert_int_equal(w->s.fd, -1);
        if (fault_calls(CALL_fcntl) > 0) {
            assert_int_equal(csk_recv(&w->t[1], &byte, 1, 0), 0);
            return;
        }
        assert_int_equal(csk_accept(&w->t[0], &w->s, NULL), 0);
    }
    assert_int_equal(csk_send(&w->t[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&w->s, &byte, 1, 0), 1);
}

OPERATION(accept_handles_errors, .prepare = prepare_accept, .run = run_accept,
          .check = check_accept)
OPERATION(accept4_handles_errors, .prepare = prepare_accept, .run = run_accept4,
          .check = check_accept)

static void prepare_connect(struct world *w)
{
    test_listen(&w->t[0], &w->addr);
    assert_int_equal(csk_socket(&w->s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&w->s, w->timeout), 0);
}

static int64_t run_connect(struct world *w)
{
    return csk_connect(&w->s, &w->addr, NULL);
}

static void check_connect(struct world *w, int64_t result)
{
    struct csk_addr peer;

    if (result == 0)
        assert_int_equal(csk_getpeername(&w->s, &peer), 0);
}

OPERATION(connect_handles_errors, .prepare = prepare_connect, .run = run_connect,
          .check = check_connect)

static int64_t run_connect_ex(struct world *w)
{
    return -csk_connect_ex(&w->s, &w->addr, NULL);
}

OPERATION(connect_ex_handles_errors, .prepare = prepare_connect, .run = run_connect_ex,
          .check = check_connect)

static int64_t run_getsockname(struct world *w)
{
    return csk_getsockname(&w->pair[0], &w->addr);
}

static int64_t run_getpeername(struct world *w)
{
    return csk_getpeername(&w->pair[0], &w->addr);
}

OPERATION(getsockname_handles_errors, .run = run_getsockname)
OPERATION(getpeername_handles_errors, .run = run_getpeername)

static int64_t run_close_fd(struct world *w)
{
    int fd = w->fd;

    w->fd = -1;
    return csk_close_fd(fd);
}

OPERATION(close_fd_closes_despite_errors, .prepare = prepare_adopt, .run = run_close_fd)

static void prepare_blocking(struct world *w)
{
    assert_int_equal(csk_setblocking(&w->pair[0], true), 0);
}

static int64_t run_wait_in_poll(struct world *w)
{
    return csk_wait_in_poll(&w->pair[0]);
}

OPERATION(wait_in_poll_handles_errors, .prepare = prepare_blocking, .run = run_wait_in_poll)

static int64_t run_setblocking(struct world *w)
{
    return csk_setblocking(&w->pair[0], false);
}

static void check_setblocking(struct world *w, int64_t result)
{
    assert_int_equal(csk_getblocking(&w->pair[0]), result < 0);
    assert_int_equal(csk_settimeout(&w->pair[0], w->timeout), 0);
    fault_pair_works(w);
}

OPERATION(setblocking_handles_errors, .run = run_setblocking, .check = check_setblocking)

static void prepare_data(struct world *w)
{
    assert_int_equal(csk_send(&w->pair[1], "data", 4, 0), 4);
}

static int64_t run_recv(struct world *w)
{
    return csk_recv(&w->pair[0], w->data, 4, 0);
}

static int64_t run_recv_that_waits_first(struct world *w)
{
    w->pair[0].wait_first = w->timeout > 0;
    return csk_recv(&w->pair[0], w->data, 4, 0);
}

static int64_t run_recvfrom(struct world *w)
{
    return csk_recvfrom(&w->pair[0], w->data, 4, 0, &w->addr);
}

static int64_t run_recvmsg(struct world *w)
{
    struct iovec room = { w->data, 4 };
    struct csk_msg msg = { .buffers = &room, .buffer_count = 1, .addr = &w->addr };

    return csk_recvmsg(&w->pair[0], &msg, 0);
}

OPERATION(recv_handles_errors, .prepare = prepare_data, .run = run_recv)
OPERATION(recv_that_waits_first_handles_errors, .prepare = prepare_data,
          .run = run_recv_that_waits_first)
OPERATION(recvfrom_handles_errors, .prepare = prepare_data, .run = run_recvfrom)
OPERATION(recvmsg_handles_errors, .prepare = prepare_data, .run = run_recvmsg)

static int64_t run_send(struct world *w)
{
    return csk_send(&w->pair[0], "data", 4, 0);
}

static int64_t run_sendall(struct world *w)
{
    return csk_sendall(&w->pair[0], "data", 4, 0, NULL);
}

static int64_t run_sendmsg(struct world *w)
{
    struct iovec part = { (void *)"data", 4 };
    struct csk_msg msg = { .buffers = &part, .buffer_count = 1 };

    return csk_sendmsg(&w->pair[0], &msg, 0, NULL);
}

OPERATION(send_handles_errors, .run = run_send)
OPERATION(sendall_handles_errors, .run = run_sendall)
OPERATION(sendmsg_handles_errors, .run = run_sendmsg)

static void prepare_udp(struct world *w)
{
    test_udp(&w->s, &w->addr);
    assert_int_equal(csk_settimeout(&w->s, w->timeout), 0);
}

static int64_t run_sendto(struct world *w)
{
    return csk_sendto(&w->s, "data", 4, 0, &w->addr, NULL);
}

static void check_udp(struct world *w, int64_t result)
{
    assert_int_equal(csk_sendto(&w->s, "last", 4, 0, &w->addr, NULL), 4);
    if (result >= 0)
        assert_int_equal(csk_recv(&w->s, w->data, 8, 0), 4);
    assert_int_equal(csk_recv(&w->s, w->data, 8, 0), 4);
    assert_memory_equal(w->data, "last", 4);
}

OPERATION(sendto_handles_errors, .prepare = prepare_udp, .run = run_sendto, .check = check_udp)

static int64_t run_send_fds(struct world *w)
{
    struct iovec part = { (void *)"x", 1 };
    int fds[2] = { 0, 1 };

    return csk_send_fds(&w->pair[0], &part, 1, fds, 2, 0, NULL, NULL);
}

OPERATION(send_fds_handles_errors, .run = run_send_fds)

static void prepare_fds(struct world *w)
{
    struct iovec part = { (void *)"x", 1 };
    int fds[3] = { 0, 1, 2 };

    assert_int_equal(csk_send_fds(&w->pair[1], &part, 1, fds, 3, 0, NULL, NULL), 1);
}

/* There is space for fewer descriptors than arrive: the rest must be closed despite failures. */
static int64_t run_recv_fds(struct world *w)
{
    int fds[2], flags = 0;
    size_t count = 2;
    ssize_t n = csk_recv_fds(&w->pair[0], w->data, 8, fds, &count, &flags, NULL);

    for (size_t i = 0; n >= 0 && i < count; i++)
        close(fds[i]);
    return n;
}

static int64_t run_cmsg_close_fds(struct world *w)
{
    _Alignas(size_t) char control[64];
    struct csk_msg msg = { .control = control };
    int fd = w->fd, n;

    w->fd = -1;
    n = csk_cmsg_put(control, sizeof control, &msg.control_size, SOL_SOCKET, SCM_RIGHTS, &fd,
                     sizeof fd);
    return n < 0 ? n : csk_cmsg_close_fds(&msg);
}

/* close(2) has closed it despite the error. */
OPERATION(cmsg_close_fds_closes_despite_errors, .prepare = prepare_adopt,
          .run = run_cmsg_close_fds, .other_errors = true)

/* A surplus descriptor is closed, regardless of the result of close(). */
OPERATION(recv_fds_handles_errors, .prepare = prepare_fds, .run = run_recv_fds,
          .other_errors = true)

static void prepare_file(struct world *w)
{
    FILE *file = tmpfile();

    fputs("the file's bytes", file);
    fflush(file);
    w->fd = dup(fileno(file));
    fclose(file);
}

static int64_t run_sendfile(struct world *w)
{
    int64_t n = csk_sendfile(&w->pair[0], w->fd, &w->offset, 16);

    /* The number of bytes sent is reported after success and after failure. */
    if (n >= 0)
        assert_int_equal(w->offset, n);
    return n;
}

static void check_sendfile(struct world *w, int64_t result)
{
    (void)result;
    csk_shutdown(&w->pair[0], SHUT_WR);
    assert_int_equal(csk_recv(&w->pair[1], w->data, sizeof w->data, MSG_WAITALL), w->offset);
    assert_memory_equal(w->data, "the file's bytes", (size_t)w->offset);
}

OPERATION(sendfile_handles_errors, .prepare = prepare_file, .run = run_sendfile,
          .check = check_sendfile)

static void prepare_pipe(struct world *w)
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "the file's bytes", 16), 16);
    close(fds[1]);
    w->fd = fds[0];
}

OPERATION(sendfile_from_a_pipe_handles_errors, .prepare = prepare_pipe, .run = run_sendfile,
          .check = check_sendfile, .other_errors = true)

static int64_t run_makefile(struct world *w)
{
    return csk_makefile(&w->pair[0], "rw", &w->file);
}

static void check_makefile(struct world *w, int64_t result)
{
    if (result < 0) {
        assert_null(w->file);
    } else {
        assert_true(fputs("!", w->file) >= 0);
        assert_int_equal(fflush(w->file), 0);
        assert_int_equal(csk_recv(&w->pair[1], w->data, 1, 0), 1);
    }
    fault_pair_works(w);
}

OPERATION(makefile_handles_errors, .run = run_makefile, .check = check_makefile)

static int64_t run_wait(struct world *w)
{
    return csk_wait(&w->pair[0], POLLOUT, SECOND);
}

OPERATION(wait_handles_errors, .run = run_wait)

TESTS(TEST(socket_handles_errors), TEST(socket_with_a_default_timeout_handles_errors),
      TEST(adopt_handles_errors), TEST(fromfd_handles_errors), TEST(dup_handles_errors),
      TEST(socketpair_handles_errors), TEST(socketpair_with_a_default_timeout_handles_errors),
      TEST(close_closes_despite_errors), TEST(shutdown_handles_errors),
      TEST(settimeout_handles_errors), TEST(set_inheritable_handles_errors),
      TEST(cancel_fileno_handles_errors), TEST(get_inheritable_handles_errors),
      TEST(bind_handles_errors), TEST(listen_handles_errors), TEST(accept_handles_errors),
      TEST(accept4_handles_errors), TEST(connect_handles_errors), TEST(connect_ex_handles_errors),
      TEST(getsockname_handles_errors), TEST(getpeername_handles_errors),
      TEST(close_fd_closes_despite_errors), TEST(wait_in_poll_handles_errors),
      TEST(setblocking_handles_errors), TEST(recv_handles_errors),
      TEST(recv_that_waits_first_handles_errors), TEST(recvfrom_handles_errors),
      TEST(recvmsg_handles_errors), TEST(send_handles_errors), TEST(sendall_handles_errors),
      TEST(sendmsg_handles_errors), TEST(sendto_handles_errors), TEST(send_fds_handles_errors),
      TEST(cmsg_close_fds_closes_despite_errors), TEST(recv_fds_handles_errors),
      TEST(sendfile_handles_errors), TEST(sendfile_from_a_pipe_handles_errors),
      TEST(makefile_handles_errors), TEST(wait_handles_errors))
