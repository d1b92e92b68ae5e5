/* The error queue, and timestamps. */
#include "control/table.h"

#include <string.h>

/* The fields of the two structs of an entry are found by name, in any control message: each family
 * has its own. */
static bool is_struct(const struct csk_layout *layout, const char *name)
{
    return layout && strncmp(csk_layout_name(layout), name, strlen(name)) == 0;
}

static int64_t number(const struct csk_layout *layout, const struct csk_cmsg *item,
                      const char *field)
{
    int index = csk_layout_find(layout, field);
    char text[CSK_VALUE_TEXT_MAX];
    struct csk_value value;

    if (index < 0 || csk_layout_get(layout, (size_t)index, 0, item->data, item->size, &value, text))
        return 0;
    return value.kind == CSK_VALUE_INT || value.kind == CSK_VALUE_UINT ? value.i : 0;
}

/* The address after a struct sock_extended_err. */
static void read_offender(struct csk_queued_error *entry, const struct csk_layout *layout,
                          const struct csk_cmsg *item)
{
    size_t begin = csk_layout_size(layout), size;

    if (item->size <= begin)
        return;
    size = item->size - begin;
    if (size > sizeof entry->offender.storage)
        size = sizeof entry->offender.storage;
    memcpy(entry->offender.bytes, (const char *)item->data + begin, size);
    if (size >= sizeof(sa_family_t) && entry->offender.sa.sa_family != AF_UNSPEC)
        entry->offender.len = (socklen_t)size;
}

static void read_error(struct csk_queued_error *entry, const struct csk_layout *layout,
                       const struct csk_cmsg *item)
{
    uint32_t info = (uint32_t)number(layout, item, "info");
    uint32_t data = (uint32_t)number(layout, item, "data");
    int code = (int)number(layout, item, "code"), error = (int)number(layout, item, "errno");

    entry->origin = (enum csk_error_origin)number(layout, item, "origin");
    switch (entry->origin) {
    case CSK_ORIGIN_TIMESTAMP:
        entry->stage = (enum csk_timestamp_stage)info;
        entry->id = data;
        return;
    case CSK_ORIGIN_ZEROCOPY:
        entry->first = info;
        entry->last = data;
        entry->copied = code & 1; /* SO_EE_CODE_ZEROCOPY_COPIED */
        return;
    default: break;
    }
    entry->code = -error;
    entry->icmp_type = (uint8_t)number(layout, item, "type");
    entry->icmp_code = (uint8_t)code;
    entry->mtu = error == EMSGSIZE ? info : 0;
    read_offender(entry, layout, item);
}

static void read_item(struct csk_queued_error *entry, int family, const struct csk_cmsg *item)
{
    const struct csk_option *control = csk_control_by_number(family, item->level, item->type);
    const struct csk_layout *layout = csk_option_layout(control, CSK_OPTION_GET);

    if (is_struct(layout, "sock_extended_err")) {
        read_error(entry, layout, item);
    } else if (is_struct(layout, "scm_timestamping")) {
        entry->software = number(layout, item, "software");
        entry->hardware = number(layout, item, "hardware");
    }
}

ssize_t csk_recv_error(struct csk_socket *s, struct csk_queued_error *entry, void *data,
                       size_t size)
{
    _Alignas(size_t) char control[1024];
    struct iovec part = { data, size };
    struct msghdr h;
    struct csk_msg msg = { .control = control };
    struct csk_cmsg item = { 0 };
    ssize_t n;

    if (!(s && entry && (data || !size)))
        return CSK_ENULL;
    *entry = (struct csk_queued_error){ 0 };
    if (cski_os_error_queue == 0)
        return -EOPNOTSUPP;
    do {
        h = (struct msghdr){ .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_name = &entry->addr.sa,
                             .msg_namelen = sizeof entry->addr.storage,
                             .msg_control = control,
                             .msg_controllen = sizeof control };
        /* Where there is an error queue, its entry is removed all the same; families without one
         * ignore the flag, and would receive data. */
        n = cski_sys(recvmsg)(cski_fd(s), &h, cski_os_error_queue | MSG_PEEK | MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    msg.control_size = h.msg_controllen;
    if (!(h.msg_flags & cski_os_error_queue)) {
        csk_cmsg_close_fds(&msg);
        *entry = (struct csk_queued_error){ 0 };
        return -EAGAIN;
    }
    cski_addr_received(&entry->addr, h.msg_namelen, s->proto);
    entry->flags = h.msg_flags & ~cski_os_error_queue;
    while (csk_cmsg_next(&msg, &item) > 0)
        read_item(entry, s->family, &item);
    return n;
}

/* From all flags of newer kernels to those that every kernel with SO_TIMESTAMPING supports. */
static const char received[] =
    "SOF_TIMESTAMPING_RX_HARDWARE|SOF_TIMESTAMPING_RX_SOFTWARE|SOF_TIMESTAMPING_SOFTWARE|"
    "SOF_TIMESTAMPING_RAW_HARDWARE";
#define SENT_AND_RECEIVED                                                                          \
    "SOF_TIMESTAMPING_RX_HARDWARE|SOF_TIMESTAMPING_RX_SOFTWARE|SOF_TIMESTAMPING_SOFTWARE|"         \
    "SOF_TIMESTAMPING_RAW_HARDWARE|SOF_TIMESTAMPING_TX_HARDWARE|SOF_TIMESTAMPING_TX_SOFTWARE"
#define SENT_ID "|SOF_TIMESTAMPING_OPT_ID"
#define SENT_MORE "|SOF_TIMESTAMPING_TX_SCHED|SOF_TIMESTAMPING_TX_ACK|SOF_TIMESTAMPING_OPT_TSONLY"
static const char both[][356] = {
    SENT_AND_RECEIVED SENT_ID SENT_MORE,
    SENT_AND_RECEIVED SENT_ID,
    SENT_AND_RECEIVED,
};

int csk_enable_timestamps(struct csk_socket *s, bool sent, struct csk_error *error)
{
    int n = -EINVAL;

    if (!sent)
        return csk_option_set(s, "SO_TIMESTAMPING", received, error);
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        if ((n = csk_option_set(s, "SO_TIMESTAMPING", both[i], error)) != -EINVAL)
            break;
    return n;
}
