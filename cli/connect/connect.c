/* csocket connect: a connection between an address and standard input and output. */
#include "connect/check.h"
#include "connect/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ATTEMPTS 16
#define RETRY_FIRST INT64_C(50000000)
#define RETRY_LAST INT64_C(1000000000)

enum {
    KEY_DELAY = 0x200,
    KEY_SEQUENTIAL,
    KEY_WAIT,
    KEY_CHECK,
    KEY_PARALLEL,
    KEY_DEADLINE,
    KEY_TRACE
};

/* Why connecting failed. */
struct failure {
    int code;
    bool is_setting;                       /* an option, or binding the socket */
    struct csk_attempt attempts[ATTEMPTS]; /* that failed */
    size_t count;
    struct csk_error error;
};

struct arguments {
    struct cli_kind kind;
    struct cli_settings settings;
    struct cli_format format;
    struct cli_transfer transfer;
    struct csk_connection_options options;
    struct cli_endpoint endpoint;
    const char *words[2], *source;
    struct cli_exec exec;
    int64_t wait, deadline; /* negative: none */
    int64_t parallel;
    bool verbose, check, trace;
};

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct arguments *a = input;

    switch (key) {
    case 't': a->options.timeout = cli_limit(state, "timeout", value); break;
    case 's': a->source = value; break;
    case 'v': a->verbose = true; break;
    case 'w': a->wait = value ? cli_limit(state, "wait", value) : INT64_MAX; break;
    case 'z': a->check = true; break;
    case KEY_TRACE: a->trace = true; break;
    case KEY_PARALLEL: a->parallel = cli_number(state, "parallel", value, 1, 1000); break;
    case KEY_DEADLINE: a->deadline = cli_limit(state, "deadline", value); break;
    case KEY_SEQUENTIAL: a->options.happy_eyeballs_delay = -1; break;
    default: a->options.happy_eyeballs_delay = cli_time(state, "happy-eyeballs-delay", value);
    }
}

/* An optional value is attached to its option: "--wait 5 HOST:PORT" has a host named 5. */
static void check_wait(const struct cli_state *state, const struct arguments *a)
{
    struct csk_error error;
    int64_t time;

    if (a->wait == INT64_MAX && csk_time_parse(a->words[0], CSK_SECOND, &time, &error) == 0)
        cli_usage(state, "\"%s\" is a host here: the TIME of --wait is attached to it: --wait=%s",
                  a->words[0], a->words[0]);
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (a->words[0] && cli_after_dashes(state))
        cli_remaining_arguments(state, &a->exec.argv);
    else if (!a->words[0])
        a->words[0] = word;
    else if (a->words[1]) {
        check_wait(state, a);
        cli_usage(state, "only HOST and PORT are accepted: \"%s\" is the third", word);
    } else if (strchr(a->words[0], '/') || (*a->words[0] != '[' && strchr(a->words[0], ':') &&
                                            strchr(a->words[0], ':') == strrchr(a->words[0], ':')))
        cli_usage(state, "only one ADDRESS is accepted: \"%s\" is the second", word);
    else
        a->words[1] = word;
}

static void end(struct cli_state *state, void *input)
{
    struct arguments *a = input;

    if (!a->words[0])
        cli_usage(state, "ADDRESS is missing");
    check_wait(state, a);
    if (a->exec.argv && a->wait < 0)
        cli_usage(state, "a COMMAND requires --wait");
    if (a->check && a->wait >= 0)
        cli_usage(state, "--check excludes --wait");
    if (a->trace && (a->check || a->wait >= 0))
        cli_usage(state, "--trace excludes --check and --wait");
}

