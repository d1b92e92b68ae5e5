/* See nameserver.h. */
#include "nameserver.h"

#include "sockets.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <time.h>

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28, HEADER = 12, PACKET = 512, PENDING = 4096 };

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void raise_loopback(void)
{
    struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
    close(fd);
}

void test_resolver_world(int attempt_seconds)
{
    const int spaces = CLONE_NEWNS | CLONE_NEWNET;
    char text[128];

    test_count_threads();
    if (unshare(spaces) < 0 && unshare(CLONE_NEWUSER | spaces) < 0)
        test_skip("needs root or user namespaces: %s", strerror(errno));
    if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", "/etc", "tmpfs", 0, NULL) < 0)
        test_skip("no file system of its own: %s", strerror(errno));
    raise_loopback();
    write_file("/etc/nsswitch.conf", "hosts: files dns\nservices: files\nprotocols: files\n");
    write_file("/etc/hosts", "127.0.0.1 localhost\n");
    write_file("/etc/services", "http 80/tcp\n");
    snprintf(text, sizeof text, "nameserver 127.0.0.1\noptions timeout:%d attempts:1\n",
             attempt_seconds);
    write_file("/etc/resolv.conf", text);
}

struct reply {
    int64_t due;
    struct sockaddr_in to;
    size_t size;
    unsigned char data[PACKET];
};

static void put16(unsigned char *at, unsigned number)
{
    at[0] = (unsigned char)(number >> 8);
    at[1] = (unsigned char)number;
}

/* Return the end of the question's name, or 0 if it is incomplete. */
static size_t name_end(const unsigned char *query, size_t size)
{
    size_t at = HEADER;

    while (at < size && query[at])
        at += query[at] + 1U;
    return at + 5 <= size ? at + 1 : 0;
}

/* Append an answer, which refers to the name in the question. */
static size_t answer(unsigned char *data, size_t size, unsigned type)
{
    static const unsigned char ipv4[] = { 192, 0, 2, 1 };
    static const unsigned char ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
    static const unsigned char name[] = "\4host\7example";
    const void *bytes = type == TYPE_A ? (const void *)ipv4 : type == TYPE_AAAA ? ipv6 : name;
    size_t count = type == TYPE_A ? sizeof ipv4 : type == TYPE_AAAA ? sizeof ipv6 : sizeof name;

    put16(data + size, 0xc000 | HEADER);
    put16(data + size + 2, type);
    put16(data + size + 4, 1);
    memset(data + size + 6, 0, 4);
    put16(data + size + 10, (unsigned)count);
    memcpy(data + size + 12, bytes, count);
    put16(data + 6, 1);
    return size + 12 + count;
}

/* Convert a query to a reply; returns the due time, or 0 for no reply. */
static int64_t make_reply(struct reply *reply, size_t size, int ipv4_ms, int ipv6_ms)
{
    unsigned char *data = reply->data;
    size_t end = size > HEADER ? name_end(data, size) : 0;
    unsigned type = end ? (unsigned)(data[end] << 8 | data[end + 1]) : 0;
    int ms = type == TYPE_AAAA ? ipv6_ms : ipv4_ms;
    bool unknown = size > HEADER + 3 && memcmp(data + HEADER + 1, "no", 2) == 0;

    if (!end || ms < 0)
        return 0;
    put16(data + 2, 0x8180 | (unknown ? 3 : 0));
    memset(data + 6, 0, 6);
    reply->size = end + 4;
    if (!unknown && (type == TYPE_A || type == TYPE_AAAA || type == TYPE_PTR))
        reply->size = answer(data, reply->size, type);
    return test_now() + ms * MS;
}

static void send_due(int fd, struct reply *replies, int *ms)
{
    *ms = -1;
    for (int i = 0; i < PENDING; i++) {
        int64_t left = replies[i].due - test_now();

        if (!replies[i].due)
            continue;
        if (left <= 0) {
            sendto(fd, replies[i].data, replies[i].size, 0, (struct sockaddr *)&replies[i].to,
                   sizeof replies[i].to);
            replies[i].due = 0;
        } else if (*ms < 0 || left / MS + 1 < *ms) {
            *ms = (int)(left / MS) + 1;
        }
    }
}

static _Noreturn void serve(int fd, int ipv4_ms, int ipv6_ms)
{
    struct reply *replies = calloc(PENDING, sizeof *replies), *free_one;
    struct pollfd p = { .fd = fd, .events = POLLIN };
    int ms;

    for (;;) {
        socklen_t len = sizeof replies->to;
        ssize_t n;

        send_due(fd, replies, &ms);
        if (poll(&p, 1, ms) <= 0)
            continue;
        for (free_one = replies; free_one->due && free_one < replies + PENDING - 1;)
            free_one++;
        n = recvfrom(fd, free_one->data, HEADER + 256, MSG_DONTWAIT,
                     (struct sockaddr *)&free_one->to, &len);
        if (n > 0)
            free_one->due = make_reply(free_one, (size_t)n, ipv4_ms, ipv6_ms);
    }
}

void test_nameserver(int ipv4_ms, int ipv6_ms)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(53) };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    pid_t parent = getpid(), pid;

    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    assert_true(fd >= 0);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0)
        test_skip("cannot bind to port 53: %s", strerror(errno));
    assert_true((pid = fork()) >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) /* it has ended already */
            _exit(0);
        serve(fd, ipv4_ms, ipv6_ms);
    }
    close(fd);
}

static int sanitizers_threads;

static int count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    int count = 0;

    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        count += e->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void *nothing(void *unused)
{
    return unused;
}

/* ThreadSanitizer starts its own thread with the first one. */
void test_count_threads(void)
{
    const struct timespec pause = { 0, 5 * MS };
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, nothing, NULL), 0);
    pthread_join(thread, NULL);
    nanosleep(&pause, NULL);
    sanitizers_threads = count_threads() - 1;
}

int test_threads(void)
{
    return count_threads() - sanitizers_threads;
}

void test_wait_for_one_thread(void)
{
    const struct timespec pause = { 0, 5 * MS };

    while (test_threads() > 1)
        nanosleep(&pause, NULL);
}

#ifdef __has_feature
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define ASAN true
#else
#define ASAN HAS_FEATURE(address_sanitizer)
#endif

#if defined(__SANITIZE_THREAD__)
#define TSAN true
#else
#define TSAN false
#endif

bool test_is_slow(void)
{
    return TSAN || test_under_valgrind();
}

void test_skip_under_tsan(const char *reason)
{
    if (TSAN)
        test_skip("%s", reason);
}

void test_skip_forks(void)
{
    if (test_is_slow())
        test_skip("what threads of the parent process own counts as lost in the child");
}

void test_skip_forks_at_any_moment(void)
{
    test_skip_forks();
    if (ASAN || test_under_msan())
        test_skip("the sanitizer's allocator may be locked in the child forever");
}

bool test_under_msan(void)
{
    return HAS_FEATURE(memory_sanitizer);
}
