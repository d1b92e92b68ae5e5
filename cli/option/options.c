/* csocket options: the catalogue, and the values on a socket. */
#include "option/options.h"

#include <string.h>

enum {
    KEY_DESCRIBE = 0x200,
    KEY_PID,
    KEY_FD,
    KEY_WATCH,
    KEY_INTERVAL,
    KEY_COUNT,
    KEY_FIELDS,
    KEY_ALL,
};

static void add_job(struct options_arguments *a, struct argp_state *state, bool set,
                    const char *text)
{
    char name[80];

    if (a->job_count == OPTIONS_JOBS)
        argp_error(state, "more than %d options", OPTIONS_JOBS);
    cli_split(text, name, sizeof name);
    if (set)
        cli_setting_check(state, text);
    else if (strcmp(name, "all"))
        cli_option(state, name);
    a->jobs[a->job_count++] = (struct options_job){ set, text };
}

static void check(const struct options_arguments *a, const struct argp_state *state)
{
    bool asks = a->job_count > 0 || a->watch;

    if (a->watch && a->job_count > 0)
        argp_error(state, "--watch does not go with --get and --set");
    if (a->describe && (asks || a->word_count > 0))
        argp_error(state, "--describe goes with nothing else");
    if (asks && a->word_count > 1)
        argp_error(state, "one ADDRESS is enough: \"%s\"", a->words[1]);
    if (asks && a->word_count == 1 && (a->pid >= 0 || a->fd >= 0))
        argp_error(state, "either an ADDRESS or a descriptor");
    if (asks && a->pid >= 0 && a->fd < 0)
        argp_error(state,
                   "which descriptor of the process?  `csocket options --pid=%lld` lists its "
                   "sockets; then --fd",
                   (long long)a->pid);
    if (!asks && a->fd >= 0)
        argp_error(state, "--fd goes with --get, --set or --watch");
    if (a->fields && !a->watch)
        argp_error(state, "--fields goes with --watch");
    if (a->watch && a->interval < 1000000)
        argp_error(state, "--interval takes a millisecond at least");
}

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
    struct options_arguments *a = state->input;

    switch (key) {
    case 'l': a->level = arg; break;
    case KEY_DESCRIBE:
        cli_option(state, arg);
        a->describe = arg;
        break;
    case KEY_ALL: a->all = true; break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t parse_values(int key, char *arg, struct argp_state *state)
{
    struct options_arguments *a = state->input;

    switch (key) {
    case 'g': add_job(a, state, false, arg); break;
    case 's': add_job(a, state, true, arg); break;
    case 't': a->timeout = cli_time(state, "timeout", arg); break;
    case KEY_PID: a->pid = cli_number(state, "pid", arg, 1, INT32_MAX); break;
    case KEY_FD: a->fd = (int)cli_number(state, "fd", arg, 0, INT32_MAX); break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t parse_watch(int key, char *arg, struct argp_state *state)
{
    struct options_arguments *a = state->input;

    switch (key) {
    case KEY_WATCH: a->watch = cli_option(state, arg ? arg : "TCP_INFO"); break;
    case KEY_INTERVAL: a->interval = cli_time(state, "interval", arg); break;
    case KEY_COUNT: a->count = cli_number(state, "count", arg, 1, INT64_MAX); break;
    case KEY_FIELDS: a->fields = arg; break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options_arguments *a = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        for (int i = 0; i < 3; i++)
            state->child_inputs[i] = a;
        state->child_inputs[3] = &a->kind;
        state->child_inputs[4] = &a->format;
        break;
    case ARGP_KEY_ARG:
        if (a->word_count == OPTIONS_WORDS)
            argp_error(state, "more than %d words", OPTIONS_WORDS);
        a->words[a->word_count++] = arg;
        break;
    case ARGP_KEY_END: check(a, state); break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option watch_options[] = {
    { .name = "watch",
      .key = KEY_WATCH,
      .arg = "NAME",
      .flags = OPTION_ARG_OPTIONAL,
      .doc =
          "Read the option again and again, TCP_INFO unless NAME is given, and draw its numbers "
          "over time, in colour unless NO_COLOR is set; a line a reading where standard output is "
          "no terminal; \"q\" ends it" },
    { .name = "fields",
      .key = KEY_FIELDS,
      .arg = "FIELD[,FIELD...]",
      .doc = "Which fields: rtt,snd_cwnd,total_retrans unless given" },
    { .name = "interval", .key = KEY_INTERVAL, .arg = "TIME", .doc = "How often; 1s" },
    { .name = "count", .key = KEY_COUNT, .arg = "NUMBER", .doc = "End after so many readings" },
    { 0 },
};

static const struct argp_option list_options[] = {
    { .name = "level", .key = 'l', .arg = "LEVEL", .doc = "Only this level: SOL_TCP, ipv6, 1" },
    { .name = "all", .key = KEY_ALL, .doc = "Also options of other systems than this" },
    { .name = "describe", .key = KEY_DESCRIBE, .arg = "NAME", .doc = "Say all about an option" },
    { 0 },
};

static const struct argp_option value_options[] = {
    { .name = "get",
      .key = 'g',
      .arg = "NAME",
      .doc = "Print the option as NAME=VALUE, which --set takes; \"all\" prints all that can be "
             "read. May be repeated. NAME=INPUT where reading needs to be told something" },
    { .name = "set", .key = 's', .arg = "NAME=VALUE", .doc = "Set the option. May be repeated" },
    { .name = "pid",
      .key = KEY_PID,
      .arg = "PID",
      .doc = "Of another process; alone: list its "
             "sockets" },
    { .name = "fd",
      .key = KEY_FD,
      .arg = "FD",
      .doc = "This descriptor, of the process or of ours" },
    { .name = "timeout", .key = 't', .arg = "TIME", .doc = "Give the connection so long" },
    { 0 },
};

static const struct argp list_argp = { .options = list_options, .parser = parse_list };
static const struct argp value_argp = { .options = value_options, .parser = parse_values };
static const struct argp watch_argp = { .options = watch_options, .parser = parse_watch };

/* Each group a child: argp puts a blank line of its own between children and what is not. */
static const struct argp_child children[] = {
    { .argp = &list_argp, .header = "List the catalogue:", .group = 1 },
    { .argp = &value_argp, .header = "Values on a socket:", .group = 2 },
    { .argp = &watch_argp, .header = "Watch a value change:", .group = 3 },
    { .argp = &cli_kind_argp, .header = "Which kind of socket:", .group = 4 },
    { .argp = &cli_format_argp, .header = "How it is printed:", .group = 5 },
    { 0 },
};

static const struct argp argp = {
    .parser = parse,
    .args_doc = "[WORD...]\n--describe=NAME\n{--get=NAME|--set=NAME=VALUE|--watch}... "
                "[ADDRESS|--pid=PID --fd=FD|--fd=FD]\n--pid=PID",
    .doc = "List socket options, those that have every WORD in their name or meaning, or get, set "
           "and watch their values.\v"
           "Values are those of a connection to ADDRESS, of a descriptor of another process (which "
           "takes the right to trace it), or, with neither, of a socket that is opened for it and "
           "not connected. --family, --type and --protocol say which socket that is; in the list "
           "they choose the options that it has. --get and --set are done in the order in which "
           "they are given. In JSON, a value is told field by field, and a time as a number is in "
           "nanoseconds.\n\n"
           "Examples:\n\n"
           "  csocket options --level=tcp keepalive\n"
           "  csocket options --describe=SO_LINGER\n"
           "  csocket options --get=SO_RCVBUF --get=TCP_CONGESTION\n"
           "  csocket options --set=TCP_USER_TIMEOUT=30s --pid=1234 --fd=5\n"
           "  csocket options --watch --interval=200ms --pid=1234 --fd=5",
    .children = children,
};

int cli_options(int argc, char **argv)
{
    struct options_arguments a = { .pid = -1, .fd = -1, .timeout = -1, .interval = 1000000000 };

    cli_parse(&argp, argc, argv, 0, &a);
    if (a.describe)
        return options_describe(&a);
    if (a.watch)
        return options_watch(&a);
    if (a.job_count > 0)
        return options_run(&a);
    if (a.pid >= 0)
        return options_sockets(&a);
    return options_list(&a);
}
