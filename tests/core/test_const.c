/* Constants by name and by number. */
#include "test.h"

#include <csocket/csocket.h>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static void names_have_the_same_numbers_as_in_the_headers(void)
{
    static const struct {
        const char *name, *group;
        int64_t value;
    } known[] = {
        { "AF_INET6", "AF", AF_INET6 },
        { "AF_UNIX", "AF", AF_UNIX },
        { "SOCK_STREAM", "SOCK", SOCK_STREAM },
        { "SOL_SOCKET", "SOL", SOL_SOCKET },
        { "SO_REUSEADDR", "SO", SO_REUSEADDR },
        { "SO_RCVTIMEO", "SO", SO_RCVTIMEO },
        { "IPPROTO_TCP", "IPPROTO", IPPROTO_TCP },
        { "TCP_NODELAY", "TCP", TCP_NODELAY },
        { "MSG_PEEK", "MSG", MSG_PEEK },
        { "EAI_NONAME", "EAI", EAI_NONAME },
        { "INADDR_BROADCAST", "INADDR", INADDR_BROADCAST },
        { "SOMAXCONN", "SOMAXCONN", SOMAXCONN },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct csk_constant *c = csk_constant_find(known[i].name);

        assert_non_null(c);
        assert_string_equal(c->name, known[i].name);
        assert_string_equal(c->group, known[i].group);
        assert_int_equal(c->value, known[i].value);
        assert_null(c->text);
        assert_true(c->flags & CSK_CONSTANT_PYTHON);
    }
}

static void unknown_names_are_not_found(void)
{
    assert_null(csk_constant_find("AF_INET7"));
    assert_null(csk_constant_find("AF_INE"));
    assert_null(csk_constant_find("af_inet"));
    assert_null(csk_constant_find(""));
    assert_null(csk_constant_find("~"));
    assert_null(csk_constant_find(NULL));
}

static void a_number_finds_the_preferred_name(void)
{
    assert_string_equal(csk_constant_by_value("AF", AF_UNIX)->name, "AF_UNIX");
    assert_string_equal(csk_constant_by_value("SOL", SOL_SOCKET)->name, "SOL_SOCKET");
    assert_string_equal(csk_constant_by_value("SO", SO_RCVTIMEO)->name, "SO_RCVTIMEO");
    assert_string_equal(csk_constant_by_value("TCP", 1)->name, "TCP_NODELAY");
    assert_string_equal(csk_constant_by_value("EAI", EAI_AGAIN)->name, "EAI_AGAIN");
    assert_string_equal(csk_constant_by_value("INADDR", 0xffffffff)->name, "INADDR_BROADCAST");
    assert_string_equal(csk_constant_by_value("IPPROTO", 0)->name, "IPPROTO_IP");
}

static void numbers_without_a_name_are_not_found(void)
{
    assert_null(csk_constant_by_value("AF", 12345));
    assert_null(csk_constant_by_value("AF", INT64_MIN));
    assert_null(csk_constant_by_value("AF", INT64_MAX));
    assert_null(csk_constant_by_value("no such group", 1));
    assert_null(csk_constant_by_value("", 0));
    assert_null(csk_constant_by_value("~", 0));
    assert_null(csk_constant_by_value(NULL, 0));
    assert_null(csk_constant_by_value("BDADDR_STR", 0)); /* available only as a string */
}

static void string_constants_have_a_value(void)
{
    const struct csk_constant *any = csk_constant_find("BDADDR_ANY");

    assert_non_null(any);
    assert_string_equal(any->text, "00:00:00:00:00:00");
    assert_true(any->flags & CSK_CONSTANT_TEXT);
}

static void constants_newer_than_the_headers_are_defined(void)
{
    const struct csk_constant *c = csk_constant_find("SO_PASSRIGHTS");

    if (SOL_SOCKET != 1)
        test_skip("this architecture numbers its options in its own way");
    assert_non_null(c);
    assert_int_equal(c->value, 83);
}

static void all_names_are_sorted_and_can_be_found(void)
{
    const struct csk_constant *c, *last = NULL;
    size_t count = 0;

    for (; (c = csk_constant_at(NULL, count)) != NULL; count++) {
        const struct csk_constant *same;

        if (last != NULL)
            assert_true(strcmp(last->name, c->name) < 0);
        assert_ptr_equal(csk_constant_find(c->name), c);
        assert_int_equal(strlen(csk_constant_meaning(c)) > 0, TEST_CATALOGUE_TEXTS);
        same = c->flags & CSK_CONSTANT_TEXT ? NULL : csk_constant_by_value(c->group, c->value);
        if (c->flags & CSK_CONSTANT_TEXT) {
            assert_non_null(c->text);
        } else if (c->flags & CSK_CONSTANT_ALIAS) {
            assert_non_null(same);
            assert_true(same != c);
            assert_int_equal(same->value, c->value);
        } else {
            assert_ptr_equal(same, c);
        }
        last = c;
    }
    assert_true(count > 500);
    assert_null(csk_constant_at(NULL, SIZE_MAX));
}

static void groups_are_in_the_order_of_their_numbers(void)
{
    const struct csk_constant *c, *last = NULL;
    size_t i, all = 0;

    for (i = 0; (c = csk_constant_at("AF", i)) != NULL; i++) {
        assert_string_equal(c->group, "AF");
        if (last != NULL)
            assert_true(last->value <= c->value);
        last = c;
    }
    for (size_t n = 0; (c = csk_constant_at(NULL, n)) != NULL; n++)
        all += strcmp(c->group, "AF") == 0;
    assert_int_equal(i, all);
    assert_null(csk_constant_at("AF", SIZE_MAX));
    assert_null(csk_constant_at("no such group", 0));
    assert_null(csk_constant_at("", 0));
    assert_null(csk_constant_at("~", 0));
}

static void aliases_follow_the_preferred_name(void)
{
    const struct csk_constant *c;
    size_t i = 0;

    while ((c = csk_constant_at("AF", i)) != NULL && strcmp(c->name, "AF_UNIX") != 0)
        i++;
    assert_non_null(c);
    assert_false(c->flags & CSK_CONSTANT_ALIAS);
    c = csk_constant_at("AF", i + 1);
    assert_int_equal(c->value, AF_UNIX);
    assert_true(c->flags & CSK_CONSTANT_ALIAS);
}

static void meanings_exist_only_for_entries_of_the_table(void)
{
    struct csk_constant copy = *csk_constant_find("AF_INET");

    assert_string_equal(csk_constant_meaning(csk_constant_find("AF_INET")),
                        TEST_CATALOGUE_TEXTS ? "IPv4" : "");
    assert_null(csk_constant_meaning(&copy));
    assert_null(csk_constant_meaning(NULL));
}

TESTS(TEST(names_have_the_same_numbers_as_in_the_headers),
      TEST(unknown_names_are_not_found),
      TEST(a_number_finds_the_preferred_name),
      TEST(numbers_without_a_name_are_not_found),
      TEST(string_constants_have_a_value),
      TEST(constants_newer_than_the_headers_are_defined),
      TEST(all_names_are_sorted_and_can_be_found),
      TEST(groups_are_in_the_order_of_their_numbers),
      TEST(aliases_follow_the_preferred_name),
      TEST(meanings_exist_only_for_entries_of_the_table))
