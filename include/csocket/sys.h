/* The system's headers that the public headers need; no other public header includes them.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_SYS_H
#define CSOCKET_SYS_H

/* First, because net/if.h of macOS and the BSDs needs them and does not include them. */
#include <sys/types.h>
#if !__has_include(<winsock2.h>)
#include <sys/socket.h>

#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/uio.h>
#else
#include <winsock2.h>
#include <ws2tcpip.h>

#include <iphlpapi.h>

/* POSIX's types that Windows Sockets lack. */
struct iovec {
    void *iov_base;
    size_t iov_len;
};
typedef ADDRESS_FAMILY sa_family_t;
#endif

#endif
