/* Datagrams in bulk: the bare system calls, and csocket with the same offloads, over loopback.
 *
 *     bench_bulk [ROUNDS]     a table
 *
 * A round sends 64 datagrams to one peer and receives them, once with each.  With offloads both
 * send with UDP_SEGMENT from 64 buffers, receive with UDP_GRO, and find each datagram in what was
 * received; otherwise with sendmmsg and recvmmsg.  The fastest tenth of the rounds counts. */
#include <csocket/csocket.h>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT 64
#define SLOT 2048
#define SEGMENTS_SIZE 65507
#define MEMORY (4 * CSK_RECV_MANY_MIN)

static struct csk_socket from, to;
static struct csk_addr address;
static char data[SLOT], memory[MEMORY];
static size_t checksum; /* what a program would do with each datagram: look at it */

static void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(1);
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void look_at(const char *bytes, size_t size)
{
    checksum += (size_t)bytes[0] + size;
}

/* The bare calls. */

static void bare_send_segments(size_t size)
{
    struct iovec parts[COUNT];
    union {
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
        struct cmsghdr align;
    } control;
    size_t most = SEGMENTS_SIZE / size < COUNT ? SEGMENTS_SIZE / size : COUNT;
    uint16_t segment = (uint16_t)size;

    for (size_t done = 0, n; done < COUNT; done += n) {
        struct msghdr h = { .msg_name = &address.sa,
                            .msg_namelen = address.len,
                            .msg_iov = parts,
                            .msg_control = &control,
                            .msg_controllen = sizeof control.bytes };
        struct cmsghdr *c = CMSG_FIRSTHDR(&h);

        n = COUNT - done < most ? COUNT - done : most;
        for (size_t i = 0; i < n; i++)
            parts[i] = (struct iovec){ data, size };
        h.msg_iovlen = n;
        c->cmsg_level = IPPROTO_UDP;
        c->cmsg_type = UDP_SEGMENT;
        c->cmsg_len = CMSG_LEN(sizeof segment);
        memcpy(CMSG_DATA(c), &segment, sizeof segment);
        must(sendmsg(from.fd, &h, 0) == (ssize_t)(n * size), "sendmsg");
    }
}

static size_t segment_size(struct msghdr *h, size_t size)
{
    int segment = (int)size;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c))
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO)
            memcpy(&segment, CMSG_DATA(c), sizeof segment);
    return (size_t)segment;
}

static void bare_receive_segments(size_t size)
{
    struct sockaddr_storage peer;
    char control[64] __attribute__((aligned(8)));

    (void)size;
    for (size_t got = 0; got < COUNT;) {
        struct iovec part = { memory, CSK_RECV_MANY_MIN };
        struct msghdr h = { .msg_name = &peer,
                            .msg_namelen = sizeof peer,
                            .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control };
        ssize_t n = recvmsg(to.fd, &h, 0);
        size_t segment;

        must(n > 0, "recvmsg");
        segment = segment_size(&h, (size_t)n);
        for (size_t at = 0; at < (size_t)n; at += segment, got++)
            look_at(memory + at, segment);
    }
}

static void bare_send_mmsg(size_t size)
{
    struct mmsghdr messages[COUNT];
    struct iovec parts[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        parts[i] = (struct iovec){ data, size };
        messages[i].msg_hdr = (struct msghdr){ .msg_name = &address.sa,
                                               .msg_namelen = address.len,
                                               .msg_iov = &parts[i],
                                               .msg_iovlen = 1 };
    }
    for (int done = 0, n; done < COUNT; done += n)
        must((n = sendmmsg(from.fd, messages + done, (unsigned)(COUNT - done), 0)) > 0, "sendmmsg");
}

