/* The texts that name a service. */
#include "peers.h"

static void a_wrong_text_is_named(void **state)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        { "localhost", CSK_EADDRTEXT },     { "", CSK_EADDRTEXT },
        { "::1:80", CSK_EADDRTEXT },        { "[::1]", CSK_EADDRTEXT },
        { "[::1]80", CSK_EADDRTEXT },       { "[localhost]:80", CSK_EADDRTEXT },
        { "127.0.0.1:", CSK_EADDRTEXT },    { "127.0.0.1:65536", CSK_EPORT },
        { "127.0.0.1:-1", CSK_EPORT },      { "127.0.0.1:+80", CSK_EPORT },
        { "127.0.0.1: 80", CSK_EPORT },     { "127.0.0.1:99999999999999999999", CSK_EPORT },
        { "127.0.0.1:\t80", CSK_EPORT },    { "127.0.0.1:\n99999", CSK_EPORT },
        { "[::1%none]:80", CSK_EAI(EAI_NONAME) },
        { "127.0.0.1:no-such-service", CSK_EAI(EAI_SERVICE) },
        { "[:80", CSK_EADDRTEXT },          { "[]:80", CSK_EADDRTEXT },
    };
    struct csk_error error;
    struct csk_connection_options options = { .error = &error };
    struct csk_server_options server = { .error = &error };
    struct csk_socket s;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(&error, 0, sizeof error);
        assert_int_equal(csk_create_connection(&s, rows[i].text, &options), rows[i].code);
        assert_int_equal(s.fd, -1);
        assert_int_equal(error.code, rows[i].code);
        assert_non_null(strstr(error.text, rows[i].text));
        memset(&error, 0, sizeof error);
        assert_int_equal(csk_create_server(&s, rows[i].text, &server), rows[i].code);
        assert_int_equal(s.fd, -1);
        assert_non_null(strstr(error.text, rows[i].text));
    }
}

static void a_text_of_any_length_is_an_error_not_an_overrun(void **state)
{
    static char text[5000];
    struct csk_error error;
    struct csk_connection_options options = { .error = &error };
    struct csk_socket s;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(csk_create_connection(&s, text, &options), CSK_EADDRTEXT);
    memcpy(text + sizeof text - 4, ":80", 3);
    assert_int_equal(csk_create_connection(&s, text, &options), CSK_EADDRTEXT);
    assert_non_null(strstr(error.text, "too long"));
    text[0] = '/';
    assert_int_equal(csk_create_connection(&s, text, &options), CSK_EPATHTOOLONG);
}

TESTS(TEST(a_wrong_text_is_named), TEST(a_text_of_any_length_is_an_error_not_an_overrun))
