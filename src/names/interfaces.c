/* Network interfaces, their indices and their addresses. */
#include "family/family.h"
#include "names/lookup.h"

#include <string.h>

static void copy_name(char name[IF_NAMESIZE], const char *from)
{
    size_t size = strnlen(from, IF_NAMESIZE - 1);

    memcpy(name, from, size);
    name[size] = 0;
}

ssize_t csk_if_nameindex(struct csk_if **list)
{
    struct if_nameindex *system;
    struct csk_if *copy;
    size_t count = 0;
    int n = -ENOMEM;

    if (!list)
        return CSK_ENULL;
    *list = NULL;
    system = cski_sys(if_nameindex)();
    if (!system)
        return cski_lookup_code(-errno);
    while (system[count].if_index)
        count++;
    copy = cski_sys(calloc)(count + 1, sizeof *copy);
    if (!copy)
        goto out;
    for (size_t i = 0; i < count; i++) {
        copy[i].index = system[i].if_index;
        copy_name(copy[i].name, system[i].if_name);
    }
    *list = copy;
    n = (int)count;
out:
    cski_sys(if_freenameindex)(system);
    return n;
}

void csk_if_freenameindex(struct csk_if *list)
{
    cski_sys(free)(list);
}

int csk_if_nametoindex(const char *name, struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX];
    unsigned index;
    int n;

    if (!name)
        return cski_fail(error, CSK_ENULL, "the interface's name is NULL");
    index = cski_sys(if_nametoindex)(name);
    if (index)
        return (int)index;
    /* POSIX and the BSDs report ENXIO.  glibc reports ENOENT if it cannot open a socket. */
    n = cski_lookup_code(errno == ENODEV || errno == ENXIO ? CSK_EINTERFACE : -errno);
    return cski_fail(error, n, "find interface %.40s: %s", name,
                     csk_strerror(n, cause, sizeof cause));
}

int csk_if_indextoname(unsigned index, char name[IF_NAMESIZE], struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX];
    int n;

    if (!name)
        return cski_fail(error, CSK_ENULL, "the buffer is NULL");
    if (cski_sys(if_indextoname)(index, name))
        return 0;
    n = cski_lookup_code(-errno);
    return cski_fail(error, n, "find interface %u: %s", index,
                     csk_strerror(n, cause, sizeof cause));
}

/* getifaddrs returns no lengths: it allocates the size of a family's longest address.  Addresses of
 * families that the library does not know are omitted, since their lengths are unknown. */
static void copy_addr(struct csk_addr *addr, const struct sockaddr *from, int family)
{
    const struct csk_family *known = csk_family_find(family, 0);

    if (!from || !known || (size_t)known->max_len > sizeof addr->storage)
        return;
    memcpy(&addr->storage, from, cski_os_sa_len(from, known->max_len)); /* netmasks on the BSDs are
                                                                         * truncated */
    addr->sa.sa_family = (sa_family_t)family; /* some systems leave it out of netmasks */
    addr->len = known->max_len;
    cski_os_set_sa_len(addr->bytes, addr->len);
}

/* An interface has several addresses; its index is looked up once. */
static unsigned index_of(const struct csk_ifaddr *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return list[i].index;
    return cski_sys(if_nametoindex)(name);
}

static void copy_ifaddr(struct csk_ifaddr *to, const struct ifaddrs *from)
{
    int family = from->ifa_addr ? from->ifa_addr->sa_family : AF_UNSPEC;

    to->flags = from->ifa_flags;
    copy_addr(&to->addr, from->ifa_addr, family);
    copy_addr(&to->netmask, from->ifa_netmask, family);
    /* One member of a union: it is unused for an interface with neither flag. */
    if (from->ifa_flags & (IFF_BROADCAST | IFF_POINTOPOINT))
        copy_addr(&to->broadcast, from->ifa_dstaddr, family);
}

ssize_t csk_getifaddrs(struct csk_ifaddr **list)
{
    struct ifaddrs *system;
    struct csk_ifaddr *copy;
    size_t count = 0;
    int n = -ENOMEM;

    if (!list)
        return CSK_ENULL;
    *list = NULL;
    if (cski_sys(getifaddrs)(&system) < 0)
        return cski_lookup_code(-errno);
    for (struct ifaddrs *at = system; at; at = at->ifa_next)
        count++;
    copy = cski_sys(calloc)(count + 1, sizeof *copy);
    if (!copy)
        goto out;
    count = 0;
    for (struct ifaddrs *at = system; at; at = at->ifa_next, count++) {
        copy[count].index = index_of(copy, count, at->ifa_name);
        copy_name(copy[count].name, at->ifa_name);
        copy_ifaddr(&copy[count], at);
    }
    *list = copy;
    n = (int)count;
out:
    cski_sys(freeifaddrs)(system);
    return n;
}

void csk_freeifaddrs(struct csk_ifaddr *list)
{
    cski_sys(free)(list);
}
