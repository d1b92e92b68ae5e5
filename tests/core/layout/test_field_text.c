/* Values of options as text, as bytes and as numbers, without a socket: field.c, value.c, layout.c,
 * struct_text.c, accepts.c, network.c, text.c, number.c, time.c and identifier.c. */
#include "test.h"

#include <csocket/csocket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

static const struct csk_option *option(const char *name)
{
    const struct csk_option *found = csk_option_find(name, AF_UNSPEC);

    assert_non_null(found);
    return found;
}

/* Convert the text of an option to bytes. */
static int parse(const char *name, const char *text, void *bytes, size_t size)
{
    struct csk_error error = { 0, "" };
    int n = csk_option_parse(option(name), CSK_OPTION_SET, text, bytes, size, &error);

    if (n < 0) {
        assert_int_equal(error.code, n);
        assert_non_null(strstr(error.text, name));
    }
    return n;
}

static int parse_int(const char *name, const char *text)
{
    int number = -12345;

    assert_int_equal(parse(name, text, &number, sizeof number), sizeof number);
    return number;
}

static void assert_refused(const char *name, const char *text)
{
    unsigned char bytes[512];

    assert_int_equal(parse(name, text, bytes, sizeof bytes), CSK_EOPTVALUE);
}

/* Return the text after conversion to bytes and back. */
static void assert_becomes(const char *name, const char *text, const char *expected)
{
    unsigned char bytes[CSK_OPTION_SIZE];
    char out[CSK_OPTION_SIZE];
    int n = parse(name, text, bytes, sizeof bytes);

    assert_true(n >= 0);
    n = csk_option_format(option(name), CSK_OPTION_SET, bytes, (size_t)n, out, sizeof out);
    assert_string_equal(out, expected);
    assert_int_equal(n, strlen(expected));
}

static void bool_takes_the_usual_words(void)
{
    assert_int_equal(parse_int("SO_REUSEADDR", "on"), 1);
    assert_int_equal(parse_int("SO_REUSEADDR", " True "), 1);
    assert_int_equal(parse_int("SO_REUSEADDR", "no"), 0);
    assert_int_equal(parse_int("SO_REUSEADDR", "0"), 0);
    assert_refused("SO_REUSEADDR", "2");
    assert_refused("SO_REUSEADDR", "");
    assert_becomes("SO_REUSEADDR", "yes", "on");
}

static void number_checks_its_range(void)
{
    assert_int_equal(parse_int("IP_TOS", "0x10"), 16);
    assert_int_equal(parse_int("IP_TTL", "-1"), -1);
    assert_int_equal(parse_int("IP_TTL", "default"), -1);
    assert_int_equal(parse_int("IP_TTL", "255"), 255);
    assert_refused("IP_TTL", "256");
    assert_refused("IP_TTL", "-2");
    assert_refused("IP_TTL", "4294967295");
    assert_refused("IP_TTL", "18446744073709551615");
    assert_refused("IP_TTL", "99999999999999999999999");
    assert_refused("IP_TTL", "1.5");
    assert_refused("IP_TTL", "0x");
    assert_refused("IP_TTL", "-");
    assert_becomes("IP_TTL", "-1", "default");
}

static void bytes_have_suffixes(void)
{
    assert_int_equal(parse_int("SO_RCVBUF", "64K"), 65536);
    assert_int_equal(parse_int("SO_RCVBUF", "1m"), 1 << 20);
    assert_refused("SO_RCVBUF", "K");
    assert_refused("SO_RCVBUF", "-1K");
    assert_refused("SO_RCVBUF", "999999999999T");
    assert_refused("TCP_SYNCNT", "1K");
}

static void names_are_accepted_for_numbers(void)
{
    assert_int_equal(parse_int("IP_MTU_DISCOVER", "IP_PMTUDISC_DO"), 2);
    assert_int_equal(parse_int("IP_MTU_DISCOVER", "ip_pmtudisc_do"), 2);
    assert_int_equal(parse_int("IP_MTU_DISCOVER", "do"), 2);
    assert_int_equal(parse_int("IP_MTU_DISCOVER", "2"), 2);
    assert_refused("IP_MTU_DISCOVER", "o");
    assert_becomes("IP_MTU_DISCOVER", "1", "IP_PMTUDISC_WANT");
    assert_becomes("SO_TXREHASH", "-1", "SOCK_TXREHASH_DEFAULT");
}

