/* The system's headers on which the public headers depend: the only place that includes them.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_SYS_H
#define CSOCKET_SYS_H

#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#endif
