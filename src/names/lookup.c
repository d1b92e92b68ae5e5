/* Lookups in the calling thread, and in others. */
#include "names/lookup.h"

#include <string.h>

int cski_lookup_fail(struct csk_error *error, int code, const char *host, const char *service)
{
    char cause[CSK_ERROR_TEXT_MAX];
    bool ipv6 = host && strchr(host, ':');

    if (!error)
        return code;
    csk_strerror(code, cause, sizeof cause);
    if (!host || !*host)
        return cski_fail(error, code, "resolve :%.80s: %s", service ? service : "", cause);
    if (service && code == CSK_EAI(EAI_SERVICE))
        return cski_fail(error, code, "resolve %s%.80s%s:%.40s: %s", ipv6 ? "[" : "", host,
                         ipv6 ? "]" : "", service, cause);
    return cski_fail(error, code, "resolve %.100s: %s", host, cause);
}

static void run(struct cski_job *job)
{
    struct cski_lookup *lookup = (struct cski_lookup *)job;

    lookup->result = lookup->query(lookup);
}

static void release(struct cski_job *job)
{
    struct cski_lookup *lookup = (struct cski_lookup *)job;

    /* Each is one block. */
    cski_sys(free)(lookup->list);
    cski_sys(free)(lookup->hostent);
    cski_sys(free)(lookup);
}

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static void *put(char **at, const void *data, size_t size)
{
    char *copy = *at;

    if (!data)
        return NULL;
    memcpy(copy, data, size);
    *at += size;
    return copy;
}

/* One block of memory: the lookup, the address, the strings, the buffers. */
static struct cski_lookup *copy_lookup(const struct cski_lookup *q)
{
    size_t host = text_size(q->host), service = text_size(q->service);
    size_t addr = q->addr ? sizeof *q->addr : 0;
    struct cski_lookup *copy = cski_sys(malloc)(sizeof *copy + addr + host + service +
                                                q->name_size + q->text_size);
    char *at = (char *)(copy + 1);

    if (!copy)
        return NULL;
    *copy = *q;
    copy->addr = put(&at, q->addr, addr);
    copy->host = put(&at, q->host, host);
    copy->service = put(&at, q->service, service);
    copy->name = put(&at, q->name, q->name_size);
    copy->text = put(&at, q->text, q->text_size);
    copy->job.run = run;
    copy->job.free = release;
    return copy;
}

static void copy_results(struct cski_lookup *to, struct cski_lookup *from)
{
    to->list = from->list;
    to->hostent = from->hostent;
    from->list = NULL;
    from->hostent = NULL;
    if (to->name)
        memcpy(to->name, from->name, to->name_size);
    if (to->text)
        memcpy(to->text, from->text, to->text_size);
}

int cski_lookup_start(const struct cski_lookup *question, struct cski_lookup **started)
{
    struct cski_lookup *lookup = copy_lookup(question);
    int n = lookup ? cski_job_start(&lookup->job) : -ENOMEM;

    if (n < 0)
        cski_sys(free)(lookup);
    else
        *started = lookup;
    return n;
}

/* 1: the job is done. */
static int wait_for(struct cski_job *job, struct csk_socket *limits)
{
    struct pollfd p = { .fd = cski_job_fileno(job), .events = POLLIN };
    int n = cski_job_done(job);

    while (n == 0)
        if ((n = cski_wait_many(limits, &p, 1, CSKI_NEVER, cski_is_scoped(limits))) > 0)
            n = cski_job_done(job);
    return n;
}

static int lookup_with_limits(struct cski_lookup *question, struct csk_socket *limits)
{
    struct cski_lookup *lookup;
    int n = cski_lookup_start(question, &lookup);

    if (n < 0)
        return n;
    if ((n = wait_for(&lookup->job, limits)) == 1) {
        n = lookup->result;
        copy_results(question, lookup);
    }
    cski_job_end(&lookup->job);
    return n;
}

/* The caller's limits in a closed socket, the form that waiting requires. */
static struct csk_socket read_limits(const struct csk_lookup_options *options)
{
    struct csk_socket s = CSK_SOCKET_INIT;
    int64_t deadline, timeout;

    if (!options)
        return s;
    s.cancel = options->cancel;
    s.on_interrupt = options->on_interrupt;
    s.context = options->context;
    deadline = options->deadline > 0 ? options->deadline : CSK_FOREVER;
    timeout = options->timeout > 0 ? cski_deadline_in(options->timeout) : CSK_FOREVER;
    if (timeout < deadline)
        deadline = timeout;
    if (deadline != CSK_FOREVER)
        csk_setdeadline(&s, deadline);
    return s;
}

int cski_lookup(struct cski_lookup *lookup, const struct csk_lookup_options *options)
{
    struct csk_socket s = read_limits(options);
    struct cski_limits limits;
    int n;

    if (!cski_is_limited(&s))
        return lookup->query(lookup);
    cski_limits_get(&limits, &s, cski_is_scoped(&s));
    if ((n = cski_limits_test(&limits)) < 0)
        return n;
    lookup->job.unlimited = limits.deadline == CSK_FOREVER;
    return lookup_with_limits(lookup, &s);
}