static void an_ambiguous_end_of_a_name_is_refused(void)
{
    unsigned flags[2];

    assert_int_equal(parse("SO_TIMESTAMPING", "software", flags, sizeof flags), 8);
    assert_int_equal(flags[0], 1 << 4); /* not ..._TX_SOFTWARE, which ends in the same word */
    assert_int_equal(parse("SO_TIMESTAMPING", "raw_hardware|TX_HARDWARE|0x4", flags, 8), 8);
    assert_int_equal(flags[0], 0x40 | 1 | 4);
    assert_refused("SO_TIMESTAMPING", "hardware");
    assert_becomes("SO_TIMESTAMPING", "0x80000001", "SOF_TIMESTAMPING_TX_HARDWARE|0x80000000");
    assert_becomes("SO_TIMESTAMPING", "0", "0");
}

static void times_keep_their_unit(void)
{
    assert_int_equal(parse_int("TCP_KEEPIDLE", "60s"), 60);
    assert_int_equal(parse_int("TCP_KEEPIDLE", "2min"), 120);
    assert_int_equal(parse_int("TCP_KEEPIDLE", "2m"), 120);
    assert_int_equal(parse_int("TCP_KEEPIDLE", "60"), 60);
    assert_int_equal(parse_int("TCP_KEEPIDLE", "1.5min"), 90);
    assert_int_equal(parse_int("TCP_KEEPIDLE", "1000ms"), 1);
    assert_int_equal(parse_int("TCP_USER_TIMEOUT", "5s"), 5000);
    assert_int_equal(parse_int("TCP_LINGER2", "-1"), -1);
    assert_int_equal(parse_int("TCP_LINGER2", "off"), -1);
    assert_refused("TCP_KEEPIDLE", "1500ms");
    assert_refused("TCP_KEEPIDLE", "0s");
    assert_refused("TCP_KEEPIDLE", "60 s");
    assert_refused("TCP_KEEPIDLE", "1e3s");
    assert_refused("TCP_KEEPIDLE", "9999999999999999999s");
    assert_refused("TCP_KEEPIDLE", "9223372036854775807h");
    assert_refused("TCP_KEEPIDLE", "1.00000000001s");
    assert_refused("TCP_KEEPIDLE", "fortnight");
    assert_becomes("TCP_KEEPIDLE", "2min", "120s");
    assert_becomes("AX25_IDLE", "1h", "60min");
}

static void timeval_is_seconds_with_a_fraction(void)
{
    struct timeval time;

    assert_int_equal(parse("SO_RCVTIMEO", "1500ms", &time, sizeof time), sizeof time);
    assert_int_equal(time.tv_sec, 1);
    assert_int_equal(time.tv_usec, 500000);
    assert_becomes("SO_RCVTIMEO", "1.5", "1.5s");
    assert_becomes("SO_RCVTIMEO", "0", "0s");
    assert_becomes("SO_RCVTIMEO", "1us", "0.000001s");
    /* Less than a microsecond must not become "no limit". */
    assert_becomes("SO_RCVTIMEO", "1ns", "0.000001s");
    assert_becomes("SO_RCVTIMEO", "1500ns", "0.000002s");
    assert_refused("SO_RCVTIMEO", "-1s");
}

static void linger_has_a_switch_and_a_time(void)
{
    struct linger linger;

    assert_int_equal(parse("SO_LINGER", "on 5s", &linger, sizeof linger), sizeof linger);
    assert_int_equal(linger.l_onoff, 1);
    assert_int_equal(linger.l_linger, 5);
    assert_becomes("SO_LINGER", "on 0s", "on 0s");
    assert_becomes("SO_LINGER", "off", "off 0s");
    assert_becomes("SO_LINGER", "linger=7 onoff=1", "on 7s");
    assert_refused("SO_LINGER", "");
    assert_refused("SO_LINGER", "on"); /* because 0s would discard data */
    assert_refused("SO_LINGER", "onoff=1");
    assert_refused("SO_LINGER", "on 5s 6s");
    assert_refused("SO_LINGER", "on 5s onoff=1");
    assert_refused("SO_LINGER", "5s on");
}

