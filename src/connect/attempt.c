/* One attempt to connect: a socket is opened, prepared, bound and connected without waiting.
 */
#include "connect/connection.h"

#ifndef EAI_ADDRFAMILY
#define EAI_ADDRFAMILY EAI_NONAME
#endif

/* A full backlog of an AF_UNIX listener makes connect fail with EAGAIN, and no event reports that
 * there is space again. */
#define FIRST_BACKOFF (1 * CSK_MS)
#define LAST_BACKOFF (64 * CSK_MS)

/* The source address of the attempt's family.  For families without host:port it is text. */
static int source_address(const struct cski_attempt *attempt, const struct cski_endpoint *source,
                          struct csk_addr *addr)
{
    const struct csk_socket *s = &attempt->socket;

    if (!cski_is_host_port(source->target.text, s->family))
        return csk_addr_parse(addr, s->family, s->proto, source->target.text, NULL);
    for (size_t i = 0; i < source->count; i++) {
        if (source->list[i].family == s->family) {
            *addr = source->list[i].addr;
            return 0;
        }
    }
    return CSK_EAI(EAI_ADDRFAMILY);
}

static int prepare(struct cski_attempt *attempt, const struct csk_connection_options *options,
                   const struct cski_endpoint *source)
{
    struct csk_socket *s = &attempt->socket;
    struct csk_addr addr;
    int n;

    attempt->step = CSKI_STEP_OPEN;
    if ((n = csk_socket(s, attempt->to.family, attempt->to.type, attempt->to.proto)) < 0 ||
        (n = csk_settimeout(s, 0)) < 0)
        return n;
    s->context = options->context;
    attempt->step = CSKI_STEP_HOOK;
    if (options->on_open && (n = options->on_open(s, &attempt->to.addr, options->context)) < 0)
        return n;
    attempt->step = CSKI_STEP_BIND;
    if (source->target.text &&
        ((n = source_address(attempt, source, &addr)) < 0 || (n = csk_bind(s, &addr, NULL)) < 0))
        return n;
    attempt->step = CSKI_STEP_CONNECT;
    return 0;
}

/* The effect of connect's result on the attempt. */
static void connecting(struct cski_attempt *attempt, int n)
{
    if (n == 0) {
        attempt->state = CSKI_ATTEMPT_CONNECTED;
    } else if (n == -EINPROGRESS || n == -EALREADY || n == -EINTR) { /* it continues */
        attempt->state = CSKI_ATTEMPT_RUNNING;
    } else if (n == -EAGAIN) {
        attempt->backoff = attempt->backoff ? attempt->backoff * 2 : FIRST_BACKOFF;
        if (attempt->backoff > LAST_BACKOFF)
            attempt->backoff = LAST_BACKOFF;
        attempt->next = csk_now() + attempt->backoff;
        attempt->state = CSKI_ATTEMPT_RETRYING;
    } else {
        cski_attempt_fail(attempt, n);
    }
}

void cski_attempt_start(struct cski_attempt *attempt, const struct csk_connection_options *options,
                        const struct cski_endpoint *source)
{
    int n = prepare(attempt, options, source);

    if (n < 0)
        cski_attempt_fail(attempt, n);
    else
        connecting(attempt, csk_connect(&attempt->socket, &attempt->to.addr, NULL));
}

void cski_attempt_look(struct cski_attempt *attempt)
{
    int n;

    if (attempt->state == CSKI_ATTEMPT_RETRYING) {
        connecting(attempt, csk_connect(&attempt->socket, &attempt->to.addr, NULL));
        return;
    }
    n = cski_connect_outcome(&attempt->socket);
    if (n < 0)
        cski_attempt_fail(attempt, n);
    else
        attempt->state = CSKI_ATTEMPT_CONNECTED;
}

void cski_attempt_fail(struct cski_attempt *attempt, int code)
{
    csk_close(&attempt->socket);
    attempt->state = CSKI_ATTEMPT_FAILED;
    attempt->code = code;
}

int cski_attempt_report(const struct cski_attempt *attempt, const char *source,
                        struct csk_error *error)
{
    char cause[CSK_ERROR_TEXT_MAX], peer[CSK_ADDR_TEXT_MAX];

    switch (attempt->step) {
    case CSKI_STEP_OPEN:
        return cski_fail_at(error, attempt->code, "open a socket for", &attempt->to.addr);
    case CSKI_STEP_HOOK:
        return cski_fail_at(error, attempt->code, "prepare a socket for", &attempt->to.addr);
    case CSKI_STEP_BIND:
        return cski_fail(error, attempt->code, "bind to %.60s to connect to %.80s: %s", source,
                         csk_addr_format(&attempt->to.addr, peer, sizeof peer),
                         csk_strerror(attempt->code, cause, sizeof cause));
    default: return cski_fail_at(error, attempt->code, "connect to", &attempt->to.addr);
    }
}
