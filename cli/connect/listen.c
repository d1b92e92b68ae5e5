/* csocket listen: accept connections. */
#include "cli.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_DUALSTACK = 0x200, KEY_REUSE_PORT, KEY_BACKLOG, KEY_IDLE };

struct arguments {
    struct cli_kind kind;
    struct cli_settings settings;
    struct csk_server_options options;
    const char *address;
    int64_t timeout, idle;
    bool keep_open, echo, quiet;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->kind;
        state->child_inputs[1] = &a->settings;
        break;
    case 'k': a->keep_open = true; break;
    case 'e': a->echo = true; break;
    case 'q': a->quiet = true; break;
    case 't': a->timeout = cli_time(state, "timeout", arg); break;
    case KEY_IDLE: a->idle = cli_time(state, "idle", arg); break;
    case KEY_DUALSTACK: a->options.dualstack_ipv6 = true; break;
    case KEY_REUSE_PORT: a->options.reuse_port = true; break;
    case KEY_BACKLOG:
        a->options.backlog = (int)cli_number(state, "backlog", arg, 0, INT32_MAX);
        if (a->options.backlog == 0)
            a->options.backlog = -1; /* which the library takes for 0, and 0 for no opinion */
        break;
    case ARGP_KEY_ARG:
        if (a->address)
            argp_error(state, "one ADDRESS is enough: \"%s\"", arg);
        a->address = arg;
        break;
    case ARGP_KEY_END:
        if (!a->address)
            argp_error(state, "which ADDRESS?");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option options[] = {
    { .name = "keep-open",
      .key = 'k',
      .doc = "Accept one connection after another; standard input is not read" },
    { .name = "echo", .key = 'e', .doc = "Send everything back to where it comes from" },
    { .name = "timeout", .key = 't', .arg = "TIME", .doc = "End when nobody came for so long" },
    { .name = "idle",
      .key = KEY_IDLE,
      .arg = "TIME",
      .doc = "End a connection when nothing came for so long" },
    { .name = "dualstack", .key = KEY_DUALSTACK, .doc = "Serve IPv6 and, at the same port, IPv4" },
    { .name = "reuse-port", .key = KEY_REUSE_PORT, .doc = "Share the port with other listeners" },
    { .name = "backlog",
      .key = KEY_BACKLOG,
      .arg = "NUMBER",
      .doc = "Connections that may wait to be accepted" },
    { .name = "quiet", .key = 'q', .doc = "Do not say where it listens and who comes" },
    { 0 },
};

static const struct argp_child children[] = { { .argp = &cli_kind_argp },
                                              { .argp = &cli_settings_argp },
                                              { 0 } };

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "ADDRESS",
    .doc = "Listen on ADDRESS and accept a connection. What standard input has is sent, what comes "
           "is written to standard output.\v"
           "ADDRESS is \"IPv4:PORT\", \"[IPv6]:PORT\", \":PORT\" (every IPv4 address, with "
           "--dualstack every address), a path for a socket, which is removed in the end, or "
           "\"@NAME\" for an abstract one. Port 0 takes a free one. Where it listens and who comes "
           "is said on standard error. Connections inherit most socket options from the listening "
           "socket.\n\n"
           "Examples:\n\n"
           "  csocket listen :5000 > file\n"
           "  csocket listen --keep-open --echo --dualstack :7\n"
           "  csocket listen --option='SO_RCVBUF=1048576' /run/user/1000/in",
    .children = children,
};

static void say(const struct arguments *a, const char *what, const struct csk_addr *addr)
{
    char text[CSK_ADDR_TEXT_MAX];

    csk_addr_format(addr, text, sizeof text);
    if (!a->quiet)
        fprintf(stderr, "csocket: %s%s\n", what, *text ? text : "a socket without a name");
}

/* A socket's path stays in the file system, where it keeps the next listener out. */
static void remove_path(const struct csk_addr *addr)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX], path[CSK_ADDR_TEXT_MAX];

    if (addr->sa.sa_family != AF_UNIX || csk_addr_unpack(addr, values, text) < 1 ||
        values[0].size == 0 || values[0].data[0] == 0)
        return;
    snprintf(path, sizeof path, "%.*s", (int)values[0].size, values[0].data);
    unlink(path);
}

