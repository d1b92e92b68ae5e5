/* Whole tables of packet filters: each is replaced by the data read from it.
 *
 * The test has its own network namespace, whose tables are empty. */
#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 65536

/* Open a raw socket in a new network namespace, or skip the test. */
static struct csk_socket raw_socket(int family)
{
    struct csk_socket s = CSK_SOCKET_INIT;

    if (unshare(CLONE_NEWNET) < 0)
        test_skip("needs root, for a network of its own: %s", strerror(errno));
    if (csk_socket(&s, family, SOCK_RAW, family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP) < 0)
        test_skip("no raw sockets");
    return s;
}

/* The number in "name=123". */
static unsigned number_of(const char *text, const char *name)
{
    const char *found = strstr(text, name);

    assert_non_null(found);
    return (unsigned)strtoul(found + strlen(name), NULL, 0);
}

/* Return the table's current rules as text that the caller must free. */
static char *rules_of(struct csk_socket *s, const char *kind, const char *info)
{
    char name[40], input[40], *text = malloc(TEXT_MAX);
    struct csk_error error = { 0, "" };
    int n;

    assert_non_null(text);
    snprintf(name, sizeof name, "%s_SO_GET_ENTRIES", kind);
    snprintf(input, sizeof input, "filter size=%u", number_of(info, " size="));
    n = csk_option_query(s, name, input, text, TEXT_MAX, &error);
    if (n < 0)
        fail_msg("%s", error.text);
    assert_true(n < TEXT_MAX);
    return text;
}

/* The rules after the header: "; ...". */
static const char *tail_of(const char *rules)
{
    const char *tail = strchr(rules, ';');

    assert_non_null(tail);
    return tail;
}

static void set(struct csk_socket *s, const char *kind, const char *what, const char *text)
{
    struct csk_error error = { 0, "" };
    char name[40];

    snprintf(name, sizeof name, "%s_SO_%s", kind, what);
    if (csk_option_set(s, name, text, &error) < 0)
        fail_msg("%s", error.text);
}

/* Counters for every rule; there is space for hundreds. */
static void count(struct csk_socket *s, const char *kind, unsigned rules)
{
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof text, "filter");

    for (unsigned i = 0; i < rules; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "; pcnt=%u bcnt=%u", i + 1, 100 * i + 100);
    set(s, kind, "SET_ADD_COUNTERS", text);
}

/* The table is replaced by itself; the kernel returns the old counters. */
static void replace(struct csk_socket *s, const char *kind, const char *info, const char *rules)
{
    unsigned number = number_of(info, " num_entries="), i;
    const char *end = strstr(info, " num_entries=");
    uint64_t *old = calloc(number, 2 * sizeof *old);
    char *text = malloc(TEXT_MAX);

    assert_true(old != NULL && text != NULL && end != NULL);
    snprintf(text, TEXT_MAX, "%.*s num_counters=%u counters=0x%llx%s", (int)(end - info), info,
             number, (unsigned long long)(uintptr_t)old, tail_of(rules));
    set(s, kind, "SET_REPLACE", text);
    for (i = 0; i < number; i++) {
        assert_int_equal(old[2 * i], i + 1);
        assert_int_equal(old[2 * i + 1], 100 * i + 100);
    }
    free(old);
    free(text);
}

static void table_is_replaced_by_its_text(int family, const char *kind)
{
    struct csk_socket s = raw_socket(family);
    char name[40], info[1024], *before, *counted, *after;
    int n;

    snprintf(name, sizeof name, "%s_SO_GET_INFO", kind);
    n = csk_option_query(&s, name, "filter", info, sizeof info, NULL);
    if (n < 0)
        test_skip("this kernel has no such table: %s", csk_error_name(n));
    before = rules_of(&s, kind, info);
    count(&s, kind, number_of(info, " num_entries="));
    counted = rules_of(&s, kind, info);
    assert_non_null(strstr(counted, " pcnt=2 bcnt=200 "));
    assert_null(strstr(before, " pcnt="));
    replace(&s, kind, info, counted);
    after = rules_of(&s, kind, info);
    assert_string_equal(after, before);
    free(before);
    free(counted);
    free(after);
    csk_close(&s);
}

static void iptables(void)
{
    table_is_replaced_by_its_text(AF_INET, "IPT");
}

static void ip6tables(void)
{
    table_is_replaced_by_its_text(AF_INET6, "IP6T");
}

static void arptables(void)
{
    table_is_replaced_by_its_text(AF_INET, "ARPT");
}

static void an_unexpected_size_is_left_to_the_kernel(void)
{
    struct csk_socket s = raw_socket(AF_INET);
    struct csk_error error = { 0, "" };
    char info[1024];

    if (csk_option_query(&s, "IPT_SO_GET_INFO", "filter", info, sizeof info, NULL) < 0)
        test_skip("this kernel has no iptables");
    assert_int_equal(
        csk_option_query(&s, "IPT_SO_GET_ENTRIES", "filter size=8000", info, sizeof info, &error),
        -EAGAIN);
    assert_int_equal(csk_option_set(&s, "IPT_SO_SET_ADD_COUNTERS", "filter; pcnt=1 bcnt=1", &error),
                     -EINVAL);
    csk_close(&s);
}

/* ebtables' table, with pointers to a copy of its three chains, which follows. */
static void replace_chains(struct csk_socket *s, const unsigned char *chains, unsigned size)
{
    char text[4096];
    size_t n = (size_t)snprintf(text, sizeof text, "filter valid_hooks=0xe entries=0x%llx",
                                (unsigned long long)(uintptr_t)chains);

    for (unsigned i = 0; i < 3; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " hook_entry.%u=0x%llx", i + 1,
                              (unsigned long long)(uintptr_t)(chains + i * (size / 3)));
    n += (size_t)snprintf(text + n, sizeof text - n, " data=");
    for (unsigned i = 0; i < size; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%02x", chains[i]);
    set(s, "EBT", "SET_ENTRIES", text);
}

/* The bytes of the chains, which the kernel writes to the address in the option. */
static void read_chains(struct csk_socket *s, unsigned char *chains, unsigned size)
{
    struct csk_error error = { 0, "" };
    char input[100], text[8192];

    snprintf(input, sizeof input, "filter entries_size=%u entries=0x%llx", size,
             (unsigned long long)(uintptr_t)chains);
    if (csk_option_query(s, "EBT_SO_GET_ENTRIES", input, text, sizeof text, &error) < 0)
        fail_msg("%s", error.text);
}

static void ebtables(void)
{
    struct csk_socket s = raw_socket(AF_INET);
    unsigned char chains[600] = { 0 }, again[600] = { 0 };
    char info[1024];
    unsigned size;
    int n;

    n = csk_option_query(&s, "EBT_SO_GET_INFO", "filter", info, sizeof info, NULL);
    if (n < 0)
        test_skip("this kernel has no such table: %s", csk_error_name(n));
    size = number_of(info, " entries_size=");
    assert_in_range(size, 1, sizeof chains);
    read_chains(&s, chains, size);
    /* struct ebt_entries: a number, the chain's name, a number, the policy: -1 accepts, -2 drops */
    assert_memory_equal(chains + 4, "INPUT", 5);
    memcpy(chains + 40, (const int[]){ -2 }, sizeof(int));
    replace_chains(&s, chains, size);
    read_chains(&s, again, size);
    assert_memory_equal(again, chains, size);
    csk_close(&s);
}

TESTS(TEST(iptables), TEST(ip6tables), TEST(arptables),
      TEST(an_unexpected_size_is_left_to_the_kernel), TEST(ebtables))
