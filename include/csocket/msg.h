/* Messages: many buffers at once, and ancillary data.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_MSG_H
#define CSOCKET_MSG_H

#include <csocket/addr.h>
#include <csocket/err.h>
#include <csocket/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What csk_sendmsg sends and csk_recvmsg fills in.  All that it points to is the caller's. */
struct csk_msg {
    struct iovec *buffers;
    size_t buffer_count;
    void *control;         /* ancillary data; aligned as a size_t */
    size_t control_size;   /* received: becomes what is there */
    struct csk_addr *addr; /* sent to, or filled in with where it comes from; may be NULL */
    int flags;             /* received: MSG_TRUNC, MSG_CTRUNC, MSG_EOR ... */
};

/* An item of ancillary data. */
struct csk_cmsg {
    int level;
    int type;
    const void *data; /* inside the message's control buffer */
    size_t size;      /* bytes of data that are there */
    bool truncated;   /* it says that it is longer than the buffer */
    size_t next;      /* the walker's place */
};

/**
 * Send a message.
 *
 * @s       the socket
 * @msg     buffers, ancillary data and address (borrowed); flags plays no part.  Of more buffers
 *          than the system takes (IOV_MAX) a stream sends the first
 * @flags   MSG_*
 *
 * Returns: how many bytes were sent.
 * Errors:  as csk_send; -EMSGSIZE there are more buffers than the system takes, and s is not
 *          a stream
 * Python:  socket.sendmsg
 * Since:   0.1
 * See:     sendmsg(2), csk_cmsg_put(3)
 */
CSK_API ssize_t csk_sendmsg(struct csk_socket *s, const struct csk_msg *msg, int flags);

/**
 * Receive a message.
 *
 * File descriptors in it (SCM_RIGHTS, SCM_PIDFD) are close-on-exec.
 *
 * @s       the socket
 * @msg     where it goes; control_size, flags and addr are filled in.  A caller that gives room for
 *          ancillary data owns the descriptors in it: csk_cmsg_close_fds closes them.  Of more
 *          buffers than the system takes (IOV_MAX) a stream fills the first
 * @flags   MSG_*
 *
 * Returns: how many bytes came.
 * Errors:  as csk_recv
 * Python:  socket.recvmsg, socket.recvmsg_into
 * Since:   0.1
 * See:     recvmsg(2), csk_cmsg_next(3)
 */
CSK_API ssize_t csk_recvmsg(struct csk_socket *s, struct csk_msg *msg, int flags);

/* One message of csk_send_many and csk_recv_many. */
struct csk_datagram {
    void *data; /* received: inside the memory for the data */
    size_t size;
    /* Received: the sender's, in the memory for addresses; messages that the kernel delivered
     * together share one.  Sent: the destination.  NULL: none. */
    struct csk_addr *addr;
    void *control; /* ancillary data, aligned as a size_t; NULL: none */
    size_t control_size;
    /* 0, or data holds several datagrams of this size; the last may be shorter. */
    size_t segment_size;
    int flags; /* received: MSG_TRUNC, MSG_CTRUNC ... */
};

/* The caller's memory for csk_recv_many. */
struct csk_recv_memory {
    void *data; /* for the data of all messages */
    size_t size;
    size_t message_size;    /* of the longest message: longer ones are truncated, with MSG_TRUNC */
    struct csk_addr *addrs; /* one for each message, or NULL */
    void *control;          /* ancillary data: control_size bytes for each message, or NULL */
    size_t control_size;    /* a multiple of the size of a size_t */
};

/* Size of csk_recv_memory.data with which no message is truncated on a socket that has UDP_GRO
 * enabled. */
#define CSK_RECV_MANY_MIN 65536

