/* The text that names a service: "host:port", a path, the text form of an address.  The first byte
 * chooses the family; hosts and ports are numeric, so that nothing is looked up. */
#include "connect/connection.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* A resolved address can be formatted, and the text means the same address. */
static void again(const struct csk_addrinfo *info)
{
    char text[CSK_ADDR_TEXT_MAX], second[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr;

    csk_addr_format(&info->addr, text, sizeof text);
    check(csk_addr_parse(&addr, info->family, 0, text, NULL) == 0);
    check(strcmp(text, csk_addr_format(&addr, second, sizeof second)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6, AF_UNIX };
    struct csk_error error = { 0 };
    struct csk_addrinfo *list = NULL;
    struct cski_target target = { .flags = AI_NUMERICHOST | AI_NUMERICSERV };
    char *text;
    int n;

    if (size < 1 || !(text = malloc(size)))
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    target.text = text;
    target.family = families[data[0] % 4];
    n = cski_resolve_text(&list, &target, &error);
    if (n < 0) {
        check(error.code == n && error.text[0] && memchr(error.text, 0, sizeof error.text));
    } else {
        check(n >= 1 && list);
        for (int i = 0; i < n; i++) {
            check(list[i].addr.len > 0 && list[i].addr.len <= sizeof list[i].addr.storage);
            again(&list[i]);
        }
        csk_freeaddrinfo(list);
    }
    free(text);
    return 0;
}
