/* AF_CAN over a virtual link: frames, timers, ISO-TP and J1939. */
#include "family_test.h"

#include <errno.h>
#include <linux/can.h>
#include <linux/can/bcm.h>
#include <linux/can/isotp.h>
#include <linux/can/j1939.h>
#include <linux/can/raw.h>
#include <string.h>

static void a_frame_goes_from_one_socket_to_the_other(void)
{
    struct can_frame out = { .can_id = 0x123, .can_dlc = 3, .data = { 1, 2, 3 } }, in;
    struct csk_socket a = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    struct csk_socket b = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    struct csk_addr from;

    family_need_interface("vcan0");
    family_bind(&a, "vcan0");
    family_bind(&b, "vcan0");
    assert_string_equal(family_text(&(struct csk_addr){ 0 }), "");
    from = family_own(&a);
    assert_string_equal(family_text(&from), "vcan0");
    assert_int_equal(csk_send(&a, &out, sizeof out, 0), sizeof out);
    memset(&in, 0, sizeof in);
    assert_int_equal(csk_recvfrom(&b, &in, sizeof in, 0, &from), sizeof in);
    assert_int_equal(in.can_id, out.can_id);
    assert_int_equal(in.can_dlc, 3);
    assert_memory_equal(in.data, out.data, 3);
    assert_string_equal(family_text(&from), "vcan0");
    csk_close(&a);
    csk_close(&b);
}

static void a_socket_on_all_links_names_the_one_in_sendto(void)
{
    struct can_frame out = { .can_id = 0x7ff, .can_dlc = 1, .data = { 9 } }, in;
    struct csk_socket a = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    struct csk_socket b = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    struct csk_addr to, from;

    family_need_interface("vcan0");
    to = family_address(AF_CAN, CAN_RAW, "vcan0");
    family_bind(&a, "");
    family_bind(&b, "");
    assert_int_equal(csk_sendto(&a, &out, sizeof out, 0, &to, NULL), sizeof out);
    assert_int_equal(csk_recvfrom(&b, &in, sizeof in, 0, &from), sizeof in);
    assert_int_equal(in.data[0], 9);
    assert_string_equal(family_text(&from), "vcan0");
    csk_close(&a);
    csk_close(&b);
}

static void filters_and_fd_frames(void)
{
    struct can_filter filter = { .can_id = 0x200, .can_mask = 0x700 };
    struct canfd_frame out = { .can_id = 0x100, .len = 64 }, in;
    struct csk_socket a = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    struct csk_socket b = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    int on = 1;

    family_need_interface("vcan0");
    for (int i = 0; i < 64; i++)
        out.data[i] = (unsigned char)i;
    family_ok(csk_setsockopt(&a, SOL_CAN_RAW, CAN_RAW_FD_FRAMES, &on, sizeof on));
    family_ok(csk_setsockopt(&b, SOL_CAN_RAW, CAN_RAW_FD_FRAMES, &on, sizeof on));
    family_ok(csk_setsockopt(&b, SOL_CAN_RAW, CAN_RAW_FILTER, &filter, sizeof filter));
    family_bind(&a, "vcan0");
    family_bind(&b, "vcan0");
    assert_int_equal(csk_send(&a, &out, sizeof out, 0), sizeof out);
    out.can_id = 0x234;
    assert_int_equal(csk_send(&a, &out, sizeof out, 0), sizeof out);
    assert_int_equal(csk_recv(&b, &in, sizeof in, 0), sizeof in);
    assert_int_equal(in.can_id, 0x234); /* the first was filtered out */
    assert_int_equal(in.len, 64);
    assert_memory_equal(in.data, out.data, 64);
    csk_close(&a);
    csk_close(&b);
}

static void the_kernel_sends_a_frame_by_a_timer(void)
{
    struct csk_socket bcm = family_socket(AF_CAN, SOCK_DGRAM, CAN_BCM);
    struct csk_socket listener = family_socket(AF_CAN, SOCK_RAW, CAN_RAW);
    struct bcm_msg_head head = { .opcode = TX_SETUP,
                                 .flags = SETTIMER | STARTTIMER,
                                 .ival2 = { .tv_usec = 20000 },
                                 .can_id = 0x321,
                                 .nframes = 1 };
    struct can_frame frame = { .can_id = 0x321, .can_dlc = 2, .data = { 0xca, 0xfe } };
    struct iovec job[] = { { &head, sizeof head }, { &frame, sizeof frame } };
    struct csk_msg message = { .buffers = job, .buffer_count = 2 };
    struct can_frame in;
    struct csk_addr to;

    family_need_interface("vcan0");
    to = family_address(AF_CAN, CAN_BCM, "vcan0");
    family_bind(&listener, "vcan0");
    family_ok(csk_connect(&bcm, &to, NULL));
    assert_int_equal(csk_sendmsg(&bcm, &message, 0, NULL), sizeof head + sizeof frame);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(csk_recv(&listener, &in, sizeof in, 0), sizeof in);
        assert_int_equal(in.can_id, 0x321);
        assert_memory_equal(in.data, frame.data, 2);
    }
    csk_close(&bcm);
    csk_close(&listener);
}

