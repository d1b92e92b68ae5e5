/* Sequences of values that contain their length, and structs that end with structs. */
#include "test.h"

#include <csocket/csocket.h>

#include <netinet/in.h>
#include <string.h>

static const struct csk_option *option(const char *name)
{
    const struct csk_option *found = csk_option_find(name, AF_UNSPEC);

    assert_non_null(found);
    return found;
}

static int parse_side(const char *name, unsigned side, const char *text, void *bytes, size_t size)
{
    struct csk_error error = { 0, "" };
    int n = csk_option_parse(option(name), side, text, bytes, size, &error);

    if (n < 0) {
        assert_int_equal(error.code, n);
        assert_non_null(strstr(error.text, name));
    }
    return n;
}

static int parse(const char *name, const char *text, void *bytes, size_t size)
{
    return parse_side(name, CSK_OPTION_SET, text, bytes, size);
}

static void assert_text(const char *name, unsigned side, const void *bytes, size_t count,
                        const char *expected)
{
    char text[CSK_OPTION_SIZE];

    assert_int_equal(csk_option_format(option(name), side, bytes, count, text, sizeof text),
                     strlen(expected));
    assert_string_equal(text, expected);
}

/* The text is parsed into these bytes, and the bytes are formatted as the text. */
static void assert_bytes(const char *name, const char *text, const void *bytes, size_t count,
                         const char *again)
{
    unsigned char made[CSK_OPTION_SIZE];

    memset(made, 0xee, sizeof made);
    assert_int_equal(parse(name, text, made, sizeof made), count);
    assert_memory_equal(made, bytes, count);
    assert_text(name, CSK_OPTION_SET, bytes, count, again);
}

static void assert_refused(const char *name, const char *text)
{
    unsigned char bytes[CSK_OPTION_SIZE];

    assert_int_equal(parse(name, text, bytes, sizeof bytes), CSK_EOPTVALUE);
}

static void ipv4_options_have_a_length_or_are_their_type(void)
{
    assert_bytes("IP_OPTIONS", "nop; RA 0000; IPOPT_NOP; end", "\1\224\4\0\0\1\0", 7,
                 "IPOPT_NOP; IPOPT_RA 0000; IPOPT_NOP; IPOPT_END");
    assert_bytes("IP_OPTIONS", "131 040a000001", "\203\7\4\12\0\0\1", 7, "IPOPT_LSRR 040a000001");
    assert_bytes("IP_OPTIONS", "RA", "\224\2", 2, "IPOPT_RA");
    assert_bytes("IP_OPTIONS", "", "", 0, "");
    assert_refused("IP_OPTIONS", "NOP 00");
    assert_refused("IP_OPTIONS", "NOP; ; NOP");
    assert_refused("IP_OPTIONS", "data=00");
    assert_refused("IP_OPTIONS", "256");
}

static void wrong_lengths_are_not_trusted(void)
{
    /* too long, missing, shorter than the header itself, and headers only */
    assert_text("IP_OPTIONS", CSK_OPTION_GET, "\224\50\1\2", 4, "IPOPT_RA 0102");
    assert_text("IP_OPTIONS", CSK_OPTION_GET, "\1\224", 2, "IPOPT_NOP; IPOPT_RA");
    assert_text("IP_OPTIONS", CSK_OPTION_GET, "\224\0\1", 3, "IPOPT_RA; IPOPT_NOP");
    assert_text("IP_OPTIONS", CSK_OPTION_GET, "\224\1\224\2", 4, "IPOPT_RA; IPOPT_RA");
    assert_text("IPV6_HOPOPTS", CSK_OPTION_GET, "\73\0\5\377\1", 5, "59; IPV6_TLV_ROUTERALERT 01");
    assert_text("IPV6_HOPOPTS", CSK_OPTION_GET, "\73\377\5\0", 4, "59; IPV6_TLV_ROUTERALERT");
    /* according to the header's length it ends before the end of the bytes */
    assert_text("IPV6_HOPOPTS", CSK_OPTION_GET, "\73", 1, "59");
}

