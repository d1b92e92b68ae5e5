/* csocket sockets: the fields of a socket. */
#include "sockets/sockets.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum own {
    OWN_FAMILY,
    OWN_TYPE,
    OWN_PROTOCOL,
    OWN_STATE,
    OWN_RECVQ,
    OWN_SENDQ,
    OWN_LOCAL,
    OWN_PEER,
    OWN_LOCAL_PORT,
    OWN_PEER_PORT,
    OWN_PROCESS,
    OWN_PID,
    OWN_FD,
    OWN_UID,
    OWN_INODE,
    OWN_COOKIE,
    OWN_INTERFACE,
    OWN_CONGESTION,
};

static const struct {
    const char *name, *meaning;
} own_fields[] = {
    [OWN_FAMILY] = { "family", "address family" },
    [OWN_TYPE] = { "type", "socket type" },
    [OWN_PROTOCOL] = { "protocol", "protocol" },
    [OWN_STATE] = { "state", "state of the connection" },
    [OWN_RECVQ] = { "recvq", "bytes not yet received by the program; connections to accept" },
    [OWN_SENDQ] = { "sendq", "bytes not yet acknowledged; the backlog" },
    [OWN_LOCAL] = { "local", "local address" },
    [OWN_PEER] = { "peer", "address of the peer" },
    [OWN_LOCAL_PORT] = { "local_port", "port of the local address" },
    [OWN_PEER_PORT] = { "peer_port", "port of the peer" },
    [OWN_PROCESS] = { "process", "processes that have the socket open, as NAME/PID" },
    [OWN_PID] = { "pid", "a process that has it" },
    [OWN_FD] = { "fd", "the descriptor in that process, for `csocket options`" },
    [OWN_UID] = { "uid", "user ID of the owner" },
    [OWN_INODE] = { "inode", "inode number" },
    [OWN_COOKIE] = { "cookie", "unique number of the socket" },
    [OWN_INTERFACE] = { "interface", "interface that it is bound to" },
    [OWN_CONGESTION] = { "congestion", "congestion control algorithm" },
};

#define OWN_COUNT (sizeof own_fields / sizeof *own_fields)

static const char *const option_names[] = { "TCP_INFO", "SO_MEMINFO" };

#define OPTION_COUNT (sizeof option_names / sizeof *option_names)

static const struct csk_option *option_at(size_t index)
{
    const struct csk_option *option = csk_option_find(option_names[index], AF_UNSPEC);

    return option && csk_option_layout(option, CSK_OPTION_GET) ? option : NULL;
}

static const struct csk_layout *layout_of(const struct csk_option *option)
{
    return csk_option_layout(option, CSK_OPTION_GET);
}

bool sockets_find_field(const char *name, struct sockets_field *field)
{
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (!strcasecmp(own_fields[i].name, name)) {
            *field = (struct sockets_field){ own_fields[i].name, (int)i, NULL, 0 };
            return true;
        }
    for (size_t k = 0; k < OPTION_COUNT; k++) {
        const struct csk_option *option = option_at(k);

        for (size_t i = 0; option && i < csk_layout_field_count(layout_of(option)); i++) {
            const char *own = csk_field_name(csk_layout_field(layout_of(option), i));

            if (strcasecmp(own, name))
                continue;
            *field = (struct sockets_field){ own, -1, option, (unsigned)i };
            return true;
        }
    }
    return false;
}

/* Whether a field of every socket has this name, which then means that field. */
static bool is_own(const char *name)
{
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (!strcasecmp(own_fields[i].name, name))
            return true;
    return false;
}

const char *sockets_field_at(size_t index, const char **meaning)
{
    *meaning = index < OWN_COUNT ? own_fields[index].meaning : NULL;
    if (index < OWN_COUNT)
        return own_fields[index].name;
    index -= OWN_COUNT;
    for (size_t k = 0; k < OPTION_COUNT; k++) {
        const struct csk_option *option = option_at(k);

        size_t count = option ? csk_layout_field_count(layout_of(option)) : 0;

        if (index < count) {
            const struct csk_field *field = csk_layout_field(layout_of(option), index);

            *meaning = csk_option_name(option);
            return is_own(csk_field_name(field)) ? "" : csk_field_name(field);
        }
        index -= count;
    }
    return NULL;
}

