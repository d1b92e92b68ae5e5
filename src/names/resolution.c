/* Both families' addresses in one lookup, or in one for each (RFC 8305). */
#include "names/resolution.h"

#include <string.h>

/* The C library's order of preference is unknown while only the families' own lookups have
 * answered: IPv6 first, as RFC 8305 recommends. */
static const int families[CSKI_RESOLUTION_LOOKUPS] = { AF_UNSPEC, AF_INET6, AF_INET };

static bool is_running(const struct cski_resolution *r, int which)
{
    return r->lookups[which] && r->results[which] == 0;
}

static int start(struct cski_resolution *r, int which, int family)
{
    r->question.family = family;
    return cski_lookup_start(&r->question, &r->lookups[which]);
}

static void end(struct cski_resolution *r, int which)
{
    if (r->lookups[which])
        cski_job_end(&r->lookups[which]->job);
    r->lookups[which] = NULL;
}

int cski_resolution_begin(struct cski_resolution *r, const char *host, const char *service,
                          int family, int type, int proto, int flags, struct csk_error *error)
{
    int n = csk_getaddrinfo_numeric(host, service, family, type, proto, flags, &r->merged, error);
    struct csk_addrinfo *list = n > 0 ? r->merged : NULL;

    *r = (struct cski_resolution){
        .list = list, .merged = list, .wake = CSK_FOREVER, .unlimited = r->unlimited
    };
    if (n < 0)
        return n;
    if (n > 0) {
        r->count = n;
        r->complete = true;
        return 0;
    }
    r->question = cski_lookup_addrinfo(host, service, type, proto, flags);
    r->question.job.unlimited = r->unlimited;
    if ((n = start(r, CSKI_RESOLUTION_BOTH, family)) < 0)
        return cski_lookup_fail(error, n, host, service);
    r->question.host = r->lookups[CSKI_RESOLUTION_BOTH]->host; /* a copy */
    r->question.service = r->lookups[CSKI_RESOLUTION_BOTH]->service;
    if (family == AF_UNSPEC && host)
        r->wake = csk_now() + CSKI_RESOLUTION_DELAY;
    return 0;
}

int cski_resolution_fds(const struct cski_resolution *r, struct pollfd fds[CSKI_RESOLUTION_LOOKUPS])
{
    int count = 0;

    for (int i = 0; i < CSKI_RESOLUTION_LOOKUPS; i++)
        if (is_running(r, i))
            fds[count++] = (struct pollfd){ .fd = cski_job_fileno(&r->lookups[i]->job),
                                            .events = POLLIN };
    return count;
}

int64_t cski_resolution_wake(const struct cski_resolution *r)
{
    return r->complete ? CSK_FOREVER : r->wake;
}

/* Whether the lookup has answered since the last step. */
static bool collect(struct cski_resolution *r, int which)
{
    int n = is_running(r, which) ? cski_job_done(&r->lookups[which]->job) : 0;

    if (n == 1)
        n = r->lookups[which]->result;
    r->results[which] = n ? n : r->results[which];
    return n != 0;
}

/* The list is that of one lookup, which the resolution takes over. */
static int take(struct cski_resolution *r, int which)
{
    cski_sys(free)(r->merged);
    r->merged = r->lookups[which]->list;
    r->lookups[which]->list = NULL;
    r->list = r->merged;
    r->count = r->results[which];
    r->complete = true;
    return 1;
}

/* The list is that of the families that have answered. */
static int merge(struct cski_resolution *r)
{
    struct csk_addrinfo *merged;
    int count = 0;

    for (int i = CSKI_RESOLUTION_IPV6; i < CSKI_RESOLUTION_LOOKUPS; i++)
        count += r->results[i] > 0 ? r->results[i] : 0;
    if (!(merged = cski_sys(calloc)((size_t)count, sizeof *merged)))
        return -ENOMEM;
    count = 0;
    for (int i = CSKI_RESOLUTION_IPV6; i < CSKI_RESOLUTION_LOOKUPS; i++)
        for (int k = 0; k < r->results[i]; k++) {
            merged[count] = r->lookups[i]->list[k];
            merged[count++].canonname = "";
        }
    cski_sys(free)(r->merged);
    r->merged = merged;
    r->list = merged;
    r->count = count;
    return 1;
}

/* Ask for each family.  Without a thread or descriptor for that, the first lookup must suffice. */
static void split(struct cski_resolution *r)
{
    r->question.job.unlimited = false;
    for (int i = CSKI_RESOLUTION_IPV6; i < CSKI_RESOLUTION_LOOKUPS; i++)
        if (start(r, i, families[i]) < 0)
            r->lookups[i] = NULL;
    r->split = true;
    r->wake = CSK_FOREVER;
}

static bool is_failed(const struct cski_resolution *r, int which)
{
    return !r->lookups[which] || r->results[which] < 0;
}

static int fail(struct cski_resolution *r, struct csk_error *error)
{
    r->complete = true;
    return cski_lookup_fail(error, r->results[CSKI_RESOLUTION_BOTH], r->question.host,
                            r->question.service);
}

/* Publish what the families' own lookups have found, or wait for more: IPv4 addresses wait briefly
 * for those of IPv6, and both are complete after the C library has had some time to order them. */
static int decide(struct cski_resolution *r, bool news, bool due)
{
    bool ipv6 = r->results[CSKI_RESOLUTION_IPV6] > 0, ipv4 = r->results[CSKI_RESOLUTION_IPV4] > 0;
    bool pending6 = is_running(r, CSKI_RESOLUTION_IPV6);
    bool all = !pending6 && !is_running(r, CSKI_RESOLUTION_IPV4);

    if (!ipv6 && !ipv4)
        return 0;
    if (due) {
        r->complete = all;
        r->ipv4_alone = true;
        r->wake = CSK_FOREVER;
    }
    if (all && !is_running(r, CSKI_RESOLUTION_BOTH))
        r->complete = true;
    else if (news && (all || (pending6 && !r->ipv4_alone)))
        r->wake = csk_now() + CSKI_RESOLUTION_DELAY;
    if (!ipv6 && pending6 && !r->ipv4_alone)
        return 0;
    return news || (due && !all) ? merge(r) : 0;
}

int cski_resolution_step(struct cski_resolution *r, struct csk_error *error)
{
    bool due = r->wake != CSK_FOREVER && csk_now() >= r->wake, news = false;
    int n;

    if (r->complete)
        return 0;
    collect(r, CSKI_RESOLUTION_BOTH);
    if (r->results[CSKI_RESOLUTION_BOTH] > 0)
        return take(r, CSKI_RESOLUTION_BOTH);
    if (!r->split) {
        if (is_failed(r, CSKI_RESOLUTION_BOTH))
            return fail(r, error);
        if (due)
            split(r);
        return 0;
    }
    news = collect(r, CSKI_RESOLUTION_IPV6);
    news |= collect(r, CSKI_RESOLUTION_IPV4);
    if (is_failed(r, CSKI_RESOLUTION_BOTH) && is_failed(r, CSKI_RESOLUTION_IPV6) &&
        is_failed(r, CSKI_RESOLUTION_IPV4))
        return fail(r, error);
    if ((n = decide(r, news, due)) < 0)
        return cski_lookup_fail(error, n, r->question.host, r->question.service);
    return n;
}

void cski_resolution_end(struct cski_resolution *r)
{
    for (int i = 0; i < CSKI_RESOLUTION_LOOKUPS; i++)
        end(r, i);
    cski_sys(free)(r->merged);
    *r = (struct cski_resolution){ .wake = CSK_FOREVER };
}