static void ipv6_headers_are_filled_up(void)
{
    assert_bytes("IPV6_HOPOPTS", "0; ROUTERALERT 0000", "\0\0\5\2\0\0\0\0", 8,
                 "0; IPV6_TLV_ROUTERALERT 0000; IPV6_TLV_PAD1; IPV6_TLV_PAD1");
    assert_bytes("IPV6_DSTOPTS", "59; 77 0011223344; PADN",
                 "\73\1\115\5\0\21\42\63\104\1\0\0\0\0\0", 16,
                 "59; 77 0011223344; IPV6_TLV_PADN; IPV6_TLV_PAD1; IPV6_TLV_PAD1; "
                 "IPV6_TLV_PAD1; IPV6_TLV_PAD1; IPV6_TLV_PAD1");
    assert_bytes("IPV6_HOPOPTS", "", "", 0, "");
    assert_refused("IPV6_HOPOPTS", "0; PAD1 00");
    assert_refused("IPV6_HOPOPTS", "nexthdr=");
    assert_refused("IPV6_HOPOPTS", "; PAD1");
}

static void a_header_of_an_impossible_length_is_refused(void)
{
    char text[6 + 512 + 1] = "0; 77 ";
    unsigned char bytes[4];

    memset(text + 6, '0', 512);
    assert_refused("IPV6_HOPOPTS", text);
    assert_int_equal(parse("IPV6_HOPOPTS", "0; PAD1", bytes, sizeof bytes), CSK_EOPTVALUE);
    assert_int_equal(parse("IPV6_HOPOPTS", "0", bytes, 1), CSK_ESPACE);
    assert_int_equal(parse("IP_OPTIONS", "NOP;NOP;NOP;NOP;NOP", bytes, sizeof bytes), CSK_ESPACE);
}

static void the_type_of_a_routing_header_determines_its_fields(void)
{
    static const char two[] = "\0\2\2\1\0\0\0\0\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1";
    static const char four[] = "\0\2\4\0\0\0\0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1";

    assert_bytes("IPV6_RTHDR", "TYPE_2 segments_left=1 addr=2001:db8::1", two, 24,
                 "IPV6_SRCRT_TYPE_2 segments_left=1 addr=2001:db8::1");
    assert_bytes("IPV6_RTHDR", "tag=7 type=4 segments=::1", four, 24,
                 "IPV6_SRCRT_TYPE_4 tag=7 segments=::1");
    assert_bytes("IPV6_RTHDR", "9 data=01020304", "\0\0\11\0\1\2\3\4", 8, "9 data=01020304");
    assert_bytes("IPV6_RTHDR", "", "", 0, "");
    assert_refused("IPV6_RTHDR", "segments_left=1");
    assert_refused("IPV6_RTHDR", "TYPE_2 segments=::1");
}

static void control_messages_are_aligned(void)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(1) + CMSG_LEN(4)];
    } made, wanted;
    struct msghdr msg = { .msg_control = &wanted, .msg_controllen = sizeof wanted };
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

    memset(&wanted, 0, sizeof wanted);
    *c = (struct cmsghdr){ .cmsg_len = CMSG_LEN(1), .cmsg_level = 41, .cmsg_type = 52 };
    *CMSG_DATA(c) = 7;
    c = (struct cmsghdr *)(wanted.bytes + CMSG_SPACE(1));
    *c = (struct cmsghdr){ .cmsg_len = CMSG_LEN(4), .cmsg_level = 41, .cmsg_type = 67 };
    memset(&made, 0xee, sizeof made);
    assert_int_equal(parse("IPV6_2292PKTOPTIONS",
                           "IPPROTO_IPV6 type=52 data=07; 41 type=67 data=00000000", &made,
                           sizeof made),
                     CMSG_SPACE(1) + CMSG_LEN(4));
    assert_memory_equal(&made, &wanted, CMSG_SPACE(1) + CMSG_LEN(4));
    assert_text("IPV6_2292PKTOPTIONS", CSK_OPTION_GET, &wanted, CMSG_SPACE(1) + CMSG_LEN(4),
                "IPPROTO_IPV6 type=52 data=07; IPPROTO_IPV6 type=67 data=00000000");
    assert_int_equal(parse("IPV6_2292PKTOPTIONS", "41 type=1; 41 type=2", &made, 17), CSK_ESPACE);
}

