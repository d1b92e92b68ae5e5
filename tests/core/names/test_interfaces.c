/* Network interfaces, compared with the C library's list. */
#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static const char *loopback(void)
{
    static char name[IF_NAMESIZE];
    struct ifaddrs *list;

    assert_int_equal(getifaddrs(&list), 0);
    for (struct ifaddrs *at = list; at; at = at->ifa_next)
        if (at->ifa_flags & IFF_LOOPBACK)
            snprintf(name, sizeof name, "%s", at->ifa_name);
    freeifaddrs(list);
    if (!*name)
        test_skip("this machine has no loopback interface");
    return name;
}

static void if_nameindex_lists_what_the_c_library_lists(void)
{
    struct if_nameindex *theirs = if_nameindex();
    struct csk_if *ours;
    int n = csk_if_nameindex(&ours);

    assert_non_null(theirs);
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) {
        assert_int_equal(ours[i].index, theirs[i].if_index);
        assert_string_equal(ours[i].name, theirs[i].if_name);
    }
    assert_int_equal(theirs[n].if_index, 0);
    assert_int_equal(ours[n].index, 0);
    csk_if_freenameindex(ours);
    csk_if_freenameindex(NULL);
    if_freenameindex(theirs);
    assert_int_equal(csk_if_nameindex(NULL), CSK_ENULL);
}

static void names_and_indices_are_each_others_inverse(void)
{
    const char *lo = loopback();
    int index = csk_if_nametoindex(lo, NULL);
    char name[IF_NAMESIZE] = "before";

    assert_true(index > 0);
    assert_int_equal(csk_if_indextoname(index, name, NULL), 0);
    assert_string_equal(name, lo);
    assert_int_equal(csk_if_nametoindex("no such one", NULL), CSK_EINTERFACE);
    assert_int_equal(csk_if_nametoindex("", NULL), CSK_EINTERFACE);
    assert_int_equal(csk_if_nametoindex("a name that is longer than any", NULL), CSK_EINTERFACE);
    assert_int_equal(csk_if_nametoindex(NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_if_indextoname(0, name, NULL), -ENXIO);
    assert_int_equal(csk_if_indextoname(INT32_MAX, name, NULL), -ENXIO);
    assert_int_equal(csk_if_indextoname(UINT32_MAX, name, NULL), -ENXIO);
    assert_int_equal(csk_if_indextoname(index, NULL, NULL), CSK_ENULL);
}

/* Return whether the address is a complete copy of the system's. */
static bool same(const struct csk_addr *ours, const struct sockaddr *theirs)
{
    socklen_t len = theirs ? theirs->sa_family == AF_INET    ? sizeof(struct sockaddr_in)
                             : theirs->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                             : 0
                           : 0;

    if (len == 0) /* a family whose length this test does not know */
        return ours->len == 0 || (theirs && ours->sa.sa_family == theirs->sa_family);
    return ours->len == len && memcmp(&ours->storage, theirs, len) == 0;
}

static void getifaddrs_lists_what_the_c_library_lists(void)
{
    struct csk_ifaddr *ours;
    struct ifaddrs *theirs;
    int n, i = 0;

    assert_int_equal(getifaddrs(&theirs), 0);
    n = csk_getifaddrs(&ours);
    assert_true(n >= 0);
    for (struct ifaddrs *at = theirs; at; at = at->ifa_next, i++) {
        assert_true(i < n);
        assert_string_equal(ours[i].name, at->ifa_name);
        assert_int_equal(ours[i].index, if_nametoindex(at->ifa_name));
        assert_int_equal(ours[i].flags, at->ifa_flags);
        assert_true(same(&ours[i].addr, at->ifa_addr));
        assert_true(same(&ours[i].netmask, at->ifa_netmask));
        if (at->ifa_flags & (IFF_BROADCAST | IFF_POINTOPOINT))
            assert_true(same(&ours[i].broadcast, at->ifa_broadaddr));
        else
            assert_int_equal(ours[i].broadcast.len, 0);
    }
    assert_int_equal(i, n);
    assert_string_equal(ours[n].name, "");
    csk_freeifaddrs(ours);
    csk_freeifaddrs(NULL);
    freeifaddrs(theirs);
    assert_int_equal(csk_getifaddrs(NULL), CSK_ENULL);
}

static void getifaddrs_lists_the_loopback_address(void)
{
    struct csk_ifaddr *list, *at;
    char text[CSK_ADDR_TEXT_MAX] = "";
    const char *lo = loopback();

    assert_true(csk_getifaddrs(&list) >= 0);
    for (at = list; *at->name; at++)
        if (strcmp(at->name, lo) == 0 && at->addr.len == sizeof(struct sockaddr_in))
            break;
    if (!*at->name)
        test_skip("%s has no IPv4 address", lo);
    assert_string_equal(csk_addr_format(&at->addr, text, sizeof text), "127.0.0.1:0");
    assert_string_equal(csk_addr_format(&at->netmask, text, sizeof text), "255.0.0.0:0");
    assert_int_equal(at->broadcast.len, 0);
    assert_true(at->flags & IFF_UP);
    csk_freeifaddrs(list);
}

TESTS(TEST(if_nameindex_lists_what_the_c_library_lists),
      TEST(names_and_indices_are_each_others_inverse),
      TEST(getifaddrs_lists_what_the_c_library_lists), TEST(getifaddrs_lists_the_loopback_address))
