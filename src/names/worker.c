/* Threads that exist only while there is work. */
#include "names/worker.h"

#include <stdatomic.h>

static struct {
    struct cski_job_link waiting;   /* jobs that have no thread yet, in order */
    struct cski_job_link running;   /* jobs that have one */
    struct cski_job_link abandoned; /* abandoned jobs of the parent process */
    int threads[2];   /* number of threads whose jobs have a time limit, and of the others */
    unsigned process; /* the number of forks between the first process and this one */
    atomic_bool prepared;
} workers = {
    .waiting = { &workers.waiting, &workers.waiting },
    .running = { &workers.running, &workers.running },
    .abandoned = { &workers.abandoned, &workers.abandoned },
};

static void append(struct cski_job_link *list, struct cski_job *job)
{
    job->link.next = list;
    job->link.previous = list->previous;
    list->previous->next = &job->link;
    list->previous = &job->link;
}

static void take_out(struct cski_job *job)
{
    job->link.previous->next = job->link.next;
    job->link.next->previous = job->link.previous;
}

/* The first job of a list, taken out, or NULL. */
static struct cski_job *take_first(struct cski_job_link *list)
{
    struct cski_job *job = (struct cski_job *)list->next;

    if (list->next == list)
        return NULL;
    take_out(job);
    return job;
}

static bool has_space(const struct cski_job *job)
{
    static const int most[] = { CSKI_WORKERS_MAX, CSKI_WORKERS_UNLIMITED_MAX };

    return workers.threads[job->unlimited] < most[job->unlimited];
}

static void set_running(struct cski_job *job)
{
    job->state = CSKI_JOB_RUNNING;
    append(&workers.running, job);
    workers.threads[job->unlimited]++;
}

/* The first waiting job that another thread may do, taken out, or NULL. */
static struct cski_job *take_waiting(void)
{
    struct cski_job_link *link = workers.waiting.next;

    while (link != &workers.waiting && !has_space((struct cski_job *)link))
        link = link->next;
    if (link == &workers.waiting)
        return NULL;
    take_out((struct cski_job *)link);
    return (struct cski_job *)link;
}

/* In a child process only the thread that forked exists. */
static void forked(void)
{
    struct cski_job *job;

    workers.threads[false] = workers.threads[true] = 0;
    workers.process++;
    while ((job = take_first(&workers.running)) || (job = take_first(&workers.waiting))) {
        job->state = CSKI_JOB_ABANDONED;
        if (job->abandoned) {
            append(&workers.abandoned, job);
        } else {
            /* The descriptor is the parent's as well. */
            cski_os_event_renew(job->event);
            cski_os_event_set(job->event[1]);
        }
    }
}

/* After a job: the next one, or NULL, which ends the thread.  A thread that ends is joined by the
 * job's owner, so that a program which forks after a lookup has one thread again. */
static struct cski_job *next_job(struct cski_job *job)
{
    struct cski_job *next;
    bool abandoned;

    cski_os_lock();
    take_out(job);
    abandoned = job->abandoned;
    workers.threads[job->unlimited]--;
    if ((next = take_waiting()))
        set_running(next);
    if (!abandoned) {
        job->state = CSKI_JOB_DONE;
        job->has_thread = !next;
        job->thread = cski_os_thread_self();
        job->process = workers.process;
        cski_os_event_set(job->event[1]);
    }
    cski_os_unlock();
    if (abandoned)
        job->free(job);
    if (abandoned && !next)
        cski_os_thread_detach();
    return next;
}

static void *work(void *arg)
{
    struct cski_job *job = arg;

    while (job) {
        job->run(job);
        job = next_job(job);
    }
    return NULL;
}

static void free_abandoned(void)
{
    struct cski_job *job;

    while ((job = take_first(&workers.abandoned)))
        job->free(job);
}

/* Pass a job to a new thread, or otherwise to one that already runs. */
static int dispatch(struct cski_job *job)
{
    int n = 0;

    free_abandoned();
    if (has_space(job)) {
        set_running(job);
        if ((n = cski_os_thread_start(work, job)) == 0)
            return 0;
        workers.threads[job->unlimited]--;
        take_out(job);
        if (workers.threads[false] + workers.threads[true] == 0)
            return n;
    }
    job->state = CSKI_JOB_QUEUED;
    append(&workers.waiting, job);
    return 0;
}

/* Once; not under the lock: the loader has one of its own, and so has fork. */
static int prepare(void)
{
    int n;

    if (workers.prepared)
        return 0;
    cski_os_pin();
    if ((n = cski_os_thread_at_fork(forked)) == 0)
        workers.prepared = true;
    return n;
}

int cski_job_start(struct cski_job *job)
{
    int n = prepare();

    if (n < 0 || (n = cski_os_event_open(job->event)) < 0)
        return n;
    job->abandoned = job->has_thread = false;
    cski_os_lock();
    n = dispatch(job);
    cski_os_unlock();
    if (n < 0)
        cski_os_event_close(job->event);
    return n;
}

int cski_job_done(struct cski_job *job)
{
    enum cski_job_state state;

    cski_os_lock();
    state = job->state;
    cski_os_unlock();
    return state == CSKI_JOB_ABANDONED ? -ECANCELED : state == CSKI_JOB_DONE;
}

void cski_job_end(struct cski_job *job)
{
    bool running, joined;

    cski_os_lock();
    running = job->state == CSKI_JOB_RUNNING;
    joined = job->state == CSKI_JOB_DONE && job->has_thread && job->process == workers.process;
    job->abandoned = running;
    if (job->state == CSKI_JOB_QUEUED)
        take_out(job);
    cski_os_event_close(job->event);
    cski_os_unlock();
    if (joined)
        cski_os_thread_join(job->thread);
    if (!running)
        job->free(job);
}
