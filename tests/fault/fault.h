/* Making system calls fail.
 *
 * An operation is run once to determine its calls, and then again for each of these calls and each
 * of its errors.  After each run: the result is the error's code, or the operation has coped; no
 * descriptor and no memory is left over; the sockets work, or are closed.
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

/* The objects of an operation.  Those open or not NULL at the end are closed and freed. */
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
    void (*prepare)(struct world *w); /* NULL: nothing but the pair */
    int64_t (*run)(struct world *w);
    void (*check)(struct world *w, int64_t result); /* NULL: fault_pair_works */
    bool other_errors; /* a failure may come out as another error than the call's own */
};

/* Run an operation with every failure; asserts. */
void fault_everywhere(const char *name, const struct operation *operation);

/* Name a test that does so; the rest are the operation's members. */
#define OPERATION(name, ...)                                                                       \
    static void name(void)                                                                         \
    {                                                                                              \
        static const struct operation operation = { __VA_ARGS__ };                                 \
                                                                                                   \
        fault_everywhere(#name, &operation);                                                       \
    }

/* Let the first times calls of one kind fail with error; 0 ends it.  For tests by hand. */
void fault_arm(enum call call, int error, int times);

/* Let recv, send and their like move at most limit bytes a call; 0: no limit. */
void fault_limit_transfers(size_t limit);

/* How often a call was made since fault_arm or fault_limit_transfers. */
int fault_calls(enum call call);
int fault_calls_in_all(void);

/* For the stand-ins: whether this call is to fail, and with which error.  hostdb_*.c has those of
 * the databases of hosts, services and protocols, for each of the forms that these calls have. */
bool fault_fails(enum call call);
int fault_error(void);
void fault_install_hostdb(void);
bool fault_is_hostdb(enum call call);
extern const int fault_hostdb_errors[];
extern const bool fault_hostdb_says_why; /* a failure comes with an errno */
extern const enum call fault_gethostbyaddr;
int fault_gethostbyaddr_result(int error); /* the code of csk_gethostbyaddr for its failure */

/* For check: what an operation opened in s works if it succeeded, and is closed if it failed. */
void fault_opened_or_closed(struct world *w, int64_t result);

/* The pair carries a byte each way. */
void fault_pair_works(struct world *w);

#endif
