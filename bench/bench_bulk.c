/* Datagrams in bulk: the bare system calls, and csocket with the same offloads, over loopback.
 *
 *     bench_bulk [ROUNDS]   print a table
 *
 * A round sends 64 datagrams and receives them. Both sides make the same system calls with the same
 * offloads, begin with the same data, and deliver the same result:
 *
 *     one buffer   one buffer to one peer with UDP_SEGMENT; received with UDP_GRO into one buffer,
 *                  with the address and the segment size
 *     messages     an array of messages to one peer with UDP_SEGMENT; received with UDP_GRO into an
 *                  array of messages, each with its data, size and address
 *     two peers    an array of messages to two peers alternately with sendmmsg; received with
 *                  recvmmsg into an array of messages, each with its data, size and address
 *
 * The bare calls know beforehand that all messages have the same size, and which of them have the
 * same peer; csocket compares sizes and addresses, which is part of its time. The receiver reads a
 * byte of each datagram. The result is the least disturbed tenth of the rounds. */
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

static struct csk_socket from, to, other;
static struct csk_addr addresses[2], peers[COUNT];
static struct csk_datagram outgoing[COUNT], received[COUNT];
static char data[COUNT * SLOT], memory[MEMORY];
static size_t checksum; /* reads the datagram, as a program would */

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

static void look_at_all(const struct csk_datagram *messages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        look_at(messages[i].data, messages[i].size);
}

/* The bare calls. */

static void bare_send_segments(struct iovec *parts, size_t count, size_t size)
{
    union {
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
        struct cmsghdr align;
    } control;
    uint16_t segment = (uint16_t)size;
    struct msghdr h = { .msg_name = &addresses[0].sa,
                        .msg_namelen = addresses[0].len,
                        .msg_iov = parts,
                        .msg_iovlen = count,
                        .msg_control = &control,
                        .msg_controllen = sizeof control.bytes };
    struct cmsghdr *c = CMSG_FIRSTHDR(&h);

    c->cmsg_level = IPPROTO_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(c), &segment, sizeof segment);
    must(sendmsg(from.fd, &h, 0) > 0, "sendmsg");
}

static size_t bare_receive_segments(struct csk_addr *peer, size_t *segment)
{
    char control[64] __attribute__((aligned(8)));
    struct iovec part = { memory, CSK_RECV_MANY_MIN };
    struct msghdr h = { .msg_name = &peer->sa,
                        .msg_namelen = sizeof peer->storage,
                        .msg_iov = &part,
                        .msg_iovlen = 1,
                        .msg_control = control,
                        .msg_controllen = sizeof control };
    ssize_t n = recvmsg(to.fd, &h, 0);
    const struct cmsghdr *c = CMSG_FIRSTHDR(&h); /* no other is requested */
    int value = (int)n;

    must(n > 0, "recvmsg");
    if (c && c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO)
        memcpy(&value, CMSG_DATA(c), sizeof value);
    peer->len = h.msg_namelen;
    *segment = (size_t)value;
    return (size_t)n;
}

static size_t most_together(size_t size)
{
    return SEGMENTS_SIZE / size < COUNT ? SEGMENTS_SIZE / size : COUNT;
}

static void look_at_segments(const char *bytes, size_t size, size_t segment, size_t *got)
{
    for (size_t at = 0; at < size; at += segment, ++*got)
        look_at(bytes + at, size - at < segment ? size - at : segment);
}

static void bare_buffer(size_t size)
{
    size_t most = most_together(size), n, segment;

    for (size_t done = 0; done < COUNT; done += n) {
        n = COUNT - done < most ? COUNT - done : most;
        bare_send_segments(&(struct iovec){ data + done * size, n * size }, 1, size);
    }
    for (size_t got = 0; got < COUNT;) {
        n = bare_receive_segments(peers, &segment);
        look_at_segments(memory, n, segment, &got);
    }
}

static void bare_messages(size_t size)
{
    struct iovec parts[COUNT];
    size_t most = most_together(size), n, segment;

    for (size_t done = 0; done < COUNT; done += n) {
        n = COUNT - done < most ? COUNT - done : most;
        for (size_t i = 0; i < n; i++)
            parts[i] = (struct iovec){ outgoing[done + i].data, outgoing[done + i].size };
        bare_send_segments(parts, n, size);
    }
    for (size_t got = 0; got < COUNT;) {
        size_t first = got;

        n = bare_receive_segments(peers, &segment);
        for (size_t at = 0; at < n && got < COUNT; at += segment)
            received[got++] = (struct csk_datagram){ .data = memory + at,
                                                     .size = n - at < segment ? n - at : segment,
                                                     .addr = peers };
        look_at_all(received + first, got - first);
    }
}

