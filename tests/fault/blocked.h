/* Every call that may wait, on sockets on which it would wait forever. */
#ifndef CSK_TEST_BLOCKED_H
#define CSK_TEST_BLOCKED_H

#include "fault.h"

/* The sockets of a call. */
struct place {
    struct csk_socket s; /* the call's */
    struct csk_socket others[5];
    struct csk_addr addr;
    FILE *file;
    int fd;
    char data[4096];
};

struct blocked {
    const char *name;
    void (*prepare)(struct place *p);
    int64_t (*run)(struct place *p);
    enum call call;       /* the system call that must not be tried once a limit has been reached */
    bool ignores_timeout; /* the socket's */
    bool limits_only;     /* csk_cancel_calls(&p->s) does not end it: a call of another socket or
                           * family */
};

/* blocked_splice.c: those of csk_splice. */
void blocked_pipe(struct place *p);
void blocked_full_pipe(struct place *p);
void blocked_streams(struct place *p);
void blocked_full_tcp(struct place *p);
int64_t blocked_splice_out(struct place *p);
int64_t blocked_splice_in(struct place *p);
int64_t blocked_splice_on(struct place *p);
int64_t blocked_splice_back(struct place *p);

extern const struct blocked blocked_calls[];
extern const size_t blocked_count;

/* Maximum number of calls, for array sizes. */
#define BLOCKED_MAX 56

/* Whether a call looks up a name or an address.  Such a call has its limits from p->s. */
static inline bool blocked_looks_up(const struct blocked *call)
{
    return call->call == CALL_getaddrinfo || call->call == CALL_getnameinfo;
}

/* Let the C library's lookups wait until blocked_release_lookups, which also waits for their
 * threads to end.  Both are called with no other thread that looks up.  From then on no stand-in
 * counts calls. */
void blocked_hold_lookups(void);
void blocked_release_lookups(void);

/* The number of lookups begun since blocked_hold_lookups. */
int blocked_lookups(void);

void blocked_open(struct place *p, const struct blocked *call, int64_t timeout);
void blocked_close(struct place *p);

#endif
