/* Moving bytes and records between sockets, files, pipes and terminals: one direction, or both. */
#include "connect/batch.h"
#include "connect/connect.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define STREAM_BUFFER ((size_t)256 << 10)
/* Longer than any record that the kernel carries by default; pages that are not used cost nothing.
 */
#define RECORD_BUFFER ((size_t)16 << 20)
#define PIPE_FULL 65536     /* the capacity of a pipe: a longer write arrives in parts */
#define PIPE_REST 250000000 /* ns to wait for the next part */
#define FILE_PART (1 << 20) /* sent between two updates of the progress */

bool cli_has_connections(int type)
{
    return type == 0 || type == SOCK_STREAM || type == SOCK_SEQPACKET;
}

bool cli_is_stream(const struct csk_socket *s)
{
    return s->type == SOCK_STREAM;
}

/* After shutting down its own half, SCTP reports the end of a connection as ENOTCONN, as vsock does
 * for a peer that has disappeared; an AF_UNIX datagram socket whose peer was closed reports
 * ECONNRESET. */
bool cli_is_end(const struct csk_socket *s, int64_t code)
{
    if (code == 0)
        return cli_has_connections(s->type);
    return code == -ENOTCONN || code == -ESHUTDOWN ||
           (code == -ECONNRESET && !cli_has_connections(s->type));
}

struct copy {
    struct cli_transfer *t;
    const struct cli_end *from, *to;
    bool sending;
    bool records; /* boundaries matter on the way in or out */
    char *data;
    size_t size;
    char last; /* byte of the previous part, for --crlf */
    int64_t offset;
};

static void count(struct copy *c, size_t size)
{
    atomic_fetch_add(c->sending ? &c->t->sent : &c->t->received, (long long)size);
    c->offset += (int64_t)size;
}

static enum cli_ending failed_copy(int64_t code, const char *what)
{
    if (code == CSK_ECANCELED) /* by the other direction, which has reported the reason */
        return CLI_END_IDLE;
    cli_failed(code, NULL, "%s", what);
    return CLI_END_ERROR;
}

static enum cli_ending receive_failed(const struct copy *c, int64_t code)
{
    if (cli_is_end(c->from->socket, code))
        return CLI_END;
    if (code == CSK_ETIMEDOUT)
        return CLI_END_IDLE;
    return failed_copy(code, "receive");
}

/* One complete record. */
static int64_t receive_record(const struct copy *c)
{
    struct iovec buffer = { c->data, c->size };
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1 };
    int64_t n = csk_recvmsg(c->from->socket, &msg, 0);

    if (n >= 0 && msg.flags & MSG_TRUNC)
        return -EMSGSIZE;
    return n;
}

/* Wait for data as long as --idle allows. */
static int wait_idle(const struct copy *c)
{
    int n = csk_wait(c->from->socket, POLLIN, c->t->idle);

    return n == 0 ? CSK_ETIMEDOUT : n;
}

static int64_t receive_from_socket(const struct copy *c)
{
    int n = c->t->idle >= 0 && !c->sending ? wait_idle(c) : 0;

    if (n < 0)
        return n;
    return c->records ? receive_record(c) : csk_recv(c->from->socket, c->data, c->size, 0);
}

/* The beginning of a record that a dialogue has read. */
static size_t take_rest(const struct copy *c)
{
    struct cli_rest *rest = &c->t->rest;
    size_t size = c->sending ? rest->end - rest->begin : 0;

    if (size > 0)
        memcpy(c->data, rest->data + rest->begin, size);
    rest->begin += size;
    return size;
}

/* Input for a socket with records: data from one write is one record, if the pipe delivers it in
 * one read. */
