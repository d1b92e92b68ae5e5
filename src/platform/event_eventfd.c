/* An event as an eventfd (Linux 2.6.27, FreeBSD 13): one descriptor for both ends. */
#include "platform.h"
#include "sys.h"

#include <errno.h>

int cski_os_event_open(int fds[2])
{
    fds[0] = fds[1] = cski_sys(eventfd)(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fds[0] < 0 ? -errno : 0;
}

void cski_os_event_set(int writer)
{
    const uint64_t one = 1;

    (void)!cski_sys(write)(writer, &one, sizeof one);
}

void cski_os_event_clear(int reader)
{
    uint64_t count;

    (void)!cski_sys(read)(reader, &count, sizeof count);
}

void cski_os_event_close(const int fds[2])
{
    cski_sys(close)(fds[0]);
}