static void membership_names_group_and_interface(void)
{
    struct ip_mreqn mreq;
    struct ipv6_mreq mreq6;
    struct {
        uint32_t interface;
        struct sockaddr_storage group;
    } req;

    assert_int_equal(parse("IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo", &mreq, sizeof mreq), 12);
    assert_int_equal(mreq.imr_multiaddr.s_addr, inet_addr("239.1.1.1"));
    assert_int_equal(mreq.imr_ifindex, if_nametoindex("lo"));
    assert_int_equal(mreq.imr_address.s_addr, 0);
    assert_int_equal(parse("IPV6_ADD_MEMBERSHIP", "ff02::fb dev lo", &mreq6, sizeof mreq6), 20);
    assert_int_equal(mreq6.ipv6mr_interface, if_nametoindex("lo"));
    assert_int_equal(mreq6.ipv6mr_multiaddr.s6_addr[0], 0xff);
    assert_int_equal(parse("MCAST_JOIN_GROUP", "239.1.1.1 dev 1", &req, sizeof req), sizeof req);
    assert_int_equal(req.interface, 1);
    assert_int_equal(((struct sockaddr_in *)&req.group)->sin_addr.s_addr, inet_addr("239.1.1.1"));
    assert_becomes("IP_ADD_MEMBERSHIP", "239.1.1.1 address=10.0.0.1", "239.1.1.1 address=10.0.0.1");
    assert_becomes("IP_ADD_MEMBERSHIP", "dev lo 239.1.1.1", "239.1.1.1 dev lo");
    assert_becomes("MCAST_JOIN_SOURCE_GROUP", "ff05::1 source 2001:db8::1 dev lo",
                   "ff05::1 dev lo source 2001:db8::1");
    assert_refused("IP_ADD_MEMBERSHIP", "dev lo");
    assert_refused("IP_ADD_MEMBERSHIP", "239.1.1.1 dev");
    assert_refused("IP_ADD_MEMBERSHIP", "239.1.1.1 dev nosuchdevice");
    assert_refused("IP_ADD_MEMBERSHIP", "239.1.1 dev lo");
    assert_refused("IP_ADD_MEMBERSHIP", "239.1.1.1 colour=red");
}

static void a_filter_of_senders_sets_their_count(void)
{
    struct {
        struct in_addr group, interface;
        uint32_t mode, count;
        struct in_addr senders[3];
    } filter;
    const char *text = "239.1.1.1 interface=127.0.0.1 fmode=MCAST_INCLUDE slist=10.0.0.1,10.0.0.2";

    assert_int_equal(parse("IP_MSFILTER", text, &filter, sizeof filter), 16 + 8);
    assert_int_equal(filter.mode, 1);
    assert_int_equal(filter.count, 2);
    assert_int_equal(filter.senders[1].s_addr, inet_addr("10.0.0.2"));
    assert_becomes("IP_MSFILTER", text, text);
    assert_becomes("IP_MSFILTER", "239.1.1.1 fmode=0", "239.1.1.1 fmode=MCAST_EXCLUDE");
    /* The library sets the count. */
    assert_refused("IP_MSFILTER", "239.1.1.1 numsrc=5");
}

static void a_key_has_a_length_of_its_own(void)
{
    unsigned char bytes[512];
    uint16_t length;

    assert_int_equal(parse("TCP_MD5SIG", "addr=10.0.0.1:179 key=text:secret", bytes, sizeof bytes),
                     216);
    memcpy(&length, bytes + 130, sizeof length); /* tcpm_keylen */
    assert_int_equal(length, 6);
    assert_memory_equal(bytes + 136, "secret", 7);
    assert_becomes("TCP_MD5SIG", "addr=10.0.0.1 key=0a:0b", "addr=10.0.0.1 key=0a0b");
}

