/* Control messages (ancillary data) by name, with their types: the catalogue.  csocket.h explains
 * the form of the comments.
 *
 * The catalogue describes a control message like a socket option: csk_option_name,
 * csk_option_level, csk_option_number (its type), csk_option_layout, csk_option_note,
 * csk_option_parse and csk_option_format also work on it.  CSK_OPTION_GET is the form that is
 * received, CSK_OPTION_SET the form that is sent.  docs/control-messages.md lists all. */
#ifndef CSOCKET_CONTROL_H
#define CSOCKET_CONTROL_H

#include <csocket/err.h>
#include <csocket/msg.h>
#include <csocket/option.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Size of a buffer for all ancillary data that one call can receive: 253 descriptors, credentials,
 * a label, all times, and all headers of an IPv6 packet.  Align it as a size_t. */
#define CSK_CONTROL_MAX 16384

/* The origin of an entry of the error queue; the numbers are SO_EE_ORIGIN_*. */
enum csk_error_origin {
    CSK_ORIGIN_NONE,
    CSK_ORIGIN_LOCAL,     /* this machine: the send itself failed */
    CSK_ORIGIN_ICMP,      /* a router or the destination, over IPv4 */
    CSK_ORIGIN_ICMP6,     /* the same over IPv6 */
    CSK_ORIGIN_TIMESTAMP, /* no error: the time of a send */
    CSK_ORIGIN_ZEROCOPY,  /* no error: buffers of MSG_ZEROCOPY are free again */
    CSK_ORIGIN_TXTIME,    /* a packet missed its SCM_TXTIME */
};

/* The point of a transmit timestamp. */
enum csk_timestamp_stage {
    CSK_STAGE_SENT,      /* handed to the device, or sent by it (hardware) */
    CSK_STAGE_SCHEDULED, /* entered the queue of the device */
    CSK_STAGE_ACKED,     /* acknowledged by the peer */
};

/* An entry of the error queue. */
struct csk_queued_error {
    enum csk_error_origin origin;
    int code; /* -errno, for example -ECONNREFUSED; 0 if nothing failed */
    uint8_t icmp_type, icmp_code;
    uint32_t mtu;             /* of the path in bytes, if code is -EMSGSIZE */
    struct csk_addr offender; /* sender of the ICMP message; len 0: unknown */
    struct csk_addr addr;     /* destination of the packet; len 0: unknown */
    /* CSK_ORIGIN_TIMESTAMP: times in ns since 1970; 0: none */
    enum csk_timestamp_stage stage;
    int64_t software, hardware;
    uint32_t id; /* of the send: number of sends before it, or of bytes on a stream */
    /* CSK_ORIGIN_ZEROCOPY: the sends, counted from 0 */
    uint32_t first, last;
    bool copied; /* the kernel copied the data: MSG_ZEROCOPY had no benefit */
    int flags;   /* MSG_TRUNC, MSG_CTRUNC */
};
typedef struct csk_queued_error csk_queued_error_t;

/**
 * Receive an entry of the error queue.
 *
 * ICMP errors require the option IP_RECVERR or IPV6_RECVERR, times csk_enable_timestamps;
 * completions of MSG_ZEROCOPY require nothing.  The call never waits: csk_wait(s, 0, timeout)
 * returns POLLERR when there is an entry.  csk_recv and similar functions do not return entries.
 *
 * @s       the socket
 * @entry   filled in
 * @data    filled in with the beginning of the packet that was sent, if the kernel has kept it; may
 *          be NULL if size is 0
 * @size    size of data in bytes
 *
 * Returns: the number of bytes of data.
 * Errors:  -EAGAIN the queue is empty, or the socket's family has none: data are not received
 *          -EOPNOTSUPP the system has no error queue
 *          -errno of recvmsg(2)
 * Python:  socket.errors
 * Since:   0.1
 * See:     ip(7), csk_enable_timestamps(3), csk_wait(3)
 */
CSK_API ssize_t csk_recv_error(struct csk_socket *s, struct csk_queued_error *entry, void *data,
                               size_t size);

/**
 * Enable all timestamps that the kernel, the socket and the device can deliver.
 *
 * Received messages then have the control message SCM_TIMESTAMPING.  If sent is true, the error
 * queue also delivers the times of sends (csk_recv_error), which are numbered from 0.  The kernel
 * begins to record times of arrival a moment later: the first messages may have none.
 *
 * @s       the socket
 * @sent    whether to enable the times of sends as well
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_option_set
 * Python:  socket.enable_timestamps
 * Since:   0.1
 * See:     csk_recv_error(3), csk_control_get_field(3)
 */
CSK_API int csk_enable_timestamps(struct csk_socket *s, bool sent, struct csk_error *error);

/**
 * Send bytes without copying them.
 *
 * The kernel reads the buffer while it sends: it must not change until the error queue
 * (csk_recv_error) has delivered a completion (CSK_ORIGIN_ZEROCOPY) with first <= id <= last.  Only
 * large buffers benefit; if the member copied of the completion is set, the kernel has copied.
 *
 * @s       the socket; it must not be used with MSG_ZEROCOPY in any other way, because the kernel
 *          numbers these sends
 * @data    the bytes (borrowed; until the completion if pending is set)
 * @size    number of bytes
 * @flags   MSG_*
 * @id      set to the number of this send, counted from 0
 * @pending set to whether there will be a completion; if not, the kernel had no memory for it and
 *          copied the bytes
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of bytes sent, which may be smaller than size.
 * Errors:  as csk_send
 *          -ENOPROTOOPT, -EOPNOTSUPP not supported by the kernel or the socket
 * Python:  socket.send_zerocopy
 * Since:   0.1
 * See:     csk_send(3), csk_recv_error(3)
 */
