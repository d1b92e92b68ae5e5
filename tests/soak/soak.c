/* The connections of hours in a short time: many at once, many in sequence, ended in all possible
 * ways, with one signal per millisecond.  Data is verified; memory and the number of descriptors
 * stay constant.
 *
 *     soak SECONDS
 */
#include "sockets.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>

#define AT_ONCE 10000
#define MESSAGE 256
#define GROWTH_KIB 16384 /* allocators keep memory for later use */

static struct csk_socket listener;
static unsigned port;
static long connections, interrupted, timed_out, resets, half_closes;
static unsigned long long seed = 88172645463325252ULL;

/* Numbers that are the same in every run (xorshift). */
static unsigned number(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % below);
}

static void check(bool holds, const char *what, int64_t n)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (holds)
        return;
    fprintf(stderr, "soak: %s: %s (%lld)\n", what,
            n < 0 ? csk_strerror((int)n, text, sizeof text) : "", (long long)n);
    exit(1);
}

/* Every call may be ended by the hook, which is called after a signal.  The hook does so
 * occasionally. */
static int on_interrupt(struct csk_socket *s)
{
    static unsigned calls;

    (void)s;
    if (++calls % 97)
        return 0;
    interrupted++;
    return CSK_EINTERRUPTED;
}

static void on_alarm(int signal)
{
    (void)signal;
}

static void alarm_every(long us)
{
    struct itimerval timer = { { 0, us }, { 0, us } };

    setitimer(ITIMER_REAL, &timer, NULL);
}

static void fill(unsigned char *data, unsigned from)
{
    for (unsigned i = 0; i < MESSAGE; i++)
        data[i] = (unsigned char)(from + i * 7);
}

/* All of 127.0.0.0/8 is this machine: different addresses prevent reuse of a connection's four
 * numbers too soon. */
static void connect_pair(struct csk_socket *client, struct csk_socket *server)
{
    struct csk_addr to = test_loopback(port);
    uint32_t host = htonl(0x7f000001 + number(1 << 16));
    int n;

    memcpy((char *)&to.sa + offsetof(struct sockaddr_in, sin_addr), &host, sizeof host);
    n = csk_socket(client, AF_INET, SOCK_STREAM, 0);
    check(n == 0, "socket", n);
    n = csk_connect(client, &to, NULL);
    check(n == 0, "connect", n);
    n = csk_accept(&listener, server, NULL);
    check(n == 0, "accept", n);
    connections++;
}

static void send_message(struct csk_socket *s, unsigned from)
{
    unsigned char data[MESSAGE];
    int n;

    fill(data, from);
    n = csk_sendall(s, data, sizeof data, 0, NULL);
    check(n == 0, "sendall", n);
}

static void receive_message(struct csk_socket *s, unsigned from)
{
    unsigned char data[MESSAGE], want[MESSAGE];
    size_t got = 0;
    ssize_t n;

    fill(want, from);
    while (got < sizeof data) {
        n = csk_recv(s, data + got, sizeof data - got, 0);
        check(n > 0, "recv", n);
        got += (size_t)n;
    }
    check(memcmp(data, want, sizeof data) == 0, "the data is not what was sent", 0);
}

static void many_at_once(size_t count)
{
    struct csk_socket *client = malloc(count * sizeof *client);
    struct csk_socket *server = malloc(count * sizeof *server);

    check(client && server, "memory", -ENOMEM);
    for (size_t i = 0; i < count; i++)
        connect_pair(&client[i], &server[i]);
    for (size_t i = 0; i < count; i++)
        send_message(&client[i], (unsigned)i);
    for (size_t i = 0; i < count; i++) {
        receive_message(&server[i], (unsigned)i);
        send_message(&server[i], (unsigned)i + 1);
    }
    for (size_t i = count; i-- > 0;)
        receive_message(&client[i], (unsigned)i + 1);
    for (size_t i = 0; i < count; i++) {
        csk_close(&client[i]);
        csk_close(&server[i]);
    }
    free(client);
    free(server);
}

