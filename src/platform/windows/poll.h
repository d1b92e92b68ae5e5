/* What POSIX has in <poll.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
