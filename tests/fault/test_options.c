/* Options by name, with every call that they make failing. */
#include "fault.h"

#include <linux/filter.h>
#include <string.h>

static int64_t run_setopt(struct world *w)
{
    return csk_option_set(&w->pair[0], "SO_RCVTIMEO", "1.5s", NULL);
}

static int64_t run_getopt(struct world *w)
{
    char text[64];

    return csk_option_get(&w->pair[0], "SO_LINGER", text, sizeof text, NULL);
}

static int64_t run_getopt_number(struct world *w)
{
    int64_t number;

    return csk_option_get_number(&w->pair[0], "SO_RCVBUF", &number, NULL);
}

static int64_t run_get_field(struct world *w)
{
    int64_t number;

    return csk_option_get_field(&w->pair[0], "SO_LINGER", "linger", &number, NULL);
}

/* A name that may name an interface. */
static int64_t run_interface(struct world *w)
{
    struct ip_mreqn mreq;

    (void)w;
    return csk_option_parse(csk_option_find("IP_ADD_MEMBERSHIP", AF_INET), CSK_OPTION_SET,
                            "239.1.1.1 dev lo", &mreq, sizeof mreq, NULL);
}

static int64_t run_setopt_number(struct world *w)
{
    return csk_option_set_number(&w->pair[0], "SO_RCVBUF", 10000, NULL);
}

static int64_t run_getopt_bytes(struct world *w)
{
    size_t count = 0;

    return csk_option_get_bytes(&w->pair[0], csk_option_find("SO_LINGER", AF_UNIX), w->data,
                                sizeof w->data, &count, NULL);
}

/* The input, for example an interface, is resolved before the system call. */
static void prepare_group(struct world *w)
{
    assert_int_equal(csk_socket(&w->s, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_option_set(&w->s, "MCAST_JOIN_GROUP", "239.1.1.2 dev lo", NULL), 0);
}

static int64_t run_getopt_for(struct world *w)
{
    char text[256];

    int n = csk_option_query(&w->s, "MCAST_MSFILTER", "239.1.1.2 dev lo", text, sizeof text, NULL);

    return n < 0 ? n : 0; /* an interface whose name cannot be determined is written as its index */
}

static int64_t run_getsockopt(struct world *w)
{
    socklen_t size = sizeof w->data;

    return csk_getsockopt(&w->pair[0], SOL_SOCKET, SO_LINGER, w->data, &size);
}

static int64_t run_setsockopt(struct world *w)
{
    const int size = 10000;

    return csk_setsockopt(&w->pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

static int64_t run_getsockopt_int(struct world *w)
{
    int value;

    return csk_getsockopt_int(&w->pair[0], SOL_SOCKET, SO_TYPE, &value);
}

static int64_t run_setsockopt_int(struct world *w)
{
    return csk_setsockopt_int(&w->pair[0], SOL_SOCKET, SO_SNDBUF, 10000);
}

static int64_t run_getsockopt_uint64(struct world *w)
{
    uint64_t value;

    return csk_getsockopt_uint64(&w->pair[0], SOL_SOCKET, SO_COOKIE, &value);
}

/* An option of eight bytes that any socket supports; AF_UNIX has no such option that can be set. */
static int64_t run_setsockopt_uint64(struct world *w)
{
    return csk_setsockopt_uint64(&w->pair[0], SOL_SOCKET, SO_MAX_PACING_RATE, 1 << 20);
}

/* It is an unsigned long. */
static void prepare_wide(struct world *w)
{
    if (run_setsockopt_uint64(w) == CSK_EOPTVALUE)
        test_skip("SO_MAX_PACING_RATE has %zu bytes here", sizeof(unsigned long));
}

OPERATION(setopt_number_handles_errors, .run = run_setopt_number)
OPERATION(getopt_bytes_handles_errors, .run = run_getopt_bytes)
OPERATION(getopt_for_handles_errors, .prepare = prepare_group, .run = run_getopt_for,
          .other_errors = true)
OPERATION(getsockopt_handles_errors, .run = run_getsockopt)
OPERATION(setsockopt_handles_errors, .run = run_setsockopt)
OPERATION(getsockopt_int_handles_errors, .run = run_getsockopt_int)
OPERATION(setsockopt_int_handles_errors, .run = run_setsockopt_int)
OPERATION(getsockopt_uint64_handles_errors, .run = run_getsockopt_uint64)
OPERATION(setsockopt_uint64_handles_errors, .prepare = prepare_wide, .run = run_setsockopt_uint64)
OPERATION(setopt_handles_errors, .run = run_setopt)
OPERATION(getopt_handles_errors, .run = run_getopt)
OPERATION(getopt_number_handles_errors, .run = run_getopt_number)
OPERATION(get_field_handles_errors, .run = run_get_field)
OPERATION(an_interface_handles_errors, .run = run_interface, .other_errors = true)

/* A BPF program that is longer than the buffer on the stack. */
#define LONG 600

static void prepare_program(struct world *w)
{
    static struct sock_filter program[LONG];
    size_t i;

    for (i = 0; i < LONG; i++)
        program[i] = (struct sock_filter){ BPF_RET | BPF_K, 0, 0, 0xffff };
    assert_int_equal(csk_option_set_bytes(&w->pair[0], csk_option_find("SO_ATTACH_FILTER", AF_UNIX),
                                          program, sizeof program, NULL),
                     0);
}

static int64_t run_long_get(struct world *w)
{
    char text[16384];
    int n = csk_option_get(&w->pair[0], "SO_GET_FILTER", text, sizeof text, NULL);

    if (n >= 0)
        assert_int_equal(n, LONG * strlen("ret #65535; ") - strlen("; "));
    return n;
}

OPERATION(a_value_longer_than_the_buffer_handles_errors, .prepare = prepare_program,
          .run = run_long_get)

TESTS(TEST(setopt_number_handles_errors), TEST(getopt_bytes_handles_errors),
      TEST(getopt_for_handles_errors), TEST(getsockopt_handles_errors),
      TEST(setsockopt_handles_errors), TEST(getsockopt_int_handles_errors),
      TEST(setsockopt_int_handles_errors), TEST(getsockopt_uint64_handles_errors),
      TEST(setsockopt_uint64_handles_errors), TEST(setopt_handles_errors),
      TEST(getopt_handles_errors), TEST(getopt_number_handles_errors),
      TEST(get_field_handles_errors), TEST(an_interface_handles_errors),
      TEST(a_value_longer_than_the_buffer_handles_errors))
