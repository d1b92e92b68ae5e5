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
    KEY_RECORD,
    KEY_MESSAGES,
};

static void add_job(struct options_arguments *a, struct cli_state *state, bool set,
                    const char *text)
{
    char name[80];

    if (a->job_count == OPTIONS_JOBS)
        cli_usage(state, "at most %d options can be read and set", OPTIONS_JOBS);
    cli_split_setting(text, name, sizeof name);
    if (set)
        cli_setting_check(state, text);
    else if (strcmp(name, "all"))
        cli_option(state, name);
    a->jobs[a->job_count++] = (struct options_job){ set, text };
}

static void check(struct cli_state *state, void *input)
{
    const struct options_arguments *a = input;
    bool asks = a->job_count > 0 || a->watch;

    if (a->watch && a->job_count > 0)
        cli_usage(state, "--watch excludes --get and --set");
    if (a->describe && (asks || a->word_count > 0))
        cli_usage(state, "--describe excludes all other requests");
    if (a->describe && !options_described(a))
        cli_option(state, a->describe);
    if (a->messages && (asks || a->pid >= 0))
        cli_usage(state, "--messages only lists and describes: control messages are no state");
    if (asks && a->word_count > 1)
        cli_usage(state, "only one ADDRESS is accepted: \"%s\" is the second", a->words[1]);
    if (asks && a->word_count == 1 && (a->pid >= 0 || a->fd >= 0))
        cli_usage(state, "ADDRESS excludes --pid and --fd");
    if (asks && a->pid >= 0 && a->fd < 0)
        cli_usage(state,
                  "--fd is missing; `csocket options --pid=%lld` lists the sockets of the "
                  "process",
                  (long long)a->pid);
    if (!asks && a->fd >= 0)
        cli_usage(state, "--fd requires --get, --set or --watch");
    if (a->fields && !a->watch)
        cli_usage(state, "--fields requires --watch");
    if (a->record && !a->watch)
        cli_usage(state, "--record requires --watch");
    if (a->watch && a->interval < 1000000)
        cli_usage(state, "--interval takes at least a millisecond");
}

static void parse_list(struct cli_state *state, int key, const char *value, void *input)
{
    struct options_arguments *a = input;

    switch (key) {
    case 'l':
        options_check_level(state, value);
        a->level = value;
        break;
    case KEY_DESCRIBE: a->describe = value; break;
    case KEY_MESSAGES: a->messages = true; break;
    default: a->all = true;
    }
}

static void parse_values(struct cli_state *state, int key, const char *value, void *input)
{
    struct options_arguments *a = input;

    switch (key) {
    case 'g': add_job(a, state, false, value); break;
    case 's': add_job(a, state, true, value); break;
    case 't': a->timeout = cli_limit(state, "timeout", value); break;
    case KEY_PID: a->pid = cli_number(state, "pid", value, 1, INT32_MAX); break;
    default: a->fd = (int)cli_number(state, "fd", value, 0, INT32_MAX);
    }
}

static void parse_watch(struct cli_state *state, int key, const char *value, void *input)
{
    struct options_arguments *a = input;

    switch (key) {
    case KEY_WATCH: a->watch = cli_option(state, value ? value : "TCP_INFO"); break;
    case KEY_INTERVAL: a->interval = cli_time(state, "interval", value); break;
    case KEY_COUNT: a->count = cli_number(state, "count", value, 1, INT64_MAX); break;
    case KEY_RECORD: a->record = value; break;
    default: a->fields = value;
    }
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct options_arguments *a = input;

    if (a->word_count == OPTIONS_WORDS)
        cli_usage(state, "at most %d words are accepted", OPTIONS_WORDS);
    a->words[a->word_count++] = word;
}

static const struct cli_arg watch_args[] = {
    { "watch", KEY_WATCH, "NAME", true, CLI_WORDS_OPTION,
      "Read the option repeatedly, TCP_INFO unless NAME is given, and draw its numbers over time, "
      "in colour unless NO_COLOR is set; one line per reading if standard output is not a "
      "terminal; \"q\" quits" },
    { "fields", KEY_FIELDS, "FIELD[,FIELD...]", false, CLI_WORDS_FIELD,
      "The fields to show; default rtt,snd_cwnd,total_retrans" },
    { "interval", KEY_INTERVAL, "TIME", false, CLI_WORDS_NONE,
      "Time between readings; default 1s" },
    { "record", KEY_RECORD, "FILE", false, CLI_WORDS_FILE,
      "Append the readings to FILE, as CSV if its name ends with .csv, otherwise as JSON lines" },
    { "count", KEY_COUNT, "NUMBER", false, CLI_WORDS_NONE, "Exit after this number of readings" },
    { 0 },
};

