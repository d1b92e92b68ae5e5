/* Connecting in one call, which waits. */
#include "connect/connection.h"

/* Take the steps of a connection, and wait in between, until it has ended. */
static void run(struct csk_connection *c)
{
    bool unlimited = c->deadline == CSK_FOREVER && csk_scope_deadline() == CSK_FOREVER;
    struct pollfd *fds;
    size_t count;
    int n = csk_scope_test();

    if (n < 0)
        cski_connection_end(c, n);
    c->never_wait = c->timeout == 0; /* as connect does on a non-blocking socket */
    c->endpoint.resolution.unlimited = unlimited;
    c->source.resolution.unlimited = unlimited;
    while (!csk_connection_step(c)) {
        count = cski_connection_pollfds(c, &fds);
        n = cski_wait_many(&c->caller, fds, count, csk_connection_wakeup(c),
                           cski_is_scoped(&c->caller));
        if (n == CSK_ETIMEDOUT)
            n = csk_scope_test(); /* otherwise only the time for the next step has come */
        if (n < 0)
            cski_connection_end(c, n);
    }
}

static int finish(struct csk_connection *c, struct csk_socket *s, struct csk_attempt *attempts,
                  size_t *count, struct csk_error *error)
{
    int n;

    run(c);
    n = csk_connection_finish(c, s, attempts, count, error);
    csk_connection_free(c);
    return n;
}

static int check(struct csk_socket *s, const struct csk_attempt *attempts, const size_t *count,
                 struct csk_error *error)
{
    if (!s)
        return cski_fail(error, CSK_ENULL, "the socket is NULL");
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    if (!attempts && count && *count)
        return cski_fail(error, CSK_ENULL, "the list of attempts is NULL");
    return 0;
}

int csk_connect_any(struct csk_socket *s, const struct csk_addrinfo *list, size_t size,
                    const struct csk_connection_options *options, struct csk_attempt *attempts,
                    size_t *count, struct csk_error *error)
{
    struct csk_connection *c;
    int n = check(s, attempts, count, error);

    if (n == 0 && (n = csk_connection_begin_any(list, size, options, &c, error)) == 0)
        return finish(c, s, attempts, count, error);
    if (count)
        *count = 0;
    return n;
}

int csk_create_connection_ex(struct csk_socket *s, const char *address,
                             const struct csk_connection_options *options,
                             struct csk_attempt *attempts, size_t *count, struct csk_error *error)
{
    struct csk_connection *c;
    int n = check(s, attempts, count, error);

    if (n == 0 && (n = csk_connection_begin(address, options, &c, error)) == 0)
        return finish(c, s, attempts, count, error);
    if (count)
        *count = 0;
    return n;
}

int csk_create_connection(struct csk_socket *s, const char *address,
                          const struct csk_connection_options *options, struct csk_error *error)
{
    return csk_create_connection_ex(s, address, options, NULL, NULL, error);
}
