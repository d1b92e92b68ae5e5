/* csocket relay: connections to one address are passed on to another. */
#include "connect/server.h"

#include <signal.h>
#include <stdio.h>

#define CONNECT_TIMEOUT (INT64_C(30) * CSK_SECOND)
#define MAX_CONNECTIONS 100

enum { KEY_TIMEOUT = 0x200, KEY_OPTION };

struct arguments {
    struct cli_server server; /* first: it is passed to serve */
    struct cli_target target;
    const char *target_text;
};

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_target *target = input;

    if (key == KEY_TIMEOUT)
        target->timeout = cli_limit(state, "connect-timeout", value);
    else
        cli_settings_parse(state, key, value, &target->settings);
}

static const struct cli_arg args[] = {
    { "connect-timeout", KEY_TIMEOUT, "TIME", false, CLI_WORDS_NONE,
      "Timeout of each connection to CONNECT_ADDRESS, name lookups included; default 30s" },
    { "connect-option", KEY_OPTION, "NAME=VALUE", false, CLI_WORDS_SETTING,
      "Set a socket option before the socket is connected to CONNECT_ADDRESS. May be repeated; "
      "--option concerns the side of LISTEN_ADDRESS" },
    { 0 },
};

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (!a->server.words[0] && !a->server.inherit)
        a->server.words[0] = word;
    else if (!a->target_text)
        a->target_text = word;
    else
        cli_usage(state, "only two addresses are accepted: \"%s\" is the third", word);
}

static void end(struct cli_state *state, void *input)
{
    struct arguments *a = input;

    if (!a->target_text)
        cli_usage(state, a->server.words[0] ? "the address to connect to is missing"
                                            : "the addresses are missing");
}

static const struct cli_group groups[] = {
    { "Listening:", cli_server_args, cli_server_parse, offsetof(struct arguments, server) },
    { "Connecting:", args, parse, offsetof(struct arguments, target) },
    { "Conversation:", cli_transfer_args, cli_transfer_parse,
      offsetof(struct arguments, server.transfer) },
    { "Kind of the listening socket:", cli_kind_args, cli_kind_parse,
      offsetof(struct arguments, server.kind) },
    { "", cli_settings_args, cli_settings_parse, offsetof(struct arguments, server.settings) },
    { 0 },
};

static const char *const usages[] = { "LISTEN_ADDRESS CONNECT_ADDRESS",
                                      "--inherit[=NAME] CONNECT_ADDRESS", NULL };

static const struct cli_example examples[] = {
    { "csocket relay --keep-open 8080 localhost:80", "Make a server reachable at another port" },
    { "csocket relay --keep-open 127.0.0.1:5432 unix:/run/postgresql/.s.PGSQL.5432",
      "Reach a local socket by TCP" },
    { "csocket relay unix:/tmp/web tcp://example.org:80", "Pass on one connection" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Accept a connection at LISTEN_ADDRESS, with --keep-open many at the same time, and "
             "connect each to CONNECT_ADDRESS. The addresses may be of different families.",
    .details = "With --udp or another type without connections, each sender of datagrams has a "
               "socket of its own towards CONNECT_ADDRESS, and replies go back to it; it is "
               "forgotten when nothing was passed on for --idle (1 minute).\n\n"
               "When one side shuts down sending, so does the relay towards the other, which can "
               "still reply. If one side fails, or the target cannot be reached, the other is "
               "closed, over TCP with a reset. Record boundaries are preserved if both sockets "
               "have them. Streams are moved inside the kernel if it can (splice(2)).",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .end = end,
    .words = { CLI_WORDS_ADDRESS, CLI_WORDS_ADDRESS },
};

/* Make close end a TCP connection with a RST: its peer receives an error instead of the regular end
 * of the stream. */
static void abort_on_close(struct csk_socket *s)
{
    csk_option_set(s, "SO_LINGER", "on 0s", NULL);
}

static int serve(struct cli_server *server, struct csk_socket *conn, bool *output_closed)
{
    struct arguments *a = (struct arguments *)server;
    char room[CSK_ADDR_TEXT_MAX];
    struct csk_socket target;
    int status;

    *output_closed = false;
    if ((status = cli_target_connect(&a->target, conn->type, &target)) != CLI_OK) {
        abort_on_close(conn);
        return status;
    }
    status = cli_relay_pair(conn, &target, &server->transfer, cli_server_peer(server, conn, room));
    if (status != CLI_OK) {
        abort_on_close(conn);
        abort_on_close(&target);
    }
    csk_close(&target);
    return status;
}

static int run(int argc, char **argv)
{
    const struct cli_kind any = { 0 };
    struct arguments a = {
        .server = { .timeout = -1,
                    .transfer = CLI_TRANSFER_INIT,
                    .max_connections = MAX_CONNECTIONS },
        .target = { .timeout = CONNECT_TIMEOUT },
    };
    struct csk_addr addr;
    struct csk_socket s;
    int status;

    cli_parse(&syntax, argc, argv, &a);
    signal(SIGPIPE, SIG_IGN);
    if ((status = cli_endpoint(&a.target.endpoint, a.target_text, NULL, false, &any)) != CLI_OK)
        return status;
    if (cli_paths_watch() != CLI_OK)
        return CLI_FAILED;
    if ((status = cli_server_open(&a.server, &s)) != CLI_OK)
        return status;
    if (csk_getsockname(&s, &addr) == 0)
        cli_server_notice(&a.server, "listening on", &addr);
    if (cli_has_connections(s.type))
        status = cli_serve(&a.server, &s, serve, true);
    else
        status = cli_relay_datagrams(&a.server, &s, &a.target);
    cli_paths_remove();
    csk_close(&s);
    return status;
}

const struct cli_command cli_relay_command = {
    "relay",
    "Pass connections on to another address",
    &syntax,
    run,
};
