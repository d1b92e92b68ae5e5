/* See sockets.h. */
#include "sockets.h"

#include <netdb.h>
#include <sys/time.h>
#include <time.h>

void test_pair(struct csk_socket pair[2], int type)
{
    assert_int_equal(csk_socketpair(pair, AF_UNIX, type, 0), 0);
}

void test_close(struct csk_socket pair[2])
{
    assert_int_equal(csk_close(&pair[0]), 0);
    assert_int_equal(csk_close(&pair[1]), 0);
}

struct csk_addr test_loopback(unsigned port)
{
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct csk_addr addr = { .len = sizeof in };

    memcpy(&addr.storage, &in, sizeof in);
    return addr;
}

int test_wrong_family(const char *host, int family)
{
    const struct addrinfo hints = { .ai_family = family, .ai_flags = AI_NUMERICHOST };
    struct addrinfo *list;
    int error = getaddrinfo(host, NULL, &hints, &list);

    assert_int_not_equal(error, 0);
    return CSK_EAI(error);
}

void test_listen(struct csk_socket *listener, struct csk_addr *addr)
{
    *addr = test_loopback(0);
    assert_int_equal(csk_socket(listener, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_bind(listener, addr, NULL), 0);
    assert_int_equal(csk_listen(listener, CSK_BACKLOG_DEFAULT), 0);
    assert_int_equal(csk_getsockname(listener, addr), 0);
}

void test_tcp_pair(struct csk_socket pair[2])
{
    struct csk_socket listener;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&pair[0], AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&pair[0], &addr, NULL), 0);
    assert_int_equal(csk_accept(&listener, &pair[1], NULL), 0);
    assert_int_equal(csk_close(&listener), 0);
}

void test_udp(struct csk_socket *s, struct csk_addr *addr)
{
    *addr = test_loopback(0);
    assert_int_equal(csk_socket(s, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_bind(s, addr, NULL), 0);
    assert_int_equal(csk_getsockname(s, addr), 0);
}

void test_refusing(struct csk_socket *holder, int type, struct csk_addr *addr)
{
    *addr = test_loopback(0);
    assert_int_equal(csk_socket(holder, AF_INET, type, 0), 0);
    assert_int_equal(csk_bind(holder, addr, NULL), 0);
    assert_int_equal(csk_getsockname(holder, addr), 0);
    /* A datagram socket that is connected to itself receives from no other. */
    if (type == SOCK_DGRAM)
        assert_int_equal(csk_connect(holder, addr, NULL), 0);
}

/* The high bits of a multiplication, so that shifted and swapped blocks differ, too. */
static unsigned char pattern_at(size_t place)
{
    return (unsigned char)((uint32_t)place * UINT32_C(2654435761) >> 24);
}

void test_pattern(void *data, size_t size, size_t offset)
{
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)data)[i] = pattern_at(offset + i);
}

bool test_is_pattern(const void *data, size_t size, size_t offset)
{
    for (size_t i = 0; i < size; i++)
        if (((const unsigned char *)data)[i] != pattern_at(offset + i))
            return false;
    return true;
}

size_t test_fill(struct csk_socket *s)
{
    static const char zeros[65536];
    int64_t timeout = csk_gettimeout(s);
    size_t total = 0;
    ssize_t n;

    assert_int_equal(csk_setblocking(s, false), 0);
    while ((n = csk_send(s, zeros, sizeof zeros, 0)) > 0)
        total += (size_t)n;
    assert_int_equal(n, -EAGAIN);
    assert_int_equal(csk_settimeout(s, timeout), 0);
    return total;
}

volatile sig_atomic_t test_alarms;

static void count_alarm(int signal)
{
    (void)signal;
    test_alarms++;
}

void test_alarm_every(int ms)
{
    struct itimerval every = { { 0, ms * 1000 }, { 0, ms * 1000 } };
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = count_alarm; /* no SA_RESTART: calls are interrupted */
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
}

int test_interrupts, test_interrupt_limit;

int test_on_interrupt(struct csk_socket *s)
{
    (void)s;
    return ++test_interrupts == test_interrupt_limit ? CSK_EINTERRUPTED : 0;
}

int64_t test_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}