static void a_policy_contains_its_length(void)
{
    static const char text[] = "IPSEC_POLICY_IPSEC dir=IPSEC_DIR_OUTBOUND; proto=IPPROTO_ESP "
                               "mode=IPSEC_MODE_TUNNEL level=IPSEC_LEVEL_REQUIRE "
                               "addrs=10.0.0.1,10.0.0.2; proto=IPPROTO_AH "
                               "mode=IPSEC_MODE_TRANSPORT level=IPSEC_LEVEL_USE reqid=5";
    unsigned char bytes[256];
    uint16_t length;

    assert_int_equal(parse("IP_IPSEC_POLICY", text, bytes, sizeof bytes), 16 + 48 + 16);
    memcpy(&length, bytes, sizeof length);
    assert_int_equal(length, 10);
    memcpy(&length, bytes + 16, sizeof length);
    assert_int_equal(length, 48);
    assert_text("IP_IPSEC_POLICY", CSK_OPTION_SET, bytes, 80, text);
    /* also without requests */
    assert_int_equal(parse("IP_IPSEC_POLICY", "BYPASS dir=INBOUND", bytes, sizeof bytes), 16);
    memcpy(&length, bytes, sizeof length);
    assert_int_equal(length, 2);
    assert_int_equal(parse("IP_IPSEC_POLICY", text, bytes, 79), CSK_ESPACE);
}

/* The headers of iptables' and IPVS's structs, as declared in linux/netfilter_ipv4/ip_tables.h and
 * linux/ip_vs.h. Their size depends on the alignment of the 64-bit numbers that follow, which is 4
 * bytes on i386. */
struct iptables_head {
    char name[32];
    uint32_t number;
    uint64_t entries[];
};

struct ip_vs_head {
    uint32_t number;
    uint64_t entries[];
};

enum { IPTABLES = sizeof(struct iptables_head), IP_VS = sizeof(struct ip_vs_head) };

static void structs_of_one_length_are_counted(void)
{
    static const char text[] = "filter; pcnt=1 bcnt=60; pcnt=0 bcnt=0";
    unsigned char bytes[256];
    uint32_t count;

    assert_int_equal(parse("IPT_SO_SET_ADD_COUNTERS", text, bytes, sizeof bytes), IPTABLES + 32);
    memcpy(&count, bytes + 32, sizeof count);
    assert_int_equal(count, 2);
    assert_text("IPT_SO_SET_ADD_COUNTERS", CSK_OPTION_SET, bytes, IPTABLES + 32, text);
    /* the number is arbitrary */
    memset(bytes + 32, 0xff, 4);
    assert_text("IPT_SO_SET_ADD_COUNTERS", CSK_OPTION_SET, bytes, IPTABLES + 20,
                "filter; pcnt=1 bcnt=60");
    assert_refused("IPT_SO_SET_ADD_COUNTERS", "filter; pcnt=x");
    assert_refused("IPT_SO_SET_ADD_COUNTERS", "filter counters=1");
}

