/* csocket sockets: the selection of sockets. */
#include "sockets/sockets.h"

#include <fnmatch.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whether the first bits of two numeric hosts are the same. */
static bool in_network(int family, const char *host, const char *pattern)
{
    const char *slash = strchr(pattern, '/');
    unsigned char a[16], b[16];
    char network[64];
    struct csk_error error;
    int64_t bits;
    int size;

    snprintf(network, sizeof network, "%.*s", (int)(slash - pattern), pattern);
    size = csk_inet_pton(family, network, b, &error);
    if (size < 0 || csk_inet_pton(family, host, a, &error) != size ||
        csk_number_parse(slash + 1, &bits, &error) < 0 || bits < 0 || bits > size * 8)
        return false;
    for (int64_t i = 0; i < bits; i++)
        if ((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
            return false;
    return true;
}

static bool is_digits(const char *text)
{
    return *text && !text[strspn(text, "0123456789")];
}

/* ":443" or "443". */
static bool read_port(const char *pattern, int64_t *port)
{
    struct csk_error error;

    if (*pattern != ':' && !is_digits(pattern))
        return false;
    return csk_number_parse(pattern + (*pattern == ':'), port, &error) == 0 && *port >= 0 &&
           *port <= UINT16_MAX;
}

/* Whether it looks like a name, which no address is, except for a relative path of AF_UNIX: others
 * have more characters. */
static bool is_word(const char *pattern)
{
    return !pattern[strspn(pattern, "-_0123456789abcdefghijklmnopqrstuvwxyz"
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] &&
           !is_digits(pattern);
}

void sockets_check_pattern(const struct cli_state *state, const char *pattern, int family)
{
    const char *slash = *pattern == '/' ? NULL : strchr(pattern, '/');
    static const char *const families[] = { "AF_INET", "AF_INET6" };
    unsigned char bytes[16];
    char network[64];
    struct csk_error error;
    int64_t number;
    int size = -1;

    if (((*pattern == ':' && pattern[1] != ':' && !strpbrk(pattern, "*?[")) ||
         is_digits(pattern)) &&
        !read_port(pattern, &number))
        cli_usage(state, "\"%s\": the port takes a number, 0 to 65535", pattern);
    if (!*pattern)
        cli_usage(state, "an ADDRESS is empty");
    if (is_word(pattern) && family != (int)csk_constant_find("AF_UNIX")->value)
        cli_usage(state,
                  "\"%s\" is not an address: a host is a numeric one; \"*%s*\" is a pattern, and "
                  "--family=unix %s a relative path",
                  pattern, pattern, pattern);
    if (!slash || strpbrk(pattern, "*?[@"))
        return;
    snprintf(network, sizeof network, "%.*s", (int)(slash - pattern), pattern);
    for (size_t i = 0; i < 2 && size < 0; i++)
        size = csk_inet_pton((int)csk_constant_find(families[i])->value, network, bytes, &error);
    if (size > 0 &&
        (csk_number_parse(slash + 1, &number, &error) < 0 || number < 0 || number > size * 8))
        cli_usage(state, "\"%s\": the number of bits takes a number, 0 to %d", pattern, size * 8);
}

bool sockets_address_matches(const struct csk_addr *addr, const char *pattern)
{
    char text[CSK_ADDR_TEXT_MAX], host[NI_MAXHOST] = "";
    struct csk_error error;
    int64_t port;

    if (addr->len == 0)
        return false;
    if (read_port(pattern, &port) && (*pattern == ':' || csk_addr_port(addr) == port))
        return csk_addr_port(addr) == port;
    csk_addr_format(addr, text, sizeof text);
    if (!strcmp(text, pattern) || fnmatch(pattern, text, 0) == 0)
        return true;
    if (csk_getnameinfo(addr, NI_NUMERICHOST, NULL, host, sizeof host, NULL, 0, &error) < 0)
        return false;
    if (*pattern != '/' && strchr(pattern, '/'))
        return in_network(addr->sa.sa_family, host, pattern);
    return !strcmp(host, pattern);
}

static void unknown_field(const struct cli_state *state, const char *name)
{
    struct cli_suggestions suggestions = { .word = name };
    const char *field, *meaning;

    for (size_t i = 0; (field = sockets_field_at(i, &meaning)); i++)
        cli_suggest(&suggestions, "", field);
    cli_usage(state, "unknown field \"%s\"%s", name,
              cli_suggestions_text(&suggestions, "`csocket sockets --fields` lists them"));
}

static const char *skip(const char *at)
{
    return at + strspn(at, " \t");
}

/* Numbers are compared numerically, in the notation of the field. */
static void read_number(const struct cli_state *state, struct sockets_term *term)
{
    const struct sockets_field *field = &term->field;
    struct csk_error error = { 0, "" };
    int n = sockets_parse_number(field, term->text, &term->number, &error);

    term->is_number = n == 0;
    if (n < 0 && sockets_is_number(field) && strcmp(term->op, "~"))
        cli_usage(state, "--where: %s%s%s", field->own < 0 ? "" : field->name,
                  field->own < 0 ? "" : ": ", error.text);
}

static bool is_operator(const char *text)
{
    static const char *const operators[] = { "=", "==", "!=", "<", "<=", ">", ">=", "~" };

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (!strcmp(text, operators[i]))
            return true;
    return false;
}

static const char *parse_term(const struct cli_state *state, const char *at,
                              struct sockets_term *term)
{
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)length, at);
    if (length == 0)
        cli_usage(state,
                  "--where: \"%.40s\" does not begin with a field; "
                  "`csocket sockets --fields` lists them",
                  at);
    if (!sockets_find_field(name, &term->field))
        unknown_field(state, name);
    at = skip(at + length);
    length = strspn(at, "<>=!~");
    snprintf(term->op, sizeof term->op, "%.*s", (int)length, at);
    if (length >= sizeof term->op || !is_operator(term->op))
        cli_usage(state, "--where: one of = != < <= > >= ~ must follow \"%s\"", name);
    at = skip(at + length);
    length = strcspn(at, " \t");
    if (length == 0)
        cli_usage(state, "--where: the value of \"%s\" is missing", name);
    snprintf(term->text, sizeof term->text, "%.*s", (int)length, at);
    read_number(state, term);
    return skip(at + length);
}

void sockets_parse_where(const struct cli_state *state, const char *text,
                         struct sockets_term terms[SOCKETS_TERMS], size_t *count)
{
    const char *at = skip(text);
    bool alternative = false;

    for (bool first = true;; first = false) {
        if (*count == SOCKETS_TERMS)
            cli_usage(state, "--where takes at most %d conditions", SOCKETS_TERMS);
        terms[*count].begins_condition = first;
        terms[*count].begins_alternative = alternative;
        at = parse_term(state, at, &terms[(*count)++]);
        if (!*at)
            return;
        alternative = !strncasecmp(at, "or ", 3);
        if (!alternative && strncasecmp(at, "and ", 4))
            cli_usage(state, "--where: \"and\" or \"or\" is expected, not \"%s\"", at);
        at = skip(at + (alternative ? 3 : 4));
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

/* A name, alone or after a prefix such as "AF_". */
static bool same_name(const char *text, const char *word)
{
    const char *after = strchr(text, '_');

    return !strcasecmp(text, word) || (after && !strcasecmp(after + 1, word));
}

static bool term_holds(const struct cli_sock *sock, const struct cli_owners *owners,
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

bool sockets_holds(const struct cli_sock *sock, const struct cli_owners *owners,
                   const struct sockets_term *terms, size_t count)
{
    bool all = true;  /* of the terms joined by "and" */
    bool any = false; /* of the preceding alternatives */

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && terms[i].begins_condition && !any && !all)
            return false;
        if (terms[i].begins_condition)
            any = false;
        else if (terms[i].begins_alternative)
            any = any || all;
        if (terms[i].begins_condition || terms[i].begins_alternative)
            all = true;
        all = all && term_holds(sock, owners, &terms[i]);
    }
    return any || all;
}
