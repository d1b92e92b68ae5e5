/* csocket listen: accept connections, or receive datagrams. */
#include "connect/server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ECHO_IDLE                                                                                  \
    (INT64_C(300) * CSK_SECOND) /* a peer that has disappeared is not served                       \
                                 * forever */
#define MAX_CONNECTIONS 100

enum { KEY_EXEC = 0x300, KEY_SHELL };

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_server *a = input;

    if (key != 'e' && a->exec.argv)
        cli_usage(state, "only one COMMAND is accepted");
    if (key == 'e') {
        a->echo = true;
    } else if (key == KEY_EXEC) {
        a->exec.argv = cli_exec_split(value);
        if (!a->exec.argv[0])
            cli_usage(state, "--exec takes a command");
    } else {
        a->exec.argv = cli_alloc(2 * sizeof *a->exec.argv);
        a->exec.argv[0] = (char *)(uintptr_t)value;
        a->exec.shell = true;
    }
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct cli_server *a = input;

    if (cli_after_dashes(state) && (a->words[0] || a->inherit) && !a->exec.argv)
        cli_remaining_arguments(state, &a->exec.argv);
    else if (!a->words[0])
        a->words[0] = word;
    else if (!a->words[1] && strcspn(a->words[0], "/") == strlen(a->words[0]) &&
             (!strchr(a->words[0], ':') || strchr(a->words[0], ':') != strrchr(a->words[0], ':')))
        a->words[1] = word;
    else
        cli_usage(state, "only one ADDRESS is accepted: \"%s\" is the second", word);
}

static void end(struct cli_state *state, void *input)
{
    struct cli_server *a = input;

    if (!a->words[0] && !a->inherit)
        cli_usage(state, "ADDRESS is missing");
    if (a->words[0] && a->inherit)
        cli_usage(state, "--inherit excludes ADDRESS");
    if (a->echo && a->exec.argv)
        cli_usage(state, "--echo excludes a COMMAND");
}

