/* Every call that may wait, and every way to end it: deadlines, cancels and scopes. */
#include "fault.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>

/* Sockets on which each call would wait forever. */
struct place {
    struct csk_socket s; /* the call's */
    struct csk_socket others[4];
    struct csk_addr addr;
    FILE *file;
    int fd;
    char data[4096];
};

struct blocked {
    const char *name;
    void (*prepare)(struct place *p);
    int64_t (*run)(struct place *p);
    enum call call; /* the system call that must not be tried once a limit has been reached */
};

static void stream(struct place *p)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    p->s = pair[0];
    p->others[0] = pair[1];
}

static void datagrams(struct place *p)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_DGRAM);
    p->s = pair[0];
    p->others[0] = pair[1];
}

static void full_stream(struct place *p)
{
    stream(p);
    test_fill(&p->s);
}

static void listener(struct place *p)
{
    test_listen(&p->s, &p->addr);
}

/* An abstract name of the test's own, to which p->others[0] is bound. */
static void bind_name(struct place *p, int type)
{
    static int number;
    char text[64];

    snprintf(text, sizeof text, "@csk-limits-%d-%d", (int)getpid(),
             __atomic_add_fetch(&number, 1, __ATOMIC_RELAXED));
    assert_int_equal(csk_addr_parse(&p->addr, AF_UNIX, 0, text, NULL), 0);
    assert_int_equal(csk_socket(&p->others[0], AF_UNIX, type, 0), 0);
    assert_int_equal(csk_bind(&p->others[0], &p->addr, NULL), 0);
    assert_int_equal(csk_socket(&p->s, AF_UNIX, type, 0), 0);
}

/* poll() reports that a datagram could be sent, because the socket is not connected. */
static void full_receiver(struct place *p)
{
    ssize_t n;

    bind_name(p, SOCK_DGRAM);
    do
        n = csk_sendto(&p->s, "x", 1, MSG_DONTWAIT, &p->addr, NULL);
    while (n == 1);
    assert_int_equal(n, -EAGAIN);
}

static void full_backlog(struct place *p)
{
    bind_name(p, SOCK_STREAM);
    assert_int_equal(csk_listen(&p->others[0], 0), 0);
    assert_int_equal(csk_socket(&p->others[1], AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&p->others[1], &p->addr, NULL), 0);
}

static void full_stream_and_file(struct place *p)
{
    char name[] = "/tmp/csk-XXXXXX";

    full_stream(p);
    p->fd = mkostemp(name, O_CLOEXEC);
    assert_true(p->fd >= 0);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(pwrite(p->fd, p->data, sizeof p->data, 0), sizeof p->data);
}

static void file_to_read(struct place *p)
{
    stream(p);
    assert_int_equal(csk_makefile(&p->s, "r", &p->file), 0);
}

static void file_to_write(struct place *p)
{
    full_stream(p);
    assert_int_equal(csk_makefile(&p->s, "rw", &p->file), 0);
}

static int64_t run_recv(struct place *p)
{
    return csk_recv(&p->s, p->data, 1, 0);
}

static int64_t run_recvfrom(struct place *p)
{
    return csk_recvfrom(&p->s, p->data, 1, 0, &p->addr);
}

static int64_t run_recv_waitall(struct place *p)
{
    return csk_recv(&p->s, p->data, 2, MSG_WAITALL);
}

static int64_t run_recvmsg(struct place *p)
{
    struct iovec buffer = { p->data, 1 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };

    return csk_recvmsg(&p->s, &msg, 0);
}

static int64_t run_recv_many(struct place *p)
{
    struct csk_recv_memory memory = { .data = p->data, .size = sizeof p->data, .message_size = 8 };
    struct csk_datagram messages[4];

    return csk_recv_many(&p->s, messages, 4, &memory, 0);
}

static int64_t run_recvall(struct place *p)
{
    return csk_recvall(&p->s, p->data, 2, 0, NULL);
}

static int64_t run_recvline(struct place *p)
{
    size_t length = 0;

    return csk_recvline(&p->s, p->data, sizeof p->data, &length);
}

static int64_t run_send(struct place *p)
{
    return csk_send(&p->s, p->data, sizeof p->data, 0);
}

static int64_t run_sendto(struct place *p)
{
    return csk_sendto(&p->s, p->data, 1, 0, &p->addr, NULL);
}

static int64_t run_sendmsg(struct place *p)
{
    struct iovec buffer = { p->data, 1 };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };

    return csk_sendmsg(&p->s, &msg, 0, NULL);
}

static int64_t run_sendall(struct place *p)
{
    return csk_sendall(&p->s, p->data, sizeof p->data, 0, NULL);
}

