/* Classic BPF programs as text: the notation of bpf_asm, the output of other tools, and back. */
#include "test.h"

#include <csocket/csocket.h>

#include <linux/filter.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define MOST 64

static const struct csk_option *option(void)
{
    return csk_option_find("SO_ATTACH_FILTER", AF_UNSPEC);
}

static struct sock_filter program[MOST];

/* The number of instructions in the text. */
static size_t parse(const char *text)
{
    struct csk_error error = { 0, "" };
    int n = csk_option_parse(option(), CSK_OPTION_SET, text, program, sizeof program, &error);

    if (n < 0)
        fail_msg("%s", error.text);
    return (size_t)n / sizeof *program;
}

static void assert_text(const struct sock_filter *instructions, size_t count, const char *expected)
{
    char text[4096];
    int n = csk_option_format(option(), CSK_OPTION_SET, instructions, count * sizeof *instructions,
                              text, sizeof text);

    assert_string_equal(text, expected);
    assert_int_equal(n, strlen(expected));
}

/* Text and instructions are equivalent; the numbers are those of linux/filter.h. */
static void assert_is(const char *text, const struct sock_filter *instructions, size_t count)
{
    assert_int_equal(parse(text), count);
    assert_memory_equal(program, instructions, count * sizeof *instructions);
    assert_text(instructions, count, text);
}

#define ONE(text, ...)                                                                             \
    do {                                                                                           \
        const struct sock_filter one[] = { __VA_ARGS__ };                                          \
        assert_is(text, one, sizeof one / sizeof *one);                                            \
    } while (0)

static void loads_and_stores_are_the_kernels(void)
{
    ONE("ld [8]", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 8));
    ONE("ldh [12]", BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12));
    ONE("ldb [23]", BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23));
    ONE("ld [x + 14]", BPF_STMT(BPF_LD | BPF_W | BPF_IND, 14));
    ONE("ldh [x + 16]", BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16));
    ONE("ldb [x + -1]", BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0xffffffff));
    ONE("ld #0xff", BPF_STMT(BPF_LD | BPF_IMM, 255));
    ONE("ld #len", BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0));
    ONE("ld M[15]", BPF_STMT(BPF_LD | BPF_MEM, 15));
    ONE("ldx #0x4", BPF_STMT(BPF_LDX | BPF_IMM, 4));
    ONE("ldx #len", BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0));
    ONE("ldx M[0]", BPF_STMT(BPF_LDX | BPF_MEM, 0));
    ONE("ldxb 4*([14]&0xf)", BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14));
    ONE("st M[1]", BPF_STMT(BPF_ST, 1));
    ONE("stx M[2]", BPF_STMT(BPF_STX, 2));
    /* Extensions: offsets before the packet's own bytes. SKF_NET_OFF and SKF_LL_OFF. */
    ONE("ldb [-1048567]", BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (unsigned)SKF_NET_OFF + 9));
    ONE("ldh [-2097140]", BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (unsigned)SKF_LL_OFF + 12));
}

static void arithmetic_is_the_kernels(void)
{
    static const struct {
        const char *name;
        unsigned op;
        bool hex;
    } all[] = {
        { "add", BPF_ADD, false }, { "sub", BPF_SUB, false }, { "mul", BPF_MUL, false },
        { "div", BPF_DIV, false }, { "mod", BPF_MOD, false }, { "lsh", BPF_LSH, false },
        { "rsh", BPF_RSH, false }, { "or", BPF_OR, true },    { "and", BPF_AND, true },
        { "xor", BPF_XOR, true },
    };
    char text[32];

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        snprintf(text, sizeof text, all[i].hex ? "%s #0x1f" : "%s #31", all[i].name);
        ONE(text, BPF_STMT(BPF_ALU | all[i].op | BPF_K, 31));
        snprintf(text, sizeof text, "%s x", all[i].name);
        ONE(text, BPF_STMT(BPF_ALU | all[i].op | BPF_X, 0));
    }
    ONE("neg", BPF_STMT(BPF_ALU | BPF_NEG, 0));
    ONE("tax", BPF_STMT(BPF_MISC | BPF_TAX, 0));
    ONE("txa", BPF_STMT(BPF_MISC | BPF_TXA, 0));
    ONE("ret #96", BPF_STMT(BPF_RET | BPF_K, 96));
    ONE("ret #0x7fff0000", BPF_STMT(BPF_RET | BPF_K, 0x7fff0000));
    ONE("ret a", BPF_STMT(BPF_RET | BPF_A, 0));
    ONE("ret x", BPF_STMT(BPF_RET | BPF_X, 0));
}

