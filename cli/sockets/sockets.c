/* csocket sockets: the sockets of this machine. */
#include "sockets/sockets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define COLUMNS 32
#define PATTERNS 16

enum { KEY_WHERE = 0x200, KEY_FIELDS, KEY_COLUMNS, KEY_WATCH, KEY_COUNT, KEY_STATE, KEY_PROCESS };

struct arguments {
    struct cli_format format;
    struct cli_kind kind;
    struct sockets_term terms[SOCKETS_TERMS];
    size_t term_count;
    const char *patterns[PATTERNS];
    size_t pattern_count;
    struct sockets_field columns[COLUMNS];
    size_t column_count;
    const char *state, *process;
    int64_t interval; /* 0: once */
    int64_t count;
    bool listening, list_fields;
    struct cli_owners *owners;
    struct cli_table *table;
};

static void add_columns(struct arguments *a, const struct cli_state *state, const char *list)
{
    if (!*list)
        cli_usage(state, "--columns takes a list of fields, not \"\"");
    while (*list) {
        size_t length = strcspn(list, ",");
        char name[64];

        snprintf(name, sizeof name, "%.*s", (int)length, list);
        if (a->column_count == COLUMNS)
            cli_usage(state, "--columns takes at most %d columns", COLUMNS);
        if (!sockets_find_field(name, &a->columns[a->column_count++])) {
            struct cli_suggestions suggestions = { .word = name };
            const char *field, *meaning;

            for (size_t i = 0; (field = sockets_field_at(i, &meaning)); i++)
                cli_suggest(&suggestions, "", field);
            cli_usage(state, "unknown column \"%s\"%s", name,
                      cli_suggestions_text(&suggestions, "`csocket sockets --fields` lists them"));
        }
        list += length + (list[length] == ',');
    }
}

static void check_state(const struct cli_state *state, const char *name)
{
    struct cli_suggestions suggestions = { .word = name };
    char all[400] = "the states are";
    size_t used = strlen(all);

    for (int i = 1; *sockets_state_name(i); i++) {
        if (!strcasecmp(sockets_state_name(i), name))
            return;
        cli_suggest(&suggestions, "", sockets_state_name(i));
        if (used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, " %s", sockets_state_name(i));
    }
    cli_usage(state, "unknown state \"%s\"%s", name, cli_suggestions_text(&suggestions, all));
}

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct arguments *a = input;

    switch (key) {
    case 'l': a->listening = true; break;
    case KEY_WHERE: sockets_parse_where(state, value, a->terms, &a->term_count); break;
    case KEY_FIELDS: a->list_fields = true; break;
    case KEY_COLUMNS: add_columns(a, state, value); break;
    case KEY_STATE:
        check_state(state, value);
        a->state = value;
        break;
    case KEY_PROCESS: a->process = value; break;
    case KEY_COUNT: a->count = cli_number(state, "count", value, 1, INT64_MAX); break;
    default:
        a->interval = value ? cli_time(state, "watch", value) : CSK_SECOND;
        if (a->interval < CSK_MS)
            cli_usage(state, "--watch takes at least a millisecond");
    }
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (a->pattern_count == PATTERNS)
        cli_usage(state, "at most %d addresses are accepted", PATTERNS);
    a->patterns[a->pattern_count++] = word;
}

static void end(struct cli_state *state, void *input)
{
    const struct arguments *a = input;

    for (size_t i = 0; i < a->pattern_count; i++)
        sockets_check_pattern(state, a->patterns[i], a->kind.family);
    if (a->count && !a->interval)
        cli_usage(state, "--count requires --watch");
}

