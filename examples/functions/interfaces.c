/* Network interfaces and their addresses. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    char name[IF_NAMESIZE], text[CSK_ADDR_TEXT_MAX];
    struct csk_ifaddr *addresses;
    struct csk_error error;
    struct csk_if *list;
    int index = csk_if_nametoindex("lo", &error);

    if (index < 0 || csk_if_indextoname((unsigned)index, name, &error) < 0)
        errx(1, "%s", error.text);
    printf("%s has index %d\n", name, index);

    if (csk_if_nameindex(&list) < 0)
        errx(1, "if_nameindex");
    for (struct csk_if *i = list; i->index; i++)
        printf("%u %s\n", i->index, i->name);
    csk_if_freenameindex(list);

    if (csk_getifaddrs(&addresses) < 0)
        errx(1, "getifaddrs");
    for (struct csk_ifaddr *a = addresses; a->name[0]; a++)
        printf("%s %s\n", a->name, csk_addr_format(&a->addr, text, sizeof text));
    csk_freeifaddrs(addresses);
    return 0;
}