static void isotp_carries_a_message_of_many_frames(void)
{
    struct csk_socket a = family_socket(AF_CAN, SOCK_DGRAM, CAN_ISOTP);
    struct csk_socket b = family_socket(AF_CAN, SOCK_DGRAM, CAN_ISOTP);
    unsigned char out[300], in[400];
    struct csk_addr own;
    struct iovec buffer = { in, sizeof in };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1, .addr = &own };

    family_need_interface("vcan0");
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (unsigned char)i;
    family_bind(&a, "vcan0,0x700,0x701");
    family_bind(&b, "vcan0,0x701,0x700");
    own = family_own(&a);
    assert_string_equal(family_text(&own), "vcan0,0x700,0x701");
    assert_int_equal(csk_send(&a, out, sizeof out, 0), sizeof out);
    /* recvmsg works too although this family refuses MSG_CMSG_CLOEXEC. */
    assert_int_equal(csk_recvmsg(&b, &msg, 0), sizeof out);
    assert_memory_equal(in, out, sizeof out);
    csk_close(&a);
    csk_close(&b);
}

static void isotp_accepts_extended_identifiers(void)
{
    struct csk_socket a = family_socket(AF_CAN, SOCK_DGRAM, CAN_ISOTP);
    struct csk_socket b = family_socket(AF_CAN, SOCK_DGRAM, CAN_ISOTP);
    struct csk_addr own;
    char in[16];

    family_need_interface("vcan0");
    family_bind(&a, "vcan0,0x98da10f1,0x98daf110");
    family_bind(&b, "vcan0,0x98daf110,0x98da10f1");
    own = family_own(&b);
    assert_string_equal(family_text(&own), "vcan0,0x98daf110,0x98da10f1");
    assert_int_equal(csk_send(&a, "hello", 5, 0), 5);
    assert_int_equal(csk_recv(&b, in, sizeof in, 0), 5);
    csk_close(&a);
    csk_close(&b);
}

static void j1939_sends_a_group_to_an_address(void)
{
    struct csk_socket a = family_socket(AF_CAN, SOCK_DGRAM, CAN_J1939);
    struct csk_socket b = family_socket(AF_CAN, SOCK_DGRAM, CAN_J1939);
    unsigned char out[100], in[200];
    struct csk_addr to, from;
    struct iovec buffer = { in, sizeof in };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1, .addr = &from };

    family_need_interface("vcan0");
    /* More than eight bytes: the kernel divides them into frames. */
    memset(out, 0x5a, sizeof out);
    family_bind(&a, "vcan0,0,0x40000,0x20");
    family_bind(&b, "vcan0,0,0x12300,0x30");
    from = family_own(&b);
    /* The group is a filter only. */
    assert_string_equal(family_text(&from), "vcan0,0x0,0x40000,48");
    to = family_address(AF_CAN, CAN_J1939, "vcan0,0,0x12300,0x30");
    assert_int_equal(csk_sendto(&a, out, sizeof out, 0, &to, NULL), sizeof out);
    assert_int_equal(csk_recvmsg(&b, &msg, 0), sizeof out);
    assert_memory_equal(in, out, sizeof out);
    /* Linux 6.1 does not report the interface. */
    assert_non_null(strstr(family_text(&from), ",0x0,0x12300,32"));
    csk_close(&a);
    csk_close(&b);
}

TESTS(TEST(a_frame_goes_from_one_socket_to_the_other),
      TEST(a_socket_on_all_links_names_the_one_in_sendto), TEST(filters_and_fd_frames),
      TEST(the_kernel_sends_a_frame_by_a_timer), TEST(isotp_carries_a_message_of_many_frames),
      TEST(isotp_accepts_extended_identifiers), TEST(j1939_sends_a_group_to_an_address))
