/* Failing system calls in functions for names and addresses, and in those that open sockets by
 * name. */
#include "fault.h"
#include "nameserver.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static int64_t run_getaddrinfo(struct world *w)
{
    return csk_getaddrinfo("127.0.0.1", "80", 0, SOCK_STREAM, 0, 0, NULL, &w->infos, NULL);
}

static int64_t run_getaddrinfo_by_the_resolver(struct world *w)
{
    return csk_getaddrinfo("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, NULL, &w->infos, NULL);
}

static void check_getaddrinfo(struct world *w, int64_t result)
{
    if (result < 0)
        assert_null(w->infos);
    else
        assert_int_equal(w->infos[0].addr.sa.sa_family, AF_INET);
}

OPERATION(getaddrinfo_handles_errors, .run = run_getaddrinfo, .check = check_getaddrinfo)
OPERATION(getaddrinfo_by_the_resolver_handles_errors, .run = run_getaddrinfo_by_the_resolver,
          .check = check_getaddrinfo)

static int64_t run_if_nameindex(struct world *w)
{
    return csk_if_nameindex(&w->ifs);
}

static int64_t run_getifaddrs(struct world *w)
{
    return csk_getifaddrs(&w->ifaddrs);
}

static void check_lists(struct world *w, int64_t result)
{
    if (result < 0) {
        assert_null(w->ifs);
        assert_null(w->ifaddrs);
    }
}

OPERATION(if_nameindex_handles_errors, .run = run_if_nameindex, .check = check_lists)
/* An interface that is removed before the lookup has no index. */
OPERATION(getifaddrs_handles_errors, .run = run_getifaddrs, .check = check_lists,
          .other_errors = true)

static int64_t run_getaddrinfo_numeric(struct world *w)
{
    return csk_getaddrinfo_numeric("127.0.0.1", "80", 0, SOCK_STREAM, 0, 0, &w->infos, NULL);
}

OPERATION(getaddrinfo_numeric_handles_errors, .run = run_getaddrinfo_numeric,
          .check = check_getaddrinfo)

static int64_t run_if_nametoindex(struct world *w)
{
    (void)w;
    return csk_if_nametoindex("lo", NULL);
}

static int64_t run_if_indextoname(struct world *w)
{
    return csk_if_indextoname(1, w->data, NULL);
}

/* A missing interface gives CSK_EINTERFACE. */
OPERATION(if_nametoindex_handles_errors, .run = run_if_nametoindex, .other_errors = true)
OPERATION(if_indextoname_handles_errors, .run = run_if_indextoname)

static int64_t run_sethostname(struct world *w)
{
    (void)w;
    return csk_sethostname("other", 5, NULL);
}

OPERATION(sethostname_handles_errors, .run = run_sethostname)

static int64_t run_gethostname(struct world *w)
{
    char name[256];

    (void)w;
    return csk_gethostname(name, sizeof name);
}

OPERATION(gethostname_handles_errors, .run = run_gethostname)

static int64_t run_gethostbyname(struct world *w)
{
    return csk_gethostbyname("localhost", NULL, w->data, NULL);
}

static int64_t run_gethostbyname_ex(struct world *w)
{
    return csk_gethostbyname_ex("localhost", NULL, &w->host, NULL);
}

static int64_t run_gethostbyaddr(struct world *w)
{
    return csk_gethostbyaddr("127.0.0.1", NULL, &w->host, NULL);
}

static void check_host(struct world *w, int64_t result)
{
    assert_int_equal(!w->host, result < 0);
}

OPERATION(gethostbyname_handles_errors, .run = run_gethostbyname)
OPERATION(gethostbyname_ex_handles_errors, .run = run_gethostbyname_ex, .check = check_host)
OPERATION(gethostbyaddr_handles_errors, .run = run_gethostbyaddr, .check = check_host)

static int64_t run_getfqdn(struct world *w)
{
    return csk_getfqdn(NULL, NULL, w->data, sizeof w->data, NULL);
}

/* A machine whose name is not in any database keeps its name. */
OPERATION(getfqdn_handles_errors, .run = run_getfqdn, .other_errors = true)

/* The databases are files of Debian's package netbase, without which the answer is "unknown". */
static void need_databases(struct world *w)
{
    (void)w;
    if (csk_getservbyname("http", "tcp", NULL) < 0 || csk_getprotobyname("tcp", NULL) < 0)
        test_skip("/etc/services or /etc/protocols is not there (Debian: netbase)");
}

static int64_t run_getservbyname(struct world *w)
{
    (void)w;
    return csk_getservbyname("http", "tcp", NULL);
}

static int64_t run_getservbyport(struct world *w)
{
    return csk_getservbyport(80, "tcp", w->data, sizeof w->data, NULL);
}

static int64_t run_getprotobyname(struct world *w)
{
    (void)w;
    return csk_getprotobyname("tcp", NULL);
}

OPERATION(getservbyname_handles_errors, .prepare = need_databases, .run = run_getservbyname)
OPERATION(getservbyport_handles_errors, .prepare = need_databases, .run = run_getservbyport)
OPERATION(getprotobyname_handles_errors, .prepare = need_databases, .run = run_getprotobyname)

static int64_t run_getnameinfo(struct world *w)
{
    w->addr = test_loopback(80);
    return csk_getnameinfo(&w->addr, NI_NUMERICHOST | NI_NUMERICSERV, NULL, w->data, 32,
                           w->data + 32, 32, NULL);
}

OPERATION(getnameinfo_handles_errors, .run = run_getnameinfo)

static int64_t run_addr_resolve(struct world *w)
{
    const struct csk_value values[] = {
        { .kind = CSK_VALUE_TEXT, .data = "localhost", .size = 9 },
        { .kind = CSK_VALUE_INT, .i = 80 },
    };

    return csk_addr_resolve(&w->addr, AF_INET, 0, values, 2, NULL, NULL);
}

/* The address is unchanged if the host was not found. */
static void check_addr_resolve(struct world *w, int64_t result)
{
    assert_int_equal(w->addr.len, result < 0 ? 0 : sizeof(struct sockaddr_in));
}

OPERATION(addr_resolve_handles_errors, .run = run_addr_resolve, .check = check_addr_resolve)

static void prepare_create_connection(struct world *w)
{
    test_listen(&w->t[0], &w->addr);
}

static int64_t connect_with(struct world *w, struct csk_connection_options *options)
{
    char text[CSK_ADDR_TEXT_MAX];

    options->timeout = w->timeout;
    csk_addr_format(&w->addr, text, sizeof text);
    if (!options->source_address)
        return csk_create_connection(&w->s, text, options, NULL);
    return csk_create_connection_ex(&w->s, text, options, NULL, NULL, NULL);
}

static int64_t run_create_connection(struct world *w)
{
    struct csk_connection_options options = { .source_address = "127.0.0.1:0",
                                              .happy_eyeballs_delay = -1 };

    return connect_with(w, &options);
}

static int64_t run_racing_create_connection(struct world *w)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 250 * MS };

    return connect_with(w, &options);
}