/**
 * Receive many messages in one call.
 *
 * Waits for the first message and then takes what has already arrived; where the last calls found a
 * single message each, most calls take one without looking for more.  On a socket that has
 * UDP_GRO enabled the kernel delivers datagrams of one sender together, and the call separates
 * them; if messages is too short for that, segment_size of the last one is set.  Uses recvmmsg(2)
 * where the system has it.
 *
 * @s        the socket; not a SOCK_STREAM socket
 * @messages filled in; data and addr point into memory.  The caller owns descriptors in ancillary
 *           data
 * @count    maximum number of messages
 * @memory   where the messages are stored (the caller's)
 * @flags    MSG_*; with MSG_PEEK one message is received
 *
 * Returns: the number of messages received; 0 if count is 0.
 * Errors:  as csk_recvmsg, for the first message; later errors are reported by the next call
 *          CSK_ESPACE memory is too small for one message
 *          -EOPNOTSUPP s is a SOCK_STREAM socket
 * Python:  socket.recv_many, socket.recv_many_into
 * Since:   0.1
 * See:     recvmmsg(2), udp(7), csk_send_many(3)
 */
CSK_API ssize_t csk_recv_many(struct csk_socket *s, struct csk_datagram *messages, size_t count,
                              const struct csk_recv_memory *memory, int flags);

/**
 * Send many messages in one call.
 *
 * Successive messages of the same size to the same address are sent as one where the kernel divides
 * them (UDP_SEGMENT, Linux 4.18); all others with sendmmsg(2) where the system has it.  If the
 * device or the size does not allow UDP_SEGMENT, the messages are sent separately.  The timeout
 * applies to the whole call.
 *
 * @s        the socket; not a SOCK_STREAM socket
 * @messages the messages (borrowed); segment_size divides a message into datagrams, flags is
 *           ignored
 * @count    number of messages
 * @flags    MSG_*
 * @error    filled in with the reason if not all messages were sent; may be NULL
 *
 * Returns: the number of messages sent: the first ones of the array.  A message with a segment_size
 *          counts once all of it has been sent.
 * Errors:  as csk_sendmsg, if the first message was not sent
 *          -EOPNOTSUPP s is a SOCK_STREAM socket
 * Python:  socket.send_many
 * Since:   0.1
 * See:     sendmmsg(2), udp(7), csk_recv_many(3), csk_send_segments(3)
 */
CSK_API ssize_t csk_send_many(struct csk_socket *s, const struct csk_datagram *messages,
                              size_t count, int flags, struct csk_error *error);

/**
 * Send one buffer as datagrams of the same size.
 *
 * @s            the socket; not a SOCK_STREAM socket
 * @data         the buffer (borrowed)
 * @size         bytes of data
 * @segment_size bytes of each datagram; the last may be shorter
 * @flags        MSG_*
 * @to           the destination, or NULL
 * @error        filled in with the reason if not all datagrams were sent; may be NULL
 *
 * Returns: the number of datagrams sent.
 * Errors:  as csk_send_many; CSK_ERANGE segment_size is 0
 * Python:  socket.send_many
 * Since:   0.1
 * See:     csk_send_many(3)
 */
CSK_API ssize_t csk_send_segments(struct csk_socket *s, const void *data, size_t size,
                                  size_t segment_size, int flags, const struct csk_addr *to,
                                  struct csk_error *error);

/**
 * Bytes that an item of ancillary data takes, without the padding after it.
 *
 * @length  bytes of the item's data
 *
 * Returns: the number of bytes.
 * Errors:  CSK_ERANGE length is greater than a message can hold
 * Python:  CMSG_LEN
 * Since:   0.1
 * See:     cmsg(3)
 */
CSK_API int64_t csk_CMSG_LEN(size_t length);

/**
 * Bytes that an item of ancillary data takes, with the padding after it.
 *
 * @length  bytes of the item's data
 *
 * Returns: the number of bytes.
 * Errors:  CSK_ERANGE length is greater than a message can hold
 * Python:  CMSG_SPACE
 * Since:   0.1
 * See:     cmsg(3)
 */
CSK_API int64_t csk_CMSG_SPACE(size_t length);

/**
 * Append an item to ancillary data that is to be sent.
 *
 * @control the buffer (the caller's), aligned as a size_t
 * @size    bytes of it; the sum of csk_CMSG_SPACE of all items is enough
 * @used    how many are taken: 0 at first; moved on.  Afterwards it is the msg's control_size
 * @level   SOL_SOCKET ...
 * @type    SCM_RIGHTS ...
 * @data    the item's data (borrowed); may be NULL if length is 0
 * @length  bytes of data
 *
 * Returns: 0.
 * Errors:  CSK_ESPACE there is no room; nothing is appended
 *          CSK_ERANGE length is greater than a message can hold
 * Python:  socket.sendmsg(ancdata)
 * Since:   0.1
 * See:     csk_sendmsg(3), cmsg(3)
 */
