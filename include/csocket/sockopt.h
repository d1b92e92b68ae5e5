/* Socket options by number, as in the kernel.  csocket.h explains the form of the comments.
 *
 * These calls take numbers and therefore return only codes; the calls of option.h take names and
 * report the option in struct csk_error. */
#ifndef CSOCKET_SOCKOPT_H
#define CSOCKET_SOCKOPT_H

#include <csocket/err.h>
#include <csocket/socket.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get an option's bytes.
 *
 * @s       the socket (borrowed)
 * @level   SOL_SOCKET, IPPROTO_TCP ...
 * @name    SO_*, TCP_* ...
 * @value   filled in; some options also read its former content
 * @size    size of value in bytes; set to the size of the option's value in bytes
 *
 * Returns: 0.
 * Errors:  -ENOPROTOOPT no such option; -errno of getsockopt(2)
 * Python:  socket.getsockopt(level, optname, buflen)
 * Since:   0.1
 * See:     getsockopt(2), csk_getsockopt_int(3)
 */
CSK_API int csk_getsockopt(const struct csk_socket *s, int level, int name, void *value,
                           socklen_t *size);

/**
 * Get an option that is an int.
 *
 * @s       the socket (borrowed)
 * @level   SOL_SOCKET, IPPROTO_TCP ...
 * @name    SO_*, TCP_* ...
 * @value   filled in; if the option is shorter than an int, the remaining bytes are zero
 *
 * Returns: 0.
 * Errors:  as csk_getsockopt
 * Python:  socket.getsockopt(level, optname)
 * Since:   0.1
 * See:     getsockopt(2), csk_setsockopt_int(3)
 */
CSK_API int csk_getsockopt_int(const struct csk_socket *s, int level, int name, int *value);

/**
 * Set an option's bytes.
 *
 * @s       the socket
 * @level   SOL_SOCKET, IPPROTO_TCP ...
 * @name    SO_*, TCP_* ...
 * @value   the bytes (borrowed); NULL, with any size, if the option requires it
 *          (ALG_SET_AEAD_AUTHSIZE)
 * @size    size of value in bytes
 *
 * Returns: 0.
 * Errors:  -ENOPROTOOPT no such option; -errno of setsockopt(2)
 * Python:  socket.setsockopt
 * Since:   0.1
 * See:     setsockopt(2), csk_setsockopt_int(3)
 */
CSK_API int csk_setsockopt(struct csk_socket *s, int level, int name, const void *value,
                           socklen_t size);

/**
 * Set an option that is an int.
 *
 * @s       the socket
 * @level   SOL_SOCKET, IPPROTO_TCP ...
 * @name    SO_*, TCP_* ...
 * @value   the number
 *
 * Returns: 0.
 * Errors:  as csk_setsockopt
 * Python:  socket.setsockopt(level, optname, int)
 * Since:   0.1
 * See:     setsockopt(2), csk_getsockopt_int(3)
 */
CSK_API int csk_setsockopt_int(struct csk_socket *s, int level, int name, int value);

/**
 * Get an option that is a 64-bit number.
 *
 * The kernel refuses an int for these options.  The catalogue (option.h) lists them.
 *
 * @s       the socket (borrowed)
 * @level   AF_VSOCK ...
 * @name    SO_VM_SOCKETS_BUFFER_SIZE ...
 * @value   filled in
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE the option is not a 64-bit number
 *          as csk_getsockopt
 * Python:  socket.getsockopt(level, optname)
 * Since:   0.1
 * See:     csk_getsockopt_int(3), csk_option_by_number(3)
 */
CSK_API int csk_getsockopt_uint64(const struct csk_socket *s, int level, int name, uint64_t *value);

/**
 * Set an option that is a 64-bit number.
 *
 * @s       the socket
 * @level   AF_VSOCK ...
 * @name    SO_VM_SOCKETS_BUFFER_SIZE ...
 * @value   the number
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE the option is not a 64-bit number
 *          as csk_setsockopt
 * Python:  socket.setsockopt(level, optname, int)
 * Since:   0.1
 * See:     csk_setsockopt_int(3), csk_option_by_number(3)
 */
CSK_API int csk_setsockopt_uint64(struct csk_socket *s, int level, int name, uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
