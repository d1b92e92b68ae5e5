/* Ancillary data: building it, and iterating over it in a buffer of any origin. */
#include "internal.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* The maximum size of data for which the length of an item fits in a socklen_t.  For one byte,
 * CMSG_SPACE adds its maximum: the header, and padding before and after the data. */
#define LONGEST ((size_t)INT_MAX - CMSG_LEN(0))
#define LONGEST_PADDED ((size_t)INT_MAX - CMSG_SPACE(1))

ssize_t csk_CMSG_LEN(size_t length)
{
    return length > LONGEST ? CSK_ERANGE : (int64_t)CMSG_LEN(length);
}

ssize_t csk_CMSG_SPACE(size_t length)
{
    return length > LONGEST_PADDED ? CSK_ERANGE : (int64_t)CMSG_SPACE(length);
}

int csk_cmsg_put(void *control, size_t size, size_t *used, int level, int type, const void *data,
                 size_t length)
{
    int64_t space = csk_CMSG_SPACE(length);
    struct cmsghdr *h;

    if (!(control && used && (data || !length)))
        return CSK_ENULL;
    if (space < 0)
        return (int)space;
    if (*used > size || (size_t)space > size - *used)
        return CSK_ESPACE;
    h = (struct cmsghdr *)((char *)control + *used);
    /* Padding goes to the kernel too; it must not contain earlier contents of the buffer. */
    memset(h, 0, (size_t)space);
    h->cmsg_level = level;
    h->cmsg_type = type;
    h->cmsg_len = CMSG_LEN(length);
    if (length)
        memcpy(CMSG_DATA(h), data, length);
    *used += (size_t)space;
    return 0;
}

/* CMSG_NXTHDR is not used: its reads beyond the end differ between C libraries. */
int csk_cmsg_next(const struct csk_msg *msg, struct csk_cmsg *item)
{
    size_t at, left, space;
    struct cmsghdr h;

    if (!(msg && item))
        return CSK_ENULL;
    at = item->next;
    if (!msg->control || at >= msg->control_size || msg->control_size - at < CMSG_LEN(0))
        return 0;
    left = msg->control_size - at;
    memcpy(&h, (const char *)msg->control + at, sizeof h);
    if (h.cmsg_len < CMSG_LEN(0))
        return CSK_EANCILLARY;
    item->level = h.cmsg_level;
    item->type = h.cmsg_type;
    item->data = (const char *)msg->control + at + CMSG_LEN(0);
    item->truncated = h.cmsg_len > left;
    item->size = (item->truncated ? left : h.cmsg_len) - CMSG_LEN(0);
    space = item->truncated ? left : CMSG_SPACE(item->size);
    item->next = space < left ? at + space : msg->control_size;
    return 1;
}

static bool is_rights(const struct csk_cmsg *item)
{
    return item->level == SOL_SOCKET && item->type == SCM_RIGHTS;
}

/* The sender's pidfd (Linux 6.5), or a negative errno in its place if it has exited. */
static bool is_pidfd(const struct csk_cmsg *item)
{
    const struct csk_constant *pidfd = csk_constant_find("SCM_PIDFD");

    return pidfd && item->level == SOL_SOCKET && item->type == pidfd->value;
}

/* The number of descriptors in an item, regardless of its type. */
static size_t fd_count_of(const struct csk_cmsg *item)
{
    if (is_rights(item))
        return item->size / sizeof(int);
    return item->size >= sizeof(int) && is_pidfd(item) ? 1 : 0;
}

int cski_cmsg_fd(const struct csk_cmsg *item, size_t index)
{
    int fd;

    memcpy(&fd, (const char *)item->data + index * sizeof fd, sizeof fd);
    return fd;
}

int cski_cmsg_close_from(const struct csk_cmsg *item, size_t first)
{
    size_t count = fd_count_of(item);
    int closed = 0, fd;

    for (size_t i = first; i < count; i++) {
        if ((fd = cski_cmsg_fd(item, i)) >= 0) {
            cski_sys(close)(fd);
            closed++;
        }
    }
    return closed;
}

ssize_t csk_cmsg_close_fds(const struct csk_msg *msg)
{
    struct csk_cmsg item = { 0 };
    int closed = 0;

    if (!msg)
        return CSK_ENULL;
    while (csk_cmsg_next(msg, &item) > 0)
        closed += cski_cmsg_close_from(&item, 0);
    return closed;
}

void cski_cmsg_set_cloexec(const struct csk_msg *msg)
{
    struct csk_cmsg item = { 0 };
    size_t count, i;
    int fd;

    while (csk_cmsg_next(msg, &item) > 0)
        for (count = fd_count_of(&item), i = 0; i < count; i++)
            if ((fd = cski_cmsg_fd(&item, i)) >= 0)
                cski_sys(fcntl)(fd, F_SETFD, FD_CLOEXEC);
}
