/* The buffers of send_zerocopy, which a socket keeps until the kernel has let go of them. */
#ifndef CSP_ZEROCOPY_H
#define CSP_ZEROCOPY_H

#include <stdint.h>

struct csp_socket;

/* The kernel has let go of the buffers of these sends, last included. */
void csp_zerocopy_done(struct csp_socket *self, uint32_t first, uint32_t last);
/* Let go of what can be let go of, before the socket is closed: reads the error queue. */
void csp_zerocopy_drain(struct csp_socket *self);
/* For tp_dealloc. */
void csp_zerocopy_free(struct csp_socket *self);

#endif
