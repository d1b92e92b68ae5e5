/* The threads for blocking work. */
#include "names/worker.h"
#include "nameserver.h"
#include "sockets.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

/* A job that waits until the test releases it. */
struct work {
    struct cski_job job;
    struct counts *counts;
};

struct counts {
    sem_t go;
    int started, freed;
};

static void count(int *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_ACQ_REL);
}

static int counted(const int *counter)
{
    return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}

static void run(struct cski_job *job)
{
    struct work *work = (struct work *)job;

    count(&work->counts->started);
    while (sem_wait(&work->counts->go) < 0)
        ;
}

static void release(struct cski_job *job)
{
    struct work *work = (struct work *)job;

    count(&work->counts->freed);
    free(work);
}

static struct cski_job *start(struct counts *counts)
{
    struct work *work = calloc(1, sizeof *work);

    assert_non_null(work);
    work->job.run = run;
    work->job.free = release;
    work->counts = counts;
    assert_int_equal(cski_job_start(&work->job), 0);
    return &work->job;
}

static bool is_readable(const struct cski_job *job)
{
    struct pollfd p = { .fd = cski_job_fileno(job), .events = POLLIN };

    return poll(&p, 1, 0) > 0;
}

static void wait_for(struct cski_job *job)
{
    struct pollfd p = { .fd = cski_job_fileno(job), .events = POLLIN };

    assert_int_equal(poll(&p, 1, -1), 1);
    assert_int_equal(cski_job_done(job), 1);
}

static void wait_until(const int *counter, int value)
{
    const struct timespec pause = { 0, MS };

    while (counted(counter) < value)
        nanosleep(&pause, NULL);
}

static void a_job_runs_in_a_thread_that_ends_with_it(void)
{
    struct counts counts = { .started = 0 };
    struct cski_job *job;

    test_count_threads();
    sem_init(&counts.go, 0, 0);
    job = start(&counts);
    wait_until(&counts.started, 1);
    assert_int_equal(test_threads(), 2);
    assert_int_equal(cski_job_done(job), 0);
    assert_false(is_readable(job));
    sem_post(&counts.go);
    wait_for(job);
    assert_int_equal(counted(&counts.freed), 0);
    cski_job_end(job);
    assert_int_equal(counted(&counts.freed), 1);
    test_wait_for_one_thread();
}

/* More jobs than the maximum number of threads: one per thread runs, and waits for counts->go. */
static void start_many(struct counts *counts, struct cski_job **jobs, int count)
{
    test_count_threads();
    sem_init(&counts->go, 0, 0);
    for (int i = 0; i < count; i++)
        jobs[i] = start(counts);
    wait_until(&counts->started, CSKI_WORKERS_MAX);
}

static void release_jobs(struct counts *counts, int count)
{
    for (int i = 0; i < count; i++)
        sem_post(&counts->go);
}

static void threads_are_bounded_and_jobs_are_queued(void)
{
    enum { JOBS = 3 * CSKI_WORKERS_MAX };
    struct counts counts = { .started = 0 };
    struct cski_job *jobs[JOBS];

    start_many(&counts, jobs, JOBS);
    assert_int_equal(test_threads(), 1 + CSKI_WORKERS_MAX);
    release_jobs(&counts, JOBS);
    for (int i = 0; i < JOBS; i++)
        wait_for(jobs[i]);
    assert_int_equal(counted(&counts.started), JOBS);
    for (int i = 0; i < JOBS; i++)
        cski_job_end(jobs[i]);
    assert_int_equal(counted(&counts.freed), JOBS);
    test_wait_for_one_thread();
}

/* Abandoned jobs: queued ones are freed at once without being run, running ones when they are
 * done. */
static void an_abandoned_job_is_freed_once(void)
{
    enum { JOBS = 2 * CSKI_WORKERS_MAX };
    struct counts counts = { .started = 0 };
    struct cski_job *jobs[JOBS];

    start_many(&counts, jobs, JOBS);
    for (int i = 0; i < JOBS; i++)
        cski_job_end(jobs[i]);
    assert_int_equal(counted(&counts.freed), JOBS - CSKI_WORKERS_MAX);
    release_jobs(&counts, JOBS);
    test_wait_for_one_thread();
    assert_int_equal(counted(&counts.freed), JOBS);
    assert_int_equal(counted(&counts.started), CSKI_WORKERS_MAX);
}

static void jobs_are_taken_in_order(void)
{
    struct counts first = { .started = 0 }, later = { .started = 0 };
    struct cski_job *jobs[CSKI_WORKERS_MAX], *next, *last;

    test_count_threads();
    sem_init(&first.go, 0, 0);
    sem_init(&later.go, 0, 0);
    for (int i = 0; i < CSKI_WORKERS_MAX; i++)
        jobs[i] = start(&first);
    next = start(&later);
    last = start(&later);
    sem_post(&first.go);
    wait_until(&later.started, 1);
    sem_post(&later.go);
    wait_for(next);
    wait_until(&later.started, 2);
    assert_int_equal(cski_job_done(last), 0);
    sem_post(&later.go);
    wait_for(last);
    cski_job_end(next);
    cski_job_end(last);
    for (int i = 0; i < CSKI_WORKERS_MAX; i++) {
        sem_post(&first.go);
        cski_job_end(jobs[i]);
    }
    test_wait_for_one_thread();
    assert_int_equal(counted(&first.freed), CSKI_WORKERS_MAX);
}

