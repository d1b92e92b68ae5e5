/* csocket sockets: which sockets are listed. */
#include "sockets/sockets.h"

#include <ctype.h>
#include <fnmatch.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whether the first bits of two numeric hosts are the same. */
static bool in_network(int family, const char *host, const char *pattern)
{
    const char *slash = strchr(pattern, '/');
    unsigned char a[16], b[16];
    char network[64];
    long bits = strtol(slash + 1, NULL, 10);
    int size;

    snprintf(network, sizeof network, "%.*s", (int)(slash - pattern), pattern);
    size = csk_inet_pton(family, network, b, NULL);
    if (size < 0 || csk_inet_pton(family, host, a, NULL) != size || bits < 0 || bits > size * 8)
        return false;
    for (long i = 0; i < bits; i++)
        if ((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
            return false;
    return true;
}

bool sockets_address_matches(const struct csk_addr *addr, const char *pattern)
{
    char text[CSK_ADDR_TEXT_MAX], host[NI_MAXHOST] = "";
    char *end;

    if (addr->len == 0)
        return false;
    if (*pattern == ':' && isdigit((unsigned char)pattern[1])) {
        long port = strtol(pattern + 1, &end, 10);

        return !*end && csk_addr_port(addr) == port;
    }
    csk_addr_format(addr, text, sizeof text);
    if (!strcmp(text, pattern) || fnmatch(pattern, text, 0) == 0)
        return true;
    if (csk_getnameinfo(addr, NI_NUMERICHOST, NULL, host, sizeof host, NULL, 0, NULL) < 0)
        return false;
    if (*pattern != '/' && strchr(pattern, '/'))
        return in_network(addr->sa.sa_family, host, pattern);
    return !strcmp(host, pattern);
}

/* "100ms", "1.5M", "12". */
static bool read_number(const char *text, int64_t *number)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {
        { "", 1 },       { "ns", 1 },     { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 },
        { "min", 6e10 }, { "h", 3.6e12 }, { "k", 1e3 },  { "M", 1e6 },  { "G", 1e9 },
    };
    char *end;
    double value = strtod(text, &end);

    for (size_t i = 0; end != text && i < sizeof units / sizeof *units; i++)
        if (!strcmp(end, units[i].unit)) {
            *number = (int64_t)(value * units[i].factor);
            return true;
        }
    return false;
}

static void unknown_field(const struct cli_state *state, const char *name)
{
    struct cli_suggestions near = { .word = name };
    const char *field, *meaning;

    for (size_t i = 0; (field = sockets_field_at(i, &meaning)); i++)
        cli_suggest(&near, "", field);
    cli_usage(state, "unknown field \"%s\"%s", name,
              cli_suggestions_text(&near, "`csocket sockets --fields` lists them"));
}

static const char *skip(const char *at)
{
    return at + strspn(at, " \t");
}

static const char *parse_term(const struct cli_state *state, const char *at,
                              struct sockets_term *term)
{
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)length, at);
    if (!sockets_find_field(name, &term->field))
        unknown_field(state, name);
    at = skip(at + length);
    length = strspn(at, "<>=!~");
    if (length < 1 || length > 2)
        cli_usage(state, "--where: one of = != < <= > >= ~ must follow \"%s\"", name);
    snprintf(term->op, sizeof term->op, "%.*s", (int)length, at);
    at = skip(at + length);
    length = strcspn(at, " \t");
    if (length == 0)
        cli_usage(state, "--where: the value of \"%s\" is missing", name);
    snprintf(term->text, sizeof term->text, "%.*s", (int)length, at);
    term->is_number = read_number(term->text, &term->number);
    return skip(at + length);
}

void sockets_parse_where(const struct cli_state *state, const char *text,
                         struct sockets_term terms[SOCKETS_TERMS], size_t *count)
{
    const char *at = skip(text);

    for (;;) {
        if (*count == SOCKETS_TERMS)
            cli_usage(state, "--where takes at most %d conditions", SOCKETS_TERMS);
        at = parse_term(state, at, &terms[(*count)++]);
        if (!*at)
            return;
        if (strncasecmp(at, "and ", 4))
            cli_usage(state, "--where: \"and\" is expected, not \"%s\"", at);
        at = skip(at + 4);
    }
}

static bool compare(const char *op, int order)
{
    if (!strcmp(op, "<"))
        return order < 0;
    if (!strcmp(op, "<="))
        return order <= 0;
    if (!strcmp(op, ">"))
        return order > 0;
    if (!strcmp(op, ">="))
        return order >= 0;
    return !strcmp(op, "!=") ? order != 0 : order == 0;
}

/* A name that stands for itself or after a prefix such as "AF_". */
static bool same_name(const char *text, const char *word)
{
    const char *after = strchr(text, '_');

    return !strcasecmp(text, word) || (after && !strcasecmp(after + 1, word));
}

bool sockets_holds(const struct cli_sock *sock, const struct cli_owners *owners,
                   const struct sockets_term *term)
{
    struct sockets_value value;

    sockets_get(sock, owners, &term->field, &value);
    if (!value.exists)
        return !strcmp(term->op, "!=");
    if (!strcmp(term->op, "~"))
        return strstr(value.text, term->text) != NULL;
    if (value.is_number && term->is_number)
        return compare(term->op, (value.number > term->number) - (value.number < term->number));
    return compare(term->op,
                   same_name(value.text, term->text) ? 0 : strcasecmp(value.text, term->text));
}
