/* Functions that make no system calls and no allocations, and therefore cannot fail.  A check in
 * tests/style proves that no function is missing from this folder. */
#include "fault.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>

/* Begin counting; afterwards the count must be zero. */
static void nothing_called(void)
{
    assert_int_equal(fault_calls_in_all(), 0);
}

static void addresses_are_made_and_read(void)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, other;
    char text[CSK_ADDR_TEXT_MAX];

    fault_limit_transfers(0);
    assert_int_equal(csk_addr_parse(&addr, AF_UNSPEC, 0, "127.0.0.1:80", NULL), 0);
    assert_string_equal(csk_addr_format(&addr, text, sizeof text), "127.0.0.1:80");
    assert_int_equal(csk_addr_unpack(&addr, values, text), 2);
    assert_int_equal(csk_addr_unpack_for(NULL, &addr, values, text), 2);
    assert_int_equal(csk_addr_pack(&other, AF_INET, 0, values, 2, NULL), 0);
    assert_true(csk_addr_equal(&addr, &other));
    assert_int_equal(csk_addr_port(&addr), 80);
    assert_false(csk_addr_needs_resolver(AF_INET, 0, values, 2));
    assert_ptr_equal(csk_family_find(AF_INET, 0), csk_family_find(AF_INET, IPPROTO_TCP));
    assert_non_null(csk_family_at(0));
    assert_int_equal(csk_addr_set_port(&addr, 81, NULL), 0);
    assert_int_equal(csk_addr_port(&addr), 81);
    assert_int_equal(csk_addr_host(&addr, text, sizeof text), 9);
    assert_string_equal(text, "127.0.0.1");
    nothing_called();
}

static void families_are_described(void)
{
    const struct csk_family *family = csk_family_find(AF_INET, 0);
    const struct csk_layout *layout = csk_family_layout(family);
    const struct csk_field *port = csk_layout_field(layout, 1);
    const int64_t number = 80;
    struct csk_addr addr;

    fault_limit_transfers(0);
    assert_string_equal(csk_family_name(family), "AF_INET");
    assert_null(csk_family_variant(family));
    assert_int_equal(csk_family_number(family), AF_INET);
    assert_int_equal(csk_family_proto(family), CSK_ANY_PROTO);
    assert_int_equal(csk_family_flags(family), CSK_FAMILY_SHUTDOWN_WAKES);
    assert_string_equal(csk_family_syntax(family), "host:port");
    assert_non_null(csk_family_meaning(family));
    assert_true(csk_family_is_queued(AF_INET, IPPROTO_TCP));
    assert_true(csk_addr_pack_numeric(&addr, family, "127.0.0.1", 9, &number, 1));
    assert_int_equal(csk_addr_port(&addr), 80);
    assert_int_equal(csk_layout_find(layout, "PORT"), 1);
    assert_string_equal(csk_field_name(port), "port");
    assert_int_equal(csk_field_kind(port), CSK_FIELD_UINT);
    assert_int_equal(csk_field_flags(port), CSK_FIELD_FLAG_NETWORK_ORDER);
    assert_int_equal(csk_field_offset(port), offsetof(struct sockaddr_in, sin_port));
    assert_int_equal(csk_field_size(port), 2);
    assert_int_equal(csk_field_default(port), 0);
    assert_non_null(csk_family_field_meaning(family, 1));
    assert_null(csk_family_field_meaning(family, 2));
    assert_null(csk_family_field_meaning(NULL, 0));
    assert_false(csk_field_is_hidden(port));
    nothing_called();
}

static void numbers_and_strings_are_converted_both_ways(void)
{
    unsigned char packed[16];
    char text[46];

    fault_limit_transfers(0);
    assert_int_equal(csk_inet_aton("127.1", packed, NULL), 0);
    assert_int_equal(csk_inet_ntoa(packed, 4, text, NULL), 0);
    assert_int_equal(csk_inet_pton(AF_INET6, "::1", packed, NULL), 16);
    assert_int_equal(csk_inet_pton_n(AF_INET6, "::1%", 3, packed, NULL), 16);
    assert_int_equal(csk_inet_ntop(AF_INET6, packed, 16, text, NULL), 0);
    assert_int_equal(csk_htons(1), htons(1));
    assert_int_equal(csk_ntohs(1), ntohs(1));
    assert_int_equal(csk_htonl(1), htonl(1));
    assert_int_equal(csk_ntohl(1), ntohl(1));
    assert_true(csk_has_ipv6());
    nothing_called();
}

