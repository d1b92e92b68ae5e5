/* A system that cannot duplicate another process's descriptors. */
#include "platform/platform.h"

#include <errno.h>

bool cli_platform_has_pidfd(void)
{
    return false;
}

int cli_platform_pid_fd(int64_t pid, int fd)
{
    (void)pid;
    (void)fd;
    return -ENOSYS;
}

int cli_platform_pid_fds(int64_t pid, int *fds, size_t room)
{
    (void)pid;
    (void)fds;
    (void)room;
    return -ENOSYS;
}
