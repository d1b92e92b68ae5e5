/* Threads and the lock for what they share, by POSIX. */
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

int cski_os_thread_at_fork(void (*child)(void))
{
    return -cski_sys(pthread_atfork)(cski_os_lock, cski_os_unlock, child);
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
