/* Commands with a connection as their standard input and output. */
#include "connect/connect.h"
#include "platform/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define VARIABLES 4

char **cli_exec_split(const char *text)
{
    size_t length = strlen(text) + 1, count = 0;
    char **argv = cli_alloc((length / 2 + 2) * sizeof *argv + length);
    char *copy = (char *)(argv + length / 2 + 2), *place = NULL;

    memcpy(copy, text, length);
    for (char *word = strtok_r(copy, " \t", &place); word; word = strtok_r(NULL, " \t", &place))
        argv[count++] = word;
    return argv;
}

static char *variable(const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = cli_alloc(size);

    snprintf(text, size, "%s=%s", name, value);
    return text;
}

extern char **environ;

/* The environment with the connection's addresses; the last VARIABLES entries are ours. */
static char **environment_of(const struct csk_socket *conn, size_t *own)
{
    char local[CSK_ADDR_TEXT_MAX], peer[CSK_ADDR_TEXT_MAX], family[24], type[24];
    size_t count = 0;
    char **list;

    cli_addresses(conn, local, peer);
    while (environ[count])
        count++;
    list = cli_alloc((count + VARIABLES + 1) * sizeof *list);
    count = 0;
    for (char **each = environ; *each; each++)
        if (strncmp(*each, "CSOCKET_", 8)) /* of the csocket that started this one */
            list[count++] = *each;
    *own = count;
    list[count++] = variable("CSOCKET_LOCAL", local);
    list[count++] = variable("CSOCKET_PEER", peer);
    list[count++] = variable("CSOCKET_FAMILY",
                             cli_constant_name("AF", conn->family, family, sizeof family));
    list[count++] = variable("CSOCKET_TYPE",
                             cli_constant_name("SOCK", conn->type, type, sizeof type));
    return list;
}

/* Runs in the child process.  Only async-signal-safe functions: other threads may have held
 * locks. */
static void exec_command(const struct cli_exec *exec, int fd, char **environment, int report)
{
    static const char *const shell[] = { "/bin/sh", "-c" };
    char *shell_argv[4] = { 0 };
    int number;

    cli_paths_unblock();
    signal(SIGPIPE, SIG_DFL);
    if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
        goto failed;
    cli_platform_close_from(STDERR_FILENO + 1, report);
    environ = environment;
    if (exec->shell) {
        shell_argv[0] = (char *)(uintptr_t)shell[0];
        shell_argv[1] = (char *)(uintptr_t)shell[1];
        shell_argv[2] = exec->argv[0];
        execve(shell_argv[0], shell_argv, environment);
    } else {
        execvp(exec->argv[0], exec->argv);
    }
failed:
    number = errno;
    if (write(report, &number, sizeof number) < 0)
        _exit(126);
    _exit(127);
}

static int64_t start(const struct cli_exec *exec, const struct csk_socket *conn, char **environment)
{
    int report[2], number = 0;
    pid_t pid;

    if (pipe(report) != 0)
        return -errno;
    fcntl(report[1], F_SETFD, FD_CLOEXEC); /* a child of another thread closes its copy */
    pid = fork();
    if (pid == 0)
        exec_command(exec, csk_fileno(conn), environment, report[1]);
    number = pid < 0 ? errno : 0;
    close(report[1]);
    /* No data arrives if the program was started, because its end of the pipe closes. */
    if (pid > 0 && cli_read_some(report[0], &number, sizeof number) != sizeof number)
        number = 0;
    close(report[0]);
    if (pid > 0 && number)
        waitpid(pid, NULL, 0);
    return number ? -number : pid;
}

int64_t cli_exec_start(const struct cli_exec *exec, const struct csk_socket *conn)
{
    size_t own;
    char **environment = environment_of(conn, &own);
    int64_t pid = start(exec, conn, environment);

    for (size_t i = 0; i < VARIABLES; i++)
        free(environment[own + i]);
    free(environment);
    return pid;
}

int cli_exec_wait(int64_t pid)
{
    int status;

    while (waitpid((pid_t)pid, &status, 0) < 0)
        if (errno != EINTR)
            return cli_failed(-errno, NULL, "wait for process %lld", (long long)pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
