/* A program that uses csk_connect and csk_recv, and addresses in the system's form: test_size.py
 * checks the part of the static library in it, and the errors that it prints. */
#include <csocket/csocket.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static void refuse(int family, const void *address, size_t size)
{
    struct csk_socket s = CSK_SOCKET_INIT;
    struct csk_addr to = { .len = (socklen_t)size };
    struct csk_error error = { 0, "" };
    char byte;

    s.family = family;
    s.type = SOCK_STREAM;
    s.fd = 1 << 20; /* no limit allows it */
    memcpy(&to.storage, address, size);
    if (csk_connect(&s, &to, &error) == -EBADF && csk_recv(&s, &byte, 1, 0) == -EBADF)
        puts(error.text);
}

int main(void)
{
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons(80),
                              .sin_addr.s_addr = htonl(0xc0000201) };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
                                .sin6_port = htons(443),
                                .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                                .sin6_scope_id = 7 };
    struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/service" };
    unsigned char other[16] = { 0 };
    sa_family_t number = 250;

    memcpy(other + offsetof(struct sockaddr, sa_family), &number, sizeof number);
    other[sizeof other - 1] = 0xab;
    refuse(AF_INET, &in, sizeof in);
    refuse(AF_INET6, &in6, sizeof in6);
    refuse(AF_UNIX, &un, sizeof un);
    un.sun_path[0] = '\0';
    refuse(AF_UNIX, &un, offsetof(struct sockaddr_un, sun_path) + 12);
    refuse(number, other, sizeof other);
    return 0;
}