static const struct cli_arg args[] = {
    { "listening", 'l', NULL, false, CLI_WORDS_NONE, "Only sockets that listen" },
    { "state", KEY_STATE, "STATE", false, CLI_WORDS_STATE, "Only this state: established" },
    { "process", KEY_PROCESS, "PROCESS", false, CLI_WORDS_PROCESS,
      "Only sockets of this process: a number or a name" },
    { "where", KEY_WHERE, "CONDITION", false, CLI_WORDS_COLUMN,
      "Only sockets that satisfy it: 'rtt > 100ms and state = established', also with \"or\"; "
      "the operators are = != < <= > >= and ~ (contains). If repeated, all must hold" },
    { "columns", KEY_COLUMNS, "FIELD[,FIELD...]", false, CLI_WORDS_COLUMN, "The columns to print" },
    { "fields", KEY_FIELDS, NULL, false, CLI_WORDS_NONE,
      "List the fields for --where and --columns" },
    { "watch", KEY_WATCH, "TIME", true, CLI_WORDS_NONE, "Print again every TIME; default 1s" },
    { "count", KEY_COUNT, "NUMBER", false, CLI_WORDS_NONE, "With --watch: number of times" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Kind of socket:", cli_kind_args, cli_kind_parse, offsetof(struct arguments, kind) },
    { "Output:", cli_format_args, cli_format_parse, offsetof(struct arguments, format) },
    { 0 },
};

static const char *const usages[] = { "[ADDRESS...]", "--fields", NULL };

static const struct cli_example examples[] = {
    { "csocket sockets --listening", "List listening sockets and their processes" },
    { "csocket sockets :443 10.0.0.0/8", "List sockets by address" },
    { "csocket sockets --where='rtt > 100ms' --columns=peer,rtt,snd_cwnd,congestion",
      "Find slow connections" },
    { "csocket sockets 5432 --columns=pid,fd,local,peer",
      "Find the arguments of `csocket options --pid=PID --fd=FD`" },
    { "csocket sockets --family=unix --json", "Print all AF_UNIX sockets as JSON" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about =
        "List the sockets of this machine, of all processes, or those with an ADDRESS at one of "
        "their ends.",
    .details =
        "ADDRESS is \":PORT\" or PORT, \"HOST\" (numeric), \"HOST:PORT\", \"HOST/BITS\", a "
        "path, or a pattern with \"*\". The kernel reports the sockets (sock_diag(7)), which "
        "requires no privilege; the processes are those that /proc shows to the user. The fields "
        "pid and fd are arguments for `csocket options`.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .end = end,
    .words = { CLI_WORDS_ADDRESS, CLI_WORDS_ADDRESS },
};

static bool is_selected_kind(const struct arguments *a, const struct cli_sock *sock)
{
    const struct cli_kind *kind = &a->kind;
    int listen = 10; /* TCP_LISTEN: all families use TCP's numbers */

    if (kind->type && kind->type != sock->type)
        return false;
    if (kind->has_proto && kind->proto != sock->proto)
        return false;
    if (a->listening && sock->state != listen)
        return false;
    return !a->state || !strcasecmp(sockets_state_name(sock->state), a->state);
}

static bool belongs_to(const struct arguments *a, const struct cli_sock *sock)
{
    const struct cli_owner *owner;
    struct csk_error error;
    int64_t pid;
    bool is_pid = csk_number_parse(a->process, &pid, &error) == 0;

    for (size_t i = 0; (owner = cli_owner_at(a->owners, sock->inode, i)); i++)
        if (is_pid ? owner->pid == pid : !strcmp(owner->name, a->process))
            return true;
    return false;
}

static bool is_selected(const struct arguments *a, const struct cli_sock *sock)
{
    bool matches = a->pattern_count == 0;

    if (!is_selected_kind(a, sock) || (a->process && !belongs_to(a, sock)))
        return false;
    for (size_t i = 0; i < a->pattern_count && !matches; i++)
        matches = sockets_address_matches(&sock->local, a->patterns[i]) ||
                  sockets_address_matches(&sock->peer, a->patterns[i]);
    return matches && sockets_holds(sock, a->owners, a->terms, a->term_count);
}

/* In JSON, numbers are numbers and times nanoseconds; in tables, times have their units. */
static int add(const struct cli_sock *sock, void *context)
{
    struct arguments *a = context;
    struct sockets_value *values;
    const char *cells[COLUMNS];

    if (!is_selected(a, sock))
        return 0;
    values = cli_alloc(a->column_count * sizeof *values);
    for (size_t i = 0; i < a->column_count; i++) {
        sockets_get(sock, a->owners, &a->columns[i], &values[i]);
        if (values[i].is_number && a->format.json)
            snprintf(values[i].text, sizeof values[i].text, "%lld", (long long)values[i].number);
        cells[i] = values[i].exists ? values[i].text : NULL;
    }
    cli_table_row(a->table, cells);
    free(values);
    return 0;
}

/* Searching the descriptors of every process takes longer than the list itself. */
static bool needs_owners(const struct arguments *a)
{
    bool needs = a->process != NULL;

    for (size_t i = 0; i < a->column_count; i++)
        needs = needs || sockets_needs_owners(&a->columns[i]);
    for (size_t i = 0; i < a->term_count; i++)
        needs = needs || sockets_needs_owners(&a->terms[i].field);
    return needs;
}

static int list_once(struct arguments *a)
{
    struct cli_column columns[COLUMNS];
    char names[COLUMNS][32];
    int n;

    for (size_t i = 0; i < a->column_count; i++) {
        size_t k = 0;

        for (; a->columns[i].name[k] && k < sizeof names[i] - 1; k++)
            names[i][k] = (char)(a->columns[i].name[k] >= 'a' && a->columns[i].name[k] <= 'z'
                                     ? a->columns[i].name[k] - 'a' + 'A'
                                     : a->columns[i].name[k]);
        names[i][k] = '\0';
        columns[i].name = names[i];
        columns[i].kind = sockets_is_list(&a->columns[i])     ? CLI_LIST
                          : sockets_is_number(&a->columns[i]) ? CLI_NUMBER
                                                              : CLI_TEXT;
    }
    a->owners = needs_owners(a) ? cli_platform_owners() : NULL;
    a->table = cli_table(&a->format, "sockets", columns, a->column_count);
    n = cli_platform_sockets(a->kind.family, add, a);
    cli_platform_owners_free(a->owners);
    if (n == 0)
        return cli_table_print(a->table);
    cli_table_free(a->table);
    if (n == -ENOSYS)
        return cli_error("this system does not list its sockets (sock_diag)");
    if (n == -EAFNOSUPPORT)
        return cli_error("this system does not list sockets of %s (sock_diag)",
                         cli_constant_name("AF", a->kind.family, names[0], sizeof names[0]));
    return cli_failed(n, NULL, "list the sockets");
}

static int list_fields(const struct arguments *a)
{
    static const struct cli_column columns[] = { { "FIELD", CLI_TEXT },
                                                 { "UNIT", CLI_TEXT },
                                                 { "MEANING", CLI_LONG } };
    struct cli_table *table = cli_table(&a->format, "fields", columns, 3);
    const char *name, *meaning;
    struct sockets_field field;

    for (size_t i = 0; (name = sockets_field_at(i, &meaning)); i++)
        if (*name && sockets_find_field(name, &field))
            cli_table_row(table,
                          (const char *const[]){ name, sockets_field_unit(&field), meaning });
    return cli_table_print(table);
}

static int run(int argc, char **argv)
{
    struct arguments *a = cli_alloc(sizeof *a);
    int status = CLI_OK;

    cli_parse(&syntax, argc, argv, a);
    if (a->list_fields) {
        status = list_fields(a);
        free(a);
        return status;
    }
    if (a->column_count == 0)
        add_columns(a, NULL, "family,type,state,recvq,sendq,local,peer,process");
    for (int64_t i = 0; status == CLI_OK && (i == 0 || a->interval); i++) {
        const struct timespec pause = { a->interval / CSK_SECOND, a->interval % CSK_SECOND };

        if (i > 0)
            nanosleep(&pause, NULL);
        if (a->interval && isatty(STDOUT_FILENO) && !a->format.json)
            printf("\033[H\033[2J");
        status = list_once(a);
        if (a->count && i + 1 == a->count)
            break;
    }
    free(a);
    return status;
}

const struct cli_command cli_sockets = {
    "sockets",
    "List the sockets of this machine",
    &syntax,
    run,
};