static void bare_receive_mmsg(size_t size)
{
    static struct csk_addr peers[COUNT];
    struct mmsghdr messages[COUNT];
    struct iovec parts[COUNT];
    int n;

    (void)size;
    for (int got = 0; got < COUNT; got += n) {
        for (int i = 0; i < COUNT - got; i++) {
            parts[i] = (struct iovec){ memory + i * SLOT, SLOT };
            messages[i].msg_hdr = (struct msghdr){ .msg_name = &peers[i].sa,
                                                   .msg_namelen = sizeof peers[i].storage,
                                                   .msg_iov = &parts[i],
                                                   .msg_iovlen = 1 };
        }
        n = recvmmsg(to.fd, messages, (unsigned)(COUNT - got), MSG_WAITFORONE, NULL);
        must(n > 0, "recvmmsg");
        for (int i = 0; i < n; i++)
            look_at(memory + i * SLOT, messages[i].msg_len);
    }
}

/* csocket's. */

static void csocket_send(size_t size, bool segments)
{
    struct csk_datagram messages[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        messages[i] = (struct csk_datagram){ .data = data, .size = size, .addr = &address };
    /* Without offloads: each message says that it is not part of another one. */
    (void)segments;
    must(csk_send_many(&from, messages, COUNT, 0, NULL) == COUNT, "csk_send_many");
}

static void csocket_receive(void)
{
    static struct csk_addr peers[COUNT];
    static struct csk_datagram messages[COUNT];
    struct csk_recv_memory space = {
        .data = memory, .size = sizeof memory, .message_size = SLOT, .addrs = peers
    };
    ssize_t n;

    for (size_t got = 0; got < COUNT; got += (size_t)n) {
        n = csk_recv_many(&to, messages, COUNT - got, &space, 0);
        must(n > 0, "csk_recv_many");
        for (ssize_t i = 0; i < n; i++)
            look_at(messages[i].data, messages[i].size);
    }
}

static void csocket_round(size_t size)
{
    csocket_send(size, true);
    csocket_receive();
}

static void bare_round(size_t size)
{
    bare_send_segments(size);
    bare_receive_segments(size);
}

/* Through a datagram socket of AF_UNIX, which has no offloads. */
static void bare_mmsg_round(size_t size)
{
    bare_send_mmsg(size);
    bare_receive_mmsg(size);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void measure(const char *name, size_t size, int rounds, void (*bare)(size_t))
{
    int64_t *times[2] = { calloc((size_t)rounds, sizeof(int64_t)),
                          calloc((size_t)rounds, sizeof(int64_t)) };
    double ns[2];

    for (int i = 0; i < 2 * rounds; i++) {
        int64_t begin = now();

        if (i % 2)
            csocket_round(size);
        else
            bare(size);
        times[i % 2][i / 2] = now() - begin;
    }
    for (int i = 0; i < 2; i++) {
        qsort(times[i], (size_t)rounds, sizeof(int64_t), compare);
        ns[i] = (double)times[i][rounds / 10] / COUNT;
        free(times[i]);
    }
    printf("| %s, %zu bytes | %.1f | %.1f | %.3f |\n", name, size, ns[0], ns[1], ns[1] / ns[0]);
}

static void open_pair(bool merging)
{
    must(csk_socket(&from, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    must(csk_socket(&to, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    must(csk_addr_parse(&address, AF_INET, 0, "127.0.0.1:0", NULL) == 0, "address");
    must(csk_bind(&to, &address, NULL) == 0, "bind");
    must(csk_getsockname(&to, &address) == 0, "getsockname");
    csk_setsockopt_int(&to, SOL_SOCKET, SO_RCVBUF, 4 << 20);
    if (merging)
        must(csk_setsockopt_int(&to, IPPROTO_UDP, UDP_GRO, 1) == 0, "UDP_GRO");
    else /* the kernel refuses to segment without checksums, so neither does */
        csk_setsockopt_int(&from, SOL_SOCKET, SO_NO_CHECK, 1);
}

static void close_pair(void)
{
    csk_close(&from);
    csk_close(&to);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 4000;

    printf("| ns per datagram | bare calls | csocket | ratio |\n|---|--:|--:|--:|\n");
    open_pair(true);
    measure("offloads", 64, rounds, bare_round);
    measure("offloads", 512, rounds, bare_round);
    measure("offloads", 1200, rounds, bare_round);
    close_pair();
    open_pair(false);
    measure("without", 64, rounds, bare_mmsg_round);
    close_pair();
    return checksum == 0;
}
