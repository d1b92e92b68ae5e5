/* Work that blocks in the C library, done by threads.
 *
 * A job is the first member of a caller's struct.  Its owner starts it, polls its descriptor and
 * ends it, done or not; a job that is abandoned while it runs is freed by its thread. */
#ifndef CSKI_WORKER_H
#define CSKI_WORKER_H

#include "internal.h"

/* The maximum number of threads for jobs that may be abandoned after a short time.  They mostly
 * wait for a name server, so that there may be many more of them than processors. */
#define CSKI_WORKERS_MAX 64
/* The same for jobs whose owner is a thread that waits without a time limit.  It would not wait for
 * the others' jobs if it did the work itself. */
#define CSKI_WORKERS_UNLIMITED_MAX 1024

enum cski_job_state { CSKI_JOB_QUEUED, CSKI_JOB_RUNNING, CSKI_JOB_DONE, CSKI_JOB_ABANDONED };

/* A list is a ring that begins and ends with its head. */
struct cski_job_link {
    struct cski_job_link *next, *previous;
};

struct cski_job {
    struct cski_job_link link;         /* first */
    void (*run)(struct cski_job *job); /* called by the thread */
    void (*free)(
        struct cski_job *job); /* called once, when neither owner nor thread uses the job */
    bool unlimited; /* the owner waits in the thread that started the job, without a time limit */
    /* What follows is set by the functions below. */
    enum cski_job_state state;
    bool abandoned;
    int event[2];
    bool has_thread; /* the thread has ended with this job, and must be joined */
    unsigned process;
    struct cski_thread thread;
};

/* Start a job whose run and free are set.  On an error the caller frees the job. */
int cski_job_start(struct cski_job *job);

/* A descriptor that becomes readable when the job is done; it must only be polled. */
static inline int cski_job_fileno(const struct cski_job *job)
{
    return job->event[0];
}

/* 1: done, and the caller may read what run has written; 0: not yet; -ECANCELED: the job was
 * started in the parent process, and will never be done in this one. */
int cski_job_done(struct cski_job *job);

/* Free a job that is done, or abandon it.  Its descriptor is closed. */
void cski_job_end(struct cski_job *job);

#endif
