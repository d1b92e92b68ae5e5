/* addr.c, bytes.c, pack.c, unpack.c, sockaddr.c and text.c: addresses of any family. Tests of
 * single families are in tests/core/family/. */
#include "test.h"

#include "address/address.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 4711;

static uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static struct csk_value text_value(const char *text)
{
    return (struct csk_value){ .kind = CSK_VALUE_TEXT, .data = text, .size = strlen(text) };
}

static struct csk_value int_value(int64_t i)
{
    return (struct csk_value){ .kind = CSK_VALUE_INT, .i = i };
}

static void an_unknown_family_is_named_in_the_error(void)
{
    struct csk_error error = { 0 };
    struct csk_addr addr;

    assert_int_equal(csk_addr_pack(&addr, 12345, 6, NULL, 0, &error), CSK_EFAMILY);
    assert_string_equal(error.text, "unknown address family 12345, protocol 6");
    assert_int_equal(csk_addr_pack(&addr, -1, 0, NULL, 0, NULL), CSK_EFAMILY);
    assert_int_equal(csk_addr_parse(&addr, 12345, 6, "x", &error), CSK_EFAMILY);
    assert_null(csk_family_find(12345, 0));
    assert_null(csk_family_find(-1, 0));
    assert_null(csk_family_find(AF_UNSPEC, 0));
}

static void a_required_argument_that_is_null_has_its_own_code(void)
{
    struct csk_addr addr;

    assert_int_equal(csk_addr_pack(NULL, AF_INET, 0, NULL, 0, NULL), CSK_ENULL);
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, NULL, 2, NULL), CSK_ENULL);
    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_addr_parse(NULL, AF_INET, 0, "x", NULL), CSK_ENULL);
}

static void the_description_of_every_family_is_complete(void)
{
    const struct csk_family *f;
    size_t i;

    for (i = 0; (f = csk_family_at(i)); i++) {
        assert_int_equal(strncmp(f->name, "AF_", 3), 0);
        assert_ptr_equal(csk_family_find(f->family, f->proto), f);
        assert_true(f->notes.meaning[0]);
        assert_true(f->min_len >= sizeof(sa_family_t) && f->min_len <= f->max_len);
        assert_true(f->max_len <= sizeof(struct sockaddr_storage));
        /* An address of a family without addresses has no fields, only the family number. */
        assert_true(cski_family_field_count(f) > 0 || f->max_len == sizeof(sa_family_t));
        assert_true(cski_family_field_count(f) <= CSK_ADDR_FIELDS_MAX);
        assert_true((f->variant[0] != 0) == (f->proto != CSK_ANY_PROTO));
        for (unsigned k = 0; k < cski_family_field_count(f); k++) {
            const struct csk_field *field = &f->layout.fields[k];

            assert_non_null(csk_field_name(field));
            assert_non_null(csk_family_field_meaning(f, k));
            assert_true(csk_field_offset(field) >= sizeof(sa_family_t));
            assert_true(csk_field_offset(field) + csk_field_size(field) <= f->max_len);
            if (k > 0 && cski_is_optional(&f->layout.fields[k - 1]))
                assert_true(cski_is_optional(field));
        }
    }
    assert_true(i >= 3);
}

/* The bytes end at the end of the allocation, so that the sanitizer detects reads beyond it. */
static void check_no_read_beyond(int family, int proto, const unsigned char *bytes, socklen_t len)
{
    struct csk_addr addr, again;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX], other[CSK_ADDR_TEXT_MAX], room[CSK_ADDR_TEXT_MAX];
    sa_family_t number = (sa_family_t)family;
    int n, m;

    /* Bytes beyond len must not matter: the same address twice, with different bytes there. */
    for (int fill = 0; fill < 2; fill++) {
        memset(addr.bytes, fill ? 0xa5 : 0, sizeof addr.bytes);
        memcpy(addr.bytes, bytes, len);
        memcpy(addr.bytes, &number, len < sizeof number ? len : sizeof number);
        addr.len = len;
        addr.proto = proto;
        csk_addr_format(&addr, fill ? other : text, sizeof text);
    }
    assert_string_equal(text, other);
    if (len < sizeof number)
        return;
    n = csk_addr_unpack(&addr, values, room);
    for (int i = 0; i < n; i++)
        if (values[i].kind == CSK_VALUE_TEXT || values[i].kind == CSK_VALUE_BYTES) {
            const char *end = values[i].data + values[i].size;

            assert_true(
                (values[i].data >= room && end <= room + sizeof room) ||
                (values[i].data >= (char *)addr.bytes && end <= (char *)addr.bytes + addr.len));
        }
    /* A formatted address can be parsed, and is then formatted in the same way.  Only a path may be
     * longer than bind() accepts: the kernel returns such a path if it had no null byte. */
    m = csk_addr_parse(&again, family, proto, text, NULL);
    if (m == CSK_EPATHTOOLONG)
        return;
    if (m < 0)
        fail_msg("\"%s\" cannot be parsed: %d", text, m);
    csk_addr_format(&again, other, sizeof other);
    assert_string_equal(text, other);
}

