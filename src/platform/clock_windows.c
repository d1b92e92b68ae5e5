/* Monotonic time, by the performance counter. */
#include "platform.h"
#include "windows/layer.h"

int64_t cski_os_now(void)
{
    LARGE_INTEGER count, per_second;

    QueryPerformanceCounter(&count); /* neither can fail since Windows XP */
    QueryPerformanceFrequency(&per_second);
    return count.QuadPart / per_second.QuadPart * 1000000000 +
           count.QuadPart % per_second.QuadPart * 1000000000 / per_second.QuadPart + 1;
}
