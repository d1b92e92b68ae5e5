/* The catalogue of control messages. */
#include "sockets.h"

#include <stdio.h>
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
        assert_int_equal(csk_option_note(row, CSK_OPTION_NOTE_SINCE) != NULL, TEST_CATALOGUE_TEXTS);
    }
    assert_in_range(count, 100, 1000);
}

static bool takes_numbers(const struct csk_field *field)
{
    switch (csk_field_kind(field)) {
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT:
    case CSK_FIELD_LENGTH:
    case CSK_FIELD_TIME:
    case CSK_FIELD_FD:
    case CSK_FIELD_IFINDEX: return true;
    default: return false;
    }
}

/* Append the field that the error reports as missing. */
static bool complete(char *text, size_t size, const char *error)
{
    const char *needs = strstr(error, " needs "), *end = needs ? strchr(needs, '=') : NULL;
    size_t used = strlen(text);

    if (!end)
        return false;
    needs += strlen(" needs ");
    snprintf(text + used, size - used, " %.*s=%s", (int)(end - needs), needs,
             strstr(needs, "addr") == needs ? "::" : "1");
    return true;
}

/* The error for a number that does not fit names the row, the field, the number and the range. */
static void check_refusal(const struct csk_option *row, const struct csk_field *field, bool plain,
                          const char *number)
{
    unsigned char bytes[CSK_CONTROL_MAX];
    struct csk_error error = { 0 };
    char text[256];
    ssize_t n;

    snprintf(text, sizeof text, "%s%s%s", plain ? "" : csk_field_name(field), plain ? "" : "=",
             number);
    do
        n = csk_option_parse(row, CSK_OPTION_SET, text, bytes, sizeof bytes, &error);
    while (n < 0 && strlen(text) < sizeof text / 2 && complete(text, sizeof text, error.text));
    if (n >= 0 || !strstr(error.text, csk_option_name(row)) || !strstr(error.text, number) ||
        !(plain || strstr(error.text, csk_field_name(field))) || !strstr(error.text, " to "))
        fail_msg("%s, %s: %s", csk_option_name(row), text, n >= 0 ? "accepted" : error.text);
}

static size_t check_row(const struct csk_option *row)
{
    static const char *const numbers[] = { "1180591620717411303424", "-1180591620717411303424",
                                           "18446744073709551616", "-9223372036854775809" };
    const struct csk_layout *layout = csk_option_layout(row, CSK_OPTION_SET);
    const struct csk_field *field;
    bool plain = layout && csk_layout_is_plain(layout);
    size_t count = 0;

    for (size_t i = 0; layout && (field = csk_layout_field(layout, i)); i++) {
        if (csk_field_is_hidden(field) || !takes_numbers(field))
            continue;
        for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++)
            check_refusal(row, field, plain, numbers[j]);
        count++;
    }
    return count;
}

static void numbers_that_do_not_fit_are_refused_with_the_range(void)
{
    const struct csk_option *row;
    size_t fields = 0;

    for (size_t i = 0; (row = csk_control_at(i)); i++)
        if (!(csk_option_flags(row) & CSK_OPTION_UNAVAILABLE))
            fields += check_row(row);
    assert_in_range(fields, 20, 1000);
    for (size_t i = 0; (row = csk_option_at(i)); i++)
        if (!(csk_option_flags(row) & CSK_OPTION_UNAVAILABLE))
            fields += check_row(row);
    assert_in_range(fields, 300, 10000);
}

TESTS(TEST(names_are_found_with_and_without_prefix), TEST(numbers_depend_on_the_family),
      TEST(every_row_is_found_and_has_layouts),
      TEST(numbers_that_do_not_fit_are_refused_with_the_range))
