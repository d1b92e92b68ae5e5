/* POSIX threads, and the lock for their shared data. */
#include "platform.h"
#include "sys.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

_Static_assert(sizeof(pthread_t) <= sizeof(struct cski_thread), "a thread fits its handle");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void cski_os_lock(void)
{
    pthread_mutex_lock(&lock);
}

void cski_os_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

/* Two threads may register the handlers at the same time: the first of them takes the lock, and
 * the last gives it back. */
static _Thread_local int registered;
static void (*_Atomic in_child)(void);

static void before_fork(void)
{
    if (registered++ == 0)
        cski_os_lock();
}

static void after_fork(void)
{
    if (registered > 0 && --registered == 0)
        cski_os_unlock();
}

/* musl calls these without before_fork if the handlers were registered while the fork had begun:
 * another thread, which the child does not have, may hold the lock. */
static void after_fork_in_child(void)
{
    static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;

    if (registered <= 1)
        in_child();
    if (registered == 0)
        lock = unlocked;
    after_fork();
}

int cski_os_thread_at_fork(void (*child)(void))
{
    in_child = child;
    return -cski_sys(pthread_atfork)(before_fork, after_fork, after_fork_in_child);
}

int cski_os_thread_start(void *(*run)(void *arg), void *arg)
{
    sigset_t all, before;
    pthread_t thread;
    int error;

    /* The program's handlers expect the program's threads, and a new thread inherits the mask. */
    sigfillset(&all);
    cski_sys(pthread_sigmask)(SIG_SETMASK, &all, &before);
    error = cski_sys(pthread_create)(&thread, NULL, run, arg);
    cski_sys(pthread_sigmask)(SIG_SETMASK, &before, NULL);
    return -error;
}

struct cski_thread cski_os_thread_self(void)
{
    struct cski_thread self = { 0 };
    pthread_t thread = pthread_self();

    memcpy(&self, &thread, sizeof thread);
    return self;
}

void cski_os_thread_detach(void)
{
    pthread_detach(pthread_self());
}

void cski_os_thread_join(struct cski_thread handle)
{
    pthread_t thread;

    memcpy(&thread, &handle, sizeof thread);
    pthread_join(thread, NULL);
}
