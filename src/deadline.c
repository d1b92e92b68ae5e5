/* Points in monotonic time. */
#include "internal.h"

#include <limits.h>

int64_t cski_deadline_in(int64_t timeout)
{
    int64_t now;

    if (timeout < 0)
        return CSKI_NEVER;
    now = cski_os_now();
    return timeout < CSKI_NEVER - now ? now + timeout : CSKI_NEVER;
}

/* Milliseconds until the deadline for poll(): rounded up, because a wait that ends early would have
 * to poll again, and cut to INT_MAX, after which the caller polls again.  -1: for ever. */
int cski_deadline_poll_ms(int64_t deadline)
{
    int64_t left;

    if (deadline == CSKI_NEVER)
        return -1;
    left = deadline - cski_os_now();
    if (left <= 0)
        return 0;
    left = left / 1000000 + (left % 1000000 != 0);
    return left < INT_MAX ? (int)left : INT_MAX;
}