static const struct cli_arg args[] = {
    { "echo", 'e', NULL, false, CLI_WORDS_NONE,
      "Send everything back to its sender; with --keep-open, to many at the same time, and a "
      "connection that is idle for 5 minutes is closed unless --idle is given" },
    { "exec", KEY_EXEC, "COMMAND", false, CLI_WORDS_NONE,
      "Run COMMAND, split at blanks, with the connection as standard input and output; the "
      "addresses are in CSOCKET_LOCAL and CSOCKET_PEER" },
    { "shell", KEY_SHELL, "COMMAND", false, CLI_WORDS_NONE, "The same with sh -c" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Listening:", cli_server_args, cli_server_parse, 0 },
    { "Conversation:", cli_transfer_args, cli_transfer_parse,
      offsetof(struct cli_server, transfer) },
    { "", cli_input_args, cli_transfer_parse, offsetof(struct cli_server, transfer) },
    { "Kind of socket:", cli_kind_args, cli_kind_parse, offsetof(struct cli_server, kind) },
    { "", cli_settings_args, cli_settings_parse, offsetof(struct cli_server, settings) },
    { 0 },
};

static const char *const usages[] = {
    "ADDRESS [-- COMMAND [ARGUMENT...]]",
    "[HOST] PORT [-- COMMAND [ARGUMENT...]]",
    "--inherit[=NAME] [-- COMMAND [ARGUMENT...]]",
    NULL,
};

static const struct cli_example examples[] = {
    { "csocket listen 5000 > file", "Receive a file" },
    { "csocket listen --udp 5000", "Receive datagrams, and reply to the last sender" },
    { "csocket listen --keep-open --echo --dualstack 7", "Serve the echo protocol" },
    { "csocket listen --keep-open 5000 -- date --utc", "Run a command for every connection" },
    { "csocket listen --option=SO_RCVBUF=1048576 /run/user/1000/in",
      "Listen on a path with a large receive buffer" },
    { "csocket listen --inherit --keep-open --exec=/usr/bin/cat",
      "Serve the socket of a systemd unit" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Listen on ADDRESS and accept a connection, or receive datagrams. Standard input is "
             "sent, and received data is written to standard output.",
    .details =
        "ADDRESS is \"IPv4:PORT\", \"[IPv6]:PORT\", \":PORT\" or PORT (every IPv4 address, with "
        "--dualstack every address), a path for a socket, which is removed at the end, or "
        "\"@NAME\" for an abstract one; also \"tcp://HOST:PORT\", \"udp://HOST:PORT\", "
        "\"unix:PATH\". Port 0 selects a free port. The address and the peers are printed on "
        "standard error. Connections inherit most socket options from the listening socket.\n\n"
        "With --keep-open and without --echo or a COMMAND, connections are received one after "
        "another and standard input is not read. Datagrams are received from anyone; standard "
        "input is sent to the last sender, one datagram per read. That ends with --idle, or by a "
        "signal.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .end = end,
    .words = { CLI_WORDS_ADDRESS },
};

static int echo(struct csk_socket *conn, struct cli_transfer *t, const char *peer)
{
    const struct cli_end end = { conn, -1, "echo", peer };
    enum cli_ending ending = cli_copy(t, &end, &end, false);

    return ending == CLI_END_ERROR ? CLI_FAILED : CLI_OK;
}

static int run_command(struct cli_server *a, struct csk_socket *conn)
{
    int64_t pid = cli_exec_start(&a->exec, conn);

    if (pid < 0)
        return cli_failed(pid, NULL, "%s", a->exec.argv[0]);
    csk_close(conn); /* the command has its own copy */
    return cli_exec_wait(pid);
}

/* Serve one connection from beginning to end. */
static int serve(struct cli_server *a, struct csk_socket *conn, bool *output_closed)
{
    char room[CSK_ADDR_TEXT_MAX];
    const char *peer = cli_server_peer(a, conn, room);

    if (a->exec.argv)
        return run_command(a, conn);
    if (a->echo)
        return echo(conn, &a->transfer, peer);
    if (a->keep_open)
        return cli_receive(conn, &a->transfer, peer, output_closed);
    return cli_relay(conn, &a->transfer);
}

/* A socket that systemd has already accepted (Accept=yes) is a connection. */
static bool is_connection(const struct cli_server *a, struct csk_socket *s)
{
    int64_t listens = 0;

    return a->inherit && cli_has_connections(s->type) &&
           csk_option_get_number(s, "SO_ACCEPTCONN", &listens, NULL) == 0 && !listens;
}

static int serve_all(struct cli_server *a, struct csk_socket *s)
{
    struct csk_addr addr;
    bool output_closed = false;
    int n = csk_getsockname(s, &addr);

    if (n < 0)
        return cli_failed(n, NULL, "%s", a->endpoint.text);
    if (is_connection(a, s))
        return serve(a, s, &output_closed);
    cli_server_notice(a, "listening on", &addr);
    if (!cli_has_connections(s->type) && a->exec.argv)
        return cli_error("a COMMAND needs connections, which datagrams do not have");
    if (!cli_has_connections(s->type))
        return cli_serve_datagrams(a, s);
    return cli_serve(a, s, serve, a->echo || a->exec.argv);
}

static int run(int argc, char **argv)
{
    /* Threads use both until the program ends. */
    struct cli_server *a = cli_alloc(sizeof *a);
    struct csk_socket *s = cli_alloc(sizeof *s);
    int status;

    *a = (struct cli_server){
        .timeout = -1,
        .transfer = CLI_TRANSFER_INIT,
        .max_connections = MAX_CONNECTIONS,
    };
    a->transfer.idle = CLI_IDLE_DEFAULT;
    cli_parse(&syntax, argc, argv, a);
    signal(SIGPIPE, SIG_IGN);
    if (a->transfer.idle == CLI_IDLE_DEFAULT)
        a->transfer.idle = a->echo && a->keep_open ? ECHO_IDLE : -1;
    if (cli_paths_watch() != CLI_OK)
        return CLI_FAILED;
    if ((status = cli_server_open(a, s)) != CLI_OK)
        return status;
    status = serve_all(a, s);
    cli_paths_remove(); /* while the socket is open; paths.c has the reason */
    csk_close(s);
    return status;
}

const struct cli_command cli_listen = { "listen", "Accept connections, or receive datagrams",
                                        &syntax, run };
