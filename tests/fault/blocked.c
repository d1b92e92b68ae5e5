#include "blocked.h"

#include <fcntl.h>
#include <sys/un.h>

#define NAME "host.example"

static void stream(struct place *p)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    p->s = pair[0];
    p->others[0] = pair[1];
}

static void datagrams(struct place *p)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_DGRAM);
    p->s = pair[0];
    p->others[0] = pair[1];
}

static void packets(struct place *p)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_SEQPACKET);
    p->s = pair[0];
    p->others[0] = pair[1];
}

static void tcp(struct place *p)
{
    struct csk_socket pair[2];

    test_tcp_pair(pair);
    p->s = pair[0];
    p->others[0] = pair[1];
}

static void full_tcp(struct place *p)
{
    tcp(p);
    /* Buffers of a fixed size do not grow. A busy machine may delay acknowledgements, so space that
     * becomes available later is filled as well. */
    assert_int_equal(csk_setsockopt_int(&p->s, SOL_SOCKET, SO_SNDBUF, 16384), 0);
    assert_int_equal(csk_setsockopt_int(&p->others[0], SOL_SOCKET, SO_RCVBUF, 16384), 0);
    while (test_fill(&p->s) > 0)
        usleep(20000);
}

static void udp(struct place *p)
{
    test_udp(&p->s, &p->addr);
}

static void full_packets(struct place *p)
{
    packets(p);
    test_fill(&p->s);
}

static void full_stream(struct place *p)
{
    stream(p);
    test_fill(&p->s);
}

static void listener(struct place *p)
{
    test_listen(&p->s, &p->addr);
}

/* A unique abstract name, to which p->others[0] is bound. */
static void bind_name(struct place *p, int type)
{
    static int number;
    char text[64];

    snprintf(text, sizeof text, "@csk-limits-%d-%d", (int)getpid(),
             __atomic_add_fetch(&number, 1, __ATOMIC_RELAXED));
    assert_int_equal(csk_addr_parse(&p->addr, AF_UNIX, 0, text, NULL), 0);
    assert_int_equal(csk_socket(&p->others[0], AF_UNIX, type, 0), 0);
    assert_int_equal(csk_bind(&p->others[0], &p->addr, NULL), 0);
    assert_int_equal(csk_socket(&p->s, AF_UNIX, type, 0), 0);
}

/* poll() reports that a datagram could be sent, because the socket is not connected. */
static void full_receiver(struct place *p)
{
    ssize_t n;

    bind_name(p, SOCK_DGRAM);
    do
        n = csk_sendto(&p->s, "x", 1, MSG_DONTWAIT, &p->addr, NULL);
    while (n == 1);
    assert_int_equal(n, -EAGAIN);
}

static void fill_backlog(struct place *p, int type)
{
    bind_name(p, type);
    assert_int_equal(csk_listen(&p->others[0], 0), 0);
    assert_int_equal(csk_socket(&p->others[1], AF_UNIX, type, 0), 0);
    assert_int_equal(csk_connect(&p->others[1], &p->addr, NULL), 0);
}

static void full_backlog(struct place *p)
{
    fill_backlog(p, SOCK_STREAM);
}

static void full_backlog_of_packets(struct place *p)
{
    fill_backlog(p, SOCK_SEQPACKET);
}

static void netlink(struct place *p)
{
    assert_int_equal(csk_socket(&p->s, AF_NETLINK, SOCK_RAW, 0), 0);
}

static void listen_to_unix(struct place *p, int type)
{
    bind_name(p, type);
    csk_close(&p->s);
    p->s = p->others[0];
    p->others[0] = (struct csk_socket)CSK_SOCKET_INIT;
    assert_int_equal(csk_listen(&p->s, 1), 0);
}

static void unix_listener(struct place *p)
{
    listen_to_unix(p, SOCK_STREAM);
}

static void packet_listener(struct place *p)
{
    listen_to_unix(p, SOCK_SEQPACKET);
}

/* A datagram socket that is connected to a receiver whose queue is full. */
static void full_connected_receiver(struct place *p)
{
    full_receiver(p);
    assert_int_equal(csk_connect(&p->s, &p->addr, NULL), 0);
}

/* A listener that no longer answers: the kernel drops packets that would begin a connection. */
static void full_tcp_backlog(struct place *p)
{
    csk_socket(&p->others[0], AF_INET, SOCK_STREAM, 0);
    p->addr = test_loopback(0);
    assert_int_equal(csk_bind(&p->others[0], &p->addr, NULL), 0);
    assert_int_equal(csk_listen(&p->others[0], 0), 0);
    assert_int_equal(csk_getsockname(&p->others[0], &p->addr), 0);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(csk_socket(&p->others[i], AF_INET, SOCK_STREAM, 0), 0);
        csk_settimeout(&p->others[i], 0);
        csk_connect(&p->others[i], &p->addr, NULL);
    }
    usleep(1000);
    assert_int_equal(csk_socket(&p->s, AF_INET, SOCK_STREAM, 0), 0);
}

