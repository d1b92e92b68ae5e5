/* What the command asks of the operating system itself.  One file a mechanism: platform_*.c; which
 * one is built, meson.build decides by what the system has. */
#ifndef CSOCKET_CLI_PLATFORM_H
#define CSOCKET_CLI_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether another process's descriptors can be had here at all. */
bool cli_platform_has_pidfd(void);

/* A duplicate of a descriptor of another process, close-on-exec.  The descriptor, or -errno: -ESRCH
 * no such process, -EBADF it has no such descriptor, -EPERM no right to trace it, -ENOSYS. */
int cli_platform_pid_fd(int64_t pid, int fd);

/* The descriptors that a process has open, in rising order.  How many there are (which may be more
 * than the room), or -errno. */
int cli_platform_pid_fds(int64_t pid, int *fds, size_t room);

#endif
