/* Lookups with limits, with the C library's resolver and the test's own name server. */
#include "names/lookup.h"
#include "nameserver.h"
#include "sockets.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#define NAME "host.example"

/* Every lookup that may have to wait for a name server. */
typedef int lookup_fn(const struct csk_lookup_options *options, struct csk_error *error);

static int by_getaddrinfo(const struct csk_lookup_options *options, struct csk_error *error)
{
    struct csk_addrinfo *list;
    int n = csk_getaddrinfo(NAME, "80", AF_UNSPEC, SOCK_STREAM, 0, 0, options, &list, error);

    csk_freeaddrinfo(list);
    return n < 0 ? n : 0;
}

static int by_getnameinfo(const struct csk_lookup_options *options, struct csk_error *error)
{
    struct csk_addr addr = test_loopback(80);
    char host[64];

    addr.bytes[7] = 77; /* 127.0.0.77 is not in /etc/hosts */
    return csk_getnameinfo(&addr, NI_NAMEREQD, options, host, sizeof host, NULL, 0, error);
}

static int by_gethostbyname(const struct csk_lookup_options *options, struct csk_error *error)
{
    char text[16];

    return csk_gethostbyname(NAME, options, text, error);
}

static int by_gethostbyname_ex(const struct csk_lookup_options *options, struct csk_error *error)
{
    struct csk_hostent *host;
    int n = csk_gethostbyname_ex(NAME, options, &host, error);

    csk_freehostent(host);
    return n;
}

static int by_gethostbyaddr(const struct csk_lookup_options *options, struct csk_error *error)
{
    struct csk_hostent *host;
    int n = csk_gethostbyaddr("192.0.2.1", options, &host, error);

    csk_freehostent(host);
    return n;
}

static int by_getfqdn(const struct csk_lookup_options *options, struct csk_error *error)
{
    char name[NI_MAXHOST];

    return csk_getfqdn(NAME, options, name, sizeof name, error);
}

static int by_addr_resolve(const struct csk_lookup_options *options, struct csk_error *error)
{
    const struct csk_value values[] = {
        { .kind = CSK_VALUE_TEXT, .data = NAME, .size = strlen(NAME) },
        { .kind = CSK_VALUE_INT, .i = 80 },
    };
    struct csk_addr addr;

    return csk_addr_resolve(&addr, AF_INET, 0, values, 2, options, error);
}

static lookup_fn *const lookups[] = { by_getaddrinfo,      by_getnameinfo,   by_gethostbyname,
                                      by_gethostbyname_ex, by_gethostbyaddr, by_getfqdn,
                                      by_addr_resolve };
#define LOOKUPS (sizeof lookups / sizeof *lookups)

static void an_answer_within_the_limit_is_the_answer(void)
{
    const struct csk_lookup_options options = { .timeout = 50 * SECOND };
    struct csk_addrinfo *list;
    char text[CSK_ADDR_TEXT_MAX], host[64];
    struct csk_hostent *found;
    struct csk_addr addr = test_loopback(80);
    int n;

    test_resolver_world(30);
    test_nameserver(100, 50);
    for (size_t i = 0; i < LOOKUPS; i++)
        assert_int_equal(lookups[i](&options, NULL), 0);
    n = csk_getaddrinfo(NAME, "http", AF_UNSPEC, SOCK_STREAM, 0, AI_CANONNAME, &options, &list,
                        NULL);
    assert_int_equal(n, 2);
    for (int i = 0; i < n; i++)
        assert_string_equal(csk_addr_format(&list[i].addr, text, sizeof text),
                            list[i].family == AF_INET ? "192.0.2.1:80" : "[2001:db8::1]:80");
    assert_string_equal(list[0].canonname, NAME);
    csk_freeaddrinfo(list);
    assert_int_equal(
        csk_getnameinfo(&addr, 0, &options, host, sizeof host, text, sizeof text, NULL), 0);
    assert_string_equal(host, "localhost");
    assert_string_equal(text, "http");
    assert_int_equal(csk_gethostbyaddr("192.0.2.1", &options, &found, NULL), 0);
    assert_string_equal(found->name, NAME);
    csk_freehostent(found);
    assert_int_equal(csk_getaddrinfo("no.such.name", "80", 0, 0, 0, 0, &options, &list, NULL),
                     CSK_EAI(EAI_NONAME));
    assert_null(list);
    test_wait_for_one_thread();
}