static void codes_and_constants_are_looked_up(void)
{
    const struct csk_constant *constant;
    char text[CSK_ERROR_TEXT_MAX];

    fault_limit_transfers(0);
    csk_strerror(-EPIPE, text, sizeof text);
    assert_string_equal(csk_errstr(-EPIPE), text);
    assert_string_equal(csk_error_name(CSK_EPORT), "CSK_EPORT");
    assert_int_equal(csk_error_kind(-EPIPE), CSK_KIND_SYSTEM);
    assert_int_equal(csk_error_number(-EPIPE), EPIPE);
    assert_non_null(constant = csk_constant_find("AF_INET"));
    assert_ptr_equal(csk_constant_by_value("AF", AF_INET), constant);
    assert_non_null(csk_constant_at(NULL, 0));
    assert_non_null(csk_constant_meaning(constant));
    nothing_called();
}

static void ancillary_data_is_built_and_walked(void)
{
    _Alignas(size_t) char control[64];
    struct csk_msg msg = { .control = control };
    struct csk_cmsg item = { 0 };

    fault_limit_transfers(0);
    assert_int_equal(csk_cmsg_put(control, sizeof control, &msg.control_size, 1, 2, "x", 1), 0);
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_int_equal(csk_CMSG_LEN(1), CMSG_LEN(1));
    assert_int_equal(csk_CMSG_SPACE(1), CMSG_SPACE(1));
    nothing_called();
}

static void control_messages_are_put_and_read_by_name(void)
{
    _Alignas(size_t) char control[64];
    struct csk_msg msg = { .control = control };
    const struct csk_option *row;
    struct csk_cmsg item;
    int64_t number;
    char text[64];

    fault_limit_transfers(0);
    assert_non_null(row = csk_control_find("IP_TTL", AF_INET));
    assert_ptr_equal(csk_control_by_number(AF_INET, IPPROTO_IP, IP_TTL), row);
    assert_non_null(csk_control_at(0));
    assert_int_equal(
        csk_control_put(control, sizeof control, &msg.control_size, "IP_TTL", "5", NULL), 0);
    assert_int_equal(csk_control_get(&msg, "IP_TTL", text, sizeof text, NULL), 1);
    assert_int_equal(csk_control_get_number(&msg, "IP_TTL", &number, NULL), 0);
    assert_int_equal(csk_control_get_field(&msg, "IP_TTL", "x", &number, NULL), CSK_EOPTVALUE);
    assert_int_equal(csk_control_get_bytes(&msg, "IP_TTL", &item, NULL), sizeof(int));
    assert_true(csk_control_format(&msg, AF_INET, text, sizeof text) > 0);
    nothing_called();
}

static void a_sockets_fields_are_read(void)
{
    struct csk_socket s = CSK_SOCKET_INIT;

    s.fd = 7;
    s.type = SOCK_STREAM;
    fault_limit_transfers(0);
    assert_int_equal(csk_fileno(&s), 7);
    assert_int_equal(csk_gettimeout(&s), -1);
    assert_true(csk_getblocking(&s));
    assert_int_equal(csk_setinterrupt(&s, NULL, NULL, CSK_INTERRUPT_POLL), 0);
    assert_int_equal(csk_setdeadline(&s, 9), 0);
    assert_int_equal(csk_getdeadline(&s), 9);
    assert_int_equal(csk_detach(&s), 7);
    csk_setdefaulttimeout(SECOND);
    assert_int_equal(csk_getdefaulttimeout(), SECOND);
    nothing_called();
}

static void cancels_without_descriptors_and_scopes_are_values(void)
{
    struct csk_cancel cancel;
    struct csk_scope scope = CSK_SCOPE_INIT;

    fault_limit_transfers(0);
    assert_int_equal(csk_cancel_init(&cancel), 0);
    assert_int_equal(csk_cancel(&cancel), 0);
    assert_int_equal(csk_cancel_test(&cancel), 1);
    assert_int_equal(csk_cancel_reset(&cancel), 0);
    assert_int_equal(csk_cancel_close(&cancel), 0);
    assert_int_equal(csk_scope_push(&scope), 0);
    assert_int_equal(csk_scope_test(), 0);
    assert_true(csk_scope_deadline() == CSK_FOREVER);
    assert_int_equal(csk_scope_setdeadline(&scope, 1), 0);
    assert_int_equal(csk_scope_setshield(&scope, true), 0);
    assert_string_equal(csk_version(), CSK_VERSION);
    nothing_called();
    /* These read the clock. */
    assert_int_equal(csk_scope_test(), CSK_ETIMEDOUT);
    assert_int_equal(csk_scope_pop(&scope), 0);
    assert_true(csk_now() > 0);
}

