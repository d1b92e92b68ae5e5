/* What POSIX has in <net/if.h>, as far as Windows Sockets have it. */
#include <csocket/sys.h>
