/* Conversion between names or numbers and addresses, compared with the C library. */
#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

static int their_code(int error)
{
    return error == EAI_SYSTEM ? -errno : CSK_EAI(error);
}

struct question {
    const char *host, *service;
    int family, type, proto, flags;
};

static void say(const struct question *q, const char *what)
{
    print_error("%s: host %s service %s family %d type %d proto %d flags %#x\n", what,
                q->host ? q->host : "(null)", q->service ? q->service : "(null)", q->family,
                q->type, q->proto, (unsigned)q->flags);
}

/* Return whether the n entries are those of the system's list, in the same order.  Only callers
 * that request the canonical name receive it; musl always returns one. */
static bool same(const struct csk_addrinfo *ours, int n, const struct addrinfo *theirs, bool named)
{
    for (int i = 0; i < n; i++, theirs = theirs->ai_next) {
        if (!theirs || ours[i].family != theirs->ai_family || ours[i].type != theirs->ai_socktype ||
            ours[i].proto != theirs->ai_protocol || ours[i].addr.proto != theirs->ai_protocol ||
            ours[i].addr.len != theirs->ai_addrlen ||
            memcmp(&ours[i].addr.storage, theirs->ai_addr, theirs->ai_addrlen) != 0 ||
            strcmp(ours[i].canonname, named && theirs->ai_canonname ? theirs->ai_canonname : ""))
            return false;
    }
    return !theirs;
}

static int compare(const struct question *q)
{
    const struct addrinfo hints = { .ai_flags = q->flags,
                                    .ai_family = q->family,
                                    .ai_socktype = q->type,
                                    .ai_protocol = q->proto };
    struct addrinfo *theirs = NULL;
    struct csk_addrinfo *ours = (struct csk_addrinfo *)&hints;
    int error = getaddrinfo(q->host, q->service, &hints, &theirs);
    int expected = error ? their_code(error) : 0;
    int n = csk_getaddrinfo(q->host, q->service, q->family, q->type, q->proto, q->flags, NULL,
                            &ours, NULL);

    if (error ? n != expected || ours : n < 1 || !same(ours, n, theirs, q->flags & AI_CANONNAME)) {
        say(q, "differs");
        fail();
    }
    csk_freeaddrinfo(ours);
    if (theirs)
        freeaddrinfo(theirs);
    return n;
}

static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6, AF_UNIX, 99, -1 };
static const int types[] = { 0,
                             SOCK_STREAM,
                             SOCK_DGRAM,
                             SOCK_RAW,
                             SOCK_RDM,
                             SOCK_SEQPACKET,
                             6 /* SOCK_DCCP */,
                             SOCK_STREAM | SOCK_CLOEXEC,
                             99,
                             -1 };
static const int protos[] = { 0, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, 33, 132, 136, 255, -1 };
#ifndef AI_IDN
#define AI_IDN 0 /* musl */
#define AI_CANONIDN 0
#endif

static const int flags[] = { 0,
                             AI_PASSIVE,
                             AI_CANONNAME,
                             AI_NUMERICHOST,
                             AI_NUMERICSERV,
                             AI_V4MAPPED,
                             AI_ALL,
                             AI_ADDRCONFIG,
                             AI_V4MAPPED | AI_ALL,
                             AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                             AI_CANONNAME | AI_PASSIVE | AI_NUMERICHOST | AI_V4MAPPED,
                             AI_IDN,
                             AI_CANONNAME | AI_CANONIDN,
                             1 << 20 };

static bool is_numeric(const char *host)
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
    struct addrinfo *list = NULL;
    int error = getaddrinfo(host, NULL, &hints, &list);

    if (list)
        freeaddrinfo(list);
    return error == 0;
}

/* Every family, type, protocol and set of flags for one host and service.  Strings that this C
 * library does not parse as numeric must not reach DNS. */
static long compare_all(const char *host, const char *service)
{
    bool careful = host && !is_numeric(host);
    long answers = 0;

    for (size_t f = 0; f < COUNT(families); f++)
        for (size_t t = 0; t < COUNT(types); t++)
            for (size_t p = 0; p < COUNT(protos); p++)
                for (size_t g = 0; g < COUNT(flags); g++) {
                    if (careful && !(flags[g] & AI_NUMERICHOST))
                        continue;
                    answers += compare(&(struct question){ host, service, families[f], types[t],
                                                           protos[p], flags[g] }) > 0;
                }
    return answers;
}

