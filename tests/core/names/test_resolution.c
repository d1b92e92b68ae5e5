/* Addresses of both families by one or two lookups, with the test's own name server. */
#include "names/resolution.h"
#include "nameserver.h"
#include "sockets.h"

/* Poll until a step has new addresses, or the lookup is complete. */
static int next(struct cski_resolution *r, struct csk_error *error)
{
    struct pollfd fds[CSKI_RESOLUTION_LOOKUPS];
    int n = 0;

    while (n == 0 && !r->complete) {
        int64_t wake = cski_resolution_wake(r), left = wake - csk_now();
        int count = cski_resolution_fds(r, fds);
        int ms = wake == CSK_FOREVER ? -1 : left <= 0 ? 0 : (int)(left / MS) + 1;

        assert_true(count > 0 || ms >= 0);
        assert_true(poll(fds, (nfds_t)count, ms) >= 0);
        n = cski_resolution_step(r, error);
    }
    return n;
}

static void begin(struct cski_resolution *r, const char *host, int family)
{
    assert_int_equal(cski_resolution_begin(r, host, "80", family, SOCK_STREAM, 0, 0, NULL), 0);
}

/* "4", "6", "64", "46" */
static const char *order(const struct cski_resolution *r)
{
    static char text[8];

    assert_true(r->count < 8);
    for (int i = 0; i < r->count; i++) {
        assert_int_equal(csk_addr_port(&r->list[i].addr), 80);
        text[i] = r->list[i].family == AF_INET ? '4' : '6';
    }
    text[r->count] = '\0';
    return text;
}

static void finish(struct cski_resolution *r)
{
    cski_resolution_end(r);
    test_wait_for_one_thread();
}

static void a_numeric_host_is_complete_at_once(void)
{
    struct cski_resolution r = { 0 };
    struct pollfd fds[CSKI_RESOLUTION_LOOKUPS];

    test_count_threads();
    begin(&r, "127.0.0.1", AF_UNSPEC);
    assert_true(r.complete);
    assert_string_equal(order(&r), "4");
    assert_int_equal(cski_resolution_fds(&r, fds), 0);
    assert_true(cski_resolution_wake(&r) == CSK_FOREVER);
    assert_int_equal(cski_resolution_step(&r, NULL), 0);
    finish(&r);
}

/* A plain getaddrinfo() returns the same order. */
static const char *librarys_order(void)
{
    struct cski_resolution as_list = { .count = 0 };
    struct csk_addrinfo *list;
    const char *text;

    as_list.count = csk_getaddrinfo("host.example", "80", AF_UNSPEC, SOCK_STREAM, 0, 0, NULL, &list,
                                    NULL);
    assert_int_equal(as_list.count, 2);
    as_list.list = list;
    text = order(&as_list);
    csk_freeaddrinfo(list);
    return text;
}

static void both_families_are_in_the_librarys_order(void)
{
    struct cski_resolution r = { 0 };
    char wanted[8];

    test_resolver_world(30);
    test_nameserver(0, 0);
    snprintf(wanted, sizeof wanted, "%s", librarys_order());
    begin(&r, "host.example", AF_UNSPEC);
    while (!r.complete)
        assert_true(next(&r, NULL) >= 0);
    assert_int_equal(r.count, 2);
    if (r.results[CSKI_RESOLUTION_BOTH] > 0)
        assert_string_equal(order(&r), wanted);
    /* Unless the machine is so busy that 50 ms have passed. */
    assert_true(r.split || !r.lookups[CSKI_RESOLUTION_IPV6]);
    finish(&r);
}

static void one_family_is_never_split(void)
{
    struct cski_resolution r = { 0 };

    test_resolver_world(30);
    test_nameserver(200, 200);
    begin(&r, "host.example", AF_INET);
    assert_true(cski_resolution_wake(&r) == CSK_FOREVER);
    assert_int_equal(next(&r, NULL), 1);
    assert_true(r.complete);
    assert_string_equal(order(&r), "4");
    assert_null(r.lookups[CSKI_RESOLUTION_IPV4]);
    finish(&r);
}

