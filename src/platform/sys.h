/* The system calls and library functions that can fail, in one table.
 *
 * The core calls each as cski_sys(recv)(fd, ...).  In a release build that is the plain function;
 * with CSK_OPEN_SYS it is an entry of a table that a test replaces, to make any call fail in any
 * way. */
#ifndef CSKI_SYS_H
#define CSKI_SYS_H

#include "config.h"

#ifdef CSK_HAVE_WINSOCK
#include "windows/posix.h"
#else
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#endif

/* X(return type, name, parameters): glibc declares some of these with transparent unions and
 * attributes, so the table has its own types. */
#define CSKI_SYS_MAP(X)                                                                            \
    X(int, socket, (int, int, int))                                                                \
    X(int, socketpair, (int, int, int, int *))                                                     \
    X(int, bind, (int, const struct sockaddr *, socklen_t))                                        \
    X(int, listen, (int, int))                                                                     \
    X(int, accept, (int, struct sockaddr *, socklen_t *))                                          \
    X(int, connect, (int, const struct sockaddr *, socklen_t))                                     \
    X(int, getsockname, (int, struct sockaddr *, socklen_t *))                                     \
    X(int, getpeername, (int, struct sockaddr *, socklen_t *))                                     \
    X(int, getsockopt, (int, int, int, void *, socklen_t *))                                       \
    X(int, setsockopt, (int, int, int, const void *, socklen_t))                                   \
    X(int, shutdown, (int, int))                                                                   \
    X(int, close, (int))                                                                           \
    X(int, fcntl, (int, int, ...))                                                                 \
    X(int, ioctl, (int, unsigned long, ...))                                                       \
    X(int, poll, (struct pollfd *, nfds_t, int))                                                   \
    X(ssize_t, recv, (int, void *, size_t, int))                                                   \
    X(ssize_t, recvfrom, (int, void *, size_t, int, struct sockaddr *, socklen_t *))               \
    X(ssize_t, recvmsg, (int, struct msghdr *, int))                                               \
    X(ssize_t, send, (int, const void *, size_t, int))                                             \
    X(ssize_t, sendto, (int, const void *, size_t, int, const struct sockaddr *, socklen_t))       \
    X(ssize_t, sendmsg, (int, const struct msghdr *, int))                                         \
    X(ssize_t, write, (int, const void *, size_t))                                                 \
    X(ssize_t, read, (int, void *, size_t))                                                        \
    X(ssize_t, pread, (int, void *, size_t, off_t))                                                \
    X(ssize_t, pwrite, (int, const void *, size_t, off_t))                                         \
    X(off_t, lseek, (int, off_t, int))                                                             \
    X(int, gethostname, (char *, size_t))                                                          \
    X(int, sethostname, (const char *, size_t))                                                    \
    X(int, getaddrinfo, (const char *, const char *, const struct addrinfo *, struct addrinfo **)) \
    X(void, freeaddrinfo, (struct addrinfo *))                                                     \
    X(int, getnameinfo,                                                                            \
      (const struct sockaddr *, socklen_t, char *, socklen_t, char *, socklen_t, int))             \
    X(struct if_nameindex *, if_nameindex, (void))                                                 \
    X(void, if_freenameindex, (struct if_nameindex *))                                             \
    X(unsigned, if_nametoindex, (const char *))                                                    \
    X(char *, if_indextoname, (unsigned, char *))                                                  \
    X(int, getifaddrs, (struct ifaddrs **))                                                        \
    X(void, freeifaddrs, (struct ifaddrs *))                                                       \
    X(void *, malloc, (size_t))                                                                    \
    X(void *, calloc, (size_t, size_t))                                                            \
    X(void *, realloc, (void *, size_t))                                                           \
    X(void, free, (void *))                                                                        \
    CSKI_SYS_ACCEPT4(X)                                                                            \
    CSKI_SYS_PROCESS(X)                                                                            \
    CSKI_SYS_SENDFILE(X)                                                                           \
    CSKI_SYS_SPLICE(X)                                                                             \
    CSKI_SYS_MMSG(X)                                                                               \
    CSKI_SYS_HOSTDB(X)

#ifdef CSK_HAVE_ACCEPT4
#define CSKI_SYS_ACCEPT4(X) X(int, accept4, (int, struct sockaddr *, socklen_t *, int))
#else
#define CSKI_SYS_ACCEPT4(X)
#endif

