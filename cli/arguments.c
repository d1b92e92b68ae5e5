/* Arguments of several commands. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

int64_t cli_time(const struct cli_state *state, const char *option, const char *text)
{
    struct csk_error error;
    int64_t ns;

    if (csk_time_parse(text, CSK_SECOND, &ns, &error) < 0 || ns < 0)
        cli_usage(state, "--%s takes a time, such as 1.5, 250ms or 2min, not \"%s\"", option, text);
    return ns;
}

int64_t cli_limit(const struct cli_state *state, const char *option, const char *text)
{
    int64_t ns = cli_time(state, option, text);

    if (ns == 0)
        cli_usage(state, "--%s=0 would expire before any peer can answer", option);
    return ns;
}

int64_t cli_number(const struct cli_state *state, const char *option, const char *text, int64_t min,
                   int64_t max)
{
    struct csk_error error;
    int64_t number;

    if (csk_number_parse(text, &number, &error) < 0 || number < min || number > max)
        cli_usage(state, "--%s takes a number, %lld to %lld, not \"%s\"", option, (long long)min,
                  (long long)max, text);
    return number;
}

int64_t cli_size(const struct cli_state *state, const char *option, const char *text, int64_t max)
{
    struct csk_error error;
    int64_t size;

    if (csk_size_parse(text, &size, &error) < 0 || size < 1 || size > max)
        cli_usage(state, "--%s takes a size, 1 to %lld bytes, such as 64K, not \"%s\"", option,
                  (long long)max, text);
    return size;
}

static const struct csk_constant *find_in(const char *group, const char *text)
{
    const struct csk_constant *c;
    size_t skip = strlen(group) + 1;

    for (size_t i = 0; (c = csk_constant_at(group, i)); i++)
        if (!strcasecmp(c->name, text) ||
            (strlen(c->name) > skip && !strcasecmp(c->name + skip, text)))
            return c;
    return NULL;
}

/* Constants of a group with names similar to the word. */
static struct cli_suggestions *suggest_in(struct cli_suggestions *suggestions, const char *group)
{
    const struct csk_constant *c;
    char prefix[32];

    snprintf(prefix, sizeof prefix, "%s_", group);
    for (size_t i = 0; (c = csk_constant_at(group, i)); i++)
        cli_suggest(suggestions, prefix, c->name);
    return suggestions;
}

int cli_constant(const struct cli_state *state, const char *group, const char *text)
{
    const struct csk_constant *c = find_in(group, text);
    struct cli_suggestions suggestions = { .word = text };
    struct csk_error error;
    int64_t number;

    if (c)
        return (int)c->value;
    /* Protocols of families other than the internet's are in separate groups. */
    if (!strcmp(group, "IPPROTO") && (c = csk_constant_find(text)) && !c->text)
        return (int)c->value;
    if (csk_number_parse(text, &number, &error) < 0 || number < 0 || number > INT32_MAX)
        cli_usage(state, "\"%s\" is neither a number nor a name %s_...%s", text, group,
                  cli_suggestions_text(suggest_in(&suggestions, group), NULL));
    return (int)number;
}

const char *cli_constant_name(const char *group, int64_t value, char *text, size_t size)
{
    const struct csk_constant *c = csk_constant_by_value(group, value);

    if (c)
        return c->name;
    snprintf(text, size, "%lld", (long long)value);
    return text;
}

void cli_kind_parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_kind *kind = input;

    switch (key) {
    case '4': kind->family = AF_INET; break;
    case '6': kind->family = AF_INET6; break;
    case 'f': kind->family = cli_constant(state, "AF", value); break;
    case 'y': kind->type = cli_constant(state, "SOCK", value); break;
    case 'u': kind->type = SOCK_DGRAM; break;
    default: kind->proto = cli_constant(state, "IPPROTO", value); kind->has_proto = true;
    }
}

const struct cli_arg cli_kind_args[] = {
    { "ipv4", '4', NULL, false, CLI_WORDS_NONE, "Use only IPv4: --family=AF_INET" },
    { "ipv6", '6', NULL, false, CLI_WORDS_NONE, "Use only IPv6: --family=AF_INET6" },
    { "udp", 'u', NULL, false, CLI_WORDS_NONE, "Use datagrams: --type=SOCK_DGRAM" },
    { "family", 'f', "FAMILY", false, CLI_WORDS_FAMILY, "Address family: AF_INET6, unix, 40" },
    { "type", 'y', "TYPE", false, CLI_WORDS_TYPE, "Socket type: SOCK_DGRAM, seqpacket, 1" },
    { "protocol", 'p', "PROTOCOL", false, CLI_WORDS_PROTOCOL, "Protocol: IPPROTO_MPTCP, sctp, 6" },
    { 0 },
};

const char *cli_split_setting(const char *text, char *name, size_t size)
{
    size_t length = strcspn(text, "=");

    snprintf(name, size, "%.*s", (int)length, text);
    return text[length] ? text + length + 1 : text + length;
}

const struct csk_option *cli_option(const struct cli_state *state, const char *name)
{
    const struct csk_option *option = csk_option_find(name, AF_UNSPEC);
    const struct csk_option *suggestions[CSK_OPTION_SUGGESTIONS_MAX];
    size_t count = option ? 0 : csk_option_suggest(name, suggestions, CSK_OPTION_SUGGESTIONS_MAX);
    char names[128] = "";

    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(names);

        snprintf(names + used, sizeof names - used, "%s%s", i ? " or " : "",
                 csk_option_name(suggestions[i]));
    }
    if (count)
        cli_usage(state, "unknown socket option \"%s\"; did you mean %s?", name, names);
    if (!option)
        cli_usage(state, "unknown socket option \"%s\"; `csocket options` lists them", name);
    return option;
}

void cli_setting_check(const struct cli_state *state, const char *text)
{
    struct csk_error error = { 0, "" };
    char name[80], bytes[CSK_OPTION_SIZE];
    const char *value = cli_split_setting(text, name, sizeof name);
    const struct csk_option *option = cli_option(state, name);
    int n;

    n = csk_option_parse(option, CSK_OPTION_SET, value, bytes, sizeof bytes, &error);
    if (n == CSK_EOPTVALUE || n == CSK_EOPTION)
        cli_usage(state, "%s", error.text);
}

int cli_setting_apply(struct csk_socket *s, const char *text, struct csk_error *error)
{
    char name[80];
    const char *value = cli_split_setting(text, name, sizeof name);

    return csk_option_set(s, name, value, error);
}

int cli_settings_apply(struct csk_socket *s, const struct csk_addr *addr, void *context)
{
    struct cli_settings *settings = context;
    int n = 0;

    (void)addr;
    for (size_t i = 0; i < settings->count && n == 0; i++)
        n = cli_setting_apply(s, settings->text[i], &settings->error);
    return n;
}

void cli_settings_parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_settings *settings = input;

    (void)key;
    if (settings->count == CLI_SETTINGS_MAX)
        cli_usage(state, "at most %d socket options can be set", CLI_SETTINGS_MAX);
    cli_setting_check(state, value);
    settings->text[settings->count++] = value;
}

const struct cli_arg cli_settings_args[] = {
    { "option", 'o', "NAME=VALUE", false, CLI_WORDS_SETTING,
      "Set a socket option before the socket is bound or connected: TCP_NODELAY=on, "
      "'SO_LINGER=on 5s'. May be repeated" },
    { 0 },
};
