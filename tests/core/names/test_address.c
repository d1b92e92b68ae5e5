/* Addresses of hosts that are given by name. */
#include "test.h"

#include <csocket/csocket.h>

#include <netdb.h>
#include <string.h>

static struct csk_value text_value(const char *text)
{
    return (struct csk_value){ .kind = CSK_VALUE_TEXT, .data = text, .size = strlen(text) };
}

static struct csk_value int_value(int64_t i)
{
    return (struct csk_value){ .kind = CSK_VALUE_INT, .i = i };
}

static int resolve(struct csk_addr *addr, int family, const char *host, int64_t port,
                   struct csk_error *error)
{
    struct csk_value values[] = { text_value(host), int_value(port) };

    return csk_addr_resolve(addr, family, 0, values, 2, NULL, error);
}

static void names_and_numeric_hosts_become_the_same_address(void)
{
    static const struct {
        int family;
        const char *host, *numeric;
    } cases[] = {
        { AF_INET, "localhost", "127.0.0.1" },
        { AF_INET, "127.1", "127.0.0.1" },
        { AF_INET, "192.0.2.1", "192.0.2.1" },
        { AF_INET, "", "0.0.0.0" },
        { AF_INET, "<broadcast>", "255.255.255.255" },
        { AF_INET6, "::1", "::1" },
        { AF_INET6, "", "::" },
    };
    struct csk_addr addr, direct;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csk_value values[] = { text_value(cases[i].numeric), int_value(80) };

        assert_int_equal(resolve(&addr, cases[i].family, cases[i].host, 80, NULL), 0);
        assert_int_equal(csk_addr_pack(&direct, cases[i].family, 0, values, 2, NULL), 0);
        assert_true(csk_addr_equal(&addr, &direct));
    }
}

static void other_fields_are_checked_before_the_lookup(void)
{
    struct csk_value values[] = { text_value("no.such.host.invalid"), int_value(65536),
                                  int_value(0), int_value(0), int_value(0) };
    struct csk_addr addr;
    struct csk_error error = { 0 };

    assert_int_equal(csk_addr_resolve(&addr, AF_INET, 0, values, 2, NULL, &error), CSK_EPORT);
    assert_int_equal(csk_addr_resolve(&addr, AF_INET6, 0, values, 2, NULL, NULL), CSK_EPORT);
    assert_int_equal(csk_addr_resolve(&addr, AF_INET, 0, values, 1, NULL, NULL), CSK_EADDRKIND);
    assert_int_equal(csk_addr_resolve(&addr, AF_INET6, 0, values, 5, NULL, NULL), CSK_EADDRKIND);
    assert_int_equal(csk_addr_resolve(&addr, 12345, 0, values, 2, NULL, NULL), CSK_EFAMILY);
    assert_int_equal(csk_addr_resolve(NULL, AF_INET, 0, values, 2, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_addr_resolve(&addr, AF_INET, 0, NULL, 2, NULL, NULL), CSK_ENULL);
}

static void a_host_that_is_not_found_has_the_resolvers_code(void)
{
    char long_name[2000];
    struct csk_value values[] = { { .kind = CSK_VALUE_TEXT, .data = "a\0b", .size = 3 },
                                  int_value(1) };
    struct csk_addr addr;
    struct csk_error error = { 0 };
    int n;

    /* An IPv6 address is not an IPv4 host, and no name server is queried for it. */
    n = resolve(&addr, AF_INET, "::1", 80, &error);
    assert_int_equal(csk_error_kind(n), CSK_KIND_EAI);
    assert_int_equal(error.code, n);
    assert_int_equal(strncmp(error.text, "resolve ::1: ", 13), 0);
    n = resolve(&addr, AF_INET6, "127.0.0.1", 80, NULL);
    assert_int_equal(csk_error_kind(n), CSK_KIND_EAI);
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(resolve(&addr, AF_INET, long_name, 80, &error), CSK_EAI(EAI_NONAME));
    assert_int_equal(csk_addr_resolve(&addr, AF_INET, 0, values, 2, NULL, &error), CSK_EADDRKIND);
    assert_string_equal(error.text, "AF_INET address: host must not contain a null character");
}

static void a_zone_in_a_name_is_the_scope(void)
{
    struct csk_value values[] = { text_value("fe80::1%lo"), int_value(80), int_value(0),
                                  int_value(9) };
    struct csk_value out[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_addr_resolve(&addr, AF_INET6, 0, values, 2, NULL, NULL), 0);
    csk_addr_unpack(&addr, out, text);
    assert_int_equal(out[3].i, 1);
    assert_int_equal(out[0].size, 7); /* and not part of the host string */
    assert_int_equal(csk_addr_resolve(&addr, AF_INET6, 0, values, 4, NULL, NULL), 0);
    csk_addr_unpack(&addr, out, text);
    assert_int_equal(out[3].i, 9);
}

TESTS(TEST(names_and_numeric_hosts_become_the_same_address),
      TEST(other_fields_are_checked_before_the_lookup),
      TEST(a_host_that_is_not_found_has_the_resolvers_code), TEST(a_zone_in_a_name_is_the_scope))
