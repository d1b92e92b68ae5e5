/* Bytes in, bytes out, and waiting for them.  csocket.h explains the form of the comments.
 *
 * Every call tries first and waits only if it would block.  The socket's timeout is for the whole
 * call, however often it is interrupted. */
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
 * @data    where they go (the caller's)
 * @size    how many there may be
 * @flags   MSG_*
 *
 * Returns: how many came; 0 when the peer has ended the stream, or for an empty datagram.
 * Errors:  CSK_ETIMEDOUT nothing came in time
 *          -EAGAIN the socket is non-blocking and nothing is there
 *          -errno of recv(2)
 * Python:  socket.recv, socket.recv_into
 * Since:   0.1
 * See:     recv(2), csk_recvfrom(3)
 */
CSK_API ssize_t csk_recv(struct csk_socket *s, void *data, size_t size, int flags);

/**
 * Receive bytes, and the address they come from.
 *
 * @s       the socket
 * @data    where they go (the caller's)
 * @size    how many there may be
 * @flags   MSG_*
 * @from    filled in; its len is 0 where the protocol gives no address; may be NULL
 *
 * Returns: how many came.
 * Errors:  as csk_recv
 * Python:  socket.recvfrom, socket.recvfrom_into
 * Since:   0.1
 * See:     recvfrom(2)
 */
CSK_API ssize_t csk_recvfrom(struct csk_socket *s, void *data, size_t size, int flags,
                             struct csk_addr *from);

/**
 * Send bytes: as many as there is room for.
 *
 * @s       the socket
 * @data    the bytes (borrowed)
 * @size    how many
 * @flags   MSG_*
 *
 * Returns: how many were sent, which may be fewer.
 * Errors:  CSK_ETIMEDOUT there was no room in time
 *          -EAGAIN the socket is non-blocking and there is no room
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
 * @size    how many
 * @flags   MSG_*
 * @to      the address (borrowed); NULL as csk_send
 * @error   filled in on failure: "send to 127.0.0.1:9: Connection refused"; may be NULL
 *
 * Returns: how many were sent.
 * Errors:  as csk_send
 * Python:  socket.sendto
 * Since:   0.1
 * See:     sendto(2)
 */
CSK_API ssize_t csk_sendto(struct csk_socket *s, const void *data, size_t size, int flags,
                           const struct csk_addr *to, struct csk_error *error);

/**
 * Send all bytes.  The timeout is for the whole.
 *
 * @s       the socket
 * @data    the bytes (borrowed)
 * @size    how many
 * @flags   MSG_*
 * @sent    filled in with how many were sent, also when the call fails; may be NULL
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
 * Send a file's bytes without copying them through the program, where the kernel can.
 *
 * A file that the kernel cannot send from (a pipe, a terminal) is read and sent in a loop.  The
 * timeout is for each piece that the kernel accepts, as in Python.
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
CSK_API int64_t csk_sendfile(struct csk_socket *s, int file, int64_t *offset, int64_t count);

/**
 * Wait until the socket is ready.
 *
 * @s       the socket
 * @events  POLLIN, POLLOUT, or both
 * @timeout nanoseconds; negative: for ever, 0: just look.  The socket's own timeout plays no part
 *
 * Returns: the events that are there (POLLERR and POLLHUP too), or 0 when the time has passed.
 * Errors:  what on_interrupt returned; -EBADF the socket is closed; -errno of poll(2)
 * Python:  none
 * Since:   0.1
 * See:     poll(2)
 */
CSK_API int csk_wait(struct csk_socket *s, int events, int64_t timeout);

/**
 * Open a stdio file on a socket.
 *
 * The file reads and writes with the socket's timeout; a call that took too long fails with errno
 * ETIMEDOUT and the file stays usable.  The file has a duplicate of the descriptor, so that the
 * socket may be closed before it: the connection ends when both are closed.
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
