/* Addresses: as text, as the values of their fields, and as the bytes of the kernel. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    struct csk_value fields[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX], host[64];
    struct csk_addr addr, other;
    struct csk_error error;
    struct csk_socket s;
    int64_t port = 80;
    ssize_t count;

    if (csk_addr_parse(&addr, AF_INET6, 0, "[::1]:80", &error) < 0)
        errx(1, "%s", error.text);
    csk_addr_host(&addr, host, sizeof host);
    printf("host %s, port %d\n", host, (int)csk_addr_port(&addr));
    if (csk_addr_set_port(&addr, 8080, &error) < 0)
        errx(1, "%s", error.text);
    puts(csk_addr_format(&addr, text, sizeof text));

    /* The fields of AF_INET6 are host, port, flowinfo, scope_id. */
    count = csk_addr_unpack(&addr, fields, text);
    printf("%d fields, equal: ", (int)count);
    if (csk_addr_pack(&other, AF_INET6, 0, fields, (size_t)count, &error) < 0)
        errx(1, "%s", error.text);
    puts(csk_addr_equal(&addr, &other) ? "yes" : "no");

    /* The same for the family and protocol of a socket; names are resolved first. */
    if (csk_socket(&s, AF_INET6, SOCK_STREAM, 0) == 0) {
        count = csk_addr_unpack_for(&s, &addr, fields, text);
        csk_addr_pack_for(&s, &other, fields, (size_t)count, &error);
        csk_close(&s);
    }
    if (!csk_addr_needs_resolver(AF_INET6, 0, fields, (size_t)count))
        csk_addr_resolve(&other, AF_INET6, 0, fields, (size_t)count, NULL, &error);
    csk_addr_pack_numeric(&other, csk_family_find(AF_INET, 0), "127.0.0.1", 9, &port, 1);
    puts(csk_addr_format(&other, text, sizeof text));
    return 0;
}
