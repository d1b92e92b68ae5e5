/* Addresses in the user's notation. */
#include "connect/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "tcp://HOST:PORT", "unix:/path": constants by name. */
static const struct {
    const char *scheme, *family, *type, *proto;
} schemes[] = {
    { "tcp", NULL, "SOCK_STREAM", NULL },
    { "udp", NULL, "SOCK_DGRAM", NULL },
    { "udplite", NULL, "SOCK_DGRAM", "IPPROTO_UDPLITE" },
    { "sctp", NULL, "SOCK_STREAM", "IPPROTO_SCTP" },
    { "mptcp", NULL, "SOCK_STREAM", "IPPROTO_MPTCP" },
    { "unix", "AF_UNIX", NULL, NULL },
    { "vsock", "AF_VSOCK", NULL, NULL },
    { "tipc", "AF_TIPC", NULL, NULL },
};

#define SCHEMES (sizeof schemes / sizeof *schemes)

static int number_of(const char *name)
{
    const struct csk_constant *c = name ? csk_constant_find(name) : NULL;

    return c ? (int)c->value : 0;
}

/* The text after the scheme, and the row of the scheme; NULL if text does not begin with one. */
static const char *after_scheme(const char *text, size_t *row)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    if (text[length] != ':')
        return NULL;
    for (*row = 0; *row < SCHEMES; ++*row) {
        const char *scheme = schemes[*row].scheme, *rest = text + length + 1;

        if (strlen(scheme) != length || strncasecmp(scheme, text, length))
            continue;
        if (!strncmp(rest, "//", 2))
            return rest + 2;
        /* "udp:5001" may mean a host of that name, unless there is a family or a second colon. */
        return schemes[*row].family || strchr(rest, ':') ? rest : NULL;
    }
    return NULL;
}

static int unknown_scheme(const char *text)
{
    struct cli_suggestions suggestions = { 0 };
    char scheme[32], all[128] = "known are";
    size_t length = strcspn(text, ":");

    snprintf(scheme, sizeof scheme, "%.*s", (int)length, text);
    suggestions.word = scheme;
    for (size_t i = 0; i < SCHEMES; i++) {
        size_t used = strlen(all);

        cli_suggest(&suggestions, "", schemes[i].scheme);
        snprintf(all + used, sizeof all - used, "%s %s", i ? "," : "", schemes[i].scheme);
    }
    cli_error("%s: unknown scheme \"%s\"%s", text, scheme, cli_suggestions_text(&suggestions, all));
    return CLI_USAGE;
}

static bool is_number(const char *text)
{
    return *text && !text[strspn(text, "0123456789")];
}

