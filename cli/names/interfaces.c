/* csocket interfaces: the network interfaces and their addresses. */
#include "cli.h"

#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli_format format;
    int family;
    const char *name;
};

static void parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct arguments *a = input;

    switch (key) {
    case '4': a->family = AF_INET; break;
    case '6': a->family = AF_INET6; break;
    default: a->family = cli_constant(state, "AF", value);
    }
}

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    if (a->name)
        cli_usage(state, "only one NAME is accepted: \"%s\" is the second", word);
    a->name = word;
}

static const struct cli_arg args[] = {
    { "ipv4", '4', NULL, false, CLI_WORDS_NONE, "Only IPv4 addresses" },
    { "ipv6", '6', NULL, false, CLI_WORDS_NONE, "Only IPv6 addresses" },
    { "family", 'f', "FAMILY", false, CLI_WORDS_FAMILY, "Only addresses of this family" },
    { 0 },
};

static const struct cli_group groups[] = {
    { "", args, parse, 0 },
    { "Output:", cli_format_args, cli_format_parse, offsetof(struct arguments, format) },
    { 0 },
};

static const char *const usages[] = { "[NAME]", NULL };

static const struct cli_example examples[] = {
    { "csocket interfaces", "List all interfaces and their addresses" },
    { "csocket interfaces --ipv6 --json lo", "Print the IPv6 addresses of an interface as JSON" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "List the network interfaces, or the interface NAME, and their addresses.",
    .examples = examples,
    .groups = groups,
    .operand = operand,
    .words = { CLI_WORDS_INTERFACE },
};

static const struct cli_column columns[] = {
    { "INDEX", CLI_NUMBER }, { "NAME", CLI_TEXT },     { "FAMILY", CLI_TEXT },
    { "ADDRESS", CLI_TEXT }, { "PREFIX", CLI_NUMBER }, { "BROADCAST", CLI_TEXT },
    { "FLAGS", CLI_LIST },
};

/* The names of all bits, in lower case and without IFF_; a bit without a name as a number. */
static const char *write_flags(unsigned flags, char *text, size_t size)
{
    const struct csk_constant *c;
    size_t used = 0;

    *text = 0;
    for (size_t i = 0; (c = csk_constant_at("IFF", i)) && used < size; i++) {
        if (!(flags & (unsigned)c->value))
            continue;
        flags &= ~(unsigned)c->value;
        used += (size_t)snprintf(text + used, size - used, "%s", used ? "," : "");
        for (const char *name = c->name + strlen("IFF_"); *name && used + 1 < size; name++)
            text[used++] = (char)tolower((unsigned char)*name);
        text[used < size ? used : size - 1] = 0;
    }
    if (flags && used < size)
        snprintf(text + used, size - used, "%s%#x", used ? "," : "", flags);
    return text;
}

/* The bytes of a link's address without the name of its interface: "52:54:00:12:34:56". */
static bool write_bytes(const struct csk_addr *addr, char *text, size_t size)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char room[CSK_ADDR_TEXT_MAX];
    int n = csk_addr_unpack(addr, values, room);
    size_t used = 0;

    if (n < 1 || values[n - 1].kind != CSK_VALUE_BYTES || values[n - 1].size == 0)
        return false;
    for (size_t i = 0; i < values[n - 1].size && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%02x", i ? ":" : "",
                                 (unsigned char)values[n - 1].data[i]);
    return true;
}

/* The host alone if the family has hosts and ports, otherwise the whole address. */
static const char *write_host(const struct csk_addr *addr, char *text, size_t size)
{
    if (addr->len == 0)
        return NULL;
    if (csk_getnameinfo(addr, NI_NUMERICHOST, NULL, text, size, NULL, 0, NULL) == 0 ||
        write_bytes(addr, text, size))
        return text;
    return csk_addr_format(addr, text, size);
}

/* The number of bits of the network in an address. */
static const char *write_prefix(const struct csk_ifaddr *entry, char *text, size_t size)
{
    struct csk_addr mask = entry->netmask;
    char host[CSK_ADDR_TEXT_MAX];
    unsigned char bytes[16];
    unsigned bits = 0;
    int n;

    mask.sa.sa_family = entry->addr.sa.sa_family; /* which is 0 on some systems */
    if (!write_host(&mask, host, sizeof host) ||
        (n = csk_inet_pton(mask.sa.sa_family, host, bytes, NULL)) < 0)
        return NULL;
    while (bits < (unsigned)n * 8 && bytes[bits / 8] & 0x80 >> bits % 8)
        bits++;
    snprintf(text, size, "%u", bits);
    return text;
}

static void add(struct cli_table *table, const struct csk_ifaddr *entry)
{
    char index[12], family[24], host[CSK_ADDR_TEXT_MAX], prefix[4], all[CSK_ADDR_TEXT_MAX];
    char flags[256];
    const char *cells[] = { index, entry->name, NULL, NULL, NULL, NULL, NULL };

    snprintf(index, sizeof index, "%u", entry->index);
    if (entry->addr.len > 0) {
        cells[2] = cli_constant_name("AF", entry->addr.sa.sa_family, family, sizeof family);
        cells[3] = write_host(&entry->addr, host, sizeof host);
        cells[4] = write_prefix(entry, prefix, sizeof prefix);
        cells[5] = write_host(&entry->broadcast, all, sizeof all);
    }
    cells[6] = write_flags(entry->flags, flags, sizeof flags);
    cli_table_row(table, cells);
}

/* An interface's addresses, or a line without one if it has none. */
static void add_interface(struct cli_table *table, const struct arguments *a,
                          const struct csk_if *interface, const struct csk_ifaddr *list, int count)
{
    struct csk_ifaddr none = { .index = interface->index };
    bool some = false;

    memcpy(none.name, interface->name, sizeof none.name);
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i].name, interface->name))
            continue;
        none.flags = list[i].flags;
        if (list[i].addr.len == 0)
            continue;
        some = true;
        if (!a->family || a->family == list[i].addr.sa.sa_family)
            add(table, &list[i]);
    }
    if (!some && !a->family)
        add(table, &none);
}

static int run(int argc, char **argv)
{
    struct arguments a = { 0 };
    struct cli_table *table;
    struct csk_ifaddr *list;
    struct csk_if *names;
    struct csk_error error;
    int n, count;

    cli_parse(&syntax, argc, argv, &a);
    if (a.name && (n = csk_if_nametoindex(a.name, &error)) < 0)
        return cli_failed(n, &error, "%s", a.name);
    if ((n = csk_if_nameindex(&names)) < 0 || (count = csk_getifaddrs(&list)) < 0)
        return cli_failed(n < 0 ? n : count, NULL, "interfaces");
    table = cli_table(&a.format, "interfaces", columns, sizeof columns / sizeof *columns);
    for (int i = 0; i < n; i++)
        if (!a.name || !strcmp(a.name, names[i].name))
            add_interface(table, &a, &names[i], list, count);
    csk_if_freenameindex(names);
    csk_freeifaddrs(list);
    return cli_table_print(table);
}

const struct cli_command cli_interfaces = {
    "interfaces",
    "List the network interfaces and their addresses",
    &syntax,
    run,
};
