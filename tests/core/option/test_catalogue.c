/* The catalogue of options: lookup, iteration, and the sockets that an option applies to. */
#include "test.h"

#include "option/table.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

static void a_name_finds_its_option(void)
{
    const struct csk_option *option = csk_option_find("SO_LINGER", AF_INET);

    assert_non_null(option);
    assert_string_equal(csk_option_name(option), "SO_LINGER");
    assert_string_equal(csk_option_note(option, CSK_OPTION_NOTE_LEVEL), "SOL_SOCKET");
    assert_int_equal(csk_option_level(option), SOL_SOCKET);
    assert_int_equal(csk_option_number(option), SO_LINGER);
    assert_ptr_equal(csk_option_find("so_linger", AF_UNSPEC), option);
    assert_null(csk_option_find("SO_LINGERS", AF_INET));
    assert_null(csk_option_find("SO_LINGE", AF_INET));
    assert_null(csk_option_find("", AF_INET));
    assert_null(csk_option_find(NULL, AF_INET));
    assert_null(csk_option_find("A_NAME_THAT_IS_MUCH_LONGER_THAN_ANY_OPTION_HAS_OR_EVER_WILL_HAVE",
                                AF_INET));
}

static void every_option_is_found_by_its_name_and_number(void)
{
    const struct csk_option *option, *found;
    unsigned direction;
    size_t i;

    for (i = 0; (option = csk_option_at(i)) != NULL; i++) {
        found = csk_option_find(csk_option_name(option), AF_UNSPEC);
        assert_non_null(found);
        assert_string_equal(csk_option_name(found), csk_option_name(option));
        if ((csk_option_flags(option) & CSK_OPTION_UNAVAILABLE) ||
            csk_option_note(option, CSK_OPTION_NOTE_ALIAS) != NULL)
            continue;
        direction = csk_option_flags(option) & (CSK_OPTION_GET | CSK_OPTION_SET);
        found = csk_option_by_number(AF_UNSPEC, csk_option_level(option), csk_option_number(option),
                                     direction);
        assert_non_null(found);
        assert_int_equal(csk_option_level(found), csk_option_level(option));
        assert_int_equal(csk_option_number(found), csk_option_number(option));
    }
    assert_true(i >= 600);
    assert_null(csk_option_at(i));
    assert_null(csk_option_at((size_t)-1));
}

static void the_family_decides_between_levels(void)
{
    assert_int_equal(csk_option_level(csk_option_find("MCAST_JOIN_GROUP", AF_INET)), IPPROTO_IP);
    assert_int_equal(csk_option_level(csk_option_find("MCAST_JOIN_GROUP", AF_INET6)), IPPROTO_IPV6);
    assert_int_equal(csk_option_level(csk_option_find("IP_TOS", AF_INET6)), IPPROTO_IP);
    assert_int_equal(csk_option_level(csk_option_find("SO_BINDTODEVICE", AF_INET)), SOL_SOCKET);
    assert_string_equal(csk_option_name(csk_option_by_number(AF_INET, 6, 1, 0)), "TCP_NODELAY");
    assert_string_equal(csk_option_name(csk_option_by_number(AF_BLUETOOTH, 6, 1, 0)),
                        "L2CAP_OPTIONS");
    assert_string_equal(csk_option_name(csk_option_by_number(AF_BLUETOOTH, 0, 2, 0)), "HCI_FILTER");
    assert_null(csk_option_by_number(AF_INET, SOL_SOCKET, 9999, 0));
}

static void one_number_may_be_two_options(void)
{
    assert_string_equal(csk_option_name(csk_option_by_number(AF_INET, 0, 64, CSK_OPTION_GET)),
                        "IPT_SO_GET_INFO");
    assert_string_equal(csk_option_name(csk_option_by_number(AF_INET, 0, 64, CSK_OPTION_SET)),
                        "IPT_SO_SET_REPLACE");
    assert_string_equal(
        csk_option_name(csk_option_by_number(AF_INET, SOL_SOCKET, 26, CSK_OPTION_GET)),
        "SO_GET_FILTER");
}

