/* Codes, their names and texts; the text of an error with an address (fail.c). */
#include "sockets.h"

#include <stdio.h>

static void every_code_of_the_library_has_a_name_a_message_and_a_kind(void)
{
    static const struct {
        int code;
        const char *name, *text;
    } own[] = {
#define ROW(name, number, text) { number, #name, text },
        CSK_ERROR_MAP(ROW)
    };
    char text[CSK_ERROR_TEXT_MAX];

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_int_equal(own[i].code, -60000 - (int)i);
        assert_string_equal(csk_error_name(own[i].code), own[i].name);
        assert_string_equal(csk_strerror(own[i].code, text, sizeof text), own[i].text);
        assert_string_equal(csk_errstr(own[i].code), own[i].text);
        assert_int_equal(csk_error_kind(own[i].code),
                         own[i].code == CSK_ETIMEDOUT   ? CSK_KIND_TIMEOUT
                         : own[i].code == CSK_ECANCELED ? CSK_KIND_CANCEL
                                                        : CSK_KIND_MISUSE);
        assert_int_equal(csk_error_number(own[i].code), own[i].code);
    }
}

static void codes_of_the_system_keep_their_numbers_and_messages(void)
{
    char text[CSK_ERROR_TEXT_MAX];

    for (int e = 1; e < 134; e++) {
        assert_int_equal(csk_error_kind(-e), CSK_KIND_SYSTEM);
        assert_int_equal(csk_error_number(-e), e);
        assert_string_equal(csk_strerror(-e, text, sizeof text), strerror(e));
        if (e != 41 && e != 58) /* numbers not used by Linux */
            assert_string_equal(csk_errstr(-e), strerror(e));
    }
    assert_string_equal(csk_error_name(-ECONNREFUSED), "ECONNREFUSED");
    assert_string_equal(csk_error_name(-E2BIG), "E2BIG");
    assert_string_equal(csk_error_name(-EXDEV), "EXDEV");
    assert_null(csk_error_name(-4000));
}

static void codes_of_the_resolver_keep_their_numbers_and_messages(void)
{
    static const int eai[] = { EAI_AGAIN,  EAI_BADFLAGS, EAI_FAIL,    EAI_FAMILY,   EAI_MEMORY,
                               EAI_NONAME, EAI_OVERFLOW, EAI_SERVICE, EAI_SOCKTYPE, EAI_SYSTEM };
    /* The same on every system: the library has its own messages because those of hstrerror are not
     * standardized. */
    static const char *const host[] = { "Unknown host", "Host name lookup failure",
                                        "Unknown server error", "No address associated with name" };
    char text[CSK_ERROR_TEXT_MAX];

    for (size_t i = 0; i < sizeof eai / sizeof *eai; i++) {
        assert_int_equal(csk_error_kind(CSK_EAI(eai[i])), CSK_KIND_EAI);
        assert_int_equal(csk_error_number(CSK_EAI(eai[i])), eai[i]);
        assert_string_equal(csk_strerror(CSK_EAI(eai[i]), text, sizeof text), gai_strerror(eai[i]));
        assert_non_null(csk_error_name(CSK_EAI(eai[i])));
    }
    assert_string_equal(csk_error_name(CSK_EAI(EAI_NONAME)), "EAI_NONAME");
    for (int h = 1; h <= 4; h++) {
        assert_int_equal(csk_error_kind(CSK_EHOST(h)), CSK_KIND_HOST);
        assert_int_equal(csk_error_number(CSK_EHOST(h)), h);
        assert_string_equal(csk_strerror(CSK_EHOST(h), text, sizeof text), host[h - 1]);
    }
    assert_string_equal(csk_error_name(CSK_EHOST(HOST_NOT_FOUND)), "HOST_NOT_FOUND");
}

static void the_ranges_do_not_collide(void)
{
    assert_int_equal(csk_error_kind(-1), CSK_KIND_SYSTEM);
    assert_int_equal(csk_error_kind(-4095), CSK_KIND_SYSTEM);
    assert_int_equal(csk_error_kind(-10004), CSK_KIND_SYSTEM); /* WSAEINTR */
    assert_int_equal(csk_error_kind(-11031), CSK_KIND_SYSTEM); /* the last Winsock error */
    assert_int_equal(csk_error_number(-10060), 10060);
    /* Windows' EAI_NONAME is 11001. */
    assert_int_equal(csk_error_kind(CSK_EAI(11001)), CSK_KIND_EAI);
    assert_int_equal(csk_error_kind(CSK_EHOST(11001)), CSK_KIND_HOST);
    assert_int_equal(csk_error_kind((ssize_t)CSK_ETIMEDOUT), CSK_KIND_TIMEOUT);
}

static void an_unknown_code_has_a_message(void)
{
    char text[CSK_ERROR_TEXT_MAX], small[5];

    assert_string_equal(csk_strerror(0, text, sizeof text), "no error");
    assert_string_equal(csk_strerror(17, text, sizeof text), "no error");
    assert_int_equal(csk_error_kind(17), CSK_KIND_NONE);
    assert_int_equal(csk_error_number(17), 0);
    assert_null(csk_error_name(0));
    assert_string_equal(csk_strerror(-60999, text, sizeof text), "unknown error -60999");
    assert_null(csk_error_name(-60999));
    assert_string_equal(csk_strerror(CSK_EHOST(77), text, sizeof text), "unknown error -40077");
    assert_string_equal(csk_strerror(CSK_ETIMEDOUT, small, sizeof small), "time");
}

TESTS(TEST(every_code_of_the_library_has_a_name_a_message_and_a_kind),
      TEST(codes_of_the_system_keep_their_numbers_and_messages),
      TEST(codes_of_the_resolver_keep_their_numbers_and_messages), TEST(the_ranges_do_not_collide),
      TEST(an_unknown_code_has_a_message))
