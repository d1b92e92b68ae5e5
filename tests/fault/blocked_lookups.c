#include "blocked.h"
#include "nameserver.h"

/* A simulated name server that does not answer: the C library's calls wait here. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t released;
    bool held;
    int begun;
} lookups = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0 };

static int wait_for_release(void)
{
    pthread_mutex_lock(&lookups.lock);
    lookups.begun++;
    while (lookups.held)
        pthread_cond_wait(&lookups.released, &lookups.lock);
    pthread_mutex_unlock(&lookups.lock);
    return EAI_AGAIN;
}

static int held_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                            struct addrinfo **list)
{
    (void)host, (void)service, (void)hints, (void)list;
    return wait_for_release();
}

static int held_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t size,
                            char *service, socklen_t service_size, int flags)
{
    (void)addr, (void)len, (void)host, (void)size, (void)service, (void)service_size, (void)flags;
    return wait_for_release();
}

void blocked_hold_lookups(void)
{
    static bool counted;

    if (!counted)
        test_count_threads();
    counted = true;
    pthread_mutex_lock(&lookups.lock);
    lookups.held = true;
    lookups.begun = 0;
    pthread_mutex_unlock(&lookups.lock);
    /* Only once: ThreadSanitizer does not know that the threads that read the table have ended. */
    if (cski_sys_table.getaddrinfo != held_getaddrinfo) {
        cski_sys_table = cski_sys_real;
        cski_sys_table.getaddrinfo = held_getaddrinfo;
        cski_sys_table.getnameinfo = held_getnameinfo;
    }
}

void blocked_release_lookups(void)
{
    pthread_mutex_lock(&lookups.lock);
    lookups.held = false;
    pthread_cond_broadcast(&lookups.released);
    pthread_mutex_unlock(&lookups.lock);
    test_wait_for_one_thread();
}

int blocked_lookups(void)
{
    int begun;

    pthread_mutex_lock(&lookups.lock);
    begun = lookups.begun;
    pthread_mutex_unlock(&lookups.lock);
    return begun;
}