CSK_API int csk_cmsg_put(void *control, size_t size, size_t *used, int level, int type,
                         const void *data, size_t length);

/**
 * Go through the items of ancillary data that was received.
 *
 * Never reads past control_size, whatever an item says of its length.
 *
 * @msg     the message (borrowed)
 * @item    all zero at first ({0}); filled in with the next item
 *
 * Returns: 1 if there is an item, 0 after the last.
 * Errors:  CSK_EANCILLARY an item's length makes no sense; what follows cannot be read
 * Python:  socket.recvmsg
 * Since:   0.1
 * See:     csk_recvmsg(3), cmsg(3)
 */
CSK_API int csk_cmsg_next(const struct csk_msg *msg, struct csk_cmsg *item);

/**
 * Close every file descriptor in a received message: those of SCM_RIGHTS and SCM_PIDFD.
 *
 * @msg     the message
 *
 * Returns: the number of descriptors closed.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_recvmsg(3)
 */
CSK_API int csk_cmsg_close_fds(const struct csk_msg *msg);

/**
 * Send descriptors over an AF_UNIX socket.
 *
 * @s       the socket
 * @buffers the bytes that go with them (borrowed); on a stream there must be one at least
 * @count   how many buffers
 * @fds     the descriptors (borrowed); may be NULL if fd_count is 0
 * @fd_count how many; the kernel takes 253 at the most
 * @flags   MSG_*
 * @to      an address, or NULL
 *
 * Returns: how many bytes were sent.
 * Errors:  as csk_send; -EBADF one is not open, -EINVAL there are too many
 * Python:  send_fds
 * Since:   0.1
 * See:     unix(7), csk_recv_fds(3)
 */
CSK_API ssize_t csk_send_fds(struct csk_socket *s, const struct iovec *buffers, size_t count,
                             const int *fds, size_t fd_count, int flags, const struct csk_addr *to);

/**
 * Receive descriptors over an AF_UNIX socket.  They are close-on-exec and the caller's.
 *
 * Other control messages are discarded, and a descriptor in one of them (SCM_PIDFD) is closed:
 * csk_recvmsg receives those.
 *
 * @s       the socket
 * @data    where the bytes that go with them go
 * @size    bytes of data
 * @fds     where the descriptors go; may be NULL if there may be none
 * @fd_count how many there may be; becomes how many there are
 * @flags   MSG_*; becomes the message's flags: MSG_CTRUNC when there were more descriptors, which
 *          are then closed
 * @from    filled in with the sender's address; may be NULL
 *
 * Returns: how many bytes came.
 * Errors:  as csk_recv; then no descriptor was received
 * Python:  recv_fds
 * Since:   0.1
 * See:     unix(7), csk_send_fds(3)
 */
CSK_API ssize_t csk_recv_fds(struct csk_socket *s, void *data, size_t size, int *fds,
                             size_t *fd_count, int *flags, struct csk_addr *from);

/**
 * Send a message to an AF_ALG socket: what to do, and on what.
 *
 * @s       an accepted AF_ALG socket
 * @buffers the data (borrowed); may be NULL if count is 0
 * @count   how many buffers
 * @op      ALG_OP_ENCRYPT, ALG_OP_DECRYPT ...
 * @iv      the initialisation vector (borrowed), or NULL
 * @iv_size bytes of iv
 * @assoclen bytes of associated data at the beginning of the data; negative: not said
 * @flags   MSG_*
 *
 * Returns: how many bytes were sent.
 * Errors:  as csk_send; CSK_EFAMILY s is not of AF_ALG; CSK_ERANGE op is negative, the vector
 *          longer than 256 bytes, or assoclen greater than 32 bits hold
 * Python:  socket.sendmsg_afalg
 * Since:   0.1
 * See:     csk_sendmsg(3)
 */
CSK_API ssize_t csk_sendmsg_afalg(struct csk_socket *s, const struct iovec *buffers, size_t count,
                                  int op, const void *iv, size_t iv_size, int64_t assoclen,
                                  int flags);

#ifdef __cplusplus
}
#endif

#endif
