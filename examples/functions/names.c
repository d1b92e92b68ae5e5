/* Hosts, services and protocols by name; a lookup may have a time limit. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>
#include <string.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0)
        errx(1, "%s", error.text[0] ? error.text : csk_errstr(n));
}

int main(void)
{
    struct csk_lookup_options options = { .timeout = 5 * CSK_SECOND };
    char host[256], service[64];
    struct csk_addrinfo *list;
    struct csk_hostent *entry;

    check(csk_getaddrinfo("127.0.0.1", "80", 0, SOCK_STREAM, 0, 0, &options, &list, &error));
    check(csk_getnameinfo(&list->addr, NI_NUMERICHOST | NI_NUMERICSERV, &options, host, sizeof host,
                          service, sizeof service, &error));
    printf("%s %s\n", host, service);
    csk_freeaddrinfo(list);
    check(csk_getaddrinfo_numeric("::1", "80", 0, SOCK_STREAM, 0, 0, &list, &error));
    csk_freeaddrinfo(list); /* no resolver was used */

    check(csk_gethostbyname("127.0.0.1", &options, host, &error));
    check(csk_gethostbyname_ex("127.0.0.1", &options, &entry, &error));
    csk_freehostent(entry);
    if (csk_gethostbyaddr("127.0.0.1", &options, &entry, &error) == 0) {
        puts(entry->name);
        csk_freehostent(entry);
    }
    check(csk_gethostname(host, sizeof host));
    if (csk_sethostname(host, strlen(host), &error) < 0)
        puts(error.text); /* "sethostname: Operation not permitted" */
    if (csk_getfqdn("127.0.0.1", &options, host, sizeof host, &error) == 0)
        puts(host);
    if (csk_getservbyname("http", "tcp", &error) == 80 &&
        csk_getservbyport(80, "tcp", service, sizeof service, &error) >= 0)
        puts(service);
    printf("%d\n", csk_getprotobyname("tcp", &error));
    return 0;
}
