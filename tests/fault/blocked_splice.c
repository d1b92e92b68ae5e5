/* Transfers that would wait forever. */
#include "blocked.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

static void open_stream(struct place *p)
{
    struct csk_socket pair[2];

    test_pair(pair, SOCK_STREAM);
    p->s = pair[0];
    p->others[0] = pair[1];
}

/* Open both ends of an empty pipe as one descriptor. */
void blocked_pipe(struct place *p)
{
    char name[] = "/tmp/csk-XXXXXX";

    open_stream(p);
    assert_non_null(mkdtemp(name));
    snprintf(p->data, sizeof p->data, "%s/pipe", name);
    assert_int_equal(mkfifo(p->data, 0600), 0);
    p->fd = open(p->data, O_RDWR | O_CLOEXEC);
    assert_true(p->fd >= 0);
    unlink(p->data);
    rmdir(name);
}

void blocked_full_pipe(struct place *p)
{
    blocked_pipe(p);
    assert_int_equal(csk_send(&p->others[0], p->data, sizeof p->data, 0), sizeof p->data);
    fcntl(p->fd, F_SETFL, O_NONBLOCK);
    while (write(p->fd, p->data, sizeof p->data) > 0)
        continue;
    fcntl(p->fd, F_SETFL, 0);
}

void blocked_streams(struct place *p)
{
    struct csk_socket pair[2];

    open_stream(p);
    test_pair(pair, SOCK_STREAM);
    p->others[1] = pair[0];
    p->others[2] = pair[1];
}

void blocked_full_tcp(struct place *p)
{
    struct csk_socket pair[2];

    test_tcp_pair(pair);
    p->s = pair[0];
    p->others[0] = pair[1];
    test_fill(&p->s);
    test_tcp_pair(pair);
    p->others[1] = pair[0];
    p->others[2] = pair[1];
    assert_int_equal(csk_send(&pair[1], p->data, sizeof p->data, 0), sizeof p->data);
}

static int64_t run_splice(struct csk_splice_end from, struct csk_splice_end to)
{
    struct csk_transfer t = { .from = from, .to = to };
    int64_t n = csk_splice(&t, -1);

    csk_splice_close(&t);
    return n;
}

int64_t blocked_splice_out(struct place *p)
{
    return run_splice((struct csk_splice_end){ .s = &p->s },
                      (struct csk_splice_end){ .fd = p->fd });
}

int64_t blocked_splice_in(struct place *p)
{
    return run_splice((struct csk_splice_end){ .fd = p->fd },
                      (struct csk_splice_end){ .s = &p->s });
}

int64_t blocked_splice_on(struct place *p)
{
    return run_splice((struct csk_splice_end){ .s = &p->s },
                      (struct csk_splice_end){ .s = &p->others[1] });
}

int64_t blocked_splice_back(struct place *p)
{
    return run_splice((struct csk_splice_end){ .s = &p->others[1] },
                      (struct csk_splice_end){ .s = &p->s });
}
