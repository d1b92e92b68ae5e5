/* The host, service and protocol databases with the calls of POSIX only.  Their answers are in
 * static storage, so one of them runs at a time, and its answer is copied before the next may
 * begin.  Calls that the program makes itself are not held back: it must not mix the two. */
#include "platform.h"
#include "sys.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int host(const struct hostent *found, int herror, cski_host_fn *use, void *arg)
{
    if (found)
        return use(found, arg);
    return herror > 0 ? herror : HOST_NOT_FOUND;
}

int cski_os_hostbyname(const char *name, cski_host_fn *use, void *arg)
{
    const struct hostent *found;
    int n;

    pthread_mutex_lock(&lock);
    found = cski_sys(gethostbyname)(name);
    n = host(found, h_errno, use, arg);
    pthread_mutex_unlock(&lock);
    return n;
}

int cski_os_hostbyaddr(const void *addr, socklen_t len, int family, cski_host_fn *use, void *arg)
{
    const struct hostent *found;
    int n;

    pthread_mutex_lock(&lock);
    found = cski_sys(gethostbyaddr)(addr, len, family);
    n = host(found, h_errno, use, arg);
    pthread_mutex_unlock(&lock);
    return n;
}

int cski_os_servbyname(const char *name, const char *proto)
{
    const struct servent *found;
    int n;

    pthread_mutex_lock(&lock);
    found = cski_sys(getservbyname)(name, proto);
    n = found ? ntohs((uint16_t)found->s_port) : -ENOENT;
    pthread_mutex_unlock(&lock);
    return n;
}

int cski_os_servbyport(int port, const char *proto, cski_name_fn *use, void *arg)
{
    const struct servent *found;
    int n;

    pthread_mutex_lock(&lock);
    found = cski_sys(getservbyport)(htons((uint16_t)port), proto);
    n = found ? use(found->s_name, arg) : -ENOENT;
    pthread_mutex_unlock(&lock);
    return n;
}

int cski_os_protobyname(const char *name)
{
    const struct protoent *found;
    int n;

    pthread_mutex_lock(&lock);
    found = cski_sys(getprotobyname)(name);
    n = found ? found->p_proto : -ENOENT;
    pthread_mutex_unlock(&lock);
    return n;
}
