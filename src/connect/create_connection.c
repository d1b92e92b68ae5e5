/* Connecting in one call. */
#include "internal.h"

/* The source address is resolved for each attempt's family, as in Python: the attempts of the other
 * family fail. */
static int bind_source(struct cski_dial *dial, struct csk_socket *s)
{
    const struct cski_target source = { .text = dial->options->source_address,
                                        .family = s->family,
                                        .proto = s->proto,
                                        .flags = AI_PASSIVE };
    struct csk_error *error = &dial->source_error, cause;
    struct csk_addrinfo *list;
    int n = cski_resolve_text(&list, &source, &cause);

    if (n < 0)
        return cski_fail(error, n, "source address %.60s: %.160s", source.text, cause.text);
    n = csk_bind(s, &list->addr, error);
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
    s->context = dial->options->context;
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
    csk_close(s);
    dial->failed = addr;
    dial->failed_step = dial->step;
    dial->code = code;
    if (dial->count < dial->size)
        dial->attempts[dial->count++] = (struct csk_attempt){ *addr, code };
}

/* Name the address of the last failure. */
static int report(const struct cski_dial *dial, struct csk_error *error)
{
    if (!error || dial->code == CSK_ENOADDRESS)
        return cski_fail(error, dial->code, "getaddrinfo returns an empty list");
    switch (dial->failed_step) {
    case CSKI_DIAL_SOCKET:
        return cski_fail_at(error, dial->code, "open a socket for", dial->failed);
    case CSKI_DIAL_HOOK:
        return cski_fail_at(error, dial->code, "prepare a socket for", dial->failed);
    case CSKI_DIAL_BIND: return cski_fail(error, dial->code, "%s", dial->source_error.text);
    default: return cski_fail_at(error, dial->code, "connect to", dial->failed);
    }
}

static int connect_sequentially(struct cski_dial *dial, struct csk_socket *s,
                                const struct csk_addrinfo *list, size_t count)
{
    const struct csk_connection_options *options = dial->options;

    for (size_t i = 0; i < count; i++) {
        int n = cski_dial_open(dial, s, &list[i]);

        if (n == 0 && options->timeout != CSK_TIMEOUT_DEFAULT)
            n = csk_settimeout(s, options->timeout);
        if (n == 0)
            n = csk_connect(s, &list[i].addr, NULL);
        if (n == 0)
            return 0;
        cski_dial_failed(dial, s, &list[i].addr, n);
        if (n == CSK_EINTERRUPTED)
            break;
    }
    return dial->code;
}

int csk_connect_any(struct csk_socket *s, const struct csk_addrinfo *list, size_t size,
                    const struct csk_connection_options *options, struct csk_attempt *attempts,
                    size_t *count, struct csk_error *error)
{
    const struct csk_connection_options defaults = CSK_CONNECTION_OPTIONS_INIT;
    struct cski_dial dial = { .options = options ? options : &defaults, .code = CSK_ENOADDRESS };
    int64_t timeout;
    int n;

    if (!s)
        return cski_fail(error, CSK_ENULL, "the socket is NULL");
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    if (count) {
        dial.attempts = attempts;
        dial.size = *count;
        *count = 0;
    }
    if ((!list && size) || (!dial.attempts && dial.size))
        return cski_fail(error, CSK_ENULL, "the list of %s is NULL",
                         list ? "attempts" : "addresses");
    timeout = dial.options->timeout;
    if (timeout == CSK_TIMEOUT_DEFAULT)
        timeout = csk_getdefaulttimeout();
    /* Attempts that may not wait cannot be concurrent: none of them would be connected. */
    if (dial.options->happy_eyeballs_delay >= 0 && size > 1 && timeout != 0)
        n = cski_race(&dial, s, list, size, timeout);
    else
        n = connect_sequentially(&dial, s, list, size);
    if (count)
        *count = dial.count;
    return n == 0 ? 0 : report(&dial, error);
}

int csk_create_connection_ex(struct csk_socket *s, const char *address,
                             const struct csk_connection_options *options,
                             struct csk_attempt *attempts, size_t *count, struct csk_error *error)
{
    struct cski_target target = { .text = address };
    size_t size = count ? *count : 0;
    struct csk_addrinfo *list;
    int n;

    if (!s)
        return cski_fail(error, CSK_ENULL, "the socket is NULL");
    *s = (struct csk_socket)CSK_SOCKET_INIT;
    if (count)
        *count = 0;
    if (options) {
        target.family = options->family;
        target.type = options->type;
        target.proto = options->proto;
    }
    if (!address)
        return cski_fail(error, CSK_ENULL, "the address is NULL");
    if ((n = cski_resolve_text(&list, &target, error)) < 0)
        return n;
    if (count)
        *count = size;
    n = csk_connect_any(s, list, (size_t)n, options, attempts, count, error);
    csk_freeaddrinfo(list);
    return n;
}

int csk_create_connection(struct csk_socket *s, const char *address,
                          const struct csk_connection_options *options, struct csk_error *error)
{
    return csk_create_connection_ex(s, address, options, NULL, NULL, error);
}