static void numeric_lookups_agree_with_the_c_library(void)
{
    static const char *const hosts[] = {
        "127.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "127.1",
        "010.1.2.3",
        "::ffff:1.2.3.4",
        "2001:db8::ff:0:1",
        "fe80::1%lo",
        "fe80::1%1",
        "fe80::1%none",
        "*",
        NULL,
    };
    static const char *const services[] = { NULL, "", "0", "80" };
    long answers = 0;

    for (size_t h = 0; h < COUNT(hosts); h++)
        for (size_t s = 0; s < COUNT(services); s++)
            answers += compare_all(hosts[h], services[s]);
    assert_true(answers > 10000); /* otherwise the test has proved nothing */
}

static void services_are_parsed_as_in_the_c_library(void)
{
    static const char *const services[] = {
        "1",    "65535", " 80",  "80 ",    "+80",           "080",
        "0x50", "*",     "http", "domain", "nosuchservice", "http-alt",
    };
    static const char *const hosts[] = { "127.0.0.1", "::1", NULL };

    for (size_t s = 0; s < COUNT(services); s++)
        for (size_t h = 0; h < COUNT(hosts); h++)
            for (size_t t = 0; t < COUNT(types); t++)
                for (size_t g = 0; g < COUNT(flags); g++)
                    for (int family = 0; family <= AF_INET; family += AF_INET)
                        compare(&(struct question){ hosts[h], services[s], family, types[t], 0,
                                                    flags[g] });
}

/* The C library uses only the low 16 bits of some of these. */
static void a_number_that_is_not_a_port_is_an_error_that_names_it(void)
{
    static const char *const services[] = {
        "65536",
        "65616",
        "70000",
        "999999999",
        "1000000000",
        "4294967376",
        "99999999999999999999",
        "-1",
        "-80",
        " 65536",
        "+4294967376",
        "0065536",
        "-65456",
    };
    static const char *const hosts[] = { "127.0.0.1", "::1", "localhost", NULL };
    struct csk_addrinfo *list;
    struct csk_error error;
    char text[64];

    for (size_t s = 0; s < COUNT(services); s++)
        for (size_t h = 0; h < COUNT(hosts); h++) {
            assert_int_equal(
                csk_getaddrinfo(hosts[h], services[s], 0, SOCK_STREAM, 0, 0, NULL, &list, &error),
                CSK_EAI(EAI_SERVICE));
            assert_null(list);
            snprintf(text, sizeof text, "port %s is out of range (0-65535)", services[s]);
            assert_string_equal(error.text, text);
            assert_int_equal(
                csk_getaddrinfo_numeric(hosts[h], services[s], 0, SOCK_STREAM, 0, 0, &list, NULL),
                CSK_EAI(EAI_SERVICE));
        }
}

static void names_are_refused_where_a_number_is_required(void)
{
    static const char *const hosts[] = { "", "localhost", "1.2.3.256", ":::", "1.2.3.4 ", "[::1]" };

    for (size_t h = 0; h < COUNT(hosts); h++) {
        struct question q = { hosts[h], "80", AF_UNSPEC, SOCK_STREAM, 0, AI_NUMERICHOST };

        if (strcmp(hosts[h], "1.2.3.4 ") != 0)
            assert_int_equal(compare(&q), CSK_EAI(EAI_NONAME));
        else
            compare(&q);
    }
}

static void without_a_type_there_is_an_entry_for_each_kind_of_socket(void)
{
    struct csk_addrinfo *list;
    int n = csk_getaddrinfo("127.0.0.1", "80", AF_UNSPEC, 0, 0, 0, NULL, &list, NULL);
    char text[CSK_ADDR_TEXT_MAX];

    assert_true(n >= 2);
    assert_int_equal(list[0].family, AF_INET);
    assert_int_equal(list[0].type, SOCK_STREAM);
    assert_int_equal(list[0].proto, IPPROTO_TCP);
    assert_int_equal(list[1].type, SOCK_DGRAM);
    assert_string_equal(list[0].canonname, "");
    assert_int_equal(list[0].addr.len, sizeof(struct sockaddr_in));
    assert_int_equal(csk_getnameinfo(&list[0].addr, NI_NUMERICHOST | NI_NUMERICSERV, NULL, text,
                                     sizeof text, NULL, 0, NULL),
                     0);
    assert_string_equal(text, "127.0.0.1");
    csk_freeaddrinfo(list);
}

static void localhost_is_this_machine(void)
{
    struct question q = { "localhost", "7", AF_INET, SOCK_STREAM, 0, AI_CANONNAME };
    struct csk_addrinfo *list;
    int n = csk_getaddrinfo("localhost", "7", AF_INET, SOCK_STREAM, 0, 0, NULL, &list, NULL);

    if (n < 0)
        test_skip("this machine does not know localhost");
    assert_int_equal(list[0].family, AF_INET);
    assert_int_equal(((unsigned char *)&list[0].addr.storage)[4], 127);
    csk_freeaddrinfo(list);
    compare(&q);
}