static void bytes_are_hexadecimal_or_text(void)
{
    unsigned char bytes[64];

    assert_int_equal(parse("ALG_SET_KEY", "0x00ff10", bytes, sizeof bytes), 3);
    assert_memory_equal(bytes, "\0\377\020", 3);
    assert_int_equal(parse("ALG_SET_KEY", "text:a\\x00b", bytes, sizeof bytes), 3);
    assert_memory_equal(bytes, "a\0b", 3);
    assert_int_equal(parse("CAIFSO_REQ_PARAM", "", bytes, sizeof bytes), 0);
    assert_refused("ALG_SET_KEY", "abc");
    assert_refused("ALG_SET_KEY", "text:\\x0");
    assert_refused("TCP_FASTOPEN_KEY",
                   "00112233445566778899001122334455667788990011223344556677889900112233"
                   "445566778899aabb");
    assert_becomes("TCP_FASTOPEN_KEY", "00112233 44556677 8899aabb ccddeeff",
                   "00112233445566778899aabbccddeeff");
    assert_refused("TCP_FASTOPEN_KEY", "0011");
}

static void a_string_has_its_own_length(void)
{
    char name[16];

    assert_int_equal(parse("TCP_CONGESTION", "reno", name, sizeof name), 4);
    assert_memory_equal(name, "reno", 4);
    assert_int_equal(parse("SO_BINDTODEVICE", "", name, sizeof name), 0);
    assert_refused("TCP_CONGESTION", "");
    assert_refused("TCP_CONGESTION", "a_name_that_is_too_long_for_it");
    assert_becomes("TCP_CONGESTION", "a\\x0ab", "a\\x0ab");
    assert_refused("TCP_CONGESTION", "a\\x00b");
}

static void a_filter_consists_of_its_instructions(void)
{
    static const unsigned char drop_all[8] = { 6 };
    unsigned char bytes[64];

    assert_int_equal(parse("SO_ATTACH_FILTER", "6 0 0 0", bytes, sizeof bytes), 8);
    assert_int_equal(bytes[0] + bytes[1], 6);
    assert_memory_equal(bytes + 2, drop_all + 2, 6);
    /* tcpdump -ddd separates with line breaks, iptables with commas; both begin with the number of
     * instructions. */
    assert_becomes("SO_ATTACH_FILTER", "2\n40 0 0 12\n6 0 0 65535\n", "ldh [12]; ret #65535");
    assert_becomes("SO_ATTACH_FILTER", "2,40 0 0 12,6 0 0 0x10", "ldh [12]; ret #16");
    assert_refused("SO_ATTACH_FILTER", "6 0 0");
    assert_refused("SO_ATTACH_FILTER", "6 0 0 0, 1");
    assert_refused("SO_ATTACH_FILTER", "6 0 256 0");
    assert_refused("SO_ATTACH_FILTER", "6 0 0 0 0");
    assert_refused("SO_ATTACH_FILTER", "-6 0 0 0");
}

static void lists_have_as_many_entries_as_the_system(void)
{
    unsigned char bytes[64];

    assert_int_equal(
        parse("CAN_RAW_FILTER", "id=0x123 mask=0x7ff; id=0x200 mask=0x700", bytes, sizeof bytes),
        16);
    assert_int_equal(parse("CAN_RAW_FILTER", "", bytes, sizeof bytes), 0);
    assert_becomes("CAN_RAW_FILTER", "id=291 mask=0x7ff;mask=1",
                   "id=0x123 mask=0x7ff; id=0x0 mask=0x1");
    assert_becomes("DCCP_SOCKOPT_SERVICE", "1,0x10", "1,16");
    assert_becomes("DCCP_SOCKOPT_CCID", "ccid3, 2", "DCCPC_CCID3,DCCPC_CCID2");
    assert_refused("CAN_RAW_FILTER", "id=1;");
    assert_int_equal(parse("CAN_RAW_FILTER", "id=1; id=2", bytes, 12), CSK_ESPACE);
}

