/* The system's headers that the public headers need; no other public header includes them.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_SYS_H
#define CSOCKET_SYS_H

/* First, because net/if.h of macOS and the BSDs needs them and does not include them. */
#include <sys/types.h>
#include <sys/socket.h>

#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/uio.h>

#endif
