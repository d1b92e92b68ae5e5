/* Memory that the calls with many messages share: batch.c. */
#ifndef CSP_SOCKET_BATCH_H
#define CSP_SOCKET_BATCH_H

#include "socket/socket.h"

/* Memory for what a call receives.  The socket keeps it for the next one. */
struct csp_scratch {
    size_t count, size;
    struct csk_datagram *messages;
    struct csk_addr *addrs;
    char *data;
};

/* The socket's, or new if it is too small, or in use by another thread; NULL with an exception. */
struct csp_scratch *csp_take_scratch(struct csp_socket *self, size_t count, size_t size);
void csp_release_scratch(struct csp_socket *self, struct csp_scratch *s);

#endif