/* The ways to set a limit; each lookup must obey all of them. */
static int with_timeout(lookup_fn *lookup, int64_t ns, struct csk_error *error)
{
    return lookup(&(struct csk_lookup_options){ .timeout = ns }, error);
}

static int with_deadline(lookup_fn *lookup, int64_t ns, struct csk_error *error)
{
    return lookup(
        &(struct csk_lookup_options){ .timeout = SECOND * 50, .deadline = csk_now() + ns }, error);
}

static int with_scope(lookup_fn *lookup, int64_t ns, struct csk_error *error)
{
    struct csk_scope scope = { .deadline = csk_now() + ns };
    int n;

    csk_scope_push(&scope);
    n = lookup(NULL, error);
    csk_scope_pop(&scope);
    return n;
}

static void a_dead_name_server_ends_at_the_limit(void)
{
    int (*const ways[])(lookup_fn *, int64_t, struct csk_error *) = { with_timeout, with_deadline,
                                                                      with_scope };
    struct csk_error error;
    int64_t before;

    test_resolver_world(2);
    test_nameserver(-1, -1);
    for (size_t w = 0; w < 3; w++)
        for (size_t i = 0; i < LOOKUPS; i++) {
            before = csk_now();
            assert_int_equal(ways[w](lookups[i], 50 * MS, &error), CSK_ETIMEDOUT);
            assert_true(csk_now() - before >= 50 * MS);
            assert_int_equal(error.code, CSK_ETIMEDOUT);
            assert_int_equal(strncmp(error.text, "resolve ", 8), 0);
            assert_non_null(strstr(error.text, ": timed out"));
        }
    assert_int_equal(with_timeout(by_getaddrinfo, MS, &error), CSK_ETIMEDOUT);
    assert_string_equal(error.text, "resolve " NAME ": timed out");
    test_wait_for_one_thread();
}