static void addresses_are_separated_by_commas(void)
{
    const char *name = "SCTP_SOCKOPT_BINDX_ADD";
    struct sockaddr_in6 second;
    unsigned char bytes[64];

    assert_int_equal(parse(name, "192.0.2.1:80, [2001:db8::1]:81", bytes, sizeof bytes),
                     sizeof(struct sockaddr_in) + sizeof(struct sockaddr_in6));
    memcpy(&second, bytes + sizeof(struct sockaddr_in), sizeof second);
    assert_int_equal(second.sin6_family, AF_INET6);
    assert_int_equal(ntohs(second.sin6_port), 81);
    assert_becomes(name, "192.0.2.1:80, [2001:db8::1]:81", "192.0.2.1:80,[2001:db8::1]:81");
    assert_becomes(name, "192.0.2.1:0", "192.0.2.1");
    assert_refused(name, "192.0.2.1:80 and more");
    /* The boundary between a path and the next address would be lost. */
    assert_refused(name, "/run/socket,192.0.2.1:80");
}

static void bit_fields_do_not_change_their_neighbours(void)
{
    uint32_t ports;

    assert_int_equal(parse("IP_LOCAL_PORT_RANGE", "high=41000 low=40000", &ports, sizeof ports), 4);
    assert_int_equal(ports, 41000u << 16 | 40000);
    assert_becomes("IP_LOCAL_PORT_RANGE", "low=1", "low=1 high=0");
    assert_refused("IP_LOCAL_PORT_RANGE", "low=65536");
    assert_becomes("PACKET_FANOUT", "id=7 type=cpu flags=ROLLOVER",
                   "id=7 type=PACKET_FANOUT_CPU flags=PACKET_FANOUT_FLAG_ROLLOVER");
}

static void bit_fields_are_where_the_compiler_puts_them(void)
{
    struct tcp_info_head {
        uint8_t state, ca_state, retransmits, probes, backoff, options;
        uint8_t snd_wscale : 4, rcv_wscale : 4;
        uint8_t app_limited : 1, fastopen_fail : 2;
    } info = { .snd_wscale = 7, .rcv_wscale = 9, .app_limited = 1, .fastopen_fail = 2 };
    char text[512];

    assert_true(csk_option_format(option("TCP_INFO"), CSK_OPTION_GET, &info, sizeof info, text,
                                  sizeof text) > 0);
    assert_non_null(strstr(text, " snd_wscale=7 rcv_wscale=9 delivery_rate_app_limited=1"));
    assert_non_null(strstr(text, "fastopen_client_fail=TFO_DATA_NOT_ACKED"));
    /* A struct that ends here has no more fields. */
    assert_null(strstr(text, "rto="));
}

static void a_struct_of_another_kernel_is_read_as_far_as_both_know(void)
{
    unsigned char longer[1024] = { 1 };
    char text[4096], shorter[4096];
    const struct csk_option *info = option("TCP_INFO");

    assert_true(csk_option_format(info, CSK_OPTION_GET, longer, sizeof longer, text, 4096) > 0);
    assert_int_equal(strncmp(text, "state=TCP_ESTABLISHED ", 22), 0);
    assert_true(csk_option_format(info, CSK_OPTION_GET, longer, 104, shorter, 4096) > 0);
    assert_int_equal(strncmp(text, shorter, strlen(shorter)), 0);
    assert_null(strstr(shorter, "pacing_rate"));
    assert_int_equal(csk_option_format(info, CSK_OPTION_GET, longer, 0, text, 4096), 0);
}

static void a_cipher_chooses_the_struct(void)
{
    const char *text = "version=TLS_1_2_VERSION cipher_type=TLS_CIPHER_AES_GCM_128"
                       " iv=0102030405060708 key=00112233445566778899aabbccddeeff"
                       " salt=01020304 rec_seq=0000000000000001";
    unsigned char bytes[128];

    assert_int_equal(parse("TLS_TX", text, bytes, sizeof bytes), 40);
    assert_becomes("TLS_TX", text, text);
    assert_int_equal(parse("TLS_TX", "version=TLS_1_3_VERSION cipher_type=54", bytes, 128), 56);
    assert_refused("TLS_TX", "version=TLS_1_2_VERSION");
    assert_refused("TLS_TX", "version=3 cipher_type=51 iv=01 nosuch=1");
}

