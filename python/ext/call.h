/* CSP_CALL and call.c: the only code that releases the GIL. */
#ifndef CSP_CALL_H
#define CSP_CALL_H

#include "scope.h"

struct csp_socket;

extern CSP_THREAD_LOCAL PyThreadState *csp_thread;
int csp_on_interrupt(struct csk_socket *s);
/* Whether this thread runs a signal handler in the middle of a call. */
extern CSP_THREAD_LOCAL bool csp_in_handler;

/* For functions that the core calls within CSP_CALL's operation. */
void csp_acquire_gil(void);
void csp_release_gil(void);

/* CSP_CALL(result = csk_...(...)) releases the GIL during one operation, in which no Python
 * object may be touched. */
#define CSP_CALL(statement)                                                                        \
    do {                                                                                           \
        PyThreadState *csp_saved;                                                                  \
        if (csp_owned_scopes)                                                                      \
            csp_suspend_scopes();                                                                  \
        csp_saved = PyEval_SaveThread();                                                           \
        csp_thread = csp_saved;                                                                    \
        statement;                                                                                 \
        csp_thread = NULL;                                                                         \
        PyEval_RestoreThread(csp_saved);                                                           \
    } while (0)

/* The maximum size of a send that is tried without releasing the GIL. */
#define CSP_SHORT 4096
/* Whether a short sendto or sendmsg on the socket may be tried with the GIL held. */
bool csp_is_queued(const struct csp_socket *self);
/* Whether no other thread of the interpreter can need the GIL. */
bool csp_is_only_thread(void);
/* Whether a socket of the family may be opened or closed with the GIL held. */
bool csp_opens_immediately(const struct csk_family *family);
bool csp_closes_immediately(const struct csk_family *family);

#endif
