/* Monotonic time. */
#include "platform.h"
#include "sys.h"

#include <time.h>

int64_t cski_os_now(void)
{
    struct timespec t;

    /* CLOCK_MONOTONIC cannot fail where POSIX 2008's option for it exists. */
    cski_sys(clock_gettime)(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec + 1;
}
