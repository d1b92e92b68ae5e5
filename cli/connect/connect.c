/* csocket connect: a connection between an address and standard input and output. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>

#define ATTEMPTS 16
#define STAGGER INT64_C(250000000) /* RFC 8305, section 5 */

enum { KEY_STAGGER = 0x200, KEY_IDLE };

struct arguments {
    struct cli_kind kind;
    struct cli_settings settings;
    struct csk_connection_options options;
    struct csk_attempt attempts[ATTEMPTS];
    size_t attempt_count;
    const char *address;
    int64_t idle;
    bool verbose;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->kind;
        state->child_inputs[1] = &a->settings;
        break;
    case 't':
        if ((a->options.timeout = cli_time(state, "timeout", arg)) == 0)
            argp_error(state, "--timeout=0 gives nobody the time to answer");
        break;
    case 's': a->options.source_address = arg; break;
    case 'v': a->verbose = true; break;
    case KEY_STAGGER:
        a->options.happy_eyeballs_delay = arg ? cli_time(state, "stagger", arg) : STAGGER;
        break;
    case KEY_IDLE: a->idle = cli_time(state, "idle", arg); break;
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
    { .name = "timeout", .key = 't', .arg = "TIME", .doc = "Give each attempt to connect so long" },
    { .name = "idle", .key = KEY_IDLE, .arg = "TIME", .doc = "End when nothing came for so long" },
    { .name = "source", .key = 's', .arg = "ADDRESS", .doc = "Connect from this address" },
    { .name = "stagger",
      .key = KEY_STAGGER,
      .arg = "TIME",
      .flags = OPTION_ARG_OPTIONAL,
      .doc = "Happy Eyeballs (RFC 8305): where the host has several addresses, let the next one "
             "join the race so much later, and take the first to answer; 250ms if TIME is not "
             "given" },
    { .name = "verbose", .key = 'v', .doc = "Say who is connected with whom" },
    { 0 },
};

static const struct argp_child children[] = { { .argp = &cli_kind_argp },
                                              { .argp = &cli_settings_argp },
                                              { 0 } };

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "ADDRESS",
    .doc = "Connect to ADDRESS. What standard input has is sent, what comes is written to standard "
           "output.\v"
           "ADDRESS is \"HOST:PORT\", \"[IPv6]:PORT\", \":PORT\" (this machine), a path of a "
           "socket, or \"@NAME\" for an abstract one; with --family, the form that `csocket "
           "families` shows. The end of standard input ends what is sent, not what is received.\n\n"
           "Examples:\n\n"
           "  csocket connect localhost:7\n"
           "  csocket connect --timeout=2 --option=TCP_NODELAY=on example.org:80 < request\n"
           "  csocket connect --type=dgram --idle=1 [::1]:53 < query",
    .children = children,
};

static void say_who(const struct csk_socket *s)
{
    char here[CSK_ADDR_TEXT_MAX], there[CSK_ADDR_TEXT_MAX];

    cli_names(s, here, there);
    fprintf(stderr, "csocket: connected to %s%s%s\n", there, *here ? " from " : "", here);
}

/* Where several addresses were tried, say of each why it was none. */
static int failed(const struct arguments *a, int code, const struct csk_error *error)
{
    char text[CSK_ADDR_TEXT_MAX];

    if (a->settings.error.code == code)
        return cli_failed(code, &a->settings.error, "%s", a->address);
    if (a->attempt_count < 2)
        return cli_failed(code, error, "%s", a->address);
    for (size_t i = 0; i < a->attempt_count; i++)
        cli_failed(a->attempts[i].code, NULL, "%s: %s", a->address,
                   csk_addr_format(&a->attempts[i].addr, text, sizeof text));
    return CLI_FAILED;
}

int cli_connect(int argc, char **argv)
{
    struct csk_error error = { 0, "" };
    struct arguments a = { .idle = -1,
                           .options = { .happy_eyeballs_delay = -1 },
                           .attempt_count = ATTEMPTS };
    struct csk_socket s;
    int status, n;

    cli_parse(&argp, argc, argv, 0, &a);
    signal(SIGPIPE, SIG_IGN); /* of standard output; writing to it tells, too */
    a.options.family = a.kind.family;
    a.options.type = a.kind.type;
    a.options.proto = a.kind.proto;
    a.options.on_open = cli_settings_apply;
    a.options.context = &a.settings;
    if ((n = csk_create_connection_ex(&s, a.address, &a.options, a.attempts, &a.attempt_count,
                                      &error)) < 0)
        return failed(&a, n, &error);
    if (a.verbose)
        say_who(&s);
    if ((n = csk_settimeout(&s, a.idle)) < 0)
        status = cli_failed(n, NULL, "%s", a.address);
    else
        status = cli_relay(&s);
    csk_close(&s);
    return status;
}
