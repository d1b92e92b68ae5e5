/* A megabyte of text is parsed in time proportional to its size: labels of BPF programs
 * (bpf_label.c), elements of lists, sequences of structs, escapes, digits. */
#include "test.h"

#include <csocket/csocket.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SIZE ((size_t)1 << 20)

/* Seconds of processor time: far more than a linear parser needs and far less than a quadratic one.
 * Labels of this size used to take five minutes. */
#define ENOUGH 20

/* Return head followed by as many pieces as fit into SIZE bytes; "%05zx" in a piece is replaced by
 * its number. */
static char *repeat(const char *head, const char *piece)
{
    char *text = malloc(SIZE + 64);
    size_t used = strlen(head);

    assert_non_null(text);
    memcpy(text, head, used + 1);
    for (size_t i = 0; used < SIZE; i++)
        used += (size_t)snprintf(text + used, 64, piece, i);
    return text;
}

/* Parse the text and format the result, or check that a rejection has an explanation. */
static void check(const char *name, const char *head, const char *piece)
{
    const struct csk_option *option = csk_option_find(name, AF_UNSPEC);
    clock_t start = clock();
    struct csk_error error = { 0, "" };
    size_t room = 32 * SIZE;
    unsigned char *bytes = malloc(room);
    char *text = repeat(head, piece), *again = malloc(room);
    int n;

    assert_non_null(option);
    assert_non_null(bytes);
    assert_non_null(again);
    n = csk_option_parse(option, CSK_OPTION_SET, text, bytes, room, &error);
    if (n >= 0)
        csk_option_format(option, CSK_OPTION_SET, bytes, (size_t)n, again, room);
    else
        assert_true(error.text[0]);
    if ((clock() - start) / CLOCKS_PER_SEC >= ENOUGH)
        fail_msg("%s: \"%s\" took %ld s", name, piece, (long)((clock() - start) / CLOCKS_PER_SEC));
    free(bytes);
    free(text);
    free(again);
}

static void programs(void)
{
    check("SO_ATTACH_FILTER", "", "l%05zx:\n");
    check("SO_ATTACH_FILTER", "", "jmp l%05zx;");
    check("SO_ATTACH_FILTER", "", "l%05zx: ret #0;");
    check("SO_ATTACH_FILTER", "", "6 0 0 0,");
    check("SO_ATTACH_FILTER", "", "/* */");
    check("SO_ATTACH_FILTER", "", "/*");
    check("SO_ATTACH_FILTER", "", ";");
}

static void lists(void)
{
    check("CAN_RAW_FILTER", "id=1 mask=1", "; id=1 mask=1");
    check("DCCP_SOCKOPT_SERVICE", "1", ",1");
    check("IP_OPTIONS", "nop", ";nop");
    check("IP_OPTIONS", "RA 0000", ";RA 0000");
    check("SCTP_SOCKOPT_BINDX_ADD", "192.0.2.1:80", ",192.0.2.1:80");
}

static void structs(void)
{
    check("IPV6_HOPOPTS", "0", "; 77 0011");
    check("IPT_SO_SET_ADD_COUNTERS", "filter", "; pcnt=1 bcnt=1");
    check("IP_IPSEC_POLICY", "BYPASS dir=INBOUND", "; proto=IPPROTO_ESP addrs=10.0.0.1,10.0.0.2");
    check("IP_MSFILTER", "239.1.1.1 fmode=1 slist=10.0.0.1", ",10.0.0.2");
    check("IP_ADD_MEMBERSHIP", "239.1.1.1", " dev lo");
}

static void text_and_bytes(void)
{
    check("ALG_SET_KEY", "", "00");
    check("ALG_SET_KEY", "text:", "\\x00");
    check("TCP_CONGESTION", "", "\\x41");
    check("TCP_CONGESTION", "", "\\");
    check("SO_TIMESTAMPING", "1", "|software");
    check("TCP_KEEPIDLE", "1", "0");
    check("SO_RCVTIMEO", "1.", "0");
}

static void addresses(void)
{
    static const struct {
        int family;
        const char *head, *piece;
    } cases[] = {
        { AF_UNIX, "/", "\\x41" }, { AF_UNIX, "AF_1 0x", "00" }, { AF_INET, "", "1." },
        { AF_INET6, "[", "1:" },   { AF_NETLINK, "1", ",1" },    { AF_PACKET, "lo,1,1,1,", "00" },
        { AF_AX25, "A,", "A " },   { AF_ALG, "hash,", "\\x41" },
    };
    struct csk_error error;
    struct csk_addr addr;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = repeat(cases[i].head, cases[i].piece);
        clock_t start = clock();

        assert_true(csk_addr_parse(&addr, cases[i].family, 0, text, &error) < 0);
        assert_true(error.text[0]);
        assert_true((clock() - start) / CLOCKS_PER_SEC < ENOUGH);
        free(text);
    }
}

TESTS(TEST(programs), TEST(lists), TEST(structs), TEST(text_and_bytes), TEST(addresses))