static void options_are_found_and_their_values_read(void)
{
    const struct csk_layout *layout;
    const struct csk_option *option;
    struct csk_value value;
    unsigned char bytes[64] = { 0 };
    char text[CSK_ADDR_TEXT_MAX];
    size_t count;
    int n;

    fault_limit_transfers(0);
    assert_int_equal(csk_option_suggest("SO_LINGR", &option, 1), 1);
    assert_ptr_equal(option, csk_option_find("SO_LINGER", AF_INET));
    assert_ptr_equal(csk_option_by_number(AF_INET, SOL_SOCKET, SO_LINGER, 0), option);
    assert_non_null(csk_option_at(0));
    assert_true(csk_option_fits(option, AF_INET, SOCK_STREAM, 0));
    csk_option_accepts(option, CSK_OPTION_SET, text, sizeof text);
    n = csk_option_parse(option, CSK_OPTION_SET, "on 5s", bytes, sizeof bytes, NULL);
    assert_true(n == CSK_EOPTVALUE || n > 0);
    count = sizeof(struct linger);
    layout = csk_option_layout(option, CSK_OPTION_SET);
    assert_true(csk_option_format(option, CSK_OPTION_SET, bytes, count, text, sizeof text) > 0);
    assert_ptr_equal(csk_layout_select(layout, bytes, count), layout);
    assert_int_equal(csk_layout_span(layout, bytes, count), count);
    assert_int_equal(csk_layout_value_count(layout, 0, bytes, count), 1);
    assert_int_equal(csk_layout_get(layout, 0, 0, bytes, count, &value, text), 0);
    assert_int_equal(csk_layout_set(layout, 0, 0, bytes, sizeof bytes, &count, &value, NULL), 0);
    assert_true(csk_layout_format_field(layout, 0, 0, bytes, count, text, sizeof text) > 0);
    nothing_called();
}

static void options_are_described(void)
{
    const struct csk_option *option = csk_option_find("TCP_KEEPIDLE", AF_INET);
    const struct csk_layout *layout = csk_option_layout(option, CSK_OPTION_SET);
    const struct csk_field *field = csk_layout_field(layout, 0);
    int64_t min, max;
    int seconds = 60;
    char text[16];

    fault_limit_transfers(0);
    assert_string_equal(csk_option_name(option), "TCP_KEEPIDLE");
    assert_int_equal(csk_option_level(option), IPPROTO_TCP);
    assert_int_equal(csk_option_number(option), TCP_KEEPIDLE);
    assert_true(csk_option_flags(option) & CSK_OPTION_SET);
    assert_string_equal(csk_option_note(option, CSK_OPTION_NOTE_LEVEL), "SOL_TCP");
    assert_null(csk_option_note(option, CSK_OPTION_NOTE_ALIAS));
    assert_string_equal(csk_layout_name(layout), "int");
    assert_int_equal(csk_layout_size(layout), 4);
    assert_int_equal(csk_layout_min_size(layout), 4);
    assert_int_equal(csk_layout_align(layout), 1);
    assert_int_equal(csk_layout_field_count(layout), 1);
    assert_true(csk_layout_is_plain(layout));
    assert_null(csk_layout_variant(layout, 0));
    assert_int_equal(csk_layout_selector(layout), CSK_EOPTVALUE);
    assert_string_equal(csk_field_unit(field), "s");
    assert_int_equal(csk_field_unit_ns(field), 1000000000);
    assert_null(csk_field_since(field));
    assert_true(csk_field_range(field, &min, &max));
    assert_true(min == 1 && max == 32767);
    assert_null(csk_field_value_name(field, 0, NULL));
    assert_null(csk_field_layout(field));
    assert_int_equal(csk_layout_format(layout, &seconds, sizeof seconds, text, sizeof text), 3);
    assert_int_equal(csk_layout_parse(layout, "61s", 3, &seconds, sizeof seconds, NULL), 4);
    assert_int_equal(seconds, 61);
    assert_int_equal(csk_time_parse("2min", CSK_SECOND, &max, NULL), 0);
    assert_int_equal(csk_number_parse("0x10", &max, NULL), 0);
    assert_int_equal(csk_size_parse("4K", &max, NULL), 0);
    nothing_called();
}

TESTS(TEST(addresses_are_made_and_read), TEST(numbers_and_strings_are_converted_both_ways),
      TEST(codes_and_constants_are_looked_up), TEST(ancillary_data_is_built_and_walked),
      TEST(control_messages_are_put_and_read_by_name), TEST(a_sockets_fields_are_read),
      TEST(cancels_without_descriptors_and_scopes_are_values),
      TEST(options_are_found_and_their_values_read), TEST(families_are_described),
      TEST(options_are_described))