static void messages_added_by_the_kernel_have_names(void)
{
    static const struct {
        const char *text;
        int offset;
    } all[] = {
        { "ldh #proto", SKF_AD_PROTOCOL },     { "ldb #type", SKF_AD_PKTTYPE },
        { "ld #ifidx", SKF_AD_IFINDEX },       { "ld #nla", SKF_AD_NLATTR },
        { "ld #nlan", SKF_AD_NLATTR_NEST },    { "ld #mark", SKF_AD_MARK },
        { "ld #queue", SKF_AD_QUEUE },         { "ld #hatype", SKF_AD_HATYPE },
        { "ld #rxhash", SKF_AD_RXHASH },       { "ld #cpu", SKF_AD_CPU },
        { "ld #vlan_tci", SKF_AD_VLAN_TAG },   { "ld #vlan_avail", SKF_AD_VLAN_TAG_PRESENT },
        { "ld #poff", SKF_AD_PAY_OFFSET },     { "ld #rand", SKF_AD_RANDOM },
        { "ld #vlan_tpid", SKF_AD_VLAN_TPID },
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        unsigned size = all[i].text[2] == 'h' ? BPF_H : all[i].text[2] == 'b' ? BPF_B : BPF_W;

        ONE(all[i].text,
            BPF_STMT(BPF_LD | size | BPF_ABS, (unsigned)SKF_AD_OFF + (unsigned)all[i].offset));
    }
    /* An extension without a name. */
    ONE("ld [-4056]", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)SKF_AD_OFF + 40));
}

static void jumps_go_to_labels(void)
{
    ONE("ldh [12]; jneq #0x800, l3; ret #96; l3: ret #0", BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x800, 0, 1), BPF_STMT(BPF_RET | BPF_K, 96),
        BPF_STMT(BPF_RET | BPF_K, 0));
    ONE("jgt x, l2; ret a; l2: ret x", BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 1, 0),
        BPF_STMT(BPF_RET | BPF_A, 0), BPF_STMT(BPF_RET | BPF_X, 0));
    ONE("jset #0x1fff, l2, l3; ret a; l2: ret x; l3: ret #0",
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 1, 2), BPF_STMT(BPF_RET | BPF_A, 0),
        BPF_STMT(BPF_RET | BPF_X, 0), BPF_STMT(BPF_RET | BPF_K, 0));
    ONE("jset #0x1, l1, l2; l1: ret a; l2: ret x", BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1),
        BPF_STMT(BPF_RET | BPF_A, 0), BPF_STMT(BPF_RET | BPF_X, 0));
    ONE("jge #0x1, l1; l1: ret a", BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 1, 0, 0),
        BPF_STMT(BPF_RET | BPF_A, 0));
    ONE("jmp l2; ret a; l2: ret x", BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_RET | BPF_A, 0),
        BPF_STMT(BPF_RET | BPF_X, 0));
    ONE("jle #0x5, l3; jlt x, l3; ret a; l3: ret x", BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 5, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 0, 1), BPF_STMT(BPF_RET | BPF_A, 0),
        BPF_STMT(BPF_RET | BPF_X, 0));
}

static void assert_same(const char *text, const char *other)
{
    struct sock_filter first[MOST];
    size_t count = parse(text);

    memcpy(first, program, sizeof first);
    assert_int_equal(parse(other), count);
    assert_memory_equal(program, first, count * sizeof *first);
}