/* Whether text can be a port or the name of a service. */
static bool is_port(const char *text)
{
    struct csk_error error;
    int64_t number;

    if (is_number(text))
        return csk_number_parse(text, &number, &error) == 0 && number <= UINT16_MAX;
    return !text[strspn(text,
                        "-_.+*0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

/* A host and a port in one string; IPv6 addresses in brackets. */
static void join(struct cli_endpoint *e, const char *host, const char *port)
{
    bool bare = strchr(host, ':') && *host != '[';

    snprintf(e->text, sizeof e->text, "%s%s%s:%s", bare ? "[" : "", host, bare ? "]" : "", port);
}

/* The library's form of an AF_VSOCK or AF_TIPC address separates fields by commas. */
static void set_fields(struct cli_endpoint *e, const char *rest)
{
    snprintf(e->text, sizeof e->text, "%s", rest);
    for (char *at = e->text; *at; at++)
        if (*at == ':')
            *at = ',';
}

static int apply_scheme(struct cli_endpoint *e, const char *rest, size_t row)
{
    const struct csk_family *family;

    e->family = e->family ? e->family : number_of(schemes[row].family);
    e->type = e->type ? e->type : number_of(schemes[row].type);
    e->proto = e->proto ? e->proto : number_of(schemes[row].proto);
    e->is_path = schemes[row].family && !strcmp(schemes[row].scheme, "unix");
    family = csk_family_find(e->family, e->proto);
    if (family && !csk_family_syntax(family))
        set_fields(e, rest);
    else
        snprintf(e->text, sizeof e->text, "%s", rest);
    /* A relative path without a slash would be parsed as a host. */
    if (e->is_path && *rest != '@' && !strchr(rest, '/'))
        snprintf(e->text, sizeof e->text, "./%s", rest);
    return CLI_OK;
}

/* The reason why a single word is not an address, and the correct form. */
static int check_syntax(const struct cli_endpoint *e, const char *word)
{
    const char *colon = strrchr(word, ':');

    if (e->family || e->is_path || strchr(word, '/') || *word == '@')
        return CLI_OK;
    if (!colon) {
        cli_error(is_number(word)
                      ? "%s: the host is missing: write HOST:%s, or :%s for this machine"
                      : "%s: the port is missing: write %s:PORT or %s PORT",
                  word, word, word);
        return CLI_USAGE;
    }
    if (!colon[1]) {
        cli_error("%s: the port is missing after \":\"", word);
        return CLI_USAGE;
    }
    if (*word != '[' && memchr(word, ':', (size_t)(colon - word))) {
        cli_error("%s: write an IPv6 address in brackets: [ADDRESS]:PORT", word);
        return CLI_USAGE;
    }
    return CLI_OK;
}

/* Strings that are not valid addresses: empty, or too long. */
static int check_length(const char *first, const char *second, const struct cli_kind *kind)
{
    size_t length = strlen(first) + (second ? strlen(second) : 0);
    size_t row;
    const char *rest = after_scheme(first, &row);

    if ((length == 0 && !kind->family) || (second && !*second) || (rest && !*rest)) {
        cli_error("\"%s%s%s\" is not an address: a part is missing", first, second ? " " : "",
                  second ? second : "");
        return CLI_USAGE;
    }
    if (length + sizeof "[]:./" > CSK_ADDR_TEXT_MAX) {
        cli_error("an address of %zu characters is too long (at most %zu)", length,
                  CSK_ADDR_TEXT_MAX - sizeof "[]:./");
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int read_endpoint(struct cli_endpoint *e, const char *first, const char *second,
                         bool port_alone, const struct cli_kind *kind)
{
    const char *rest;
    size_t row;

    *e = (struct cli_endpoint){ .family = kind->family, .type = kind->type, .proto = kind->proto };
    if (second && !is_port(second)) {
        cli_error("\"%s\" is not a port (0-65535) or a service", second);
        return CLI_USAGE;
    }
    if (second) {
        join(e, first, second);
        return CLI_OK;
    }
    if ((rest = after_scheme(first, &row)))
        return apply_scheme(e, rest, row);
    if (strstr(first, "://"))
        return unknown_scheme(first);
    if (port_alone && is_number(first) && !kind->family) {
        snprintf(e->text, sizeof e->text, ":%s", first);
        return CLI_OK;
    }
    snprintf(e->text, sizeof e->text, "%s", first);
    e->is_path = (kind->family == 0 || kind->family == number_of("AF_UNIX")) &&
                 (*first == '@' || strchr(first, '/'));
    return check_syntax(e, first);
}

/* The kernel's error for a link-local address without its interface does not mention the reason. */
static int check_zone(const struct cli_endpoint *e)
{
    char host[CSK_ADDR_TEXT_MAX];
    struct csk_error error;
    struct csk_addr addr;

    /* fe80::/10 */
    if (e->is_path || csk_addr_parse(&addr, e->family, e->proto, e->text, &error) < 0 ||
        csk_addr_host(&addr, host, sizeof host) < 0 || strncmp(host, "fe", 2) ||
        !strchr("89ab", host[2]) || strlen(host) < 5 || !memchr(host, ':', 5) ||
        strchr(e->text, '%'))
        return CLI_OK;
    cli_error("%s: a link-local address needs an interface: [%s%%INTERFACE]:%lld", e->text, host,
              (long long)csk_addr_port(&addr));
    return CLI_USAGE;
}

int cli_endpoint(struct cli_endpoint *e, const char *first, const char *second, bool port_alone,
                 const struct cli_kind *kind)
{
    int status = check_length(first, second, kind);

    if (status == CLI_OK)
        status = read_endpoint(e, first, second, port_alone, kind);
    return status == CLI_OK ? check_zone(e) : status;
}
