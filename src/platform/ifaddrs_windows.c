/* Interfaces and their addresses, by IP Helper; and inet_aton. */
#include "platform.h"
#include "windows/layer.h"

#include <netioapi.h>
#include <string.h>

int inet_aton(const char *text, struct in_addr *addr)
{
    addr->s_addr = inet_addr(text);
    return addr->s_addr != INADDR_NONE || strcmp(text, "255.255.255.255") == 0;
}

static int set_errno(ULONG error)
{
    errno = error == ERROR_NOT_ENOUGH_MEMORY ? ENOMEM
            : error == ERROR_ACCESS_DENIED   ? EACCES
                                             : ENXIO;
    return -1;
}

/* The name that if_nametoindex takes, "ethernet_32769". */
static bool name_of(const NET_LUID *luid, char *name)
{
    wchar_t wide[IF_NAMESIZE];

    return ConvertInterfaceLuidToNameW(luid, wide, IF_NAMESIZE) == NO_ERROR &&
           WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, IF_NAMESIZE, NULL, NULL) > 0;
}

struct if_nameindex *cski_ws_if_nameindex(void)
{
    struct if_nameindex *list = NULL;
    MIB_IF_TABLE2 *table;
    size_t used = 0;
    ULONG error = GetIfTable2Ex(MibIfTableRaw, &table);

    if (error != NO_ERROR) {
        set_errno(error);
        return NULL;
    }
    list = cski_sys(calloc)(table->NumEntries + 1, sizeof *list);
    for (ULONG i = 0; list && i < table->NumEntries; i++) {
        if (!name_of(&table->Table[i].InterfaceLuid, list[used].if_name))
            continue;
        list[used++].if_index = table->Table[i].InterfaceIndex;
    }
    FreeMibTable(table);
    if (list)
        list[used] = (struct if_nameindex){ 0 };
    else
        errno = ENOMEM;
    return list;
}

void cski_ws_if_freenameindex(struct if_nameindex *list)
{
    cski_sys(free)(list);
}

unsigned cski_ws_if_nametoindex(const char *name)
{
    wchar_t wide[IF_NAMESIZE];
    NET_LUID luid;
    NET_IFINDEX index;

    if (MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, IF_NAMESIZE) > 0 &&
        ConvertInterfaceNameToLuidW(wide, &luid) == NO_ERROR &&
        ConvertInterfaceLuidToIndex(&luid, &index) == NO_ERROR)
        return index;
    errno = ENXIO;
    return 0;
}

char *cski_ws_if_indextoname(unsigned index, char *name)
{
    NET_LUID luid;

    if (ConvertInterfaceIndexToLuid(index, &luid) == NO_ERROR && name_of(&luid, name))
        return name;
    errno = ENXIO;
    return NULL;
}

/* An element of the list, and what it points to. */
struct element {
    struct ifaddrs item;
    struct sockaddr_storage addr, mask, broadcast;
    char name[IF_NAMESIZE];
};

static IP_ADAPTER_ADDRESSES *get_adapters(void)
{
    ULONG size = 16384, error = ERROR_BUFFER_OVERFLOW;
    IP_ADAPTER_ADDRESSES *list = NULL;

    for (int i = 0; i < 8 && error == ERROR_BUFFER_OVERFLOW; i++) {
        cski_sys(free)(list);
        if (!(list = cski_sys(malloc)(size))) {
            errno = ENOMEM;
            return NULL;
        }
        error = GetAdaptersAddresses(
            AF_UNSPEC, GAA_FLAG_SKIP_DNS_SERVER | GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST,
            NULL, list, &size);
    }
    if (error == NO_ERROR)
        return list;
    cski_sys(free)(list);
    set_errno(error);
    return NULL;
}

/* The first bits of an address are 1. */
static void set_mask(unsigned char *bytes, size_t size, unsigned bits)
{
    for (size_t i = 0; i<size; i++, bits = bits> 8 ? bits - 8 : 0)
        bytes[i] = (unsigned char)(bits >= 8 ? 0xff : 0xff00 >> bits);
}

