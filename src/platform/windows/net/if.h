/* The part of <net/if.h> that Windows Sockets have. */
#include <csocket/sys.h>
