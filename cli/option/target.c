/* csocket options: the choice of the socket. */
#include "option/options.h"
#include "platform/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIPTORS 4096

/* Whether a kind of socket has every requested option. */
static bool has_options(const struct options_arguments *a, const struct cli_kind *kind)
{
    const struct csk_option *option;
    char name[80];

    if (a->watch)
        return csk_option_fits(a->watch, kind->family, kind->type, kind->proto);
    for (size_t i = 0; i < a->job_count; i++) {
        cli_split_setting(a->jobs[i].text, name, sizeof name);
        option = csk_option_find(name, kind->family); /* not found: it is "all" */
        if (option && !csk_option_fits(option, kind->family, kind->type, kind->proto))
            return false;
    }
    return true;
}

/* The first kind of socket that has the options, beginning with the usual kinds. */
static void choose_socket_kind(const struct options_arguments *a, struct cli_kind *kind)
{
    static const int usual[] = { AF_INET, AF_INET6, AF_UNIX };
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW };
    const size_t usual_count = sizeof usual / sizeof *usual;

    for (size_t i = 0; i < usual_count || csk_family_at(i - usual_count); i++)
        for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
            const struct csk_family *family = i < usual_count ? NULL
                                                              : csk_family_at(i - usual_count);
            struct cli_kind try = *kind;

            if (!try.family)
                try.family = family ? csk_family_number(family) : usual[i];
            if (!try.type)
                try.type = types[k];
            if (!try.has_proto && family && csk_family_proto(family) != CSK_ANY_PROTO)
                try.proto = csk_family_proto(family);
            if (has_options(a, &try)) {
                *kind = try;
                return;
            }
        }
}

/* A socket that is opened only for its options. */
static int open_unconnected(const struct options_arguments *a, struct csk_socket *s)
{
    struct cli_kind kind = a->kind;
    char family[24], type[24];
    int n;

    choose_socket_kind(a, &kind);
    if (!kind.family)
        kind.family = AF_INET;
    if (!kind.type)
        kind.type = SOCK_STREAM;
    n = csk_socket(s, kind.family, kind.type, kind.proto);
    if (n < 0)
        return cli_failed(n, NULL, "open a socket (%s, %s, %d)",
                          cli_constant_name("AF", kind.family, family, sizeof family),
                          cli_constant_name("SOCK", kind.type, type, sizeof type), kind.proto);
    return CLI_OK;
}

static int open_connection(const struct options_arguments *a, struct csk_socket *s)
{
    struct csk_error error = { 0, "" };
    struct csk_connection_options options = {
        .family = a->kind.family,
        .type = a->kind.type,
        .proto = a->kind.proto,
        .timeout = a->timeout,
        .total_timeout = a->timeout,
        .happy_eyeballs_delay = -1,
    };
    int n = csk_create_connection(s, a->words[0], &options, &error);

    return n < 0 ? cli_failed(n, &error, "%s", a->words[0]) : CLI_OK;
}

static int process_failed(int64_t pid, int code)
{
    char message[CSK_ERROR_TEXT_MAX];

    if (!cli_platform_has_pidfd())
        return cli_error("process %lld: this system does not give away the descriptors of other "
                         "processes",
                         (long long)pid);
    if (code == -EPERM || code == -EACCES)
        return cli_error("process %lld: %s: you may not trace it (see ptrace(2): another user's "
                         "process, or kernel.yama.ptrace_scope)",
                         (long long)pid, csk_strerror(code, message, sizeof message));
    return cli_failed(code, NULL, "process %lld", (long long)pid);
}

static int open_descriptor(const struct options_arguments *a, struct csk_socket *s)
{
    int fd = a->fd, n;

    if (a->pid < 0) { /* our own, which stays open */
        n = csk_fromfd(s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);
        return n < 0 ? cli_failed(n, NULL, "descriptor %d", a->fd) : CLI_OK;
    }
    fd = cli_platform_pid_fd(a->pid, a->fd);
    if (fd == -EBADF)
        return cli_failed(fd, NULL, "process %lld, descriptor %d", (long long)a->pid, a->fd);
    if (fd < 0)
        return process_failed(a->pid, fd);
    if ((n = csk_adopt(s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT)) < 0) {
        csk_close_fd(fd);
        return cli_failed(n, NULL, "process %lld, descriptor %d", (long long)a->pid, a->fd);
    }
    return CLI_OK;
}

int options_open(const struct options_arguments *a, struct csk_socket *s)
{
    if (a->fd >= 0)
        return open_descriptor(a, s);
    if (a->word_count > 0)
        return open_connection(a, s);
    return open_unconnected(a, s);
}

static void add(struct cli_table *table, int fd, const struct csk_socket *s)
{
    char number[12], family[24], type[24], proto[24];
    char local[CSK_ADDR_TEXT_MAX] = "", peer[CSK_ADDR_TEXT_MAX] = "";
    const char *cells[] = { number, NULL, NULL, NULL, local, peer };
    struct csk_addr addr;

    snprintf(number, sizeof number, "%d", fd);
    cells[1] = cli_constant_name("AF", s->family, family, sizeof family);
    cells[2] = cli_constant_name("SOCK", s->type, type, sizeof type);
    /* Numbers of protocols have names only in the internet families. */
    if (s->family == AF_INET || s->family == AF_INET6)
        cells[3] = cli_constant_name("IPPROTO", s->proto, proto, sizeof proto);
    else
        snprintf(proto, sizeof proto, "%d", s->proto);
    if (!cells[3])
        cells[3] = proto;
    if (csk_getsockname(s, &addr) == 0)
        csk_addr_format(&addr, local, sizeof local);
    if (csk_getpeername(s, &addr) == 0)
        csk_addr_format(&addr, peer, sizeof peer);
    cli_table_row(table, cells);
}

static int add_all(const struct options_arguments *a, struct cli_table *table, const int *fds,
                   int count)
{
    struct csk_socket s;

    for (int i = 0; i < count; i++) {
        int fd = cli_platform_pid_fd(a->pid, fds[i]), n;

        if (fd == -EBADF) /* closed in the meantime */
            continue;
        if (fd < 0)
            return process_failed(a->pid, fd);
        if ((n = csk_adopt(&s, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT)) < 0) {
            csk_close_fd(fd);
            if (n != -ENOTSOCK && n != -EBADF) /* otherwise: a file, perhaps of O_PATH */
                cli_failed(n, NULL, "process %lld, descriptor %d", (long long)a->pid, fds[i]);
            continue;
        }
        add(table, fds[i], &s);
        csk_close(&s);
    }
    return CLI_OK;
}

int options_sockets(const struct options_arguments *a)
{
    static const struct cli_column columns[] = {
        { "FD", CLI_NUMBER },     { "FAMILY", CLI_TEXT }, { "TYPE", CLI_TEXT },
        { "PROTOCOL", CLI_TEXT }, { "LOCAL", CLI_TEXT },  { "PEER", CLI_TEXT },
    };
    int *fds = cli_alloc(DESCRIPTORS * sizeof *fds);
    int count = cli_platform_pid_fds(a->pid, fds, DESCRIPTORS), status;
    struct cli_table *table = cli_table(&a->format, "sockets", columns, 6);

    if (count < 0)
        status = process_failed(a->pid, count);
    else
        status = add_all(a, table, fds, count < DESCRIPTORS ? count : DESCRIPTORS);
    free(fds);
    if (status != CLI_OK) {
        cli_table_free(table);
        return status;
    }
    return cli_table_print(table);
}
