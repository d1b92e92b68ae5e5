/* Every call of every operation failing with every error it can give. */
#include "fault.h"

#include <fcntl.h>

#define OPERATION(name, ...)                                                                       \
    static void name(void **state)                                                                 \
    {                                                                                              \
        static const struct operation operation = { __VA_ARGS__ };                                 \
                                                                                                   \
        (void)state;                                                                               \
        fault_everywhere(#name, &operation);                                                       \
    }

/* What an operation opened works if it succeeded, and is closed if it failed. */
static void opened_or_closed(struct world *w, int64_t result)
{
    if (result < 0) {
        assert_int_equal(w->s.fd, -1);
    } else {
        assert_true(fcntl(w->s.fd, F_GETFD) & FD_CLOEXEC);
    }
    fault_pair_works(w);
}

static int64_t run_socket(struct world *w)
{
    return csk_socket(&w->s, AF_INET, SOCK_STREAM, 0);
}

OPERATION(socket_copes, .run = run_socket, .check = opened_or_closed)

static void set_default_timeout(struct world *w)
{
    (void)w;
    csk_setdefaulttimeout(5 * SECOND);
}

OPERATION(socket_with_a_default_timeout_copes, .prepare = set_default_timeout, .run = run_socket,
          .check = opened_or_closed)

static int64_t run_adopt(struct world *w)
{
    return csk_adopt(&w->s, w->fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);
}

static void prepare_adopt(struct world *w)
{
    w->fd = dup(w->pair[0].fd);
    fcntl(w->fd, F_SETFD, FD_CLOEXEC);
}

/* The descriptor stays the caller's when adopting it failed. */
static void check_adopt(struct world *w, int64_t result)
{
    if (result == 0)
        w->fd = -1;
    else
        assert_true(fcntl(w->fd, F_GETFD) >= 0);
    opened_or_closed(w, result);
}

OPERATION(adopt_copes, .prepare = prepare_adopt, .run = run_adopt, .check = check_adopt)

static int64_t run_fromfd(struct world *w)
{
    return csk_fromfd(&w->s, w->pair[0].fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);
}

OPERATION(fromfd_copes, .run = run_fromfd, .check = opened_or_closed)

static int64_t run_dup(struct world *w)
{
    return csk_dup(&w->pair[0], &w->s);
}

OPERATION(dup_copes, .run = run_dup, .check = opened_or_closed)

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

OPERATION(socketpair_copes, .run = run_socketpair, .check = check_socketpair)
OPERATION(socketpair_with_a_default_timeout_copes, .prepare = set_default_timeout,
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

OPERATION(close_closes_whatever_is_said, .run = run_close, .check = check_closed)

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

OPERATION(shutdown_copes, .run = run_shutdown, .check = check_shutdown)

static int64_t run_settimeout(struct world *w)
{
    return csk_settimeout(&w->pair[0], 7 * SECOND);
}

/* Failed, the timeout is as it was. */
static void check_settimeout(struct world *w, int64_t result)
{
    assert_int_equal(csk_gettimeout(&w->pair[0]), result < 0 ? w->timeout : 7 * SECOND);
    fault_pair_works(w);
}

OPERATION(settimeout_copes, .run = run_settimeout, .check = check_settimeout)

static int64_t run_set_inheritable(struct world *w)
{
    return csk_set_inheritable(&w->pair[0], true);
}

static void check_set_inheritable(struct world *w, int64_t result)
{
    assert_int_equal(csk_get_inheritable(&w->pair[0]), result == 0);
    fault_pair_works(w);
}

OPERATION(set_inheritable_copes, .run = run_set_inheritable, .check = check_set_inheritable)

static int64_t run_get_inheritable(struct world *w)
{
    return csk_get_inheritable(&w->pair[0]);
}

OPERATION(get_inheritable_copes, .run = run_get_inheritable)

static void prepare_bind(struct world *w)
{
    w->addr = test_loopback(0);
    assert_int_equal(csk_socket(&w->s, AF_INET, SOCK_STREAM, 0), 0);
}

static int64_t run_bind(struct world *w)
{
    return csk_bind(&w->s, &w->addr);
}

/* A bind that failed can be made again. */
static void check_bind(struct world *w, int64_t result)
{
    if (result < 0)
        assert_int_equal(csk_bind(&w->s, &w->addr), 0);
    assert_int_equal(csk_listen(&w->s, 1), 0);
}

OPERATION(bind_copes, .prepare = prepare_bind, .run = run_bind, .check = check_bind)

static int64_t run_listen(struct world *w)
{
    return csk_listen(&w->s, 1);
}

static void check_listen(struct world *w, int64_t result)
{
    if (result < 0)
        assert_int_equal(csk_listen(&w->s, 1), 0);
}

OPERATION(listen_copes, .prepare = prepare_bind, .run = run_listen, .check = check_listen)

static void prepare_accept(struct world *w)
{
    test_listen(&w->t[0], &w->addr);
    assert_int_equal(csk_socket(&w->t[1], AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&w->t[1], &w->addr), 0);
    assert_int_equal(csk_settimeout(&w->t[0], w->timeout), 0);
}

static int64_t run_accept(struct world *w)
{
    return csk_accept(&w->t[0], &w->s, &w->addr);
}

/* A connection that was not taken waits for the next accept. */
static void check_accept(struct world *w, int64_t result)
{
    char byte;

    if (result < 0) {
        assert_int_equal(w->s.fd, -1);
        assert_int_equal(csk_accept(&w->t[0], &w->s, NULL), 0);
    }
    assert_int_equal(csk_send(&w->t[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&w->s, &byte, 1, 0), 1);
}

OPERATION(accept_copes, .prepare = prepare_accept, .run = run_accept, .check = check_accept)

static void prepare_connect(struct world *w)
{
    test_listen(&w->t[0], &w->addr);
    assert_int_equal(csk_socket(&w->s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&w->s, w->timeout), 0);
}

static int64_t run_connect(struct world *w)
{
    return csk_connect(&w->s, &w->addr);
}

static void check_connect(struct world *w, int64_t result)
{
    struct csk_addr peer;

    if (result == 0)
        assert_int_equal(csk_getpeername(&w->s, &peer), 0);
}

OPERATION(connect_copes, .prepare = prepare_connect, .run = run_connect, .check = check_connect)

static int64_t run_connect_ex(struct world *w)
{
    return -csk_connect_ex(&w->s, &w->addr);
}

OPERATION(connect_ex_copes, .prepare = prepare_connect, .run = run_connect_ex,
          .check = check_connect)

static int64_t run_getsockname(struct world *w)
{
    return csk_getsockname(&w->pair[0], &w->addr);
}

static int64_t run_getpeername(struct world *w)
{
    return csk_getpeername(&w->pair[0], &w->addr);
}

OPERATION(getsockname_copes, .run = run_getsockname)
OPERATION(getpeername_copes, .run = run_getpeername)

static int64_t run_getsockopt(struct world *w)
{
    int value;

    return csk_getsockopt_int(&w->pair[0], SOL_SOCKET, SO_TYPE, &value);
}

static int64_t run_setsockopt(struct world *w)
{
    return csk_setsockopt_int(&w->pair[0], SOL_SOCKET, SO_SNDBUF, 10000);
}

OPERATION(getsockopt_copes, .run = run_getsockopt)
OPERATION(setsockopt_copes, .run = run_setsockopt)

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
    w->pair[0].hint = w->timeout > 0;
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

OPERATION(recv_copes, .prepare = prepare_data, .run = run_recv)
OPERATION(recv_that_waits_first_copes, .prepare = prepare_data, .run = run_recv_that_waits_first)
OPERATION(recvfrom_copes, .prepare = prepare_data, .run = run_recvfrom)
OPERATION(recvmsg_copes, .prepare = prepare_data, .run = run_recvmsg)

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

    return csk_sendmsg(&w->pair[0], &msg, 0);
}

OPERATION(send_copes, .run = run_send)
OPERATION(sendall_copes, .run = run_sendall)
OPERATION(sendmsg_copes, .run = run_sendmsg)

static void prepare_udp(struct world *w)
{
    test_udp(&w->s, &w->addr);
    assert_int_equal(csk_settimeout(&w->s, w->timeout), 0);
}

static int64_t run_sendto(struct world *w)
{
    return csk_sendto(&w->s, "data", 4, 0, &w->addr);
}

static void check_udp(struct world *w, int64_t result)
{
    assert_int_equal(csk_sendto(&w->s, "last", 4, 0, &w->addr), 4);
    if (result >= 0)
        assert_int_equal(csk_recv(&w->s, w->data, 8, 0), 4);
    assert_int_equal(csk_recv(&w->s, w->data, 8, 0), 4);
    assert_memory_equal(w->data, "last", 4);
}

OPERATION(sendto_copes, .prepare = prepare_udp, .run = run_sendto, .check = check_udp)

static int64_t run_send_fds(struct world *w)
{
    struct iovec part = { (void *)"x", 1 };
    int fds[2] = { 0, 1 };

    return csk_send_fds(&w->pair[0], &part, 1, fds, 2, 0, NULL);
}

OPERATION(send_fds_copes, .run = run_send_fds)

static void prepare_fds(struct world *w)
{
    struct iovec part = { (void *)"x", 1 };
    int fds[3] = { 0, 1, 2 };

    assert_int_equal(csk_send_fds(&w->pair[1], &part, 1, fds, 3, 0, NULL), 1);
}

/* Room for fewer than come: the rest must be closed, whatever fails. */
static int64_t run_recv_fds(struct world *w)
{
    int fds[2], flags = 0;
    size_t count = 2;
    ssize_t n = csk_recv_fds(&w->pair[0], w->data, 8, fds, &count, &flags, NULL);

    for (size_t i = 0; n >= 0 && i < count; i++)
        close(fds[i]);
    return n;
}

OPERATION(recv_fds_copes, .prepare = prepare_fds, .run = run_recv_fds)

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

    /* What was sent is told, whether it ended well or not. */
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

OPERATION(sendfile_copes, .prepare = prepare_file, .run = run_sendfile, .check = check_sendfile)

static void prepare_pipe(struct world *w)
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "the file's bytes", 16), 16);
    close(fds[1]);
    w->fd = fds[0];
}