static void options_of_other_systems_are_reported_as_such(void)
{
    const struct csk_option *option = csk_option_find("SO_SETFIB", AF_INET);

    assert_non_null(option);
    assert_true(csk_option_flags(option) & CSK_OPTION_UNAVAILABLE);
    assert_int_equal(csk_option_number(option), -1);
    assert_string_equal(csk_option_note(option, CSK_OPTION_NOTE_PLATFORM), "freebsd");
    assert_false(csk_option_fits(option, AF_INET, SOCK_STREAM, 0));
}

static void an_option_knows_its_sockets(void)
{
    const struct csk_option *nodelay = csk_option_find("TCP_NODELAY", AF_INET);
    const struct csk_option *cork = csk_option_find("UDP_CORK", AF_INET);

    assert_true(csk_option_fits(nodelay, AF_INET, SOCK_STREAM, 0));
    assert_true(csk_option_fits(nodelay, AF_INET6, SOCK_STREAM, IPPROTO_TCP));
    assert_true(csk_option_fits(nodelay, AF_UNSPEC, 0, -1));
    assert_false(csk_option_fits(nodelay, AF_INET, SOCK_DGRAM, 0));
    assert_false(csk_option_fits(nodelay, AF_UNIX, SOCK_STREAM, 0));
    assert_true(csk_option_fits(cork, AF_INET, SOCK_DGRAM, 0));
    assert_false(csk_option_fits(cork, AF_INET, SOCK_STREAM, 0));
    assert_true(csk_option_fits(csk_option_find("SO_PEERCRED", AF_UNIX), AF_UNIX, SOCK_DGRAM, 0));
    assert_false(csk_option_fits(csk_option_find("SO_PEERCRED", AF_UNIX), AF_INET, SOCK_DGRAM, 0));
    assert_true(
        csk_option_fits(csk_option_find("L2CAP_OPTIONS", 0), AF_BLUETOOTH, SOCK_SEQPACKET, 0));
    assert_false(csk_option_fits(csk_option_find("HCI_FILTER", 0), AF_BLUETOOTH, SOCK_RAW, 0));
    assert_false(csk_option_fits(NULL, AF_INET, SOCK_STREAM, 0));
}

static void accepted_values_are_described(void)
{
    char text[256];

    csk_option_accepts(csk_option_find("TCP_KEEPIDLE", 0), CSK_OPTION_SET, text, sizeof text);
    assert_string_equal(text, "a time in whole s, like 5s, 1s to 32767s");
    csk_option_accepts(csk_option_find("SO_LINGER", 0), CSK_OPTION_SET, text, sizeof text);
    assert_string_equal(text, "<onoff> <linger> (onoff is a number: off, on; linger is a time in "
                              "whole s, like 5s)");
    csk_option_accepts(csk_option_find("IP_ADD_MEMBERSHIP", 0), CSK_OPTION_SET, text, sizeof text);
    assert_string_equal(text, "<multiaddr> [address=] [dev <...>] (multiaddr is an IPv4 address; "
                              "address is an IPv4 address; dev is an interface by name or number)");
    csk_option_accepts(csk_option_find("TCP_AO_DEL_KEY", 0), CSK_OPTION_SET, text, sizeof text);
    assert_null(strchr(text, '('));
    csk_option_accepts(csk_option_find("SO_MARK", 0), CSK_OPTION_SET, text, sizeof text);
    assert_string_equal(text, "a number, 0 to 4294967295");
    csk_option_accepts(csk_option_find("SO_TYPE", 0), CSK_OPTION_SET, text, sizeof text);
    assert_string_equal(text, "");
    csk_option_accepts(csk_option_find("SO_REUSEADDR", 0), CSK_OPTION_SET, text, 4);
    assert_string_equal(text, "on ");
}

static void assert_suggests(const char *name, const char *expected)
{
    const struct csk_option *similar[CSK_OPTION_SUGGESTIONS_MAX];

    assert_true(csk_option_suggest(name, similar, CSK_OPTION_SUGGESTIONS_MAX) >= 1);
    assert_string_equal(csk_option_name(similar[0]), expected);
}

