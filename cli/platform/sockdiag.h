/* The sockets of this machine, of all processes. */
#ifndef CSOCKET_CLI_SOCKDIAG_H
#define CSOCKET_CLI_SOCKDIAG_H

#include <csocket/csocket.h>

/* A socket as reported by the kernel.  Unknown values are 0, NULL or an address of length 0. */
struct cli_sock {
    int family, type, proto;
    const char *protocols; /* the group of constants that names proto; NULL: none */
    int state;             /* TCP_ESTABLISHED and the like; 0: the family has no states */
    struct csk_addr local, peer;
    uint32_t interface, uid;
    uint64_t inode, cookie;
    bool has_uid, has_queues;
    uint32_t receive_queue, send_queue; /* bytes; of a listening socket: connections */
    char congestion[16];
    const void *info; /* bytes of TCP_INFO; borrowed until the callback returns */
    size_t info_size;
    const void *memory; /* bytes of SO_MEMINFO; likewise */
    size_t memory_size;
};

/* Called for each socket; a result other than 0 ends the listing, and is its result. */
typedef int cli_sock_fn(const struct cli_sock *sock, void *context);

/* List sockets of a family (AF_UNSPEC: every family) one by one, without keeping them.  0, the
 * callback's result, or -errno: -ENOSYS this system has no such list, -EAFNOSUPPORT not of that
 * family. */
int cli_platform_sockets(int family, cli_sock_fn *callback, void *context);

#endif