static int64_t read_record(const struct copy *c)
{
    size_t want = c->t->record_size ? c->t->record_size : c->size, used = take_rest(c);
    int64_t n;

    if (used > 0 && cli_wait_fd(c->from->fd, POLLIN, PIPE_REST) <= 0)
        return (int64_t)used;
    do {
        n = cli_read_some(c->from->fd, c->data + used, want - used);
        used += n > 0 ? (size_t)n : 0;
    } while (n > 0 && used < want &&
             (c->t->record_size ||
              (n % PIPE_FULL == 0 && cli_wait_fd(c->from->fd, POLLIN, PIPE_REST) > 0)));
    return used > 0 ? (int64_t)used : n;
}

static int64_t read_data(const struct copy *c)
{
    if (c->from->socket)
        return receive_from_socket(c);
    return c->records ? read_record(c) : cli_read_some(c->from->fd, c->data, c->size);
}

/* Insert a carriage return before each line feed without one; the result is in its own memory. */
static char *with_crlf(struct copy *c, const char *data, size_t *size)
{
    char *out = cli_alloc(2 * *size + 1);
    size_t used = 0;

    for (size_t i = 0; i < *size; i++) {
        if (data[i] == '\n' && c->last != '\r')
            out[used++] = '\r';
        c->last = out[used++] = data[i];
    }
    *size = used;
    return out;
}

static int64_t write_data(const struct copy *c, const char *data, size_t size)
{
    int64_t n;

    if (!c->to->socket)
        return cli_write_all(c->to->fd, data, size);
    if (!cli_is_stream(c->to->socket)) {
        n = csk_send(c->to->socket, data, size, 0);
        return n < 0 ? n : 0;
    }
    n = csk_sendall(c->to->socket, data, size, 0, NULL);
    return n < 0 ? n : 0;
}

static enum cli_ending write_failed(const struct copy *c, int64_t code, size_t size)
{
    if (!c->to->socket) {
        if (code != -EPIPE)
            return failed_copy(code, c->to->name);
        return CLI_END_OUTPUT;
    }
    if (code == -EMSGSIZE && !c->from->socket) {
        cli_failed(code, NULL, "send a record of %zu bytes (--record-size splits it)", size);
        return CLI_END_ERROR;
    }
    return failed_copy(code, "send");
}

/* Pass on the received data. */
static enum cli_ending forward(struct copy *c, size_t size)
{
    char *changed = c->sending && c->t->crlf ? with_crlf(c, c->data, &size) : NULL;
    const char *data = changed ? changed : c->data;
    int64_t n;

    if (c->t->hex)
        cli_hex_dump(c->from->peer, c->sending, c->offset, data, size);
    n = write_data(c, data, size);
    free(changed);
    if (n < 0)
        return write_failed(c, n, size);
    count(c, size);
    return CLI_END;
}

static enum cli_ending copy_through_memory(struct copy *c)
{
    /* Received data is written before --quit-after ends the program. */
    bool guarded = c->t->quit_after >= 0 && !c->sending && c->from->socket, more = false;
    enum cli_ending end = CLI_END;
    int64_t n;

    c->size = c->records ? RECORD_BUFFER : STREAM_BUFFER;
    if (!(c->data = malloc(c->size)))
        return failed_copy(-ENOMEM, "allocate a buffer");
    do {
        if (guarded && (n = csk_wait(c->from->socket, POLLIN, c->t->idle)) <= 0) {
            n = n == 0 ? CSK_ETIMEDOUT : n;
            break;
        }
        if (guarded)
            pthread_mutex_lock(&c->t->lock);
        n = read_data(c);
        more = n > 0 || (n == 0 && c->from->socket && !cli_is_end(c->from->socket, 0));
        end = more ? forward(c, (size_t)n) : CLI_END;
        if (guarded)
            pthread_mutex_unlock(&c->t->lock);
    } while (more && end == CLI_END);
    free(c->data);
    if (end != CLI_END || n == 0)
        return end;
    return c->from->socket ? receive_failed(c, n) : failed_copy(n, c->from->name);
}