static const struct cli_arg args[] = {
    { "timeout", 't', "TIME", false, CLI_WORDS_NONE, "Timeout of each connection attempt" },
    { "deadline", KEY_DEADLINE, "TIME", false, CLI_WORDS_NONE,
      "Limit the whole command, name lookups included, to TIME; --check and --trace then print "
      "what they know" },
    { "source", 's', "ADDRESS", false, CLI_WORDS_ADDRESS, "Connect from this address" },
    { "happy-eyeballs-delay", KEY_DELAY, "TIME", false, CLI_WORDS_NONE,
      "Time until the next address is tried beside the previous ones (RFC 8305); default 250ms" },
    { "sequential", KEY_SEQUENTIAL, NULL, false, CLI_WORDS_NONE,
      "Try the addresses of the host in turn" },
    { "verbose", 'v', NULL, false, CLI_WORDS_NONE, "Print the addresses of both ends" },
    { 0 },
};

static const struct cli_arg check_args[] = {
    { "wait", 'w', "TIME", true, CLI_WORDS_NONE,
      "Transfer no data: try again until ADDRESS accepts, for at most TIME (default forever), "
      "attempts and name lookups included, then run COMMAND, or exit" },
    { "check", 'z', NULL, false, CLI_WORDS_NONE,
      "Transfer no data: report which ports accept. PORT may be a list of ports and ranges: "
      "22,80,8000-8100. Each attempt is limited to 5 s unless --timeout is given. The exit status "
      "is 0 if all of them accept" },
    { "parallel", KEY_PARALLEL, "NUMBER", false, CLI_WORDS_NONE,
      "With --check: number of simultaneous attempts; default 32" },
    { "trace", KEY_TRACE, NULL, false, CLI_WORDS_NONE,
      "Transfer no data: print the steps of connecting: the lookup of the host and the attempts, "
      "when each began, how long it took, and its result" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Conversation:", cli_transfer_args, cli_transfer_parse,
      offsetof(struct arguments, transfer) },
    { "", cli_input_args, cli_transfer_parse, offsetof(struct arguments, transfer) },
    { "Whether a port accepts:", check_args, parse, 0 },
    { "Kind of socket:", cli_kind_args, cli_kind_parse, offsetof(struct arguments, kind) },
    { "", cli_settings_args, cli_settings_parse, offsetof(struct arguments, settings) },
    { "Output of --check and --trace:", cli_format_args, cli_format_parse,
      offsetof(struct arguments, format) },
    { 0 },
};

static const char *const usages[] = {
    "ADDRESS",
    "HOST PORT",
    "--wait[=TIME] ADDRESS [-- COMMAND [ARGUMENT...]]",
    "--check HOST PORTS",
    "--trace ADDRESS",
    NULL,
};

