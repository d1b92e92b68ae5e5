/* For kernels that process datagrams individually. */
#include "platform.h"

bool cski_os_sends_segments(int fd)
{
    (void)fd;
    return false;
}

bool cski_os_receives_segments(int fd)
{
    (void)fd;
    return false;
}

size_t cski_os_put_segment_size(void *control, size_t size)
{
    (void)control, (void)size;
    return 0;
}

size_t cski_os_segment_size(const struct msghdr *header)
{
    (void)header;
    return 0;
}
