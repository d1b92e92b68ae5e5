/* Options of real sockets by name and number (uint64.c), and the suggestions for unknown names
 * (suggest.c). */
#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct csk_socket s;

static void open_socket(int family, int type)
{
    assert_int_equal(csk_socket(&s, family, type, 0), 0);
}

static void set(const char *name, const char *text)
{
    struct csk_error error = { 0, "" };
    int n = csk_option_set(&s, name, text, &error);

    if (n < 0)
        fail_msg("%s", error.text);
}

static void assert_is(const char *name, const char *expected)
{
    struct csk_error error = { 0, "" };
    char text[CSK_OPTION_SIZE];
    int n = csk_option_get(&s, name, text, sizeof text, &error);

    if (n < 0)
        fail_msg("%s", error.text);
    assert_string_equal(text, expected);
    assert_int_equal(n, strlen(expected));
}

/* A value that is read, set and read again does not change. */
static void assert_stays(const char *name)
{
    char text[CSK_OPTION_SIZE];

    assert_true(csk_option_get(&s, name, text, sizeof text, NULL) >= 0);
    set(name, text);
    assert_is(name, text);
}

static void a_string_sets_the_kernels_value(void)
{
    struct linger linger;
    socklen_t size = sizeof linger;
    int number;

    open_socket(AF_INET, SOCK_STREAM);
    set("SO_LINGER", "on 5s");
    assert_int_equal(csk_getsockopt(&s, SOL_SOCKET, SO_LINGER, &linger, &size), 0);
    assert_int_equal(linger.l_onoff, 1);
    assert_int_equal(linger.l_linger, 5);
    set("TCP_KEEPIDLE", "60s");
    assert_int_equal(csk_getsockopt_int(&s, IPPROTO_TCP, TCP_KEEPIDLE, &number), 0);
    assert_int_equal(number, 60);
    set("TCP_NODELAY", "on");
    assert_is("TCP_NODELAY", "on");
    assert_is("SO_TYPE", "SOCK_STREAM");
    assert_is("SO_DOMAIN", "AF_INET");
    assert_is("SO_PROTOCOL", "IPPROTO_TCP");
    assert_is("SO_ERROR", "0");
    csk_close(&s);
}

static void a_value_that_was_read_can_be_set(void)
{
    static const char *const names[] = {
        "SO_LINGER",        "SO_REUSEADDR",      "SO_KEEPALIVE",       "SO_RCVTIMEO",
        "SO_SNDTIMEO",      "SO_RCVLOWAT",       "SO_MAX_PACING_RATE", "SO_BUF_LOCK",
        "SO_TIMESTAMPING",  "SO_BINDTODEVICE",   "TCP_CONGESTION",     "TCP_KEEPINTVL",
        "TCP_USER_TIMEOUT", "TCP_NOTSENT_LOWAT", "TCP_LINGER2",        "IP_MTU_DISCOVER",
        "IP_TTL",           "IP_MULTICAST_LOOP", "IP_OPTIONS",
    };
    size_t i;

    open_socket(AF_INET, SOCK_STREAM);
    set("SO_RCVTIMEO", "1.5s");
    set("SO_TIMESTAMPING", "RX_SOFTWARE|SOFTWARE");
    for (i = 0; i < sizeof names / sizeof *names; i++)
        assert_stays(names[i]);
    assert_is("SO_RCVTIMEO", "1.5s");
    csk_close(&s);
}

static void the_kernel_doubles_buffers(void)
{
    int64_t number;

    open_socket(AF_INET, SOCK_DGRAM);
    set("SO_RCVBUF", "16K");
    assert_is("SO_RCVBUF", "32768");
    assert_int_equal(csk_option_get_number(&s, "SO_RCVBUF", &number, NULL), 0);
    assert_int_equal(number, 32768);
    csk_close(&s);
}