static void a_value_of_the_kernel_is_read_within_its_length(void)
{
    unsigned char bytes[sizeof(struct sockaddr_storage)];
    const struct csk_family *f;

    for (size_t i = 0; (f = csk_family_at(i)); i++)
        for (int round = 0; round < 600; round++) {
            uint32_t kind = next_random();

            for (size_t k = 0; k < sizeof bytes; k++)
                bytes[k] = kind & 1 && next_random() & 1 ? 0 : (unsigned char)next_random();
            check_no_read_beyond(f->family, f->proto, bytes, round % (sizeof bytes + 1));
        }
}

static void any_family_number_can_be_written_and_parsed(void)
{
    unsigned char bytes[sizeof(struct sockaddr_storage)];

    memset(bytes, 0x5a, sizeof bytes);
    for (int family = 200; family < 210; family++)
        for (socklen_t len = 0; len <= sizeof bytes; len++)
            check_no_read_beyond(family, 0, bytes, len);
}

static void an_unknown_family_is_written_as_bytes(void)
{
    struct csk_addr addr = { .len = 5, .bytes = { 0 } }, again;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];

    addr.sa.sa_family = 250;
    memcpy(addr.bytes + 2, "\x01\xab\xff", 3);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "AF_250 0x01abff");
    assert_int_equal(csk_addr_unpack(&addr, values, text), CSK_EFAMILY);
    assert_int_equal(csk_addr_port(&addr), CSK_EFAMILY);
    assert_int_equal(csk_addr_parse(&again, AF_UNSPEC, 0, "AF_250 0x01abff", NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
    assert_int_equal(csk_addr_parse(&again, 250, 0, "AF_250 0x01ABFF", NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
    assert_int_equal(csk_addr_parse(&again, 251, 0, "AF_250 0x01abff", NULL), CSK_EADDRTEXT);
    assert_int_equal(csk_addr_parse(&again, 250, 0, "AF_250 0x01abf", NULL), CSK_EADDRTEXT);
    assert_int_equal(csk_addr_parse(&again, 250, 0, "AF_250 0x01abfg", NULL), CSK_EADDRTEXT);
}

static void an_empty_address_has_no_values_and_no_string(void)
{
    struct csk_addr addr = { .len = 0 };
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX] = "x";

    assert_int_equal(csk_addr_unpack(&addr, values, text), 0);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "");
    assert_int_equal(csk_addr_port(&addr), CSK_EADDRLEN);
}

static void an_address_shorter_than_its_family_is_refused(void)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    const struct csk_family *f;

    for (size_t i = 0; (f = csk_family_at(i)); i++) {
        struct csk_addr addr = { .len = f->min_len - 1, .proto = f->proto };

        addr.sa.sa_family = (sa_family_t)f->family;
        assert_int_equal(csk_addr_unpack(&addr, values, text), CSK_EADDRLEN);
        addr.len = 1;
        assert_int_equal(csk_addr_unpack(&addr, values, text), CSK_EADDRLEN);
        addr.len = sizeof addr.storage + 1;
        assert_int_equal(csk_addr_unpack(&addr, values, text), CSK_EADDRLEN);
    }
}

static void protocols_that_queue_their_sends_are_known(void)
{
    assert_true(csk_family_is_queued(AF_INET, 0));
    assert_true(csk_family_is_queued(AF_INET, IPPROTO_TCP));
    assert_true(csk_family_is_queued(AF_INET6, IPPROTO_UDP));
    assert_true(csk_family_is_queued(AF_UNIX, 0));
    /* A send on an SCTP socket may report an association in progress although it was completed. */
    assert_false(csk_family_is_queued(AF_INET, IPPROTO_SCTP));
    assert_false(csk_family_is_queued(AF_UNSPEC, 0));
}

static void text_that_does_not_fit_is_truncated(void)
{
    struct csk_addr addr;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, "127.0.0.1:65535", NULL), 0);
    assert_string_equal(csk_addr_format(&addr, text, 10), "127.0.0.1");
    assert_string_equal(csk_addr_format(&addr, text, 1), "");
    text[0] = 'x';
    csk_addr_format(&addr, text, 0);
    assert_int_equal(text[0], 'x');
}