OPERATION(sendfile_from_a_pipe_copes, .prepare = prepare_pipe, .run = run_sendfile,
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

OPERATION(makefile_copes, .run = run_makefile, .check = check_makefile)

static int64_t run_wait(struct world *w)
{
    return csk_wait(&w->pair[0], POLLOUT, SECOND);
}

OPERATION(wait_copes, .run = run_wait)

static int64_t run_getaddrinfo(struct world *w)
{
    return csk_getaddrinfo(&w->infos, "127.0.0.1", "80", 0, SOCK_STREAM, 0, 0);
}

static int64_t run_getaddrinfo_by_the_resolver(struct world *w)
{
    return csk_getaddrinfo(&w->infos, "localhost", "80", AF_INET, SOCK_STREAM, 0, 0);
}

static void check_getaddrinfo(struct world *w, int64_t result)
{
    if (result < 0)
        assert_null(w->infos);
    else
        assert_int_equal(w->infos[0].addr.sa.sa_family, AF_INET);
}

OPERATION(getaddrinfo_copes, .run = run_getaddrinfo, .check = check_getaddrinfo)
OPERATION(getaddrinfo_by_the_resolver_copes, .run = run_getaddrinfo_by_the_resolver,
          .check = check_getaddrinfo)

static int64_t run_if_nameindex(struct world *w)
{
    return csk_if_nameindex(&w->ifs);
}

static int64_t run_getifaddrs(struct world *w)
{
    return csk_getifaddrs(&w->ifaddrs);
}

static void check_lists(struct world *w, int64_t result)
{
    if (result < 0) {
        assert_null(w->ifs);
        assert_null(w->ifaddrs);
    }
}

OPERATION(if_nameindex_copes, .run = run_if_nameindex, .check = check_lists)
/* An interface that is gone before its index is asked for has none. */
OPERATION(getifaddrs_copes, .run = run_getifaddrs, .check = check_lists, .other_errors = true)

static int64_t run_gethostname(struct world *w)
{
    char name[256];

    (void)w;
    return csk_gethostname(name, sizeof name);
}

OPERATION(gethostname_copes, .run = run_gethostname)

static int64_t run_gethostbyname(struct world *w)
{
    return csk_gethostbyname("localhost", w->data);
}

static int64_t run_gethostbyname_ex(struct world *w)
{
    return csk_gethostbyname_ex("localhost", &w->host);
}

static int64_t run_gethostbyaddr(struct world *w)
{
    return csk_gethostbyaddr("127.0.0.1", &w->host);
}

static void check_host(struct world *w, int64_t result)
{
    assert_int_equal(w->host == NULL, result < 0);
}

OPERATION(gethostbyname_copes, .run = run_gethostbyname)
OPERATION(gethostbyname_ex_copes, .run = run_gethostbyname_ex, .check = check_host)
OPERATION(gethostbyaddr_copes, .run = run_gethostbyaddr, .check = check_host)

static int64_t run_getfqdn(struct world *w)
{
    return csk_getfqdn(NULL, w->data, sizeof w->data);
}

/* A machine whose name is not in any database keeps the name that it has. */
OPERATION(getfqdn_copes, .run = run_getfqdn, .other_errors = true)

static int64_t run_getservbyname(struct world *w)
{
    (void)w;
    return csk_getservbyname("http", "tcp");
}

static int64_t run_getservbyport(struct world *w)
{
    return csk_getservbyport(80, "tcp", w->data, sizeof w->data);
}

static int64_t run_getprotobyname(struct world *w)
{
    (void)w;
    return csk_getprotobyname("tcp");
}

OPERATION(getservbyname_copes, .run = run_getservbyname)
OPERATION(getservbyport_copes, .run = run_getservbyport)
OPERATION(getprotobyname_copes, .run = run_getprotobyname)

static int64_t run_getnameinfo(struct world *w)
{
    w->addr = test_loopback(80);
    return csk_getnameinfo(&w->addr, NI_NUMERICHOST | NI_NUMERICSERV, w->data, 32, w->data + 32,
                           32);
}

OPERATION(getnameinfo_copes, .run = run_getnameinfo)

static int64_t run_addr_pack(struct world *w)
{
    const struct csk_value values[] = {
        { .kind = CSK_VALUE_TEXT, .data = "localhost", .size = 9 },
        { .kind = CSK_VALUE_INT, .i = 80 },
    };

    return csk_addr_pack(&w->addr, AF_INET, 0, values, 2, NULL);
}

/* The address is as it was when the host was not found. */
static void check_addr_pack(struct world *w, int64_t result)
{
    assert_int_equal(w->addr.len, result < 0 ? 0 : sizeof(struct sockaddr_in));
}

OPERATION(addr_pack_copes, .run = run_addr_pack, .check = check_addr_pack)

static void prepare_create_connection(struct world *w)
{
    test_listen(&w->t[0], &w->addr);
}

static int64_t connect_with(struct world *w, struct csk_connection_options *options)
{
    char text[CSK_ADDR_TEXT_MAX];

    options->timeout = w->timeout;
    options->has_timeout = true;
    csk_addr_format(&w->addr, text, sizeof text);
    return csk_create_connection(&w->s, text, options);
}

static int64_t run_create_connection(struct world *w)
{
    struct csk_connection_options options = { .source_address = "127.0.0.1:0" };

    return connect_with(w, &options);
}

static int64_t run_create_connection_staggered(struct world *w)
{
    struct csk_connection_options options = { .stagger = 250 * MS };

    return connect_with(w, &options);
}

OPERATION(create_connection_copes, .prepare = prepare_create_connection,
          .run = run_create_connection, .check = opened_or_closed)
OPERATION(create_connection_staggered_copes, .prepare = prepare_create_connection,
          .run = run_create_connection_staggered, .check = opened_or_closed, .other_errors = true)

static int64_t run_create_server(struct world *w)
{
    return csk_create_server(&w->s, "127.0.0.1:0",
                             &(struct csk_server_options){ .reuse_port = true });
}

/* As in Python, SO_REUSEADDR is only asked for: bind says what came of it. */
OPERATION(create_server_copes, .run = run_create_server, .check = opened_or_closed,
          .other_errors = true)

static void prepare_dualstack(struct world *w)
{
    (void)w;
    if (!csk_has_dualstack_ipv6())
        test_skip("this system has no dual-stack sockets");
}

static int64_t run_create_dualstack_server(struct world *w)
{
    return csk_create_server(&w->s, "[::]:0",
                             &(struct csk_server_options){ .dualstack_ipv6 = true });
}

/* What fails while it is asked whether the system has dual-stack sockets comes out as "no". */
OPERATION(create_dualstack_server_copes, .prepare = prepare_dualstack,
          .run = run_create_dualstack_server, .check = opened_or_closed, .other_errors = true)

static int64_t run_has_dualstack_ipv6(struct world *w)
{
    (void)w;
    return csk_has_dualstack_ipv6() ? 0 : -1;
}

OPERATION(has_dualstack_ipv6_copes, .prepare = prepare_dualstack, .run = run_has_dualstack_ipv6,
          .other_errors = true)

TESTS(TEST(socket_copes),
      TEST(socket_with_a_default_timeout_copes),
      TEST(adopt_copes),
      TEST(fromfd_copes),
      TEST(dup_copes),
      TEST(socketpair_copes),
      TEST(socketpair_with_a_default_timeout_copes),
      TEST(close_closes_whatever_is_said),
      TEST(shutdown_copes),
      TEST(settimeout_copes),
      TEST(set_inheritable_copes),
      TEST(get_inheritable_copes),
      TEST(bind_copes),
      TEST(listen_copes),
      TEST(accept_copes),
      TEST(connect_copes),
      TEST(connect_ex_copes),
      TEST(getsockname_copes),
      TEST(getpeername_copes),
      TEST(getsockopt_copes),
      TEST(setsockopt_copes),
      TEST(recv_copes),
      TEST(recv_that_waits_first_copes),
      TEST(recvfrom_copes),
      TEST(recvmsg_copes),
      TEST(send_copes),
      TEST(sendall_copes),
      TEST(sendmsg_copes),
      TEST(sendto_copes),
      TEST(send_fds_copes),
      TEST(recv_fds_copes),
      TEST(sendfile_copes),
      TEST(sendfile_from_a_pipe_copes),
      TEST(makefile_copes),
      TEST(wait_copes),
      TEST(getaddrinfo_copes),
      TEST(getaddrinfo_by_the_resolver_copes),
      TEST(if_nameindex_copes),
      TEST(getifaddrs_copes),
      TEST(gethostname_copes),
      TEST(gethostbyname_copes),
      TEST(gethostbyname_ex_copes),
      TEST(gethostbyaddr_copes),
      TEST(getfqdn_copes),
      TEST(getservbyname_copes),
      TEST(getservbyport_copes),
      TEST(getprotobyname_copes),
      TEST(getnameinfo_copes),
      TEST(addr_pack_copes),
      TEST(create_connection_copes),
      TEST(create_connection_staggered_copes),
      TEST(create_server_copes),
      TEST(create_dualstack_server_copes),
      TEST(has_dualstack_ipv6_copes))
