/* POSIX's socket calls on Windows Sockets, with the declarations that sys.h has from the system
 * elsewhere.
 *
 * The calls are functions of this library (CSKI_SYS_CALL in sys.h) that set errno; they are in
 * sys_winsock.c and the files beside it.  A descriptor is a SOCKET as an int: the upper 32 bits of
 * a handle have no meaning.  read, write, pread, pwrite and lseek are for files. */
#ifndef CSKI_WINDOWS_POSIX_H
#define CSKI_WINDOWS_POSIX_H

#include <csocket/sys.h>

#include <afunix.h>
#include <errno.h>
#include <io.h>
#include <limits.h>
#include <mswsock.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#undef lseek /* a macro if off_t has 64 bits */

typedef ULONG nfds_t;
typedef long suseconds_t;
typedef struct cski_signals { /* there are none */
    char none;
} cski_signals;
#define sigset_t cski_signals

#define SHUT_RD SD_RECEIVE
#define SHUT_WR SD_SEND
#define SHUT_RDWR SD_BOTH

/* A flag that Winsock lacks and the calls here implement; its bit is free in Winsock. */
#define MSG_DONTWAIT 0x20000000

#define SCM_RIGHTS 1 /* no message has it */

#define IFF_POINTOPOINT IFF_POINTTOPOINT
#undef here /* a name of the library's own */

#define F_GETFD 1
#define F_SETFD 2
#define FD_CLOEXEC 1

struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    size_t msg_iovlen;
    void *msg_control;
    size_t msg_controllen;
    int msg_flags;
};
struct cmsghdr {
    size_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};
#undef CMSG_DATA
#undef CMSG_SPACE
#undef CMSG_LEN
#define CMSG_DATA(item) WSA_CMSG_DATA(item)
#define CMSG_SPACE(length) WSA_CMSG_SPACE(length)
#define CMSG_LEN(length) WSA_CMSG_LEN(length)

/* The name of an interface is longer than elsewhere. */
struct if_nameindex {
    unsigned if_index;
    char if_name[IF_NAMESIZE];
};

struct ifaddrs {
    struct ifaddrs *ifa_next;
    char *ifa_name;
    unsigned ifa_flags;
    struct sockaddr *ifa_addr;
    struct sockaddr *ifa_netmask;
    struct sockaddr *ifa_dstaddr; /* or the broadcast address */
};

/* Winsock's lookups have no error of these kinds. */
#ifndef EAI_SYSTEM
#define EAI_SYSTEM 19998
#endif
#ifndef EAI_OVERFLOW
#define EAI_OVERFLOW 19999
#endif

int inet_aton(const char *text, struct in_addr *addr);

#endif