static void other_notations_are_read(void)
{
    static const char *const ipv4 = "ldh [12]; jeq #0x800, l2, l3; l2: ret #262144; l3: ret #0";

    /* tcpdump -d, -ddd; iptables and bpf_asm */
    assert_same(ipv4, "(000) ldh      [12]\n(001) jeq      #0x800           jt 2\tjf 3\n"
                      "(002) ret      #262144\n(003) ret      #0\n");
    assert_same(ipv4, "4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n");
    assert_same(ipv4, "4,40 0 0 12,21 0 1 2048,6 0 0 262144,6 0 0 0,");
    assert_same(ipv4, "40 0 0 12, 21 0 1 2048, 6 0 0 0x40000, 6 0 0 0");
    /* bpf_asm's own programs: lines, comments, labels alone on a line */
    assert_same(ipv4, "  ldh [12] /* ether; type */\n\n  jne #0x800, drop\n  ret #262144\n"
                      "drop:\n  RET #0\n");
    assert_same(ipv4, "ldh [12]; jeq #2048, yes, no; yes: ret #262144; no: ret #0;");
    /* instructions and numbers, mixed */
    assert_same(ipv4, "ldh [12]; jneq #0x800, l3; 6 0 0 262144; l3: 6 0 0 0");
    assert_same("jmp l3; ret a; ret x; l3: ret #0", "ja 3; ret a; ret x; ret #0");
    assert_same("jmp end; 6 0 0 1, 6 0 0 2; end: ret #0", "5 0 0 2; 6 0 0 1; 6 0 0 2; 6 0 0 0");
    assert_same("ldx #0x1; ld #0x2; ldxb 4*([0]&0xf)", "ldxi 1; ldi #2; ldx 4 * ([0] & 0xf)");
    assert_same("ldh #proto; ld #len; ld [x + 0]", "ldh [proto]; ld #pktlen; ld [%x]");
    assert_same("ldb #cpu", "ldb cpu");
    assert_same("add x; ret a; jeq x, l3, l3; l3: neg", "add %x; ret; jeq %X, l3, l3; l3: NEG");
    assert_same("ldb [x + -4]", "ldb [x - 4]");
    assert_same("a: b: ret a", "ret a");
    assert_int_equal(parse(""), 0);
    assert_int_equal(parse(" ;\n /* nothing */ ; "), 0);
}

static void unknown_instructions_are_written_as_numbers(void)
{
    static const struct sock_filter odd[] = {
        { 0x28, 1, 0, 12 },         /* jt where nothing jumps */
        { 0x07, 0, 0, 9 },          /* k where none is used */
        { 0xffff, 255, 255, ~0u },  /* no code at all */
        { 0x15, 9, 0, 1 },          /* a target beyond the end */
        { 0x05, 0, 0, 0xffffffff }, /* the same */
        { 0x05, 0, 0, 0 },          /* from the last instruction on */
    };
    const char *text = "40 1 0 12; 7 0 0 9; 65535 255 255 4294967295; 21 9 0 1; "
                       "5 0 0 4294967295; 5 0 0 0";

    assert_text(odd, 6, text);
    assert_int_equal(parse(text), 6);
    assert_memory_equal(program, odd, sizeof odd);
}

static void mistakes_are_shown(void)
{
    static const char *const wrong[] = {
        "ldq [1]",
        "ld",
        "ldh M[1]",
        "ldh [12",
        "ldh [x * 2]",
        "ld #0x100000000",
        "ld #-2147483649",
        "tax #1",
        "jeq #1",
        "jeq #1, nowhere",
        "jeq #1, l0, l0",
        "jeq #1 jt 0 jf 0",
        "jmp",
        "jmp a b",
        "ld #colour",
        "ret #1 2",
        "(2) ret #0",
        "6 0 0",
        "6 0 256 0",
        "-6 0 0 0",
        "4*([0]&0xf)",
        "/* never ends",
    };
    struct csk_error error;
    char text[80];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(text, sizeof text, "l0: ld [0]; %s; ret #0", wrong[i]);
        if (csk_option_parse(option(), CSK_OPTION_SET, text, program, sizeof program, &error) !=
            CSK_EOPTVALUE)
            fail_msg("%s is taken", text);
        /* The program may be long: the instruction is named. */
        snprintf(text, sizeof text, "not \"%.20s", wrong[i]);
        if (!strstr(error.text, text) || strncmp(error.text, "SO_ATTACH_FILTER takes BPF", 26) != 0)
            fail_msg("%s: %s", wrong[i], error.text);
    }
    assert_int_equal(csk_option_parse(option(), CSK_OPTION_SET, "a: ret a; a: ret x", program,
                                      sizeof program, NULL),
                     CSK_EOPTVALUE);
}

/* Return the bytes of a program that jumps over this many instructions, or an error code. */
static int parse_jump(const char *jump, int over)
{
    static struct sock_filter many[300];
    char text[2048];
    int used = snprintf(text, sizeof text, "%s far", jump);

    for (int i = 0; i < over; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "; tax");
    snprintf(text + used, sizeof text - (size_t)used, "; far: ret a");
    return csk_option_parse(option(), CSK_OPTION_SET, text, many, sizeof many, NULL);
}