static int64_t cpu_time(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * SECOND +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static int64_t cpu_time_of_waiting(int64_t ns)
{
    int64_t before = cpu_time();

    assert_int_equal(with_timeout(by_getaddrinfo, ns, NULL), CSK_ETIMEDOUT);
    return cpu_time() - before;
}

/* Longer than the lookup takes, as the first ones have shown.  Valgrind runs threads alternately,
 * which costs processor time. */
static void waiting_takes_no_processor_time(void)
{
    int64_t lookup, waited, before;

    test_resolver_world(2);
    test_nameserver(-1, -1);
    lookup = cpu_time_of_waiting(10 * MS);
    lookup = cpu_time_of_waiting(10 * MS);
    before = csk_now();
    waited = cpu_time_of_waiting(SECOND);
    assert_true(csk_now() - before < 10 * SECOND);
    assert_true(test_under_valgrind() || waited < lookup + 10 * MS);
    test_wait_for_one_thread();
}

static void a_limit_that_has_passed_starts_nothing(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    const struct csk_lookup_options past = { .deadline = 1 }, cancelled = { .cancel = &cancel };
    struct csk_scope scope = { .cancel = &cancel };

    test_count_threads();
    csk_cancel(&cancel);
    csk_scope_push(&scope);
    for (size_t i = 0; i < LOOKUPS; i++) {
        assert_int_equal(lookups[i](NULL, NULL), CSK_ECANCELED);
        csk_scope_pop(&scope);
        assert_int_equal(lookups[i](&past, NULL), CSK_ETIMEDOUT);
        assert_int_equal(lookups[i](&cancelled, NULL), CSK_ECANCELED);
        csk_scope_push(&scope);
    }
    csk_scope_pop(&scope);
    assert_int_equal(test_threads(), 1);
    csk_cancel_close(&cancel);
}

/* Lookups that need no resolver take no time: for one socket type the answer of every C library is
 * known. */
static void numeric_hosts_have_no_limit(void)
{
    const struct csk_lookup_options past = { .deadline = 1 };
    struct csk_addrinfo *list;

    assert_true(csk_getaddrinfo("127.0.0.1", "80", 0, SOCK_STREAM, 0, 0, &past, &list, NULL) > 0);
    csk_freeaddrinfo(list);
}

static void *cancel_later(void *arg)
{
    const struct timespec pause = { 0, 50 * MS };

    nanosleep(&pause, NULL);
    csk_cancel(arg);
    return NULL;
}

static void another_thread_cancels(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    const struct csk_lookup_options options = { .cancel = &cancel };
    struct csk_scope scope = { .cancel = &cancel };
    struct csk_error error;
    pthread_t thread;

    test_resolver_world(2);
    test_nameserver(-1, -1);
    for (size_t i = 0; i < 2 * LOOKUPS; i++) {
        bool scoped = i >= LOOKUPS;

        csk_cancel_reset(&cancel);
        assert_int_equal(pthread_create(&thread, NULL, cancel_later, &cancel), 0);
        if (scoped)
            csk_scope_push(&scope);
        assert_int_equal(lookups[i % LOOKUPS](scoped ? NULL : &options, &error), CSK_ECANCELED);
        if (scoped)
            csk_scope_pop(&scope);
        assert_non_null(strstr(error.text, ": cancelled"));
        pthread_join(thread, NULL);
    }
    csk_cancel_close(&cancel);
    test_wait_for_one_thread();
}

static struct csk_cancel signal_cancel = CSK_CANCEL_INIT;

static void cancel_by_signal(int number)
{
    (void)number;
    csk_cancel(&signal_cancel);
}

static void a_signal_handler_cancels(void)
{
    const struct csk_lookup_options options = { .cancel = &signal_cancel };
    const struct itimerval soon = { .it_value = { 0, 50000 } };

    test_resolver_world(2);
    test_nameserver(-1, -1);
    signal(SIGALRM, cancel_by_signal);
    for (size_t i = 0; i < LOOKUPS; i++) {
        csk_cancel_reset(&signal_cancel);
        setitimer(ITIMER_REAL, &soon, NULL);
        assert_int_equal(lookups[i](&options, NULL), CSK_ECANCELED);
    }
    csk_cancel_close(&signal_cancel);
    test_wait_for_one_thread();
}

static void the_interrupt_hook_is_called_with_its_context(void)
{
    const struct csk_lookup_options options = { .timeout = 50 * SECOND,
                                                .on_interrupt = test_on_interrupt };

    test_resolver_world(2);
    test_nameserver(-1, -1);
    test_alarm_every(20);
    for (size_t i = 0; i < LOOKUPS; i++) {
        test_interrupts = 0;
        test_interrupt_limit = 3;
        assert_int_equal(lookups[i](&options, NULL), CSK_EINTERRUPTED);
        assert_int_equal(test_interrupts, 3);
    }
    test_alarm_every(0);
    test_wait_for_one_thread();
}

#ifdef TEST_MALLINFO2
#include <malloc.h>

static size_t memory_in_use(void)
{
    return mallinfo2().uordblks;
}
#else
static size_t memory_in_use(void)
{
    return 0;
}
#endif

static void abandon(int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(with_deadline(lookups[(size_t)i % LOOKUPS], 20000, NULL), CSK_ETIMEDOUT);
    test_wait_for_one_thread();
}

/* The same number twice: the first time the C library caches the files that it has read. */
static void thousands_of_abandoned_lookups_leave_nothing(void)
{
    int descriptors = test_open_descriptors(), count = test_under_valgrind() ? 50 : 1000;
    size_t memory;

    test_resolver_world(1);
    test_nameserver(-1, -1);
    abandon(count);
    memory = memory_in_use();
    abandon(2 * count);
    assert_true(memory_in_use() < memory + 2000 * sizeof(void *));
    assert_int_equal(test_open_descriptors(), descriptors);
}

/* All threads wait for the dead server: other lookups wait too, within their limits.
 */
static void waiting_for_a_thread_counts_towards_the_limit(void)
{
    struct csk_lookup_options options = { .timeout = 50 * MS };
    struct csk_addrinfo *list;

    test_resolver_world(test_is_slow() ? 20 : 2);
    test_nameserver(-1, -1);
    while (test_threads() <
           1 + CSKI_WORKERS_MAX) /* on a slow machine one may end before it begins */
        assert_int_equal(with_timeout(by_getaddrinfo, MS, NULL), CSK_ETIMEDOUT);
    assert_int_equal(csk_getaddrinfo("localhost", "80", AF_INET, 0, 0, 0, &options, &list, NULL),
                     CSK_ETIMEDOUT);
    options.timeout = 50 * SECOND;
    assert_true(csk_getaddrinfo("localhost", "80", AF_INET, 0, 0, 0, &options, &list, NULL) > 0);
    csk_freeaddrinfo(list);
    test_wait_for_one_thread();
}

/* All threads for lookups with a time limit wait for the dead server, and remain. */
static void a_lookup_without_a_time_limit_does_not_wait_for_those_with_one(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    const struct csk_lookup_options options = { .cancel = &cancel };
    struct csk_connection_options connection = CSK_CONNECTION_OPTIONS_INIT;
    struct csk_socket listener, s;
    struct csk_addrinfo *list;
    struct csk_addr addr;
    char port[8];

    test_resolver_world(test_is_slow() ? 20 : 5);
    test_nameserver(-1, -1);
    test_listen(&listener, &addr);
    snprintf(port, sizeof port, "%d", addr.bytes[2] << 8 | addr.bytes[3]);
    connection.service = port;
    while (test_threads() < 1 + CSKI_WORKERS_MAX)
        assert_int_equal(with_timeout(by_getaddrinfo, MS, NULL), CSK_ETIMEDOUT);
    assert_true(csk_getaddrinfo("localhost", "80", AF_INET, 0, 0, 0, &options, &list, NULL) > 0);
    csk_freeaddrinfo(list);
    assert_int_equal(csk_create_connection(&s, "localhost", &connection, NULL), 0);
    assert_true(test_threads() >= 1 + CSKI_WORKERS_MAX);
    csk_close(&s);
    csk_close(&listener);
    csk_cancel_close(&cancel);
    test_wait_for_one_thread();
}

static void *look_up(void *cancel)
{
    const struct csk_lookup_options options = { .cancel = cancel };

    return (void *)(intptr_t)by_getaddrinfo(&options, NULL);
}

static void one_cancel_ends_the_lookups_of_many_threads(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    int count = test_under_valgrind() ? 20 : 450;
    pthread_t threads[450];
    pthread_attr_t small;
    void *result;

    test_resolver_world(test_is_slow() ? 20 : 2);
    test_nameserver(-1, -1);
    assert_true(csk_cancel_fileno(&cancel) >= 0);
    assert_int_equal(pthread_attr_init(&small), 0); /* 450 large stacks do not fit into 32 bits */
    assert_int_equal(pthread_attr_setstacksize(&small, 1 << 18), 0);
    for (int i = 0; i < count; i++)
        assert_int_equal(pthread_create(&threads[i], &small, look_up, &cancel), 0);
    pthread_attr_destroy(&small);
    csk_cancel(&cancel);
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], &result);
        assert_int_equal((intptr_t)result, CSK_ECANCELED);
    }
    csk_cancel_close(&cancel);
    test_wait_for_one_thread();
}

