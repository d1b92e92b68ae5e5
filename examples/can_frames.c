/* Receive CAN frames, and send each of them back, followed by another: the program of Python's
 * documentation.
 *
 *     can_frames [INTERFACE]      "vcan0" by default */
#include <csocket/csocket.h>

#include <linux/can.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int n, const char *what)
{
    char text[CSK_ERROR_TEXT_MAX];

    if (n < 0) {
        fprintf(stderr, "can_frames: %s: %s\n", what, csk_strerror(n, text, sizeof text));
        exit(1);
    }
}

static struct can_frame build_can_frame(unsigned can_id, const char *data, unsigned char size)
{
    struct can_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.can_id = can_id;
    frame.can_dlc = size;
    memcpy(frame.data, data, size);
    return frame;
}

static void print_can_frame(const struct can_frame *frame)
{
    printf("Received: can_id=%x, can_dlc=%x, data=", frame->can_id, frame->can_dlc);
    for (int i = 0; i < frame->can_dlc && i < CAN_MAX_DLEN; i++)
        printf("\\x%02x", frame->data[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct can_frame frame, other = build_can_frame(0x01, "\x01\x02\x03", 3);
    struct csk_socket s;
    struct csk_addr addr;

    setvbuf(stdout, NULL, _IOLBF, 0);
    check(csk_socket(&s, AF_CAN, SOCK_RAW, CAN_RAW), "socket");
    check(csk_addr_parse(&addr, AF_CAN, CAN_RAW, argc > 1 ? argv[1] : "vcan0", NULL), "interface");
    check(csk_bind(&s, &addr, NULL), "bind");
    for (;;) {
        check((int)csk_recvfrom(&s, &frame, sizeof frame, 0, &addr), "receive");
        print_can_frame(&frame);
        if (csk_send(&s, &frame, sizeof frame, 0) < 0)
            puts("Error sending CAN frame");
        if (csk_send(&s, &other, sizeof other, 0) < 0)
            puts("Error sending CAN frame");
    }
}
