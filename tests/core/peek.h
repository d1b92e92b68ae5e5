/* csk_peek, the worked example of docs/adding-an-operation.md: what would go into io.h. */
#ifndef CSK_PEEK_H
#define CSK_PEEK_H

#include <csocket/csocket.h>

/**
 * Look at what a receive would get, and leave it there.
 *
 * @s       the socket
 * @data    where a copy goes (the caller's)
 * @size    how much of it there may be
 *
 * Returns: how much there is; 0 when the peer has ended the stream.
 * Errors:  CSK_ETIMEDOUT nothing came in time
 *          -errno of recv(2)
 * Python:  none
 * Since:   0.2
 * See:     csk_recv(3)
 */
CSK_API ssize_t csk_peek(struct csk_socket *s, void *data, size_t size);

#endif
