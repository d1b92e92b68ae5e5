/* The target of csocket relay. */
#include "connect/server.h"

/* A csk_open_fn: set the options, and bind the socket if the target could not answer it
 * otherwise. */
static int prepare(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    const struct csk_family *family = csk_family_find(s->family, s->proto);
    const struct csk_field *first = csk_layout_field(csk_family_layout(family), 0);
    struct cli_settings *settings = context;
    int n = cli_settings_apply(s, addr, settings);

    if (n < 0 || cli_has_connections(s->type) || csk_field_kind(first) != CSK_FIELD_PATH)
        return n;
    return cli_bind(s, NULL, &settings->error);
}

int cli_target_connect(const struct cli_target *target, int type, struct csk_socket *s)
{
    struct csk_error error = { 0, "" };
    struct cli_settings settings = target->settings; /* other threads have copies of their own */
    struct csk_connection_options options = {
        .family = target->endpoint.family,
        .type = target->endpoint.type ? target->endpoint.type : type,
        .proto = target->endpoint.proto,
        .timeout = -1,
        .total_timeout = target->timeout,
        .on_open = prepare,
        .context = &settings,
    };
    int n = csk_create_connection(s, target->endpoint.text, &options, &error);

    if (n == 0) {
        s->context = NULL;
        return CLI_OK;
    }
    return cli_failed(n, settings.error.code == n ? &settings.error : &error, "%s",
                      target->endpoint.text);
}
