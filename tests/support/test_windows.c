/* The test runner where there is no fork; see test.h.  The program starts itself once for each
 * test, with the test's name after RUN. */
#ifdef NDEBUG
#error "tests are built with assertions"
#endif

#include "test.h"

#include <winsock2.h>

#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS 60
#define SKIP 77
#define RUN "--run"

/* Handles: of sockets, files, threads and events. */
int test_open_descriptors(void)
{
    DWORD count = 0;

    return GetProcessHandleCount(GetCurrentProcess(), &count) ? (int)count : -1;
}

/* The reason goes to stderr: only the exit code comes back. */
_Noreturn void test_skip(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
    fflush(NULL);
    TerminateProcess(GetCurrentProcess(), SKIP);
    exit(SKIP);
}

/* The first sockets of a process open handles that stay: the test runs twice if it left some, and
 * has a leak if the second run leaves as many. */
static int run_here(const struct test *test)
{
    const struct CMUnitTest unit = { test->name, test_call, NULL, NULL, (void *)test };
    int before, after, failed = 0;

    _dup2(2, 1); /* cmocka's report is not TAP */
    for (int i = 0; i < 2 && !failed; i++) {
        before = test_open_descriptors();
        failed = _cmocka_run_group_tests(test->name, &unit, 1, NULL, NULL);
        after = test_open_descriptors();
        if (after <= before)
            break;
        if (i == 1) {
            fprintf(stderr, "%s: %d handles before the test, %d after\n", test->name, before,
                    after);
            failed = 1;
        }
    }
    return failed != 0;
}

/* The exit code of the test in a process of its own; -1: it took too long. */
static int run_child(const struct test *test)
{
    char program[MAX_PATH], line[MAX_PATH + 256];
    STARTUPINFOA startup = { .cb = sizeof startup };
    PROCESS_INFORMATION child;
    DWORD code = 1;
    bool late;

    GetModuleFileNameA(NULL, program, sizeof program);
    snprintf(line, sizeof line, "\"%s\" " RUN " %s", program, test->name);
    if (!CreateProcessA(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child)) {
        fprintf(stderr, "cannot start %s: error %lu\n", program, GetLastError());
        return 1;
    }
    late = WaitForSingleObject(child.hProcess, SECONDS * 1000) != WAIT_OBJECT_0;
    if (late)
        TerminateProcess(child.hProcess, 1);
    else
        GetExitCodeProcess(child.hProcess, &code);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    return late ? -1 : (int)code;
}

static bool run(const struct test *test, int number)
{
    int code = run_child(test);

    printf("%s %d - %s%s\n", code == 0 || code == SKIP ? "ok" : "not ok", number, test->name,
           code == SKIP ? " # SKIP" : "");
    if (code < 0)
        printf("# ended after %d seconds\n", SECONDS);
    else if (code > 1 && code != SKIP)
        printf("# ended with 0x%x\n", (unsigned)code);
    fflush(stdout);
    return code == 0 || code == SKIP;
}

int test_main(const struct test *tests, size_t count, int argc, char **argv)
{
    bool passed = true;
    int number = 0;

    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); /* no dialogue for a crash */
    for (size_t i = 0; i < count; i++) {
        if (argc == 3 && strcmp(argv[1], RUN) == 0 && strcmp(argv[2], tests[i].name) == 0)
            return run_here(&tests[i]);
        if (test_is_wanted(&tests[i], argc, argv))
            passed &= run(&tests[i], ++number);
    }
    printf("1..%d\n", number);
    return number == 0 || !passed;
}

bool test_under_valgrind(void)
{
    return false;
}