/* Two addresses, so that attempts are made in parallel. */
static int64_t run_connect_any(struct world *w)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = 250 * MS,
                                              .timeout = w->timeout };
    struct csk_addrinfo list[2] = { { .family = AF_INET, .type = SOCK_STREAM, .addr = w->addr } };

    list[1] = list[0];
    return csk_connect_any(&w->s, list, 2, &options, NULL, NULL, NULL);
}

OPERATION(a_race_handles_errors, .prepare = prepare_create_connection, .run = run_connect_any,
          .check = fault_opened_or_closed, .other_errors = true)

/* EAGAIN from connect() means a full backlog, and the call is retried. */
OPERATION(create_connection_handles_errors, .prepare = prepare_create_connection,
          .run = run_create_connection, .check = fault_opened_or_closed, .other_errors = true)
OPERATION(racing_create_connection_handles_errors, .prepare = prepare_create_connection,
          .run = run_racing_create_connection, .check = fault_opened_or_closed,
          .other_errors = true)

/* The steps, driven by an event loop that accepts any result of poll(). */
static int64_t run_connection_steps(struct world *w)
{
    struct csk_connection_options options = { .timeout = w->timeout };
    struct csk_addrinfo list[1] = { { .family = AF_INET, .type = SOCK_STREAM, .addr = w->addr } };
    struct csk_connection *c = NULL;
    char text[CSK_ADDR_TEXT_MAX];
    struct pollfd fds[4];
    int64_t n;

    csk_addr_format(&w->addr, text, sizeof text);
    if ((n = csk_connection_begin(text, &options, &c, NULL)) < 0)
        return n;
    csk_connection_free(c);
    if ((n = csk_connection_begin_any(list, 1, &options, &c, NULL)) < 0)
        return n;
    while (csk_connection_step(c) == 0) {
        n = csk_connection_events(c, fds, 4);
        poll(fds, (nfds_t)n, csk_connection_wakeup(c) > csk_now() ? 50 : 0);
    }
    n = csk_connection_finish(c, &w->s, NULL, NULL, NULL);
    csk_connection_free(c);
    return n;
}

OPERATION(connection_steps_handle_errors, .prepare = prepare_create_connection,
          .run = run_connection_steps, .check = fault_opened_or_closed, .other_errors = true)

