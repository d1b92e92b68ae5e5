/* The buffers of send_zerocopy, which a socket keeps until the kernel has released them. */
#ifndef CSP_ZEROCOPY_H
#define CSP_ZEROCOPY_H

#include <stdint.h>

struct csp_rare;
struct csp_socket;

/* The kernel has released the buffers of these sends, last included. */
void csp_zerocopy_done(struct csp_socket *self, uint32_t first, uint32_t last);
/* Release the completed buffers before the socket is closed: reads the error queue. */
void csp_zerocopy_drain(struct csp_socket *self);
/* For tp_dealloc. */
void csp_zerocopy_free(struct csp_rare *rare);

#endif
