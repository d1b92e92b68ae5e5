/* The address objects of recent peers: a server that answers many peers at a time needs each
 * address twice, and creating or parsing an object costs as much as the rest of a message. */
#include "peers.h"
#include "socket/socket.h"

#include <string.h>

/* Sets of peers with the same hash, and the slots in which a peer is found by its object. */
#define SET_BITS 6
#define SET_SIZE 4
#define OBJECT_BITS 11

struct csp_peers {
    struct csp_peer peers[1 << SET_BITS][SET_SIZE];
    uint8_t by_object[1 << OBJECT_BITS];
};
static_assert((SET_SIZE << SET_BITS) == UINT8_MAX + 1, "a uint8_t is the index of a peer");

/* The upper bits of the product depend on all bits of the number (Knuth, volume 3, 6.4). */
static size_t hash(uint64_t number, int bits)
{
    return (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

static struct csp_peer *set_of(struct csp_peers *p, const struct csk_addr *addr)
{
    uint64_t all = addr->len, word;

    for (size_t at = 0; at + sizeof word <= addr->len; at += sizeof word) {
        memcpy(&word, addr->bytes + at, sizeof word);
        all = (all ^ word) * UINT64_C(0xff51afd7ed558ccd);
    }
    return p->peers[hash(all, SET_BITS)];
}

static uint8_t *slot_of(struct csp_peers *p, const PyObject *object)
{
    return &p->by_object[hash((uintptr_t)object, OBJECT_BITS)];
}

void csp_peers_enable(struct csp_socket *self)
{
    struct csp_senders *senders = self->senders;

    if (senders && !senders->others)
        senders->others = PyMem_Calloc(1, sizeof *senders->others);
}

const struct csp_peer *csp_peers_find(struct csp_peers *p, const struct csk_addr *addr)
{
    struct csp_peer *peer = set_of(p, addr);

    for (int i = 0; i < SET_SIZE; i++, peer++)
        if (peer->object && csp_peer_is(peer, addr))
            return peer;
    return NULL;
}

const struct csp_peer *csp_peers_find_object(struct csp_peers *p, const PyObject *object)
{
    const struct csp_peer *peer = &p->peers[0][0] + *slot_of(p, object);

    return peer->object == object ? peer : NULL;
}

void csp_peers_keep(struct csp_peers *p, const struct csk_addr *addr, PyObject *object)
{
    struct csp_peer *set = set_of(p, addr);

    Py_XDECREF(set[SET_SIZE - 1].object);
    memmove(set + 1, set, (SET_SIZE - 1) * sizeof *set);
    csp_peer_set(set, addr, Py_NewRef(object));
    for (int i = 0; i < SET_SIZE; i++)
        if (set[i].object)
            *slot_of(p, set[i].object) = (uint8_t)(set + i - &p->peers[0][0]);
}

void csp_peers_free(struct csp_peers *p)
{
    struct csp_peer *peer = p ? &p->peers[0][0] : NULL;

    for (int i = 0; peer && i < SET_SIZE << SET_BITS; i++)
        Py_XDECREF(peer[i].object);
    PyMem_Free(p);
}