static const struct cli_example examples[] = {
    { "csocket connect localhost 7", "Talk to a server" },
    { "csocket connect --timeout=2 --option=TCP_NODELAY=on example.org:80 < request",
      "Send a file and print the reply" },
    { "csocket connect --udp --idle=1 [::1]:53 < query", "Send a datagram and print the replies" },
    { "csocket connect unix:/run/service.sock", "Talk to a local service" },
    { "csocket connect --wait=30s db:5432 -- ./migrate --all",
      "Run a command as soon as a server accepts" },
    { "csocket connect --check --timeout=1 localhost 22,80,8000-8100",
      "Report which ports accept" },
    { "csocket connect --trace example.org:443", "See which addresses are tried, and when" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Connect to ADDRESS. Standard input is sent, and received data is written to standard "
             "output.",
    .details =
        "ADDRESS is \"HOST:PORT\", \"[IPv6]:PORT\", \":PORT\" (this machine), the path of a "
        "socket, or \"@NAME\" for an abstract one; also \"tcp://HOST:PORT\", "
        "\"udp://HOST:PORT\", \"unix:PATH\", \"vsock://CID:PORT\"; with --family, the format "
        "that `csocket families` shows.\n\n"
        "At the end of standard input the sending side is shut down (shutdown(2)), and the "
        "peer's reply is received until the peer ends the connection. A peer that takes this for "
        "the end of the connection needs --no-shutdown, usually with --quit-after.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .end = end,
    .words = { CLI_WORDS_ADDRESS },
};

static void print_addresses(const struct csk_socket *s)
{
    char local[CSK_ADDR_TEXT_MAX], peer[CSK_ADDR_TEXT_MAX];

    cli_addresses(s, local, peer);
    cli_notice("connected to %s%s%s", peer, *local ? " from " : "", local);
}

/* If several addresses were tried, print the error of each. */
static int failed(const struct arguments *a, const struct failure *failure)
{
    const char *address = a->endpoint.text;
    char text[CSK_ADDR_TEXT_MAX];

    if (failure->count < 2)
        return cli_failed(failure->code, &failure->error, "%s", address);
    for (size_t i = 0; i < failure->count; i++)
        cli_failed(failure->attempts[i].code, NULL, "%s: %s", address,
                   csk_addr_format(&failure->attempts[i].addr, text, sizeof text));
    return CLI_FAILED;
}

/* Before the socket connects: set its options, and bind it if otherwise the peer could not
 * answer. */
static int prepare(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    struct arguments *a = context;
    const struct csk_family *family = csk_family_find(s->family, s->proto);
    bool has_paths = family && csk_field_kind(csk_layout_field(csk_family_layout(family), 0)) ==
                                   CSK_FIELD_PATH;
    int n = cli_settings_apply(s, addr, &a->settings);

    if (n < 0 || !has_paths)
        return n;
    if (!a->source && cli_has_connections(s->type))
        return 0;
    n = cli_bind(s, a->source, &a->settings.error);
    if (n < 0 && !*a->settings.error.text)
        snprintf(a->settings.error.text, sizeof a->settings.error.text, "bind to %.80s: %s",
                 a->source ? a->source : "a temporary address", csk_errstr(n));
    return n;
}

/* End the program when the time has passed, regardless of its state. */
static void *watch_deadline(void *context)
{
    const struct arguments *a = context;
    struct timespec left = { a->deadline / CSK_SECOND, a->deadline % CSK_SECOND };

    while (nanosleep(&left, &left) != 0)
        ;
    cli_quit(cli_late(a->endpoint.text, a->deadline));
}

static int start_deadline(struct arguments *a)
{
    pthread_t thread;
    int n;

    if (a->deadline < 0 || a->trace) /* which prints what it knows then */
        return CLI_OK;
    if ((n = pthread_create(&thread, NULL, watch_deadline, a)) != 0)
        return cli_failed(-n, NULL, "start a thread");
    pthread_detach(thread);
    return CLI_OK;
}

static int converse(struct arguments *a, struct csk_socket *s)
{
    int n = csk_settimeout(s, -1);

    if (a->verbose)
        print_addresses(s);
    return n < 0 ? cli_failed(n, NULL, "%s", a->endpoint.text) : cli_relay(s, &a->transfer);
}

static int connect_once(struct arguments *a, struct csk_socket *s, struct failure *failure)
{
    failure->count = ATTEMPTS;
    failure->error.code = a->settings.error.code = 0;
    failure->code = csk_create_connection_ex(s, a->endpoint.text, &a->options, failure->attempts,
                                             &failure->count, &failure->error);
    failure->is_setting = failure->code < 0 && a->settings.error.code == failure->code;
    if (failure->is_setting) {
        failure->error = a->settings.error;
        failure->count = 0;
    }
    return failure->code;
}

/* Whether waiting does not help: this system, or the arguments, are the reason. */
static bool is_permanent(const struct failure *failure)
{
    static const int codes[] = {
        CSK_EADDRTEXT,        CSK_EPORT,           CSK_EPATHTOOLONG,
        CSK_EAI(EAI_SERVICE), CSK_EAI(EAI_FAMILY), CSK_EAI(EAI_SOCKTYPE),
        -EAFNOSUPPORT,        -EPROTONOSUPPORT,    -ESOCKTNOSUPPORT,
    };
    static const int of_settings[] = { -EINVAL, -ENOPROTOOPT, -EPERM };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == failure->code)
            return true;
    for (size_t i = 0; i < sizeof of_settings / sizeof *of_settings; i++)
        if (failure->is_setting && of_settings[i] == failure->code)
            return true;
    return false;
}

