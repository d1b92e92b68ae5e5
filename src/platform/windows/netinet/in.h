/* What POSIX has in <netinet/in.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
