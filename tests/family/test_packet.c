/* AF_PACKET on the loopback interface. */
#include "family_test.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>

/* An EtherType for experiments (IEEE 802). */
#define EXPERIMENT "0x88b5"

static void a_frame_comes_back_on_lo(void)
{
    struct csk_socket out = family_socket(AF_PACKET, SOCK_RAW, 0);
    struct csk_socket in = family_socket(AF_PACKET, SOCK_RAW, 0);
    unsigned char frame[64] = { [12] = 0x88, 0xb5, 'h', 'i' }, got[128];
    struct csk_addr to, from, own;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char room[CSK_ADDR_TEXT_MAX];

    family_bind(&in, "lo," EXPERIMENT);
    own = family_own(&in);
    assert_int_equal(own.len, 18); /* 12 bytes plus the 6 bytes of the hardware address */
    assert_string_equal(family_text(&own), "lo,34997,0,772,000000000000");
    to = family_address(AF_PACKET, 0, "lo," EXPERIMENT ",0,0,000000000000");
    assert_int_equal(csk_sendto(&out, frame, sizeof frame, 0, &to, NULL), sizeof frame);
    /* A packet socket receives outgoing and incoming frames: the first is the sender's own copy. */
    do {
        assert_int_equal(csk_recvfrom(&in, got, sizeof got, 0, &from), sizeof frame);
        assert_memory_equal(got, frame, sizeof frame);
        assert_int_equal(csk_addr_unpack(&from, values, room), 5);
    } while (values[2].i == PACKET_OUTGOING);
    assert_int_equal(values[2].i, PACKET_HOST);
    assert_memory_equal(values[0].data, "lo", 2);
    assert_int_equal(values[1].i, 0x88b5);
    assert_int_equal(values[3].i, 772); /* ARPHRD_LOOPBACK */
    assert_int_equal(values[4].size, 6);
    csk_close(&out);
    csk_close(&in);
}

static void datagrams_are_received_without_their_header(void)
{
    struct csk_socket out = family_socket(AF_PACKET, SOCK_DGRAM, 0);
    struct csk_socket in = family_socket(AF_PACKET, SOCK_DGRAM, 0);
    struct csk_addr to, from;
    char got[128];

    family_bind(&in, "lo,0x88b6");
    to = family_address(AF_PACKET, 0, "lo,0x88b6,0,0,000000000000");
    assert_int_equal(csk_sendto(&out, "payload", 7, 0, &to, NULL), 7);
    assert_int_equal(csk_recvfrom(&in, got, sizeof got, 0, &from), 7);
    assert_memory_equal(got, "payload", 7);
    csk_close(&out);
    csk_close(&in);
}

static void messages_are_received_with_their_control_messages(void)
{
    struct csk_socket out = family_socket(AF_PACKET, SOCK_DGRAM, 0);
    struct csk_socket in = family_socket(AF_PACKET, SOCK_DGRAM, 0);
    struct csk_addr to, from;
    char data[128];
    _Alignas(size_t) char control[256];
    struct iovec part = { data, sizeof data };
    struct csk_msg msg = { .buffers = &part, .buffer_count = 1, .addr = &from, .control = control,
                           .control_size = sizeof control };
    struct csk_cmsg item = { 0 };

    family_ok(csk_setsockopt_int(&in, SOL_PACKET, PACKET_AUXDATA, 1));
    family_bind(&in, "lo,0x88b7");
    to = family_address(AF_PACKET, 0, "lo,0x88b7,0,0,000000000000");
    assert_int_equal(csk_sendto(&out, "payload", 7, 0, &to, NULL), 7);
    assert_int_equal(csk_recvmsg(&in, &msg, 0), 7);
    assert_memory_equal(data, "payload", 7);
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_int_equal(item.level, SOL_PACKET);
    assert_int_equal(item.type, PACKET_AUXDATA);
    csk_close(&out);
    csk_close(&in);
}

TESTS(TEST(a_frame_comes_back_on_lo), TEST(datagrams_are_received_without_their_header),
      TEST(messages_are_received_with_their_control_messages))
