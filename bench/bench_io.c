/* Each operation as a bare system call and as a call of csocket, with datagrams over loopback.
 *
 *     bench_io list                             print the operations
 *     bench_io run OPERATION LAYER MODE COUNT   COUNT calls, for a tool that counts from outside
 *     bench_io time OPERATION MODE ROUNDS       the fastest of that many rounds: bare and csocket,
 *                                               ns per call
 *
 * LAYER is bare or csocket, MODE is blocking or timeout.  The data is always available: the cost of
 * the library is measured, not the kernel's waiting time.  run.py makes the table of all
 * results. */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Datagrams in a round: all must fit in a receive buffer of the default size. */
#define ROUND 64
#define SIZE 64

struct world {
    struct csk_socket from, to;
    struct csk_addr addr; /* of to */
    char data[SIZE];
};

typedef void run_fn(struct world *w, int count);

static void must(int64_t n, const char *what)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n >= 0)
        return;
    fprintf(stderr, "bench_io: %s: %s\n", what, csk_strerror((int)n, text, sizeof text));
    exit(1);
}

#define CHECK(call)                                                                                \
    do {                                                                                           \
        if ((call) < 0)                                                                            \
            abort();                                                                               \
    } while (0)

/* A pair of loops: count calls of one and of the other. */
#define LOOPS(name, bare, csocket)                                                                 \
    static void bare_##name(struct world *w, int count)                                            \
    {                                                                                              \
        while (count--)                                                                            \
            CHECK(bare);                                                                           \
    }                                                                                              \
    static void csocket_##name(struct world *w, int count)                                         \
    {                                                                                              \
        while (count--)                                                                            \
            CHECK(csocket);                                                                        \
    }

LOOPS(send, send(w->from.fd, w->data, SIZE, 0), csk_send(&w->from, w->data, SIZE, 0))
LOOPS(recv, recv(w->to.fd, w->data, SIZE, 0), csk_recv(&w->to, w->data, SIZE, 0))
LOOPS(sendto, sendto(w->from.fd, w->data, SIZE, 0, &w->addr.sa, w->addr.len),
      csk_sendto(&w->from, w->data, SIZE, 0, &w->addr, NULL))
LOOPS(sendall, send(w->from.fd, w->data, SIZE, 0), csk_sendall(&w->from, w->data, SIZE, 0, NULL))

static void bare_recvfrom(struct world *w, int count)
{
    struct csk_addr peer;

    while (count--) {
        peer.len = sizeof peer.storage;
        CHECK(recvfrom(w->to.fd, w->data, SIZE, 0, &peer.sa, &peer.len));
    }
}

static void csocket_recvfrom(struct world *w, int count)
{
    struct csk_addr peer;

    while (count--)
        CHECK(csk_recvfrom(&w->to, w->data, SIZE, 0, &peer));
}

static void bare_sendmsg(struct world *w, int count)
{
    struct iovec part = { w->data, SIZE };

    while (count--) {
        struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
        CHECK(sendmsg(w->from.fd, &msg, 0));
    }
}

static void csocket_sendmsg(struct world *w, int count)
{
    struct iovec part = { w->data, SIZE };

    while (count--) {
        struct csk_msg msg = { .buffers = &part, .buffer_count = 1 };
        CHECK(csk_sendmsg(&w->from, &msg, 0, NULL));
    }
}

static void bare_recvmsg(struct world *w, int count)
{
    struct iovec part = { w->data, SIZE };
    struct csk_addr peer;

    while (count--) {
        struct msghdr msg = { .msg_name = &peer.sa,
                              .msg_namelen = sizeof peer.storage,
                              .msg_iov = &part,
                              .msg_iovlen = 1 };
        CHECK(recvmsg(w->to.fd, &msg, 0));
    }
}

static void csocket_recvmsg(struct world *w, int count)
{
    struct iovec part = { w->data, SIZE };
    struct csk_addr peer;

    while (count--) {
        struct csk_msg msg = { .buffers = &part, .buffer_count = 1, .addr = &peer };
        CHECK(csk_recvmsg(&w->to, &msg, 0));
    }
}

static void nothing(struct world *w, int count)
{
    (void)w;
    (void)count;
}