const char *sockets_field_unit(const struct sockets_field *field)
{
    if (field->own == OWN_RECVQ || field->own == OWN_SENDQ)
        return "bytes";
    return field->own >= 0
               ? ""
               : csk_field_unit(csk_layout_field(layout_of(field->option), field->index));
}

bool sockets_is_list(const struct sockets_field *field)
{
    return field->own == OWN_PROCESS;
}

bool sockets_is_number(const struct sockets_field *field)
{
    static const char *const numbers[] = { "recvq", "sendq", "local_port", "peer_port", "pid",
                                           "fd",    "uid",   "inode",      "cookie" };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(field->name, numbers[i]))
            return true;
    if (field->own >= 0)
        return false;
    switch (csk_field_kind(
        csk_layout_field(csk_option_layout(field->option, CSK_OPTION_GET), field->index))) {
    case CSK_FIELD_BOOL:
    case CSK_FIELD_INT:
    case CSK_FIELD_UINT:
    case CSK_FIELD_TIME: return strcmp(field->name, "state") != 0;
    default: return false;
    }
}

int sockets_parse_number(const struct sockets_field *field, const char *text, int64_t *number,
                         struct csk_error *error)
{
    struct csk_value value = { .kind = CSK_VALUE_TEXT, .data = text, .size = strlen(text) };
    char bytes[CSK_OPTION_SIZE] = { 0 }, room[CSK_VALUE_TEXT_MAX];
    const struct csk_layout *layout;
    size_t count;
    int n;

    if (field->own == OWN_RECVQ || field->own == OWN_SENDQ)
        return csk_size_parse(text, number, error);
    if (field->own >= 0)
        return csk_number_parse(text, number, error);
    layout = layout_of(field->option);
    count = csk_layout_size(layout);
    n = csk_layout_set(layout, field->index, 0, bytes, sizeof bytes, &count, &value, error);
    if (n < 0)
        return n;
    csk_layout_get(layout, field->index, 0, bytes, count, &value, room);
    *number = value.kind == CSK_VALUE_UINT && value.u > INT64_MAX ? INT64_MAX : value.i;
    return 0;
}

bool sockets_needs_owners(const struct sockets_field *field)
{
    return field->own == OWN_PROCESS || field->own == OWN_PID || field->own == OWN_FD;
}

const char *sockets_state_name(int state)
{
    const struct csk_option *option = option_at(0);
    int index = option ? csk_layout_find(layout_of(option), "state") : -1;
    const char *name;
    uint64_t number;

    if (index < 0)
        return "";
    for (size_t i = 0; (name = csk_field_value_name(
                            csk_layout_field(layout_of(option), (size_t)index), i, &number));
         i++)
        if (number == (uint64_t)state)
            return name + strlen("TCP_");
    return "";
}

static void set_number(struct sockets_value *value, int64_t number)
{
    value->exists = value->is_number = true;
    value->number = number;
    snprintf(value->text, sizeof value->text, "%lld", (long long)number);
}

static void set_text(struct sockets_value *value, const char *text)
{
    value->exists = *text != '\0';
    snprintf(value->text, sizeof value->text, "%s", text);
}

static void set_port(struct sockets_value *value, const struct csk_addr *addr)
{
    int64_t port = addr->len ? csk_addr_port(addr) : -1;

    if (port >= 0)
        set_number(value, port);
}

static void set_address(struct sockets_value *value, const struct csk_addr *addr)
{
    char text[CSK_ADDR_TEXT_MAX];

    if (addr->len)
        set_text(value, csk_addr_format(addr, text, sizeof text));
}

