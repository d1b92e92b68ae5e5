/* sendfile(2) of Linux: any file that can be mapped or spliced, into any socket (2.6.33). */
#include "platform.h"
#include "sys.h"

#include <errno.h>

ssize_t cski_os_sendfile(int sock, int file, int64_t offset, size_t count)
{
    off_t at = (off_t)offset;
    ssize_t n = cski_sys(sendfile)(sock, file, &at, count);

    return n < 0 ? -errno : n;
}