static const struct operation {
    const char *name;
    run_fn *before, *bare, *csocket, *after; /* before and after are not measured */
} operations[] = {
    { "send", nothing, bare_send, csocket_send, bare_recv },
    { "recv", bare_send, bare_recv, csocket_recv, nothing },
    { "sendto", nothing, bare_sendto, csocket_sendto, bare_recv },
    { "recvfrom", bare_send, bare_recvfrom, csocket_recvfrom, nothing },
    { "sendall", nothing, bare_sendall, csocket_sendall, bare_recv },
    { "sendmsg", nothing, bare_sendmsg, csocket_sendmsg, bare_recv },
    { "recvmsg", bare_send, bare_recvmsg, csocket_recvmsg, nothing },
};
#define OPERATIONS (sizeof operations / sizeof *operations)

static const struct operation *find(const char *name)
{
    for (size_t i = 0; i < OPERATIONS; i++)
        if (!strcmp(operations[i].name, name))
            return &operations[i];
    fprintf(stderr, "bench_io: unknown operation: %s\n", name);
    exit(2);
}

/* sendto names an address, so its socket must not be connected. */
static void open_world(struct world *w, const char *operation, const char *mode)
{
    struct csk_addr any;
    int64_t timeout = strcmp(mode, "timeout") ? -1 : 10000000000;

    memset(w, 0, sizeof *w);
    must(csk_addr_parse(&any, AF_INET, 0, "127.0.0.1:0", NULL), "address");
    must(csk_socket(&w->to, AF_INET, SOCK_DGRAM, 0), "socket");
    must(csk_socket(&w->from, AF_INET, SOCK_DGRAM, 0), "socket");
    must(csk_bind(&w->to, &any, NULL), "bind");
    must(csk_getsockname(&w->to, &w->addr), "getsockname");
    if (strcmp(operation, "sendto"))
        must(csk_connect(&w->from, &w->addr, NULL), "connect");
    must(csk_settimeout(&w->to, timeout), "settimeout");
    must(csk_settimeout(&w->from, timeout), "settimeout");
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t time_round(struct world *w, const struct operation *op, run_fn *run)
{
    int64_t start, end;

    op->before(w, ROUND);
    start = now();
    run(w, ROUND);
    end = now();
    op->after(w, ROUND);
    return end - start;
}

/* The layers take turns, so that other load on the machine affects both. */
static void time_layers(struct world *w, const struct operation *op, int rounds)
{
    int64_t best[2] = { INT64_MAX, INT64_MAX }, took;

    for (int i = 0; i < 2 * rounds; i++) {
        took = time_round(w, op, i % 2 ? op->csocket : op->bare);
        if (took < best[i % 2])
            best[i % 2] = took;
    }
    printf("%.1f %.1f\n", (double)best[0] / ROUND, (double)best[1] / ROUND);
}

/* Nothing outside the measured part depends on the layer, so that the counts of an external tool
 * differ only by the measured part. */
static void run_layer(struct world *w, const struct operation *op, const char *layer, int count)
{
    run_fn *run = strcmp(layer, "bare") ? op->csocket : op->bare;

    for (int part; count > 0; count -= part) {
        part = count < ROUND ? count : ROUND;
        op->before(w, part);
        run(w, part);
        op->after(w, part);
    }
}

int main(int argc, char **argv)
{
    struct world world;

    if (argc == 2 && !strcmp(argv[1], "list")) {
        for (size_t i = 0; i < OPERATIONS; i++)
            puts(operations[i].name);
    } else if (argc == 6 && !strcmp(argv[1], "run")) {
        open_world(&world, argv[2], argv[4]);
        run_layer(&world, find(argv[2]), argv[3], (int)strtol(argv[5], NULL, 10));
    } else if (argc == 5 && !strcmp(argv[1], "time")) {
        open_world(&world, argv[2], argv[3]);
        time_layers(&world, find(argv[2]), (int)strtol(argv[4], NULL, 10));
    } else {
        fprintf(stderr, "usage: bench_io list | run OPERATION LAYER MODE COUNT | "
                        "time OPERATION MODE ROUNDS\n");
        return 2;
    }
    return 0;
}