static void bare_peers(size_t size)
{
    struct mmsghdr messages[COUNT];
    struct iovec parts[COUNT];
    int n;

    (void)size;
    for (int i = 0; i < COUNT; i++) {
        parts[i] = (struct iovec){ outgoing[i].data, outgoing[i].size };
        messages[i].msg_hdr = (struct msghdr){ .msg_name = &outgoing[i].addr->sa,
                                               .msg_namelen = outgoing[i].addr->len,
                                               .msg_iov = &parts[i],
                                               .msg_iovlen = 1 };
    }
    for (int done = 0; done < COUNT; done += n)
        must((n = sendmmsg(from.fd, messages + done, (unsigned)(COUNT - done), 0)) > 0, "sendmmsg");
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < COUNT / 2; i++) {
            parts[i] = (struct iovec){ memory + i * SLOT, SLOT };
            messages[i].msg_hdr = (struct msghdr){ .msg_name = &peers[i].sa,
                                                   .msg_namelen = sizeof peers[i].storage,
                                                   .msg_iov = &parts[i],
                                                   .msg_iovlen = 1 };
        }
        n = recvmmsg(turn ? other.fd : to.fd, messages, COUNT / 2, MSG_WAITFORONE, NULL);
        must(n == COUNT / 2, "recvmmsg");
        for (int i = 0; i < n; i++) {
            peers[i].len = messages[i].msg_hdr.msg_namelen;
            received[i] = (struct csk_datagram){ .data = memory + i * SLOT,
                                                 .size = messages[i].msg_len,
                                                 .addr = &peers[i] };
        }
        look_at_all(received, (size_t)n);
    }
}

/* csocket's. */

static struct csk_recv_memory space = {
    .data = memory, .size = sizeof memory, .message_size = SLOT, .addrs = peers
};

static void csocket_buffer(size_t size)
{
    size_t got = 0;

    must(csk_send_segments(&from, data, COUNT * size, size, 0, &addresses[0], NULL) == COUNT,
         "csk_send_segments");
    while (got < COUNT) {
        must(csk_recv_many(&to, received, 1, &space, 0) == 1, "csk_recv_many");
        look_at_segments(received->data, received->size,
                         received->segment_size ? received->segment_size : received->size, &got);
    }
}

static void csocket_receive(struct csk_socket *s, size_t count)
{
    ssize_t n;

    for (size_t got = 0; got < count; got += (size_t)n) {
        must((n = csk_recv_many(s, received, count - got, &space, 0)) > 0, "csk_recv_many");
        look_at_all(received, (size_t)n);
    }
}

static void csocket_messages(size_t size)
{
    (void)size;
    must(csk_send_many(&from, outgoing, COUNT, 0, NULL) == COUNT, "csk_send_many");
    csocket_receive(&to, COUNT);
}

static void csocket_peers(size_t size)
{
    (void)size;
    must(csk_send_many(&from, outgoing, COUNT, 0, NULL) == COUNT, "csk_send_many");
    csocket_receive(&to, COUNT / 2);
    csocket_receive(&other, COUNT / 2);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

typedef void round_fn(size_t size);

static void measure(const char *name, size_t size, int rounds, round_fn *bare, round_fn *csocket,
                    int peer_count)
{
    int64_t *times[2] = { calloc((size_t)rounds, sizeof(int64_t)),
                          calloc((size_t)rounds, sizeof(int64_t)) };
    double ns[2];

    for (size_t i = 0; i < COUNT; i++)
        outgoing[i] = (struct csk_datagram){ .data = data + i * size,
                                             .size = size,
                                             .addr = &addresses[i % (size_t)peer_count] };
    for (int i = 0; i < 2 * rounds; i++) {
        int64_t begin = now();

        (i % 2 ? csocket : bare)(size);
        times[i % 2][i / 2] = now() - begin;
    }
    for (int i = 0; i < 2; i++) {
        qsort(times[i], (size_t)rounds, sizeof(int64_t), compare);
        ns[i] = (double)times[i][rounds / 10] / COUNT;
        free(times[i]);
    }
    printf("| %s, %zu bytes | %.1f | %.1f | %.3f |\n", name, size, ns[0], ns[1], ns[1] / ns[0]);
}

static void open_receiver(struct csk_socket *s, struct csk_addr *address, bool merging)
{
    must(csk_socket(s, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    must(csk_addr_parse(address, AF_INET, 0, "127.0.0.1:0", NULL) == 0, "address");
    must(csk_bind(s, address, NULL) == 0, "bind");
    must(csk_getsockname(s, address) == 0, "getsockname");
    csk_setsockopt_int(s, SOL_SOCKET, SO_RCVBUF, 4 << 20);
    if (merging)
        must(csk_setsockopt_int(s, IPPROTO_UDP, UDP_GRO, 1) == 0, "UDP_GRO");
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = { 64, 512, 1200 };
    int rounds = argc > 1 ? atoi(argv[1]) : 4000;

    must(csk_socket(&from, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    open_receiver(&to, &addresses[0], true);
    printf("| ns per datagram | bare calls | csocket | ratio |\n|---|--:|--:|--:|\n");
    for (size_t i = 0; i < 3; i++)
        measure("one buffer", sizes[i], rounds, bare_buffer, csocket_buffer, 1);
    for (size_t i = 0; i < 3; i++)
        measure("messages", sizes[i], rounds, bare_messages, csocket_messages, 1);
    csk_close(&to);
    open_receiver(&to, &addresses[0], false);
    open_receiver(&other, &addresses[1], false);
    for (size_t i = 0; i < 3; i++)
        measure("two peers", sizes[i], rounds / 4, bare_peers, csocket_peers, 2);
    csk_close(&from);
    csk_close(&to);
    csk_close(&other);
    return checksum == 0;
}
