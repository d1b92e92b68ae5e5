/* stdio files on sockets. */
#include "sockets.h"

#include <stdio.h>

static void lines_are_sent_and_received(void)
{
    struct csk_socket pair[2];
    FILE *in, *out;
    char line[64];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_makefile(&pair[0], "w", &out), 0);
    assert_int_equal(csk_makefile(&pair[1], "rb", &in), 0);
    fprintf(out, "first %d\nsecond\n", 1);
    assert_int_equal(fflush(out), 0);
    assert_non_null(fgets(line, sizeof line, in));
    assert_string_equal(line, "first 1\n");
    assert_non_null(fgets(line, sizeof line, in));
    assert_string_equal(line, "second\n");
    assert_int_equal(fclose(out), 0);
    csk_close(&pair[0]);
    assert_null(fgets(line, sizeof line, in));
    assert_true(feof(in));
    assert_int_equal(fclose(in), 0);
    csk_close(&pair[1]);
}

/* The specification: the connection ends when the socket and every file on it are closed. */
static void the_file_keeps_the_connection_after_the_socket_is_closed(void)
{
    struct csk_socket pair[2];
    FILE *out, *second;
    char data[4];

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_makefile(&pair[0], "w", &out), 0);
    assert_int_equal(csk_makefile(&pair[0], "w", &second), 0);
    assert_int_equal(csk_close(&pair[0]), 0);
    fputs("x", out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(csk_recv(&pair[1], data, 4, 0), 1);
    assert_int_equal(csk_setblocking(&pair[1], false), 0);
    assert_int_equal(csk_recv(&pair[1], data, 4, 0), -EAGAIN);
    assert_int_equal(fclose(second), 0);
    assert_int_equal(csk_recv(&pair[1], data, 4, 0), 0);
    csk_close(&pair[1]);
}

static void the_socket_outlives_its_files(void)
{
    struct csk_socket pair[2];
    char data[4];
    FILE *in;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_makefile(&pair[0], "r", &in), 0);
    assert_int_equal(fclose(in), 0);
    assert_int_equal(csk_send(&pair[0], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[1], data, 4, 0), 1);
    test_close(pair);
}

/* One FILE for both directions, with input still buffered when the direction changes. */
static void one_file_reads_and_writes_in_turn(void)
{
    static const char *const modes[] = { "rw", "r+", "wbr", "w+" };
    struct csk_socket pair[2];
    char line[32], data[32];
    FILE *both;

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        test_pair(pair, SOCK_STREAM);
        assert_int_equal(csk_makefile(&pair[0], modes[i], &both), 0);
        assert_int_equal(csk_send(&pair[1], "one\ntwo\nthree\n", 14, 0), 14);
        assert_non_null(fgets(line, sizeof line, both));
        assert_string_equal(line, "one\n");
        assert_true(fprintf(both, "answer %d\n", 1) > 0);
        assert_int_equal(fflush(both), 0);
        assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 9);
        assert_memory_equal(data, "answer 1\n", 9);
        assert_non_null(fgets(line, sizeof line, both));
        assert_string_equal(line, "two\n");
        fputs("answer 2\n", both);
        fflush(both);
        assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 9);
        assert_non_null(fgets(line, sizeof line, both));
        assert_string_equal(line, "three\n");
        assert_int_equal(fclose(both), 0);
        test_close(pair);
    }
}

static void a_timeout_is_reported_and_the_file_stays_usable(void)
{
    struct csk_socket pair[2];
    char line[32];
    FILE *in;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(csk_makefile(&pair[0], "r", &in), 0);
    assert_int_equal(csk_send(&pair[1], "begun ", 6, 0), 6);
    assert_null(fgets(line, 32, in));
    assert_int_equal(errno, ETIMEDOUT);
    assert_true(ferror(in));
    clearerr(in);
    assert_int_equal(csk_send(&pair[1], "done\n", 5, 0), 5);
    assert_non_null(fgets(line, sizeof line, in));
    assert_string_equal(line + strlen(line) - 5, "done\n");
    assert_int_equal(fclose(in), 0);
    test_close(pair);
}

static void fclose_reports_what_could_not_be_sent(void)
{
    struct csk_socket pair[2];
    FILE *out;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_makefile(&pair[0], "w", &out), 0);
    csk_close(&pair[1]);
    assert_true(fputs("lost", out) >= 0);
    assert_int_equal(fclose(out), EOF);
    assert_int_equal(errno, EPIPE);
    csk_close(&pair[0]);
}

static void files_are_readable_by_default(void)
{
    static const char *const modes[] = { NULL, "", "b", "r", "rb", "br" };
    struct csk_socket pair[2];
    char line[8];
    FILE *file;

    test_pair(pair, SOCK_STREAM);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(csk_makefile(&pair[0], modes[i], &file), 0);
        assert_int_equal(csk_send(&pair[1], "x\n", 2, 0), 2);
        assert_non_null(fgets(line, sizeof line, file));
        assert_int_equal(fputs("x", file) < 0 || fflush(file) < 0, 1);
        fclose(file);
    }
    test_close(pair);
}