static void numbers_are_in_the_options_unit(void)
{
    struct csk_error error;
    int64_t number;
    int n;

    open_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(csk_option_set_number(&s, "TCP_USER_TIMEOUT", 2500, NULL), 0);
    assert_int_equal(csk_option_get_number(&s, "TCP_USER_TIMEOUT", &number, NULL), 0);
    assert_int_equal(number, 2500);
    assert_int_equal(csk_option_set_number(&s, "SO_RCVTIMEO", 1500000000, NULL), 0);
    assert_int_equal(csk_option_get_number(&s, "SO_RCVTIMEO", &number, NULL), 0);
    assert_int_equal(number, 1500000000);
    assert_int_equal(csk_option_set_number(&s, "TCP_KEEPIDLE", 0, &error), CSK_EOPTVALUE);
    assert_string_equal(error.text, "TCP_KEEPIDLE takes a time in whole s, like 5s, 1s to 32767s,"
                                    " not 0s");
    assert_int_equal(csk_option_set_number(&s, "SO_LINGER", 5, &error), CSK_EOPTION);
    assert_string_equal(error.text, "SO_LINGER is not a number");
    assert_int_equal(csk_option_set_number(&s, "TCP_KEEPIDLE", INT64_MAX, &error), CSK_EOPTVALUE);
    /* A number that is passed as the length without a value reaches the kernel. */
    n = csk_option_set_number(&s, "ALG_SET_AEAD_AUTHSIZE", 16, NULL);
    assert_true(n == -ENOPROTOOPT || n == -EOPNOTSUPP);
    csk_close(&s);
}

static void multicast_is_one_line(void)
{
    char text[CSK_OPTION_SIZE];
    int n;

    open_socket(AF_INET, SOCK_DGRAM);
    set("IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo");
    set("IP_DROP_MEMBERSHIP", "239.1.1.1 dev lo");
    set("MCAST_JOIN_GROUP", "239.1.1.2 dev lo");
    set("MCAST_BLOCK_SOURCE", "239.1.1.2 dev lo source 192.0.2.1");
    n = csk_option_query(&s, "MCAST_MSFILTER", "239.1.1.2 dev lo", text, sizeof text, NULL);
    assert_true(n > 0);
    assert_string_equal(text, "239.1.1.2 dev lo fmode=MCAST_EXCLUDE slist=192.0.2.1");
    csk_close(&s);
}

static void a_filter_is_read_back_unchanged(void)
{
    open_socket(AF_INET, SOCK_DGRAM);
    set("SO_ATTACH_FILTER", "40 0 0 0, 6 0 0 65535");
    assert_is("SO_GET_FILTER", "ldh [0]; ret #65535");
    set("SO_DETACH_FILTER", "ignored");
    assert_is("SO_GET_FILTER", "");
    csk_close(&s);
}

static void a_long_filter_has_the_same_form(void)
{
    static char program[65536], found[65536];
    size_t n = 0;
    int i;

    for (i = 0; i < 4096; i++)
        n += (size_t)snprintf(program + n, sizeof program - n, "%sret #65535", i ? "; " : "");
    open_socket(AF_INET, SOCK_DGRAM);
    assert_int_equal(csk_option_set(&s, "SO_RCVBUF", "1M", NULL), 0);
    set("SO_ATTACH_FILTER", program);
    assert_int_equal(csk_option_get(&s, "SO_GET_FILTER", found, sizeof found, NULL), n);
    assert_string_equal(found, program);
    csk_close(&s);
}

static void credentials_are_a_struct(void)
{
    const struct csk_option *option = csk_option_find("SO_PEERCRED", AF_UNIX);
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_value value;
    struct csk_socket pair[2];
    struct ucred credentials;
    size_t count = 0;

    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(
        csk_option_get_bytes(&pair[0], option, &credentials, sizeof credentials, &count, NULL), 0);
    assert_int_equal(count, sizeof credentials);
    assert_int_equal(credentials.pid, getpid());
    assert_int_equal(csk_layout_get(csk_option_layout(option, CSK_OPTION_GET), 0, 0, &credentials,
                                    count, &value, text),
                     0);
    assert_int_equal(value.i, getpid());
    csk_close(&pair[0]);
    csk_close(&pair[1]);
}