/* The offset of a jump is one byte: at most 255 instructions. */
static void a_jump_to_a_distant_label_is_refused(void)
{
    assert_int_equal(parse_jump("jeq #1,", 255), 257 * 8);
    assert_int_equal(parse_jump("jeq #1,", 256), CSK_EOPTVALUE);
    assert_int_equal(parse_jump("jmp", 256), 258 * 8);
}

/* The kernel accepts 4096 instructions; each has a text form. */
static void a_program_has_a_limit(void)
{
    static struct sock_filter many[4097];
    static char text[8 * 4097 + 1];
    size_t used = 0;

    for (int i = 0; i < 4096; i++, used += 5)
        memcpy(text + used, "tax; ", 6);
    assert_int_equal(csk_option_parse(option(), CSK_OPTION_SET, text, many, sizeof many, NULL),
                     4096 * sizeof *many);
    memcpy(text + used, "tax; ", 6);
    assert_int_equal(csk_option_parse(option(), CSK_OPTION_SET, text, many, sizeof many, NULL),
                     CSK_EOPTVALUE);
    for (int i = 0; i < 4097; i++)
        many[i] = (struct sock_filter){ 7, 0, 0, 0 };
    csk_option_format(option(), CSK_OPTION_SET, many, sizeof many, text, 32);
    assert_string_equal(text, "7 0 0 0; 7 0 0 0; 7 0 0 0; 7 0 ");
}

/* The text of arbitrary instructions is parsed into the same instructions. */
static void every_program_survives(void)
{
    static const uint16_t codes[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0c, 0x0e,
                                      0x15, 0x16, 0x1d, 0x20, 0x25, 0x28, 0x30, 0x35, 0x3d, 0x40,
                                      0x45, 0x48, 0x50, 0x60, 0x61, 0x80, 0x81, 0x84, 0x87, 0xb1 };
    struct sock_filter in[24];
    char text[4096];
    uint32_t seed = 1;

    for (int round = 0; round < 20000; round++) {
        size_t count = 1 + (size_t)round % 24;

        for (size_t i = 0; i < count; i++) {
            seed = seed * 1664525 + 1013904223;
            in[i] = (struct sock_filter){ codes[(seed >> 8) % (sizeof codes / sizeof *codes)],
                                          seed >> 13 & 1 ? (seed >> 16) % 12 : 0,
                                          seed >> 14 & 1 ? (seed >> 20) % 12 : 0,
                                          seed >> 15 & 1   ? seed
                                          : seed >> 12 & 1 ? (seed >> 24) % 16
                                                           : 0xfffff000 + (seed >> 24) % 64 };
        }
        csk_option_format(option(), CSK_OPTION_SET, in, count * sizeof *in, text, sizeof text);
        assert_int_equal(parse(text), count);
        assert_memory_equal(program, in, count * sizeof *in);
    }
}

/* The kernel's verdict is authoritative. */
static void the_kernel_accepts_it(void)
{
    static const char *const text = "ldh #proto; jneq #0x800, l5; ldxb 4*([0]&0xf); ldh [x + 2]; "
                                    "jeq #0x1bb, l6; l5: ret #0; l6: ret #65535";
    struct csk_error error = { 0, "" };
    char found[512];
    struct csk_socket s;

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    if (csk_option_set(&s, "SO_ATTACH_FILTER", text, &error) < 0)
        fail_msg("%s", error.text);
    assert_true(csk_option_get(&s, "SO_GET_FILTER", found, sizeof found, NULL) > 0);
    assert_string_equal(found, text);
    assert_int_equal(csk_option_set(&s, "SO_ATTACH_FILTER", found, NULL), 0);
    assert_int_equal(csk_option_set_bytes(&s, option(), program, 7, &error), CSK_EOPTVALUE);
    assert_int_equal(csk_option_set_bytes(&s, option(), program, 65536 * 8, &error), CSK_EOPTVALUE);
    csk_close(&s);
}

TESTS(TEST(loads_and_stores_are_the_kernels), TEST(arithmetic_is_the_kernels),
      TEST(messages_added_by_the_kernel_have_names), TEST(jumps_go_to_labels),
      TEST(other_notations_are_read), TEST(unknown_instructions_are_written_as_numbers),
      TEST(mistakes_are_shown), TEST(a_jump_to_a_distant_label_is_refused),
      TEST(a_program_has_a_limit), TEST(every_program_survives), TEST(the_kernel_accepts_it))