static void a_failed_call_does_not_change_the_address(void)
{
    static const char *const wrong[] = {
        "1.2.3.4:99999", "1.2.3.4", "name:80", "1.2.3.4:", ":x", ""
    };
    struct csk_value values[] = { text_value("1.2.3.4"), int_value(70000), int_value(1) };
    struct csk_addr addr, before;

    memset(&before, 0x77, sizeof before);
    addr = before;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_true(csk_addr_parse(&addr, AF_INET, 0, wrong[i], NULL) < 0);
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, values, 2, NULL), CSK_EPORT);
    assert_int_equal(csk_addr_pack(&addr, AF_INET, 0, values, 3, NULL), CSK_EADDRKIND);
    assert_int_equal(csk_addr_pack(&addr, AF_UNIX, 0, values, 3, NULL), CSK_EADDRKIND);
    assert_int_equal(csk_addr_pack(&addr, AF_UNIX, 0, values + 1, 1, NULL), CSK_EADDRKIND);
    assert_memory_equal(&addr, &before, sizeof before);
}

static void the_family_is_guessed_from_the_text(void)
{
    static const struct {
        const char *text;
        int family;
    } cases[] = {
        { "127.0.0.1:80", AF_INET }, { ":80", AF_INET },     { "<broadcast>:7", AF_INET },
        { "[::1]:80", AF_INET6 },    { "[::]:0", AF_INET6 }, { "/run/x", AF_UNIX },
        { "./x", AF_UNIX },          { "a/b:80", AF_UNIX },  { "@name", AF_UNIX },
        { "@a:80", AF_UNIX },        { "/a:b:c", AF_UNIX },  { "/a@b", AF_UNIX },
    };
    static const char *const none[] = { "", "name", "80", "::1", "1:2:3", "::" };
    struct csk_error error;
    struct csk_addr addr;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(csk_addr_parse(&addr, AF_UNSPEC, 0, cases[i].text, NULL), 0);
        assert_int_equal(addr.sa.sa_family, cases[i].family);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(csk_addr_parse(&addr, AF_UNSPEC, 0, none[i], &error), CSK_EADDRTEXT);
    assert_non_null(strstr(error.text, "\"::\" is not an address"));
}

static void an_address_for_a_socket_has_its_family_and_protocol(void)
{
    struct csk_value values[] = { text_value("192.0.2.1"), int_value(80) };
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    struct csk_socket s = CSK_SOCKET_INIT;
    struct csk_addr addr, want;
    struct csk_error error;
    char text[CSK_ADDR_TEXT_MAX];

    s.family = AF_INET;
    s.proto = 17;
    assert_int_equal(csk_addr_pack_for(&s, &addr, values, 2, NULL), 0);
    assert_int_equal(csk_addr_pack(&want, AF_INET, 17, values, 2, NULL), 0);
    assert_true(csk_addr_equal(&addr, &want));
    assert_int_equal(addr.proto, 17);
    assert_int_equal(csk_addr_unpack_for(&s, &addr, got, text), 2);
    assert_int_equal(got[1].i, 80);
    assert_int_equal(csk_addr_unpack_for(NULL, &addr, got, text), 2);
    s.family = 12345;
    assert_int_equal(csk_addr_pack_for(&s, &addr, values, 2, &error), CSK_EFAMILY);
    assert_string_equal(error.text, "unknown address family 12345, protocol 17");
    assert_int_equal(csk_addr_pack_for(NULL, &addr, values, 2, NULL), CSK_ENULL);
    assert_int_equal(csk_addr_pack_for(&s, &addr, NULL, 2, NULL), CSK_ENULL);
    addr.len = 1;
    assert_int_equal(csk_addr_unpack_for(&s, &addr, got, text), CSK_EADDRLEN);
}

static void addresses_are_compared_by_their_length_first(void)
{
    struct csk_addr a, b;

    csk_addr_parse(&a, AF_INET, 0, "1.2.3.4:5", NULL);
    csk_addr_parse(&b, AF_INET, 0, "1.2.3.4:5", NULL);
    assert_true(csk_addr_equal(&a, &b));
    csk_addr_parse(&b, AF_INET, 0, "1.2.3.4:6", NULL);
    assert_false(csk_addr_equal(&a, &b));
    b = a;
    b.bytes[b.len] ^= 1;
    assert_true(csk_addr_equal(&a, &b));
    b.len--;
    assert_false(csk_addr_equal(&a, &b));
}

TESTS(TEST(an_unknown_family_is_named_in_the_error),
      TEST(a_required_argument_that_is_null_has_its_own_code),
      TEST(the_description_of_every_family_is_complete),
      TEST(a_value_of_the_kernel_is_read_within_its_length),
      TEST(any_family_number_can_be_written_and_parsed),
      TEST(an_unknown_family_is_written_as_bytes),
      TEST(an_empty_address_has_no_values_and_no_string),
      TEST(an_address_shorter_than_its_family_is_refused),
      TEST(text_that_does_not_fit_is_truncated), TEST(protocols_that_queue_their_sends_are_known),
      TEST(a_failed_call_does_not_change_the_address), TEST(the_family_is_guessed_from_the_text),
      TEST(an_address_for_a_socket_has_its_family_and_protocol),
      TEST(addresses_are_compared_by_their_length_first))