/* Datagrams of the socket to standard output, many in one call. */
static enum cli_ending receive_datagrams(struct copy *c)
{
    struct cli_batch *batch = cli_alloc(sizeof *batch);
    enum cli_ending end = CLI_END;
    int64_t n = cli_batch_open(batch, c->from->socket) == CLI_OK ? 0 : -ENOMEM;

    if (n < 0)
        end = CLI_END_ERROR;
    while (n >= 0 && end == CLI_END) {
        if ((n = wait_idle(c)) >= 0)
            n = cli_batch_receive(batch, c->from->socket);
        for (int64_t i = 0; i < n && end == CLI_END; i++) {
            c->data = batch->messages[i].data;
            end = forward(c, batch->messages[i].size);
        }
    }
    cli_batch_close(batch);
    free(batch);
    return end != CLI_END ? end : receive_failed(c, n);
}

/* Send all available records.  The number of bytes, or a code. */
static int64_t send_records(struct copy *c, size_t size, size_t record)
{
    struct csk_datagram messages[CLI_BATCH];
    size_t count = 0, sent = 0;

    for (size_t at = 0; at < size; at += record, count++)
        messages[count] = (struct csk_datagram){
            .data = c->data + at,
            .size = size - at < record ? size - at : record,
        };
    while (sent < count) {
        struct csk_error error;
        ssize_t n = csk_send_many(c->to->socket, messages + sent, count - sent, 0, &error);

        if (n < 0)
            return n;
        sent += (size_t)n;
    }
    return (int64_t)size;
}

/* Input in records of --record-size: records of one read are sent in one call. */
static enum cli_ending send_input(struct copy *c)
{
    size_t record = c->t->record_size, used = 0, most = RECORD_BUFFER / record;
    enum cli_ending end = CLI_END;
    int64_t n;

    c->size = record * (most < CLI_BATCH ? most : CLI_BATCH);
    if (!(c->data = malloc(c->size)))
        return failed_copy(-ENOMEM, "allocate a buffer");
    do {
        size_t whole;

        n = cli_read_some(c->from->fd, c->data + used, c->size - used);
        used += n > 0 ? (size_t)n : 0;
        whole = n > 0 ? used - used % record : used; /* the last one may be short */
        if (n >= 0 && whole > 0) {
            int64_t sent;

            if (c->t->hex)
                cli_hex_dump(c->from->peer, true, c->offset, c->data, whole);
            if ((sent = send_records(c, whole, record)) < 0)
                end = write_failed(c, sent, record);
            else
                count(c, whole);
            memmove(c->data, c->data + whole, used - whole);
            used -= whole;
        }
    } while (n > 0 && end == CLI_END);
    free(c->data);
    return end != CLI_END || n == 0 ? end : failed_copy(n, c->from->name);
}

/* A file, sent by the kernel. */
static enum cli_ending copy_file(struct copy *c)
{
    int64_t offset = lseek(c->from->fd, 0, SEEK_CUR), n;

    while ((n = csk_sendfile(c->to->socket, c->from->fd, &offset, FILE_PART)) > 0)
        count(c, (size_t)n);
    lseek(c->from->fd, offset, SEEK_SET);
    return n < 0 ? failed_copy(n, "send") : CLI_END;
}