static void bad_modes_and_sockets_are_refused(void)
{
    static const char *const modes[] = { "a", "rr", "x", "rwt", "ww" };
    struct csk_socket pair[2];
    FILE *file = stdout;

    test_pair(pair, SOCK_STREAM);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(csk_makefile(&pair[0], modes[i], &file), CSK_EMODE);
        assert_null(file);
    }
    assert_int_equal(csk_makefile(&pair[0], "r", NULL), CSK_ENULL);
    assert_int_equal(csk_makefile(NULL, "r", &file), CSK_ENULL);
    assert_int_equal(csk_setblocking(&pair[0], false), 0);
    assert_int_equal(csk_makefile(&pair[0], "r", &file), CSK_ENONBLOCK);
    assert_int_equal(csk_setblocking(&pair[0], true), 0);
    test_close(pair);
    assert_int_equal(csk_makefile(&pair[0], "r", &file), -EBADF);
}

static void a_file_follows_its_sockets_timeout(void)
{
    struct csk_socket pair[2];
    char data[8];
    FILE *in;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_makefile(&pair[0], "r", &in), 0);
    assert_int_equal(csk_settimeout(&pair[0], 20 * MS), 0);
    assert_int_equal(fread(data, 1, 1, in), 0);
    assert_int_equal(errno, ETIMEDOUT);
    clearerr(in);
    assert_int_equal(csk_settimeout(&pair[0], 0), 0);
    assert_int_equal(fread(data, 1, 1, in), 0);
    assert_int_equal(errno, EAGAIN);
    clearerr(in);
    assert_int_equal(csk_settimeout(&pair[0], -1), 0);
    csk_setdeadline(&pair[0], 1);
    assert_int_equal(fread(data, 1, 1, in), 0);
    assert_int_equal(errno, ETIMEDOUT);
    clearerr(in);
    csk_setdeadline(&pair[0], 0);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(fread(data, 1, 1, in), 1);
    /* This also holds if the socket has been closed meanwhile. */
    csk_close(&pair[0]);
    csk_setdeadline(&pair[0], 1);
    assert_int_equal(fread(data, 1, 1, in), 0);
    assert_int_equal(errno, ETIMEDOUT);
    assert_int_equal(fclose(in), 0);
    csk_close(&pair[1]);
}

static struct csk_socket *asked;

static int note_socket(struct csk_socket *s)
{
    asked = s;
    return CSK_EINTERRUPTED;
}

static void a_files_hook_is_called_with_the_callers_socket(void)
{
    struct csk_socket pair[2];
    char data[8];
    FILE *in;

    test_pair(pair, SOCK_STREAM);
    assert_int_equal(csk_makefile(&pair[0], "r", &in), 0);
    csk_setinterrupt(&pair[0], note_socket, NULL, CSK_INTERRUPT_POLL);
    assert_int_equal(fread(data, 1, 1, in), 0);
    assert_int_equal(errno, EINTR);
    assert_ptr_equal(asked, &pair[0]);
    assert_int_equal(fclose(in), 0);
    test_close(pair);
}

static void writes_to_a_file_open_for_reading_are_buffered(void)
{
    struct csk_socket pair[2];
    char data[64], line[32];
    FILE *both;

    test_pair(pair, SOCK_STREAM);
    csk_settimeout(&pair[1], 0);
    assert_int_equal(csk_makefile(&pair[0], "rw", &both), 0);
    for (int i = 0; i < 10; i++)
        fprintf(both, "%d", i);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), -EAGAIN);
    assert_int_equal(fflush(both), 0);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 10);
    /* A request is sent before the wait for the answer begins. */
    fputs("request\n", both);
    assert_int_equal(csk_send(&pair[1], "answer\nmore\n", 12, 0), 12);
    assert_non_null(fgets(line, sizeof line, both));
    assert_string_equal(line, "answer\n");
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 8);
    fputs("again\n", both);
    assert_non_null(fgets(line, sizeof line, both));
    assert_string_equal(line, "more\n");
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 6);
    fputs("end", both);
    assert_int_equal(fclose(both), 0);
    assert_int_equal(csk_recv(&pair[1], data, sizeof data, 0), 3);
    test_close(pair);
}

TESTS(TEST(lines_are_sent_and_received),
      TEST(the_file_keeps_the_connection_after_the_socket_is_closed),
      TEST(the_socket_outlives_its_files), TEST(one_file_reads_and_writes_in_turn),
      TEST(a_timeout_is_reported_and_the_file_stays_usable),
      TEST(fclose_reports_what_could_not_be_sent), TEST(files_are_readable_by_default),
      TEST(bad_modes_and_sockets_are_refused),
      TEST(a_file_follows_its_sockets_timeout),
      TEST(a_files_hook_is_called_with_the_callers_socket),
      TEST(writes_to_a_file_open_for_reading_are_buffered))
