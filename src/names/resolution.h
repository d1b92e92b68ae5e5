/* The addresses of a host as they become known, in steps (RFC 8305, section 3).
 *
 * One lookup for both families, in the C library's order.  If it has not answered after a while,
 * each family is looked up on its own as well, so that a name server that is slow for one of them
 * does not delay the other; once the addresses of both are known, the C library's order applies
 * again. */
#ifndef CSKI_RESOLUTION_H
#define CSKI_RESOLUTION_H

#include "names/lookup.h"

/* The time to wait for both families before asking for each, and then for IPv6 once the IPv4
 * addresses are known (Resolution Delay of RFC 8305). */
#define CSKI_RESOLUTION_DELAY (50 * CSK_MS)

enum { CSKI_RESOLUTION_BOTH, CSKI_RESOLUTION_IPV6, CSKI_RESOLUTION_IPV4, CSKI_RESOLUTION_LOOKUPS };

struct cski_resolution {
    /* Read by the caller.  The list is the resolution's, and replaced when more is known. */
    const struct csk_addrinfo *list;
    int count;
    bool complete; /* there will be no other list */

    /* Set by the caller before it begins: it waits in this thread, without a time limit. */
    bool unlimited;

    /* The resolution's own. */
    struct cski_lookup question;
    struct cski_lookup *lookups[CSKI_RESOLUTION_LOOKUPS]; /* NULL: not started */
    struct csk_addrinfo *merged;
    int results[CSKI_RESOLUTION_LOOKUPS]; /* number of addresses, a code, or 0 */
    int64_t wake;                         /* the latest time of the next step */
    bool split;                           /* each family is looked up */
    bool ipv4_alone;                      /* IPv4 addresses do not wait for those of IPv6 any
                                           * longer */
};

/* Start: for a numeric host the list is then complete.  0, or a code, after which there is nothing
 * to end. */
int cski_resolution_begin(struct cski_resolution *r, const char *host, const char *service,
                          int family, int type, int proto, int flags, struct csk_error *error);

/* Fill in the descriptors to poll: their number. */
int cski_resolution_fds(const struct cski_resolution *r,
                        struct pollfd fds[CSKI_RESOLUTION_LOOKUPS]);

/* The time of the next step if no descriptor is ready before; CSK_FOREVER: none. */
int64_t cski_resolution_wake(const struct cski_resolution *r);

/* Go on without waiting.  1: there is another list; 0: not yet; negative: no address was found.
 * When complete, there is no further step. */
int cski_resolution_step(struct cski_resolution *r, struct csk_error *error);

/* Free the list, and abandon the lookups that still run. */
void cski_resolution_end(struct cski_resolution *r);

#endif
