/* What POSIX has in <arpa/inet.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
