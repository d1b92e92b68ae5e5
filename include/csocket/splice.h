/* Moving bytes between sockets, pipes and files inside the kernel.  csocket.h explains the form of
 * the comments. */
#ifndef CSOCKET_SPLICE_H
#define CSOCKET_SPLICE_H

#include <csocket/err.h>
#include <csocket/socket.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One end of a transfer: a socket, or another file descriptor. */
struct csk_splice_end {
    struct csk_socket *s; /* of type SOCK_STREAM (borrowed); NULL: fd */
    csk_fd_t fd;          /* of a pipe, file or device (borrowed); ignored if s is not NULL */
    int64_t *offset;      /* position in the file (borrowed), advanced; NULL: the file's own
                           * position */
};
typedef struct csk_splice_end csk_splice_end_t;

/* A transfer.  Members that are not set must be 0:
 *
 *     struct csk_transfer t = { .from = { .s = &s }, .to = { .fd = file } };
 *     ssize_t n = csk_splice(&t, -1);
 *     csk_splice_close(&t); */
struct csk_transfer {
    struct csk_splice_end from, to;
    /* Called after each part has reached its destination, with moved updated; NULL: not called.  If
     * it returns a negative code, the call ends with it. */
    int (*on_progress)(struct csk_transfer *t);
    void *context;   /* for the program */
    int64_t moved;   /* bytes that have reached the destination, in all calls */
    int64_t pending; /* bytes read from the source that have not reached the destination */
    /* Private. */
    char *data;
    size_t begin, end;
    int reader, writer, size;
    unsigned flags;
};
typedef struct csk_transfer csk_transfer_t;

/**
 * Move bytes from one descriptor to another, without copying them through the program.
 *
 * The bytes go through a pipe that the first call opens, with splice(2).  If the kernel refuses to
 * splice to or from one of the ends (a file opened with O_APPEND, a terminal), its bytes are copied
 * through memory.
 *
 * The deadlines and cancels of both sockets and the scopes of the thread limit the call, also while
 * it waits for a pipe; the shorter of the two timeouts limits each wait for one end.  While a
 * deadline, a cancel or a scope is in force, and if both ends are sockets, blocking sockets become
 * non-blocking and remain so, as csk_wait_in_poll(3) describes.  If one socket is non-blocking (a
 * timeout of 0), the call does not wait at all.
 *
 * After an error nothing is lost: moved is the exact number of bytes that have reached the
 * destination.  If bytes are pending, the next call first moves them to its destination, and
 * csk_splice_pending(3) returns them to the program.
 *
 * @t       the transfer; its offsets are advanced by the bytes read from the source and by those
 *          that have reached the destination
 * @count   maximum number of bytes to move; negative: until the end of the source
 *
 * Returns: the number of bytes that reached the destination in this call; 0 at the end of the
 *          source, if nothing is pending; less than count at the end, or if a non-blocking socket
 *          was not ready.
 * Errors:  CSK_ETIMEDOUT one end was not ready before the timeout, or a deadline has passed
 *          CSK_ECANCELED a cancel ended the call
 *          CSK_ESOCKTYPE a socket is not of type SOCK_STREAM
 *          CSK_ERANGE an offset is negative; -ESPIPE a socket has an offset
 *          -EAGAIN a socket is non-blocking, and nothing could be moved
 *          -ENOMEM; -errno of splice(2), pipe(2), poll(2), read(2) or write(2); the code that
 *          on_progress or on_interrupt returned
 * Python:  socket.splice, socket.splice_from
 * Since:   0.1
 * See:     splice(2), csk_sendfile(3)
 */
CSK_API ssize_t csk_splice(struct csk_transfer *t, int64_t count);

/**
 * Take the pending bytes of a transfer: those that have not reached their destination.
 *
 * @t       the transfer
 * @data    the buffer (the caller's)
 * @size    size of data in bytes
 *
 * Returns: the number of bytes copied, which are no longer pending; 0 if there are none.
 * Errors:  -errno of read(2)
 * Python:  none
 * Since:   0.1
 * See:     csk_splice(3)
 */
CSK_API ssize_t csk_splice_pending(struct csk_transfer *t, void *data, size_t size);

/**
 * Release the resources of a transfer, and discard its pending bytes.
 *
 * The descriptors of its ends remain open.  A transfer that is all zero can be closed as well, and
 * one that has been closed can be used again.
 *
 * @t       the transfer
 *
 * Returns: 0.
 * Errors:  CSK_ENULL
 * Python:  none
 * Since:   0.1
 * See:     csk_splice(3)
 */
CSK_API int csk_splice_close(struct csk_transfer *t);

#ifdef __cplusplus
}
#endif

#endif