static void a_name_with_a_mistake_suggests_the_right_one(void)
{
    const struct csk_option *similar[CSK_OPTION_SUGGESTIONS_MAX + 1] = { NULL };
    char longest[4096];

    assert_suggests("SO_LINGR", "SO_LINGER");
    assert_suggests("so_lniger", "SO_LINGER");
    assert_suggests("keepidle", "TCP_KEEPIDLE");
    assert_suggests("TCP_KEEPIDEL", "TCP_KEEPIDLE");
    assert_suggests("TPC_KEEPIDEL", "TCP_KEEPIDLE"); /* a swap is one mistake, not two */
    assert_suggests("SO_LINGER", "SO_LINGER");
    assert_int_equal(csk_option_suggest("SO_NOTHING_LIKE_IT", similar, 1), 0);
    assert_int_equal(csk_option_suggest("SO_", similar, 1), 0);
    assert_int_equal(csk_option_suggest("", similar, 1), 0);
    /* Two options with the same name give one suggestion. */
    assert_int_equal(csk_option_suggest("MCAST_MSFILTR", similar, CSK_OPTION_SUGGESTIONS_MAX), 1);
    assert_int_equal(csk_option_suggest("SO_RCVBUG", similar, 1), 1);
    assert_int_equal(csk_option_suggest("SO_RCVBUG", similar, 0), 0);
    assert_true(csk_option_suggest("TCP_KEEPIDL", similar, 100) <= CSK_OPTION_SUGGESTIONS_MAX);
    assert_null(similar[CSK_OPTION_SUGGESTIONS_MAX]);
    memset(longest, 'X', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(csk_option_suggest(longest, similar, 1), 0);
    assert_int_equal(csk_option_suggest(NULL, similar, 1), 0);
    assert_int_equal(csk_option_suggest("SO_LINGR", NULL, 1), 0);
}

static void layouts_are_sound(void)
{
    const struct csk_option *option;
    size_t i, k;
    int side;

    for (i = 0; (option = csk_option_at(i)) != NULL; i++) {
        const struct csk_layout *sides[2] = { csk_option_layout(option, CSK_OPTION_SET),
                                              csk_option_layout(option, CSK_OPTION_GET) };

        assert_int_equal(csk_option_layout(option, CSK_OPTION_SET) != NULL,
                         (csk_option_flags(option) & CSK_OPTION_SET) != 0);
        assert_int_equal(csk_option_layout(option, CSK_OPTION_GET) != NULL,
                         (csk_option_flags(option) & CSK_OPTION_GET) != 0);
        for (side = 0; side < 2; side++) {
            const struct csk_layout *l = sides[side];

            for (k = 0; l != NULL && k < csk_layout_field_count(l); k++) {
                const struct csk_field *f = csk_layout_field(l, k);

                assert_true(csk_layout_min_size(l) <= csk_layout_size(l));
                if (!(csk_field_flags(f) & (CSK_FIELD_FLAG_TAIL | CSK_FIELD_FLAG_VARIABLE)))
                    assert_true(csk_field_offset(f) + csk_field_size(f) <= csk_layout_size(l));
                assert_true(f->bits <= 8 * csk_field_size(f));
                assert_true(csk_field_kind(f) != CSK_FIELD_TIME || f->scale > 0);
                assert_true(
                    !(csk_field_flags(f) & (CSK_FIELD_FLAG_COUNT | CSK_FIELD_FLAG_LENGTH)) ||
                    f->other < l->count);
            }
        }
    }
}

TESTS(TEST(a_name_finds_its_option), TEST(every_option_is_found_by_its_name_and_number),
      TEST(the_family_decides_between_levels), TEST(one_number_may_be_two_options),
      TEST(options_of_other_systems_are_reported_as_such), TEST(an_option_knows_its_sockets),
      TEST(accepted_values_are_described), TEST(layouts_are_sound),
      TEST(a_name_with_a_mistake_suggests_the_right_one))