static void a_rule_ends_with_its_last_element(void)
{
    static const char text[] = "filter valid_hooks=0xe hook_entry.0=0 hook_entry.1=0 hook_entry.2=0"
                               " hook_entry.3=0 hook_entry.4=0 underflow.0=0 underflow.1=0"
                               " underflow.2=0 underflow.3=0 underflow.4=0 num_counters=4"
                               " counters=0x7f00; src=10.0.0.0 smsk=255.0.0.0 iniface=lo"
                               " target_offset=112 elems=0011223344556677; target_offset=112";
    unsigned char bytes[1024];
    uint32_t numbers[3];
    uint16_t next;
    int n = parse("IPT_SO_SET_REPLACE", text, bytes, sizeof bytes);

    assert_true(n > 232);
    memcpy(numbers, bytes + 32, sizeof numbers);
    assert_int_equal(numbers[1], 2);
    assert_int_equal(numbers[2], 232);
    memcpy(&next, bytes + n - 232 + 90, sizeof next);
    assert_int_equal(next, 120);
    assert_text("IPT_SO_SET_REPLACE", CSK_OPTION_SET, bytes, (size_t)n, text);
    /* a rule of length 0 is skipped */
    memset(bytes + n - 232 + 90, 0, 2);
    assert_true(csk_option_format(option("IPT_SO_SET_REPLACE"), CSK_OPTION_SET, bytes, (size_t)n,
                                  NULL, 0) > 0);
}

static void the_caller_specifies_the_size_of_the_result(void)
{
    unsigned char bytes[512] = { 0 };
    uint32_t size;

    assert_int_equal(
        parse_side("IPT_SO_GET_ENTRIES", CSK_OPTION_GET, "filter size=632", bytes, sizeof bytes),
        IPTABLES);
    memcpy(&size, bytes + 32, sizeof size);
    assert_int_equal(size, 632);
    assert_text("IPT_SO_GET_ENTRIES", CSK_OPTION_GET, bytes, IPTABLES, "filter size=632");
    assert_int_equal(parse_side("IP_VS_SO_GET_SERVICES", CSK_OPTION_GET, "3", bytes, sizeof bytes),
                     IP_VS);
    assert_text("IP_VS_SO_GET_SERVICES", CSK_OPTION_GET, bytes, IP_VS, "3");
}

static void an_impossible_size_is_refused(void)
{
    struct csk_socket s;
    struct csk_error error;
    unsigned char bytes[64];
    size_t count;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(
        csk_option_query(&s, "IPT_SO_GET_ENTRIES", "filter size=4294967295", NULL, 0, &error),
        CSK_EOPTVALUE);
    assert_non_null(strstr(error.text, "IPT_SO_GET_ENTRIES: "));
    /* there must be space for the length that the bytes state */
    count = (size_t)parse_side("IPT_SO_GET_ENTRIES", CSK_OPTION_GET, "filter size=632", bytes, 64);
    assert_int_equal(
        csk_option_get_bytes(&s, option("IPT_SO_GET_ENTRIES"), bytes, sizeof bytes, &count, &error),
        CSK_ESPACE);
    assert_int_equal(count, IPTABLES + 632);
    csk_close(&s);
}

static void structs_are_read_one_by_one(void)
{
    const struct csk_layout *layout = csk_option_layout(option("IPV6_HOPOPTS"), CSK_OPTION_GET);
    const unsigned last = csk_layout_field_count(layout) - 1u;
    unsigned char bytes[] = { 0, 0, 0, 5, 2, 1, 2, 1, 0 };
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_value value;

    assert_int_equal(csk_field_kind(csk_layout_field(layout, last)), CSK_FIELD_STRUCT);
    assert_int_equal(csk_layout_value_count(layout, last, bytes, sizeof bytes), 3);
    assert_int_equal(csk_layout_get(layout, last, 1, bytes, sizeof bytes, &value, text), 0);
    assert_int_equal(value.kind, CSK_VALUE_BYTES);
    assert_int_equal(value.size, 4);
    assert_ptr_equal(value.data, bytes + 3);
    assert_int_equal(
        csk_layout_format_field(layout, last, 1, bytes, sizeof bytes, text, sizeof text),
        strlen("IPV6_TLV_ROUTERALERT 0102"));
    assert_string_equal(text, "IPV6_TLV_ROUTERALERT 0102");
    assert_int_equal(csk_layout_get(layout, last, 3, bytes, sizeof bytes, &value, text), 0);
    assert_int_equal(value.kind, CSK_VALUE_NONE);
    assert_int_equal(
        csk_layout_span(csk_field_layout(csk_layout_field(layout, last)), bytes + 2, 7), 1);
    assert_int_equal(
        csk_layout_span(csk_field_layout(csk_layout_field(layout, last)), bytes + 3, 6), 4);
    assert_int_equal(csk_layout_span(csk_field_layout(csk_layout_field(layout, last)), bytes, 0),
                     0);
}

