/* The test runner: cmocka's assertions, with each test in a separate process.
 *
 * A test that leaves a descriptor open, runs longer than its alarm or dies of a signal has failed.
 * Results are TAP on stdout; cmocka's messages about a failure go to stderr.
 *
 *     static void recv_returns_what_was_sent(void) { ... assert_int_equal(...); }
 *     TESTS(TEST(recv_returns_what_was_sent), ...)
 */
#ifndef CSK_TEST_H
#define CSK_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TEST(function)                                                                             \
    {                                                                                              \
#function, function                                                                        \
    }
#define TESTS(...)                                                                                 \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        static const struct test tests[] = { __VA_ARGS__ };                                        \
        return test_main(tests, sizeof tests / sizeof *tests, argc, argv);                         \
    }

struct test {
    const char *name; /* describes the behaviour in words */
    void (*run)(void);
};

/* For the runners: a function for cmocka, which passes each test a state, which is the test here;
 * and whether a test is to run. */
static inline void test_call(void **state)
{
    const struct test *test = *state;

    test->run();
}

static inline bool test_is_wanted(const struct test *test, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], test->name) == 0)
            return true;
    return argc < 2;
}

/* Runs all tests, or those named in argv. Returns 0, or 1 if a test failed. */
int test_main(const struct test *tests, size_t count, int argc, char **argv);

/* End the test as skipped, with a reason. */
_Noreturn void test_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether the test runs under valgrind, which takes many times as long. */
bool test_under_valgrind(void);

/* Return the number of open descriptors, for tests that check for leaks before their end. */
int test_open_descriptors(void);

/* Call something from another process: returns its pid; test_join waits and asserts status 0. */
int test_fork(void (*function)(void *), void *argument);
void test_join(int pid);

#endif
