/* What POSIX has in <netdb.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