static int64_t run_create_server(struct world *w)
{
    return csk_create_server(&w->s, "127.0.0.1:0",
                             &(struct csk_server_options){ .reuse_port = true }, NULL);
}

/* As in Python, an error of SO_REUSEADDR is ignored: bind fails if the option was needed. */
OPERATION(create_server_handles_errors, .run = run_create_server, .check = fault_opened_or_closed,
          .other_errors = true)

static void prepare_dualstack(struct world *w)
{
    (void)w;
    if (csk_has_dualstack_ipv6() <= 0)
        test_skip("this system has no dual-stack sockets");
}

static int64_t run_create_dualstack_server(struct world *w)
{
    return csk_create_server(&w->s, "[::]:0",
                             &(struct csk_server_options){ .dualstack_ipv6 = true }, NULL);
}

/* Without setsockopt the system has no dual-stack sockets. */
OPERATION(create_dualstack_server_handles_errors, .prepare = prepare_dualstack,
          .run = run_create_dualstack_server, .check = fault_opened_or_closed, .other_errors = true)

static int64_t run_has_dualstack_ipv6(struct world *w)
{
    int n = csk_has_dualstack_ipv6();

    (void)w;
    return n < 0 ? n : n > 0 ? 0 : -1;
}

OPERATION(has_dualstack_ipv6_handles_errors, .prepare = prepare_dualstack,
          .run = run_has_dualstack_ipv6, .other_errors = true)

/* An older kernel: no SO_REUSEPORT (before Linux 3.9), or no dual-stack sockets. */
static void features_missing_from_the_system_have_their_own_codes(void)
{
    struct csk_error error;
    struct csk_server_options options = { .reuse_port = true };
    struct csk_socket s;

    fault_arm(CALL_setsockopt, ENOPROTOOPT, 2); /* SO_REUSEADDR is the first */
    assert_int_equal(csk_create_server(&s, "127.0.0.1:0", &options, &error), CSK_EREUSEPORT);
    assert_int_equal(error.code, CSK_EREUSEPORT);
    assert_int_equal(s.fd, -1);
    options = (struct csk_server_options){ .dualstack_ipv6 = true };
    fault_arm(CALL_setsockopt, ENOPROTOOPT, 1);
    assert_int_equal(csk_create_server(&s, "[::]:0", &options, &error), CSK_EDUALSTACK);
    assert_int_equal(s.fd, -1);
    fault_arm(CALL_socket, EAFNOSUPPORT, 1);
    assert_int_equal(csk_create_server(&s, "[::]:0", &options, &error), CSK_EDUALSTACK);
    assert_non_null(strstr(error.text, "dualstack_ipv6"));
    fault_limit_transfers(0);
}

typedef int lookup_fn(const struct csk_lookup_options *options);

/* Lookups with a limit make calls in two threads, so each failure is tested individually. */
static int limited(lookup_fn *lookup)
{
    const struct csk_lookup_options options = { .timeout = 50 * SECOND };

    return lookup(&options);
}

static int limited_getaddrinfo(const struct csk_lookup_options *options)
{
    struct csk_addrinfo *list;
    int n = csk_getaddrinfo("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, options, &list, NULL);

    csk_freeaddrinfo(list);
    return n > 0 ? 0 : n;
}

static int limited_gethostbyaddr(const struct csk_lookup_options *options)
{
    struct csk_hostent *host;
    int n = csk_gethostbyaddr("127.0.0.1", options, &host, NULL);

    csk_freehostent(host);
    return n;
}

static int limited_getnameinfo(const struct csk_lookup_options *options)
{
    struct csk_addr addr = test_loopback(80);
    char host[64];

    return csk_getnameinfo(&addr, 0, options, host, sizeof host, NULL, 0, NULL);
}

static void a_lookup_with_a_limit_handles_errors(void)
{
    const struct {
        lookup_fn *lookup;
        enum call call;
        int error, result;
    } rows[] = {
        { limited_getaddrinfo, CALL_pthread_atfork, ENOMEM, -ENOMEM }, /* the first time only */
        { limited_getaddrinfo, CALL_pthread_create, EAGAIN, -EAGAIN },
        { limited_getaddrinfo, CALL_eventfd, EMFILE, -EMFILE },
        { limited_getaddrinfo, CALL_malloc, ENOMEM, -ENOMEM },
        { limited_getaddrinfo, CALL_calloc, ENOMEM, -ENOMEM },
        { limited_getaddrinfo, CALL_getaddrinfo, EMFILE, -EMFILE },
        { limited_getaddrinfo, CALL_poll, ENOMEM, -ENOMEM },
        { limited_getaddrinfo, CALL_poll, EINTR, 0 },
        { limited_gethostbyaddr, CALL_pthread_create, EPERM, -EPERM },
        { limited_gethostbyaddr, CALL_malloc, ENOMEM, -ENOMEM },
        { limited_gethostbyaddr, CALL_calloc, ENOMEM, -ENOMEM },
        { limited_gethostbyaddr, fault_gethostbyaddr, EMFILE, fault_gethostbyaddr_result(EMFILE) },
        { limited_gethostbyaddr, fault_gethostbyaddr, ERANGE, fault_gethostbyaddr_result(ERANGE) },
        { limited_getnameinfo, CALL_eventfd, ENFILE, -ENFILE },
        { limited_getnameinfo, CALL_malloc, ENOMEM, -ENOMEM },
        { limited_getnameinfo, CALL_getnameinfo, ENOMEM, -ENOMEM },
    };
    int before = test_open_descriptors();

    test_skip_under_tsan("ThreadSanitizer has a thread of its own, for which the test would wait");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fault_arm(rows[i].call, rows[i].error, 1);
        assert_int_equal(limited(rows[i].lookup), rows[i].result);
        test_wait_for_one_thread();
        assert_int_equal(test_open_descriptors(), before);
        assert_int_equal(limited(rows[i].lookup), 0);
    }
}

