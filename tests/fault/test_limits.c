/* Every call that may wait, and every way to end it: deadlines, cancels and scopes. */
#include "blocked.h"
#include "nameserver.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

static void *cancel_soon(void *cancel)
{
    usleep(20000);
    csk_cancel(cancel);
    return NULL;
}

static void *cancel_calls_soon(void *socket)
{
    usleep(20000);
    while (csk_cancel_calls(socket) == 1)
        usleep(1000);
    return NULL;
}

static struct csk_cancel by_signal;

static void cancel_by_signal(int number)
{
    (void)number;
    csk_cancel(&by_signal);
}

enum way {
    DEADLINE_PASSED,
    DEADLINE_SOON,
    CANCELLED_BEFORE,
    CANCELLED_BY_THREAD,
    CANCELLED_BY_SIGNAL,
    CALLS_CANCELLED_BEFORE,
    CALLS_CANCELLED,
    WAYS
};

/* Counts the tries of a call.  The stand-ins do so in one thread; lookups run in another one. */
static void count_tries(const struct blocked *call, enum way way)
{
    if (blocked_looks_up(call))
        blocked_hold_lookups();
    else if (way != CANCELLED_BY_THREAD && way != CALLS_CANCELLED)
        fault_limit_transfers(0);
}

static bool was_tried(const struct blocked *call)
{
    return (blocked_looks_up(call) ? blocked_lookups() : fault_calls(call->call)) > 0;
}

/* Run a call until it is ended.  in_scope: by the thread's limits, instead of the socket's. */
static void end_call(const struct blocked *call, int64_t timeout, enum way way, bool in_scope)
{
    struct csk_cancel own = CSK_CANCEL_INIT, *cancel = NULL;
    struct csk_scope scope = CSK_SCOPE_INIT;
    int64_t result, deadline = 0, expected = CSK_ECANCELED;
    struct place p;
    pthread_t thread;

    blocked_open(&p, call, timeout);
    count_tries(call, way);
    if (way == DEADLINE_PASSED || way == DEADLINE_SOON) {
        deadline = way == DEADLINE_SOON ? csk_now() + 20 * MS : 1;
        expected = CSK_ETIMEDOUT;
    } else if (way < CALLS_CANCELLED_BEFORE) {
        cancel = way == CANCELLED_BY_SIGNAL ? &by_signal : &own;
    }
    if (way == CANCELLED_BEFORE)
        csk_cancel(cancel);
    if (in_scope) {
        scope.deadline = deadline;
        scope.cancel = cancel;
        assert_int_equal(csk_scope_push(&scope), 0);
    } else {
        csk_setdeadline(&p.s, deadline);
        p.s.cancel = cancel;
    }
    if (way == CALLS_CANCELLED_BEFORE)
        assert_int_equal(csk_cancel_calls(&p.s), 0);
    if (way == CANCELLED_BY_THREAD)
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    if (way == CALLS_CANCELLED)
        assert_int_equal(pthread_create(&thread, NULL, cancel_calls_soon, &p.s), 0);
    if (way == CANCELLED_BY_SIGNAL) {
        signal(SIGALRM, cancel_by_signal); /* with SA_RESTART */
        setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 20000 } }, NULL);
    }
    result = call->run(&p);
    if (result == CSK_ENONBLOCK && timeout == 0)
        result = expected; /* csk_sendfile refuses such sockets anyway */
    if (result != expected)
        fail_msg("%s, timeout %lld, way %d, scope %d: %lld, not %lld", call->name,
                 (long long)timeout, way, in_scope, (long long)result, (long long)expected);
    if ((way == DEADLINE_PASSED || way == CANCELLED_BEFORE || way == CALLS_CANCELLED_BEFORE) &&
        was_tried(call))
        fail_msg("%s was tried after its limit", call->name);
    if (way == CANCELLED_BY_THREAD || way == CALLS_CANCELLED)
        pthread_join(thread, NULL);
    if (in_scope)
        assert_int_equal(csk_scope_pop(&scope), 0);
    csk_setdeadline(&p.s, 0);
    p.s.cancel = NULL;
    blocked_close(&p);
    if (blocked_looks_up(call))
        blocked_release_lookups();
    csk_cancel_close(&own);
    csk_cancel_close(&by_signal);
}

