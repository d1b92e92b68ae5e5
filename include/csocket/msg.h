/* Messages: several buffers in one call, and ancillary data.
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

/* A message of csk_sendmsg and csk_recvmsg.  The caller owns everything that it points to. */
struct csk_msg {
    struct iovec *buffers;
    size_t buffer_count;
    void *control;         /* ancillary data; aligned as a size_t */
    size_t control_size;   /* in bytes; received: set to the number of bytes in use */
    struct csk_addr *addr; /* destination, or filled in with the sender; may be NULL */
    int flags;             /* received: MSG_TRUNC, MSG_CTRUNC, MSG_EOR ... */
};
typedef struct csk_msg csk_msg_t;

/* An item of ancillary data. */
struct csk_cmsg {
    int level;
    int type;
    const void *data; /* inside the message's control buffer */
    size_t size;      /* number of bytes of data in the buffer */
    bool truncated;   /* the item was longer than the buffer */
    size_t next;      /* iterator position */
};
typedef struct csk_cmsg csk_cmsg_t;

/**
 * Send a message.
 *
 * The bytes of all buffers are one message on a datagram socket, and consecutive bytes on a stream,
 * which may accept fewer. Ancillary data is made with csk_control_put or csk_cmsg_put.
 *
 * @s       the socket
 * @msg     buffers, ancillary data and address (borrowed); flags is ignored.  A stream sends only
 *          the first IOV_MAX buffers
 * @flags   MSG_*
 * @error   filled in on failure: "send to 127.0.0.1:9: Connection refused"; may be NULL
 *
 * Returns: the number of bytes sent.
 * Errors:  as csk_send
 *          -EMSGSIZE there are more than IOV_MAX buffers, and s is not a stream
 * Python:  socket.sendmsg
 * Since:   0.1
 * See:     sendmsg(2), csk_cmsg_put(3)
 */
CSK_API ssize_t csk_sendmsg(struct csk_socket *s, const struct csk_msg *msg, int flags,
                            struct csk_error *error);

/**
 * Receive a message.
 *
 * File descriptors in it (SCM_RIGHTS, SCM_PIDFD) are close-on-exec.
 *
 * @s       the socket
 * @msg     the buffers (the caller's); control_size, flags and addr are filled in.  The caller owns
 *          descriptors in the ancillary data: csk_cmsg_close_fds closes them.  A stream fills only
 *          the first IOV_MAX buffers
 * @flags   MSG_*
 *
 * Returns: the number of bytes received.
 * Errors:  as csk_recv
 * Python:  socket.recvmsg, socket.recvmsg_into
 * Since:   0.1
 * See:     recvmsg(2), csk_cmsg_next(3)
 */
CSK_API ssize_t csk_recvmsg(struct csk_socket *s, struct csk_msg *msg, int flags);

/* One message of csk_send_many and csk_recv_many. */
struct csk_datagram {
    void *data;  /* received: inside the memory for the data */
    size_t size; /* of data in bytes */
    /* Received: the sender's address, in the memory for addresses; messages that the kernel
     * delivered together share one.  Sent: the destination.  NULL: none. */
    struct csk_addr *addr;
    void *control; /* ancillary data, aligned as a size_t; NULL: none */
    size_t control_size;
    /* 0: one datagram; otherwise data holds datagrams of this size in bytes, the last may be
     * shorter. */
    size_t segment_size;
    int flags; /* received: MSG_TRUNC, MSG_CTRUNC ... */
};
typedef struct csk_datagram csk_datagram_t;

/* The caller's memory for csk_recv_many. */
struct csk_recv_memory {
    void *data; /* for the data of all messages */
    size_t size;
    size_t message_size;    /* of one message: longer ones are truncated, with MSG_TRUNC */
    struct csk_addr *addrs; /* one per message, or NULL */
    void *control;          /* ancillary data: control_size bytes per message, or NULL */
    size_t control_size;    /* a multiple of the size of a size_t */
};
typedef struct csk_recv_memory csk_recv_memory_t;

/* Size of csk_recv_memory.data with which no message is truncated on a socket that has UDP_GRO
 * enabled. */
#define CSK_RECV_MANY_MIN 65536

/**
 * Receive many messages in one call.
 *
 * Waits for the first message and then receives the messages that have already arrived; after
 * several calls that found a single message each, most calls receive one without looking for more.
 * On a socket that has UDP_GRO enabled, the kernel delivers datagrams of one sender together, and
 * the call separates them; if messages is too short for that, segment_size of the last one is set.
 * Uses recvmmsg(2) on systems that have it.
 *
 * @s        the socket; not a SOCK_STREAM socket
 * @messages filled in; data and addr point into memory.  The caller owns descriptors in ancillary
 *           data
 * @count    maximum number of messages
 * @memory   the memory for the messages (the caller's)
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
 * Consecutive messages of the same size to the same address are sent as one that the kernel divides
 * (UDP_SEGMENT, Linux 4.18), all others with sendmmsg(2) on systems that have it.  If the device or
 * the size does not allow UDP_SEGMENT, the messages are sent separately.  The timeout limits the
 * whole call.
 *
 * @s        the socket; not a SOCK_STREAM socket
 * @messages the messages (borrowed); segment_size divides a message into datagrams, flags is
 *           ignored
 * @count    number of elements of messages
 * @flags    MSG_*
 * @error    filled in if not all messages were sent; may be NULL
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
 * @size         size of data in bytes
 * @segment_size size of each datagram in bytes; the last may be shorter
 * @flags        MSG_*
 * @to           the destination (borrowed), or NULL
 * @error        filled in if not all datagrams were sent; may be NULL
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
 * Return the size of an item of ancillary data, without the padding after it.
 *
 * @length  size of the item's data in bytes
 *
 * Returns: the number of bytes.
 * Errors:  CSK_ERANGE length is greater than a message can hold
 * Python:  CMSG_LEN
 * Since:   0.1
 * See:     cmsg(3)
 */
