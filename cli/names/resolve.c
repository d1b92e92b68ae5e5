/* csocket resolve: look up addresses of hosts and names of addresses. */
#include "cli.h"

#include <stdio.h>

enum { KEY_DEADLINE = 0x200 };

struct arguments {
    struct cli_kind kind;
    struct cli_format format;
    const char *host, *service;
    int64_t deadline; /* 0: none */
    bool reverse, canonical;
};

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct arguments *a = input;

    switch (key) {
    case 'r': a->reverse = true; break;
    case 'c': a->canonical = true; break;
    default: a->deadline = cli_limit(state, "deadline", value);
    }
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (a->service)
        cli_usage(state, "only HOST and SERVICE are accepted: \"%s\" is the third", word);
    *(a->host ? &a->service : &a->host) = word;
}

static void end(struct cli_state *state, void *input)
{
    const struct arguments *a = input;

    if (!a->host)
        cli_usage(state, "HOST is missing");
}

static const struct cli_arg args[] = {
    { "reverse", 'r', NULL, false, CLI_WORDS_NONE, "HOST is an address: look up its name" },
    { "canonical", 'c', NULL, false, CLI_WORDS_NONE, "Look up the host's canonical name too" },
    { "deadline", KEY_DEADLINE, "TIME", false, CLI_WORDS_NONE,
      "Fail if the lookup is not finished after TIME" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Kind of socket:", cli_kind_args, cli_kind_parse, offsetof(struct arguments, kind) },
    { "Output:", cli_format_args, cli_format_parse, offsetof(struct arguments, format) },
    { 0 },
};

static const char *const usages[] = { "HOST [SERVICE]", NULL };

static const struct cli_example examples[] = {
    { "csocket resolve localhost http", "Look up addresses and a port" },
    { "csocket resolve --type=stream --json example.org 443", "Print them as JSON" },
    { "csocket resolve --reverse 127.0.0.1", "Look up the name of an address" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Look up the addresses of HOST and the port of SERVICE with getaddrinfo(3), as "
             "programs do.",
    .details = "Without --type there is one line per type of socket that the system knows for the "
               "address.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .end = end,
    .words = { CLI_WORDS_HOST },
};

static int failed(const struct arguments *a, int code, const struct csk_error *error)
{
    if (code == CSK_ETIMEDOUT)
        return cli_late(a->host, a->deadline);
    return cli_failed(code, error, "%s", a->host);
}

static void add_address(struct cli_table *table, const struct csk_addrinfo *info,
                        const char *canonical)
{
    char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "", text[CSK_ADDR_TEXT_MAX];
    char family[24], type[24], proto[24];
    const char *cells[] = { NULL, NULL, NULL, host, port, NULL, canonical };

    csk_getnameinfo(&info->addr, NI_NUMERICHOST | NI_NUMERICSERV, NULL, host, sizeof host, port,
                    sizeof port, NULL);
    cells[0] = cli_constant_name("AF", info->family, family, sizeof family);
    cells[1] = cli_constant_name("SOCK", info->type, type, sizeof type);
    cells[2] = cli_constant_name("IPPROTO", info->proto, proto, sizeof proto);
    cells[5] = csk_addr_format(&info->addr, text, sizeof text);
    cli_table_row(table, cells);
}

static int forward(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "FAMILY", CLI_TEXT },    { "TYPE", CLI_TEXT },   { "PROTOCOL", CLI_TEXT },
        { "HOST", CLI_TEXT },      { "PORT", CLI_NUMBER }, { "ADDRESS", CLI_TEXT },
        { "CANONICAL", CLI_TEXT },
    };
    const struct csk_lookup_options options = { .timeout = a->deadline };
    struct cli_table *table;
    struct csk_addrinfo *list;
    struct csk_error error;
    int n = csk_getaddrinfo(a->host, a->service, a->kind.family, a->kind.type, a->kind.proto,
                            a->canonical ? AI_CANONNAME : 0, &options, &list, &error);

    if (n < 0)
        return failed(a, n, &error);
    table = cli_table(&a->format, "addresses", columns, a->canonical ? 7 : 6);
    for (int i = 0; i < n; i++)
        add_address(table, &list[i], list[0].canonname);
    csk_freeaddrinfo(list);
    return cli_table_print(table);
}

static int reverse(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "HOST", CLI_TEXT },
        { "NAME", CLI_TEXT },
        { "SERVICE", CLI_TEXT },
    };
    char name[NI_MAXHOST], service[NI_MAXSERV];
    const char *cells[] = { a->host, name, service };
    const struct csk_lookup_options options = { .timeout = a->deadline };
    struct cli_table *table;
    struct csk_addrinfo *list;
    struct csk_error error;
    int n = csk_getaddrinfo(a->host, a->service, a->kind.family,
                            a->kind.type ? a->kind.type : SOCK_STREAM, a->kind.proto,
                            AI_NUMERICHOST, &options, &list, &error);

    if (n == CSK_EAI(EAI_NONAME))
        return cli_error("%s: --reverse takes a numeric address", a->host);
    if (n < 0)
        return failed(a, n, &error);
    n = csk_getnameinfo(&list->addr, NI_NAMEREQD, &options, name, sizeof name, service,
                        sizeof service, &error);
    csk_freeaddrinfo(list);
    if (n < 0)
        return failed(a, n, &error);
    table = cli_table(&a->format, "names", columns, a->service ? 3 : 2);
    cli_table_row(table, cells);
    return cli_table_print(table);
}

static int run(int argc, char **argv)
{
    struct arguments a = { 0 };

    cli_parse(&syntax, argc, argv, &a);
    return a.reverse ? reverse(&a) : forward(&a);
}

const struct cli_command cli_resolve = {
    "resolve",
    "Look up a host's addresses, or an address's name",
    &syntax,
    run,
};
