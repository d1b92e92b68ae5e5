/* Holding SIGPIPE back with the thread's signal mask, and taking away one that was raised. */
#include "platform.h"
#include "sys.h"

#include <string.h>

struct state {
    sigset_t before;
    bool was_pending;
};

_Static_assert(sizeof(struct state) <= sizeof(struct cski_sigpipe), "cski_sigpipe has no space");

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif

const int cski_os_send_flags = MSG_NOSIGNAL;
const int cski_os_recvmsg_flags = MSG_CMSG_CLOEXEC;

static sigset_t only_sigpipe(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

void cski_os_sigpipe_hold(struct cski_sigpipe *hold)
{
    struct state state;
    sigset_t set = only_sigpipe(), pending;

    /* One that was pending before is not ours to take away. */
    sigemptyset(&pending);
    cski_sys(sigpending)(&pending);
    state.was_pending = sigismember(&pending, SIGPIPE);
    cski_sys(pthread_sigmask)(SIG_BLOCK, &set, &state.before);
    memcpy(hold->state, &state, sizeof state);
}

void cski_os_sigpipe_release(struct cski_sigpipe *hold)
{
    struct state state;
    sigset_t set = only_sigpipe(), pending;

    memcpy(&state, hold->state, sizeof state);
    sigemptyset(&pending);
    cski_sys(sigpending)(&pending);
    if (!state.was_pending && sigismember(&pending, SIGPIPE))
        cski_os_take_signal(&set);
    cski_sys(pthread_sigmask)(SIG_SETMASK, &state.before, NULL);
}