CSK_API ssize_t csk_send_zerocopy(struct csk_socket *s, const void *data, size_t size, int flags,
                                  uint32_t *id, bool *pending, struct csk_error *error);

/**
 * Find a control message by its name.
 *
 * @name    "IP_PKTINFO", in any case, with or without "SCM_" or "SO_" (borrowed)
 * @family  AF_* of the socket, or AF_UNSPEC
 *
 * Returns: the control message, which is constant, or NULL if there is no control message of that
 *          name.
 * Errors:  none
 * Python:  message.control.ip_pktinfo
 * Since:   0.1
 * See:     csk_option_name(3), csk_control_by_number(3)
 */
CSK_API const struct csk_option *csk_control_find(const char *name, int family);

/**
 * Find a control message by its level and type.
 *
 * @family  AF_* of the socket: some levels have the same number; AF_UNSPEC: any
 * @level   SOL_*
 * @type    SCM_*, IP_* ...
 *
 * Returns: the control message, which is constant, or NULL if it is unknown.
 * Errors:  none
 * Python:  message.control
 * Since:   0.1
 * See:     csk_cmsg_next(3), csk_option_name(3)
 */
CSK_API const struct csk_option *csk_control_by_number(int family, int level, int type);

/**
 * Iterate over the catalogue: index 0, 1, ... until NULL.
 *
 * @index   index of the control message, from 0
 *
 * Returns: the control message, which is constant, or NULL after the last one.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_control_find(3)
 */
CSK_API const struct csk_option *csk_control_at(size_t index);

/**
 * Find a control message in a received message.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @item    filled in; its data points into the message's control buffer
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of bytes of data.
 * Errors:  CSK_EOPTION no such control message in the catalogue
 *          -ENOMSG the message does not contain it
 *          CSK_EANCILLARY malformed ancillary data
 * Python:  message.control.ip_pktinfo
 * Since:   0.1
 * See:     csk_control_get(3), csk_recvmsg(3)
 */
CSK_API ssize_t csk_control_get_bytes(const struct csk_msg *msg, const char *name,
                                      struct csk_cmsg *item, struct csk_error *error);

/**
 * Read a control message as text.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @text    filled in, always terminated by a null byte, truncated if necessary
 * @size    size of text in bytes
 * @error   filled in on failure; may be NULL
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  as csk_control_get_bytes; CSK_EOPTVALUE too few bytes
 * Python:  str(message.control)
 * Since:   0.1
 * See:     csk_control_get_number(3), csk_control_get_field(3)
 */
CSK_API ssize_t csk_control_get(const struct csk_msg *msg, const char *name, char *text,
                                size_t size, struct csk_error *error);

/**
 * Read a control message that is a number or a time.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @number  set to the number, or to the time in nanoseconds
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_control_get_bytes; CSK_EOPTVALUE not a number
 * Python:  message.control.ip_ttl
 * Since:   0.1
 * See:     csk_control_get(3)
 */
CSK_API int csk_control_get_number(const struct csk_msg *msg, const char *name, int64_t *number,
                                   struct csk_error *error);

/**
 * Read a field, a number or a time, of a control message.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @field   name of the field (borrowed)
 * @number  set to the number, or to the time in nanoseconds
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_control_get_bytes; CSK_EOPTVALUE no such field, or not a number
 * Python:  message.control.scm_timestamping.hardware
 * Since:   0.1
 * See:     csk_control_get_number(3)
 */
CSK_API int csk_control_get_field(const struct csk_msg *msg, const char *name, const char *field,
                                  int64_t *number, struct csk_error *error);

/**
 * Append a control message, given as text, to ancillary data that is to be sent.
 *
 * @control the buffer (the caller's), aligned as a size_t; appended to
 * @size    size of control in bytes
 * @used    number of bytes of control in use, 0 at first; increased.  Afterwards it is the
 *          message's control_size
 * @name    as csk_control_find (borrowed)
 * @text    the value, as csk_option_set takes it: "ifindex=eth0 spec_dst=192.0.2.1" (borrowed)
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no such control message, or it cannot be sent
 *          CSK_EOPTVALUE invalid value
 *          CSK_ESPACE control is too small; nothing is appended
 * Python:  socket.send_message(control={"ip_ttl": 5})
 * Since:   0.1
 * See:     csk_cmsg_put(3), csk_sendmsg(3)
 */
CSK_API int csk_control_put(void *control, size_t size, size_t *used, const char *name,
                            const char *text, struct csk_error *error);

/**
 * Format all ancillary data of a message, for example for a log.
 *
 * @msg     the message (borrowed)
 * @family  AF_* of the socket, or AF_UNSPEC
 * @text    filled in with "IP_TTL=64, IP_PKTINFO=(ifindex=lo ...)", always terminated by a null
 *          byte, truncated if necessary; unknown messages are level:type=bytes
 * @size    size of text in bytes
 *
 * Returns: the length of the complete text in bytes, without the null byte.
 * Errors:  CSK_ENULL msg is NULL, or text is NULL and size is not 0
 * Python:  str(message.control)
 * Since:   0.1
 * See:     csk_cmsg_next(3)
 */
CSK_API ssize_t csk_control_format(const struct csk_msg *msg, int family, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
