/* The host, service and protocol databases with reentrant calls in the form of glibc. */
#include "platform.h"
#include "sys.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* /etc/hosts may hold long lines, and DNS many addresses: the space grows while a call reports
 * ERANGE. */
#define SPACE_FIRST 1024
#define SPACE_LAST (1 << 20)

/* A query, and the place of its result. */
struct query {
    const void *key; /* a name, or the bytes of an address */
    int number;      /* a port, or the address's family */
    socklen_t len;
    const char *proto;
    union {
        struct hostent host;
        struct servent service;
        struct protoent proto;
    } answer;
    bool found;
    int herror;
    char *data;
    size_t size;
    union {
        max_align_t align;
        char data[SPACE_FIRST];
    } first;
};

static int query_host_by_name(struct query *q)
{
    struct hostent *found = NULL;
    int error = cski_sys(gethostbyname_r)(q->key, &q->answer.host, q->data, q->size, &found,
                                          &q->herror);

    q->found = found != NULL;
    return error;
}

static int query_host_by_addr(struct query *q)
{
    struct hostent *found = NULL;
    int error = cski_sys(gethostbyaddr_r)(q->key, q->len, q->number, &q->answer.host, q->data,
                                          q->size, &found, &q->herror);

    q->found = found != NULL;
    return error;
}

static int query_service_by_name(struct query *q)
{
    struct servent *found = NULL;
    int error = cski_sys(getservbyname_r)(q->key, q->proto, &q->answer.service, q->data, q->size,
                                          &found);

    q->found = found != NULL;
    return error;
}

static int query_service_by_port(struct query *q)
{
    struct servent *found = NULL;
    int error = cski_sys(getservbyport_r)(htons((uint16_t)q->number), q->proto, &q->answer.service,
                                          q->data, q->size, &found);

    q->found = found != NULL;
    return error;
}

static int query_protocol_by_name(struct query *q)
{
    struct protoent *found = NULL;
    int error = cski_sys(getprotobyname_r)(q->key, &q->answer.proto, q->data, q->size, &found);

    q->found = found != NULL;
    return error;
}

static void free_query(struct query *q)
{
    if (q->data != q->first.data)
        cski_sys(free)(q->data);
    q->data = q->first.data;
}

/* 0: there is an answer.  Else an errno; ENOENT where the database just has no such entry. */
static int run(struct query *q, int (*ask)(struct query *q))
{
    size_t size = sizeof q->first;
    int error;

    q->data = q->first.data;
    q->size = size;
    while ((error = ask(q)) == ERANGE) {
        free_query(q);
        size *= 2;
        if (size > SPACE_LAST || !(q->data = cski_sys(malloc)(size))) {
            q->data = q->first.data;
            return ENOMEM;
        }
        q->size = size;
    }
    if (q->found)
        return 0;
    return error ? error : ENOENT;
}

static int host(struct query *q, int (*ask)(struct query *q), cski_host_fn *use, void *arg)
{
    int error = run(q, ask), n;

    if (error == 0)
        n = use(&q->answer.host, arg);
    else if (error == ENOMEM)
        n = -ENOMEM;
    else if (q->herror > 0) /* not NETDB_INTERNAL, whose reason is the errno */
        n = q->herror;
    else
        n = error == ENOENT ? HOST_NOT_FOUND : -error;
    free_query(q);
    return n;
}

int cski_os_hostbyname(const char *name, cski_host_fn *use, void *arg)
{
    struct query q;

    q.key = name;
    q.herror = 0;
    return host(&q, query_host_by_name, use, arg);
}

int cski_os_hostbyaddr(const void *addr, socklen_t len, int family, cski_host_fn *use, void *arg)
{
    struct query q;

    q.key = addr;
    q.len = len;
    q.number = family;
    q.herror = 0;
    return host(&q, query_host_by_addr, use, arg);
}

int cski_os_servbyname(const char *name, const char *proto)
{
    struct query q;
    int n;

    q.key = name;
    q.proto = proto;
    n = -run(&q, query_service_by_name);
    if (n == 0)
        n = ntohs((uint16_t)q.answer.service.s_port);
    free_query(&q);
    return n;
}

int cski_os_servbyport(int port, const char *proto, cski_name_fn *use, void *arg)
{
    struct query q;
    int n;

    q.number = port;
    q.proto = proto;
    n = -run(&q, query_service_by_port);
    if (n == 0)
        n = use(q.answer.service.s_name, arg);
    free_query(&q);
    return n;
}

int cski_os_protobyname(const char *name)
{
    struct query q;
    int n;

    q.key = name;
    n = -run(&q, query_protocol_by_name);
    if (n == 0)
        n = q.answer.proto.p_proto;
    free_query(&q);
    return n;
}