static bool is_file(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

static int count_moved(struct csk_transfer *transfer)
{
    struct copy *c = transfer->context;

    count(c, (size_t)(transfer->moved - c->offset));
    return 0;
}

/* Move the data that has arrived, so that --idle limits each wait for more. */
static int64_t splice_waiting(const struct copy *c, struct csk_transfer *transfer)
{
    int waiting = 0;
    int64_t n = wait_idle(c);

    if (n < 0)
        return n;
    ioctl(csk_fileno(c->from->socket), FIONREAD, &waiting);
    return csk_splice(transfer, waiting > 0 ? waiting : 1);
}

static int descriptor(const struct cli_end *end)
{
    return end->socket ? csk_fileno(end->socket) : end->fd;
}

/* One of the two is non-blocking, perhaps because of another process. */
static int wait_both(const struct copy *c)
{
    int n = cli_wait_fd(descriptor(c->from), POLLIN, -1);

    return n < 0 ? n : cli_wait_fd(descriptor(c->to), POLLOUT, -1);
}

/* Inside the kernel, if that is possible. */
static enum cli_ending copy_by_splice(struct copy *c)
{
    struct csk_transfer transfer = {
        .from = { .s = c->from->socket, .fd = c->from->fd },
        .to = { .s = c->to->socket, .fd = c->to->fd },
        .on_progress = count_moved,
        .context = c,
    };
    bool limited = c->t->idle >= 0 && c->from->socket && !c->sending, output_failed;
    int64_t n;

    do {
        n = limited ? splice_waiting(c, &transfer) : csk_splice(&transfer, -1);
        if (n == -EAGAIN)
            n = wait_both(c);
    } while (n > 0);
    output_failed = transfer.pending > 0;
    csk_splice_close(&transfer);
    if (n == 0)
        return CLI_END;
    if (output_failed)
        return write_failed(c, n, 0);
    return c->from->socket ? receive_failed(c, n) : failed_copy(n, c->from->name);
}

/* Send the remaining data of a dialogue; return whether there may be more input. */
static bool send_rest(struct copy *c, enum cli_ending *end)
{
    struct cli_rest *rest = &c->t->rest;
    size_t size = rest->end - rest->begin;
    int64_t n = rest->send_code;

    *end = CLI_END;
    if (n == 0 && c->records && size % PIPE_FULL == 0)
        return !rest->input_ended; /* empty, or the beginning of a record for read_record */
    if (n == 0 && size > 0)        /* a closed connection refuses even an empty write */
        n = write_data(c, rest->data + rest->begin, size);
    if (n == 0)
        count(c, size);
    rest->begin = rest->end;
    if (n < 0)
        *end = write_failed(c, n, size);
    return *end == CLI_END && !rest->input_ended;
}

/* Write the data that a dialogue has received; return whether more may follow. */
static bool write_rest(struct copy *c, enum cli_ending *end)
{
    struct cli_rest *rest = &c->t->rest;
    int64_t n = rest->write_code;

    *end = CLI_END;
    if (rest->receive_code < 0)
        *end = receive_failed(c, rest->receive_code);
    else if (n < 0 || (n = write_data(c, rest->output, rest->output_size)) < 0)
        *end = write_failed(c, n, rest->output_size);
    else
        count(c, rest->output_size);
    return rest->receive_code == 0 && n == 0;
}

static bool finish_dialogue(struct copy *c, enum cli_ending *end)
{
    if (!c->t->rest.data || !c->t->rest.output) /* no data remained */
        return true;
    return c->sending ? send_rest(c, end) : write_rest(c, end);
}

enum cli_ending cli_copy(struct cli_transfer *t, const struct cli_end *from,
                         const struct cli_end *to, bool sending)
{
    struct copy c = { .t = t, .from = from, .to = to, .sending = sending };
    bool unchanged = !t->hex && !(sending && t->crlf) && t->quit_after < 0;
    enum cli_ending end;

    c.records = (from->socket && !cli_is_stream(from->socket)) ||
                (to->socket && !cli_is_stream(to->socket));
    if (!finish_dialogue(&c, &end))
        return end;
    if (unchanged && !c.records && to->socket && !from->socket && is_file(from->fd))
        return copy_file(&c);
    if (unchanged && !c.records)
        return copy_by_splice(&c);
    if (from->socket && !to->socket && !cli_has_connections(from->socket->type) &&
        t->quit_after < 0)
        return receive_datagrams(&c);
    if (c.records && !from->socket && t->record_size && !t->crlf)
        return send_input(&c);
    return copy_through_memory(&c);
}
