/* Many threads on one socket: after one closes it, the others see it as closed, without other
 * effects. Under ThreadSanitizer this also proves that accesses do not race. */
#include "sockets.h"

#include <pthread.h>

#define THREADS 4
#define ROUNDS 200

static struct csk_socket shared[2];

/* ThreadSanitizer counts a descriptor as memory, which close writes and recv reads.  Closing a
 * socket in use is tested here; races on the struct are still reported. */
const char *__tsan_default_suppressions(void) __attribute__((visibility("default")));
const char *__tsan_default_suppressions(void)
{
    return "race:csk_close_fd\n";
}

static bool expected(ssize_t n)
{
    return n >= 0 || n == -EBADF || n == -EAGAIN || n == -EPIPE || n == -ECONNRESET ||
           n == CSK_ETIMEDOUT;
}

static void *use(void *argument)
{
    struct csk_socket *s = &shared[(uintptr_t)argument % 2], copy;
    struct csk_addr addr;
    bool good = true;
    char data[64];

    for (int i = 0; i < ROUNDS && good; i++) {
        good &= expected(csk_send(s, "some bytes", 10, MSG_DONTWAIT));
        good &= expected(csk_recv(s, data, sizeof data, 0));
        good &= expected(csk_getsockname(s, &addr));
        good &= csk_fileno(s) >= -1 && csk_gettimeout(s) >= -1;
        if (i % 16 == 0) {
            good &= expected(csk_settimeout(s, (i % 3 + 1) * MS));
            if (csk_dup(s, &copy) == 0)
                csk_close(&copy);
        }
    }
    return good ? argument : NULL;
}

static void close_races_with_everything_and_closes_once(void)
{
    pthread_t threads[THREADS];
    void *result;

    for (int round = 0; round < 10; round++) {
        test_pair(shared, SOCK_STREAM);
        assert_int_equal(csk_settimeout(&shared[0], MS), 0);
        assert_int_equal(csk_settimeout(&shared[1], MS), 0);
        for (uintptr_t i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, use, (void *)(i + 1)), 0);
        usleep((unsigned)round * 1000);
        test_close(shared);
        for (uintptr_t i = 0; i < THREADS; i++) {
            assert_int_equal(pthread_join(threads[i], &result), 0);
            assert_ptr_equal(result, (void *)(i + 1));
        }
    }
}

static void *set_default(void *argument)
{
    for (int i = 0; i < 10000; i++) {
        csk_setdefaulttimeout(i);
        if (csk_getdefaulttimeout() < 0)
            return NULL;
    }
    return argument;
}

static void the_default_timeout_is_one_for_all_threads(void)
{
    pthread_t threads[THREADS];
    void *result;

    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, set_default, (void *)(i + 1)), 0);
    for (uintptr_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, (void *)(i + 1));
    }
    /* Whichever thread was the last has set the final value, which all threads see. */
    assert_int_equal(csk_getdefaulttimeout(), 9999);
    csk_setdefaulttimeout(-1);
}

/* shutdown wakes a thread that waits; on Linux close does not. */
static void *wait_for_data(void *argument)
{
    char byte;

    (void)argument;
    return csk_recv(&shared[0], &byte, 1, 0) == 0 ? &shared[0] : NULL;
}

static void shutdown_wakes_a_blocked_recv(void)
{
    pthread_t thread;
    void *result;

    test_pair(shared, SOCK_STREAM);
    assert_int_equal(pthread_create(&thread, NULL, wait_for_data, NULL), 0);
    usleep(20000);
    assert_int_equal(csk_shutdown(&shared[0], SHUT_RDWR), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_non_null(result);
    test_close(shared);
}

TESTS(TEST(close_races_with_everything_and_closes_once),
      TEST(the_default_timeout_is_one_for_all_threads),
      TEST(shutdown_wakes_a_blocked_recv))
