/* Ending calls that wait: cancellation, and limits for all calls of a thread. csocket.h explains
 * the form of the comments. */
#ifndef CSOCKET_CANCEL_H
#define CSOCKET_CANCEL_H

#include <csocket/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A request to end calls, which any thread or signal handler may trigger.  One may serve any number
 * of sockets, scopes and threads.  All zero is ready for use.  It must not be moved while it is in
 * use.  The members are private. */
struct csk_cancel {
    int triggered;
    int reader, writer; /* descriptors + 1, opened by the first wait; 0: none */
    int reserved;
};

/* clang-format off */
#define CSK_CANCEL_INIT { 0, 0, 0, 0 }
/* clang-format on */

/* In C++ the function csk_cancel hides the struct's name. */
typedef struct csk_cancel csk_cancel_t;

/* Limits for all calls of a thread that may wait, in addition to those of the sockets that it uses;
 * the soonest limit applies.  Scopes nest.  Sockets with timeout 0 are not affected, because their
 * calls never wait.  Set the members up to suspended; the library sets the others.  While the scope
 * is in force, its thread may change deadline, shield and suspended between two calls; during a
 * call, or from another thread, csk_scope_setdeadline and csk_scope_setshield change them. */
struct csk_scope {
    int64_t deadline;          /* on csk_now()'s clock; 0: none */
    struct csk_cancel *cancel; /* borrowed until csk_scope_pop; NULL: none */
    bool shield;               /* the scopes around this one do not apply inside it */
    bool suspended;            /* this scope does not apply, for example to another coroutine */
    bool expired;              /* its deadline has ended a call, even if it is later now */
    struct csk_scope *outer;
    void *reserved;
};
typedef struct csk_scope csk_scope_t;

/* clang-format off */
#define CSK_SCOPE_INIT { 0, NULL, false, false, false, NULL, NULL }
/* clang-format on */

/* Maximum number of nested scopes that have a cancel: each takes a descriptor in every wait. */
#define CSK_SCOPES_MAX 60

/**
 * Prepare a cancel.  CSK_CANCEL_INIT and all zero are equivalent.
 *
 * @c       filled in
 *
 * Returns: 0.
 * Errors:  CSK_ENULL c is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_cancel(3), csk_cancel_close(3)
 */
CSK_API int csk_cancel_init(struct csk_cancel *c);

/**
 * Cancel: calls that wait with c end with CSK_ECANCELED, and later calls fail with it at once.
 *
 * May be called from any thread and from signal handlers.  Cancelling again has no effect.
 *
 * @c       the cancel
 *
 * Returns: 0.
 * Errors:  CSK_ENULL c is NULL
 * Python:  CancelScope.cancel
 * Since:   0.1
 * See:     csk_cancel_reset(3)
 */
CSK_API int csk_cancel(struct csk_cancel *c);

/**
 * Return whether a cancel was triggered.
 *
 * @c       the cancel (borrowed)
 *
 * Returns: 1 if it was, 0 if not.
 * Errors:  CSK_ENULL c is NULL
 * Python:  CancelScope.cancel_called
 * Since:   0.1
 * See:     csk_cancel(3)
 */
CSK_API int csk_cancel_test(const struct csk_cancel *c);

/**
 * Make a cancel that was triggered usable again.  No call may be waiting with it.
 *
 * @c       the cancel
 *
 * Returns: 0.
 * Errors:  CSK_ENULL c is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_cancel(3)
 */
CSK_API int csk_cancel_reset(struct csk_cancel *c);

/**
 * Return a file descriptor that is readable once the cancel is triggered, for an event loop.
 *
 * The descriptor must only be polled.
 *
 * @c       the cancel, which owns the descriptor
 *
 * Returns: the descriptor.
 * Errors:  -errno of eventfd(2) or pipe(2), for example -EMFILE
 * Python:  none
 * Since:   0.1
 * See:     poll(2), eventfd(2)
 */
CSK_API csk_fd_t csk_cancel_fileno(struct csk_cancel *c);

/**
 * Close a cancel's descriptors.  No call may be waiting with it.
 *
 * @c       the cancel, which is then as after csk_cancel_init
 *
 * Returns: 0.
 * Errors:  CSK_ENULL c is NULL
 * Python:  none
 * Since:   0.1
 * See:     csk_cancel_init(3)
 */
CSK_API int csk_cancel_close(struct csk_cancel *c);

/**
 * Begin a scope: its limits apply to the calls of this thread until csk_scope_pop.
 *
 * Code inside the scope needs no knowledge of it: libraries that use csocket are limited as well.
 * Scopes are ended in the reverse order, by the same thread.
 *
 * @scope   the limits (borrowed until csk_scope_pop).  A scope is in force in one thread, once
 *
 * Returns: 0.
 * Errors:  CSK_ESCOPE the scope is in force in this thread already, or CSK_SCOPES_MAX scopes with
 *          a cancel are
 * Python:  CancelScope.__enter__
 * Since:   0.1
 * See:     csk_scope_setdeadline(3), csk_setdeadline(3)
 */
CSK_API int csk_scope_push(struct csk_scope *scope);

/**
 * Change the deadline of a scope, which may be in force, in another thread and during a call.
 *
 * A call that waits at that time follows the new deadline.  A later one is noticed in any case, a
 * sooner one at once if the scope has a cancel with which no other thread waits; otherwise when
 * the call would next look at its limits: at the old deadline, or after a signal.  May be called
 * from signal handlers.
 *
 * @scope   the scope
 * @when    the new deadline on csk_now()'s clock; 0: none
 *
 * Returns: 0.
 * Errors:  CSK_ENULL scope is NULL
 *          CSK_ERANGE when is negative
 * Python:  CancelScope.deadline
 * Since:   0.1
 * See:     csk_scope_push(3), csk_scope_setshield(3)
 */
CSK_API int csk_scope_setdeadline(struct csk_scope *scope, int64_t when);

/**
 * Change whether the scopes around a scope apply inside it, as csk_scope_setdeadline does.
 *
 * @scope   the scope
 * @shield  true: they do not
 *
 * Returns: 0.
 * Errors:  CSK_ENULL scope is NULL
 * Python:  CancelScope.shield
 * Since:   0.1
 * See:     csk_scope_push(3), csk_scope_setdeadline(3)
 */
CSK_API int csk_scope_setshield(struct csk_scope *scope, bool shield);

/**
 * End the innermost scope.
 *
 * @scope   the scope
 *
 * Returns: 0.
 * Errors:  CSK_ESCOPE it is not this thread's innermost scope; nothing is changed
 * Python:  CancelScope.__exit__
 * Since:   0.1
 * See:     csk_scope_push(3)
 */
CSK_API int csk_scope_pop(struct csk_scope *scope);

/**
 * Return whether the limits of this thread's scopes allow calls to continue.
 *
 * Returns: 0 if they do.
 * Errors:  CSK_ETIMEDOUT a deadline has passed; CSK_ECANCELED a cancel was triggered
 * Python:  none
 * Since:   0.1
 * See:     csk_scope_push(3), csk_scope_deadline(3)
 */
CSK_API int csk_scope_test(void);

/**
 * Return the soonest deadline of this thread's scopes.
 *
 * Returns: the deadline on csk_now()'s clock; CSK_FOREVER if there is none.
 * Errors:  none
 * Python:  current_effective_deadline
 * Since:   0.1
 * See:     csk_scope_push(3)
 */
CSK_API int64_t csk_scope_deadline(void);

#ifdef __cplusplus
}
#endif

#endif
