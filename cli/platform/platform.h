/* System-specific functions of the command.  One file per mechanism, chosen in meson.build by the
 * capabilities of the system. */
#ifndef CSOCKET_CLI_PLATFORM_H
#define CSOCKET_CLI_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the system can duplicate descriptors of other processes. */
bool cli_platform_has_pidfd(void);

/* A duplicate of a descriptor of another process, close-on-exec.  The descriptor, or -errno: -ESRCH
 * no such process, -EBADF no such descriptor, -EPERM no permission to trace it, -ENOSYS. */
int cli_platform_pid_fd(int64_t pid, int fd);

/* The open descriptors of a process, in ascending order.  Their number (which may exceed the size
 * of the array), or -errno. */
int cli_platform_pid_fds(int64_t pid, int *fds, size_t room);

/* Close every descriptor from `first` on except one.  Async-signal-safe. */
void cli_platform_close_from(int first, int except);

/* A process that has a socket. */
struct cli_owner {
    uint64_t inode; /* of the socket */
    int64_t pid;
    int fd;        /* of the process: the lowest */
    char name[16]; /* of the program */
};

/* The owners of all sockets, as far as the system reports them; NULL without memory. */
struct cli_owners;
struct cli_owners *cli_platform_owners(void);
void cli_platform_owners_free(struct cli_owners *owners);
/* The owners of a socket: index 0, 1, ... until NULL. */
const struct cli_owner *cli_owner_at(const struct cli_owners *owners, uint64_t inode, size_t index);

/* A running process. */
struct cli_process {
    int64_t pid;
    char name[32]; /* of its program */
};

/* The running processes, in no particular order.  Their number (which may exceed the size of the
 * array), or -errno. */
int cli_platform_processes(struct cli_process *list, size_t room);

#endif
