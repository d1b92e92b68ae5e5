/* The processes that have a socket: /proc/PID/fd, if the user may read it. */
#include "platform/platform.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cli_owners {
    struct cli_owner *list; /* by inode */
    size_t count, room;
};

static bool add(struct cli_owners *owners, uint64_t inode, int64_t pid, int fd, const char *name)
{
    if (owners->count == owners->room) {
        size_t room = owners->room ? owners->room * 2 : 256;
        struct cli_owner *list = realloc(owners->list, room * sizeof *list);

        if (!list)
            return false;
        owners->list = list;
        owners->room = room;
    }
    owners->list[owners->count] = (struct cli_owner){ .inode = inode, .pid = pid, .fd = fd };
    snprintf(owners->list[owners->count].name, sizeof owners->list->name, "%s", name);
    owners->count++;
    return true;
}

static void read_name(int folder, char name[16])
{
    int fd = openat(folder, "comm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, name, 15);

    name[n > 0 ? n : 0] = '\0';
    name[strcspn(name, "\n")] = '\0';
    if (fd >= 0)
        close(fd);
}

static void add_process(struct cli_owners *owners, int proc, const char *pid)
{
    int folder = openat(proc, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fds;
    struct dirent *entry;
    char name[16], link[64];
    DIR *list;

    if (folder < 0)
        return;
    fds = openat(folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    list = fds < 0 ? NULL : fdopendir(fds);
    if (list) {
        read_name(folder, name);
        while ((entry = readdir(list))) {
            ssize_t n = readlinkat(fds, entry->d_name, link, sizeof link - 1);

            if (n < 9 || memcmp(link, "socket:[", 8))
                continue;
            link[n] = '\0';
            if (!add(owners, strtoull(link + 8, NULL, 10), strtoll(pid, NULL, 10),
                     atoi(entry->d_name), name))
                break;
        }
        closedir(list);
    } else if (fds >= 0) {
        close(fds);
    }
    close(folder);
}

static int compare(const void *a, const void *b)
{
    const struct cli_owner *x = a, *y = b;

    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    if (x->pid != y->pid)
        return x->pid < y->pid ? -1 : 1;
    return (x->fd > y->fd) - (x->fd < y->fd);
}

static bool is_same(const struct cli_owner *a, const struct cli_owner *b)
{
    return a->inode == b->inode && a->pid == b->pid;
}

struct cli_owners *cli_platform_owners(void)
{
    struct cli_owners *owners = calloc(1, sizeof *owners);
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    size_t kept = 0;

    while (owners && proc && (entry = readdir(proc)))
        if (isdigit((unsigned char)*entry->d_name))
            add_process(owners, dirfd(proc), entry->d_name);
    if (proc)
        closedir(proc);
    if (!owners || owners->count == 0)
        return owners;
    qsort(owners->list, owners->count, sizeof *owners->list, compare);
    for (size_t i = 0; i < owners->count; i++) /* two descriptors of one process count once */
        if (i == 0 || !is_same(&owners->list[i], &owners->list[kept - 1]))
            owners->list[kept++] = owners->list[i];
    owners->count = kept;
    return owners;
}

const struct cli_owner *cli_owner_at(const struct cli_owners *owners, uint64_t inode, size_t index)
{
    size_t low = 0, high = owners ? owners->count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (owners->list[middle].inode < inode)
            low = middle + 1;
        else
            high = middle;
    }
    low += index;
    return inode && owners && low < owners->count && owners->list[low].inode == inode
               ? &owners->list[low]
               : NULL;
}

void cli_platform_owners_free(struct cli_owners *owners)
{
    if (owners)
        free(owners->list);
    free(owners);
}