#ifdef CSK_HAVE_WINSOCK
#define CSKI_SYS_PROCESS(X)
#else
#define CSKI_SYS_PROCESS(X)                                                                        \
    X(int, clock_gettime, (clockid_t, struct timespec *))                                          \
    X(int, dup2, (int, int))                                                                       \
    X(int, pthread_atfork, (void (*)(void), void (*)(void), void (*)(void)))                       \
    X(int, pthread_create, (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))       \
    X(int, pthread_sigmask, (int, const sigset_t *, sigset_t *))                                   \
    X(int, sigpending, (sigset_t *))                                                               \
    CSKI_SYS_SIGWAIT(X)                                                                            \
    CSKI_SYS_EVENT(X)
#endif

#ifdef CSK_HAVE_EVENTFD
#include <sys/eventfd.h>
#define CSKI_SYS_EVENT(X) X(int, eventfd, (unsigned, int)) X(int, pipe, (int *))
#else
#define CSKI_SYS_EVENT(X) X(int, pipe, (int *))
#endif

#ifdef CSK_HAVE_SIGTIMEDWAIT
#define CSKI_SYS_SIGWAIT(X)                                                                        \
    X(int, sigtimedwait, (const sigset_t *, siginfo_t *, const struct timespec *))
#else
#define CSKI_SYS_SIGWAIT(X) X(int, sigwait, (const sigset_t *, int *))
#endif

#ifdef CSK_HAVE_SENDFILE
#include <sys/sendfile.h>
#define CSKI_SYS_SENDFILE(X) X(ssize_t, sendfile, (int, int, off_t *, size_t))
#elif defined CSK_HAVE_SENDFILE_FREEBSD
#define CSKI_SYS_SENDFILE(X)                                                                       \
    X(int, sendfile, (int, int, off_t, size_t, struct sf_hdtr *, off_t *, int))
#elif defined CSK_HAVE_SENDFILE_MACOS
#define CSKI_SYS_SENDFILE(X) X(int, sendfile, (int, int, off_t, off_t *, struct sf_hdtr *, int))
#else
#define CSKI_SYS_SENDFILE(X)
#endif

#ifdef CSK_HAVE_SPLICE
#define CSKI_SYS_SPLICE(X)                                                                         \
    X(ssize_t, splice, (int, loff_t *, int, loff_t *, size_t, unsigned)) X(int, pipe2, (int *, int))
#else
#define CSKI_SYS_SPLICE(X)
#endif

#ifdef CSK_HAVE_RECVMMSG
#define CSKI_SYS_MMSG(X)                                                                           \
    X(int, recvmmsg, (int, struct mmsghdr *, unsigned, int, struct timespec *))                    \
    X(int, sendmmsg, (int, struct mmsghdr *, unsigned, int))
#else
#define CSKI_SYS_MMSG(X)
#endif

#ifdef CSK_HAVE_HOSTDB_R
#define CSKI_SYS_HOSTDB(X)                                                                         \
    X(int, gethostbyname_r,                                                                        \
      (const char *, struct hostent *, char *, size_t, struct hostent **, int *))                  \
    X(int, gethostbyaddr_r,                                                                        \
      (const void *, socklen_t, int, struct hostent *, char *, size_t, struct hostent **, int *))  \
    X(int, getservbyname_r,                                                                        \
      (const char *, const char *, struct servent *, char *, size_t, struct servent **))           \
    X(int, getservbyport_r,                                                                        \
      (int, const char *, struct servent *, char *, size_t, struct servent **))                    \
    X(int, getprotobyname_r, (const char *, struct protoent *, char *, size_t, struct protoent **))
#else
#define CSKI_SYS_HOSTDB(X)                                                                         \
    X(struct hostent *, gethostbyname, (const char *))                                             \
    X(struct hostent *, gethostbyaddr, (const void *, socklen_t, int))                             \
    X(struct servent *, getservbyname, (const char *, const char *))                               \
    X(struct servent *, getservbyport, (int, const char *))                                        \
    X(struct protoent *, getprotobyname, (const char *))
#endif

/* The function behind a name of the table. */
#ifdef CSK_HAVE_WINSOCK
#define CSKI_SYS_CALL(name) cski_ws_##name
#define CSKI_SYS_DECLARATION(type, name, params) type cski_ws_##name params;
CSKI_SYS_MAP(CSKI_SYS_DECLARATION)
#undef CSKI_SYS_DECLARATION
#else
#define CSKI_SYS_CALL(name) name
#endif

#ifdef CSK_OPEN_SYS
struct cski_sys {
#define CSKI_SYS_MEMBER(type, name, params) type(*name) params;
    CSKI_SYS_MAP(CSKI_SYS_MEMBER)
#undef CSKI_SYS_MEMBER
};
extern struct cski_sys cski_sys_table;      /* the functions called */
extern const struct cski_sys cski_sys_real; /* the system's own */
#define cski_sys(name) (cski_sys_table.name)
#else
#define cski_sys(name) CSKI_SYS_CALL(name)
#endif

#endif
