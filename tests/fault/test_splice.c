/* splice with failing system calls: nothing is lost. */
#include "fault.h"

#include <fcntl.h>
#include <stdlib.h>

static void prepare_file(struct world *w)
{
    FILE *file = tmpfile();

    fputs("the file's bytes", file);
    fflush(file);
    w->fd = dup(fileno(file));
    fclose(file);
}

static void prepare_pipe(struct world *w)
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "the file's bytes", 16), 16);
    close(fds[1]);
    w->fd = fds[0];
}

static void check_sent(struct world *w, int64_t result)
{
    (void)result;
    csk_shutdown(&w->pair[0], SHUT_WR);
    assert_int_equal(csk_recv(&w->pair[1], w->data, sizeof w->data, MSG_WAITALL), w->offset);
    assert_memory_equal(w->data, "the file's bytes", (size_t)w->offset);
}

/* The moved and the pending bytes are all the bytes that were read, in order. other_errors: a pipe
 * that cannot be resized keeps its size. */
static int64_t run_splice(struct world *w, struct csk_transfer *t)
{
    int64_t n = csk_splice(t, 16), pending;

    if (n >= 0)
        assert_int_equal(t->moved, n);
    w->offset = t->moved;
    for (; t->pending > 0; w->offset += pending) {
        do
            pending = csk_splice_pending(t, w->data + w->offset, sizeof w->data / 2);
        while (pending < 0); /* the call that must fail */
        assert_true(pending > 0);
        assert_memory_equal(w->data + w->offset, &"the file's bytes"[w->offset], (size_t)pending);
        assert_true(n < 0);
    }
    w->offset = t->moved;
    assert_int_equal(csk_splice_close(t), 0);
    return n;
}

static int64_t run_splice_in(struct world *w)
{
    struct csk_transfer t = { .from = { .fd = w->fd }, .to = { .s = &w->pair[0] } };

    return run_splice(w, &t);
}

static int64_t run_splice_at(struct world *w)
{
    int64_t offset = 0;
    struct csk_transfer t = { .from = { .fd = w->fd, .offset = &offset },
                              .to = { .s = &w->pair[0] } };

    return run_splice(w, &t);
}

OPERATION(splice_from_a_file_handles_errors, .prepare = prepare_file, .run = run_splice_at,
          .check = check_sent, .other_errors = true)
OPERATION(splice_from_a_pipe_handles_errors, .prepare = prepare_pipe, .run = run_splice_in,
          .check = check_sent, .other_errors = true)

static void prepare_to_receive(struct world *w, int flags)
{
    char name[] = "/tmp/csk-XXXXXX";

    w->fd = mkostemp(name, O_CLOEXEC | flags);
    assert_true(w->fd >= 0);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(csk_send(&w->pair[1], "the file's bytes", 16, 0), 16);
}

static void prepare_file_to_receive(struct world *w)
{
    prepare_to_receive(w, 0);
}

static void prepare_file_to_append(struct world *w)
{
    prepare_to_receive(w, O_APPEND);
}

static int64_t run_splice_to_file(struct world *w)
{
    int64_t offset = 0;
    struct csk_transfer t = { .from = { .s = &w->pair[0] },
                              .to = { .fd = w->fd, .offset = &offset } };
    int64_t n = run_splice(w, &t);

    assert_int_equal(offset, w->offset);
    return n;
}

static int64_t run_splice_appending(struct world *w)
{
    struct csk_transfer t = { .from = { .s = &w->pair[0] }, .to = { .fd = w->fd } };

    return run_splice(w, &t);
}

static void check_file(struct world *w, int64_t result)
{
    (void)result;
    assert_int_equal(pread(w->fd, w->data, sizeof w->data, 0), w->offset);
    assert_memory_equal(w->data, "the file's bytes", (size_t)w->offset);
    fault_pair_works(w);
}

OPERATION(splice_to_a_file_handles_errors, .prepare = prepare_file_to_receive,
          .run = run_splice_to_file, .check = check_file, .other_errors = true)
OPERATION(splice_to_a_file_that_appends_handles_errors, .prepare = prepare_file_to_append,
          .run = run_splice_appending, .check = check_file, .other_errors = true)

static int64_t run_splice_copying(struct world *w)
{
    int64_t offset = 0;
    /* The state after a system call that the kernel has refused. */
    struct csk_transfer t = { .from = { .fd = w->fd, .offset = &offset },
                              .to = { .s = &w->pair[0] },
                              .flags = UINT32_MAX,
                              .reader = -1,
                              .writer = -1 };

    return run_splice(w, &t);
}

OPERATION(splice_without_splice_handles_errors, .prepare = prepare_file, .run = run_splice_copying,
          .check = check_sent, .other_errors = true)

TESTS(TEST(splice_from_a_file_handles_errors), TEST(splice_from_a_pipe_handles_errors),
      TEST(splice_to_a_file_handles_errors), TEST(splice_to_a_file_that_appends_handles_errors),
      TEST(splice_without_splice_handles_errors))
