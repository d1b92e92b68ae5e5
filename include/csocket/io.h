/* Receiving and sending bytes, and waiting.  csocket.h explains the form of the comments.
 *
 * Every call tries first and waits only if it would block.  The socket's timeout limits the whole
 * call, regardless of the number of interruptions, and so do the socket's deadline and cancel and
 * the scopes of the thread: after one of these limits has been reached, a call fails with
 * CSK_ETIMEDOUT or CSK_ECANCELED before it tries.  While one is in force, no call blocks in the
 * kernel, regardless of the descriptor's mode: calls with flags use MSG_DONTWAIT and wait in
 * poll(2).  csk_accept makes the descriptor of a blocking listener non-blocking permanently,
 * csk_connect makes it non-blocking during the system call, csk_sendfile copies, csk_splice acts
 * like csk_accept.
 *
 * Flags that determine whether a call waits:
 *
 *     MSG_DONTWAIT  never: -EAGAIN
 *     MSG_ERRQUEUE  never, even on blocking sockets; csk_wait(s, 0, timeout) waits for errors
 *     MSG_WAITALL   on SOCK_STREAM, until all bytes have arrived, the stream has ended or a limit
 *                   has been reached; an error is reported only if no byte has arrived
 *     MSG_OOB       for urgent data; if none has been announced, a call without a limit on a
 *                   blocking socket fails with -EINVAL, as recv(2) does
 *     MSG_FASTOPEN  until the connection attempt that it begins is complete; then sends the data
 *
 * If poll(2) reports that a call would not block, but it does (an AF_UNIX datagram to a receiver
 * whose queue is full, a full backlog), the call is tried again after pauses of at most 10 ms, by
 * csk_create_connection and similar functions of at most 64 ms. */
#ifndef CSOCKET_IO_H
#define CSOCKET_IO_H

