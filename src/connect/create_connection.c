/* Connecting in one call. */
#include "internal.h"

/* The local end.  It is resolved for each attempt's family, as Python does: one of the wrong family
 * is that attempt's failure, not the end. */
static int bind_source(const struct cski_dial *dial, struct csk_socket *s)
{
    const struct cski_target source = { .text = dial->options->source_address,
                                        .family = s->family,
                                        .proto = s->proto,
                                        .flags = AI_PASSIVE };
    struct csk_addrinfo *list;
    int n = cski_resolve_text(&list, &source, NULL);

    if (n < 0)
        return n;
    n = csk_bind(s, &list->addr);
    csk_freeaddrinfo(list);
    return n;
}

int cski_dial_open(struct cski_dial *dial, struct csk_socket *s, const struct csk_addrinfo *to)
{
    int n = csk_socket(s, to->family, to->type, to->proto);

    dial->step = CSKI_DIAL_SOCKET;
    if (n < 0)
        return n;
    s->on_interrupt = dial->options->on_interrupt;
    dial->step = CSKI_DIAL_HOOK;
    if (dial->options->on_open && (n = dial->options->on_open(s, dial->options->context)) < 0)
        return n;
    dial->step = CSKI_DIAL_BIND;
    if (dial->options->source_address && (n = bind_source(dial, s)) < 0)
        return n;
    dial->step = CSKI_DIAL_CONNECT;
    return 0;
}

void cski_dial_failed(struct cski_dial *dial, struct csk_socket *s, const struct csk_addr *addr,
                      int code)
{
    struct csk_connection_options *options = dial->options;

    csk_close(s);
    dial->failed = addr;
    dial->failed_step = dial->step;
    dial->code = code;
    if (options->attempt_count < options->attempt_room)
        options->attempts[options->attempt_count++] = (struct csk_attempt){ *addr, code };
}

/* Say which address the last failure was about. */
static int report(const struct cski_dial *dial)
{
    char peer[CSK_ADDR_TEXT_MAX], said[CSK_ERROR_TEXT_MAX];
    struct csk_error *error = dial->options->error;

    if (!error || dial->code == CSK_ENOADDRESS)
        return cski_fail(error, dial->code, "getaddrinfo returns an empty list");
    csk_addr_format(dial->failed, peer, sizeof peer);
    csk_strerror(dial->code, said, sizeof said);
    switch (dial->failed_step) {
    case CSKI_DIAL_SOCKET:
        return cski_fail(error, dial->code, "open a socket for %.100s: %s", peer, said);
    case CSKI_DIAL_HOOK:
        return cski_fail(error, dial->code, "prepare a socket for %.100s: %s", peer, said);
    case CSKI_DIAL_BIND:
        return cski_fail(error, dial->code, "bind to %.80s to reach %.80s: %s",
                         dial->options->source_address, peer, said);
    default: return cski_fail(error, dial->code, "connect to %.120s: %s", peer, said);
    }
}

static int one_after_the_other(struct cski_dial *dial, struct csk_socket *s,
                               const struct csk_addrinfo *list, size_t count)
{
    const struct csk_connection_options *options = dial->options;

    for (size_t i = 0; i < count; i++) {
        int n = cski_dial_open(dial, s, &list[i]);

        if (n == 0 && options->has_timeout)
            n = csk_settimeout(s, options->timeout);
        if (n == 0)
            n = csk_connect(s, &list[i].addr);
        if (n == 0)
            return 0;
        cski_dial_failed(dial, s, &list[i].addr, n);
        if (n == CSK_EINTERRUPTED)
            break;
    }
    return dial->code;
}

int csk_connect_any(struct csk_socket *s, const struct csk_addrinfo *list, size_t count,
                    struct csk_connection_options *options)
{
    struct csk_connection_options none = { 0 };
    struct cski_dial dial = { .options = options ? options : &none, .code = CSK_ENOADDRESS };
    int64_t timeout;
    int n;

    if (!s)
        return CSK_ENULL;
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    dial.options->attempt_count = 0;
    if ((!list && count) || (!dial.options->attempts && dial.options->attempt_room))
        return cski_fail(dial.options->error, CSK_ENULL, "the list of %s is NULL",
                         list ? "attempts" : "addresses");
    timeout = dial.options->has_timeout ? dial.options->timeout : csk_getdefaulttimeout();
    /* A race of one would be no race, and one that may not wait would have no winner. */
    if (dial.options->stagger > 0 && count > 1 && timeout != 0)
        n = cski_race(&dial, s, list, count, timeout);
    else
        n = one_after_the_other(&dial, s, list, count);
    return n == 0 ? 0 : report(&dial);
}

int csk_create_connection(struct csk_socket *s, const char *address,
                          struct csk_connection_options *options)
{
    struct csk_error *error = options ? options->error : NULL;
    struct cski_target target = { .text = address };
    struct csk_addrinfo *list;
    int n;

    if (!s)
        return CSK_ENULL;
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    if (options) {
        options->attempt_count = 0;
        target.family = options->family;
        target.type = options->type;
        target.proto = options->proto;
    }
    if (!address)
        return cski_fail(error, CSK_ENULL, "the address is NULL");
    if ((n = cski_resolve_text(&list, &target, error)) < 0)
        return n;
    n = csk_connect_any(s, list, (size_t)n, options);
    csk_freeaddrinfo(list);
    return n;
}
