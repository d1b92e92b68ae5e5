/* Listening sockets: opened or inherited, and the connections that they accept. */
#include "connect/server.h"
#include "platform/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_DUALSTACK = 0x200, KEY_REUSE_PORT, KEY_BACKLOG, KEY_MAX, KEY_INHERIT };

void cli_server_parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_server *server = input;

    switch (key) {
    case 'k': server->keep_open = true; break;
    case 'q': server->quiet = true; break;
    case 't': server->timeout = cli_limit(state, "timeout", value); break;
    case KEY_DUALSTACK: server->options.dualstack_ipv6 = true; break;
    case KEY_REUSE_PORT: server->options.reuse_port = true; break;
    case KEY_MAX:
        server->max_connections = cli_number(state, "max-connections", value, 1, 100000);
        break;
    case KEY_INHERIT: server->inherit = value ? value : ""; break;
    default:
        server->options.backlog = (int)cli_number(state, "backlog", value, 0, INT32_MAX);
        if (server->options.backlog == 0)
            server->options.backlog = -1; /* the library's timeout 0; 0 in its options means the
                                           * default */
    }
}

const struct cli_arg cli_server_args[] = {
    { "keep-open", 'k', NULL, false, CLI_WORDS_NONE, "Serve one peer after another, until killed" },
    { "timeout", 't', "TIME", false, CLI_WORDS_NONE, "Exit if no peer connects within TIME" },
    { "max-connections", KEY_MAX, "NUMBER", false, CLI_WORDS_NONE,
      "Serve at most this number of connections at the same time; default 100. Others wait to be "
      "accepted" },
    { "inherit", KEY_INHERIT, "NAME", true, CLI_WORDS_NONE,
      "Use the socket that systemd passes (LISTEN_FDS), or the one of this name, instead of "
      "ADDRESS" },
    { "dualstack", KEY_DUALSTACK, NULL, false, CLI_WORDS_NONE,
      "Serve IPv6 and, at the same port, IPv4" },
    { "reuse-port", KEY_REUSE_PORT, NULL, false, CLI_WORDS_NONE,
      "Share the port with other listeners" },
    { "backlog", KEY_BACKLOG, "NUMBER", false, CLI_WORDS_NONE,
      "Maximum number of connections that wait to be accepted" },
    { "quiet", 'q', NULL, false, CLI_WORDS_NONE, "Do not print the address and the peers" },
    { 0 },
};

void cli_server_notice(const struct cli_server *server, const char *what,
                       const struct csk_addr *addr)
{
    char text[CSK_ADDR_TEXT_MAX];

    if (server->quiet)
        return;
    csk_addr_format(addr, text, sizeof text);
    cli_notice("%s %s", what, *text ? text : "a socket without a name");
}

const char *cli_server_peer(struct cli_server *server, const struct csk_socket *conn,
                            char room[CSK_ADDR_TEXT_MAX])
{
    struct csk_addr addr;

    if (!server->transfer.hex || !server->keep_open)
        return NULL;
    *room = '\0';
    if (csk_getpeername(conn, &addr) == 0)
        csk_addr_format(&addr, room, CSK_ADDR_TEXT_MAX);
    if (!*room)
        snprintf(room, CSK_ADDR_TEXT_MAX, "#%u", atomic_fetch_add(&server->dumped, 1) + 1);
    return room;
}

const char *cli_sender(const struct csk_addr *addr, char room[CSK_ADDR_TEXT_MAX])
{
    csk_addr_format(addr, room, CSK_ADDR_TEXT_MAX);
    return *room ? room : "-";
}

/* A number in the environment; 0: there is none. */
static int64_t environment_number(const char *name)
{
    const char *text = getenv(name);
    struct csk_error error;
    int64_t number;

    return text && csk_number_parse(text, &number, &error) == 0 ? number : 0;
}

/* sd_listen_fds(3): descriptors 3, 4, ... if LISTEN_PID is this process. */
static int find_inherited(const char *name, int *fd)
{
    const char *names = getenv("LISTEN_FDNAMES");
    int total = (int)environment_number("LISTEN_FDS");

    if (environment_number("LISTEN_PID") != getpid() || total < 1)
        return cli_error("no socket was passed to this process (LISTEN_PID, LISTEN_FDS)");
    if (!*name && total > 1)
        return cli_error("%d sockets were passed: choose one with --inherit=NAME (%s)", total,
                         names ? names : "LISTEN_FDNAMES is not set");
    *fd = 3;
    while (*name && names && *fd < 3 + total) {
        size_t length = strcspn(names, ":");

        if (strlen(name) == length && !memcmp(name, names, length))
            return CLI_OK;
        names += length + (names[length] == ':');
        ++*fd;
    }
    return *name ? cli_error("no socket named \"%s\" was passed", name) : CLI_OK;
}

static int inherit(const struct cli_server *server, struct csk_socket *s)
{
    int fd = 0, n = find_inherited(server->inherit, &fd);

    if (n != CLI_OK)
        return n;
    if ((n = csk_adopt(s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT)) < 0)
        return cli_failed(n, NULL, "descriptor %d", fd);
    csk_set_inheritable(s, false);
    return CLI_OK;
}