static void nothing_to_resolve_is_an_error(void)
{
    struct csk_addrinfo *list;

    assert_int_equal(csk_getaddrinfo(NULL, NULL, 0, 0, 0, 0, NULL, &list, NULL),
                     CSK_EAI(EAI_NONAME));
    assert_null(list);
    assert_int_equal(csk_getaddrinfo("127.0.0.1", NULL, 0, 0, 0, 0, NULL, NULL, NULL), CSK_ENULL);
    csk_freeaddrinfo(NULL);
}

static struct csk_addr address(const char *host, const char *service)
{
    struct csk_addrinfo *list;
    struct csk_addr addr;

    assert_int_equal(csk_getaddrinfo(host, service, 0, SOCK_STREAM, 0, 0, NULL, &list, NULL), 1);
    addr = list->addr;
    csk_freeaddrinfo(list);
    return addr;
}

static void getnameinfo_agrees_with_the_c_library(void)
{
    static const char *const hosts[] = { "127.0.0.1", "::1", "fe80::1%lo" };
    static const int modes[] = { NI_NUMERICHOST | NI_NUMERICSERV, NI_NUMERICHOST,
                                 NI_NUMERICHOST | NI_DGRAM,       NI_NUMERICHOST | NI_NAMEREQD,
                                 NI_NUMERICHOST | NI_NOFQDN,      1 << 20 };
    char host[2][NI_MAXHOST], service[2][NI_MAXSERV];

    for (size_t h = 0; h < COUNT(hosts); h++)
        for (size_t m = 0; m < COUNT(modes); m++) {
            struct csk_addr addr = address(hosts[h], "7");
            int n = csk_getnameinfo(&addr, modes[m], NULL, host[0], sizeof host[0], service[0],
                                    sizeof service[0], NULL);
            int error = getnameinfo(&addr.sa, addr.len, host[1], sizeof host[1], service[1],
                                    sizeof service[1], modes[m]);

            assert_int_equal(n, error ? their_code(error) : 0);
            if (n == 0) {
                assert_string_equal(host[0], host[1]);
                assert_string_equal(service[0], service[1]);
            }
        }
}

static void getnameinfo_refuses_unsupported_arguments(void)
{
    struct csk_addr addr = address("127.0.0.1", "12345");
    char host[NI_MAXHOST], service[NI_MAXSERV];
    const int numeric = NI_NUMERICHOST | NI_NUMERICSERV;

    assert_int_equal(csk_getnameinfo(&addr, numeric, NULL, host, 4, NULL, 0, NULL),
                     CSK_EAI(EAI_OVERFLOW));
    assert_int_equal(csk_getnameinfo(&addr, numeric, NULL, NULL, 0, service, 3, NULL),
                     CSK_EAI(EAI_OVERFLOW));
    assert_int_equal(csk_getnameinfo(NULL, numeric, NULL, host, sizeof host, NULL, 0, NULL),
                     CSK_ENULL);
    /* A size too large for a socklen_t does not prevent the result. */
    assert_int_equal(csk_getnameinfo(&addr, numeric, NULL, host, SIZE_MAX, service, SIZE_MAX, NULL),
                     0);
    assert_string_equal(host, "127.0.0.1");
    assert_string_equal(service, "12345");
    addr.len = 3;
    assert_int_equal(
        csk_getnameinfo(&addr, numeric, NULL, host, sizeof host, service, sizeof service, NULL),
        CSK_EAI(EAI_FAMILY));
    addr.len = sizeof(struct sockaddr_in);
    addr.sa.sa_family = 99;
    assert_int_equal(
        csk_getnameinfo(&addr, numeric, NULL, host, sizeof host, service, sizeof service, NULL),
        CSK_EAI(EAI_FAMILY));
}

TESTS(TEST(numeric_lookups_agree_with_the_c_library),
      TEST(services_are_parsed_as_in_the_c_library),
      TEST(a_number_that_is_not_a_port_is_an_error_that_names_it),
      TEST(names_are_refused_where_a_number_is_required),
      TEST(without_a_type_there_is_an_entry_for_each_kind_of_socket),
      TEST(localhost_is_this_machine), TEST(nothing_to_resolve_is_an_error),
      TEST(getnameinfo_agrees_with_the_c_library), TEST(getnameinfo_refuses_unsupported_arguments))
