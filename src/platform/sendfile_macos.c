/* macOS's sendfile(2) (10.5): the count is an input, and on return the number of bytes sent. */
#include "platform.h"
#include "sys.h"

#include <errno.h>
#include <sys/types.h>
#include <sys/uio.h>

ssize_t cski_os_sendfile(int sock, int file, int64_t offset, size_t count)
{
    off_t sent = (off_t)count;
    int n;

    if (count == 0) /* here: to the end of the file */
        return 0;
    n = cski_sys(sendfile)(file, sock, (off_t)offset, &sent, NULL, 0);
    if (n == 0)
        return (ssize_t)sent;
    /* EAGAIN and EINTR set the count; after other errors it is meaningless. */
    if (sent > 0 && sent < (off_t)count && (errno == EAGAIN || errno == EINTR))
        return (ssize_t)sent;
    return errno == ENOTSUP ? -EINVAL : -errno; /* a device, or another file that is not regular */
}
