/* Closing many descriptors, one by one. */
#include "platform/platform.h"

#include <unistd.h>

void cli_platform_close_from(int first, int except)
{
    long last = sysconf(_SC_OPEN_MAX);

    for (int fd = first; fd < last; fd++)
        if (fd != except)
            close(fd);
}
