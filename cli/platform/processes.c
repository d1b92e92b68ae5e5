/* The running processes, from /proc; none on a system without it. */
#include "platform/platform.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_name(struct cli_process *process)
{
    char path[40];
    FILE *file;

    process->name[0] = '\0';
    snprintf(path, sizeof path, "/proc/%lld/comm", (long long)process->pid);
    if (!(file = fopen(path, "re")))
        return;
    if (fgets(process->name, sizeof process->name, file))
        process->name[strcspn(process->name, "\n")] = '\0';
    fclose(file);
}

int cli_platform_processes(struct cli_process *list, size_t room)
{
    struct dirent *entry;
    size_t count = 0;
    DIR *folder = opendir("/proc");

    if (!folder)
        return -errno;
    while ((entry = readdir(folder))) {
        if (!isdigit((unsigned char)*entry->d_name))
            continue;
        if (count < room) {
            list[count].pid = strtoll(entry->d_name, NULL, 10);
            read_name(&list[count]);
        }
        count++;
    }
    closedir(folder);
    return (int)count;
}
