/* Options by name, with every call that they make failing. */
#include "fault.h"

#include <linux/filter.h>
#include <string.h>

static int64_t run_setopt(struct world *w)
{
    return csk_setopt(&w->pair[0], "SO_RCVTIMEO", "1.5s", NULL);
}

static int64_t run_getopt(struct world *w)
{
    char text[64];

    return csk_getopt(&w->pair[0], "SO_LINGER", text, sizeof text, NULL);
}

static int64_t run_getopt_number(struct world *w)
{
    int64_t number;

    return csk_getopt_number(&w->pair[0], "SO_RCVBUF", &number, NULL);
}

/* A name that is an interface or is none. */
static int64_t run_interface(struct world *w)
{
    struct ip_mreqn mreq;

    (void)w;
    return csk_option_parse(csk_option_find("IP_ADD_MEMBERSHIP", AF_INET), CSK_OPTION_SET,
                            "239.1.1.1 dev lo", &mreq, sizeof mreq, NULL);
}

OPERATION(setopt_copes, .run = run_setopt)
OPERATION(getopt_copes, .run = run_getopt)
OPERATION(getopt_number_copes, .run = run_getopt_number)
OPERATION(an_interface_copes, .run = run_interface, .other_errors = true)

/* A program that is longer than the room on the stack. */
#define LONG 600

static void prepare_program(struct world *w)
{
    static struct sock_filter program[LONG];
    size_t i;

    for (i = 0; i < LONG; i++)
        program[i] = (struct sock_filter){ BPF_RET | BPF_K, 0, 0, 0xffff };
    assert_int_equal(csk_setopt_bytes(&w->pair[0], csk_option_find("SO_ATTACH_FILTER", AF_UNIX),
                                      program, sizeof program, NULL),
                     0);
}

static int64_t run_long_get(struct world *w)
{
    char text[16384];
    int n = csk_getopt(&w->pair[0], "SO_GET_FILTER", text, sizeof text, NULL);

    if (n >= 0)
        assert_int_equal(n, LONG * strlen("ret #65535; ") - strlen("; "));
    return n;
}

OPERATION(a_value_longer_than_the_room_copes, .prepare = prepare_program, .run = run_long_get)

TESTS(TEST(setopt_copes), TEST(getopt_copes), TEST(getopt_number_copes), TEST(an_interface_copes),
      TEST(a_value_longer_than_the_room_copes))