/* Wait before the next attempt, which begins RETRY_FIRST before the end at the latest; false if it
 * is too late for one. */
static bool pause_attempts(int64_t end, int64_t *pause)
{
    int64_t left = end - csk_now(), time = left - RETRY_FIRST;
    struct timespec sleep;

    if (time <= 0)
        return false;
    time = *pause < time ? *pause : time;
    sleep = (struct timespec){ time / CSK_SECOND, time % CSK_SECOND };
    nanosleep(&sleep, NULL);
    *pause = *pause * 2 < RETRY_LAST ? *pause * 2 : RETRY_LAST;
    return true;
}

/* Connect until it succeeds or the time is over, which limits each attempt, lookups included.  If
 * that ends the last attempt, the one before has the reason. */
static int connect_repeatedly(struct arguments *a, struct csk_socket *s)
{
    int64_t now = csk_now(), end = a->wait < INT64_MAX - now ? now + a->wait : INT64_MAX;
    int64_t pause = RETRY_FIRST;
    struct failure failures[2], *last = failures, *before = NULL;

    for (;;) {
        int64_t left = end - csk_now();
        bool forever = end == INT64_MAX;

        a->options.total_timeout = forever ? 0 : left > 0 ? left : 1;
        if (connect_once(a, s, last) == 0)
            return CLI_OK;
        if (before && last->code == CSK_ETIMEDOUT && csk_now() >= end)
            return failed(a, before);
        if (is_permanent(last) || !pause_attempts(end, &pause))
            return failed(a, last);
        before = last;
        last = last == failures ? failures + 1 : failures;
    }
}

/* Wait until the address accepts; then become the command. */
static int wait_for_peer(struct arguments *a)
{
    struct csk_socket s;
    int status = connect_repeatedly(a, &s);

    if (status != CLI_OK)
        return status;
    if (a->verbose)
        print_addresses(&s);
    csk_close(&s);
    if (!a->exec.argv)
        return CLI_OK;
    cli_paths_remove();
    cli_paths_unblock();
    signal(SIGPIPE, SIG_DFL);
    execvp(a->exec.argv[0], a->exec.argv);
    cli_failed(-errno, NULL, "%s", a->exec.argv[0]);
    return errno == ENOENT ? 127 : 126; /* like shells */
}

static int run(int argc, char **argv)
{
    struct arguments *a = cli_alloc(sizeof *a); /* the threads', until the program ends */
    struct failure failure;
    struct csk_socket s;
    int status;

    *a = (struct arguments){
        .transfer = CLI_TRANSFER_INIT,
        .wait = -1,
        .deadline = -1,
        .parallel = 32,
    };
    cli_parse(&syntax, argc, argv, a);
    signal(SIGPIPE, SIG_IGN); /* of standard output: writing to it reports it, too */
    if (a->check)
        return cli_check(a->words, &a->kind, &a->format, a->parallel,
                         a->options.timeout ? a->options.timeout : 5 * CSK_SECOND, a->deadline);
    if ((status = cli_endpoint(&a->endpoint, a->words[0], a->words[1], false, &a->kind)) != CLI_OK)
        return status;
    a->options.family = a->endpoint.family;
    a->options.type = a->endpoint.type;
    a->options.proto = a->endpoint.proto;
    a->options.source_address = a->endpoint.is_path ? NULL : a->source;
    a->options.on_open = prepare;
    a->options.context = a;
    if (cli_paths_watch() != CLI_OK || start_deadline(a) != CLI_OK)
        return CLI_FAILED;
    if (a->trace)
        return cli_trace(a->endpoint.text, &a->options, &a->format, a->deadline);
    if (a->wait >= 0)
        return wait_for_peer(a);
    if (connect_once(a, &s, &failure) < 0)
        return failed(a, &failure);
    status = converse(a, &s);
    cli_paths_remove();
    csk_close(&s);
    return status;
}

const struct cli_command cli_connect = { "connect", "Connect to an address", &syntax, run };