static void reset(struct csk_socket *s)
{
    struct linger linger = { 1, 0 };

    csk_setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    csk_close(s);
}

/* A timeout, a signal that ends the call, or a closed half: the other half continues. */
static void wait_in_vain(struct csk_socket *s)
{
    char byte;
    ssize_t n;

    csk_settimeout(s, (1 + number(5)) * MS);
    s->on_interrupt = on_interrupt;
    n = csk_recv(s, &byte, 1, 0);
    check(n == CSK_ETIMEDOUT || n == CSK_EINTERRUPTED, "recv without data", n);
    timed_out += n == CSK_ETIMEDOUT;
    s->on_interrupt = NULL;
    csk_settimeout(s, -1);
}

static void half_close(struct csk_socket *one, struct csk_socket *other)
{
    char byte;
    ssize_t n;

    check(csk_shutdown(one, SHUT_WR) == 0, "shutdown", 0);
    n = csk_recv(other, &byte, 1, 0);
    check(n == 0, "recv after the peer's end", n);
    send_message(other, 5);
    receive_message(one, 5);
    half_closes++;
}

static void one_cycle(void)
{
    struct csk_socket client, server;
    unsigned from = number(1000), way = number(16);
    char byte;
    ssize_t n;

    connect_pair(&client, &server);
    send_message(&client, from);
    receive_message(&server, from);
    if (way == 0)
        wait_in_vain(&server);
    else if (way == 1)
        half_close(&client, &server);
    else if (way < 8) {
        reset(&client);
        n = csk_recv(&server, &byte, 1, 0);
        check(n == -ECONNRESET, "recv after a reset", n);
        resets++;
    }
    csk_close(&client);
    csk_close(&server);
}

static long resident_kib(void)
{
    long pages = 0, all = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file)
        return 0;
    if (fscanf(file, "%ld %ld", &all, &pages) != 2)
        pages = 0;
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* As many connections as the limit of descriptors allows. */
static size_t allowed(void)
{
    struct rlimit limit;

    struct rlimit wanted = { 2 * AT_ONCE + 200, 2 * AT_ONCE + 200 };

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < wanted.rlim_max) /* root may */
        setrlimit(RLIMIT_NOFILE, &wanted);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur > 2 * AT_ONCE + 100 ? AT_ONCE : (size_t)(limit.rlim_cur - 100) / 2;
}

int main(int argc, char **argv)
{
    int64_t end = csk_now() + (argc > 1 ? atoll(argv[1]) : 10) * CSK_SECOND;
    struct csk_addr addr;
    size_t at_once = allowed();
    int before;
    long memory, rounds = 0;

    signal(SIGALRM, on_alarm);
    signal(SIGPIPE, SIG_IGN);
    check(csk_socket(&listener, AF_INET, SOCK_STREAM, 0) == 0, "socket", 0);
    addr = test_loopback(0);
    memset((char *)&addr.sa + offsetof(struct sockaddr_in, sin_addr), 0, 4);
    check(csk_bind(&listener, &addr, NULL) == 0, "bind", 0);
    check(csk_listen(&listener, 4096) == 0, "listen", 0);
    check(csk_getsockname(&listener, &addr) == 0, "getsockname", 0);
    port = (unsigned)csk_addr_port(&addr);
    alarm_every(1000);
    many_at_once(at_once);
    before = test_open_descriptors();
    memory = resident_kib();
    while (csk_now() < end) {
        if (rounds++ % 8 == 0)
            many_at_once(at_once);
        for (int i = 0; i < 5000 && csk_now() < end; i++)
            one_cycle();
        check(test_open_descriptors() == before, "descriptors left open", test_open_descriptors());
        check(resident_kib() < memory + GROWTH_KIB, "memory grew, KiB", resident_kib() - memory);
    }
    alarm_every(0);
    csk_close(&listener);
    printf("%ld connections (%zu at once), %ld resets, %ld half-closed, %ld timed out, "
           "%ld interrupted; memory grew by %ld KiB\n",
           connections, at_once, resets, half_closes, timed_out, interrupted,
           resident_kib() - memory);
    return 0;
}