static void end_every_call(enum way way)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND };

    for (size_t i = 0; i < blocked_count; i++)
        for (int t = 0; t < 2; t++)
            for (int in_scope = 0; in_scope < 2; in_scope++)
                end_call(&blocked_calls[i], timeouts[t], way, in_scope);
}

static void end_every_call_on_the_socket(enum way way)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND, 0 };

    for (size_t i = 0; i < blocked_count; i++)
        for (int t = 0; t < (way == CALLS_CANCELLED ? 2 : 3); t++)
            if (!blocked_calls[i].limits_only)
                end_call(&blocked_calls[i], timeouts[t], way, false);
}

static void no_system_call_is_made_after_the_deadline(void)
{
    end_every_call(DEADLINE_PASSED);
}

static void a_deadline_ends_every_call(void)
{
    end_every_call(DEADLINE_SOON);
}

static void no_system_call_is_made_after_a_cancel(void)
{
    end_every_call(CANCELLED_BEFORE);
}

static void another_thread_cancels_every_call(void)
{
    end_every_call(CANCELLED_BY_THREAD);
}

static void a_signal_handler_cancels_every_call(void)
{
    end_every_call(CANCELLED_BY_SIGNAL);
}

static void no_system_call_is_made_after_cancel_calls(void)
{
    end_every_call_on_the_socket(CALLS_CANCELLED_BEFORE);
}

static void cancelling_the_calls_of_a_socket_ends_each(void)
{
    end_every_call_on_the_socket(CALLS_CANCELLED);
}

/* While a limit is in force, the call or its descriptor is non-blocking. */
static void a_deadline_passes_although_data_is_ready(void)
{
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    csk_setdeadline(&pair[0], 1);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), CSK_ETIMEDOUT);
    csk_settimeout(&pair[0], 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    csk_setdeadline(&pair[0], csk_now() + 100 * SECOND);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), -EAGAIN);
    test_close(pair);
}

static void scopes_do_not_affect_nonblocking_sockets(void)
{
    struct csk_scope scope = { .deadline = 1 };
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    csk_settimeout(&pair[0], 0);
    csk_scope_push(&scope);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), CSK_ETIMEDOUT);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), -EAGAIN);
    csk_scope_pop(&scope);
    test_close(pair);
}

struct waiting {
    const struct blocked *call;
    int64_t timeout, result, used;
    pthread_t thread;
    struct place place;
};

static int64_t thread_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void *wait_and_measure(void *arg)
{
    struct waiting *w = arg;
    int64_t begin = thread_time();

    w->result = w->call->run(&w->place);
    w->used = thread_time() - begin;
    return NULL;
}

/* At most one percent of a processor, over one second. */
static void no_wait_is_busy(void)
{
    static struct waiting all[2 * BLOCKED_MAX];

    blocked_hold_lookups();
    for (size_t i = 0; i < 2 * blocked_count; i++) {
        all[i].call = &blocked_calls[i / 2];
        blocked_open(&all[i].place, all[i].call, i % 2 ? -1 : SECOND);
        if (i % 2 || all[i].call->ignores_timeout)
            csk_setdeadline(&all[i].place.s, csk_now() + SECOND);
        assert_int_equal(pthread_create(&all[i].thread, NULL, wait_and_measure, &all[i]), 0);
    }
    for (size_t i = 0; i < 2 * blocked_count; i++) {
        pthread_join(all[i].thread, NULL);
        assert_int_equal(all[i].result, CSK_ETIMEDOUT);
        if (all[i].used > SECOND / 100)
            fail_msg("%s took %lld us of a processor", all[i].call->name,
                     (long long)all[i].used / 1000);
        csk_setdeadline(&all[i].place.s, 0);
        blocked_close(&all[i].place);
    }
    blocked_release_lookups();
}

#define THREADS 1000
#define DESCRIPTORS 8192

/* One cancel ends the calls of all threads, of all kinds; they include more lookups than may run at
 * a time. */