/* Without a limit there is no thread. */
static void a_lookup_without_a_limit_starts_no_thread(void)
{
    fault_limit_transfers(0);
    assert_int_equal(limited_getaddrinfo(NULL), 0);
    assert_int_equal(limited_gethostbyaddr(NULL), 0);
    assert_int_equal(limited_getnameinfo(NULL), 0);
    assert_int_equal(fault_calls(CALL_pthread_create), 0);
    assert_int_equal(fault_calls(CALL_eventfd), 0);
}

static sem_t answer;

static int slow_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                            struct addrinfo **list)
{
    while (sem_wait(&answer) < 0)
        ;
    return cski_sys_real.getaddrinfo(host, service, hints, list);
}

static void *look_up(void *unused)
{
    (void)unused;
    return (void *)(intptr_t)limited(limited_getaddrinfo);
}

/* If no thread can be created, the existing one answers within the limit. */
static void one_thread_serves_all_lookups(void)
{
    const struct csk_lookup_options soon = { .timeout = 20 * MS };
    pthread_t threads[2];
    void *result;

    test_skip_under_tsan("the stand-ins count their calls in one thread");
    sem_init(&answer, 0, 0);
    fault_limit_transfers(0);
    cski_sys_table.getaddrinfo = slow_getaddrinfo;
    assert_int_equal(pthread_create(&threads[0], NULL, look_up, NULL), 0);
    while (test_threads() < 3) /* this thread, look_up's, and the worker */
        sched_yield();
    fault_arm(CALL_pthread_create, EAGAIN, 100);
    cski_sys_table.getaddrinfo = slow_getaddrinfo;
    assert_int_equal(limited_getaddrinfo(&soon), CSK_ETIMEDOUT);
    assert_int_equal(pthread_create(&threads[1], NULL, look_up, NULL), 0);
    while (fault_calls(CALL_pthread_create) < 2)
        sched_yield();
    assert_int_equal(test_threads(), 4);
    sem_post(&answer);
    sem_post(&answer);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], &result);
        assert_int_equal((intptr_t)result, 0);
    }
    test_wait_for_one_thread();
}

TESTS(TEST(a_lookup_with_a_limit_handles_errors), TEST(a_lookup_without_a_limit_starts_no_thread),
      TEST(one_thread_serves_all_lookups),
      TEST(features_missing_from_the_system_have_their_own_codes), TEST(getaddrinfo_handles_errors),
      TEST(getaddrinfo_numeric_handles_errors), TEST(if_nametoindex_handles_errors),
      TEST(if_indextoname_handles_errors), TEST(sethostname_handles_errors),
      TEST(a_race_handles_errors), TEST(getaddrinfo_by_the_resolver_handles_errors),
      TEST(if_nameindex_handles_errors), TEST(getifaddrs_handles_errors),
      TEST(gethostname_handles_errors), TEST(gethostbyname_handles_errors),
      TEST(gethostbyname_ex_handles_errors), TEST(gethostbyaddr_handles_errors),
      TEST(getfqdn_handles_errors), TEST(getservbyname_handles_errors),
      TEST(getservbyport_handles_errors), TEST(getprotobyname_handles_errors),
      TEST(getnameinfo_handles_errors), TEST(addr_resolve_handles_errors),
      TEST(create_connection_handles_errors), TEST(racing_create_connection_handles_errors),
      TEST(connection_steps_handle_errors), TEST(create_server_handles_errors),
      TEST(create_dualstack_server_handles_errors), TEST(has_dualstack_ipv6_handles_errors))