static int64_t run_sendfile(struct place *p)
{
    int64_t offset = 0;

    return csk_sendfile(&p->s, p->fd, &offset, -1);
}

static int64_t run_accept(struct place *p)
{
    return csk_accept(&p->s, &p->others[2], NULL);
}

static int64_t run_connect(struct place *p)
{
    return csk_connect(&p->s, &p->addr, NULL);
}

static int64_t run_wait(struct place *p)
{
    return csk_wait(&p->s, POLLIN, -1);
}

static int64_t run_wait_many(struct place *p)
{
    struct csk_wait_item items[] = { { .s = &p->s, .events = POLLIN }, { .s = NULL } };

    return csk_wait_many(items, 2, 0, NULL);
}

static int64_t file_code(void)
{
    return errno == ECANCELED ? CSK_ECANCELED : errno == ETIMEDOUT ? CSK_ETIMEDOUT : -errno;
}

static int64_t run_file_read(struct place *p)
{
    return fread(p->data, 1, 1, p->file) == 1 ? 1 : file_code();
}

static int64_t run_file_write(struct place *p)
{
    return fwrite(p->data, 1, 1, p->file) == 1 && fflush(p->file) == 0 ? 1 : file_code();
}

static const struct blocked calls[] = {
    { "recv", stream, run_recv, CALL_recv },
    { "recvfrom", datagrams, run_recvfrom, CALL_recvfrom },
    { "recv with MSG_WAITALL", stream, run_recv_waitall, CALL_recv },
    { "recvmsg", stream, run_recvmsg, CALL_recvmsg },
    { "recv_many", datagrams, run_recv_many, CALL_recvmsg },
    { "recvall", stream, run_recvall, CALL_recv },
    { "recvline", stream, run_recvline, CALL_recv },
    { "send", full_stream, run_send, CALL_send },
    { "sendto a full receiver", full_receiver, run_sendto, CALL_sendto },
    { "sendmsg", full_stream, run_sendmsg, CALL_sendmsg },
    { "sendall", full_stream, run_sendall, CALL_send },
    { "sendfile", full_stream_and_file, run_sendfile, CALL_send },
    { "accept", listener, run_accept, CALL_accept4 },
    { "connect to a full backlog", full_backlog, run_connect, CALL_connect },
    { "wait", stream, run_wait, CALL_poll },
    { "wait_many", stream, run_wait_many, CALL_poll },
    { "a FILE's read", file_to_read, run_file_read, CALL_recv },
    { "a FILE's write", file_to_write, run_file_write, CALL_send },
};

#define CALLS_COUNT (sizeof calls / sizeof *calls)

static void open_place(struct place *p, const struct blocked *call, int64_t timeout)
{
    memset(p, 0, sizeof *p);
    p->fd = -1;
    call->prepare(p);
    assert_int_equal(csk_settimeout(&p->s, timeout), 0);
}

static void close_place(struct place *p)
{
    /* What is in the file's buffer cannot be sent, and must not be waited for. */
    if (p->file) {
        csk_settimeout(&p->s, 0);
        fclose(p->file);
    }
    csk_close(&p->s);
    for (int i = 0; i < 4; i++)
        csk_close(&p->others[i]);
    if (p->fd >= 0)
        close(p->fd);
}

static void *cancel_soon(void *cancel)
{
    usleep(20000);
    csk_cancel(cancel);
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
    WAYS
};

/* Run a call until it is ended.  in_scope: by the thread's limits, instead of the socket's. */
static void end_call(const struct blocked *call, int64_t timeout, enum way way, bool in_scope)
{
    struct csk_cancel own = CSK_CANCEL_INIT, *cancel = NULL;
    struct csk_scope scope = CSK_SCOPE_INIT;
    int64_t result, deadline = 0, expected = CSK_ECANCELED;
    struct place p;
    pthread_t thread;

    open_place(&p, call, timeout);
    /* The stand-ins count, and are for one thread. */
    if (way != CANCELLED_BY_THREAD)
        fault_limit_transfers(0);
    if (way == DEADLINE_PASSED || way == DEADLINE_SOON) {
        deadline = way == DEADLINE_SOON ? csk_now() + 20 * MS : 1;
        expected = CSK_ETIMEDOUT;
    } else {
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
    if (way == CANCELLED_BY_THREAD)
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    if (way == CANCELLED_BY_SIGNAL) {
        signal(SIGALRM, cancel_by_signal); /* with SA_RESTART */
        setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 20000 } }, NULL);
    }
    result = call->run(&p);
    if (result != expected)
        fail_msg("%s, timeout %lld, way %d, scope %d: %lld, not %lld", call->name,
                 (long long)timeout, way, in_scope, (long long)result, (long long)expected);
    if ((way == DEADLINE_PASSED || way == CANCELLED_BEFORE) && fault_calls(call->call) > 0)
        fail_msg("%s was tried after its limit", call->name);
    if (way == CANCELLED_BY_THREAD)
        pthread_join(thread, NULL);
    if (in_scope)
        assert_int_equal(csk_scope_pop(&scope), 0);
    csk_setdeadline(&p.s, 0);
    p.s.cancel = NULL;
    close_place(&p);
    csk_cancel_close(&own);
    csk_cancel_close(&by_signal);
}

