/* Interfaces through an existing socket (Linux): opening one for the query takes six times as long
 * as receiving a packet. */
#include "platform.h"
#include "sys.h"

#include <errno.h>
#include <string.h>

/* Whether fd could answer the query.  ENODEV is an answer; if fd is not a socket, other errors
 * occur. */
static bool query(int fd, unsigned long request, struct ifreq *ifr)
{
    return fd >= 0 && (cski_sys(ioctl)(fd, request, ifr) == 0 || errno == ENODEV);
}

unsigned cski_os_interface_index(int fd, const char *name)
{
    struct ifreq ifr = { .ifr_ifindex = 0 };
    size_t size = strnlen(name, IF_NAMESIZE);

    if (size == IF_NAMESIZE)
        return cski_sys(if_nametoindex)(name);
    memcpy(ifr.ifr_name, name, size);
    if (!query(fd, SIOCGIFINDEX, &ifr))
        return cski_sys(if_nametoindex)(name);
    return (unsigned)ifr.ifr_ifindex;
}

char *cski_os_interface_name(int fd, unsigned index, char *name)
{
    struct ifreq ifr = { .ifr_ifindex = (int)index };

    if (!query(fd, SIOCGIFNAME, &ifr))
        return cski_sys(if_indextoname)(index, name);
    if (!ifr.ifr_name[0])
        return NULL;
    memcpy(name, ifr.ifr_name, IF_NAMESIZE);
    name[IF_NAMESIZE - 1] = '\0';
    return name;
}