static void ipv6_is_published_before_ipv4_answers(void)
{
    struct cski_resolution r = { 0 };
    char wanted[8];

    test_resolver_world(30);
    test_nameserver(3000, 0);
    snprintf(wanted, sizeof wanted, "%s", librarys_order());
    begin(&r, "host.example", AF_UNSPEC);
    assert_int_equal(next(&r, NULL), 1);
    assert_false(r.complete);
    assert_string_equal(order(&r), "6");
    while (!r.complete)
        assert_true(next(&r, NULL) >= 0);
    assert_int_equal(r.count, 2);
    if (r.results[CSKI_RESOLUTION_BOTH] > 0)
        assert_string_equal(order(&r), wanted);
    finish(&r);
}

static void ipv4_is_published_if_ipv6_does_not_answer(void)
{
    struct cski_resolution r = { 0 };

    test_resolver_world(5); /* IPv6 fails that many seconds later, also on a busy machine */
    test_nameserver(0, -1);
    begin(&r, "host.example", AF_UNSPEC);
    assert_int_equal(next(&r, NULL), 1);
    assert_false(r.complete);
    assert_string_equal(order(&r), "4");
    while (!r.complete)
        assert_true(next(&r, NULL) >= 0);
    assert_string_equal(order(&r), "4");
    finish(&r);
}

static void an_unknown_name_is_an_error(void)
{
    struct cski_resolution r = { 0 };
    struct csk_error error;

    test_resolver_world(30);
    test_nameserver(0, 0);
    begin(&r, "no.such.name", AF_UNSPEC);
    assert_int_equal(next(&r, &error), CSK_EAI(EAI_NONAME));
    assert_int_equal(strncmp(error.text, "resolve no.such.name: ", 22), 0);
    assert_int_equal(r.count, 0);
    finish(&r);
}

static void an_unknown_name_is_an_error_after_the_split_too(void)
{
    struct cski_resolution r = { 0 };

    test_resolver_world(30);
    test_nameserver(300, 200);
    begin(&r, "no.such.name", AF_UNSPEC);
    assert_int_equal(next(&r, NULL), CSK_EAI(EAI_NONAME));
    finish(&r);
}

static void a_resolution_can_be_abandoned_at_any_step(void)
{
    int descriptors = test_open_descriptors();

    test_resolver_world(2);
    test_nameserver(-1, 100);
    for (int steps = 0; steps < 4; steps++) {
        struct cski_resolution r = { 0 };
        struct pollfd fds[CSKI_RESOLUTION_LOOKUPS];

        begin(&r, "host.example", AF_UNSPEC);
        for (int i = 0; i < steps; i++) {
            poll(fds, (nfds_t)cski_resolution_fds(&r, fds), 60);
            assert_true(cski_resolution_step(&r, NULL) >= 0);
        }
        cski_resolution_end(&r);
    }
    test_wait_for_one_thread();
    assert_int_equal(test_open_descriptors(), descriptors);
}

static void a_port_out_of_range_is_an_error_at_the_beginning(void)
{
    struct cski_resolution r = { 0 };
    struct csk_error error;

    test_count_threads();
    assert_int_equal(
        cski_resolution_begin(&r, "host.example", "65536", 0, SOCK_STREAM, 0, 0, &error),
        CSK_EAI(EAI_SERVICE));
    assert_string_equal(error.text, "port 65536 is out of range (0-65535)");
    assert_int_equal(test_threads(), 1);
}

TESTS(TEST(a_numeric_host_is_complete_at_once), TEST(both_families_are_in_the_librarys_order),
      TEST(one_family_is_never_split), TEST(ipv6_is_published_before_ipv4_answers),
      TEST(ipv4_is_published_if_ipv6_does_not_answer), TEST(an_unknown_name_is_an_error),
      TEST(an_unknown_name_is_an_error_after_the_split_too),
      TEST(a_resolution_can_be_abandoned_at_any_step),
      TEST(a_port_out_of_range_is_an_error_at_the_beginning))