static void every_field_can_be_read_and_written_by_number(void)
{
    const struct csk_layout *layout = csk_option_layout(option("SO_LINGER"), CSK_OPTION_SET);
    struct linger linger = { 0, 0 };
    struct csk_value value = { .kind = CSK_VALUE_INT, .i = 5000000000 };
    size_t count = csk_layout_size(layout);
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_layout_field_count(layout), 2);
    assert_string_equal(csk_field_name(csk_layout_field(layout, 1)), "linger");
    assert_int_equal(csk_layout_set(layout, 1, 0, &linger, sizeof linger, &count, &value, NULL), 0);
    assert_int_equal(linger.l_linger, 5);
    value.i = 5;
    assert_int_equal(csk_layout_set(layout, 1, 0, &linger, sizeof linger, &count, &value, NULL),
                     CSK_EOPTVALUE);
    assert_int_equal(linger.l_linger, 5);
    assert_int_equal(csk_layout_get(layout, 1, 0, &linger, sizeof linger, &value, text), 0);
    assert_int_equal(value.kind, CSK_VALUE_INT);
    assert_int_equal(value.i, 5000000000);
    assert_int_equal(csk_layout_get(layout, 1, 0, &linger, 4, &value, text), 0);
    assert_int_equal(value.kind, CSK_VALUE_NONE);
    assert_int_equal(csk_layout_get(layout, 2, 0, &linger, 8, &value, text), CSK_EOPTVALUE);
    assert_int_equal(csk_layout_format_field(layout, 1, 0, &linger, 8, text, sizeof text), 2);
    assert_string_equal(text, "5s");
}

static void a_struct_is_built_field_by_field(void)
{
    const struct csk_layout *layout = csk_option_layout(option("IP_MSFILTER"), CSK_OPTION_SET);
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = "10.0.0.7", .size = 8 };
    unsigned char bytes[64] = { 0 };
    size_t count = csk_layout_size(layout);
    char text[CSK_ADDR_TEXT_MAX];
    uint32_t senders;

    assert_int_equal(csk_layout_set(layout, 4, 0, bytes, sizeof bytes, &count, &value, NULL), 0);
    assert_int_equal(csk_layout_set(layout, 4, 1, bytes, sizeof bytes, &count, &value, NULL), 0);
    assert_int_equal(count, 24);
    memcpy(&senders, bytes + 12, sizeof senders);
    assert_int_equal(senders, 2);
    assert_int_equal(csk_layout_value_count(layout, 4, bytes, count), 2);
    assert_int_equal(csk_layout_get(layout, 4, 1, bytes, count, &value, text), 0);
    assert_int_equal(value.kind, CSK_VALUE_TEXT);
    assert_memory_equal(value.data, "10.0.0.7", 8);
    assert_int_equal(csk_layout_set(layout, 4, 12, bytes, sizeof bytes, &count, &value, NULL),
                     CSK_ESPACE);
}

