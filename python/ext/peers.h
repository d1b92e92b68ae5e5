/* The address objects of recent peers, found by the address or by the object: peers.c. */
#ifndef CSP_PEERS_H
#define CSP_PEERS_H

#include "state.h"

#include <string.h>

struct csp_socket;
struct csp_peers;

/* An address and its object. */
struct csp_peer {
    PyObject *object; /* NULL: none */
    socklen_t len;
    unsigned char bytes[28];
};

/* The senders of a socket's messages. */
struct csp_senders {
    struct csp_peer last;
    struct csp_peers *others; /* if recv_many found several; or NULL */
};

/* Addresses of at most the size of bytes; the object is stolen. */
static inline void csp_peer_set(struct csp_peer *peer, const struct csk_addr *addr,
                                PyObject *object)
{
    peer->object = object;
    peer->len = addr->len;
    memcpy(peer->bytes, addr->bytes, addr->len);
}

/* Most addresses have 16 bytes, and differ in the first ones if they differ. */
static inline bool csp_peer_is(const struct csp_peer *peer, const struct csk_addr *addr)
{
    uint64_t a[2], b[2];

    if (peer->len != addr->len)
        return false;
    if (addr->len != sizeof a)
        return memcmp(peer->bytes, addr->bytes, addr->len) == 0;
    memcpy(a, peer->bytes, sizeof a);
    memcpy(b, addr->bytes, sizeof b);
    return a[0] == b[0] && a[1] == b[1];
}

/* From now on the socket keeps the addresses of several peers, if there is memory for that. */
void csp_peers_enable(struct csp_socket *self);
/* The peer with the address or the object (borrowed), or NULL. */
const struct csp_peer *csp_peers_find(struct csp_peers *p, const struct csk_addr *addr);
const struct csp_peer *csp_peers_find_object(struct csp_peers *p, const PyObject *object);
/* Keep a new peer; it may replace another one. */
void csp_peers_keep(struct csp_peers *p, const struct csk_addr *addr, PyObject *object);
void csp_peers_free(struct csp_peers *p);

#endif
