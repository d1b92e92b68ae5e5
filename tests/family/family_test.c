/* See family_test.h. */
#include "family_test.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The emulated machine is slow. */
#define TIMEOUT INT64_C(30000000000)

int64_t family_check(int64_t n, const char *what, int line)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n < 0)
        fail_msg("line %d: %s: %s", line, what, csk_strerror((int)n, text, sizeof text));
    return n;
}

struct csk_socket family_socket(int family, int type, int proto)
{
    const struct csk_family *entry = csk_family_find(family, proto);
    char text[CSK_ERROR_TEXT_MAX];
    struct csk_socket s;
    int n = csk_socket(&s, family, type, proto);

    if (n == -EAFNOSUPPORT || n == -EPROTONOSUPPORT || n == -ESOCKTNOSUPPORT || n == -EPERM ||
        n == -EACCES || n == -ENODEV)
        test_skip("socket(%s, type %d, protocol %d): %s%s", entry ? csk_family_name(entry) : "?",
                  type, proto, csk_strerror(n, text, sizeof text),
                  n == -EPERM || n == -EACCES ? " (needs root)" : "");
    family_ok(n);
    family_ok(csk_settimeout(&s, TIMEOUT));
    return s;
}

struct csk_addr family_address(int family, int proto, const char *text)
{
    struct csk_error error = { 0 };
    struct csk_addr addr;

    if (csk_addr_parse(&addr, family, proto, text, &error) < 0)
        fail_msg("%s", error.text);
    return addr;
}

void family_bind(struct csk_socket *s, const char *text)
{
    struct csk_addr addr = family_address(s->family, s->proto, text);

    family_ok(csk_bind(s, &addr, NULL));
}

const char *family_text(const struct csk_addr *addr)
{
    static char text[4][CSK_ADDR_TEXT_MAX];
    static unsigned turn;

    return csk_addr_format(addr, text[turn = (turn + 1) % 4], sizeof *text);
}

struct csk_addr family_own(const struct csk_socket *s)
{
    struct csk_addr addr;

    family_ok(csk_getsockname(s, &addr));
    return addr;
}

void family_need_module(const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "/sys/module/%s", name);
    if (access(path, F_OK) != 0)
        test_skip("the module %s is not loaded", name);
}

void family_need_interface(const char *name)
{
    if (csk_if_nametoindex(name, NULL) < 0)
        test_skip("there is no interface %s", name);
}

void family_need_cable(void)
{
    if (csk_if_nametoindex("veth-a", NULL) > 0)
        return;
    if (unshare(CLONE_NEWNET) != 0)
        test_skip("there is no interface veth-a, and no network namespace to make one in: %s",
                  strerror(errno));
    if (system("ip link add veth-a type veth peer name veth-b 2>&1 &&"
               " for end in veth-a veth-b; do"
               "  echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6; ip link set $end up || exit;"
               " done") != 0)
        test_skip("there is no interface veth-a, and none could be made");
}

struct caller {
    struct csk_socket *client;
    const struct csk_addr *to;
};

static void call(void *argument)
{
    struct caller *c = argument;
    char data[16];

    family_ok(csk_connect(c->client, c->to, NULL));
    family_ok(csk_sendall(c->client, "question", 8, 0, NULL));
    assert_int_equal(csk_recv(c->client, data, sizeof data, 0), 6);
    assert_memory_equal(data, "answer", 6);
}

void family_exchange_datagrams(struct csk_socket *a, struct csk_socket *b,
                               const struct csk_addr *to, const char *from_text)
{
    struct csk_addr from;
    char data[128];

    assert_int_equal(csk_sendto(a, "hello", 5, 0, to, NULL), 5);
    assert_int_equal(csk_recvfrom(b, data, sizeof data, 0, &from), 5);
    assert_memory_equal(data, "hello", 5);
    assert_string_equal(family_text(&from), from_text);
    assert_int_equal(csk_sendto(b, "back", 4, 0, &from, NULL), 4);
    assert_int_equal(csk_recvfrom(a, data, sizeof data, 0, &from), 4);
    assert_memory_equal(data, "back", 4);
    assert_string_equal(family_text(&from), family_text(to));
}

void family_exchange_over_stream(struct csk_socket *listener, struct csk_socket *client,
                                 const struct csk_addr *to)
{
    struct caller caller = { client, to };
    struct csk_socket conn;
    struct csk_addr peer;
    char data[16];
    int pid;

    family_ok(csk_listen(listener, 1));
    pid = test_fork(call, &caller);
    family_ok(csk_accept(listener, &conn, &peer));
    family_ok(csk_settimeout(&conn, TIMEOUT));
    assert_int_equal(peer.sa.sa_family, to->sa.sa_family);
    assert_int_equal(csk_recv(&conn, data, sizeof data, 0), 8);
    assert_memory_equal(data, "question", 8);
    family_ok(csk_sendall(&conn, "answer", 6, 0, NULL));
    test_join(pid);
    csk_close(&conn);
}
