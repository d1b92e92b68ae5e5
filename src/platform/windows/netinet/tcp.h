/* What POSIX has in <netinet/tcp.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
