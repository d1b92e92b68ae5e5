/* Strings that name a service. */
#include "peers.h"

/* Return the part of a string that an error with this code names. */
static const char *shown(const char *text, int code)
{
    return code == CSK_EPORT                 ? strrchr(text, ':') + 1
           : code == CSK_EAI(EAI_NONAME)     ? "resolve ::1%none: "
           : code == CSK_EAI(EAI_ADDRFAMILY) ? "resolve "
                                             : text;
}

static void an_invalid_string_is_named(void)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        { "localhost", CSK_EADDRTEXT },
        { "", CSK_EADDRTEXT },
        { "::1:80", CSK_EADDRTEXT },
        { "[::1]", CSK_EADDRTEXT },
        { "[::1]80", CSK_EADDRTEXT },
        { "[localhost]:80", CSK_EADDRTEXT },
        { "127.0.0.1:", CSK_EADDRTEXT },
        { "127.0.0.1:65536", CSK_EPORT },
        { "127.0.0.1:-1", CSK_EPORT },
        { "127.0.0.1:+80", CSK_EPORT },
        { "127.0.0.1: 80", CSK_EPORT },
        { "127.0.0.1:99999999999999999999", CSK_EPORT },
        { "127.0.0.1:\t80", CSK_EPORT },
        { "127.0.0.1:\n99999", CSK_EPORT },
        { "[::1%none]:80", CSK_EAI(EAI_NONAME) },
        { "127.0.0.1:no-such-service", CSK_EAI(EAI_SERVICE) },
        { "[:80", CSK_EADDRTEXT },
        { "[]:80", CSK_EADDRTEXT },
    };
    struct csk_error error;
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_server_options server = CSK_SERVER_OPTIONS_INIT;
    struct csk_socket s;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(&error, 0, sizeof error);
        assert_int_equal(csk_create_connection(&s, rows[i].text, &options, &error), rows[i].code);
        assert_int_equal(s.fd, -1);
        assert_int_equal(error.code, rows[i].code);
        assert_non_null(strstr(error.text, shown(rows[i].text, rows[i].code)));
        memset(&error, 0, sizeof error);
        assert_int_equal(csk_create_server(&s, rows[i].text, &server, &error), rows[i].code);
        assert_int_equal(s.fd, -1);
        assert_non_null(strstr(error.text, shown(rows[i].text, rows[i].code)));
    }
}

static void a_string_of_any_length_causes_an_error_not_an_overrun(void)
{
    static char text[5000];
    struct csk_error error;
    struct csk_connection_options options = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_socket s;

    memset(text, 'x', sizeof text - 1);
    assert_int_equal(csk_create_connection(&s, text, &options, &error), CSK_EADDRTEXT);
    memcpy(text + sizeof text - 4, ":80", 3);
    assert_int_equal(csk_create_connection(&s, text, &options, &error), CSK_EADDRTEXT);
    assert_non_null(strstr(error.text, "is longer than"));
    text[0] = '/';
    assert_int_equal(csk_create_connection(&s, text, &options, &error), CSK_EPATHTOOLONG);
}

TESTS(TEST(an_invalid_string_is_named), TEST(a_string_of_any_length_causes_an_error_not_an_overrun))
