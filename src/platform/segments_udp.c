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

/* The buffer is the kernel's work: its lengths are right. */
size_t cski_os_segment_size(const struct msghdr *header)
{
    const struct cmsghdr *h = CMSG_FIRSTHDR(header);
    int size;

    for (; h; h = CMSG_NXTHDR((struct msghdr *)header, (struct cmsghdr *)h)) {
        if (h->cmsg_level == IPPROTO_UDP && h->cmsg_type == UDP_GRO &&
            h->cmsg_len >= CMSG_LEN(sizeof size)) {
            memcpy(&size, CMSG_DATA(h), sizeof size);
            return size > 0 ? (size_t)size : 0;
        }
    }
    return 0;
}