CSK_API ssize_t csk_CMSG_LEN(size_t length);

/**
 * Return the size of an item of ancillary data, with the padding after it.
 *
 * @length  size of the item's data in bytes
 *
 * Returns: the number of bytes.
 * Errors:  CSK_ERANGE length is greater than a message can hold
 * Python:  CMSG_SPACE
 * Since:   0.1
 * See:     cmsg(3)
 */
CSK_API ssize_t csk_CMSG_SPACE(size_t length);

/**
 * Append an item to ancillary data that is to be sent.
 *
 * @control the buffer (the caller's), aligned as a size_t; appended to
 * @size    size of control in bytes; the sum of csk_CMSG_SPACE of all items is enough
 * @used    number of bytes of control in use, 0 at first; increased.  Afterwards it is the
 *          message's control_size
 * @level   the level: SOL_SOCKET ...
 * @type    the type: SCM_RIGHTS ...
 * @data    the item's data (borrowed); may be NULL if length is 0
 * @length  size of data in bytes
 *
 * Returns: 0.
 * Errors:  CSK_ESPACE control is too small; nothing is appended
 *          CSK_ERANGE length is greater than a message can hold
 * Python:  socket.sendmsg(ancdata)
 * Since:   0.1
 * See:     csk_sendmsg(3), cmsg(3)
 */
CSK_API int csk_cmsg_put(void *control, size_t size, size_t *used, int level, int type,
                         const void *data, size_t length);

/**
 * Iterate over the items of received ancillary data.
 *
 * No byte beyond control_size is read, regardless of the length in an item's header.
 *
 * @msg     the message (borrowed)
 * @item    all zero at first ({0}); filled in with the next item
 *
 * Returns: 1 if there is an item, 0 after the last one.
 * Errors:  CSK_EANCILLARY the length of an item is invalid; the rest cannot be read
 * Python:  socket.recvmsg
 * Since:   0.1
 * See:     csk_recvmsg(3), cmsg(3)
 */
CSK_API int csk_cmsg_next(const struct csk_msg *msg, struct csk_cmsg *item);

/**
 * Close every file descriptor in a received message: those of SCM_RIGHTS and SCM_PIDFD.
 *
 * @msg     the message (borrowed)
 *
 * Returns: the number of descriptors closed.
 * Errors:  CSK_ENULL msg is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_recvmsg(3)
 */
CSK_API ssize_t csk_cmsg_close_fds(const struct csk_msg *msg);

/**
 * Send descriptors over an AF_UNIX socket.
 *
 * @s       the socket
 * @buffers the bytes to send with them (borrowed); on a stream at least one byte
 * @count   number of elements of buffers
 * @fds     the descriptors (borrowed); may be NULL if fd_count is 0
 * @fd_count number of elements of fds; the kernel accepts at most 253
 * @flags   MSG_*
 * @to      the destination (borrowed), or NULL
 * @error   filled in on failure; may be NULL
 *
 * Returns: the number of bytes sent.
 * Errors:  as csk_send
 *          -EBADF a descriptor is not open; the error names it
 *          -EINVAL fd_count is too large, or a stream would send no byte
 * Python:  send_fds
 * Since:   0.1
 * See:     unix(7), csk_recv_fds(3)
 */
CSK_API ssize_t csk_send_fds(struct csk_socket *s, const struct iovec *buffers, size_t count,
                             const int *fds, size_t fd_count, int flags, const struct csk_addr *to,
                             struct csk_error *error);

/**
 * Receive descriptors over an AF_UNIX socket.  They are close-on-exec, and the caller owns them.
 *
 * Other control messages are discarded, and a descriptor in one of them (SCM_PIDFD) is closed: use
 * csk_recvmsg to receive them.
 *
 * @s       the socket
 * @data    the buffer for the bytes sent with them (the caller's)
 * @size    size of data in bytes
 * @fds     filled in with the descriptors; may be NULL if *fd_count is 0
 * @fd_count number of elements of fds; set to the number of descriptors received
 * @flags   MSG_*; set to the message's flags: MSG_CTRUNC if there were more descriptors, which are
 *          then closed
 * @from    filled in with the sender's address; may be NULL
 *
 * Returns: the number of bytes received.
 * Errors:  as csk_recv; then no descriptor was received
 * Python:  recv_fds
 * Since:   0.1
 * See:     unix(7), csk_send_fds(3)
 */
CSK_API ssize_t csk_recv_fds(struct csk_socket *s, void *data, size_t size, int *fds,
                             size_t *fd_count, int *flags, struct csk_addr *from);

/**
 * Send data to an AF_ALG socket, with the operation's parameters.
 *
 * @s       an accepted AF_ALG socket
 * @buffers the data (borrowed); may be NULL if count is 0
 * @count   number of elements of buffers
 * @op      ALG_OP_ENCRYPT, ALG_OP_DECRYPT ...
 * @iv      the initialisation vector (borrowed), or NULL
 * @iv_size size of iv in bytes
 * @assoclen size in bytes of the associated data at the beginning of the data; negative: none
 * @flags   MSG_*
 *
 * Returns: the number of bytes sent.
 * Errors:  as csk_send
 *          CSK_EFAMILY s is not an AF_ALG socket
 *          CSK_ERANGE op is negative, iv_size is greater than 256, or assoclen exceeds 32 bits
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
