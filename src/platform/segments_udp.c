/* UDP_SEGMENT (Linux 4.18) and UDP_GRO (5.0). */
#include "platform.h"
#include "sys.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

/* The option's value, or -1: another protocol, or an older kernel, which would ignore the control
 * message and send all as one datagram. */
static int option(int fd, int name)
{
    int value;
    socklen_t size = sizeof value;

    return cski_sys(getsockopt)(fd, IPPROTO_UDP, name, &value, &size) < 0 ? -1 : value;
}

bool cski_os_sends_segments(int fd)
{
    return option(fd, UDP_SEGMENT) >= 0;
}

bool cski_os_receives_segments(int fd)
{
    return option(fd, UDP_GRO) > 0;
}

size_t cski_os_put_segment_size(void *control, size_t size)
{
    struct cmsghdr *h = control;
    uint16_t segment = (uint16_t)size;

    memset(h, 0, CMSG_SPACE(sizeof segment));
    h->cmsg_level = IPPROTO_UDP;
    h->cmsg_type = UDP_SEGMENT;
    h->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(h), &segment, sizeof segment);
    return CMSG_SPACE(sizeof segment);
}

/* Without CMSG_NXTHDR: musl's compares numbers of different signs. */
size_t cski_os_segment_size(const struct msghdr *header)
{
    const char *at = header->msg_control;
    size_t left = header->msg_controllen, space;
    struct cmsghdr h;
    int size;

    for (; left >= CMSG_LEN(0); at += space, left -= space) {
        memcpy(&h, at, sizeof h);
        if (h.cmsg_len < CMSG_LEN(0) || h.cmsg_len > left)
            break;
        if (h.cmsg_level == IPPROTO_UDP && h.cmsg_type == UDP_GRO &&
            h.cmsg_len >= CMSG_LEN(sizeof size)) {
            memcpy(&size, at + CMSG_LEN(0), sizeof size);
            return size > 0 ? (size_t)size : 0;
        }
        space = CMSG_SPACE(h.cmsg_len - CMSG_LEN(0));
        if (space > left)
            break;
    }
    return 0;
}
