/* Closing many descriptors: close_range(2), Linux 5.9, glibc 2.34. */
#include "platform/platform.h"

#include <limits.h>
#include <unistd.h>

void cli_platform_close_from(int first, int except)
{
    if (except > first)
        close_range((unsigned)first, (unsigned)except - 1, 0);
    close_range((unsigned)(except >= first ? except + 1 : first), UINT_MAX, 0);
}