static void an_address_may_be_shorter_than_its_buffer(void)
{
    struct csk_socket listener;
    struct csk_addr addr;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_socket(&listener, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, "127.0.0.1:0", NULL), 0);
    assert_int_equal(csk_bind(&listener, &addr, NULL), 0);
    assert_int_equal(csk_listen(&listener, 1), 0);
    assert_int_equal(csk_getsockname(&listener, &addr), 0);
    open_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    csk_addr_format(&addr, text, sizeof text);
    assert_is("SO_PEERNAME", text);
    csk_close(&s);
    csk_close(&listener);
}

static void a_refusal_names_likely_causes(void)
{
    struct csk_error error;
    char text[64];

    open_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(csk_option_set(&s, "SO_TYPE", "1", &error), CSK_EOPTION);
    assert_string_equal(error.text, "SO_TYPE can only be read");
    assert_int_equal(csk_option_get(&s, "SO_ATTACH_FILTER", text, sizeof text, &error),
                     CSK_EOPTION);
    assert_string_equal(error.text, "SO_ATTACH_FILTER can only be set");
    assert_int_equal(csk_option_set(&s, "SO_NOTHING", "1", &error), CSK_EOPTION);
    assert_string_equal(error.text, "unknown socket option SO_NOTHING");
    assert_int_equal(csk_option_set(&s, "SO_SETFIB", "1", &error), CSK_EOPTION);
    assert_string_equal(error.text, TEST_CATALOGUE_TEXTS
                                        ? "SO_SETFIB is an option of freebsd: Routing table "
                                          "(FIB) of the socket's packets"
                                        : "SO_SETFIB is an option of freebsd");
    assert_int_equal(csk_option_get(&s, "SO_LINGR", text, sizeof text, &error), CSK_EOPTION);
    assert_string_equal(error.text, "unknown socket option SO_LINGR; did you mean SO_LINGER?");
    assert_int_equal(csk_option_get(&s, "MCAST_MSFILTER", text, sizeof text, &error), -EINVAL);
    assert_string_equal(error.text,
                        "MCAST_MSFILTER requires input: <group> [dev <...>]"
                        " (dev is an interface by name or number; group is an address)");
    assert_int_equal(csk_option_get(&s, "SO_PEERSEC", text, sizeof text, &error), -ENOPROTOOPT);
    assert_non_null(strstr(error.text, "get SO_PEERSEC (for unix or inet or inet6 sockets"));
    assert_int_equal(strstr(error.text, ", since Linux ") != NULL, TEST_CATALOGUE_TEXTS);
    assert_int_equal(csk_option_get(&s, "UDP_SEGMENT", text, sizeof text, &error), -EOPNOTSUPP);
    assert_non_null(strstr(error.text, "(for inet or inet6 sockets of type dgram"));
    assert_int_equal(csk_option_set(&s, "TCP_KEEPIDLE", "soon", &error), CSK_EOPTVALUE);
    assert_string_equal(error.text, "TCP_KEEPIDLE takes a time in whole s, like 5s, 1s to 32767s,"
                                    " not \"soon\"");
    csk_close(&s);
    assert_int_equal(csk_option_set(&s, "SO_DEBUG", "off", &error), -EBADF);
    assert_int_equal(csk_option_set(NULL, "SO_DEBUG", "off", &error), CSK_ENULL);
    assert_int_equal(csk_option_get(&s, NULL, text, sizeof text, &error), CSK_ENULL);
}

TESTS(TEST(a_string_sets_the_kernels_value), TEST(a_value_that_was_read_can_be_set),
      TEST(the_kernel_doubles_buffers), TEST(numbers_are_in_the_options_unit),
      TEST(multicast_is_one_line), TEST(a_filter_is_read_back_unchanged),
      TEST(a_long_filter_has_the_same_form), TEST(credentials_are_a_struct),
      TEST(an_address_may_be_shorter_than_its_buffer), TEST(a_refusal_names_likely_causes))
