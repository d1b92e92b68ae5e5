/* The part of <poll.h> that Windows Sockets have. */
#include <csocket/sys.h>