/* The text of a value that was read can be parsed, even for structs that cannot be set. */
static void both_directions_have_bytes_and_text(void)
{
    static const char *const texts[][2] = {
        { "SO_TYPE", "SOCK_DGRAM" },        { "SO_PEERCRED", "pid=1 uid=2 gid=3" },
        { "SO_PEERGROUPS", "4,27,1000" },   { "SO_GET_FILTER", "ldh [12]; ret #96" },
        { "IP_MULTICAST_IF", "127.0.0.1" },
    };
    char bytes[512], text[512];
    struct csk_error error;
    int n;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct csk_option *o = option(texts[i][0]);

        n = csk_option_parse(o, CSK_OPTION_GET, texts[i][1], bytes, sizeof bytes, &error);
        if (n < 0)
            fail_msg("%s", error.text);
        csk_option_format(o, CSK_OPTION_GET, bytes, (size_t)n, text, sizeof text);
        assert_string_equal(text, texts[i][1]);
    }
    /* The input of a get has a different layout than the value of a set. */
    n = csk_option_parse(option("SCTP_SOCKOPT_PEELOFF"), CSK_OPTION_GET, "assoc_id=7", bytes,
                         sizeof bytes, NULL);
    assert_true(n >= 4);
    assert_int_equal(csk_option_parse(option("SCTP_SOCKOPT_PEELOFF"), CSK_OPTION_SET, "assoc_id=7",
                                      bytes, sizeof bytes, &error),
                     CSK_EOPTION);
    assert_string_equal(error.text, "SCTP_SOCKOPT_PEELOFF can only be read");
    assert_int_equal(csk_option_parse(option("SO_DETACH_FILTER"), CSK_OPTION_GET, "0", bytes,
                                      sizeof bytes, &error),
                     CSK_EOPTION);
    assert_string_equal(error.text, "SO_DETACH_FILTER can only be set");
    assert_string_equal(
        csk_option_accepts(option("IP_MSFILTER"), CSK_OPTION_GET, text, sizeof text),
        "<multiaddr> [interface=] (multiaddr is an IPv4 address; interface is an IPv4 address)");
    assert_string_equal(csk_option_accepts(option("SO_TYPE"), CSK_OPTION_GET, text, sizeof text),
                        "");
}

static void misuse_has_a_code(void)
{
    struct csk_error error;
    unsigned char bytes[16];
    char text[16] = "x";

    assert_int_equal(csk_option_parse(NULL, CSK_OPTION_SET, "1", bytes, 16, NULL), CSK_ENULL);
    assert_int_equal(csk_option_parse(option("SO_DEBUG"), CSK_OPTION_SET, NULL, bytes, 16, NULL),
                     CSK_ENULL);
    assert_int_equal(csk_option_parse(option("SO_TYPE"), CSK_OPTION_SET, "1", bytes, 16, &error),
                     CSK_EOPTION);
    assert_non_null(strstr(error.text, "SO_TYPE can only be read"));
    assert_int_equal(csk_option_parse(option("SO_DEBUG"), CSK_OPTION_SET, "1", bytes, 3, &error),
                     CSK_ESPACE);
    assert_int_equal(
        csk_option_format(option("SO_DETACH_FILTER"), CSK_OPTION_GET, bytes, 4, text, 16),
        CSK_EOPTION);
    assert_int_equal(csk_option_format(option("SO_TYPE"), CSK_OPTION_GET, bytes, 3, text, 16),
                     CSK_EOPTVALUE);
    /* Excess text is truncated, and the whole length is returned. */
    bytes[0] = bytes[1] = bytes[2] = bytes[3] = 0;
    assert_int_equal(csk_option_format(option("SO_DEBUG"), CSK_OPTION_GET, bytes, 4, text, 3), 3);
    assert_string_equal(text, "of");
}

TESTS(TEST(bool_takes_the_usual_words), TEST(number_checks_its_range), TEST(bytes_have_suffixes),
      TEST(names_are_accepted_for_numbers), TEST(an_ambiguous_end_of_a_name_is_refused),
      TEST(times_keep_their_unit), TEST(timeval_is_seconds_with_a_fraction),
      TEST(linger_has_a_switch_and_a_time), TEST(membership_names_group_and_interface),
      TEST(a_filter_of_senders_sets_their_count), TEST(a_key_has_a_length_of_its_own),
      TEST(bytes_are_hexadecimal_or_text), TEST(a_string_has_its_own_length),
      TEST(a_filter_consists_of_its_instructions), TEST(lists_have_as_many_entries_as_the_system),
      TEST(addresses_are_separated_by_commas), TEST(bit_fields_do_not_change_their_neighbours),
      TEST(bit_fields_are_where_the_compiler_puts_them),
      TEST(a_struct_of_another_kernel_is_read_as_far_as_both_know),
      TEST(a_cipher_chooses_the_struct), TEST(every_field_can_be_read_and_written_by_number),
      TEST(a_struct_is_built_field_by_field), TEST(both_directions_have_bytes_and_text),
      TEST(misuse_has_a_code))