static void one_cancel_ends_many_threads(void)
{
    static struct waiting all[THREADS];
    const size_t count = test_under_valgrind() ? 100 : THREADS; /* valgrind has at most 500 */
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    struct rlimit limit;
    pthread_attr_t attributes;

    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < DESCRIPTORS)
        test_skip("%d descriptors are not allowed", DESCRIPTORS);
    limit.rlim_cur = DESCRIPTORS;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    blocked_hold_lookups();
    for (size_t i = 0; i < count; i++) {
        all[i].call = &blocked_calls[i % blocked_count];
        blocked_open(&all[i].place, all[i].call, -1);
        all[i].place.s.cancel = &cancel;
        assert_int_equal(pthread_create(&all[i].thread, &attributes, wait_and_measure, &all[i]), 0);
    }
    usleep(20000);
    csk_cancel(&cancel);
    for (size_t i = 0; i < count; i++) {
        pthread_join(all[i].thread, NULL);
        if (all[i].result != CSK_ECANCELED)
            fail_msg("%s returned %lld", all[i].call->name, (long long)all[i].result);
        all[i].place.s.cancel = NULL;
        blocked_close(&all[i].place);
    }
    blocked_release_lookups();
    csk_cancel_close(&cancel);
    pthread_attr_destroy(&attributes);
}

static void without_descriptors_left_a_cancel_is_reported_as_missing(void)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    pair[0].cancel = &cancel;
    fault_arm(CALL_eventfd, EMFILE, 1);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), -EMFILE);
    fault_limit_transfers(0);
    csk_cancel_close(&cancel);
    test_close(pair);
}

static int outcome_is_connected(int fd, int level, int name, void *value, socklen_t *size)
{
    if (level != SOL_SOCKET || name != SO_ERROR)
        return cski_sys_real.getsockopt(fd, level, name, value, size);
    *(int *)value = EISCONN;
    return 0;
}

/* Some systems report a completed connection attempt in this way. */
static void an_attempt_that_ended_with_eisconn_has_succeeded(void)
{
    struct csk_socket listener, s;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_settimeout(&s, 100 * SECOND), 0);
    fault_arm(CALL_connect, EINPROGRESS, 1);
    cski_sys_table.getsockopt = outcome_is_connected;
    assert_int_equal(csk_connect(&s, &addr, NULL), 0);
    fault_limit_transfers(0);
    csk_close(&s);
    csk_close(&listener);
}

static void connecting_again_succeeds_once_the_attempt_has(void)
{
    static const int errors[] = { EINPROGRESS, EINTR };
    struct csk_socket listener, s;
    struct csk_addr addr;

    test_listen(&listener, &addr);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_settimeout(&s, 0), 0);
        fault_arm(CALL_connect, errors[i], 1);
        assert_int_equal(csk_connect(&s, &addr, NULL), -errors[i]);
        fault_arm(CALL_connect, EISCONN, 1);
        assert_int_equal(csk_connect(&s, &addr, NULL), 0);
        /* Only once, because a connected socket cannot be connected again. */
        fault_arm(CALL_connect, EISCONN, 1);
        assert_int_equal(csk_connect(&s, &addr, NULL), -EISCONN);
        fault_limit_transfers(0);
        csk_close(&s);
    }
    csk_close(&listener);
}

/* The number of tries, not their duration: one every 10 ms after the first ones. */
static void a_call_is_not_retried_forever_if_poll_contradicts_it(void)
{
    struct csk_socket pair[2];
    char byte;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_settimeout(&pair[0], 500 * MS), 0);
    fault_arm(CALL_recv, EAGAIN, 1000000000);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    assert_true(fault_calls(CALL_recv) < 100);
    assert_true(fault_calls(CALL_poll) < 300);
    fault_limit_transfers(0);
    test_close(pair);
}

TESTS(TEST(no_system_call_is_made_after_the_deadline), TEST(a_deadline_ends_every_call),
      TEST(no_system_call_is_made_after_a_cancel), TEST(another_thread_cancels_every_call),
      TEST(a_signal_handler_cancels_every_call), TEST(a_deadline_passes_although_data_is_ready),
      TEST(no_system_call_is_made_after_cancel_calls),
      TEST(cancelling_the_calls_of_a_socket_ends_each),
      TEST(scopes_do_not_affect_nonblocking_sockets),
      TEST(an_attempt_that_ended_with_eisconn_has_succeeded),
      TEST(connecting_again_succeeds_once_the_attempt_has),
      TEST(a_call_is_not_retried_forever_if_poll_contradicts_it), TEST(no_wait_is_busy),
      TEST(one_cancel_ends_many_threads),
      TEST(without_descriptors_left_a_cancel_is_reported_as_missing))