static volatile sig_atomic_t handled;

static void handler(int number)
{
    (void)number;
    handled++;
}

/* The main thread blocks the signal, so the other thread would receive it unless it blocks signals
 * too. */
static void threads_block_all_signals(void)
{
    struct counts counts = { .started = 0 };
    struct cski_job *job;
    sigset_t set, before;

    test_count_threads();
    sem_init(&counts.go, 0, 0);
    signal(SIGUSR1, handler);
    job = start(&counts);
    wait_until(&counts.started, 1);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    kill(getpid(), SIGUSR1);
    sem_post(&counts.go);
    wait_for(job);
    cski_job_end(job);
    assert_int_equal(handled, 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert_int_equal(handled, 1);
}

/* In the child process: jobs of each kind have ended, and new ones can be started. */
static void use_jobs_after_fork(struct cski_job **jobs, int count, struct counts *counts)
{
    struct cski_job *job;

    for (int i = 0; i < count; i++) {
        assert_true(is_readable(jobs[i]));
        assert_int_equal(cski_job_done(jobs[i]), -ECANCELED);
        cski_job_end(jobs[i]);
    }
    assert_int_equal(counted(&counts->freed), count);
    sem_post(&counts->go);
    sem_post(&counts->go);
    job = start(counts);
    wait_for(job);
    cski_job_end(job);
    test_wait_for_one_thread();
}

static void a_child_process_has_no_jobs(void)
{
    enum { JOBS = CSKI_WORKERS_MAX + 2 };
    struct counts counts = { .started = 0 };
    struct cski_job *jobs[JOBS];
    int status;
    pid_t pid;

    test_skip_forks();
    test_count_threads();
    sem_init(&counts.go, 0, 0);
    for (int i = 0; i < JOBS; i++)
        jobs[i] = start(&counts);
    wait_until(&counts.started, CSKI_WORKERS_MAX);
    cski_job_end(jobs[0]); /* abandoned in the parent process: freed in both */
    assert_true((pid = fork()) >= 0);
    if (pid == 0) {
        use_jobs_after_fork(jobs + 1, JOBS - 1, &counts);
        _exit(counted(&counts.freed) == JOBS + 1 ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    for (int i = 1; i < JOBS; i++) {
        assert_false(is_readable(jobs[i]));
        assert_int_equal(cski_job_done(jobs[i]), 0);
    }
    for (int i = 0; i < JOBS; i++)
        sem_post(&counts.go);
    for (int i = 1; i < JOBS; i++) {
        wait_for(jobs[i]);
        cski_job_end(jobs[i]);
    }
    test_wait_for_one_thread();
    assert_int_equal(counted(&counts.freed), JOBS);
}

/* A job that is done before the fork; its thread does not exist in the child process. */
static void a_job_that_is_done_can_be_ended_in_both_processes(void)
{
    struct counts counts = { .started = 0 };
    struct cski_job *job;
    int status;
    pid_t pid;

    test_skip_forks();
    test_count_threads();
    sem_init(&counts.go, 0, 1);
    job = start(&counts);
    wait_for(job);
    assert_true((pid = fork()) >= 0);
    if (pid == 0) {
        assert_int_equal(cski_job_done(job), 1);
        cski_job_end(job);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    cski_job_end(job);
    test_wait_for_one_thread();
}

/* One thread forks while jobs begin and end in others. */
static void *start_and_end(void *arg)
{
    struct counts *counts = arg;

    for (int i = 0; i < 200; i++) {
        struct cski_job *job = start(counts);

        if (i % 2)
            wait_for(job);
        cski_job_end(job);
    }
    return NULL;
}

static void forks_at_any_moment_are_safe(void)
{
    struct counts counts = { .started = 0 };
    pthread_t threads[3];
    int status;
    pid_t pid;

    test_skip_forks_at_any_moment();
    test_count_threads();
    sem_init(&counts.go, 0, 10000);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start_and_end, &counts), 0);
    for (int i = 0; i < 100; i++) {
        assert_true((pid = fork()) >= 0);
        if (pid == 0) {
            start_and_end(&counts);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    test_wait_for_one_thread();
    assert_int_equal(counted(&counts.freed), 600);
}

TESTS(TEST(a_job_runs_in_a_thread_that_ends_with_it), TEST(threads_are_bounded_and_jobs_are_queued),
      TEST(an_abandoned_job_is_freed_once), TEST(jobs_are_taken_in_order),
      TEST(threads_block_all_signals), TEST(a_child_process_has_no_jobs),
      TEST(a_job_that_is_done_can_be_ended_in_both_processes), TEST(forks_at_any_moment_are_safe))
