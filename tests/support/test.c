/* The test runner; see test.h. */
#ifdef NDEBUG
#error "tests are built with assertions"
#endif

#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef TEST_HAVE_PDEATHSIG
#include <sys/prctl.h>
#define END_WITH_PARENT() prctl(PR_SET_PDEATHSIG, SIGKILL)
#else
#define END_WITH_PARENT() ((void)0)
#endif

#define SECONDS (test_under_valgrind() ? 300 : 60)
#define SKIP 77

static int skip_pipe = -1;

int test_open_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = -1; /* not counting the directory's own */

    if (!dir)
        dir = opendir("/dev/fd");
    if (!dir)
        return -1;
    for (struct dirent *e; (e = readdir(dir));)
        count += e->d_name[0] != '.';
    closedir(dir);
    return count;
}

_Noreturn void test_skip(const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (write(skip_pipe, text, strlen(text)) < 0)
        perror("test_skip");
    _exit(SKIP);
}

static void run_child(const struct test *test)
{
    const struct CMUnitTest unit = { test->name, test_call, NULL, NULL, (void *)test };
    int before = test_open_descriptors(), after, failed;

    failed = _cmocka_run_group_tests(test->name, &unit, 1, NULL, NULL);
    after = test_open_descriptors();
    if (after != before) {
        fprintf(stderr, "%s: %d descriptors before the test, %d after\n", test->name, before,
                after);
        failed = 1;
    }
    exit(failed != 0);
}

/* The test and its child processes can be ended together; when the runner is ended, so is the test.
 */
static void lead_a_group(void)
{
    setpgid(0, 0);
    END_WITH_PARENT();
}

/* cmocka writes its own report to stdout, where only TAP may be. */
static pid_t start(const struct test *test, int pipes[2])
{
    pid_t pid;

    fflush(NULL);
    if (pipe(pipes) < 0 || (pid = fork()) < 0) {
        perror("start");
        exit(2);
    }
    if (pid == 0) {
        lead_a_group();
        close(pipes[0]);
        skip_pipe = pipes[1];
        dup2(STDERR_FILENO, STDOUT_FILENO);
        run_child(test);
    }
    close(pipes[1]);
    return pid;
}

static volatile sig_atomic_t rang;

static void on_alarm(int number)
{
    (void)number;
    rang = 1;
}

/* Wait for the test, and end it and its child processes when its time is over.  The timer is here
 * because the test may need SIGALRM itself; it fires again in case the first signal came before
 * waitpid.  Whether the test ended by itself. */
static bool wait_for(pid_t pid, int *status)
{
    const struct itimerval limit = { { 1, 0 }, { SECONDS, 0 } }, none = { { 0, 0 }, { 0, 0 } };
    const struct sigaction caught = { .sa_handler = on_alarm };

    rang = 0;
    sigaction(SIGALRM, &caught, NULL);
    setitimer(ITIMER_REAL, &limit, NULL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR) {
        if (rang) {
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL);
        }
    }
    setitimer(ITIMER_REAL, &none, NULL);
    signal(SIGALRM, SIG_DFL);
    return !rang;
}

static bool run(const struct test *test, int number)
{
    char reason[257];
    int pipes[2], status;
    pid_t pid = start(test, pipes);
    bool late = !wait_for(pid, &status);
    ssize_t n;

    fcntl(pipes[0], F_SETFL, O_NONBLOCK); /* a process left by the test may hold the other end */
    n = read(pipes[0], reason, sizeof reason - 1);
    close(pipes[0]);
    reason[n < 0 ? 0 : n] = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == SKIP) {
        printf("ok %d - %s # SKIP %s\n", number, test->name, reason);
        return true;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        printf("ok %d - %s\n", number, test->name);
        return true;
    }
    printf("not ok %d - %s\n", number, test->name);
    if (late)
        printf("# ended after %d seconds\n", SECONDS);
    else if (WIFSIGNALED(status))
        printf("# ended by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return false;
}

int test_main(const struct test *tests, size_t count, int argc, char **argv)
{
    bool passed = true;
    int number = 0;

    signal(SIGPIPE, SIG_DFL); /* not ignored, because no call may raise it */
    for (size_t i = 0; i < count; i++)
        if (test_is_wanted(&tests[i], argc, argv))
            passed &= run(&tests[i], ++number);
    printf("1..%d\n", number);
    return number == 0 || !passed;
}

bool test_under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

    return preloaded && strstr(preloaded, "vgpreload");
}

int test_fork(void (*function)(void *), void *argument)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        alarm(SECONDS);
        function(argument);
        _exit(0);
    }
    return pid;
}

void test_join(int pid)
{
    int status = -1;

    while (waitpid(pid, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}
