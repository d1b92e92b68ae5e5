/* The catalogue of control messages. */
#include "sockets.h"

#include <string.h>

static void names_are_found_with_and_without_prefix(void)
{
    static const char *const same[] = { "SCM_TIMESTAMPNS", "so_timestampns", "timestampns" };

    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_non_null(csk_control_find(same[i], AF_UNSPEC));
        assert_int_equal(csk_option_number(csk_control_find(same[i], AF_UNSPEC)), SO_TIMESTAMPNS);
    }
    assert_int_equal(csk_option_number(csk_control_find("rights", AF_UNIX)), SCM_RIGHTS);
    assert_int_equal(csk_option_level(csk_control_find("ip_ttl", AF_INET)), IPPROTO_IP);
    assert_null(csk_control_find("ip_ttl", AF_UNIX));
    assert_null(csk_control_find("NO_SUCH_MESSAGE", AF_UNSPEC));
    assert_null(csk_control_find(NULL, AF_UNSPEC));
    assert_null(csk_control_find(
        "a name that is longer than the name of any control message at all", AF_UNSPEC));
}

static void numbers_depend_on_the_family(void)
{
    const struct csk_option *row;

    row = csk_control_by_number(AF_INET, IPPROTO_IP, 1);
    assert_string_equal(csk_option_name(row), "IP_TOS");
    row = csk_control_by_number(AF_BLUETOOTH, 0, 1);
    assert_string_equal(csk_option_name(row), "HCI_CMSG_DIR");
    row = csk_control_by_number(AF_UNSPEC, SOL_SOCKET, SO_TIMESTAMPNS);
    assert_string_equal(csk_option_name(row), "SCM_TIMESTAMPNS");
    assert_null(csk_control_by_number(AF_INET, 12345, 1));
}

static void every_row_is_found_and_has_layouts(void)
{
    const struct csk_option *row;
    size_t count = 0;

    for (; (row = csk_control_at(count)); count++) {
        unsigned flags = csk_option_flags(row);

        if (flags & CSK_OPTION_UNAVAILABLE)
            continue;
        assert_non_null(csk_control_find(csk_option_name(row), AF_UNSPEC));
        assert_non_null(
            csk_control_by_number(AF_UNSPEC, csk_option_level(row), csk_option_number(row)));
        assert_true(flags & (CSK_OPTION_GET | CSK_OPTION_SET));
        assert_int_equal(!!(flags & CSK_OPTION_GET), !!csk_option_layout(row, CSK_OPTION_GET));
        assert_int_equal(!!(flags & CSK_OPTION_SET), !!csk_option_layout(row, CSK_OPTION_SET));
        assert_true(csk_option_fits(row, AF_INET, SOCK_DGRAM, 0));
        assert_non_null(csk_option_note(row, CSK_OPTION_NOTE_SINCE));
    }
    assert_in_range(count, 100, 1000);
}

TESTS(TEST(names_are_found_with_and_without_prefix), TEST(numbers_depend_on_the_family),
      TEST(every_row_is_found_and_has_layouts))
