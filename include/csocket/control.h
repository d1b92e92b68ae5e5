/* Control messages (ancillary data) by name, with their types: the catalogue.  csocket.h explains
 * the form of the comments.
 *
 * A control message of the catalogue is described like a socket option: csk_option_name,
 * csk_option_level, csk_option_number (its type), csk_option_layout, csk_option_note,
 * csk_option_parse and csk_option_format also work on it.  CSK_OPTION_GET is what is received,
 * CSK_OPTION_SET what is sent.  docs/control-messages.md lists all. */
#ifndef CSOCKET_CONTROL_H
#define CSOCKET_CONTROL_H

#include <csocket/err.h>
#include <csocket/msg.h>
#include <csocket/option.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Size of a buffer for everything that a single receive can deliver: 253 descriptors, credentials,
 * a label, all times, and all headers of an IPv6 packet.  Align it as a size_t. */
#define CSK_CONTROL_MAX 16384

/**
 * Find a control message by its name.
 *
 * @name    "IP_PKTINFO", in any case, with or without "SCM_" or "SO_" (borrowed)
 * @family  AF_* of the socket, or AF_UNSPEC
 *
 * Returns: the control message, which is constant, or NULL if there is none of that name.
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
 * @type    the type
 *
 * Returns: the control message, which is constant, or NULL if the catalogue does not have it.
 * Errors:  none
 * Python:  message.control
 * Since:   0.1
 * See:     csk_cmsg_next(3), csk_option_name(3)
 */
CSK_API const struct csk_option *csk_control_by_number(int family, int level, int type);

/**
 * Iterate over the catalogue: index 0, 1, ... until NULL.
 *
 * @index   index of the control message
 *
 * Returns: the control message, or NULL after the last one.
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
 * @item    filled in; its data points into the message
 * @error   filled in with the reason of a failure; may be NULL
 *
 * Returns: the number of bytes of data.
 * Errors:  CSK_EOPTION there is no control message of that name
 *          -ENODATA the message does not contain it
 *          CSK_EANCILLARY malformed ancillary data
 * Python:  message.control.ip_pktinfo
 * Since:   0.1
 * See:     csk_control_get(3), csk_recvmsg(3)
 */
CSK_API int csk_control_get_bytes(const struct csk_msg *msg, const char *name,
                                  struct csk_cmsg *item, struct csk_error *error);

/**
 * Read a control message as text.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @text    filled in, always terminated by a null byte, truncated if necessary
 * @size    size of text
 * @error   filled in with the reason of a failure; may be NULL
 *
 * Returns: the length of the complete text, without the null byte.
 * Errors:  as csk_control_get_bytes; CSK_EOPTVALUE there are too few bytes
 * Python:  str(message.control)
 * Since:   0.1
 * See:     csk_control_get_number(3), csk_control_get_field(3)
 */
CSK_API int csk_control_get(const struct csk_msg *msg, const char *name, char *text, size_t size,
                            struct csk_error *error);

/**
 * Read a control message that is a number or a time.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @number  set to the number; of a time to nanoseconds
 * @error   filled in with the reason of a failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_control_get_bytes; CSK_EOPTVALUE it is not a number
 * Python:  message.control.ip_ttl
 * Since:   0.1
 * See:     csk_control_get(3)
 */
CSK_API int csk_control_get_number(const struct csk_msg *msg, const char *name, int64_t *number,
                                   struct csk_error *error);

/**
 * Read a field of a control message, which is a number or a time.
 *
 * @msg     the message (borrowed)
 * @name    as csk_control_find (borrowed)
 * @field   name of the field (borrowed)
 * @number  set to the number; of a time to nanoseconds
 * @error   filled in with the reason of a failure; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_control_get_bytes; CSK_EOPTVALUE no such field, or it is not a number
 * Python:  message.control.scm_timestamping.hardware
 * Since:   0.1
 * See:     csk_control_get_number(3)
 */
CSK_API int csk_control_get_field(const struct csk_msg *msg, const char *name, const char *field,
                                  int64_t *number, struct csk_error *error);

/**
 * Append a control message, given as text, to ancillary data that is to be sent.
 *
 * @control the buffer (the caller's), aligned as a size_t
 * @size    size of control
 * @used    number of bytes in use, 0 at first; increased.  Afterwards it is the msg's control_size
 * @name    as csk_control_find (borrowed)
 * @text    the value, as csk_option_set takes it: "ifindex=eth0 spec_dst=192.0.2.1" (borrowed)
 * @error   filled in with the reason of a failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTION no control message of that name that can be sent
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
 * byte, truncated if necessary; unknown messages are level:type=bytes
 * @size    size of text
 *
 * Returns: the length of the complete text, without the null byte.
 * Errors:  CSK_ENULL
 * Python:  str(message.control)
 * Since:   0.1
 * See:     csk_cmsg_next(3)
 */
CSK_API int csk_control_format(const struct csk_msg *msg, int family, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