static void set_processes(struct sockets_value *value, const struct cli_owners *owners,
                          uint64_t inode)
{
    const struct cli_owner *owner;
    size_t used = 0;

    for (size_t i = 0; (owner = cli_owner_at(owners, inode, i)) && used < SOCKETS_TEXT; i++) {
        used += (size_t)snprintf(value->text + used, SOCKETS_TEXT - used, "%s%s/%lld", i ? "," : "",
                                 owner->name, (long long)owner->pid);
        value->exists = true;
    }
}

static void get_own(const struct cli_sock *sock, const struct cli_owners *owners, enum own own,
                    struct sockets_value *value)
{
    const struct cli_owner *owner = cli_owner_at(owners, sock->inode, 0);
    char text[CSK_ADDR_TEXT_MAX] = "";

    switch (own) {
    case OWN_FAMILY:
        set_text(value, cli_constant_name("AF", sock->family, text, sizeof text));
        break;
    case OWN_TYPE: set_text(value, cli_constant_name("SOCK", sock->type, text, sizeof text)); break;
    case OWN_PROTOCOL:
        if (sock->protocols)
            set_text(value, cli_constant_name(sock->protocols, sock->proto, text, sizeof text));
        else
            set_number(value, sock->proto);
        break;
    case OWN_STATE: set_text(value, sockets_state_name(sock->state)); break;
    case OWN_RECVQ:
    case OWN_SENDQ:
        if (sock->has_queues)
            set_number(value, own == OWN_RECVQ ? sock->receive_queue : sock->send_queue);
        break;
    case OWN_LOCAL: set_address(value, &sock->local); break;
    case OWN_PEER: set_address(value, &sock->peer); break;
    case OWN_LOCAL_PORT: set_port(value, &sock->local); break;
    case OWN_PEER_PORT: set_port(value, &sock->peer); break;
    case OWN_PROCESS: set_processes(value, owners, sock->inode); break;
    case OWN_PID:
    case OWN_FD:
        if (owner)
            set_number(value, own == OWN_PID ? owner->pid : owner->fd);
        break;
    case OWN_UID:
        if (sock->has_uid)
            set_number(value, sock->uid);
        break;
    case OWN_INODE: set_number(value, (int64_t)sock->inode); break;
    case OWN_COOKIE: set_number(value, (int64_t)sock->cookie); break;
    case OWN_INTERFACE:
        if (sock->interface && csk_if_indextoname(sock->interface, text, NULL) == 0)
            set_text(value, text);
        break;
    case OWN_CONGESTION: set_text(value, sock->congestion); break;
    }
}

static void get_option(const struct cli_sock *sock, const struct sockets_field *field,
                       struct sockets_value *value)
{
    bool info = field->option == option_at(0);
    const void *bytes = info ? sock->info : sock->memory;
    size_t size = info ? sock->info_size : sock->memory_size;
    struct csk_value raw = { .kind = CSK_VALUE_NONE };
    char text[CSK_ADDR_TEXT_MAX];

    if (!bytes)
        return;
    csk_layout_get(layout_of(field->option), field->index, 0, bytes, size, &raw, text);
    if (raw.kind == CSK_VALUE_NONE)
        return;
    csk_layout_format_field(layout_of(field->option), field->index, 0, bytes, size, value->text,
                            sizeof value->text);
    value->exists = true;
    value->is_number = raw.kind == CSK_VALUE_INT || raw.kind == CSK_VALUE_UINT;
    value->number = raw.kind == CSK_VALUE_INT ? raw.i
                    : raw.u > INT64_MAX       ? INT64_MAX
                                              : (int64_t)raw.u;
}

void sockets_get(const struct cli_sock *sock, const struct cli_owners *owners,
                 const struct sockets_field *field, struct sockets_value *value)
{
    value->exists = value->is_number = false;
    value->text[0] = '\0';
    if (field->own >= 0)
        get_own(sock, owners, (enum own)field->own, value);
    else
        get_option(sock, field, value);
}
