/* Write the command's gcov counters if it ends without exit(3): in _exit, by a signal that it
 * raises itself, or by SIGURG, with which tests/cli/command.py ends a server if coverage is
 * measured. Linked into the command with -Db_coverage=true only. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

void __gcov_dump(void);

void _exit(int status)
{
    __gcov_dump();
    for (;;)
        syscall(SYS_exit_group, status);
}

int raise(int number)
{
    __gcov_dump();
    return (int)syscall(SYS_tgkill, getpid(), gettid(), number);
}

__attribute__((constructor)) static void end_by_signal(void)
{
    signal(SIGURG, _exit);
}
