/* The databases of hosts, services and protocols, whose answers are each thread's own. */
#include "platform.h"
#include "windows/layer.h"

/* The number of the last error is an h_errno, or, for example, WSAEAFNOSUPPORT. */
static int host(const struct hostent *found, cski_host_fn *use, void *arg)
{
    int error;

    if (found)
        return use(found, arg);
    error = WSAGetLastError();
    if (error >= WSAHOST_NOT_FOUND && error <= WSANO_DATA)
        return error;
    return error ? -cski_ws_errno(error) : HOST_NOT_FOUND;
}

int cski_os_hostbyname(const char *name, cski_host_fn *use, void *arg)
{
    return host(cski_sys(gethostbyname)(name), use, arg);
}

int cski_os_hostbyaddr(const void *addr, socklen_t len, int family, cski_host_fn *use, void *arg)
{
    return host(cski_sys(gethostbyaddr)(addr, len, family), use, arg);
}

int cski_os_servbyname(const char *name, const char *proto)
{
    const struct servent *found = cski_sys(getservbyname)(name, proto);

    return found ? ntohs((uint16_t)found->s_port) : -ENOENT;
}

int cski_os_servbyport(int port, const char *proto, cski_name_fn *use, void *arg)
{
    const struct servent *found = cski_sys(getservbyport)(htons((uint16_t)port), proto);

    return found ? use(found->s_name, arg) : -ENOENT;
}

int cski_os_protobyname(const char *name)
{
    const struct protoent *found = cski_sys(getprotobyname)(name);

    return found ? found->p_proto : -ENOENT;
}