static void ending_signals(sigset_t *set)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
    struct sigaction action;

    sigemptyset(set);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(set, numbers[i]);
}

/* A thread that waits for the signals that end the program; no handler, and so no global state. */
static void *wait_for_end(void *addr)
{
    sigset_t set;
    int number;

    ending_signals(&set);
    if (sigwait(&set, &number) != 0)
        return NULL;
    remove_path(addr);
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    return NULL;
}

static int remove_path_in_the_end(struct csk_addr *addr)
{
    sigset_t set;
    pthread_t thread;
    int n;

    ending_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    if ((n = pthread_create(&thread, NULL, wait_for_end, addr)) != 0)
        return cli_failed(-n, NULL, "thread");
    pthread_detach(thread);
    return CLI_OK;
}

static int echo(struct csk_socket *conn)
{
    char data[65536];
    int64_t n;

    while ((n = csk_recv(conn, data, sizeof data, 0)) > 0)
        if ((n = csk_sendall(conn, data, (size_t)n, 0, NULL)) < 0)
            break;
    return n == 0 || n == CSK_ETIMEDOUT ? CLI_OK : cli_failed(n, NULL, "echo");
}

static void *echo_thread(void *context)
{
    struct csk_socket *conn = context;

    echo(conn);
    csk_close(conn);
    free(conn);
    return NULL;
}

/* Serve a connection, and close it unless a thread has taken it. */
static int serve(const struct arguments *a, struct csk_socket *conn, bool *gone)
{
    struct csk_socket *own;
    pthread_t thread;
    int status = CLI_OK;

    if (a->echo && a->keep_open) {
        own = cli_alloc(sizeof *own);
        *own = *conn;
        if (pthread_create(&thread, NULL, echo_thread, own) == 0) {
            pthread_detach(thread);
            return CLI_OK;
        }
        free(own); /* no more threads: this one serves it */
    }
    if (a->echo)
        status = echo(conn);
    else if (a->keep_open)
        status = cli_receive(conn, gone);
    else
        status = cli_relay(conn);
    csk_close(conn);
    return status;
}

static int accept_all(const struct arguments *a, struct csk_socket *s)
{
    struct csk_socket conn;
    struct csk_addr peer;
    int status = CLI_OK, n = 0;
    bool gone = false;

    do {
        n = csk_settimeout(s, a->timeout);
        if (n == 0)
            n = csk_accept(s, &conn, &peer);
        if (n == -ECONNABORTED) /* it went before we came */
            continue;
        if (n == 0 && (n = csk_settimeout(&conn, a->idle)) < 0)
            csk_close(&conn);
        if (n < 0)
            return cli_failed(n, NULL, "accept");
        say(a, "connection from ", &peer);
        status = serve(a, &conn, &gone);
    } while (n < 0 || (a->keep_open && !gone));
    return status;
}

static int serve_all(const struct arguments *a, struct csk_socket *s)
{
    struct csk_addr *addr = cli_alloc(sizeof *addr); /* wait_for_end may outlive this function */
    int n = csk_getsockname(s, addr), status;

    if (n < 0 || remove_path_in_the_end(addr) != CLI_OK) {
        free(addr);
        return n < 0 ? cli_failed(n, NULL, "%s", a->address) : CLI_FAILED;
    }
    say(a, "listening on ", addr);
    status = accept_all(a, s);
    remove_path(addr);
    return status;
}

int cli_listen(int argc, char **argv)
{
    struct csk_error error = { 0, "" };
    struct arguments a = { .timeout = -1, .idle = -1 };
    struct csk_socket s;
    int status, n;

    cli_parse(&argp, argc, argv, 0, &a);
    signal(SIGPIPE, SIG_IGN); /* of standard output: a path has yet to be removed */
    a.options.family = a.kind.family;
    a.options.type = a.kind.type;
    a.options.proto = a.kind.proto;
    a.options.on_open = cli_settings_apply;
    a.options.context = &a.settings;
    if ((n = csk_create_server(&s, a.address, &a.options, &error)) < 0)
        return cli_failed(n, a.settings.error.code == n ? &a.settings.error : &error, "%s",
                          a.address);
    status = serve_all(&a, &s);
    csk_close(&s);
    return status;
}
