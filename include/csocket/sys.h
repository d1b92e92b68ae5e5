/* The system's headers on which the public headers depend: the only place that includes them.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_SYS_H
#define CSOCKET_SYS_H

/* Before the others: macOS' and BSD's net/if.h need it, and do not include it themselves. */
#include <sys/types.h>
#include <sys/socket.h>

#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/uio.h>

#endif