static void structs_are_written_one_by_one(void)
{
    const struct csk_layout *layout = csk_option_layout(option("IPV6_HOPOPTS"), CSK_OPTION_SET);
    struct csk_value text = { .kind = CSK_VALUE_TEXT, .data = "ROUTERALERT 0102", .size = 16 };
    struct csk_value raw = { .kind = CSK_VALUE_BYTES, .data = "\115\1\7", .size = 3 };
    struct csk_value number = { .kind = CSK_VALUE_INT, .i = 1 };
    unsigned char bytes[64] = { 0 };
    size_t count = csk_layout_size(layout);
    unsigned last = csk_layout_field_count(layout) - 1u;

    assert_int_equal(csk_layout_set(layout, last, 0, bytes, sizeof bytes, &count, &text, NULL), 0);
    assert_int_equal(count, 8);
    assert_int_equal(csk_layout_set(layout, last, 1, bytes, sizeof bytes, &count, &raw, NULL), 0);
    assert_int_equal(count, 16);
    assert_memory_equal(bytes, "\0\1\5\2\1\2\115\1\7\0\0\0\0\0\0\0", 16);
    /* a wrong length cuts off the following ones */
    assert_int_equal(csk_layout_set(layout, last, 0, bytes, sizeof bytes, &count, &raw, NULL), 0);
    assert_int_equal(count, 8);
    assert_memory_equal(bytes, "\0\0\115\1\7\0\0\0", 8);
    assert_int_equal(csk_layout_set(layout, last, 0, bytes, sizeof bytes, &count, &number, NULL),
                     CSK_EOPTVALUE);
    assert_int_equal(csk_layout_set(layout, last, 0, bytes, 4, &count, &raw, NULL), CSK_EOPTVALUE);
}

static void accepted_values_are_listed(void)
{
    char text[512];

    assert_string_equal(
        csk_option_accepts(option("IPV6_HOPOPTS"), CSK_OPTION_SET, text, sizeof text),
        "<nexthdr>; <type> [<data>]; ... (nexthdr is a number, 0 to 255)");
    csk_option_accepts(option("IP_OPTIONS"), CSK_OPTION_SET, text, sizeof text);
    assert_non_null(strstr(text, "<type> [<data>] (type is a number: IPOPT_END, "));
    assert_non_null(strstr(text, "; or several separated by ;"));
    csk_option_accepts(option("IPT_SO_GET_ENTRIES"), CSK_OPTION_GET, text, sizeof text);
    assert_non_null(strstr(text, "<name> size= ("));
}

TESTS(TEST(ipv4_options_have_a_length_or_are_their_type), TEST(wrong_lengths_are_not_trusted),
      TEST(ipv6_headers_are_filled_up), TEST(a_header_of_an_impossible_length_is_refused),
      TEST(the_type_of_a_routing_header_determines_its_fields), TEST(control_messages_are_aligned),
      TEST(a_policy_contains_its_length), TEST(structs_of_one_length_are_counted),
      TEST(a_rule_ends_with_its_last_element), TEST(the_caller_specifies_the_size_of_the_result),
      TEST(an_impossible_size_is_refused), TEST(structs_are_read_one_by_one),
      TEST(structs_are_written_one_by_one), TEST(accepted_values_are_listed))
