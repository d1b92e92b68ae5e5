/* Another process's descriptors: pidfd_open (Linux 5.3) and pidfd_getfd (Linux 5.6). */
#include "platform/platform.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

bool cli_platform_has_pidfd(void)
{
    return true;
}

int cli_platform_pid_fd(int64_t pid, int fd)
{
    int process = pidfd_open((pid_t)pid, 0);
    int copy, n;

    if (process < 0)
        return -errno;
    copy = pidfd_getfd(process, fd, 0);
    n = copy < 0 ? -errno : copy;
    close(process);
    return n;
}

static int compare(const void *a, const void *b)
{
    const int *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

int cli_platform_pid_fds(int64_t pid, int *fds, size_t room)
{
    char path[40];
    struct dirent *entry;
    size_t count = 0;
    DIR *folder;

    snprintf(path, sizeof path, "/proc/%lld/fd", (long long)pid);
    if (!(folder = opendir(path)))
        return errno == ENOENT ? -ESRCH : -errno;
    while ((entry = readdir(folder)))
        if (*entry->d_name != '.') {
            if (count < room)
                fds[count] = (int)strtol(entry->d_name, NULL, 10);
            count++;
        }
    closedir(folder);
    qsort(fds, count < room ? count : room, sizeof *fds, compare);
    return (int)count;
}
