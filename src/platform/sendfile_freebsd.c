/* FreeBSD's sendfile(2) (3.0): bytes sent before an error are counted. */
#include "platform.h"
#include "sys.h"

#include <errno.h>
#include <sys/types.h>
#include <sys/uio.h>

ssize_t cski_os_sendfile(int sock, int file, int64_t offset, size_t count)
{
    off_t sent = 0;
    int n;

    if (count == 0) /* here: to the end of the file */
        return 0;
    n = cski_sys(sendfile)(file, sock, (off_t)offset, count, NULL, &sent, 0);
    return n < 0 && sent == 0 ? -errno : (ssize_t)sent;
}
