/* What POSIX has in <sys/un.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>

#include <afunix.h>
