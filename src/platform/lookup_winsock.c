/* Lookups of hosts, services and protocols.  Each thread has its own answers here. */
#include "platform.h"
#include "windows/layer.h"

#include <string.h>

/* The name under which DNS knows the computer, not cut to NetBIOS's 15 characters. */
int cski_ws_gethostname(char *name, size_t size)
{
    wchar_t wide[256];
    DWORD length = sizeof wide / sizeof *wide;
    int n = 0;

    if (GetComputerNameExW(ComputerNamePhysicalDnsHostname, wide, &length))
        n = WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, cski_ws_size(size), NULL, NULL);
    if (n > 0)
        return 0;
    errno = ENAMETOOLONG;
    return -1;
}

/* The name is changed at the next start of the computer, if at all. */
int cski_ws_sethostname(const char *name, size_t size)
{
    (void)name, (void)size;
    errno = ENOSYS;
    return -1;
}

int cski_ws_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                        struct addrinfo **list)
{
    return cski_ws_start() < 0 ? EAI_SYSTEM : getaddrinfo(host, service, hints, list);
}

void cski_ws_freeaddrinfo(struct addrinfo *list)
{
    freeaddrinfo(list);
}

int cski_ws_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t host_size,
                        char *service, socklen_t service_size, int flags)
{
    if (cski_ws_start() < 0)
        return EAI_SYSTEM;
    return getnameinfo(addr, len, host, (DWORD)host_size, service, (DWORD)service_size, flags);
}

struct hostent *cski_ws_gethostbyname(const char *name)
{
    return cski_ws_start() < 0 ? NULL : gethostbyname(name);
}

struct hostent *cski_ws_gethostbyaddr(const void *addr, socklen_t len, int family)
{
    return cski_ws_start() < 0 ? NULL : gethostbyaddr(addr, len, family);
}

struct servent *cski_ws_getservbyname(const char *name, const char *proto)
{
    return cski_ws_start() < 0 ? NULL : getservbyname(name, proto);
}

struct servent *cski_ws_getservbyport(int port, const char *proto)
{
    return cski_ws_start() < 0 ? NULL : getservbyport(port, proto);
}

struct protoent *cski_ws_getprotobyname(const char *name)
{
    return cski_ws_start() < 0 ? NULL : getprotobyname(name);
}