static void full_stream_and_file(struct place *p)
{
    char name[] = "/tmp/csk-XXXXXX";

    full_stream(p);
    p->fd = mkostemp(name, O_CLOEXEC);
    assert_true(p->fd >= 0);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(pwrite(p->fd, p->data, sizeof p->data, 0), sizeof p->data);
}

static void file_to_read(struct place *p)
{
    stream(p);
    assert_int_equal(csk_makefile(&p->s, "r", &p->file), 0);
}

static void file_to_write(struct place *p)
{
    full_stream(p);
    assert_int_equal(csk_makefile(&p->s, "rw", &p->file), 0);
}

static void nothing_but_limits(struct place *p)
{
    assert_int_equal(csk_socket(&p->s, AF_INET, SOCK_DGRAM, 0), 0);
    p->addr = test_loopback(80);
}

static int64_t run_recv(struct place *p)
{
    return csk_recv(&p->s, p->data, 1, 0);
}

static int64_t run_recvfrom(struct place *p)
{
    return csk_recvfrom(&p->s, p->data, 1, 0, &p->addr);
}

static int64_t run_recv_waitall(struct place *p)
{
    return csk_recv(&p->s, p->data, 2, MSG_WAITALL);
}

static int64_t run_recvmsg_waitall(struct place *p)
{
    struct iovec buffer = { p->data, 2 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };

    return csk_recvmsg(&p->s, &msg, MSG_WAITALL);
}

static int64_t run_recv_fds(struct place *p)
{
    size_t count = 1;
    int fd, flags = 0;

    return csk_recv_fds(&p->s, p->data, 1, &fd, &count, &flags, NULL);
}

static int64_t run_recvmsg(struct place *p)
{
    struct iovec buffer = { p->data, 1 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };

    return csk_recvmsg(&p->s, &msg, 0);
}

static int64_t run_recv_many(struct place *p)
{
    struct csk_recv_memory memory = { .data = p->data, .size = sizeof p->data, .message_size = 8 };
    struct csk_datagram messages[4];

    return csk_recv_many(&p->s, messages, 4, &memory, 0);
}

static int64_t run_recvall(struct place *p)
{
    return csk_recvall(&p->s, p->data, 2, 0, NULL);
}

static int64_t run_recvuntil(struct place *p)
{
    size_t length = 0;

    return csk_recvuntil(&p->s, "\r\n", 2, p->data, sizeof p->data, &length);
}

static int64_t run_recvline(struct place *p)
{
    size_t length = 0;

    return csk_recvline(&p->s, p->data, sizeof p->data, &length);
}

static int64_t run_send(struct place *p)
{
    return csk_send(&p->s, p->data, sizeof p->data, 0);
}

static int64_t run_sendto(struct place *p)
{
    return csk_sendto(&p->s, p->data, 1, 0, &p->addr, NULL);
}

static int64_t run_sendmsg(struct place *p)
{
    struct iovec buffer = { p->data, 1 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };

    return csk_sendmsg(&p->s, &msg, 0, NULL);
}

static int64_t run_send_fds(struct place *p)
{
    struct iovec buffer = { p->data, 1 };

    return csk_send_fds(&p->s, &buffer, 1, &p->others[0].fd, 1, 0, NULL, NULL);
}

static int64_t run_send_many(struct place *p)
{
    struct csk_datagram messages[2] = { { .data = p->data, .size = 1, .addr = &p->addr },
                                        { .data = p->data, .size = 1, .addr = &p->addr } };

    return csk_send_many(&p->s, messages, 2, 0, NULL);
}

static int64_t run_sendmsg_to(struct place *p)
{
    struct iovec buffer = { p->data, 1 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1, .addr = &p->addr };

    return csk_sendmsg(&p->s, &msg, 0, NULL);
}

static int64_t run_sendall(struct place *p)
{
    return csk_sendall(&p->s, p->data, sizeof p->data, 0, NULL);
}

static int64_t run_sendfile(struct place *p)
{
    int64_t offset = 0;

    return csk_sendfile(&p->s, p->fd, &offset, -1);
}

static int64_t run_accept(struct place *p)
{
    return csk_accept(&p->s, &p->others[2], NULL);
}

static int64_t run_connect(struct place *p)
{
    return csk_connect(&p->s, &p->addr, NULL);
}

