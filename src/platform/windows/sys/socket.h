/* What POSIX has in <sys/socket.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
