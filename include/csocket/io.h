/* Receiving and sending bytes, and waiting.  csocket.h explains the form of the comments.
 *
 * Every call tries first and waits only if it would block.  The socket's timeout limits the whole
 * call, however often it is interrupted, and so do the socket's deadline and cancel and the scopes
 * of the thread: once one of these limits has been reached a call fails with CSK_ETIMEDOUT or
 * CSK_ECANCELED before it tries.  While one is in force no call blocks in the kernel, regardless of
 * the descriptor's mode: calls with flags use MSG_DONTWAIT and wait in poll(2).  csk_accept makes a
 * blocking listener's descriptor non-blocking, which it remains, csk_connect does so for the system
 * call, and csk_sendfile copies.
 *
 * Flags that determine whether a call waits:
 * MSG_DONTWAIT  never: -EAGAIN
 * MSG_ERRQUEUE  never, as for blocking sockets; csk_wait(s, POLLERR, timeout) waits for errors
 * MSG_WAITALL   on SOCK_STREAM, until all bytes have arrived, the stream has ended or a limit has
 *               been reached; an error is reported only if no byte has arrived
 * MSG_OOB       for urgent data; if none has been announced the kernel fails with EINVAL at once
 * MSG_FASTOPEN  a connection attempt that has begun is waited for; then the data is sent
 *
 * If poll(2) reports that a call would not block, but it does (an AF_UNIX datagram to a full
 * receiver, a full backlog), the call is tried again after pauses of at most 10 ms. */
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
 * @s       the socket
 * @data    the buffer (the caller's)
 * @size    size of data
 * @flags   MSG_*
 *
 * Returns: the number of bytes received; 0 at the end of the stream, or for an empty datagram.
 * Errors:  CSK_ETIMEDOUT no data arrived before the timeout
 *          -EAGAIN the socket is non-blocking and no data is available
 *          -errno of recv(2)
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
 * @size    size of data
 * @flags   MSG_*
 * @from    filled in; its len is 0 if the protocol reports no address; may be NULL
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
 * @s       the socket
 * @data    the bytes (borrowed)
 * @size    number of bytes
 * @flags   MSG_*
 *
 * Returns: the number of bytes sent, which may be smaller than size.
 * Errors:  CSK_ETIMEDOUT the send buffer was full until the timeout
 *          -EAGAIN the socket is non-blocking and the send buffer is full
 *          -EPIPE the connection is closed; there is no SIGPIPE
 *          -errno of send(2)
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
 * @to      the address (borrowed); NULL as csk_send
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
 * The timeout limits the whole call.  Bytes that have arrived before a timeout or an error are in
 * data: a later call may continue behind them.
 *
 * @s       a socket
 * @data    the buffer (the caller's)
 * @size    number of bytes to receive
 * @flags   MSG_*, but neither MSG_PEEK nor MSG_OOB
 * @received set to the number of bytes received, also when the call fails; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EINCOMPLETE the peer has closed the connection before all bytes arrived
 *          as csk_recv; -EOPNOTSUPP a flag is not allowed
 * Python:  socket.recv_exactly, socket.recv_exactly_into
 * Since:   0.1
 * See:     csk_recv(3), csk_recvline(3)
 */
CSK_API int csk_recvall(struct csk_socket *s, void *data, size_t size, int flags, size_t *received);

/**
 * Receive a line.
 *
 * No byte after the newline is received, so calls of csk_recvline, csk_recvall and csk_recv may
 * alternate.  The received part of a line is in the caller's buffer, and survives a timeout: the
 * next call with the same line and length continues.  The timeout limits each call.  One thread at
 * a time may receive from the socket.
 *
 * @s       a SOCK_STREAM socket
 * @line    the buffer for the line, its newline, if any, and a null byte (the caller's)
 * @size    bytes of line
 * @length  the number of bytes of the line that are there already, 0 at first; updated, also when
 *          the call fails
 *
 * Returns: the length of the line, which has no newline at the end of the stream; 0 after its end.
 * Errors:  CSK_ESPACE the line is longer than size - 1 bytes; the first ones are in line
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
 * Otherwise as csk_recvline: no byte after the delimiter is received, and what has been received
 * when a call fails is in data, where the next call with the same data and length continues.
 *
 * @s       a SOCK_STREAM socket
 * @delimiter the bytes that end it
 * @delimiter_size the number of these bytes, at least 1
 * @data    where all goes, the delimiter included (the caller's)
 * @size    bytes of data
 * @length  the number of bytes that are there already, 0 at first; updated, also when the call
 * fails
 *
 * Returns: the number of bytes, including the delimiter.
 * Errors:  CSK_EINCOMPLETE the peer has closed the connection before
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
 * Send a file's bytes without copying them through the program, where the kernel can.
 *
 * A file that the kernel cannot send from (a pipe, a terminal) is read and sent in a loop.  The
 * timeout is for each piece that the kernel accepts, as in Python.  One call sends at most
 * SSIZE_MAX bytes, which only matters where ssize_t has 32 bits: a call that returns SSIZE_MAX is
 * to be repeated with the offset that it has set.
 *
 * @s       a SOCK_STREAM socket, not non-blocking
 * @file    a descriptor open for reading (borrowed); its own position moves only if it is not
 *          seekable
 * @offset  position of the first byte to send; 0 for a file that is not seekable.  Increased by the
 *          number of bytes sent, also when the call fails
 * @count   maximum number of bytes to send; negative: until the end of the file
 *
 * Returns: the number of bytes sent.
 * Errors:  CSK_ESOCKTYPE, CSK_ENONBLOCK the socket is not of that kind
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
 * @s       the socket
 * @events  POLLIN, POLLOUT, POLLPRI, or 0 for errors alone
 * @timeout nanoseconds; negative: forever, 0: return at once.  The socket's own timeout does not
 *          apply
 *
 * Returns: the events, POLLERR and POLLHUP included, or 0 if the timeout expired.
 * Errors:  CSK_ETIMEDOUT, CSK_ECANCELED a deadline, a cancel or a scope
 *          what on_interrupt returned; -EBADF the socket is closed; -errno of poll(2)
 * Python:  none
 * Since:   0.1
 * See:     poll(2)
 */
CSK_API int csk_wait(struct csk_socket *s, int events, int64_t timeout);

/* One socket of csk_wait_many. */
struct csk_wait_item {
    struct csk_socket *s; /* NULL: ignored */
    int events;           /* POLLIN, POLLOUT, POLLPRI */
    int revents;          /* filled in: also POLLERR, POLLHUP, and POLLNVAL for a closed socket */
};
typedef struct csk_wait_item csk_wait_item_t;

/**
 * Wait until one of several sockets is ready.
 *
 * The deadlines and cancels of all the sockets and the scopes of the thread apply as well.  If a
 * signal interrupts the wait the hook of each socket is called.
 *
 * @items   the sockets and events; revents is filled in
 * @count   the number of items
 * @deadline a deadline (csk_now); 0: none; if it has passed the call does not wait
 * @cancel  ends the wait when triggered (borrowed); may be NULL
 *
 * Returns: the number of items with events.
 * Errors:  CSK_ETIMEDOUT a deadline has passed; CSK_ECANCELED a cancel was triggered
 *          CSK_ESCOPE there are too many different cancels
 *          CSK_ERANGE deadline is negative; what a hook returned; -ENOMEM; -errno of poll(2)
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
 * each read or write, and its hook is called with s: the struct must stay where it is until fclose.
 * The file has a duplicate of the descriptor, so csk_close(s) may be called before: the connection
 * ends when both are closed.
 *
 * A call that a limit has ended fails with errno ETIMEDOUT or ECANCELED.  fread returns the bytes
 * that have arrived.  fgets and getline return NULL or -1; glibc and the BSDs leave the beginning
 * of the line in the buffer that they were given, musl discards it: use csk_recvline for lines that
 * must survive a timeout.  clearerr makes the file usable again.
 *
 * A file that reads and writes collects what is written until its buffer is full, the program reads
 * from it, or fflush or fclose is called, as a file that only writes does until the latter two.
 *
 * Of the parameters of Python's makefile, buffering is setvbuf(3), to be called before the file is
 * used; encoding, errors and newline have no counterpart: the file carries bytes.
 *
 * @s       the socket (borrowed), not non-blocking
 * @mode    "r", "w" or "rw" (also "r+"); "b" changes nothing.  NULL, "" and "b" are "r"
 * @file    filled in; the caller closes it with fclose(3), which reports what could not be sent
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