static int64_t connect_to(struct place *p, const char *address)
{
    struct csk_connection_options options = {
        .timeout = csk_gettimeout(&p->s),
        .cancel = p->s.cancel,
        .total_timeout = p->s.deadline ? p->s.deadline - csk_now() : 0,
    };

    if (p->s.deadline && options.total_timeout <= 0)
        options.total_timeout = 1;
    return csk_create_connection(&p->others[4], address, &options, NULL);
}

static int64_t run_create_connection(struct place *p)
{
    char text[CSK_ADDR_TEXT_MAX];

    return connect_to(p, csk_addr_format(&p->addr, text, sizeof text));
}

/* A total timeout cannot have passed before the call, so the lookup may have begun. */
static int64_t run_create_connection_by_name(struct place *p)
{
    struct csk_scope scope = CSK_SCOPE_INIT;
    int64_t n;

    if (p->s.deadline && p->s.deadline <= csk_now())
        scope.deadline = p->s.deadline;
    assert_int_equal(csk_scope_push(&scope), 0);
    n = connect_to(p, NAME ":80");
    assert_int_equal(csk_scope_pop(&scope), 0);
    return n;
}

static struct csk_lookup_options limits_of(const struct place *p)
{
    return (struct csk_lookup_options){ .timeout = csk_gettimeout(&p->s),
                                        .deadline = p->s.deadline,
                                        .cancel = p->s.cancel };
}

static int64_t run_getaddrinfo(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);
    struct csk_addrinfo *list;

    return csk_getaddrinfo(NAME, "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &limits, &list, NULL);
}

static int64_t run_getnameinfo(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);

    return csk_getnameinfo(&p->addr, NI_NAMEREQD, &limits, p->data, 64, NULL, 0, NULL);
}

static int64_t run_gethostbyname(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);

    return csk_gethostbyname(NAME, &limits, p->data, NULL);
}

static int64_t run_gethostbyname_ex(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);
    struct csk_hostent *host;

    return csk_gethostbyname_ex(NAME, &limits, &host, NULL);
}

static int64_t run_gethostbyaddr(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);
    struct csk_hostent *host;

    return csk_gethostbyaddr(NAME, &limits, &host, NULL);
}

static int64_t run_getfqdn(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);

    return csk_getfqdn(NAME, &limits, p->data, sizeof p->data, NULL);
}

static int64_t run_addr_resolve(struct place *p)
{
    struct csk_lookup_options limits = limits_of(p);
    const struct csk_value values[] = {
        { .kind = CSK_VALUE_TEXT, .data = NAME, .size = strlen(NAME) },
        { .kind = CSK_VALUE_INT, .i = 80 },
    };

    return csk_addr_resolve(&p->addr, AF_INET, 0, values, 2, &limits, NULL);
}

static int64_t run_wait(struct place *p)
{
    return csk_wait(&p->s, POLLIN, -1);
}

static int64_t run_wait_many(struct place *p)
{
    struct csk_wait_item items[] = { { .s = &p->s, .events = POLLIN }, { .s = NULL } };

    return csk_wait_many(items, 2, 0, NULL);
}

static int64_t file_code(void)
{
    return errno == ECANCELED ? CSK_ECANCELED : errno == ETIMEDOUT ? CSK_ETIMEDOUT : -errno;
}

static int64_t run_file_read(struct place *p)
{
    return fread(p->data, 1, 1, p->file) == 1 ? 1 : file_code();
}

static int64_t run_file_write(struct place *p)
{
    return fwrite(p->data, 1, 1, p->file) == 1 && fflush(p->file) == 0 ? 1 : file_code();
}

