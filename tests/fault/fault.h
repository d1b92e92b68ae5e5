/* Making system calls fail.
 *
 * An operation is run once to determine its calls, and then again for each of these calls and each
 * of its errors.  After each run: the result is the error's code, or the operation has handled it;
 * no descriptor and no memory has leaked; the sockets work, or are closed.
 */
#ifndef CSK_FAULT_H
#define CSK_FAULT_H

#include "platform/sys.h"
#include "sockets.h"

#include <stdio.h>

enum call {
#define CALL(type, name, params) CALL_##name,
    CSKI_SYS_MAP(CALL)
#undef CALL
    CALLS
};

/* The objects of an operation.  At the end, the open ones are closed and those not NULL are
 * freed. */
struct world {
    int64_t timeout;           /* of the pair: -1, or some seconds */
    struct csk_socket pair[2]; /* connected, AF_UNIX */
    struct csk_socket s, t[2]; /* for sockets that the operation opens */
    struct csk_addr addr;
    FILE *file;
    struct csk_addrinfo *infos;
    struct csk_hostent *host;
    struct csk_if *ifs;
    struct csk_ifaddr *ifaddrs;
    int fd;
    int64_t offset;
    char data[64];
};

struct operation {
    void (*prepare)(struct world *w); /* NULL: only the pair */
    int64_t (*run)(struct world *w);
    void (*check)(struct world *w, int64_t result); /* NULL: fault_pair_works */
    bool other_errors; /* the result may be a different error than the call's own */
};

/* Run an operation with every failure, and assert the rules above. */
void fault_everywhere(const char *name, const struct operation *operation);

/* Define such a test by name; the other arguments are the operation's members. */
#define OPERATION(name, ...)                                                                       \
    static void name(void)                                                                         \
    {                                                                                              \
        static const struct operation operation = { __VA_ARGS__ };                                 \
                                                                                                   \
        fault_everywhere(#name, &operation);                                                       \
    }

/* Let the first times calls of one kind fail with error; 0 ends it.  For individual tests. */
void fault_arm(enum call call, int error, int times);

/* Let recv, send and similar calls move at most limit bytes per call; 0: no limit. */
void fault_limit_transfers(size_t limit);

/* The number of calls since fault_arm or fault_limit_transfers. */
int fault_calls(enum call call);
int fault_calls_in_all(void);

/* For the stand-ins: whether this call is to fail, and with which error.  hostdb_*.c has the
 * stand-ins for the databases of hosts, services and protocols, one file per form of these
 * calls. */
bool fault_fails(enum call call);
int fault_error(void);
void fault_install_hostdb(void);
bool fault_is_hostdb(enum call call);
extern const int fault_hostdb_errors[];
extern const bool fault_hostdb_says_why; /* a failure comes with an errno */
extern const enum call fault_gethostbyaddr;
int fault_gethostbyaddr_result(int error); /* the code of csk_gethostbyaddr for its failure */

/* For check: a socket that an operation opened in s works if it succeeded, and is closed if it
 * failed. */
void fault_opened_or_closed(struct world *w, int64_t result);

/* Assert that the pair carries a byte in each direction. */
void fault_pair_works(struct world *w);

#endif
