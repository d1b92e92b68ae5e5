/* Threads of Windows, and the lock for their shared data. */
#include "platform.h"
#include "windows/layer.h"

#include <process.h>

static SRWLOCK lock = SRWLOCK_INIT;

void cski_os_lock(void)
{
    AcquireSRWLockExclusive(&lock);
}

void cski_os_unlock(void)
{
    ReleaseSRWLockExclusive(&lock);
}

/* There is no fork. */
int cski_os_thread_at_fork(void (*child)(void))
{
    (void)child;
    return 0;
}

struct start {
    void *(*run)(void *arg);
    void *arg;
};

static unsigned __stdcall begin(void *arg)
{
    struct start start = *(struct start *)arg;

    cski_sys(free)(arg);
    start.run(start.arg);
    return 0;
}

int cski_os_thread_start(void *(*run)(void *arg), void *arg)
{
    struct start *start = cski_sys(malloc)(sizeof *start);
    uintptr_t thread;
    int error;

    if (!start)
        return -ENOMEM;
    *start = (struct start){ run, arg };
    thread = _beginthreadex(NULL, 0, begin, start, 0, NULL);
    if (thread) {
        CloseHandle((HANDLE)thread);
        return 0;
    }
    error = errno;
    cski_sys(free)(start);
    return error ? -error : -EAGAIN;
}

/* A handle of the thread's own, which joining or detaching it must close. */
static _Thread_local HANDLE self;

struct cski_thread cski_os_thread_self(void)
{
    HANDLE process = GetCurrentProcess();

    if (!self)
        DuplicateHandle(process, GetCurrentThread(), process, &self, 0, FALSE,
                        DUPLICATE_SAME_ACCESS);
    return (struct cski_thread){ (uintptr_t)self };
}

void cski_os_thread_detach(void)
{
    if (self)
        CloseHandle(self);
    self = NULL;
}

void cski_os_thread_join(struct cski_thread thread)
{
    WaitForSingleObject((HANDLE)thread.id, INFINITE);
    CloseHandle((HANDLE)thread.id);
}