const struct blocked blocked_calls[] = {
    { "recv", stream, run_recv, CALL_recv, false, false },
    { "recv from TCP", tcp, run_recv, CALL_recv, false, false },
    { "recv of a packet", packets, run_recv, CALL_recv, false, false },
    { "recv from UDP", udp, run_recv, CALL_recv, false, false },
    { "recv from netlink", netlink, run_recv, CALL_recv, false, true },
    { "recvfrom", datagrams, run_recvfrom, CALL_recvfrom, false, false },
    { "recvfrom UDP", udp, run_recvfrom, CALL_recvfrom, false, false },
    { "recv with MSG_WAITALL", stream, run_recv_waitall, CALL_recv, false, false },
    { "recvmsg", stream, run_recvmsg, CALL_recvmsg, false, false },
    { "recvmsg with MSG_WAITALL", stream, run_recvmsg_waitall, CALL_recvmsg, false, false },
    { "recv_fds", stream, run_recv_fds, CALL_recvmsg, false, false },
    { "recv_many", datagrams, run_recv_many, CALL_recvmsg, false, false },
    { "recv_many from UDP", udp, run_recv_many, CALL_recvmsg, false, false },
    { "recvall", stream, run_recvall, CALL_recv, false, false },
    { "recvline", stream, run_recvline, CALL_recv, false, false },
    { "recvuntil", stream, run_recvuntil, CALL_recv, false, false },
    { "send", full_stream, run_send, CALL_send, false, false },
    { "send to TCP", full_tcp, run_send, CALL_send, false, false },
    { "send of a packet", full_packets, run_send, CALL_send, false, false },
    { "send to a full receiver", full_connected_receiver, run_send, CALL_send, false, false },
    { "sendto a full receiver", full_receiver, run_sendto, CALL_sendto, false, false },
    { "sendmsg", full_stream, run_sendmsg, CALL_sendmsg, false, false },
    { "sendmsg to a full receiver", full_receiver, run_sendmsg_to, CALL_sendmsg, false, false },
    { "send_fds", full_stream, run_send_fds, CALL_sendmsg, false, false },
    { "send_many to a full receiver", full_receiver, run_send_many, CALL_sendmsg, false, false },
    { "sendall", full_stream, run_sendall, CALL_send, false, false },
    { "sendfile", full_stream_and_file, run_sendfile, CALL_send, false, false },
    { "splice to a pipe", blocked_pipe, blocked_splice_out, CALL_splice, false, false },
    { "splice from a pipe", blocked_pipe, blocked_splice_in, CALL_splice, false, false },
    { "splice to a full pipe", blocked_full_pipe, blocked_splice_out, CALL_splice, false, false },
    { "splice to a full stream", full_stream_and_file, blocked_splice_in, CALL_splice, false,
      false },
    { "splice between streams", blocked_streams, blocked_splice_on, CALL_splice, false, false },
    { "splice back between streams", blocked_streams, blocked_splice_back, CALL_splice, false,
      false },
    { "splice to full TCP", blocked_full_tcp, blocked_splice_back, CALL_splice, false, false },
    { "accept", listener, run_accept, CALL_accept4, false, false },
    { "accept from AF_UNIX", unix_listener, run_accept, CALL_accept4, false, false },
    { "connect to a full backlog", full_backlog, run_connect, CALL_connect, false, false },
    { "accept of packets", packet_listener, run_accept, CALL_accept4, false, false },
    { "connect to a full backlog of packets", full_backlog_of_packets, run_connect, CALL_connect,
      false, false },
    { "connect to TCP", full_tcp_backlog, run_connect, CALL_connect, false, false },
    { "create_connection", full_tcp_backlog, run_create_connection, CALL_connect, false, true },
    { "wait", stream, run_wait, CALL_poll, true, false },
    { "wait_many", stream, run_wait_many, CALL_poll, true, false },
    { "a FILE's read", file_to_read, run_file_read, CALL_recv, false, false },
    { "a FILE's write", file_to_write, run_file_write, CALL_send, false, false },
    /* Last, because they replace the stand-ins, whose table the lookup threads read. */
    { "create_connection by name", nothing_but_limits, run_create_connection_by_name,
      CALL_getaddrinfo, true, true },
    { "getaddrinfo", nothing_but_limits, run_getaddrinfo, CALL_getaddrinfo, false, true },
    { "getnameinfo", nothing_but_limits, run_getnameinfo, CALL_getnameinfo, false, true },
    { "gethostbyname", nothing_but_limits, run_gethostbyname, CALL_getaddrinfo, false, true },
    { "gethostbyname_ex", nothing_but_limits, run_gethostbyname_ex, CALL_getaddrinfo, false, true },
    { "gethostbyaddr", nothing_but_limits, run_gethostbyaddr, CALL_getaddrinfo, false, true },
    { "getfqdn", nothing_but_limits, run_getfqdn, CALL_getaddrinfo, false, true },
    { "addr_resolve", nothing_but_limits, run_addr_resolve, CALL_getaddrinfo, false, true },
};

const size_t blocked_count = sizeof blocked_calls / sizeof *blocked_calls;

void blocked_open(struct place *p, const struct blocked *call, int64_t timeout)
{
    memset(p, 0, sizeof *p);
    p->fd = -1;
    call->prepare(p);
    assert_int_equal(csk_settimeout(&p->s, timeout), 0);
}

void blocked_close(struct place *p)
{
    /* The data in the file's buffer cannot be sent: do not wait for it. */
    if (p->file) {
        csk_settimeout(&p->s, 0);
        fclose(p->file);
    }
    csk_close(&p->s);
    for (size_t i = 0; i < sizeof p->others / sizeof *p->others; i++)
        csk_close(&p->others[i]);
    if (p->fd >= 0)
        close(p->fd);
}