static const struct cli_arg list_args[] = {
    { "level", 'l', "LEVEL", false, CLI_WORDS_LEVEL, "Only this level: SOL_TCP, ipv6, 1" },
    { "all", KEY_ALL, NULL, false, CLI_WORDS_NONE, "Include options of other systems" },
    { "messages", KEY_MESSAGES, NULL, false, CLI_WORDS_NONE,
      "List control messages (ancillary data) instead of options" },
    { "describe", KEY_DESCRIBE, "NAME", false, CLI_WORDS_OPTION,
      "Print everything that is known about an option or, if there is none of this name or "
      "--messages is given, a control message" },
    { 0 },
};

static const struct cli_arg value_args[] = {
    { "get", 'g', "NAME", false, CLI_WORDS_OPTION,
      "Print the option as NAME=VALUE, which --set accepts; \"all\" prints all readable options; "
      "NAME=INPUT for an option whose reading needs input. May be repeated" },
    { "set", 's', "NAME=VALUE", false, CLI_WORDS_SETTING, "Set the option. May be repeated" },
    { "pid", KEY_PID, "PID", false, CLI_WORDS_PROCESS,
      "Use a socket of another process; alone: list its sockets" },
    { "fd", KEY_FD, "FD", false, CLI_WORDS_NONE,
      "The file descriptor of the socket, in that process or inherited by csocket" },
    { "timeout", 't', "TIME", false, CLI_WORDS_NONE,
      "Timeout of the connection to ADDRESS, name lookups included" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "List the catalogue:", list_args, parse_list, 0 },
    { "Values on a socket:", value_args, parse_values, 0 },
    { "Watch values change:", watch_args, parse_watch, 0 },
    { "Kind of socket:", cli_kind_args, cli_kind_parse, offsetof(struct options_arguments, kind) },
    { "Output:", cli_format_args, cli_format_parse, offsetof(struct options_arguments, format) },
    { 0 },
};

static const char *const usages[] = {
    "[WORD...]",
    "--describe=NAME",
    "{--get=NAME|--set=NAME=VALUE|--watch}... [ADDRESS|--pid=PID --fd=FD|--fd=FD]",
    "--pid=PID",
    NULL,
};

static const struct cli_example examples[] = {
    { "csocket options --level=tcp keepalive", "List options by level and word" },
    { "csocket options --describe=SO_LINGER", "Describe an option" },
    { "csocket options --messages time", "List control messages by word" },
    { "csocket options --get=SO_RCVBUF --get=TCP_CONGESTION", "Print default values" },
    { "csocket options --set=TCP_USER_TIMEOUT=30s --pid=1234 --fd=5",
      "Set an option of another process's socket" },
    { "csocket options --watch --interval=200ms --pid=1234 --fd=5",
      "Watch a connection of another process" },
    { "csocket options --watch --record=web.csv :443", "Record all connections at a port" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "List socket options, or those that contain every WORD in their name or meaning; or "
             "get, set and watch their values.",
    .details = "The socket is a new connection to ADDRESS, a descriptor of another process (which "
               "requires the right to trace it), or otherwise a new socket that is not connected. "
               "--family, --type and --protocol select the kind of that socket; when options are "
               "listed, they select the options that it has. --get and --set are processed in the "
               "order in which they are given. With --watch, the connections that have ADDRESS at "
               "one of their ends are watched, whatever process has them; a new one is opened if "
               "there is none. In JSON, a value is printed field by field, and a "
               "time as a number is in nanoseconds.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .end = check,
    .words = { CLI_WORDS_OPTION, CLI_WORDS_OPTION },
};

static int run(int argc, char **argv)
{
    struct options_arguments a = { .pid = -1, .fd = -1, .timeout = -1, .interval = 1000000000 };

    cli_parse(&syntax, argc, argv, &a);
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

const struct cli_command cli_options = {
    "options",
    "List, get, set and watch socket options",
    &syntax,
    run,
};
