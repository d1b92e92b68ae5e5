/* AF_KCM: messages over TCP connections, cut by a BPF program that reads their length. */
#include "bpf.h"
#include "family_test.h"

#include <errno.h>
#include <linux/kcm.h>
#include <string.h>
#include <sys/ioctl.h>

/* A message is a length of two bytes followed by that many bytes. */
static int cutter(void)
{
    static const struct bpf_insn program[] = {
        { .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 6, .src_reg = 1 },
        { .code = BPF_LD | BPF_ABS | BPF_H }, /* to r0, in host byte order, from the packet in r6 */
        { .code = BPF_ALU64 | BPF_ADD, .dst_reg = 0, .imm = 2 },
        { .code = BPF_JMP | BPF_EXIT },
    };

    return family_bpf_program(BPF_PROG_TYPE_SOCKET_FILTER, program,
                              sizeof program / sizeof *program);
}

static void connected(struct csk_socket pair[2])
{
    struct csk_socket listener = family_socket(AF_INET, SOCK_STREAM, 0);
    struct csk_addr addr;

    family_bind(&listener, "127.0.0.1:0");
    family_ok(csk_listen(&listener, 1));
    pair[0] = family_socket(AF_INET, SOCK_STREAM, 0);
    addr = family_own(&listener);
    family_ok(csk_connect(&pair[0], &addr, NULL));
    family_ok(csk_accept(&listener, &pair[1], NULL));
    family_ok(csk_settimeout(&pair[1], INT64_C(30000000000)));
    csk_close(&listener);
}

static void messages_are_cut_from_a_stream(void)
{
    struct csk_socket kcm = family_socket(AF_KCM, SOCK_DGRAM, 0), tcp[2];
    struct kcm_attach attach = { .bpf_fd = cutter() };
    char data[64];
    struct csk_addr from;

    connected(tcp);
    attach.fd = tcp[0].fd;
    family_ok(ioctl(kcm.fd, SIOCKCMATTACH, &attach));

    /* Each in a separate packet, because the program sees the packet from its beginning; and one in
     * two packets. */
    family_ok(csk_sendall(&tcp[1], "\0\5hello", 7, 0, NULL));
    assert_int_equal(csk_recv(&kcm, data, sizeof data, 0), 7);
    assert_memory_equal(data, "\0\5hello", 7);
    family_ok(csk_sendall(&tcp[1], "\0\6wo", 4, 0, NULL));
    family_ok(csk_sendall(&tcp[1], "rlds", 4, 0, NULL));
    assert_int_equal(csk_recvfrom(&kcm, data, sizeof data, 0, &from), 8);
    assert_memory_equal(data, "\0\6worlds", 8);
    assert_int_equal(from.len, 0);

    /* An outgoing message is sent as a whole. */
    assert_int_equal(csk_send(&kcm, "\0\3bye", 5, 0), 5);
    assert_int_equal(csk_recv(&tcp[1], data, 5, MSG_WAITALL), 5);
    assert_memory_equal(data, "\0\3bye", 5);
    close(attach.bpf_fd);
    csk_close(&tcp[0]);
    csk_close(&tcp[1]);
    csk_close(&kcm);
}

static void it_has_no_name(void)
{
    struct csk_socket s = family_socket(AF_KCM, SOCK_DGRAM, 0);
    struct csk_addr own;

    assert_int_equal(csk_getsockname(&s, &own), -EOPNOTSUPP);
    csk_close(&s);
}

TESTS(TEST(messages_are_cut_from_a_stream), TEST(it_has_no_name))