#include <csocket/addr.h>
#include <csocket/err.h>
#include <csocket/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Receive bytes.
 *
 * Returns the bytes that have arrived, at most size, and waits only if there are none: a stream has
 * no message boundaries, so that one csk_send of the peer may need several calls, and several may
 * arrive in one. A protocol that needs a certain number of bytes, a line or a delimiter uses
 * csk_recvall, csk_recvline or csk_recvuntil.
 *
 * A datagram is received whole; if it is longer than size, the rest is discarded, which csk_recvmsg
 * reports with MSG_TRUNC.
 *
 * @s       the socket
 * @data    the buffer (the caller's)
 * @size    size of data in bytes
 * @flags   MSG_*
 *
 * Returns: the number of bytes received; 0 at the end of the stream, or for an empty datagram.
 * Errors:  CSK_ETIMEDOUT no data arrived before the timeout or a deadline
 *          CSK_ECANCELED a cancel ended the call
 *          -EAGAIN the socket is non-blocking and no data is available
 *          -errno of recv(2); the code that on_interrupt returned
 * Python:  socket.recv, socket.recv_into
 * Since:   0.1
 * See:     recv(2), csk_recvfrom(3)
 */
CSK_API ssize_t csk_recv(struct csk_socket *s, void *data, size_t size, int flags);

/**
 * Receive bytes and the sender's address.
 *
 * @s       the socket
 * @data    the buffer (the caller's)
 * @size    size of data in bytes
 * @flags   MSG_*
 * @from    filled in with the sender's address, whose len is 0 if the protocol reports none; may be
 *          NULL
 *
 * Returns: the number of bytes received.
 * Errors:  as csk_recv
 * Python:  socket.recvfrom, socket.recvfrom_into
 * Since:   0.1
 * See:     recvfrom(2)
 */
CSK_API ssize_t csk_recvfrom(struct csk_socket *s, void *data, size_t size, int flags,
                             struct csk_addr *from);

/**
 * Send bytes: as many as fit into the socket's send buffer.
 *
 * Success means that the kernel has the bytes, not that the peer has received them. Waits only if
 * no byte fits; use csk_sendall to send all.
 *
 * @s       the socket
 * @data    the bytes (borrowed)
 * @size    number of bytes
 * @flags   MSG_*
 *
 * Returns: the number of bytes sent, which may be smaller than size.
 * Errors:  CSK_ETIMEDOUT the send buffer was full until the timeout or a deadline
 *          CSK_ECANCELED a cancel ended the call
 *          -EAGAIN the socket is non-blocking and the send buffer is full
 *          -EPIPE the connection is closed; SIGPIPE is not raised
 *          -errno of send(2); the code that on_interrupt returned
 * Python:  socket.send
 * Since:   0.1
 * See:     send(2), csk_sendall(3)
 */
CSK_API ssize_t csk_send(struct csk_socket *s, const void *data, size_t size, int flags);

/**
 * Send bytes to an address.
 *
 * @s       the socket
 * @data    the bytes (borrowed)
 * @size    number of bytes
 * @flags   MSG_*
 * @to      the address (borrowed); may be NULL: as csk_send
 * @error   filled in on failure: "send to 127.0.0.1:9: Connection refused"; may be NULL
 *
 * Returns: the number of bytes sent.
 * Errors:  as csk_send
 * Python:  socket.sendto
 * Since:   0.1
 * See:     sendto(2)
 */
CSK_API ssize_t csk_sendto(struct csk_socket *s, const void *data, size_t size, int flags,
                           const struct csk_addr *to, struct csk_error *error);

/**
 * Send all bytes.  The timeout limits the whole call.
 *
 * A call that fails may have sent part of the bytes, as reported in sent: after a timeout the
 * program can continue with the remaining bytes.
 *
 * @s       the socket
 * @data    the bytes (borrowed)
 * @size    number of bytes
 * @flags   MSG_*
 * @sent    set to the number of bytes sent, also when the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  as csk_send
 * Python:  socket.sendall
 * Since:   0.1
 * See:     csk_send(3)
 */
CSK_API int csk_sendall(struct csk_socket *s, const void *data, size_t size, int flags,
                        size_t *sent);

/**
 * Receive an exact number of bytes.
 *
 * The timeout limits the whole call.  Bytes that arrived before a timeout or an error are in data:
 * a later call may continue after them.
 *
 * @s       the socket
 * @data    the buffer (the caller's)
 * @size    number of bytes to receive
 * @flags   MSG_*, but neither MSG_PEEK nor MSG_OOB
 * @received set to the number of bytes received, also when the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EINCOMPLETE the peer closed the connection before all bytes arrived
 *          CSK_ESOCKTYPE s is not a stream: the rest of a longer message would be lost
 *          -EOPNOTSUPP a flag is not allowed
 *          as csk_recv
 * Python:  socket.recv_exactly, socket.recv_exactly_into
 * Since:   0.1
 * See:     csk_recv(3), csk_recvline(3)
 */
CSK_API int csk_recvall(struct csk_socket *s, void *data, size_t size, int flags, size_t *received);

/**
 * Receive a line.
 *
 * No byte after the newline is received, so calls of csk_recvline, csk_recvall and csk_recv may
 * alternate.  A partial line remains in the caller's buffer after a timeout: the next call with the
 * same line and length continues.  The timeout limits each call.  Only one thread at a time may
 * receive from the socket.
 *
 * @s       a SOCK_STREAM socket
 * @line    the buffer for the line, including the newline and a null byte (the caller's)
 * @size    size of line in bytes
 * @length  number of bytes of the line already received, 0 at first; updated, also when the call
 *          fails
 *
 * Returns: the length of the line in bytes, including the newline, which only the last line of a
 *          stream may lack; 0 at the end of the stream.
 * Errors:  CSK_ESPACE the line is longer than size - 1 bytes; its beginning is in line
 *          CSK_ESOCKTYPE s is not a stream
 *          as csk_recv
 * Python:  socket.recv_line
 * Since:   0.1
 * See:     csk_makefile(3), getline(3)
 */
CSK_API ssize_t csk_recvline(struct csk_socket *s, char *line, size_t size, size_t *length);

/**
 * Receive bytes up to a delimiter, and the delimiter.
 *
 * Otherwise as csk_recvline: no byte after the delimiter is received, and the bytes received before
 * a call fails remain in data, where the next call with the same data and length continues.
 *
 * @s       a SOCK_STREAM socket
 * @delimiter the bytes at which to stop (borrowed)
 * @delimiter_size size of delimiter in bytes, at least 1
 * @data    the buffer for the bytes, including the delimiter (the caller's)
 * @size    size of data in bytes
 * @length  number of bytes already received, 0 at first; updated, also when the call fails
 *
 * Returns: the number of bytes, including the delimiter.
 * Errors:  CSK_EINCOMPLETE the peer closed the connection before the delimiter arrived
 *          CSK_ESPACE the delimiter is not within the first size bytes, which are in data
 *          CSK_ESOCKTYPE s is not a stream
 *          CSK_ERANGE the delimiter is empty
 *          as csk_recv
 * Python:  socket.recv_until
 * Since:   0.1
 * See:     csk_recvline(3), csk_recvall(3)
 */
CSK_API ssize_t csk_recvuntil(struct csk_socket *s, const void *delimiter, size_t delimiter_size,
                              void *data, size_t size, size_t *length);

/**
 * Send a file's bytes, without copying them through the program if the kernel supports that.
 *
 * A file that the kernel cannot send from (a pipe, a terminal) is read and sent in a loop.  The
 * timeout applies to each piece that the kernel accepts, as in Python.  One call sends at most
 * SSIZE_MAX bytes, which is relevant only if ssize_t has 32 bits: repeat a call that returns
 * SSIZE_MAX with the offset that it has set.
 *
 * @s       a SOCK_STREAM socket, not non-blocking
 * @file    a file descriptor open for reading (borrowed); its offset changes only if it is not
 *          seekable
 * @offset  position of the first byte to send, in bytes; 0 for a file that is not seekable.
 *          Increased by the number of bytes sent, also when the call fails
 * @count   maximum number of bytes to send; negative: until the end of the file
 *
 * Returns: the number of bytes sent.
 * Errors:  CSK_ESOCKTYPE s is not a stream
 *          CSK_ENONBLOCK s is non-blocking
 *          CSK_ERANGE offset is negative
 *          -ESPIPE offset is not 0 and the file is not seekable
 *          as csk_send; -errno of read(2)
 * Python:  socket.sendfile
 * Since:   0.1
 * See:     sendfile(2)
 */
CSK_API ssize_t csk_sendfile(struct csk_socket *s, int file, int64_t *offset, int64_t count);

/**
 * Wait until the socket is ready.
 *
 * Other calls wait by themselves: this one is for code that makes its own system calls on the
 * descriptor, such as a TLS library, and for the error queue (csk_recv_error). Deadlines, cancels
 * and scopes apply.
 *
 * @s       the socket
 * @events  POLLIN, POLLOUT, POLLPRI, or 0 for errors alone
 * @timeout nanoseconds; negative: forever, 0: return at once.  The socket's own timeout does not
 *          apply
 *
 * Returns: the events, including POLLERR and POLLHUP, or 0 if the timeout expired.
 * Errors:  CSK_ETIMEDOUT a deadline of the socket or a scope has passed
 *          CSK_ECANCELED a cancel was triggered
 *          -EBADF the socket is closed
 *          -errno of poll(2); the code that on_interrupt returned
 * Python:  none
 * Since:   0.1
 * See:     poll(2)
 */
CSK_API int csk_wait(struct csk_socket *s, int events, int64_t timeout);

/* One socket of csk_wait_many. */
struct csk_wait_item {
    struct csk_socket *s; /* borrowed; NULL: the item is ignored */
    int events;           /* POLLIN, POLLOUT, POLLPRI, or 0 for errors alone */
    int revents;          /* filled in: also POLLERR, POLLHUP, and POLLNVAL for a closed socket */
};
typedef struct csk_wait_item csk_wait_item_t;

/**
 * Wait until one of several sockets is ready.
 *
 * The deadlines and cancels of all sockets and the scopes of the thread apply as well.  If a signal
 * interrupts the wait, the hook of each socket is called.
 *
 * @items   the sockets and events; revents is filled in
 * @count   number of elements of items
 * @deadline a point in time on csk_now()'s clock; 0: none; if it has passed, the call does not wait
 * @cancel  ends the wait when triggered (borrowed); may be NULL
 *
 * Returns: the number of items with events.
 * Errors:  CSK_ETIMEDOUT a deadline has passed; CSK_ECANCELED a cancel was triggered
 *          CSK_ESCOPE there are too many different cancels
 *          CSK_ERANGE deadline is negative
 *          -ENOMEM; -errno of poll(2); the code that a hook returned
 * Python:  none
 * Since:   0.1
 * See:     csk_wait(3), poll(2)
 */
CSK_API ssize_t csk_wait_many(struct csk_wait_item *items, size_t count, int64_t deadline,
                              struct csk_cancel *cancel);

/**
 * Open a stdio file on a socket.
 *
 * The file reads and writes with the timeout, deadline, cancel and hook that s has at the time of
 * each read or write, and passes s to the hook: the struct must not be moved until fclose.  The
 * file has a duplicate of the descriptor, so csk_close(s) may be called before fclose: the
 * connection ends when both are closed.
 *
 * A call that a limit ends fails with errno ETIMEDOUT or ECANCELED.  fread returns the bytes that
 * have arrived.  fgets and getline return NULL or -1; glibc and the BSDs leave the beginning of the
 * line in the caller's buffer, musl discards it: use csk_recvline for lines that must survive a
 * timeout.  clearerr makes the file usable again.
 *
 * A file that only writes sends its buffer when it is full and when fflush or fclose is called; a
 * file that reads and writes also sends it when the program reads.
 *
 * Of the parameters of Python's makefile, setvbuf(3), called before the file is used, replaces
 * buffering; encoding, errors and newline have no counterpart, because the file contains bytes.
 *
 * @s       the socket (borrowed until fclose), not non-blocking
 * @mode    "r", "w" or "rw" (also "r+"), optionally with "b", which has no effect (borrowed); NULL,
 *          "" and "b": "r"
 * @file    set to the file, which the caller closes with fclose(3); fclose reports an error if
 *          buffered bytes could not be sent
 *
 * Returns: 0.
 * Errors:  CSK_EMODE mode is another string
 *          CSK_ENONBLOCK the socket is non-blocking
 *          -errno of fcntl(2), -ENOMEM
 * Python:  socket.makefile
 * Since:   0.1
 * See:     fopen(3), fopencookie(3)
 */
CSK_API int csk_makefile(struct csk_socket *s, const char *mode, FILE **file);

#ifdef __cplusplus
}
#endif

#endif