static void set_masks(struct element *e, unsigned bits)
{
    struct sockaddr_in *ip4 = (struct sockaddr_in *)&e->mask;
    struct sockaddr_in6 *ip6 = (struct sockaddr_in6 *)&e->mask;
    const struct sockaddr_in *addr = (const struct sockaddr_in *)&e->addr;

    e->mask.ss_family = e->addr.ss_family;
    e->item.ifa_netmask = (struct sockaddr *)&e->mask;
    if (e->addr.ss_family == AF_INET6) {
        set_mask((unsigned char *)&ip6->sin6_addr, 16, bits);
        return;
    }
    set_mask((unsigned char *)&ip4->sin_addr, 4, bits);
    if (!(e->item.ifa_flags & IFF_BROADCAST))
        return;
    memcpy(&e->broadcast, &e->addr, sizeof e->addr);
    ((struct sockaddr_in *)&e->broadcast)->sin_addr.s_addr = addr->sin_addr.s_addr |
                                                             ~ip4->sin_addr.s_addr;
    e->item.ifa_dstaddr = (struct sockaddr *)&e->broadcast;
}

static unsigned flags_of(const IP_ADAPTER_ADDRESSES *adapter)
{
    unsigned flags = adapter->OperStatus == IfOperStatusUp ? IFF_UP : 0;

    if (adapter->IfType == IF_TYPE_SOFTWARE_LOOPBACK)
        flags |= IFF_LOOPBACK;
    else if (adapter->IfType == IF_TYPE_PPP || adapter->IfType == IF_TYPE_TUNNEL)
        flags |= IFF_POINTTOPOINT;
    else
        flags |= IFF_BROADCAST;
    return adapter->Flags & IP_ADAPTER_NO_MULTICAST ? flags : flags | IFF_MULTICAST;
}

static struct element *make_element(const IP_ADAPTER_ADDRESSES *adapter,
                                    const IP_ADAPTER_UNICAST_ADDRESS *address)
{
    struct element *e = cski_sys(calloc)(1, sizeof *e);

    if (!e)
        return NULL;
    if (!name_of(&adapter->Luid, e->name))
        memcpy(e->name, adapter->AdapterName, strnlen(adapter->AdapterName, IF_NAMESIZE - 1));
    e->item.ifa_name = e->name;
    e->item.ifa_flags = flags_of(adapter);
    if (!address)
        return e;
    memcpy(&e->addr, address->Address.lpSockaddr, (size_t)address->Address.iSockaddrLength);
    e->item.ifa_addr = (struct sockaddr *)&e->addr;
    set_masks(e, address->OnLinkPrefixLength);
    return e;
}

/* An adapter's elements, one without an address if it has none.  *end is where the list ends. */
static int add_adapter(struct ifaddrs ***end, const IP_ADAPTER_ADDRESSES *adapter)
{
    const IP_ADAPTER_UNICAST_ADDRESS *address = adapter->FirstUnicastAddress;
    struct element *e;

    do {
        if (!(e = make_element(adapter, address)))
            return -1;
        **end = &e->item;
        *end = &e->item.ifa_next;
        address = address ? address->Next : NULL;
    } while (address);
    return 0;
}

int cski_ws_getifaddrs(struct ifaddrs **list)
{
    IP_ADAPTER_ADDRESSES *adapters;
    struct ifaddrs **end = list;
    int n = 0;

    *list = NULL;
    if (cski_ws_start() < 0 || !(adapters = get_adapters()))
        return -1;
    for (IP_ADAPTER_ADDRESSES *a = adapters; a && n == 0; a = a->Next)
        n = add_adapter(&end, a);
    cski_sys(free)(adapters);
    if (n == 0)
        return 0;
    cski_ws_freeifaddrs(*list);
    *list = NULL;
    errno = ENOMEM;
    return -1;
}

void cski_ws_freeifaddrs(struct ifaddrs *list)
{
    struct ifaddrs *next;

    for (; list; list = next) {
        next = list->ifa_next;
        cski_sys(free)(list);
    }
}
