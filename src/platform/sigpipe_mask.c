/* Blocking SIGPIPE with the thread's signal mask, and consuming one that was raised. */
#include "platform.h"
#include "sys.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif

const int cski_os_send_flags = MSG_NOSIGNAL;
const int cski_os_recvmsg_flags = MSG_CMSG_CLOEXEC;

static void set_sigpipe(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGPIPE);
}

static bool is_pending(void)
{
    sigset_t pending;

    return cski_sys(sigpending)(&pending) == 0 && sigismember(&pending, SIGPIPE);
}

void cski_os_sigpipe_hold(struct cski_sigpipe *hold)
{
    sigset_t set;

    set_sigpipe(&set);
    sigemptyset(&hold->before);
    cski_sys(pthread_sigmask)(SIG_BLOCK, &set, &hold->before);
    /* One that was pending before is not ours to take away.  It can be only where it was blocked.
     */
    hold->was_pending = sigismember(&hold->before, SIGPIPE) && is_pending();
}

void cski_os_sigpipe_release(struct cski_sigpipe *hold)
{
    sigset_t set;

    if (!hold->was_pending && is_pending()) {
        set_sigpipe(&set);
        cski_os_take_signal(&set);
    }
    cski_sys(pthread_sigmask)(SIG_SETMASK, &hold->before, NULL);
}

#ifdef SO_NOSIGPIPE
void cski_os_no_sigpipe(int fd)
{
    int on = 1;

    (void)cski_sys(setsockopt)(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
}
#else
void cski_os_no_sigpipe(int fd)
{
    (void)fd;
}
#endif