static void end_every_call(enum way way)
{
    static const int64_t timeouts[] = { -1, 100 * SECOND };

    for (size_t i = 0; i < CALLS_COUNT; i++)
        for (int t = 0; t < 2; t++)
            for (int in_scope = 0; in_scope < 2; in_scope++)
                end_call(&calls[i], timeouts[t], way, in_scope);
}

static void after_its_deadline_no_call_tries(void)
{
    end_every_call(DEADLINE_PASSED);
}

static void a_deadline_ends_every_call(void)
{
    end_every_call(DEADLINE_SOON);
}

static void once_cancelled_no_call_tries(void)
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

/* A call is made non-blocking, or its descriptor is, as long as a limit is in force. */
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

static void scopes_do_not_touch_nonblocking_sockets(void)
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

/* One percent of a processor, over a second. */
static void no_wait_is_busy(void)
{
    static struct waiting all[2 * CALLS_COUNT];

    for (size_t i = 0; i < 2 * CALLS_COUNT; i++) {
        all[i].call = &calls[i / 2];
        open_place(&all[i].place, all[i].call, i % 2 ? -1 : SECOND);
        if (i % 2 || all[i].call->run == run_wait || all[i].call->run == run_wait_many)
            csk_setdeadline(&all[i].place.s, csk_now() + SECOND);
        assert_int_equal(pthread_create(&all[i].thread, NULL, wait_and_measure, &all[i]), 0);
    }
    for (size_t i = 0; i < 2 * CALLS_COUNT; i++) {
        pthread_join(all[i].thread, NULL);
        assert_int_equal(all[i].result, CSK_ETIMEDOUT);
        if (all[i].used > SECOND / 100)
            fail_msg("%s took %lld us of a processor", all[i].call->name,
                     (long long)all[i].used / 1000);
        csk_setdeadline(&all[i].place.s, 0);
        close_place(&all[i].place);
    }
}

#define THREADS 1000
#define DESCRIPTORS 8192

/* One cancel ends all threads, in all kinds of calls. */
static void one_cancel_ends_many_threads(void)
{
    static struct waiting all[THREADS];
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
    for (size_t i = 0; i < THREADS; i++) {
        all[i].call = &calls[i % CALLS_COUNT];
        open_place(&all[i].place, all[i].call, -1);
        all[i].place.s.cancel = &cancel;
        assert_int_equal(pthread_create(&all[i].thread, &attributes, wait_and_measure, &all[i]), 0);
    }
    usleep(20000);
    csk_cancel(&cancel);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(all[i].thread, NULL);
        assert_int_equal(all[i].result, CSK_ECANCELED);
        all[i].place.s.cancel = NULL;
        close_place(&all[i].place);
    }
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

/* Some systems report a successful attempt to connect in this way. */
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
        /* Only once: a connected socket cannot be connected. */
        fault_arm(CALL_connect, EISCONN, 1);
        assert_int_equal(csk_connect(&s, &addr, NULL), -EISCONN);
        fault_limit_transfers(0);
        csk_close(&s);
    }
    csk_close(&listener);
}

/* The number of tries, not their time: one in 10 ms after the first ones. */
static void a_call_that_poll_denies_is_not_tried_without_end(void)
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

TESTS(TEST(after_its_deadline_no_call_tries), TEST(a_deadline_ends_every_call),
      TEST(once_cancelled_no_call_tries), TEST(another_thread_cancels_every_call),
      TEST(a_signal_handler_cancels_every_call), TEST(a_deadline_passes_although_data_is_ready),
      TEST(scopes_do_not_touch_nonblocking_sockets),
      TEST(an_attempt_that_ended_with_eisconn_has_succeeded),
      TEST(connecting_again_succeeds_once_the_attempt_has),
      TEST(a_call_that_poll_denies_is_not_tried_without_end), TEST(no_wait_is_busy),
      TEST(one_cancel_ends_many_threads),
      TEST(without_descriptors_left_a_cancel_is_reported_as_missing))
