/* Lookups: queries of the C library's resolver, in the calling thread or, if a limit applies, in
 * another one. */
#ifndef CSKI_LOOKUP_H
#define CSKI_LOOKUP_H

#include "names/worker.h"

struct cski_lookup {
    struct cski_job job; /* first */
    int (*query)(struct cski_lookup *lookup);

    /* The question, as query reads it; strings may be NULL. */
    const char *host, *service;
    const struct csk_addr *addr;
    int family, type, proto, flags;

    /* The answer: query's return value and its results.  name and text are buffers. */
    int result;
    struct csk_addrinfo *list;
    struct csk_hostent *hostent;
    char *name, *text;
    size_t name_size, text_size;
};

/* resolver.c: the question of csk_getaddrinfo, for AF_UNSPEC. */
struct cski_lookup cski_lookup_addrinfo(const char *host, const char *service, int type, int proto,
                                        int flags);

/* Look up, within the limits of the options and of the thread's scopes.  The caller then owns the
 * results in lookup.  Returns query's value, CSK_ETIMEDOUT, CSK_ECANCELED, or another code. */
int cski_lookup(struct cski_lookup *lookup, const struct csk_lookup_options *options);

/* Look up in another thread: *started, for the functions of jobs, is a copy of the question that
 * receives the answer.  It owns the results until the owner of the job sets the pointer to NULL. */
int cski_lookup_start(const struct cski_lookup *question, struct cski_lookup **started);

/* Fill in an error: "resolve HOST: CAUSE"; returns code. */
int cski_lookup_fail(struct csk_error *error, int code, const char *host, const char *service);

#endif
