/* What POSIX has in <sys/uio.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