static void a_fork_while_lookups_run_is_safe(void)
{
    const struct csk_lookup_options options = { .timeout = 50 * SECOND };
    struct csk_addrinfo *list;
    int status;
    pid_t pid;

    test_skip_forks_at_any_moment();
    test_resolver_world(2);
    test_nameserver(-1, -1);
    for (int i = 0; i < 100; i++)
        assert_int_equal(with_timeout(by_getaddrinfo, MS, NULL), CSK_ETIMEDOUT);
    assert_true((pid = fork()) >= 0);
    if (pid == 0) {
        assert_int_equal(test_threads(), 1);
        assert_int_equal(with_timeout(by_getaddrinfo, MS, NULL), CSK_ETIMEDOUT);
        assert_true(csk_getaddrinfo("localhost", "80", AF_INET, 0, 0, 0, &options, &list, NULL) >
                    0);
        csk_freeaddrinfo(list);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    test_wait_for_one_thread();
}

static void a_process_can_exit_while_lookups_run(void)
{
    int status;
    pid_t pid;

    test_skip_forks();
    test_resolver_world(2);
    test_nameserver(-1, -1);
    assert_true((pid = fork()) >= 0);
    if (pid == 0) {
        for (int i = 0; i < 2 * CSKI_WORKERS_MAX; i++)
            with_timeout(by_getaddrinfo, MS, NULL);
        exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* The library of a plugin that is unloaded while its thread waits. */
static void the_library_can_be_closed_while_lookups_run(void)
{
    const struct csk_lookup_options options = { .timeout = MS };
    int (*resolve)(const char *, const char *, int, int, int, int,
                   const struct csk_lookup_options *, struct csk_addrinfo **, struct csk_error *);
    void *library = dlopen(TEST_LIBCSOCKET, RTLD_NOW | RTLD_LOCAL);
    struct csk_addrinfo *list;
    void *symbol;

    if (!library)
        test_skip("no shared library: %s", dlerror());
    if (test_under_msan())
        test_skip("MemorySanitizer does not know the thread-local variables of such a library");
    test_resolver_world(2);
    test_nameserver(-1, -1);
    assert_non_null(symbol = dlsym(library, "csk_getaddrinfo"));
    memcpy(&resolve, &symbol, sizeof resolve);
    assert_int_equal(resolve(NAME, "80", 0, SOCK_STREAM, 0, 0, &options, &list, NULL),
                     CSK_ETIMEDOUT);
    assert_int_equal(dlclose(library), 0);
    test_wait_for_one_thread();
}

/* Whether the C library names an address that is in no database: musl returns the number. */
static bool names_every_address(void)
{
    struct in_addr unknown = { .s_addr = htonl(0xc0000201) }; /* 192.0.2.1 */

    return gethostbyaddr(&unknown, sizeof unknown, AF_INET) != NULL;
}

/* Without a descriptor the C library cannot look up names; musl has a built-in list of
 * protocols. */
static void a_lack_of_descriptors_is_reported(void)
{
    struct rlimit limit, none;
    struct csk_error error;
    struct csk_if *ifs;
    struct csk_ifaddr *addresses;
    char name[64];

    test_resolver_world(2);
    test_nameserver(0, 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    for (size_t i = 0; i < LOOKUPS; i++) {
        if (lookups[i] == by_gethostbyaddr && names_every_address())
            continue;
        assert_int_equal(lookups[i](NULL, &error), -EMFILE);
        assert_non_null(strstr(error.text, strerror(EMFILE)));
        assert_int_equal(with_timeout(lookups[i], SECOND, NULL), -EMFILE);
    }
    assert_int_equal(csk_getservbyname("http", "tcp", &error), -EMFILE);
    assert_int_equal(csk_getservbyport(80, "tcp", name, sizeof name, &error), -EMFILE);
    assert_int_equal(csk_getprotobyname("tcp", &error), getprotobyname("tcp") ? 6 : -EMFILE);
    assert_int_equal(csk_if_nametoindex("lo", &error), -EMFILE);
    assert_int_equal(csk_if_indextoname(1, name, &error), -EMFILE);
    assert_int_equal(csk_if_nameindex(&ifs), -EMFILE);
    assert_int_equal(csk_getifaddrs(&addresses), -EMFILE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

TESTS(TEST(an_answer_within_the_limit_is_the_answer), TEST(a_dead_name_server_ends_at_the_limit),
      TEST(waiting_takes_no_processor_time), TEST(a_limit_that_has_passed_starts_nothing),
      TEST(numeric_hosts_have_no_limit), TEST(another_thread_cancels),
      TEST(a_signal_handler_cancels), TEST(the_interrupt_hook_is_called_with_its_context),
      TEST(thousands_of_abandoned_lookups_leave_nothing),
      TEST(waiting_for_a_thread_counts_towards_the_limit),
      TEST(a_lookup_without_a_time_limit_does_not_wait_for_those_with_one),
      TEST(one_cancel_ends_the_lookups_of_many_threads), TEST(a_fork_while_lookups_run_is_safe),
      TEST(a_process_can_exit_while_lookups_run), TEST(the_library_can_be_closed_while_lookups_run),
      TEST(a_lack_of_descriptors_is_reported))