/* An AF_UNIX path is registered as soon as it exists, so that it is removed if listen fails. */
static int open_path(struct cli_server *server, struct csk_socket *s, struct csk_error *error)
{
    struct csk_addr addr;
    int n = csk_addr_parse(&addr, server->endpoint.family, 0, server->endpoint.text, error);

    if (n == 0)
        n = csk_socket(s, addr.sa.sa_family,
                       server->endpoint.type ? server->endpoint.type : SOCK_STREAM,
                       server->endpoint.proto);
    if (n < 0)
        return n;
    n = cli_settings_apply(s, &addr, &server->settings);
    if (n == 0)
        n = cli_bind(s, server->endpoint.text, error);
    if (n == 0 && cli_has_connections(s->type))
        n = csk_listen(s, server->options.backlog > 0   ? server->options.backlog
                          : server->options.backlog < 0 ? 0
                                                        : CSK_BACKLOG_DEFAULT);
    if (n < 0) {
        cli_paths_remove();
        csk_close(s);
    }
    return n;
}

/* --timeout limits the lookup of a host name, too. */
static int open_host(struct cli_server *server, struct csk_socket *s, struct csk_error *error)
{
    struct csk_scope limit = CSK_SCOPE_INIT;
    int n;

    if (server->timeout >= 0 && server->timeout < INT64_MAX - csk_now())
        limit.deadline = csk_now() + server->timeout;
    if ((n = csk_scope_push(&limit)) < 0)
        return n;
    n = csk_create_server(s, server->endpoint.text, &server->options, error);
    csk_scope_pop(&limit);
    return n;
}

int cli_server_open(struct cli_server *server, struct csk_socket *s)
{
    struct csk_error error = { 0, "" };
    int n;

    if (server->inherit)
        return inherit(server, s);
    n = cli_endpoint(&server->endpoint, server->words[0], server->words[1], true, &server->kind);
    if (n != CLI_OK)
        return n;
    server->options.family = server->endpoint.family;
    server->options.type = server->endpoint.type;
    server->options.proto = server->endpoint.proto;
    server->options.on_open = cli_settings_apply;
    server->options.context = &server->settings;
    if (server->endpoint.is_path)
        n = open_path(server, s, &error);
    else
        n = open_host(server, s, &error);
    if (n == 0)
        return CLI_OK;
    return cli_failed(n, server->settings.error.code == n ? &server->settings.error : &error, "%s",
                      server->endpoint.text);
}

/* A connection that a thread serves; it owns both. */
struct connection {
    struct cli_server *server;
    struct csk_socket conn;
    cli_serve_fn *serve;
};

static void *serve_thread(void *context)
{
    struct connection *one = context;
    bool output_closed = false;

    one->serve(one->server, &one->conn, &output_closed);
    csk_close(&one->conn);
    cli_slots_free(one->server->slots);
    free(one);
    return NULL;
}

/* Serve in a thread; if none can be created, in this one. */
static void serve_concurrently(struct cli_server *server, const struct csk_socket *conn,
                               cli_serve_fn *serve)
{
    struct connection *one = malloc(sizeof *one);
    pthread_t thread;

    if (!one) {
        struct csk_socket own = *conn;
        bool output_closed = false;

        serve(server, &own, &output_closed);
        csk_close(&own);
        cli_slots_free(server->slots);
        return;
    }
    *one = (struct connection){ server, *conn, serve };
    if (pthread_create(&thread, NULL, serve_thread, one) == 0)
        pthread_detach(thread);
    else
        serve_thread(one);
}

static int accept_one(struct cli_server *server, struct csk_socket *s, struct csk_socket *conn)
{
    struct csk_addr peer;
    int n = cli_accept(s, conn, &peer);

    if (n < 0)
        return cli_failed(n, NULL, "accept");
    cli_server_notice(server, "connection from", &peer);
    if ((n = csk_settimeout(conn, -1)) < 0) {
        csk_close(conn);
        return cli_failed(n, NULL, "connection");
    }
    return CLI_OK;
}

int cli_serve(struct cli_server *server, struct csk_socket *s, cli_serve_fn *serve, bool concurrent)
{
    struct csk_socket conn;
    bool output_closed = false;
    int status;

    if ((status = csk_settimeout(s, server->timeout)) < 0)
        return cli_failed(status, NULL, "timeout");
    server->slots = cli_slots((size_t)server->max_connections);
    do {
        cli_slots_take(server->slots);
        if ((status = accept_one(server, s, &conn)) != CLI_OK) {
            cli_slots_free(server->slots);
            break;
        }
        if (concurrent && server->keep_open) {
            serve_concurrently(server, &conn, serve);
            continue;
        }
        status = serve(server, &conn, &output_closed);
        csk_close(&conn);
        cli_slots_free(server->slots);
    } while (server->keep_open && !output_closed);
    cli_slots_end(server->slots, (size_t)server->max_connections);
    return status;
}
