/* csk_peek, the worked example of docs/adding-an-operation.md: the part for io.h. */
#ifndef CSK_PEEK_H
#define CSK_PEEK_H

#include <csocket/csocket.h>

/**
 * Copy received bytes without removing them from the socket.
 *
 * @s       the socket
 * @data    the buffer (the caller's)
 * @size    size of data
 *
 * Returns: the number of bytes copied; 0 at the end of the stream.
 * Errors:  CSK_ETIMEDOUT no data arrived before the timeout
 *          -errno of recv(2)
 * Python:  none
 * Since:   0.2
 * See:     csk_recv(3)
 */
CSK_API ssize_t csk_peek(struct csk_socket *s, void *data, size_t size);

#endif
