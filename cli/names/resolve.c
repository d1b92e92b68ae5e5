/* csocket resolve: hosts into addresses, and back. */
#include "cli.h"

#include <stdio.h>

struct arguments {
    struct cli_kind kind;
    struct cli_format format;
    const char *host, *service;
    bool reverse, canonical;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->kind;
        state->child_inputs[1] = &a->format;
        break;
    case 'r': a->reverse = true; break;
    case 'c': a->canonical = true; break;
    case ARGP_KEY_ARG:
        if (a->service)
            argp_error(state, "HOST and SERVICE are enough: \"%s\"", arg);
        *(a->host ? &a->service : &a->host) = arg;
        break;
    case ARGP_KEY_END:
        if (!a->host)
            argp_error(state, "which HOST?");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option options[] = {
    { .name = "reverse", .key = 'r', .doc = "HOST is an address: find its name" },
    { .name = "canonical", .key = 'c', .doc = "Find the host's canonical name too" },
    { 0 },
};

static const struct argp_child children[] = { { .argp = &cli_kind_argp },
                                              { .argp = &cli_format_argp },
                                              { 0 } };

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "HOST [SERVICE]",
    .doc = "Look up the addresses of HOST, and the port of SERVICE, as programs do: by "
           "getaddrinfo(3).\v"
           "Without --type there is a line for each type of socket that the system knows for the "
           "address.\n\n"
           "Examples:\n\n"
           "  csocket resolve localhost http\n"
           "  csocket resolve --type=stream --json example.org 443\n"
           "  csocket resolve --reverse 127.0.0.1",
    .children = children,
};

static int not_found(const struct arguments *a, int code)
{
    if (a->service)
        return cli_failed(code, NULL, "%s %s", a->host, a->service);
    return cli_failed(code, NULL, "%s", a->host);
}

static void add_address(struct libscols_table *table, const struct csk_addrinfo *info,
                        const char *canonical)
{
    char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "", text[CSK_ADDR_TEXT_MAX];
    char family[24], type[24], proto[24];
    const char *cells[] = { NULL, NULL, NULL, host, port, NULL, canonical };

    csk_getnameinfo(&info->addr, NI_NUMERICHOST | NI_NUMERICSERV, NULL, host, sizeof host, port,
                    sizeof port, NULL);
    cells[0] = cli_name("AF", info->family, family, sizeof family);
    cells[1] = cli_name("SOCK", info->type, type, sizeof type);
    cells[2] = cli_name("IPPROTO", info->proto, proto, sizeof proto);
    cells[5] = csk_addr_format(&info->addr, text, sizeof text);
    cli_row(table, cells);
}

static int forward(const struct arguments *a)
{
    static const struct cli_column columns[] = {
        { "FAMILY", CLI_TEXT },    { "TYPE", CLI_TEXT },   { "PROTOCOL", CLI_TEXT },
        { "HOST", CLI_TEXT },      { "PORT", CLI_NUMBER }, { "ADDRESS", CLI_TEXT },
        { "CANONICAL", CLI_TEXT },
    };
    struct libscols_table *table;
    struct csk_addrinfo *list;
    int n = csk_getaddrinfo(a->host, a->service, a->kind.family, a->kind.type, a->kind.proto,
                            a->canonical ? AI_CANONNAME : 0, NULL, &list, NULL);

    if (n < 0)
        return not_found(a, n);
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
    struct libscols_table *table;
    struct csk_addrinfo *list;
    int n = csk_getaddrinfo(a->host, a->service, a->kind.family,
                            a->kind.type ? a->kind.type : SOCK_STREAM, a->kind.proto,
                            AI_NUMERICHOST, NULL, &list, NULL);

    if (n == CSK_EAI(EAI_NONAME))
        return cli_error("%s: --reverse takes a numeric address", a->host);
    if (n < 0)
        return not_found(a, n);
    n = csk_getnameinfo(&list->addr, NI_NAMEREQD, NULL, name, sizeof name, service, sizeof service,
                        NULL);
    csk_freeaddrinfo(list);
    if (n < 0)
        return not_found(a, n);
    table = cli_table(&a->format, "names", columns, a->service ? 3 : 2);
    cli_row(table, cells);
    return cli_table_print(table);
}

int cli_resolve(int argc, char **argv)
{
    struct arguments a = { 0 };

    cli_parse(&argp, argc, argv, 0, &a);
    return a.reverse ? reverse(&a) : forward(&a);
}
