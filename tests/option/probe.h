/* Declarations for the two files of the probe. */
#ifndef PROBE_H
#define PROBE_H

#include <csocket/csocket.h>

#include <stdbool.h>
#include <stddef.h>

/* A way to make a socket that an option may be tried on. */
struct situation {
    const char *name;
    int family, type, proto;
    /* Prepares a fresh socket: connects, binds ...; may be NULL. Returns 0 or a negative code. */
    int (*prepare)(struct csk_socket *s);
};

extern const struct situation situations[];
extern const size_t situation_count;

/* Open a socket for the situation, or return a negative code; close everything that belongs to
 * it. */
int open_situation(const struct situation *situation, struct csk_socket *s);
void close_situation(struct csk_socket *s);

/* A legal value if none can be derived from the table; NULL if there is none. */
const char *sample_of(const struct csk_option *option);

#endif
